//! A runtime with the real funds and balances, and organisations as the tests want them.

use crate::{
    self as pallet_compensation, AgreementRules, AgreementTerms, Commitment, Component,
    ComponentKind, CountyData, FactorRule, FactorValue, Fen, Form, Formula, Indicator,
    IndicatorRule, MicrogramsPerLitre, NewPolicy, PolicyId, Quantity, Reading, Section,
    SourceRecord, Step, Unit,
};
use core::time::Duration;
use frame_support::{
    PalletId, assert_ok, construct_runtime, derive_impl, parameter_types,
    traits::{ConstU128, UnixTime},
};
use frame_system::EnsureRoot;
use pallet_calendar::{CivilDate, Moment, Term};
use pallet_funds::BudgetCode;
use pallet_participants::authority::{
    Authority, OrganisationId, OrganisationSummary, RegionCode, Role,
};
use sp_runtime::{AccountId32, BuildStorage, DispatchError, traits::IdentityLookup};
use std::collections::BTreeSet;

pub(crate) type AccountId = AccountId32;

construct_runtime!(
    pub enum Test {
        System: frame_system = 0,
        Balances: pallet_balances = 2,
        Funds: pallet_funds = 30,
        Compensation: pallet_compensation = 31,
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

parameter_types! {
    /// What the accounts of tags are derived from.
    pub const FundsId: PalletId = PalletId(*b"ecofunds");
    /// The block's time in Unix time in milliseconds.
    pub static Now: Moment = 0;
    /// Organisations that are suspended.
    pub static Suspended: BTreeSet<OrganisationId> = BTreeSet::new();
}

impl pallet_funds::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currency = Balances;
    type Authority = Cast;
    type PalletId = FundsId;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Cast;
}

impl crate::Config for Test {
    type Time = Clock;
    type Authority = Cast;
    // Mondays to Fridays are worked.
    type Calendar = ();
    type Funds = Funds;
    type GovernanceOrigin = EnsureRoot<AccountId>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Cast;
}

/// The block's time.
pub struct Clock;

impl UnixTime for Clock {
    fn now() -> Duration {
        Duration::from_millis(Now::get())
    }
}

/// Finance department of a province.
pub(crate) const PROVINCE: OrganisationId = 0;
/// Counties of a policy, by their finance departments.
pub(crate) const COUNTIES: [OrganisationId; 3] = [1, 2, 3];
/// A finance department of another province.
pub(crate) const ELSEWHERE: OrganisationId = 4;
/// A village.
pub(crate) const VILLAGE: OrganisationId = 5;
/// Audit office.
pub(crate) const AUDIT: OrganisationId = 6;
/// Government upstream: Anhui; first party.
pub(crate) const UPSTREAM: OrganisationId = 10;
/// Government downstream: Zhejiang; second party.
pub(crate) const DOWNSTREAM: OrganisationId = 11;
/// Another government: Guizhou.
pub(crate) const THIRD: OrganisationId = 12;
/// Government above all.
pub(crate) const SUPERIOR: OrganisationId = 13;
/// Stations: upstream's, downstream's, the national one, and one of no agreement.
pub(crate) const STATIONS: [OrganisationId; 2] = [20, 21];
/// See [`STATIONS`].
pub(crate) const NATIONAL: OrganisationId = 22;
/// See [`STATIONS`].
pub(crate) const OTHER_STATION: OrganisationId = 23;
/// Organisations are numbered below this; from 100 on they are finance departments.
const ORGANISATIONS: OrganisationId = 400;

/// The refusal of an account that acts for nobody.
pub(crate) const UNKNOWN_AGENT: DispatchError = DispatchError::Other("unknown agent");
/// The refusal of an agent whose organisation has not the role.
pub(crate) const NO_CAPACITY: DispatchError = DispatchError::Other("no capacity");

/// The agent of an organisation.
pub(crate) fn agent(organisation: OrganisationId) -> AccountId {
    let mut key = [7; 32];
    key[..4].copy_from_slice(&organisation.to_be_bytes());
    AccountId::new(key)
}

pub(crate) fn signed(organisation: OrganisationId) -> RuntimeOrigin {
    RuntimeOrigin::signed(agent(organisation))
}

/// Knows organisations by their agents' keys, and their roles by their numbers.
pub struct Cast;

impl Authority<AccountId> for Cast {
    fn organisation_of(agent: &AccountId) -> Result<OrganisationId, DispatchError> {
        let key: &[u8; 32] = agent.as_ref();
        let id = OrganisationId::from_be_bytes(key[..4].try_into().unwrap());
        let known = id < ORGANISATIONS && key[4..] == [7; 28];
        if known && !Suspended::get().contains(&id) { Ok(id) } else { Err(UNKNOWN_AGENT) }
    }

    fn first_key(agent: &AccountId) -> AccountId {
        agent.clone()
    }

    fn ensure_role(
        agent: &AccountId,
        role: Role,
        _region: Option<RegionCode>,
        _subject: Option<&[u8]>,
    ) -> Result<OrganisationId, DispatchError> {
        let id = Self::organisation_of(agent)?;
        if Self::holds_role(id, role) { Ok(id) } else { Err(NO_CAPACITY) }
    }

    fn organisation(id: OrganisationId) -> Option<OrganisationSummary> {
        let region = match id {
            UPSTREAM => 340_000,
            THIRD => 520_000,
            SUPERIOR => 0,
            _ => 330_000,
        };
        let active = !Suspended::get().contains(&id);
        (id < ORGANISATIONS).then_some(OrganisationSummary {
            region: RegionCode(region),
            active,
            gln: None,
        })
    }

    fn holds_role(id: OrganisationId, role: Role) -> bool {
        let own = match id {
            PROVINCE..=ELSEWHERE | 100.. => Role::Treasury,
            AUDIT => Role::Auditor,
            UPSTREAM..=SUPERIOR => Role::GovParty,
            20..=OTHER_STATION => Role::MonitorStation,
            _ => Role::TraceNode,
        };
        role == own && id < ORGANISATIONS && !Suspended::get().contains(&id)
    }
}

/// Any commitment.
pub(crate) const DOCUMENT: Commitment = [7; 32];
/// Free money of the province and of each government at the start: 100,000 million yuan.
pub(crate) const BUDGET_FEN: Fen = 10_000_000_000_000;
/// A million yuan, in fen.
pub(crate) const MILLION_YUAN: Fen = 100_000_000;

pub(crate) fn code(text: &str) -> BudgetCode {
    text.as_bytes().to_vec().try_into().unwrap()
}

/// First millisecond of a day.
pub(crate) fn day(year: u16, month: u8, day: u8) -> Moment {
    CivilDate::from_ymd(year, month, day).unwrap().start()
}

/// Runs `test` on 2026-03-02, a Monday, then checks what must always hold.
pub(crate) fn execute(test: impl FnOnce()) {
    let rich = [PROVINCE, UPSTREAM, DOWNSTREAM, THIRD];
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: rich.map(|id| (agent(id), BUDGET_FEN)).to_vec(),
            ..Default::default()
        },
        ..Default::default()
    };
    let mut ext: sp_io::TestExternalities = genesis.build_storage().unwrap().into();
    ext.execute_with(|| {
        System::set_block_number(1);
        Now::set(day(2026, 3, 2));
        Suspended::set(BTreeSet::new());
        test();
        Compensation::do_try_state().unwrap();
        Funds::do_check();
    });
}

