//! Inspections and tests.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchResult;

fn inspect(account: u64, id: ApplicationId, ids: &[u32]) -> DispatchResult {
    Certification::record_inspection(by(account), id, now(), bases(ids), 0, DOCUMENT)
}

fn test(account: u64, id: ApplicationId, passed: bool) -> DispatchResult {
    Certification::record_test(by(account), id, tea(), passed, now(), DOCUMENT)
}

/// An application for bases 0 and 1 that was accepted.
fn accepted() -> ApplicationId {
    let id = applied(GARDEN, ApplicationRequest { bases: bases(&[0, 1]), ..request() });
    Certification::accept_application(by(agent(BODY)), id).unwrap();
    id
}

#[test]
fn certifiers_and_inspection_bodies_inspect() {
    run(|| {
        let id = accepted();
        assert_ok!(inspect(QIAN, id, &[0]));
        assert!(!Certification::application(id).unwrap().is_inspection_complete());
        assert_ok!(inspect(agent(INSPECTION), id, &[1]));
        let record = Certification::application(id).unwrap();
        assert!(record.is_inspection_complete());
        assert_eq!(record.stage, Stage::Inspected);
        assert_eq!(record.inspections[0].organisation, BODY);
        assert_eq!(record.inspections[1].organisation, INSPECTION);
        assert!(has_event(Event::Inspected {
            application: id,
            organisation: INSPECTION,
            n_open_nonconformities: 0,
            report: DOCUMENT,
        }));
    });
}

#[test]
fn record_inspection_rejects_inspectors() {
    run(|| {
        let id = accepted();
        assert_noop!(inspect(SUN, id, &[0]), Error::<Test>::NotCertifier);
        assert_noop!(inspect(agent(GARDEN), id, &[0]), FORBIDDEN);
        assert_noop!(inspect(agent(LAB), id, &[0]), FORBIDDEN);
        assert_noop!(inspect(STRANGER, id, &[0]), FORBIDDEN);
        let until = date("2031-04-01");
        let cnca = by(agent(CNCA));
        assert_ok!(Certification::bar_person(cnca, PERSON_QIAN, until, DOCUMENT));
        assert_noop!(inspect(QIAN, id, &[0]), Error::<Test>::NotCertifier);
        // An inspection body does not inspect itself.
        Applications::<Test>::mutate(id, |application| {
            application.as_mut().unwrap().client = INSPECTION;
        });
        assert_noop!(inspect(agent(INSPECTION), id, &[0]), Error::<Test>::NotIndependent);
    });
}

#[test]
fn record_inspection_rejects_times_bases_and_stages() {
    run(|| {
        let before = now() - 1;
        let id = accepted();
        let at = |at| Certification::record_inspection(by(QIAN), id, at, bases(&[0]), 0, DOCUMENT);
        assert_noop!(at(before), Error::<Test>::InspectionTimeInvalid);
        assert_noop!(at(now() + 1), Error::<Test>::InspectionTimeInvalid);
        assert_noop!(inspect(QIAN, id, &[]), Error::<Test>::BasesInvalid);
        assert_noop!(inspect(QIAN, id, &[1, 0]), Error::<Test>::BasesInvalid);
        assert_noop!(inspect(QIAN, id, &[2]), Error::<Test>::BasesInvalid);
        assert_noop!(
            Certification::record_inspection(by(QIAN), id, now(), bases(&[0]), 0, [0; 32]),
            Error::<Test>::CommitmentMissing
        );
        assert_noop!(inspect(QIAN, 9, &[0]), Error::<Test>::ApplicationNotFound);
        let fresh = applied(GARDEN, request());
        assert_noop!(inspect(QIAN, fresh, &[0]), Error::<Test>::WrongStage);
        for _ in 0..MAX_INSPECTIONS {
            assert_ok!(at(now()));
        }
        assert_noop!(at(now()), Error::<Test>::TooManyInspections);
    });
}

#[test]
fn record_test_works_and_replaces() {
    run(|| {
        let id = accepted();
        assert_ok!(inspect(QIAN, id, &[0, 1]));
        assert_ok!(test(agent(LAB), id, false));
        assert!(has_event(Event::Tested {
            application: id,
            lab: LAB,
            gtin: tea(),
            passed: false,
            report: DOCUMENT,
        }));
        let first = now();
        pass_days(1);
        assert_ok!(test(agent(LAB), id, true));
        let record = Certification::application(id).unwrap();
        assert_eq!(record.stage, Stage::Tested);
        assert_eq!(record.tests.len(), 1);
        assert!(record.tests[0].passed);
        // A sample older than the one on record does not take its place.
        assert_noop!(
            Certification::record_test(by(agent(LAB)), id, tea(), false, first, DOCUMENT),
            Error::<Test>::SampleTimeInvalid
        );
    });
}

#[test]
fn record_test_rejects() {
    run(|| {
        let before = now() - 1;
        let id = accepted();
        assert_noop!(test(agent(LAB), id, true), Error::<Test>::WrongStage);
        assert_ok!(inspect(QIAN, id, &[0]));
        assert_noop!(test(QIAN, id, true), FORBIDDEN);
        assert_noop!(test(agent(OTHER_LAB), id, true), Error::<Test>::NotAccredited);
        let lab = || by(agent(LAB));
        let full = |gtin, at, report| Certification::record_test(lab(), id, gtin, true, at, report);
        assert_noop!(full(leaf(), now(), DOCUMENT), Error::<Test>::ProductNotCovered);
        assert_noop!(full(tea(), before, DOCUMENT), Error::<Test>::SampleTimeInvalid);
        assert_noop!(full(tea(), now() + 1, DOCUMENT), Error::<Test>::SampleTimeInvalid);
        assert_noop!(full(tea(), now(), [0; 32]), Error::<Test>::CommitmentMissing);
        assert_noop!(test(agent(LAB), 9, true), Error::<Test>::ApplicationNotFound);
    });
}

#[test]
fn a_laboratory_is_neither_body_nor_client() {
    run(|| {
        let id = accepted();
        assert_ok!(inspect(QIAN, id, &[0]));
        for change in [
            |application: &mut ApplicationOf<Test>| application.client = BODY_LAB,
            |application: &mut ApplicationOf<Test>| application.request.body = BODY_LAB,
        ] {
            Applications::<Test>::mutate(id, |application| change(application.as_mut().unwrap()));
            assert_noop!(test(agent(BODY_LAB), id, true), Error::<Test>::LabNotIndependent);
        }
    });
}
