//! A runtime with this pallet, and tables of organisations, products, bases and certificates.

use crate::{self as pallet_brands, *};
use codec::Encode;
use frame_support::{derive_impl, ord_parameter_types, storage::unhashed, traits::UnixTime};
use frame_system::EnsureSignedBy;
use pallet_participants::{Authority, OrganisationId, OrganisationSummary, RegionCode, Role};
use pallet_traceability::{
    BaseUnit, CertificateId, CertificateStatus, Certificates, Gtin, NetContent, PlaceDetails,
    PlaceId, ProductDetails, SchemeId, has_valid_check_digit,
};
use sp_runtime::{BuildStorage, DispatchError, DispatchResult};
use std::{cell::RefCell, collections::BTreeMap, time::Duration};

pub(crate) type AccountId = u64;
type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Brands: pallet_brands,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

/// Owns brands everywhere.
pub(crate) const ASSOCIATION: u32 = 1;
/// Runs brands.
pub(crate) const COMPANY: u32 = 2;
/// Trace node with bases 0 and 1 in Lishui, 2 in Huangshan, and from 100 on in Lishui.
pub(crate) const GARDEN: u32 = 3;
/// Trace node with base 3 in Lishui.
pub(crate) const FACTORY: u32 = 4;
/// Inspects.
pub(crate) const INSPECTOR: u32 = 5;
/// Market supervision of Lishui.
pub(crate) const SAMR: u32 = 6;
/// Owns brands in Huangshan.
pub(crate) const OTHER_OWNER: u32 = 7;
/// A trace node that is suspended.
pub(crate) const SUSPENDED: u32 = 8;
/// A trace node that also runs brands.
pub(crate) const MIXED: u32 = 9;
/// A trace node that also inspects.
pub(crate) const SELF_INSPECTOR: u32 = 10;

/// Account that governs.
pub(crate) const GOVERNOR: AccountId = 99;
/// Account of nobody.
pub(crate) const STRANGER: AccountId = 1_000;

pub(crate) const LISHUI: RegionCode = RegionCode(331_100);
pub(crate) const LONGQUAN: RegionCode = RegionCode(331_181);
pub(crate) const HUANGSHAN: RegionCode = RegionCode(341_000);

fn roles(id: OrganisationId) -> &'static [(Role, RegionCode)] {
    const COUNTRY: RegionCode = RegionCode::COUNTRY;
    match id {
        ASSOCIATION => &[(Role::BrandOwner, COUNTRY)],
        COMPANY => &[(Role::BrandOperator, COUNTRY)],
        GARDEN | FACTORY | SUSPENDED => &[(Role::TraceNode, COUNTRY)],
        INSPECTOR => &[(Role::InspectionBody, COUNTRY)],
        SAMR => &[(Role::Samr, LISHUI)],
        OTHER_OWNER => &[(Role::BrandOwner, HUANGSHAN), (Role::TraceNode, COUNTRY)],
        MIXED => &[(Role::BrandOperator, COUNTRY), (Role::TraceNode, COUNTRY)],
        SELF_INSPECTOR => &[(Role::InspectionBody, COUNTRY), (Role::TraceNode, COUNTRY)],
        _ => &[],
    }
}

/// Authority by table.
pub struct TableAuthority;

/// What the table says when somebody may not act.
pub(crate) const FORBIDDEN: DispatchError = DispatchError::Other("may not act");

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
        let region = if id == OTHER_OWNER { HUANGSHAN } else { LISHUI };
        let active = id != SUSPENDED;
        (!roles(id).is_empty()).then_some(OrganisationSummary { region, active, gln: None })
    }

    fn holds_role(id: OrganisationId, role: Role) -> bool {
        id != SUSPENDED && roles(id).iter().any(|(held, _)| *held == role)
    }
}

/// Bulk tea, in milligrams; out of the usual scope.
pub(crate) const TEA: &str = "06901234000023";
/// Tin of 100 g of tea.
pub(crate) const TIN: &str = "16901234000020";
/// Box of 250 g of tea.
pub(crate) const BOX: &str = "26901234000027";
/// Seedlings, by the piece, without net content.
pub(crate) const SEEDLING: &str = "06901234000061";
/// Category of tins, boxes and bulk tea.
pub(crate) const TEA_CATEGORY: u32 = 10_000_115;
/// Category of seedlings.
pub(crate) const PLANT_CATEGORY: u32 = 10_000_117;

