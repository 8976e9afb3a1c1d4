//! A runtime with this pallet and balances, and a cast of organisations.

use crate::{
    self as pallet_participants, Did, GenesisAgent, GenesisCapacity, GenesisConfig,
    GenesisOrganisation, Grant, LegalName, MoveFunds, OrganisationId, Pallet, RegionCode,
    Registration, Role, Seconds, Subject, Subjects, Uscc, genesis, identifiers,
};
use core::time::Duration;
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU32, ConstU128, UnixTime, VariantCountOf},
};
use frame_system::EnsureRoot;
use sp_runtime::{AccountId32, BuildStorage, traits::IdentityLookup};

pub(crate) type AccountId = AccountId32;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Participants: pallet_participants,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<u128>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = u128;
    type ExistentialDeposit = ConstU128<1>;
    type RuntimeHoldReason = HoldReason;
    type MaxFreezes = VariantCountOf<()>;
}

/// Why money is held in tests.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    codec::Encode,
    codec::Decode,
    codec::DecodeWithMemTracking,
    codec::MaxEncodedLen,
    scale_info::TypeInfo,
)]
pub enum HoldReason {
    /// The only reason.
    Purpose,
}

impl frame_support::traits::VariantCount for HoldReason {
    const VARIANT_COUNT: u32 = 1;
}

parameter_types! {
    /// The block's time in seconds.
    pub static Now: Seconds = START;
}

/// The block's time.
pub struct Clock;

impl UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_secs(Now::get())
    }
}

impl pallet_participants::Config for Test {
    type WeightInfo = ();
    type GovernanceOrigin = EnsureRoot<AccountId>;
    type Time = Clock;
    type OnKeyReplaced = MoveFunds<Balances>;
    type AgentsMax = ConstU32<4>;
    type CapacitiesMax = ConstU32<3>;
    type DefaultDailyQuota = ConstU32<5>;
}

/// 2026-01-01 00:00 China Standard Time.
pub(crate) const START: Seconds = 1_767_196_800;
/// A day in seconds.
pub(crate) const DAY: Seconds = 86_400;
/// When the capacities of the certification authority end.
pub(crate) const CNCA_END: Seconds = START + 1_000 * DAY;

/// Zhejiang, Lishui in it, Suichang in Lishui, and Anhui.
pub(crate) const ZHEJIANG: RegionCode = RegionCode(330_000);
pub(crate) const LISHUI: RegionCode = RegionCode(331_100);
pub(crate) const SUICHANG: RegionCode = RegionCode(331_123);
pub(crate) const ANHUI: RegionCode = RegionCode(340_000);

/// Market supervision of the country.
pub(crate) const SAMR: OrganisationId = 0;
/// Certification administration of the country, for two subjects or all.
pub(crate) const CNCA: OrganisationId = 1;
/// A tea co-operative in Lishui.
pub(crate) const FARM: OrganisationId = 2;
/// The number that the next organisation gets.
pub(crate) const NEXT: OrganisationId = 3;

pub(crate) const FARM_GLN: &str = "9506000134352";
pub(crate) const OTHER_GLN: &[u8; 13] = b"4012345000009";
pub(crate) const FARM_DID: &str = "did:web:farm.example";

pub(crate) fn account(n: u8) -> AccountId {
    AccountId::new([n; 32])
}

/// Full agent of [`SAMR`].
pub(crate) fn samr() -> AccountId {
    account(0x11)
}

/// Full agent of [`CNCA`].
pub(crate) fn cnca() -> AccountId {
    account(0x21)
}

/// Administrator of [`FARM`].
pub(crate) fn farmer() -> AccountId {
    account(0x31)
}

/// Agent of [`FARM`] with no power but `TraceNode`.
pub(crate) fn clerk() -> AccountId {
    account(0x32)
}

/// An account that is no agent.
pub(crate) fn stranger() -> AccountId {
    account(0x99)
}

pub(crate) fn root() -> RuntimeOrigin {
    RuntimeOrigin::root()
}

pub(crate) fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// A valid code for each number.
pub(crate) fn uscc(n: u32) -> Uscc {
    let mut code = [0; 18];
    code[..17].copy_from_slice(format!("91331100{n:09}").as_bytes());
    let body: [u8; 17] = code[..17].try_into().unwrap();
    code[17] = identifiers::uscc_check_character(&body).unwrap();
    code
}

