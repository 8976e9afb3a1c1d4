//! Shipping, receiving, rejecting.

use super::*;
use frame_support::{assert_noop, dispatch::DispatchResultWithPostInfo};

fn ship(from: u32, batch: BatchId, to: u32) -> DispatchResultWithPostInfo {
    let item = ShippedItem::Batch(batch);
    Traceability::ship(by(from), item, to, ShipPurpose::Delivery, at_now())
}

fn ship_back(from: u32, batch: BatchId, to: u32) -> DispatchResultWithPostInfo {
    let item = ShippedItem::Batch(batch);
    Traceability::ship(by(from), item, to, ShipPurpose::Return, at_now())
}

fn receive(
    to: u32,
    batch: BatchId,
    quantity: Measure,
    shortfall: Option<Shortfall>,
) -> DispatchResultWithPostInfo {
    Traceability::receive(by(to), batch, quantity, shortfall, ReceiveInto::Store, at_now())
}

fn returned(text: &str) -> Option<Shortfall> {
    Some(Shortfall::Returned { lot: lot(text) })
}

/// A unit of two leaf batches on its way from the garden to the factory.
fn shipped_unit() -> (Sscc, BatchId, BatchId) {
    let (first, second) = (harvest("A1", 1), harvest("A2", 2));
    let both = contents(&[first, second]);
    assert_ok!(Traceability::aggregate(by(GARDEN), sscc(1), both, at_now()));
    let item = ShippedItem::LogisticUnit(sscc(1));
    assert_ok!(Traceability::ship(by(GARDEN), item, FACTORY, ShipPurpose::Delivery, at_now()));
    (sscc(1), first, second)
}

#[test]
fn ship_works() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_ok!(ship(GARDEN, leaf, FACTORY));
        let shipped = batch(LEAF, "A1");
        assert_eq!((shipped.holder, shipped.stage), (GARDEN, Stage::InTransit));
        assert_eq!((shipped.quantities.on_hand, shipped.quantities.in_transit), (0, mg(10)));
        assert_eq!(shipped.transit.unwrap().consignee, FACTORY);
        assert!(has_event(Event::BatchShipped {
            batch: leaf,
            sender: GARDEN,
            consignee: FACTORY,
            quantity: mg(10),
        }));
        assert!(history_holds(leaf));
    });
}

#[test]
fn ship_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_noop!(ship(GARDEN, leaf, GARDEN), Error::<Test>::ConsigneeIsSender);
        for consignee in [LAB, SUSPENDED, 77] {
            assert_noop!(ship(GARDEN, leaf, consignee), Error::<Test>::NotTraceNode);
        }
        assert_noop!(ship(FACTORY, leaf, SHOP), Error::<Test>::NotHolder);
        assert_noop!(ship(LAB, leaf, SHOP), FORBIDDEN);
        assert_noop!(ship(GARDEN, id(LEAF, "Z"), SHOP), Error::<Test>::BatchNotFound);
        let item = ShippedItem::Batch(leaf);
        assert_noop!(
            Traceability::ship(by(GARDEN), item, SHOP, ShipPurpose::Delivery, at(START_MS - 1)),
            Error::<Test>::EventTimeNotMonotone
        );
        assert_noop!(ship_back(GARDEN, leaf, SHOP), Error::<Test>::NotProducer);
        hold_by_samr(leaf);
        assert_noop!(ship(GARDEN, leaf, SHOP), Error::<Test>::BatchHeld);
        assert_ok!(Traceability::release(by(SAMR), leaf, None));
        assert_ok!(ship(GARDEN, leaf, SHOP));
        assert_noop!(ship(GARDEN, leaf, SHOP), Error::<Test>::BatchNotAvailable);
        let packed = harvest("A2", 1);
        assert_ok!(Traceability::aggregate(by(GARDEN), sscc(1), contents(&[packed]), at_now()));
        assert_noop!(ship(GARDEN, packed, SHOP), Error::<Test>::InsideLogisticUnit);
    });
}

