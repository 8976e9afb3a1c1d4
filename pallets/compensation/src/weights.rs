//! Weights of the calls and steps of `pallet-compensation`.
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
    /// Median 5.40 µs.
    fn set_performance_table() -> Weight;
    /// Medians 16.99 to 139.11 µs, for `n` of 1 to 200.
    fn create_policy(n: u32) -> Weight;
    /// Median 12.53 µs.
    fn submit_county() -> Weight;
    /// Medians 13.27 to 322.30 µs, for `n` of 1 to 200.
    fn freeze_factors(n: u32) -> Weight;
    /// Medians 26.52 to 712.76 µs, for `n` of 1 to 200.
    fn compute_shares(n: u32) -> Weight;
    /// Medians 31.19 to 2522.96 µs, for `n` of 1 to 200.
    fn publish_shares(n: u32) -> Weight;
    /// Median 43.17 µs.
    fn appropriate() -> Weight;
    /// Median 92.15 µs.
    fn remit() -> Weight;
    /// Median 12.77 µs.
    fn report_use() -> Weight;
    /// Median 11.09 µs.
    fn evaluate() -> Weight;
    /// Median 205.23 µs.
    fn conclude() -> Weight;
    /// Median 50.77 µs.
    fn propose_agreement() -> Weight;
    /// Median 44.80 µs.
    fn propose_rules() -> Weight;
    /// Median 23.60 µs.
    fn sign_rules() -> Weight;
    /// Median 20.54 µs.
    fn submit_sample() -> Weight;
    /// Median 14.43 µs.
    fn dispute_sample() -> Weight;
    /// Median 13.52 µs.
    fn decide_sample() -> Weight;
    /// Median 13.33 µs.
    fn exempt_month() -> Weight;
    /// Median 12.03 µs.
    fn mark_incident() -> Weight;
    /// Medians 23.90 to 199.32 µs, for `n` of 1 to 16.
    fn compute_settlement(n: u32) -> Weight;
    /// Median 16.26 µs.
    fn confirm_settlement() -> Weight;
    /// Median 10.65 µs.
    fn dispute_settlement() -> Weight;
    /// Medians 26.67 to 45.77 µs, for `n` of 1 to 16.
    fn decide_settlement(n: u32) -> Weight;
    /// Median 52.34 µs.
    fn pay_in() -> Weight;
    /// Medians 26.34 to 85.15 µs, for `n` of 1 to 32.
    fn pay_settlement(n: u32) -> Weight;
    /// Medians 38.33 to 98.56 µs, for `n` of 1 to 32.
    fn return_escrow(n: u32) -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn set_performance_table() -> Weight {
            Weight::from_parts(5_408_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
        }

        fn create_policy(n: u32) -> Weight {
            Weight::from_parts(16_370_386, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 4))
                .saturating_add(
                    Weight::from_parts(625_614, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 0))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn submit_county() -> Weight {
            Weight::from_parts(12_539_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
        }

        fn freeze_factors(n: u32) -> Weight {
            Weight::from_parts(18_635_757, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
                .saturating_add(
                    Weight::from_parts(1_568_701, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 0))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn compute_shares(n: u32) -> Weight {
            Weight::from_parts(25_006_978, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
                .saturating_add(
                    Weight::from_parts(3_448_623, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 1))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn publish_shares(n: u32) -> Weight {
            Weight::from_parts(90_733_600, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(
                    Weight::from_parts(12_161_132, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 5))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn appropriate() -> Weight {
            Weight::from_parts(43_174_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(14, 8))
        }

        fn remit() -> Weight {
            Weight::from_parts(92_157_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(47, 70))
        }

        fn report_use() -> Weight {
            Weight::from_parts(12_779_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
        }

        fn evaluate() -> Weight {
            Weight::from_parts(11_096_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn conclude() -> Weight {
            Weight::from_parts(205_234_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(78, 137))
        }

        fn propose_agreement() -> Weight {
            Weight::from_parts(50_775_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 3))
        }

        fn propose_rules() -> Weight {
            Weight::from_parts(44_806_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn sign_rules() -> Weight {
            Weight::from_parts(23_605_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 5))
        }

        fn submit_sample() -> Weight {
            Weight::from_parts(20_541_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn dispute_sample() -> Weight {
            Weight::from_parts(14_432_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn decide_sample() -> Weight {
            Weight::from_parts(13_520_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn exempt_month() -> Weight {
            Weight::from_parts(13_330_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn mark_incident() -> Weight {
            Weight::from_parts(12_037_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn compute_settlement(n: u32) -> Weight {
            Weight::from_parts(12_042_428, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(
                    Weight::from_parts(11_862_572, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 0))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn confirm_settlement() -> Weight {
            Weight::from_parts(16_265_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 2))
        }

        fn dispute_settlement() -> Weight {
            Weight::from_parts(10_656_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn decide_settlement(n: u32) -> Weight {
            Weight::from_parts(26_502_791, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(20, 5))
                .saturating_add(Weight::from_parts(1_279_209, 0).saturating_mul(u64::from(n)))
        }

        fn pay_in() -> Weight {
            Weight::from_parts(52_348_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(14, 7))
        }

        fn pay_settlement(n: u32) -> Weight {
            Weight::from_parts(24_602_268, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(13, 6))
                .saturating_add(
                    Weight::from_parts(1_945_338, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn return_escrow(n: u32) -> Weight {
            Weight::from_parts(36_361_405, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(13, 7))
                .saturating_add(
                    Weight::from_parts(1_975_595, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
                        .saturating_mul(u64::from(n)),
                )
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
