//! Weights of the pallet's calls.
//!
//! Estimated, until a benchmark run replaces the figures: from the number of storage keys read
//! and written by each call, those of participants and balances included, plus a generous
//! constant for computation.

#![allow(missing_docs, reason = "each function weighs the call of its name")]

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What each call may cost.
pub trait WeightInfo {
    fn set_ceiling() -> Weight;
    fn issue() -> Weight;
    fn request_redemption() -> Weight;
    fn accept_redemption() -> Weight;
    fn confirm_redemption() -> Weight;
    fn reject_redemption() -> Weight;
    fn cancel_redemption() -> Weight;
}

/// Weights over the runtime's own database costs.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    fn set_ceiling() -> Weight {
        set_ceiling(T::DbWeight::get())
    }

    fn issue() -> Weight {
        issue(T::DbWeight::get())
    }

    fn request_redemption() -> Weight {
        request_redemption(T::DbWeight::get())
    }

    fn accept_redemption() -> Weight {
        accept_redemption(T::DbWeight::get())
    }

    fn confirm_redemption() -> Weight {
        confirm_redemption(T::DbWeight::get())
    }

    fn reject_redemption() -> Weight {
        reject_redemption(T::DbWeight::get())
    }

    fn cancel_redemption() -> Weight {
        cancel_redemption(T::DbWeight::get())
    }
}

/// Weights over RocksDB's default costs, for tests.
impl WeightInfo for () {
    fn set_ceiling() -> Weight {
        set_ceiling(RocksDbWeight::get())
    }

    fn issue() -> Weight {
        issue(RocksDbWeight::get())
    }

    fn request_redemption() -> Weight {
        request_redemption(RocksDbWeight::get())
    }

    fn accept_redemption() -> Weight {
        accept_redemption(RocksDbWeight::get())
    }

    fn confirm_redemption() -> Weight {
        confirm_redemption(RocksDbWeight::get())
    }

    fn reject_redemption() -> Weight {
        reject_redemption(RocksDbWeight::get())
    }

    fn cancel_redemption() -> Weight {
        cancel_redemption(RocksDbWeight::get())
    }
}

fn set_ceiling(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(12_000_000, 3_600).saturating_add(db.reads_writes(2, 1))
}

fn issue(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(40_000_000, 10_000).saturating_add(db.reads_writes(10, 4))
}

fn request_redemption(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 10_000).saturating_add(db.reads_writes(10, 6))
}

fn accept_redemption(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(20_000_000, 6_000).saturating_add(db.reads_writes(4, 1))
}

fn confirm_redemption(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(50_000_000, 10_000).saturating_add(db.reads_writes(10, 8))
}

fn reject_redemption(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 10_000).saturating_add(db.reads_writes(8, 5))
}

fn cancel_redemption(db: RuntimeDbWeight) -> Weight {
    Weight::from_parts(45_000_000, 10_000).saturating_add(db.reads_writes(5, 5))
}
