//! Certification bodies, accreditation, and certifiers.

use super::{MAX_CATEGORIES, MAX_SCHEMES, MAX_STANDINGS, Text};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use pallet_calendar::{CivilDate, Moment};
use pallet_participants::OrganisationId;
use pallet_traceability::{Commitment, SchemeId};
use scale_info::TypeInfo;

/// What an approval or accreditation is for.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Scope {
    /// Schemes, ascending, at least one.
    pub schemes: BoundedVec<SchemeId, ConstU32<MAX_SCHEMES>>,
    /// Product categories (GPC bricks), ascending; none is not limited.
    pub categories: BoundedVec<u32, ConstU32<MAX_CATEGORIES>>,
}

impl Scope {
    /// Whether it names a scheme, and everything once and in order.
    pub fn is_valid(&self) -> bool {
        !self.schemes.is_empty()
            && self.schemes.is_sorted_by(|left, right| left < right)
            && self.categories.is_sorted_by(|left, right| left < right)
    }

    /// Whether it has `scheme`, for products of `category`.
    pub fn covers(&self, scheme: SchemeId, category: u32) -> bool {
        self.schemes.binary_search(&scheme).is_ok()
            && (self.categories.is_empty() || self.categories.binary_search(&category).is_ok())
    }
}

/// From one date to another, both included.
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
pub struct Period {
    /// First date.
    pub from: CivilDate,
    /// Last date.
    pub until: CivilDate,
}

impl Period {
    /// Whether it contains the date on which `at` falls.
    pub fn contains(self, at: Moment) -> bool {
        let date = CivilDate::from_moment(at);
        self.from <= date && date <= self.until
    }
}

/// Whether an approval or accreditation is in force.
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
pub enum Standing {
    /// It is.
    #[codec(index = 0)]
    InForce,
    /// Not for the time being (暂停).
    #[codec(index = 1)]
    Suspended,
    /// No longer (撤销), for ever.
    #[codec(index = 2)]
    Withdrawn,
}

/// A change of a standing.
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
pub struct StandingChange {
    /// Block time.
    pub at: Moment,
    /// Standing from then on.
    pub standing: Standing,
    /// Commitment to the decision.
    pub document: Commitment,
}

/// Changes of a standing, oldest first.
pub type Standings = BoundedVec<StandingChange, ConstU32<MAX_STANDINGS>>;

/// The standing at `at`; `None` before the first.
pub fn standing_at(standings: &Standings, at: Moment) -> Option<Standing> {
    standings.iter().rev().find(|change| change.at <= at).map(|change| change.standing)
}

/// What a certification body is in law.
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
pub enum BodyKind {
    /// A domestic legal person.
    #[codec(index = 0)]
    Domestic,
    /// A foreign-funded legal person (外商投资).
    #[codec(index = 1)]
    ForeignFunded,
    /// A representative office of a foreign body: may promote, may not certify (条例 Art. 12).
    #[codec(index = 2)]
    ForeignOffice,
}

/// The code of a certification body in organic codes: three ASCII digits.
pub type BodyCode = [u8; 3];

/// Particulars of an approval.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct ApprovalTerms {
    /// Number of the approval, such as `CNCA-R-2002-001`; its last three characters are digits.
    pub number: Text,
    /// What the body is.
    pub kind: BodyKind,
    /// What it may certify.
    pub scope: Scope,
    /// When it may.
    pub period: Period,
}

impl ApprovalTerms {
    /// The body's code: the last three digits of the number; for a foreign-funded body 9 and the
    /// last two. `None` if the number does not end in three digits.
    pub fn code(&self) -> Option<BodyCode> {
        let digits: BodyCode = self.number.last_chunk().copied()?;
        let [_, tens, units] = digits;
        digits.iter().all(u8::is_ascii_digit).then_some(match self.kind {
            BodyKind::ForeignFunded => [b'9', tens, units],
            _ => digits,
        })
    }
}

/// Approval of a certification body (认证机构批准).
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct CertBodyApproval<AccountId> {
    /// Particulars.
    pub terms: ApprovalTerms,
    /// Code in organic codes.
    pub code: BodyCode,
    /// First key of the agent of the head of the body (认证机构负责人), who signs its decisions.
    pub head: AccountId,
    /// Its standing, and every earlier one.
    pub standings: Standings,
    /// Authority that approved.
    pub approved_by: OrganisationId,
}

impl<AccountId> CertBodyApproval<AccountId> {
    /// Standing of the approval, its period left aside.
    pub fn standing(&self) -> Standing {
        self.standings.last().map_or(Standing::Withdrawn, |change| change.standing)
    }

    /// Whether it was in force at `at`.
    pub fn is_in_force(&self, at: Moment) -> bool {
        self.terms.period.contains(at)
            && standing_at(&self.standings, at) == Some(Standing::InForce)
    }
}

/// Accreditation (认可) of a certification body or laboratory.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Accreditation {
    /// Number of the certificate of accreditation.
    pub number: Text,
    /// Schemes and categories.
    pub scope: Scope,
    /// When it is valid.
    pub period: Period,
    /// Its standing, and every earlier one.
    pub standings: Standings,
    /// Accreditation body.
    pub accredited_by: OrganisationId,
}

impl Accreditation {
    /// Standing of the accreditation, its period left aside.
    pub fn standing(&self) -> Standing {
        self.standings.last().map_or(Standing::Withdrawn, |change| change.standing)
    }

    /// Whether it was in force at `at` for products of `category` under `scheme`.
    pub fn covers(&self, at: Moment, scheme: SchemeId, category: u32) -> bool {
        self.period.contains(at)
            && standing_at(&self.standings, at) == Some(Standing::InForce)
            && self.scope.covers(scheme, category)
    }
}

/// A person as the register of certifiers knows it: SHA-256 over the register's salt for this
/// person and the identity number.
///
/// The register (认证人员注册) gives one commitment to each person, so that registering with a
/// second body shows; nobody else can test a guess.
pub type PersonId = [u8; 32];

/// A certifier (认证人员): a person who practises with one body only (条例 Art. 14).
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Certifier<AccountId> {
    /// The body, and the first key of his agent there; `None` when with no body.
    pub practice: Option<(OrganisationId, AccountId)>,
    /// May not practise before this date; `None` if not barred.
    pub barred_until: Option<CivilDate>,
}

impl<AccountId> Certifier<AccountId> {
    /// Whether the person is barred at `at`.
    pub fn is_barred(&self, at: Moment) -> bool {
        self.barred_until.is_some_and(|until| CivilDate::from_moment(at) < until)
    }
}

/// Who signs, as records name him: whatever key he has now, and whether or not he has left the body
/// and come back with another agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer<AccountId> {
    /// First key of his agent.
    pub agent: AccountId,
    /// The person, if he is a certifier.
    pub person: Option<PersonId>,
}

impl<AccountId: PartialEq> Signer<AccountId> {
    /// Whether he is the one of a record.
    pub fn is(&self, agent: &AccountId, person: Option<PersonId>) -> bool {
        self.agent == *agent || (person.is_some() && self.person == person)
    }
}

/// What a body has done, counted.
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
pub struct Tally {
    /// Certifiers who practise with it now.
    pub n_certifiers: u32,
    /// Certificates that it issued.
    pub n_issued: u32,
    /// Its certificates that stand suspended now, whether or not their period is over.
    pub n_suspended: u32,
    /// Its certificates that were revoked.
    pub n_revoked: u32,
    /// Its certificates that were cancelled.
    pub n_cancelled: u32,
}
