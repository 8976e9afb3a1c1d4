//! Deliberate breaks of every law.

use super::*;

/// Breaks something in a state with leaf, tea made of it under a certificate, tins in a logistic
/// unit, a shipment and a recall, and expects the law's sentence.
#[track_caller]
fn broken(breaking: impl FnOnce(), sentence: &'static str) {
    let mut found = None;
    run(|| {
        TableCertificates::issue(0, 1, GARDEN, &[LEAF], &[0]);
        TableCertificates::issue(1, 1, FACTORY, &[TEA], &[]);
        let certified = harvest("C", 8);
        assert_ok!(Traceability::claim_certificate(by(GARDEN), certified, 0));
        deliver(certified, GARDEN, FACTORY);
        let (loss, outputs) = (Some(kg(6)), outputs(&[(TEA, "C", kg(2))]));
        let inputs = taken(&[(certified, kg(8))]);
        assert_ok!(Traceability::transform(by(FACTORY), inputs, outputs, loss, at_now()));
        assert_ok!(Traceability::claim_certificate(by(FACTORY), id(TEA, "C"), 1));
        let tins = tins("T", 20);
        assert_ok!(Traceability::aggregate(by(FACTORY), sscc(1), contents(&[tins]), at_now()));
        let shipped = harvest("S", 3);
        let item = ShippedItem::Batch(shipped);
        let purpose = ShipPurpose::Delivery;
        assert_ok!(Traceability::ship(by(GARDEN), item, FACTORY, purpose, at_now()));
        let recalled = harvest("R", 3);
        split_leaf(recalled, &["R1"]);
        recall_by_samr(recalled);
        assert_ok!(Traceability::do_try_state());
        let result: sp_runtime::DispatchResult = frame_support::storage::with_transaction(|| {
            breaking();
            found = Traceability::do_try_state().err();
            sp_runtime::TransactionOutcome::Rollback(Ok(()))
        });
        assert_ok!(result);
    });
    assert_eq!(found, Some(sentence.into()));
}

fn change(batch: BatchId, change: impl FnOnce(&mut BatchDetails)) {
    Batches::<Test>::mutate(batch, |it| change(it.as_mut().unwrap()));
}

fn change_derivation(batch: BatchId, change: impl FnOnce(&mut Derivation)) {
    Derivations::<Test>::mutate(batch, |it| change(it.as_mut().unwrap()));
}

fn tea_c() -> BatchId {
    id(TEA, "C")
}

fn leaf_c() -> BatchId {
    id(LEAF, "C")
}

#[test]
fn broken_batches_are_found() {
    let stage = "stage and units on hand disagree";
    let way = "shipment, stage and units under way disagree";
    broken(|| change(tea_c(), |it| it.lot = lot("X")), "batch under another id");
    broken(|| change(tea_c(), |it| it.quantities.lost = 1), "units of a batch do not add up");
    broken(|| Products::<Test>::remove(gtin(LEAF)), "batch of no product");
    broken(|| change(id(LEAF, "S"), |it| it.transit = None), way);
    broken(|| change(id(LEAF, "S"), |it| it.stage = Stage::Harvested), way);
    broken(|| change(tea_c(), |it| it.stage = Stage::Consumed), stage);
    broken(|| change(leaf_c(), |it| it.stage = Stage::Stored), stage);
    broken(|| change(tea_c(), |it| it.n_events = 0), "batch without events");
    broken(|| change(tea_c(), |it| it.holder = 9_999), "batch of no organisation");
    broken(|| change(tea_c(), |it| it.producer = 9_999), "batch of no organisation");
    broken(|| change(tea_c(), |it| it.origins = Origins::new()), "batch without origin");
    broken(|| Places::<Test>::remove(0), "batch without origin");
}

