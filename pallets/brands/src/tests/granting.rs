//! Inspections, grants, extensions and other certificates.

use super::*;

#[test]
fn inspect_works() {
    run(|| {
        let id = apply(GARDEN, gi(), asked(TIN, KG, &[0]));
        assert_ok!(Brands::inspect(by(INSPECTOR), id, false, REASON));
        assert_eq!(licence(id).status, LicenceStatus::Applied);
        assert_ok!(Brands::inspect(by(COMPANY), id, true, REASON));
        assert_eq!(licence(id).status, LicenceStatus::Inspected);
        assert!(has_event(Event::Inspected { licence: id, by: COMPANY, passed: true }));
        // One that fails takes it back.
        assert_ok!(Brands::inspect(by(ASSOCIATION), id, false, REASON));
        assert_eq!(licence(id).status, LicenceStatus::Applied);
        assert_noop!(Brands::grant(by(ASSOCIATION), id, 0), Error::<Test>::StatusInvalid);
        let found = Brands::inspections(id, 1, 1);
        let expected = Inspection { at: START_MS, by: COMPANY, passed: true, report: REASON };
        assert_eq!(found, [expected]);
        assert_eq!(Brands::inspections(id, 0, 10).len(), 3);
    });
}

#[test]
fn inspect_rejects_the_licensee_and_strangers() {
    run(|| {
        let id = apply(SELF_INSPECTOR, gi(), asked(TIN, KG, &[6]));
        let inspect = |who, report| Brands::inspect(by(who), id, true, report);
        assert_noop!(inspect(SELF_INSPECTOR, REASON), Error::<Test>::InspectorNotIndependent);
        assert_noop!(inspect(GARDEN, REASON), FORBIDDEN);
        assert_noop!(inspect(INSPECTOR, [0; 32]), Error::<Test>::CommitmentMissing);
        assert_noop!(
            Brands::inspect(by(INSPECTOR), 9, true, REASON),
            Error::<Test>::LicenceNotFound
        );
        assert_ok!(Brands::withdraw(by(SELF_INSPECTOR), id));
        assert_noop!(inspect(INSPECTOR, REASON), Error::<Test>::StatusInvalid);
    });
}

#[test]
fn inspections_of_a_licensee_leave_the_status() {
    run(|| {
        let id = garden_licence();
        assert_ok!(Brands::inspect(by(INSPECTOR), id, false, REASON));
        assert_eq!(licence(id).status, LicenceStatus::Granted);
        assert_eq!(licence(id).n_inspections, 2);
    });
}

#[test]
fn grant_works() {
    run(|| {
        let id = apply(GARDEN, gi(), asked(TIN, 300 * KG, &[0]));
        assert_noop!(Brands::grant(by(ASSOCIATION), id, 0), Error::<Test>::StatusInvalid);
        assert_ok!(Brands::inspect(by(INSPECTOR), id, true, REASON));
        assert_noop!(Brands::grant(by(COMPANY), id, 0), FORBIDDEN);
        assert_noop!(Brands::grant(by(OTHER_OWNER), id, 0), Error::<Test>::NotBrandParty);
        assert_noop!(
            Brands::grant(by(ASSOCIATION), id, MAX_FEE_FEN + 1),
            Error::<Test>::FeeTooLarge
        );
        assert_noop!(Brands::grant(by(ASSOCIATION), 9, 0), Error::<Test>::LicenceNotFound);
        pass(DAY_MS);
        assert_ok!(Brands::grant(by(ASSOCIATION), id, MAX_FEE_FEN));
        let found = licence(id);
        assert_eq!(found.status, LicenceStatus::Granted);
        assert_eq!(found.granted_at, Some(START_MS + DAY_MS));
        assert_eq!(found.valid_from, START_MS + DAY_MS, "no term begins before its grant");
        assert_eq!(found.fee_fen, MAX_FEE_FEN);
        assert_eq!(
            Tenures::<Test>::get(0, 0),
            Some(Tenure { licence: id, before: 0, until: NEW_YEAR_MS + 365 * DAY_MS })
        );
        assert_noop!(Brands::grant(by(ASSOCIATION), id, 0), Error::<Test>::StatusInvalid);
    });
}

