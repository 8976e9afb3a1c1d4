//! Decisions with two signatures, and the certificates that follow.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_traceability::CertificateStatus;
use sp_runtime::DispatchResult;

fn propose(account: u64, id: ApplicationId, outcome: Outcome) -> DispatchResult {
    Certification::propose_decision(by(account), id, outcome)
}

fn sign(account: u64, id: ApplicationId) -> DispatchResult {
    Certification::sign_decision(by(account), id)
}

/// To certify other lines, from a date.
fn outcome(products: &[ProductLine], from: &str) -> Outcome {
    Outcome::Certify {
        number: text("101OP2600001"),
        products: lines(products),
        valid_from: date(from),
    }
}

#[test]
fn a_decision_of_two_makes_a_certificate() {
    run(|| {
        let application = evaluated(GARDEN, request());
        assert_ok!(propose(ZHAO, application, certify(application, "101OP2600001")));
        assert!(has_event(Event::DecisionProposed { application, certifier: ZHAO, certify: true }));
        assert_eq!(Certification::certificate(0), None);
        assert_ok!(sign(WU, application));
        let info = Certification::certificate(0).unwrap();
        assert_eq!(info.status, Some(CertificateStatus::Valid));
        assert!(info.body_approved && !info.suspension_overdue);
        let certificate = info.certificate;
        assert_eq!((certificate.holder, certificate.body), (GARDEN, BODY));
        assert_eq!((certificate.scheme, certificate.application), (ORGANIC, application));
        assert_eq!(certificate.valid_from, date("2026-04-01"));
        assert_eq!(certificate.expires, date("2027-04-01"));
        assert_eq!(certificate.products[0].quantity, kg(450));
        assert_eq!((certificate.products[0].drawn, certificate.products[0].sold), (0, 0));
        assert_eq!(certificate.bases, bases(&[0]));
        assert_eq!(certificate.rule_set, Certification::rule_set().version);
        let record = Certification::application(application).unwrap();
        assert_eq!(record.stage, Stage::Certified(0));
        assert_eq!(record.signed_by, Some(WU));
        assert_eq!(Certification::tally(BODY).n_issued, 1);
        let (id, _) = Certification::certificate_by_number(text("101OP2600001")).unwrap();
        assert_eq!(id, 0);
        assert!(has_event(Event::CertificateIssued {
            certificate: 0,
            application,
            number: text("101OP2600001"),
            holder: GARDEN,
            body: BODY,
            scheme: ORGANIC,
            valid_from: date("2026-04-01"),
            expires: date("2027-04-01"),
        }));
        assert_noop!(sign(WU, application), Error::<Test>::WrongStage);
    });
}

#[test]
fn a_rejection_needs_reasons_and_two_signatures() {
    run(|| {
        let id = applied(GARDEN, ApplicationRequest { scheme: GREEN_FOOD, ..request() });
        assert_ok!(Certification::accept_application(by(agent(BODY)), id));
        let duty = Certification::application(id).unwrap().duty.unwrap();
        let reject = |reason| propose(ZHAO, id, Outcome::Reject { reason });
        assert_noop!(reject([0; 32]), Error::<Test>::CommitmentMissing);
        assert_ok!(reject(DOCUMENT));
        assert_ok!(sign(WU, id));
        assert_eq!(Certification::application(id).unwrap().stage, Stage::Rejected);
        assert!(Certification::duty(duty).unwrap().duty.done_at.is_some());
        assert!(has_event(Event::ApplicationRejected { application: id, reason: DOCUMENT }));
        assert_eq!(NextCertificateId::<Test>::get(), 0);
    });
}

