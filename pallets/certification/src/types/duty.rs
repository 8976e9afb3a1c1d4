//! Legal deadlines, complaints and appeals.

use super::{ApplicationId, FindingId};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_calendar::{Moment, Term};
use pallet_participants::OrganisationId;
use pallet_traceability::{CertificateId, Commitment};
use scale_info::TypeInfo;

/// Number of a duty, given in order of arising.
pub type DutyId = u64;

/// Number of a complaint or appeal, given in order of lodging.
pub type ComplaintId = u32;

/// What must be done in time.
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
pub enum DutyKind {
    /// To accept or refuse an application.
    #[codec(index = 0)]
    Accept(
        /// The application.
        ApplicationId,
    ),
    /// To decide on an application.
    #[codec(index = 1)]
    Decide(
        /// The application.
        ApplicationId,
    ),
    /// To suspend on a finding.
    #[codec(index = 2)]
    Suspend(
        /// The finding.
        FindingId,
    ),
    /// To revoke on a finding.
    #[codec(index = 3)]
    Revoke(
        /// The finding.
        FindingId,
    ),
    /// To cancel a certificate at its holder's request.
    #[codec(index = 4)]
    Cancel(
        /// The certificate.
        CertificateId,
    ),
    /// To change a certificate at its holder's request.
    #[codec(index = 5)]
    Change(
        /// The certificate.
        CertificateId,
    ),
    /// To publish a change of a certificate's status.
    #[codec(index = 6)]
    Publish(
        /// The certificate.
        CertificateId,
    ),
    /// To decide on a complaint or appeal.
    #[codec(index = 7)]
    DecideComplaint(
        /// The complaint.
        ComplaintId,
    ),
}

/// A legal deadline of a certification body.
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
pub struct Duty {
    /// Who must do it.
    pub body: OrganisationId,
    /// What.
    pub kind: DutyKind,
    /// Block time of the event that set it running.
    pub start: Moment,
    /// How long it has.
    pub term: Term,
    /// First moment at which it is late; `None` if the calendar of that year was not known when a
    /// stop was decided, which does not wait for it.
    pub due: Option<Moment>,
    /// When it was done.
    pub done_at: Option<Moment>,
    /// Commitment to the publication; only of a duty to publish.
    pub document: Option<Commitment>,
}

/// A duty as view functions answer it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
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
pub enum ComplaintKind {
    /// A complaint (投诉) of anybody about a certificate.
    #[codec(index = 0)]
    Complaint(
        /// The certificate.
        CertificateId,
    ),
    /// An appeal (申诉) of a client against the refusal or rejection of his application.
    #[codec(index = 1)]
    ApplicationAppeal(
        /// The application.
        ApplicationId,
    ),
    /// An appeal of a holder against the suspension or revocation of his certificate.
    #[codec(index = 2)]
    CertificateAppeal(
        /// The certificate.
        CertificateId,
    ),
}

/// A decision on a complaint or appeal.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct ComplaintDecision<AccountId> {
    /// Whether it was found right.
    pub upheld: bool,
    /// First key of the body's agent who decided and had no part in what it is about.
    pub decided_by: AccountId,
    /// Block time.
    pub at: Moment,
    /// Commitment to the reasons.
    pub document: Commitment,
}

/// A complaint or appeal.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Complaint<AccountId> {
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
    pub decision: Option<ComplaintDecision<AccountId>>,
}
