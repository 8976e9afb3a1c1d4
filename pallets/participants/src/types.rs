//! Records that the pallet keeps, and the small sets inside them.
//!
//! Everything in state is public. Field by field:
//!
//! | what | why it may be open |
//! | --- | --- |
//! | code, legal name, region of an organisation | published in the enterprise register by law |
//! | location number, decentralised identifier | made to be looked up; the organisation may leave them out |
//! | status, dates and granters | effects of official acts, which are published |
//! | role, region, subjects, period of a capacity | who may do what must be checkable by everybody |
//! | accounts of agents, their powers and use | signatures could not be attributed without them |
//! | who holds an agent's key | not open: only a salted commitment, if any |
//! | grounds of a suspension | not open: only the digest of the decision, in the event |

use crate::authority::{OrganisationId, RegionCode, Role};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedBTreeSet, BoundedVec};
use scale_info::TypeInfo;
use sp_core::ConstU32;

/// Longest published legal name, in bytes of UTF-8.
pub const LEGAL_NAME_BYTES_MAX: u32 = 200;
/// Longest decentralised identifier, in bytes.
pub const DID_BYTES_MAX: u32 = 200;
/// Longest subject of a capacity, in bytes.
pub const SUBJECT_BYTES_MAX: u32 = 32;
/// Most subjects of one capacity.
pub const SUBJECTS_MAX: u32 = 16;
/// Most roles that a set of roles may hold; one bit each in [`Powers`].
pub const ROLES_MAX: u32 = 56;

/// Unified social credit code in ASCII.
pub type Uscc = [u8; 18];
/// GS1 Global Location Number in ASCII digits.
pub type Gln = [u8; 13];
/// Published legal name, UTF-8.
pub type LegalName = BoundedVec<u8, ConstU32<LEGAL_NAME_BYTES_MAX>>;
/// Decentralised identifier, `did:web:…` or `did:key:…`.
pub type Did = BoundedVec<u8, ConstU32<DID_BYTES_MAX>>;
/// What a capacity may be limited to, such as a product code or a scheme. Compared byte by byte.
pub type Subject = BoundedVec<u8, ConstU32<SUBJECT_BYTES_MAX>>;
/// Subjects of a capacity; none means that it is not limited.
pub type Subjects = BoundedVec<Subject, ConstU32<SUBJECTS_MAX>>;
/// A set of roles as governance writes it.
pub type RoleSet = BoundedBTreeSet<Role, ConstU32<ROLES_MAX>>;
/// Number of a capacity, given in order of granting over all organisations.
pub type CapacityId = u32;
/// Unix time in seconds.
pub type Seconds = u64;
/// Digest of something that stays off chain: a document, or a person's salted data.
pub type Digest = [u8; 32];

/// What an agent may do for its organisation.
///
/// ```text
/// ┌─────────────────────┬──────────┬──────────┬────────────┐
/// │ bits 0..=55         │ 56..=61  │ 62       │ 63         │
/// │ role of that index  │ zero     │ register │ administer │
/// └─────────────────────┴──────────┴──────────┴────────────┘
/// ```
///
/// A power counts only as far as the organisation itself has it: acting in a role takes the bit
/// and a capacity of the organisation. *Register* is the right to register and suspend other
/// organisations, *administer* the right over the organisation's own agents and identifiers.
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
    serde::Serialize,
    serde::Deserialize,
)]
pub struct Powers(pub u64);

impl Powers {
    /// No power at all: the agent can only rotate and revoke its own key.
    pub const NONE: Self = Self(0);
    /// The right over the organisation's own agents and identifiers.
    pub const ADMINISTER: Self = Self(1 << 63);
    /// The right to register and suspend other organisations.
    pub const REGISTER: Self = Self(1 << 62);
    /// Every role, those that do not exist yet included.
    pub const ROLES: Self = Self((1 << ROLES_MAX) - 1);
    /// Everything: what the first administrator of an organisation has.
    pub const ALL: Self = Self(Self::ADMINISTER.0 | Self::REGISTER.0 | Self::ROLES.0);