#[test]
fn propose_decision_rejects_signers() {
    run(|| {
        let id = evaluated(GARDEN, request());
        let yes = || certify(id, "101OP2600001");
        assert_noop!(propose(SUN, id, yes()), Error::<Test>::NotCertifier);
        assert_noop!(propose(QIAN, id, yes()), Error::<Test>::EvaluatorDecides);
        assert_noop!(propose(agent(OTHER_BODY), id, yes()), Error::<Test>::NotTheBody);
        assert_noop!(propose(agent(GARDEN), id, yes()), FORBIDDEN);
        let fresh = applied(GARDEN, request());
        assert_noop!(propose(ZHAO, fresh, certify(fresh, "2")), Error::<Test>::WrongStage);
        assert_ok!(propose(ZHAO, id, yes()));
        assert_noop!(propose(ZHAO, id, yes()), Error::<Test>::WrongStage);
    });
}

#[test]
fn sign_decision_rejects_signers() {
    run(|| {
        let id = evaluated(GARDEN, request());
        assert_noop!(sign(WU, id), Error::<Test>::WrongStage);
        assert_ok!(propose(ZHAO, id, certify(id, "101OP2600001")));
        for other in [SUN, ZHAO, QIAN] {
            assert_noop!(sign(other, id), Error::<Test>::NotHeadOfBody);
        }
        assert_noop!(sign(agent(OTHER_BODY), id), Error::<Test>::NotTheBody);
        assert_noop!(sign(agent(GARDEN), id), FORBIDDEN);
        // The certifier becomes head before the head has signed.
        assert_ok!(approve(BODY, approval("CNCA-R-2026-101"), ZHAO));
        assert_noop!(sign(ZHAO, id), Error::<Test>::SameSigner);
        assert_ok!(approve(BODY, approval("CNCA-R-2026-101"), QIAN));
        assert_noop!(sign(QIAN, id), Error::<Test>::EvaluatorDecides);
    });
}

#[test]
fn a_new_key_makes_no_other_person() {
    const NEW: Account = 35;
    run(|| {
        let id = evaluated(GARDEN, request());
        take_over(QIAN, NEW);
        let yes = certify(id, "101OP2600001");
        assert_noop!(propose(NEW, id, yes), Error::<Test>::EvaluatorDecides);
    });
    run(|| {
        let id = evaluated(GARDEN, request());
        assert_ok!(propose(ZHAO, id, certify(id, "101OP2600001")));
        take_over(ZHAO, NEW);
        assert_ok!(approve(BODY, approval("CNCA-R-2026-101"), NEW));
        assert_noop!(sign(NEW, id), Error::<Test>::SameSigner);
    });
    // What a person may do, he may do with his new key.
    run(|| {
        let id = evaluated(GARDEN, request());
        take_over(ZHAO, NEW);
        assert_ok!(propose(NEW, id, certify(id, "101OP2600001")));
        take_over(WU, NEW + 1);
        assert_ok!(sign(NEW + 1, id));
    });
}

#[test]
fn another_agent_makes_no_other_person() {
    let come_back_as = |person, agent| {
        assert_ok!(Certification::release_certifier(by(WU), person));
        assert_ok!(Certification::register_certifier(by(WU), person, agent));
    };
    run(|| {
        let id = evaluated(GARDEN, request());
        come_back_as(PERSON_QIAN, SUN);
        let yes = certify(id, "101OP2600001");
        assert_noop!(propose(SUN, id, yes), Error::<Test>::EvaluatorDecides);
    });
    run(|| {
        let id = evaluated(GARDEN, request());
        assert_ok!(propose(ZHAO, id, certify(id, "101OP2600001")));
        come_back_as(PERSON_ZHAO, SUN);
        assert_ok!(approve(BODY, approval("CNCA-R-2026-101"), SUN));
        assert_noop!(sign(SUN, id), Error::<Test>::SameSigner);
    });
}

