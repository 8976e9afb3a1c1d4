//! A runtime with this pallet; organisations, products, bases and batches are given in tables.

use crate::{self as pallet_certification, *};
use frame_support::{
    construct_runtime, derive_impl, dispatch::DispatchResultWithPostInfo, traits::UnixTime,
};
use frame_system::{EnsureRoot, mocking::MockBlock};
use pallet_calendar::{Calendar, CivilDate, DAY_MS, Moment, Term};
use pallet_participants::{Authority, OrganisationId, OrganisationSummary, RegionCode, Role};
use pallet_traceability::{
    BaseUnit, BatchId, CertificateId, Claim, Gtin, NetContent, Parent, PlaceDetails, PlaceId,
    ProductDetails, SchemeId, has_valid_check_digit,
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// An account: the tens are its organisation.
pub(crate) type Account = u64;

construct_runtime!(
    pub enum Test {
        System: frame_system = 0,
        Certification: pallet_certification = 21,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = MockBlock<Test>;
}

impl Config for Test {
    type Time = MockTime;
    type Authority = Table;
    type Calendar = MockCalendar;
    type MasterData = Table;
    type GovernanceOrigin = EnsureRoot<Account>;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Table;
}

/// Mei's garden: the client of the story, with bases 0 (3 mu) and 1 (2 mu).
pub(crate) const GARDEN: OrganisationId = 1;
/// Another client, with base 2 (10 mu).
pub(crate) const FACTORY: OrganisationId = 2;
/// Body Lin.
pub(crate) const BODY: OrganisationId = 3;
/// Another certification body.
pub(crate) const OTHER_BODY: OrganisationId = 4;
/// Laboratory Han.
pub(crate) const LAB: OrganisationId = 5;
/// A laboratory without accreditation.
pub(crate) const OTHER_LAB: OrganisationId = 6;
/// 认监委.
pub(crate) const CNCA: OrganisationId = 7;
/// The accreditation body.
pub(crate) const ACCREDITOR: OrganisationId = 8;
/// Market supervision of Lishui.
pub(crate) const SAMR: OrganisationId = 9;
/// Market supervision of Huangshan.
pub(crate) const SAMR_ELSEWHERE: OrganisationId = 10;
/// An inspection body.
pub(crate) const INSPECTION: OrganisationId = 11;
/// A shop, which buys.
pub(crate) const SHOP: OrganisationId = 12;
/// The office of a foreign certification body; it holds no role.
pub(crate) const OFFICE: OrganisationId = 13;
/// An organisation that is suspended.
pub(crate) const SUSPENDED: OrganisationId = 14;
/// A laboratory and certification body in one.
pub(crate) const BODY_LAB: OrganisationId = 15;
const ORGANISATIONS_MAX: OrganisationId = 15;

/// The first agent of an organisation.
pub(crate) const fn agent(organisation: OrganisationId) -> Account {
    organisation as Account * 10
}

/// Inspector of the body.
pub(crate) const QIAN: Account = 31;
/// Certifier of the body.
pub(crate) const ZHAO: Account = 32;
/// Head of the body.
pub(crate) const WU: Account = 33;
/// Another agent of the body, who had no part in anything.
pub(crate) const SUN: Account = 34;
/// An account of nobody.
pub(crate) const STRANGER: Account = 999;

/// The persons behind the inspector and the certifier.
pub(crate) const PERSON_QIAN: PersonId = [31; 32];
pub(crate) const PERSON_ZHAO: PersonId = [32; 32];
/// Any commitment.
pub(crate) const DOCUMENT: [u8; 32] = [7; 32];

const LISHUI: RegionCode = RegionCode(331_100);
const HUANGSHAN: RegionCode = RegionCode(341_000);

thread_local! {
    static NOW_MS: Cell<Moment> = const { Cell::new(0) };
    static CALENDAR_KNOWN: Cell<bool> = const { Cell::new(true) };
    static INACTIVE: RefCell<BTreeSet<OrganisationId>> = const { RefCell::new(BTreeSet::new()) };
    static TAKEN_OVER: RefCell<BTreeMap<Account, Account>> = const { RefCell::new(BTreeMap::new()) };
    static BATCHES: RefCell<BTreeMap<BatchId, BatchSummary>> =
        const { RefCell::new(BTreeMap::new()) };
    static PARENTS: RefCell<BTreeMap<BatchId, Vec<Parent>>> =
        const { RefCell::new(BTreeMap::new()) };
}

/// Block time by thread.
pub struct MockTime;

impl UnixTime for MockTime {
    fn now() -> Duration {
        Duration::from_millis(NOW_MS.get())
    }
}

/// Mondays to Fridays, unless the tests take the calendar away.
pub struct MockCalendar;

impl Calendar for MockCalendar {
    fn due(start: Moment, term: Term) -> Result<Moment, DispatchError> {
        if CALENDAR_KNOWN.get() { <() as Calendar>::due(start, term) } else { Err(NO_CALENDAR) }
    }
}

/// What the calendar says when it does not know.
pub(crate) const NO_CALENDAR: DispatchError = DispatchError::Other("no calendar");
/// What the table says when somebody may not act.
pub(crate) const FORBIDDEN: DispatchError = DispatchError::BadOrigin;

/// Who exists, and what there is.
pub struct Table;

fn roles(id: OrganisationId) -> &'static [(Role, RegionCode)] {
    const COUNTRY: RegionCode = RegionCode::COUNTRY;
    match id {
        GARDEN | FACTORY | SHOP | SUSPENDED => &[(Role::TraceNode, COUNTRY)],
        BODY | OTHER_BODY => &[(Role::CertBody, COUNTRY)],
        LAB | OTHER_LAB => &[(Role::Lab, COUNTRY)],
        CNCA => &[(Role::Cnca, COUNTRY)],
        ACCREDITOR => &[(Role::AccredBody, COUNTRY)],
        SAMR => &[(Role::Samr, LISHUI)],
        SAMR_ELSEWHERE => &[(Role::Samr, HUANGSHAN)],
        INSPECTION => &[(Role::InspectionBody, COUNTRY)],
        BODY_LAB => &[(Role::CertBody, COUNTRY), (Role::Lab, COUNTRY)],
        _ => &[],
    }
}

fn is_active(id: OrganisationId) -> bool {
    (1..=ORGANISATIONS_MAX).contains(&id)
        && id != SUSPENDED
        && !INACTIVE.with_borrow(|inactive| inactive.contains(&id))
}

impl Authority<Account> for Table {
    fn organisation_of(agent: &Account) -> Result<OrganisationId, DispatchError> {
        OrganisationId::try_from(agent / 10).ok().filter(|id| is_active(*id)).ok_or(FORBIDDEN)
    }

    fn first_key(agent: &Account) -> Account {
        TAKEN_OVER.with_borrow(|first| first.get(agent).copied().unwrap_or(*agent))
    }

    fn ensure_role(
        agent: &Account,
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
        (1..=ORGANISATIONS_MAX).contains(&id).then(|| OrganisationSummary {
            region: LISHUI,
            active: is_active(id),
            gln: None,
        })
    }

    fn holds_role(id: OrganisationId, role: Role) -> bool {
        is_active(id) && roles(id).iter().any(|(held, _)| *held == role)
    }
}

/// Tea leaf, in milligrams; its ceiling is that of its category.
pub(crate) fn leaf() -> Gtin {
    gtin(1)
}

/// Tea, in milligrams; it has a ceiling of its own.
pub(crate) fn tea() -> Gtin {
    gtin(2)
}

/// A tin of 100 g of tea.
pub(crate) fn tin() -> Gtin {
    gtin(3)
}

/// Spring water of the factory, in millilitres, of another category.
pub(crate) fn water() -> Gtin {
    gtin(4)
}

/// The `n`th product that only exists to make lists long, of the garden.
pub(crate) fn gtin(n: u32) -> Gtin {
    let key = (0..10)
        .map(|digit| format!("{:013}{digit}", 690_123_400_000u64 + u64::from(n)))
        .find(|key| has_valid_check_digit(key.as_bytes()))
        .unwrap();
    Gtin::parse(&key).unwrap()
}

/// Category of tea.
pub(crate) const TEA_CATEGORY: u32 = 10_000_115;
/// Category of water, without a ceiling.
pub(crate) const WATER_CATEGORY: u32 = 10_000_232;
/// Ceiling of tea, in milligrams for a mu and a year: 150 kg.
pub(crate) const TEA_CEILING: u64 = 150_000_000;
/// Ceiling of the category of tea: 300 kg.
pub(crate) const CATEGORY_CEILING: u64 = 300_000_000;
/// A mu in area units.
pub(crate) const MU: u64 = 200_000;

/// Milligrams in so many kilograms.
pub(crate) const fn kg(kilograms: u128) -> u128 {
    kilograms * 1_000_000
}

impl MasterData for Table {
    fn place(id: PlaceId) -> Option<PlaceDetails> {
        let (owner, mu) = match id {
            0 => (GARDEN, 3),
            1 => (GARDEN, 2),
            2 => (FACTORY, 10),
            100..=200 => (GARDEN, 1),
            _ => return None,
        };
        Some(PlaceDetails { owner, region: LISHUI, gln: None, area_units: mu * MU })
    }

    fn product(wanted: &Gtin) -> Option<ProductDetails> {
        let n = (1..=30).find(|n| gtin(*n) == *wanted)?;
        let product = ProductDetails {
            owner: GARDEN,
            base_unit: BaseUnit::Milligram,
            net_content: None,
            density_mg_per_ml: None,
            category: TEA_CATEGORY,
        };
        Some(match n {
            3 => ProductDetails {
                base_unit: BaseUnit::Each,
                net_content: Some(NetContent {
                    unit: BaseUnit::Milligram,
                    quantity: 100_000,
                    of: Some(tea()),
                }),
                ..product
            },
            4 => ProductDetails {
                owner: FACTORY,
                base_unit: BaseUnit::Millilitre,
                category: WATER_CATEGORY,
                ..product
            },
            _ => product,
        })
    }

    fn may_produce(organisation: OrganisationId, gtin: &Gtin) -> bool {
        // The factory has licences for all.
        organisation == FACTORY
            || <Self as MasterData>::product(gtin)
                .is_some_and(|product| product.owner == organisation)
    }

    fn batch(id: BatchId) -> Option<BatchSummary> {
        BATCHES.with_borrow(|batches| batches.get(&id).cloned())
    }

    fn parents(id: BatchId) -> Result<Vec<Parent>, DispatchError> {
        Ok(PARENTS.with_borrow(|parents| parents.get(&id).cloned()).unwrap_or_default())
    }
}

/// Claims of certificates, none of them suspended when the batch was made.
pub(crate) fn claims(certificates: &[CertificateId]) -> Vec<Claim> {
    let claim = |certificate: &_| Claim { certificate: *certificate, made_while_suspended: false };
    certificates.iter().map(claim).collect()
}

/// A batch of `quantity` base units that the garden made just now at base 0, and that carries
/// certificate 0.
pub(crate) fn new_batch(n: u8, gtin: Gtin, quantity: u128) -> BatchId {
    change_batch(n, |batch| {
        *batch = BatchSummary {
            gtin,
            producer: GARDEN,
            holder: GARDEN,
            quantity,
            origins: vec![0],
            derived: false,
            produced_at: now(),
            claims: claims(&[0]),
            stopped: false,
        };
    })
}

/// A batch of `quantity` base units that the garden made of so much content of other batches.
pub(crate) fn made_from(n: u8, gtin: Gtin, quantity: u128, taken: &[(BatchId, u128)]) -> BatchId {
    let id = new_batch(n, gtin, quantity);
    change_batch(n, |batch| batch.derived = true);
    let parents = taken.iter().map(|(batch, taken)| {
        let of = <Table as MasterData>::batch(*batch).unwrap();
        let product = <Table as MasterData>::product(&of.gtin).unwrap();
        let content = product.content(of.quantity).unwrap();
        Parent { batch: *batch, content, taken: *taken }
    });
    PARENTS.with_borrow_mut(|table| table.insert(id, parents.collect()));
    id
}

/// Changes batch `n`.
pub(crate) fn change_batch(n: u8, change: impl FnOnce(&mut BatchSummary)) -> BatchId {
    let id = BatchId([n; 16]);
    BATCHES.with_borrow_mut(|batches| {
        change(batches.entry(id).or_insert_with(|| BatchSummary {
            gtin: tea(),
            producer: GARDEN,
            holder: GARDEN,
            quantity: 0,
            origins: Vec::new(),
            derived: false,
            produced_at: 0,
            claims: claims(&[0]),
            stopped: false,
        }));
    });
    id
}

/// Block time.
pub(crate) fn now() -> Moment {
    NOW_MS.get()
}

/// Sets the clock.
pub(crate) fn set_now(now: Moment) {
    NOW_MS.set(now);
}

/// Lets days pass.
pub(crate) fn pass_days(days: u64) {
    NOW_MS.set(now() + days * DAY_MS);
}

/// Sets the clock to noon of a date.
pub(crate) fn go_to(text: &str) {
    set_now(date(text).start() + DAY_MS / 2);
}

/// Whether the calendar knows when terms end.
pub(crate) fn set_calendar_known(known: bool) {
    CALENDAR_KNOWN.set(known);
}

/// The key `new` takes over from `old`, which cannot act any more.
pub(crate) fn take_over(old: Account, new: Account) {
    TAKEN_OVER.with_borrow_mut(|first| first.insert(new, old));
}

/// Suspends organisations, and reinstates all others.
pub(crate) fn set_inactive(organisations: &[OrganisationId]) {
    INACTIVE.set(organisations.iter().copied().collect());
}

/// A date.
pub(crate) fn date(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap()
}

/// A text.
pub(crate) fn text(text: &str) -> Text {
    text.as_bytes().to_vec().try_into().unwrap()
}

/// A signed origin.
pub(crate) fn by(account: Account) -> RuntimeOrigin {
    RuntimeOrigin::signed(account)
}

/// Scheme of organic products.
pub(crate) const ORGANIC: SchemeId = genesis::ORGANIC;
/// Scheme of green food.
pub(crate) const GREEN_FOOD: SchemeId = genesis::GREEN_FOOD;

fn genesis_storage() -> sp_runtime::Storage {
    let ceiling = |scheme, gtin: Option<Gtin>, per_mu_year| GenesisYieldCeiling {
        scheme,
        category: gtin.is_none().then_some(TEA_CATEGORY),
        gtin: gtin.map(|gtin| String::from_utf8(gtin.0.to_vec()).unwrap()),
        per_mu_year,
    };
    RuntimeGenesisConfig {
        system: Default::default(),
        certification: GenesisConfig {
            yield_ceilings: vec![
                ceiling(ORGANIC, None, CATEGORY_CEILING),
                ceiling(ORGANIC, Some(tea()), TEA_CEILING),
                ceiling(GREEN_FOOD, None, CATEGORY_CEILING),
            ],
            ..Default::default()
        },
    }
    .build_storage()
    .unwrap()
}

/// Externalities with the default schemes and three yield ceilings, in block 1, at noon of
/// Wednesday 2026-04-01.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    go_to("2026-04-01");
    set_calendar_known(true);
    set_inactive(&[]);
    TAKEN_OVER.set(BTreeMap::new());
    BATCHES.set(BTreeMap::new());
    PARENTS.set(BTreeMap::new());
    let mut ext = sp_io::TestExternalities::from(genesis_storage());
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs `test`, then checks what must always hold.
pub(crate) fn run_bare(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        Certification::do_try_state().unwrap();
    });
}