/// A mu in area units.
pub(crate) const MU: u64 = 200_000;
/// A kilogram in milligrams.
pub(crate) const KG: u128 = 1_000_000;

/// The product's GTIN.
pub(crate) fn gtin(text: &str) -> Gtin {
    let body = &text[..text.len() - 1];
    (0..10)
        .map(|digit| format!("{body}{digit}"))
        .find(|key| has_valid_check_digit(key.as_bytes()))
        .and_then(|key| Gtin::parse(&key))
        .unwrap()
}

/// Products and bases by table.
pub struct Table;

impl MasterData for Table {
    fn product(wanted: &Gtin) -> Option<ProductDetails> {
        let milligrams = |quantity| {
            Some(NetContent { unit: BaseUnit::Milligram, quantity, of: Some(gtin(TEA)) })
        };
        let (base_unit, net_content, category) = match *wanted {
            found if found == gtin(TEA) => (BaseUnit::Milligram, None, TEA_CATEGORY),
            found if found == gtin(TIN) => (BaseUnit::Each, milligrams(100_000), TEA_CATEGORY),
            found if found == gtin(BOX) => (BaseUnit::Each, milligrams(250_000), TEA_CATEGORY),
            found if found == gtin(SEEDLING) => (BaseUnit::Each, None, PLANT_CATEGORY),
            _ => return extra_product(wanted),
        };
        Some(ProductDetails {
            owner: FACTORY,
            base_unit,
            net_content,
            density_mg_per_ml: None,
            category,
        })
    }

    fn place(id: PlaceId) -> Option<PlaceDetails> {
        let (owner, region, area_units) = match id {
            0 => (GARDEN, LONGQUAN, MU),
            1 => (GARDEN, LISHUI, 2 * MU),
            2 => (GARDEN, HUANGSHAN, MU),
            3 => (FACTORY, LISHUI, MU),
            4 => (OTHER_OWNER, LISHUI, MU),
            5 => (MIXED, LISHUI, MU),
            6 => (SELF_INSPECTOR, LISHUI, MU),
            7 | 8 => (GARDEN, LISHUI, u64::MAX),
            100..200 => (GARDEN, LISHUI, MU),
            _ => return None,
        };
        Some(PlaceDetails { owner, region, gln: None, area_units })
    }
}

/// Products that only count, for the longest lists.
fn extra_product(wanted: &Gtin) -> Option<ProductDetails> {
    wanted.0.starts_with(b"0699").then_some(ProductDetails {
        owner: FACTORY,
        base_unit: BaseUnit::Each,
        net_content: None,
        density_mg_per_ml: None,
        category: PLANT_CATEGORY,
    })
}

/// What the mock knows of a certificate.
#[derive(Clone)]
pub(crate) struct MockCertificate {
    pub(crate) scheme: SchemeId,
    pub(crate) holder: OrganisationId,
    pub(crate) gtins: Vec<Gtin>,
    pub(crate) bases: Vec<PlaceId>,
    pub(crate) quantity: u128,
    pub(crate) status: CertificateStatus,
}

/// Certificates by table; draws on them are in state, so that they are undone with it.
pub struct TableCertificates;

impl TableCertificates {
    /// Puts in a valid certificate of the garden for tins from its bases 0 and 1.
    pub(crate) fn issue(id: CertificateId, scheme: SchemeId, quantity: u128) {
        let certificate = MockCertificate {
            scheme,
            holder: GARDEN,
            gtins: vec![gtin(TIN)],
            bases: vec![0, 1],
            quantity,
            status: CertificateStatus::Valid,
        };
        CERTIFICATES.with_borrow_mut(|table| table.insert(id, certificate));
    }

    /// Changes a certificate.
    pub(crate) fn change(id: CertificateId, change: impl FnOnce(&mut MockCertificate)) {
        CERTIFICATES.with_borrow_mut(|table| change(table.get_mut(&id).unwrap()));
    }

    fn get(id: CertificateId) -> Option<MockCertificate> {
        CERTIFICATES.with_borrow(|table| table.get(&id).cloned())
    }

    fn key(id: CertificateId) -> Vec<u8> {
        (b"drawn", id).encode()
    }
}

