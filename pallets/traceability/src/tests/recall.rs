//! Recalls: reach, continuation, exactness, lifting.

use super::*;
use frame_support::{
    assert_noop,
    traits::{Get, Hooks},
    weights::{RuntimeDbWeight, Weight},
};

/// leaf A1 → parts P1, P2, P3 at the garden; P1 + P2 → M1; M1 → parts Q1, Q2.
fn family() -> BatchId {
    let root = harvest("A1", 3);
    split_leaf(root, &["P1", "P2", "P3"]);
    let inputs = taken(&[(id(LEAF, "P1"), kg(1)), (id(LEAF, "P2"), kg(1))]);
    assert_ok!(Traceability::merge(by(GARDEN), inputs, lot("M1"), at_now()));
    split_leaf(id(LEAF, "M1"), &["Q1", "Q2"]);
    root
}

fn marked(lots: &[&str]) -> Vec<u32> {
    lots.iter().map(|text| batch(LEAF, text).n_recalls).collect()
}

fn recall(
    by: RuntimeOrigin,
    batch: BatchId,
    class: RecallClass,
) -> Result<(), sp_runtime::DispatchError> {
    Traceability::recall(by, batch, class, [9; 32]).map(|_| ()).map_err(|error| error.error)
}

#[test]
fn recall_reaches_every_descendant() {
    run(|| {
        let root = family();
        let other = harvest("B1", 1);
        assert_ok!(recall(by(SAMR), root, 3));
        assert_eq!(marked(&["A1", "P1", "P2", "P3", "M1", "Q1", "Q2"]), [1; 7]);
        assert_eq!(marked(&["B1"]), [0]);
        let details = Recalls::<Test>::get(0).unwrap();
        assert_eq!((details.phase, details.n_affected), (RecallPhase::Complete, 7));
        assert_eq!((details.opened_by, details.scope), (SAMR, RecallScope::Descendants));
        assert!(OpenRecalls::<Test>::get().is_empty());
        assert!(has_event(Event::RecallOpened {
            recall: 0,
            root,
            class: 3,
            scope: RecallScope::Descendants,
            by: SAMR,
        }));
        assert!(has_event(Event::BatchRecalled { batch: id(LEAF, "Q2"), recall: 0 }));
        assert!(has_event(Event::RecallCompleted { recall: 0, n_affected: 7 }));
        assert!(history_holds(id(LEAF, "Q1")));
        assert_eq!(Traceability::recall_status(other), RecallStatus::Clear);
        assert_eq!(Traceability::recall_status(id(LEAF, "Q2")), RecallStatus::Recalled(vec![0]));
    });
}

#[test]
fn recall_by_the_producer_works() {
    run(|| {
        let leaf = leaf_at_factory("A1", 1);
        assert_noop!(recall(by(FACTORY), leaf, 3), FORBIDDEN);
        assert_ok!(recall(by(GARDEN), leaf, 3));
        assert_eq!(Recalls::<Test>::get(0).unwrap().opened_by, GARDEN);
    });
}

#[test]
fn recall_reaches_siblings_by_event() {
    run(|| {
        family();
        assert_ok!(recall(by(SAMR), id(LEAF, "Q1"), 2));
        assert_eq!(marked(&["A1", "P1", "P2", "P3", "M1", "Q1", "Q2"]), [0, 0, 0, 0, 0, 1, 1]);
        // A merge has one output: no sibling by event.
        assert_ok!(recall(by(SAMR), id(LEAF, "M1"), 2));
        assert_eq!(marked(&["P1", "P2", "P3", "M1", "Q1", "Q2"]), [0, 0, 0, 1, 2, 2]);
        assert_ok!(recall(by(SAMR), id(LEAF, "P3"), 2));
        assert_eq!(marked(&["A1", "P1", "P2", "P3", "M1", "Q1", "Q2"]), [0, 1, 1, 1, 2, 3, 3]);
    });
}

#[test]
fn recall_reaches_siblings_by_parent() {
    run(|| {
        let root = harvest("A1", 4);
        split_leaf(root, &["P1"]);
        split_leaf(root, &["P2"]);
        assert_ok!(recall(by(SAMR), id(LEAF, "P2"), 1));
        assert_eq!(marked(&["A1", "P1", "P2"]), [0, 1, 1]);
        // What is derived from the parent afterwards is no sibling.
        split_leaf(root, &["P3"]);
        assert_eq!(marked(&["P3"]), [0]);
        assert_eq!(Traceability::recall_status(id(LEAF, "P3")), RecallStatus::Clear);
    });
}

