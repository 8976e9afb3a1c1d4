//! Growing, farm inputs, harvest.

use super::*;
use frame_support::assert_noop;

fn grow(text: &str) -> BatchId {
    assert_ok!(Traceability::register_batch(by(GARDEN), gtin(LEAF), lot(text), 0, at_now()));
    id(LEAF, text)
}

fn produce(text: &str, quantity: Measure, place: PlaceId) -> sp_runtime::DispatchResult {
    Traceability::produce(by(GARDEN), gtin(LEAF), lot(text), quantity, place, at_now())
}

#[test]
fn register_batch_works() {
    run(|| {
        let batch_id = grow("A1");
        let growing = batch(LEAF, "A1");
        assert_eq!((growing.stage, growing.holder), (Stage::Growing, GARDEN));
        assert_eq!(growing.quantities, Quantities::default());
        assert!(history_holds(batch_id));
        assert!(has_event(Event::BatchRegistered {
            batch: batch_id,
            gtin: gtin(LEAF),
            lot: lot("A1"),
            producer: GARDEN,
        }));
    });
}

#[test]
fn register_batch_rejects_bad_input() {
    run(|| {
        let register = |by, product: &str, text: &str, place, context| {
            Traceability::register_batch(by, gtin(product), lot(text), place, context)
        };
        grow("A1");
        assert_noop!(
            register(by(GARDEN), LEAF, "A1", 0, at_now()),
            Error::<Test>::BatchAlreadyExists
        );
        assert_noop!(register(by(GARDEN), LEAF, "A 2", 0, at_now()), Error::<Test>::InvalidLot);
        assert_noop!(register(by(GARDEN), LEAF, "", 0, at_now()), Error::<Test>::InvalidLot);
        assert_noop!(register(by(GARDEN), TEA, "A2", 0, at_now()), Error::<Test>::NotLicensed);
        assert_noop!(
            register(by(GARDEN), "06901234000993", "A2", 0, at_now()),
            Error::<Test>::ProductNotFound
        );
        assert_noop!(register(by(GARDEN), LEAF, "A2", 9, at_now()), Error::<Test>::PlaceNotFound);
        assert_noop!(register(by(GARDEN), LEAF, "A2", 2, at_now()), Error::<Test>::WrongPlace);
        assert_noop!(register(by(GARDEN_HUANGSHAN), LEAF, "A2", 0, at_now()), FORBIDDEN);
        assert_noop!(
            register(by(GARDEN), LEAF, "A2", 0, at(START_MS + 30_001)),
            Error::<Test>::EventTimeInFuture
        );
        let context = EventContext { read_point: Some(Gln(*b"6291041500214")), ..at_now() };
        assert_noop!(register(by(GARDEN), LEAF, "A2", 0, context), Error::<Test>::InvalidGs1Key);
        assert_ok!(register(by(GARDEN), LEAF, "A2", 0, at(START_MS + 30_000)));
    });
}

#[test]
fn use_input_delays_harvest() {
    run(|| {
        let batch_id = grow("A1");
        assert_ok!(Traceability::use_input(by(GARDEN), batch_id, PESTICIDE, at_now()));
        assert!(has_event(Event::InputUsed {
            batch: batch_id,
            input: PESTICIDE,
            earliest_harvest: START_MS + 7 * DAY_MS,
        }));
        // An input without interval does not shorten it.
        assert_ok!(Traceability::use_input(by(GARDEN), batch_id, MANURE, at_now()));
        assert_noop!(produce("A1", kg(1), 0), Error::<Test>::PreHarvestInterval);
        // Nor does harvesting the field under another name.
        assert_noop!(produce("A2", kg(1), 0), Error::<Test>::PreHarvestInterval);
        assert_ok!(produce("B1", kg(1), 1));
        pass(7 * DAY_MS - 1);
        assert_noop!(produce("A1", kg(1), 0), Error::<Test>::PreHarvestInterval);
        pass(1);
        assert_ok!(produce("A1", kg(1), 0));
        assert!(history_holds(batch_id));
    });
}

#[test]
fn use_input_rejects_bad_input() {
    run(|| {
        let batch_id = grow("A1");
        let harvested = harvest("B1", 1);
        let use_input = |by, batch, input| Traceability::use_input(by, batch, input, at_now());
        assert_noop!(use_input(by(GARDEN), harvested, MANURE), Error::<Test>::NotGrowing);
        assert_noop!(use_input(by(GARDEN), batch_id, 77), Error::<Test>::FarmInputNotFound);
        assert_noop!(use_input(by(FACTORY), batch_id, MANURE), Error::<Test>::NotHolder);
        assert_noop!(use_input(by(GARDEN), id(LEAF, "Z"), MANURE), Error::<Test>::BatchNotFound);
        assert_noop!(
            Traceability::use_input(by(GARDEN), batch_id, MANURE, at(START_MS - 1)),
            Error::<Test>::EventTimeNotMonotone
        );
        FarmInputs::<Test>::mutate(PESTICIDE, |input| input.as_mut().unwrap().permitted = false);
        assert_noop!(use_input(by(GARDEN), batch_id, PESTICIDE), Error::<Test>::FarmInputForbidden);
    });
}

#[test]
fn use_input_rejects_inconsistent_state() {
    new_test_ext().execute_with(|| {
        let batch_id = grow("A1");
        Batches::<Test>::mutate(batch_id, |batch| batch.as_mut().unwrap().origins = Origins::new());
        assert_noop!(
            Traceability::use_input(by(GARDEN), batch_id, MANURE, at_now()),
            Error::<Test>::Inconsistent
        );
    });
}

