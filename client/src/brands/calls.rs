//! Calls, one function for each.

use super::{
    BrandId, BrandRules, CeilingScope, LabelFate, LabelOrderId, LicenceApplication, LicenceId,
    MarkKind, MisuseKind, PALLET, QuotaPeriod,
};
use crate::{
    call::Call,
    certification::CertificateId,
    gs1::Gtin,
    moment::Moment,
    money::Fen,
    traceability::{Commitment, OrganisationId},
    value::text_to_json,
};
use serde_json::{Value as Json, json};

fn call(name: &str, arguments: Json) -> Call {
    Call::new(PALLET, name, arguments)
}

/// Registers a brand of the signer's organisation, which must be a brand owner in the whole area,
/// for this mark.
///
/// - `mark_number`: 1 to 32 visible characters of ASCII, as in the trademark register.
pub fn register_brand(mark_number: &str, kind: MarkKind, rules: &BrandRules) -> Call {
    call(
        "register_brand",
        json!({ "mark_number": text_to_json(mark_number), "kind": kind, "rules": rules }),
    )
}

/// Gives a brand new rules: its owner.
pub fn amend_rules(brand: BrandId, rules: &BrandRules) -> Call {
    call("amend_rules", json!({ "brand": brand, "rules": rules }))
}

/// Has a brand operator run a brand, or nobody beside the owner: its owner.
pub fn set_operator(brand: BrandId, operator: Option<OrganisationId>) -> Call {
    call("set_operator", json!({ "brand": brand, "operator": operator }))
}

/// Admits a member under a collective mark: its owner.
pub fn admit_member(brand: BrandId, member: OrganisationId) -> Call {
    call("admit_member", json!({ "brand": brand, "member": member }))
}

/// Ends a membership and, with it, the member's licences and applications: the owner.
pub fn remove_member(brand: BrandId, member: OrganisationId, reason: &Commitment) -> Call {
    call("remove_member", json!({ "brand": brand, "member": member, "reason": reason }))
}

/// Applies for a licence: a trace node that neither owns nor runs the brand.
pub fn apply(brand: BrandId, asked: &LicenceApplication) -> Call {
    call("apply", json!({ "brand": brand, "asked": asked }))
}

/// Records an inspection of an applicant or licensee: the owner, the operator, or an inspection
/// body.
pub fn inspect(licence: LicenceId, passed: bool, report: &Commitment) -> Call {
    call("inspect", json!({ "licence": licence, "passed": passed, "report": report }))
}

/// Grants an inspected application, whose term begins now at the earliest: the owner.
///
/// - `fee_fen`: fee as agreed, in fen, at most 10^16; paid off chain.
pub fn grant(licence: LicenceId, fee_fen: Fen) -> Call {
    call("grant", json!({ "licence": licence, "fee_fen": fee_fen }))
}

/// Refuses an application: the owner.
pub fn refuse(licence: LicenceId, reason: &Commitment) -> Call {
    call("refuse", json!({ "licence": licence, "reason": reason }))
}

/// Suspends a licence, and freezes its labels in stock: the owner or operator.
pub fn suspend(licence: LicenceId, reason: &Commitment) -> Call {
    call("suspend", json!({ "licence": licence, "reason": reason }))
}

/// Restores a suspended licence, whose certificate must be valid: the owner or operator.
pub fn restore(licence: LicenceId, reason: &Commitment) -> Call {
    call("restore", json!({ "licence": licence, "reason": reason }))
}

/// Revokes a licence for ever: the owner or operator.
pub fn revoke(licence: LicenceId, reason: &Commitment) -> Call {
    call("revoke", json!({ "licence": licence, "reason": reason }))
}

/// Gives up an application or a licence: the licensee.
pub fn withdraw(licence: LicenceId) -> Call {
    call("withdraw", json!({ "licence": licence }))
}

/// Makes the term of a licence in force longer, under the rules in force and with the same quotas:
/// the owner.
///
/// - `valid_until`: first moment behind the term, behind the end so far.
/// - `fee_fen`: added to the fee, in fen.
pub fn extend(licence: LicenceId, valid_until: Moment, fee_fen: Fen) -> Call {
    call("extend", json!({ "licence": licence, "valid_until": valid_until, "fee_fen": fee_fen }))
}

/// Rests an application or licence on another certificate: the licensee.
pub fn replace_certificate(licence: LicenceId, certificate: CertificateId) -> Call {
    call("replace_certificate", json!({ "licence": licence, "certificate": certificate }))
}

/// Orders labels for pieces of a licensed product: the licensee.
///
/// - `n_labels`: one for each piece, at least 1.
pub fn order_labels(licence: LicenceId, gtin: &Gtin, n_labels: u32) -> Call {
    call("order_labels", json!({ "licence": licence, "gtin": gtin, "n_labels": n_labels }))
}

/// Issues ordered labels and draws their content from the quota of the period that runs: the owner
/// or operator.
pub fn issue_labels(order: LabelOrderId) -> Call {
    call("issue_labels", json!({ "order": order }))
}

/// Calls off an order that was not issued: the licensee, the owner or the operator.
pub fn cancel_order(order: LabelOrderId) -> Call {
    call("cancel_order", json!({ "order": order }))
}

/// Accounts for labels in stock: used or void, the licensee; destroyed, also the owner or operator.
pub fn account_labels(order: LabelOrderId, fate: LabelFate, n_labels: u32) -> Call {
    call("account_labels", json!({ "order": order, "fate": fate, "n_labels": n_labels }))
}

/// Records a misuse of a brand and the penalty for it: the owner, the operator, or market
/// supervision where the offender is registered.
///
/// - `licence`: licence of the offender under the brand, if it broke one.
/// - `penalty_fen`: as decided or agreed, in fen, at most 10^16; paid off chain.
pub fn record_misuse(
    brand: BrandId,
    offender: OrganisationId,
    licence: Option<LicenceId>,
    kind: MisuseKind,
    penalty_fen: Fen,
    decision: &Commitment,
) -> Call {
    call(
        "record_misuse",
        json!({
            "brand": brand,
            "offender": offender,
            "licence": licence,
            "kind": kind,
            "penalty_fen": penalty_fen,
            "decision": decision,
        }),
    )
}

/// Commits to a report of the premium (溢价) that the brand earned in a period, once: the licensee.
pub fn report_premium(licence: LicenceId, period: QuotaPeriod, report: &Commitment) -> Call {
    call("report_premium", json!({ "licence": licence, "period": period, "report": report }))
}

/// Sets the most that a product or category yields on a mu in a year, or ends it: governance, so by
/// a [motion](crate::governance).
///
/// - `ceiling`: content units (mg, ml or pieces), at least 1; `None` ends it.
pub fn set_yield_ceiling(scope: &CeilingScope, ceiling: Option<u64>) -> Call {
    call("set_yield_ceiling", json!({ "scope": scope, "ceiling": ceiling }))
}
