//! Logistic units: cartons, crates and pallets by their SSCC.

use crate::{
    batch::PutInto,
    fields::{or_dash, show},
    output::Printer,
    submit::{ContextArgs, SubmitArgs, send},
};
use clap::{Args, Subcommand};
use ecoledger_client::{
    BatchId, Call, Client, Error, Sscc,
    traceability::{self as trace, Context},
};
use serde_json::json;

/// Logistic units. SSCC has 18 digits, BATCH is GTIN/LOT; `batch ship --unit SSCC` ships one.
#[derive(Debug, Subcommand)]
pub(crate) enum UnitCommand {
    /// Put batches into a new unit, or into one that the signer's organisation has.
    Aggregate(ContentsArgs),
    /// Take batches out of a unit; an emptied unit is closed for ever.
    Disaggregate(ContentsArgs),
    /// Receive a shipped unit with all that is in it.
    Receive {
        /// The unit.
        sscc: Sscc,
        /// Where it is put.
        #[arg(long, value_enum, default_value = "store")]
        into: PutInto,
        #[command(flatten)]
        context: ContextArgs,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Show a unit and what is in it.
    Show {
        /// The unit.
        sscc: Sscc,
    },
}

/// A unit, and batches that go in or out.
#[derive(Args, Debug)]
pub(crate) struct ContentsArgs {
    /// The unit.
    sscc: Sscc,
    /// A batch: GTIN/LOT, or its id; each once.
    #[arg(required = true)]
    batches: Vec<BatchId>,
    #[command(flatten)]
    context: ContextArgs,
    #[command(flatten)]
    submit: SubmitArgs,
}

impl ContentsArgs {
    fn call(
        &self,
        make: fn(&Sscc, &[BatchId], &Context) -> Call,
    ) -> Result<(Call, &SubmitArgs), Error> {
        for (index, batch) in self.batches.iter().enumerate() {
            if self.batches.iter().skip(index + 1).any(|other| other == batch) {
                return Err(Error::Arguments(format!(
                    "batches: each is expected once, got {batch} twice"
                )));
            }
        }
        Ok((make(&self.sscc, &self.batches, &self.context.read()?), &self.submit))
    }
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &UnitCommand,
    printer: Printer,
) -> Result<(), Error> {
    let (call, submit) = match command {
        UnitCommand::Aggregate(args) => args.call(trace::aggregate)?,
        UnitCommand::Disaggregate(args) => args.call(trace::disaggregate)?,
        UnitCommand::Receive { sscc, into, context, submit } => {
            (trace::receive_unit(sscc, (*into).into(), &context.read()?), submit)
        }
        UnitCommand::Show { sscc } => return show_unit(client, sscc, printer).await,
    };
    send(client, submit, &call, printer).await
}

async fn show_unit(client: &Client, sscc: &Sscc, printer: Printer) -> Result<(), Error> {
    let height = client.height().await?;
    let unit = client.logistic_unit(sscc, Some(height)).await?;
    let unit = unit.ok_or_else(|| Error::NotFound(format!("logistic unit {sscc}")))?;
    let mut contents = Vec::new();
    for id in &unit.contents {
        let batch = client.batch(id.as_str(), height).await?;
        contents.push(batch.map_or_else(|| id.to_string(), |it| format!("{}/{}", it.gtin, it.lot)));
    }
    show(
        printer,
        &json!({ "sscc": sscc, "unit": unit, "batches": contents }),
        &[
            ("sscc", sscc.to_string()),
            ("holder", format!("organisation {}", unit.holder)),
            ("under way to", or_dash(unit.consignee.map(|to| format!("organisation {to}")))),
            ("state", if unit.closed { "closed" } else { "open" }.to_owned()),
            ("batches", contents.join("\n")),
        ],
    );
    Ok(())
}
