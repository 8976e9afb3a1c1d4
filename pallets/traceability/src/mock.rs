//! A runtime with this pallet, and organisations whose roles are given in a table.

use crate::{self as pallet_traceability, *};
use codec::Encode;
#[cfg(feature = "runtime-benchmarks")]
use frame_benchmarking::BenchmarkError;
use frame_support::{
    derive_impl, ord_parameter_types, parameter_types,
    traits::{Hooks, UnixTime},
    weights::Weight,
};
use frame_system::EnsureSignedBy;
use pallet_participants::{Authority, OrganisationId, OrganisationSummary, RegionCode, Role};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};
use std::{cell::RefCell, collections::BTreeMap, time::Duration};

pub(crate) type AccountId = u64;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Traceability: pallet_traceability,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

/// Garden: owns leaf, has the bases 0 (Lishui) and 1 (Huangshan).
pub(crate) const GARDEN: u32 = 1;
/// Factory: owns tea, dust and tins.
pub(crate) const FACTORY: u32 = 2;
/// Shop.
pub(crate) const SHOP: u32 = 3;
/// Laboratory.
pub(crate) const LAB: u32 = 4;
/// Market supervision for the whole country.
pub(crate) const SAMR: u32 = 5;
/// Market supervision for Huangshan only.
pub(crate) const SAMR_HUANGSHAN: u32 = 6;
/// Agricultural authority.
pub(crate) const AGRI: u32 = 7;
/// Trace node that is suspended.
pub(crate) const SUSPENDED: u32 = 8;
/// Trace node for Huangshan only.
pub(crate) const GARDEN_HUANGSHAN: u32 = 9;
/// A laboratory that is also a trace node.
pub(crate) const LAB_NODE: u32 = 10;

/// Account that governs.
pub(crate) const GOVERNOR: AccountId = 99;
/// Account of nobody.
pub(crate) const STRANGER: AccountId = 1_000;

pub(crate) const LISHUI: RegionCode = RegionCode(331_100);
pub(crate) const HUANGSHAN: RegionCode = RegionCode(341_000);

/// The account of an organisation's agent.
pub(crate) fn agent(organisation: u32) -> AccountId {
    AccountId::from(organisation)
}

/// What the mock knows of each organisation: roles with their region, home, activity.
fn roles(id: OrganisationId) -> &'static [(Role, RegionCode)] {
    const COUNTRY: RegionCode = RegionCode::COUNTRY;
    match id {
        GARDEN | FACTORY | SHOP | SUSPENDED => &[(Role::TraceNode, COUNTRY)],
        LAB => &[(Role::Lab, COUNTRY)],
        SAMR => &[(Role::Samr, COUNTRY)],
        SAMR_HUANGSHAN => &[(Role::Samr, HUANGSHAN)],
        AGRI => &[(Role::AgriAuth, COUNTRY)],
        GARDEN_HUANGSHAN => &[(Role::TraceNode, HUANGSHAN)],
        LAB_NODE => &[(Role::Lab, COUNTRY), (Role::TraceNode, COUNTRY)],
        _ => &[],
    }
}

/// Authority by table.
pub struct TableAuthority;

/// What the table says when somebody may not act.
pub(crate) const FORBIDDEN: DispatchError = DispatchError::BadOrigin;

impl Authority<AccountId> for TableAuthority {
    fn organisation_of(agent: &AccountId) -> Result<OrganisationId, DispatchError> {
        let id = u32::try_from(*agent).map_err(|_| FORBIDDEN)?;
        if roles(id).is_empty() || id == SUSPENDED { Err(FORBIDDEN) } else { Ok(id) }
    }

    fn first_key(agent: &AccountId) -> AccountId {
        *agent
    }

    fn ensure_role(
        agent: &AccountId,
        role: Role,
        region: Option<RegionCode>,
        _: Option<&[u8]>,
    ) -> Result<OrganisationId, DispatchError> {
        let id = Self::organisation_of(agent)?;
        roles(id)
            .iter()
            .any(|(held, area)| *held == role && region.is_none_or(|wanted| area.covers(wanted)))
            .then_some(id)
            .ok_or(FORBIDDEN)
    }

    fn organisation(id: OrganisationId) -> Option<OrganisationSummary> {
        let region = if id == GARDEN_HUANGSHAN { HUANGSHAN } else { LISHUI };
        (!roles(id).is_empty()).then_some(OrganisationSummary {
            region,
            active: id != SUSPENDED,
            gln: None,
        })
    }

