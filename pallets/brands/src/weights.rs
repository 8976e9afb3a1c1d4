//! Weights of the calls of `pallet-brands`.
//!
//! Estimated from the measured calls of `pallet-traceability` that read and write as many keys and
//! do like work. Times are picoseconds of execution over a state in memory; reads and writes are
//! different keys of the state. There are no proofs, so that the proof size is zero.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What the call or step of each name may cost, by the components of its benchmark.
pub trait WeightInfo {
    /// Also for new rules; `a` divisions. Estimate 16 µs and 2 µs for each `a`.
    fn register_brand(a: u32) -> Weight;
    /// With as many licences to look at as there may be. Estimate 14 µs.
    fn set_operator() -> Weight;
    /// Estimate 12 µs.
    fn admit_member() -> Weight;
    /// With `l` licences that end. Estimate 16 µs and 18 µs for each `l`.
    fn remove_member(l: u32) -> Weight;
    /// Also for another certificate; `p` products and `b` bases. Estimate 24 µs and 6 µs for each
    /// `p`, and 2 µs for each `b`.
    fn apply(p: u32, b: u32) -> Weight;
    /// Estimate 16 µs.
    fn inspect() -> Weight;
    /// Also for a longer term; `p` products and `b` bases. Estimate 26 µs and 6 µs for each `p`,
    /// and 4 µs for each `b`.
    fn grant(p: u32, b: u32) -> Weight;
    /// Also to restore. Estimate 16 µs.
    fn suspend() -> Weight;
    /// To refuse, revoke or withdraw, with as many products and bases as there may be. Estimate
    /// 60 µs.
    fn end_licence() -> Weight;
    /// Estimate 14 µs.
    fn order_labels() -> Weight;
    /// Estimate 18 µs.
    fn issue_labels() -> Weight;
    /// Estimate 12 µs.
    fn cancel_order() -> Weight;
    /// Estimate 16 µs.
    fn account_labels() -> Weight;
    /// Estimate 14 µs.
    fn record_misuse() -> Weight;
    /// Estimate 12 µs.
    fn report_premium() -> Weight;
    /// Estimate 7 µs.
    fn set_yield_ceiling() -> Weight;
}

macro_rules! estimated {
    ($db:ty) => {
        fn register_brand(a: u32) -> Weight {
            Weight::from_parts(16_000_000, 0)
                .saturating_add(Weight::from_parts(2_000_000, 0).saturating_mul(a.into()))
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 5))
        }

        fn set_operator() -> Weight {
            Weight::from_parts(14_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 1))
        }

        fn admit_member() -> Weight {
            Weight::from_parts(12_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 2))
        }

        fn remove_member(l: u32) -> Weight {
            Weight::from_parts(16_000_000, 0)
                .saturating_add(Weight::from_parts(18_000_000, 0).saturating_mul(l.into()))
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 3))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(36, 20)
                        .saturating_mul(l.into()),
                )
        }

        fn apply(p: u32, b: u32) -> Weight {
            Weight::from_parts(24_000_000, 0)
                .saturating_add(Weight::from_parts(6_000_000, 0).saturating_mul(p.into()))
                .saturating_add(Weight::from_parts(2_000_000, 0).saturating_mul(b.into()))
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(18, 4))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get().reads(4).saturating_mul(p.into()),
                )
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get().reads(1).saturating_mul(b.into()),
                )
        }

        fn inspect() -> Weight {
            Weight::from_parts(16_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 4))
        }

        fn grant(p: u32, b: u32) -> Weight {
            Weight::from_parts(26_000_000, 0)
                .saturating_add(Weight::from_parts(6_000_000, 0).saturating_mul(p.into()))
                .saturating_add(Weight::from_parts(4_000_000, 0).saturating_mul(b.into()))
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 3))
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get().reads(4).saturating_mul(p.into()),
                )
                .saturating_add(
                    <$db as Get<RuntimeDbWeight>>::get()
                        .reads_writes(2, 1)
                        .saturating_mul(b.into()),
                )
        }

        fn suspend() -> Weight {
            Weight::from_parts(16_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 2))
        }

        fn end_licence() -> Weight {
            Weight::from_parts(60_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(36, 20))
        }

        fn order_labels() -> Weight {
            Weight::from_parts(14_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 2))
        }

        fn issue_labels() -> Weight {
            Weight::from_parts(18_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(11, 2))
        }

        fn cancel_order() -> Weight {
            Weight::from_parts(12_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 1))
        }

        fn account_labels() -> Weight {
            Weight::from_parts(16_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 2))
        }

        fn record_misuse() -> Weight {
            Weight::from_parts(14_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 2))
        }

        fn report_premium() -> Weight {
            Weight::from_parts(12_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 1))
        }

        fn set_yield_ceiling() -> Weight {
            Weight::from_parts(7_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(1, 3))
        }
    };
}

/// The estimates, at the runtime's own costs of a key.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    estimated!(T::DbWeight);
}

/// The same at FRAME's default costs of a key, for tests.
impl WeightInfo for () {
    estimated!(RocksDbWeight);
}
