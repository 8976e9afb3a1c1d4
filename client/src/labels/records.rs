//! What the pallet takes in and keeps.

use super::{CodeProof, CodeScheme};
use crate::{
    brands::{LicenceId, QuotaPeriod},
    certification::{CertificateId, CertificateStatus},
    digest::Digest,
    gs1::{BatchId, Gtin},
    moment::Moment,
    traceability::OrganisationId,
};
use codec::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Number of a series, given in order of creation.
pub type SeriesId = u32;

/// A series to be created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSeries {
    /// Batch whose pieces are labelled: produced, made or packed, counted in pieces.
    pub batch: BatchId,
    /// Root of the tree over the leaves.
    pub root: Digest,
    /// Codes, 1 to 1,000,000 and at most the pieces that are not labelled yet.
    pub n_codes: u32,
    /// What the codes are.
    pub scheme: CodeScheme,
    /// SHA-256 of the published list of codes.
    pub list: Digest,
    /// Certificate whose mark the labels show; one that the batch carries.
    pub certificate: Option<CertificateId>,
    /// Licence of the brand that the labels show; the labeller's.
    pub licence: Option<LicenceId>,
}

/// Why a series is frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub enum Fault {
    /// A code stands twice in it, or in an earlier series, too: proven.
    Duplicate,
    /// A leaf is no code of its scheme: proven.
    Malformed,
    /// Leaves are out of order: proven.
    Disordered,
    /// Market supervision ordered it.
    Ordered,
}

/// Whether the codes of a series count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub enum SeriesState {
    /// They count.
    Active,
    /// No item of it is sold.
    Frozen(Fault),
    /// Its labels were given up before use; they count no more, for ever.
    Void,
}

/// A label series: item codes of pieces of one batch, committed to by a Merkle root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Batch whose pieces are labelled, for ever.
    pub batch: BatchId,
    /// Its product.
    pub gtin: Gtin,
    /// Organisation that labels.
    pub labeller: OrganisationId,
    /// Root of the tree over the leaves.
    pub root: Digest,
    /// Codes.
    pub n_codes: u32,
    /// What the codes are.
    pub scheme: CodeScheme,
    /// SHA-256 of the published list of codes.
    pub list: Digest,
    /// Whether the codes count.
    pub state: SeriesState,
    /// Block time since which that is so.
    pub state_since: Moment,
    /// Certificate whose mark the labels show, if any.
    pub certificate: Option<CertificateId>,
    /// Whether the batch was made while that certificate was suspended.
    pub made_while_suspended: bool,
    /// Licence of the brand that the labels show, if any.
    pub licence: Option<LicenceId>,
    /// Period whose quota was drawn on; 0 without licence.
    pub period: QuotaPeriod,
    /// Content of all pieces in content units (mg, ml or pieces): what was drawn.
    #[serde(with = "crate::integer")]
    pub content: u128,
    /// Pieces that had gone into other batches or been sold when it was created.
    #[serde(with = "crate::integer")]
    pub left_before: u128,
    /// Block time of creation.
    pub created_at: Moment,
    /// Items marked sold.
    pub n_sold: u32,
    /// Items marked returned.
    pub n_returned: u32,
    /// Items marked destroyed.
    pub n_destroyed: u32,
}

/// Labels of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelCount {
    /// Pieces labelled by series that are not void.
    #[serde(with = "crate::integer")]
    pub n_pieces: u64,
    /// Series, void ones included.
    pub n_series: u32,
}

/// What has become of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub enum ItemLife {
    /// Sold to a consumer.
    Sold,
    /// Came back from a consumer.
    Returned,
    /// Destroyed, for ever.
    Destroyed,
}

/// The latest mark of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Proof that a series is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FaultProof {
    /// One leaf that is no code of the series' scheme.
    Malformed(CodeProof),
    /// Two leaves: one code twice, in one series or in two; or, in one series, two codes of which
    /// the later stands first.
    Pair(CodeProof, CodeProof),
}

/// What a code is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeAnswer {
    /// Whether the proof holds and the leaf is a code of the series' scheme.
    pub genuine: bool,
    /// The series, if there is one.
    pub series: Option<Series>,
    /// The latest mark of the item, if the code is genuine and it has one.
    pub mark: Option<ItemMark>,
    /// Status of the certificate now.
    pub certificate: Option<CertificateStatus>,
    /// Whether the licence is in force now; `None` without licence.
    pub licence_in_force: Option<bool>,
}
