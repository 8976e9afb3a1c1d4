//! What holds after every block.

use crate::{
    AgentStatus, Agents, AgentsByOrganisation, Authority, Capacities, CapacitiesByOrganisation,
    CapacitiesInForce, Capacity, CapacityId, Config, Conflicts, FirstKeys, NextCapacityId,
    NextOrganisationId, OrganisationByDid, OrganisationByGln, OrganisationByUscc, OrganisationId,
    Organisations, Pallet, Powers, Profiles, Role,
    identifiers::{is_valid_did, is_valid_gln, is_valid_name, is_valid_uscc},
};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::ensure;
use sp_core::Get;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks the state:
    ///
    /// 1. Organisations are numbered without gaps below the next number, each with a profile.
    /// 2. Codes, location numbers and identifiers are valid and indexed one to one.
    /// 3. An agent's organisation exists; active agents, and no others, are in its index and have
    ///    an account with a provider; a replaced key's successor is an agent of the same
    ///    organisation and has the same first key, as nobody else has.
    /// 4. The counts of agents and administrators are right and within the limit.
    /// 5. Capacities are numbered without gaps, belong to organisations that exist, and are indexed
    ///    by organisation; exactly those that are not revoked and not dropped as expired are
    ///    listed in force.
    /// 6. Conflicts are symmetric, and no organisation holds two roles of a conflict in the same
    ///    second, the later of them granted since the conflict was set.
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::try_state_organisations()?;
        Self::try_state_agents()?;
        Self::try_state_capacities()?;
        Self::try_state_conflicts()
    }

    fn try_state_organisations() -> Result<(), TryRuntimeError> {
        let next = NextOrganisationId::<T>::get();
        let (mut organisations, mut glns, mut dids) = (0, 0, 0);
        for (id, details) in Organisations::<T>::iter() {
            organisations += 1;
            ensure!(id < next, "organisation number was never given");
            ensure!(is_valid_uscc(&details.uscc), "invalid unified social credit code");
            ensure!(
                OrganisationByUscc::<T>::get(details.uscc) == Some(id),
                "organisation is not found by its code"
            );
            ensure!(details.region.is_well_formed(), "invalid region");
            let profile = Profiles::<T>::get(id).ok_or("organisation without profile")?;
            ensure!(is_valid_name(&profile.name), "invalid name");
            if let Some(gln) = details.gln {
                glns += 1;
                ensure!(is_valid_gln(&gln), "invalid location number");
                ensure!(
                    OrganisationByGln::<T>::get(gln) == Some(id),
                    "organisation is not found by its location number"
                );
            }
            if let Some(did) = profile.did {
                dids += 1;
                ensure!(is_valid_did(&did), "invalid decentralised identifier");
                ensure!(
                    OrganisationByDid::<T>::get(&did) == Some(id),
                    "organisation is not found by its decentralised identifier"
                );
            }
        }
        let count = u64::from(next);
        ensure!(organisations == count, "organisations are missing");
        ensure!(length(Profiles::<T>::iter_keys()) == count, "profile without organisation");
        ensure!(length(OrganisationByUscc::<T>::iter_keys()) == count, "code without organisation");
        ensure!(
            length(OrganisationByGln::<T>::iter_keys()) == glns,
            "location number without organisation"
        );
        ensure!(
            length(OrganisationByDid::<T>::iter_keys()) == dids,
            "decentralised identifier without organisation"
        );
        Ok(())
    }

    fn try_state_agents() -> Result<(), TryRuntimeError> {
        let mut counts = BTreeMap::<OrganisationId, (u32, u32)>::new();
        let mut n_replaced = 0u64;
        for (account, agent) in Agents::<T>::iter() {
            ensure!(
                Organisations::<T>::contains_key(agent.organisation),
                "agent of an unknown organisation"
            );
            ensure!(agent.powers.is_known(), "agent with reserved powers");
            let indexed = AgentsByOrganisation::<T>::contains_key(agent.organisation, &account);
            ensure!(
                indexed == (agent.status == AgentStatus::Active),
                "index of agents differs from their status"
            );
            match agent.status {
                AgentStatus::Active => {
                    ensure!(
                        frame_system::Pallet::<T>::providers(&account) > 0,
                        "active agent without provider"
                    );
                    let (agents, administrators) = counts.entry(agent.organisation).or_default();
                    *agents += 1;
                    if agent.powers.contains(Powers::ADMINISTER) {
                        *administrators += 1;
                    }
                }
                AgentStatus::Replaced { by, .. } => {
                    n_replaced += 1;
                    ensure!(
                        Agents::<T>::get(&by)
                            .is_some_and(|new| new.organisation == agent.organisation),
                        "replaced agent without successor"
                    );
                    ensure!(
                        FirstKeys::<T>::get(by) == Some(Self::first_key(&account)),
                        "successor with another first key"
                    );
                }
                AgentStatus::Revoked { .. } => {}
            }
        }
        ensure!(
            length(FirstKeys::<T>::iter_keys()) == n_replaced,
            "first key of an agent that took over from none"
        );
        let active: u64 = counts.values().map(|(agents, _)| u64::from(*agents)).sum();
        ensure!(
            length(AgentsByOrganisation::<T>::iter_keys()) == active,
            "index of agents has an unknown agent"
        );
        for (id, details) in Organisations::<T>::iter() {
            let (agents, administrators) = counts.get(&id).copied().unwrap_or_default();
            ensure!(details.agents == agents, "wrong number of agents");
            ensure!(details.administrators == administrators, "wrong number of administrators");
            ensure!(agents <= T::AgentsMax::get(), "too many agents");
        }
        Ok(())
    }

    fn try_state_capacities() -> Result<(), TryRuntimeError> {
        let next = NextCapacityId::<T>::get();
        let mut count = 0u64;
        for (id, capacity) in Capacities::<T>::iter() {
            count += 1;
            ensure!(id < next, "capacity number was never given");
            ensure!(
                Organisations::<T>::contains_key(capacity.organisation),
                "capacity of an unknown organisation"
            );
            ensure!(
                CapacitiesByOrganisation::<T>::get(capacity.organisation, id)
                    == Some(capacity.role),
                "capacity is not found by its organisation"
            );
            ensure!(
                capacity.valid_until.is_none_or(|until| capacity.valid_from < until),
                "capacity with an empty period"
            );
            let listed =
                CapacitiesInForce::<T>::get(capacity.organisation, capacity.role).contains(&id);
            let expired = capacity.valid_until.is_some_and(|until| until <= Self::now());
            ensure!(
                listed == capacity.revoked_at.is_none() || (expired && !listed),
                "list of capacities in force differs from their records"
            );
        }
        ensure!(count == u64::from(next), "capacities are missing");
        ensure!(
            length(CapacitiesByOrganisation::<T>::iter_keys()) == count,
            "index of capacities has an unknown capacity"
        );
        for (organisation, role, ids) in CapacitiesInForce::<T>::iter() {
            ensure!(ids.is_sorted_by(|a, b| a < b), "capacities in force are not ascending");
            for id in ids {
                ensure!(
                    Capacities::<T>::get(id).is_some_and(|capacity| {
                        capacity.organisation == organisation && capacity.role == role
                    }),
                    "list of capacities in force has a foreign capacity"
                );
            }
        }
        Ok(())
    }

    fn try_state_conflicts() -> Result<(), TryRuntimeError> {
        let mut held = BTreeMap::<(OrganisationId, Role), Vec<(CapacityId, Capacity)>>::new();
        for (organisation, role, ids) in CapacitiesInForce::<T>::iter() {
            let capacities = ids.into_iter().filter_map(|id| Some((id, Capacities::<T>::get(id)?)));
            held.insert((organisation, role), capacities.collect());
        }
        for (a, b, first_bound) in Conflicts::<T>::iter() {
            ensure!(a != b, "role excludes itself");
            ensure!(Conflicts::<T>::get(b, a) == Some(first_bound), "conflict in one order only");
            for ((organisation, _), of_a) in held.iter().filter(|((_, role), _)| *role == a) {
                let of_b = held.get(&(*organisation, b)).map(Vec::as_slice).unwrap_or_default();
                let clash = of_a.iter().any(|(a, first)| {
                    of_b.iter().any(|(b, second)| {
                        *a.max(b) >= first_bound
                            && first.overlaps(second.valid_from, second.valid_until)
                    })
                });
                ensure!(!clash, "organisation holds roles that exclude each other");
            }
        }
        Ok(())
    }
}

fn length(items: impl Iterator) -> u64 {
    items.fold(0, |count, _| count + 1)
}
