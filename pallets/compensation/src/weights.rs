//! Weights of the calls of `pallet-compensation`.
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
    /// About 5 µs.
    fn set_performance_table() -> Weight;
    /// About 20 µs and more by component.
    fn create_policy(n: u32) -> Weight;
    /// About 12 µs.
    fn submit_county() -> Weight;
    /// About 20 µs and more by component.
    fn freeze_factors(n: u32) -> Weight;
    /// About 30 µs and more by component.
    fn compute_shares(n: u32) -> Weight;
    /// About 20 µs and more by component.
    fn publish_shares(n: u32) -> Weight;
    /// About 48 µs.
    fn appropriate() -> Weight;
    /// About 90 µs.
    fn remit() -> Weight;
    /// About 12 µs.
    fn report_use() -> Weight;
    /// About 9 µs.
    fn evaluate() -> Weight;
    /// About 190 µs.
    fn conclude() -> Weight;
    /// About 30 µs.
    fn propose_agreement() -> Weight;
    /// About 25 µs.
    fn propose_rules() -> Weight;
    /// About 30 µs.
    fn sign_rules() -> Weight;
    /// About 20 µs.
    fn submit_sample() -> Weight;
    /// About 16 µs.
    fn dispute_sample() -> Weight;
    /// About 18 µs.
    fn decide_sample() -> Weight;
    /// About 16 µs.
    fn exempt_month() -> Weight;
    /// About 14 µs.
    fn mark_incident() -> Weight;
    /// About 60 µs and more by component.
    fn compute_settlement(n: u32) -> Weight;
    /// About 24 µs.
    fn confirm_settlement() -> Weight;
    /// About 10 µs.
    fn dispute_settlement() -> Weight;
    /// About 30 µs and more by component.
    fn decide_settlement(n: u32) -> Weight;
    /// About 48 µs.
    fn pay_in() -> Weight;
    /// About 40 µs and more by component.
    fn pay_settlement(n: u32) -> Weight;
    /// About 40 µs and more by component.
    fn return_escrow(n: u32) -> Weight;
}

macro_rules! estimated {
    ($db:ty) => {
        fn set_performance_table() -> Weight {
            Weight::from_parts(5_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 2))
        }

        fn create_policy(n: u32) -> Weight {
            Weight::from_parts(20_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(4, 4))
                .saturating_add(Weight::from_parts(1_000_000, 0).saturating_mul(n.into()))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(1, 0)
                        .saturating_mul(n.into()),
                )
        }

        fn submit_county() -> Weight {
            Weight::from_parts(12_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn freeze_factors(n: u32) -> Weight {
            Weight::from_parts(20_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
                .saturating_add(Weight::from_parts(6_000_000, 0).saturating_mul(n.into()))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(4, 0)
                        .saturating_mul(n.into()),
                )
        }

        fn compute_shares(n: u32) -> Weight {
            Weight::from_parts(30_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
                .saturating_add(Weight::from_parts(120_000_000, 0).saturating_mul(n.into()))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(4, 1)
                        .saturating_mul(n.into()),
                )
        }

        fn publish_shares(n: u32) -> Weight {
            Weight::from_parts(20_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(Weight::from_parts(16_000_000, 0).saturating_mul(n.into()))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(5, 5)
                        .saturating_mul(n.into()),
                )
        }

        fn appropriate() -> Weight {
            Weight::from_parts(48_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(20, 9))
        }

        fn remit() -> Weight {
            Weight::from_parts(90_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(80, 76))
        }

        fn report_use() -> Weight {
            Weight::from_parts(12_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn evaluate() -> Weight {
            Weight::from_parts(9_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
        }

        fn conclude() -> Weight {
            Weight::from_parts(190_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(160, 150))
        }

        fn propose_agreement() -> Weight {
            Weight::from_parts(30_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(20, 3))
        }

        fn propose_rules() -> Weight {
            Weight::from_parts(25_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(18, 1))
        }

        fn sign_rules() -> Weight {
            Weight::from_parts(30_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 6))
        }

        fn submit_sample() -> Weight {
            Weight::from_parts(20_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 3))
        }

        fn dispute_sample() -> Weight {
            Weight::from_parts(16_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 2))
        }

        fn decide_sample() -> Weight {
            Weight::from_parts(18_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 2))
        }

        fn exempt_month() -> Weight {
            Weight::from_parts(16_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 2))
        }

        fn mark_incident() -> Weight {
            Weight::from_parts(14_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 2))
        }

        fn compute_settlement(n: u32) -> Weight {
            Weight::from_parts(60_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(26, 1))
                .saturating_add(Weight::from_parts(60_000_000, 0).saturating_mul(n.into()))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(24, 0)
                        .saturating_mul(n.into()),
                )
        }

        fn confirm_settlement() -> Weight {
            Weight::from_parts(24_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 6))
        }

        fn dispute_settlement() -> Weight {
            Weight::from_parts(10_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
        }

        fn decide_settlement(n: u32) -> Weight {
            Weight::from_parts(30_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(26, 6))
                .saturating_add(Weight::from_parts(30_000_000, 0).saturating_mul(n.into()))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(12, 0)
                        .saturating_mul(n.into()),
                )
        }

        fn pay_in() -> Weight {
            Weight::from_parts(48_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(22, 10))
        }

        fn pay_settlement(n: u32) -> Weight {
            Weight::from_parts(40_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(22, 7))
                .saturating_add(Weight::from_parts(4_000_000, 0).saturating_mul(n.into()))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(1, 2)
                        .saturating_mul(n.into()),
                )
        }

        fn return_escrow(n: u32) -> Weight {
            Weight::from_parts(40_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(20, 6))
                .saturating_add(Weight::from_parts(4_000_000, 0).saturating_mul(n.into()))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(1, 2)
                        .saturating_mul(n.into()),
                )
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
