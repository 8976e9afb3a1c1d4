//! Batches: what happens to them from field to consumer.

mod observe;
mod show;

pub(crate) use show::recalls;

use crate::{
    document::{ReportArgs, WhyArgs},
    output::Printer,
    submit::{ContextArgs, ReasonArgs, SubmitArgs, send},
};
use clap::{Args, Subcommand, ValueEnum};
use ecoledger_client::{
    BaseUnit, Batch, BatchId, Call, Client, Error, Gtin, Lot, Moment, Quantity, Sscc,
    traceability::{self as trace, Item, NewBatch, Part, Quantities, RecallId, ReceiveInto, Taken},
};
use observe::ObserveArgs;
use std::str::FromStr;

/// A label: `GTIN/LOT`.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    gtin: Gtin,
    lot: Lot,
}

impl FromStr for Label {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (gtin, lot) = text.split_once('/').ok_or_else(|| {
            Error::Arguments(format!(
                "GTIN/LOT is expected, such as 09506000200019/LEAF-1, got {text:?}"
            ))
        })?;
        Ok(Self { gtin: gtin.parse()?, lot: lot.parse()? })
    }
}

/// `NAME=QUANTITY`, such as `09506000200019/LEAF-1=118kg`.
#[derive(Clone, Debug)]
pub(crate) struct Amount<T> {
    name: T,
    quantity: Quantity,
}

impl<T: FromStr> FromStr for Amount<T>
where
    Error: From<T::Err>,
{
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (name, quantity) = text
            .split_once('=')
            .ok_or_else(|| Error::Arguments(format!("NAME=QUANTITY is expected, got {text:?}")))?;
        Ok(Self { name: name.parse()?, quantity: quantity.parse::<Quantity>()? })
    }
}

impl Amount<BatchId> {
    fn taken(&self) -> Taken {
        Taken { batch: self.name.clone(), quantity: self.quantity.clone() }
    }
}

impl Amount<Label> {
    fn new_batch(&self) -> NewBatch {
        let Label { gtin, lot } = self.name.clone();
        NewBatch { gtin, lot, quantity: self.quantity.clone() }
    }
}

/// A batch that is acted on.
#[derive(Args, Debug)]
pub(crate) struct BatchArg {
    /// The batch: GTIN/LOT, such as 09506000200019/LEAF-1, or its id.
    batch: BatchId,
}