#[test]
fn ship_back_moves_recalled_goods_to_their_producer() {
    run(|| {
        let leaf = leaf_at_factory("A1", 10);
        recall_by_samr(leaf);
        assert_noop!(ship(FACTORY, leaf, SHOP), Error::<Test>::BatchRecalled);
        assert_noop!(ship_back(FACTORY, leaf, SHOP), Error::<Test>::NotProducer);
        assert_ok!(ship_back(FACTORY, leaf, GARDEN));
        // A recalled batch is not split by the way.
        assert_noop!(receive(GARDEN, leaf, kg(9), returned("A1-R")), Error::<Test>::BatchRecalled);
        assert_ok!(receive(GARDEN, leaf, kg(9), Some(Shortfall::Lost)));
        assert_eq!(batch(LEAF, "A1").holder, GARDEN);
    });
}

#[test]
fn receive_works() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_ok!(ship(GARDEN, leaf, SHOP));
        let into = ReceiveInto::Retail;
        assert_ok!(Traceability::receive(by(SHOP), leaf, kg(10), None, into, at_now()));
        let received = batch(LEAF, "A1");
        assert_eq!((received.holder, received.stage), (SHOP, Stage::Retail));
        assert_eq!((received.transit, received.quantities), (None, Quantities::new(mg(10))));
        assert!(has_event(Event::BatchReceived {
            batch: leaf,
            sender: GARDEN,
            holder: SHOP,
            quantity: mg(10),
            shortfall: 0,
        }));
        assert!(history_holds(leaf));
    });
}

#[test]
fn receive_declares_losses() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_ok!(ship(GARDEN, leaf, FACTORY));
        assert_ok!(receive(FACTORY, leaf, kg(8), Some(Shortfall::Lost)));
        let quantities = batch(LEAF, "A1").quantities;
        assert_eq!((quantities.on_hand, quantities.lost), (mg(8), mg(2)));
        assert!(has_event(Event::BatchReceived {
            batch: leaf,
            sender: GARDEN,
            holder: FACTORY,
            quantity: mg(8),
            shortfall: mg(2),
        }));
    });
}

#[test]
fn receive_leaves_the_rest_at_the_sender() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_ok!(ship(GARDEN, leaf, FACTORY));
        assert_ok!(receive(FACTORY, leaf, kg(8), returned("A1-R")));
        let (accepted, rest) = (batch(LEAF, "A1"), batch(LEAF, "A1-R"));
        assert_eq!((accepted.holder, accepted.quantities.on_hand), (FACTORY, mg(8)));
        assert_eq!((rest.holder, rest.quantities.on_hand), (GARDEN, mg(2)));
        assert_eq!((rest.stage, rest.producer), (Stage::Harvested, GARDEN));
        let derivation = Derivations::<Test>::get(id(LEAF, "A1-R")).unwrap();
        assert_eq!(derivation.kind, DerivationKind::Return);
        assert!(history_holds(leaf) && history_holds(id(LEAF, "A1-R")));
    });
}

#[test]
fn receive_boundary_quantity() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_ok!(ship(GARDEN, leaf, FACTORY));
        let more = measure(10_000_001, "MGM");
        assert_noop!(receive(FACTORY, leaf, more, None), Error::<Test>::ReceivedMoreThanShipped);
        assert_noop!(receive(FACTORY, leaf, kg(9), None), Error::<Test>::ShortfallInvalid);
        assert_noop!(
            receive(FACTORY, leaf, kg(10), Some(Shortfall::Lost)),
            Error::<Test>::ShortfallInvalid
        );
        assert_noop!(
            receive(FACTORY, leaf, kg(0), Some(Shortfall::Lost)),
            Error::<Test>::QuantityZero
        );
        assert_ok!(receive(FACTORY, leaf, measure(1, "MGM"), Some(Shortfall::Lost)));
        assert_eq!(batch(LEAF, "A1").quantities.on_hand, 1);
    });
}

