//! Splits and merges.

use super::*;
use frame_support::assert_noop;

#[test]
fn split_works() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_ok!(Traceability::record_test(by(LAB), leaf, true, START_MS, [5; 32], at_now()));
        let amounts = parts(&[("A1-1", kg(3)), ("A1-2", kg(4))]);
        assert_ok!(Traceability::split(by(GARDEN), leaf, amounts, at_now()));
        let parent = batch(LEAF, "A1");
        assert_eq!((parent.quantities.on_hand, parent.quantities.consumed), (mg(3), mg(7)));
        let part = batch(LEAF, "A1-2");
        assert_eq!(part.quantities, Quantities::new(mg(4)));
        assert_eq!((part.stage, part.producer), (Stage::Harvested, GARDEN));
        assert_eq!(part.test, parent.test);
        assert_eq!(part.produced_at, parent.produced_at);
        assert!(history_holds(id(LEAF, "A1-1")));
        let derivation = Derivations::<Test>::get(id(LEAF, "A1-1")).unwrap();
        assert_eq!((derivation.kind, derivation.loss), (DerivationKind::Split, 0));
    });
}

#[test]
fn split_boundary_whole() {
    run(|| {
        let leaf = harvest("A1", 10);
        let split = |amounts: &[(&str, Measure)]| {
            Traceability::split(by(GARDEN), leaf, parts(amounts), at_now())
        };
        assert_noop!(
            split(&[("B1", kg(5)), ("B2", measure(5_000_001, "MGM"))]),
            Error::<Test>::QuantityInsufficient
        );
        assert_ok!(split(&[("B1", kg(5)), ("B2", kg(5))]));
        assert_eq!(batch(LEAF, "A1").stage, Stage::Consumed);
        assert_noop!(split(&[("B3", kg(1))]), Error::<Test>::BatchNotAvailable);
    });
}

#[test]
fn split_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 10);
        let split = |by, batch, amounts: &[(&str, Measure)]| {
            Traceability::split(by, batch, parts(amounts), at_now())
        };
        let fine = [("B1", kg(1))];
        assert_noop!(split(by(GARDEN), leaf, &[]), Error::<Test>::TooFewBatches);
        assert_noop!(
            split(by(GARDEN), leaf, &[("B1", kg(1)), ("B1", kg(1))]),
            Error::<Test>::DuplicateBatch
        );
        assert_noop!(split(by(GARDEN), leaf, &[("A1", kg(1))]), Error::<Test>::BatchAlreadyExists);
        assert_noop!(split(by(GARDEN), leaf, &[("B1", kg(0))]), Error::<Test>::QuantityZero);
        assert_noop!(split(by(GARDEN), leaf, &[("B?", kg(1))]), Error::<Test>::InvalidLot);
        assert_noop!(split(by(FACTORY), leaf, &fine), Error::<Test>::NotHolder);
        assert_noop!(split(by(GARDEN), id(LEAF, "Z"), &fine), Error::<Test>::BatchNotFound);
        assert_noop!(
            Traceability::split(by(GARDEN), leaf, parts(&fine), at(START_MS - 1)),
            Error::<Test>::EventTimeNotMonotone
        );
        hold_by_samr(leaf);
        assert_noop!(split(by(GARDEN), leaf, &fine), Error::<Test>::BatchHeld);
    });
}

#[test]
fn merge_works() {
    run(|| {
        let first = harvest("A1", 10);
        let (gtin, second) = (gtin(LEAF), lot("B1"));
        assert_ok!(Traceability::produce(by(GARDEN), gtin, second, kg(5), 1, at_now()));
        let inputs = taken(&[(id(LEAF, "B1"), kg(5)), (first, kg(4))]);
        assert_ok!(Traceability::merge(by(GARDEN), inputs, lot("M1"), at_now()));
        let mixed = batch(LEAF, "M1");
        assert_eq!(mixed.quantities, Quantities::new(mg(9)));
        assert_eq!(mixed.origins.to_vec(), vec![0, 1]);
        assert_eq!((mixed.producer, mixed.stage), (GARDEN, Stage::Harvested));
        assert_eq!(mixed.test, None);
        assert_eq!(batch(LEAF, "B1").stage, Stage::Consumed);
        assert_eq!(batch(LEAF, "A1").quantities.on_hand, mg(6));
        assert!(history_holds(id(LEAF, "M1")));
    });
}

