//! Questions to the chain about agreements.

use super::{Agreement, AgreementRules, Leg, PendingRules, Sample, SampleKey, Settlement, Trace};
use crate::{
    client::Client,
    compensation::{AgreementId, PALLET},
    error::Error,
    traceability::decode,
};
use serde_json::json;

impl Client {
    /// An agreement at `height`, or at the last final block.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn agreement(
        &self,
        id: AgreementId,
        height: Option<u32>,
    ) -> Result<Option<Agreement>, Error> {
        decode(self.view(PALLET, "agreement", &[json!(id)], height).await?)
    }

    /// A version of an agreement's rules, from 1.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn agreement_rules(
        &self,
        id: AgreementId,
        version: u32,
        height: Option<u32>,
    ) -> Result<Option<AgreementRules>, Error> {
        let arguments = [json!(id), json!(version)];
        decode(self.view(PALLET, "agreement_rules", &arguments, height).await?)
    }

    /// The version of an agreement's rules that applies to a year, and the rules.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such agreement or it has no rules for the year, and as
    /// [`Client::view`].
    pub async fn rules_of_year(
        &self,
        id: AgreementId,
        year: u16,
        height: Option<u32>,
    ) -> Result<(u32, AgreementRules), Error> {
        let agreement = self
            .agreement(id, height)
            .await?
            .ok_or_else(|| Error::NotFound(format!("agreement {id}")))?;
        let in_term = (agreement.terms.first_year..=agreement.terms.last_year).contains(&year);
        for version in (1..=agreement.version).rev().filter(|_| in_term) {
            let rules = self.agreement_rules(id, version, height).await?;
            if let Some(rules) = rules.filter(|rules| rules.from_year <= year) {
                return Ok((version, rules));
            }
        }
        Err(Error::NotFound(format!("signed rules of agreement {id} for {year}")))
    }

    /// Rules of an agreement that wait for signatures.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn pending_rules(
        &self,
        id: AgreementId,
        height: Option<u32>,
    ) -> Result<Option<PendingRules>, Error> {
        decode(self.view(PALLET, "pending_rules", &[json!(id)], height).await?)
    }

    /// A joint sample.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn sample(
        &self,
        id: AgreementId,
        (year, section, month): SampleKey,
        height: Option<u32>,
    ) -> Result<Option<Sample>, Error> {
        let arguments = [json!(id), json!(year), json!(section), json!(month)];
        decode(self.view(PALLET, "sample", &arguments, height).await?)
    }

    /// The settlement of a year.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn settlement(
        &self,
        id: AgreementId,
        year: u16,
        height: Option<u32>,
    ) -> Result<Option<Settlement>, Error> {
        decode(self.view(PALLET, "settlement", &[json!(id), json!(year)], height).await?)
    }

    /// Trace and payments of a year computed again; `None` while samples are missing or in
    /// dispute.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn recompute_settlement(
        &self,
        id: AgreementId,
        year: u16,
        height: Option<u32>,
    ) -> Result<Option<(Trace, Vec<Leg>)>, Error> {
        let arguments = [json!(id), json!(year)];
        decode(self.view(PALLET, "recompute_settlement", &arguments, height).await?)
    }

    /// The settlements of an agreement by year, ascending.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn settlements(
        &self,
        id: AgreementId,
        height: Option<u32>,
    ) -> Result<Vec<(u16, Settlement)>, Error> {
        let entries = self.entries(PALLET, "Settlements", &[json!(id)], usize::MAX, height).await?;
        let mut found = entries
            .into_iter()
            .map(|mut entry| {
                let year = entry.keys.get_mut(1).map(serde_json::Value::take).unwrap_or_default();
                Ok((decode(year)?, decode(entry.value)?))
            })
            .collect::<Result<Vec<(u16, Settlement)>, Error>>()?;
        found.sort_by_key(|(year, _)| *year);
        Ok(found)
    }
}
