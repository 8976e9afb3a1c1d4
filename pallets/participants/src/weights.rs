//! Weights of the calls and steps of `pallet-participants`.
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
    /// Median 64.09 µs.
    fn register_organisation() -> Weight;
    /// Median 43.98 µs.
    fn update_registration() -> Weight;
    /// Median 11.58 µs.
    fn set_identifiers() -> Weight;
    /// Median 12.92 µs.
    fn register_agent() -> Weight;
    /// Median 6.07 µs.
    fn set_agent_powers() -> Weight;
    /// Median 83.96 µs.
    fn rotate_key() -> Weight;
    /// Median 9.06 µs.
    fn revoke_agent() -> Weight;
    /// Median 76.24 µs.
    fn recover_agent() -> Weight;
    /// Median 561.06 µs.
    fn grant_capacity() -> Weight;
    /// Median 45.06 µs.
    fn revoke_capacity() -> Weight;
    /// Median 41.78 µs.
    fn suspend_organisation() -> Weight;
    /// Median 38.75 µs.
    fn reinstate_organisation() -> Weight;
    /// Median 4.22 µs.
    fn close_organisation() -> Weight;
    /// Median 4.25 µs.
    fn set_grant_rule() -> Weight;
    /// Median 3.17 µs.
    fn set_registrar_roles() -> Weight;
    /// Median 4.61 µs.
    fn set_conflict() -> Weight;
    /// Median 3.62 µs.
    fn set_daily_quota() -> Weight;
    /// Median 1.92 µs.
    fn check_participant() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn register_organisation() -> Weight {
            Weight::from_parts(64_095_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(42, 9))
        }

        fn update_registration() -> Weight {
            Weight::from_parts(43_985_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(38, 2))
        }

        fn set_identifiers() -> Weight {
            Weight::from_parts(11_587_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 6))
        }

        fn register_agent() -> Weight {
            Weight::from_parts(12_929_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(4, 4))
        }

        fn set_agent_powers() -> Weight {
            Weight::from_parts(6_079_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(3, 2))
        }

        fn rotate_key() -> Weight {
            Weight::from_parts(83_964_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(26, 27))
        }

        fn revoke_agent() -> Weight {
            Weight::from_parts(9_063_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(4, 4))
        }

        fn recover_agent() -> Weight {
            Weight::from_parts(76_243_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(27, 27))
        }

        fn grant_capacity() -> Weight {
            Weight::from_parts(561_062_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(547, 4))
        }

        fn revoke_capacity() -> Weight {
            Weight::from_parts(45_067_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(38, 2))
        }

        fn suspend_organisation() -> Weight {
            Weight::from_parts(41_782_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(37, 1))
        }

        fn reinstate_organisation() -> Weight {
            Weight::from_parts(38_758_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(37, 1))
        }

        fn close_organisation() -> Weight {
            Weight::from_parts(4_226_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
        }

        fn set_grant_rule() -> Weight {
            Weight::from_parts(4_256_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(0, 1))
        }

        fn set_registrar_roles() -> Weight {
            Weight::from_parts(3_174_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(0, 1))
        }

        fn set_conflict() -> Weight {
            Weight::from_parts(4_616_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 2))
        }

        fn set_daily_quota() -> Weight {
            Weight::from_parts(3_625_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
        }

        fn check_participant() -> Weight {
            Weight::from_parts(1_923_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(3, 1))
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
