//! Random calls over random blocks against a schedule of sets.

use crate::{Validator, mock::*};
use ecoledger_primitives::{HeaderDigest, ValidatorSet};
use frame_support::BoundedVec;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A call by the committee; indices name keys that may or may not fit.
#[derive(Clone, Debug)]
enum Change {
    Add(u8, u8),
    Remove(u8),
    Rotate(u8, u8),
    ReplaceNode(u8, u8),
    Permit(u8, bool),
    Forbid(u8),
}

fn change() -> impl Strategy<Value = Change> {
    let index = 0u8..10;
    prop_oneof![
        (index.clone(), index.clone()).prop_map(|(key, node)| Change::Add(key, node)),
        index.clone().prop_map(Change::Remove),
        (index.clone(), index.clone()).prop_map(|(old, new)| Change::Rotate(old, new)),
        (index.clone(), index.clone()).prop_map(|(key, node)| Change::ReplaceNode(key, node)),
        (index.clone(), any::<bool>()).prop_map(|(node, labelled)| Change::Permit(node, labelled)),
        index.prop_map(Change::Forbid),
    ]
}

/// Dispatches `change`, and applies it to the model when it is accepted.
fn apply(change: &Change, model: &mut BTreeMap<u8, u8>, own: &mut BTreeMap<u8, ()>) {
    let root = RuntimeOrigin::root;
    let node_is_free = |model: &BTreeMap<u8, u8>, node: u8| model.values().all(|it| *it != node);
    let (accepted, expected) = match *change {
        Change::Add(k, n) => {
            let fits = model.len() < 6 && !model.contains_key(&k) && node_is_free(model, n);
            if fits {
                model.insert(k, n);
            }
            (ValidatorsPallet::add_validator(root(), key(k), node(n)).is_ok(), fits)
        }
        Change::Remove(k) => {
            let fits = model.contains_key(&k) && model.len() > 2;
            if fits {
                model.remove(&k);
            }
            (ValidatorsPallet::remove_validator(root(), key(k)).is_ok(), fits)
        }
        Change::Rotate(old, new) => {
            let fits = model.contains_key(&old) && !model.contains_key(&new);
            if let (true, Some(n)) = (fits, model.get(&old).copied()) {
                model.remove(&old);
                model.insert(new, n);
            }
            (ValidatorsPallet::rotate_validator(root(), key(old), key(new)).is_ok(), fits)
        }
        Change::ReplaceNode(k, n) => {
            let fits = model.contains_key(&k) && node_is_free(model, n);
            if fits {
                model.insert(k, n);
            }
            (ValidatorsPallet::replace_node(root(), key(k), node(n)).is_ok(), fits)
        }
        Change::Permit(n, labelled) => {
            let fits = labelled && own.len() < 3 && !own.contains_key(&n);
            if fits {
                own.insert(n, ());
            }
            let text = if labelled { b"node".to_vec() } else { Vec::new() };
            let label = BoundedVec::truncate_from(text);
            (ValidatorsPallet::permit_node(root(), node(n), label).is_ok(), fits)
        }
        Change::Forbid(n) => {
            let fits = own.remove(&n).is_some();
            (ValidatorsPallet::forbid_node(root(), node(n)).is_ok(), fits)
        }
    };
    assert_eq!(accepted, expected, "{change:?}");
}

fn set_of(model: &BTreeMap<u8, u8>) -> ValidatorSet {
    ValidatorSet::new(model.keys().map(|index| key(*index)).collect()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    /// Whatever the committee decides, each header commits to the sets that the decisions so far
    /// give the next two heights, and every member of a set may propose at its height.
    #[test]
    fn headers_follow_the_schedule(
        blocks in prop::collection::vec(prop::collection::vec(change(), 0..6), 1..12),
        proposers in prop::collection::vec(any::<prop::sample::Index>(), 12),
    ) {
        ExtBuilder::default().build_and_execute(|| {
            let genesis: BTreeMap<u8, u8> = (0..4).map(|index| (index, index)).collect();
            // Sets of the heights H, H+1 and H+2 while block H runs.
            let mut schedule = [genesis.clone(), genesis.clone(), genesis];
            let mut own = BTreeMap::new();
            for (changes, proposer) in blocks.iter().zip(&proposers) {
                let members: Vec<u8> = schedule[0].keys().copied().collect();
                let header = run_block(*proposer.get(&members), || {
                    for change in changes {
                        apply(change, &mut schedule[2], &mut own);
                    }
                });
                let [_, next, after_next] = &schedule;
                let sets = HeaderDigest::of(&header).unwrap().sets;
                assert_eq!(sets.next, set_of(next).hash());
                assert_eq!(sets.after_next, set_of(after_next).hash());
                assert_eq!(
                    ValidatorsPallet::validator_sets(),
                    (set_of(next), set_of(after_next))
                );
                let mut nodes: Vec<_> = next.values().chain(after_next.values())
                    .chain(own.keys()).map(|index| node(*index)).collect();
                nodes.sort();
                nodes.dedup();
                assert_eq!(ValidatorsPallet::permitted_nodes(), nodes);
                let stored: Vec<Validator> = ValidatorsPallet::after_next_validators();
                for it in stored {
                    assert!(after_next.iter().any(|(k, n)| it.key == key(*k) && it.node_key == node(*n)));
                }
                schedule = [next.clone(), after_next.clone(), after_next.clone()];
            }
        });
    }
}
