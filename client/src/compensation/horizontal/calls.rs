//! Calls, one function for each.

use super::{AgreementRules, AgreementTerms, SampleKey};
use crate::{
    call::Call,
    compensation::{AgreementId, MicrogramsPerLitre, PALLET},
    digest::Digest,
    money::Fen,
    traceability::Commitment,
};
use serde_json::{Value as Json, json};

fn call(name: &str, arguments: Json) -> Call {
    Call::new(PALLET, name, arguments)
}

/// Proposes an agreement (补偿协议) and signs it for the signer's government.
///
/// - `terms`: parties, superior, national station, years, cap, term of payment.
/// - `rules`: the first version, from the first year.
pub fn propose_agreement(terms: &AgreementTerms, rules: &AgreementRules) -> Call {
    call("propose_agreement", json!({ "terms": terms, "rules": rules }))
}

/// Proposes the next version of an agreement's rules and signs it.
///
/// - `rules`: from a year that has no samples.
pub fn propose_rules(agreement: AgreementId, rules: &AgreementRules) -> Call {
    call("propose_rules", json!({ "agreement": agreement, "rules": rules }))
}

/// Signs proposed rules; with the last signature they hold, and the agreement is in force.
///
/// - `hash`: what the event of the proposal says.
pub fn sign_rules(agreement: AgreementId, hash: &Digest) -> Call {
    call("sign_rules", json!({ "agreement": agreement, "hash": hash }))
}

/// Submits one side's half of a joint sample (联合采样).
///
/// - `reading`: one value for each indicator of the section, in their order.
/// - `document`: commitment to the laboratory's report.
pub fn submit_sample(
    agreement: AgreementId,
    key: SampleKey,
    reading: &[MicrogramsPerLitre],
    document: &Commitment,
) -> Call {
    call("submit_sample", sampled(agreement, key, Some(reading), document))
}

/// Disputes what stands for a month, for the signer's government.
///
/// - `document`: commitment to the reasons.
pub fn dispute_sample(agreement: AgreementId, key: SampleKey, document: &Commitment) -> Call {
    call("dispute_sample", sampled(agreement, key, None, document))
}

/// Records the national station's value for a month that is disputed or has one half.
///
/// - `reading`: one value for each indicator of the section, in their order.
/// - `document`: commitment to its report.
pub fn decide_sample(
    agreement: AgreementId,
    key: SampleKey,
    reading: &[MicrogramsPerLitre],
    document: &Commitment,
) -> Call {
    call("decide_sample", sampled(agreement, key, Some(reading), document))
}

/// Leaves a month of a section out because of a natural disaster (自然灾害除外): the superior.
///
/// - `document`: commitment to the decision.
pub fn exempt_month(agreement: AgreementId, key: SampleKey, document: &Commitment) -> Call {
    call("exempt_month", sampled(agreement, key, None, document))
}

/// Marks a major pollution incident (重大污染事件) attributable upstream, which fails the section:
/// the superior.
///
/// - `document`: commitment to the finding.
pub fn mark_incident(
    agreement: AgreementId,
    year: u16,
    section: u8,
    document: &Commitment,
) -> Call {
    call(
        "mark_incident",
        json!({ "agreement": agreement, "year": year, "section": section, "document": document }),
    )
}

/// Computes the settlement (年度清算) of a year that is over; until it is confirmed, again.
pub fn compute_settlement(agreement: AgreementId, year: u16) -> Call {
    call("compute_settlement", json!({ "agreement": agreement, "year": year }))
}

/// Confirms a computed settlement; with the last confirmation, payment falls due.
///
/// - `results_hash`: what the event of the computation says.
pub fn confirm_settlement(agreement: AgreementId, year: u16, results_hash: &Digest) -> Call {
    call(
        "confirm_settlement",
        json!({ "agreement": agreement, "year": year, "results_hash": results_hash }),
    )
}

/// Disputes a computed settlement.
///
/// - `document`: commitment to the reasons.
pub fn dispute_settlement(agreement: AgreementId, year: u16, document: &Commitment) -> Call {
    call(
        "dispute_settlement",
        json!({ "agreement": agreement, "year": year, "document": document }),
    )
}

/// Decides a disputed year, or one with too few samples, bindingly; payment falls due: the
/// superior.
///
/// - `legs`: indices of payer and payee, and how much, together within the cap; none is no payment.
/// - `document`: commitment to the decision.
pub fn decide_settlement(
    agreement: AgreementId,
    year: u16,
    legs: &[(u8, u8, Fen)],
    document: &Commitment,
) -> Call {
    call(
        "decide_settlement",
        json!({ "agreement": agreement, "year": year, "legs": legs, "document": document }),
    )
}

/// Pays free money of the signer into its government's escrow for a year.
///
/// - `amount`: above 0; with what is in it, within the agreement's cap.
/// - `document`: commitment to the instruction.
pub fn pay_in(agreement: AgreementId, year: u16, amount: Fen, document: &Commitment) -> Call {
    call("pay_in", escrowed(agreement, year, amount, document))
}

/// Pays from the payer's escrow to the payee, where the money stays bound to its purpose.
///
/// - `leg`: index of the payment.
/// - `amount`: above 0, within what is not paid of it and what is in the escrow.
/// - `document`: commitment to the instruction.
pub fn pay_settlement(
    agreement: AgreementId,
    year: u16,
    leg: u8,
    amount: Fen,
    document: &Commitment,
) -> Call {
    let mut arguments = escrowed(agreement, year, amount, document);
    arguments["leg"] = json!(leg);
    call("pay_settlement", arguments)
}

/// Gives the signer what is left of its government's escrow once the year is paid.
///
/// - `amount`: above 0, within what is in it.
/// - `document`: commitment to the decision.
pub fn return_escrow(
    agreement: AgreementId,
    year: u16,
    amount: Fen,
    document: &Commitment,
) -> Call {
    call("return_escrow", escrowed(agreement, year, amount, document))
}

fn sampled(
    agreement: AgreementId,
    (year, section, month): SampleKey,
    reading: Option<&[MicrogramsPerLitre]>,
    document: &Commitment,
) -> Json {
    let mut arguments = json!({
        "agreement": agreement,
        "year": year,
        "section": section,
        "month": month,
        "document": document,
    });
    if let Some(reading) = reading {
        arguments["reading"] = json!(reading);
    }
    arguments
}

fn escrowed(agreement: AgreementId, year: u16, amount: Fen, document: &Commitment) -> Json {
    json!({ "agreement": agreement, "year": year, "amount_fen": amount, "document": document })
}
