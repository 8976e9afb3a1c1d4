//! What has become of single items.

use super::Moment;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_participants::OrganisationId;
use scale_info::TypeInfo;

/// What has become of an item.
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
pub enum ItemLife {
    /// Sold to a consumer.
    #[codec(index = 0)]
    Sold,
    /// Came back from a consumer.
    #[codec(index = 1)]
    Returned,
    /// Destroyed, for ever.
    #[codec(index = 2)]
    Destroyed,
}

/// The latest mark of an item.
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
pub struct ItemMark {
    /// What has become of it.
    pub life: ItemLife,
    /// Block time.
    pub at: Moment,
    /// Organisation that marked it.
    pub by: OrganisationId,
    /// Marks of the item so far.
    pub n_marks: u32,
}
