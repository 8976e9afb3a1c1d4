//! Governed data: every change makes a new version of the rule set.

use crate::{
    BaseUnit, ClockSkew, Config, CurrentRuleSet, Error, Event, FarmInput, FarmInputId, FarmInputs,
    MAX_YIELD_PPB, Moment, Pallet, RecallClass, RecallRules, RecallScope, RuleChange, RuleSet,
    RuleSetHashes, UnitCode, UnitRule, Units, YieldRule, YieldScope, Yields,
};
use codec::Encode;
use frame_support::{ensure, traits::EnsureOrigin};
use frame_system::{ensure_signed, pallet_prelude::OriginFor};
use pallet_participants::{Authority, RegionCode, Role};
use sp_runtime::DispatchResult;

/// Longest clock skew that may be governed: a day.
pub(crate) const MAX_CLOCK_SKEW_MS: Moment = 86_400_000;

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::set_unit`]. A unit never changes its dimension.
    pub(crate) fn do_set_unit(code: UnitCode, rule: UnitRule) -> DispatchResult {
        let same_dimension = Units::<T>::get(code).is_none_or(|known| known.base == rule.base);
        ensure!(
            code.is_valid() && rule.numerator > 0 && rule.denominator > 0 && same_dimension,
            Error::<T>::InvalidRule
        );
        let own = [BaseUnit::Milligram, BaseUnit::Millilitre, BaseUnit::Each]
            .into_iter()
            .find(|base| base.unit_code() == code);
        // A base unit is itself.
        ensure!(
            own.is_none_or(|base| rule.base == base && rule.numerator == rule.denominator),
            Error::<T>::InvalidRule
        );
        Units::<T>::insert(code, rule);
        Self::change_rules(RuleChange::Unit(code, rule))
    }

    /// See [`crate::Call::set_yield`].
    pub(crate) fn do_set_yield(scope: YieldScope, rule: Option<YieldRule>) -> DispatchResult {
        if let Some(rule) = rule {
            ensure!((1..=MAX_YIELD_PPB).contains(&rule.max_ppb), Error::<T>::InvalidRule);
        }
        Yields::<T>::set(scope, rule);
        Self::change_rules(RuleChange::Yield(scope, rule))
    }

    /// Governance, or the agricultural authority for the whole country.
    pub(crate) fn ensure_governs_farm_inputs(origin: OriginFor<T>) -> DispatchResult {
        match T::GovernanceOrigin::try_origin(origin) {
            Ok(_) => Ok(()),
            Err(origin) => {
                let who = ensure_signed(origin)?;
                let region = Some(RegionCode::COUNTRY);
                T::Authority::ensure_role(&who, Role::AgriAuth, region, None).map(|_| ())
            }
        }
    }

    /// See [`crate::Call::set_farm_input`].
    pub(crate) fn do_set_farm_input(id: FarmInputId, input: FarmInput) -> DispatchResult {
        ensure!(
            !input.registration.is_empty() && input.registration.iter().all(u8::is_ascii_graphic),
            Error::<T>::InvalidRule
        );
        FarmInputs::<T>::insert(id, &input);
        Self::change_rules(RuleChange::FarmInput(id, input))
    }

    /// See [`crate::Call::set_recall_rule`].
    pub(crate) fn do_set_recall_rule(class: RecallClass, scope: RecallScope) -> DispatchResult {
        ensure!((1..=3).contains(&class), Error::<T>::InvalidRule);
        RecallRules::<T>::insert(class, scope);
        Self::change_rules(RuleChange::RecallRule(class, scope))
    }

    /// See [`crate::Call::set_clock_skew`].
    pub(crate) fn do_set_clock_skew(skew_ms: Moment) -> DispatchResult {
        ensure!(skew_ms <= MAX_CLOCK_SKEW_MS, Error::<T>::InvalidRule);
        ClockSkew::<T>::put(skew_ms);
        Self::change_rules(RuleChange::ClockSkew(skew_ms))
    }

    fn change_rules(change: RuleChange) -> DispatchResult {
        let RuleSet { version, hash } = CurrentRuleSet::<T>::get();
        let version = version.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        let hash = sp_io::hashing::sha2_256(&(hash, &change).encode());
        CurrentRuleSet::<T>::put(RuleSet { version, hash });
        RuleSetHashes::<T>::insert(version, hash);
        Self::deposit_event(Event::RuleSetChanged { version, hash, change });
        Ok(())
    }
}