    fn holds_role(id: OrganisationId, role: Role) -> bool {
        roles(id).iter().any(|(held, _)| *held == role)
    }
}

/// What the mock knows of a certificate.
#[derive(Clone)]
pub(crate) struct MockCertificate {
    pub(crate) scheme: SchemeId,
    pub(crate) holder: OrganisationId,
    pub(crate) gtins: Vec<Gtin>,
    pub(crate) bases: Vec<PlaceId>,
    /// Statuses with the time from which each is in force, ascending.
    pub(crate) statuses: Vec<(Moment, CertificateStatus)>,
}

/// A certificate for little.
pub(crate) const SMALL_CERTIFICATE: CertificateId = 99;
/// Content units that it is for.
pub(crate) const SMALL_QUANTITY: u128 = 5_000_000;
/// What the table says of claims beyond it.
pub(crate) const BEYOND_CERTIFIED: DispatchError = DispatchError::Other("beyond certified");

/// Claims that were counted: certificate, content units, and whether the batch was grown.
pub(crate) fn claims_counted() -> Vec<(CertificateId, u128, bool)> {
    CLAIMS_COUNTED.with_borrow(Clone::clone)
}

/// Certificates by table.
pub struct TableCertificates;

impl TableCertificates {
    /// Puts in a certificate that is valid since a day before the tests start.
    pub(crate) fn issue(
        id: CertificateId,
        scheme: SchemeId,
        holder: OrganisationId,
        gtins: &[&str],
        bases: &[PlaceId],
    ) {
        let certificate = MockCertificate {
            scheme,
            holder,
            gtins: gtins.iter().map(|text| gtin(text)).collect(),
            bases: bases.to_vec(),
            statuses: vec![(START_MS - DAY_MS, CertificateStatus::Valid)],
        };
        CERTIFICATES.with_borrow_mut(|table| table.insert(id, certificate));
    }

    /// Gives a certificate another status from a time on.
    pub(crate) fn set_status(id: CertificateId, since: Moment, status: CertificateStatus) {
        CERTIFICATES.with_borrow_mut(|table| {
            table.get_mut(&id).unwrap().statuses.push((since, status));
        });
    }

    fn get(id: CertificateId) -> Option<MockCertificate> {
        CERTIFICATES.with_borrow(|table| table.get(&id).cloned())
    }
}

impl Certificates for TableCertificates {
    fn status_at(id: CertificateId, at: Moment) -> Option<CertificateStatus> {
        let statuses = Self::get(id)?.statuses;
        statuses.iter().rev().find(|(since, _)| *since <= at).map(|(_, status)| *status)
    }

    fn scheme(id: CertificateId) -> Option<SchemeId> {
        Some(Self::get(id)?.scheme)
    }

    fn covers(id: CertificateId, holder: OrganisationId, gtin: &Gtin, bases: &[PlaceId]) -> bool {
        Self::get(id).is_some_and(|found| {
            found.holder == holder
                && found.gtins.contains(gtin)
                && bases.iter().all(|base| found.bases.contains(base))
        })
    }

    fn count_claim(id: CertificateId, _: &Gtin, quantity: u128, grown: bool) -> DispatchResult {
        if id == SMALL_CERTIFICATE && quantity > SMALL_QUANTITY {
            return Err(BEYOND_CERTIFIED);
        }
        CLAIMS_COUNTED.with_borrow_mut(|counted| counted.push((id, quantity, grown)));
        Ok(())
    }

    fn draw_marks(_: CertificateId, _: OrganisationId, _: &Gtin, _: u128) -> DispatchResult {
        Ok(())
    }

    fn return_marks(_: CertificateId, _: &Gtin, _: u128) -> DispatchResult {
        Ok(())
    }

    fn drawn(_: CertificateId) -> u128 {
        0
    }

    fn drawn_in_all() -> u128 {
        0
    }
}

thread_local! {
    static CERTIFICATES: RefCell<BTreeMap<CertificateId, MockCertificate>> =
        const { RefCell::new(BTreeMap::new()) };
    static CLAIMS_COUNTED: RefCell<Vec<(CertificateId, u128, bool)>> =
        const { RefCell::new(Vec::new()) };
    static NOW_MS: RefCell<u64> = const { RefCell::new(START_MS) };
}

/// Block time at the start of every test: 2026-04-01 in UTC.
pub(crate) const START_MS: u64 = 1_775_001_600_000;
/// A day.
pub(crate) const DAY_MS: u64 = 86_400_000;

