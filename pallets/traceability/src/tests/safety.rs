//! Holds and releases.

use super::*;
use frame_support::assert_noop;

#[test]
fn hold_works() {
    run(|| {
        let leaf = harvest("A1", 1);
        assert_ok!(Traceability::hold(by(GARDEN), leaf, Some([3; 32])));
        let expected = Hold {
            authority: HoldAuthority::Holder,
            by: GARDEN,
            since: START_MS,
            reason: Some([3; 32]),
        };
        assert_eq!(batch(LEAF, "A1").hold, Some(expected));
        assert!(has_event(Event::BatchHeld { batch: leaf, authority: HoldAuthority::Holder }));
        // Market supervision takes it over.
        pass(5);
        hold_by_samr(leaf);
        let hold = batch(LEAF, "A1").hold.unwrap();
        assert_eq!((hold.authority, hold.by), (HoldAuthority::MarketSupervision, SAMR));
        assert_eq!(hold.since, START_MS + 5);
        assert!(history_holds(leaf));
    });
}

#[test]
fn hold_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 1);
        let hold = |by, batch| Traceability::hold(by, batch, None);
        assert_noop!(hold(by(GARDEN), id(LEAF, "Z")), Error::<Test>::BatchNotFound);
        assert_noop!(hold(by(SHOP), leaf), FORBIDDEN);
        assert_noop!(hold(by(LAB), leaf), FORBIDDEN);
        // The holder is at home in Lishui.
        assert_noop!(hold(by(SAMR_HUANGSHAN), leaf), FORBIDDEN);
        assert_ok!(hold(by(GARDEN), leaf));
        assert_noop!(hold(by(GARDEN), leaf), Error::<Test>::AlreadyHeld);
        assert_ok!(hold(by(SAMR), leaf));
        assert_noop!(hold(by(SAMR), leaf), Error::<Test>::AlreadyHeld);
        assert_noop!(hold(by(GARDEN), leaf), Error::<Test>::AlreadyHeld);
    });
}

#[test]
fn market_supervision_acts_in_its_region() {
    run(|| {
        let license =
            Traceability::license_producer(by(GARDEN), gtin(LEAF), GARDEN_HUANGSHAN, true);
        assert_ok!(license);
        let (who, name) = (by(GARDEN_HUANGSHAN), lot("H1"));
        assert_ok!(Traceability::produce(who, gtin(LEAF), name, kg(1), 2, at_now()));
        let leaf = id(LEAF, "H1");
        assert_ok!(Traceability::hold(by(SAMR_HUANGSHAN), leaf, None));
        assert_ok!(Traceability::release(by(SAMR_HUANGSHAN), leaf, None));
        assert_ok!(Traceability::recall(by(SAMR_HUANGSHAN), leaf, 3, [1; 32]));
        let here = harvest("A1", 1);
        assert_noop!(Traceability::recall(by(SAMR_HUANGSHAN), here, 3, [1; 32]), FORBIDDEN);
        recall_by_samr(here);
        assert_noop!(Traceability::lift_recall(by(SAMR_HUANGSHAN), 1, [1; 32]), FORBIDDEN);
    });
}

#[test]
fn release_works() {
    run(|| {
        let leaf = harvest("A1", 1);
        assert_ok!(Traceability::hold(by(GARDEN), leaf, None));
        assert_ok!(Traceability::release(by(GARDEN), leaf, None));
        assert_eq!(batch(LEAF, "A1").hold, None);
        assert!(has_event(Event::BatchReleased { batch: leaf, by: GARDEN }));
        assert_ok!(Traceability::hold(by(GARDEN), leaf, None));
        assert_ok!(Traceability::release(by(SAMR), leaf, None));
        assert_ok!(Traceability::sell(by(GARDEN), leaf, kg(1), at_now()));
        assert!(history_holds(leaf));
    });
}

#[test]
fn release_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 1);
        let release = |by| Traceability::release(by, leaf, None);
        assert_noop!(release(by(GARDEN)), Error::<Test>::NotHeld);
        assert_noop!(
            Traceability::release(by(GARDEN), id(LEAF, "Z"), None),
            Error::<Test>::BatchNotFound
        );
        hold_by_samr(leaf);
        assert_noop!(release(by(GARDEN)), Error::<Test>::MarketSupervisionOnly);
        assert_noop!(release(by(SHOP)), FORBIDDEN);
        assert_ok!(release(by(SAMR)));
        assert_ok!(Traceability::record_test(by(LAB), leaf, false, START_MS, [5; 32], at_now()));
        assert_noop!(release(by(GARDEN)), Error::<Test>::MarketSupervisionOnly);
        assert_ok!(release(by(SAMR)));
    });
}

#[test]
fn acts_of_authority_do_not_wait_for_event_time() {
    run(|| {
        // The latest event is ahead of block time, within the skew.
        let context = at(START_MS + 30_000);
        assert_ok!(Traceability::produce(by(GARDEN), gtin(LEAF), lot("A1"), kg(1), 0, context));
        hold_by_samr(id(LEAF, "A1"));
        assert_eq!(batch(LEAF, "A1").last_event_time, START_MS + 30_000);
        assert!(history_holds(id(LEAF, "A1")));
    });
}

#[test]
fn other_pallets_ask_whether_a_batch_is_stopped() {
    run(|| {
        let ask = Traceability::ensure_neither_held_nor_recalled;
        let (held, recalled) = (harvest("A1", 1), harvest("A2", 1));
        assert_ok!(ask(held));
        hold_by_samr(held);
        recall_by_samr(recalled);
        assert_noop!(ask(held), Error::<Test>::BatchHeld);
        assert_noop!(ask(recalled), Error::<Test>::BatchRecalled);
        assert_noop!(ask(id(LEAF, "Z")), Error::<Test>::BatchNotFound);
    });
}
