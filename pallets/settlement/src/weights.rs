//! Weights of the calls and steps of `pallet-settlement`.
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
    /// Median 3.16 µs.
    fn set_ceiling() -> Weight;
    /// Median 13.49 µs.
    fn issue() -> Weight;
    /// Median 20.80 µs.
    fn request_redemption() -> Weight;
    /// Median 5.81 µs.
    fn accept_redemption() -> Weight;
    /// Median 17.02 µs.
    fn confirm_redemption() -> Weight;
    /// Median 17.56 µs.
    fn reject_redemption() -> Weight;
    /// Median 14.67 µs.
    fn cancel_redemption() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn set_ceiling() -> Weight {
            Weight::from_parts(3_164_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 1))
        }

        fn issue() -> Weight {
            Weight::from_parts(13_490_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 3))
        }

        fn request_redemption() -> Weight {
            Weight::from_parts(20_801_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 6))
        }

        fn accept_redemption() -> Weight {
            Weight::from_parts(5_818_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
        }

        fn confirm_redemption() -> Weight {
            Weight::from_parts(17_025_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 7))
        }

        fn reject_redemption() -> Weight {
            Weight::from_parts(17_566_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 5))
        }

        fn cancel_redemption() -> Weight {
            Weight::from_parts(14_671_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(4, 5))
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