pub(crate) fn name(text: &str) -> LegalName {
    LegalName::try_from(text.as_bytes().to_vec()).unwrap()
}

pub(crate) fn did(text: &str) -> Did {
    Did::try_from(text.as_bytes().to_vec()).unwrap()
}

pub(crate) fn subject(text: &str) -> Subject {
    Subject::try_from(text.as_bytes().to_vec()).unwrap()
}

pub(crate) fn subjects(texts: &[&str]) -> Subjects {
    Subjects::try_from(texts.iter().map(|text| subject(text)).collect::<Vec<_>>()).unwrap()
}

/// Particulars of an organisation in Lishui that is not registered yet.
pub(crate) fn registration() -> Registration {
    Registration {
        uscc: uscc(100),
        name: name("遂昌茶厂"),
        region: LISHUI,
        gln: Some(*OTHER_GLN),
        did: Some(did("did:web:new.example")),
    }
}

/// A grant to the farm in Lishui for all subjects, from now for a year.
pub(crate) fn grant(role: Role) -> Grant {
    Grant {
        organisation: FARM,
        role,
        region: LISHUI,
        subjects: subjects(&[]),
        valid_from: Now::get(),
        valid_until: Some(Now::get() + 365 * DAY),
    }
}

fn text(code: &[u8]) -> String {
    String::from_utf8(code.to_vec()).unwrap()
}

pub(crate) fn organisation(
    n: u32,
    region: RegionCode,
    agent: AccountId,
    capacities: Vec<GenesisCapacity>,
) -> GenesisOrganisation<AccountId> {
    GenesisOrganisation {
        uscc: text(&uscc(n)),
        name: format!("organisation {n}"),
        region,
        gln: None,
        did: None,
        agents: vec![GenesisAgent::with_all_powers(agent)],
        capacities,
        daily_quota: None,
    }
}

pub(crate) fn genesis_config() -> GenesisConfig<Test> {
    let clerk = GenesisAgent {
        account: clerk(),
        administer: false,
        register: false,
        roles: Some(vec![Role::TraceNode]),
    };
    let mut farm = organisation(
        2,
        LISHUI,
        farmer(),
        vec![GenesisCapacity {
            subjects: vec!["tea".into(), "rice".into()],
            ..GenesisCapacity::unlimited(Role::TraceNode, LISHUI)
        }],
    );
    farm.gln = Some(FARM_GLN.into());
    farm.did = Some(FARM_DID.into());
    farm.agents.push(clerk);
    let of_cnca = GenesisCapacity {
        valid_until: Some(CNCA_END),
        ..GenesisCapacity::unlimited(Role::Cnca, RegionCode::COUNTRY)
    };
    let of_samr = GenesisCapacity::unlimited(Role::Samr, RegionCode::COUNTRY);
    GenesisConfig {
        organisations: vec![
            organisation(0, RegionCode::COUNTRY, samr(), vec![of_samr]),
            organisation(1, RegionCode::COUNTRY, cnca(), vec![of_cnca]),
            farm,
        ],
        grant_rules: genesis::suggested_grant_rules(),
        registrar_roles: genesis::suggested_registrar_roles(),
        conflicts: genesis::suggested_conflicts(),
        daily_quota: None,
    }
}

/// Externalities of block 1 after `genesis`.
pub(crate) fn externalities(genesis: GenesisConfig<Test>) -> sp_io::TestExternalities {
    let genesis = RuntimeGenesisConfig { participants: genesis, ..Default::default() };
    let storage = genesis.build_storage().unwrap();
    let mut externalities = sp_io::TestExternalities::from(storage);
    externalities.execute_with(|| {
        System::set_block_number(1);
        Now::set(START);
    });
    externalities
}

/// Runs a test on the cast, then checks what must always hold.
pub(crate) fn execute(test: impl FnOnce()) {
    externalities(genesis_config()).execute_with(|| {
        Pallet::<Test>::do_try_state().expect("the genesis state is sound");
        test();
        Pallet::<Test>::do_try_state().expect("the state is sound after the test");
    });
}

/// Asserts that `event` was the last one.
pub(crate) fn assert_last(event: crate::Event<Test>) {
    System::assert_last_event(event.into());
}

/// Externalities in which benchmarks run as tests: no organisation exists.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn benchmark_externalities() -> sp_io::TestExternalities {
    externalities(GenesisConfig::default())
}
