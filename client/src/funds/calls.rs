//! Calls, one function for each.

use super::{Finding, PALLET, Part, ProgrammeId, TagKey};
use crate::{
    call::Call,
    money::Fen,
    traceability::{Commitment, OrganisationId},
    value::text_to_json,
};
use serde_json::{Value as Json, json};

fn call(name: &str, arguments: Json) -> Call {
    Call::new(PALLET, name, arguments)
}

/// Opens a programme that the signer's office manages.
///
/// - `code`: budget code (预算科目编码), 1 to 32 visible characters of ASCII; public.
pub fn open_programme(code: &str) -> Call {
    call("open_programme", json!({ "code": text_to_json(code) }))
}

/// Opens a purpose whose money comes from the signer's office.
///
/// - `tag`: its number is one that the programme does not have yet.
/// - `code`: budget code of the purpose, 1 to 32 visible characters of ASCII; public.
/// - `ceiling`: most that may be appropriated, net of what is clawed back.
pub fn open_tag(tag: TagKey, code: &str, ceiling: Fen) -> Call {
    call(
        "open_tag",
        json!({
            "programme": tag.programme,
            "tag": tag.tag,
            "code": text_to_json(code),
            "ceiling_fen": ceiling,
        }),
    )
}

/// Sets the most that may be appropriated under a purpose of the signer's office.
///
/// - `ceiling`: not below what was appropriated, net of what was clawed back.
pub fn set_ceiling(tag: TagKey, ceiling: Fen) -> Call {
    call(
        "set_ceiling",
        json!({ "programme": tag.programme, "tag": tag.tag, "ceiling_fen": ceiling }),
    )
}

/// Says what an organisation is in a programme, or with `None` that it is nothing from here on.
///
/// An intermediary is an office, a payee is none.
pub fn set_part(programme: ProgrammeId, organisation: OrganisationId, part: Option<Part>) -> Call {
    call("set_part", json!({ "programme": programme, "organisation": organisation, "part": part }))
}

/// Binds free money of the signer to a purpose (下达预算); the signer's office holds it.
///
/// - `amount`: above 0, free in the signer's account.
/// - `document`: commitment to the instruction.
pub fn appropriate(tag: TagKey, amount: Fen, document: &Commitment) -> Call {
    moved("appropriate", tag, amount, document, None)
}

/// Passes money of the signer's office on to an intermediary, with its purpose (转移支付).
///
/// - `to`: an intermediary or manager of the programme.
/// - `amount`: above 0; the oldest money leaves first.
/// - `document`: commitment to the instruction.
pub fn transfer(tag: TagKey, to: OrganisationId, amount: Fen, document: &Commitment) -> Call {
    moved("transfer", tag, amount, document, Some(("to", json!(to))))
}

/// Pays money of the signer's office to a final beneficiary, whose own it becomes (拨付).
///
/// - `to`: address of an agent of a payee of the programme.
/// - `amount`: above 0; the oldest money leaves first.
/// - `document`: commitment to the voucher.
pub fn pay(tag: TagKey, to: &str, amount: Fen, document: &Commitment) -> Call {
    moved("pay", tag, amount, document, Some(("to", json!(to))))
}

/// Takes money that the signer's office appropriated back from a holder (收回).
///
/// - `from`: the holder; in a mechanism's programme, one that an auditor flagged.
/// - `amount`: above 0; the oldest money leaves first.
/// - `document`: commitment to the decision.
pub fn claw_back(tag: TagKey, from: OrganisationId, amount: Fen, document: &Commitment) -> Call {
    moved("claw_back", tag, amount, document, Some(("from", json!(from))))
}

/// Stops an organisation's money in a programme after an audit.
///
/// - `document`: commitment to the audit report.
pub fn flag(
    programme: ProgrammeId,
    organisation: OrganisationId,
    finding: Finding,
    document: &Commitment,
) -> Call {
    call(
        "flag",
        json!({
            "programme": programme,
            "organisation": organisation,
            "finding": finding,
            "document": document,
        }),
    )
}

/// Lets an organisation's money go on after rectification (整改).
///
/// - `document`: commitment to the report on it.
pub fn lift_flag(
    programme: ProgrammeId,
    organisation: OrganisationId,
    document: &Commitment,
) -> Call {
    call(
        "lift_flag",
        json!({ "programme": programme, "organisation": organisation, "document": document }),
    )
}

fn moved(
    name: &str,
    tag: TagKey,
    amount: Fen,
    document: &Commitment,
    side: Option<(&str, Json)>,
) -> Call {
    let mut arguments = json!({
        "programme": tag.programme,
        "tag": tag.tag,
        "amount_fen": amount,
        "document": document,
    });
    if let Some((name, value)) = side {
        arguments[name] = value;
    }
    call(name, arguments)
}
