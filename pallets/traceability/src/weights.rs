//! Weights of the calls and steps of `pallet-traceability`.
//!
//! Measured, and written by `scripts/bench-weights`; not edited by hand. The benchmarks of the
//! pallet were executed natively in the runtime's configuration, in the profile that the node is
//! built with:
//!
//! - 2026-11-23, on 2 cores (AMD EPYC);
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
    /// Median 8.71 µs.
    fn register_product() -> Weight;
    /// Median 10.62 µs.
    fn license_producer() -> Weight;
    /// Median 9.76 µs.
    fn register_place() -> Weight;
    /// Median 14.63 µs.
    fn register_batch() -> Weight;
    /// Median 12.68 µs.
    fn use_input() -> Weight;
    /// Median 15.96 µs.
    fn produce() -> Weight;
    /// Median 11.76 µs.
    fn record_test() -> Weight;
    /// Medians 24.01 to 171.79 µs, for `i` of 1 to 16 and `o` of 1 to 16.
    fn transform(i: u32, o: u32) -> Weight;
    /// Medians 19.08 to 68.09 µs, for `p` of 1 to 16.
    fn split(p: u32) -> Weight;
    /// Medians 23.57 to 98.38 µs, for `i` of 2 to 16.
    fn merge(i: u32) -> Weight;
    /// Median 20.02 µs.
    fn pack() -> Weight;
    /// Medians 13.42 to 123.16 µs, for `c` of 1 to 32.
    fn aggregate(c: u32) -> Weight;
    /// Medians 12.74 to 118.27 µs, for `c` of 1 to 32.
    fn disaggregate(c: u32) -> Weight;
    /// Medians 16.42 to 140.35 µs, for `b` of 1 to 32.
    fn ship(b: u32) -> Weight;
    /// Median 29.85 µs.
    fn receive() -> Weight;
    /// Medians 12.04 to 139.28 µs, for `b` of 1 to 32.
    fn receive_unit(b: u32) -> Weight;
    /// Medians 12.46 to 135.95 µs, for `b` of 1 to 32.
    fn reject(b: u32) -> Weight;
    /// Median 13.00 µs.
    fn sell() -> Weight;
    /// Median 11.31 µs.
    fn take_back() -> Weight;
    /// Median 10.14 µs.
    fn observe() -> Weight;
    /// Median 10.46 µs.
    fn record_loss() -> Weight;
    /// Median 15.31 µs.
    fn hold() -> Weight;
    /// Median 13.66 µs.
    fn release() -> Weight;
    /// Medians 163.92 to 3892.41 µs, for `s` of 1 to 32.
    fn recall(s: u32) -> Weight;
    /// Median 115.20 µs.
    fn lift_recall() -> Weight;
    /// Median 91.40 µs.
    fn recall_step() -> Weight;
    /// Medians 17.58 to 110.79 µs, for `a` of 1 to 64.
    fn check_recalls(a: u32) -> Weight;
    /// Median 18.85 µs.
    fn destroy() -> Weight;
    /// For `p` of 0 to 16, from like calls: that of `observe`, and of one parent's record for
    /// each `p`.
    fn claim_certificate(p: u32) -> Weight;
    /// Median 7.22 µs.
    fn set_rule() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn register_product() -> Weight {
            Weight::from_parts(8_713_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn license_producer() -> Weight {
            Weight::from_parts(10_626_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn register_place() -> Weight {
            Weight::from_parts(9_764_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn register_batch() -> Weight {
            Weight::from_parts(14_632_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 1))
        }

        fn use_input() -> Weight {
            Weight::from_parts(12_689_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 2))
        }

        fn produce() -> Weight {
            Weight::from_parts(15_964_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(15, 1))
        }

        fn record_test() -> Weight {
            Weight::from_parts(11_767_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
        }

        fn transform(i: u32, o: u32) -> Weight {
            Weight::from_parts(15_236_464, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 1))
                .saturating_add(
                    Weight::from_parts(5_603_123, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
                        .saturating_mul(u64::from(i)),
                )
                .saturating_add(
                    Weight::from_parts(4_181_848, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(o)),
                )
        }

        fn split(p: u32) -> Weight {
            Weight::from_parts(15_695_666, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 3))
                .saturating_add(
                    Weight::from_parts(3_393_334, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(p)),
                )
        }

        fn merge(i: u32) -> Weight {
            Weight::from_parts(13_624_308, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 2))
                .saturating_add(
                    Weight::from_parts(5_439_391, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 2))
                        .saturating_mul(u64::from(i)),
                )
        }

        fn pack() -> Weight {
            Weight::from_parts(20_029_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(13, 4))
        }

        fn aggregate(c: u32) -> Weight {
            Weight::from_parts(9_796_860, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(
                    Weight::from_parts(3_623_140, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(c)),
                )
        }

        fn disaggregate(c: u32) -> Weight {
            Weight::from_parts(9_311_171, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
                .saturating_add(
                    Weight::from_parts(3_437_829, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(c)),
                )
        }

        fn ship(b: u32) -> Weight {
            Weight::from_parts(12_392_034, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 1))
                .saturating_add(
                    Weight::from_parts(4_032_966, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn receive() -> Weight {
            Weight::from_parts(29_855_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 5))
        }

        fn receive_unit(b: u32) -> Weight {
            Weight::from_parts(7_929_659, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
                .saturating_add(
                    Weight::from_parts(4_118_341, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn reject(b: u32) -> Weight {
            Weight::from_parts(8_468_226, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
                .saturating_add(
                    Weight::from_parts(3_999_774, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 1))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn sell() -> Weight {
            Weight::from_parts(13_009_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 1))
        }

        fn take_back() -> Weight {
            Weight::from_parts(11_317_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn observe() -> Weight {
            Weight::from_parts(10_145_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn record_loss() -> Weight {
            Weight::from_parts(10_465_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 1))
        }

        fn hold() -> Weight {
            Weight::from_parts(15_312_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 1))
        }

        fn release() -> Weight {
            Weight::from_parts(13_660_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 1))
        }

        fn recall(s: u32) -> Weight {
            Weight::from_parts(43_084_582, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(15, 6))
                .saturating_add(
                    Weight::from_parts(120_839_418, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(34, 48))
                        .saturating_mul(u64::from(s)),
                )
        }

        fn lift_recall() -> Weight {
            Weight::from_parts(115_201_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(45, 19))
        }

        fn recall_step() -> Weight {
            Weight::from_parts(91_406_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(37, 48))
        }

        fn check_recalls(a: u32) -> Weight {
            Weight::from_parts(16_077_431, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(16, 0))
                .saturating_add(
                    Weight::from_parts(1_508_569, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 0))
                        .saturating_mul(u64::from(a)),
                )
        }

        fn destroy() -> Weight {
            Weight::from_parts(18_858_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 1))
        }

        fn claim_certificate(p: u32) -> Weight {
            Weight::from_parts(12_000_000, 0)
                .saturating_add(Weight::from_parts(2_000_000, 0).saturating_mul(p.into()))
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(16, 1))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get().reads(2).saturating_mul(p.into()),
                )
        }

        fn set_rule() -> Weight {
            Weight::from_parts(7_221_000, 0)
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
