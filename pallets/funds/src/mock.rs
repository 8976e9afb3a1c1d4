//! A runtime with all that could move money, and a cast of organisations.

use crate::{self as pallet_funds, BudgetCode, Commitment, Fen, Holder, Part, ProgrammeId, TagId};
use core::time::Duration;
use frame_support::{
    PalletId, assert_ok, construct_runtime, derive_impl, parameter_types,
    traits::{ConstU32, ConstU128, UnixTime},
};
use frame_system::EnsureRoot;
use pallet_participants::{
    GenesisAgent, GenesisCapacity, GenesisOrganisation, OrganisationId, RegionCode, Role, genesis,
    identifiers::uscc_check_character,
};
use sp_runtime::{AccountId32, BuildStorage, traits::IdentityLookup};

pub(crate) type AccountId = AccountId32;

construct_runtime!(
    pub enum Test {
        System: frame_system = 0,
        Balances: pallet_balances = 2,
        Utility: pallet_utility = 3,
        Multisig: pallet_multisig = 4,
        Participants: pallet_participants = 10,
        Settlement: pallet_settlement = 12,
        Funds: pallet_funds = 30,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlock<Test>;
    type AccountId = AccountId;
    type Lookup = IdentityLookup<AccountId>;
    type AccountData = pallet_balances::AccountData<Fen>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = Fen;
    type ExistentialDeposit = ConstU128<1>;
    type RuntimeHoldReason = RuntimeHoldReason;
}

impl pallet_utility::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = ();
}

impl pallet_multisig::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = ConstU128<0>;
    type DepositFactor = ConstU128<0>;
    type MaxSignatories = ConstU32<5>;
    type WeightInfo = ();
    type BlockNumberProvider = System;
}

/// The block's time: 2026-01-01 00:00 China Standard Time.
pub struct Clock;

impl UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_secs(1_767_196_800)
    }
}

impl pallet_participants::Config for Test {
    type WeightInfo = ();
    type GovernanceOrigin = EnsureRoot<AccountId>;
    type Time = Clock;
    type OnKeyReplaced = Settlement;
    type AgentsMax = ConstU32<10>;
    type CapacitiesMax = ConstU32<4>;
    type DefaultDailyQuota = ConstU32<1_000>;
}

impl pallet_settlement::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currency = Balances;
    type Authority = Participants;
    type GovernanceOrigin = EnsureRoot<AccountId>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Cast;
}

parameter_types! {
    /// What the accounts of tags are derived from.
    pub const FundsId: PalletId = PalletId(*b"ecofunds");
}

impl crate::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currency = Balances;
    type Authority = Participants;
    type PalletId = FundsId;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Cast;
}

/// Finance department of the province: source of the money.
pub(crate) const PROVINCE: OrganisationId = 0;
/// Finance department of a county.
pub(crate) const COUNTY: OrganisationId = 1;
/// Finance office of a township.
pub(crate) const TOWNSHIP: OrganisationId = 2;
/// A village.
pub(crate) const VILLAGE: OrganisationId = 3;
/// Another village.
pub(crate) const HAMLET: OrganisationId = 4;
/// Audit office.
pub(crate) const AUDIT: OrganisationId = 5;
/// A settlement institution.
pub(crate) const BANK: OrganisationId = 6;
/// Government of another county, with no part in the programme.
pub(crate) const OUTSIDE: OrganisationId = 7;
/// What the cast's organisations may do, in order of their numbers.
const ROLES: [Role; 8] = [
    Role::Treasury,
    Role::Treasury,
    Role::Treasury,
    Role::TraceNode,
    Role::TraceNode,
    Role::Auditor,
    Role::Clearing,
    Role::GovParty,
];

/// Agent `nth` of an organisation; 0 and 1 are registered from the start.
pub(crate) fn agent(organisation: OrganisationId, nth: u8) -> AccountId {
    let number = u8::try_from(organisation).unwrap();
    AccountId::new([0x10 + number * 8 + nth; 32])
}

pub(crate) fn signed(organisation: OrganisationId) -> RuntimeOrigin {
    RuntimeOrigin::signed(agent(organisation, 0))
}