/// Runs `test` with a body that may certify, then checks what must always hold.
pub(crate) fn run(test: impl FnOnce()) {
    run_bare(|| {
        prepare();
        test();
    });
}

/// The body is approved and accredited, with its certifiers; so is the laboratory.
pub(crate) fn prepare() {
    approve(BODY, approval("CNCA-R-2026-101"), WU).unwrap();
    for organisation in [BODY, LAB] {
        accredit(organisation).unwrap();
    }
    for (person, account) in [(PERSON_QIAN, QIAN), (PERSON_ZHAO, ZHAO)] {
        Certification::register_certifier(by(agent(BODY)), person, account).unwrap();
    }
}

/// Both schemes, all categories.
pub(crate) fn scope() -> Scope {
    Scope { schemes: vec![ORGANIC, GREEN_FOOD].try_into().unwrap(), categories: Default::default() }
}

/// Four years from 2026.
pub(crate) fn period() -> Period {
    Period { from: date("2026-01-01"), until: date("2029-12-31") }
}

/// An approval of a domestic body.
pub(crate) fn approval(number: &str) -> ApprovalTerms {
    ApprovalTerms {
        number: text(number),
        kind: BodyKind::Domestic,
        scope: scope(),
        period: period(),
    }
}

/// The CNCA approves.
pub(crate) fn approve(body: OrganisationId, terms: ApprovalTerms, head: Account) -> DispatchResult {
    Certification::approve_body(by(agent(CNCA)), body, terms, head)
}