    /// The power to act in `role`.
    pub const fn role(role: Role) -> Self {
        Self(1 << role.index())
    }

    /// These powers and those of `other`.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all powers of `other` are among these.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether no reserved bit is set.
    pub const fn is_known(self) -> bool {
        Self::ALL.contains(self)
    }
}

/// By what right something was granted, registered or suspended.
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
pub enum Granter {
    /// The governance origin, or the genesis configuration.
    #[codec(index = 0)]
    Governance,
    /// An organisation, under the capacity of this number.
    #[codec(index = 1)]
    Capacity(CapacityId),
}

/// Whether an organisation may act.
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
pub enum OrganisationStatus {
    /// Its agents may act.
    #[codec(index = 0)]
    Active,
    /// Its agents may not act until it is reinstated.
    #[codec(index = 1)]
    Suspended {
        /// When it was suspended.
        since: Seconds,
        /// Who suspended it; what governance suspends only governance reinstates.
        by: Granter,
    },
    /// Its agents may never act again.
    #[codec(index = 2)]
    Closed {
        /// When it was closed.
        since: Seconds,
    },
}

impl OrganisationStatus {
    /// Whether the organisation's agents may act.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Active)
    }
}

/// What is read of an organisation whenever one of its agents acts.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct OrganisationDetails {
    /// Unified social credit code, unique.
    pub uscc: Uscc,
    /// Division in which it is registered.
    pub region: RegionCode,
    /// Global Location Number, unique.
    pub gln: Option<Gln>,
    /// Whether it may act.
    pub status: OrganisationStatus,
    /// Number of its active agents.
    pub agents: u32,
    /// Number of its active agents that may administer.
    pub administrators: u32,
    /// Transactions a day of each of its agents, where governance set another number than the
    /// general one.
    pub daily_quota: Option<u32>,
}

/// What is read of an organisation only when somebody asks who it is.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct OrganisationProfile {
    /// Published legal name.
    pub name: LegalName,
    /// Decentralised identifier, unique.
    pub did: Option<Did>,
    /// When it was registered; 0 in the genesis configuration.
    pub registered_at: Seconds,
    /// Who registered it.
    pub registrar: Granter,
}

/// Particulars of an organisation that is to be registered.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Registration {
    /// Unified social credit code (GB 32100-2015) in upper case, not yet registered.
    pub uscc: Uscc,
    /// Published legal name: one line of UTF-8.
    pub name: LegalName,
    /// Division in which it is registered (GB/T 2260).
    pub region: RegionCode,
    /// Global Location Number, not yet registered.
    pub gln: Option<Gln>,
    /// Decentralised identifier of method web or key, not yet registered.
    pub did: Option<Did>,
}

/// Whether an agent's key may act.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum AgentStatus<AccountId> {
    /// The key may act.
    #[codec(index = 0)]
    Active,
    /// The key was withdrawn; it can never be registered again.
    #[codec(index = 1)]
    Revoked {
        /// When it was withdrawn.
        since: Seconds,
    },
    /// Another key took over; this one can never be registered again.
    #[codec(index = 2)]
    Replaced {
        /// When it was replaced.
        since: Seconds,
        /// The key that took over.
        by: AccountId,
    },
}

/// Transactions that an agent has sent on one day.
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
pub struct QuotaUse {
    /// The day in China Standard Time, counted from 1970-01-01.
    pub day: u32,
    /// Transactions on that day.
    pub used: u32,
}

impl QuotaUse {
    /// Offset of China Standard Time, in seconds; it has no summer time.
    const CST_OFFSET: Seconds = 8 * 3_600;

    /// The day in China Standard Time that `now` falls on.
    pub fn day_of(now: Seconds) -> u32 {
        u32::try_from(now.saturating_add(Self::CST_OFFSET) / 86_400).unwrap_or(u32::MAX)
    }

