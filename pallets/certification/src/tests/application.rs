//! Filing applications, and taking them up.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_calendar::{Calendar, Term};

fn apply(request: ApplicationRequest) -> sp_runtime::DispatchResult {
    Certification::apply(by(agent(GARDEN)), request)
}

#[test]
fn apply_works_and_sets_the_term_running() {
    run(|| {
        let id = applied(GARDEN, request());
        let record = Certification::application(id).unwrap();
        assert_eq!(record.client, GARDEN);
        assert_eq!(record.stage, Stage::Applied);
        assert_eq!(record.applied_at, now());
        assert!(record.filed_in_time);
        assert_eq!(record.rule_set, Certification::rule_set().version);
        let row = Certification::duty(record.duty.unwrap()).unwrap();
        assert_eq!(row.duty.kind, DutyKind::Accept(id));
        assert_eq!((row.duty.body, row.duty.start, row.duty.done_at), (BODY, now(), None));
        assert_eq!(row.due, <() as Calendar>::due(now(), Term::working(10)).ok());
        assert!(!row.late);
        assert!(has_event(Event::Applied {
            application: id,
            client: GARDEN,
            body: BODY,
            scheme: ORGANIC,
        }));
    });
}

#[test]
fn apply_rejects_who_may_not() {
    run(|| {
        assert_noop!(Certification::apply(by(STRANGER), request()), FORBIDDEN);
        assert_noop!(Certification::apply(by(agent(SUSPENDED)), request()), FORBIDDEN);
        assert_noop!(Certification::apply(by(agent(BODY)), request()), Error::<Test>::BodyIsClient);
    });
}

#[test]
fn apply_rejects_bad_products() {
    run(|| {
        let with = |products: &[ProductLine]| {
            apply(ApplicationRequest { products: lines(products), ..request() })
        };
        assert_noop!(with(&[]), Error::<Test>::ProductsInvalid);
        let tea_line = line(tea(), kg(100), 1);
        assert_noop!(with(&[tea_line, line(leaf(), 1, 1)]), Error::<Test>::ProductsInvalid);
        assert_noop!(with(&[tea_line, tea_line]), Error::<Test>::ProductsInvalid);
        assert_noop!(with(&[line(tea(), 0, 1)]), Error::<Test>::QuantityZero);
        assert_noop!(with(&[line(tea(), 1, 0)]), Error::<Test>::AreaZero);
        assert_noop!(with(&[line(tea(), 1, 4)]), Error::<Test>::AreaExceedsBases);
        assert_noop!(with(&[line(gtin(99), 1, 1)]), Error::<Test>::ProductNotFound);
        assert_noop!(with(&[line(water(), 1, 1)]), Error::<Test>::NotProducer);
        assert_ok!(with(&[line(leaf(), 1, 3), line(tea(), 1, 3)]));
    });
}

#[test]
fn apply_rejects_bad_bases() {
    run(|| {
        let with = |ids: &[u32]| apply(ApplicationRequest { bases: bases(ids), ..request() });
        assert_noop!(with(&[]), Error::<Test>::BasesInvalid);
        assert_noop!(with(&[1, 0]), Error::<Test>::BasesInvalid);
        assert_noop!(with(&[0, 0]), Error::<Test>::BasesInvalid);
        assert_noop!(with(&[0, 9]), Error::<Test>::BaseNotFound);
        assert_noop!(with(&[0, 2]), Error::<Test>::BaseOfAnother);
        assert_noop!(with(&[1]), Error::<Test>::AreaExceedsBases);
        assert_ok!(with(&[0, 1]));
    });
}

#[test]
fn apply_rejects_schemes_and_missing_documents() {
    run(|| {
        assert_noop!(
            apply(ApplicationRequest { document: [0; 32], ..request() }),
            Error::<Test>::CommitmentMissing
        );
        assert_noop!(
            apply(ApplicationRequest { scheme: 9, ..request() }),
            Error::<Test>::SchemeNotFound
        );
        Schemes::<Test>::mutate(ORGANIC, |scheme| scheme.as_mut().unwrap().open = false);
        assert_noop!(apply(request()), Error::<Test>::SchemeClosed);
    });
}

