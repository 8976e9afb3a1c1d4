//! Yield ceilings: every change makes a new version of the rule set.

use crate::{
    CeilingScope, Config, CurrentRuleSet, Error, Event, Pallet, RuleChange, RuleSet, RuleSetHashes,
    YieldCeiling, YieldCeilings,
};
use codec::Encode;
use frame_support::ensure;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::set_yield_ceiling`].
    pub(crate) fn do_set_yield_ceiling(
        scope: CeilingScope,
        ceiling: Option<YieldCeiling>,
    ) -> DispatchResult {
        ensure!(ceiling != Some(0), Error::<T>::CeilingZero);
        YieldCeilings::<T>::set(scope, ceiling);
        let change = RuleChange::YieldCeiling(scope, ceiling);
        let RuleSet { version, hash } = CurrentRuleSet::<T>::get();
        let version = version.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        let hash = sp_io::hashing::sha2_256(&(hash, change).encode());
        CurrentRuleSet::<T>::put(RuleSet { version, hash });
        RuleSetHashes::<T>::insert(version, hash);
        Self::deposit_event(Event::RuleSetChanged { version, hash, change });
        Ok(())
    }
}
