//! Calls, one function for each.

use super::{PALLET, ProductDetails};
use crate::{
    call::Call,
    error::Error,
    gs1::{BatchId, Gln, Gtin, Lot, Sscc},
    hex32::hex32,
    moment::Moment,
    participants::Region,
    quantity::Quantity,
    value::text_to_json,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// Number of an organisation.
pub type OrganisationId = u32;
/// Number of a production base.
pub type PlaceId = u32;
/// Number of a recall.
pub type RecallId = u32;
/// Number of a farm input in the governed register.
pub type FarmInputId = u32;

hex32! {
    /// SHA-256 over a random salt of at least 16 bytes followed by a document, which both stay off the
    /// chain; `0x` and 64 digits.
    Commitment, "commitment"
}

impl Commitment {
    /// Commits to `document` with a fresh salt, which is given too: whoever is to check the
    /// document needs both.
    ///
    /// # Errors
    /// [`Error::Key`] when the operating system has no randomness.
    pub fn to_document(document: &[u8]) -> Result<(Self, [u8; 32]), Error> {
        let mut salt = [0; 32];
        getrandom::fill(&mut salt).map_err(|_| crate::error::KeyError::NoRandomness)?;
        Ok((Self::with_salt(&salt, document), salt))
    }

    /// The commitment to `document` under a known salt.
    pub fn with_salt(salt: &[u8], document: &[u8]) -> Self {
        let digest = Sha256::new_with_prefix(salt).chain_update(document).finalize();
        Self(format!("0x{}", hex::encode(digest)))
    }
}

/// When and where something happened, and what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    /// When: not before the batch's latest event, and not ahead of block time by more than the
    /// governed skew.
    pub event_time: Moment,
    /// Where it was recorded.
    pub read_point: Option<Gln>,
    /// Commitment to a document about it.
    pub document: Option<Commitment>,
}

impl Context {
    /// Now, without place and document.
    pub fn now() -> Self {
        Self { event_time: Moment::now(), read_point: None, document: None }
    }

    pub(super) fn json(&self) -> Json {
        json!({
            "event_time": self.event_time,
            "read_point": self.read_point,
            "document": self.document,
        })
    }
}

/// An amount taken from a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The batch.
    pub batch: BatchId,
    /// How much of it.
    pub quantity: Quantity,
}

impl Taken {
    fn json(&self) -> Json {
        json!({ "batch": self.batch, "quantity": self.quantity })
    }
}

/// A batch that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBatch {
    /// Its product.
    pub gtin: Gtin,
    /// Its lot, unused so far.
    pub lot: Lot,
    /// How much.
    pub quantity: Quantity,
}

impl NewBatch {
    fn json(&self) -> Json {
        json!({ "gtin": self.gtin, "lot": lot(&self.lot), "quantity": self.quantity })
    }
}

/// A part of a batch that becomes a batch of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its lot, unused so far.
    pub lot: Lot,
    /// How much.
    pub quantity: Quantity,
}

/// What is shipped or rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// All that is on hand of a batch.
    Batch(BatchId),
    /// A logistic unit with all that is in it.
    LogisticUnit(Sscc),
}

impl Item {
    fn json(&self) -> Json {
        match self {
            Self::Batch(batch) => json!({ "Batch": batch }),
            Self::LogisticUnit(sscc) => json!({ "LogisticUnit": sscc }),
        }
    }
}

/// Why goods are under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShipPurpose {
    /// To a customer.
    Delivery,
    /// Back to the batch's producer; the only way a recalled batch may go.
    Return,
}

/// Where a received batch is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReceiveInto {
    /// Into a store.
    Store,
    /// On sale.
    Retail,
}

/// What became of goods that were shipped and not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// They are missing or spoilt.
    Lost,
    /// They stay with the sender as a batch of this lot.
    Returned(Lot),
}

