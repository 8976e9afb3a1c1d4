//! Certificates of batches: claiming, inheriting, and what must go on holding.

use super::*;
use codec::Encode;
use frame_support::assert_noop;
use sp_runtime::DispatchError;

/// Scheme of the certificates 1 to 8.
const ORGANIC: SchemeId = 7;
/// Scheme of certificate 9.
const GREEN: SchemeId = 8;

/// Certificates of the garden for leaf at its base 0, of one scheme.
fn issue_for_leaf(ids: impl IntoIterator<Item = CertificateId>) {
    for id in ids {
        TableCertificates::issue(id, ORGANIC, GARDEN, &[LEAF], &[0]);
    }
}

fn claim(by_whom: u32, batch: BatchId, certificate: CertificateId) -> bool {
    Traceability::claim_certificate(by(by_whom), batch, certificate).is_ok()
}

/// Certificates that the batch carries, and whether each was suspended when it was made.
fn claims_of(product: &str, text: &str) -> Vec<(CertificateId, bool)> {
    let claims = batch(product, text).claims;
    claims.iter().map(|claim| (claim.certificate, claim.made_while_suspended)).collect()
}

#[test]
fn claim_certificate_works() {
    run(|| {
        issue_for_leaf([3, 5]);
        let leaf = harvest("A1", 10);
        let n_events = batch(LEAF, "A1").n_events;
        assert_ok!(Traceability::claim_certificate(by(GARDEN), leaf, 5));
        assert!(has_event(Event::CertificateClaimed {
            batch: leaf,
            certificate: 5,
            made_while_suspended: false
        }));
        assert_ok!(Traceability::claim_certificate(by(GARDEN), leaf, 3));
        assert_eq!(claims_of(LEAF, "A1"), [(3, false), (5, false)]);
        assert_eq!(batch(LEAF, "A1").n_events, n_events + 2);
        assert!(history_holds(leaf));
    });
}

#[test]
fn claim_certificate_rejects_others_than_the_holding_producer() {
    run(|| {
        issue_for_leaf([1]);
        let leaf = harvest("A1", 10);
        let claim = |by| Traceability::claim_certificate(by, leaf, 1);
        assert_noop!(claim(by(FACTORY)), Error::<Test>::NotHolder);
        assert_noop!(claim(by(LAB)), FORBIDDEN);
        assert_noop!(claim(RuntimeOrigin::signed(STRANGER)), FORBIDDEN);
        assert_noop!(claim(RuntimeOrigin::root()), DispatchError::BadOrigin);
        assert_noop!(
            Traceability::claim_certificate(by(GARDEN), id(LEAF, "Z"), 1),
            Error::<Test>::BatchNotFound
        );
        deliver(leaf, GARDEN, FACTORY);
        assert_noop!(claim(by(GARDEN)), Error::<Test>::NotHolder);
        assert_noop!(claim(by(FACTORY)), Error::<Test>::ClaimantNotProducer);
    });
}

#[test]
fn claim_certificate_rejects_batches_that_are_not_free() {
    run(|| {
        issue_for_leaf([1]);
        let claim = |batch| Traceability::claim_certificate(by(GARDEN), batch, 1);
        let (gtin, name) = (gtin(LEAF), lot("G1"));
        assert_ok!(Traceability::register_batch(by(GARDEN), gtin, name, 0, at_now()));
        assert_noop!(claim(id(LEAF, "G1")), Error::<Test>::BatchNotAvailable);
        let held = harvest("A1", 10);
        hold_by_samr(held);
        assert_noop!(claim(held), Error::<Test>::BatchHeld);
        let recalled = harvest("A2", 10);
        recall_by_samr(recalled);
        assert_noop!(claim(recalled), Error::<Test>::BatchRecalled);
        let packed = harvest("A3", 10);
        assert_ok!(Traceability::aggregate(by(GARDEN), sscc(1), contents(&[packed]), at_now()));
        assert_noop!(claim(packed), Error::<Test>::InsideLogisticUnit);
    });
}

