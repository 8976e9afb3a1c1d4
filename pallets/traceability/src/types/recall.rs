//! Recalls.

use super::{BatchId, Commitment, MAX_INPUTS, Moment, RecallId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use pallet_participants::OrganisationId;
use scale_info::TypeInfo;

/// Grade of danger (召回等级): one, two or three, one being the gravest.
pub type RecallClass = u8;

/// Which batches a recall starts from, beside the one named. All descendants follow.
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
    serde::Serialize,
    serde::Deserialize,
)]
pub enum RecallScope {
    /// None.
    #[codec(index = 0)]
    Descendants,
    /// The batches made by the very derivation that made the named one.
    #[codec(index = 1)]
    SameEvent,
    /// Every batch that was already derived directly from any parent of the named one when the
    /// recall opened.
    #[codec(index = 2)]
    SameParents,
}

/// How far a recall has come.
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
pub enum RecallPhase {
    /// Marks are being set.
    #[codec(index = 0)]
    Spreading(SpreadCursor),
    /// Every affected batch is marked.
    #[codec(index = 1)]
    Complete,
    /// Lifted; marks with an index below `remaining` are yet to be taken off.
    #[codec(index = 2)]
    Lifting {
        /// Marks left.
        remaining: u32,
    },
    /// Lifted, and no mark is left.
    #[codec(index = 3)]
    Lifted,
}

/// Where the next step of a spreading recall begins.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct SpreadCursor {
    /// Next of [`RecallDetails::parents`] whose derivations give siblings.
    pub parent: u32,
    /// Next of the affected batches, in order of marking, whose derivations are followed.
    pub affected: u32,
    /// Next derivation of that parent or that batch.
    pub derivation: u32,
}

/// A parent of the recalled batch, as it was when the recall opened.
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
pub struct SharedParent {
    /// The parent.
    pub batch: BatchId,
    /// How many derivations it had gone into.
    pub n_derivations: u32,
}

/// Who lifted a recall, when and why.
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
pub struct LiftedRecall {
    /// Market supervision authority.
    pub by: OrganisationId,
    /// Block time.
    pub at: Moment,
    /// Commitment to the decision.
    pub reason: Commitment,
}

/// A recall. It stays on record after it is lifted.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct RecallDetails {
    /// Batch that was named.
    pub root: BatchId,
    /// Grade of danger.
    pub class: RecallClass,
    /// What the governed rule for the class said when the recall opened.
    pub scope: RecallScope,
    /// Version of the governed data that said so.
    pub rule_set: u32,
    /// Organisation that opened it.
    pub opened_by: OrganisationId,
    /// Block time.
    pub opened_at: Moment,
    /// Commitment to the notice.
    pub reason: Commitment,
    /// Parents whose derivations give siblings; empty unless the scope is
    /// [`RecallScope::SameParents`].
    pub parents: BoundedVec<SharedParent, ConstU32<MAX_INPUTS>>,
    /// Batches marked; final once the phase is [`RecallPhase::Complete`].
    pub n_affected: u32,
    /// How far it has come.
    pub phase: RecallPhase,
    /// Set when it was lifted.
    pub lifted: Option<LiftedRecall>,
}

/// What is known about a batch and the recalls in force.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum RecallStatus {
    /// No recall in force affects it.
    #[codec(index = 0)]
    Clear,
    /// These recalls affect it, whether or not the mark has reached it.
    #[codec(index = 1)]
    Recalled(alloc::vec::Vec<RecallId>),
    /// It has too many ancestors to say so in one answer.
    #[codec(index = 2)]
    TooManyAncestors,
}