#[test]
fn a_proposal_may_be_returned() {
    run(|| {
        let back = |account, id| Certification::return_proposal(by(account), id);
        let id = evaluated(GARDEN, request());
        assert_noop!(back(WU, id), Error::<Test>::WrongStage);
        assert_ok!(propose(ZHAO, id, certify(id, "101OP2600001")));
        assert_noop!(back(ZHAO, id), Error::<Test>::NotHeadOfBody);
        assert_ok!(back(WU, id));
        assert!(has_event(Event::ProposalReturned { application: id }));
        let record = Certification::application(id).unwrap();
        assert_eq!((record.stage, record.proposal), (Stage::Tested, None));
        // To the stage that it had reached.
        let reject = || Outcome::Reject { reason: DOCUMENT };
        let id = applied(GARDEN, request());
        assert_ok!(Certification::accept_application(by(agent(BODY)), id));
        assert_ok!(propose(ZHAO, id, reject()));
        assert_ok!(back(WU, id));
        assert_eq!(Certification::application(id).unwrap().stage, Stage::Accepted);
        let inspected = bases(&[0]);
        let at = now();
        assert_ok!(Certification::record_inspection(by(QIAN), id, at, inspected, 0, DOCUMENT));
        assert_ok!(propose(ZHAO, id, reject()));
        assert_ok!(back(WU, id));
        assert_eq!(Certification::application(id).unwrap().stage, Stage::Inspected);
    });
}

#[test]
fn every_base_is_inspected_and_nothing_is_open() {
    run(|| {
        let id = applied(GARDEN, ApplicationRequest { bases: bases(&[0, 1]), ..request() });
        assert_ok!(Certification::accept_application(by(agent(BODY)), id));
        let yes = || certify(id, "101OP2600001");
        let inspect = |ids: &[u32], n_open| {
            let (at, ids) = (now(), bases(ids));
            Certification::record_inspection(by(QIAN), id, at, ids, n_open, DOCUMENT)
        };
        assert_noop!(propose(ZHAO, id, yes()), Error::<Test>::InspectionIncomplete);
        assert_ok!(inspect(&[0], 0));
        assert_noop!(propose(ZHAO, id, yes()), Error::<Test>::InspectionIncomplete);
        assert_ok!(inspect(&[1], 2));
        assert_noop!(propose(ZHAO, id, yes()), Error::<Test>::NonconformitiesOpen);
        assert_ok!(inspect(&[1], 0));
        assert_noop!(propose(ZHAO, id, yes()), Error::<Test>::TestMissing);
        let test = |passed| {
            let lab = by(agent(LAB));
            Certification::record_test(lab, id, tea(), passed, now(), DOCUMENT)
        };
        assert_ok!(test(false));
        assert_noop!(propose(ZHAO, id, yes()), Error::<Test>::TestFailed);
        assert_ok!(test(true));
        assert_ok!(propose(ZHAO, id, yes()));
    });
}

#[test]
fn a_scheme_without_tests_still_heeds_failed_ones() {
    run(|| {
        Schemes::<Test>::mutate(ORGANIC, |scheme| {
            scheme.as_mut().unwrap().test_required = false;
        });
        let id = applied(GARDEN, request());
        assert_ok!(Certification::accept_application(by(agent(BODY)), id));
        let (at, ids) = (now(), bases(&[0]));
        assert_ok!(Certification::record_inspection(by(QIAN), id, at, ids, 0, DOCUMENT));
        assert_ok!(propose(ZHAO, id, certify(id, "1")));
        assert_ok!(Certification::return_proposal(by(WU), id));
        let lab = by(agent(LAB));
        assert_ok!(Certification::record_test(lab, id, tea(), false, now(), DOCUMENT));
        assert_noop!(propose(ZHAO, id, certify(id, "1")), Error::<Test>::TestFailed);
    });
}

