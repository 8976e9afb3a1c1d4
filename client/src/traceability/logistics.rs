//! Logistic units: cartons, crates and pallets with the batches inside.

use super::{Context, OrganisationId, PALLET, ReceiveInto, decode};
use crate::{
    call::Call,
    client::Client,
    error::Error,
    gs1::{BatchId, Sscc},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A logistic unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogisticUnit {
    /// Organisation that has it.
    pub holder: OrganisationId,
    /// Organisation to which it is under way.
    pub consignee: Option<OrganisationId>,
    /// Batches inside.
    pub contents: Vec<BatchId>,
    /// Emptied; nothing can be put in again.
    pub closed: bool,
}

/// Puts batches that the signer's organisation has into a new logistic unit, or into one of its own.
///
/// - `contents`: each once, at least one.
pub fn aggregate(sscc: &Sscc, contents: &[BatchId], context: &Context) -> Call {
    packed("aggregate", sscc, contents, context)
}

/// Takes batches out of a logistic unit; an emptied unit is closed for ever.
///
/// - `contents`: each once, at least one.
pub fn disaggregate(sscc: &Sscc, contents: &[BatchId], context: &Context) -> Call {
    packed("disaggregate", sscc, contents, context)
}

fn packed(name: &str, sscc: &Sscc, contents: &[BatchId], context: &Context) -> Call {
    let arguments = json!({ "sscc": sscc, "contents": contents, "context": context.json() });
    Call::new(PALLET, name, arguments)
}

/// Receives a logistic unit with all that is in it.
pub fn receive_unit(sscc: &Sscc, into: ReceiveInto, context: &Context) -> Call {
    let arguments = json!({ "sscc": sscc, "into": into, "context": context.json() });
    Call::new(PALLET, "receive_unit", arguments)
}

impl Client {
    /// The logistic unit with this SSCC at `height`, or at the last final block.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn logistic_unit(
        &self,
        sscc: &Sscc,
        height: Option<u32>,
    ) -> Result<Option<LogisticUnit>, Error> {
        let unit = self.query(PALLET, "LogisticUnits", &[json!(sscc)], height).await?;
        unit.map(decode).transpose()
    }
}
