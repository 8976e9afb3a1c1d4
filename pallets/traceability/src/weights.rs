//! Weights of the calls and steps of `pallet-traceability`.
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
    /// Median 9.01 µs.
    fn register_product() -> Weight;
    /// Median 11.54 µs.
    fn license_producer() -> Weight;
    /// Median 10.06 µs.
    fn register_place() -> Weight;
    /// Median 15.10 µs.
    fn register_batch() -> Weight;
    /// Median 13.40 µs.
    fn use_input() -> Weight;
    /// Median 16.53 µs.
    fn produce() -> Weight;
    /// Median 12.42 µs.
    fn record_test() -> Weight;
    /// Medians 24.27 to 177.15 µs, for `i` of 1 to 16 and `o` of 1 to 16.
    fn transform(i: u32, o: u32) -> Weight;
    /// Medians 18.87 to 71.14 µs, for `p` of 1 to 16.
    fn split(p: u32) -> Weight;
    /// Medians 23.86 to 101.68 µs, for `i` of 2 to 16.
    fn merge(i: u32) -> Weight;
    /// Median 20.44 µs.
    fn pack() -> Weight;
    /// Medians 14.14 to 129.95 µs, for `c` of 1 to 32.
    fn aggregate(c: u32) -> Weight;
    /// Medians 13.17 to 124.21 µs, for `c` of 1 to 32.
    fn disaggregate(c: u32) -> Weight;
    /// Medians 17.25 to 148.47 µs, for `b` of 1 to 32.
    fn ship(b: u32) -> Weight;
    /// Median 29.22 µs.
    fn receive() -> Weight;
    /// Medians 12.64 to 149.33 µs, for `b` of 1 to 32.
    fn receive_unit(b: u32) -> Weight;
    /// Medians 12.83 to 144.20 µs, for `b` of 1 to 32.
    fn reject(b: u32) -> Weight;
    /// Median 12.99 µs.
    fn sell() -> Weight;
    /// Median 11.89 µs.
    fn take_back() -> Weight;
    /// Median 10.86 µs.
    fn observe() -> Weight;
    /// Median 10.90 µs.
    fn record_loss() -> Weight;
    /// Median 15.89 µs.
    fn hold() -> Weight;
    /// Median 14.55 µs.
    fn release() -> Weight;
    /// Medians 175.72 to 4039.28 µs, for `s` of 1 to 32.
    fn recall(s: u32) -> Weight;
    /// Median 123.59 µs.
    fn lift_recall() -> Weight;
    /// Median 96.90 µs.
    fn recall_step() -> Weight;
    /// Medians 18.14 to 111.76 µs, for `a` of 1 to 64.
    fn check_recalls(a: u32) -> Weight;
    /// Median 19.02 µs.
    fn destroy() -> Weight;
    /// Medians 20.84 to 39.91 µs, for `p` of 2 to 16.
    fn claim_certificate(p: u32) -> Weight;
    /// Median 7.16 µs.
    fn set_rule() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn register_product() -> Weight {
            Weight::from_parts(9_013_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn license_producer() -> Weight {
            Weight::from_parts(11_547_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn register_place() -> Weight {
            Weight::from_parts(10_065_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn register_batch() -> Weight {
            Weight::from_parts(15_102_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 1))
        }

        fn use_input() -> Weight {
            Weight::from_parts(13_400_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 2))
        }

        fn produce() -> Weight {
            Weight::from_parts(16_535_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(15, 1))
        }

        fn record_test() -> Weight {
            Weight::from_parts(12_428_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
        }

        fn transform(i: u32, o: u32) -> Weight {
            Weight::from_parts(15_475_056, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 1))
                .saturating_add(
                    Weight::from_parts(5_852_584, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
                        .saturating_mul(u64::from(i)),
                )
                .saturating_add(
                    Weight::from_parts(4_269_272, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(o)),
                )
        }

        fn split(p: u32) -> Weight {
            Weight::from_parts(15_326_935, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 3))
                .saturating_add(
                    Weight::from_parts(3_551_065, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(p)),
                )
        }

        fn merge(i: u32) -> Weight {
            Weight::from_parts(13_205_648, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 2))
                .saturating_add(
                    Weight::from_parts(5_641_196, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
                        .saturating_mul(u64::from(i)),
                )
        }

        fn pack() -> Weight {
            Weight::from_parts(20_441_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(13, 4))
        }

        fn aggregate(c: u32) -> Weight {
            Weight::from_parts(10_348_654, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(
                    Weight::from_parts(3_792_346, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(c)),
                )
        }

        fn disaggregate(c: u32) -> Weight {
            Weight::from_parts(9_585_951, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
                .saturating_add(
                    Weight::from_parts(3_593_049, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(c)),
                )
        }

        fn ship(b: u32) -> Weight {
            Weight::from_parts(13_004_214, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 1))
                .saturating_add(
                    Weight::from_parts(4_251_786, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn receive() -> Weight {
            Weight::from_parts(29_223_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 5))
        }

        fn receive_unit(b: u32) -> Weight {
            Weight::from_parts(8_238_237, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(
                    Weight::from_parts(4_409_763, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn reject(b: u32) -> Weight {
            Weight::from_parts(8_589_334, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
                .saturating_add(
                    Weight::from_parts(4_249_666, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn sell() -> Weight {
            Weight::from_parts(12_999_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 1))
        }

        fn take_back() -> Weight {
            Weight::from_parts(11_897_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn observe() -> Weight {
            Weight::from_parts(10_866_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn record_loss() -> Weight {
            Weight::from_parts(10_906_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 1))
        }

        fn hold() -> Weight {
            Weight::from_parts(15_893_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 1))
        }

        fn release() -> Weight {
            Weight::from_parts(14_552_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 1))
        }

        fn recall(s: u32) -> Weight {
            Weight::from_parts(50_662_197, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(15, 6))
                .saturating_add(
                    Weight::from_parts(125_057_803, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(34, 48))
                        .saturating_mul(u64::from(s)),
                )
        }

        fn lift_recall() -> Weight {
            Weight::from_parts(123_593_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(45, 19))
        }

        fn recall_step() -> Weight {
            Weight::from_parts(96_904_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(37, 48))
        }

        fn check_recalls(a: u32) -> Weight {
            Weight::from_parts(16_640_132, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(16, 0))
                .saturating_add(
                    Weight::from_parts(1_506_868, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 0))
                        .saturating_mul(u64::from(a)),
                )
        }

        fn destroy() -> Weight {
            Weight::from_parts(19_028_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 1))
        }

        fn claim_certificate(p: u32) -> Weight {
            Weight::from_parts(21_541_178, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 1))
                .saturating_add(
                    Weight::from_parts(1_357_411, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 0))
                        .saturating_mul(u64::from(p)),
                )
        }

        fn set_rule() -> Weight {
            Weight::from_parts(7_161_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 3))
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