#[test]
fn apply_rejects_bodies_that_may_not_certify() {
    run(|| {
        let to = |body| apply(ApplicationRequest { body, ..request() });
        assert_noop!(to(OTHER_BODY), Error::<Test>::BodyNotApproved);
        let office = ApprovalTerms { kind: BodyKind::ForeignOffice, ..approval("F-104") };
        assert_ok!(approve(OFFICE, office, agent(OFFICE)));
        assert_noop!(to(OFFICE), Error::<Test>::ForeignOfficeMayNotCertify);
        // Approved for green food only, then for another category only.
        let schemes = vec![GREEN_FOOD].try_into().unwrap();
        let narrow = ApprovalTerms { scope: Scope { schemes, ..scope() }, ..approval("R-102") };
        assert_ok!(approve(OTHER_BODY, narrow, agent(OTHER_BODY)));
        assert_noop!(to(OTHER_BODY), Error::<Test>::OutsideApproval);
        let categories = vec![WATER_CATEGORY].try_into().unwrap();
        let narrow = ApprovalTerms { scope: Scope { categories, ..scope() }, ..approval("R-102") };
        assert_ok!(approve(OTHER_BODY, narrow, agent(OTHER_BODY)));
        assert_noop!(to(OTHER_BODY), Error::<Test>::OutsideApproval);
        assert_ok!(approve(OTHER_BODY, approval("R-102"), agent(OTHER_BODY)));
        assert_noop!(to(OTHER_BODY), Error::<Test>::NotAccredited);
        // Green food needs no accreditation.
        let request = ApplicationRequest { body: OTHER_BODY, scheme: GREEN_FOOD, ..request() };
        assert_ok!(apply(request));
        set_inactive(&[BODY]);
        assert_noop!(to(BODY), Error::<Test>::BodyNotApproved);
    });
}

#[test]
fn an_approval_counts_on_its_days() {
    run(|| {
        let terms = ApprovalTerms {
            period: Period { from: date("2026-04-10"), until: date("2026-04-20") },
            ..approval("CNCA-R-2026-101")
        };
        assert_ok!(approve(BODY, terms, WU));
        assert_noop!(apply(request()), Error::<Test>::BodyNotApproved);
        set_now(date("2026-04-10").start());
        assert_ok!(apply(request()));
        set_now(date("2026-04-20").end() - 1);
        assert_ok!(apply(request()));
        set_now(date("2026-04-20").end());
        assert_noop!(apply(request()), Error::<Test>::BodyNotApproved);
    });
}

#[test]
fn apply_waits_for_the_calendar() {
    run(|| {
        set_calendar_known(false);
        assert_noop!(apply(request()), NO_CALENDAR);
    });
}

#[test]
fn a_renewal_is_of_the_clients_live_certificate() {
    run(|| {
        let old = certified();
        let renewal = || ApplicationRequest { renews: Some(old), ..request() };
        assert_noop!(
            apply(ApplicationRequest { renews: Some(9), ..request() }),
            Error::<Test>::CertificateNotFound
        );
        assert_noop!(
            apply(ApplicationRequest { scheme: GREEN_FOOD, ..renewal() }),
            Error::<Test>::NotRenewable
        );
        let of_factory = ApplicationRequest { bases: bases(&[2]), ..renewal() };
        assert_noop!(
            Certification::apply(by(agent(FACTORY)), of_factory),
            Error::<Test>::NotRenewable
        );
        // Three months before the end is in time, a day later is not.
        go_to("2027-01-01");
        let id = applied(GARDEN, renewal());
        assert!(Certification::application(id).unwrap().filed_in_time);
        go_to("2027-01-02");
        let id = applied(GARDEN, renewal());
        assert!(!Certification::application(id).unwrap().filed_in_time);
        set_now(date("2027-04-01").start());
        assert_noop!(apply(renewal()), Error::<Test>::NotRenewable);
    });
}

