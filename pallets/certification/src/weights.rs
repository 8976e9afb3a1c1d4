//! Weights of the calls and steps of `pallet-certification`.
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
    /// Median 14.19 µs.
    fn approve_body() -> Weight;
    /// Median 8.61 µs.
    fn set_body_standing() -> Weight;
    /// Median 11.33 µs.
    fn accredit() -> Weight;
    /// Median 7.65 µs.
    fn set_accreditation_standing() -> Weight;
    /// Median 11.48 µs.
    fn register_certifier() -> Weight;
    /// Median 9.19 µs.
    fn release_certifier() -> Weight;
    /// Median 10.02 µs.
    fn bar_person() -> Weight;
    /// Medians 43.66 to 54.11 µs, for `b` of 1 to 32.
    fn apply(b: u32) -> Weight;
    /// Median 31.92 µs.
    fn accept_application() -> Weight;
    /// Median 13.03 µs.
    fn refuse_application() -> Weight;
    /// Median 14.27 µs.
    fn withdraw_application() -> Weight;
    /// Medians 12.70 to 14.46 µs, for `b` of 1 to 32.
    fn record_inspection(b: u32) -> Weight;
    /// Median 15.97 µs.
    fn record_test() -> Weight;
    /// Median 62.20 µs.
    fn propose_decision() -> Weight;
    /// Median 15.75 µs.
    fn return_proposal() -> Weight;
    /// Median 93.84 µs.
    fn sign_decision() -> Weight;
    /// Median 27.95 µs.
    fn record_finding() -> Weight;
    /// Median 21.91 µs.
    fn dismiss_finding() -> Weight;
    /// Median 30.68 µs.
    fn suspend() -> Weight;
    /// Median 24.31 µs.
    fn restore() -> Weight;
    /// Median 35.43 µs.
    fn revoke() -> Weight;
    /// Median 16.09 µs.
    fn request_change() -> Weight;
    /// Median 28.84 µs.
    fn cancel() -> Weight;
    /// Median 15.88 µs.
    fn reduce() -> Weight;
    /// Median 11.46 µs.
    fn publish() -> Weight;
    /// Median 17.05 µs.
    fn lodge() -> Weight;
    /// Median 26.35 µs.
    fn decide_complaint() -> Weight;
    /// Median 21.91 µs.
    fn issue_transaction_certificate() -> Weight;
    /// Median 14.68 µs.
    fn void_transaction_certificate() -> Weight;
    /// Median 6.53 µs.
    fn set_scheme() -> Weight;
    /// Median 6.05 µs.
    fn set_yield_ceiling() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn approve_body() -> Weight {
            Weight::from_parts(14_191_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 2))
        }

        fn set_body_standing() -> Weight {
            Weight::from_parts(8_613_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
        }

        fn accredit() -> Weight {
            Weight::from_parts(11_337_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 1))
        }

        fn set_accreditation_standing() -> Weight {
            Weight::from_parts(7_651_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
        }

        fn register_certifier() -> Weight {
            Weight::from_parts(11_487_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 3))
        }

        fn release_certifier() -> Weight {
            Weight::from_parts(9_193_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 3))
        }

        fn bar_person() -> Weight {
            Weight::from_parts(10_024_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 3))
        }

        fn apply(b: u32) -> Weight {
            Weight::from_parts(45_150_888, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(29, 5))
                .saturating_add(
                    Weight::from_parts(327_112, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 0))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn accept_application() -> Weight {
            Weight::from_parts(31_928_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(27, 6))
        }

        fn refuse_application() -> Weight {
            Weight::from_parts(13_039_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 3))
        }

        fn withdraw_application() -> Weight {
            Weight::from_parts(14_271_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(4, 3))
        }

        fn record_inspection(b: u32) -> Weight {
            Weight::from_parts(14_460_864, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(Weight::from_parts(136, 0).saturating_mul(u64::from(b)))
        }

        fn record_test() -> Weight {
            Weight::from_parts(15_974_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn propose_decision() -> Weight {
            Weight::from_parts(62_202_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(76, 1))
        }

        fn return_proposal() -> Weight {
            Weight::from_parts(15_753_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
        }

        fn sign_decision() -> Weight {
            Weight::from_parts(93_849_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(79, 39))
        }

        fn record_finding() -> Weight {
            Weight::from_parts(27_951_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(15, 5))
        }

        fn dismiss_finding() -> Weight {
            Weight::from_parts(21_913_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(13, 3))
        }

        fn suspend() -> Weight {
            Weight::from_parts(30_686_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(17, 8))
        }

        fn restore() -> Weight {
            Weight::from_parts(24_316_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(14, 5))
        }

        fn revoke() -> Weight {
            Weight::from_parts(35_432_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(18, 11))
        }

        fn request_change() -> Weight {
            Weight::from_parts(16_094_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 4))
        }

        fn cancel() -> Weight {
            Weight::from_parts(28_843_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(15, 7))
        }

        fn reduce() -> Weight {
            Weight::from_parts(15_884_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 3))
        }

        fn publish() -> Weight {
            Weight::from_parts(11_467_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 2))
        }

        fn lodge() -> Weight {
            Weight::from_parts(17_055_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 5))
        }

        fn decide_complaint() -> Weight {
            Weight::from_parts(26_350_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 4))
        }

        fn issue_transaction_certificate() -> Weight {
            Weight::from_parts(21_912_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 4))
        }

        fn void_transaction_certificate() -> Weight {
            Weight::from_parts(14_682_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 3))
        }

        fn set_scheme() -> Weight {
            Weight::from_parts(6_530_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 3))
        }

        fn set_yield_ceiling() -> Weight {
            Weight::from_parts(6_059_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 3))
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