pub(crate) fn held_by(organisation: OrganisationId) -> Holder {
    Holder::Organisation(organisation)
}

/// The programme under test.
pub(crate) const PROGRAMME: ProgrammeId = 0;
/// Its purposes: the first has money, the second has none.
pub(crate) const FOREST: TagId = 1;
/// See [`FOREST`].
pub(crate) const WATER: TagId = 2;
/// Free money of the province at the start.
pub(crate) const BUDGET_FEN: Fen = 1_000_000;
/// Ceiling of each purpose.
pub(crate) const CEILING_FEN: Fen = 600_000;
/// Any commitment.
pub(crate) const DOCUMENT: Commitment = [7; 32];

pub(crate) fn code(text: &str) -> BudgetCode {
    text.as_bytes().to_vec().try_into().unwrap()
}

/// A valid code for each number.
fn uscc(n: u32) -> String {
    let body = format!("11331100{n:09}");
    let bytes: [u8; 17] = body.as_bytes().try_into().unwrap();
    format!("{body}{}", char::from(uscc_check_character(&bytes).unwrap()))
}

/// The cast in block 1, with no programme.
pub(crate) fn cast() -> sp_io::TestExternalities {
    let organisations = (0..).zip(ROLES).map(|(id, role)| GenesisOrganisation {
        uscc: uscc(id),
        name: format!("organisation {id}"),
        region: RegionCode(331_127),
        gln: None,
        did: None,
        agents: vec![
            GenesisAgent::with_all_powers(agent(id, 0)),
            GenesisAgent::with_all_powers(agent(id, 1)),
        ],
        capacities: vec![GenesisCapacity::unlimited(role, RegionCode::COUNTRY)],
        daily_quota: None,
    });
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: vec![(agent(PROVINCE, 0), BUDGET_FEN)],
            ..Default::default()
        },
        participants: pallet_participants::GenesisConfig {
            organisations: organisations.collect(),
            grant_rules: genesis::suggested_grant_rules(),
            registrar_roles: genesis::suggested_registrar_roles(),
            conflicts: genesis::suggested_conflicts(),
            daily_quota: None,
        },
        settlement: pallet_settlement::GenesisConfig {
            institutions: vec![pallet_settlement::GenesisInstitution {
                organisation: BANK,
                ceiling_fen: BUDGET_FEN,
            }],
            ..Default::default()
        },
        ..Default::default()
    };
    let mut ext: sp_io::TestExternalities = genesis.build_storage().unwrap().into();
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs `test` with a programme of the province, its tags and parts; then checks what must always
/// hold.
pub(crate) fn execute(test: impl FnOnce()) {
    cast().execute_with(|| {
        assert_ok!(Funds::open_programme(signed(PROVINCE), code("2110602")));
        for tag in [FOREST, WATER] {
            assert_ok!(Funds::open_tag(
                signed(PROVINCE),
                PROGRAMME,
                tag,
                code("2110602"),
                CEILING_FEN
            ));
        }
        for (organisation, part) in [
            (COUNTY, Part::Intermediary),
            (TOWNSHIP, Part::Intermediary),
            (VILLAGE, Part::Payee),
            (HAMLET, Part::Payee),
        ] {
            assert_ok!(Funds::set_part(signed(PROVINCE), PROGRAMME, organisation, Some(part)));
        }
        test();
        Funds::do_try_state().unwrap();
    });
}

/// Who acts in benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct Cast;

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<AccountId> for Cast {
    fn office(nth: u32) -> (AccountId, OrganisationId) {
        (agent(nth, 0), nth)
    }

    fn payee() -> (AccountId, OrganisationId) {
        (agent(VILLAGE, 0), VILLAGE)
    }

    fn auditor() -> AccountId {
        agent(AUDIT, 0)
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_settlement::benchmarking::BenchmarkHelper<AccountId> for Cast {
    fn institution() -> (AccountId, OrganisationId) {
        (agent(BANK, 0), BANK)
    }

    fn holder() -> AccountId {
        agent(VILLAGE, 0)
    }
}

/// The state that benchmarks start from.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn benchmark_ext() -> sp_io::TestExternalities {
    cast()
}
