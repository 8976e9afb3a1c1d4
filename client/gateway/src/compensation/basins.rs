//! Which agreements are over a place, and how their latest settled year ended.

use super::{agreement_name, profile_name, settlement_name};
use crate::{app::App, problem::Problem};
use ecoledger_client::{
    compensation::horizontal::{Agreement, Settlement, SettlementStatus},
    proof::RecordName,
    value::text_from_json,
};
use serde_json::{Value as Json, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

/// Agreements that are looked at, the newest.
const AGREEMENTS_MAX: u32 = 256;
/// Sampled years of an agreement among which the latest settled one is looked for.
const YEARS_TRIED: u16 = 3;
/// Blocks for which what was found is kept: agreements are settled once a year.
const KEPT_BLOCKS: u32 = 16;
/// How long a page waits for what is not known yet.
const WAIT_MAX: Duration = Duration::from_secs(1);
/// Agreements over one place that a page names.
const RIVERS_MAX: usize = 3;

/// The latest settled year of an agreement.
#[derive(Clone, Debug)]
pub(crate) struct River {
    pub(crate) agreement: u32,
    pub(crate) year: u16,
    pub(crate) settlement: Settlement,
    /// Names of the parties, in their order.
    pub(crate) parties: Vec<String>,
}

/// Rivers by the divisions of their parties, as a block has them.
#[derive(Debug)]
pub(crate) struct Basins {
    height: u32,
    rivers: Vec<(BTreeSet<u32>, River)>,
}

/// A division of GB/T 2260 and those around it, without the country; towns and villages have three
/// digits more for each level.
fn divisions(region: u32) -> [u32; 3] {
    let mut code = region;
    while code > 999_999 {
        code /= 1_000;
    }
    [code, code - code % 100, code - code % 10_000]
}

impl Basins {
    fn over(&self, regions: &[u32]) -> Vec<River> {
        let around: BTreeSet<u32> = regions.iter().flat_map(|it| divisions(*it)).collect();
        let found = self.rivers.iter().filter(|(parties, _)| !parties.is_disjoint(&around));
        found.map(|(_, river)| river.clone()).take(RIVERS_MAX).collect()
    }
}

/// What was last found, and who looks again.
#[derive(Debug, Default)]
pub(crate) struct Rivers {
    known: RwLock<Option<Arc<Basins>>>,
    /// Held by the one who looks.
    looking: Arc<Mutex<()>>,
}

impl Rivers {
    fn known(&self) -> Option<Arc<Basins>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl App {
    /// Agreements of which a party's division has one of the places, with their latest settled year: as
    /// they were some blocks ago, for whoever asks does not wait, but for [`WAIT_MAX`] where nothing is
    /// known yet.
    ///
    /// - `regions`: divisions of GB/T 2260.
    pub(crate) async fn rivers_over(self: &Arc<Self>, regions: &[u32]) -> Vec<River> {
        if regions.is_empty() {
            return Vec::new();
        }
        let height = self.progress().last.height;
        let is_fresh = |it: &Arc<Basins>| height < it.height.saturating_add(KEPT_BLOCKS);
        let known = self.rivers.known();
        if !known.as_ref().is_some_and(is_fresh)
            && let Ok(looking) = Arc::clone(&self.rivers.looking).try_lock_owned()
        {
            tokio::spawn(Arc::clone(self).look_for_rivers(looking, height));
        }
        if let Some(known) = known {
            return known.over(regions);
        }
        drop(timeout(WAIT_MAX, self.rivers.looking.lock()).await);
        self.rivers.known().map(|it| it.over(regions)).unwrap_or_default()
    }

    async fn look_for_rivers(self: Arc<Self>, looking: OwnedMutexGuard<()>, height: u32) {
        let found = match self.basins_at(height).await {
            Ok(found) => found,
            Err(problem) => {
                tracing::warn!(detail = problem.detail, "rivers are not known");
                // Not again for a while.
                let rivers = self.rivers.known().map(|it| it.rivers.clone()).unwrap_or_default();
                Basins { height, rivers }
            }
        };
        *self.rivers.known.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(found));
        drop(looking);
    }

    async fn basins_at(self: &Arc<Self>, height: u32) -> Result<Basins, Problem> {
        let end = self.n_agreements().await?;
        let ids = end.saturating_sub(AGREEMENTS_MAX)..end;
        let found = self.records(&ids.clone().map(agreement_name).collect::<Vec<_>>()).await?;
        let agreements: Vec<(u32, Agreement)> =
            ids.filter_map(|id| Some((id, read(&found, &agreement_name(id))?))).collect();

        let mut names = BTreeSet::new();
        for (id, agreement) in &agreements {
            names.extend(years(agreement).map(|year| settlement_name(*id, year)));
            for party in &agreement.terms.parties {
                names.extend([organisation_name(*party), profile_name(*party)]);
            }
        }
        let found = self.records(&names.into_iter().collect::<Vec<_>>()).await?;
        let mut rivers = Vec::new();
        for (id, agreement) in agreements {
            let settled = years(&agreement).find_map(|year| {
                let settlement: Settlement = read(&found, &settlement_name(id, year))?;
                is_settled(settlement.status).then_some((year, settlement))
            });
            let Some((year, settlement)) = settled else { continue };
            let parties = &agreement.terms.parties;
            let region = |party: &u32| found.get(&organisation_name(*party))?["region"].as_u64();
            let regions = parties.iter().filter_map(region);
            let regions = regions.filter_map(|it| u32::try_from(it).ok()).collect();
            let name = |party: &u32| {
                let name = found.get(&profile_name(*party)).and_then(|it| it["name"].as_str());
                name.and_then(text_from_json).unwrap_or_else(|| party.to_string())
            };
            let parties = parties.iter().map(name).collect();
            rivers.push((regions, River { agreement: id, year, settlement, parties }));
        }
        Ok(Basins { height, rivers })
    }
}

/// Whether amounts are final.
fn is_settled(status: SettlementStatus) -> bool {
    use SettlementStatus::{Computed, Confirmed, Decided, Disputed, Paid};
    match status {
        Computed { .. } | Disputed => false,
        Confirmed | Decided | Paid => true,
    }
}

/// The years last sampled, newest first.
fn years(agreement: &Agreement) -> impl Iterator<Item = u16> + use<> {
    let first = agreement.terms.first_year;
    let last = agreement.sampled_year.unwrap_or_default();
    (first..=last).rev().take(usize::from(YEARS_TRIED))
}

fn organisation_name(id: u32) -> RecordName {
    RecordName::new("Participants", "Organisations", &[json!(id)])
}

fn read<T: serde::de::DeserializeOwned>(
    records: &BTreeMap<RecordName, Json>,
    name: &RecordName,
) -> Option<T> {
    serde_json::from_value(records.get(name)?.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_in_the_divisions_around_it() {
        assert_eq!(divisions(331_127), [331_127, 331_100, 330_000]);
        assert_eq!(divisions(331_127_100), [331_127, 331_100, 330_000]);
        assert_eq!(divisions(331_100), [331_100, 331_100, 330_000]);
        assert_eq!(divisions(330_000), [330_000; 3]);
    }
}
