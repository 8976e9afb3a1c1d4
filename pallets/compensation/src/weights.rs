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
    /// Median 5.08 µs.
    fn set_performance_table() -> Weight;
    /// Medians 19.11 to 583.10 µs, for `n` of 1 to 200.
    fn create_policy(n: u32) -> Weight;
    /// Median 12.15 µs.
    fn submit_county() -> Weight;
    /// Medians 13.37 to 291.42 µs, for `n` of 1 to 200.
    fn freeze_factors(n: u32) -> Weight;
    /// Medians 26.40 to 665.25 µs, for `n` of 1 to 200.
    fn compute_shares(n: u32) -> Weight;
    /// Medians 32.61 to 2454.07 µs, for `n` of 1 to 200.
    fn publish_shares(n: u32) -> Weight;
    /// Median 43.70 µs.
    fn appropriate() -> Weight;
    /// Median 90.15 µs.
    fn remit() -> Weight;
    /// Median 12.97 µs.
    fn report_use() -> Weight;
    /// Median 11.13 µs.
    fn evaluate() -> Weight;
    /// Median 209.94 µs.
    fn conclude() -> Weight;
    /// Median 50.80 µs.
    fn propose_agreement() -> Weight;
    /// Median 43.97 µs.
    fn propose_rules() -> Weight;
    /// Median 23.95 µs.
    fn sign_rules() -> Weight;
    /// Median 20.88 µs.
    fn submit_sample() -> Weight;
    /// Median 14.40 µs.
    fn dispute_sample() -> Weight;
    /// Median 13.53 µs.
    fn decide_sample() -> Weight;
    /// Median 13.35 µs.
    fn exempt_month() -> Weight;
    /// Median 12.17 µs.
    fn mark_incident() -> Weight;
    /// Medians 24.68 to 202.25 µs, for `n` of 1 to 16.
    fn compute_settlement(n: u32) -> Weight;
    /// Median 16.93 µs.
    fn confirm_settlement() -> Weight;
    /// Median 10.92 µs.
    fn dispute_settlement() -> Weight;
    /// Medians 27.58 to 45.91 µs, for `n` of 1 to 16.
    fn decide_settlement(n: u32) -> Weight;
    /// Median 52.55 µs.
    fn pay_in() -> Weight;
    /// Medians 27.04 to 84.35 µs, for `n` of 1 to 32.
    fn pay_settlement(n: u32) -> Weight;
    /// Medians 37.96 to 96.80 µs, for `n` of 1 to 32.
    fn return_escrow(n: u32) -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn set_performance_table() -> Weight {
            Weight::from_parts(5_088_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
        }

        fn create_policy(n: u32) -> Weight {
            Weight::from_parts(19_970_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 4))
                .saturating_add(
                    Weight::from_parts(2_815_675, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(3, 0))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn submit_county() -> Weight {
            Weight::from_parts(12_158_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
        }

        fn freeze_factors(n: u32) -> Weight {
            Weight::from_parts(25_216_646, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
                .saturating_add(
                    Weight::from_parts(1_439_478, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 0))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn compute_shares(n: u32) -> Weight {
            Weight::from_parts(34_864_666, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
                .saturating_add(
                    Weight::from_parts(3_260_338, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 1))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn publish_shares(n: u32) -> Weight {
            Weight::from_parts(82_310_800, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(
                    Weight::from_parts(11_858_836, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 5))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn appropriate() -> Weight {
            Weight::from_parts(43_705_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(14, 8))
        }

        fn remit() -> Weight {
            Weight::from_parts(90_153_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(48, 70))
        }

        fn report_use() -> Weight {
            Weight::from_parts(12_979_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
        }

        fn evaluate() -> Weight {
            Weight::from_parts(11_136_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn conclude() -> Weight {
            Weight::from_parts(209_941_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(80, 138))
        }

        fn propose_agreement() -> Weight {
            Weight::from_parts(50_805_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 3))
        }

        fn propose_rules() -> Weight {
            Weight::from_parts(43_975_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn sign_rules() -> Weight {
            Weight::from_parts(23_956_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 5))
        }

        fn submit_sample() -> Weight {
            Weight::from_parts(20_881_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn dispute_sample() -> Weight {
            Weight::from_parts(14_401_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn decide_sample() -> Weight {
            Weight::from_parts(13_530_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn exempt_month() -> Weight {
            Weight::from_parts(13_350_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn mark_incident() -> Weight {
            Weight::from_parts(12_178_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn compute_settlement(n: u32) -> Weight {
            Weight::from_parts(12_553_793, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(
                    Weight::from_parts(12_133_207, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 0))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn confirm_settlement() -> Weight {
            Weight::from_parts(16_935_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 2))
        }

        fn dispute_settlement() -> Weight {
            Weight::from_parts(10_927_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn decide_settlement(n: u32) -> Weight {
            Weight::from_parts(27_235_604, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(20, 5))
                .saturating_add(Weight::from_parts(1_256_396, 0).saturating_mul(u64::from(n)))
        }

        fn pay_in() -> Weight {
            Weight::from_parts(52_558_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(14, 7))
        }

        fn pay_settlement(n: u32) -> Weight {
            Weight::from_parts(25_113_204, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(14, 6))
                .saturating_add(
                    Weight::from_parts(1_926_796, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
                        .saturating_mul(u64::from(n)),
                )
        }

        fn return_escrow(n: u32) -> Weight {
            Weight::from_parts(36_021_569, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(13, 7))
                .saturating_add(
                    Weight::from_parts(1_944_431, 0)
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
