//! Weights of the calls of `pallet-labels`.
//!
//! Estimated from the measured calls of `pallet-traceability` that read and write as many keys and
//! do like work. The check against open recalls is not in them: calls add what the register of
//! batches says. Times are picoseconds of execution over a state in memory; reads and writes are
//! different keys of the state. There are no proofs, so that the proof size is zero.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What the call or step of each name may cost, by the components of its benchmark.
pub trait WeightInfo {
    /// Estimate 26 µs.
    fn create_series() -> Weight;
    /// Estimate 26 µs.
    fn void_series() -> Weight;
    /// With two paths of the greatest length. Estimate 40 µs.
    fn report_fault() -> Weight;
    /// With as many batches to walk to that of the series as are looked at. Estimate 120 µs.
    fn mark_item() -> Weight;
    /// Also to release. Estimate 14 µs.
    fn freeze_series() -> Weight;
}

macro_rules! estimated {
    ($db:ty) => {
        fn create_series() -> Weight {
            Weight::from_parts(26_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(18, 7))
        }

        fn void_series() -> Weight {
            Weight::from_parts(26_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 4))
        }

        fn report_fault() -> Weight {
            Weight::from_parts(40_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn mark_item() -> Weight {
            Weight::from_parts(120_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(142, 3))
        }

        fn freeze_series() -> Weight {
            Weight::from_parts(14_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }
    };
}

/// The estimates, at the runtime's own costs of a key.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    estimated!(T::DbWeight);
}

/// The same at FRAME's default costs of a key, for tests.
impl WeightInfo for () {
    estimated!(RocksDbWeight);
}