#[test]
fn a_certificate_stays_within_the_application() {
    run(|| {
        let id = evaluated(GARDEN, request());
        let with = |products: &[ProductLine]| propose(ZHAO, id, outcome(products, "2026-04-01"));
        assert_noop!(with(&[line(tea(), kg(450) + 1, 3)]), Error::<Test>::ExceedsApplication);
        assert_noop!(
            with(&[ProductLine { area_units: 3 * MU + 1, ..line(tea(), 1, 1) }]),
            Error::<Test>::ExceedsApplication
        );
        // A product that was neither applied for nor tested.
        assert_noop!(with(&[line(leaf(), 1, 1)]), Error::<Test>::TestMissing);
        Schemes::<Test>::mutate(ORGANIC, |scheme| {
            scheme.as_mut().unwrap().test_required = false;
        });
        assert_noop!(with(&[line(leaf(), 1, 1)]), Error::<Test>::ExceedsApplication);
        assert_noop!(with(&[]), Error::<Test>::ProductsInvalid);
        assert_noop!(with(&[line(tea(), 0, 1)]), Error::<Test>::QuantityZero);
        assert_noop!(with(&[line(tea(), 1, 0)]), Error::<Test>::AreaZero);
        assert_ok!(with(&[line(tea(), kg(450), 3)]));
    });
}

#[test]
fn quantity_is_at_most_area_times_ceiling_with_tolerance() {
    run(|| {
        // 3 mu at 150 kg with 5 % are 472.5 kg.
        let most = 472_500_000;
        let products = lines(&[line(tea(), most + 1, 3)]);
        let id = evaluated(GARDEN, ApplicationRequest { products, ..request() });
        let with = |quantity| propose(ZHAO, id, outcome(&[line(tea(), quantity, 3)], "2026-04-01"));
        assert_noop!(with(most + 1), Error::<Test>::YieldExceeded);
        // Less area bears less.
        let smaller = ProductLine { area_units: 3 * MU - 1, ..line(tea(), most, 1) };
        assert_noop!(
            propose(ZHAO, id, outcome(&[smaller], "2026-04-01")),
            Error::<Test>::YieldExceeded
        );
        assert_ok!(with(most));
        // The ceiling is looked at again when the head signs.
        let scope = CeilingScope::Product(tea());
        let root = || RuntimeOrigin::root();
        let lower = Some(TEA_CEILING - 1);
        assert_ok!(Certification::set_yield_ceiling(root(), ORGANIC, scope, lower));
        assert_noop!(sign(WU, id), Error::<Test>::YieldExceeded);
        assert_ok!(Certification::set_yield_ceiling(root(), ORGANIC, scope, None));
        // The ceiling of the category is higher.
        assert_ok!(sign(WU, id));
    });
}

#[test]
fn quantity_is_for_the_whole_period_and_needs_a_ceiling() {
    run(|| {
        // Three years of 300 kg from 3 mu with 5 %: 2,835 kg.
        let most = kg(2_835);
        let products = lines(&[line(tea(), most + 1, 3)]);
        let green = ApplicationRequest { products, scheme: GREEN_FOOD, ..request() };
        let id = evaluated(GARDEN, green);
        let with = |quantity| propose(ZHAO, id, outcome(&[line(tea(), quantity, 3)], "2026-04-01"));
        assert_noop!(with(most + 1), Error::<Test>::YieldExceeded);
        let scope = CeilingScope::Category(TEA_CATEGORY);
        let root = || RuntimeOrigin::root();
        assert_ok!(Certification::set_yield_ceiling(root(), GREEN_FOOD, scope, None));
        assert_noop!(with(most), Error::<Test>::YieldNotGoverned);
        let again = Some(CATEGORY_CEILING);
        assert_ok!(Certification::set_yield_ceiling(root(), GREEN_FOOD, scope, again));
        assert_ok!(with(most));
        assert_ok!(sign(WU, id));
        assert_eq!(record(0).expires, date("2029-04-01"));
    });
}

#[test]
fn numbers_beyond_all_bounds_are_refused() {
    run(|| {
        let scope = CeilingScope::Product(tea());
        let most = Some(1_000_000_000_000_000);
        assert_ok!(Certification::set_yield_ceiling(RuntimeOrigin::root(), ORGANIC, scope, most));
        let products = lines(&[line(tea(), u128::MAX, 3)]);
        let id = evaluated(GARDEN, ApplicationRequest { products, ..request() });
        assert_noop!(propose(ZHAO, id, certify(id, "101OP2600001")), Error::<Test>::YieldExceeded);
        // An area of which no product can be formed.
        Applications::<Test>::mutate(id, |application| {
            let line = &mut application.as_mut().unwrap().request.products[0];
            line.area_units = u64::MAX;
        });
        assert_noop!(propose(ZHAO, id, certify(id, "101OP2600001")), Error::<Test>::YieldExceeded);
    });
}

