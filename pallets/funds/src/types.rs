//! What the pallet stores, and what its view functions answer.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use pallet_participants::authority::OrganisationId;
use scale_info::TypeInfo;

/// Money in fen (0.01 CNY).
pub type Fen = u128;
/// Number of a programme, given in order of opening from 0.
pub type ProgrammeId = u32;
/// Number of a purpose within its programme, chosen by who opens it.
pub type TagId = u32;
/// Number of a movement of money, given in order over all programmes from 0.
pub type MovementId = u64;
/// A purpose of a programme: money keeps it on every hop.
pub type TagKey = (ProgrammeId, TagId);
/// Salted SHA-256 of a document that stays off the chain; never all zeros.
pub type Commitment = [u8; 32];

/// Longest budget code, in bytes; codes of the government budget classification have 7 digits.
pub const CODE_BYTES_MAX: u32 = 32;
/// Most organisations that manage one programme.
pub const MANAGERS_MAX: u32 = 8;
/// Most arrivals of money that one holder keeps open under one tag; a movement draws on them all.
pub const LOTS_MAX: u32 = 32;
/// Most movements that one answer about the way of money goes through.
pub const TRACE_STEPS_MAX: u32 = 10_000;

/// Budget code (预算科目编码) of a programme or a purpose: 1 to [`CODE_BYTES_MAX`] visible ASCII
/// characters.
pub type BudgetCode = BoundedVec<u8, ConstU32<CODE_BYTES_MAX>>;

/// Who lets money in, and back.
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
pub enum Controller {
    /// The managers, by the calls of this pallet.
    #[codec(index = 0)]
    Managers,
    /// Another pallet: its rules decide what comes in and what goes back.
    #[codec(index = 1)]
    Mechanism,
}

/// A programme (项目): whose purposes money is for.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct ProgrammeDetails {
    /// Who lets money in.
    pub controller: Controller,
    /// Organisations that name parts and open tags; they hold money as intermediaries do.
    pub managers: BoundedVec<OrganisationId, ConstU32<MANAGERS_MAX>>,
    /// Budget code of the programme; public.
    pub code: BudgetCode,
}

/// What an organisation is in a programme.
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
pub enum Part {
    /// An office that passes money on with its tag: it is never paid.
    #[codec(index = 0)]
    Intermediary,
    /// A final beneficiary (最终受益人), such as a village: money paid to it is its own.
    #[codec(index = 1)]
    Payee,
}

/// Who has purpose-bound money.
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
pub enum Holder {
    /// An organisation, whichever key acts for it.
    #[codec(index = 0)]
    Organisation(OrganisationId),
    /// Nobody: paid in under an agreement, until its mechanism says whose it is.
    #[codec(index = 1)]
    Escrow,
}

/// Why an auditor stopped an organisation's money.
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
pub enum Finding {
    /// Interception (截留): kept instead of passed on.
    #[codec(index = 0)]
    Interception,
    /// Occupation or diversion (占用、挪用): used for something else.
    #[codec(index = 1)]
    Diversion,
    /// Arrears (拖欠): not paid when due.
    #[codec(index = 2)]
    Arrears,
    /// Fraud (骗取): claimed by false records.
    #[codec(index = 3)]
    Fraud,
}

/// An auditor's stop on an organisation in a programme.
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
pub struct Flag<BlockNumber> {
    /// The auditing organisation.
    pub auditor: OrganisationId,
    /// What it found.
    pub finding: Finding,
    /// Commitment to the audit report.
    pub document: Commitment,
    /// In which block.
    pub flagged_at: BlockNumber,
}

/// A purpose (专款用途) and the totals of its money.
///
/// `appropriated = paid + clawed back + held`, always.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct TagDetails {
    /// Budget code of the purpose; public.
    pub code: BudgetCode,
    /// Whose money it is until it is paid; the only one that appropriates, and gets it back.
    pub source: OrganisationId,
    /// Most that may be appropriated net of what was clawed back, in fen.
    pub ceiling_fen: Fen,
    /// Sum of appropriations, in fen.
    pub appropriated_fen: Fen,
    /// Sum of payments to payees, in fen.
    pub paid_fen: Fen,
    /// Sum of what went back to the source, in fen.
    pub clawed_back_fen: Fen,
    /// What holders have, in fen; on hold in the tag's account.
    pub held_fen: Fen,
}

