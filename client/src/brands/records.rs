//! What the pallet takes in and keeps.

use crate::{
    certification::{CertificateId, SchemeId},
    digest::Digest,
    gs1::Gtin,
    moment::Moment,
    money::Fen,
    traceability::{Commitment, OrganisationId, PlaceId},
};
use codec::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Number of a brand, given in order of registration.
pub type BrandId = u32;
/// Number of a licence, given in order of application.
pub type LicenceId = u32;
/// Number of a label order, given in order of ordering.
pub type LabelOrderId = u32;
/// Number of a recorded misuse, given in order of recording.
pub type MisuseId = u32;
/// Number of a quota period: the year, or the number of the period since the licence began.
pub type QuotaPeriod = u32;

/// What kind of mark a brand is. Source: Trademark Law (商标法) Art. 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MarkKind {
    /// 集体商标: used by members of the organisation that owns it, and by nobody else.
    Collective,
    /// 证明商标: certifies origin, material, making or quality of goods of others.
    Certification,
    /// 地理标志: goods from an area whose quality comes from there.
    GeographicalIndication,
}

/// Periods in which a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PeriodRule {
    /// Calendar years in China Standard Time; the number of a period is the year.
    CalendarYear,
    /// So many days, at least 1, from the day on which the licence begins; numbered from 0.
    Days(u16),
}

/// The rules for the use of a brand (使用管理规则).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrandRules {
    /// Divisions of GB/T 2260 in which bases of licensees lie, each with all inside it; ascending,
    /// 1 to 16.
    pub area: Vec<u32>,
    /// Categories of products (GPC bricks) in scope, ascending, at most 32.
    pub categories: Vec<u32>,
    /// Single products in scope, ascending, at most 64.
    pub products: Vec<Gtin>,
    /// SHA-256 of the published rules.
    pub document: Digest,
    /// Scheme of the certificate that every licensed product must have, if any.
    pub certificate_scheme: Option<SchemeId>,
    /// Periods of quotas.
    pub period: PeriodRule,
    /// First moment in which the mark is no longer registered; no licence lasts longer.
    pub registered_until: Moment,
}

/// A brand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// Number of the mark (商标注册号), unique.
    pub mark_number: String,
    /// Kind of the mark.
    pub kind: MarkKind,
    /// Organisation that owns the mark (品牌所有人).
    pub owner: OrganisationId,
    /// Organisation that runs the brand for the owner (品牌运营方), if another does.
    pub operator: Option<OrganisationId>,
    /// Version of its rules, from 0.
    pub rules_version: u32,
    /// Block time of registration.
    pub registered_at: Moment,
    /// Members, of a collective mark.
    pub n_members: u32,
}

/// How far a licence has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub enum LicenceStatus {
    /// The applicant asked for it.
    Applied,
    /// An inspection of the applicant was passed.
    Inspected,
    /// In force within its term.
    Granted,
    /// Out of force until it is restored; stock of labels is frozen.
    Suspended,
    /// In force again, within its term.
    Restored,
    /// Ended by the brand, for ever.
    Revoked,
    /// Its term is over.
    Expired,
    /// Given up by the applicant or licensee.
    Withdrawn,
    /// Not granted.
    Refused,
}

/// A product of a licence and how much of it may be labelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicensedProduct {
    /// The product.
    pub gtin: Gtin,
    /// Most that may be labelled in one period, in content units (mg, ml or pieces), at least 1.
    #[serde(with = "crate::integer")]
    pub quota: u128,
}

/// What an applicant asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceApplication {
    /// Name of the sub-brand (子品牌), at most 64 bytes, which stands beside the brand and never
    /// alone.
    #[serde(with = "crate::text::optional")]
    pub sub_brand: Option<String>,
    /// Products with their quotas, ascending by GTIN, 1 to 8.
    pub products: Vec<LicensedProduct>,
    /// Production bases, ascending, 1 to 16.
    pub bases: Vec<PlaceId>,
    /// Certificate, where the brand asks for one.
    pub certificate: Option<CertificateId>,
    /// First moment of the term.
    pub valid_from: Moment,
    /// First moment behind the term.
    pub valid_until: Moment,
}

