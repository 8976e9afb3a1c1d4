//! Findings, by whom and with what they demand.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_calendar::{Calendar, Term};
use sp_runtime::DispatchResult;

fn record_as(
    account: u64,
    finder: FinderKind,
    ground: Ground,
    consequence: Consequence,
) -> DispatchResult {
    Certification::record_finding(by(account), 0, finder, ground, consequence, DOCUMENT)
}

#[test]
fn a_finding_sets_the_term_running() {
    run(|| {
        let id = certified();
        let finding = found(id, Consequence::Suspend);
        let record = Certification::finding(finding).unwrap();
        assert_eq!((record.found_by, record.finder), (BODY, FinderKind::Body));
        assert_eq!(record.closed, None);
        assert_eq!(record.rule_set, Certification::rule_set().version);
        let row = Certification::duty(record.duty.unwrap()).unwrap();
        assert_eq!(row.duty.kind, DutyKind::Suspend(finding));
        assert_eq!(row.due, <() as Calendar>::due(now(), Term::calendar(15)).ok());
        let finding = found(id, Consequence::Revoke);
        let record = Certification::finding(finding).unwrap();
        let row = Certification::duty(record.duty.unwrap()).unwrap();
        assert_eq!(row.duty.kind, DutyKind::Revoke(finding));
        assert_eq!(row.duty.term, Term::calendar(7));
        assert!(has_event(Event::FindingRecorded {
            finding,
            certificate: id,
            found_by: BODY,
            ground: Ground::ForbiddenSubstance,
            consequence: Consequence::Revoke,
            evidence: DOCUMENT,
        }));
    });
}

#[test]
fn surveillance_in_order_closes_at_once() {
    run(|| {
        let id = certified();
        let finding = Certification::finding(found(id, Consequence::None)).unwrap();
        assert_eq!(finding.duty, None);
        assert_eq!(finding.closed, Some((Closure::NothingToDo, SUN)));
    });
}

#[test]
fn bodies_inspectors_laboratories_and_authorities_find() {
    run(|| {
        certified();
        for (account, finder, organisation) in [
            (agent(BODY), FinderKind::Body, BODY),
            (agent(INSPECTION), FinderKind::InspectionBody, INSPECTION),
            (agent(OTHER_LAB), FinderKind::Lab, OTHER_LAB),
            (agent(CNCA), FinderKind::Authority, CNCA),
            (agent(SAMR), FinderKind::Authority, SAMR),
        ] {
            assert_ok!(record_as(account, finder, Ground::MarkMisused, Consequence::Suspend));
            let last = NextFindingId::<Test>::get() - 1;
            assert_eq!(Certification::finding(last).unwrap().found_by, organisation);
        }
    });
}

#[test]
fn record_finding_rejects_finders() {
    run(|| {
        certified();
        let refused = |account, finder, error: sp_runtime::DispatchError| {
            let (ground, consequence) = (Ground::NonConformity, Consequence::Suspend);
            assert_noop!(record_as(account, finder, ground, consequence), error);
        };
        refused(agent(GARDEN), FinderKind::Body, FORBIDDEN);
        refused(agent(OTHER_BODY), FinderKind::Body, Error::<Test>::NotTheBody.into());
        refused(agent(LAB), FinderKind::InspectionBody, FORBIDDEN);
        refused(agent(INSPECTION), FinderKind::Lab, FORBIDDEN);
        refused(agent(BODY), FinderKind::Authority, FORBIDDEN);
        refused(agent(SAMR_ELSEWHERE), FinderKind::Authority, FORBIDDEN);
        // A holder that is also a laboratory does not judge itself.
        let held_by =
            |id| Certificates::<Test>::mutate(0, |record| record.as_mut().unwrap().holder = id);
        held_by(LAB);
        refused(agent(LAB), FinderKind::Lab, Error::<Test>::NotIndependent.into());
        held_by(GARDEN);
    });
}