#[test]
fn claim_certificate_boundary_status() {
    run(|| {
        issue_for_leaf(1..=6);
        TableCertificates::set_status(1, START_MS, CertificateStatus::Suspended);
        TableCertificates::set_status(2, START_MS, CertificateStatus::Expired);
        TableCertificates::set_status(3, START_MS + 1, CertificateStatus::Expired);
        TableCertificates::set_status(4, START_MS + 1, CertificateStatus::Revoked);
        TableCertificates::set_status(5, START_MS + 1, CertificateStatus::Cancelled);
        TableCertificates::set_status(6, START_MS + 1, CertificateStatus::Suspended);
        let leaf = harvest("A1", 10);
        pass(1);
        let claim = |certificate| Traceability::claim_certificate(by(GARDEN), leaf, certificate);
        assert_noop!(claim(99), Error::<Test>::CertificateNotFound);
        for withdrawn in [2, 4, 5] {
            assert_noop!(claim(withdrawn), Error::<Test>::CertificateNotInForce);
        }
        assert_ok!(claim(1));
        assert_ok!(claim(3));
        assert_ok!(claim(6));
        assert_eq!(claims_of(LEAF, "A1"), [(1, true), (3, false), (6, false)]);
        assert_noop!(claim(1), Error::<Test>::AlreadyClaimed);
    });
}

#[test]
fn claim_certificate_rejects_batches_older_than_the_certificate() {
    run(|| {
        issue_for_leaf([1]);
        let (gtin, name) = (gtin(LEAF), lot("A1"));
        let before_issue = at(START_MS - DAY_MS - 1);
        assert_ok!(Traceability::produce(by(GARDEN), gtin, name, kg(1), 0, before_issue));
        assert_noop!(
            Traceability::claim_certificate(by(GARDEN), id(LEAF, "A1"), 1),
            Error::<Test>::CertificateNotInForce
        );
    });
}

#[test]
fn claim_certificate_waits_for_the_time_of_making() {
    run(|| {
        issue_for_leaf([1]);
        let (gtin, name) = (gtin(LEAF), lot("A1"));
        assert_ok!(Traceability::produce(by(GARDEN), gtin, name, kg(1), 0, at(START_MS + 1)));
        let claim = || Traceability::claim_certificate(by(GARDEN), id(LEAF, "A1"), 1);
        assert_noop!(claim(), Error::<Test>::EventTimeInFuture);
        pass(1);
        assert_ok!(claim());
    });
}

#[test]
fn claim_certificate_rejects_what_is_not_covered() {
    run(|| {
        TableCertificates::issue(1, ORGANIC, GARDEN, &[LEAF], &[1]);
        TableCertificates::issue(2, ORGANIC, GARDEN, &[WATER], &[0]);
        TableCertificates::issue(3, ORGANIC, FACTORY, &[LEAF], &[0]);
        TableCertificates::issue(4, ORGANIC, GARDEN, &[LEAF, WATER], &[0, 1]);
        let leaf = harvest("A1", 10);
        for certificate in [1, 2, 3] {
            assert_noop!(
                Traceability::claim_certificate(by(GARDEN), leaf, certificate),
                Error::<Test>::CertificateNotCovering
            );
        }
        assert_ok!(Traceability::claim_certificate(by(GARDEN), leaf, 4));
    });
}

#[test]
fn claim_certificate_boundary_count() {
    run(|| {
        issue_for_leaf(1..=9);
        let leaf = harvest("A1", 10);
        for certificate in 1..=MAX_CLAIMS {
            assert_ok!(Traceability::claim_certificate(by(GARDEN), leaf, certificate));
        }
        assert_noop!(
            Traceability::claim_certificate(by(GARDEN), leaf, 9),
            Error::<Test>::TooManyClaims
        );
    });
}

