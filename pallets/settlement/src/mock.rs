//! A runtime with money, and organisations as the tests want them.

use crate as pallet_settlement;
use crate::{Commitment, ExternalReference, Fen, GenesisInstitution};
use frame_support::{
    construct_runtime, derive_impl, parameter_types,
    traits::{ConstU128, OnFinalize, OnInitialize},
};
use frame_system::{EnsureRoot, mocking::MockBlock};
use pallet_participants::authority::{
    Authority, OrganisationId, OrganisationSummary, RegionCode, Role,
};
use sp_runtime::{BuildStorage, DispatchError};
use std::collections::BTreeSet;

/// An account of the tests.
pub(crate) type Account = u64;

construct_runtime!(
    pub enum Test {
        System: frame_system = 0,
        Balances: pallet_balances = 2,
        Settlement: pallet_settlement = 12,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = MockBlock<Test>;
    type AccountData = pallet_balances::AccountData<Fen>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Fen;
    type ExistentialDeposit = ConstU128<1>;
    type AccountStore = System;
}

impl crate::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currency = Balances;
    type Authority = Organisations;
    type GovernanceOrigin = EnsureRoot<Account>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Organisations;
}

/// A settlement institution: accounts 10 to 19 are its agents.
pub(crate) const BANK: OrganisationId = 1;
/// Another settlement institution: accounts 20 to 29 are its agents.
pub(crate) const OTHER_BANK: OrganisationId = 2;
/// A tea company: accounts 30 to 39 are its agents.
pub(crate) const TEA: OrganisationId = 3;
/// Organisations are numbered 1 to this.
const ORGANISATIONS_MAX: OrganisationId = 4;

/// An agent of [`BANK`].
pub(crate) const BANKER: Account = 10;
/// An agent of [`OTHER_BANK`].
pub(crate) const OTHER_BANKER: Account = 20;
/// An agent of [`TEA`].
pub(crate) const HOLDER: Account = 30;
/// Another agent of [`TEA`].
pub(crate) const OTHER_HOLDER: Account = 31;
/// An account of nobody.
pub(crate) const STRANGER: Account = 999;

parameter_types! {
    /// Organisations that hold the role of settlement institution.
    pub static Clearing: BTreeSet<OrganisationId> = BTreeSet::from([BANK, OTHER_BANK]);
    /// Organisations that are suspended.
    pub static Suspended: BTreeSet<OrganisationId> = BTreeSet::new();
}

/// The refusal of an account that acts for nobody.
pub(crate) const UNKNOWN_AGENT: DispatchError = DispatchError::Other("unknown agent");
/// The refusal of an agent whose organisation has not the role.
pub(crate) const NO_CAPACITY: DispatchError = DispatchError::Other("no capacity");

/// Knows accounts by their tens: 10 to 19 act for organisation 1, and so on.
pub struct Organisations;

impl Authority<Account> for Organisations {
    fn organisation_of(agent: &Account) -> Result<OrganisationId, DispatchError> {
        OrganisationId::try_from(agent / 10)
            .ok()
            .filter(|id| (1..=ORGANISATIONS_MAX).contains(id) && !Suspended::get().contains(id))
            .ok_or(UNKNOWN_AGENT)
    }

    fn first_key(agent: &Account) -> Account {
        *agent
    }

    fn ensure_role(
        agent: &Account,
        role: Role,
        _region: Option<RegionCode>,
        _subject: Option<&[u8]>,
    ) -> Result<OrganisationId, DispatchError> {
        let id = Self::organisation_of(agent)?;
        if Self::holds_role(id, role) { Ok(id) } else { Err(NO_CAPACITY) }
    }

    fn organisation(id: OrganisationId) -> Option<OrganisationSummary> {
        (1..=ORGANISATIONS_MAX).contains(&id).then(|| OrganisationSummary {
            region: RegionCode::COUNTRY,
            active: !Suspended::get().contains(&id),
            gln: None,
        })
    }

    fn holds_role(id: OrganisationId, role: Role) -> bool {
        role == Role::Clearing && Clearing::get().contains(&id) && !Suspended::get().contains(&id)
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<Account> for Organisations {
    fn institution() -> (Account, OrganisationId) {
        (BANKER, BANK)
    }

    fn holder() -> Account {
        HOLDER
    }
}

/// Any commitment.
pub(crate) const COMMITMENT: Commitment = [7; 32];

/// A reference.
pub(crate) fn reference(text: &str) -> ExternalReference {
    text.as_bytes().to_vec().try_into().unwrap()
}

/// Builds the state that a test starts from.
#[derive(Default)]
pub(crate) struct ExtBuilder {
    /// Money of accounts from the start.
    pub(crate) balances: Vec<(Account, Fen)>,
    /// Institutions of the genesis.
    pub(crate) institutions: Vec<GenesisInstitution>,
}

impl ExtBuilder {
    /// [`BANK`] and [`OTHER_BANK`] with a ceiling of 1,000 fen each, and no money.
    pub(crate) fn with_banks() -> Self {
        let institutions = [BANK, OTHER_BANK]
            .map(|organisation| GenesisInstitution { organisation, ceiling_fen: 1_000 })
            .to_vec();
        Self { institutions, ..Default::default() }
    }

    /// The state in block 1. Every agent has a provider, as participants gives it.
    pub(crate) fn build(self) -> sp_io::TestExternalities {
        Clearing::set([BANK, OTHER_BANK].into());
        Suspended::set(BTreeSet::new());
        let genesis = RuntimeGenesisConfig {
            balances: pallet_balances::GenesisConfig {
                balances: self.balances,
                ..Default::default()
            },
            settlement: crate::GenesisConfig {
                institutions: self.institutions,
                ..Default::default()
            },
            ..Default::default()
        };
        let mut ext: sp_io::TestExternalities = genesis.build_storage().unwrap().into();
        ext.execute_with(|| {
            for agent in [BANKER, OTHER_BANKER, HOLDER, OTHER_HOLDER] {
                System::inc_providers(&agent);
            }
            next_block();
        });
        ext
    }

    /// Runs `test` in block 1, then checks what must always hold.
    pub(crate) fn build_and_execute(self, test: impl FnOnce()) {
        self.build().execute_with(|| {
            test();
            Settlement::do_try_state().unwrap();
        });
    }
}

/// Ends the current block and begins the next.
pub(crate) fn next_block() {
    let number = System::block_number();
    AllPalletsWithSystem::on_finalize(number);
    System::set_block_number(number + 1);
    AllPalletsWithSystem::on_initialize(number + 1);
}

/// The state that benchmarks start from.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn benchmark_ext() -> sp_io::TestExternalities {
    ExtBuilder::with_banks().build()
}
