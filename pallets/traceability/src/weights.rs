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
    /// Median 9.44 µs.
    fn register_product() -> Weight;
    /// Median 11.71 µs.
    fn license_producer() -> Weight;
    /// Median 10.22 µs.
    fn register_place() -> Weight;
    /// Median 15.34 µs.
    fn register_batch() -> Weight;
    /// Median 14.05 µs.
    fn use_input() -> Weight;
    /// Median 17.49 µs.
    fn produce() -> Weight;
    /// Median 12.67 µs.
    fn record_test() -> Weight;
    /// Medians 24.73 to 176.95 µs, for `i` of 1 to 16 and `o` of 1 to 16.
    fn transform(i: u32, o: u32) -> Weight;
    /// Medians 20.66 to 70.80 µs, for `p` of 1 to 16.
    fn split(p: u32) -> Weight;
    /// Medians 24.44 to 103.51 µs, for `i` of 2 to 16.
    fn merge(i: u32) -> Weight;
    /// Median 21.44 µs.
    fn pack() -> Weight;
    /// Medians 15.51 to 132.66 µs, for `c` of 1 to 32.
    fn aggregate(c: u32) -> Weight;
    /// Medians 13.61 to 126.01 µs, for `c` of 1 to 32.
    fn disaggregate(c: u32) -> Weight;
    /// Medians 18.25 to 149.30 µs, for `b` of 1 to 32.
    fn ship(b: u32) -> Weight;
    /// Median 33.29 µs.
    fn receive() -> Weight;
    /// Medians 12.76 to 148.80 µs, for `b` of 1 to 32.
    fn receive_unit(b: u32) -> Weight;
    /// Medians 12.81 to 146.61 µs, for `b` of 1 to 32.
    fn reject(b: u32) -> Weight;
    /// Median 13.99 µs.
    fn sell() -> Weight;
    /// Median 12.28 µs.
    fn take_back() -> Weight;
    /// Median 10.68 µs.
    fn observe() -> Weight;
    /// Median 11.14 µs.
    fn record_loss() -> Weight;
    /// Median 15.95 µs.
    fn hold() -> Weight;
    /// Median 14.61 µs.
    fn release() -> Weight;
    /// Medians 175.72 to 4269.33 µs, for `s` of 1 to 32.
    fn recall(s: u32) -> Weight;
    /// Median 124.67 µs.
    fn lift_recall() -> Weight;
    /// Median 96.79 µs.
    fn recall_step() -> Weight;
    /// Medians 18.95 to 115.93 µs, for `a` of 1 to 64.
    fn check_recalls(a: u32) -> Weight;
    /// Median 20.69 µs.
    fn destroy() -> Weight;
    /// Medians 22.98 to 43.76 µs, for `p` of 2 to 16.
    fn claim_certificate(p: u32) -> Weight;
    /// Median 7.25 µs.
    fn set_rule() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn register_product() -> Weight {
            Weight::from_parts(9_444_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn license_producer() -> Weight {
            Weight::from_parts(11_717_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn register_place() -> Weight {
            Weight::from_parts(10_225_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn register_batch() -> Weight {
            Weight::from_parts(15_343_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 1))
        }

        fn use_input() -> Weight {
            Weight::from_parts(14_051_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 2))
        }

        fn produce() -> Weight {
            Weight::from_parts(17_496_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(15, 1))
        }

        fn record_test() -> Weight {
            Weight::from_parts(12_679_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
        }

        fn transform(i: u32, o: u32) -> Weight {
            Weight::from_parts(14_391_733, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 1))
                .saturating_add(
                    Weight::from_parts(5_990_990, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
                        .saturating_mul(u64::from(i)),
                )
                .saturating_add(
                    Weight::from_parts(4_354_277, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(o)),
                )
        }

        fn split(p: u32) -> Weight {
            Weight::from_parts(17_197_551, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 3))
                .saturating_add(
                    Weight::from_parts(3_463_449, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(p)),
                )
        }

        fn merge(i: u32) -> Weight {
            Weight::from_parts(13_102_580, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 2))
                .saturating_add(
                    Weight::from_parts(5_822_535, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
                        .saturating_mul(u64::from(i)),
                )
        }

        fn pack() -> Weight {
            Weight::from_parts(21_442_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(13, 4))
        }

        fn aggregate(c: u32) -> Weight {
            Weight::from_parts(11_512_280, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(
                    Weight::from_parts(4_000_720, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(c)),
                )
        }

        fn disaggregate(c: u32) -> Weight {
            Weight::from_parts(9_820_110, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
                .saturating_add(
                    Weight::from_parts(3_789_890, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(c)),
                )
        }

        fn ship(b: u32) -> Weight {
            Weight::from_parts(13_944_372, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 1))
                .saturating_add(
                    Weight::from_parts(4_312_628, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn receive() -> Weight {
            Weight::from_parts(33_299_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 5))
        }

        fn receive_unit(b: u32) -> Weight {
            Weight::from_parts(8_302_897, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(
                    Weight::from_parts(4_466_103, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn reject(b: u32) -> Weight {
            Weight::from_parts(8_442_734, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
                .saturating_add(
                    Weight::from_parts(4_376_266, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn sell() -> Weight {
            Weight::from_parts(13_991_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 1))
        }

        fn take_back() -> Weight {
            Weight::from_parts(12_289_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn observe() -> Weight {
            Weight::from_parts(10_686_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn record_loss() -> Weight {
            Weight::from_parts(11_147_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 1))
        }

        fn hold() -> Weight {
            Weight::from_parts(15_953_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 1))
        }

        fn release() -> Weight {
            Weight::from_parts(14_612_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 1))
        }

        fn recall(s: u32) -> Weight {
            Weight::from_parts(252_288_440, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(15, 6))
                .saturating_add(
                    Weight::from_parts(125_532_830, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(34, 48))
                        .saturating_mul(u64::from(s)),
                )
        }

        fn lift_recall() -> Weight {
            Weight::from_parts(124_675_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(45, 19))
        }

        fn recall_step() -> Weight {
            Weight::from_parts(96_794_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(37, 48))
        }

        fn check_recalls(a: u32) -> Weight {
            Weight::from_parts(17_374_281, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(16, 0))
                .saturating_add(
                    Weight::from_parts(1_584_719, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 0))
                        .saturating_mul(u64::from(a)),
                )
        }

        fn destroy() -> Weight {
            Weight::from_parts(20_691_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 1))
        }

        fn claim_certificate(p: u32) -> Weight {
            Weight::from_parts(24_948_032, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 1))
                .saturating_add(
                    Weight::from_parts(1_431_484, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 0))
                        .saturating_mul(u64::from(p)),
                )
        }

        fn set_rule() -> Weight {
            Weight::from_parts(7_250_000, 0)
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