#[test]
fn accept_application_works() {
    run(|| {
        let id = applied(GARDEN, request());
        let duty = Certification::application(id).unwrap().duty.unwrap();
        pass_days(3);
        assert_ok!(Certification::accept_application(by(agent(BODY)), id));
        let record = Certification::application(id).unwrap();
        assert_eq!((record.stage, record.duty), (Stage::Accepted, None));
        assert_eq!(Certification::duty(duty).unwrap().duty.done_at, Some(now()));
        assert!(has_event(Event::ApplicationAccepted { application: id }));
        assert!(has_event(Event::DutyDone { id: duty, body: BODY, late: false }));
        assert_noop!(
            Certification::accept_application(by(agent(BODY)), id),
            Error::<Test>::WrongStage
        );
    });
}

#[test]
fn green_food_has_a_term_to_decide() {
    run(|| {
        let id = applied(GARDEN, ApplicationRequest { scheme: GREEN_FOOD, ..request() });
        assert_ok!(Certification::accept_application(by(agent(BODY)), id));
        let duty = Certification::application(id).unwrap().duty.unwrap();
        let row = Certification::duty(duty).unwrap();
        assert_eq!(row.duty.kind, DutyKind::Decide(id));
        assert_eq!(row.duty.term, Term::working(10));
    });
}

#[test]
fn accept_application_rejects() {
    run(|| {
        let id = applied(GARDEN, request());
        assert_noop!(Certification::accept_application(by(agent(GARDEN)), id), FORBIDDEN);
        assert_noop!(
            Certification::accept_application(by(agent(OTHER_BODY)), id),
            Error::<Test>::NotTheBody
        );
        assert_noop!(
            Certification::accept_application(by(agent(BODY)), 9),
            Error::<Test>::ApplicationNotFound
        );
        let cnca = by(agent(CNCA));
        assert_ok!(Certification::set_body_standing(cnca, BODY, Standing::Suspended, DOCUMENT));
        assert_noop!(
            Certification::accept_application(by(agent(BODY)), id),
            Error::<Test>::BodyNotApproved
        );
    });
}

#[test]
fn refuse_application_works_and_rejects() {
    run(|| {
        let id = applied(GARDEN, request());
        let refuse = |account, reason| Certification::refuse_application(by(account), id, reason);
        assert_noop!(refuse(agent(GARDEN), DOCUMENT), FORBIDDEN);
        assert_noop!(refuse(agent(BODY), [0; 32]), Error::<Test>::CommitmentMissing);
        assert_ok!(refuse(agent(BODY), DOCUMENT));
        assert_eq!(Certification::application(id).unwrap().stage, Stage::Refused);
        assert!(has_event(Event::ApplicationRefused { application: id, reason: DOCUMENT }));
        assert_noop!(refuse(agent(BODY), DOCUMENT), Error::<Test>::WrongStage);
    });
}

#[test]
fn withdraw_application_works_and_rejects() {
    run(|| {
        let id = evaluated(GARDEN, request());
        let withdraw = |account| Certification::withdraw_application(by(account), id);
        assert_noop!(withdraw(agent(BODY)), Error::<Test>::NotTheClient);
        assert_noop!(withdraw(STRANGER), FORBIDDEN);
        assert_ok!(withdraw(agent(GARDEN)));
        assert_eq!(Certification::application(id).unwrap().stage, Stage::Withdrawn);
        assert!(has_event(Event::ApplicationWithdrawn { application: id }));
        assert_noop!(withdraw(agent(GARDEN)), Error::<Test>::WrongStage);
        let id = certified();
        let application = record(id).application;
        assert_noop!(
            Certification::withdraw_application(by(agent(GARDEN)), application),
            Error::<Test>::WrongStage
        );
    });
}
