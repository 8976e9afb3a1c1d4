//! Calls, one function for each.

use super::{CountyData, Grade, NewPolicy};
use crate::{
    call::Call,
    compensation::{PALLET, PolicyId},
    money::Fen,
    ratio::SignedPpb,
    traceability::{Commitment, OrganisationId},
};
use serde_json::{Value as Json, json};

fn call(name: &str, arguments: Json) -> Call {
    Call::new(PALLET, name, arguments)
}

/// Sets adjustments of shares by grade for policies that are created from here on; by the
/// committee's motion.
///
/// - `table`: parts of the share from the best grade to the worst, descending, within ±1.
pub fn set_performance_table(table: &[SignedPpb; 7]) -> Call {
    call("set_performance_table", json!({ "table": table }))
}

/// Creates a transfer policy and opens the programme of its money.
///
/// - `terms`: the weights of each component sum to 1; counties ascend.
pub fn create_policy(terms: &NewPolicy) -> Call {
    call("create_policy", json!({ "terms": terms }))
}

/// Records what a component is computed from in a county; until data are frozen, again.
///
/// - `component`: index of the component.
/// - `data`: one value for each factor of the component, in their order and units.
pub fn submit_county(
    policy: PolicyId,
    component: u8,
    county: OrganisationId,
    data: &CountyData,
) -> Call {
    call(
        "submit_county",
        json!({ "policy": policy, "component": component, "county": county, "data": data }),
    )
}

/// Freezes the data of a policy once they are complete.
pub fn freeze_factors(policy: PolicyId) -> Call {
    call("freeze_factors", json!({ "policy": policy }))
}

/// Computes the shares of all counties, which sum to every pool exactly.
pub fn compute_shares(policy: PolicyId) -> Call {
    call("compute_shares", json!({ "policy": policy }))
}

/// Publishes the shares, opens a purpose for each county, and starts the term to remit.
pub fn publish_shares(policy: PolicyId) -> Call {
    call("publish_shares", json!({ "policy": policy }))
}

/// Binds free money of the signer to a county's share (下达预算).
///
/// - `amount`: above 0; with what was appropriated before, within the share and its reward.
/// - `document`: commitment to the instruction.
pub fn appropriate(
    policy: PolicyId,
    county: OrganisationId,
    amount: Fen,
    document: &Commitment,
) -> Call {
    call(
        "appropriate",
        json!({
            "policy": policy, "county": county, "amount_fen": amount, "document": document,
        }),
    )
}

/// Remits appropriated money to the county (拨付).
///
/// - `amount`: above 0, of what is appropriated and not remitted.
/// - `document`: commitment to the instruction.
pub fn remit(policy: PolicyId, county: OrganisationId, amount: Fen, document: &Commitment) -> Call {
    call(
        "remit",
        json!({
            "policy": policy, "county": county, "amount_fen": amount, "document": document,
        }),
    )
}

/// Reports what those whom the signer's county paid have used.
///
/// - `amount`: above 0; all reports together are within what was paid.
/// - `document`: commitment to the report.
pub fn report_use(policy: PolicyId, amount: Fen, document: &Commitment) -> Call {
    call("report_use", json!({ "policy": policy, "amount_fen": amount, "document": document }))
}

/// Records the grade of a county's performance (绩效评价): an auditor.
///
/// - `document`: commitment to the evaluation.
pub fn evaluate(
    policy: PolicyId,
    county: OrganisationId,
    grade: Grade,
    document: &Commitment,
) -> Call {
    call(
        "evaluate",
        json!({ "policy": policy, "county": county, "grade": grade, "document": document }),
    )
}

/// Rewards or deducts by the grade, or takes back all that a flagged county has.
///
/// - `document`: commitment to the decision.
pub fn conclude(policy: PolicyId, county: OrganisationId, document: &Commitment) -> Call {
    call("conclude", json!({ "policy": policy, "county": county, "document": document }))
}
