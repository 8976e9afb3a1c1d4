//! Approvals, accreditations, and certifiers.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_participants::OrganisationId;

fn set_standing(body: OrganisationId, standing: Standing) -> sp_runtime::DispatchResult {
    Certification::set_body_standing(by(agent(CNCA)), body, standing, DOCUMENT)
}

fn register(account: u64, person: u8, key: u64) -> sp_runtime::DispatchResult {
    Certification::register_certifier(by(account), [person; 32], key)
}

#[test]
fn approve_body_works() {
    run_bare(|| {
        assert_ok!(approve(BODY, approval("CNCA-R-2026-101"), WU));
        let (record, in_force) = Certification::body(BODY).unwrap();
        assert!(in_force);
        assert_eq!(record.code, *b"101");
        assert_eq!(record.head, WU);
        assert_eq!(record.approved_by, CNCA);
        assert_eq!(record.standing(), Standing::InForce);
        assert!(has_event(Event::BodyApproved {
            body: BODY,
            number: text("CNCA-R-2026-101"),
            code: *b"101",
        }));
    });
}

#[test]
fn a_foreign_funded_body_has_a_code_that_starts_with_nine() {
    run_bare(|| {
        let terms = ApprovalTerms { kind: BodyKind::ForeignFunded, ..approval("CNCA-RF-2026-123") };
        assert_ok!(approve(BODY, terms, WU));
        assert_eq!(Certification::body(BODY).unwrap().0.code, *b"923");
    });
}

#[test]
fn approve_body_rejects_bad_terms() {
    run_bare(|| {
        let good = || approval("CNCA-R-2026-101");
        let refused = |terms, error: Error<Test>| {
            assert_noop!(approve(BODY, terms, WU), error);
        };
        refused(approval(""), Error::TextInvalid);
        refused(approval("101\n101"), Error::TextInvalid);
        refused(approval("CNCA-R-2026-1A1"), Error::ApprovalNumberInvalid);
        refused(approval("11"), Error::ApprovalNumberInvalid);
        let no_scheme = Scope { schemes: Default::default(), categories: Default::default() };
        refused(ApprovalTerms { scope: no_scheme, ..good() }, Error::ScopeInvalid);
        let scheme = |ids: &[u32]| Scope { schemes: ids.to_vec().try_into().unwrap(), ..scope() };
        refused(ApprovalTerms { scope: scheme(&[2, 1]), ..good() }, Error::ScopeInvalid);
        refused(ApprovalTerms { scope: scheme(&[1, 1]), ..good() }, Error::ScopeInvalid);
        refused(ApprovalTerms { scope: scheme(&[1, 9]), ..good() }, Error::SchemeNotFound);
        let categories = vec![TEA_CATEGORY, TEA_CATEGORY].try_into().unwrap();
        refused(
            ApprovalTerms { scope: Scope { categories, ..scope() }, ..good() },
            Error::ScopeInvalid,
        );
        let until = |from: &str, until: &str| Period { from: date(from), until: date(until) };
        for over in [until("2026-05-01", "2026-04-30"), until("2026-01-01", "2026-03-31")] {
            refused(ApprovalTerms { period: over, ..good() }, Error::PeriodInvalid);
        }
        // The last day of a period may be today.
        let today = until("2026-04-01", "2026-04-01");
        assert_ok!(approve(BODY, ApprovalTerms { period: today, ..good() }, WU));
    });
}

#[test]
fn approve_body_rejects_callers_bodies_heads_and_codes() {
    run_bare(|| {
        let terms = || approval("CNCA-R-2026-101");
        assert_noop!(Certification::approve_body(by(agent(BODY)), BODY, terms(), WU), FORBIDDEN);
        assert_noop!(approve(GARDEN, terms(), agent(GARDEN)), Error::<Test>::NotACertificationBody);
        for head in [agent(GARDEN), STRANGER] {
            assert_noop!(approve(BODY, terms(), head), Error::<Test>::NotOfTheBody);
        }
        assert_ok!(approve(BODY, terms(), WU));
        assert_noop!(
            approve(OTHER_BODY, approval("CNCA-R-2025-101"), agent(OTHER_BODY)),
            Error::<Test>::BodyCodeTaken
        );
        assert_ok!(approve(OTHER_BODY, approval("CNCA-R-2025-102"), agent(OTHER_BODY)));
    });
}

