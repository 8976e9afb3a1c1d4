//! Certificates, and what is found against them.

use super::{ApplicationId, BaseIds, DutyId, MAX_CHANGES, MAX_PRODUCTS, Text};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use pallet_calendar::{CivilDate, Moment};
use pallet_participants::OrganisationId;
use pallet_traceability::{CertificateId, CertificateStatus, Commitment, Gtin, SchemeId};
use scale_info::TypeInfo;

/// Published number of a certificate.
pub type CertificateNumber = Text;

/// Number of a finding, given in order of recording.
pub type FindingId = u32;

/// A certified product. Quantities are in content units (mg, ml or pieces) for the whole period.
///
/// Laws: `drawn <= quantity` and `sold <= quantity`.
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
pub struct CertifiedProduct {
    /// The product; packs that name it as their content are covered with it.
    pub gtin: Gtin,
    /// Certified quantity.
    #[codec(compact)]
    pub quantity: u128,
    /// Area on which it is grown, in 1/300 m².
    #[codec(compact)]
    pub area_units: u64,
    /// Drawn for marks and not given back.
    #[codec(compact)]
    pub drawn: u128,
    /// On transaction certificates that are not void.
    #[codec(compact)]
    pub sold: u128,
}

impl CertifiedProduct {
    /// Draws `quantity` for marks; `None`, and nothing drawn, if less is left.
    pub(crate) fn draw(&mut self, quantity: u128) -> Option<()> {
        self.drawn = self.drawn.checked_add(quantity).filter(|drawn| *drawn <= self.quantity)?;
        Some(())
    }

    /// Gives back what was drawn for marks; `None`, and nothing given back, if it is more.
    pub(crate) fn give_back(&mut self, quantity: u128) -> Option<()> {
        self.drawn = self.drawn.checked_sub(quantity)?;
        Some(())
    }

    /// Counts a sale of `quantity`; `None`, and nothing counted, if less is left.
    pub(crate) fn sell(&mut self, quantity: u128) -> Option<()> {
        self.sold = self.sold.checked_add(quantity).filter(|sold| *sold <= self.quantity)?;
        Some(())
    }
}

/// A suspension that runs, or has run over (暂停).
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
pub struct Suspension {
    /// The finding that it rests on.
    pub finding: FindingId,
    /// Block time.
    pub since: Moment,
    /// First moment at which it may be lifted: the scheme's shortest suspension, or the day an
    /// appeal against it was upheld.
    pub earliest_end: Moment,
    /// First moment after it. A suspension that still stands then is overdue: the certificate is
    /// to be revoked.
    pub latest_end: Moment,
    /// Whether an authority ordered it, which alone lifts it then.
    pub by_authority: bool,
}

/// What was decided last about a certificate; that its period is over shows in its dates.
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
pub enum CertificateState {
    /// In force during its period.
    #[codec(index = 0)]
    InForce,
    /// Suspended.
    #[codec(index = 1)]
    Suspended(
        /// How long and why.
        Suspension,
    ),
    /// Revoked (撤销).
    #[codec(index = 2)]
    Revoked(
        /// The finding that it rests on.
        FindingId,
    ),
    /// Cancelled (注销).
    #[codec(index = 3)]
    Cancelled,
}

/// A change of a certificate's status.
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
    /// Block time.
    pub at: Moment,
    /// Status from then on, while its period lasts.
    pub status: CertificateStatus,
}

/// A certificate (认证证书).
///
/// Complete in itself: its status now follows from `state` and the dates, on any past date from
/// `changes` and the dates.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Certificate {
    /// Published number.
    pub number: CertificateNumber,
    /// Holder.
    pub holder: OrganisationId,
    /// Certification body.
    pub body: OrganisationId,
    /// Scheme.
    pub scheme: SchemeId,
    /// Application that it was decided on, with inspections, tests and signatures.
    pub application: ApplicationId,
    /// Products, ascending by GTIN.
    pub products: BoundedVec<CertifiedProduct, ConstU32<MAX_PRODUCTS>>,
    /// Bases, ascending.
    pub bases: BaseIds,
    /// Block time of issue.
    pub issued_at: Moment,
    /// First date.
    pub valid_from: CivilDate,
    /// First date after its period.
    pub expires: CivilDate,
    /// What was decided last.
    pub state: CertificateState,
    /// The body's duty to cancel or change it, while a request of the holder is pending.
    pub request: Option<DutyId>,
    /// Every change of its status, oldest first; the first is its issue.
    pub changes: BoundedVec<StatusChange, ConstU32<MAX_CHANGES>>,
    /// Version of the governed data by which it was decided.
    pub rule_set: u32,
}

impl Certificate {
    /// First moment at which it may be used: that of its issue or its first date.
    pub fn starts_at(&self) -> Moment {
        self.issued_at.max(self.valid_from.start())
    }

    /// First moment at which its period is over.
    pub fn expires_at(&self) -> Moment {
        self.expires.start()
    }