/// The state checks of the funds, through their hook.
trait Check {
    fn do_check();
}

impl Check for Funds {
    fn do_check() {
        #[cfg(feature = "try-runtime")]
        <Self as frame_support::traits::Hooks<u64>>::try_state(1).unwrap();
    }
}

/// The policy under test.
pub(crate) const POLICY: PolicyId = 0;

/// A factor by area and one by persons.
pub(crate) fn factors(weights_ppb: [u64; 2]) -> Form {
    let [area, persons] = weights_ppb;
    Form::Weighted(
        vec![
            FactorRule { factor: 1, unit: Unit::AreaUnits, weight_ppb: area },
            FactorRule { factor: 2, unit: Unit::Persons, weight_ppb: persons },
        ]
        .try_into()
        .unwrap(),
    )
}

/// A pool of 1,000,000 fen by two factors and one of 500,001 fen by gap, over [`COUNTIES`].
pub(crate) fn new_policy() -> NewPolicy {
    let component = |kind, pool_fen, form| Component { kind, pool_fen, form };
    NewPolicy {
        year: 2026,
        code: code("2300226"),
        text: [1; 32],
        components: vec![
            component(ComponentKind::Key, 1_000_000, factors([600_000_000, 400_000_000])),
            component(ComponentKind::Guiding, 500_001, Form::Gap { negative_is_zero: true }),
        ]
        .try_into()
        .unwrap(),
        counties: COUNTIES.to_vec().try_into().unwrap(),
        remit_term: Term::working(30),
    }
}

