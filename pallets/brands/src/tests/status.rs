//! Suspension, restoration and ends, and the status at any time.

use super::*;

#[test]
fn suspend_and_restore_work() {
    run(|| {
        let id = garden_licence();
        assert_ok!(Brands::suspend(by(COMPANY), id, REASON));
        assert_eq!(licence(id).status, LicenceStatus::Suspended);
        assert!(has_event(Event::LicenceStatusChanged {
            licence: id,
            brand: 0,
            licensee: GARDEN,
            status: LicenceStatus::Suspended,
            by: COMPANY
        }));
        assert_noop!(Brands::suspend(by(COMPANY), id, REASON), Error::<Test>::StatusInvalid);
        assert_ok!(Brands::restore(by(ASSOCIATION), id, REASON));
        assert_eq!(licence(id).status, LicenceStatus::Restored);
        assert!(licence(id).is_in_force(START_MS));
        assert_noop!(Brands::restore(by(COMPANY), id, REASON), Error::<Test>::StatusInvalid);
        assert_ok!(Brands::suspend(by(ASSOCIATION), id, REASON));
        assert_ok!(Brands::revoke(by(COMPANY), id, REASON));
    });
}

#[test]
fn restore_needs_a_valid_certificate() {
    run(|| {
        let scheme = BrandRules { certificate_scheme: Some(4), ..rules() };
        let brand = brand(MarkKind::Certification, scheme);
        TableCertificates::issue(1, 4, 300 * KG);
        let application = Application { certificate: Some(1), ..asked(TIN, 300 * KG, &[0]) };
        let id = licensed(GARDEN, brand, application);
        assert_ok!(Brands::suspend(by(COMPANY), id, REASON));
        TableCertificates::change(1, |it| it.status = CertificateStatus::Suspended);
        let restore = || Brands::restore(by(COMPANY), id, REASON);
        assert_noop!(restore(), Error::<Test>::CertificateNotValid);
        TableCertificates::change(1, |it| it.status = CertificateStatus::Valid);
        assert_ok!(restore());
    });
}

/// The certificate's suspension or revocation stops the licence in the same block.
#[test]
fn a_licence_stops_with_its_certificate() {
    run(|| {
        let scheme = BrandRules { certificate_scheme: Some(4), ..rules() };
        let brand = brand(MarkKind::Certification, scheme);
        TableCertificates::issue(1, 4, 300 * KG);
        let application = Application { certificate: Some(1), ..asked(TIN, 300 * KG, &[0]) };
        let id = licensed(GARDEN, brand, application);
        let order = issued(id, 10);
        let status = || {
            let (_, now) = Brands::licence(id).unwrap();
            assert_eq!(Brands::licence_status_at(id, START_MS), Some(now));
            let in_force = <Brands as Licences>::is_in_force(id, START_MS);
            assert_eq!(in_force, now.is_in_force());
            assert_eq!(Brands::label_order(order).unwrap().1, !in_force);
            (now, <Brands as Licences>::is_stopped(id))
        };
        let order_labels = || Brands::order_labels(by(GARDEN), id, gtin(TIN), 1);
        let use_labels = || Brands::account_labels(by(GARDEN), order, LabelFate::Used, 1);
        assert_eq!(status(), (LicenceStatus::Granted, false));
        for (lost, stopped) in [
            (CertificateStatus::Suspended, true),
            (CertificateStatus::Revoked, true),
            // Goods that were labelled before are still sold.
            (CertificateStatus::Expired, false),
            (CertificateStatus::Cancelled, false),
        ] {
            TableCertificates::change(1, |it| it.status = lost);
            assert_eq!(status(), (LicenceStatus::Suspended, stopped));
            assert_noop!(order_labels(), Error::<Test>::CertificateNotValid);
            assert_noop!(use_labels(), Error::<Test>::LabelsFrozen);
            let drawn = Brands::draw(id, GARDEN, &gtin(TIN), 1);
            assert_eq!(drawn, Err(Error::<Test>::CertificateNotValid.into()));
        }
        // Restored, or another in its place.
        TableCertificates::change(1, |it| it.status = CertificateStatus::Valid);
        assert_eq!(status(), (LicenceStatus::Granted, false));
        TableCertificates::change(1, |it| it.status = CertificateStatus::Revoked);
        TableCertificates::issue(2, 4, 300 * KG);
        assert_ok!(Brands::replace_certificate(by(GARDEN), id, 2));
        assert_eq!(status(), (LicenceStatus::Granted, false));
        assert_ok!(use_labels());
        assert_ok!(order_labels());
    });
}

