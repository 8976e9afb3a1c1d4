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
    /// Medians 5.44 to 18.49 µs, for `v` of 2 to 100.
    fn on_block(v: u32) -> Weight;
    /// Medians 14.17 to 23.73 µs, for `v` of 1 to 99.
    fn add_validator(v: u32) -> Weight;
    /// Medians 3.50 to 8.36 µs, for `v` of 2 to 100.
    fn remove_validator(v: u32) -> Weight;
    /// Medians 13.96 to 18.95 µs, for `v` of 1 to 100.
    fn rotate_validator(v: u32) -> Weight;
    /// Medians 13.77 to 19.07 µs, for `v` of 1 to 100.
    fn replace_node(v: u32) -> Weight;
    /// Median 14.43 µs.
    fn permit_node() -> Weight;
    /// Median 5.98 µs.
    fn forbid_node() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn on_block(v: u32) -> Weight {
            Weight::from_parts(5_172_348, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 1))
                .saturating_add(Weight::from_parts(137_826, 0).saturating_mul(u64::from(v)))
        }

        fn add_validator(v: u32) -> Weight {
            Weight::from_parts(23_705_787, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                .saturating_add(Weight::from_parts(29_213, 0).saturating_mul(u64::from(v)))
        }

        fn remove_validator(v: u32) -> Weight {
            Weight::from_parts(4_256_570, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                .saturating_add(Weight::from_parts(49_715, 0).saturating_mul(u64::from(v)))
        }

        fn rotate_validator(v: u32) -> Weight {
            Weight::from_parts(14_185_979, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 1))
                .saturating_add(Weight::from_parts(56_021, 0).saturating_mul(u64::from(v)))
        }

        fn replace_node(v: u32) -> Weight {
            Weight::from_parts(14_111_759, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 1))
                .saturating_add(Weight::from_parts(59_241, 0).saturating_mul(u64::from(v)))
        }

        fn permit_node() -> Weight {
            Weight::from_parts(14_432_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 2))
        }

        fn forbid_node() -> Weight {
            Weight::from_parts(5_989_000, 0)
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
