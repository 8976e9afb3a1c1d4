//! View functions.

use super::*;

/// leaf A1, A2 → T1 → tins P1, P2.
fn story_batches() -> [BatchId; 5] {
    let (first, second) = (leaf_at_factory("A1", 40), leaf_at_factory("A2", 40));
    let inputs = taken(&[(first, kg(40)), (second, kg(20))]);
    let made = outputs(&[(TEA, "T1", kg(10))]);
    assert_ok!(Traceability::transform(by(FACTORY), inputs, made, Some(kg(50)), at_now()));
    let bulk = id(TEA, "T1");
    for text in ["P1", "P2"] {
        let item = NewBatch { gtin: gtin(TIN), lot: lot(text), quantity: measure(10, "EA") };
        let from = Taken { batch: bulk, quantity: kg(1) };
        assert_ok!(Traceability::pack(by(FACTORY), from, item, None, at_now()));
    }
    [first, second, bulk, id(TIN, "P1"), id(TIN, "P2")]
}

fn ids(page: &TracePage) -> Vec<(BatchId, u32)> {
    page.rows.iter().map(|row| (row.batch, row.depth)).collect()
}

#[test]
fn trace_back_works() {
    run(|| {
        let [first, second, bulk, packed, _] = story_batches();
        let page = Traceability::trace_back(packed, 10, 0, 100);
        assert_eq!(ids(&page), vec![(bulk, 1), (first, 2), (second, 2)]);
        assert_eq!((page.total, page.complete), (3, true));
        let row = &page.rows[2];
        assert_eq!((row.next_to, row.derivation), (bulk, bulk));
        assert_eq!((row.kind, row.quantity), (DerivationKind::Transformation, mg(20)));
        assert_eq!(ids(&Traceability::trace_back(packed, 1, 0, 100)), vec![(bulk, 1)]);
        assert_eq!(Traceability::trace_back(first, 10, 0, 100).total, 0);
        assert_eq!(Traceability::trace_back(id(LEAF, "Z"), 10, 0, 100).total, 0);
    });
}

#[test]
fn track_forward_works() {
    run(|| {
        let [first, _, bulk, packed, other] = story_batches();
        let page = Traceability::track_forward(first, 10, 0, 100);
        assert_eq!(ids(&page), vec![(bulk, 1), (packed, 2), (other, 2)]);
        assert_eq!(page.rows[1].quantity, mg(1));
        let page = Traceability::track_forward(first, 10, 1, 1);
        assert_eq!((ids(&page), page.total), (vec![(packed, 2)], 3));
        assert_eq!(Traceability::track_forward(first, 0, 0, 100).total, 0);
        assert!(Traceability::track_forward(first, 10, 3, 100).rows.is_empty());
    });
}

#[test]
fn a_diamond_is_reached_once() {
    run(|| {
        let root = harvest("A1", 2);
        split_leaf(root, &["P1", "P2"]);
        let inputs = taken(&[(id(LEAF, "P1"), kg(1)), (id(LEAF, "P2"), kg(1))]);
        assert_ok!(Traceability::merge(by(GARDEN), inputs, lot("M1"), at_now()));
        assert_eq!(Traceability::track_forward(root, 9, 0, 100).total, 3);
        assert_eq!(Traceability::trace_back(id(LEAF, "M1"), 9, 0, 100).total, 3);
    });
}

#[test]
fn lookups_work() {
    run(|| {
        let leaf = harvest("A1", 2);
        assert_eq!(Traceability::batch(leaf), Some(batch(LEAF, "A1")));
        let (found, details) = Traceability::batch_by_lot(gtin(LEAF), lot("A1"));
        assert_eq!((found, details), (leaf, Some(batch(LEAF, "A1"))));
        assert_eq!(Traceability::batch_by_lot(gtin(LEAF), lot("Z")), (id(LEAF, "Z"), None));
        assert_eq!(Traceability::product(gtin(LEAF)).unwrap().owner, GARDEN);
        assert_eq!(Traceability::place(0).unwrap().region, LISHUI);
        assert_eq!(Traceability::open_recalls(), vec![]);
        assert_eq!(Traceability::affected_by(7, 0, 10), AffectedPage::default());
        StepsPerCall::set(0);
        recall_by_samr(leaf);
        assert_eq!(Traceability::open_recalls().len(), 1);
    });
}

#[test]
fn pages_are_bounded() {
    run(|| {
        let root = harvest("A1", 300);
        for group in 0..20 {
            let lots: Vec<_> = (0..15).map(|n| format!("P{group}-{n}")).collect();
            split_leaf(root, &lots.iter().map(String::as_str).collect::<Vec<_>>());
        }
        let page = Traceability::track_forward(root, 1, 0, u32::MAX);
        assert_eq!((page.rows.len(), page.total), (200, 300));
        recall_by_samr(root);
        let page = Traceability::affected_by(0, 200, u32::MAX);
        assert_eq!((page.batches.len(), page.total), (101, 301));
    });
}

/// Parents with their content, and what was taken of them.
fn parents(id: BatchId) -> Vec<(BatchId, u128, u128)> {
    let parents = Traceability::taken_from_parents(id).unwrap();
    parents.iter().map(|parent| (parent.batch, parent.content, parent.taken)).collect()
}

#[test]
fn what_went_into_a_batch_is_known() {
    run(|| {
        let leaf = harvest("A1", 10);
        assert_eq!(parents(leaf), []);
        let amounts = parts(&[("A1-1", kg(3)), ("A1-2", kg(4))]);
        assert_ok!(Traceability::split(by(GARDEN), leaf, amounts, at_now()));
        let (three, four) = (id(LEAF, "A1-1"), id(LEAF, "A1-2"));
        assert_eq!(parents(three), [(leaf, mg(10), mg(3))]);
        assert_eq!(parents(four), [(leaf, mg(10), mg(4))]);
        let inputs = taken(&[(three, kg(2)), (four, kg(4))]);
        assert_ok!(Traceability::merge(by(GARDEN), inputs, lot("M1"), at_now()));
        assert_eq!(parents(id(LEAF, "M1")), [(three, mg(3), mg(2)), (four, mg(4), mg(4))]);
        // Tins hold 100 g each; what was lost counts.
        let tins = tins("P1", 10);
        assert_eq!(parents(tins), [(id(TEA, "P1"), mg(1), mg(1))]);
        assert_eq!(parents(id(TEA, "P1")), [(id(LEAF, "P1"), mg(4), mg(4))]);
        let unknown = Traceability::taken_from_parents(id(LEAF, "Z"));
        assert_eq!(unknown, Err(Error::<Test>::BatchNotFound.into()));
    });
}

#[test]
fn what_was_lost_counts_for_all_outputs_by_content() {
    run(|| {
        let leaf = leaf_at_factory("A1", 100);
        // A loss that three outputs do not share without a rest.
        let milligrams = |value| measure(value, "MGM");
        let made =
            [(TEA, "T1", milligrams(1)), (TEA, "T2", milligrams(1)), (DUST, "D1", milligrams(1))];
        let inputs = taken(&[(leaf, milligrams(100))]);
        let outputs = outputs(&made);
        let loss = Some(milligrams(97));
        assert_ok!(Traceability::transform(by(FACTORY), inputs, outputs, loss, at_now()));
        let of = |product, text| parents(id(product, text));
        assert_eq!(of(TEA, "T1"), [(leaf, mg(100), 33)]);
        assert_eq!(of(TEA, "T2"), [(leaf, mg(100), 33)]);
        assert_eq!(of(DUST, "D1"), [(leaf, mg(100), 34)]);
    });
}