/// The accreditation body accredits.
pub(crate) fn accredit(organisation: OrganisationId) -> DispatchResult {
    Certification::accredit(
        by(agent(ACCREDITOR)),
        organisation,
        text("CNAS C001-P"),
        scope(),
        period(),
    )
}

/// A product line.
pub(crate) fn line(gtin: Gtin, quantity: u128, mu: u64) -> ProductLine {
    ProductLine { gtin, quantity, area_units: mu * MU }
}

/// Product lines.
pub(crate) fn lines(lines: &[ProductLine]) -> ProductLines {
    lines.to_vec().try_into().unwrap()
}

/// Bases.
pub(crate) fn bases(ids: &[PlaceId]) -> BaseIds {
    ids.to_vec().try_into().unwrap()
}

/// The garden asks the body to certify 450 kg of tea from the 3 mu of base 0 as organic.
pub(crate) fn request() -> ApplicationRequest {
    ApplicationRequest {
        body: BODY,
        scheme: ORGANIC,
        products: lines(&[line(tea(), kg(450), 3)]),
        bases: bases(&[0]),
        renews: None,
        document: DOCUMENT,
    }
}

/// Applies for an organisation; the number of the application.
pub(crate) fn applied(client: OrganisationId, request: ApplicationRequest) -> ApplicationId {
    Certification::apply(by(agent(client)), request).unwrap();
    NextApplicationId::<Test>::get() - 1
}

