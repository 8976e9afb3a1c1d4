//! Records about the use of brands: members, inspections, misuse.

use super::{BrandId, Commitment, Fen, LicenceId, Moment};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_participants::OrganisationId;
use scale_info::TypeInfo;

/// An inspection of an applicant or licensee (检查).
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
pub struct Inspection {
    /// Block time.
    pub at: Moment,
    /// Organisation that inspected.
    pub by: OrganisationId,
    /// Whether it was passed.
    pub passed: bool,
    /// Commitment to the report.
    pub report: Commitment,
}

/// How a brand was misused.
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
pub enum MisuseKind {
    /// Used without a licence.
    #[codec(index = 0)]
    Unlicensed,
    /// Used for more than the quota.
    #[codec(index = 1)]
    QuotaExceeded,
    /// Goods from a base that is not licensed.
    #[codec(index = 2)]
    ForeignBase,
    /// Product out of the scope of the licence.
    #[codec(index = 3)]
    OutOfScope,
    /// Certificate not in force.
    #[codec(index = 4)]
    WithoutCertificate,
    /// Labels copied, or used twice.
    #[codec(index = 5)]
    CopiedLabels,
    /// Sub-brand shown without the brand.
    #[codec(index = 6)]
    SubBrandAlone,
    /// Anything else against the rules of the brand.
    #[codec(index = 7)]
    Other,
}

/// A recorded misuse of a brand and what it cost.
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
pub struct Misuse {
    /// The brand.
    pub brand: BrandId,
    /// Organisation that misused it.
    pub offender: OrganisationId,
    /// Licence that was broken, if there was one.
    pub licence: Option<LicenceId>,
    /// How.
    pub kind: MisuseKind,
    /// Penalty as decided or agreed, in fen; paid off chain.
    #[codec(compact)]
    pub penalty_fen: Fen,
    /// Commitment to the decision.
    pub decision: Commitment,
    /// Organisation that recorded it.
    pub by: OrganisationId,
    /// Block time.
    pub at: Moment,
}