#[test]
fn derived_batches_are_certified_only_from_certified_parents() {
    run(|| {
        issue_for_leaf([1, 2]);
        TableCertificates::issue(9, GREEN, GARDEN, &[LEAF], &[0]);
        TableCertificates::issue(3, ORGANIC, FACTORY, &[TEA], &[]);
        let (first, second) = (harvest("A1", 40), harvest("A2", 40));
        assert!(claim(GARDEN, first, 1));
        assert!(claim(GARDEN, second, 9));
        for leaf in [first, second] {
            deliver(leaf, GARDEN, FACTORY);
        }
        let inputs = taken(&[(first, kg(40)), (second, kg(20))]);
        let made = outputs(&[(TEA, "T1", kg(10))]);
        assert_ok!(Traceability::transform(by(FACTORY), inputs, made, Some(kg(50)), at_now()));
        let mixed = || Traceability::claim_certificate(by(FACTORY), id(TEA, "T1"), 3);
        assert_noop!(mixed(), Error::<Test>::ParentsNotCertified);

        let leaf = harvest("A3", 40);
        assert!(claim(GARDEN, leaf, 2));
        deliver(leaf, GARDEN, FACTORY);
        let inputs = taken(&[(leaf, kg(40))]);
        let made = outputs(&[(TEA, "T2", kg(10))]);
        assert_ok!(Traceability::transform(by(FACTORY), inputs, made, Some(kg(30)), at_now()));
        assert_ok!(Traceability::claim_certificate(by(FACTORY), id(TEA, "T2"), 3));
        assert_eq!(claims_of(TEA, "T2"), [(2, false), (3, false)]);

        TableCertificates::issue(4, ORGANIC, FACTORY, &[TIN], &[]);
        assert_noop!(
            Traceability::claim_certificate(by(FACTORY), id(TEA, "T2"), 4),
            Error::<Test>::CertificateNotCovering
        );
    });
}

#[test]
fn every_derivation_passes_the_intersection_on() {
    run(|| {
        issue_for_leaf([1, 2, 3]);
        TableCertificates::set_status(2, START_MS, CertificateStatus::Suspended);
        let (first, second) = (harvest("A1", 40), harvest("A2", 40));
        for certificate in [1, 2] {
            assert!(claim(GARDEN, first, certificate));
        }
        for certificate in [2, 3] {
            assert!(claim(GARDEN, second, certificate));
        }
        let amounts = parts(&[("P1", kg(10)), ("P2", kg(10))]);
        assert_ok!(Traceability::split(by(GARDEN), first, amounts, at_now()));
        assert_eq!(claims_of(LEAF, "P2"), [(1, false), (2, true)]);

        let inputs = taken(&[(id(LEAF, "P1"), kg(10)), (second, kg(20))]);
        assert_ok!(Traceability::merge(by(GARDEN), inputs, lot("M1"), at_now()));
        assert_eq!(claims_of(LEAF, "M1"), [(2, true)]);

        let item = ShippedItem::Batch(id(LEAF, "M1"));
        let purpose = ShipPurpose::Delivery;
        assert_ok!(Traceability::ship(by(GARDEN), item, FACTORY, purpose, at_now()));
        let back = Some(Shortfall::Returned { lot: lot("R1") });
        let (mixed, into) = (id(LEAF, "M1"), ReceiveInto::Store);
        assert_ok!(Traceability::receive(by(FACTORY), mixed, kg(20), back, into, at_now()));
        assert_eq!(claims_of(LEAF, "R1"), [(2, true)]);

        let inputs = taken(&[(mixed, kg(20))]);
        let made = outputs(&[(TEA, "T1", kg(4)), (DUST, "D1", kg(1))]);
        assert_ok!(Traceability::transform(by(FACTORY), inputs, made, Some(kg(15)), at_now()));
        assert_eq!(claims_of(DUST, "D1"), [(2, true)]);

        let from = Taken { batch: id(TEA, "T1"), quantity: kg(1) };
        let item = NewBatch { gtin: gtin(TIN), lot: lot("P1"), quantity: measure(10, "EA") };
        assert_ok!(Traceability::pack(by(FACTORY), from, item, None, at_now()));
        assert_eq!(claims_of(TIN, "P1"), [(2, true)]);
    });
}

#[test]
fn one_uncertified_input_takes_all_claims_away() {
    run(|| {
        issue_for_leaf([1]);
        let (certified, plain) = (harvest("A1", 40), harvest("A2", 40));
        assert!(claim(GARDEN, certified, 1));
        for inputs in [[certified, plain], [plain, certified]] {
            let text = format!("M{}", batch(LEAF, "A1").n_derivations);
            let inputs = taken(&inputs.map(|batch| (batch, kg(1))));
            assert_ok!(Traceability::merge(by(GARDEN), inputs, lot(&text), at_now()));
            assert_eq!(claims_of(LEAF, &text), []);
        }
        // Claims made after the derivation do not reach its outputs.
        assert!(claim(GARDEN, plain, 1));
        assert_eq!(claims_of(LEAF, "M0"), []);
        assert!(claim(GARDEN, id(LEAF, "M0"), 1));
    });
}

