//! The graph of batches in the index: what is traced, marked, bounded, and the same when it is rebuilt.

#[path = "../examples/trace/blocks.rs"]
mod blocks;

use blocks::{Chain, id};
use ecoledger_gateway::index::{Direction, GRAPH_MAX, Graph, Id};
use serde_json::{Value, json};

/// Lots that a graph reached, with their generation.
fn lots(graph: &Graph) -> Vec<(String, u32)> {
    let rows = graph.nodes.iter().skip(1);
    rows.map(|node| (node.batch.name.clone().expect("it is named").1, node.depth)).collect()
}

fn rows(graph: &Graph) -> Vec<Value> {
    graph.rows().map(|row| serde_json::to_value(row).expect("rows are JSON")).collect()
}

fn named(lots: &[(&str, u32)]) -> Vec<(String, u32)> {
    lots.iter().map(|(lot, depth)| ((*lot).to_owned(), *depth)).collect()
}

/// A and B are merged to M, of which X and Y are parted; X is made into Z.
fn story() -> Chain {
    let mut chain = Chain::start();
    let (a, b) = (chain.produce("A", 100), chain.produce("B", 50));
    let merged = chain.derive("Merge", &[(a, 80), (b, 50)], &[("M", 130)]);
    chain.block();
    let parted = chain.derive("Split", &[(merged[0], 120)], &[("X", 90), ("Y", 30)]);
    chain.block();
    chain.derive("Transformation", &[(parted[0], 40)], &[("Z", 10)]);
    chain.block();
    chain
}

#[test]
fn both_ways_are_traced_with_quantities() {
    let chain = story();
    let back = chain.index.trace(id("Z"), Direction::Back, 64).unwrap();
    assert_eq!(lots(&back), named(&[("X", 1), ("M", 2), ("A", 3), ("B", 3)]));
    let row = &rows(&back)[2];
    assert_eq!(row["name"], json!(["09506000200019", "A"]));
    assert_eq!(row["next_to"], json!(id("M")));
    assert_eq!(row["derivation"], json!(id("M")));
    assert_eq!(row["taken"], json!({ "quantity": "80", "unit": "Milligram" }));
    assert_eq!(row["made"], json!({ "quantity": "130", "unit": "Milligram" }));
    assert_eq!(
        (&row["kind"], &row["height"], &row["transaction"]),
        (&json!("Merge"), &json!(1), &json!(2))
    );
    let forward = chain.index.trace(id("A"), Direction::Forward, 64).unwrap();
    assert_eq!(lots(&forward), named(&[("M", 1), ("X", 2), ("Y", 2), ("Z", 3)]));
    let row = &rows(&forward)[2];
    assert_eq!(row["taken"]["quantity"], "120");
    assert_eq!(row["made"]["quantity"], "30");
    assert_eq!(row["next_to"], json!(id("M")));
    let none = chain.index.trace(id("Z"), Direction::Forward, 64).unwrap();
    assert!(none.nodes.len() == 1 && none.is_complete);
}

#[test]
fn a_trace_ends_at_the_depth_that_is_asked() {
    let chain = story();
    for (depth, n_batches) in [(0, 0), (1, 1), (2, 3), (3, 4), (64, 4)] {
        let graph = chain.index.trace(id("A"), Direction::Forward, depth).unwrap();
        assert_eq!((graph.nodes.len() - 1, graph.is_complete), (n_batches, true), "{depth}");
    }
}

#[test]
fn what_is_reached_twice_is_there_once() {
    let mut chain = Chain::start();
    let first = chain.produce("FIRST", 100);
    let parts = chain.derive("Split", &[(first, 100)], &[("L", 50), ("R", 50)]);
    // By the short way and by the long one.
    chain.derive("Merge", &[(parts[0], 50), (parts[1], 20)], &[("LAST", 70)]);
    chain.block();
    let forward = chain.index.trace(first, Direction::Forward, 64).unwrap();
    assert_eq!(lots(&forward), named(&[("L", 1), ("R", 1), ("LAST", 2)]));
    assert_eq!(forward.derivations.len(), 2);
    let followed: Vec<_> = forward.nodes.iter().map(|node| node.followed.clone()).collect();
    assert_eq!(followed, [vec![0], vec![1], vec![1], vec![]]);
    let back = chain.index.trace(id("LAST"), Direction::Back, 64).unwrap();
    assert_eq!(lots(&back), named(&[("L", 1), ("R", 1), ("FIRST", 2)]));
}

#[test]
fn a_trace_ends_though_there_were_a_cycle() {
    let mut chain = Chain::start();
    let first = chain.produce("FIRST", 100);
    let second = chain.derive("Split", &[(first, 100)], &[("SECOND", 100)]);
    // No chain has this: what a derivation makes is new.
    chain.derive("Split", &[(second[0], 100)], &[("FIRST", 100)]);
    chain.block();
    for direction in [Direction::Back, Direction::Forward] {
        let graph = chain.index.trace(first, direction, 64).unwrap();
        assert_eq!(lots(&graph), named(&[("SECOND", 1)]), "{direction:?}");
    }
}

#[test]
fn what_a_batch_went_into_is_told_oldest_first() {
    let mut chain = Chain::start();
    let first = chain.produce("FIRST", 100);
    let lots_made: Vec<_> = (0..40).map(|n| format!("N-{n}")).collect();
    for lot in &lots_made {
        chain.derive("Packing", &[(first, 1)], &[(lot, 1)]);
        chain.block();
    }
    let graph = chain.index.trace(first, Direction::Forward, 1).unwrap();
    let expected: Vec<_> = lots_made.into_iter().map(|lot| (lot, 1)).collect();
    assert_eq!(lots(&graph), expected);
}