/// Block time by thread.
pub struct MockTime;

impl UnixTime for MockTime {
    fn now() -> Duration {
        Duration::from_millis(NOW_MS.with_borrow(|now| *now))
    }
}

/// Lets time pass.
pub(crate) fn pass(ms: u64) {
    NOW_MS.with_borrow_mut(|now| *now += ms);
}

ord_parameter_types! {
    pub const Governor: AccountId = GOVERNOR;
}

parameter_types! {
    pub static StepsPerCall: u32 = 64;
    pub static StepsPerBlock: u32 = 4;
}

impl Config for Test {
    type Time = MockTime;
    type Authority = TableAuthority;
    type Certificates = TableCertificates;
    type GovernanceOrigin = EnsureSignedBy<Governor, AccountId>;
    type RecallStepsPerCall = StepsPerCall;
    type RecallStepsPerBlock = StepsPerBlock;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = TableHelper;
}

/// Gives benchmarks the table's agents.
#[cfg(feature = "runtime-benchmarks")]
pub struct TableHelper;

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<AccountId> for TableHelper {
    fn agent(role: Role, nth: u32) -> (AccountId, OrganisationId) {
        let id = match (role, nth) {
            (Role::TraceNode, 0) => GARDEN,
            (Role::TraceNode, _) => FACTORY,
            (Role::Lab, _) => LAB,
            (Role::Samr, _) => SAMR,
            _ => AGRI,
        };
        (agent(id), id)
    }

    fn certificate(
        holder: OrganisationId,
        gtin: Gtin,
        bases: &[PlaceId],
    ) -> Result<CertificateId, BenchmarkError> {
        let certificate = MockCertificate {
            scheme: 1,
            holder,
            gtins: vec![gtin],
            bases: bases.to_vec(),
            statuses: vec![(0, CertificateStatus::Valid)],
        };
        CERTIFICATES.with_borrow_mut(|table| table.insert(1, certificate));
        Ok(1)
    }
}

/// Bulk tea leaf, in milligrams.
pub(crate) const LEAF: &str = "06901234000016";
/// Bulk tea, in milligrams.
pub(crate) const TEA: &str = "06901234000023";
/// Tea dust, a by-product, in milligrams.
pub(crate) const DUST: &str = "06901234000030";
/// Tin of 100 g of tea.
pub(crate) const TIN: &str = "16901234000020";
/// Spring water, in millilitres, weighed at 1,000 mg.
pub(crate) const WATER: &str = "06901234000047";
/// Tea drink, in millilitres, of unknown density.
pub(crate) const DRINK: &str = "06901234000054";
/// Seedlings, by the piece, without net content.
pub(crate) const SEEDLING: &str = "06901234000061";

/// Farm input with an interval of seven days.
pub(crate) const PESTICIDE: u32 = 1;
/// Farm input without interval.
pub(crate) const MANURE: u32 = 2;

fn product(gtin: &str, owner: u32, base_unit: BaseUnit) -> GenesisProduct {
    GenesisProduct {
        gtin: with_check_digit(gtin),
        owner,
        base_unit,
        net_content: None,
        density_mg_per_ml: None,
        category: 10_000_115,
        licensed: Vec::new(),
    }
}

/// The GS1 key with its last digit corrected.
pub(crate) fn with_check_digit(text: &str) -> String {
    let body = &text[..text.len() - 1];
    (0..10)
        .map(|digit| format!("{body}{digit}"))
        .find(|key| has_valid_check_digit(key.as_bytes()))
        .unwrap()
}

/// The product's GTIN.
pub(crate) fn gtin(text: &str) -> Gtin {
    Gtin::parse(&with_check_digit(text)).unwrap()
}

