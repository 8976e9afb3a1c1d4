//! Weights of the calls of `pallet-funds`.
//!
//! Estimated from the measured weights of calls of the settlement and participants pallets that
//! read and write as many keys; `scripts/bench-weights` replaces this file by measured ones.
//!
//! Times are picoseconds of execution over a state in memory. Reads and writes are different keys
//! of the state, at what a key costs the runtime; keys that every block or transaction touches are
//! not counted again. There are no proofs, so that the proof size is zero.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What the call or step of each name may cost, by the components of its benchmark.
pub trait WeightInfo {
    /// About 11 µs.
    fn open_programme() -> Weight;
    /// About 9 µs.
    fn open_tag() -> Weight;
    /// About 6 µs.
    fn set_ceiling() -> Weight;
    /// About 9 µs.
    fn set_part() -> Weight;
    /// About 38 µs.
    fn appropriate() -> Weight;
    /// About 26 µs and more by component.
    fn transfer(n: u32) -> Weight;
    /// About 36 µs and more by component.
    fn pay(n: u32) -> Weight;
    /// About 33 µs and more by component.
    fn claw_back(n: u32) -> Weight;
    /// About 9 µs.
    fn flag() -> Weight;
    /// About 8 µs.
    fn lift_flag() -> Weight;
}

macro_rules! estimated {
    ($db:ty) => {
        fn open_programme() -> Weight {
            Weight::from_parts(11_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(4, 2))
        }

        fn open_tag() -> Weight {
            Weight::from_parts(9_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 2))
        }

        fn set_ceiling() -> Weight {
            Weight::from_parts(6_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn set_part() -> Weight {
            Weight::from_parts(9_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn appropriate() -> Weight {
            Weight::from_parts(38_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(17, 8))
        }

        fn transfer(n: u32) -> Weight {
            Weight::from_parts(26_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(14, 5))
                .saturating_add(Weight::from_parts(4_000_000, 0).saturating_mul(n.into()))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(1, 2)
                        .saturating_mul(n.into()),
                )
        }

        fn pay(n: u32) -> Weight {
            Weight::from_parts(36_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(18, 6))
                .saturating_add(Weight::from_parts(4_000_000, 0).saturating_mul(n.into()))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(1, 2)
                        .saturating_mul(n.into()),
                )
        }

        fn claw_back(n: u32) -> Weight {
            Weight::from_parts(33_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(15, 6))
                .saturating_add(Weight::from_parts(4_000_000, 0).saturating_mul(n.into()))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(1, 2)
                        .saturating_mul(n.into()),
                )
        }

        fn flag() -> Weight {
            Weight::from_parts(9_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn lift_flag() -> Weight {
            Weight::from_parts(8_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
        }
    };
}

/// What was estimated, at the runtime's own costs of a key.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    estimated!(T::DbWeight);
}

/// The same at FRAME's default costs of a key, for tests.
impl WeightInfo for () {
    estimated!(RocksDbWeight);
}
