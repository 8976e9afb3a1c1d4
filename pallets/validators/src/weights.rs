//! Weights of the pallet's calls and hooks.
//!
//! Estimated, until a benchmark run replaces the figures: from the number of storage keys read
//! and written by each call, plus a generous constant for computation (decompressing an ed25519
//! point takes about 5 us, hashing the longest set 12 us).

#![allow(missing_docs, reason = "each function weighs the call of its name")]

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{Weight, constants::RocksDbWeight},
};

/// What each call and the hooks of a block may cost; `v` is the size of a validator set.
pub trait WeightInfo {
    fn on_block(v: u32) -> Weight;
    fn add_validator(v: u32) -> Weight;
    fn remove_validator(v: u32) -> Weight;
    fn rotate_validator(v: u32) -> Weight;
    fn replace_node(v: u32) -> Weight;
    fn permit_node() -> Weight;
    fn forbid_node() -> Weight;
}

/// Weights over the runtime's own database costs.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn on_block(v: u32) -> Weight {
        Weight::from_parts(15_000_000, 6_500)
            .saturating_add(Weight::from_parts(300_000, 0).saturating_mul(u64::from(v)))
            .saturating_add(T::DbWeight::get().reads_writes(4, 2))
    }

    fn add_validator(v: u32) -> Weight {
        change(v).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }

    fn remove_validator(v: u32) -> Weight {
        change(v).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }

    fn rotate_validator(v: u32) -> Weight {
        change(v).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }

    fn replace_node(v: u32) -> Weight {
        change(v).saturating_add(T::DbWeight::get().reads_writes(1, 1))
    }

    fn permit_node() -> Weight {
        Weight::from_parts(20_000_000, 3_600).saturating_add(T::DbWeight::get().reads_writes(2, 2))
    }

    fn forbid_node() -> Weight {
        Weight::from_parts(15_000_000, 3_600).saturating_add(T::DbWeight::get().reads_writes(2, 2))
    }
}

/// Weights over RocksDB's default costs, for tests.
impl WeightInfo for () {
    fn on_block(v: u32) -> Weight {
        Weight::from_parts(15_000_000, 6_500)
            .saturating_add(Weight::from_parts(300_000, 0).saturating_mul(u64::from(v)))
            .saturating_add(RocksDbWeight::get().reads_writes(4, 2))
    }

    fn add_validator(v: u32) -> Weight {
        change(v).saturating_add(RocksDbWeight::get().reads_writes(1, 1))
    }

    fn remove_validator(v: u32) -> Weight {
        change(v).saturating_add(RocksDbWeight::get().reads_writes(1, 1))
    }

    fn rotate_validator(v: u32) -> Weight {
        change(v).saturating_add(RocksDbWeight::get().reads_writes(1, 1))
    }

    fn replace_node(v: u32) -> Weight {
        change(v).saturating_add(RocksDbWeight::get().reads_writes(1, 1))
    }

    fn permit_node() -> Weight {
        Weight::from_parts(20_000_000, 3_600)
            .saturating_add(RocksDbWeight::get().reads_writes(2, 2))
    }

    fn forbid_node() -> Weight {
        Weight::from_parts(15_000_000, 3_600)
            .saturating_add(RocksDbWeight::get().reads_writes(2, 2))
    }
}

/// Computation of a change of a set of `v` validators.
fn change(v: u32) -> Weight {
    Weight::from_parts(25_000_000, 6_500)
        .saturating_add(Weight::from_parts(20_000, 0).saturating_mul(u64::from(v)))
}