#[test]
fn a_graph_that_is_too_large_says_so() {
    let mut chain = Chain::start();
    let first = chain.produce("FIRST", 1_000_000);
    for n in 0..=GRAPH_MAX / 16 {
        let made: Vec<_> = (0..16).map(|at| format!("N-{n}-{at}")).collect();
        let made: Vec<_> = made.iter().map(|lot| (lot.as_str(), 1)).collect();
        chain.derive("Split", &[(first, 16)], &made);
    }
    chain.block();
    let graph = chain.index.trace(first, Direction::Forward, 64).unwrap();
    assert_eq!((graph.nodes.len(), graph.is_complete), (GRAPH_MAX + 1, false));
    assert_eq!(graph.rows().count(), GRAPH_MAX);
}

/// What stands against a lot: recalls, whether it is held, whether its test failed.
fn marks(chain: &Chain, lot: &str) -> (u32, bool, bool) {
    let batches = chain.index.batches([id(lot)]).expect("the index is whole");
    let marks = batches[&id(lot)].marks;
    (marks.n_recalls, marks.is_held, marks.test_failed)
}

#[test]
fn what_stands_against_a_batch_is_marked_and_taken_off() {
    let mut chain = story();
    let batch = |name: &str, chain: &mut Chain, lot: &str, more: Value| {
        let mut fields = json!({ "batch": id(lot) });
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        chain.event(name, fields);
    };
    batch("BatchRecalled", &mut chain, "M", json!({ "recall": 0 }));
    batch("BatchRecalled", &mut chain, "M", json!({ "recall": 1 }));
    batch("BatchTested", &mut chain, "Y", json!({ "lab": 7, "passed": false }));
    batch("BatchHeld", &mut chain, "Y", json!({ "authority": "FailedTest" }));
    chain.block();
    assert_eq!(marks(&chain, "M"), (2, false, false));
    assert_eq!(marks(&chain, "Y"), (0, true, true));
    let graph = chain.index.trace(id("A"), Direction::Forward, 64).unwrap();
    let row = rows(&graph).into_iter().find(|row| row["batch"] == json!(id("Y"))).unwrap();
    assert_eq!(row["marks"], json!({ "n_recalls": 0, "is_held": true, "test_failed": true }));

    // A part keeps the test of the whole; what is made of it does not.
    chain.derive("Split", &[(id("Y"), 5)], &[("Y-PART", 5)]);
    chain.derive("Transformation", &[(id("Y"), 5)], &[("Y-TEA", 1)]);
    batch("RecallMarkRemoved", &mut chain, "M", json!({ "recall": 0 }));
    batch("BatchReleased", &mut chain, "Y", json!({ "by": 3 }));
    chain.block();
    assert_eq!(marks(&chain, "M"), (1, false, false));
    assert_eq!(marks(&chain, "Y"), (0, false, true));
    assert_eq!(marks(&chain, "Y-PART"), (0, false, true));
    assert_eq!(marks(&chain, "Y-TEA"), (0, false, false));
    batch("BatchTested", &mut chain, "Y", json!({ "lab": 7, "passed": true }));
    chain.block();
    assert_eq!(marks(&chain, "Y"), (0, false, false));
}

#[test]
fn events_of_a_block_and_of_a_transaction_are_found() {
    let chain = story();
    let names = |transaction, from, limit| -> Vec<_> {
        let events = chain.index.events_at(1, transaction, from, limit).unwrap();
        events.into_iter().map(|event| (event.number, event.name)).collect()
    };
    assert_eq!(names(None, 0, 100).len(), 8);
    let merge = names(Some(2), 0, 100);
    assert_eq!(merge.len(), 4);
    assert_eq!(merge.last().unwrap(), &(7, "BatchesDerived".to_owned()));
    assert_eq!(names(Some(2), 6, 1), [(6, "TraceEventRecorded".to_owned())]);
    assert!(names(Some(3), 0, 100).is_empty());
}

#[test]
fn wiped_and_rebuilt_it_answers_the_same() {
    let (chain, again) = (story(), story().index);
    for lot in ["A", "B", "M", "X", "Y", "Z"] {
        for direction in [Direction::Back, Direction::Forward] {
            let graph = chain.index.trace(id(lot), direction, 64).unwrap();
            assert_eq!(again.trace(id(lot), direction, 64).unwrap(), graph, "{lot}");
        }
        let (derivation, same) = (chain.index.derivation(id(lot)), again.derivation(id(lot)));
        assert_eq!(derivation.unwrap(), same.unwrap(), "{lot}");
    }
    assert_eq!(chain.index.lots(blocks::GTIN, None, 10).unwrap().len(), 6);
}

#[test]
fn an_id_is_read_as_events_write_it() {
    let text = id("A").to_string();
    assert_eq!(Id::read(&text), Some(id("A")));
    // Sixteen bytes that happen to be printable are written as text.
    let hex = format!("0x{}", hex::encode("sixteen letters!"));
    assert_eq!(Id::read("sixteen letters!"), Id::read(&hex));
    for wrong in ["", "0x", "0x12", "0xzz", "fifteen letters", &format!("{text}00")] {
        assert_eq!(Id::read(wrong), None, "{wrong}");
    }
}
