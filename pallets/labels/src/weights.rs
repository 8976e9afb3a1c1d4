//! Weights of the calls and steps of `pallet-labels`.
//!
//! Measured, and written by `scripts/bench-weights`; not edited by hand. The benchmarks of the
//! pallet were executed natively in the runtime's configuration, in the profile that the node is
//! built with:
//!
//! - 2026-11-26, on 2 cores (AMD EPYC);
//! - 200 timed runs at each of up to 8 values of every component.
//!
//! Times are picoseconds of execution over a state in memory: the line of least squares, raised so
//! that no median of the runs at one point lies above it. Reads and writes are different keys of
//! the state, at what a key costs the runtime; keys that every block or transaction touches are
//! not counted again. There are no proofs, so that the proof size is zero.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What the call or step of each name may cost, by the components of its benchmark.
pub trait WeightInfo {
    /// Median 21.83 µs.
    fn create_series() -> Weight;
    /// Median 18.68 µs.
    fn void_series() -> Weight;
    /// Median 21.87 µs.
    fn report_fault() -> Weight;
    /// Median 110.54 µs.
    fn mark_item() -> Weight;
    /// Median 66.36 µs.
    fn freeze_series() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn create_series() -> Weight {
            Weight::from_parts(21_832_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 5))
        }

        fn void_series() -> Weight {
            Weight::from_parts(18_688_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 2))
        }

        fn report_fault() -> Weight {
            Weight::from_parts(21_872_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(4, 1))
        }

        fn mark_item() -> Weight {
            Weight::from_parts(110_543_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(134, 3))
        }

        fn freeze_series() -> Weight {
            Weight::from_parts(66_368_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 18))
        }
    };
}

/// What was measured, at the runtime's own costs of a key.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    measured!(T::DbWeight);
}

/// The same at FRAME's default costs of a key, for tests.
impl WeightInfo for () {
    measured!(RocksDbWeight);
}