#[test]
fn made_while_suspended_comes_from_any_input() {
    run(|| {
        issue_for_leaf([1]);
        let before = harvest("A1", 1);
        pass(1);
        TableCertificates::set_status(1, START_MS + 1, CertificateStatus::Suspended);
        let during = harvest("A2", 1);
        assert!(claim(GARDEN, before, 1));
        assert!(claim(GARDEN, during, 1));
        let inputs = taken(&[(before, kg(1)), (during, kg(1))]);
        assert_ok!(Traceability::merge(by(GARDEN), inputs, lot("M1"), at_now()));
        assert_eq!(claims_of(LEAF, "M1"), [(1, true)]);
    });
}

#[test]
fn batch_certificates_answers_then_and_now() {
    run(|| {
        issue_for_leaf([1]);
        let leaf = harvest("A1", 1);
        assert!(claim(GARDEN, leaf, 1));
        pass(10);
        TableCertificates::set_status(1, START_MS + 5, CertificateStatus::Revoked);
        let claim = Claim { certificate: 1, made_while_suspended: false };
        assert_eq!(
            Traceability::batch_certificates(leaf),
            [CertificateOfBatch {
                claim,
                status_when_made: Some(CertificateStatus::Valid),
                status_now: Some(CertificateStatus::Revoked),
            }]
        );
        assert_eq!(Traceability::batch_certificates(id(LEAF, "Z")), []);
    });
}

#[test]
fn try_state_finds_claims_from_nowhere() {
    new_test_ext().execute_with(|| {
        issue_for_leaf([1]);
        TableCertificates::issue(9, GREEN, GARDEN, &[LEAF], &[0]);
        let leaf = harvest("A1", 10);
        split_leaf(leaf, &["P1"]);
        let put = |claims: &[CertificateId]| {
            let claims: Vec<_> = claims
                .iter()
                .map(|id| Claim { certificate: *id, made_while_suspended: false })
                .collect();
            Batches::<Test>::mutate(id(LEAF, "P1"), |part| {
                part.as_mut().unwrap().claims = claims.try_into().unwrap();
            });
        };
        put(&[1]);
        let not_inherited = "a batch carries a certificate that its parents do not";
        assert_eq!(Traceability::do_try_state(), Err(not_inherited.into()));
        assert!(claim(GARDEN, leaf, 9));
        assert_eq!(Traceability::do_try_state(), Err(not_inherited.into()));
        assert!(claim(GARDEN, leaf, 1));
        assert_ok!(Traceability::do_try_state());
        for disordered in [&[9, 1], &[1, 1]] {
            put(disordered);
            assert_eq!(Traceability::do_try_state(), Err("claims are not in order".into()));
        }
        put(&[]);
        assert_ok!(Traceability::do_try_state());
    });
}

#[test]
fn a_chain_without_certificates_has_none() {
    let product = gtin(LEAF);
    assert_eq!(<() as Certificates>::status_at(1, 0), None);
    assert_eq!(<() as Certificates>::scheme(1), None);
    assert!(!<() as Certificates>::covers(1, GARDEN, &product, &[]));
    assert!(<() as Certificates>::draw_marks(1, GARDEN, &product, 0).is_err());
    assert!(<() as Certificates>::return_marks(1, &product, 0).is_err());
}

#[test]
fn claims_keep_their_encoding() {
    let claim = Claim { certificate: 0x0102_0304, made_while_suspended: true };
    assert_eq!(claim.encode(), [4, 3, 2, 1, 1]);
    let claims: Claims = vec![claim].try_into().unwrap();
    assert_eq!(claims.encode(), [4, 4, 3, 2, 1, 1]);
    let indices = [
        CertificateStatus::Valid,
        CertificateStatus::Suspended,
        CertificateStatus::Revoked,
        CertificateStatus::Cancelled,
        CertificateStatus::Expired,
    ]
    .map(|status| status.encode());
    assert_eq!(indices, [[0], [1], [2], [3], [4]]);
    assert_eq!(Reference::Certificate(5).encode(), [4, 5, 0, 0, 0]);
}