/// Governed data and master data of the story.
pub(crate) fn story() -> GenesisConfig<Test> {
    let limit = |input: &str, output: &str, max_ppb, by_product| GenesisYield {
        input: with_check_digit(input),
        output: with_check_digit(output),
        max_ppb,
        by_product,
    };
    let place = |region: RegionCode, owner| GenesisPlace {
        owner,
        region: region.0,
        gln: None,
        area_units: 200_000,
    };
    GenesisConfig {
        products: vec![
            product(LEAF, GARDEN, BaseUnit::Milligram),
            product(TEA, FACTORY, BaseUnit::Milligram),
            product(DUST, FACTORY, BaseUnit::Milligram),
            GenesisProduct {
                net_content: Some(GenesisNetContent {
                    unit: BaseUnit::Milligram,
                    quantity: 100_000,
                    of: Some(with_check_digit(TEA)),
                }),
                ..product(TIN, FACTORY, BaseUnit::Each)
            },
            GenesisProduct {
                density_mg_per_ml: Some(1_000),
                ..product(WATER, GARDEN, BaseUnit::Millilitre)
            },
            product(DRINK, FACTORY, BaseUnit::Millilitre),
            product(SEEDLING, GARDEN, BaseUnit::Each),
        ],
        places: vec![
            place(LISHUI, GARDEN),
            place(HUANGSHAN, GARDEN),
            place(HUANGSHAN, GARDEN_HUANGSHAN),
        ],
        yields: vec![
            limit(LEAF, TEA, 250_000_000, false),
            limit(LEAF, DUST, 100_000_000, true),
            limit(TEA, TEA, 1_000_000_000, false),
        ],
        farm_inputs: vec![
            GenesisFarmInput {
                id: PESTICIDE,
                kind: FarmInputKind::Pesticide,
                registration: "PD20080001".into(),
                pre_harvest_days: 7,
            },
            GenesisFarmInput {
                id: MANURE,
                kind: FarmInputKind::Fertiliser,
                registration: "FJ0001".into(),
                pre_harvest_days: 0,
            },
        ],
        ..GenesisConfig::default()
    }
}

/// Externalities with the story's genesis, at block 1.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    let storage = RuntimeGenesisConfig { system: Default::default(), traceability: story() }
        .build_storage()
        .unwrap();
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.execute_with(|| {
        NOW_MS.set(START_MS);
        CERTIFICATES.take();
        StepsPerCall::set(64);
        StepsPerBlock::set(4);
        System::set_block_number(1);
    });
    ext
}

/// Runs `test` on the story's genesis and checks afterwards what must always hold.
pub(crate) fn run(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        Traceability::do_try_state().unwrap();
    });
}

/// The next block: its hook has run, and nothing else.
pub(crate) fn next_block() -> Weight {
    let number = System::block_number() + 1;
    System::set_block_number(number);
    Traceability::on_initialize(number)
}

/// A lot.
pub(crate) fn lot(text: &str) -> Lot {
    text.as_bytes().to_vec().try_into().unwrap()
}

/// The id of a product's lot.
pub(crate) fn id(product: &str, text: &str) -> BatchId {
    BatchId::of(&gtin(product), text.as_bytes())
}

/// An event at block time.
pub(crate) fn at_now() -> EventContext {
    at(NOW_MS.with_borrow(|now| *now))
}

/// An event at a time.
pub(crate) fn at(event_time: u64) -> EventContext {
    EventContext { event_time, read_point: None, document: None }
}

/// A measure without decimals.
pub(crate) fn measure(value: u128, unit: &str) -> Measure {
    Measure { value, decimals: 0, unit: UnitCode::parse(unit).unwrap() }
}

/// Kilograms.
pub(crate) fn kg(value: u128) -> Measure {
    measure(value, "KGM")
}

/// Milligrams in so many kilograms.
pub(crate) const fn mg(kilograms: u128) -> u128 {
    kilograms * 1_000_000
}

/// The batch on record.
pub(crate) fn batch(product: &str, text: &str) -> BatchDetails {
    Batches::<Test>::get(id(product, text)).unwrap()
}

/// A signed origin of an organisation's agent.
pub(crate) fn by(organisation: u32) -> RuntimeOrigin {
    RuntimeOrigin::signed(agent(organisation))
}

/// Whether `event` was deposited.
pub(crate) fn has_event(event: Event<Test>) -> bool {
    let wanted = RuntimeEvent::from(event);
    System::events().into_iter().any(|record| record.event == wanted)
}

/// Recomputes the history of `batch` from the events and compares it with the record.
pub(crate) fn history_holds(batch: BatchId) -> bool {
    let mut n_events = 0;
    let mut history = [0u8; 32];
    for record in System::events() {
        let RuntimeEvent::Traceability(Event::TraceEventRecorded {
            batch: of,
            sequence,
            event,
            ..
        }) = record.event
        else {
            continue;
        };
        if of == batch {
            assert_eq!(sequence, n_events);
            n_events += 1;
            history = sp_io::hashing::sha2_256(&(history, event).encode());
        }
    }
    let details = Batches::<Test>::get(batch).unwrap();
    details.n_events == n_events && details.history == history
}