#[test]
fn recall_of_a_harvest_has_no_siblings() {
    run(|| {
        let root = harvest("A1", 1);
        harvest("A2", 1);
        for class in [1, 2] {
            assert_ok!(recall(by(SAMR), root, class));
        }
        assert_eq!(marked(&["A1", "A2"]), [2, 0]);
    });
}

#[test]
fn recall_rejects_bad_input() {
    run(|| {
        let leaf = harvest("A1", 1);
        assert_noop!(recall(by(SAMR), id(LEAF, "Z"), 3), Error::<Test>::BatchNotFound);
        assert_noop!(recall(by(SAMR), leaf, 4), Error::<Test>::RecallRuleNotSet);
        assert_noop!(recall(by(SHOP), leaf, 3), FORBIDDEN);
        assert_noop!(recall(RuntimeOrigin::signed(STRANGER), leaf, 3), FORBIDDEN);
        NextRecallId::<Test>::put(u32::MAX);
        assert_noop!(recall(by(SAMR), leaf, 3), Error::<Test>::NumbersExhausted);
    });
}

#[test]
fn recall_boundary_open() {
    run(|| {
        StepsPerCall::set(0);
        for n in 0..16 {
            let leaf = harvest(&format!("A{n}"), 1);
            assert_ok!(recall(by(SAMR), leaf, 3));
        }
        let leaf = harvest("B1", 1);
        assert_noop!(recall(by(SAMR), leaf, 3), Error::<Test>::TooManyOpenRecalls);
        // Four steps in each block: four recalls of one batch.
        next_block();
        assert_eq!(OpenRecalls::<Test>::get().len(), 12);
        assert_ok!(recall(by(SAMR), leaf, 3));
    });
}

#[test]
fn recall_continues_in_later_blocks() {
    run(|| {
        StepsPerCall::set(1);
        StepsPerBlock::set(2);
        let root = family();
        assert_ok!(recall(by(SAMR), root, 3));
        assert_eq!(OpenRecalls::<Test>::get().to_vec(), vec![0]);
        assert_eq!(marked(&["A1", "P1", "P2", "P3", "M1", "Q1", "Q2"]), [1, 1, 1, 1, 0, 0, 0]);
        // The answer is exact, marked or not.
        for text in ["A1", "P3", "M1", "Q1"] {
            assert_eq!(
                Traceability::recall_status(id(LEAF, text)),
                RecallStatus::Recalled(vec![0])
            );
        }
        let page = Traceability::affected_by(0, 0, 100);
        assert_eq!((page.total, page.marked, page.exact), (7, 4, true));
        let expected = Traceability::affected_by(0, 2, 3).batches;
        let mut n_blocks = 0;
        while !OpenRecalls::<Test>::get().is_empty() {
            next_block();
            n_blocks += 1;
            assert_eq!(Traceability::affected_by(0, 0, 100).batches, page.batches);
            assert_eq!(Traceability::affected_by(0, 2, 3).batches, expected);
            Traceability::do_try_state().unwrap();
        }
        assert_eq!(n_blocks, 3);
        assert_eq!(marked(&["A1", "P1", "P2", "P3", "M1", "Q1", "Q2"]), [1; 7]);
        assert!(history_holds(id(LEAF, "Q2")));
    });
}

#[test]
fn unmarked_descendants_are_stopped_meanwhile() {
    run(|| {
        StepsPerCall::set(0);
        let root = family();
        let free = harvest("B1", 2);
        assert_ok!(recall(by(SAMR), root, 3));
        let (q1, three) = (id(LEAF, "Q1"), id(LEAF, "P3"));
        assert_eq!(batch(LEAF, "Q1").n_recalls, 0);
        let refused = Error::<Test>::BatchRecalled;
        assert_noop!(Traceability::sell(by(GARDEN), q1, kg(1), at_now()), refused);
        let refused = Error::<Test>::BatchRecalled;
        let item = ShippedItem::Batch(q1);
        assert_noop!(
            Traceability::ship(by(GARDEN), item, SHOP, ShipPurpose::Delivery, at_now()),
            refused
        );
        assert_noop!(
            Traceability::split(by(GARDEN), three, parts(&[("X1", kg(1))]), at_now()),
            Error::<Test>::BatchRecalled
        );
        let inputs = taken(&[(free, kg(1)), (q1, kg(1))]);
        assert_noop!(
            Traceability::merge(by(GARDEN), inputs, lot("X1"), at_now()),
            Error::<Test>::BatchRecalled
        );
        // Market supervision may have it destroyed before the mark is there.
        assert_ok!(Traceability::destroy(by(SAMR), q1, kg(1), at_now()));
        // Others are free.
        assert_ok!(Traceability::sell(by(GARDEN), free, kg(1), at_now()));
    });
}

