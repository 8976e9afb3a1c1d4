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
    /// Medians 79.39 to 142.48 µs, for `a` of 1 to 16.
    fn register_brand(a: u32) -> Weight;
    /// Median 18.99 µs.
    fn set_operator() -> Weight;
    /// Median 17.65 µs.
    fn admit_member() -> Weight;
    /// Medians 18.12 to 101.58 µs, for `l` of 0 to 8.
    fn remove_member(l: u32) -> Weight;
    /// Medians 28.50 to 40.07 µs, for `p` of 1 to 8 and `b` of 1 to 16.
    fn apply(p: u32, b: u32) -> Weight;
    /// Median 91.14 µs.
    fn inspect() -> Weight;
    /// Medians 27.69 to 50.48 µs, for `p` of 1 to 8 and `b` of 1 to 16.
    fn grant(p: u32, b: u32) -> Weight;
    /// Median 20.54 µs.
    fn suspend() -> Weight;
    /// Median 43.62 µs.
    fn end_licence() -> Weight;
    /// Median 22.00 µs.
    fn order_labels() -> Weight;
    /// Median 25.11 µs.
    fn issue_labels() -> Weight;
    /// Median 20.35 µs.
    fn cancel_order() -> Weight;
    /// Median 22.98 µs.
    fn account_labels() -> Weight;
    /// Median 77.44 µs.
    fn record_misuse() -> Weight;
    /// Median 20.20 µs.
    fn report_premium() -> Weight;
    /// Median 6.95 µs.
    fn set_yield_ceiling() -> Weight;
}

macro_rules! measured {
    ($db:ty) => {
        fn register_brand(a: u32) -> Weight {
            Weight::from_parts(75_129_461, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 21))
                .saturating_add(Weight::from_parts(4_268_539, 0).saturating_mul(u64::from(a)))
        }

        fn set_operator() -> Weight {
            Weight::from_parts(18_999_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 1))
        }

        fn admit_member() -> Weight {
            Weight::from_parts(17_656_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 2))
        }

        fn remove_member(l: u32) -> Weight {
            Weight::from_parts(20_433_126, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 3))
                .saturating_add(
                    Weight::from_parts(10_332_874, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 3))
                        .saturating_mul(u64::from(l)),
                )
        }

        fn apply(p: u32, b: u32) -> Weight {
            Weight::from_parts(27_311_704, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 4))
                .saturating_add(
                    Weight::from_parts(789_574, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 0))
                        .saturating_mul(u64::from(p)),
                )
                .saturating_add(
                    Weight::from_parts(403_169, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 0))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn inspect() -> Weight {
            Weight::from_parts(91_145_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 20))
        }

        fn grant(p: u32, b: u32) -> Weight {
            Weight::from_parts(25_866_820, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 2))
                .saturating_add(
                    Weight::from_parts(548_892, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 0))
                        .saturating_mul(u64::from(p)),
                )
                .saturating_add(
                    Weight::from_parts(1_275_288, 0)
                        .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 1))
                        .saturating_mul(u64::from(b)),
                )
        }

        fn suspend() -> Weight {
            Weight::from_parts(20_541_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 2))
        }

        fn end_licence() -> Weight {
            Weight::from_parts(43_624_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(34, 19))
        }

        fn order_labels() -> Weight {
            Weight::from_parts(22_003_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 2))
        }

        fn issue_labels() -> Weight {
            Weight::from_parts(25_117_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 2))
        }

        fn cancel_order() -> Weight {
            Weight::from_parts(20_351_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 1))
        }

        fn account_labels() -> Weight {
            Weight::from_parts(22_984_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 2))
        }

        fn record_misuse() -> Weight {
            Weight::from_parts(77_445_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 19))
        }

        fn report_premium() -> Weight {
            Weight::from_parts(20_200_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn set_yield_ceiling() -> Weight {
            Weight::from_parts(6_950_000, 0)
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