#[test]
fn an_approval_is_changed_under_its_number() {
    run(|| {
        let longer = Period { from: date("2026-01-01"), until: date("2035-12-31") };
        let terms = ApprovalTerms { period: longer, ..approval("CNCA-R-2026-101") };
        assert_ok!(approve(BODY, terms, SUN));
        let (record, _) = Certification::body(BODY).unwrap();
        assert_eq!(record.head, SUN);
        assert_eq!(record.standings.len(), 1);
        assert_noop!(
            approve(BODY, approval("CNCA-R-2026-105"), WU),
            Error::<Test>::ApprovalNumberInvalid
        );
        let terms = ApprovalTerms { kind: BodyKind::ForeignFunded, ..approval("CNCA-R-2026-101") };
        assert_noop!(approve(BODY, terms, WU), Error::<Test>::ApprovalNumberInvalid);
    });
}

#[test]
fn a_withdrawn_approval_ends_and_a_new_one_may_follow() {
    run(|| {
        assert_ok!(set_standing(BODY, Standing::Suspended));
        assert!(!Certification::body(BODY).unwrap().1);
        assert_ok!(set_standing(BODY, Standing::InForce));
        assert!(Certification::body(BODY).unwrap().1);
        assert_ok!(set_standing(BODY, Standing::Withdrawn));
        assert!(has_event(Event::BodyStandingChanged {
            body: BODY,
            standing: Standing::Withdrawn,
            document: DOCUMENT,
        }));
        assert_noop!(set_standing(BODY, Standing::InForce), Error::<Test>::StandingUnchanged);
        pass_days(1);
        assert_ok!(approve(BODY, approval("CNCA-R-2026-103"), WU));
        let (record, in_force) = Certification::body(BODY).unwrap();
        assert!(in_force);
        assert_eq!(record.code, *b"103");
        // The old code still belongs to the body, and the old standings are on record.
        assert_eq!(BodyCodes::<Test>::get(b"101"), Some(BODY));
        assert_eq!(record.standings.len(), 5);
        assert!(!record.is_in_force(now() - 1));
    });
}

#[test]
fn set_body_standing_rejects() {
    run(|| {
        assert_noop!(
            Certification::set_body_standing(by(WU), BODY, Standing::Withdrawn, DOCUMENT),
            FORBIDDEN
        );
        assert_noop!(
            Certification::set_body_standing(by(agent(CNCA)), BODY, Standing::Suspended, [0; 32]),
            Error::<Test>::CommitmentMissing
        );
        assert_noop!(set_standing(OTHER_BODY, Standing::Suspended), Error::<Test>::BodyNotApproved);
        assert_noop!(set_standing(BODY, Standing::InForce), Error::<Test>::StandingUnchanged);
    });
}

#[test]
fn the_last_change_of_a_standing_is_kept_for_the_withdrawal() {
    run(|| {
        let mut standing = Standing::Suspended;
        for _ in 1..MAX_STANDINGS - 1 {
            assert_ok!(set_standing(BODY, standing));
            standing = match standing {
                Standing::Suspended => Standing::InForce,
                _ => Standing::Suspended,
            };
        }
        assert_noop!(set_standing(BODY, standing), Error::<Test>::TooManyChanges);
        assert_ok!(set_standing(BODY, Standing::Withdrawn));
        assert_noop!(approve(BODY, approval("CNCA-R-2026-103"), WU), Error::<Test>::TooManyChanges);
    });
}

