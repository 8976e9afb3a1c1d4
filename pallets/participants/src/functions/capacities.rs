//! Capacities: who holds, grants and revokes which role.

use crate::{
    Capacities, CapacitiesByOrganisation, CapacitiesInForce, Capacity, CapacityId, Config,
    Conflicts, Error, Event, Grant, GrantRules, Granter, NextCapacityId, OrganisationId, Pallet,
    Powers, RegionCode, Role, Seconds,
};
use alloc::collections::BTreeSet;
use frame_support::{BoundedVec, ensure};
use frame_system::pallet_prelude::OriginFor;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// The first capacity of an organisation in a role that is in force at `now` and passes
    /// `test`.
    ///
    /// # Errors
    /// [`Error::RoleNotHeld`] when there is none in the role, otherwise why the last one fails.
    fn find_capacity(
        organisation: OrganisationId,
        role: Role,
        now: Seconds,
        test: impl Fn(&Capacity) -> Result<(), Error<T>>,
    ) -> Result<CapacityId, Error<T>> {
        let mut refusal = Error::RoleNotHeld;
        for id in CapacitiesInForce::<T>::get(organisation, role) {
            let Some(capacity) = Capacities::<T>::get(id) else { continue };
            if !capacity.is_in_force(now) {
                // An expired capacity says less than why one in force does not reach.
                if matches!(refusal, Error::RoleNotHeld) {
                    refusal = Error::CapacityNotInForce;
                }
                continue;
            }
            match test(&capacity) {
                Ok(()) => return Ok(id),
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    /// The capacity by which an organisation may act in a role now.
    pub(crate) fn capacity_for(
        organisation: OrganisationId,
        role: Role,
        region: Option<RegionCode>,
        subject: Option<&[u8]>,
    ) -> Result<CapacityId, Error<T>> {
        Self::find_capacity(organisation, role, Self::now(), |capacity| {
            ensure!(
                region.is_none_or(|region| capacity.region.covers(region)),
                Error::RegionNotCovered
            );
            ensure!(
                subject.is_none_or(|subject| capacity.covers_subject(subject)),
                Error::SubjectNotCovered
            );
            Ok(())
        })
    }

    /// Checks a grant by itself, whoever makes it.
    pub(crate) fn check_grant(grant: &Grant, now: Seconds) -> Result<(), Error<T>> {
        Self::active_organisation(grant.organisation)?;
        ensure!(grant.region.is_well_formed(), Error::RegionInvalid);
        let distinct: BTreeSet<_> = grant.subjects.iter().collect();
        ensure!(
            distinct.len() == grant.subjects.len()
                && grant.subjects.iter().all(|subject| !subject.is_empty()),
            Error::SubjectsInvalid
        );
        let from = grant.valid_from.max(now);
        ensure!(grant.valid_until.is_none_or(|until| from < until), Error::PeriodInvalid);
        Ok(())
    }

    /// Checks that the origin may make a grant.
    pub(crate) fn ensure_granter(
        origin: OriginFor<T>,
        acting_as: Option<Role>,
        grant: &Grant,
        now: Seconds,
    ) -> Result<Granter, DispatchError> {
        let Some(who) = Self::actor(origin)? else { return Ok(Granter::Governance) };
        let (agent, _) = Self::active_agent(&who)?;
        let role = acting_as.ok_or(Error::<T>::ActingRoleMissing)?;
        ensure!(GrantRules::<T>::get(role).contains(&grant.role), Error::<T>::RoleMayNotGrant);
        ensure!(agent.powers.contains(Powers::role(role)), Error::<T>::PowerMissing);
        ensure!(agent.organisation != grant.organisation, Error::<T>::SelfGrant);
        let from = grant.valid_from.max(now);
        let capacity = Self::find_capacity(agent.organisation, role, now, |own| {
            ensure!(
                Self::may_delegate(own, role, grant.role, grant.region),
                Error::RegionNotCovered
            );
            ensure!(own.covers_subjects(&grant.subjects), Error::SubjectNotCovered);
            ensure!(own.covers_period(from, grant.valid_until), Error::PeriodNotCovered);
            Ok(())
        })?;
        Ok(Granter::Capacity(capacity))
    }

    /// Whether the holder of `own` may decide about `granted` in `region`: inside its region, and
    /// about its own role only strictly inside, so that delegation goes down the region tree.
    fn may_delegate(own: &Capacity, acting: Role, granted: Role, region: RegionCode) -> bool {
        own.region.covers(region) && (acting != granted || own.region != region)
    }

    /// Records a grant that was checked.
    pub(crate) fn do_grant_capacity(
        grant: Grant,
        granter: Granter,
        now: Seconds,
    ) -> Result<CapacityId, DispatchError> {
        let Grant { organisation, role, region, subjects, valid_from, valid_until } = grant;
        let valid_from = valid_from.max(now);
        let id = NextCapacityId::<T>::get();
        let next = id.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        Self::check_conflicts(organisation, role, valid_from, valid_until)?;
        let mut in_force = Self::unexpired(organisation, role, now);
        in_force.try_push(id).map_err(|_| Error::<T>::TooManyCapacities)?;

        NextCapacityId::<T>::put(next);
        CapacitiesInForce::<T>::insert(organisation, role, in_force);
        CapacitiesByOrganisation::<T>::insert(organisation, id, role);
        Capacities::<T>::insert(
            id,
            Capacity {
                organisation,
                role,
                region,
                subjects,
                valid_from,
                valid_until,
                granter,
                revoked_at: None,
            },
        );
        Self::deposit_event(Event::CapacityGranted {
            capacity: id,
            organisation,
            role,
            region,
            granter,
        });
        Ok(id)
    }

    /// The capacities of an organisation in a role that have not ended at `now`.
    fn unexpired(
        organisation: OrganisationId,
        role: Role,
        now: Seconds,
    ) -> BoundedVec<CapacityId, T::CapacitiesMax> {
        let mut ids = CapacitiesInForce::<T>::get(organisation, role);
        ids.retain(|id| {
            Capacities::<T>::get(id)
                .is_some_and(|capacity| capacity.valid_until.is_none_or(|end| now < end))
        });
        ids
    }

    /// Checks that no role that excludes `role` is held in a second of the period. The period
    /// begins now or later, so that capacities that have ended need no look.
    fn check_conflicts(
        organisation: OrganisationId,
        role: Role,
        from: Seconds,
        until: Option<Seconds>,
    ) -> Result<(), Error<T>> {
        for other in Conflicts::<T>::iter_key_prefix(role) {
            for id in CapacitiesInForce::<T>::get(organisation, other) {
                let overlaps =
                    Capacities::<T>::get(id).is_some_and(|held| held.overlaps(from, until));
                ensure!(!overlaps, Error::RolesConflict);
            }
        }
        Ok(())
    }

    /// The capacity of a number that was not revoked.
    pub(crate) fn unrevoked_capacity(id: CapacityId) -> Result<Capacity, Error<T>> {
        let capacity = Capacities::<T>::get(id).ok_or(Error::CapacityNotFound)?;
        ensure!(capacity.revoked_at.is_none(), Error::CapacityRevoked);
        Ok(capacity)
    }

    /// Checks that the origin may revoke a capacity; `None` is its holder, who gives it up.
    pub(crate) fn ensure_revoker(
        origin: OriginFor<T>,
        acting_as: Option<Role>,
        capacity: &Capacity,
    ) -> Result<Option<Granter>, DispatchError> {
        let Some(who) = Self::actor(origin)? else { return Ok(Some(Granter::Governance)) };
        let Some(role) = acting_as else {
            Self::ensure_administers(&who, capacity.organisation)?;
            return Ok(None);
        };
        let (agent, _) = Self::active_agent(&who)?;
        ensure!(GrantRules::<T>::get(role).contains(&capacity.role), Error::<T>::RoleMayNotGrant);
        ensure!(agent.powers.contains(Powers::role(role)), Error::<T>::PowerMissing);
        let by = Self::find_capacity(agent.organisation, role, Self::now(), |own| {
            ensure!(
                Self::may_delegate(own, role, capacity.role, capacity.region),
                Error::RegionNotCovered
            );
            ensure!(own.covers_subjects(&capacity.subjects), Error::SubjectNotCovered);
            Ok(())
        })?;
        Ok(Some(Granter::Capacity(by)))
    }

    /// Ends a capacity that is on record as not revoked.
    pub(crate) fn do_revoke_capacity(id: CapacityId, mut capacity: Capacity, by: Option<Granter>) {
        let (organisation, role) = (capacity.organisation, capacity.role);
        capacity.revoked_at = Some(Self::now());
        Capacities::<T>::insert(id, capacity);
        CapacitiesInForce::<T>::mutate_exists(organisation, role, |ids| {
            if let Some(list) = ids {
                list.retain(|listed| *listed != id);
                if list.is_empty() {
                    *ids = None;
                }
            }
        });
        Self::deposit_event(Event::CapacityRevoked { capacity: id, organisation, role, by });
    }
}
