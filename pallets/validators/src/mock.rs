//! A runtime with nothing but time and validators, and blocks as the executor makes them.

use crate as pallet_validators;
use crate::{GenesisNode, GenesisValidator, NodeKey};
use ecoledger_primitives::{AccountId, Header, HeaderDigest, PreDigest, ValidatorId};
use frame_support::{
    construct_runtime, derive_impl, parameter_types,
    traits::{ConstU32, ConstU64, OnFinalize, OnInitialize},
};
use frame_system::{EnsureRoot, mocking::MockUncheckedExtrinsic};
use sp_core::{H256, Pair, ed25519};
use sp_runtime::{BuildStorage, Digest, generic, traits::IdentityLookup};

type Block = generic::Block<Header, MockUncheckedExtrinsic<Test>>;

construct_runtime!(
    pub enum Test {
        System: frame_system = 0,
        Timestamp: pallet_timestamp = 1,
        ValidatorsPallet: pallet_validators = 11,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountId = AccountId;
    type Block = Block;
    type Lookup = IdentityLookup<AccountId>;
}

impl pallet_timestamp::Config for Test {
    type Moment = u64;
    type OnTimestampSet = ValidatorsPallet;
    type MinimumPeriod = ConstU64<1>;
    type WeightInfo = ();
}

parameter_types! {
    /// Low enough for tests to reach.
    pub const MinValidators: u32 = 2;
}

impl crate::Config for Test {
    type GovernanceOrigin = EnsureRoot<AccountId>;
    type MaxValidators = ConstU32<6>;
    type MinValidators = MinValidators;
    type MaxPermittedNodes = ConstU32<3>;
    type MaxLabelBytes = ConstU32<32>;
    type WeightInfo = ();
}

/// The voting key of the `index`-th validator.
pub(crate) fn key(index: u8) -> ValidatorId {
    ed25519::Pair::from_seed(&[index; 32]).public().0
}

/// The node key of the `index`-th validator.
pub(crate) fn node(index: u8) -> NodeKey {
    ed25519::Pair::from_seed(&[index | 0x80; 32]).public().0
}

/// The genesis entry of the `index`-th validator.
pub(crate) fn genesis_validator(index: u8) -> GenesisValidator {
    GenesisValidator { key: H256(key(index)), node_key: H256(node(index)) }
}

/// Builds the state that a test starts from.
#[derive(Clone)]
pub(crate) struct ExtBuilder {
    /// Validators of the genesis.
    pub(crate) validators: Vec<GenesisValidator>,
    /// Permitted nodes of the genesis.
    pub(crate) nodes: Vec<GenesisNode>,
}

impl Default for ExtBuilder {
    /// Validators 0 to 3, and no other node.
    fn default() -> Self {
        Self { validators: (0..4).map(genesis_validator).collect(), nodes: Vec::new() }
    }
}

impl ExtBuilder {
    /// The state after the genesis block.
    pub(crate) fn build(self) -> sp_io::TestExternalities {
        let genesis = RuntimeGenesisConfig {
            validators_pallet: crate::GenesisConfig {
                validators: self.validators,
                nodes: self.nodes,
                ..Default::default()
            },
            ..Default::default()
        };
        genesis.build_storage().unwrap().into()
    }

    /// Runs `test` after the genesis block, then checks what must always hold.
    pub(crate) fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            ValidatorsPallet::do_try_state().unwrap();
        });
    }
}

/// Time of block `number` in these tests.
pub(crate) fn time_ms(number: u32) -> u64 {
    1_800_000_000_000 + u64::from(number) * 1_000
}

/// Begins the block after the current one with `digest`.
pub(crate) fn begin_block(digest: &Digest) {
    let number = System::block_number() + 1;
    System::reset_events();
    System::initialize(&number, &System::parent_hash(), digest);
    AllPalletsWithSystem::on_initialize(number);
}

/// Runs the whole block after the current one, proposed by validator `proposer`, with `calls`
/// between timestamp and end; returns its header.
pub(crate) fn run_block(proposer: u8, calls: impl FnOnce()) -> Header {
    let number = System::block_number() + 1;
    let pre = PreDigest { time_ms: time_ms(number), proposer: key(proposer) };
    begin_block(&pre.to_digest());
    Timestamp::set(RuntimeOrigin::none(), pre.time_ms).unwrap();
    calls();
    AllPalletsWithSystem::on_finalize(number);
    ValidatorsPallet::do_try_state().unwrap();
    let header = System::finalize();
    assert_eq!(HeaderDigest::of(&header).unwrap().pre, pre);
    header
}