/// A licence (授权).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// The brand.
    pub brand: BrandId,
    /// Organisation that may use it.
    pub licensee: OrganisationId,
    /// How far it has come; that its term is over shows in its dates.
    pub status: LicenceStatus,
    /// Block time since which it has this status.
    pub status_since: Moment,
    /// Name of the sub-brand, which stands beside the brand and never alone.
    #[serde(with = "crate::text::optional")]
    pub sub_brand: Option<String>,
    /// Products with their quotas, ascending by GTIN.
    pub products: Vec<LicensedProduct>,
    /// Production bases, ascending.
    pub bases: Vec<PlaceId>,
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
    /// Fee as agreed; 0 before it is granted.
    pub fee_fen: Fen,
    /// Version of the brand's rules that was applied.
    pub rules_version: u32,
    /// Version of the governed data that was applied.
    pub rule_set: u32,
    /// Changes of status so far.
    pub n_changes: u32,
    /// Inspections so far.
    pub n_inspections: u32,
}

/// A change of a licence's status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceChange {
    /// Block time from which on it has the status.
    pub at: Moment,
    /// The status.
    pub status: LicenceStatus,
    /// Organisation that changed it.
    pub by: OrganisationId,
    /// Commitment to the reason, where one is due.
    pub reason: Option<Commitment>,
}

/// An inspection of an applicant or licensee (检查).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceInspection {
    /// Block time.
    pub at: Moment,
    /// Organisation that inspected.
    pub by: OrganisationId,
    /// Whether it was passed.
    pub passed: bool,
    /// Commitment to the report.
    pub report: Commitment,
}

/// Quota of a product in a period, and what has been labelled, in content units (mg, ml or pieces).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct QuotaUse {
    /// The period.
    pub period: QuotaPeriod,
    /// Most that may be labelled in it.
    #[serde(with = "crate::integer")]
    pub quota: u128,
    /// By labels issued on orders, less void and destroyed ones.
    #[serde(with = "crate::integer")]
    pub orders: u128,
    /// By label series, less what was given back.
    #[serde(with = "crate::integer")]
    pub series: u128,
}

/// Whether the labels of an order are out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabelOrderStatus {
    /// The licensee ordered them.
    Ordered,
    /// The brand issued them.
    Issued,
    /// The licensee or the brand called the order off before issue.
    Cancelled,
}

/// Labels ordered for one product; one label goes on one piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelOrder {
    /// Licence under which they are used.
    pub licence: LicenceId,
    /// Product on which they go.
    pub gtin: Gtin,
    /// Labels ordered; when issued, all are.
    pub n_labels: u32,
    /// Content of one piece in content units (mg, ml or pieces).
    #[serde(with = "crate::integer")]
    pub content: u64,
    /// Whether they are out.
    pub status: LabelOrderStatus,
    /// Block time of that.
    pub status_since: Moment,
    /// Period whose quota they draw, from issue on.
    pub period: QuotaPeriod,
    /// At the licensee, unused.
    pub n_stock: u32,
    /// On pieces.
    pub n_used: u32,
    /// Spoilt before use (作废).
    pub n_void: u32,
    /// Destroyed unused (销毁).
    pub n_destroyed: u32,
}

/// What became of labels in stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabelFate {
    /// They went on pieces.
    Used,
    /// They were spoilt before use; their quota is free again.
    Void,
    /// They were destroyed unused; their quota is free again.
    Destroyed,
}

/// How a brand was misused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MisuseKind {
    /// Used without a licence.
    Unlicensed,
    /// Used for more than the quota.
    QuotaExceeded,
    /// Goods from a base that is not licensed.
    ForeignBase,
    /// Product out of the scope of the licence.
    OutOfScope,
    /// Certificate not in force.
    WithoutCertificate,
    /// Labels copied, or used twice.
    CopiedLabels,
    /// Sub-brand shown without the brand.
    SubBrandAlone,
    /// Anything else against the rules of the brand.
    Other,
}

/// A recorded misuse of a brand and what it cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misuse {
    /// The brand.
    pub brand: BrandId,
    /// Organisation that misused it.
    pub offender: OrganisationId,
    /// Licence that was broken, if there was one.
    pub licence: Option<LicenceId>,
    /// How.
    pub kind: MisuseKind,
    /// Penalty as decided or agreed; paid off chain.
    pub penalty_fen: Fen,
    /// Commitment to the decision.
    pub decision: Commitment,
    /// Organisation that recorded it.
    pub by: OrganisationId,
    /// Block time.
    pub at: Moment,
}