#[test]
fn accredit_works_and_changes() {
    run_bare(|| {
        assert_ok!(accredit(LAB));
        assert!(has_event(Event::Accredited {
            organisation: LAB,
            number: text("CNAS C001-P"),
            accreditor: ACCREDITOR,
        }));
        let record = Certification::accreditation(LAB).unwrap();
        assert!(record.covers(now(), ORGANIC, TEA_CATEGORY));
        assert!(!record.covers(date("2030-01-01").start(), ORGANIC, TEA_CATEGORY));
        assert!(!record.covers(now() - 1, ORGANIC, TEA_CATEGORY));
        assert!(!record.covers(now(), 9, TEA_CATEGORY));
        let set = |standing| {
            Certification::set_accreditation_standing(
                by(agent(ACCREDITOR)),
                LAB,
                standing,
                DOCUMENT,
            )
        };
        assert_ok!(set(Standing::Suspended));
        let record = Certification::accreditation(LAB).unwrap();
        assert!(!record.covers(now(), ORGANIC, TEA_CATEGORY));
        assert_eq!(record.standing(), Standing::Suspended);
        // A change of its particulars leaves the standing alone.
        assert_ok!(accredit(LAB));
        assert_eq!(Certification::accreditation(LAB).unwrap().standing(), Standing::Suspended);
        assert_ok!(set(Standing::Withdrawn));
        assert_noop!(set(Standing::InForce), Error::<Test>::StandingUnchanged);
        assert_ok!(accredit(LAB));
        assert_eq!(Certification::accreditation(LAB).unwrap().standing(), Standing::InForce);
    });
}

#[test]
fn accredit_rejects() {
    run_bare(|| {
        let accreditor = || by(agent(ACCREDITOR));
        assert_noop!(
            Certification::accredit(by(agent(CNCA)), LAB, text("L1"), scope(), period()),
            FORBIDDEN
        );
        assert_noop!(
            Certification::accredit(accreditor(), LAB, text(""), scope(), period()),
            Error::<Test>::TextInvalid
        );
        assert_noop!(accredit(GARDEN), Error::<Test>::NotAccreditable);
        let over = Period { from: date("2025-01-01"), until: date("2025-12-31") };
        assert_noop!(
            Certification::accredit(accreditor(), LAB, text("L1"), scope(), over),
            Error::<Test>::PeriodInvalid
        );
        let document = DOCUMENT;
        assert_noop!(
            Certification::set_accreditation_standing(
                accreditor(),
                LAB,
                Standing::Suspended,
                document
            ),
            Error::<Test>::NotAccredited
        );
        assert_noop!(
            Certification::set_accreditation_standing(
                by(agent(LAB)),
                LAB,
                Standing::Suspended,
                document
            ),
            FORBIDDEN
        );
        assert_noop!(
            Certification::set_accreditation_standing(
                accreditor(),
                LAB,
                Standing::Suspended,
                [0; 32]
            ),
            Error::<Test>::CommitmentMissing
        );
    });
}

#[test]
fn a_certifier_practises_with_one_body() {
    run(|| {
        assert_ok!(approve(OTHER_BODY, approval("CNCA-R-2026-102"), agent(OTHER_BODY)));
        let other = agent(OTHER_BODY);
        let with_other = || Certification::register_certifier(by(other), PERSON_QIAN, other);
        assert_noop!(with_other(), Error::<Test>::CertifierWithABody);
        assert_noop!(register(agent(BODY), 31, SUN), Error::<Test>::CertifierWithABody);
        assert_ok!(Certification::release_certifier(by(agent(BODY)), PERSON_QIAN));
        assert!(has_event(Event::CertifierReleased { person: PERSON_QIAN, body: BODY }));
        assert_ok!(with_other());
        assert!(has_event(Event::CertifierRegistered {
            person: PERSON_QIAN,
            body: OTHER_BODY,
            agent: other,
        }));
        assert_eq!(
            Certification::certifier(PERSON_QIAN).unwrap().practice,
            Some((OTHER_BODY, other))
        );
        assert_eq!(Certification::tally(BODY).n_certifiers, 1);
        assert_eq!(Certification::tally(OTHER_BODY).n_certifiers, 1);
    });
}