/// What to do with a batch. BATCH is GTIN/LOT; a quantity has its unit, such as 118kg.
#[derive(Debug, Subcommand)]
pub(crate) enum BatchCommand {
    /// Register a growing batch.
    Register {
        /// GTIN/LOT, unused so far.
        label: Label,
        /// Number of the production base.
        #[arg(long)]
        place: u32,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Record the use of a farm input (农业投入品) on a growing batch.
    Input {
        #[command(flatten)]
        batch: BatchArg,
        /// Number of the farm input in the governed register.
        input: u32,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Harvest or otherwise produce a batch: a growing one, or a new one.
    Produce {
        /// GTIN/LOT.
        label: Label,
        /// How much.
        quantity: Quantity,
        /// Number of the production base.
        #[arg(long)]
        place: u32,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Ship all that is on hand of a batch, or a logistic unit.
    Ship {
        #[command(flatten)]
        item: ItemArgs,
        /// Number of the organisation that is to receive it.
        #[arg(long)]
        to: u32,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Ship a batch back to its producer.
    Return {
        #[command(flatten)]
        batch: BatchArg,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Receive a shipped batch, whole or in part.
    Receive {
        #[command(flatten)]
        batch: BatchArg,
        /// What is accepted; all that was shipped unless given.
        quantity: Option<Quantity>,
        /// The rest is missing or spoilt.
        #[arg(long, conflicts_with = "returned")]
        lost: bool,
        /// The rest stays with the sender as a batch of this lot.
        #[arg(long, value_name = "LOT")]
        returned: Option<Lot>,
        /// Where it is put.
        #[arg(long, value_enum, default_value = "store")]
        into: PutInto,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Refuse a shipment, or call one back.
    Reject {
        #[command(flatten)]
        item: ItemArgs,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Part a batch into lots of the same product; what is not parted stays.
    Split {
        #[command(flatten)]
        batch: BatchArg,
        /// LOT=QUANTITY of a part; once for each.
        #[arg(long = "part", required = true, value_name = "LOT=QUANTITY")]
        parts: Vec<Amount<Lot>>,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Mix batches of one product to a new lot.
    Merge {
        /// BATCH=QUANTITY that goes in; at least two.
        #[arg(long = "from", required = true, value_name = "BATCH=QUANTITY")]
        inputs: Vec<Amount<BatchId>>,
        /// Lot that is made.
        #[arg(long)]
        lot: Lot,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Make batches of other products from batches.
    Transform {
        /// BATCH=QUANTITY that goes in; once for each.
        #[arg(long = "from", required = true, value_name = "BATCH=QUANTITY")]
        inputs: Vec<Amount<BatchId>>,
        /// GTIN/LOT=QUANTITY that is made; once for each.
        #[arg(long = "make", required = true, value_name = "GTIN/LOT=QUANTITY")]
        outputs: Vec<Amount<Label>>,
        /// What was lost.
        #[arg(long)]
        loss: Option<Quantity>,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Pack a bulk batch into pieces of a trade item.
    Pack {
        /// BATCH=QUANTITY that is packed.
        #[arg(long = "from", value_name = "BATCH=QUANTITY")]
        taken: Amount<BatchId>,
        /// GTIN/LOT=QUANTITY of the pieces.
        #[arg(long = "make", value_name = "GTIN/LOT=QUANTITY")]
        item: Amount<Label>,
        /// What was lost.
        #[arg(long)]
        loss: Option<Quantity>,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Sell to consumers.
    Sell(AmountArgs),
    /// Take sold units back from consumers.
    TakeBack(AmountArgs),
    /// Declare units on hand spoilt, spilt or missing.
    Lose(AmountArgs),
    /// Destroy units on hand under record.
    Destroy(AmountArgs),
    /// Record that the holder saw or handled a batch.
    Observe(ObserveArgs),
    /// Claim a certificate (标注认证) for a batch: who made it and holds it.
    Claim {
        #[command(flatten)]
        batch: BatchArg,
        /// The certificate: its number on chain, or its published number.
        #[arg(long)]
        certificate: String,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Stop a batch.
    Hold {
        #[command(flatten)]
        batch: BatchArg,
        #[command(flatten)]
        reason: ReasonArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Release a held batch.
    Release {
        #[command(flatten)]
        batch: BatchArg,
        #[command(flatten)]
        reason: ReasonArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Recall (召回) a batch and all that was made of it.
    Recall {
        #[command(flatten)]
        batch: BatchArg,
        /// Grade of danger (召回等级): 1 to 3, 1 being the gravest.
        #[arg(long)]
        class: u8,
        #[command(flatten)]
        reason: ReasonArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Lift a recall: market supervision.
    LiftRecall {
        /// Number of the recall, as `batch show` prints it.
        recall: RecallId,
        #[command(flatten)]
        reason: WhyArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Show a batch, the certificates that it carries with their status now, and whether a recall
    /// affects it.
    Show {
        #[command(flatten)]
        batch: BatchArg,
    },
    /// Show all events of a batch, checked against the hash in its record.
    History {
        #[command(flatten)]
        batch: BatchArg,
    },
}

/// A batch and an amount of it.
#[derive(Args, Debug)]
pub(crate) struct AmountArgs {
    #[command(flatten)]
    batch: BatchArg,
    /// How much.
    quantity: Quantity,
    #[command(flatten)]
    context: ContextArgs,
    #[command(flatten)]
    submit: SubmitArgs,
}

/// What is shipped or rejected.
#[derive(Args, Debug)]
#[group(id = "shipped", required = true, multiple = false)]
pub(crate) struct ItemArgs {
    /// The batch: GTIN/LOT, or its id.
    #[arg(group = "shipped")]
    batch: Option<BatchId>,
    /// SSCC of a logistic unit with all that is in it.
    #[arg(long, group = "shipped")]
    unit: Option<Sscc>,
}

impl ItemArgs {
    fn item(&self) -> Result<Item, Error> {
        match (&self.batch, &self.unit) {
            (Some(batch), _) => Ok(Item::Batch(batch.clone())),
            (None, Some(sscc)) => Ok(Item::LogisticUnit(sscc.clone())),
            (None, None) => Err(Error::Arguments("give a batch or --unit SSCC".into())),
        }
    }
}

/// Where a received batch is put.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PutInto {
    /// Into a store.
    Store,
    /// On sale.
    Retail,
}

impl From<PutInto> for ReceiveInto {
    fn from(into: PutInto) -> Self {
        match into {
            PutInto::Store => Self::Store,
            PutInto::Retail => Self::Retail,
        }
    }
}

/// Laboratory work.
#[derive(Debug, Subcommand)]
pub(crate) enum TestCommand {
    /// Record a laboratory's test of a batch.
    Record {
        #[command(flatten)]
        batch: BatchArg,
        /// Whether the sample conformed.
        #[arg(value_enum)]
        result: TestResult,
        /// When the sample was taken: `now`, or RFC 3339 with an offset.
        #[arg(long, default_value = "now")]
        sampled_at: String,
        #[command(flatten)]
        report: ReportArgs,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
}

/// Result of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestResult {
    /// The sample conformed.
    Passed,
    /// It did not; the batch is held.
    Failed,
}

/// Records a test.
pub(crate) async fn run_test(
    client: &Client,
    command: &TestCommand,
    printer: Printer,
) -> Result<(), Error> {
    let TestCommand::Record { batch, result, sampled_at, report, context, submit } = command;
    // Before the event's own time is read: a sample taken now is not taken after its event.
    let sampled_at: Moment = sampled_at.parse()?;
    let report = report.read()?;
    let passed = *result == TestResult::Passed;
    let call = trace::record_test(&batch.batch, passed, sampled_at, &report, &context.read()?);
    send(client, submit, &call, printer).await
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &BatchCommand,
    printer: Printer,
) -> Result<(), Error> {
    match command {
        BatchCommand::Show { batch } => return show::show(client, &batch.batch, printer).await,
        BatchCommand::History { batch } => {
            return show::history(client, &batch.batch, printer).await;
        }
        _ => {}
    }
    let (call, submit) = call_of(client, command).await?;
    send(client, submit, &call, printer).await
}

async fn call_of<'a>(
    client: &Client,
    command: &'a BatchCommand,
) -> Result<(Call, &'a SubmitArgs), Error> {
    Ok(match command {
        BatchCommand::Register { label, place, context, submit } => {
            let call = trace::register_batch(&label.gtin, &label.lot, *place, &context.read()?);
            (call, submit)
        }
        BatchCommand::Input { batch, input, context, submit } => {
            (trace::use_input(&batch.batch, *input, &context.read()?), submit)
        }
        BatchCommand::Produce { label, quantity, place, context, submit } => {
            let Label { gtin, lot } = label.clone();
            let new = NewBatch { gtin, lot, quantity: quantity.clone() };
            (trace::produce(&new, *place, &context.read()?), submit)
        }
        BatchCommand::Ship { item, to, context, submit } => {
            let purpose = trace::ShipPurpose::Delivery;
            (trace::ship(&item.item()?, *to, purpose, &context.read()?), submit)
        }
        BatchCommand::Return { batch, context, submit } => {
            let producer = read(client, &batch.batch).await?.producer;
            let item = Item::Batch(batch.batch.clone());
            let purpose = trace::ShipPurpose::Return;
            (trace::ship(&item, producer, purpose, &context.read()?), submit)
        }
        BatchCommand::Receive { batch, quantity, lost, returned, into, context, submit } => {
            let quantity = match quantity {
                Some(quantity) => quantity.clone(),
                None => in_transit(client, &batch.batch).await?,
            };
            let shortfall = match (lost, returned) {
                (true, _) => Some(trace::Shortfall::Lost),
                (false, Some(lot)) => Some(trace::Shortfall::Returned(lot.clone())),
                (false, None) => None,
            };
            let (into, context) = ((*into).into(), context.read()?);
            let call = trace::receive(&batch.batch, &quantity, shortfall.as_ref(), into, &context);
            (call, submit)
        }
        BatchCommand::Reject { item, context, submit } => {
            (trace::reject(&item.item()?, &context.read()?), submit)
        }
        BatchCommand::Split { batch, parts, context, submit } => {
            let parts: Vec<_> = parts
                .iter()
                .map(|part| Part { lot: part.name.clone(), quantity: part.quantity.clone() })
                .collect();
            (trace::split(&batch.batch, &parts, &context.read()?), submit)
        }
        BatchCommand::Merge { inputs, lot, context, submit } => {
            let inputs: Vec<_> = inputs.iter().map(Amount::taken).collect();
            (trace::merge(&inputs, lot, &context.read()?), submit)
        }
        BatchCommand::Transform { inputs, outputs, loss, context, submit } => {
            let inputs: Vec<_> = inputs.iter().map(Amount::taken).collect();
            let outputs: Vec<_> = outputs.iter().map(Amount::new_batch).collect();
            (trace::transform(&inputs, &outputs, loss.as_ref(), &context.read()?), submit)
        }
        BatchCommand::Pack { taken, item, loss, context, submit } => {
            let (taken, item) = (taken.taken(), item.new_batch());
            (trace::pack(&taken, &item, loss.as_ref(), &context.read()?), submit)
        }
        BatchCommand::Sell(args) => args.call(trace::sell)?,
        BatchCommand::TakeBack(args) => args.call(trace::take_back)?,
        BatchCommand::Lose(args) => args.call(trace::record_loss)?,
        BatchCommand::Destroy(args) => args.call(trace::destroy)?,
        BatchCommand::Observe(args) => args.call()?,
        BatchCommand::Claim { batch, certificate, submit } => {
            let certificate = crate::cert::number_of(client, certificate).await?;
            (trace::claim_certificate(&batch.batch, certificate), submit)
        }
        BatchCommand::Hold { batch, reason, submit } => {
            (trace::hold(&batch.batch, reason.read()?.as_ref()), submit)
        }
        BatchCommand::Release { batch, reason, submit } => {
            (trace::release(&batch.batch, reason.read()?.as_ref()), submit)
        }
        BatchCommand::Recall { batch, class, reason, submit } => {
            (trace::recall(&batch.batch, *class, &reason.required()?), submit)
        }
        BatchCommand::LiftRecall { recall, reason, submit } => {
            (trace::lift_recall(*recall, &reason.read()?), submit)
        }
        BatchCommand::Show { .. } | BatchCommand::History { .. } => {
            return Err(Error::Arguments("this command makes no call".into()));
        }
    })
}

impl AmountArgs {
    fn call(
        &self,
        make: fn(&BatchId, &Quantity, &trace::Context) -> Call,
    ) -> Result<(Call, &SubmitArgs), Error> {
        Ok((make(&self.batch.batch, &self.quantity, &self.context.read()?), &self.submit))
    }
}

async fn read(client: &Client, id: &BatchId) -> Result<Batch, Error> {
    let height = client.height().await?;
    let batch = client.batch(id.as_str(), height).await?;
    batch.ok_or_else(|| Error::NotFound(format!("batch {id} at height {height}")))
}

fn quantities(batch: &Batch) -> Result<Quantities, Error> {
    serde_json::from_value(batch.record["quantities"].clone())
        .map_err(|error| Error::Decode(format!("quantities: {error}")))
}

/// The unit in which the chain keeps a batch's quantities.
pub(crate) async fn base_unit(client: &Client, batch: &Batch) -> Result<BaseUnit, Error> {
    let gtin: Gtin = batch.gtin.parse()?;
    let product = client.product(&gtin, None).await?;
    Ok(product.ok_or_else(|| Error::NotFound(format!("product {gtin}")))?.base_unit)
}

/// All that is under way of a batch, in its base unit.
async fn in_transit(client: &Client, id: &BatchId) -> Result<Quantity, Error> {
    let batch = read(client, id).await?;
    let code = match base_unit(client, &batch).await? {
        BaseUnit::Milligram => "MGM",
        BaseUnit::Millilitre => "MLT",
        BaseUnit::Each => "C62",
    };
    Ok(Quantity::whole(quantities(&batch)?.in_transit, code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_name_what_and_how_much() {
        let amount: Amount<Label> = "09506000200026/TEA-1=26 kg".parse().unwrap();
        assert_eq!(amount.new_batch().quantity, Quantity::whole(26, "KGM"));
        let amount: Amount<BatchId> = "09506000200019/LEAF-1=118kg".parse().unwrap();
        assert_eq!(amount.taken().batch, "09506000200019/LEAF-1".parse().unwrap());
        for text in ["LEAF-1", "LEAF-1=", "LEAF-1=5", "=5kg", "LEAF 1=5kg"] {
            assert!(text.parse::<Amount<Lot>>().is_err(), "{text}");
        }
        assert!("LEAF-1".parse::<Label>().is_err());
    }
}