/// An application that the body accepted, that Qian inspected and the laboratory tested.
pub(crate) fn evaluated(client: OrganisationId, request: ApplicationRequest) -> ApplicationId {
    let (bases, products) = (request.bases.clone(), request.products.clone());
    let id = applied(client, request);
    Certification::accept_application(by(agent(BODY)), id).unwrap();
    Certification::record_inspection(by(QIAN), id, now(), bases, 0, DOCUMENT).unwrap();
    for line in products {
        let lab = by(agent(LAB));
        Certification::record_test(lab, id, line.gtin, true, now(), DOCUMENT).unwrap();
    }
    id
}

/// To certify what was applied for from today on.
pub(crate) fn certify(id: ApplicationId, number: &str) -> Outcome {
    Outcome::Certify {
        number: text(number),
        products: Applications::<Test>::get(id).unwrap().request.products,
        valid_from: CivilDate::from_moment(now()),
    }
}

/// Decides an application as both signers want; the number of the certificate.
pub(crate) fn decided(id: ApplicationId, outcome: Outcome) -> CertificateId {
    Certification::propose_decision(by(ZHAO), id, outcome).unwrap();
    Certification::sign_decision(by(WU), id).unwrap();
    NextCertificateId::<Test>::get() - 1
}

/// A certificate of the garden for 450 kg of tea, valid from today.
pub(crate) fn certified() -> CertificateId {
    let id = evaluated(GARDEN, request());
    decided(id, certify(id, "101OP2600001"))
}

