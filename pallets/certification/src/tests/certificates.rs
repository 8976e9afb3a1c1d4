//! Status without transactions, coverage, and marks.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_traceability::{CertificateStatus, Certificates as _};

fn draw(id: u32, gtin: pallet_traceability::Gtin, quantity: u128) -> sp_runtime::DispatchResult {
    Certification::draw_marks(id, GARDEN, &gtin, quantity)
}

fn drawn(id: u32) -> u128 {
    record(id).products[0].drawn
}

#[test]
fn a_certificate_expires_by_itself() {
    run(|| {
        let id = certified();
        let issued = now();
        let status = |at| Certification::certificate_status(id, at);
        assert_eq!(status(issued - 1), None);
        assert_eq!(status(issued), Some(CertificateStatus::Valid));
        let end = date("2027-04-01").start();
        assert_eq!(status(end - 1), Some(CertificateStatus::Valid));
        assert_eq!(status(end), Some(CertificateStatus::Expired));
        set_now(end);
        let info = Certification::certificate(id).unwrap();
        assert_eq!(info.status, Some(CertificateStatus::Expired));
        assert_eq!(info.certificate.changes.len(), 1);
        assert_eq!(Certification::status_at(9, end), None);
        assert_eq!(Certification::certificate_status(9, end), None);
    });
}

#[test]
fn status_is_known_for_every_past_moment() {
    run(|| {
        let id = certified();
        let issued = now();
        go_to("2026-05-01");
        suspended(id, 3);
        let suspended_at = now();
        go_to("2026-06-15");
        assert_ok!(Certification::restore(by(agent(BODY)), id, DOCUMENT));
        let restored_at = now();
        go_to("2026-08-01");
        revoked(id);
        let revoked_at = now();
        go_to("2028-01-01");
        for (at, status) in [
            (issued - 1, None),
            (issued, Some(CertificateStatus::Valid)),
            (suspended_at - 1, Some(CertificateStatus::Valid)),
            (suspended_at, Some(CertificateStatus::Suspended)),
            (restored_at - 1, Some(CertificateStatus::Suspended)),
            (restored_at, Some(CertificateStatus::Valid)),
            (revoked_at - 1, Some(CertificateStatus::Valid)),
            (revoked_at, Some(CertificateStatus::Revoked)),
            // What was revoked stays revoked after its period.
            (now(), Some(CertificateStatus::Revoked)),
        ] {
            assert_eq!(Certification::status_at(id, at), status, "{at}");
        }
    });
}

#[test]
fn a_suspended_certificate_expires_too() {
    run(|| {
        let id = certified();
        go_to("2027-03-01");
        suspended(id, 3);
        let end = date("2027-04-01").start();
        let status = |at| Certification::certificate_status(id, at);
        assert_eq!(status(end - 1), Some(CertificateStatus::Suspended));
        assert_eq!(status(end), Some(CertificateStatus::Expired));
        // It was suspended on past dates for ever, and is not overdue once it has expired.
        go_to("2027-07-01");
        assert_eq!(status(end - 1), Some(CertificateStatus::Suspended));
        assert!(!Certification::certificate(id).unwrap().suspension_overdue);
    });
}

#[test]
fn a_suspension_past_its_end_is_overdue_without_a_transaction() {
    run(|| {
        let id = certified();
        suspended(id, 2);
        let latest_end = date("2026-06-01").start();
        set_now(latest_end - 1);
        assert!(!Certification::certificate(id).unwrap().suspension_overdue);
        assert!(Certification::overdue_suspensions(0, 100).is_empty());
        set_now(latest_end);
        let info = Certification::certificate(id).unwrap();
        assert!(info.suspension_overdue);
        assert_eq!(info.status, Some(CertificateStatus::Suspended));
        assert_eq!(Certification::overdue_suspensions(0, 100), vec![id]);
        assert!(Certification::overdue_suspensions(id + 1, 100).is_empty());
        assert!(Certification::overdue_suspensions(0, 0).is_empty());
    });
}

#[test]
fn a_withdrawn_body_shows_on_its_certificates() {
    run(|| {
        let id = certified();
        let cnca = by(agent(CNCA));
        assert_ok!(Certification::set_body_standing(cnca, BODY, Standing::Withdrawn, DOCUMENT));
        let info = Certification::certificate(id).unwrap();
        assert_eq!(info.status, Some(CertificateStatus::Valid));
        assert_eq!(info.body_standing, Some(Standing::Withdrawn));
        assert!(!info.body_approved);
        // The CNCA ends it.
        let cnca = || by(agent(CNCA));
        assert_ok!(Certification::cancel(cnca(), id, DOCUMENT));
    });
}

