//! A runtime with this pallet and balances, and a cast of organisations.

use crate::{
    self as pallet_participants, AgentInfo, Config, Error, GenesisAgent, GenesisCapacity,
    GenesisConfig, GenesisOrganisation, Grant, LegalName, MoveFunds, OrganisationId, Pallet,
    RegionCode, Registration, Role, Seconds, Subjects,
    identifiers::uscc_check_character,
};
use frame_support::{
    assert_ok, derive_impl, parameter_types,
    traits::{ConstU32, ConstU128, EnsureRoot, UnixTime},
};
use sp_core::crypto::AccountId32;
use sp_runtime::{BuildStorage, traits::IdentityLookup};

pub(crate) type Block = frame_system::mocking::MockBlock<Test>;
