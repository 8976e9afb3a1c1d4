//! Label series.

use super::Moment;
use crate::codes::CodeScheme;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_brands::{LicenceId, Period};
use pallet_participants::OrganisationId;
use pallet_traceability::{BatchId, CertificateId, Gtin};
use scale_info::TypeInfo;

/// Why a series is frozen.
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
pub enum Fault {
    /// A code stands twice in it, or in an earlier series, too: proven.
    #[codec(index = 0)]
    Duplicate,
    /// A leaf is no code of its scheme: proven.
    #[codec(index = 1)]
    Malformed,
    /// Leaves are out of order: proven.
    #[codec(index = 2)]
    Disordered,
    /// Market supervision ordered it.
    #[codec(index = 3)]
    Ordered,
}

impl Fault {
    /// Whether it is proven, and so lasts.
    pub const fn is_proven(self) -> bool {
        !matches!(self, Self::Ordered)
    }
}

/// Whether the codes of a series count.
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
pub enum SeriesState {
    /// They count.
    #[codec(index = 0)]
    Active,
    /// No item of it is sold.
    #[codec(index = 1)]
    Frozen(Fault),
    /// Its labels were given up before use; they count no more, for ever.
    #[codec(index = 2)]
    Void,
}

/// A label series: item codes of pieces of one batch, committed to by a Merkle root.
///
/// Complete in itself: with a path, this record proves a code and says whether it counts.
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
pub struct SeriesDetails {
    /// Batch whose pieces are labelled, for ever.
    pub batch: BatchId,
    /// Its product.
    pub gtin: Gtin,
    /// Organisation that labels.
    pub labeller: OrganisationId,
    /// Root of the tree over the leaves.
    pub root: [u8; 32],
    /// Leaves.
    pub n_codes: u32,
    /// What the codes are.
    pub scheme: CodeScheme,
    /// SHA-256 of the published list of codes.
    pub list: [u8; 32],
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
    pub period: Period,
    /// Content of all pieces in the product's content unit (mg, ml or pieces): what was drawn.
    #[codec(compact)]
    pub content: u128,
    /// Pieces that had gone into other batches or been sold when it was created.
    #[codec(compact)]
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
pub struct LabelCount {
    /// Pieces labelled by series that are not void.
    pub n_pieces: u64,
    /// Series, void ones included.
    pub n_series: u32,
}

/// A series to be created.
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
pub struct NewSeries {
    /// Batch whose pieces are labelled.
    pub batch: BatchId,
    /// Root of the tree over the leaves.
    pub root: [u8; 32],
    /// Leaves, 1 to [`MAX_CODES`](super::MAX_CODES).
    pub n_codes: u32,
    /// What the codes are.
    pub scheme: CodeScheme,
    /// SHA-256 of the published list of codes.
    pub list: [u8; 32],
    /// Certificate whose mark the labels show; one that the batch carries.
    pub certificate: Option<CertificateId>,
    /// Licence of the brand that the labels show; the labeller's.
    pub licence: Option<LicenceId>,
}