#[test]
fn merge_of_different_stages_is_stored() {
    run(|| {
        let (stored, fresh) = (harvest("A1", 1), harvest("A2", 1));
        assert_ok!(Traceability::observe(
            by(GARDEN),
            stored,
            BizStep::Stocking,
            Disposition::SellableAccessible,
            at_now()
        ));
        let inputs = taken(&[(stored, kg(1)), (fresh, kg(1))]);
        assert_ok!(Traceability::merge(by(GARDEN), inputs, lot("M1"), at_now()));
        assert_eq!(batch(LEAF, "M1").stage, Stage::Stored);
    });
}

#[test]
fn merge_rejects_bad_input() {
    run(|| {
        let (first, second) = (leaf_at_factory("A1", 10), leaf_at_factory("A2", 10));
        let bulk = tea("A3", 1);
        let merge = |amounts: &[(BatchId, Measure)], text: &str| {
            Traceability::merge(by(FACTORY), taken(amounts), lot(text), at_now())
        };
        let both = [(first, kg(1)), (second, kg(1))];
        assert_noop!(merge(&[(first, kg(1))], "M1"), Error::<Test>::TooFewBatches);
        assert_noop!(merge(&[(first, kg(1)), (bulk, kg(1))], "M1"), Error::<Test>::ProductsDiffer);
        assert_noop!(merge(&[(first, kg(1)), (first, kg(1))], "M1"), Error::<Test>::DuplicateBatch);
        assert_noop!(merge(&both, "A1"), Error::<Test>::BatchAlreadyExists);
        assert_noop!(
            merge(&[(first, kg(1)), (second, kg(11))], "M1"),
            Error::<Test>::QuantityInsufficient
        );
        hold_by_samr(second);
        assert_noop!(merge(&both, "M1"), Error::<Test>::BatchHeld);
    });
}

#[test]
fn merge_rejects_more_than_the_largest_quantity() {
    run(|| {
        let (first, second) = (harvest("A1", 1_000_000_000_000), harvest("A2", 1));
        let inputs = taken(&[(first, kg(1_000_000_000_000)), (second, kg(1))]);
        assert_noop!(
            Traceability::merge(by(GARDEN), inputs, lot("M1"), at_now()),
            Error::<Test>::QuantityTooLarge
        );
    });
}

#[test]
fn merge_boundary_origins() {
    run(|| {
        let mut merged = Vec::new();
        for group in 0..5u32 {
            let mut amounts = Vec::new();
            for n in 0..if group == 4 { 2 } else { 16 } {
                assert_ok!(Traceability::register_place(by(GARDEN), LISHUI, None, 1));
                let place = NextPlaceId::<Test>::get() - 1;
                let text = format!("P{group}-{n}");
                let (gtin, name) = (gtin(LEAF), lot(&text));
                assert_ok!(Traceability::produce(by(GARDEN), gtin, name, kg(1), place, at_now()));
                amounts.push((id(LEAF, &text), kg(1)));
            }
            let text = format!("M{group}");
            let inputs = taken(&amounts);
            assert_ok!(Traceability::merge(by(GARDEN), inputs, lot(&text), at_now()));
            merged.push((id(LEAF, &text), kg(1)));
        }
        let merge = |amounts: &[(BatchId, Measure)], text: &str| {
            Traceability::merge(by(GARDEN), taken(amounts), lot(text), at_now())
        };
        assert_noop!(merge(&merged, "X1"), Error::<Test>::TooManyOrigins);
        assert_ok!(merge(&merged[..4], "X1"));
        assert_eq!(batch(LEAF, "X1").origins.len(), 64);
    });
}
