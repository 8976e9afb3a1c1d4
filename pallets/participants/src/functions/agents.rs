//! Agents: registration, powers, replacement and revocation of keys.

use crate::{
    AgentDetails, AgentStatus, Agents, AgentsByOrganisation, Authority, Config, Digest, Error,
    Event, FirstKeys, OrganisationDetails, OrganisationId, OrganisationStatus, Organisations,
    Pallet, Powers, QuotaUse, extension::Refusal,
};
use codec::Encode;
use core::marker::PhantomData;
use ecoledger_primitives::is_small_order_ed25519_key;
use frame_support::{
    dispatch::DispatchResult,
    ensure,
    traits::{
        Get,
        fungible::{Inspect, Mutate},
        tokens::{Fortitude, Preservation},
    },
};
use frame_system::pallet_prelude::OriginFor;
use sp_runtime::{DispatchError, traits::Zero};

/// Told when another key takes over from an agent's, before the old account loses its provider.
pub trait OnKeyReplaced<AccountId> {
    /// Moves to `new` what is tied to the account `old`.
    ///
    /// # Errors
    /// Whatever must stop the replacement; the call is then rolled back.
    fn on_key_replaced(old: &AccountId, new: &AccountId) -> DispatchResult;

    /// Gives `old` what takes the longest to move; nothing unless overridden.
    #[cfg(feature = "runtime-benchmarks")]
    fn prepare_benchmark(_old: &AccountId) {}
}

impl<AccountId> OnKeyReplaced<AccountId> for () {
    fn on_key_replaced(_: &AccountId, _: &AccountId) -> DispatchResult {
        Ok(())
    }
}

/// Moves the free money of a replaced key to the key that takes over; what is held stays.
pub struct MoveFunds<Money>(PhantomData<Money>);

