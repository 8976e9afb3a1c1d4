//! Registration, identifiers, suspension and closing of organisations, and governed data.

use crate::{
    Config, Conflicts, DailyQuota, Did, Digest, Error, Event, Gln, GrantRules, Granter, LegalName,
    NextCapacityId, NextOrganisationId, OrganisationByDid, OrganisationByGln, OrganisationByUscc,
    OrganisationDetails, OrganisationId, OrganisationProfile, OrganisationStatus, Organisations,
    Pallet, Powers, Profiles, RegionCode, RegistrarRoles, Registration, Role, RoleSet, Seconds,
    identifiers::{is_valid_did, is_valid_gln, is_valid_name, is_valid_uscc},
};
use frame_support::{dispatch::DispatchResult, ensure};
use frame_system::pallet_prelude::OriginFor;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// The organisation of a number, whatever its status.
    pub(crate) fn organisation_details(
        id: OrganisationId,
    ) -> Result<OrganisationDetails, Error<T>> {
        Organisations::<T>::get(id).ok_or(Error::OrganisationNotFound)
    }

    /// The organisation of a number that is active or suspended.
    pub(crate) fn open_organisation(id: OrganisationId) -> Result<OrganisationDetails, Error<T>> {
        let details = Self::organisation_details(id)?;
        match details.status {
            OrganisationStatus::Closed { .. } => Err(Error::OrganisationClosed),
            _ => Ok(details),
        }
    }

    /// The organisation of a number that is active.
    pub(crate) fn active_organisation(id: OrganisationId) -> Result<OrganisationDetails, Error<T>> {
        let details = Self::open_organisation(id)?;
        ensure!(details.status.is_active(), Error::OrganisationSuspended);
        Ok(details)
    }

    /// Checks that the origin may register and suspend organisations in `region`.
    pub(crate) fn ensure_registrar(
        origin: OriginFor<T>,
        acting_as: Option<Role>,
        region: RegionCode,
    ) -> Result<Granter, DispatchError> {
        let Some(who) = Self::actor(origin)? else { return Ok(Granter::Governance) };
        let (agent, _) = Self::active_agent(&who)?;
        let role = acting_as.ok_or(Error::<T>::ActingRoleMissing)?;
        ensure!(RegistrarRoles::<T>::get().contains(&role), Error::<T>::RoleMayNotRegister);
        ensure!(agent.powers.contains(Powers::REGISTER), Error::<T>::PowerMissing);
        let capacity = Self::capacity_for(agent.organisation, role, Some(region), None)?;
        Ok(Granter::Capacity(capacity))
    }

    /// Registers an organisation and its administrator. `now` is apart because the genesis block
    /// has no time.
    pub(crate) fn do_register_organisation(
        registration: Registration,
        administrator: T::AccountId,
        commitment: Option<Digest>,
        registrar: Granter,
        now: Seconds,
    ) -> Result<OrganisationId, DispatchError> {
        let Registration { uscc, name, region, gln, did } = registration;
        ensure!(is_valid_uscc(&uscc), Error::<T>::UsccInvalid);
        ensure!(!OrganisationByUscc::<T>::contains_key(uscc), Error::<T>::UsccTaken);
        ensure!(is_valid_name(&name), Error::<T>::NameInvalid);
        ensure!(region.is_well_formed(), Error::<T>::RegionInvalid);
        let id = NextOrganisationId::<T>::get();
        let next = id.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        Self::check_identifiers(id, gln.as_ref(), did.as_ref())?;
        Self::check_new_key(&administrator)?;

        NextOrganisationId::<T>::put(next);
        OrganisationByUscc::<T>::insert(uscc, id);
        if let Some(gln) = gln {
            OrganisationByGln::<T>::insert(gln, id);
        }
        if let Some(did) = &did {
            OrganisationByDid::<T>::insert(did, id);
        }
        Organisations::<T>::insert(
            id,
            OrganisationDetails {
                uscc,
                region,
                gln,
                status: OrganisationStatus::Active,
                agents: 0,
                administrators: 0,
                daily_quota: None,
            },
        );
        Profiles::<T>::insert(id, OrganisationProfile { name, did, registered_at: now, registrar });
        Self::deposit_event(Event::OrganisationRegistered {
            organisation: id,
            uscc,
            region,
            administrator: administrator.clone(),
            registrar,
        });
        Self::do_register_agent(id, administrator, Powers::ALL, commitment)?;
        Ok(id)
    }

    /// Checks the form of identifiers, and that no organisation but `id` has them.
    fn check_identifiers(
        id: OrganisationId,
        gln: Option<&Gln>,
        did: Option<&Did>,
    ) -> Result<(), Error<T>> {
        if let Some(gln) = gln {
            ensure!(is_valid_gln(gln), Error::GlnInvalid);
            let holder = OrganisationByGln::<T>::get(gln);
            ensure!(holder.is_none_or(|holder| holder == id), Error::GlnTaken);
        }
        if let Some(did) = did {
            ensure!(is_valid_did(did), Error::DidInvalid);
            let holder = OrganisationByDid::<T>::get(did);
            ensure!(holder.is_none_or(|holder| holder == id), Error::DidTaken);
        }
        Ok(())
    }

    pub(crate) fn do_update_registration(
        id: OrganisationId,
        name: LegalName,
        region: RegionCode,
        registrar: Granter,
    ) -> DispatchResult {
        ensure!(is_valid_name(&name), Error::<T>::NameInvalid);
        ensure!(region.is_well_formed(), Error::<T>::RegionInvalid);
        let mut details = Self::open_organisation(id)?;
        let mut profile = Profiles::<T>::get(id).ok_or(Error::<T>::OrganisationNotFound)?;
        details.region = region;
        profile.name = name;
        Organisations::<T>::insert(id, details);
        Profiles::<T>::insert(id, profile);
        Self::deposit_event(Event::RegistrationUpdated { organisation: id, region, registrar });
        Ok(())
    }

    pub(crate) fn do_set_identifiers(
        id: OrganisationId,
        gln: Option<Gln>,
        did: Option<Did>,
    ) -> DispatchResult {
        let mut details = Self::open_organisation(id)?;
        let mut profile = Profiles::<T>::get(id).ok_or(Error::<T>::OrganisationNotFound)?;
        Self::check_identifiers(id, gln.as_ref(), did.as_ref())?;

        if let Some(old) = details.gln {
            OrganisationByGln::<T>::remove(old);
        }
        if let Some(new) = gln {
            OrganisationByGln::<T>::insert(new, id);
        }
        if let Some(old) = &profile.did {
            OrganisationByDid::<T>::remove(old);
        }
        if let Some(new) = &did {
            OrganisationByDid::<T>::insert(new, id);
        }
        details.gln = gln;
        profile.did.clone_from(&did);
        Organisations::<T>::insert(id, details);
        Profiles::<T>::insert(id, profile);
        Self::deposit_event(Event::IdentifiersSet { organisation: id, gln, did });
        Ok(())
    }

    pub(crate) fn do_suspend(id: OrganisationId, by: Granter, decision: Digest) -> DispatchResult {
        let mut details = Self::active_organisation(id)?;
        details.status = OrganisationStatus::Suspended { since: Self::now(), by };
        Organisations::<T>::insert(id, details);
        Self::deposit_event(Event::OrganisationSuspended { organisation: id, by, decision });
        Ok(())
    }

    pub(crate) fn do_reinstate(
        id: OrganisationId,
        by: Granter,
        decision: Digest,
    ) -> DispatchResult {
        let mut details = Self::organisation_details(id)?;
        let OrganisationStatus::Suspended { by: suspender, .. } = details.status else {
            return Err(Error::<T>::OrganisationNotSuspended.into());
        };
        ensure!(
            suspender != Granter::Governance || by == Granter::Governance,
            Error::<T>::SuspendedByGovernance
        );
        details.status = OrganisationStatus::Active;
        Organisations::<T>::insert(id, details);
        Self::deposit_event(Event::OrganisationReinstated { organisation: id, by, decision });
        Ok(())
    }

    pub(crate) fn do_close(id: OrganisationId) -> DispatchResult {
        let mut details = Self::open_organisation(id)?;
        details.status = OrganisationStatus::Closed { since: Self::now() };
        Organisations::<T>::insert(id, details);
        Self::deposit_event(Event::OrganisationClosed { organisation: id });
        Ok(())
    }

    pub(crate) fn do_set_grant_rule(granter: Role, grants: RoleSet) {
        if grants.is_empty() {
            GrantRules::<T>::remove(granter);
        } else {
            GrantRules::<T>::insert(granter, &grants);
        }
        Self::deposit_event(Event::GrantRuleSet { granter, grants });
    }

    pub(crate) fn do_set_conflict(a: Role, b: Role, excluded: bool) -> DispatchResult {
        ensure!(a != b, Error::<T>::ConflictInvalid);
        if !excluded {
            Conflicts::<T>::remove(a, b);
            Conflicts::<T>::remove(b, a);
        } else if !Conflicts::<T>::contains_key(a, b) {
            let first_bound = NextCapacityId::<T>::get();
            Conflicts::<T>::insert(a, b, first_bound);
            Conflicts::<T>::insert(b, a, first_bound);
        }
        Self::deposit_event(Event::ConflictSet { a, b, excluded });
        Ok(())
    }

    pub(crate) fn do_set_daily_quota(
        organisation: Option<OrganisationId>,
        per_day: Option<u32>,
    ) -> DispatchResult {
        match (organisation, per_day) {
            (Some(id), _) => {
                let mut details = Self::organisation_details(id)?;
                details.daily_quota = per_day;
                Organisations::<T>::insert(id, details);
            }
            (None, Some(0)) => return Err(Error::<T>::QuotaInvalid.into()),
            (None, Some(per_day)) => DailyQuota::<T>::put(per_day),
            (None, None) => DailyQuota::<T>::kill(),
        }
        Self::deposit_event(Event::DailyQuotaSet { organisation, per_day });
        Ok(())
    }
}
