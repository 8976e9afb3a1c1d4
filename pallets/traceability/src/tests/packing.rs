//! Packing bulk products into trade items.

use super::*;
use frame_support::{assert_noop, dispatch::DispatchResultWithPostInfo};

fn pack(
    bulk: BatchId,
    amount: Measure,
    product: &str,
    pieces: Measure,
    loss: Option<Measure>,
) -> DispatchResultWithPostInfo {
    let item = NewBatch { gtin: gtin(product), lot: lot("P1"), quantity: pieces };
    let from = Taken { batch: bulk, quantity: amount };
    Traceability::pack(by(FACTORY), from, item, loss, at_now())
}

#[test]
fn pack_works() {
    run(|| {
        let bulk = tea("A1", 5);
        let loss = Some(measure(50, "GRM"));
        assert_ok!(pack(bulk, measure(2_050, "GRM"), TIN, measure(20, "EA"), loss));
        let packed = batch(TIN, "P1");
        assert_eq!(packed.quantities, Quantities::new(20));
        assert_eq!((packed.stage, packed.producer), (Stage::Packed, FACTORY));
        assert_eq!(packed.produced_at, batch(TEA, "A1").produced_at);
        assert_eq!(batch(TEA, "A1").quantities.on_hand, 2_950_000);
        let derivation = Derivations::<Test>::get(id(TIN, "P1")).unwrap();
        assert_eq!((derivation.kind, derivation.loss), (DerivationKind::Packing, 50_000));
        assert!(history_holds(id(TIN, "P1")));
    });
}

#[test]
fn pack_rejects_what_does_not_add_up() {
    run(|| {
        let bulk = tea("A1", 5);
        // Twenty tins of 100 g are 2 kg, neither more nor less.
        for grams in [1_999, 2_001] {
            assert_noop!(
                pack(bulk, measure(grams, "GRM"), TIN, measure(20, "EA"), None),
                Error::<Test>::MassNotConserved
            );
        }
        assert_noop!(
            pack(bulk, kg(2), TIN, measure(20, "EA"), Some(measure(1, "GRM"))),
            Error::<Test>::MassNotConserved
        );
        assert_noop!(
            pack(bulk, kg(6), TIN, measure(60, "EA"), None),
            Error::<Test>::QuantityInsufficient
        );
        assert_ok!(pack(bulk, kg(2), TIN, measure(20, "EA"), None));
    });
}

#[test]
fn pack_rejects_other_items() {
    run(|| {
        let bulk = tea("A1", 5);
        let leaf = leaf_at_factory("B1", 5);
        assert_noop!(pack(leaf, kg(2), TIN, measure(20, "EA"), None), Error::<Test>::NotPackOf);
        assert_noop!(pack(bulk, kg(2), DUST, kg(2), None), Error::<Test>::NotPackOf);
        assert_noop!(
            pack(bulk, kg(2), SEEDLING, measure(20, "EA"), None),
            Error::<Test>::NotLicensed
        );
        assert_noop!(pack(bulk, kg(2), TIN, kg(2), None), Error::<Test>::UnitMismatch);
        hold_by_samr(bulk);
        assert_noop!(pack(bulk, kg(2), TIN, measure(20, "EA"), None), Error::<Test>::BatchHeld);
    });
}

#[test]
fn pack_needs_a_licence() {
    run(|| {
        let bulk = tea("A1", 5);
        deliver(bulk, FACTORY, SHOP);
        let item = NewBatch { gtin: gtin(TIN), lot: lot("P1"), quantity: measure(10, "EA") };
        let from = Taken { batch: bulk, quantity: kg(1) };
        assert_noop!(
            Traceability::pack(by(SHOP), from, item.clone(), None, at_now()),
            Error::<Test>::NotLicensed
        );
        assert_ok!(Traceability::license_producer(by(FACTORY), gtin(TIN), SHOP, true));
        assert_ok!(Traceability::pack(by(SHOP), from, item, None, at_now()));
        assert_eq!(batch(TIN, "P1").producer, SHOP);
    });
}