#[test]
fn grant_holds_the_application_to_the_rules_in_force() {
    run(|| {
        let id = apply(GARDEN, gi(), asked(TIN, 300 * KG, &[0]));
        assert_ok!(Brands::inspect(by(INSPECTOR), id, true, REASON));
        let grant = || Brands::grant(by(ASSOCIATION), id, 0);
        let scope = CeilingScope::Category(TEA_CATEGORY);
        let governor = || RuntimeOrigin::signed(GOVERNOR);
        assert_ok!(Brands::set_yield_ceiling(governor(), scope, Some(1)));
        assert_noop!(grant(), Error::<Test>::QuotaExceedsYield);
        assert_ok!(Brands::set_yield_ceiling(governor(), scope, Some(500_000_000)));
        let narrow = BrandRules { area: vec![HUANGSHAN].try_into().unwrap(), ..rules() };
        assert_ok!(Brands::amend_rules(by(ASSOCIATION), 0, narrow));
        assert_noop!(grant(), Error::<Test>::BaseOutsideArea);
        let by_days = BrandRules { period: PeriodRule::Days(300), ..rules() };
        assert_ok!(Brands::amend_rules(by(ASSOCIATION), 0, by_days));
        assert_ok!(grant());
        let found = licence(id);
        assert_eq!((found.rules_version, found.rule_set), (2, 4));
        assert_eq!(found.period, PeriodRule::Days(300));
    });
}

#[test]
fn grant_rejects_an_application_whose_term_is_over() {
    run(|| {
        let id = apply(GARDEN, gi(), asked(TIN, KG, &[0]));
        assert_ok!(Brands::inspect(by(INSPECTOR), id, true, REASON));
        pass(365 * DAY_MS);
        assert_noop!(Brands::grant(by(ASSOCIATION), id, 0), Error::<Test>::TermInvalid);
    });
}

/// Applies for tins from base 0 for a term, and tries to have it granted.
fn grant_for(valid_from: Moment, valid_until: Moment) -> Result<LicenceId, DispatchError> {
    let application = Application { valid_from, valid_until, ..asked(TIN, 300 * KG, &[0]) };
    let id = apply(GARDEN, 0, application);
    assert_ok!(Brands::inspect(by(INSPECTOR), id, true, REASON));
    Brands::grant(by(ASSOCIATION), id, 0).map(|()| id)
}

#[test]
fn one_licence_counts_a_base() {
    run(|| {
        let first = garden_licence();
        let taken = Err(Error::<Test>::BaseTaken.into());
        let behind = NEW_YEAR_MS + 365 * DAY_MS;
        assert_eq!(grant_for(START_MS, START_MS + DAY_MS), taken);
        assert_eq!(grant_for(behind - 1, behind + DAY_MS), taken);
        // After the last period of the term.
        let later = grant_for(behind, behind + DAY_MS).unwrap();
        assert_eq!(
            Tenures::<Test>::get(0, 0),
            Some(Tenure { licence: later, before: behind, until: behind + 365 * DAY_MS + DAY_MS })
        );
        // Under another brand the base may be counted again.
        licensed(GARDEN, gi(), asked(TIN, 300 * KG, &[0]));
        assert_ok!(Brands::withdraw(by(GARDEN), later));
        assert_ok!(Brands::withdraw(by(GARDEN), first));
    });
}

#[test]
fn a_withdrawn_licence_gives_no_second_quota() {
    run(|| {
        let first = garden_licence();
        issued(first, 3_000);
        assert_ok!(Brands::withdraw(by(GARDEN), first));
        let taken = Err(Error::<Test>::BaseTaken.into());
        assert_eq!(grant_for(START_MS, START_MS + DAY_MS), taken);
        // Nor does one for the next year, withdrawn in turn.
        let next = grant_for(NEW_YEAR_MS, NEW_YEAR_MS + DAY_MS).unwrap();
        assert_ok!(Brands::withdraw(by(GARDEN), next));
        assert_eq!(grant_for(START_MS, START_MS + DAY_MS), taken);
        pass_until(NEW_YEAR_MS);
        assert!(grant_for(NEW_YEAR_MS, NEW_YEAR_MS + DAY_MS).is_ok());
    });
}

#[test]
fn an_unused_licence_frees_its_bases_at_once() {
    run(|| {
        let first = garden_licence();
        assert_ok!(Brands::revoke(by(COMPANY), first, REASON));
        assert!(grant_for(START_MS, START_MS + DAY_MS).is_ok());
    });
}

