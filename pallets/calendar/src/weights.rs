//! Weights of the calls of `pallet-calendar`.
//!
//! Estimated from the keys that a call touches and from measured calls of like size; replaced by
//! `scripts/bench-weights`, which measures.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What the call or step of each name may cost, by the components of its benchmark.
pub trait WeightInfo {
    /// Setting the table of a year with the most departures.
    fn set_year() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn set_year() -> Weight {
            Weight::from_parts(12_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 3))
        }
    };
}

/// The estimate, at the runtime's own costs of a key.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    measured!(T::DbWeight);
}

/// The same at FRAME's default costs of a key, for tests.
impl WeightInfo for () {
    measured!(RocksDbWeight);
}
