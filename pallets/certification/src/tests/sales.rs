//! Transaction certificates.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_traceability::{BatchId, Certificates as _};
use sp_runtime::DispatchResult;

fn sell(batch: BatchId, quantity: u128) -> DispatchResult {
    done(Certification::issue_transaction_certificate(by(agent(BODY)), 0, SHOP, batch, quantity))
}

fn void(account: u64, id: TransactionCertificateId) -> DispatchResult {
    done(Certification::void_transaction_certificate(by(account), id, DOCUMENT))
}

fn sold_of(batch: BatchId) -> u128 {
    SoldFromLineages::<Test>::get(batch, GARDEN)
}

fn sold() -> u128 {
    record(0).products[0].sold
}

#[test]
fn a_sale_is_certified() {
    run(|| {
        let id = certified();
        let batch = new_batch(1, tea(), kg(200));
        assert_ok!(sell(batch, kg(150)));
        let record = Certification::transaction_certificate(0).unwrap();
        assert_eq!((record.seller, record.buyer), (GARDEN, SHOP));
        assert_eq!((record.certificate, record.batch), (id, batch));
        assert_eq!((record.quantity, record.issued_at), (kg(150), now()));
        assert_eq!((record.gtin, record.voided_at), (tea(), None));
        assert_eq!(sold(), kg(150));
        assert_eq!(SoldFromBatches::<Test>::get(batch), kg(150));
        assert!(has_event(Event::TransactionCertificateIssued {
            id: 0,
            certificate: id,
            seller: GARDEN,
            buyer: SHOP,
            batch,
            quantity: kg(150),
        }));
    });
}

#[test]
fn sales_are_within_the_batch_and_the_certificate() {
    run(|| {
        certified();
        let batch = new_batch(1, tea(), kg(200));
        assert_noop!(sell(batch, kg(200) + 1), Error::<Test>::BatchQuantityExceeded);
        assert_ok!(sell(batch, kg(200)));
        assert_noop!(sell(batch, 1), Error::<Test>::BatchQuantityExceeded);
        let large = new_batch(2, tea(), kg(1_000));
        assert_noop!(sell(large, kg(250) + 1), Error::<Test>::CertifiedQuantityExceeded);
        assert_noop!(sell(large, u128::MAX), Error::<Test>::BatchQuantityExceeded);
        assert_ok!(sell(large, kg(250)));
        assert_eq!(sold(), kg(450));
    });
}

#[test]
fn packs_are_sold_by_their_content() {
    run(|| {
        certified();
        // A thousand tins of 100 g.
        let batch = new_batch(1, tin(), 1_000);
        assert_noop!(sell(batch, kg(100) + 1), Error::<Test>::BatchQuantityExceeded);
        assert_ok!(sell(batch, kg(100)));
        assert_eq!(Certification::transaction_certificate(0).unwrap().gtin, tea());
        let endless = new_batch(2, tin(), u128::MAX);
        assert_noop!(sell(endless, 1), Error::<Test>::CertifiedQuantityExceeded);
    });
}

#[test]
fn sales_reject_parties_and_quantities() {
    run(|| {
        certified();
        let batch = new_batch(1, tea(), kg(200));
        let with = |account, id, buyer, quantity| {
            let by = by(account);
            done(Certification::issue_transaction_certificate(by, id, buyer, batch, quantity))
        };
        assert_noop!(with(agent(GARDEN), 0, SHOP, 1), FORBIDDEN);
        assert_noop!(with(agent(OTHER_BODY), 0, SHOP, 1), Error::<Test>::NotTheBody);
        assert_noop!(with(agent(BODY), 9, SHOP, 1), Error::<Test>::CertificateNotFound);
        assert_noop!(with(agent(BODY), 0, SHOP, 0), Error::<Test>::QuantityZero);
        assert_noop!(with(agent(BODY), 0, GARDEN, 1), Error::<Test>::BuyerIsSeller);
        for buyer in [99, SUSPENDED] {
            assert_noop!(with(agent(BODY), 0, buyer, 1), Error::<Test>::BuyerUnknown);
        }
    });
}

