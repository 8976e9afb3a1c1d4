//! Governed data: every change makes a new version of the rule set.

use crate::{
    BILLION, CeilingScope, Config, CurrentRuleSet, Error, Event, Pallet, RuleChange, RuleSetHashes,
    Scheme, Schemes, YieldCeilings, is_valid_text,
};
use codec::Encode;
use frame_support::ensure;
use pallet_calendar::Term;
use pallet_traceability::{Gtin, RuleSet, SchemeId};
use sp_runtime::DispatchResult;

/// Longest validity that may be governed, in months.
const MAX_VALIDITY_MONTHS: u16 = 120;
/// Longest suspension that may be governed, in months.
const MAX_SUSPENSION_MONTHS: u16 = 24;
/// Longest lock after a revocation that may be governed, in months.
const MAX_RELOCK_MONTHS: u16 = 120;
/// Largest yield ceiling that may be governed, in content units.
const MAX_CEILING: u64 = 1_000_000_000_000_000;

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::set_scheme`].
    pub(crate) fn do_set_scheme(id: SchemeId, scheme: Scheme) -> DispatchResult {
        let texts = [&scheme.name, &scheme.standard].into_iter().chain(&scheme.filed_no);
        ensure!(texts.into_iter().all(is_valid_text), Error::<T>::TextInvalid);
        let in_range = (1..=MAX_VALIDITY_MONTHS).contains(&scheme.validity_months)
            && scheme.renewal_months <= scheme.validity_months
            && scheme.suspension_months_min >= 1
            && scheme.suspension_months_min <= scheme.suspension_months_max
            && scheme.suspension_months_max <= MAX_SUSPENSION_MONTHS
            && scheme.relock_months <= MAX_RELOCK_MONTHS
            && u128::from(scheme.tolerance_ppb) <= BILLION
            && scheme.terms.all().all(Term::is_valid);
        ensure!(in_range, Error::<T>::SchemeInvalid);
        Schemes::<T>::insert(id, &scheme);
        Self::change_rules(RuleChange::Scheme(id, scheme))
    }

    /// See [`crate::Call::set_yield_ceiling`].
    pub(crate) fn do_set_yield_ceiling(
        scheme: SchemeId,
        scope: CeilingScope,
        ceiling: Option<u64>,
    ) -> DispatchResult {
        ensure!(Schemes::<T>::contains_key(scheme), Error::<T>::SchemeNotFound);
        let in_range = ceiling.is_none_or(|ceiling| (1..=MAX_CEILING).contains(&ceiling));
        ensure!(in_range, Error::<T>::CeilingInvalid);
        YieldCeilings::<T>::set(scheme, scope, ceiling);
        Self::change_rules(RuleChange::YieldCeiling(scheme, scope, ceiling))
    }

    /// The yield ceiling for a product, or else for its category.
    pub(crate) fn ceiling(scheme: SchemeId, gtin: &Gtin, category: u32) -> Option<u64> {
        YieldCeilings::<T>::get(scheme, CeilingScope::Product(*gtin))
            .or_else(|| YieldCeilings::<T>::get(scheme, CeilingScope::Category(category)))
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
