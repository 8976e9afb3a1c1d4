//! Calls, one function for each.
//!
//! Whoever registers, suspends, grants or revokes says in which role its organisation does so; the
//! committee does it by a motion, without a role.

use super::{Did, LegalName, PALLET, Powers, Region, Role, Subject, Uscc};
use crate::{
    call::Call,
    gs1::Gln,
    traceability::{Commitment, OrganisationId},
};
use serde::Serialize;
use serde_json::{Value as Json, json};

/// Number of a capacity.
pub type CapacityId = u32;

/// Particulars of an organisation that is to be registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Registration {
    /// Its unified social credit code, not yet registered.
    pub uscc: Uscc,
    /// Its published legal name.
    pub name: LegalName,
    /// Division in which it is registered.
    pub region: Region,
    /// Its location number, not yet registered.
    pub gln: Option<Gln>,
    /// Its decentralised identifier, not yet registered.
    pub did: Option<Did>,
}

/// A capacity that is to be granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// Who is to hold it.
    pub organisation: OrganisationId,
    /// What it allows.
    pub role: Role,
    /// Where: this division and all inside it.
    pub region: Region,
    /// To what it is limited, each once, at most 16; none is not limited.
    pub subjects: Vec<Subject>,
    /// First second in which it is in force, Unix time; one in the past counts as now.
    #[serde(with = "crate::integer")]
    pub valid_from: u64,
    /// First second in which it is no longer in force; `None` is without end.
    pub valid_until: Option<u64>,
}

fn call(name: &str, arguments: Json) -> Call {
    Call::new(PALLET, name, arguments)
}

/// Registers an organisation with its first agent, who gets all powers: an agent with the power to
/// register, of an organisation that holds `acting_as` in the region, or the committee.
///
/// - `administrator`: address of an account that is not and never was an agent.
/// - `holder`: commitment to who holds that key.
pub fn register_organisation(
    registration: &Registration,
    administrator: &str,
    holder: Option<&Commitment>,
    acting_as: Option<Role>,
) -> Call {
    call(
        "register_organisation",
        json!({
            "registration": registration,
            "administrator": administrator,
            "commitment": holder,
            "acting_as": acting_as,
        }),
    )
}

/// Changes an organisation's published name and region, after a change of its licence: as
/// [`register_organisation`], for the region that it leaves and the one that it enters.
pub fn update_registration(
    organisation: OrganisationId,
    name: &LegalName,
    region: Region,
    acting_as: Option<Role>,
) -> Call {
    call(
        "update_registration",
        json!({
            "organisation": organisation,
            "name": name,
            "region": region,
            "acting_as": acting_as,
        }),
    )
}

/// Sets an organisation's location number and decentralised identifier, `None` removes one: its
/// administrator, or the committee.
pub fn set_identifiers(organisation: OrganisationId, gln: Option<&Gln>, did: Option<&Did>) -> Call {
    call("set_identifiers", json!({ "organisation": organisation, "gln": gln, "did": did }))
}

/// Registers an account as an agent: an administrator of the organisation, or the committee.
///
/// - `agent`: address of an account that is not and never was an agent.
/// - `holder`: commitment to who holds the key.
pub fn register_agent(
    organisation: OrganisationId,
    agent: &str,
    powers: Powers,
    holder: Option<&Commitment>,
) -> Call {
    call(
        "register_agent",
        json!({
            "organisation": organisation,
            "agent": agent,
            "powers": powers,
            "commitment": holder,
        }),
    )
}

/// Sets what an agent may do: an administrator of its organisation, or the committee.
pub fn set_agent_powers(agent: &str, powers: Powers) -> Call {
    call("set_agent_powers", json!({ "agent": agent, "powers": powers }))
}

/// Puts another key in the place of the signer's, which can never act again.
///
/// - `new`: address of an account that is not and never was an agent; powers, money and used quota
///   go over to it.
pub fn rotate_key(new: &str) -> Call {
    call("rotate_key", json!({ "new": new }))
}

/// Withdraws an agent's key for ever: an administrator of its organisation, the agent itself, or
/// the committee, who alone may withdraw the last administrator's.
pub fn revoke_agent(agent: &str) -> Call {
    call("revoke_agent", json!({ "agent": agent }))
}

/// Puts a new key in the place of one that is lost or was withdrawn: an administrator of the
/// organisation, or the committee.
pub fn recover_agent(old: &str, new: &str) -> Call {
    call("recover_agent", json!({ "old": old, "new": new }))
}

/// Grants an organisation a capacity: an agent that may act in `acting_as`, a role that may grant
/// this one, within its own region, subjects and period; or the committee.
pub fn grant_capacity(grant: &Grant, acting_as: Option<Role>) -> Call {
    call("grant_capacity", json!({ "grant": grant, "acting_as": acting_as }))
}

/// Ends a capacity: who may grant it, as [`grant_capacity`]; or, without a role, an administrator
/// of the organisation that gives it up; or the committee.
pub fn revoke_capacity(capacity: CapacityId, acting_as: Option<Role>) -> Call {
    call("revoke_capacity", json!({ "capacity": capacity, "acting_as": acting_as }))
}

/// Suspends an organisation, none of whose agents may act then: as [`register_organisation`].
///
/// - `decision`: commitment to the decision.
pub fn suspend_organisation(
    organisation: OrganisationId,
    decision: &Commitment,
    acting_as: Option<Role>,
) -> Call {
    call("suspend_organisation", decided(organisation, decision, acting_as))
}

/// Lets a suspended organisation act again: as [`suspend_organisation`]; only the committee, where
/// the committee suspended it.
pub fn reinstate_organisation(
    organisation: OrganisationId,
    decision: &Commitment,
    acting_as: Option<Role>,
) -> Call {
    call("reinstate_organisation", decided(organisation, decision, acting_as))
}

fn decided(organisation: OrganisationId, decision: &Commitment, acting_as: Option<Role>) -> Json {
    json!({ "organisation": organisation, "decision": decision, "acting_as": acting_as })
}

/// Closes an organisation for good; by the committee's motion.
pub fn close_organisation(organisation: OrganisationId) -> Call {
    call("close_organisation", json!({ "organisation": organisation }))
}

/// Sets which roles a role may grant, in place of those before; by the committee's motion.
///
/// - `grants`: ascending, each once.
pub fn set_grant_rule(granter: Role, grants: &[Role]) -> Call {
    call("set_grant_rule", json!({ "granter": granter, "grants": grants }))
}

/// Sets which roles may register and suspend organisations; by the committee's motion.
///
/// - `roles`: ascending, each once.
pub fn set_registrar_roles(roles: &[Role]) -> Call {
    call("set_registrar_roles", json!({ "roles": roles }))
}

/// Sets whether two roles exclude each other; by the committee's motion. What was granted before
/// stays.
pub fn set_conflict(a: Role, b: Role, excluded: bool) -> Call {
    call("set_conflict", json!({ "a": a, "b": b, "excluded": excluded }))
}

/// Sets how many transactions a day each agent may send; by the committee's motion.
///
/// - `organisation`: whose agents; `None` is the general quota.
/// - `per_day`: `None` is the general quota, or the runtime's default for the general quota itself.
pub fn set_daily_quota(organisation: Option<OrganisationId>, per_day: Option<u32>) -> Call {
    call("set_daily_quota", json!({ "organisation": organisation, "per_day": per_day }))
}
