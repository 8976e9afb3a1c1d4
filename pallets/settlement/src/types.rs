//! What the pallet stores, and what its genesis reads.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use pallet_participants::authority::OrganisationId;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Number of a redemption, given in order of request from 0.
pub type RedemptionId = u64;

/// Salted SHA-256 of a document or of account data that stays off the chain; never all zeros.
pub type Commitment = [u8; 32];

/// Money in fen (0.01 CNY).
pub type Fen = u128;

/// Longest external reference, in bytes; the longest of bank transfer numbers in use have 35.
pub const REFERENCE_BYTES_MAX: u32 = 64;

/// Most redemptions that one holder has open; they all move when another key takes over.
pub const OPEN_REDEMPTIONS_MAX: u32 = 16;

/// An institution's own number of a deposit or payment: 1 to [`REFERENCE_BYTES_MAX`] visible ASCII
/// characters, without spaces. Public: a number of the institution's books, never an account's.
pub type ExternalReference = BoundedVec<u8, ConstU32<REFERENCE_BYTES_MAX>>;

/// What a settlement institution may issue, and has issued and redeemed.
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
pub struct InstitutionDetails {
    /// No issue may bring `issued_fen - redeemed_fen` above this.
    pub ceiling_fen: Fen,
    /// Sum of all issues.
    pub issued_fen: Fen,
    /// Sum of all confirmed redemptions; at most `issued_fen`.
    pub redeemed_fen: Fen,
}

impl InstitutionDetails {
    /// Money issued and not redeemed: what the institution owes to holders.
    pub fn outstanding_fen(&self) -> Fen {
        self.issued_fen.saturating_sub(self.redeemed_fen)
    }
}

/// What an external reference was used for.
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
pub enum PostingKind {
    /// A deposit came in and money was issued.
    #[codec(index = 0)]
    Issue {
        /// Commitment to the deposit's document.
        document: Commitment,
    },
    /// Money was redeemed and the deposit was paid out.
    #[codec(index = 1)]
    Redemption {
        /// The redemption that it confirmed.
        id: RedemptionId,
    },
}

/// One line of an institution's journal: money issued or redeemed under an external reference.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Posting<AccountId, BlockNumber> {
    /// Whether money came or went, and by what.
    pub kind: PostingKind,
    /// Who received the money, or whose was redeemed.
    pub account: AccountId,
    /// How much; above 0.
    pub amount_fen: Fen,
    /// The block that did it.
    pub posted_at: BlockNumber,
}

/// Why a redemption was refused; fixed words, so that no personal data gets in.
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
pub enum RejectReason {
    /// The opened commitment does not match the holder's account.
    #[codec(index = 0)]
    AccountMismatch,
    /// The bank account cannot be paid into.
    #[codec(index = 1)]
    AccountUnavailable,
    /// The holder did not open the commitment, or a document is missing.
    #[codec(index = 2)]
    DocumentsMissing,
    /// A court or supervisor forbids the payment.
    #[codec(index = 3)]
    PaymentForbidden,
    /// The payment was tried and came back.
    #[codec(index = 4)]
    PaymentFailed,
    /// The institution did not act, or acts no more.
    #[codec(index = 5)]
    InstitutionInactive,
}

/// Where a redemption stands.
///
/// `Requested → Accepted → Confirmed | Rejected`; `Requested → Confirmed | Rejected | Cancelled`.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum RedemptionStatus {
    /// The holder asked; the money is on hold; the holder may cancel.
    #[codec(index = 0)]
    Requested,
    /// The institution is paying; the money is on hold; the holder may not cancel.
    #[codec(index = 1)]
    Accepted,
    /// Paid out, and the money was burnt.
    #[codec(index = 2)]
    Confirmed {
        /// The institution's reference of the payment.
        external_reference: ExternalReference,
    },
    /// Refused, and the money was released.
    #[codec(index = 3)]
    Rejected {
        /// Why.
        reason: RejectReason,
    },
    /// The holder withdrew the request, and the money was released.
    #[codec(index = 4)]
    Cancelled,
}

impl RedemptionStatus {
    /// Whether money is on hold for the redemption.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Requested | Self::Accepted)
    }
}

/// A holder's request to be paid out.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct RedemptionDetails<AccountId, BlockNumber> {
    /// Whose money it is.
    pub holder: AccountId,
    /// The institution asked to pay.
    pub institution: OrganisationId,
    /// How much; above 0.
    pub amount_fen: Fen,
    /// Commitment to the bank account to be paid; opened to the institution only.
    pub payee_account: Commitment,
    /// The block of the request.
    pub requested_at: BlockNumber,
    /// Where it stands.
    pub status: RedemptionStatus,
}

/// A settlement institution as a genesis configuration names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisInstitution {
    /// Number of the organisation.
    pub organisation: OrganisationId,
    /// Its ceiling, in fen.
    pub ceiling_fen: Fen,
}
