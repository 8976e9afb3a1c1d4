//! What must hold after every block.

use crate::{Config, CurrentRuleSet, Pallet, RuleSetHashes, Years};
use alloc::collections::BTreeSet;
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks what must hold after every block.
    ///
    /// 1. A table's dates are of its year, ascending, and depart from the week.
    /// 2. Every version up to the current one has a hash, and no other; the last hash is current.
    /// 3. Each table was made by a version of its own.
    ///
    /// # Errors
    /// The sentence that does not hold.
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        let current = CurrentRuleSet::<T>::get();
        let mut versions = BTreeSet::new();
        for (year, table) in Years::<T>::iter() {
            for (dates, on_weekend) in [(&table.days_off, false), (&table.days_worked, true)] {
                let holds = dates.is_sorted_by(|left, right| left < right)
                    && dates
                        .iter()
                        .all(|date| date.year() == year && date.is_weekend() == on_weekend);
                ensure!(holds, "1: dates are of the year, ascending, and depart from the week");
            }
            ensure!(table.rule_set <= current.version, "3: a table is of a version there was");
            ensure!(versions.insert(table.rule_set), "3: a version made one table");
        }
        for version in 1..=current.version {
            ensure!(RuleSetHashes::<T>::contains_key(version), "2: every version has a hash");
        }
        let count = u32::try_from(RuleSetHashes::<T>::iter_keys().count());
        ensure!(count == Ok(current.version), "2: no other version has a hash");
        let last = RuleSetHashes::<T>::get(current.version).unwrap_or_default();
        ensure!(last == current.hash, "2: the last hash is current");
        Ok(())
    }
}
