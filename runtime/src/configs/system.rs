//! The frame of the chain: system, timestamp, utility, multisig.

use crate::{
    AccountId, Balances, Block, BlockNumber, Hash, Hashing, Moment, Nonce, OriginCaller,
    PalletInfo, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, RuntimeTask, System, VERSION,
    Validators,
    filter::CallFilter,
    limits::{BlockLength, BlockWeights, StateDbWeight},
    upgrade::WriteCodeMarker,
};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU16, ConstU32, ConstU64, ConstU128},
};
use sp_version::RuntimeVersion;

parameter_types! {
    /// How many past block hashes the state keeps; the longest life of a mortal transaction.
    pub const BlockHashCount: BlockNumber = 4096;
    /// This runtime's version.
    pub const Version: RuntimeVersion = VERSION;
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type BaseCallFilter = CallFilter;
    type Block = Block;
    type BlockWeights = BlockWeights;
    type BlockLength = BlockLength;
    type AccountId = AccountId;
    type Nonce = Nonce;
    type Hash = Hash;
    type Hashing = Hashing;
    type BlockHashCount = BlockHashCount;
    type DbWeight = StateDbWeight;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<crate::Balance>;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
    // The generic prefix: addresses look the same in every Substrate tool.
    type SS58Prefix = ConstU16<42>;
    type SingleBlockMigrations = WriteCodeMarker;
    // Each pallet that holds money of an account or needs it to exist takes one.
    type MaxConsumers = ConstU32<16>;
}

impl pallet_timestamp::Config for Runtime {
    type Moment = Moment;
    // Holds the timestamp to the time in the header.
    type OnTimestampSet = Validators;
    // Milliseconds: time moves with every block, however fast blocks follow each other.
    type MinimumPeriod = ConstU64<1>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    // Agents need hold no money; what bounds pending approvals is the quota of transactions.
    type DepositBase = ConstU128<0>;
    type DepositFactor = ConstU128<0>;
    type MaxSignatories = ConstU32<20>;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
    type BlockNumberProvider = System;
}
