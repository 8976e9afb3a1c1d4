//! Calls, one function for each.

use super::{CodeProof, FaultProof, ItemLife, NewSeries, PALLET, SeriesId};
use crate::{call::Call, gs1::BatchId, traceability::Commitment};
use serde_json::{Value as Json, json};

fn call(name: &str, arguments: Json) -> Call {
    Call::new(PALLET, name, arguments)
}

/// Labels pieces of a batch that the signer's organisation holds, and draws their content from
/// certificate and licence where given.
pub fn create_series(new: &NewSeries) -> Call {
    call("create_series", json!({ "new": new }))
}

/// Gives up a series before use, and gives its draws back: its labeller, whom no piece of the batch
/// has left since.
pub fn void_series(series: SeriesId) -> Call {
    call("void_series", json!({ "series": series }))
}

/// Shows that a leaf is malformed, or that a code stands twice or out of order, and freezes the
/// series for good: any participant. Of two series with one code the later is frozen.
pub fn report_fault(proof: &FaultProof) -> Call {
    call("report_fault", json!({ "proof": proof }))
}

/// Marks an item sold, returned or destroyed: the holder of a batch that comes from the batch of the
/// series.
///
/// - `batch`: the batch in which the signer's organisation has the item.
pub fn mark_item(proof: &CodeProof, batch: &BatchId, life: ItemLife) -> Call {
    call("mark_item", json!({ "proof": proof, "batch": batch, "life": life }))
}

/// Freezes a series by order: market supervision where the labeller is registered.
pub fn freeze_series(series: SeriesId, reason: &Commitment) -> Call {
    call("freeze_series", json!({ "series": series, "reason": reason }))
}

/// Releases a series that was frozen by order: market supervision where the labeller is registered.
pub fn release_series(series: SeriesId, reason: &Commitment) -> Call {
    call("release_series", json!({ "series": series, "reason": reason }))
}
