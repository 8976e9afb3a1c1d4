//! Selling, taking back, observing, losing, destroying.

use super::*;
use frame_support::assert_noop;

fn ea(pieces: u128) -> Measure {
    measure(pieces, "EA")
}

#[test]
fn sell_works() {
    run(|| {
        let tins = tins("A1", 10);
        assert_ok!(Traceability::sell(by(FACTORY), tins, ea(9), at_now()));
        assert_eq!(batch(TIN, "A1").stage, Stage::Packed);
        assert_ok!(Traceability::sell(by(FACTORY), tins, ea(1), at_now()));
        assert_eq!(batch(TIN, "A1").stage, Stage::Sold);
        assert_eq!(batch(TIN, "A1").quantities.sold, 10);
        assert!(has_event(Event::BatchSold { batch: tins, quantity: 9 }));
        assert!(history_holds(tins));
        assert_noop!(
            Traceability::sell(by(FACTORY), tins, ea(1), at_now()),
            Error::<Test>::BatchNotAvailable
        );
    });
}

#[test]
fn sell_rejects_bad_input() {
    run(|| {
        let tins = tins("A1", 10);
        let sell = |by, quantity| Traceability::sell(by, tins, quantity, at_now());
        assert_noop!(sell(by(FACTORY), ea(11)), Error::<Test>::QuantityInsufficient);
        assert_noop!(sell(by(FACTORY), ea(0)), Error::<Test>::QuantityZero);
        assert_noop!(sell(by(FACTORY), kg(1)), Error::<Test>::UnitMismatch);
        assert_noop!(sell(by(SHOP), ea(1)), Error::<Test>::NotHolder);
        assert_noop!(sell(RuntimeOrigin::signed(STRANGER), ea(1)), FORBIDDEN);
        recall_by_samr(tins);
        assert_noop!(sell(by(FACTORY), ea(1)), Error::<Test>::BatchRecalled);
    });
}

#[test]
fn take_back_works() {
    run(|| {
        let tins = tins("A1", 10);
        assert_ok!(Traceability::sell(by(FACTORY), tins, ea(10), at_now()));
        assert_ok!(Traceability::take_back(by(FACTORY), tins, ea(3), at_now()));
        let back = batch(TIN, "A1");
        assert_eq!((back.stage, back.quantities.on_hand), (Stage::Retail, 3));
        assert_eq!(back.quantities.sold, 7);
        assert!(has_event(Event::BatchTakenBack { batch: tins, quantity: 3 }));
        // Also when the batch is recalled; then they are destroyed.
        recall_by_samr(tins);
        assert_ok!(Traceability::take_back(by(FACTORY), tins, ea(7), at_now()));
        assert_ok!(Traceability::destroy(by(FACTORY), tins, ea(10), at_now()));
        assert_eq!(batch(TIN, "A1").stage, Stage::Destroyed);
        assert!(history_holds(tins));
    });
}

#[test]
fn take_back_rejects_bad_input() {
    run(|| {
        let tins = tins("A1", 10);
        let take_back = |by, quantity| Traceability::take_back(by, tins, quantity, at_now());
        assert_noop!(take_back(by(FACTORY), ea(1)), Error::<Test>::NotSold);
        assert_ok!(Traceability::sell(by(FACTORY), tins, ea(2), at_now()));
        assert_noop!(take_back(by(FACTORY), ea(3)), Error::<Test>::QuantityInsufficient);
        assert_noop!(take_back(by(SHOP), ea(1)), Error::<Test>::NotHolder);
        assert_noop!(
            Traceability::take_back(by(FACTORY), tins, ea(1), at(START_MS - 1)),
            Error::<Test>::EventTimeNotMonotone
        );
        let item = ShippedItem::Batch(tins);
        let purpose = ShipPurpose::Delivery;
        assert_ok!(Traceability::ship(by(FACTORY), item, SHOP, purpose, at_now()));
        assert_noop!(take_back(by(FACTORY), ea(1)), Error::<Test>::NotSold);
    });
}

#[test]
fn observe_works() {
    run(|| {
        let leaf = harvest("A1", 1);
        let observe = |step, disposition| {
            Traceability::observe(by(GARDEN), leaf, step, disposition, at_now())
        };
        assert_ok!(observe(BizStep::Storing, Disposition::InProgress));
        assert_eq!(batch(LEAF, "A1").stage, Stage::Stored);
        assert_ok!(observe(BizStep::Loading, Disposition::InProgress));
        assert_eq!(batch(LEAF, "A1").stage, Stage::Stored);
        assert_ok!(observe(BizStep::Stocking, Disposition::SellableAccessible));
        assert_eq!(batch(LEAF, "A1").stage, Stage::Retail);
        let biz_step = BizStep::Stocking;
        assert!(has_event(Event::BatchObserved { batch: leaf, biz_step }));
        assert!(history_holds(leaf));
    });
}