#[test]
fn sales_reject_batches() {
    run(|| {
        certified();
        assert_noop!(sell(BatchId([9; 16]), 1), Error::<Test>::BatchNotFound);
        let batch = new_batch(1, tea(), kg(200));
        change_batch(1, |batch| batch.stopped = true);
        assert_noop!(sell(batch, 1), Error::<Test>::BatchStopped);
        change_batch(1, |batch| batch.stopped = false);
        change_batch(1, |batch| (batch.producer, batch.holder) = (FACTORY, FACTORY));
        assert_noop!(sell(batch, 1), Error::<Test>::BatchOfAnother);
        // Whoever made it may have shipped it; whoever has it may have bought it.
        change_batch(1, |batch| (batch.producer, batch.holder) = (GARDEN, SHOP));
        assert_ok!(sell(batch, 1));
        change_batch(1, |batch| (batch.producer, batch.holder) = (FACTORY, GARDEN));
        assert_ok!(sell(batch, 1));
        change_batch(1, |batch| batch.origins = vec![0, 1]);
        assert_noop!(sell(batch, 1), Error::<Test>::BaseNotCovered);
        // What was made from other batches is certified by what went into it.
        change_batch(1, |batch| batch.derived = true);
        assert_ok!(sell(batch, 1));
        let other = new_batch(2, leaf(), kg(1));
        assert_noop!(sell(other, 1), Error::<Test>::ProductNotCovered);
    });
}

#[test]
fn what_is_sold_was_made_while_the_certificate_was_valid() {
    run(|| {
        let before = now() - 1;
        let id = certified();
        let early = new_batch(1, tea(), kg(1));
        change_batch(1, |batch| batch.produced_at = before);
        assert_noop!(sell(early, 1), Error::<Test>::MadeOutsidePeriod);
        suspended(id, 1);
        let meanwhile = new_batch(2, tea(), kg(1));
        assert_noop!(sell(meanwhile, 1), Error::<Test>::CertificateNotValid);
        assert_ok!(Certification::lodge(
            by(agent(GARDEN)),
            ComplaintKind::CertificateAppeal(id),
            DOCUMENT
        ));
        pass_days(1);
        assert_ok!(Certification::decide_complaint(by(SUN), 0, true, DOCUMENT));
        assert_ok!(Certification::restore(by(agent(BODY)), id, DOCUMENT));
        assert_noop!(sell(meanwhile, 1), Error::<Test>::MadeWhileSuspended);
        let later = new_batch(3, tea(), kg(1));
        assert_ok!(sell(later, 1));
        set_now(date("2027-04-01").start());
        assert_noop!(sell(later, 1), Error::<Test>::CertificateNotValid);
    });
}

#[test]
fn a_void_transaction_certificate_frees_its_quantity() {
    run(|| {
        let id = certified();
        let batch = new_batch(1, tea(), kg(200));
        assert_ok!(sell(batch, kg(150)));
        assert_noop!(void(agent(GARDEN), 0), FORBIDDEN);
        assert_noop!(void(agent(OTHER_BODY), 0), Error::<Test>::NotTheBody);
        assert_noop!(void(agent(BODY), 9), Error::<Test>::TransactionCertificateNotFound);
        assert_noop!(
            done(Certification::void_transaction_certificate(by(agent(BODY)), 0, [0; 32])),
            Error::<Test>::CommitmentMissing
        );
        pass_days(1);
        // Also when the certificate has ended.
        revoked(id);
        assert_ok!(void(agent(BODY), 0));
        assert_eq!(Certification::transaction_certificate(0).unwrap().voided_at, Some(now()));
        assert_eq!((sold(), SoldFromBatches::<Test>::get(batch)), (0, 0));
        assert!(has_event(Event::TransactionCertificateVoided { id: 0, reason: DOCUMENT }));
        assert_noop!(void(agent(BODY), 0), Error::<Test>::TransactionCertificateVoid);
    });
}

#[test]
fn a_ledger_that_contradicts_itself_is_reported() {
    run(|| {
        let id = certified();
        let batch = new_batch(1, tea(), kg(200));
        assert_ok!(sell(batch, kg(150)));
        let good = record(id);
        for broken in [0, kg(150) - 1] {
            Certificates::<Test>::mutate(id, |record| {
                record.as_mut().unwrap().products[0].sold = broken;
            });
            assert_noop!(void(agent(BODY), 0), Error::<Test>::Inconsistent);
        }
        Certificates::<Test>::insert(id, &good);
        SoldFromBatches::<Test>::insert(batch, 1);
        assert_noop!(void(agent(BODY), 0), Error::<Test>::Inconsistent);
        SoldFromBatches::<Test>::insert(batch, kg(150));
        assert!(Certification::covers(id, GARDEN, &tea(), &[]));
    });
}

