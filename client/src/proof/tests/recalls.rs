//! Open recalls: which of them a bundle excludes, and that nothing left out can.

use super::*;
use crate::proof::records::{BatchKey, RecallPhase, RecallScope, SharedParent, SpreadCursor};

/// The item's batch was made of `LEAF` and `BLEND`, and that of two parts of `FIELD`, which was
/// produced at a base as `LEAF` was.
const LEAF: BatchKey = [1; 16];
const BLEND: BatchKey = [2; 16];
const PARTS: [BatchKey; 2] = [[3; 16], [4; 16]];
const FIELD: BatchKey = [5; 16];
/// A batch that has nothing to do with them.
const ELSEWHERE: BatchKey = [6; 16];

fn derivation(inputs: &[BatchKey]) -> state::Derivation {
    let input =
        |batch: &BatchKey| state::DerivationInput { batch: *batch, quantity: 500, index: 2 };
    state::Derivation {
        kind: state::DerivationKind::Transformation,
        inputs: inputs.iter().map(input).collect(),
        outputs: vec![BATCH_ID],
        loss: 7,
        balance_unit: state::BaseUnit::Milligram,
        event_time: T0,
        rule_set: 1,
    }
}

pub(super) fn spreading(root: BatchKey) -> state::Recall {
    state::Recall {
        root,
        class: 3,
        scope: RecallScope::Descendants,
        rule_set: 1,
        opened_by: 0,
        opened_at: T0,
        reason: [1; 32],
        parents: Vec::new(),
        n_affected: 40,
        phase: RecallPhase::Spreading(SpreadCursor { parent: 0, affected: 3, derivation: 1 }),
        lifted: None,
    }
}

/// A batch that goes into others.
fn made_by(formed_by: Option<BatchKey>) -> state::Batch {
    let batch = Facts::new().batch;
    state::Batch { formed_by, test: None, origins: vec![0], claims: Vec::new(), ..batch }
}

impl Facts {
    /// The family above, while `recalls` are open.
    pub(super) fn with_open(recalls: Vec<state::Recall>) -> Self {
        let recalls: Vec<_> = (7..).zip(recalls).collect();
        Self {
            open_recalls: recalls.iter().map(|(id, _)| *id).collect(),
            recalls,
            ancestors: vec![
                (LEAF, made_by(None)),
                (BLEND, made_by(Some(BLEND))),
                (PARTS[0], made_by(Some(PARTS[0]))),
                (PARTS[1], made_by(Some(PARTS[0]))),
                (FIELD, made_by(None)),
            ],
            derivations: vec![
                ([8; 16], derivation(&[LEAF, BLEND])),
                (BLEND, derivation(&PARTS)),
                (PARTS[0], derivation(&[FIELD])),
            ],
            ..Self::new()
        }
    }

    /// The same, produced at a base.
    fn harvested(self) -> Self {
        let batch = state::Batch { formed_by: None, ..self.batch };
        Self { batch, ancestors: Vec::new(), derivations: Vec::new(), ..self }
    }

    /// The same, with a mark on an ancestor.
    fn marked(mut self, id: BatchKey) -> Self {
        let marked = self.ancestors.iter_mut().find(|(it, _)| *it == id);
        marked.unwrap().1.n_recalls = 1;
        self
    }
}

/// A recall of a batch that is not there, with the siblings that `batch` gave in its first
/// `n_derivations`. The derivations of the family are their inputs' third.
fn of_siblings(batch: BatchKey, n_derivations: u32) -> state::Recall {
    let elsewhere = SharedParent { batch: ELSEWHERE, n_derivations: 9 };
    let parents = vec![elsewhere, SharedParent { batch, n_derivations }];
    state::Recall { scope: RecallScope::SameParents, parents, ..spreading([60; 16]) }
}

fn lifting(root: BatchKey) -> state::Recall {
    let lifted = Some(state::LiftedRecall { by: 0, at: T0, reason: [2; 32] });
    state::Recall { phase: RecallPhase::Lifting { remaining: 9 }, lifted, ..spreading(root) }
}

/// Goods while recalls are open, by what is the matter with these, for other verifiers.
pub(super) fn cases() -> Vec<(&'static str, Facts)> {
    let elsewhere = || Facts::with_open(vec![spreading(ELSEWHERE)]);
    let mut unknown = elsewhere();
    unknown.open_recalls.push(9);
    let mut orphan = elsewhere();
    orphan.ancestors.retain(|(id, _)| *id != FIELD);
    let mut foundling = elsewhere();
    foundling.derivations.retain(|(id, _)| *id != PARTS[0]);
    vec![
        ("elsewhere", elsewhere()),
        ("elsewhere, harvested", elsewhere().harvested()),
        ("of the goods", Facts::with_open(vec![spreading(BATCH_ID)]).harvested()),
        ("of an ancestor", Facts::with_open(vec![spreading(ELSEWHERE), spreading(FIELD)])),
        ("an ancestor is marked", elsewhere().marked(PARTS[1])),
        ("of a sibling", Facts::with_open(vec![of_siblings(FIELD, 3)])),
        ("of what was made before", Facts::with_open(vec![of_siblings(FIELD, 2)])),
        ("lifted", Facts::with_open(vec![lifting(FIELD)])),
        ("without a recall", unknown),
        ("without an ancestor", orphan),
        ("without a derivation", foundling),
        ("longest", line(64)),
        ("too long", line(65)),
    ]
}

fn verdict(facts: &Facts) -> RecallVerdict {
    scanned(facts).recall
}