#[test]
fn register_certifier_rejects() {
    run(|| {
        assert_noop!(register(agent(GARDEN), 9, agent(GARDEN)), FORBIDDEN);
        assert_noop!(register(agent(BODY), 0, SUN), Error::<Test>::CommitmentMissing);
        assert_noop!(
            register(agent(OTHER_BODY), 9, agent(OTHER_BODY)),
            Error::<Test>::BodyNotApproved
        );
        assert_noop!(register(agent(BODY), 9, agent(GARDEN)), Error::<Test>::NotOfTheBody);
        assert_noop!(register(agent(BODY), 9, QIAN), Error::<Test>::AgentIsACertifier);
    });
}

#[test]
fn release_certifier_rejects() {
    run(|| {
        let release = |account, person| Certification::release_certifier(by(account), person);
        assert_noop!(release(agent(GARDEN), PERSON_QIAN), FORBIDDEN);
        assert_noop!(release(agent(BODY), [9; 32]), Error::<Test>::NotCertifier);
        assert_noop!(release(agent(OTHER_BODY), PERSON_QIAN), Error::<Test>::NotCertifier);
        assert_ok!(release(agent(BODY), PERSON_QIAN));
        assert_noop!(release(agent(BODY), PERSON_QIAN), Error::<Test>::NotCertifier);
    });
}

#[test]
fn a_barred_person_does_not_practise_until_a_date() {
    run(|| {
        let bar = |until: &str| {
            Certification::bar_person(by(agent(CNCA)), PERSON_QIAN, date(until), DOCUMENT)
        };
        assert_ok!(bar("2031-04-01"));
        assert!(has_event(Event::PersonBarred {
            person: PERSON_QIAN,
            until: date("2031-04-01"),
            document: DOCUMENT,
        }));
        assert!(!Certification::is_certifier(&QIAN, BODY));
        assert_noop!(register(agent(BODY), 31, QIAN), Error::<Test>::PersonBarred);
        assert_noop!(bar("2031-04-01"), Error::<Test>::PeriodInvalid);
        assert_noop!(bar("2030-04-01"), Error::<Test>::PeriodInvalid);
        assert_ok!(bar("2032-04-01"));
        set_now(date("2032-04-01").start() - 1);
        assert_noop!(register(agent(BODY), 31, QIAN), Error::<Test>::PersonBarred);
        set_now(date("2032-04-01").start());
        assert_ok!(register(agent(BODY), 31, QIAN));
        // The bar stays on record.
        let until = Certification::certifier(PERSON_QIAN).unwrap().barred_until;
        assert_eq!(until, Some(date("2032-04-01")));
    });
}

#[test]
fn bar_person_rejects_and_takes_persons_unheard_of() {
    run(|| {
        let until = date("2031-04-01");
        assert_noop!(Certification::bar_person(by(WU), [9; 32], until, DOCUMENT), FORBIDDEN);
        let bar = |person, until, document| {
            Certification::bar_person(by(agent(CNCA)), person, until, document)
        };
        assert_noop!(bar([0; 32], until, DOCUMENT), Error::<Test>::CommitmentMissing);
        assert_noop!(bar([9; 32], until, [0; 32]), Error::<Test>::CommitmentMissing);
        assert_noop!(bar([9; 32], date("2026-04-01"), DOCUMENT), Error::<Test>::PeriodInvalid);
        assert_ok!(bar([9; 32], date("2026-04-02"), DOCUMENT));
        assert_noop!(register(agent(BODY), 9, SUN), Error::<Test>::PersonBarred);
    });
}