#[test]
fn extend_works() {
    run(|| {
        let id = garden_licence();
        issued(id, 1_000);
        let until = licence(id).valid_until;
        let extend = |who, until, fee| Brands::extend(by(who), id, until, fee);
        assert_noop!(extend(ASSOCIATION, until, 0), Error::<Test>::TermInvalid);
        assert_noop!(
            extend(ASSOCIATION, rules().registered_until + 1, 0),
            Error::<Test>::TermInvalid
        );
        assert_noop!(extend(ASSOCIATION, until + 1, MAX_FEE_FEN), Error::<Test>::FeeTooLarge);
        assert_noop!(extend(COMPANY, until + 1, 0), FORBIDDEN);
        assert_noop!(
            Brands::extend(by(ASSOCIATION), 9, until + 1, 0),
            Error::<Test>::LicenceNotFound
        );
        let longer = until + 365 * DAY_MS;
        assert_ok!(extend(ASSOCIATION, longer, 11));
        assert!(has_event(Event::LicenceExtended {
            licence: id,
            valid_until: longer,
            fee_fen: 11
        }));
        assert_eq!((licence(id).valid_until, licence(id).fee_fen), (longer, 111));
        assert_eq!(usage(id).orders, 100 * KG, "what was drawn stays drawn");
        pass_until(until);
        assert!(licence(id).is_in_force(until));
        pass_until(longer);
        assert_noop!(extend(ASSOCIATION, longer + 1, 0), Error::<Test>::StatusInvalid);
    });
}

#[test]
fn extend_rejects_other_periods_and_taken_bases() {
    run(|| {
        let id = garden_licence();
        let until = licence(id).valid_until;
        let extend = || Brands::extend(by(ASSOCIATION), id, until + 400 * DAY_MS, 0);
        let by_days = BrandRules { period: PeriodRule::Days(300), ..rules() };
        assert_ok!(Brands::amend_rules(by(ASSOCIATION), 0, by_days));
        assert_noop!(extend(), Error::<Test>::PeriodInvalid);
        assert_ok!(Brands::amend_rules(by(ASSOCIATION), 0, rules()));
        let behind = NEW_YEAR_MS + 365 * DAY_MS;
        let later = grant_for(behind, behind + DAY_MS).unwrap();
        assert_noop!(extend(), Error::<Test>::BaseTaken);
        assert_ok!(Brands::withdraw(by(GARDEN), later));
        assert_ok!(extend());
        assert_eq!(Tenures::<Test>::get(0, 0).unwrap().licence, id);
        assert_ok!(Brands::suspend(by(COMPANY), id, REASON));
        assert_noop!(extend(), Error::<Test>::StatusInvalid);
    });
}

#[test]
fn replace_certificate_works() {
    run(|| {
        let scheme = BrandRules { certificate_scheme: Some(4), ..rules() };
        let brand = brand(MarkKind::Certification, scheme.clone());
        for certificate in [1, 2] {
            TableCertificates::issue(certificate, 4, 300 * KG);
        }
        TableCertificates::issue(3, 5, 300 * KG);
        let application = Application { certificate: Some(1), ..asked(TIN, 300 * KG, &[0]) };
        let id = licensed(GARDEN, brand, application);
        let replace = |who, certificate| Brands::replace_certificate(by(who), id, certificate);
        assert_noop!(
            Brands::order_labels(by(FACTORY), id, gtin(TIN), 1),
            Error::<Test>::NotLicensee
        );
        let order = ordered(id, 10);
        TableCertificates::change(1, |it| it.status = CertificateStatus::Expired);
        assert_noop!(
            Brands::order_labels(by(GARDEN), id, gtin(TIN), 1),
            Error::<Test>::CertificateNotValid
        );
        assert_noop!(Brands::issue_labels(by(COMPANY), order), Error::<Test>::CertificateNotValid);
        assert_noop!(replace(FACTORY, 2), Error::<Test>::NotLicensee);
        assert_noop!(replace(GARDEN, 3), Error::<Test>::CertificateOfOtherScheme);
        assert_ok!(replace(GARDEN, 2));
        assert!(has_event(Event::CertificateReplaced { licence: id, certificate: 2 }));
        assert_eq!(licence(id).certificate, Some(2));
        assert_ok!(Brands::issue_labels(by(COMPANY), order));
        let by_days = BrandRules { period: PeriodRule::Days(300), ..scheme };
        assert_ok!(Brands::amend_rules(by(ASSOCIATION), brand, by_days));
        assert_noop!(replace(GARDEN, 2), Error::<Test>::PeriodInvalid);
        assert_ok!(Brands::withdraw(by(GARDEN), id));
        assert_noop!(replace(GARDEN, 2), Error::<Test>::StatusInvalid);
    });
}
