//! Records that both kinds of compensation share.

use crate::horizontal::types::AgreementId;
use crate::vertical::types::PolicyId;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_calendar::Moment;
use pallet_participants::authority::OrganisationId;
use scale_info::TypeInfo;

pub use pallet_funds::{Commitment, Fen};

/// SHA-256 of something published.
pub type Digest = [u8; 32];

/// Why an exact computation has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A number would leave 512 bits, or an answer 128.
    TooLarge,
    /// There is something to split, and all shares are 0.
    NoBasis,
    /// A floor is above its cap.
    BoundsInvalid,
    /// The floors together are above the pool.
    FloorsExceedPool,
    /// The caps together are below the pool.
    CapsBelowPool,
    /// A factor is 0 in every county.
    FactorSumZero,
    /// Revenue is above expenditure.
    NegativeGap,
    /// A base limit, or a mean of the year before, is 0.
    BaseZero,
    /// An indicator has no limits of classes.
    ClassTableMissing,
    /// The formula names a section that the rules do not have.
    SectionUnknown,
    /// A ladder has no step.
    StepMissing,
    /// The formula names a party that there is not.
    PartyUnknown,
}

/// What must be paid by a time.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum DueKey {
    /// A county's share is to be remitted; once it is concluded, what was deducted of it and found
    /// with nobody is to be given back by the county.
    #[codec(index = 0)]
    Allocation {
        /// The policy.
        policy: PolicyId,
        /// The county's organisation.
        county: OrganisationId,
    },
    /// A payment of a settlement is to be made.
    #[codec(index = 1)]
    Settlement {
        /// The agreement.
        agreement: AgreementId,
        /// The year.
        year: u16,
        /// Index of the payment.
        leg: u8,
    },
}

/// What is open of it.
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
pub struct Due {
    /// Who owes.
    pub debtor: OrganisationId,
    /// To whom.
    pub creditor: OrganisationId,
    /// How much is not paid, in fen, above 0.
    pub open_fen: Fen,
    /// First moment that is late, in Unix time in milliseconds.
    pub due_at: Moment,
}