#[test]
fn unmarked_siblings_are_stopped_meanwhile() {
    run(|| {
        StepsPerCall::set(0);
        let root = harvest("A1", 4);
        split_leaf(root, &["P1"]);
        split_leaf(root, &["P2"]);
        split_leaf(id(LEAF, "P1"), &["P1-1"]);
        assert_ok!(recall(by(SAMR), id(LEAF, "P2"), 1));
        for text in ["P1-1", "P2"] {
            let batch = id(LEAF, text);
            assert_noop!(
                Traceability::sell(by(GARDEN), batch, kg(1), at_now()),
                Error::<Test>::BatchRecalled
            );
        }
        let page = Traceability::affected_by(0, 0, 100);
        assert_eq!((page.total, page.exact), (3, true));
        // The parent is not affected, and what it yields from here on is no sibling.
        split_leaf(root, &["P3"]);
        assert_ok!(Traceability::sell(by(GARDEN), id(LEAF, "P3"), kg(1), at_now()));
    });
}

#[test]
fn too_many_ancestors_are_refused_until_marking_is_done() {
    run(|| {
        // A chain of 65 batches, and a short one.
        let mut last = harvest("C0", 1);
        for n in 1..65 {
            let text = format!("C{n}");
            split_leaf(last, &[&text]);
            last = id(LEAF, &text);
        }
        let near = id(LEAF, "N1");
        assert_ok!(Traceability::produce(by(GARDEN), gtin(LEAF), lot("N1"), kg(1), 0, at_now()));
        let root = harvest("B1", 1);
        StepsPerCall::set(0);
        assert_ok!(recall(by(SAMR), root, 3));
        assert_noop!(
            Traceability::observe(
                by(GARDEN),
                last,
                BizStep::Storing,
                Disposition::InProgress,
                at_now()
            ),
            Error::<Test>::RecallInProgress
        );
        assert_eq!(Traceability::recall_status(last), RecallStatus::Clear);
        assert_ok!(Traceability::sell(by(GARDEN), near, kg(1), at_now()));
        next_block();
        assert_ok!(Traceability::sell(by(GARDEN), last, kg(1), at_now()));
    });
}

#[test]
fn chain_of_64_ancestors_is_cleared_at_once() {
    run(|| {
        let mut last = harvest("C0", 1);
        for n in 1..64 {
            let text = format!("C{n}");
            split_leaf(last, &[&text]);
            last = id(LEAF, &text);
        }
        let root = harvest("B1", 1);
        StepsPerCall::set(0);
        assert_ok!(recall(by(SAMR), root, 3));
        assert_ok!(Traceability::sell(by(GARDEN), last, kg(1), at_now()));
    });
}

#[test]
fn on_idle_goes_as_far_as_its_weight() {
    run(|| {
        StepsPerCall::set(0);
        let root = family();
        assert_ok!(recall(by(SAMR), root, 3));
        assert_eq!(Traceability::on_idle(1, Weight::zero()), Weight::zero());
        assert_eq!(marked(&["A1", "P1"]), [1, 0]);
        let step = <() as WeightInfo>::recall_step();
        let database: RuntimeDbWeight = <Test as frame_system::Config>::DbWeight::get();
        let one = step.saturating_add(database.reads(1));
        assert_eq!(Traceability::on_idle(1, one), one);
        assert_eq!(marked(&["A1", "P1", "P2", "P3", "M1"]), [1, 1, 1, 1, 0]);
        Traceability::on_idle(1, Weight::MAX);
        assert!(OpenRecalls::<Test>::get().is_empty());
        assert_eq!(marked(&["M1", "Q1", "Q2"]), [1; 3]);
    });
}