#[test]
fn receive_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_noop!(receive(FACTORY, leaf, kg(10), None), Error::<Test>::NotInTransit);
        assert_noop!(receive(FACTORY, id(LEAF, "Z"), kg(10), None), Error::<Test>::BatchNotFound);
        assert_ok!(ship(GARDEN, leaf, FACTORY));
        assert_noop!(receive(SHOP, leaf, kg(10), None), Error::<Test>::NotConsignee);
        assert_noop!(receive(GARDEN, leaf, kg(10), None), Error::<Test>::NotConsignee);
        assert_noop!(
            receive(FACTORY, leaf, kg(9), returned("A1")),
            Error::<Test>::BatchAlreadyExists
        );
        assert_noop!(receive(FACTORY, leaf, kg(9), returned("")), Error::<Test>::InvalidLot);
        hold_by_samr(leaf);
        assert_noop!(receive(FACTORY, leaf, kg(10), None), Error::<Test>::BatchHeld);
        assert_ok!(Traceability::release(by(SAMR), leaf, None));
        recall_by_samr(leaf);
        assert_noop!(receive(FACTORY, leaf, kg(10), None), Error::<Test>::BatchRecalled);
    });
}

#[test]
fn reject_works() {
    run(|| {
        let leaf = harvest("A1", 10);
        for organisation in [FACTORY, GARDEN] {
            assert_ok!(ship(GARDEN, leaf, FACTORY));
            let item = ShippedItem::Batch(leaf);
            assert_ok!(Traceability::reject(by(organisation), item, at_now()));
            let back = batch(LEAF, "A1");
            assert_eq!((back.holder, back.stage), (GARDEN, Stage::Harvested));
            assert_eq!((back.transit, back.quantities), (None, Quantities::new(mg(10))));
            let by = organisation;
            assert!(has_event(Event::ShipmentRejected { batch: leaf, sender: GARDEN, by }));
        }
        assert!(history_holds(leaf));
    });
}

#[test]
fn reject_ends_shipments_of_stopped_batches() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_ok!(ship(GARDEN, leaf, FACTORY));
        hold_by_samr(leaf);
        recall_by_samr(leaf);
        assert_ok!(Traceability::reject(by(FACTORY), ShippedItem::Batch(leaf), at_now()));
    });
}

#[test]
fn reject_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 10);
        let reject = |by, item, context| Traceability::reject(by, item, context);
        let item = ShippedItem::Batch(leaf);
        assert_noop!(reject(by(GARDEN), item, at_now()), Error::<Test>::NotInTransit);
        let unknown = ShippedItem::Batch(id(LEAF, "Z"));
        assert_noop!(reject(by(GARDEN), unknown, at_now()), Error::<Test>::BatchNotFound);
        let unknown = ShippedItem::LogisticUnit(sscc(9));
        assert_noop!(reject(by(GARDEN), unknown, at_now()), Error::<Test>::LogisticUnitNotFound);
        assert_ok!(ship(GARDEN, leaf, FACTORY));
        assert_noop!(reject(by(SHOP), item, at_now()), Error::<Test>::NotConsignee);
        assert_noop!(
            reject(by(FACTORY), item, at(START_MS - 1)),
            Error::<Test>::EventTimeNotMonotone
        );
        assert_ok!(reject(by(FACTORY), item, at_now()));
        let (unit, ..) = {
            harvest("B0", 1);
            let leaf = harvest("B1", 1);
            assert_ok!(Traceability::aggregate(by(GARDEN), sscc(2), contents(&[leaf]), at_now()));
            (ShippedItem::LogisticUnit(sscc(2)), leaf)
        };
        assert_noop!(reject(by(GARDEN), unit, at_now()), Error::<Test>::NotInTransit);
    });
}

