//! Weights of the calls and steps of `pallet-validators`.
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
    /// Medians 5.34 to 17.33 µs, for `v` of 2 to 100.
    fn on_block(v: u32) -> Weight;
    /// Medians 13.87 to 20.70 µs, for `v` of 1 to 99.
    fn add_validator(v: u32) -> Weight;
    /// Medians 3.32 to 7.48 µs, for `v` of 2 to 100.
    fn remove_validator(v: u32) -> Weight;
    /// Medians 13.70 to 17.80 µs, for `v` of 1 to 100.
    fn rotate_validator(v: u32) -> Weight;
    /// Medians 13.55 to 17.63 µs, for `v` of 1 to 100.
    fn replace_node(v: u32) -> Weight;
    /// Median 13.85 µs.
    fn permit_node() -> Weight;
    /// Median 5.55 µs.
    fn forbid_node() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn on_block(v: u32) -> Weight {
            Weight::from_parts(5_530_554, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 1))
                .saturating_add(Weight::from_parts(124_223, 0).saturating_mul(u64::from(v)))
        }

        fn add_validator(v: u32) -> Weight {
            Weight::from_parts(18_118_901, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                .saturating_add(Weight::from_parts(38_099, 0).saturating_mul(u64::from(v)))
        }

        fn remove_validator(v: u32) -> Weight {
            Weight::from_parts(3_721_816, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                .saturating_add(Weight::from_parts(41_592, 0).saturating_mul(u64::from(v)))
        }

        fn rotate_validator(v: u32) -> Weight {
            Weight::from_parts(13_908_206, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 1))
                .saturating_add(Weight::from_parts(42_794, 0).saturating_mul(u64::from(v)))
        }

        fn replace_node(v: u32) -> Weight {
            Weight::from_parts(13_626_411, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 1))
                .saturating_add(Weight::from_parts(43_589, 0).saturating_mul(u64::from(v)))
        }

        fn permit_node() -> Weight {
            Weight::from_parts(13_851_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 2))
        }

        fn forbid_node() -> Weight {
            Weight::from_parts(5_558_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 2))
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
