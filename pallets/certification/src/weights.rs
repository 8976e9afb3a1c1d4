//! Weights of the calls of `pallet-certification`.
//!
//! Estimated from the keys that a call touches and from measured calls of like size; replaced by
//! `scripts/bench-weights`, which measures.

use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// What the call or step of each name may cost, by the components of its benchmark.
pub trait WeightInfo {
    /// Estimated at 18 µs and 6 reads, 2 writes.
    fn approve_body() -> Weight;
    /// Estimated at 9 µs and 4 reads, 1 writes.
    fn set_body_standing() -> Weight;
    /// Estimated at 17 µs and 6 reads, 1 writes.
    fn accredit() -> Weight;
    /// Estimated at 9 µs and 4 reads, 1 writes.
    fn set_accreditation_standing() -> Weight;
    /// Estimated at 11 µs and 7 reads, 3 writes.
    fn register_certifier() -> Weight;
    /// Estimated at 10 µs and 5 reads, 3 writes.
    fn release_certifier() -> Weight;
    /// Estimated at 11 µs and 5 reads, 3 writes.
    fn bar_person() -> Weight;
    /// Estimated at 40 µs and 24 reads, 4 writes, and more for each base `b`.
    fn apply(b: u32) -> Weight;
    /// Estimated at 30 µs and 24 reads, 5 writes.
    fn accept_application() -> Weight;
    /// Estimated at 10 µs and 6 reads, 3 writes.
    fn refuse_application() -> Weight;
    /// Estimated at 10 µs and 5 reads, 3 writes.
    fn withdraw_application() -> Weight;
    /// Estimated at 18 µs and 8 reads, 1 writes, and more for each base `b`.
    fn record_inspection(b: u32) -> Weight;
    /// Estimated at 16 µs and 9 reads, 1 writes.
    fn record_test() -> Weight;
    /// Estimated at 70 µs and 90 reads, 1 writes.
    fn propose_decision() -> Weight;
    /// Estimated at 12 µs and 6 reads, 1 writes.
    fn return_proposal() -> Weight;
    /// Estimated at 120 µs and 95 reads, 40 writes.
    fn sign_decision() -> Weight;
    /// Estimated at 14 µs and 8 reads, 4 writes.
    fn record_finding() -> Weight;
    /// Estimated at 12 µs and 8 reads, 3 writes.
    fn dismiss_finding() -> Weight;
    /// Estimated at 20 µs and 12 reads, 7 writes.
    fn suspend() -> Weight;
    /// Estimated at 15 µs and 10 reads, 5 writes.
    fn restore() -> Weight;
    /// Estimated at 20 µs and 13 reads, 9 writes.
    fn revoke() -> Weight;
    /// Estimated at 14 µs and 7 reads, 4 writes.
    fn request_change() -> Weight;
    /// Estimated at 16 µs and 12 reads, 6 writes.
    fn cancel() -> Weight;
    /// Estimated at 12 µs and 7 reads, 3 writes.
    fn reduce() -> Weight;
    /// Estimated at 9 µs and 5 reads, 2 writes.
    fn publish() -> Weight;
    /// Estimated at 14 µs and 9 reads, 4 writes.
    fn lodge() -> Weight;
    /// Estimated at 15 µs and 10 reads, 4 writes.
    fn decide_complaint() -> Weight;
    /// Estimated at 18 µs and 13 reads, 4 writes.
    fn issue_transaction_certificate() -> Weight;
    /// Estimated at 14 µs and 7 reads, 3 writes.
    fn void_transaction_certificate() -> Weight;
    /// Estimated at 10 µs and 2 reads, 3 writes.
    fn set_scheme() -> Weight;
    /// Estimated at 8 µs and 3 reads, 3 writes.
    fn set_yield_ceiling() -> Weight;
}

macro_rules! estimated {
    ($db:ty) => {
        fn approve_body() -> Weight {
            Weight::from_parts(18_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 2))
        }

        fn set_body_standing() -> Weight {
            Weight::from_parts(9_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(4, 1))
        }

        fn accredit() -> Weight {
            Weight::from_parts(17_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn set_accreditation_standing() -> Weight {
            Weight::from_parts(9_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(4, 1))
        }

        fn register_certifier() -> Weight {
            Weight::from_parts(11_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 3))
        }

        fn release_certifier() -> Weight {
            Weight::from_parts(10_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 3))
        }

        fn bar_person() -> Weight {
            Weight::from_parts(11_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 3))
        }

        fn apply(b: u32) -> Weight {
            Weight::from_parts(40_000_000, 0)
                .saturating_add(Weight::from_parts(500_000, 0).saturating_mul(b.into()))
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(24, 4))
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads(b.into()))
        }

        fn accept_application() -> Weight {
            Weight::from_parts(30_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(24, 5))
        }

        fn refuse_application() -> Weight {
            Weight::from_parts(10_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 3))
        }

        fn withdraw_application() -> Weight {
            Weight::from_parts(10_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 3))
        }

        fn record_inspection(b: u32) -> Weight {
            Weight::from_parts(18_000_000, 0)
                .saturating_add(Weight::from_parts(500_000, 0).saturating_mul(b.into()))
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 1))
        }

        fn record_test() -> Weight {
            Weight::from_parts(16_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 1))
        }

        fn propose_decision() -> Weight {
            Weight::from_parts(70_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(90, 1))
        }

        fn return_proposal() -> Weight {
            Weight::from_parts(12_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(6, 1))
        }

        fn sign_decision() -> Weight {
            Weight::from_parts(120_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(95, 40))
        }

        fn record_finding() -> Weight {
            Weight::from_parts(14_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 4))
        }

        fn dismiss_finding() -> Weight {
            Weight::from_parts(12_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(8, 3))
        }

        fn suspend() -> Weight {
            Weight::from_parts(20_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 7))
        }

        fn restore() -> Weight {
            Weight::from_parts(15_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 5))
        }

        fn revoke() -> Weight {
            Weight::from_parts(20_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(13, 9))
        }

        fn request_change() -> Weight {
            Weight::from_parts(14_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 4))
        }

        fn cancel() -> Weight {
            Weight::from_parts(16_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(12, 6))
        }

        fn reduce() -> Weight {
            Weight::from_parts(12_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 3))
        }

        fn publish() -> Weight {
            Weight::from_parts(9_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(5, 2))
        }

        fn lodge() -> Weight {
            Weight::from_parts(14_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(9, 4))
        }

        fn decide_complaint() -> Weight {
            Weight::from_parts(15_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(10, 4))
        }

        fn issue_transaction_certificate() -> Weight {
            Weight::from_parts(18_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(13, 4))
        }

        fn void_transaction_certificate() -> Weight {
            Weight::from_parts(14_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(7, 3))
        }

        fn set_scheme() -> Weight {
            Weight::from_parts(10_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(2, 3))
        }

        fn set_yield_ceiling() -> Weight {
            Weight::from_parts(8_000_000, 0)
                .saturating_add(<$db as Get<RuntimeDbWeight>>::get().reads_writes(3, 3))
        }
    };
}

/// The estimate, at the runtime's own costs of a key.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    estimated!(T::DbWeight);
}

/// The same at FRAME's default costs of a key, for tests.
impl WeightInfo for () {
    estimated!(RocksDbWeight);
}
