//! The state against a `BTreeMap` for each height.

use super::{Chain, config, next_block, recent};
use crate::{StateRetention, Storage, StorageError, database::Column, proof_spec};
use ics23::{CommitmentProof, HostFunctionsManager};
use proptest::prelude::*;
use prost::Message as _;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

/// Keys that continue one another, with the bytes that positions in the history are made of.
fn keys() -> Vec<Vec<u8>> {
    let mut keys: Vec<Vec<u8>> = [
        &b"\0"[..],
        b"\0\0",
        b"\0\x01",
        b"\0\xff",
        b"a",
        b"a\0",
        b"a\0\0\0\x01",
        b"a\0\x01\0\0\0\x02",
        b"a\0\xff",
        b"a\x01",
        b"ab",
        b"ab\xff\xff\xff\xff",
        b"b",
        b"\xff",
        b"\xff\xff",
    ]
    .map(<[u8]>::to_vec)
    .into();
    keys.extend((0u8..20).map(|i| vec![b'k', i]));
    keys
}

#[derive(Clone, Debug)]
enum Step {
    Commit(BTreeMap<usize, Option<Vec<u8>>>),
    Reopen,
    Flush,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let value = prop::option::weighted(0.6, prop::collection::vec(any::<u8>(), 0..40));
    let commit = prop::collection::btree_map(0..keys().len(), value, 0..14);
    let step = prop_oneof![
        10 => commit.prop_map(Step::Commit),
        1 => Just(Step::Reopen),
        1 => Just(Step::Flush),
    ];
    prop::collection::vec(step, 1..24)
}