#[test]
fn a_certificate_is_dated_after_the_inspection_and_not_in_the_past() {
    run(|| {
        let id = evaluated(GARDEN, request());
        let from = |text| propose(ZHAO, id, outcome(&[line(tea(), kg(450), 3)], text));
        assert_noop!(from("2026-03-31"), Error::<Test>::CertificateBeforeInspection);
        pass_days(2);
        assert_noop!(from("2026-03-31"), Error::<Test>::CertificateBeforeInspection);
        assert_noop!(from("2026-04-02"), Error::<Test>::CertificateBackdated);
        assert_noop!(from("2026-07-04"), Error::<Test>::PeriodInvalid);
        assert_ok!(from("2026-07-03"));
        assert_ok!(Certification::return_proposal(by(WU), id));
        assert_ok!(from("2026-04-03"));
        // The head is late: the date has passed, and the certifier proposes another.
        pass_days(1);
        assert_noop!(sign(WU, id), Error::<Test>::CertificateBackdated);
    });
}

#[test]
fn a_number_is_used_once() {
    run(|| {
        certified();
        let id = evaluated(GARDEN, ApplicationRequest { scheme: GREEN_FOOD, ..request() });
        assert_noop!(
            propose(ZHAO, id, certify(id, "101OP2600001")),
            Error::<Test>::CertificateNumberUsed
        );
        assert_noop!(propose(ZHAO, id, certify(id, "")), Error::<Test>::TextInvalid);
        assert_ok!(propose(ZHAO, id, certify(id, "101GF2600001")));
    });
}

#[test]
fn a_base_is_on_one_live_certificate_of_a_scheme() {
    run(|| {
        let first = certified();
        let again = ApplicationRequest {
            bases: bases(&[0, 1]),
            products: lines(&[line(leaf(), kg(1), 1)]),
            ..request()
        };
        let id = evaluated(GARDEN, again);
        let yes = |number| certify(id, number);
        assert_noop!(propose(ZHAO, id, yes("2")), Error::<Test>::BaseCertifiedAlready);
        suspended(first, 1);
        assert_noop!(propose(ZHAO, id, yes("2")), Error::<Test>::BaseCertifiedAlready);
        // It is free for another scheme, and after the end of the first certificate.
        let green = evaluated(GARDEN, ApplicationRequest { scheme: GREEN_FOOD, ..request() });
        decided(green, certify(green, "3"));
        assert_ok!(Certification::cancel(by(agent(CNCA)), first, DOCUMENT));
        assert_ok!(propose(ZHAO, id, yes("2")));
        assert_ok!(sign(WU, id));
    });
}

#[test]
fn a_renewal_follows_without_a_gap_or_an_overlap() {
    run(|| {
        let old = certified();
        go_to("2026-12-15");
        let renewal = ApplicationRequest { renews: Some(old), ..request() };
        let id = evaluated(GARDEN, renewal);
        let from = |text| {
            let Outcome::Certify { products, .. } = certify(id, "x") else { unreachable!() };
            let number = super::super::mock::text("101OP2700001");
            let valid_from = date(text);
            propose(ZHAO, id, Outcome::Certify { number, products, valid_from })
        };
        assert_noop!(from("2027-03-31"), Error::<Test>::BaseCertifiedAlready);
        assert_noop!(from("2027-07-02"), Error::<Test>::PeriodInvalid);
        assert_ok!(from("2027-04-01"));
        assert_ok!(sign(WU, id));
        let new = record(1);
        assert_eq!((new.valid_from, new.expires), (date("2027-04-01"), date("2028-04-01")));
        let status = |id| Certification::certificate(id).unwrap().status;
        assert_eq!(status(old), Some(CertificateStatus::Valid));
        assert_eq!(status(1), None);
        set_now(date("2027-04-01").start());
        assert_eq!(status(old), Some(CertificateStatus::Expired));
        assert_eq!(status(1), Some(CertificateStatus::Valid));
    });
}

