//! Organisations and their agents, as the participants pallet keeps them.

use crate::{
    client::Client,
    error::Error,
    traceability::{OrganisationId, decode},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

const PALLET: &str = "Participants";

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
    pub region: u32,
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
    /// What it allows, such as `TraceNode`.
    pub role: String,
    /// Division of GB/T 2260 and all inside it; 0 is the country.
    pub region: u32,
    /// To what it is limited; empty is not limited.
    pub subjects: Vec<String>,
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
    /// What it may do: bits 0 to 55 roles, 62 register, 63 administer.
    #[serde(with = "crate::integer")]
    pub powers: u64,
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

    /// The capacities that an organisation holds at `at_s`, Unix time in seconds; the chain gives
    /// at most 64.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn capacities(
        &self,
        id: OrganisationId,
        at_s: u64,
        height: Option<u32>,
    ) -> Result<Vec<Capacity>, Error> {
        let arguments = [json!(id), json!(at_s), Json::Null];
        let rows: Vec<(u32, Capacity)> =
            decode(self.view(PALLET, "capacities_at", &arguments, height).await?)?;
        Ok(rows.into_iter().map(|(_, capacity)| capacity).collect())
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
        region: u32,
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