#[test]
fn only_the_brand_judges() {
    run(|| {
        let id = garden_licence();
        for (who, error) in [
            (GARDEN, Error::<Test>::NotBrandParty.into()),
            (SAMR, Error::<Test>::NotBrandParty.into()),
            (OTHER_OWNER, Error::<Test>::NotBrandParty.into()),
            (SUSPENDED, FORBIDDEN),
        ] {
            let error: DispatchError = error;
            assert_noop!(Brands::suspend(by(who), id, REASON), error);
            assert_noop!(Brands::revoke(by(who), id, REASON), error);
            assert_noop!(Brands::restore(by(who), id, REASON), error);
        }
        let applied = apply(GARDEN, 0, asked(TIN, KG, &[1]));
        assert_noop!(Brands::refuse(by(COMPANY), applied, REASON), FORBIDDEN);
        assert_noop!(
            Brands::refuse(by(OTHER_OWNER), applied, REASON),
            Error::<Test>::NotBrandParty
        );
        assert_noop!(Brands::suspend(by(COMPANY), id, [0; 32]), Error::<Test>::CommitmentMissing);
        assert_noop!(Brands::suspend(by(COMPANY), 9, REASON), Error::<Test>::LicenceNotFound);
    });
}

#[test]
fn every_other_step_between_states_is_refused() {
    run(|| {
        let invalid = DispatchError::from(Error::<Test>::StatusInvalid);
        let applied = apply(GARDEN, gi(), asked(TIN, KG, &[0]));
        let suspend = |id| Brands::suspend(by(COMPANY), id, REASON);
        let restore = |id| Brands::restore(by(COMPANY), id, REASON);
        let revoke = |id| Brands::revoke(by(COMPANY), id, REASON);
        let refuse = |id| Brands::refuse(by(ASSOCIATION), id, REASON);
        for step in [suspend(applied), restore(applied), revoke(applied)] {
            assert_eq!(step, Err(invalid));
        }
        assert_ok!(refuse(applied));
        assert_eq!(licence(applied).status, LicenceStatus::Refused);
        let granted = licensed(GARDEN, 0, asked(TIN, KG, &[0]));
        assert_noop!(refuse(granted), invalid);
        assert_noop!(restore(granted), invalid);
        assert_ok!(revoke(granted));
        let withdrawn = licensed(GARDEN, 0, asked(TIN, KG, &[0]));
        assert_noop!(Brands::withdraw(by(FACTORY), withdrawn), Error::<Test>::NotLicensee);
        assert_ok!(Brands::withdraw(by(GARDEN), withdrawn));
        let expired = licensed(GARDEN, 0, asked(TIN, KG, &[0]));
        pass(365 * DAY_MS);
        for ended in [applied, granted, withdrawn, expired] {
            for step in [suspend(ended), restore(ended), revoke(ended), refuse(ended)] {
                assert_eq!(step, Err(invalid));
            }
            assert_noop!(Brands::withdraw(by(GARDEN), ended), invalid);
            assert_noop!(Brands::grant(by(ASSOCIATION), ended, 0), invalid);
        }
    });
}

#[test]
fn status_at_any_time_is_answered() {
    run(|| {
        let id = apply(GARDEN, gi(), asked(TIN, KG, &[0]));
        pass(10);
        assert_ok!(Brands::inspect(by(INSPECTOR), id, true, REASON));
        assert_ok!(Brands::grant(by(ASSOCIATION), id, 0));
        pass(10);
        assert_ok!(Brands::suspend(by(COMPANY), id, REASON));
        pass(10);
        assert_ok!(Brands::restore(by(COMPANY), id, REASON));
        let end = licence(id).valid_until;
        for (at, expected) in [
            (START_MS - 1, None),
            (START_MS, Some(LicenceStatus::Applied)),
            (START_MS + 9, Some(LicenceStatus::Applied)),
            (START_MS + 10, Some(LicenceStatus::Granted)),
            (START_MS + 20, Some(LicenceStatus::Suspended)),
            (START_MS + 29, Some(LicenceStatus::Suspended)),
            (START_MS + 30, Some(LicenceStatus::Restored)),
            (end - 1, Some(LicenceStatus::Restored)),
            (end, Some(LicenceStatus::Expired)),
        ] {
            assert_eq!(Brands::licence_status_at(id, at), expected, "{at}");
        }
        assert_eq!(Brands::licence_status_at(9, START_MS), None);
        let changes = Brands::status_changes(id, 3, 1);
        let expected = StatusChange {
            at: START_MS + 20,
            status: LicenceStatus::Suspended,
            by: COMPANY,
            reason: Some(REASON),
        };
        assert_eq!(changes, [expected]);
        assert_eq!(Brands::status_changes(id, 0, u32::MAX).len(), 5);
        pass_until(end);
        assert_eq!(Brands::licence(id).unwrap().1, LicenceStatus::Expired);
    });
}

#[test]
fn an_application_does_not_expire_into_a_licence() {
    run(|| {
        let id = apply(GARDEN, gi(), asked(TIN, KG, &[0]));
        pass(366 * DAY_MS);
        assert_eq!(Brands::licence(id).unwrap().1, LicenceStatus::Applied);
        assert_ok!(Brands::withdraw(by(GARDEN), id));
    });
}
