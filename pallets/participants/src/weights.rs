//! Weights of the calls and of the admission check.
//!
//! Estimated, not measured: the counts of storage reads and writes are those of the longest path
//! through each function, priced with the runtime's database costs, or with FRAME's constants for
//! RocksDB in the implementation for `()`; computing is priced at a flat 20 µs a call, or 5 µs for
//! the admission check.

use crate::types::ROLES_MAX;
use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{RuntimeDbWeight, Weight, constants::RocksDbWeight},
};

/// Weight of each call and of the extension.
pub trait WeightInfo {
    /// Weight of [`crate::Pallet::register_organisation`].
    fn register_organisation() -> Weight;
    /// Weight of [`crate::Pallet::update_registration`].
    fn update_registration() -> Weight;
    /// Weight of [`crate::Pallet::set_identifiers`].
    fn set_identifiers() -> Weight;
    /// Weight of [`crate::Pallet::register_agent`].
    fn register_agent() -> Weight;
    /// Weight of [`crate::Pallet::set_agent_powers`].
    fn set_agent_powers() -> Weight;
    /// Weight of [`crate::Pallet::rotate_key`].
    fn rotate_key() -> Weight;
    /// Weight of [`crate::Pallet::revoke_agent`].
    fn revoke_agent() -> Weight;
    /// Weight of [`crate::Pallet::recover_agent`].
    fn recover_agent() -> Weight;
    /// Weight of [`crate::Pallet::grant_capacity`].
    fn grant_capacity() -> Weight;
    /// Weight of [`crate::Pallet::revoke_capacity`].
    fn revoke_capacity() -> Weight;
    /// Weight of [`crate::Pallet::suspend_organisation`].
    fn suspend_organisation() -> Weight;
    /// Weight of [`crate::Pallet::reinstate_organisation`].
    fn reinstate_organisation() -> Weight;
    /// Weight of [`crate::Pallet::close_organisation`].
    fn close_organisation() -> Weight;
    /// Weight of [`crate::Pallet::set_grant_rule`].
    fn set_grant_rule() -> Weight;
    /// Weight of [`crate::Pallet::set_registrar_roles`].
    fn set_registrar_roles() -> Weight;
    /// Weight of [`crate::Pallet::set_conflict`].
    fn set_conflict() -> Weight;
    /// Weight of [`crate::Pallet::set_daily_quota`].
    fn set_daily_quota() -> Weight;
    /// Weight of [`crate::CheckParticipant`].
    fn check_participant() -> Weight;
}

/// Picoseconds of a call's computing.
const CALL_PS: u64 = 20_000_000;
/// Picoseconds of the admission check's computing.
const CHECK_PS: u64 = 5_000_000;
/// Reads of who calls: agent, organisation, registrar roles or grant rules, the list of capacities
/// and a typical number of them.
const CALLER_READS: u64 = 8;

fn estimate<D: Get<RuntimeDbWeight>>(reads: u64, writes: u64) -> Weight {
    Weight::from_parts(CALL_PS, 0)
        .saturating_add(D::get().reads_writes(CALLER_READS + reads, writes))
}

macro_rules! weights {
    ($db:ty) => {
        fn register_organisation() -> Weight {
            estimate::<$db>(8, 10)
        }
        fn update_registration() -> Weight {
            estimate::<$db>(CALLER_READS + 2, 2)
        }
        fn set_identifiers() -> Weight {
            estimate::<$db>(4, 6)
        }
        fn register_agent() -> Weight {
            estimate::<$db>(3, 4)
        }
        fn set_agent_powers() -> Weight {
            estimate::<$db>(2, 2)
        }
        fn rotate_key() -> Weight {
            estimate::<$db>(6, 8)
        }
        fn revoke_agent() -> Weight {
            estimate::<$db>(3, 4)
        }
        fn recover_agent() -> Weight {
            estimate::<$db>(6, 8)
        }
        fn grant_capacity() -> Weight {
            estimate::<$db>(4 + 2 * u64::from(ROLES_MAX), 4)
        }
        fn revoke_capacity() -> Weight {
            estimate::<$db>(2, 2)
        }
        fn suspend_organisation() -> Weight {
            estimate::<$db>(1, 1)
        }
        fn reinstate_organisation() -> Weight {
            estimate::<$db>(1, 1)
        }
        fn close_organisation() -> Weight {
            estimate::<$db>(1, 1)
        }
        fn set_grant_rule() -> Weight {
            estimate::<$db>(0, 1)
        }
        fn set_registrar_roles() -> Weight {
            estimate::<$db>(0, 1)
        }
        fn set_conflict() -> Weight {
            estimate::<$db>(2, 2)
        }
        fn set_daily_quota() -> Weight {
            estimate::<$db>(1, 1)
        }
        fn check_participant() -> Weight {
            Weight::from_parts(CHECK_PS, 0).saturating_add(<$db>::get().reads_writes(3, 1))
        }
    };
}

/// Weights over the runtime's own database costs.
pub struct SubstrateWeight<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    weights!(T::DbWeight);
}

impl WeightInfo for () {
    weights!(RocksDbWeight);
}
