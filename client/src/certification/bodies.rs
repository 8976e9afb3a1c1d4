//! Certification bodies, accreditation, and certifiers.

use super::SchemeId;
use crate::{
    calendar::CivilDate,
    hex32::hex32,
    moment::Moment,
    traceability::{Commitment, OrganisationId},
};
use serde::{Deserialize, Serialize};

/// What an approval or accreditation is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Schemes, ascending, 1 to 16.
    pub schemes: Vec<SchemeId>,
    /// Product categories (GPC bricks), ascending, at most 32; none is not limited.
    pub categories: Vec<u32>,
}

impl Scope {
    /// A scope of these, in the order that the chain wants and each once.
    pub fn new(mut schemes: Vec<SchemeId>, mut categories: Vec<u32>) -> Self {
        schemes.sort_unstable();
        schemes.dedup();
        categories.sort_unstable();
        categories.dedup();
        Self { schemes, categories }
    }
}

/// From one date to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First date.
    pub from: CivilDate,
    /// Last date.
    pub until: CivilDate,
}

/// Whether an approval or accreditation is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// It is.
    InForce,
    /// Not for the time being (暂停).
    Suspended,
    /// No longer (撤销), for ever.
    Withdrawn,
}

/// A change of a standing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingChange {
    /// Block time.
    pub at: Moment,
    /// Standing from then on.
    pub standing: Standing,
    /// Commitment to the decision.
    pub document: Commitment,
}

/// What a certification body is in law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BodyKind {
    /// A domestic legal person.
    Domestic,
    /// A foreign-funded legal person (外商投资).
    ForeignFunded,
    /// A representative office of a foreign body: may promote, may not certify (条例 Art. 12).
    ForeignOffice,
}

/// Particulars of an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalTerms {
    /// Number of the approval, such as `CNCA-R-2002-001`; its last three characters are digits.
    #[serde(with = "crate::text")]
    pub number: String,
    /// What the body is.
    pub kind: BodyKind,
    /// What it may certify.
    pub scope: Scope,
    /// When it may.
    pub period: Period,
}

/// Approval of a certification body (认证机构批准).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Particulars.
    pub terms: ApprovalTerms,
    /// Code in organic codes: three digits.
    pub code: String,
    /// Address of the first key of the agent of the head of the body (认证机构负责人), who signs its
    /// decisions.
    pub head: String,
    /// Its standing, and every earlier one, oldest first.
    pub standings: Vec<StandingChange>,
    /// Authority that approved.
    pub approved_by: OrganisationId,
}

/// Accreditation (认可) of a certification body or laboratory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accreditation {
    /// Number of the certificate of accreditation.
    #[serde(with = "crate::text")]
    pub number: String,
    /// Schemes and categories.
    pub scope: Scope,
    /// When it is valid.
    pub period: Period,
    /// Its standing, and every earlier one, oldest first.
    pub standings: Vec<StandingChange>,
    /// Accreditation body.
    pub accredited_by: OrganisationId,
}

hex32! {
    /// A person as the register of certifiers knows it: SHA-256 over the register's salt for this
    /// person and the identity number; `0x` and 64 digits.
    ///
    /// The register (认证人员注册) gives one to each person, so that registering with a second body
    /// shows; nobody else can test a guess.
    PersonId, "person"
}

/// A certifier (认证人员): a person who practises with one body only (条例 Art. 14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certifier {
    /// The body, and the address of the first key of his agent there; `None` when with no body.
    pub practice: Option<(OrganisationId, String)>,
    /// May not practise before this date; `None` if not barred.
    pub barred_until: Option<CivilDate>,
}

/// What a body has done, counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
