//! What the calls do, and who may make them.

mod agents;
mod capacities;
mod organisations;

pub use agents::{MoveFunds, OnKeyReplaced};

use crate::{
    AgentInfo, AgentStatus, Agents, Capacities, CapacitiesByOrganisation, Capacity, CapacityId,
    Config, DailyQuota, OrganisationDetails, OrganisationId, OrganisationInfo, Organisations,
    Pallet, Profiles, QuotaUse, Seconds,
};
use alloc::vec::Vec;
use frame_support::traits::{EnsureOrigin, UnixTime};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use sp_runtime::DispatchError;

/// Most capacities that one view answers.
const VIEW_CAPACITIES_MAX: usize = 64;

impl<T: Config> Pallet<T> {
    /// The block's time.
    pub(crate) fn now() -> Seconds {
        T::Time::now().as_secs()
    }

    /// Who makes a call: `None` is governance.
    ///
    /// # Errors
    /// [`DispatchError::BadOrigin`] when it is neither governance nor an account.
    pub(crate) fn actor(origin: OriginFor<T>) -> Result<Option<T::AccountId>, DispatchError> {
        match T::GovernanceOrigin::try_origin(origin) {
            Ok(_) => Ok(None),
            Err(origin) => Ok(Some(ensure_signed(origin)?)),
        }
    }

    /// Transactions a day of each agent of an organisation.
    pub(crate) fn daily_quota_of(organisation: &OrganisationDetails) -> u32 {
        organisation.daily_quota.unwrap_or_else(DailyQuota::<T>::get)
    }

    pub(crate) fn view_organisation(id: OrganisationId) -> Option<OrganisationInfo> {
        Some(OrganisationInfo {
            id,
            details: Organisations::<T>::get(id)?,
            profile: Profiles::<T>::get(id)?,
        })
    }

    pub(crate) fn view_agent(agent: &T::AccountId) -> Option<AgentInfo<T::AccountId>> {
        let details = Agents::<T>::get(agent)?;
        let organisation = Organisations::<T>::get(details.organisation)?;
        let may_act = details.status == AgentStatus::Active && organisation.status.is_active();
        let used = details.quota.used_on(QuotaUse::day_of(Self::now()));
        let quota_left = Self::daily_quota_of(&organisation).saturating_sub(used);
        Some(AgentInfo { details, may_act, quota_left })
    }

    pub(crate) fn view_capacities(
        organisation: OrganisationId,
        at: Seconds,
        start_after: Option<CapacityId>,
    ) -> Vec<(CapacityId, Capacity)> {
        let mut ids: Vec<_> = CapacitiesByOrganisation::<T>::iter_key_prefix(organisation)
            .filter(|id| start_after.is_none_or(|after| *id > after))
            .collect();
        ids.sort_unstable();
        ids.into_iter()
            .filter_map(|id| Some((id, Capacities::<T>::get(id)?)))
            .filter(|(_, capacity)| capacity.is_in_force(at))
            .take(VIEW_CAPACITIES_MAX)
            .collect()
    }
}
