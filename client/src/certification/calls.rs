//! Calls, one function for each.

use super::{
    ApplicationId, ApplicationRequest, ApprovalTerms, CeilingScope, CertificateId, ChangeRequest,
    ComplaintId, ComplaintKind, Consequence, DutyId, FinderKind, FindingId, Ground, Outcome,
    PALLET, Period, PersonId, Scheme, SchemeId, Scope, Standing, TransactionCertificateId,
};
use crate::{
    calendar::CivilDate,
    call::Call,
    gs1::{BatchId, Gtin},
    moment::Moment,
    traceability::{Commitment, OrganisationId, PlaceId},
    value::text_to_json,
};
use serde_json::{Value as Json, json};

fn call(name: &str, arguments: Json) -> Call {
    Call::new(PALLET, name, arguments)
}

/// Approves a certification body, or changes its approval: the CNCA.
///
/// - `organisation`: holds the role of a certification body, unless it is a foreign office.
/// - `head`: address of an agent of the organisation, who signs its decisions.
///
/// Source: 认证认可条例 Arts 9 to 12.
pub fn approve_body(organisation: OrganisationId, terms: &ApprovalTerms, head: &str) -> Call {
    call("approve_body", json!({ "organisation": organisation, "terms": terms, "head": head }))
}

/// Suspends, reinstates or withdraws the approval of a body: the CNCA.
pub fn set_body_standing(
    organisation: OrganisationId,
    standing: Standing,
    document: &Commitment,
) -> Call {
    call(
        "set_body_standing",
        json!({ "organisation": organisation, "standing": standing, "document": document }),
    )
}

/// Accredits a certification body or laboratory, or changes its accreditation: the accreditation
/// body.
///
/// - `number`: of the certificate of accreditation, at most 64 bytes.
///
/// Source: 认证认可条例 Arts 36 and 45.
pub fn accredit(organisation: OrganisationId, number: &str, scope: &Scope, period: Period) -> Call {
    call(
        "accredit",
        json!({
            "organisation": organisation,
            "number": text_to_json(number),
            "scope": scope,
            "period": period,
        }),
    )
}

/// Suspends, reinstates or withdraws an accreditation: the accreditation body.
pub fn set_accreditation_standing(
    organisation: OrganisationId,
    standing: Standing,
    document: &Commitment,
) -> Call {
    call(
        "set_accreditation_standing",
        json!({ "organisation": organisation, "standing": standing, "document": document }),
    )
}

/// Registers a certifier with the signer's body.
///
/// - `agent`: address of his key, an agent of the body.
pub fn register_certifier(person: &PersonId, agent: &str) -> Call {
    call("register_certifier", json!({ "person": person, "agent": agent }))
}

/// Ends a certifier's practice with the signer's body.
pub fn release_certifier(person: &PersonId) -> Call {
    call("release_certifier", json!({ "person": person }))
}

/// Bars a person from practice before a date, and ends his practice: the CNCA.
///
/// Source: 认证认可条例 Arts 61 and 72.
pub fn bar_person(person: &PersonId, until: CivilDate, document: &Commitment) -> Call {
    call("bar_person", json!({ "person": person, "until": until, "document": document }))
}

/// Applies for a certificate, for the signer's organisation.
pub fn apply(request: &ApplicationRequest) -> Call {
    call("apply", json!({ "request": request }))
}

/// Accepts an application for evaluation (受理): its body.
pub fn accept_application(id: ApplicationId) -> Call {
    call("accept_application", json!({ "id": id }))
}

/// Refuses to evaluate an application (不予受理): its body.
pub fn refuse_application(id: ApplicationId, reason: &Commitment) -> Call {
    call("refuse_application", json!({ "id": id, "reason": reason }))
}

/// Gives an application up: its client.
pub fn withdraw_application(id: ApplicationId) -> Call {
    call("withdraw_application", json!({ "id": id }))
}

/// Records an inspection (现场检查): a certifier of the body, or an agent of an inspection body.
///
/// - `inspected_at`: not before the application and not in the future.
/// - `bases`: those that were inspected, ascending.
/// - `n_open_nonconformities`: of the whole application, not corrected after it.
pub fn record_inspection(
    id: ApplicationId,
    inspected_at: Moment,
    bases: &[PlaceId],
    n_open_nonconformities: u16,
    report: &Commitment,
) -> Call {
    call(
        "record_inspection",
        json!({
            "id": id,
            "inspected_at": inspected_at,
            "bases": bases,
            "n_open_nonconformities": n_open_nonconformities,
            "report": report,
        }),
    )
}

/// Records a test of a product (检测): a laboratory that is neither body nor client.
///
/// - `sampled_at`: not before the application and not in the future.
pub fn record_test(
    id: ApplicationId,
    gtin: &Gtin,
    passed: bool,
    sampled_at: Moment,
    report: &Commitment,
) -> Call {
    call(
        "record_test",
        json!({
            "id": id, "gtin": gtin, "passed": passed, "sampled_at": sampled_at, "report": report,
        }),
    )
}

/// Proposes and signs a decision: a certifier of the body who did not inspect.
///
/// Source: 认证认可条例 Art. 22; ISO/IEC 17065 §7.6.
pub fn propose_decision(id: ApplicationId, outcome: &Outcome) -> Call {
    call("propose_decision", json!({ "id": id, "outcome": outcome }))
}

