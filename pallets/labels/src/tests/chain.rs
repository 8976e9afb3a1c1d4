//! The pallets together: from the field to the second sale of a copy, over the real registers of
//! batches, licences and labels.

use super::proof;
use crate::{
    BatchRegister, CodeScheme, Error, ItemLife, NewSeries, SeriesState, merkle as tree,
    mock::{FACTORY, MockTime, OWNER, RIVAL, SAMR, SHOP, START_MS, TEA, TIN, TableAuthority},
};
use frame_support::{assert_noop, assert_ok, derive_impl};
use frame_system::EnsureRoot;
use pallet_brands::{
    Application, BrandRules, CeilingScope, Licences as _, LicensedProduct, MarkKind, MasterData,
    PeriodRule,
};
use pallet_participants::RegionCode;
use pallet_traceability::{
    BaseUnit, BatchId, EventContext, GenesisNetContent, GenesisPlace, GenesisProduct, Gtin, Lot,
    Measure, NewBatch, Part, ReceiveInto, ShipPurpose, ShippedItem, Taken, UnitCode,
};
use sp_runtime::BuildStorage;

frame_support::construct_runtime!(
    pub enum Chain {
        System: frame_system,
        Traceability: pallet_traceability,
        Brands: pallet_brands,
        Labels: crate,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Chain {
    type Block = frame_system::mocking::MockBlock<Chain>;
}

frame_support::parameter_types! {
    pub const Steps: u32 = 8;
}

impl pallet_traceability::Config for Chain {
    type Time = MockTime;
    type Authority = TableAuthority;
    type Certificates = ();
    type GovernanceOrigin = EnsureRoot<u64>;
    type RecallStepsPerCall = Steps;
    type RecallStepsPerBlock = Steps;
    type WeightInfo = ();
}

impl pallet_brands::Config for Chain {
    type Time = MockTime;
    type Authority = TableAuthority;
    type GovernanceOrigin = EnsureRoot<u64>;
    type Certificates = ();
    type MasterData = Traceability;
    type WeightInfo = ();
}

impl crate::Config for Chain {
    type Time = MockTime;
    type Authority = TableAuthority;
    type Batches = Traceability;
    type Certificates = ();
    type MarkCodes = ();
    type Licences = Brands;
    type WeightInfo = ();
}

const LISHUI: RegionCode = RegionCode(331_100);
/// A kilogram in milligrams.
const KG: u128 = 1_000_000;

fn by(organisation: u32) -> RuntimeOrigin {
    RuntimeOrigin::signed(organisation.into())
}

fn text(gtin: Gtin) -> String {
    String::from_utf8(gtin.0.to_vec()).unwrap()
}

fn lot(text: &str) -> Lot {
    text.as_bytes().to_vec().try_into().unwrap()
}

fn pieces(value: u128) -> Measure {
    Measure { value, decimals: 0, unit: UnitCode(*b"C62") }
}

fn milligrams(value: u128) -> Measure {
    Measure { value, decimals: 0, unit: UnitCode(*b"MGM") }
}

fn at_now() -> EventContext {
    EventContext { event_time: START_MS, read_point: None, document: None }
}

fn genesis() -> RuntimeGenesisConfig {
    let product = |gtin, base_unit, net_content| GenesisProduct {
        gtin: text(gtin),
        owner: FACTORY,
        base_unit,
        net_content,
        density_mg_per_ml: None,
        category: 10_000_115,
        licensed: vec![],
    };
    let content =
        GenesisNetContent { unit: BaseUnit::Milligram, quantity: 100_000, of: Some(text(TEA)) };
    RuntimeGenesisConfig {
        traceability: pallet_traceability::GenesisConfig {
            products: vec![
                product(TEA, BaseUnit::Milligram, None),
                product(TIN, BaseUnit::Each, Some(content)),
            ],
            places: vec![GenesisPlace {
                owner: FACTORY,
                region: LISHUI.0,
                gln: None,
                area_units: 200_000,
            }],
            ..Default::default()
        },
        ..Default::default()
    }
}

/// Runs `test` from genesis; the laws of all three pallets hold afterwards.
fn run(test: impl FnOnce()) {
    let mut ext = sp_io::TestExternalities::from(genesis().build_storage().unwrap());
    ext.execute_with(|| {
        System::set_block_number(1);
        test();
        Traceability::do_try_state().unwrap();
        Brands::do_try_state().unwrap();
        Labels::do_try_state().unwrap();
    });
}

/// 200 tins at the factory.
fn packed() -> BatchId {
    let (amount, name) = (milligrams(20 * KG), lot("T1"));
    assert_ok!(Traceability::produce(by(FACTORY), TEA, name, amount, 0, at_now()));
    let taken = Taken { batch: BatchId::of(&TEA, b"T1"), quantity: amount };
    let item = NewBatch { gtin: TIN, lot: lot("P1"), quantity: pieces(200) };
    assert_ok!(Traceability::pack(by(FACTORY), taken, item, None, at_now()));
    BatchId::of(&TIN, b"P1")
}

/// A licence of the factory for 10 kg of tins in a year.
fn licensed() -> u32 {
    let rules = BrandRules {
        area: vec![LISHUI].try_into().unwrap(),
        categories: vec![10_000_115].try_into().unwrap(),
        products: Default::default(),
        document: [1; 32],
        certificate_scheme: None,
        period: PeriodRule::CalendarYear,
        registered_until: u64::MAX,
    };
    let (mark, kind) = (b"G5330".to_vec().try_into().unwrap(), MarkKind::Certification);
    assert_ok!(Brands::register_brand(by(OWNER), mark, kind, rules));
    let scope = CeilingScope::Category(10_000_115);
    assert_ok!(Brands::set_yield_ceiling(RuntimeOrigin::root(), scope, Some(100_000_000)));
    let asked = Application {
        sub_brand: None,
        products: vec![LicensedProduct { gtin: TIN, quota: 10 * KG }].try_into().unwrap(),
        bases: vec![0].try_into().unwrap(),
        certificate: None,
        valid_from: START_MS,
        valid_until: START_MS + 86_400_000,
    };
    assert_ok!(Brands::apply(by(FACTORY), 0, asked));
    assert_ok!(Brands::inspect(by(OWNER), 0, true, [1; 32]));
    assert_ok!(Brands::grant(by(OWNER), 0, 0));
    0
}

fn codes(prefix: &str, count: u32) -> Vec<Vec<u8>> {
    super::leaves(prefix, count)
}

fn new_series(batch: BatchId, codes: &super::Leaves, licence: Option<u32>) -> NewSeries {
    NewSeries {
        batch,
        root: tree::root(codes).unwrap(),
        n_codes: codes.len() as u32,
        scheme: CodeScheme::Gs1Serial,
        list: [2; 32],
        certificate: None,
        licence,
    }
}

/// Parts 50 tins and delivers them to the shop.
fn deliver(batch: BatchId, name: &str, to: u32) -> BatchId {
    let part = Part { lot: lot(name), quantity: pieces(50) };
    let parts = vec![part].try_into().unwrap();
    assert_ok!(Traceability::split(by(FACTORY), batch, parts, at_now()));
    let part = BatchId::of(&TIN, name.as_bytes());
    let (item, purpose) = (ShippedItem::Batch(part), ShipPurpose::Delivery);
    assert_ok!(Traceability::ship(by(FACTORY), item, to, purpose, at_now()));
    let into = ReceiveInto::Retail;
    assert_ok!(Traceability::receive(by(to), part, pieces(50), None, into, at_now()));
    part
}

#[test]
fn from_the_field_to_the_second_sale_of_a_copy() {
    run(|| {
        let (batch, licence) = (packed(), licensed());
        // 101 tins are more than 10 kg.
        let many = new_series(batch, &codes("A", 101), Some(licence));
        assert_noop!(
            Labels::create_series(by(FACTORY), many),
            pallet_brands::Error::<Chain>::QuotaExhausted
        );
        let labels = codes("A", 100);
        let new = new_series(batch, &labels, Some(licence));
        assert_ok!(Labels::create_series(by(FACTORY), new));
        assert_eq!(Brands::drawn(licence, &TIN, 2026), 10 * KG);
        let (shop, rival) = (deliver(batch, "S1", SHOP), deliver(batch, "S2", RIVAL));
        // Parts carry the labels of the batch they come from.
        let again = new_series(shop, &codes("B", 50), None);
        assert_noop!(Labels::create_series(by(SHOP), again), Error::<Chain>::PiecesNotNew);
        let sell =
            |who, part| Labels::mark_item(by(who), proof(0, &labels, 7), part, ItemLife::Sold);
        assert_ok!(sell(SHOP, shop));
        assert_noop!(sell(RIVAL, rival), Error::<Chain>::AlreadySold);
        assert_noop!(Labels::void_series(by(FACTORY), 0), Error::<Chain>::SeriesUsed);
        assert_eq!(
            sp_runtime::DispatchError::from(Error::<Chain>::OtherBatch),
            Labels::mark_item(by(FACTORY), proof(0, &labels, 8), tea(), ItemLife::Sold)
                .unwrap_err()
        );
    });
}

fn tea() -> BatchId {
    let (amount, name) = (milligrams(KG), lot("T2"));
    assert_ok!(Traceability::produce(by(FACTORY), TEA, name, amount, 0, at_now()));
    BatchId::of(&TEA, b"T2")
}

#[test]
fn unused_labels_give_their_quota_back() {
    run(|| {
        let (batch, licence) = (packed(), licensed());
        let new = new_series(batch, &codes("A", 100), Some(licence));
        assert_ok!(Labels::create_series(by(FACTORY), new));
        assert_ok!(Labels::void_series(by(FACTORY), 0));
        assert_eq!(Labels::series(0).unwrap().state, SeriesState::Void);
        assert_eq!(Brands::drawn(licence, &TIN, 2026), 0);
        let new = new_series(batch, &codes("B", 100), Some(licence));
        assert_ok!(Labels::create_series(by(FACTORY), new));
    });
}

#[test]
fn a_recall_and_a_suspension_stop_labels_and_sales() {
    run(|| {
        let (batch, licence) = (packed(), licensed());
        let labels = codes("A", 50);
        let new = new_series(batch, &labels, Some(licence));
        assert_ok!(Labels::create_series(by(FACTORY), new));
        let shop = deliver(batch, "S1", SHOP);
        assert_ok!(Brands::suspend(by(OWNER), licence, [1; 32]));
        let more = new_series(batch, &codes("B", 10), Some(licence));
        assert_noop!(
            Labels::create_series(by(FACTORY), more),
            pallet_brands::Error::<Chain>::LicenceNotInForce
        );
        let sell = |who, part, index| {
            Labels::mark_item(by(who), proof(0, &labels, index), part, ItemLife::Sold)
        };
        assert_noop!(sell(FACTORY, batch, 0), Error::<Chain>::LicenceStopped);
        assert_ok!(sell(SHOP, shop, 0));
        // The recall reaches the part at the shop.
        assert_ok!(Traceability::recall(by(SAMR), batch, 3, [1; 32]));
        assert_noop!(sell(SHOP, shop, 1), pallet_traceability::Error::<Chain>::BatchRecalled);
        let without = new_series(batch, &codes("C", 10), None);
        assert_noop!(
            Labels::create_series(by(FACTORY), without),
            pallet_traceability::Error::<Chain>::BatchRecalled
        );
    });
}

fn on_record(id: BatchId) -> pallet_traceability::BatchDetails {
    <Traceability as BatchRegister>::batch(id).unwrap()
}

#[test]
fn registers_answer_from_the_pallets() {
    run(|| {
        let batch = packed();
        let part = deliver(batch, "S1", SHOP);
        let bulk = BatchId::of(&TEA, b"T1");
        assert!(Traceability::has_new_pieces(&on_record(batch)));
        assert!(Traceability::has_new_pieces(&on_record(bulk)));
        assert!(!Traceability::has_new_pieces(&on_record(part)));
        assert!(Traceability::comes_from(part, part));
        assert!(Traceability::comes_from(part, bulk));
        assert!(!Traceability::comes_from(bulk, part));
        assert_eq!(<Traceability as MasterData>::place(0).unwrap().owner, FACTORY);
        assert_eq!(<Traceability as MasterData>::place(1), None);
        assert_eq!(<Traceability as MasterData>::product(&TIN).unwrap().owner, FACTORY);
    });
}

#[test]
fn ancestors_are_looked_at_up_to_the_limit() {
    run(|| {
        let root = packed();
        let mut at = root;
        // Each generation is one batch.
        for generation in 1..=pallet_traceability::MAX_ANCESTORS_CHECKED {
            let name = format!("G{generation}");
            let part = Part { lot: lot(&name), quantity: pieces(1) };
            let parts = vec![part].try_into().unwrap();
            assert_ok!(Traceability::split(by(FACTORY), at, parts, at_now()));
            at = BatchId::of(&TIN, name.as_bytes());
        }
        assert!(!Traceability::comes_from(at, BatchId([9; 16])));
        assert!(Traceability::comes_from(at, root));
        let part = Part { lot: lot("X"), quantity: pieces(1) };
        let parts = vec![part].try_into().unwrap();
        assert_ok!(Traceability::split(by(FACTORY), at, parts, at_now()));
        assert!(!Traceability::comes_from(BatchId::of(&TIN, b"X"), root));
    });
}