fn check_state(storage: &Storage, models: &[Model], number: usize) {
    let model = &models[number];
    let state = storage.state(number as u32).unwrap();
    assert_eq!(state.number(), number as u32);
    for key in keys() {
        assert_eq!(state.get(&key).unwrap().as_ref(), model.get(&key), "{key:?} at {number}");
        let above = model.range::<[u8], _>((
            std::ops::Bound::Excluded(key.as_slice()),
            std::ops::Bound::Unbounded,
        ));
        let next = above.map(|(key, _)| key).next();
        assert_eq!(state.next_key(&key).unwrap().as_ref(), next, "{key:?} at {number}");
    }
    for prefix in [&b""[..], b"a", b"a\0", b"k", b"x", b"\xff"] {
        let expected: Vec<_> =
            model.keys().filter(|key| key.starts_with(prefix)).cloned().collect();
        assert_eq!(state.keys_paged(prefix, None, 1000).unwrap(), expected);
        let mut paged = Vec::new();
        loop {
            let last: Option<&Vec<u8>> = paged.last();
            let page = state.keys_paged(prefix, last.map(Vec::as_slice), 2).unwrap();
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        assert_eq!(paged, expected);
    }
}

fn check_proofs(storage: &Storage, models: &[Model], number: usize) {
    let model = &models[number];
    let root = storage.header(number as u32).unwrap().unwrap().state_root.as_bytes().to_vec();
    for key in keys() {
        let proof = match storage.prove(number as u32, &key) {
            Ok(proof) => CommitmentProof::decode(proof.as_slice()).unwrap(),
            Err(StorageError::Unprovable { .. }) => {
                assert!(model.is_empty() || model.values().any(Vec::is_empty));
                continue;
            }
            Err(error) => panic!("{error}"),
        };
        let spec = proof_spec();
        assert!(match model.get(&key) {
            Some(value) =>
                ics23::verify_membership::<HostFunctionsManager>(&proof, &spec, &root, &key, value),
            None =>
                ics23::verify_non_membership::<HostFunctionsManager>(&proof, &spec, &root, &key),
        });
    }
}

fn check_all(storage: &Storage, models: &[Model], oldest: usize) {
    storage.verify_consistency().unwrap();
    for number in 0..models.len() {
        if number >= oldest {
            check_state(storage, models, number);
            if number == oldest || number + 1 == models.len() {
                check_proofs(storage, models, number);
            }
        } else {
            assert!(matches!(
                storage.state(number as u32),
                Err(StorageError::StatePruned { number: n, oldest: o })
                    if n as usize == number && o as usize == oldest
            ));
            assert!(storage.prove(number as u32, b"a").is_err());
        }
    }
    assert!(matches!(storage.state(models.len() as u32), Err(StorageError::UnknownHeight { .. })));
}

fn run(retention: StateRetention, steps: Vec<Step>) {
    let mut chain = Chain::new(retention);
    let mut models: Vec<Model> = Vec::new();
    let names = keys();
    for step in steps {
        match step {
            Step::Commit(changes) => {
                let mut model = models.last().cloned().unwrap_or_default();
                let mut update = BTreeMap::new();
                for (index, value) in changes {
                    match &value {
                        Some(value) => model.insert(names[index].clone(), value.clone()),
                        None => model.remove(&names[index]),
                    };
                    update.insert(names[index].clone(), value);
                }
                chain.storage.commit(next_block(&chain.storage, update, Vec::new())).unwrap();
                models.push(model);
            }
            Step::Reopen => chain = chain.reopen(),
            Step::Flush => chain.storage.inner.database.flush().unwrap(),
        }
    }
    let oldest = match retention {
        StateRetention::Archive => 0,
        StateRetention::Recent(n) => models.len().saturating_sub(n.get() as usize),
    };
    check_all(&chain.storage, &models, oldest);
    let chain = chain.reopen();
    check_all(&chain.storage, &models, oldest);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn archive_answers_as_the_model(steps in steps()) {
        run(StateRetention::Archive, steps);
    }

    #[test]
    fn recent_states_answer_as_the_model(steps in steps()) {
        run(recent(3), steps);
    }
}

fn count(storage: &Storage, column: Column) -> usize {
    let mut records = storage.inner.database.iterator(column);
    records.seek_to_first();
    let mut count = 0;
    while records.valid() {
        count += 1;
        records.next();
    }
    count
}

#[test]
fn pruning_leaves_only_what_kept_states_need() {
    let chain = Chain::with_genesis(recent(2));
    for number in 0u32..40 {
        let key = |i: u32| format!("key {}", i % 7);
        chain.commit([(key(number), Some("a")), (key(number + 3), None::<&str>)]);
    }
    // The head's tree and the one before it share what the head did not touch.
    let live = chain.storage.state(40).unwrap().keys_paged(b"", None, 100).unwrap().len();
    assert!(count(&chain.storage, Column::Nodes) <= 2 * (2 * live + 2));
    assert!(count(&chain.storage, Column::History) <= 2);
    assert_eq!(count(&chain.storage, Column::Superseded), 1);
    assert_eq!(chain.storage.stats().unwrap().oldest_state, 39);
}

#[test]
fn shortened_retention_is_worked_off_over_several_blocks() {
    let mut chain = Chain::with_genesis(StateRetention::Archive);
    for number in 1u32..=40 {
        chain.commit([("number", Some(number.to_be_bytes()))]);
    }
    chain.config = config(recent(5));
    let chain = chain.reopen();
    let mut oldest = Vec::new();
    for number in 41u32..=46 {
        chain.commit([("number", Some(number.to_be_bytes()))]);
        oldest.push(chain.storage.stats().unwrap().oldest_state);
    }
    assert_eq!(oldest, [8, 16, 24, 32, 40, 42]);
    assert!(matches!(chain.storage.state(41), Err(StorageError::StatePruned { .. })));
    for number in 42u32..=46 {
        let state = chain.storage.state(number).unwrap();
        assert_eq!(state.get(b"number").unwrap(), Some(number.to_be_bytes().to_vec()));
    }
    assert!(chain.storage.block(1).unwrap().is_some(), "blocks outlive their states");
    assert!(chain.storage.certificate(1).unwrap().is_some());
}

#[test]
fn returning_to_archive_keeps_states_from_there_on() {
    let mut chain = Chain::with_genesis(recent(2));
    for number in 1u32..=5 {
        chain.commit([("number", Some(number.to_be_bytes()))]);
    }
    chain.config = config(StateRetention::Archive);
    let chain = chain.reopen();
    chain.commit([("number", Some(6u32.to_be_bytes()))]);
    chain.commit([("number", Some(7u32.to_be_bytes()))]);
    assert!(matches!(
        chain.storage.state(3),
        Err(StorageError::StatePruned { number: 3, oldest: 4 })
    ));
    for number in 4u32..=7 {
        let state = chain.storage.state(number).unwrap();
        assert_eq!(state.get(b"number").unwrap(), Some(number.to_be_bytes().to_vec()));
    }
}

#[test]
fn readers_stay_at_their_height_while_blocks_are_committed() {
    let chain = Chain::with_genesis(StateRetention::Archive);
    // Each block moves "here" on: exactly one of the moving keys exists at each height.
    let moving = |number: u32| format!("moving {:03}", number % 50);
    chain.commit([(moving(1), Some(1u32.to_be_bytes()))]);
    let stop = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let (storage, stop) = (chain.storage.clone(), Arc::clone(&stop));
            thread::spawn(move || {
                let mut reads = 0u32;
                while !stop.load(Ordering::Relaxed) || reads == 0 {
                    let number = storage.head().unwrap().number;
                    let state = storage.state(number).unwrap();
                    for _ in 0..3 {
                        let key = moving(number).into_bytes();
                        let value = number.to_be_bytes().to_vec();
                        assert_eq!(state.get(&key).unwrap(), Some(value), "at {number}");
                        assert_eq!(state.get(moving(number - 1).as_bytes()).unwrap(), None);
                        assert_eq!(state.next_key(b"moving").unwrap(), Some(key.clone()));
                        assert_eq!(state.keys_paged(b"moving", None, 9).unwrap(), [key]);
                        reads += 1;
                    }
                }
                reads
            })
        })
        .collect();
    for number in 2u32..=400 {
        chain.commit([(moving(number - 1), None), (moving(number), Some(number.to_be_bytes()))]);
    }
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        assert!(reader.join().unwrap() > 0);
    }
}

#[test]
fn reader_overtaken_by_pruning_says_so() {
    let chain = Chain::with_genesis(recent(2));
    chain.commit([("a", Some("1"))]);
    let state = chain.storage.state(1).unwrap();
    assert_eq!(state.get(b"a").unwrap(), Some(b"1".to_vec()));
    chain.commit([("a", Some("2"))]);
    assert_eq!(state.get(b"a").unwrap(), Some(b"1".to_vec()));
    chain.commit([("a", Some("3"))]);
    assert!(matches!(state.get(b"a"), Err(StorageError::StatePruned { number: 1, oldest: 2 })));
    assert!(matches!(state.next_key(b""), Err(StorageError::StatePruned { .. })));
    assert!(matches!(chain.storage.prove(1, b"a"), Err(StorageError::StatePruned { .. })));
}
