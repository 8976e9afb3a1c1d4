//! Weights of the calls and steps of `pallet-funds`.
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
    /// Median 7.35 µs.
    fn open_programme() -> Weight;
    /// Median 9.89 µs.
    fn open_tag() -> Weight;
    /// Median 7.94 µs.
    fn set_ceiling() -> Weight;
    /// Median 9.80 µs.
    fn set_part() -> Weight;
    /// Median 27.54 µs.
    fn appropriate() -> Weight;
    /// Medians 17.28 to 72.70 µs, for `n` of 1 to 32.
    fn transfer(n: u32) -> Weight;
    /// Medians 32.70 to 88.45 µs, for `n` of 1 to 32.
    fn pay(n: u32) -> Weight;
    /// Medians 26.87 to 82.30 µs, for `n` of 1 to 32.
    fn claw_back(n: u32) -> Weight;
    /// Median 8.50 µs.
    fn flag() -> Weight;
    /// Median 6.94 µs.
    fn lift_flag() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn open_programme() -> Weight {
            Weight::from_parts(7_351_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 2))
        }

        fn open_tag() -> Weight {
            Weight::from_parts(9_894_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 2))
        }

        fn set_ceiling() -> Weight {
            Weight::from_parts(7_942_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn set_part() -> Weight {
            Weight::from_parts(9_804_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn appropriate() -> Weight {
            Weight::from_parts(27_541_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 7))
        }

        fn transfer(n: u32) -> Weight {
            Weight::from_parts(15_481_526, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(13, 4))
                .saturating_add(
                    Weight::from_parts(1_804_474, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn pay(n: u32) -> Weight {
            Weight::from_parts(30_893_522, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(19, 7))
                .saturating_add(
                    Weight::from_parts(1_814_478, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn claw_back(n: u32) -> Weight {
            Weight::from_parts(25_073_072, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 7))
                .saturating_add(
                    Weight::from_parts(1_796_928, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn flag() -> Weight {
            Weight::from_parts(8_503_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
        }

        fn lift_flag() -> Weight {
            Weight::from_parts(6_940_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
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