impl Shortfall {
    fn json(&self) -> Json {
        match self {
            Self::Lost => json!("Lost"),
            Self::Returned(name) => json!({ "Returned": { "lot": lot(name) } }),
        }
    }
}

fn lot(lot: &Lot) -> Json {
    text_to_json(lot.as_str())
}

fn call(name: &str, arguments: Json) -> Call {
    Call::new(PALLET, name, arguments)
}

/// Registers a product under the signer's organisation.
pub fn register_product(gtin: &Gtin, details: &ProductDetails) -> Call {
    call("register_product", json!({ "gtin": gtin, "details": details }))
}

/// Lets an organisation produce the product of the signer's organisation, or no longer.
///
/// - `organisation`: a trace node.
pub fn license_producer(gtin: &Gtin, organisation: OrganisationId, licensed: bool) -> Call {
    call(
        "license_producer",
        json!({ "gtin": gtin, "organisation": organisation, "licensed": licensed }),
    )
}

/// Registers a production base (生产基地) of the signer's organisation.
///
/// - `area_units`: in units of 1/300 m², at least 1; 1 mu is 200,000, a hectare 3,000,000.
pub fn register_place(region: Region, gln: Option<&Gln>, area_units: u64) -> Call {
    call("register_place", json!({ "region": region, "gln": gln, "area_units": area_units }))
}

/// Registers a growing batch at a base of the signer's organisation.
pub fn register_batch(gtin: &Gtin, name: &Lot, place: PlaceId, context: &Context) -> Call {
    call(
        "register_batch",
        json!({ "gtin": gtin, "lot": lot(name), "place": place, "context": context.json() }),
    )
}

/// Records the use of a farm input on a growing batch.
pub fn use_input(batch: &BatchId, input: FarmInputId, context: &Context) -> Call {
    call("use_input", json!({ "batch": batch, "input": input, "context": context.json() }))
}

/// Harvests or otherwise produces a batch: a growing one, or a new one.
pub fn produce(new: &NewBatch, place: PlaceId, context: &Context) -> Call {
    let mut arguments = new.json();
    arguments["place"] = json!(place);
    arguments["context"] = context.json();
    call("produce", arguments)
}

/// Records a laboratory's test of a batch.
///
/// - `sampled_at`: not before the batch was made, not after the event.
/// - `report`: commitment to the report.
pub fn record_test(
    batch: &BatchId,
    passed: bool,
    sampled_at: Moment,
    report: &Commitment,
    context: &Context,
) -> Call {
    call(
        "record_test",
        json!({
            "batch": batch,
            "passed": passed,
            "sampled_at": sampled_at,
            "report": report,
            "context": context.json(),
        }),
    )
}

/// Makes batches of other products from batches.
///
/// - `loss`: what was lost, in a unit of the dimension in which the inputs are balanced.
pub fn transform(
    inputs: &[Taken],
    outputs: &[NewBatch],
    loss: Option<&Quantity>,
    context: &Context,
) -> Call {
    call(
        "transform",
        json!({
            "inputs": inputs.iter().map(Taken::json).collect::<Vec<_>>(),
            "outputs": outputs.iter().map(NewBatch::json).collect::<Vec<_>>(),
            "loss": loss,
            "context": context.json(),
        }),
    )
}

/// Parts a batch into lots of the same product; what is not parted stays.
pub fn split(batch: &BatchId, parts: &[Part], context: &Context) -> Call {
    let parts: Vec<_> = parts
        .iter()
        .map(|part| json!({ "lot": lot(&part.lot), "quantity": part.quantity }))
        .collect();
    call("split", json!({ "batch": batch, "parts": parts, "context": context.json() }))
}

/// Mixes amounts of at least two batches of one product to a new batch.
pub fn merge(inputs: &[Taken], name: &Lot, context: &Context) -> Call {
    let inputs: Vec<_> = inputs.iter().map(Taken::json).collect();
    call("merge", json!({ "inputs": inputs, "lot": lot(name), "context": context.json() }))
}