pub(crate) fn value(quantity: Quantity) -> FactorValue {
    let source = SourceRecord { record: 9, hash: [2; 32], published_at: day(2026, 1, 5) };
    FactorValue { quantity, source }
}

pub(crate) fn data(values: &[Quantity]) -> CountyData {
    CountyData {
        coefficient_ppb: crate::exact::ONE_PPB,
        floor_fen: 0,
        cap_fen: None,
        values: values.iter().map(|it| value(*it)).collect::<Vec<_>>().try_into().unwrap(),
    }
}

/// Creates the policy and submits data of all counties.
pub(crate) fn with_data() {
    assert_ok!(Compensation::create_policy(signed(PROVINCE), new_policy()));
    for (n, county) in (1u128..).zip(COUNTIES) {
        let by_factors = data(&[Quantity::AreaUnits(n * 100), Quantity::Persons(70 - n * 10)]);
        let by_gap = data(&[Quantity::Fen(1_000 * n), Quantity::Fen(900)]);
        for (component, data) in (0..).zip([by_factors, by_gap]) {
            assert_ok!(Compensation::submit_county(
                signed(PROVINCE),
                POLICY,
                component,
                county,
                data
            ));
        }
    }
}

/// The same, frozen, computed and published.
pub(crate) fn with_shares() {
    with_data();
    assert_ok!(Compensation::freeze_factors(signed(PROVINCE), POLICY));
    assert_ok!(Compensation::compute_shares(signed(PROVINCE), POLICY));
    assert_ok!(Compensation::publish_shares(signed(PROVINCE), POLICY));
}

/// Limits of classes I to V of the permanganate index (GB 3838-2002), in µg/L.
pub(crate) const PERMANGANATE: [u64; 5] = [2_000, 4_000, 6_000, 10_000, 15_000];

pub(crate) fn micrograms(values: &[u64]) -> Reading {
    values.iter().map(|it| MicrogramsPerLitre(*it)).collect::<Vec<_>>().try_into().unwrap()
}

/// An indicator without limits of classes.
pub(crate) fn indicator(indicator: Indicator, base: u64, weight_ppb: u64) -> IndicatorRule {
    IndicatorRule { indicator, base: MicrogramsPerLitre(base), weight_ppb, class_limits: None }
}

/// A section between the first two parties.
pub(crate) fn section(indicators: Vec<IndicatorRule>) -> Section {
    Section {
        upstream: 0,
        downstream: 1,
        stations: STATIONS,
        indicators: indicators.try_into().unwrap(),
    }
}

/// Four indicators with equal weights and a base of 1,000 µg/L each.
pub(crate) fn four_indicators() -> Vec<IndicatorRule> {
    [
        Indicator::PermanganateIndex,
        Indicator::AmmoniaNitrogen,
        Indicator::TotalPhosphorus,
        Indicator::TotalNitrogen,
    ]
    .map(|it| indicator(it, 1_000, 250_000_000))
    .to_vec()
}

/// Two steps: up to 1.0 downstream pays upstream 100 million yuan, above it the other way round.
pub(crate) fn ladder() -> Formula {
    let step =
        |up_to_ppb, payer, payee| Step { up_to_ppb, payer, payee, amount_fen: 100 * MILLION_YUAN };
    Formula::WeightedIndex {
        section: 0,
        k0_ppb: 850_000_000,
        steps: vec![step(1_000_000_000, 1, 0), step(u64::MAX, 0, 1)].try_into().unwrap(),
    }
}

/// Rules from 2025 on: a month may be missing, halves may differ by 10 %.
pub(crate) fn rules(sections: Vec<Section>, formula: Formula) -> AgreementRules {
    AgreementRules {
        from_year: 2025,
        sections: sections.try_into().unwrap(),
        missing_months_max: 1,
        tolerance_ppb: 100_000_000,
        incident_fails: true,
        disaster_exempts: true,
        formula,
    }
}

