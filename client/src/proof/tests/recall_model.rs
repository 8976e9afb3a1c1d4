//! The rule of open recalls against the definition of what a recall affects, over random provenance
//! graphs in every state of spreading.

use super::*;
use crate::proof::records::{BatchKey, RecallScope, SharedParent};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers that follow from a seed: splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ mixed >> 31) % bound as u64).unwrap()
    }

    /// One to `most` of `from`, each once.
    fn some(&mut self, from: &[BatchKey], most: usize) -> BTreeSet<BatchKey> {
        (0..=self.below(most)).map(|_| from[self.below(from.len())]).collect()
    }
}

/// Batches and derivations, written as the chain writes them.
#[derive(Default)]
struct Graph {
    batches: BTreeMap<BatchKey, state::Batch>,
    derivations: BTreeMap<BatchKey, state::Derivation>,
}

impl Graph {
    fn put(&mut self, formed_by: Option<BatchKey>) -> BatchKey {
        let id = [u8::try_from(self.batches.len()).unwrap(); 16];
        self.batches.insert(id, state::Batch { formed_by, ..Facts::new().batch });
        id
    }

    fn derive(&mut self, from: &BTreeSet<BatchKey>, n_outputs: usize) {
        let inputs = from.iter().map(|id| {
            let batch = self.batches.get_mut(id).unwrap();
            batch.n_derivations += 1;
            state::DerivationInput { batch: *id, quantity: 1, index: batch.n_derivations - 1 }
        });
        let inputs = inputs.collect();
        // A derivation is kept by the first batch that it makes.
        let id = [u8::try_from(self.batches.len()).unwrap(); 16];
        let outputs = (0..n_outputs).map(|_| self.put(Some(id))).collect();
        let derivation = state::Derivation {
            kind: state::DerivationKind::Merge,
            inputs,
            outputs,
            loss: 0,
            balance_unit: state::BaseUnit::Each,
            event_time: T0,
            rule_set: 0,
        };
        self.derivations.insert(id, derivation);
    }

    /// Derives from `from` so many times, now and then from what was just made.
    fn grow(&mut self, random: &mut Random, mut from: Vec<BatchKey>, times: usize) {
        for _ in 0..times {
            let before = self.batches.len();
            let n_outputs = 1 + random.below(3);
            self.derive(&random.some(&from, 3), n_outputs);
            from.extend((before..self.batches.len()).map(|n| [u8::try_from(n).unwrap(); 16]));
        }
    }

    /// The batch, and what was made with it or of its parents, as the scope says.
    fn starts(&self, root: BatchKey, scope: RecallScope) -> BTreeSet<BatchKey> {
        let mut starts = BTreeSet::from([root]);
        let Some(made_by) = self.batches[&root].formed_by else { return starts };
        let made_by = &self.derivations[&made_by];
        match scope {
            RecallScope::Descendants => {}
            RecallScope::SameEvent => starts.extend(&made_by.outputs),
            RecallScope::SameParents => {
                let is_parent = |id: &BatchKey| made_by.inputs.iter().any(|it| it.batch == *id);
                for derivation in self.derivations.values() {
                    if derivation.inputs.iter().any(|input| is_parent(&input.batch)) {
                        starts.extend(&derivation.outputs);
                    }
                }
            }
        }
        starts
    }

    fn with_descendants(&self, mut affected: BTreeSet<BatchKey>) -> BTreeSet<BatchKey> {
        loop {
            let before = affected.len();
            for derivation in self.derivations.values() {
                if derivation.inputs.iter().any(|input| affected.contains(&input.batch)) {
                    affected.extend(&derivation.outputs);
                }
            }
            if affected.len() == before {
                return affected;
            }
        }
    }

    fn parents(&self, root: BatchKey) -> Vec<SharedParent> {
        let made_by = self.batches[&root].formed_by.map(|id| &self.derivations[&id]);
        let inputs = made_by.iter().flat_map(|it| &it.inputs);
        let parent = |input: &state::DerivationInput| SharedParent {
            batch: input.batch,
            n_derivations: self.batches[&input.batch].n_derivations,
        };
        inputs.map(parent).collect()
    }

    /// A bundle of all of it; nothing else is in there.
    fn bundle(&self, recall: &state::Recall) -> Bundle {
        let rows = [
            (key(&state::OPEN_RECALLS, &[]), vec![7u32].encode()),
            (key(&state::RECALL, &[7u32.encode()]), recall.encode()),
        ];
        let part = |id: &BatchKey| [id.to_vec()];
        let batches =
            self.batches.iter().map(|(id, it)| (key(&state::BATCH, &part(id)), it.encode()));
        let derivations = self
            .derivations
            .iter()
            .map(|(id, it)| (key(&state::DERIVATION, &part(id)), it.encode()));
        let rows = rows.into_iter().chain(batches).chain(derivations);
        let records = rows.map(|(key, value)| Record { key, value, depth: 0 }).collect();
        let (steps, sets, siblings) = (Vec::new(), Vec::new(), Vec::new());
        Bundle { genesis: GENESIS, steps, sets, records, siblings, item: None }
    }
}

#[test]
fn goods_are_clear_if_and_only_if_no_open_recall_affects_them() {
    let mut seen = BTreeMap::<_, u32>::new();
    for seed in 0..600 {
        let random = &mut Random(seed);
        let mut graph = Graph::default();
        let fields: Vec<_> = (0..4).map(|_| graph.put(None)).collect();
        graph.grow(random, fields, 8);
        let all: Vec<_> = graph.batches.keys().copied().collect();
        let root = all[random.below(all.len())];
        let scopes = [RecallScope::Descendants, RecallScope::SameEvent, RecallScope::SameParents];
        let scope = scopes[random.below(3)];
        let starts = graph.starts(root, scope);
        let parents = match scope {
            RecallScope::SameParents => graph.parents(root),
            _ => Vec::new(),
        };
        let recall = state::Recall { scope, parents, ..recalls::spreading(root) };
        // The chain goes on with what is not affected, parents of the root included.
        let affected = graph.with_descendants(starts.clone());
        let free: Vec<_> = all.into_iter().filter(|id| !affected.contains(id)).collect();
        if !free.is_empty() {
            graph.grow(random, free, 3);
        }
        // Marked are the root and its siblings by the event, and of the others some.
        for id in &affected {
            let at_once = *id == root || scope == RecallScope::SameEvent && starts.contains(id);
            if at_once || random.below(2) == 0 {
                graph.batches.get_mut(id).unwrap().n_recalls = 1;
            }
        }
        let bundle = graph.bundle(&recall);
        for (id, batch) in &graph.batches {
            let expected = match (batch.n_recalls, affected.contains(id)) {
                (0, false) => RecallVerdict::Clear,
                (0, true) => RecallVerdict::BeingAssessed,
                (n_recalls, _) => RecallVerdict::Recalled(n_recalls),
            };
            let found = bundle.recall_verdict(*id, batch).unwrap();
            assert_eq!(found, expected, "seed {seed}, batch {}", id[0]);
            *seen.entry(format!("{scope:?} {expected:?}")).or_default() += 1;
        }
        assert_eq!(graph.with_descendants(starts), affected, "seed {seed}");
    }
    // All three verdicts came up with each scope.
    assert!(seen.len() == 9 && seen.values().all(|count| *count > 100), "{seen:?}");
}
