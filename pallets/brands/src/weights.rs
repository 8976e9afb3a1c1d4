//! Weights of the calls and steps of `pallet-brands`.
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
    /// Medians 78.86 to 145.44 µs, for `a` of 1 to 16.
    fn register_brand(a: u32) -> Weight;
    /// Median 19.02 µs.
    fn set_operator() -> Weight;
    /// Median 17.43 µs.
    fn admit_member() -> Weight;
    /// Medians 18.02 to 101.11 µs, for `l` of 0 to 8.
    fn remove_member(l: u32) -> Weight;
    /// Medians 27.89 to 40.16 µs, for `p` of 1 to 8 and `b` of 1 to 16.
    fn apply(p: u32, b: u32) -> Weight;
    /// Median 90.65 µs.
    fn inspect() -> Weight;
    /// Medians 27.62 to 50.56 µs, for `p` of 1 to 8 and `b` of 1 to 16.
    fn grant(p: u32, b: u32) -> Weight;
    /// Median 19.72 µs.
    fn suspend() -> Weight;
    /// Median 42.72 µs.
    fn end_licence() -> Weight;
    /// Median 21.27 µs.
    fn order_labels() -> Weight;
    /// Median 24.29 µs.
    fn issue_labels() -> Weight;
    /// Median 20.25 µs.
    fn cancel_order() -> Weight;
    /// Median 22.89 µs.
    fn account_labels() -> Weight;
    /// Median 77.35 µs.
    fn record_misuse() -> Weight;
    /// Median 19.83 µs.
    fn report_premium() -> Weight;
    /// Median 6.92 µs.
    fn set_yield_ceiling() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn register_brand(a: u32) -> Weight {
            Weight::from_parts(74_354_378, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 21))
                .saturating_add(Weight::from_parts(4_512_622, 0).saturating_mul(u64::from(a)))
        }

        fn set_operator() -> Weight {
            Weight::from_parts(19_028_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 1))
        }

        fn admit_member() -> Weight {
            Weight::from_parts(17_436_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 2))
        }

        fn remove_member(l: u32) -> Weight {
            Weight::from_parts(20_016_527, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 3))
                .saturating_add(
                    Weight::from_parts(10_316_491, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 3))
                        .saturating_mul(u64::from(l)),
                )
        }

        fn apply(p: u32, b: u32) -> Weight {
            Weight::from_parts(27_230_312, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 4))
                .saturating_add(
                    Weight::from_parts(860_836, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 0))
                        .saturating_mul(u64::from(p)),
                )
                .saturating_add(
                    Weight::from_parts(410_000, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 0))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn inspect() -> Weight {
            Weight::from_parts(90_654_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 20))
        }

        fn grant(p: u32, b: u32) -> Weight {
            Weight::from_parts(25_733_279, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 2))
                .saturating_add(
                    Weight::from_parts(612_442, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 0))
                        .saturating_mul(u64::from(p)),
                )
                .saturating_add(
                    Weight::from_parts(1_275_279, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 1))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn suspend() -> Weight {
            Weight::from_parts(19_720_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 2))
        }

        fn end_licence() -> Weight {
            Weight::from_parts(42_723_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(34, 19))
        }

        fn order_labels() -> Weight {
            Weight::from_parts(21_271_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 2))
        }

        fn issue_labels() -> Weight {
            Weight::from_parts(24_296_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 2))
        }

        fn cancel_order() -> Weight {
            Weight::from_parts(20_250_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 1))
        }

        fn account_labels() -> Weight {
            Weight::from_parts(22_894_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 2))
        }

        fn record_misuse() -> Weight {
            Weight::from_parts(77_355_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 19))
        }

        fn report_premium() -> Weight {
            Weight::from_parts(19_839_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn set_yield_ceiling() -> Weight {
            Weight::from_parts(6_921_000, 0)
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
