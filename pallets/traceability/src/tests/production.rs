//! Growing, farm inputs, harvest.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

#[test]
fn produce_works() {
    run(|| {
        let (g, l) = (gtin(LEAF), lot("A1"));
        assert_ok!(Traceability::produce(by(GARDEN), g, l.clone(), kg(120), 0, at_now()));
        let made = batch(LEAF, "A1");
        assert_eq!(made.stage, Stage::Harvested);
        assert_eq!(made.quantities, Quantities::new(mg(120)));
        assert_eq!(made.origins.to_vec(), vec![0]);
        assert!(history_holds(id(LEAF, "A1")));
        assert!(has_event(Event::BatchProduced {
            batch: id(LEAF, "A1"),
            gtin: g,
            lot: l.clone(),
            producer: GARDEN,
            quantity: mg(120),
        }));
        assert_noop!(
            Traceability::produce(by(GARDEN), g, l, kg(1), 0, at_now()),
            Error::<Test>::BatchAlreadyExists
        );
    });
}
