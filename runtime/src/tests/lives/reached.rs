//! Which calls were reached.

use crate::RuntimeCall;
use frame_support::traits::GetCallMetadata;
use std::collections::BTreeMap;

/// How often calls were done and refused, by pallet and name.
#[derive(Default)]
pub(super) struct Reached(BTreeMap<(&'static str, &'static str), [u32; 2]>);

impl Reached {
    fn of(&mut self, call: &RuntimeCall) -> &mut [u32; 2] {
        let name = call.get_call_metadata();
        self.0.entry((name.pallet_name, name.function_name)).or_default()
    }

    /// Counts a call that was done, or refused.
    pub(super) fn count(&mut self, call: &RuntimeCall, done: bool) {
        self.of(call)[usize::from(!done)] += 1;
    }

    /// Adds what another life reached.
    pub(super) fn add(&mut self, other: &Self) {
        for (name, counts) in &other.0 {
            let sums = self.0.entry(*name).or_default();
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += count;
            }
        }
    }

    /// Calls of `pallets` that were never done, but for `exceptions`.
    pub(super) fn missing(&self, pallets: &[&'static str], exceptions: &[&str]) -> Vec<String> {
        pallets
            .iter()
            .flat_map(|pallet| {
                RuntimeCall::get_call_names(pallet).iter().map(move |call| (*pallet, *call))
            })
            .filter(|name| self.0.get(name).is_none_or(|[done, _]| *done == 0))
            .map(|(pallet, call)| format!("{pallet}.{call}"))
            .filter(|name| !exceptions.contains(&name.as_str()))
            .collect()
    }

    /// Number of calls that were done and refused.
    pub(super) fn totals(&self) -> [u32; 2] {
        self.0.values().fold([0; 2], |[a, b], [done, refused]| [a + done, b + refused])
    }
}

impl std::fmt::Display for Reached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for ((pallet, call), [done, refused]) in &self.0 {
            writeln!(f, "{pallet}.{call}: {done} done, {refused} refused")?;
        }
        Ok(())
    }
}