#[test]
fn lift_recall_works() {
    run(|| {
        let root = family();
        assert_ok!(recall(by(SAMR), root, 3));
        assert_ok!(recall(by(SAMR), id(LEAF, "M1"), 3));
        assert_eq!(marked(&["A1", "M1", "Q1"]), [1, 2, 2]);
        assert_ok!(Traceability::lift_recall(by(SAMR), 0, [4; 32]));
        assert_eq!(marked(&["A1", "P3", "M1", "Q1"]), [0, 0, 1, 1]);
        let details = Recalls::<Test>::get(0).unwrap();
        assert_eq!(details.phase, RecallPhase::Lifted);
        let lifted = LiftedRecall { by: SAMR, at: START_MS, reason: [4; 32] };
        assert_eq!(details.lifted, Some(lifted));
        assert!(has_event(Event::RecallLifted { recall: 0, by: SAMR }));
        assert!(has_event(Event::RecallMarkRemoved { batch: root, recall: 0 }));
        assert!(has_event(Event::RecallLiftCompleted { recall: 0 }));
        assert_eq!(Traceability::recall_status(id(LEAF, "Q1")), RecallStatus::Recalled(vec![1]));
        assert_eq!(Traceability::recall_status(root), RecallStatus::Clear);
        assert_ok!(Traceability::sell(by(GARDEN), id(LEAF, "P3"), kg(1), at_now()));
        assert_noop!(
            Traceability::sell(by(GARDEN), id(LEAF, "Q1"), kg(1), at_now()),
            Error::<Test>::BatchRecalled
        );
        // Who was affected stays on record.
        assert_eq!(Traceability::affected_by(0, 0, 100).total, 7);
        assert!(history_holds(id(LEAF, "Q1")));
    });
}

#[test]
fn lift_recall_works_while_it_spreads() {
    run(|| {
        StepsPerCall::set(1);
        let root = family();
        assert_ok!(recall(by(SAMR), root, 3));
        assert_ok!(Traceability::lift_recall(by(SAMR), 0, [4; 32]));
        assert_eq!(OpenRecalls::<Test>::get().to_vec(), vec![0]);
        // Not in force any more, but a mark stops until it is off.
        assert_eq!(Traceability::recall_status(root), RecallStatus::Clear);
        assert_eq!(marked(&["A1", "P1", "P2", "P3", "M1"]), [1, 1, 1, 0, 0]);
        assert_ok!(Traceability::sell(by(GARDEN), id(LEAF, "P3"), kg(1), at_now()));
        next_block();
        assert_eq!(marked(&["A1", "P1", "P2"]), [0; 3]);
        assert!(OpenRecalls::<Test>::get().is_empty());
    });
}

#[test]
fn lift_recall_rejects_bad_input() {
    run(|| {
        let root = harvest("A1", 1);
        let lift = |by, recall| Traceability::lift_recall(by, recall, [4; 32]);
        assert_noop!(lift(by(SAMR), 0), Error::<Test>::RecallNotFound);
        assert_ok!(recall(by(GARDEN), root, 3));
        assert_noop!(lift(by(GARDEN), 0), FORBIDDEN);
        OpenRecalls::<Test>::put(OpenRecallIds::truncate_from(vec![7; 16]));
        assert_noop!(lift(by(SAMR), 0), Error::<Test>::TooManyOpenRecalls);
        OpenRecalls::<Test>::put(OpenRecallIds::new());
        assert_ok!(lift(by(SAMR), 0));
        assert_noop!(lift(by(SAMR), 0), Error::<Test>::RecallAlreadyLifted);
    });
}

#[test]
fn a_broken_graph_keeps_the_recall_open() {
    new_test_ext().execute_with(|| {
        let root = family();
        Derivations::<Test>::remove(id(LEAF, "P1"));
        assert_ok!(recall(by(SAMR), root, 3));
        next_block();
        assert_eq!(OpenRecalls::<Test>::get().to_vec(), vec![0]);
        assert_eq!(marked(&["A1", "P1"]), [1, 0]);
    });
}

#[test]
fn recall_reports_its_steps_as_weight() {
    run(|| {
        let root = family();
        let spent = Traceability::recall(by(SAMR), root, 3, [9; 32]).unwrap();
        // A1, P1, P2, P3, M1, Q1, Q2: one derivation or leaf each.
        assert_eq!(spent.actual_weight, Some(<() as WeightInfo>::recall(7)));
    });
}