    /// Status in force at `at`; `None` before it starts.
    ///
    /// Past the period, what was neither revoked nor cancelled has expired, without any
    /// transaction.
    pub fn status_at(&self, at: Moment) -> Option<CertificateStatus> {
        if at < self.starts_at() {
            return None;
        }
        let status = self.changes.iter().rev().find(|change| change.at <= at)?.status;
        let ended = matches!(status, CertificateStatus::Revoked | CertificateStatus::Cancelled);
        Some(if !ended && at >= self.expires_at() { CertificateStatus::Expired } else { status })
    }

    /// Whether it is neither revoked, cancelled nor expired at `at`, which is not in the past; it
    /// need not have started.
    pub fn is_live(&self, at: Moment) -> bool {
        matches!(self.state, CertificateState::InForce | CertificateState::Suspended(_))
            && at < self.expires_at()
    }

    /// The suspension that has outlasted its latest end at `at`, which is not in the past.
    pub fn overdue_suspension(&self, at: Moment) -> Option<Suspension> {
        match self.state {
            CertificateState::Suspended(suspension)
                if self.is_live(at) && at >= suspension.latest_end =>
            {
                Some(suspension)
            }
            _ => None,
        }
    }
}

/// A certificate as view functions answer it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct CertificateInfo {
    /// Its record.
    pub certificate: Certificate,
    /// Status now; `None` before it starts.
    pub status: Option<CertificateStatus>,
    /// Whether its suspension has outlasted its latest end.
    pub suspension_overdue: bool,
    /// Standing of the body's approval now; one that is withdrawn shows here.
    pub body_standing: Option<super::Standing>,
    /// Whether the body's approval is in force now, its period included.
    pub body_approved: bool,
}

/// Why something is found against a certificate.
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
pub enum Ground {
    /// Certificate or mark misused (误用证书或标志).
    #[codec(index = 0)]
    MarkMisused,
    /// A nonconformity that can be cured in time.
    #[codec(index = 1)]
    NonConformity,
    /// The holder refuses surveillance.
    #[codec(index = 2)]
    SurveillanceRefused,
    /// Mandatory rules are not met (不符合强制性要求).
    #[codec(index = 3)]
    MandatoryRulesFailed,
    /// A forbidden substance was detected (检出禁用物质).
    #[codec(index = 4)]
    ForbiddenSubstance,
    /// Certified by false statements.
    #[codec(index = 5)]
    FalseStatement,
    /// A suspension ended without cure.
    #[codec(index = 6)]
    NotCured,
    /// Nothing against it: surveillance found it in order.
    #[codec(index = 7)]
    InOrder,
}

/// What a finding demands by the rules.
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
pub enum Consequence {
    /// Nothing.
    #[codec(index = 0)]
    None,
    /// That the certificate be suspended.
    #[codec(index = 1)]
    Suspend,
    /// That it be revoked.
    #[codec(index = 2)]
    Revoke,
}

impl Ground {
    /// Whether it may demand `consequence`.
    pub fn allows(self, consequence: Consequence) -> bool {
        match self {
            Self::MarkMisused | Self::NonConformity | Self::SurveillanceRefused => true,
            Self::MandatoryRulesFailed
            | Self::ForbiddenSubstance
            | Self::FalseStatement
            | Self::NotCured => consequence == Consequence::Revoke,
            Self::InOrder => consequence == Consequence::None,
        }
    }
}

/// What a holder asks the body to do.
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
pub enum ChangeRequest {
    /// To cancel the certificate.
    #[codec(index = 0)]
    Cancel,
    /// To take products off it or lower a quantity (变更).
    #[codec(index = 1)]
    Reduce,
}

/// In which capacity something is found.
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
pub enum FinderKind {
    /// The certification body itself (surveillance, 跟踪检查).
    #[codec(index = 0)]
    Body,
    /// An inspection body.
    #[codec(index = 1)]
    InspectionBody,
    /// A laboratory.
    #[codec(index = 2)]
    Lab,
    /// CNCA or market supervision.
    #[codec(index = 3)]
    Authority,
}

/// How a finding was closed.
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
pub enum Closure {
    /// The certificate was suspended on it.
    #[codec(index = 0)]
    Suspended,
    /// The certificate was revoked on it.
    #[codec(index = 1)]
    Revoked,
    /// It was found to be unfounded, or the certificate had ended.
    #[codec(index = 2)]
    Dismissed,
    /// It demanded nothing.
    #[codec(index = 3)]
    NothingToDo,
}

/// Something found in surveillance, by a test, or by an authority.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Finding<AccountId> {
    /// Certificate.
    pub certificate: CertificateId,
    /// Who found it.
    pub found_by: OrganisationId,
    /// In which capacity.
    pub finder: FinderKind,
    /// What.
    pub ground: Ground,
    /// What it demands.
    pub consequence: Consequence,
    /// Block time.
    pub at: Moment,
    /// Commitment to the evidence.
    pub evidence: Commitment,
    /// The body's duty to act on it.
    pub duty: Option<DutyId>,
    /// How it was closed, and the first key of the agent who closed it.
    pub closed: Option<(Closure, AccountId)>,
    /// Version of the governed data.
    pub rule_set: u32,
}
