//! An application, from filing to decision.

use super::{BaseIds, CertificateNumber, DutyId, MAX_INSPECTIONS, MAX_PRODUCTS, PersonId, Signer};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use pallet_calendar::{CivilDate, Moment};
use pallet_participants::OrganisationId;
use pallet_traceability::{CertificateId, Commitment, Gtin, SchemeId};
use scale_info::TypeInfo;

/// Number of an application, given in order of filing.
pub type ApplicationId = u32;

/// A product that is to be certified.
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
pub struct ProductLine {
    /// The product.
    pub gtin: Gtin,
    /// Content units (mg, ml or pieces) in the whole period of the certificate, at least 1.
    #[codec(compact)]
    pub quantity: u128,
    /// Area on which it is grown, in 1/300 m², at least 1 and at most the area of the bases.
    #[codec(compact)]
    pub area_units: u64,
}

/// Products, ascending by GTIN and without repetition.
pub type ProductLines = BoundedVec<ProductLine, ConstU32<MAX_PRODUCTS>>;

/// What a client asks for.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct ApplicationRequest {
    /// Certification body that is to certify.
    pub body: OrganisationId,
    /// Scheme.
    pub scheme: SchemeId,
    /// Products with quantities and areas.
    pub products: ProductLines,
    /// The client's bases, ascending.
    pub bases: BaseIds,
    /// Certificate of the same client and scheme that is to be renewed.
    pub renews: Option<CertificateId>,
    /// Commitment to the application's documents.
    pub document: Commitment,
}

/// How far an application has come.
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
pub enum Stage {
    /// Filed (申请).
    #[codec(index = 0)]
    Applied,
    /// Accepted for evaluation (受理).
    #[codec(index = 1)]
    Accepted,
    /// At least one inspection is on record (检查).
    #[codec(index = 2)]
    Inspected,
    /// At least one test is on record (检测).
    #[codec(index = 3)]
    Tested,
    /// A certifier has proposed and signed a decision.
    #[codec(index = 4)]
    Proposed,
    /// Decided: certified (发证).
    #[codec(index = 5)]
    Certified(
        /// The certificate.
        CertificateId,
    ),
    /// Decided: not certified.
    #[codec(index = 6)]
    Rejected,
    /// Not accepted (不予受理).
    #[codec(index = 7)]
    Refused,
    /// Given up by the client.
    #[codec(index = 8)]
    Withdrawn,
}

impl Stage {
    /// Whether inspections and tests may be added.
    pub fn is_evaluated(self) -> bool {
        matches!(self, Self::Accepted | Self::Inspected | Self::Tested)
    }

    /// Whether nothing more happens to the application.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Certified(_) | Self::Rejected | Self::Refused | Self::Withdrawn)
    }
}

/// An inspection on site (现场检查).
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Inspection<AccountId> {
    /// First key of the agent who inspected: a certifier of the body or of an inspection body.
    pub inspector: AccountId,
    /// The certifier; `None` if he is of an inspection body.
    pub person: Option<PersonId>,
    /// The organisation that he acts for.
    pub organisation: OrganisationId,
    /// When it was, not before the application and not in the future.
    pub inspected_at: Moment,
    /// Bases that were inspected, ascending, all of the application.
    pub bases: BaseIds,
    /// Nonconformities (不符合项) that are not corrected.
    pub n_open_nonconformities: u16,
    /// Commitment to the report with its findings.
    pub report: Commitment,
}

/// A laboratory's report on one product (检测报告).
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
pub struct TestReport {
    /// Product.
    pub gtin: Gtin,
    /// Laboratory.
    pub lab: OrganisationId,
    /// Whether the sample conformed.
    pub passed: bool,
    /// When the sample was taken, not before the application and not in the future.
    pub sampled_at: Moment,
    /// Commitment to the report.
    pub report: Commitment,
}

/// What is decided on an application.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Outcome {
    /// To certify.
    #[codec(index = 0)]
    Certify {
        /// Number of the certificate, never used before.
        number: CertificateNumber,
        /// Products, all of the application, with at most its quantities and areas.
        products: ProductLines,
        /// First date of the certificate.
        valid_from: CivilDate,
    },
    /// Not to certify.
    #[codec(index = 1)]
    Reject {
        /// Commitment to the reasons.
        reason: Commitment,
    },
}

/// A decision signed by a certifier, waiting for the head of the body.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Proposal<AccountId> {
    /// First key of the certifier's agent.
    pub certifier: AccountId,
    /// The certifier.
    pub person: PersonId,
    /// What he decided.
    pub outcome: Outcome,
    /// Block time.
    pub at: Moment,
}

/// An application (认证申请) with what was found.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Application<AccountId> {
    /// Who applies.
    pub client: OrganisationId,
    /// What for.
    pub request: ApplicationRequest,
    /// How far it has come.
    pub stage: Stage,
    /// Block time of filing.
    pub applied_at: Moment,
    /// For a renewal: whether it was filed as long before the end as the scheme wants.
    pub filed_in_time: bool,
    /// The duty that runs: to accept, then to decide.
    pub duty: Option<DutyId>,
    /// Inspections, oldest first.
    pub inspections: BoundedVec<Inspection<AccountId>, ConstU32<MAX_INSPECTIONS>>,
    /// Latest test of each product, ascending by GTIN.
    pub tests: BoundedVec<TestReport, ConstU32<MAX_PRODUCTS>>,
    /// Decision signed by a certifier; kept after the head has signed.
    pub proposal: Option<Proposal<AccountId>>,
    /// First key of the head of the body who signed.
    pub signed_by: Option<AccountId>,
    /// Version of the governed data when it was filed.
    pub rule_set: u32,
}

impl<AccountId: PartialEq> Application<AccountId> {
    /// Whether `who` inspected; an evaluator does not decide (ISO/IEC 17065 §7.6).
    pub fn was_inspected_by(&self, who: &Signer<AccountId>) -> bool {
        self.inspections.iter().any(|inspection| who.is(&inspection.inspector, inspection.person))
    }

    /// Whether every base was inspected.
    pub fn is_inspection_complete(&self) -> bool {
        self.request
            .bases
            .iter()
            .all(|base| self.inspections.iter().any(|inspection| inspection.bases.contains(base)))
    }

    /// Moment of the last inspection.
    pub fn last_inspected_at(&self) -> Option<Moment> {
        self.inspections.iter().map(|inspection| inspection.inspected_at).max()
    }
}