#[test]
fn a_recall_elsewhere_leaves_goods_clear() {
    let elsewhere = || Facts::with_open(vec![spreading(ELSEWHERE)]);
    for facts in [elsewhere(), elsewhere().harvested()] {
        let scan = scanned(&facts);
        assert_eq!(scan.recall, RecallVerdict::Clear);
        assert!(scan.is_in_order());
    }
}

#[test]
fn a_recall_of_the_goods_or_an_ancestor_is_being_assessed() {
    for root in [BATCH_ID, LEAF, BLEND, PARTS[0], PARTS[1], FIELD] {
        let facts = Facts::with_open(vec![spreading(root)]);
        assert_eq!(verdict(&facts), RecallVerdict::BeingAssessed, "{root:?}");
    }
}

#[test]
fn a_mark_on_an_ancestor_goes_on_to_the_goods() {
    for id in [LEAF, BLEND, PARTS[0], PARTS[1], FIELD] {
        let facts = Facts::with_open(vec![spreading(ELSEWHERE)]).marked(id);
        assert_eq!(verdict(&facts), RecallVerdict::BeingAssessed, "{id:?}");
    }
}

#[test]
fn siblings_by_a_parent_are_being_assessed() {
    for batch in [LEAF, BLEND, PARTS[0], PARTS[1], FIELD] {
        let with =
            |n_derivations| verdict(&Facts::with_open(vec![of_siblings(batch, n_derivations)]));
        assert_eq!(with(2), RecallVerdict::Clear, "{batch:?}");
        assert_eq!(with(3), RecallVerdict::BeingAssessed, "{batch:?}");
    }
}

#[test]
fn each_of_several_recalls_counts() {
    let of =
        |roots: &[BatchKey]| Facts::with_open(roots.iter().map(|root| spreading(*root)).collect());
    assert_eq!(verdict(&of(&[ELSEWHERE, [61; 16]])), RecallVerdict::Clear);
    assert_eq!(verdict(&of(&[ELSEWHERE, FIELD])), RecallVerdict::BeingAssessed);
    assert_eq!(verdict(&of(&[FIELD, ELSEWHERE])), RecallVerdict::BeingAssessed);
}

#[test]
fn a_recall_that_is_being_lifted_sets_no_mark() {
    let mut facts = Facts::with_open(vec![lifting(FIELD)]);
    // No ancestry is needed for it.
    (facts.ancestors, facts.derivations) = (Vec::new(), Vec::new());
    assert_eq!(verdict(&facts), RecallVerdict::Clear);
    facts.batch.n_recalls = 1;
    assert_eq!(verdict(&facts), RecallVerdict::Recalled(1));
    let another_spreads = Facts::with_open(vec![lifting(ELSEWHERE), spreading(FIELD)]);
    assert_eq!(verdict(&another_spreads), RecallVerdict::BeingAssessed);
}

/// A node that lies leaves out what does not suit it.
#[test]
fn whatever_is_left_out_makes_goods_being_assessed() {
    let facts = Facts::with_open(vec![spreading(ELSEWHERE), spreading([61; 16])]);
    let rows = facts.rows();
    let always = Facts::new().rows().len();
    // Two recalls, five ancestors, three derivations.
    assert_eq!(rows.len(), always + 10);
    for (left_out, _) in &rows[always..] {
        let kept: Vec<_> =
            rows.iter().map(|(key, _)| key.as_slice()).filter(|key| key != left_out).collect();
        let mut bundle = usual(&facts);
        (bundle.records, bundle.siblings) = facts.state().prove(&kept);
        let scan = bundle.scan(&checkpoint(10, &four(), &four()), &bounds()).unwrap();
        assert_eq!(scan.recall, RecallVerdict::BeingAssessed);
    }
}

/// A line of batches, each made of the next; the item's is the first of `length`.
fn line(length: u8) -> Facts {
    let id = |n: u8| [100 + n; 16];
    let mut facts = Facts::with_open(vec![spreading(ELSEWHERE)]);
    (facts.ancestors, facts.derivations) = (Vec::new(), Vec::new());
    facts.batch.formed_by = Some(id(0));
    for n in 1..length {
        let formed_by = (n + 1 < length).then_some(id(n));
        facts.derivations.push((id(n - 1), derivation(&[id(n)])));
        facts.ancestors.push((id(n), made_by(formed_by)));
    }
    facts
}

#[test]
fn an_ancestry_is_bounded() {
    let longest = u8::try_from(ANCESTRY_MAX).unwrap();
    assert_eq!(verdict(&line(longest)), RecallVerdict::Clear);
    assert_eq!(verdict(&line(longest + 1)), RecallVerdict::BeingAssessed);
}

#[test]
fn records_of_recalls_and_ancestors_are_read_strictly() {
    for (place, name) in
        [(&state::RECALL, "recall"), (&state::BATCH, "batch"), (&state::DERIVATION, "derivation")]
    {
        let facts = Facts::with_open(vec![spreading(ELSEWHERE)]);
        let mut rows = facts.rows();
        // The last record of the place; the item's own batch is the first.
        let changed = rows.iter_mut().rfind(|(it, _)| it.starts_with(&key(place, &[]))).unwrap();
        changed.1.push(0);
        let state = State(rows.clone());
        let four = four();
        let decided = Block { state_root: state.root(), ..block(&facts, 12, &four) };
        let mut bundle = bundle_of(&facts, &[decided], &[]);
        let keys: Vec<_> = rows.iter().map(|(key, _)| key.as_slice()).collect();
        (bundle.records, bundle.siblings) = state.prove(&keys);
        assert_eq!(refusal(&bundle).error, ProofError::RecordMalformed(name));
    }
}
