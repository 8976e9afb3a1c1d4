//! What the pallet stores and takes in.

mod batch;
mod epcis;
mod identifiers;
mod logistics;
mod master_data;
mod measure;
mod recall;

pub use batch::*;
pub use epcis::*;
pub use identifiers::*;
pub use logistics::*;
pub use master_data::*;
pub use measure::*;
pub use recall::*;

use frame_support::{BoundedVec, traits::ConstU32};

/// Most batches that one derivation may take from.
pub const MAX_INPUTS: u32 = 16;
/// Most batches that one derivation may make.
pub const MAX_OUTPUTS: u32 = 16;
/// Most production bases in one batch's union of origins.
pub const MAX_ORIGINS: u32 = 64;
/// Most certificates that one batch carries.
pub const MAX_CLAIMS: u32 = 8;
/// Most batches inside one logistic unit.
pub const MAX_CONTENTS: u32 = 32;
/// Most recalls that may be spreading or being lifted at one time.
pub const MAX_OPEN_RECALLS: u32 = 16;
/// Most batches looked at on the way to the origins when an action is checked against open recalls.
pub const MAX_ANCESTORS_CHECKED: u32 = 64;
/// Most batches that one view function looks at.
pub const MAX_VIEW_BATCHES: u32 = 20_000;
/// Most rows that one view function returns.
pub const MAX_PAGE: u32 = 200;

/// Batches and amounts that a call takes from.
pub type TakenInputs = BoundedVec<Taken, ConstU32<MAX_INPUTS>>;
/// Batches that a transformation makes.
pub type Outputs = BoundedVec<NewBatch, ConstU32<MAX_OUTPUTS>>;
/// Lots into which a batch is split, with their amounts.
pub type Parts = BoundedVec<Part, ConstU32<MAX_OUTPUTS>>;
/// Batches put into or taken out of a logistic unit.
pub type Contents = BoundedVec<BatchId, ConstU32<MAX_CONTENTS>>;
/// Production bases, ascending and without repetition.
pub type Origins = BoundedVec<PlaceId, ConstU32<MAX_ORIGINS>>;
/// Recalls that are spreading or being lifted.
pub type OpenRecallIds = BoundedVec<RecallId, ConstU32<MAX_OPEN_RECALLS>>;
