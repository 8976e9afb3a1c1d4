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
    /// Median 14.23 µs.
    fn approve_body() -> Weight;
    /// Median 8.90 µs.
    fn set_body_standing() -> Weight;
    /// Median 11.29 µs.
    fn accredit() -> Weight;
    /// Median 7.85 µs.
    fn set_accreditation_standing() -> Weight;
    /// Median 11.88 µs.
    fn register_certifier() -> Weight;
    /// Median 9.40 µs.
    fn release_certifier() -> Weight;
    /// Median 10.01 µs.
    fn bar_person() -> Weight;
    /// Medians 45.23 to 56.44 µs, for `b` of 1 to 32.
    fn apply(b: u32) -> Weight;
    /// Median 34.10 µs.
    fn accept_application() -> Weight;
    /// Median 13.61 µs.
    fn refuse_application() -> Weight;
    /// Median 15.22 µs.
    fn withdraw_application() -> Weight;
    /// Medians 13.00 to 14.59 µs, for `b` of 1 to 32.
    fn record_inspection(b: u32) -> Weight;
    /// Median 16.59 µs.
    fn record_test() -> Weight;
    /// Median 65.23 µs.
    fn propose_decision() -> Weight;
    /// Median 16.59 µs.
    fn return_proposal() -> Weight;
    /// Median 96.05 µs.
    fn sign_decision() -> Weight;
    /// Median 27.32 µs.
    fn record_finding() -> Weight;
    /// Median 22.68 µs.
    fn dismiss_finding() -> Weight;
    /// Median 31.30 µs.
    fn suspend() -> Weight;
    /// Median 24.95 µs.
    fn restore() -> Weight;
    /// Median 35.91 µs.
    fn revoke() -> Weight;
    /// Median 17.56 µs.
    fn request_change() -> Weight;
    /// Median 28.65 µs.
    fn cancel() -> Weight;
    /// Median 17.12 µs.
    fn reduce() -> Weight;
    /// Median 12.37 µs.
    fn publish() -> Weight;
    /// Median 18.22 µs.
    fn lodge() -> Weight;
    /// Median 26.75 µs.
    fn decide_complaint() -> Weight;
    /// Median 29.67 µs.
    fn issue_transaction_certificate() -> Weight;
    /// Median 18.48 µs.
    fn void_transaction_certificate() -> Weight;
    /// Median 6.20 µs.
    fn set_scheme() -> Weight;
    /// Median 6.39 µs.
    fn set_yield_ceiling() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn approve_body() -> Weight {
            Weight::from_parts(14_231_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 2))
        }

        fn set_body_standing() -> Weight {
            Weight::from_parts(8_903_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
        }

        fn accredit() -> Weight {
            Weight::from_parts(11_296_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 1))
        }

        fn set_accreditation_standing() -> Weight {
            Weight::from_parts(7_852_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 1))
        }

        fn register_certifier() -> Weight {
            Weight::from_parts(11_888_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 3))
        }

        fn release_certifier() -> Weight {
            Weight::from_parts(9_404_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 3))
        }

        fn bar_person() -> Weight {
            Weight::from_parts(10_015_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 3))
        }

        fn apply(b: u32) -> Weight {
            Weight::from_parts(48_402_879, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(29, 5))
                .saturating_add(
                    Weight::from_parts(309_121, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 0))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn accept_application() -> Weight {
            Weight::from_parts(34_100_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(27, 6))
        }

        fn refuse_application() -> Weight {
            Weight::from_parts(13_610_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 3))
        }

        fn withdraw_application() -> Weight {
            Weight::from_parts(15_222_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(4, 3))
        }

        fn record_inspection(b: u32) -> Weight {
            Weight::from_parts(14_585_160, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(Weight::from_parts(5_840, 0).saturating_mul(u64::from(b)))
        }

        fn record_test() -> Weight {
            Weight::from_parts(16_594_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn propose_decision() -> Weight {
            Weight::from_parts(65_237_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(77, 1))
        }

        fn return_proposal() -> Weight {
            Weight::from_parts(16_594_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
        }

        fn sign_decision() -> Weight {
            Weight::from_parts(96_052_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(80, 39))
        }

        fn record_finding() -> Weight {
            Weight::from_parts(27_320_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(15, 5))
        }

        fn dismiss_finding() -> Weight {
            Weight::from_parts(22_684_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(13, 3))
        }

        fn suspend() -> Weight {
            Weight::from_parts(31_307_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(17, 8))
        }

        fn restore() -> Weight {
            Weight::from_parts(24_957_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(14, 5))
        }

        fn revoke() -> Weight {
            Weight::from_parts(35_913_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(18, 11))
        }

        fn request_change() -> Weight {
            Weight::from_parts(17_566_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 4))
        }

        fn cancel() -> Weight {
            Weight::from_parts(28_652_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(15, 7))
        }

        fn reduce() -> Weight {
            Weight::from_parts(17_126_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 3))
        }

        fn publish() -> Weight {
            Weight::from_parts(12_379_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 2))
        }

        fn lodge() -> Weight {
            Weight::from_parts(18_227_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 5))
        }

        fn decide_complaint() -> Weight {
            Weight::from_parts(26_750_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 4))
        }

        fn issue_transaction_certificate() -> Weight {
            Weight::from_parts(29_674_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(14, 5))
        }

        fn void_transaction_certificate() -> Weight {
            Weight::from_parts(18_488_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 4))
        }

        fn set_scheme() -> Weight {
            Weight::from_parts(6_209_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 3))
        }

        fn set_yield_ceiling() -> Weight {
            Weight::from_parts(6_399_000, 0)
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