/// Terms of 2025 to 2027 between some parties, with a cap of 1,000 million yuan.
pub(crate) fn terms(parties: &[OrganisationId]) -> AgreementTerms {
    AgreementTerms {
        parties: parties.to_vec().try_into().unwrap(),
        superior: SUPERIOR,
        national_station: NATIONAL,
        first_year: 2025,
        last_year: 2027,
        cap_fen: 1_000 * MILLION_YUAN,
        pay_term: Term::calendar(30),
        code: code("2110602"),
        text: [3; 32],
    }
}

/// Has an agreement between some parties signed by all; returns its number.
pub(crate) fn sign(parties: &[OrganisationId], rules: AgreementRules) -> u32 {
    let id = crate::NextAgreementId::<Test>::get();
    assert_ok!(Compensation::propose_agreement(signed(parties[0]), terms(parties), rules));
    let hash = Compensation::pending_rules(id).unwrap().hash;
    for party in &parties[1..] {
        assert_ok!(Compensation::sign_rules(signed(*party), id, hash));
    }
    id
}

/// The agreement of [`ladder`] between [`UPSTREAM`] and [`DOWNSTREAM`].
pub(crate) fn with_agreement() -> u32 {
    sign(&[UPSTREAM, DOWNSTREAM], rules(vec![section(four_indicators())], ladder()))
}

/// Both halves of a month, equal.
pub(crate) fn sample(id: u32, year: u16, section: u8, month: u8, values: &[u64]) {
    for station in STATIONS {
        assert_ok!(Compensation::submit_sample(
            signed(station),
            id,
            year,
            section,
            month,
            micrograms(values),
            DOCUMENT
        ));
    }
}

/// Twelve equal months.
pub(crate) fn sample_year(id: u32, year: u16, section: u8, values: &[u64]) {
    for month in 1..=12 {
        sample(id, year, section, month, values);
    }
}

/// Confirms the settlement of a year by all of some parties.
pub(crate) fn confirm(id: u32, year: u16, parties: &[OrganisationId]) {
    let hash = Compensation::settlement(id, year).unwrap().results_hash;
    for party in parties {
        assert_ok!(Compensation::confirm_settlement(signed(*party), id, year, hash));
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::benchmarking::BenchmarkHelper<AccountId> for Cast {
    fn prepare() {}

    fn finance(nth: u32) -> (AccountId, OrganisationId) {
        (agent(100 + nth), 100 + nth)
    }

    fn government(nth: u32) -> (AccountId, OrganisationId) {
        let id = UPSTREAM + nth;
        (agent(id), id)
    }

    fn superior() -> (AccountId, OrganisationId) {
        (agent(SUPERIOR), SUPERIOR)
    }

    fn station(nth: u32) -> (AccountId, OrganisationId) {
        (agent(20 + nth), 20 + nth)
    }

    fn auditor() -> AccountId {
        agent(AUDIT)
    }

    fn payee() -> (AccountId, OrganisationId) {
        (agent(VILLAGE), VILLAGE)
    }

    fn endow(who: &AccountId, amount_fen: Fen) {
        use frame_support::traits::fungible::Mutate;
        Balances::set_balance(who, amount_fen);
    }

    fn pay(programme: u32, tag: u32, by: &AccountId, to: &AccountId, amount_fen: Fen) {
        let by = RuntimeOrigin::signed(by.clone());
        let payee = Cast::organisation_of(to).unwrap();
        let part = Some(pallet_funds::Part::Payee);
        Funds::set_part(by.clone(), programme, payee, part).unwrap();
        Funds::pay(by, programme, tag, to.clone(), amount_fen, DOCUMENT).unwrap();
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl pallet_funds::benchmarking::BenchmarkHelper<AccountId> for Cast {
    fn office(nth: u32) -> (AccountId, OrganisationId) {
        (agent(100 + nth), 100 + nth)
    }

    fn payee() -> (AccountId, OrganisationId) {
        (agent(VILLAGE), VILLAGE)
    }

    fn auditor() -> AccountId {
        agent(AUDIT)
    }
}

/// The state that benchmarks start from.
#[cfg(feature = "runtime-benchmarks")]
pub(crate) fn benchmark_ext() -> sp_io::TestExternalities {
    let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
    let mut ext: sp_io::TestExternalities = storage.into();
    ext.execute_with(|| {
        System::set_block_number(1);
        Now::set(day(2026, 3, 2));
    });
    ext
}