#[test]
fn a_batch_is_sold_under_the_very_certificate_that_it_carries() {
    run(|| {
        let id = certified();
        let batch = new_batch(1, tea(), kg(200));
        for carried in [&[][..], &[id + 1], &[id + 1, id + 2]] {
            change_batch(1, |batch| batch.claims = claims(carried));
            assert_noop!(sell(batch, 1), Error::<Test>::NotClaimed);
            // Also what was made from other batches.
            change_batch(1, |batch| batch.derived = true);
            assert_noop!(sell(batch, 1), Error::<Test>::NotClaimed);
            change_batch(1, |batch| batch.derived = false);
        }
        change_batch(1, |batch| {
            batch.claims = claims(&[id, id + 1]);
            batch.claims[0].made_while_suspended = true;
        });
        assert_noop!(sell(batch, 1), Error::<Test>::MadeWhileSuspended);
        change_batch(1, |batch| batch.claims[0].made_while_suspended = false);
        assert_ok!(sell(batch, 1));
    });
}

#[test]
fn parts_of_a_batch_that_was_sold_are_not_sold_again() {
    run(|| {
        certified();
        let whole = new_batch(1, tea(), kg(100));
        assert_ok!(sell(whole, kg(60)));
        let [small, large] = [(2, 40), (3, 60)]
            .map(|(n, weight)| made_from(n, tea(), kg(weight), &[(whole, kg(weight))]));
        assert_noop!(sell(large, kg(40) + 1), Error::<Test>::SoldInAnotherBatch);
        assert_ok!(sell(small, kg(30)));
        assert_ok!(sell(large, kg(10)));
        assert_eq!(sold_of(whole), kg(100));
        for batch in [whole, small, large] {
            assert_noop!(sell(batch, 1), Error::<Test>::SoldInAnotherBatch);
        }
        // Parts of parts neither.
        let tins = made_from(4, tin(), 100, &[(small, kg(10))]);
        assert_noop!(sell(tins, 1), Error::<Test>::SoldInAnotherBatch);
        // What is void is free again, wherever.
        assert_ok!(void(agent(BODY), 1));
        assert_eq!((sold_of(small), sold_of(whole)), (0, kg(70)));
        assert_ok!(sell(tins, kg(10)));
        assert_ok!(void(agent(BODY), 0));
        assert_eq!((sold_of(tins), sold_of(small), sold_of(whole)), (kg(10), kg(10), kg(20)));
    });
}

#[test]
fn a_batch_whose_parts_were_sold_is_not_sold_again() {
    run(|| {
        certified();
        let whole = new_batch(1, tea(), kg(100));
        let part = made_from(2, tea(), kg(100), &[(whole, kg(100))]);
        assert_ok!(sell(part, kg(100)));
        assert_noop!(sell(whole, 1), Error::<Test>::SoldInAnotherBatch);
    });
}

#[test]
fn a_mixture_is_sold_in_proportion_to_its_parts() {
    run(|| {
        certified();
        let [first, second] = [(1, 60), (2, 90)].map(|(n, weight)| new_batch(n, tea(), kg(weight)));
        assert_ok!(sell(first, kg(30)));
        // 100 kg, of which 40 kg from the first.
        let mixed = made_from(3, tea(), kg(100), &[(first, kg(40)), (second, kg(60))]);
        assert_ok!(sell(mixed, kg(75)));
        assert_eq!((sold_of(first), sold_of(second)), (kg(60), kg(45)));
        assert_noop!(sell(mixed, 1), Error::<Test>::SoldInAnotherBatch);
        // Rounded up, and counted back exactly.
        assert_ok!(void(agent(BODY), 1));
        for _ in 0..3 {
            assert_ok!(sell(mixed, 1));
        }
        assert_eq!((sold_of(first), sold_of(second)), (kg(30) + 2, 2));
        for id in 2..5 {
            assert_ok!(void(agent(BODY), id));
        }
        assert_eq!((sold_of(first), sold_of(second)), (kg(30), 0));
    });
}