#[test]
fn a_ground_demands_what_it_allows() {
    run(|| {
        certified();
        let allowed = |ground: Ground| {
            [Consequence::None, Consequence::Suspend, Consequence::Revoke]
                .map(|consequence| ground.allows(consequence))
        };
        for ground in [Ground::MarkMisused, Ground::NonConformity, Ground::SurveillanceRefused] {
            assert_eq!(allowed(ground), [true, true, true]);
        }
        for ground in [
            Ground::MandatoryRulesFailed,
            Ground::ForbiddenSubstance,
            Ground::FalseStatement,
            Ground::NotCured,
        ] {
            assert_eq!(allowed(ground), [false, false, true]);
        }
        assert_eq!(allowed(Ground::InOrder), [true, false, false]);
        assert_noop!(
            record_as(SUN, FinderKind::Body, Ground::ForbiddenSubstance, Consequence::Suspend),
            Error::<Test>::ConsequenceInvalid
        );
    });
}

#[test]
fn nothing_is_found_without_evidence_or_after_the_end() {
    run(|| {
        let id = certified();
        let find = |evidence| {
            let (ground, consequence) = (Ground::NonConformity, Consequence::Suspend);
            let finder = FinderKind::Body;
            Certification::record_finding(by(SUN), id, finder, ground, consequence, evidence)
        };
        assert_noop!(find([0; 32]), Error::<Test>::CommitmentMissing);
        assert_noop!(
            Certification::record_finding(
                by(SUN),
                9,
                FinderKind::Body,
                Ground::InOrder,
                Consequence::None,
                DOCUMENT
            ),
            Error::<Test>::CertificateNotFound
        );
        set_now(date("2027-04-01").start());
        assert_noop!(find(DOCUMENT), Error::<Test>::CertificateEnded);
    });
}

#[test]
fn dismiss_finding_works_and_rejects() {
    run(|| {
        let id = certified();
        let finding = found(id, Consequence::Suspend);
        let dismiss = |account, finding, document| {
            Certification::dismiss_finding(by(account), finding, document)
        };
        assert_noop!(dismiss(agent(GARDEN), finding, DOCUMENT), FORBIDDEN);
        assert_noop!(dismiss(agent(BODY), finding, [0; 32]), Error::<Test>::CommitmentMissing);
        assert_noop!(dismiss(agent(BODY), 9, DOCUMENT), Error::<Test>::FindingNotFound);
        let duty = Certification::finding(finding).unwrap().duty.unwrap();
        assert_ok!(dismiss(agent(BODY), finding, DOCUMENT));
        assert_eq!(
            Certification::finding(finding).unwrap().closed,
            Some((Closure::Dismissed, agent(BODY)))
        );
        assert_eq!(Certification::duty(duty).unwrap().duty.done_at, Some(now()));
        assert!(has_event(Event::FindingDismissed { finding, document: DOCUMENT }));
        assert_noop!(dismiss(agent(BODY), finding, DOCUMENT), Error::<Test>::FindingClosed);
        assert_noop!(
            Certification::suspend(by(agent(BODY)), finding, 1),
            Error::<Test>::FindingClosed
        );
    });
}

#[test]
fn what_an_authority_found_only_an_authority_dismisses() {
    run(|| {
        let id = certified();
        let (ground, consequence) = (Ground::MarkMisused, Consequence::Suspend);
        for _ in 0..2 {
            assert_ok!(record_as(agent(SAMR), FinderKind::Authority, ground, consequence));
        }
        let dismiss =
            |account, finding| Certification::dismiss_finding(by(account), finding, DOCUMENT);
        assert_noop!(dismiss(agent(BODY), 0), Error::<Test>::AuthorityOnly);
        assert_ok!(dismiss(agent(CNCA), 0));
        // Until the certificate has ended, when nothing else can close it.
        revoked(id);
        assert_ok!(dismiss(agent(BODY), 1));
    });
}
