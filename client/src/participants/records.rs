//! Organisations, their agents and capacities, and the rules by which those are granted.

use super::{CapacityId, PALLET, Powers, Region, Role, Subject};
use crate::{
    client::Client,
    error::Error,
    traceability::{OrganisationId, decode},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// Its number.
    pub id: OrganisationId,
    /// Unified social credit code (统一社会信用代码, GB 32100).
    pub uscc: String,
    /// Published legal name.
    pub name: String,
    /// Administrative division of GB/T 2260 in which it is registered.
    pub region: Region,
    /// Global Location Number, if it has one.
    pub gln: Option<String>,
    /// Decentralised identifier, if it has one.
    pub did: Option<String>,
    /// `"Active"`, or `{"Suspended": …}` or `{"Closed": …}` with when and by whom.
    pub status: Json,
    /// Number of its active agents.
    pub agents: u32,
    /// Transactions a day of each of its agents, where governance set a number of its own.
    pub daily_quota: Option<u32>,
}

/// A role that an organisation holds (职能).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    /// Who holds it.
    pub organisation: OrganisationId,
    /// What it allows.
    pub role: Role,
    /// Where: this division and all inside it.
    pub region: Region,
    /// To what it is limited; empty is not limited.
    pub subjects: Vec<Subject>,
    /// First second in which it is in force, Unix time.
    #[serde(with = "crate::integer")]
    pub valid_from: u64,
    /// First second in which it is no longer in force.
    pub valid_until: Option<u64>,
}

/// A key that acts for an organisation (经办人).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// For whom it acts.
    pub organisation: OrganisationId,
    /// What it may do.
    pub powers: Powers,
    /// `"Active"`, or `{"Revoked": …}` or `{"Replaced": …}` with when.
    pub status: Json,
    /// Whether its transactions are accepted: it and its organisation are active.
    pub may_act: bool,
    /// Transactions that it may still send today, China Standard Time.
    pub quota_left: u32,
}

impl Client {
    /// The organisation with this number at `height`, or at the last final block.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn organisation(
        &self,
        id: OrganisationId,
        height: Option<u32>,
    ) -> Result<Option<Organisation>, Error> {
        to_organisation(self.view(PALLET, "organisation_info", &[json!(id)], height).await?)
    }

    /// The organisation with this unified social credit code.
    ///
    /// # Errors
    /// As [`Client::view`]; [`Error::Value`] for a code of another length than 18.
    pub async fn organisation_by_uscc(
        &self,
        uscc: &str,
        height: Option<u32>,
    ) -> Result<Option<Organisation>, Error> {
        to_organisation(self.view(PALLET, "organisation_by_uscc", &[json!(uscc)], height).await?)
    }

    /// The capacities that an organisation holds at `at_s`, Unix time in seconds, with their numbers;
    /// the chain gives at most 64.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn capacities(
        &self,
        id: OrganisationId,
        at_s: u64,
        height: Option<u32>,
    ) -> Result<Vec<(CapacityId, Capacity)>, Error> {
        let arguments = [json!(id), json!(at_s), Json::Null];
        decode(self.view(PALLET, "capacities_at", &arguments, height).await?)
    }

    /// The addresses of an organisation's active agents.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn agents_of(
        &self,
        id: OrganisationId,
        height: Option<u32>,
    ) -> Result<Vec<String>, Error> {
        decode(self.view(PALLET, "agents_of", &[json!(id)], height).await?)
    }

    /// The agent with this address (SS58) at `height`, or at the last final block.
    ///
    /// # Errors
    /// As [`Client::view`]; [`Error::Value`] when it is no address.
    pub async fn agent(&self, address: &str, height: Option<u32>) -> Result<Option<Agent>, Error> {
        let mut info = self.view(PALLET, "agent_info", &[json!(address)], height).await?;
        if info.is_null() {
            return Ok(None);
        }
        let mut details = info["details"].take();
        details["may_act"] = info["may_act"].take();
        details["quota_left"] = info["quota_left"].take();
        decode(details).map(Some)
    }

    /// The roles that may grant others, each with those that it may grant.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn grant_rules(&self, height: Option<u32>) -> Result<Vec<(Role, Vec<Role>)>, Error> {
        let entries = self.entries(PALLET, "GrantRules", &[], usize::MAX, height).await?;
        let rules = entries.into_iter().map(|entry| {
            let [granter] = decode::<[Role; 1]>(Json::Array(entry.keys))?;
            Ok((granter, decode(entry.value)?))
        });
        let mut rules = rules.collect::<Result<Vec<_>, Error>>()?;
        rules.sort_unstable();
        Ok(rules)
    }

    /// The roles that may register and suspend organisations.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn registrar_roles(&self, height: Option<u32>) -> Result<Vec<Role>, Error> {
        decode(self.query_or_default(PALLET, "RegistrarRoles", height).await?)
    }

    /// The pairs of roles that exclude each other, each once.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn conflicts(&self, height: Option<u32>) -> Result<Vec<(Role, Role)>, Error> {
        let entries = self.entries(PALLET, "Conflicts", &[], usize::MAX, height).await?;
        let pairs = entries.into_iter().map(|entry| decode(Json::Array(entry.keys)));
        let mut pairs = pairs.collect::<Result<Vec<(Role, Role)>, Error>>()?;
        // Each is kept in both orders.
        pairs.retain(|(a, b)| a < b);
        pairs.sort_unstable();
        Ok(pairs)
    }

    /// Transactions a day of each agent whose organisation has no number of its own.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn daily_quota(&self, height: Option<u32>) -> Result<u32, Error> {
        decode(self.query_or_default(PALLET, "DailyQuota", height).await?)
    }
}

fn to_organisation(json: Json) -> Result<Option<Organisation>, Error> {
    #[derive(Deserialize)]
    struct Info {
        id: OrganisationId,
        details: Details,
        profile: Profile,
    }
    #[derive(Deserialize)]
    struct Details {
        uscc: String,
        region: Region,
        gln: Option<String>,
        status: Json,
        agents: u32,
        daily_quota: Option<u32>,
    }
    #[derive(Deserialize)]
    struct Profile {
        #[serde(deserialize_with = "crate::text::deserialize")]
        name: String,
        did: Option<String>,
    }
    let info: Option<Info> = decode(json)?;
    Ok(info.map(|Info { id, details, profile }| Organisation {
        id,
        uscc: details.uscc,
        name: profile.name,
        region: details.region,
        gln: details.gln,
        did: profile.did,
        status: details.status,
        agents: details.agents,
        daily_quota: details.daily_quota,
    }))
}
