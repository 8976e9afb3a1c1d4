//! Logistic units.

use super::*;
use frame_support::assert_noop;

#[test]
fn aggregate_works() {
    run(|| {
        let (first, second) = (harvest("A1", 1), harvest("A2", 1));
        assert_ok!(Traceability::aggregate(by(GARDEN), sscc(1), contents(&[first]), at_now()));
        assert_ok!(Traceability::aggregate(by(GARDEN), sscc(1), contents(&[second]), at_now()));
        let unit = LogisticUnits::<Test>::get(sscc(1)).unwrap();
        assert_eq!(unit.contents, contents(&[first, second]));
        assert_eq!((unit.holder, unit.consignee, unit.closed), (GARDEN, None, false));
        assert_eq!(batch(LEAF, "A1").unit, Some(sscc(1)));
        assert!(history_holds(first));
        let batches = contents(&[second]);
        assert!(has_event(Event::Aggregated { sscc: sscc(1), batches }));
    });
}

#[test]
fn aggregate_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 1);
        let aggregate = |by, sscc, batches: &[BatchId]| {
            Traceability::aggregate(by, sscc, contents(batches), at_now())
        };
        assert_noop!(aggregate(by(GARDEN), sscc(1), &[]), Error::<Test>::TooFewBatches);
        assert_noop!(aggregate(by(GARDEN), sscc(1), &[leaf, leaf]), Error::<Test>::DuplicateBatch);
        assert_noop!(
            aggregate(by(GARDEN), Sscc(*b"376104250021234568"), &[leaf]),
            Error::<Test>::InvalidGs1Key
        );
        assert_noop!(
            aggregate(by(GARDEN), sscc(1), &[id(LEAF, "Z")]),
            Error::<Test>::BatchNotFound
        );
        assert_noop!(aggregate(by(FACTORY), sscc(1), &[leaf]), Error::<Test>::NotHolder);
        assert_ok!(aggregate(by(GARDEN), sscc(1), &[leaf]));
        assert_noop!(aggregate(by(GARDEN), sscc(2), &[leaf]), Error::<Test>::InsideLogisticUnit);
        let others = leaf_at_factory("B1", 1);
        assert_noop!(aggregate(by(FACTORY), sscc(1), &[others]), Error::<Test>::NotHolder);
        let held = harvest("A2", 1);
        hold_by_samr(held);
        assert_noop!(aggregate(by(GARDEN), sscc(1), &[held]), Error::<Test>::BatchHeld);
    });
}

#[test]
fn aggregate_boundary_full() {
    run(|| {
        let batches: Vec<_> = (0..33).map(|n| harvest(&format!("A{n}"), 1)).collect();
        let full = contents(&batches[..32]);
        assert_ok!(Traceability::aggregate(by(GARDEN), sscc(1), full, at_now()));
        assert_noop!(
            Traceability::aggregate(by(GARDEN), sscc(1), contents(&batches[32..]), at_now()),
            Error::<Test>::LogisticUnitFull
        );
    });
}

#[test]
fn disaggregate_works() {
    run(|| {
        let (first, second) = (harvest("A1", 1), harvest("A2", 1));
        let both = contents(&[first, second]);
        assert_ok!(Traceability::aggregate(by(GARDEN), sscc(1), both, at_now()));
        assert_ok!(Traceability::disaggregate(by(GARDEN), sscc(1), contents(&[first]), at_now()));
        assert_eq!(batch(LEAF, "A1").unit, None);
        assert!(!LogisticUnits::<Test>::get(sscc(1)).unwrap().closed);
        let batches = contents(&[first]);
        assert!(has_event(Event::Disaggregated { sscc: sscc(1), batches }));
        assert_ok!(Traceability::disaggregate(by(GARDEN), sscc(1), contents(&[second]), at_now()));
        assert!(LogisticUnits::<Test>::get(sscc(1)).unwrap().closed);
        // An SSCC is never used again.
        assert_noop!(
            Traceability::aggregate(by(GARDEN), sscc(1), contents(&[first]), at_now()),
            Error::<Test>::SsccAlreadyUsed
        );
    });
}

#[test]
fn disaggregate_frees_recalled_batches() {
    run(|| {
        let leaf = harvest("A1", 1);
        assert_ok!(Traceability::aggregate(by(GARDEN), sscc(1), contents(&[leaf]), at_now()));
        recall_by_samr(leaf);
        assert_ok!(Traceability::disaggregate(by(GARDEN), sscc(1), contents(&[leaf]), at_now()));
    });
}

#[test]
fn disaggregate_rejects_bad_input() {
    run(|| {
        let (leaf, loose) = (harvest("A1", 1), harvest("A2", 1));
        assert_ok!(Traceability::aggregate(by(GARDEN), sscc(1), contents(&[leaf]), at_now()));
        let disaggregate = |by, sscc, batches: &[BatchId]| {
            Traceability::disaggregate(by, sscc, contents(batches), at_now())
        };
        assert_noop!(disaggregate(by(GARDEN), sscc(1), &[]), Error::<Test>::TooFewBatches);
        assert_noop!(disaggregate(by(GARDEN), sscc(1), &[loose]), Error::<Test>::NotInLogisticUnit);
        assert_noop!(
            disaggregate(by(GARDEN), sscc(2), &[leaf]),
            Error::<Test>::LogisticUnitNotFound
        );
        assert_noop!(disaggregate(by(FACTORY), sscc(1), &[leaf]), Error::<Test>::NotHolder);
        assert_noop!(
            disaggregate(by(GARDEN), sscc(1), &[leaf, leaf]),
            Error::<Test>::DuplicateBatch
        );
        assert_noop!(
            Traceability::disaggregate(by(GARDEN), sscc(1), contents(&[leaf]), at(START_MS - 1)),
            Error::<Test>::EventTimeNotMonotone
        );
        let unit = ShippedItem::LogisticUnit(sscc(1));
        assert_ok!(Traceability::ship(by(GARDEN), unit, FACTORY, ShipPurpose::Delivery, at_now()));
        assert_noop!(
            disaggregate(by(GARDEN), sscc(1), &[leaf]),
            Error::<Test>::LogisticUnitInTransit
        );
    });
}
