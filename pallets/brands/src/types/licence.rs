//! Licences (授权): who may use a brand, for what, from where, and how much.

use super::{Bases, BrandId, Commitment, Fen, Moment, Period, PeriodRule, Products, SubBrand};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_calendar::CivilDate;
use pallet_participants::OrganisationId;
use pallet_traceability::{CertificateId, Gtin};
use scale_info::TypeInfo;

/// How far a licence has come.
///
/// ```text
/// Applied ─ Inspected ─ Granted ─ Suspended ⇄ Restored ─ Revoked | Expired | Withdrawn
///    └──────────┴─ Refused                (each of Granted, Suspended and Restored may end)
/// ```
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
pub enum LicenceStatus {
    /// The applicant asked for it.
    #[codec(index = 0)]
    Applied,
    /// An inspection of the applicant was passed.
    #[codec(index = 1)]
    Inspected,
    /// In force within its term.
    #[codec(index = 2)]
    Granted,
    /// Out of force until it is restored; stock of labels is frozen.
    #[codec(index = 3)]
    Suspended,
    /// In force again, within its term.
    #[codec(index = 4)]
    Restored,
    /// Ended by the brand, for ever.
    #[codec(index = 5)]
    Revoked,
    /// Its term is over. Answered by [`LicenceDetails::status_at`], never stored: no transaction
    /// happens at the end of a term.
    #[codec(index = 6)]
    Expired,
    /// Given up by the applicant or licensee.
    #[codec(index = 7)]
    Withdrawn,
    /// Not granted.
    #[codec(index = 8)]
    Refused,
}

impl LicenceStatus {
    /// Whether it allows use of the brand, within the term.
    pub const fn is_in_force(self) -> bool {
        matches!(self, Self::Granted | Self::Restored)
    }

    /// Whether it was granted and has not ended, within the term.
    pub const fn is_granted(self) -> bool {
        matches!(self, Self::Granted | Self::Restored | Self::Suspended)
    }

    /// Whether it still may be or come in force, within the term.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Applied | Self::Inspected) || self.is_granted()
    }
}

/// A product of a licence and how much of it may be labelled.
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
pub struct LicensedProduct {
    /// The product.
    pub gtin: Gtin,
    /// Most that may be labelled in one period, in content units (mg, ml or pieces), at least 1.
    #[codec(compact)]
    pub quota: u128,
}

/// What an applicant asks for.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Application {
    /// Name of the sub-brand (子品牌), which stands beside the brand and never alone.
    pub sub_brand: Option<SubBrand>,
    /// Products with their quotas, ascending by GTIN; at least one.
    pub products: Products,
    /// Production bases, ascending; at least one.
    pub bases: Bases,
    /// Certificate, where the brand asks for one.
    pub certificate: Option<CertificateId>,
    /// First moment of the term.
    pub valid_from: Moment,
    /// First moment behind the term.
    pub valid_until: Moment,
}

/// A licence.
///
/// Whether it is in force is proven by this one record and a clock, and by its certificate's if it
/// names one: a licence stops with its certificate.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct LicenceDetails {
    /// The brand.
    pub brand: BrandId,
    /// Organisation that may use it.
    pub licensee: OrganisationId,
    /// How far it has come; behind `valid_until`, a licence that is in force or suspended is
    /// expired, see [`status_at`](Self::status_at).
    pub status: LicenceStatus,
    /// Block time since which it has this status.
    pub status_since: Moment,
    /// Name of the sub-brand, which stands beside the brand and never alone.
    pub sub_brand: Option<SubBrand>,
    /// Products with their quotas, ascending by GTIN.
    pub products: Products,
    /// Production bases, ascending.
    pub bases: Bases,
    /// Certificate, where the brand asks for one.
    pub certificate: Option<CertificateId>,
    /// First moment of the term.
    pub valid_from: Moment,
    /// First moment behind the term.
    pub valid_until: Moment,
    /// Block time of the grant, if it was granted.
    pub granted_at: Option<Moment>,
    /// Periods of the quotas.
    pub period: PeriodRule,
    /// Fee as agreed, in fen; 0 before it is granted.
    #[codec(compact)]
    pub fee_fen: Fen,
    /// Version of the brand's rules that was applied.
    pub rules_version: u32,
    /// Version of the governed data under which it was granted; before that, applied for.
    pub rule_set: u32,
    /// Changes of status so far.
    pub n_changes: u32,
    /// Inspections so far.
    pub n_inspections: u32,
}

impl LicenceDetails {
    /// The status at `at`, if `status` was the last that it got before.
    pub fn status_at(&self, status: LicenceStatus, at: Moment) -> LicenceStatus {
        if status.is_granted() && at >= self.valid_until { LicenceStatus::Expired } else { status }
    }

    /// The status at `now`, when nothing changes it before.
    pub fn status_now(&self, now: Moment) -> LicenceStatus {
        self.status_at(self.status, now)
    }

    /// Whether it is in force at `now`. The brand may be used then if its certificate, too, is
    /// valid.
    pub fn is_in_force(&self, now: Moment) -> bool {
        self.status.is_in_force() && (self.valid_from..self.valid_until).contains(&now)
    }

    /// The quota of a product.
    pub fn quota(&self, gtin: &Gtin) -> Option<u128> {
        let index = self.products.binary_search_by_key(gtin, |product| product.gtin).ok()?;
        self.products.get(index).map(|product| product.quota)
    }

    /// First moment behind the period that runs at `at`.
    pub fn period_end(&self, at: Moment) -> Moment {
        let today = CivilDate::from_moment(at);
        match self.period {
            PeriodRule::CalendarYear => CivilDate::from_ymd(today.year().saturating_add(1), 1, 1)
                .map_or(Moment::MAX, CivilDate::start),
            PeriodRule::Days(length) => {
                let begin = CivilDate::from_moment(self.valid_from);
                let n_days =
                    u32::from(length.max(1)).saturating_mul(self.period_at(at).saturating_add(1));
                begin.checked_add(n_days).map_or(Moment::MAX, CivilDate::start)
            }
        }
    }

    /// The period that runs at `at`, which is within the term.
    pub fn period_at(&self, at: Moment) -> Period {
        let today = CivilDate::from_moment(at);
        match self.period {
            PeriodRule::CalendarYear => u32::from(today.year()),
            PeriodRule::Days(length) => {
                let begin = CivilDate::from_moment(self.valid_from);
                today.0.saturating_sub(begin.0) / u32::from(length.max(1))
            }
        }
    }
}

/// A change of a licence's status.
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
pub struct StatusChange {
    /// Block time from which on it has the status.
    pub at: Moment,
    /// The status.
    pub status: LicenceStatus,
    /// Organisation that changed it.
    pub by: OrganisationId,
    /// Commitment to the reason, where one is due.
    pub reason: Option<Commitment>,
}

/// Until when a base is spoken for under a brand: no second licence counts the same land before.
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
pub struct Tenure {
    /// Licence that counts it.
    pub licence: super::LicenceId,
    /// Until when an earlier licence counted it; 0 if none did.
    pub before: Moment,
    /// First moment in which another licence may count it: the end of the last quota period.
    pub until: Moment,
}

/// What has been labelled of a product in a period, in content units.
///
/// Law: `orders + series` is at most the quota.
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
pub struct Usage {
    /// By labels issued on orders, less void and destroyed ones.
    #[codec(compact)]
    pub orders: u128,
    /// By label series, less what was given back.
    #[codec(compact)]
    pub series: u128,
}

impl Usage {
    /// All of it; `None` beyond the largest number.
    pub fn total(&self) -> Option<u128> {
        self.orders.checked_add(self.series)
    }
}