#[test]
fn what_was_lost_in_the_making_is_counted_and_ways_meet() {
    run(|| {
        certified();
        // 100 kg, made to 20 kg with all that was lost, in two batches that are mixed again.
        let raw = new_batch(1, tea(), kg(100));
        let [left, right] = [(2, 5), (3, 15)]
            .map(|(n, weight)| made_from(n, tea(), kg(weight), &[(raw, kg(weight * 5))]));
        let mixed = made_from(4, tea(), kg(20), &[(left, kg(5)), (right, kg(15))]);
        assert_ok!(sell(mixed, kg(10)));
        assert_eq!((sold_of(left), sold_of(right), sold_of(raw)), (kg(5) / 2, kg(15) / 2, kg(50)));
        assert_noop!(sell(raw, kg(50) + 1), Error::<Test>::SoldInAnotherBatch);
        assert_ok!(sell(mixed, kg(10)));
        assert_noop!(sell(raw, 1), Error::<Test>::SoldInAnotherBatch);
    });
}

#[test]
fn who_buys_certified_goods_sells_what_he_makes_of_them() {
    run(|| {
        certified();
        let raw = new_batch(1, tea(), kg(100));
        assert_ok!(sell(raw, kg(100)));
        let line = lines(&[line(tea(), kg(300), 10)]);
        let wanted = ApplicationRequest { products: line, bases: bases(&[2]), ..request() };
        let application = evaluated(FACTORY, wanted);
        let of_factory = decided(application, certify(application, "101OP2600002"));
        let made = made_from(2, tea(), kg(100), &[(raw, kg(100))]);
        change_batch(2, |batch| {
            (batch.producer, batch.holder) = (FACTORY, FACTORY);
            batch.claims = claims(&[0, of_factory]);
        });
        let sell = |quantity| {
            let by = by(agent(BODY));
            done(Certification::issue_transaction_certificate(by, of_factory, SHOP, made, quantity))
        };
        assert_ok!(sell(kg(100)));
        assert_eq!((sold_of(raw), SoldFromLineages::<Test>::get(raw, FACTORY)), (kg(100), kg(100)));
        assert_noop!(sell(1), Error::<Test>::BatchQuantityExceeded);
    });
}

#[test]
fn sales_boundary_lineage() {
    run(|| {
        certified();
        let n_max = u8::try_from(MAX_LINEAGE).unwrap();
        let mut batch = new_batch(1, tea(), kg(1));
        for n in 2..=n_max {
            batch = made_from(n, tea(), kg(1), &[(batch, kg(1))]);
        }
        assert_ok!(sell(batch, 1));
        let batch = made_from(n_max + 1, tea(), kg(1), &[(batch, kg(1))]);
        assert_noop!(sell(batch, 1), Error::<Test>::LineageTooLong);
    });
}

#[test]
fn a_sale_spends_by_the_batches_that_it_is_counted_for() {
    run(|| {
        certified();
        let raw = new_batch(1, tea(), kg(1));
        let made = made_from(2, tea(), kg(1), &[(raw, kg(1))]);
        let by = || by(agent(BODY));
        let spent = Certification::issue_transaction_certificate(by(), 0, SHOP, made, 1).unwrap();
        let call = <() as WeightInfo>::issue_transaction_certificate();
        assert_eq!(spent.actual_weight, Some(Certification::counted(call, 2)));
        let spent = Certification::void_transaction_certificate(by(), 0, DOCUMENT).unwrap();
        let call = <() as WeightInfo>::void_transaction_certificate();
        assert_eq!(spent.actual_weight, Some(Certification::counted(call, 2)));
    });
}

#[test]
fn a_body_whose_approval_is_stopped_certifies_no_sale() {
    run(|| {
        certified();
        let batch = new_batch(1, tea(), kg(200));
        assert_ok!(sell(batch, 1));
        let stand = |standing| {
            Certification::set_body_standing(by(agent(CNCA)), BODY, standing, DOCUMENT).unwrap();
        };
        stand(Standing::Suspended);
        assert_noop!(sell(batch, 1), Error::<Test>::BodyNotApproved);
        // What it certified it still declares void.
        assert_ok!(void(agent(BODY), 0));
        stand(Standing::InForce);
        assert_ok!(sell(batch, 1));
        stand(Standing::Withdrawn);
        assert_noop!(sell(batch, 1), Error::<Test>::BodyNotApproved);
        assert_ok!(void(agent(BODY), 1));
    });
}
