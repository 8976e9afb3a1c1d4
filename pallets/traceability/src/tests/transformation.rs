//! Transformations: balance and yields.

use super::*;
use frame_support::{assert_noop, dispatch::DispatchResultWithPostInfo};

fn transform(
    inputs: &[(BatchId, Measure)],
    made: &[(&str, &str, Measure)],
    loss: Option<Measure>,
) -> DispatchResultWithPostInfo {
    Traceability::transform(by(FACTORY), taken(inputs), outputs(made), loss, at_now())
}

#[test]
fn transform_works() {
    run(|| {
        let leaf = leaf_at_factory("A1", 100);
        let made = [(TEA, "T1", kg(20)), (DUST, "D1", kg(9))];
        assert_ok!(transform(&[(leaf, kg(90))], &made, Some(kg(61))));
        let source = batch(LEAF, "A1");
        assert_eq!((source.quantities.on_hand, source.quantities.consumed), (mg(10), mg(90)));
        assert_eq!((source.n_derivations, source.stage), (1, Stage::Stored));
        let tea = batch(TEA, "T1");
        assert_eq!((tea.stage, tea.producer), (Stage::Processed, FACTORY));
        assert_eq!(tea.origins.to_vec(), vec![0]);
        assert_eq!(tea.formed_by, Some(id(TEA, "T1")));
        assert_eq!(batch(DUST, "D1").formed_by, Some(id(TEA, "T1")));
        let derivation = Derivations::<Test>::get(id(TEA, "T1")).unwrap();
        assert_eq!(derivation.kind, DerivationKind::Transformation);
        assert_eq!(derivation.loss, mg(61));
        let rule_set = CurrentRuleSet::<Test>::get().version;
        assert!(has_event(Event::BatchesDerived {
            derivation: id(TEA, "T1"),
            kind: DerivationKind::Transformation,
            organisation: FACTORY,
            inputs: vec![leaf],
            outputs: vec![id(TEA, "T1"), id(DUST, "D1")],
            rule_set,
        }));
        assert!(history_holds(leaf) && history_holds(id(TEA, "T1")));
    });
}

#[test]
fn transform_uses_up_its_input() {
    run(|| {
        tea("A1", 5);
        assert_eq!(batch(LEAF, "A1").stage, Stage::Consumed);
        assert_noop!(
            transform(
                &[(id(LEAF, "A1"), kg(1))],
                &[(TEA, "T2", measure(1, "GRM"))],
                Some(measure(999, "GRM"))
            ),
            Error::<Test>::BatchNotAvailable
        );
    });
}

#[test]
fn transform_boundary_yield() {
    run(|| {
        let leaf = leaf_at_factory("A1", 100);
        // One milligram beyond a quarter.
        let (most, more) = (measure(25_000_000, "MGM"), measure(25_000_001, "MGM"));
        assert_noop!(
            transform(&[(leaf, kg(100))], &[(TEA, "T1", more)], Some(measure(74_999_999, "MGM"))),
            Error::<Test>::YieldExceeded
        );
        assert_ok!(transform(&[(leaf, kg(100))], &[(TEA, "T1", most)], Some(kg(75))));
    });
}

#[test]
fn transform_shares_the_input_among_main_products() {
    run(|| {
        let rule = YieldRule { max_ppb: 300_000_000, by_product: false };
        let scope = YieldScope::Product { input: gtin(LEAF), output: gtin(DUST) };
        assert_ok!(Traceability::set_yield(RuntimeOrigin::signed(GOVERNOR), scope, Some(rule)));
        let leaf = leaf_at_factory("A1", 200);
        // Each is within its own limit, both together are not.
        let made = [(TEA, "T1", kg(15)), (DUST, "D1", kg(15))];
        assert_noop!(
            transform(&[(leaf, kg(100))], &made, Some(kg(70))),
            Error::<Test>::YieldExceeded
        );
        // 10/25 + 18/30 is exactly one.
        let made = [(TEA, "T1", kg(10)), (DUST, "D1", kg(18))];
        assert_ok!(transform(&[(leaf, kg(100))], &made, Some(kg(72))));
    });
}

