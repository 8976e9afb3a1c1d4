//! Logistic units.

use super::Contents;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_participants::OrganisationId;
use scale_info::TypeInfo;

/// A carton, crate or pallet named by its SSCC, with the batches inside.
///
/// It is never removed: an SSCC names one unit for ever.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct LogisticUnit {
    /// Organisation that has it.
    pub holder: OrganisationId,
    /// Organisation to which it is under way.
    pub consignee: Option<OrganisationId>,
    /// Batches inside, each of which names this unit.
    pub contents: Contents,
    /// Emptied; nothing can be put in again.
    pub closed: bool,
}

/// What is shipped or rejected.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ShippedItem {
    /// One batch, all that is on hand.
    #[codec(index = 0)]
    Batch(super::BatchId),
    /// A logistic unit with all that is in it.
    #[codec(index = 1)]
    LogisticUnit(super::Sscc),
}

impl ShippedItem {
    /// Most batches that this can be.
    pub fn batches_max(&self) -> u32 {
        match self {
            Self::Batch(_) => 1,
            Self::LogisticUnit(_) => super::MAX_CONTENTS,
        }
    }
}