/// What one holder has under one tag.
#[derive(
    Clone,
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
pub struct Holding {
    /// What it has, in fen: the sum of what remains of its lots.
    pub balance_fen: Fen,
    /// All that ever came to it, in fen.
    pub received_fen: Fen,
    /// All that it paid to payees, in fen.
    pub paid_fen: Fen,
    /// All that it passed on to other holders, in fen.
    pub passed_on_fen: Fen,
    /// All that was clawed back from it, in fen.
    pub clawed_back_fen: Fen,
    /// The movements by which its balance came, oldest first; money leaves in this order.
    pub lots: BoundedVec<MovementId, ConstU32<LOTS_MAX>>,
}

/// Which part of another movement's money a movement moved on.
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
pub struct Source {
    /// The movement by which the money had come.
    pub movement: MovementId,
    /// First fen of it that was moved on; its fen are numbered from 0.
    pub offset_fen: Fen,
    /// How many fen from there.
    pub amount_fen: Fen,
}

/// Where a movement took money from and brought it to.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum MovementKind<AccountId> {
    /// Free money of the source became purpose-bound.
    #[codec(index = 0)]
    Appropriation {
        /// The account of the source's agent that it came from.
        from: AccountId,
        /// Who holds it.
        to: Holder,
    },
    /// Passed on with its tag.
    #[codec(index = 1)]
    Transfer {
        /// Who had it.
        from: Holder,
        /// Who holds it.
        to: Holder,
    },
    /// Paid to a final beneficiary: free from here on.
    #[codec(index = 2)]
    Payment {
        /// Who had it.
        from: Holder,
        /// The beneficiary.
        payee: OrganisationId,
        /// The account that was paid.
        to: AccountId,
    },
    /// Back to the source: free from here on.
    #[codec(index = 3)]
    ClawBack {
        /// Who had it.
        from: Holder,
        /// The account of the source's agent that got it.
        to: AccountId,
    },
}

impl<AccountId> MovementKind<AccountId> {
    /// Who had the money before.
    pub const fn from(&self) -> Option<Holder> {
        match self {
            Self::Appropriation { .. } => None,
            Self::Transfer { from, .. }
            | Self::Payment { from, .. }
            | Self::ClawBack { from, .. } => Some(*from),
        }
    }

    /// Who holds the money after, while it is purpose-bound.
    pub const fn to(&self) -> Option<Holder> {
        match self {
            Self::Appropriation { to, .. } | Self::Transfer { to, .. } => Some(*to),
            Self::Payment { .. } | Self::ClawBack { .. } => None,
        }
    }
}

/// One hop of purpose-bound money.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Movement<AccountId, BlockNumber> {
    /// Programme and purpose; the same on every hop.
    pub tag: TagKey,
    /// From where to where.
    pub kind: MovementKind<AccountId>,
    /// How much, in fen.
    pub amount_fen: Fen,
    /// How much of it has moved on; its fen leave in order of their numbers.
    pub drawn_fen: Fen,
    /// In which block.
    pub recorded_at: BlockNumber,
    /// Commitment to the instruction or voucher.
    pub document: Commitment,
    /// What it moved on, in order; nothing for an appropriation.
    pub sources: BoundedVec<Source, ConstU32<LOTS_MAX>>,
}

impl<AccountId, BlockNumber> Movement<AccountId, BlockNumber> {
    /// What of it has not moved on, in fen.
    pub const fn remaining_fen(&self) -> Fen {
        self.amount_fen.saturating_sub(self.drawn_fen)
    }
}

/// A movement on the way of followed money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Followed {
    /// The movement.
    pub movement: MovementId,
    /// How much of the followed money it carried, in fen.
    pub amount_fen: Fen,
    /// How much of that its receiver still holds, in fen; 0 after payment or claw back.
    pub remaining_fen: Fen,
}

/// A page of the way of followed money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct FollowedPage {
    /// The movements of the page.
    pub movements: Vec<Followed>,
    /// Where the next page starts, unless this is the last.
    pub next: Option<MovementId>,
    /// The way has more than [`TRACE_STEPS_MAX`] movements, and was not gone to its end.
    pub truncated: bool,
}