#[test]
fn covers_holder_product_packs_and_bases() {
    run(|| {
        let id = certified();
        let covers = |holder, gtin, bases: &[u32]| Certification::covers(id, holder, &gtin, bases);
        assert!(covers(GARDEN, tea(), &[]));
        assert!(covers(GARDEN, tea(), &[0]));
        // A tin names tea as its content.
        assert!(covers(GARDEN, tin(), &[0]));
        assert!(!covers(GARDEN, leaf(), &[0]));
        assert!(!covers(GARDEN, gtin(99), &[]));
        assert!(!covers(GARDEN, tea(), &[0, 1]));
        assert!(!covers(FACTORY, tea(), &[0]));
        assert!(!Certification::covers(9, GARDEN, &tea(), &[]));
        assert_eq!(<Certification as pallet_traceability::Certificates>::scheme(id), Some(ORGANIC));
    });
}

#[test]
fn marks_are_drawn_up_to_the_certified_quantity() {
    run(|| {
        let id = certified();
        assert_ok!(draw(id, tea(), kg(400)));
        assert_noop!(draw(id, tin(), kg(50) + 1), Error::<Test>::CertifiedQuantityExceeded);
        assert_ok!(draw(id, tin(), kg(50)));
        assert_eq!(drawn(id), kg(450));
        assert_noop!(draw(id, tea(), 1), Error::<Test>::CertifiedQuantityExceeded);
        assert_noop!(draw(id, tea(), u128::MAX), Error::<Test>::CertifiedQuantityExceeded);
        assert_ok!(Certification::return_marks(id, &tin(), kg(2)));
        assert_ok!(draw(id, tea(), kg(2)));
    });
}

#[test]
fn draw_marks_rejects() {
    run(|| {
        let id = certified();
        assert_noop!(draw(9, tea(), 1), Error::<Test>::CertificateNotFound);
        assert_noop!(Certification::draw_marks(id, FACTORY, &tea(), 1), Error::<Test>::NotHolder);
        assert_noop!(draw(id, leaf(), 1), Error::<Test>::ProductNotCovered);
        assert_noop!(draw(id, tea(), 0), Error::<Test>::QuantityZero);
        Schemes::<Test>::mutate(ORGANIC, |scheme| {
            scheme.as_mut().unwrap().label = LabelKind::None;
        });
        assert_noop!(draw(id, tea(), 1), Error::<Test>::SchemeWithoutMarks);
    });
}

#[test]
fn only_a_valid_certificate_marks() {
    run(|| {
        let id = certified();
        assert_ok!(draw(id, tea(), 5));
        suspended(id, 1);
        assert_noop!(draw(id, tea(), 1), Error::<Test>::CertificateNotValid);
        // What was drawn may be given back all the same.
        assert_ok!(Certification::return_marks(id, &tea(), 1));
        go_to("2026-05-01");
        assert_noop!(
            Certification::restore(by(agent(BODY)), id, DOCUMENT),
            Error::<Test>::SuspensionLapsed
        );
        revoked(id);
        assert_noop!(draw(id, tea(), 1), Error::<Test>::CertificateNotValid);
        assert_ok!(Certification::return_marks(id, &tea(), 4));
        assert_eq!(drawn(id), 0);
    });
}

#[test]
fn an_expired_certificate_does_not_mark() {
    run(|| {
        let id = certified();
        set_now(date("2027-04-01").start() - 1);
        assert_ok!(draw(id, tea(), 1));
        set_now(date("2027-04-01").start());
        assert_noop!(draw(id, tea(), 1), Error::<Test>::CertificateNotValid);
    });
}

#[test]
fn return_marks_rejects() {
    run(|| {
        let id = certified();
        assert_ok!(draw(id, tea(), 5));
        let back = |id, gtin, quantity| Certification::return_marks(id, &gtin, quantity);
        assert_noop!(back(id, tea(), 6), Error::<Test>::ReturnedMoreThanDrawn);
        assert_noop!(back(id, leaf(), 1), Error::<Test>::ProductNotCovered);
        assert_noop!(back(9, tea(), 1), Error::<Test>::CertificateNotFound);
        assert_ok!(back(id, tea(), 5));
    });
}

#[test]
fn claims_are_within_what_is_certified() {
    run(|| {
        let id = certified();
        let claim = |gtin, quantity, grown| {
            <Certification as pallet_traceability::Certificates>::count_claim(
                id, &gtin, quantity, grown,
            )
        };
        // One batch alone, however it was made.
        for grown in [true, false] {
            let refused = claim(tea(), kg(450) + 1, grown);
            assert_eq!(refused, Err(Error::<Test>::CertifiedQuantityExceeded.into()));
        }
        assert_ok!(claim(tea(), kg(400), true));
        // What is made of claimed goods is no further harvest.
        for _ in 0..2 {
            assert_ok!(claim(tin(), kg(450), false));
        }
        let refused = claim(tea(), kg(50) + 1, true);
        assert_eq!(refused, Err(Error::<Test>::CertifiedQuantityExceeded.into()));
        // Packs count for what they hold.
        assert_ok!(claim(tin(), kg(50), true));
        assert_eq!(Claimed::<Test>::get(id, tea()), kg(450));
        assert_eq!(claim(tea(), 1, true), Err(Error::<Test>::CertifiedQuantityExceeded.into()));
        assert_eq!(claim(leaf(), 1, true), Err(Error::<Test>::ProductNotCovered.into()));
    });
}
