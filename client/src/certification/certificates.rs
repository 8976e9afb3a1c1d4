//! Applications, certificates, what is found against them, and what is sold under them.

use super::{DutyId, PersonId, SchemeId, Standing};
use crate::{
    calendar::CivilDate,
    gs1::{BatchId, Gtin},
    moment::Moment,
    traceability::{Commitment, OrganisationId, PlaceId},
};
use codec::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Number of an application, given in order of filing.
pub type ApplicationId = u32;
/// Number of a certificate on chain, given in order of issue.
pub type CertificateId = u32;
/// Number of a finding, given in order of recording.
pub type FindingId = u32;
/// Number of a transaction certificate, given in order of issue.
pub type TransactionCertificateId = u32;

/// A product that is to be certified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductLine {
    /// The product.
    pub gtin: Gtin,
    /// Content units (mg, ml or pieces) in the whole period of the certificate, at least 1.
    #[serde(with = "crate::integer")]
    pub quantity: u128,
    /// Area on which it is grown, in 1/300 m², at least 1 and at most the area of the bases.
    #[serde(with = "crate::integer")]
    pub area_units: u64,
}

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationRequest {
    /// Certification body that is to certify.
    pub body: OrganisationId,
    /// Scheme.
    pub scheme: SchemeId,
    /// Products with quantities and areas, ascending by GTIN, 1 to 16.
    pub products: Vec<ProductLine>,
    /// The client's bases, ascending, 1 to 32.
    pub bases: Vec<PlaceId>,
    /// Certificate of the same client and scheme that is to be renewed.
    pub renews: Option<CertificateId>,
    /// Commitment to the application's documents.
    pub document: Commitment,
}

/// How far an application has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Filed (申请).
    Applied,
    /// Accepted for evaluation (受理).
    Accepted,
    /// At least one inspection is on record (检查).
    Inspected,
    /// At least one test is on record (检测).
    Tested,
    /// A certifier has proposed and signed a decision.
    Proposed,
    /// Decided: certified (发证), under this number.
    Certified(CertificateId),
    /// Decided: not certified.
    Rejected,
    /// Not accepted (不予受理).
    Refused,
    /// Given up by the client.
    Withdrawn,
}

/// An inspection on site (现场检查).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// Address of the first key of the agent who inspected.
    pub inspector: String,
    /// The certifier; `None` if he is of an inspection body.
    pub person: Option<PersonId>,
    /// The organisation that he acts for.
    pub organisation: OrganisationId,
    /// When it was.
    pub inspected_at: Moment,
    /// Bases that were inspected, ascending.
    pub bases: Vec<PlaceId>,
    /// Nonconformities (不符合项) that are not corrected.
    pub n_open_nonconformities: u16,
    /// Commitment to the report with its findings.
    pub report: Commitment,
}

/// A laboratory's report on one product (检测报告).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestReport {
    /// Product.
    pub gtin: Gtin,
    /// Laboratory.
    pub lab: OrganisationId,
    /// Whether the sample conformed.
    pub passed: bool,
    /// When the sample was taken.
    pub sampled_at: Moment,
    /// Commitment to the report.
    pub report: Commitment,
}

/// What is decided on an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// To certify.
    Certify {
        /// Number of the certificate, never used before.
        #[serde(with = "crate::text")]
        number: String,
        /// Products, all of the application, with at most its quantities and areas.
        products: Vec<ProductLine>,
        /// First date of the certificate.
        valid_from: CivilDate,
    },
    /// Not to certify.
    Reject {
        /// Commitment to the reasons.
        reason: Commitment,
    },
}

/// A decision signed by a certifier, waiting for the head of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Address of the first key of the certifier's agent.
    pub certifier: String,
    /// The certifier.
    pub person: PersonId,
    /// What he decided.
    pub outcome: Outcome,
    /// Block time.
    pub at: Moment,
}

/// An application (认证申请) with what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
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
    pub inspections: Vec<Inspection>,
    /// Latest test of each product, ascending by GTIN.
    pub tests: Vec<TestReport>,
    /// Decision signed by a certifier; kept after the head has signed.
    pub proposal: Option<Proposal>,
    /// Address of the head of the body who signed.
    pub signed_by: Option<String>,
    /// Version of the governed data when it was filed.
    pub rule_set: u32,
}

/// Status of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub enum CertificateStatus {
    /// In force (有效).
    Valid,
    /// Out of force for the time being (暂停).
    Suspended,
    /// Withdrawn for breach (撤销), for ever.
    Revoked,
    /// Given up (注销), for ever.
    Cancelled,
    /// Past its last day (过期).
    Expired,
}

