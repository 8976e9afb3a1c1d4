//! Random lives against a naive model: units are conserved, and recalls reach exactly the closure.

use super::*;
use proptest::{prelude::*, test_runner::RngAlgorithm};
use std::collections::{BTreeMap, BTreeSet};

/// One thing that somebody tries; indices are taken modulo what there is.
#[derive(Clone, Debug)]
enum Op {
    Harvest,
    Split(u8, u8),
    Merge(u8, u8),
    Process(u8, u8, u8),
    Ship(u8, u8),
    Receive(u8, u8, bool),
    Reject(u8),
    Sell(u8, u8),
    TakeBack(u8, u8),
    Lose(u8, u8),
    Destroy(u8, u8),
    Hold(u8),
    Release(u8),
    Recall(u8, u8),
    Lift(u8),
    Claim(u8, u8),
    Block,
}

fn op() -> impl Strategy<Value = Op> {
    let n = any::<u8>;
    prop_oneof![
        2 => Just(Op::Harvest),
        5 => (n(), n()).prop_map(|(a, b)| Op::Split(a, b)),
        4 => (n(), n()).prop_map(|(a, b)| Op::Merge(a, b)),
        4 => (n(), n(), n()).prop_map(|(a, b, c)| Op::Process(a, b, c)),
        3 => (n(), n()).prop_map(|(a, b)| Op::Ship(a, b)),
        3 => (n(), n(), any::<bool>()).prop_map(|(a, b, c)| Op::Receive(a, b, c)),
        1 => n().prop_map(Op::Reject),
        1 => (n(), n()).prop_map(|(a, b)| Op::Sell(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Op::TakeBack(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Op::Lose(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Op::Destroy(a, b)),
        1 => n().prop_map(Op::Hold),
        1 => n().prop_map(Op::Release),
        2 => (n(), n()).prop_map(|(a, b)| Op::Recall(a, b)),
        1 => n().prop_map(Op::Lift),
        3 => (n(), n()).prop_map(|(a, b)| Op::Claim(a, b)),
        2 => Just(Op::Block),
    ]
}

/// What the model knows: who was made from whom, and which recalls are in force.
#[derive(Default)]
struct Model {
    batches: Vec<BatchId>,
    /// Number of the event that made a batch, and its parents.
    made: BTreeMap<BatchId, (usize, BTreeSet<BatchId>)>,
    /// Where each recall in force starts.
    recalls: BTreeMap<RecallId, BTreeSet<BatchId>>,
    harvested: u128,
    lost_in_making: u128,
    n_events: usize,
}

impl Model {
    fn pick(&self, nth: u8) -> Option<BatchId> {
        self.batches.get(usize::from(nth) % self.batches.len().max(1)).copied()
    }

    fn name(&self) -> String {
        format!("L{}", self.batches.len())
    }

    fn add(&mut self, batches: &[BatchId], parents: &[BatchId]) {
        self.n_events += 1;
        for batch in batches {
            let parents = parents.iter().copied().collect();
            self.made.insert(*batch, (self.n_events, parents));
            self.batches.push(*batch);
        }
    }

    fn start_of(&self, root: BatchId, class: u8) -> BTreeSet<BatchId> {
        let (event, parents) = &self.made[&root];
        let is_sibling = |batch: &&BatchId| {
            let (other, others) = &self.made[*batch];
            match class {
                1 => others.intersection(parents).next().is_some(),
                2 => other == event && !parents.is_empty(),
                _ => false,
            }
        };
        let siblings = self.batches.iter().filter(is_sibling).copied();
        siblings.chain([root]).collect()
    }

    /// The naive closure: add children until nothing is added.
    fn closure(&self, start: &BTreeSet<BatchId>) -> BTreeSet<BatchId> {
        let mut affected = start.clone();
        loop {
            let more: Vec<_> = self
                .batches
                .iter()
                .filter(|batch| !affected.contains(batch))
                .filter(|batch| self.made[batch].1.intersection(&affected).next().is_some())
                .copied()
                .collect();
            if more.is_empty() {
                return affected;
            }
            affected.extend(more);
        }
    }

    fn recalls_of(&self, batch: BatchId) -> Vec<RecallId> {
        let affects = |start: &BTreeSet<_>| self.closure(start).contains(&batch);
        self.recalls.iter().filter(|(_, start)| affects(start)).map(|(id, _)| *id).collect()
    }

    fn is_affected(&self, batch: BatchId) -> bool {
        !self.recalls_of(batch).is_empty()
    }
}

fn details(batch: BatchId) -> BatchDetails {
    Batches::<Test>::get(batch).unwrap()
}

fn grams(value: u128) -> Measure {
    measure(value, "MGM")
}

fn share(of: u128, nth: u8) -> u128 {
    (of * u128::from(nth) / 255).max(1)
}

/// Tries one thing, and tells the model what came of it.
fn attempt(model: &mut Model, op: &Op) {
    match *op {
        Op::Harvest | Op::Block => {}
        Op::Recall(..) | Op::Lift(_) => return supervise(model, op),
        _ => return act(model, op),
    }
    if matches!(op, Op::Block) {
        next_block();
        return;
    }
    let text = model.name();
    let (gtin, name) = (gtin(LEAF), lot(&text));
    assert_ok!(Traceability::produce(by(GARDEN), gtin, name, grams(1_000), 0, at_now()));
    model.harvested += 1_000;
    model.add(&[id(LEAF, &text)], &[]);
}

fn supervise(model: &mut Model, op: &Op) {
    match *op {
        Op::Recall(nth, class) => {
            let Some(root) = model.pick(nth) else { return };
            let class = class % 3 + 1;
            let recall = NextRecallId::<Test>::get();
            if Traceability::recall(by(SAMR), root, class, [9; 32]).is_ok() {
                model.recalls.insert(recall, model.start_of(root, class));
            }
        }
        Op::Lift(nth) => {
            let recall = u32::from(nth) % NextRecallId::<Test>::get().max(1);
            if Traceability::lift_recall(by(SAMR), recall, [8; 32]).is_ok() {
                model.recalls.remove(&recall);
            }
        }
        _ => unreachable!("only recalls and lifts come here"),
    }
}

fn act(model: &mut Model, op: &Op) {
    let (Op::Split(nth, _)
    | Op::Merge(nth, _)
    | Op::Process(nth, ..)
    | Op::Ship(nth, _)
    | Op::Receive(nth, ..)
    | Op::Reject(nth)
    | Op::Sell(nth, _)
    | Op::TakeBack(nth, _)
    | Op::Lose(nth, _)
    | Op::Destroy(nth, _)
    | Op::Hold(nth)
    | Op::Release(nth)
    | Op::Claim(nth, _)) = *op
    else {
        return;
    };
    let Some(batch) = model.pick(nth) else { return };
    let before = details(batch);
    let affected = model.is_affected(batch);
    let (holder, on_hand) = (before.holder, before.quantities.on_hand);
    let done = match *op {
        Op::Split(..) | Op::Merge(..) | Op::Process(..) => derive(model, op, batch, &before),
        Op::Ship(_, to) => {
            let consignee = [GARDEN, FACTORY, SHOP][usize::from(to) % 3];
            let item = ShippedItem::Batch(batch);
            let purpose = ShipPurpose::Delivery;
            Traceability::ship(by(holder), item, consignee, purpose, at_now()).is_ok()
        }
        Op::Receive(_, part, back) => receive(model, batch, &before, part, back),
        Op::Claim(_, certificate) => {
            let certificate = CertificateId::from(certificate % 4);
            Traceability::claim_certificate(by(holder), batch, certificate).is_ok()
        }
        Op::Sell(_, part) => {
            let quantity = grams(share(on_hand, part));
            Traceability::sell(by(holder), batch, quantity, at_now()).is_ok()
        }
        Op::Lose(_, part) => {
            let quantity = grams(share(on_hand, part));
            Traceability::record_loss(by(holder), batch, quantity, at_now()).is_ok()
        }
        _ => {
            // These are open to stopped batches, too.
            keep(op, batch, &before);
            return;
        }
    };
    assert!(!(done && affected), "{op:?} went through on an affected batch");
}

fn keep(op: &Op, batch: BatchId, before: &BatchDetails) {
    let holder = by(before.holder);
    // Whether they are allowed does not matter to the model.
    let _ = match *op {
        Op::Reject(_) => Traceability::reject(holder, ShippedItem::Batch(batch), at_now()).is_ok(),
        Op::TakeBack(_, part) => {
            let quantity = grams(share(before.quantities.sold, part));
            Traceability::take_back(holder, batch, quantity, at_now()).is_ok()
        }
        Op::Destroy(_, part) => {
            let quantity = grams(share(before.quantities.on_hand, part));
            Traceability::destroy(holder, batch, quantity, at_now()).is_ok()
        }
        Op::Hold(_) => Traceability::hold(holder, batch, None).is_ok(),
        _ => Traceability::release(holder, batch, None).is_ok(),
    };
}

fn receive(model: &mut Model, batch: BatchId, before: &BatchDetails, part: u8, back: bool) -> bool {
    let Some(transit) = before.transit else { return false };
    let shipped = before.quantities.in_transit;
    let accepted = share(shipped, part);
    let text = model.name();
    let shortfall = match (accepted < shipped, back) {
        (false, _) => None,
        (true, true) => Some(Shortfall::Returned { lot: lot(&text) }),
        (true, false) => Some(Shortfall::Lost),
    };
    let (to, into) = (by(transit.consignee), ReceiveInto::Store);
    let made = matches!(shortfall, Some(Shortfall::Returned { .. }));
    let done = Traceability::receive(to, batch, grams(accepted), shortfall, into, at_now()).is_ok();
    if done && made {
        model.add(&[id(LEAF, &text)], &[batch]);
    }
    done
}

fn derive(model: &mut Model, op: &Op, batch: BatchId, before: &BatchDetails) -> bool {
    let (holder, on_hand) = (before.holder, before.quantities.on_hand);
    let text = model.name();
    let made = id(LEAF, &text);
    match *op {
        Op::Split(_, part) => {
            let other = format!("{text}-B");
            let amounts = parts(&[(&text, grams(share(on_hand, part / 2))), (&other, grams(1))]);
            let done = Traceability::split(by(holder), batch, amounts, at_now()).is_ok();
            if done {
                model.add(&[made, id(LEAF, &other)], &[batch]);
            }
            done
        }
        Op::Merge(_, nth) => {
            let Some(other) = model.pick(nth) else { return false };
            let more = share(details(other).quantities.on_hand, 128);
            let inputs = [(batch, grams(share(on_hand, 200))), (other, grams(more))];
            let affected = model.is_affected(other);
            let done =
                Traceability::merge(by(holder), taken(&inputs), lot(&text), at_now()).is_ok();
            assert!(!(done && affected), "an affected batch was mixed in");
            if done {
                model.add(&[made], &[batch, other]);
            }
            done
        }
        Op::Process(_, part, yielded) => {
            let quantity = share(on_hand, part);
            let output = share(quantity, yielded);
            let loss = (output < quantity).then(|| grams(quantity - output));
            let inputs = taken(&[(batch, grams(quantity))]);
            let outputs = outputs(&[(LEAF, &text, grams(output))]);
            let done = Traceability::transform(by(holder), inputs, outputs, loss, at_now()).is_ok();
            if done {
                model.add(&[made], &[batch]);
                model.lost_in_making += quantity - output;
            }
            done
        }
        _ => unreachable!("only derivations come here"),
    }
}

/// Every answer about every batch and recall is the model's.
fn compare(model: &Model) {
    for batch in &model.batches {
        let expected = match model.recalls_of(*batch) {
            recalls if recalls.is_empty() => RecallStatus::Clear,
            recalls => RecallStatus::Recalled(recalls),
        };
        assert_eq!(Traceability::recall_status(*batch), expected);
    }
    for (recall, start) in &model.recalls {
        let page = Traceability::affected_by(*recall, 0, MAX_PAGE);
        assert!(page.exact);
        assert_eq!(page.batches.len(), page.total as usize, "a batch is listed once");
        assert_eq!(page.batches.into_iter().collect::<BTreeSet<_>>(), model.closure(start));
    }
}

/// What a batch inherits is what all its parents carried; what it has beside was claimed for it.
fn inherit(model: &Model) {
    for batch in &model.batches {
        for claim in details(*batch).claims {
            assert_eq!(claim.made_while_suspended, claim.certificate == 2);
            for parent in &model.made[batch].1 {
                let schemes = details(*parent).claims.into_iter().map(|it| it.certificate / 2);
                assert!(schemes.collect::<Vec<_>>().contains(&(claim.certificate / 2)));
            }
        }
    }
}

/// Nothing came from nowhere, and nothing went nowhere.
fn conserve(model: &Model) {
    let mut found = model.lost_in_making;
    for batch in &model.batches {
        let Quantities { on_hand, in_transit, sold, lost, destroyed, .. } =
            details(*batch).quantities;
        found += on_hand + in_transit + sold + lost + destroyed;
    }
    assert_eq!(found, model.harvested);
}

fn live(ops: &[Op], steps_per_call: u32, steps_per_block: u32) {
    run(|| {
        StepsPerCall::set(steps_per_call);
        StepsPerBlock::set(steps_per_block);
        for organisation in [FACTORY, SHOP] {
            assert_ok!(Traceability::license_producer(by(GARDEN), gtin(LEAF), organisation, true));
        }
        let scope = YieldScope::Product { input: gtin(LEAF), output: gtin(LEAF) };
        let rule = YieldRule { max_ppb: 1_000_000_000, by_product: false };
        assert_ok!(Traceability::set_yield(RuntimeOrigin::signed(GOVERNOR), scope, Some(rule)));
        // Of two schemes; one is of the factory, and one was suspended when all is harvested.
        TableCertificates::issue(0, 1, GARDEN, &[LEAF], &[0]);
        TableCertificates::issue(1, 1, FACTORY, &[LEAF], &[0]);
        TableCertificates::issue(2, 2, GARDEN, &[LEAF], &[0]);
        TableCertificates::set_status(2, START_MS, CertificateStatus::Suspended);
        let mut model = Model::default();
        attempt(&mut model, &Op::Harvest);
        for op in ops {
            attempt(&mut model, op);
            compare(&model);
        }
        conserve(&model);
        inherit(&model);
        Traceability::do_try_state().unwrap();
        for _ in 0..1_000 {
            if OpenRecalls::<Test>::get().is_empty() {
                break;
            }
            next_block();
        }
        assert!(OpenRecalls::<Test>::get().is_empty(), "a recall never ends");
        compare(&model);
        for batch in &model.batches {
            let expected = model.recalls_of(*batch).len();
            assert_eq!(details(*batch).n_recalls as usize, expected);
            assert!(history_holds(*batch));
        }
    });
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: proptest::test_runner::RngSeed::Fixed(12),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(192))]

    #[test]
    fn lives_conserve_units_and_recalls_reach_the_closure(
        ops in prop::collection::vec(op(), 1..120),
        steps_per_call in 0u32..4,
        steps_per_block in 1u32..4,
    ) {
        live(&ops, steps_per_call, steps_per_block);
    }

    #[test]
    fn shifts_never_lose_units(
        amounts in prop::collection::vec((0usize..6, 0usize..6, 0u128..2_000), 0..40),
    ) {
        const ALL: [Bucket; 6] = [
            Bucket::OnHand, Bucket::InTransit, Bucket::Consumed,
            Bucket::Sold, Bucket::Lost, Bucket::Destroyed,
        ];
        let mut quantities = Quantities::new(1_000);
        for (from, to, quantity) in amounts {
            let before = quantities;
            if quantities.shift(ALL[from], ALL[to], quantity).is_none() {
                prop_assert_eq!(quantities, before);
            }
            prop_assert!(quantities.is_balanced());
        }
    }

    #[test]
    fn measures_never_round(
        value in any::<u64>(),
        decimals in 0u8..12,
        n in 1u64..1_000,
        d in 1u64..1_000,
    ) {
        let rule = UnitRule { base: BaseUnit::Milligram, numerator: n, denominator: d };
        let measure = Measure { value: u128::from(value), decimals, unit: UnitCode(*b"KGM") };
        if let Ok(quantity) = measure.in_base_units(&rule) {
            let scale = 10u128.pow(u32::from(decimals)) * u128::from(d);
            prop_assert_eq!(quantity * scale, u128::from(value) * u128::from(n));
        }
    }
}
