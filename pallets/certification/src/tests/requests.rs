//! Cancelling and reducing certificates.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_calendar::Term;
use pallet_traceability::{CertificateStatus, Certificates as _};
use sp_runtime::DispatchResult;

fn request_of(account: u64, request: ChangeRequest) -> DispatchResult {
    Certification::request_change(by(account), 0, request, DOCUMENT)
}

fn cancel(account: u64) -> DispatchResult {
    Certification::cancel(by(account), 0, DOCUMENT)
}

fn reduce(quantity: u128) -> DispatchResult {
    Certification::reduce(by(agent(BODY)), 0, tea(), quantity)
}

#[test]
fn a_holder_has_his_certificate_cancelled() {
    run(|| {
        let id = certified();
        assert_noop!(cancel(agent(BODY)), Error::<Test>::NotRequested);
        assert_ok!(request_of(agent(GARDEN), ChangeRequest::Cancel));
        assert!(has_event(Event::ChangeRequested {
            certificate: id,
            request: ChangeRequest::Cancel,
            document: DOCUMENT,
        }));
        let duty = record(id).request.unwrap();
        let row = Certification::duty(duty).unwrap();
        assert_eq!((row.duty.kind, row.duty.term), (DutyKind::Cancel(id), Term::calendar(30)));
        assert_noop!(reduce(1), Error::<Test>::NotRequested);
        assert_ok!(cancel(agent(BODY)));
        assert_eq!(record(id).state, CertificateState::Cancelled);
        assert_eq!(record(id).request, None);
        assert_eq!(Certification::status_at(id, now()), Some(CertificateStatus::Cancelled));
        assert_eq!(Certification::duty(duty).unwrap().duty.done_at, Some(now()));
        assert_eq!(Certification::tally(BODY).n_cancelled, 1);
        assert!(has_event(Event::CertificateCancelled {
            certificate: id,
            document: DOCUMENT,
            by_authority: false,
        }));
        assert_noop!(cancel(agent(BODY)), Error::<Test>::CertificateEnded);
        // Nothing bars the client.
        assert_ok!(Certification::apply(by(agent(GARDEN)), request()));
    });
}

#[test]
fn an_authority_cancels_without_a_request() {
    run(|| {
        let id = certified();
        suspended(id, 1);
        assert_noop!(cancel(agent(SAMR_ELSEWHERE)), FORBIDDEN);
        assert_noop!(cancel(agent(GARDEN)), FORBIDDEN);
        assert_noop!(
            Certification::cancel(by(agent(CNCA)), id, [0; 32]),
            Error::<Test>::CommitmentMissing
        );
        assert_ok!(cancel(agent(SAMR)));
        let tally = Certification::tally(BODY);
        assert_eq!((tally.n_suspended, tally.n_cancelled), (0, 1));
    });
}

#[test]
fn request_change_rejects() {
    run(|| {
        let id = certified();
        assert_noop!(request_of(agent(FACTORY), ChangeRequest::Cancel), Error::<Test>::NotHolder);
        assert_noop!(
            Certification::request_change(by(agent(GARDEN)), id, ChangeRequest::Cancel, [0; 32]),
            Error::<Test>::CommitmentMissing
        );
        set_calendar_known(false);
        assert_noop!(request_of(agent(GARDEN), ChangeRequest::Reduce), NO_CALENDAR);
        set_calendar_known(true);
        assert_ok!(request_of(agent(GARDEN), ChangeRequest::Reduce));
        assert_noop!(
            request_of(agent(GARDEN), ChangeRequest::Cancel),
            Error::<Test>::RequestPending
        );
        assert_noop!(cancel(agent(BODY)), Error::<Test>::NotRequested);
        revoked(id);
        // With the certificate, the duty to change it has ended.
        assert_eq!(record(id).request, None);
        assert_noop!(
            request_of(agent(GARDEN), ChangeRequest::Cancel),
            Error::<Test>::CertificateEnded
        );
    });
}

#[test]
fn reduce_keeps_what_is_used() {
    run(|| {
        let id = certified();
        assert_ok!(Certification::draw_marks(id, GARDEN, &tea(), kg(100)));
        let batch = new_batch(1, tea(), kg(200));
        assert_ok!(Certification::issue_transaction_certificate(
            by(agent(BODY)),
            id,
            SHOP,
            batch,
            kg(120)
        ));
        assert_noop!(reduce(kg(200)), Error::<Test>::NotRequested);
        assert_ok!(request_of(agent(GARDEN), ChangeRequest::Reduce));
        assert_noop!(reduce(kg(450)), Error::<Test>::NotAReduction);
        assert_noop!(reduce(kg(120) - 1), Error::<Test>::QuantityInUse);
        assert_noop!(reduce(0), Error::<Test>::QuantityInUse);
        assert_noop!(
            Certification::reduce(by(agent(BODY)), id, leaf(), 1),
            Error::<Test>::ProductNotCovered
        );
        assert_noop!(Certification::reduce(by(agent(GARDEN)), id, tea(), kg(120)), FORBIDDEN);
        assert_ok!(reduce(kg(120)));
        assert_eq!(record(id).products[0].quantity, kg(120));
        assert_eq!(record(id).request, None);
        assert!(has_event(Event::CertificateReduced {
            certificate: id,
            gtin: tea(),
            quantity: kg(120),
        }));
        assert_noop!(
            Certification::draw_marks(id, GARDEN, &tea(), kg(20) + 1),
            Error::<Test>::CertifiedQuantityExceeded
        );
    });
}

#[test]
fn a_product_is_taken_off_unless_it_is_the_last() {
    run(|| {
        let products = lines(&[line(leaf(), kg(10), 1), line(tea(), kg(100), 1)]);
        let id = evaluated(GARDEN, ApplicationRequest { products, ..request() });
        let id = decided(id, certify(id, "101OP2600001"));
        assert_ok!(request_of(agent(GARDEN), ChangeRequest::Reduce));
        assert_ok!(reduce(0));
        assert_eq!(record(id).products.len(), 1);
        assert!(!Certification::covers(id, GARDEN, &tea(), &[]));
        assert_ok!(request_of(agent(GARDEN), ChangeRequest::Reduce));
        assert_noop!(
            Certification::reduce(by(agent(BODY)), id, leaf(), 0),
            Error::<Test>::ProductsInvalid
        );
    });
}