/// A certified product. Quantities are in content units (mg, ml or pieces) for the whole period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertifiedProduct {
    /// The product; packs that name it as their content are covered with it.
    pub gtin: Gtin,
    /// Certified quantity.
    #[serde(with = "crate::integer")]
    pub quantity: u128,
    /// Area on which it is grown, in 1/300 m².
    #[serde(with = "crate::integer")]
    pub area_units: u64,
    /// Drawn for marks and not given back.
    #[serde(with = "crate::integer")]
    pub drawn: u128,
    /// On transaction certificates that are not void.
    #[serde(with = "crate::integer")]
    pub sold: u128,
}

/// A suspension that runs, or has run over (暂停).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// The finding that it rests on.
    pub finding: FindingId,
    /// Block time.
    pub since: Moment,
    /// First moment at which it may be lifted.
    pub earliest_end: Moment,
    /// First moment after it; one that still stands then is overdue, and the certificate is to be
    /// revoked.
    pub latest_end: Moment,
    /// Whether an authority ordered it, which alone lifts it then.
    pub by_authority: bool,
}

/// What was decided last about a certificate; that its period is over shows in its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CertificateState {
    /// In force during its period.
    InForce,
    /// Suspended.
    Suspended(Suspension),
    /// Revoked (撤销) on this finding.
    Revoked(FindingId),
    /// Cancelled (注销).
    Cancelled,
}

/// A change of a certificate's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// Block time.
    pub at: Moment,
    /// Status from then on, while its period lasts.
    pub status: CertificateStatus,
}

/// A certificate (认证证书).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Published number.
    #[serde(with = "crate::text")]
    pub number: String,
    /// Holder.
    pub holder: OrganisationId,
    /// Certification body.
    pub body: OrganisationId,
    /// Scheme.
    pub scheme: SchemeId,
    /// Application that it was decided on, with inspections, tests and signatures.
    pub application: ApplicationId,
    /// Products, ascending by GTIN.
    pub products: Vec<CertifiedProduct>,
    /// Bases, ascending.
    pub bases: Vec<PlaceId>,
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
    pub changes: Vec<StatusChange>,
    /// Version of the governed data by which it was decided.
    pub rule_set: u32,
}

/// A certificate with what follows from the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateInfo {
    /// Its record.
    pub certificate: Certificate,
    /// Status now; `None` before it starts.
    pub status: Option<CertificateStatus>,
    /// Whether its suspension has outlasted its latest end.
    pub suspension_overdue: bool,
    /// Standing of the body's approval now; one that is withdrawn shows here.
    pub body_standing: Option<Standing>,
    /// Whether the body's approval is in force now, its period included.
    pub body_approved: bool,
}

/// Why something is found against a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ground {
    /// Certificate or mark misused (误用证书或标志).
    MarkMisused,
    /// A nonconformity that can be cured in time.
    NonConformity,
    /// The holder refuses surveillance.
    SurveillanceRefused,
    /// Mandatory rules are not met (不符合强制性要求); demands revocation.
    MandatoryRulesFailed,
    /// A forbidden substance was detected (检出禁用物质); demands revocation.
    ForbiddenSubstance,
    /// Certified by false statements; demands revocation.
    FalseStatement,
    /// A suspension ended without cure; demands revocation.
    NotCured,
    /// Nothing against it: surveillance found it in order; demands nothing.
    InOrder,
}

/// What a finding demands by the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Consequence {
    /// Nothing.
    None,
    /// That the certificate be suspended.
    Suspend,
    /// That it be revoked.
    Revoke,
}

/// In which capacity something is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FinderKind {
    /// The certification body itself (surveillance, 跟踪检查).
    Body,
    /// An inspection body.
    InspectionBody,
    /// A laboratory.
    Lab,
    /// CNCA or market supervision.
    Authority,
}

/// How a finding was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Closure {
    /// The certificate was suspended on it.
    Suspended,
    /// The certificate was revoked on it.
    Revoked,
    /// It was found to be unfounded, or the certificate had ended.
    Dismissed,
    /// It demanded nothing.
    NothingToDo,
}

/// Something found in surveillance, by a test, or by an authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
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
    /// How it was closed, and the address of who did.
    pub closed: Option<(Closure, String)>,
    /// Version of the governed data.
    pub rule_set: u32,
}

/// What a holder asks the body to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeRequest {
    /// To cancel the certificate.
    Cancel,
    /// To take products off it or lower a quantity (变更).
    Reduce,
}

/// A transaction certificate (销售证): so much of a batch was sold as certified to a buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionCertificate {
    /// Certificate that it rests on.
    pub certificate: CertificateId,
    /// Seller: the holder of the certificate.
    pub seller: OrganisationId,
    /// Buyer.
    pub buyer: OrganisationId,
    /// Batch that was sold from.
    pub batch: BatchId,
    /// Certified product, which the batch is or is a pack of.
    pub gtin: Gtin,
    /// Content units (mg, ml or pieces) sold.
    #[serde(with = "crate::integer")]
    pub quantity: u128,
    /// Block time.
    pub issued_at: Moment,
    /// When it was declared void; its quantity is free again.
    pub voided_at: Option<Moment>,
    /// Version of the governed data.
    pub rule_set: u32,
}