#[test]
fn ship_and_receive_unit_work() {
    run(|| {
        let (sscc, first, second) = shipped_unit();
        assert_eq!(batch(LEAF, "A2").stage, Stage::InTransit);
        let into = ReceiveInto::Store;
        assert_noop!(
            Traceability::receive_unit(by(SHOP), sscc, into, at_now()),
            Error::<Test>::NotConsignee
        );
        assert_ok!(Traceability::receive_unit(by(FACTORY), sscc, into, at_now()));
        let unit = LogisticUnits::<Test>::get(sscc).unwrap();
        assert_eq!((unit.holder, unit.consignee), (FACTORY, None));
        assert_eq!(batch(LEAF, "A1").holder, FACTORY);
        assert_eq!(batch(LEAF, "A2").unit, Some(sscc));
        assert!(history_holds(first) && history_holds(second));
        assert_noop!(
            Traceability::receive_unit(by(FACTORY), sscc, into, at_now()),
            Error::<Test>::NotInTransit
        );
    });
}

#[test]
fn ship_unit_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 1);
        let ship = |by, sscc| {
            let item = ShippedItem::LogisticUnit(sscc);
            Traceability::ship(by, item, FACTORY, ShipPurpose::Delivery, at_now())
        };
        assert_noop!(ship(by(GARDEN), sscc(1)), Error::<Test>::LogisticUnitNotFound);
        assert_ok!(Traceability::aggregate(by(GARDEN), sscc(1), contents(&[leaf]), at_now()));
        assert_noop!(ship(by(SHOP), sscc(1)), Error::<Test>::NotHolder);
        recall_by_samr(leaf);
        assert_noop!(ship(by(GARDEN), sscc(1)), Error::<Test>::BatchRecalled);
        assert_ok!(Traceability::disaggregate(by(GARDEN), sscc(1), contents(&[leaf]), at_now()));
        assert_noop!(ship(by(GARDEN), sscc(1)), Error::<Test>::SsccAlreadyUsed);
    });
}

#[test]
fn receive_takes_a_batch_out_of_its_unit() {
    run(|| {
        let (sscc, first, second) = shipped_unit();
        assert_ok!(receive(FACTORY, first, measure(500, "GRM"), returned("A1-R")));
        assert_eq!(batch(LEAF, "A1").unit, None);
        assert_eq!(LogisticUnits::<Test>::get(sscc).unwrap().contents, contents(&[second]));
        assert_ok!(Traceability::reject(by(FACTORY), ShippedItem::Batch(second), at_now()));
        let unit = LogisticUnits::<Test>::get(sscc).unwrap();
        assert!(unit.closed && unit.consignee.is_none());
        assert_eq!(batch(LEAF, "A2").holder, GARDEN);
    });
}

#[test]
fn reject_gives_a_unit_back_whole() {
    run(|| {
        let (sscc, ..) = shipped_unit();
        let item = ShippedItem::LogisticUnit(sscc);
        assert_noop!(Traceability::reject(by(SHOP), item, at_now()), Error::<Test>::NotConsignee);
        assert_ok!(Traceability::reject(by(FACTORY), item, at_now()));
        let unit = LogisticUnits::<Test>::get(sscc).unwrap();
        assert_eq!((unit.holder, unit.consignee), (GARDEN, None));
        assert_eq!(batch(LEAF, "A1").unit, Some(sscc));
    });
}

#[test]
fn receive_unit_stops_at_a_stopped_batch() {
    run(|| {
        let (sscc, first, _) = shipped_unit();
        hold_by_samr(first);
        let into = ReceiveInto::Store;
        assert_noop!(
            Traceability::receive_unit(by(FACTORY), sscc, into, at_now()),
            Error::<Test>::BatchHeld
        );
        assert_ok!(Traceability::reject(by(FACTORY), ShippedItem::Batch(first), at_now()));
        assert_ok!(Traceability::receive_unit(by(FACTORY), sscc, into, at_now()));
        assert_noop!(
            Traceability::receive_unit(by(FACTORY), super::sscc(7), into, at_now()),
            Error::<Test>::LogisticUnitNotFound
        );
    });
}

#[test]
fn transfer_weights_are_refunded() {
    run(|| {
        let leaf = harvest("A1", 1);
        let item = ShippedItem::Batch(leaf);
        let spent = Traceability::ship(by(GARDEN), item, SHOP, ShipPurpose::Delivery, at_now());
        assert_eq!(spent.unwrap().actual_weight, Some(<() as WeightInfo>::ship(1)));
    });
}