#[test]
fn produce_works() {
    run(|| {
        let batch_id = harvest("A1", 120);
        let made = batch(LEAF, "A1");
        assert_eq!(made.stage, Stage::Harvested);
        assert_eq!(made.quantities, Quantities::new(mg(120)));
        assert_eq!(made.declared, kg(120));
        assert_eq!(made.origins.to_vec(), vec![0]);
        assert_eq!((made.producer, made.holder), (GARDEN, GARDEN));
        assert_eq!(made.rule_set, CurrentRuleSet::<Test>::get().version);
        assert!(history_holds(batch_id));
        assert!(has_event(Event::BatchProduced {
            batch: batch_id,
            gtin: gtin(LEAF),
            lot: lot("A1"),
            producer: GARDEN,
            quantity: mg(120),
        }));
    });
}

#[test]
fn produce_records_an_epcis_event() {
    run(|| {
        let context = EventContext {
            event_time: START_MS - 5,
            read_point: Gln::parse("6291041500213"),
            document: Some([7; 32]),
        };
        let quantity = Measure { value: 125, decimals: 1, unit: UnitCode(*b"KGM") };
        let (gtin, text) = (gtin(LEAF), lot("A1"));
        assert_ok!(Traceability::produce(by(GARDEN), gtin, text, quantity, 0, context));
        let event = TraceEvent {
            event_type: EventType::ObjectEvent,
            action: Action::Add,
            biz_step: BizStep::Commissioning,
            disposition: Disposition::Active,
            event_time: START_MS - 5,
            record_time: START_MS,
            read_point: context.read_point,
            quantity: 12_500_000,
            unit: BaseUnit::Milligram,
            organisation: GARDEN,
            counterparty: None,
            reference: None,
            document: Some([7; 32]),
        };
        let history = sp_io::hashing::sha2_256(&codec::Encode::encode(&([0u8; 32], event)));
        assert!(has_event(Event::TraceEventRecorded {
            batch: id(LEAF, "A1"),
            sequence: 0,
            event,
            history,
        }));
        assert_eq!(batch(LEAF, "A1").history, history);
    });
}

#[test]
fn producing_shipping_and_receiving_write_the_batch_alone() {
    run(|| {
        let mut before = state();
        let mut written = || {
            let after = state();
            let changed: Vec<_> =
                after.iter().filter(|(key, value)| before.get(*key) != Some(value)).collect();
            assert!(before.keys().all(|key| after.contains_key(key)));
            let keys: Vec<_> = changed.into_iter().map(|(key, _)| key.clone()).collect();
            before = after;
            keys
        };
        let leaf = harvest("A1", 1);
        let record = vec![Batches::<Test>::hashed_key_for(leaf)];
        assert_eq!(written(), record);
        let item = ShippedItem::Batch(leaf);
        assert_ok!(Traceability::ship(by(GARDEN), item, SHOP, ShipPurpose::Delivery, at_now()));
        assert_eq!(written(), record);
        let into = ReceiveInto::Retail;
        assert_ok!(Traceability::receive(by(SHOP), leaf, kg(1), None, into, at_now()));
        assert_eq!(written(), record);
    });
}

/// Keys and values of the pallet in state.
fn state() -> std::collections::BTreeMap<Vec<u8>, Vec<u8>> {
    use frame_support::traits::PalletInfoAccess;
    let prefix = sp_io::hashing::twox_128(Traceability::name().as_bytes()).to_vec();
    frame_support::storage::KeyPrefixIterator::new(prefix.clone(), prefix.clone(), |rest| {
        Ok(rest.to_vec())
    })
    .map(|rest: Vec<u8>| {
        let key = [&prefix[..], &rest].concat();
        let value = frame_support::storage::unhashed::get_raw(&key).unwrap_or_default();
        (key, value)
    })
    .collect()
}

#[test]
fn produce_rejects_bad_quantities() {
    run(|| {
        let half = Measure { value: 5, decimals: 1, unit: UnitCode(*b"MGM") };
        assert_noop!(produce("A1", kg(0), 0), Error::<Test>::QuantityZero);
        assert_noop!(produce("A1", half, 0), Error::<Test>::QuantityInexact);
        assert_noop!(produce("A1", kg(1_000_000_000_001), 0), Error::<Test>::QuantityTooLarge);
        assert_noop!(produce("A1", measure(1, "LTR"), 0), Error::<Test>::UnitMismatch);
        assert_noop!(produce("A1", measure(1, "XYZ"), 0), Error::<Test>::UnitUnknown);
        assert_ok!(produce("A1", kg(1_000_000_000_000), 0));
    });
}

#[test]
fn produce_rejects_bad_input() {
    run(|| {
        harvest("A1", 1);
        assert_noop!(produce("A1", kg(1), 0), Error::<Test>::BatchAlreadyExists);
        assert_noop!(produce("A/1", kg(1), 0), Error::<Test>::InvalidLot);
        assert_noop!(produce("A2", kg(1), 2), Error::<Test>::WrongPlace);
        assert_noop!(produce("A2", kg(1), 7), Error::<Test>::PlaceNotFound);
        grow("G1");
        assert_noop!(produce("G1", kg(1), 1), Error::<Test>::WrongPlace);
        hold_by_samr(id(LEAF, "G1"));
        assert_noop!(produce("G1", kg(1), 0), Error::<Test>::BatchHeld);
        grow("G2");
        recall_by_samr(id(LEAF, "G2"));
        assert_noop!(produce("G2", kg(1), 0), Error::<Test>::BatchRecalled);
        let late = at(START_MS + 30_001);
        assert_noop!(
            Traceability::produce(by(GARDEN), gtin(LEAF), lot("A2"), kg(1), 0, late),
            Error::<Test>::EventTimeInFuture
        );
    });
}