/// Returns a proposed decision to evaluation: the head of the body.
pub fn return_proposal(id: ApplicationId) -> Call {
    call("return_proposal", json!({ "id": id }))
}

/// Signs a proposed decision, which takes effect: the head of the body, who neither proposed it nor
/// inspected.
pub fn sign_decision(id: ApplicationId) -> Call {
    call("sign_decision", json!({ "id": id }))
}

/// Records a finding for or against a certificate.
///
/// - `finder`: in which capacity the signer acts.
/// - `consequence`: what the finding demands; see [`Ground`] for what each may.
pub fn record_finding(
    certificate: CertificateId,
    finder: FinderKind,
    ground: Ground,
    consequence: Consequence,
    evidence: &Commitment,
) -> Call {
    call(
        "record_finding",
        json!({
            "certificate": certificate,
            "finder": finder,
            "ground": ground,
            "consequence": consequence,
            "evidence": evidence,
        }),
    )
}

/// Dismisses a finding that is unfounded or whose certificate has ended: the body, unless an
/// authority found it, which then dismisses it.
pub fn dismiss_finding(finding: FindingId, document: &Commitment) -> Call {
    call("dismiss_finding", json!({ "finding": finding, "document": document }))
}

/// Suspends a certificate (暂停) on a finding: the body, the CNCA or market supervision.
///
/// - `months`: how long at most, within the scheme's bounds.
pub fn suspend(finding: FindingId, months: u16) -> Call {
    call("suspend", json!({ "finding": finding, "months": months }))
}

/// Lifts a suspension once its ground is cured: the body, or an authority if one suspended.
pub fn restore(certificate: CertificateId, document: &Commitment) -> Call {
    call("restore", json!({ "certificate": certificate, "document": document }))
}

/// Revokes a certificate (撤销) on a finding: the body, the CNCA or market supervision.
pub fn revoke(finding: FindingId) -> Call {
    call("revoke", json!({ "finding": finding }))
}

/// Asks the body to cancel or reduce a certificate: its holder.
pub fn request_change(
    certificate: CertificateId,
    request: ChangeRequest,
    document: &Commitment,
) -> Call {
    call(
        "request_change",
        json!({ "certificate": certificate, "request": request, "document": document }),
    )
}

/// Cancels a certificate (注销): the body at its holder's request, or the CNCA or market
/// supervision.
pub fn cancel(certificate: CertificateId, document: &Commitment) -> Call {
    call("cancel", json!({ "certificate": certificate, "document": document }))
}

/// Lowers the certified quantity of a product at its holder's request: the body.
///
/// - `quantity`: content units (mg, ml or pieces), below what is certified and at least what is
///   drawn and what is sold; 0 takes the product off.
pub fn reduce(certificate: CertificateId, gtin: &Gtin, quantity: u128) -> Call {
    call(
        "reduce",
        json!({ "certificate": certificate, "gtin": gtin, "quantity": quantity.to_string() }),
    )
}

/// Records that a change of a certificate's status was published: the body.
pub fn publish(duty: DutyId, document: &Commitment) -> Call {
    call("publish", json!({ "duty": duty, "document": document }))
}

/// Lodges a complaint (投诉) or an appeal (申诉).
pub fn lodge(kind: ComplaintKind, document: &Commitment) -> Call {
    call("lodge", json!({ "kind": kind, "document": document }))
}

/// Decides on a complaint or an appeal: an agent of the body who had no part in what it is about.
pub fn decide_complaint(complaint: ComplaintId, upheld: bool, document: &Commitment) -> Call {
    call(
        "decide_complaint",
        json!({ "complaint": complaint, "upheld": upheld, "document": document }),
    )
}

/// Issues a transaction certificate (销售证) for a sale of the holder: the body.
///
/// - `quantity`: content units (mg, ml or pieces) of the batch, at least 1.
pub fn issue_transaction_certificate(
    certificate: CertificateId,
    buyer: OrganisationId,
    batch: &BatchId,
    quantity: u128,
) -> Call {
    call(
        "issue_transaction_certificate",
        json!({
            "certificate": certificate,
            "buyer": buyer,
            "batch": batch,
            "quantity": quantity.to_string(),
        }),
    )
}

/// Declares a transaction certificate void; its quantity is free again: the body.
pub fn void_transaction_certificate(id: TransactionCertificateId, reason: &Commitment) -> Call {
    call("void_transaction_certificate", json!({ "id": id, "reason": reason }))
}

/// Sets a scheme: governance, so by a [motion](crate::governance).
pub fn set_scheme(id: SchemeId, scheme: &Scheme) -> Call {
    call("set_scheme", json!({ "id": id, "scheme": scheme }))
}

/// Sets the most content units (mg, ml or pieces) that a mu bears in a year under a scheme, or ends
/// it: governance, so by a [motion](crate::governance).
///
/// - `ceiling`: 1 to 10^15; `None` ends it.
pub fn set_yield_ceiling(scheme: SchemeId, scope: &CeilingScope, ceiling: Option<u64>) -> Call {
    call("set_yield_ceiling", json!({ "scheme": scheme, "scope": scope, "ceiling": ceiling }))
}