impl<AccountId, Money> OnKeyReplaced<AccountId> for MoveFunds<Money>
where
    AccountId: Eq,
    Money: Inspect<AccountId> + Mutate<AccountId>,
{
    fn on_key_replaced(old: &AccountId, new: &AccountId) -> DispatchResult {
        let amount = Money::reducible_balance(old, Preservation::Expendable, Fortitude::Polite);
        if !amount.is_zero() {
            Money::transfer(old, new, amount, Preservation::Expendable)?;
        }
        Ok(())
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn prepare_benchmark(old: &AccountId) {
        Money::set_balance(old, Money::minimum_balance());
    }
}

impl<T: Config> Pallet<T> {
    /// The agent of an account, unless another key took over from it.
    pub(crate) fn unreplaced_agent(
        who: &T::AccountId,
    ) -> Result<AgentDetails<T::AccountId>, Error<T>> {
        let agent = Agents::<T>::get(who).ok_or(Error::AgentNotFound)?;
        match agent.status {
            AgentStatus::Replaced { .. } => Err(Error::AgentReplaced),
            _ => Ok(agent),
        }
    }

    /// The agent of an account whose key was not withdrawn.
    pub(crate) fn unwithdrawn_agent(
        who: &T::AccountId,
    ) -> Result<AgentDetails<T::AccountId>, Error<T>> {
        let agent = Self::unreplaced_agent(who)?;
        ensure!(agent.status == AgentStatus::Active, Error::AgentRevoked);
        Ok(agent)
    }

    /// The agent of an account that may act, and its organisation.
    pub(crate) fn active_agent(
        who: &T::AccountId,
    ) -> Result<(AgentDetails<T::AccountId>, OrganisationDetails), Error<T>> {
        let agent = Self::unwithdrawn_agent(who)?;
        let organisation = Self::active_organisation(agent.organisation)?;
        Ok((agent, organisation))
    }

    /// Checks that the origin is governance or an administrator of the organisation.
    pub(crate) fn ensure_administrator(
        origin: OriginFor<T>,
        organisation: OrganisationId,
    ) -> DispatchResult {
        match Self::actor(origin)? {
            None => Ok(()),
            Some(who) => Ok(Self::ensure_administers(&who, organisation)?),
        }
    }

    /// Checks that `who` is an administrator of the organisation.
    pub(crate) fn ensure_administers(
        who: &T::AccountId,
        organisation: OrganisationId,
    ) -> Result<(), Error<T>> {
        let (agent, _) = Self::active_agent(who)?;
        ensure!(agent.organisation == organisation, Error::NotOfOrganisation);
        ensure!(agent.powers.contains(Powers::ADMINISTER), Error::PowerMissing);
        Ok(())
    }

    /// Checks that the origin may revoke an agent of the organisation, and returns whether it is
    /// governance.
    pub(crate) fn ensure_revokes(
        origin: OriginFor<T>,
        agent: &T::AccountId,
        organisation: OrganisationId,
    ) -> Result<bool, DispatchError> {
        match Self::actor(origin)? {
            None => return Ok(true),
            Some(who) if who == *agent => Self::active_agent(&who).map(|_| ())?,
            Some(who) => Self::ensure_administers(&who, organisation)?,
        }
        Ok(false)
    }

    /// Checks that a key may become an agent's.
    pub(crate) fn check_new_key(new: &T::AccountId) -> Result<(), Error<T>> {
        ensure!(!Agents::<T>::contains_key(new), Error::AccountTaken);
        let weak = new.using_encoded(|bytes| {
            <&[u8; 32]>::try_from(bytes).is_ok_and(is_small_order_ed25519_key)
        });
        ensure!(!weak, Error::WeakKey);
        Ok(())
    }

    /// Makes `new` an agent. The caller has checked the key and counts it.
    fn insert_agent(new: &T::AccountId, details: AgentDetails<T::AccountId>) {
        // CheckNonce refuses accounts without a provider, and an agent needs no money.
        frame_system::Pallet::<T>::inc_providers(new);
        AgentsByOrganisation::<T>::insert(
            details.organisation,
            new,
            frame_system::Pallet::<T>::block_number(),
        );
        Agents::<T>::insert(new, details);
    }

    /// Takes the account of a withdrawn key out of the system as far as nothing else needs it.
    fn drop_account(old: &T::AccountId, organisation: OrganisationId) {
        AgentsByOrganisation::<T>::remove(organisation, old);
        // Refused while something on the account, such as held money, needs a provider. The
        // reference then stays for good, which costs one account record.
        let _ = frame_system::Pallet::<T>::dec_providers(old);
    }

    /// Counts one agent with `powers` more.
    fn count_in(organisation: &mut OrganisationDetails, powers: Powers) -> Result<(), Error<T>> {
        ensure!(organisation.agents < T::AgentsMax::get(), Error::TooManyAgents);
        organisation.agents = organisation.agents.saturating_add(1);
        if powers.contains(Powers::ADMINISTER) {
            organisation.administrators = organisation.administrators.saturating_add(1);
        }
        Ok(())
    }

    pub(crate) fn do_register_agent(
        organisation: OrganisationId,
        agent: T::AccountId,
        powers: Powers,
        commitment: Option<Digest>,
    ) -> DispatchResult {
        let mut details = Self::open_organisation(organisation)?;
        ensure!(powers.is_known(), Error::<T>::PowersUnknown);
        Self::check_new_key(&agent)?;
        Self::count_in(&mut details, powers)?;

        Organisations::<T>::insert(organisation, details);
        Self::insert_agent(
            &agent,
            AgentDetails {
                organisation,
                powers,
                status: AgentStatus::Active,
                commitment,
                quota: QuotaUse::default(),
            },
        );
        Self::deposit_event(Event::AgentRegistered { organisation, agent, powers });
        Ok(())
    }

    pub(crate) fn do_set_agent_powers(agent: T::AccountId, powers: Powers) -> DispatchResult {
        let mut details = Self::unwithdrawn_agent(&agent)?;
        ensure!(powers.is_known(), Error::<T>::PowersUnknown);
        let organisation = details.organisation;
        let mut of = Self::organisation_details(organisation)?;
        let was = details.powers.contains(Powers::ADMINISTER);
        let is = powers.contains(Powers::ADMINISTER);
        if was && !is {
            ensure!(of.administrators > 1, Error::<T>::LastAdministrator);
            of.administrators = of.administrators.saturating_sub(1);
        } else if is && !was {
            of.administrators = of.administrators.saturating_add(1);
        }
        details.powers = powers;
        Organisations::<T>::insert(organisation, of);
        Agents::<T>::insert(&agent, details);
        Self::deposit_event(Event::AgentPowersSet { organisation, agent, powers });
        Ok(())
    }

    /// Puts `new` in the place of `old`, which is active or revoked.
    pub(crate) fn do_replace_key(old: T::AccountId, new: T::AccountId) -> DispatchResult {
        let mut details = Self::unreplaced_agent(&old)?;
        let organisation = details.organisation;
        let mut of = Self::open_organisation(organisation)?;
        Self::check_new_key(&new)?;
        let was_active = details.status == AgentStatus::Active;
        if !was_active {
            Self::count_in(&mut of, details.powers)?;
            Organisations::<T>::insert(organisation, of);
        }

        Self::insert_agent(&new, AgentDetails { status: AgentStatus::Active, ..details.clone() });
        FirstKeys::<T>::insert(&new, <Self as Authority<_>>::first_key(&old));
        T::OnKeyReplaced::on_key_replaced(&old, &new)?;
        if was_active {
            Self::drop_account(&old, organisation);
        }
        details.status = AgentStatus::Replaced { since: Self::now(), by: new.clone() };
        Agents::<T>::insert(&old, details);
        Self::deposit_event(Event::AgentKeyReplaced { organisation, old, new });
        Ok(())
    }

    pub(crate) fn do_revoke_agent(agent: T::AccountId, by_governance: bool) -> DispatchResult {
        let mut details = Self::unwithdrawn_agent(&agent)?;
        let organisation = details.organisation;
        let mut of = Self::organisation_details(organisation)?;
        if details.powers.contains(Powers::ADMINISTER) {
            ensure!(by_governance || of.administrators > 1, Error::<T>::LastAdministrator);
            of.administrators = of.administrators.saturating_sub(1);
        }
        of.agents = of.agents.saturating_sub(1);
        details.status = AgentStatus::Revoked { since: Self::now() };
        Organisations::<T>::insert(organisation, of);
        Agents::<T>::insert(&agent, details);
        Self::drop_account(&agent, organisation);
        Self::deposit_event(Event::AgentRevoked { organisation, agent });
        Ok(())
    }

    /// The agent's record with one more transaction counted, if its transactions are accepted.
    ///
    /// # Errors
    /// The refusal of [`crate::extension`].
    pub(crate) fn admit(who: &T::AccountId) -> Result<AgentDetails<T::AccountId>, Refusal> {
        let mut agent = Agents::<T>::get(who).ok_or(Refusal::Stranger)?;
        ensure!(agent.status == AgentStatus::Active, Refusal::KeyWithdrawn);
        let organisation = Organisations::<T>::get(agent.organisation).ok_or(Refusal::Stranger)?;
        match organisation.status {
            OrganisationStatus::Active => {}
            OrganisationStatus::Suspended { .. } => return Err(Refusal::OrganisationSuspended),
            OrganisationStatus::Closed { .. } => return Err(Refusal::OrganisationClosed),
        }
        let day = QuotaUse::day_of(Self::now());
        let used = agent.quota.used_on(day);
        ensure!(used < Self::daily_quota_of(&organisation), Refusal::QuotaExceeded);
        agent.quota = QuotaUse { day, used: used.saturating_add(1) };
        Ok(agent)
    }
}