#[test]
fn transform_sums_outputs_of_one_product() {
    run(|| {
        let leaf = leaf_at_factory("A1", 100);
        let made = [(TEA, "T1", kg(15)), (TEA, "T2", kg(15))];
        assert_noop!(
            transform(&[(leaf, kg(100))], &made, Some(kg(70))),
            Error::<Test>::YieldExceeded
        );
        let made = [(TEA, "T1", kg(15)), (TEA, "T2", kg(10))];
        assert_ok!(transform(&[(leaf, kg(100))], &made, Some(kg(75))));
    });
}

#[test]
fn transform_rejects_ungoverned_yields() {
    run(|| {
        let (leaf, bulk) = (leaf_at_factory("A1", 8), tea("A2", 2));
        assert_noop!(
            transform(&[(bulk, kg(2))], &[(DUST, "D1", kg(1))], Some(kg(1))),
            Error::<Test>::YieldNotGoverned
        );
        // Tea yields no dust, so that it may not fill up the balance.
        let inputs = [(leaf, kg(8)), (bulk, kg(2))];
        let made = [(DUST, "D1", measure(500, "GRM"))];
        assert_noop!(
            transform(&inputs, &made, Some(measure(9_500, "GRM"))),
            Error::<Test>::YieldNotGoverned
        );
    });
}

#[test]
fn transform_falls_back_to_categories() {
    run(|| {
        let bulk = tea("A1", 2);
        let scope = YieldScope::Category { input: 10_000_115, output: 10_000_115 };
        let rule = YieldRule { max_ppb: 500_000_000, by_product: false };
        assert_ok!(Traceability::set_yield(RuntimeOrigin::signed(GOVERNOR), scope, Some(rule)));
        assert_ok!(transform(&[(bulk, kg(2))], &[(DUST, "D1", kg(1))], Some(kg(1))));
    });
}

#[test]
fn transform_rejects_what_does_not_add_up() {
    run(|| {
        let leaf = leaf_at_factory("A1", 100);
        for loss in [None, Some(kg(89)), Some(kg(91))] {
            assert_noop!(
                transform(&[(leaf, kg(100))], &[(TEA, "T1", kg(10))], loss),
                Error::<Test>::MassNotConserved
            );
        }
        assert_noop!(
            transform(&[(leaf, kg(100))], &[(TEA, "T1", kg(10))], Some(kg(0))),
            Error::<Test>::QuantityZero
        );
        assert_noop!(
            transform(&[(leaf, kg(100))], &[(TEA, "T1", kg(10))], Some(measure(90, "LTR"))),
            Error::<Test>::UnitMismatch
        );
        assert_noop!(
            transform(&[(leaf, kg(101))], &[(TEA, "T1", kg(10))], Some(kg(91))),
            Error::<Test>::QuantityInsufficient
        );
    });
}

#[test]
fn transform_weighs_volume() {
    run(|| {
        let produced = Traceability::produce(
            by(GARDEN),
            gtin(WATER),
            lot("W1"),
            measure(10, "LTR"),
            0,
            at_now(),
        );
        assert_ok!(produced);
        let water = id(WATER, "W1");
        deliver(water, GARDEN, FACTORY);
        let bulk = tea("A1", 5);
        let governor = || RuntimeOrigin::signed(GOVERNOR);
        for input in [TEA, WATER] {
            let scope = YieldScope::Product { input: gtin(input), output: gtin(DRINK) };
            let rule = YieldRule { max_ppb: 1_000_000_000, by_product: false };
            assert_ok!(Traceability::set_yield(governor(), scope, Some(rule)));
        }
        let inputs = [(bulk, kg(1)), (water, measure(9, "LTR"))];
        let made = [(DRINK, "X1", measure(9, "LTR"))];
        // The drink's density is not registered.
        assert_noop!(transform(&inputs, &made, Some(kg(1))), Error::<Test>::DimensionMismatch);
        Products::<Test>::mutate(gtin(DRINK), |product| {
            product.as_mut().unwrap().density_mg_per_ml = Some(1_000);
        });
        assert_noop!(transform(&inputs, &made, None), Error::<Test>::MassNotConserved);
        assert_ok!(transform(&inputs, &made, Some(kg(1))));
        assert_eq!(batch(DRINK, "X1").quantities, Quantities::new(9_000));
    });
}