#[test]
fn approvals_are_looked_at_when_deciding() {
    run(|| {
        let id = evaluated(GARDEN, request());
        assert_ok!(propose(ZHAO, id, certify(id, "101OP2600001")));
        let cnca = || by(agent(CNCA));
        let set = |standing| Certification::set_body_standing(cnca(), BODY, standing, DOCUMENT);
        assert_ok!(set(Standing::Suspended));
        assert_noop!(sign(WU, id), Error::<Test>::BodyNotApproved);
        assert_ok!(set(Standing::InForce));
        assert_ok!(Certification::set_accreditation_standing(
            by(agent(ACCREDITOR)),
            BODY,
            Standing::Withdrawn,
            DOCUMENT
        ));
        assert_noop!(sign(WU, id), Error::<Test>::NotAccredited);
        assert_ok!(accredit(BODY));
        let schemes = vec![GREEN_FOOD].try_into().unwrap();
        let narrow =
            ApprovalTerms { scope: Scope { schemes, ..scope() }, ..approval("CNCA-R-2026-101") };
        assert_ok!(approve(BODY, narrow, WU));
        assert_noop!(sign(WU, id), Error::<Test>::OutsideApproval);
    });
}

#[test]
fn a_lock_stops_applications_that_were_filed_before_it() {
    run(|| {
        let id = certified();
        let with_base = |base| ApplicationRequest { bases: bases(&[base]), ..wide() };
        let [early, late] = [1, 100].map(|base| evaluated(GARDEN, with_base(base)));
        let proposed = certify(early, "101OP2600002");
        assert_ok!(Certification::propose_decision(by(ZHAO), early, proposed));
        revoked(id);
        let outcome = certify(late, "101OP2600003");
        assert_noop!(
            Certification::propose_decision(by(ZHAO), late, outcome),
            Error::<Test>::ClientLocked
        );
        assert_noop!(Certification::sign_decision(by(WU), early), Error::<Test>::ClientLocked);
        // They may be rejected, and the duties to decide end.
        assert_ok!(Certification::return_proposal(by(WU), early));
        for application in [early, late] {
            let no = Outcome::Reject { reason: DOCUMENT };
            assert_ok!(Certification::propose_decision(by(ZHAO), application, no));
            assert_ok!(Certification::sign_decision(by(WU), application));
        }
        // Another scheme is not locked.
        let request = ApplicationRequest { scheme: GREEN_FOOD, ..request() };
        let other = evaluated(GARDEN, request);
        decided(other, certify(other, "101GF2600001"));
    });
}

/// One mu of tea.
fn wide() -> ApplicationRequest {
    ApplicationRequest { products: lines(&[line(tea(), kg(100), 1)]), ..request() }
}

#[test]
fn an_organic_number_does_not_begin_with_another_bodys_code() {
    run(|| {
        let id = evaluated(GARDEN, request());
        let propose = |number| Certification::propose_decision(by(ZHAO), id, certify(id, number));
        for other in ["999OP2600001", "102OP2600001", "000", "1101"] {
            assert_noop!(propose(other), Error::<Test>::CertificateNumberOfAnotherBody);
        }
        // No code of a body: two digits, or letters before them.
        for number in ["10", "F12OP2600001", "101"] {
            assert_ok!(propose(number));
            assert_ok!(Certification::return_proposal(by(WU), id));
        }
        // Numbers of schemes without organic codes are the body's own.
        let green = ApplicationRequest { scheme: GREEN_FOOD, ..request() };
        let id = evaluated(GARDEN, green);
        decided(id, certify(id, "999GF2600001"));
    });
}
