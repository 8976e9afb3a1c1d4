//! How batches came from one another, and recalls that follow it.

use super::BatchKey;
use codec::{Decode, Encode};

/// `Traceability.Recalls`.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Recall {
    pub(crate) root: BatchKey,
    pub(crate) class: u8,
    pub(crate) scope: RecallScope,
    pub(crate) rule_set: u32,
    pub(crate) opened_by: u32,
    pub(crate) opened_at: u64,
    pub(crate) reason: [u8; 32],
    pub(crate) parents: Vec<SharedParent>,
    pub(crate) n_affected: u32,
    pub(crate) phase: RecallPhase,
    pub(crate) lifted: Option<LiftedRecall>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum RecallScope {
    Descendants,
    SameEvent,
    SameParents,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct SharedParent {
    pub(crate) batch: BatchKey,
    pub(crate) n_derivations: u32,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) enum RecallPhase {
    Spreading(SpreadCursor),
    Complete,
    Lifting { remaining: u32 },
    Lifted,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct SpreadCursor {
    pub(crate) parent: u32,
    pub(crate) affected: u32,
    pub(crate) derivation: u32,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct LiftedRecall {
    pub(crate) by: u32,
    pub(crate) at: u64,
    pub(crate) reason: [u8; 32],
}

/// `Traceability.Derivations`.
#[derive(Clone, Debug, Encode, Decode)]
pub(crate) struct Derivation {
    pub(crate) kind: DerivationKind,
    pub(crate) inputs: Vec<DerivationInput>,
    pub(crate) outputs: Vec<BatchKey>,
    #[codec(compact)]
    pub(crate) loss: u128,
    pub(crate) balance_unit: BaseUnit,
    pub(crate) event_time: u64,
    pub(crate) rule_set: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum DerivationKind {
    Transformation,
    Split,
    Merge,
    Packing,
    Return,
}

#[derive(Clone, Copy, Debug, Encode, Decode)]
pub(crate) struct DerivationInput {
    pub(crate) batch: BatchKey,
    #[codec(compact)]
    pub(crate) quantity: u128,
    pub(crate) index: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum BaseUnit {
    Milligram,
    Millilitre,
    Each,
}
