//! Products, licences, bases.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

const NEW: &str = "06901234000108";

fn details() -> ProductDetails {
    ProductDetails {
        owner: 0,
        base_unit: BaseUnit::Each,
        net_content: Some(NetContent {
            unit: BaseUnit::Milligram,
            quantity: 250_000,
            of: Some(gtin(TEA)),
        }),
        density_mg_per_ml: None,
        category: 10_000_115,
    }
}

fn with_content(content: NetContent) -> ProductDetails {
    ProductDetails { net_content: Some(content), ..details() }
}

#[test]
fn register_product_works() {
    run(|| {
        assert_ok!(Traceability::register_product(by(FACTORY), gtin(NEW), details()));
        let expected = ProductDetails { owner: FACTORY, ..details() };
        assert_eq!(Products::<Test>::get(gtin(NEW)), Some(expected));
        assert!(has_event(Event::ProductRegistered { gtin: gtin(NEW), owner: FACTORY }));
    });
}

#[test]
fn register_product_rejects_bad_keys() {
    run(|| {
        let mut wrong = gtin(NEW);
        wrong.0[13] = if wrong.0[13] == b'0' { b'1' } else { b'0' };
        assert_noop!(
            Traceability::register_product(by(FACTORY), wrong, details()),
            Error::<Test>::InvalidGs1Key
        );
        assert_noop!(
            Traceability::register_product(by(FACTORY), gtin(TEA), details()),
            Error::<Test>::ProductAlreadyRegistered
        );
    });
}

#[test]
fn register_product_rejects_bad_content() {
    run(|| {
        let content = details().net_content.unwrap();
        let bad = [
            with_content(NetContent { quantity: 0, ..content }),
            with_content(NetContent { unit: BaseUnit::Each, of: None, ..content }),
            // Unknown bulk product, and one of another unit.
            with_content(NetContent { of: Some(gtin(NEW)), ..content }),
            with_content(NetContent { of: Some(gtin(WATER)), ..content }),
            ProductDetails { base_unit: BaseUnit::Milligram, ..details() },
        ];
        for details in bad {
            assert_noop!(
                Traceability::register_product(by(FACTORY), gtin(NEW), details),
                Error::<Test>::InvalidNetContent
            );
        }
    });
}

#[test]
fn register_product_rejects_bad_master_data() {
    run(|| {
        let bad = [
            ProductDetails { category: 9_999_999, ..details() },
            ProductDetails { category: 100_000_000, ..details() },
            ProductDetails { density_mg_per_ml: Some(0), ..details() },
        ];
        for details in bad {
            assert_noop!(
                Traceability::register_product(by(FACTORY), gtin(NEW), details),
                Error::<Test>::InvalidMasterData
            );
        }
    });
}

#[test]
fn register_product_rejects_strangers() {
    run(|| {
        for origin in [by(LAB), by(SUSPENDED), RuntimeOrigin::signed(STRANGER)] {
            assert_noop!(Traceability::register_product(origin, gtin(NEW), details()), FORBIDDEN);
        }
        assert_noop!(
            Traceability::register_product(RuntimeOrigin::root(), gtin(NEW), details()),
            FORBIDDEN
        );
    });
}

#[test]
fn license_producer_works() {
    run(|| {
        let produce = |text: &str| {
            Traceability::produce(by(GARDEN_HUANGSHAN), gtin(LEAF), lot(text), kg(1), 2, at_now())
        };
        assert_noop!(produce("H1"), Error::<Test>::NotLicensed);
        let license = |licensed| {
            Traceability::license_producer(by(GARDEN), gtin(LEAF), GARDEN_HUANGSHAN, licensed)
        };
        assert_ok!(license(true));
        assert!(has_event(Event::ProducerLicensed {
            gtin: gtin(LEAF),
            organisation: GARDEN_HUANGSHAN,
            licensed: true,
        }));
        assert_ok!(produce("H1"));
        assert_ok!(license(false));
        assert_noop!(produce("H2"), Error::<Test>::NotLicensed);
    });
}

#[test]
fn license_producer_rejects_others() {
    run(|| {
        assert_noop!(
            Traceability::license_producer(by(FACTORY), gtin(LEAF), SHOP, true),
            Error::<Test>::NotProductOwner
        );
        assert_noop!(
            Traceability::license_producer(by(GARDEN), gtin(NEW), SHOP, true),
            Error::<Test>::ProductNotFound
        );
        for organisation in [LAB, SUSPENDED, 77] {
            assert_noop!(
                Traceability::license_producer(by(GARDEN), gtin(LEAF), organisation, true),
                Error::<Test>::NotTraceNode
            );
        }
        assert_noop!(Traceability::license_producer(by(LAB), gtin(LEAF), SHOP, true), FORBIDDEN);
    });
}

#[test]
fn register_place_works() {
    run(|| {
        let gln = Gln::parse("6291041500213");
        assert_ok!(Traceability::register_place(by(GARDEN), LISHUI, gln, 1));
        let expected = PlaceDetails { owner: GARDEN, region: LISHUI, gln, area_units: 1 };
        assert_eq!(Places::<Test>::get(3), Some(expected));
        assert_eq!(NextPlaceId::<Test>::get(), 4);
        assert!(has_event(Event::PlaceRegistered { place: 3, owner: GARDEN, region: LISHUI }));
    });
}

#[test]
fn register_place_rejects_bad_input() {
    run(|| {
        assert_noop!(
            Traceability::register_place(by(GARDEN), LISHUI, Some(Gln(*b"6291041500214")), 1),
            Error::<Test>::InvalidGs1Key
        );
        assert_noop!(
            Traceability::register_place(by(GARDEN), LISHUI, None, 0),
            Error::<Test>::AreaZero
        );
        assert_noop!(
            Traceability::register_place(by(GARDEN_HUANGSHAN), LISHUI, None, 1),
            FORBIDDEN
        );
        NextPlaceId::<Test>::put(u32::MAX);
        assert_noop!(
            Traceability::register_place(by(GARDEN), LISHUI, None, 1),
            Error::<Test>::NumbersExhausted
        );
    });
}