    /// Transactions sent on `day`.
    pub fn used_on(self, day: u32) -> u32 {
        if self.day == day { self.used } else { 0 }
    }
}

/// An agent: a key that acts for an organisation. Nothing here identifies a person.
///
/// The record of a withdrawn key is kept, so that what it signed stays attributable and its
/// account, whose nonce starts again at zero, can never act again.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct AgentDetails<AccountId> {
    /// For whom it acts.
    pub organisation: OrganisationId,
    /// What it may do.
    pub powers: Powers,
    /// Whether it may act.
    pub status: AgentStatus<AccountId>,
    /// Salted commitment to who holds the key, made and opened off chain.
    pub commitment: Option<Digest>,
    /// Transactions sent on the last day on which it sent any.
    pub quota: QuotaUse,
}

/// A role that an organisation holds for a region, subjects and a period (职能).
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Capacity {
    /// Who holds it.
    pub organisation: OrganisationId,
    /// What it allows.
    pub role: Role,
    /// Where: this division and all inside it.
    pub region: RegionCode,
    /// To what it is limited; empty is not limited.
    pub subjects: Subjects,
    /// First second in which it is in force.
    pub valid_from: Seconds,
    /// First second in which it is no longer in force; `None` is without end.
    pub valid_until: Option<Seconds>,
    /// Who granted it.
    pub granter: Granter,
    /// When it was revoked; from that second on it is not in force.
    pub revoked_at: Option<Seconds>,
}

impl Capacity {
    /// Whether it is in force at `at`.
    pub fn is_in_force(&self, at: Seconds) -> bool {
        self.valid_from <= at
            && self.valid_until.is_none_or(|end| at < end)
            && self.revoked_at.is_none_or(|end| at < end)
    }

    /// Whether its subjects include `subject`.
    pub fn covers_subject(&self, subject: &[u8]) -> bool {
        self.subjects.is_empty() || self.subjects.iter().any(|own| own.as_slice() == subject)
    }

    /// Whether its subjects include all of `subjects`.
    pub fn covers_subjects(&self, subjects: &Subjects) -> bool {
        self.subjects.is_empty()
            || (!subjects.is_empty() && subjects.iter().all(|s| self.covers_subject(s)))
    }

    /// Whether a period that begins at `from`, which is not before its own begin, lies within its
    /// own.
    pub fn covers_period(&self, from: Seconds, until: Option<Seconds>) -> bool {
        self.valid_from <= from
            && match (self.valid_until, until) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(own), Some(other)) => other <= own,
            }
    }

    /// Whether its period and the other one have a second in common.
    pub fn overlaps(&self, from: Seconds, until: Option<Seconds>) -> bool {
        self.valid_until.is_none_or(|end| from < end)
            && until.is_none_or(|end| self.valid_from < end)
    }
}

/// A capacity that is to be granted.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Grant {
    /// Who is to hold it.
    pub organisation: OrganisationId,
    /// What it allows.
    pub role: Role,
    /// Where: this division and all inside it.
    pub region: RegionCode,
    /// To what it is limited, each once and not empty; none is not limited.
    pub subjects: Subjects,
    /// First second in which it is in force; a time in the past counts as now.
    pub valid_from: Seconds,
    /// First second in which it is no longer in force, after `valid_from` and now; `None` is
    /// without end.
    pub valid_until: Option<Seconds>,
}

/// An organisation as view functions answer it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct OrganisationInfo {
    /// Its number.
    pub id: OrganisationId,
    /// What is read whenever one of its agents acts.
    pub details: OrganisationDetails,
    /// Its name and registration.
    pub profile: OrganisationProfile,
}

/// An agent as view functions answer it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AgentInfo<AccountId> {
    /// Its record.
    pub details: AgentDetails<AccountId>,
    /// Whether its transactions are accepted: it and its organisation are active.
    pub may_act: bool,
    /// Transactions that it may still send today.
    pub quota_left: u32,
}