#[test]
fn observe_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 1);
        let observe =
            |by, step| Traceability::observe(by, leaf, step, Disposition::InProgress, at_now());
        for step in [BizStep::Shipping, BizStep::Destroying, BizStep::Packing, BizStep::Inspecting]
        {
            assert_noop!(observe(by(GARDEN), step), Error::<Test>::BizStepNotObservation);
        }
        assert_noop!(observe(by(SHOP), BizStep::Storing), Error::<Test>::NotHolder);
        hold_by_samr(leaf);
        assert_noop!(observe(by(GARDEN), BizStep::Storing), Error::<Test>::BatchHeld);
    });
}

#[test]
fn record_loss_works() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_ok!(Traceability::record_loss(by(GARDEN), leaf, kg(4), at_now()));
        let quantities = batch(LEAF, "A1").quantities;
        assert_eq!((quantities.on_hand, quantities.lost), (mg(6), mg(4)));
        assert!(has_event(Event::LossRecorded { batch: leaf, quantity: mg(4) }));
        assert_ok!(Traceability::record_loss(by(GARDEN), leaf, kg(6), at_now()));
        assert_eq!(batch(LEAF, "A1").stage, Stage::Destroyed);
        assert!(history_holds(leaf));
    });
}

#[test]
fn record_loss_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 10);
        let lose = |by, quantity| Traceability::record_loss(by, leaf, quantity, at_now());
        assert_noop!(lose(by(GARDEN), kg(11)), Error::<Test>::QuantityInsufficient);
        assert_noop!(lose(by(SHOP), kg(1)), Error::<Test>::NotHolder);
        // What is stopped is evidence: it is destroyed under record, not lost.
        hold_by_samr(leaf);
        assert_noop!(lose(by(GARDEN), kg(1)), Error::<Test>::BatchHeld);
    });
}

#[test]
fn destroy_works() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_ok!(Traceability::destroy(by(GARDEN), leaf, kg(4), at_now()));
        assert_eq!(batch(LEAF, "A1").quantities.destroyed, mg(4));
        assert!(has_event(Event::BatchDestroyed { batch: leaf, quantity: mg(4), by: GARDEN }));
        assert_ok!(Traceability::destroy(by(GARDEN), leaf, kg(6), at_now()));
        assert_eq!(batch(LEAF, "A1").stage, Stage::Destroyed);
        assert!(history_holds(leaf));
    });
}

#[test]
fn destroy_by_market_supervision_works() {
    run(|| {
        let (held, recalled) = (harvest("A1", 10), harvest("A2", 10));
        hold_by_samr(held);
        assert_noop!(
            Traceability::destroy(by(GARDEN), held, kg(1), at_now()),
            Error::<Test>::MarketSupervisionOnly
        );
        assert_ok!(Traceability::destroy(by(SAMR), held, kg(10), at_now()));
        recall_by_samr(recalled);
        assert_ok!(Traceability::destroy(by(SAMR), recalled, kg(10), at_now()));
        assert!(has_event(Event::BatchDestroyed { batch: held, quantity: mg(10), by: SAMR }));
    });
}

#[test]
fn destroy_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 10);
        let destroy = |by, batch, quantity| Traceability::destroy(by, batch, quantity, at_now());
        assert_noop!(destroy(by(GARDEN), leaf, kg(11)), Error::<Test>::QuantityInsufficient);
        assert_noop!(destroy(by(GARDEN), id(LEAF, "Z"), kg(1)), Error::<Test>::BatchNotFound);
        assert_noop!(destroy(by(SAMR), leaf, kg(1)), Error::<Test>::NotUnderMarketSupervision);
        assert_noop!(destroy(by(SHOP), leaf, kg(1)), FORBIDDEN);
        assert_noop!(
            Traceability::destroy(by(GARDEN), leaf, kg(1), at(START_MS - 1)),
            Error::<Test>::EventTimeNotMonotone
        );
        assert_ok!(Traceability::aggregate(by(GARDEN), sscc(1), contents(&[leaf]), at_now()));
        assert_noop!(destroy(by(GARDEN), leaf, kg(1)), Error::<Test>::InsideLogisticUnit);
        assert_ok!(Traceability::disaggregate(by(GARDEN), sscc(1), contents(&[leaf]), at_now()));
        assert_ok!(destroy(by(GARDEN), leaf, kg(10)));
        assert_noop!(destroy(by(GARDEN), leaf, kg(1)), Error::<Test>::BatchNotAvailable);
    });
}

#[test]
fn destroy_works_on_what_failed_a_test() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_ok!(Traceability::record_test(by(LAB), leaf, false, START_MS, [5; 32], at_now()));
        assert_ok!(Traceability::destroy(by(GARDEN), leaf, kg(10), at_now()));
    });
}