#[test]
fn transform_rejects_pieces_without_content() {
    run(|| {
        let quantity = measure(10, "EA");
        assert_ok!(Traceability::produce(
            by(GARDEN),
            gtin(SEEDLING),
            lot("S1"),
            quantity,
            0,
            at_now()
        ));
        deliver(id(SEEDLING, "S1"), GARDEN, FACTORY);
        assert_noop!(
            transform(&[(id(SEEDLING, "S1"), quantity)], &[(TEA, "T1", kg(1))], None),
            Error::<Test>::DimensionMismatch
        );
    });
}

#[test]
fn transform_rejects_bad_lists() {
    run(|| {
        let leaf = leaf_at_factory("A1", 100);
        assert_noop!(transform(&[], &[(TEA, "T1", kg(1))], None), Error::<Test>::TooFewBatches);
        assert_noop!(transform(&[(leaf, kg(1))], &[], None), Error::<Test>::TooFewBatches);
        assert_noop!(
            transform(&[(leaf, kg(4)), (leaf, kg(4))], &[(TEA, "T1", kg(1))], Some(kg(7))),
            Error::<Test>::DuplicateBatch
        );
        let twice = [(TEA, "T1", kg(1)), (TEA, "T1", kg(1))];
        assert_noop!(
            transform(&[(leaf, kg(8))], &twice, Some(kg(6))),
            Error::<Test>::DuplicateBatch
        );
        assert_noop!(
            transform(&[(id(LEAF, "Z"), kg(1))], &[(TEA, "T1", kg(1))], None),
            Error::<Test>::BatchNotFound
        );
        assert_noop!(
            transform(&[(leaf, kg(4))], &[(LEAF, "A9", kg(1))], Some(kg(3))),
            Error::<Test>::NotLicensed
        );
        tea("A2", 1);
        assert_noop!(
            transform(&[(leaf, kg(4))], &[(TEA, "A2", kg(1))], Some(kg(3))),
            Error::<Test>::BatchAlreadyExists
        );
    });
}

#[test]
fn transform_rejects_batches_that_cannot_move() {
    run(|| {
        let leaf = leaf_at_factory("A1", 100);
        let attempt = || transform(&[(leaf, kg(4))], &[(TEA, "T1", kg(1))], Some(kg(3)));
        let others = harvest("B1", 4);
        assert_noop!(
            transform(&[(others, kg(4))], &[(TEA, "T1", kg(1))], Some(kg(3))),
            Error::<Test>::NotHolder
        );
        assert_ok!(Traceability::aggregate(by(FACTORY), sscc(1), contents(&[leaf]), at_now()));
        assert_noop!(attempt(), Error::<Test>::InsideLogisticUnit);
        assert_ok!(Traceability::disaggregate(by(FACTORY), sscc(1), contents(&[leaf]), at_now()));
        hold_by_samr(leaf);
        assert_noop!(attempt(), Error::<Test>::BatchHeld);
        assert_ok!(Traceability::release(by(SAMR), leaf, None));
        recall_by_samr(leaf);
        assert_noop!(attempt(), Error::<Test>::BatchRecalled);
    });
}

#[test]
fn transform_rejects_older_events() {
    run(|| {
        let leaf = leaf_at_factory("A1", 4);
        assert_noop!(
            Traceability::transform(
                by(FACTORY),
                taken(&[(leaf, kg(4))]),
                outputs(&[(TEA, "T1", kg(1))]),
                Some(kg(3)),
                at(START_MS - 1)
            ),
            Error::<Test>::EventTimeNotMonotone
        );
    });
}
