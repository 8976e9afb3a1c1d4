//! Transaction certificates.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_traceability::{BatchId, Certificates as _};
use sp_runtime::DispatchResult;

fn sell(batch: BatchId, quantity: u128) -> DispatchResult {
    Certification::issue_transaction_certificate(by(agent(BODY)), 0, SHOP, batch, quantity)
}

fn void(account: u64, id: TransactionCertificateId) -> DispatchResult {
    Certification::void_transaction_certificate(by(account), id, DOCUMENT)
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
            Certification::issue_transaction_certificate(by(account), id, buyer, batch, quantity)
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
            Certification::void_transaction_certificate(by(agent(BODY)), 0, [0; 32]),
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