/// The record of a certificate.
pub(crate) fn record(id: CertificateId) -> Certificate {
    Certificates::<Test>::get(id).unwrap()
}

/// The body finds something that demands a suspension or a revocation; number of the finding.
pub(crate) fn found(id: CertificateId, consequence: Consequence) -> FindingId {
    let ground = match consequence {
        Consequence::None => Ground::InOrder,
        Consequence::Suspend => Ground::NonConformity,
        Consequence::Revoke => Ground::ForbiddenSubstance,
    };
    Certification::record_finding(by(SUN), id, FinderKind::Body, ground, consequence, DOCUMENT)
        .unwrap();
    NextFindingId::<Test>::get() - 1
}

/// The body suspends a certificate for so many months.
pub(crate) fn suspended(id: CertificateId, months: u16) {
    let finding = found(id, Consequence::Suspend);
    Certification::suspend(by(agent(BODY)), finding, months).unwrap();
}

/// The body revokes a certificate.
pub(crate) fn revoked(id: CertificateId) {
    let finding = found(id, Consequence::Revoke);
    Certification::revoke(by(agent(BODY)), finding).unwrap();
}

/// What a call gave, without what it spent.
pub(crate) fn done(result: DispatchResultWithPostInfo) -> DispatchResult {
    result.map(|_| ()).map_err(|error| error.error)
}

/// Whether `event` was deposited.
pub(crate) fn has_event(event: Event<Test>) -> bool {
    let wanted = RuntimeEvent::from(event);
    System::events().into_iter().any(|record| record.event == wanted)
}

/// Gives benchmarks what is in the table.
#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<Account> for Table {
    fn agent(role: Role, nth: u32) -> (Account, OrganisationId) {
        let id = match (role, nth) {
            (Role::TraceNode, 0) => GARDEN,
            (Role::TraceNode, _) => SHOP,
            (Role::CertBody, _) => BODY,
            (Role::Lab, _) => LAB,
            (Role::Cnca, _) => CNCA,
            (Role::Samr, _) => SAMR,
            _ => ACCREDITOR,
        };
        (agent(id), id)
    }

    fn colleague(_: Role, number: u32) -> Account {
        agent(BODY) + u64::from(number)
    }

    fn product(number: u32) -> Gtin {
        gtin(number + 5)
    }

    fn place(number: u32) -> PlaceId {
        100 + number
    }

    fn batch(certificate: CertificateId) -> BatchId {
        new_batch(1, gtin(5), 1_000);
        change_batch(1, |batch| {
            batch.origins = vec![100];
            batch.claims = claims(&[certificate]);
        })
    }

    fn set_calendar() {}
}