impl Certificates for TableCertificates {
    fn status_at(id: CertificateId, _: Moment) -> Option<CertificateStatus> {
        Some(Self::get(id)?.status)
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

    fn draw_marks(
        id: CertificateId,
        _: OrganisationId,
        _: &Gtin,
        quantity: u128,
    ) -> DispatchResult {
        let found = Self::get(id).ok_or(DispatchError::Unavailable)?;
        let drawn = Self::drawn(id) + quantity;
        if drawn > found.quantity {
            return Err(DispatchError::Exhausted);
        }
        unhashed::put(&Self::key(id), &drawn);
        Ok(())
    }

    fn return_marks(id: CertificateId, _: &Gtin, quantity: u128) -> DispatchResult {
        let left = Self::drawn(id).checked_sub(quantity).ok_or(DispatchError::Unavailable)?;
        unhashed::put(&Self::key(id), &left);
        Ok(())
    }

    fn drawn(id: CertificateId) -> u128 {
        unhashed::get_or_default(&Self::key(id))
    }

    fn drawn_in_all() -> u128 {
        let ids: Vec<_> = CERTIFICATES.with_borrow(|table| table.keys().copied().collect());
        ids.into_iter().map(Self::drawn).sum()
    }
}

thread_local! {
    static CERTIFICATES: RefCell<BTreeMap<CertificateId, MockCertificate>> =
        const { RefCell::new(BTreeMap::new()) };
    static NOW_MS: RefCell<u64> = const { RefCell::new(START_MS) };
}

/// Block time at the start of every test: 2026-04-01 in UTC.
pub(crate) const START_MS: u64 = 1_775_001_600_000;
/// A day.
pub(crate) const DAY_MS: u64 = 86_400_000;
/// First moment of 2027 in China Standard Time.
pub(crate) const NEW_YEAR_MS: u64 = 1_798_732_800_000;

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

/// Lets time pass until `ms`.
pub(crate) fn pass_until(ms: u64) {
    NOW_MS.with_borrow_mut(|now| *now = ms.max(*now));
}

ord_parameter_types! {
    pub const Governor: AccountId = GOVERNOR;
}

impl Config for Test {
    type Time = MockTime;
    type Authority = TableAuthority;
    type GovernanceOrigin = EnsureSignedBy<Governor, AccountId>;
    type Certificates = TableCertificates;
    type MasterData = Table;
    type WeightInfo = ();
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = TableHelper;
}

/// Gives benchmarks what the tables have.
#[cfg(feature = "runtime-benchmarks")]
pub struct TableHelper;

#[cfg(feature = "runtime-benchmarks")]
impl BenchmarkHelper<AccountId> for TableHelper {
    fn agent(role: Role) -> (AccountId, OrganisationId) {
        let id = match role {
            Role::BrandOwner => ASSOCIATION,
            Role::BrandOperator => COMPANY,
            Role::TraceNode => GARDEN,
            Role::InspectionBody => INSPECTOR,
            _ => SAMR,
        };
        (id.into(), id)
    }

    fn product(nth: u32) -> Gtin {
        gtin(&format!("0699{nth:09}0"))
    }

    fn base(nth: u32) -> PlaceId {
        100 + nth
    }
}

/// Externalities with yield ceilings, at block 1: 500 kg of tea and 10,000 seedlings on a mu.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.execute_with(|| {
        NOW_MS.set(START_MS);
        CERTIFICATES.take();
        System::set_block_number(1);
        for (category, ceiling) in [(TEA_CATEGORY, 500_000_000), (PLANT_CATEGORY, 10_000)] {
            let scope = CeilingScope::Category(category);
            let governor = RuntimeOrigin::signed(GOVERNOR);
            Brands::set_yield_ceiling(governor, scope, Some(ceiling)).unwrap();
        }
    });
    ext
}

/// Runs `test` and checks afterwards what must always hold.
pub(crate) fn run(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        Brands::do_try_state().unwrap();
    });
}

/// A signed origin of an organisation's agent.
pub(crate) fn by(organisation: u32) -> RuntimeOrigin {
    RuntimeOrigin::signed(AccountId::from(organisation))
}

/// Whether `event` was deposited.
pub(crate) fn has_event(event: Event<Test>) -> bool {
    let wanted = RuntimeEvent::from(event);
    System::events().into_iter().any(|record| record.event == wanted)
}
