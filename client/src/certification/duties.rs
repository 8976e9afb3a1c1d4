//! Legal deadlines of certification bodies, complaints and appeals.

use super::{ApplicationId, CertificateId, FindingId};
use crate::{
    calendar::Term,
    moment::Moment,
    traceability::{Commitment, OrganisationId},
};
use serde::{Deserialize, Serialize};

/// Number of a duty, given in order of arising.
pub type DutyId = u64;
/// Number of a complaint or appeal, given in order of lodging.
pub type ComplaintId = u32;

/// What must be done in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DutyKind {
    /// To accept or refuse an application.
    Accept(ApplicationId),
    /// To decide on an application.
    Decide(ApplicationId),
    /// To suspend on a finding.
    Suspend(FindingId),
    /// To revoke on a finding.
    Revoke(FindingId),
    /// To cancel a certificate at its holder's request.
    Cancel(CertificateId),
    /// To change a certificate at its holder's request.
    Change(CertificateId),
    /// To publish a change of a certificate's status.
    Publish(CertificateId),
    /// To decide on a complaint or appeal.
    DecideComplaint(ComplaintId),
}

/// A legal deadline of a certification body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Who must do it.
    pub body: OrganisationId,
    /// What.
    pub kind: DutyKind,
    /// Block time of the event that set it running.
    pub start: Moment,
    /// How long it has.
    pub term: Term,
    /// First moment at which it is late; `None` if the calendar of that year was not known then.
    pub due: Option<Moment>,
    /// When it was done.
    pub done_at: Option<Moment>,
    /// Commitment to the publication; only of a duty to publish.
    pub document: Option<Commitment>,
}

/// A duty with what follows from the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyRow {
    /// Its number.
    pub id: DutyId,
    /// Its record.
    pub duty: Duty,
    /// When it is due, also where the record does not know yet.
    pub due: Option<Moment>,
    /// Whether it was done late, or is not done and late by now.
    pub late: bool,
}

/// What a complaint or appeal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ComplaintKind {
    /// A complaint (投诉) of anybody about a certificate.
    Complaint(CertificateId),
    /// An appeal (申诉) of a client against the refusal or rejection of his application.
    ApplicationAppeal(ApplicationId),
    /// An appeal of a holder against the suspension or revocation of his certificate.
    CertificateAppeal(CertificateId),
}

/// A decision on a complaint or appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintDecision {
    /// Whether it was found right.
    pub upheld: bool,
    /// Address of the agent of the body who decided and had no part in what it is about.
    pub decided_by: String,
    /// Block time.
    pub at: Moment,
    /// Commitment to the reasons.
    pub document: Commitment,
}

/// A complaint or appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// What about.
    pub kind: ComplaintKind,
    /// Body that decides.
    pub body: OrganisationId,
    /// Who lodged it.
    pub lodged_by: OrganisationId,
    /// Block time.
    pub lodged_at: Moment,
    /// Commitment to it.
    pub document: Commitment,
    /// The body's duty to decide.
    pub duty: DutyId,
    /// The decision.
    pub decision: Option<ComplaintDecision>,
}