#[test]
fn the_record_alone_says_in_what_condition_the_goods_are() {
    run(|| {
        let (gtin, name) = (gtin(LEAF), lot("G1"));
        assert_ok!(Traceability::register_batch(by(GARDEN), gtin, name, 0, at_now()));
        assert_eq!(batch(LEAF, "G1").disposition(), Disposition::InProgress);
        let leaf = harvest("A1", 10);
        let now = || batch(LEAF, "A1").disposition();
        assert_eq!(now(), Disposition::SellableNotAccessible);
        let observed = Disposition::SellableAccessible;
        let stocking = BizStep::Stocking;
        assert_ok!(Traceability::observe(by(GARDEN), leaf, stocking, observed, at_now()));
        assert_eq!(now(), Disposition::SellableAccessible);
        let item = ShippedItem::Batch(leaf);
        let delivery = ShipPurpose::Delivery;
        assert_ok!(Traceability::ship(by(GARDEN), item, FACTORY, delivery, at_now()));
        assert_eq!(now(), Disposition::InTransit);
        hold_by_samr(leaf);
        assert_eq!(now(), Disposition::NonSellableOther);
        let recall = recall_by_samr(leaf);
        assert_eq!(now(), Disposition::Recalled);
        assert_ok!(Traceability::lift_recall(by(SAMR), recall, [1; 32]));
        assert_ok!(Traceability::release(by(SAMR), leaf, None));
        let into = ReceiveInto::Store;
        assert_ok!(Traceability::receive(by(FACTORY), leaf, kg(10), None, into, at_now()));
        let back = ShipPurpose::Return;
        assert_ok!(Traceability::ship(by(FACTORY), item, GARDEN, back, at_now()));
        assert_eq!(now(), Disposition::Returned);
        assert_ok!(Traceability::receive(by(GARDEN), leaf, kg(10), None, into, at_now()));
        split_leaf(leaf, &["P1"]);
        assert_ok!(Traceability::sell(by(GARDEN), leaf, kg(9), at_now()));
        assert_eq!(now(), Disposition::RetailSold);
        split_leaf(id(LEAF, "P1"), &["P2"]);
        assert_eq!(batch(LEAF, "P1").disposition(), Disposition::Inactive);
        assert_ok!(Traceability::destroy(by(GARDEN), id(LEAF, "P2"), kg(1), at_now()));
        assert_eq!(batch(LEAF, "P2").disposition(), Disposition::Destroyed);
    });
}

#[test]
fn claims_are_counted_by_whoever_keeps_certificates() {
    run(|| {
        let issue = |ids: &[CertificateId], bases: &[PlaceId]| {
            for id in ids {
                TableCertificates::issue(*id, ORGANIC, FACTORY, &[LEAF, TEA, TIN], bases);
            }
        };
        issue_for_leaf([1, SMALL_CERTIFICATE]);
        let leaf = harvest("A1", 40);
        assert_noop!(
            Traceability::claim_certificate(by(GARDEN), leaf, SMALL_CERTIFICATE),
            BEYOND_CERTIFIED
        );
        let n_before = claims_counted().len();
        assert!(claim(GARDEN, leaf, 1));
        deliver(leaf, GARDEN, FACTORY);
        let made = [(TEA, "T1", kg(10))];
        let inputs = taken(&[(leaf, kg(40))]);
        assert_ok!(Traceability::transform(
            by(FACTORY),
            inputs,
            outputs(&made),
            Some(kg(30)),
            at_now()
        ));
        issue(&[2, 3], &[]);
        assert!(claim(FACTORY, id(TEA, "T1"), 2));
        let item = NewBatch { gtin: gtin(TIN), lot: lot("P1"), quantity: measure(50, "EA") };
        let from = Taken { batch: id(TEA, "T1"), quantity: kg(5) };
        assert_ok!(Traceability::pack(by(FACTORY), from, item, None, at_now()));
        assert!(claim(FACTORY, id(TIN, "P1"), 3));
        // By content, and what was grown apart from what was made.
        let counted = claims_counted().split_off(n_before);
        assert_eq!(counted, [(1, mg(40), true), (2, mg(10), false), (3, mg(5), false)]);
    });
}