#[test]
fn broken_derivations_are_found() {
    broken(
        || change_derivation(tea_c(), |it| it.outputs[0] = leaf_c()),
        "derivation under another id",
    );
    broken(|| change_derivation(tea_c(), |it| it.loss += 1), "a derivation does not balance");
    broken(
        || change_derivation(tea_c(), |it| it.inputs[0].quantity += 1),
        "a derivation does not balance",
    );
    broken(|| DerivationsOf::<Test>::remove(leaf_c(), 0), "input does not list the derivation");
    broken(|| change(tea_c(), |it| it.formed_by = None), "output does not name its derivation");
    broken(
        || {
            let also = Origins::truncate_from(vec![0, 1]);
            change(tea_c(), |it| it.origins = also);
        },
        "origins are not the union",
    );
    broken(
        || {
            change(id(LEAF, "R1"), |it| {
                it.quantities.on_hand -= 1;
                it.quantities.consumed += 1;
            });
        },
        "units consumed do not agree with the derivations",
    );
    broken(
        || change(id(LEAF, "R"), |it| it.formed_by = Some(tea_c())),
        "batch made by no derivation",
    );
    broken(|| change(leaf_c(), |it| it.n_derivations = 2), "index without edge");
    broken(|| change(leaf_c(), |it| it.n_derivations = 0), "edge without index");
}

#[test]
fn broken_claims_are_found() {
    let status = "a claim is not what the certificate's status was when the batch was made";
    let claim = |certificate| Claim { certificate, made_while_suspended: false };
    broken(|| change(leaf_c(), |it| it.claims[0].made_while_suspended = true), status);
    broken(|| change(tea_c(), |it| it.claims[0].made_while_suspended = true), status);
    broken(move || change(id(LEAF, "R"), |it| it.claims.force_push(claim(9))), status);
    broken(|| change(leaf_c(), |it| it.produced_at = 0), status);
    broken(
        || change(leaf_c(), |it| it.claims = Claims::new()),
        "a batch carries a certificate that its parents do not",
    );
    broken(
        move || change(tea_c(), |it| it.claims = Claims::truncate_from(vec![claim(1), claim(0)])),
        "claims are not in order",
    );
}

#[test]
fn broken_units_are_found() {
    let tins = || id(TIN, "T");
    let unit = |how: fn(&mut LogisticUnit)| {
        move || LogisticUnits::<Test>::mutate(sscc(1), |it| how(it.as_mut().unwrap()))
    };
    broken(unit(|it| it.closed = true), "empty unit is open");
    broken(unit(|it| it.contents[0] = leaf_c()), "content does not name its unit");
    broken(unit(|it| it.holder = GARDEN), "unit and content have different holders");
    broken(unit(|it| it.consignee = Some(GARDEN)), "unit and content go to different consignees");
    broken(
        move || {
            LogisticUnits::<Test>::remove(sscc(1));
            assert!(Batches::<Test>::contains_key(tins()));
        },
        "batch names a unit that does not hold it",
    );
}

#[test]
fn broken_recalls_are_found() {
    let recall = |how: fn(&mut RecallDetails)| {
        move || Recalls::<Test>::mutate(0, |it| how(it.as_mut().unwrap()))
    };
    broken(
        recall(|it| it.phase = RecallPhase::Spreading(SpreadCursor::default())),
        "list of open recalls is wrong",
    );
    broken(recall(|it| it.n_affected += 1), "list of affected has a gap");
    broken(
        || RecallsOf::<Test>::remove(id(LEAF, "R1"), 0),
        "affected batch does not list the recall",
    );
    broken(|| change(id(LEAF, "R1"), |it| it.n_recalls = 0), "count of recalls is wrong");
    broken(
        || {
            Recalls::<Test>::mutate(0, |it| it.as_mut().unwrap().n_affected = 1);
            RecallsOf::<Test>::remove(id(LEAF, "R1"), 0);
            change(id(LEAF, "R1"), |it| it.n_recalls = 0);
        },
        "descendant of a recalled batch is not marked",
    );
}