/// Packs a bulk batch into pieces of a trade item that names it as its content.
///
/// - `taken`: equals pieces times net content plus `loss`.
pub fn pack(taken: &Taken, item: &NewBatch, loss: Option<&Quantity>, context: &Context) -> Call {
    call(
        "pack",
        json!({
            "taken": taken.json(),
            "item": item.json(),
            "loss": loss,
            "context": context.json(),
        }),
    )
}

/// Ships all that is on hand of a batch, or a logistic unit.
pub fn ship(
    item: &Item,
    consignee: OrganisationId,
    purpose: ShipPurpose,
    context: &Context,
) -> Call {
    call(
        "ship",
        json!({
            "item": item.json(),
            "consignee": consignee,
            "purpose": purpose,
            "context": context.json(),
        }),
    )
}

/// Receives a shipped batch, whole or in part.
///
/// - `quantity`: accepted, at most what was shipped.
/// - `shortfall`: what became of the rest; given exactly when there is a rest.
pub fn receive(
    batch: &BatchId,
    quantity: &Quantity,
    shortfall: Option<&Shortfall>,
    into: ReceiveInto,
    context: &Context,
) -> Call {
    call(
        "receive",
        json!({
            "batch": batch,
            "quantity": quantity,
            "shortfall": shortfall.map(Shortfall::json),
            "into": into,
            "context": context.json(),
        }),
    )
}

/// Ends a shipment without receipt: the consignee refuses it, or the sender calls it back.
pub fn reject(item: &Item, context: &Context) -> Call {
    call("reject", json!({ "item": item.json(), "context": context.json() }))
}

/// Sells to consumers.
pub fn sell(batch: &BatchId, quantity: &Quantity, context: &Context) -> Call {
    call("sell", amount(batch, quantity, context))
}

/// Takes sold units back from consumers, also of a held or recalled batch.
pub fn take_back(batch: &BatchId, quantity: &Quantity, context: &Context) -> Call {
    call("take_back", amount(batch, quantity, context))
}

/// Declares units on hand spoilt, spilt or missing.
pub fn record_loss(batch: &BatchId, quantity: &Quantity, context: &Context) -> Call {
    call("record_loss", amount(batch, quantity, context))
}

/// Destroys units on hand under record.
pub fn destroy(batch: &BatchId, quantity: &Quantity, context: &Context) -> Call {
    call("destroy", amount(batch, quantity, context))
}

fn amount(batch: &BatchId, quantity: &Quantity, context: &Context) -> Json {
    json!({ "batch": batch, "quantity": quantity, "context": context.json() })
}

/// Claims a certificate (标注认证) for a batch that the signer's organisation made and holds.
///
/// - `certificate`: in force when the batch was made, and covers producer, product and base; for a
///   derived batch, all that went into it carries a certificate of the same scheme.
pub fn claim_certificate(batch: &BatchId, certificate: u32) -> Call {
    call("claim_certificate", json!({ "batch": batch, "certificate": certificate }))
}

/// Stops a batch: its holder, or market supervision.
pub fn hold(batch: &BatchId, reason: Option<&Commitment>) -> Call {
    call("hold", json!({ "batch": batch, "reason": reason }))
}

/// Releases a held batch: the holder his own stop, market supervision any.
pub fn release(batch: &BatchId, reason: Option<&Commitment>) -> Call {
    call("release", json!({ "batch": batch, "reason": reason }))
}

/// Recalls (召回) a batch and all that was made of it: its producer, or market supervision.
///
/// - `class`: grade of danger (召回等级), 1 to 3, 1 being the gravest.
pub fn recall(batch: &BatchId, class: u8, reason: &Commitment) -> Call {
    call("recall", json!({ "batch": batch, "class": class, "reason": reason }))
}

/// Lifts a recall: market supervision.
pub fn lift_recall(recall: RecallId, reason: &Commitment) -> Call {
    call("lift_recall", json!({ "recall": recall, "reason": reason }))
}
