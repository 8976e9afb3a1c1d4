//! What a holder sees or does that changes neither quantity nor custody.

use super::{Context, PALLET};
use crate::{call::Call, gs1::BatchId};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A step that changes neither quantity nor custody. Source: CBV 2.0 §7.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObservedStep {
    /// `arriving`: came to a place.
    Arriving,
    /// `cycle_counting`: a part of the stock was counted.
    CycleCounting,
    /// `departing`: left a place.
    Departing,
    /// `entering_exiting`: passed a gate.
    EnteringExiting,
    /// `loading`: was loaded.
    Loading,
    /// `picking`: was picked for an order.
    Picking,
    /// `sampling`: a sample was taken.
    Sampling,
    /// `sensor_reporting`: a sensor was read.
    SensorReporting,
    /// `staging_outbound`: waits for its way out.
    StagingOutbound,
    /// `stock_taking`: the stock was counted.
    StockTaking,
    /// `stocking`: was put on sale.
    Stocking,
    /// `storing`: was put into a store.
    Storing,
    /// `transporting`: is under way between places of its holder.
    Transporting,
    /// `unloading`: was unloaded.
    Unloading,
}

/// Condition of a batch after an observation: those of CBV 2.0 §7.2 that a holder can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObservedDisposition {
    /// `active`: came into being.
    Active,
    /// `available`: may be used.
    Available,
    /// `conformant`: meets its requirements.
    Conformant,
    /// `container_closed`: its container is closed.
    ContainerClosed,
    /// `container_open`: its container is open.
    ContainerOpen,
    /// `damaged`: is damaged.
    Damaged,
    /// `expired`: is past its date.
    Expired,
    /// `in_progress`: goes through a step.
    InProgress,
    /// `in_transit`: is under way.
    InTransit,
    /// `mismatch_quantity`: another quantity than on record.
    MismatchQuantity,
    /// `non_conformant`: does not meet its requirements.
    NonConformant,
    /// `non_sellable_other`: cannot be sold.
    NonSellableOther,
    /// `sellable_accessible`: can be sold, within reach of consumers.
    SellableAccessible,
    /// `sellable_not_accessible`: can be sold, out of reach of consumers.
    SellableNotAccessible,
    /// `unavailable`: may not be used.
    Unavailable,
    /// `unknown`: not known.
    Unknown,
}

/// Records that the holder saw or handled a batch; storing and stocking set its stage.
pub fn observe(
    batch: &BatchId,
    step: ObservedStep,
    disposition: ObservedDisposition,
    context: &Context,
) -> Call {
    let arguments = json!({
        "batch": batch,
        "biz_step": step,
        "disposition": disposition,
        "context": context.json(),
    });
    Call::new(PALLET, "observe", arguments)
}
