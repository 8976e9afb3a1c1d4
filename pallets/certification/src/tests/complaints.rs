//! Complaints and appeals.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_calendar::Term;
use sp_runtime::DispatchResult;

fn lodge(account: u64, kind: ComplaintKind) -> DispatchResult {
    Certification::lodge(by(account), kind, DOCUMENT)
}

fn decide(account: u64, id: ComplaintId, upheld: bool) -> DispatchResult {
    Certification::decide_complaint(by(account), id, upheld, DOCUMENT)
}

#[test]
fn anybody_but_the_body_complains() {
    run(|| {
        let id = certified();
        let kind = ComplaintKind::Complaint(id);
        assert_noop!(lodge(STRANGER, kind), FORBIDDEN);
        assert_noop!(lodge(agent(BODY), kind), Error::<Test>::NotIndependent);
        assert_noop!(
            lodge(agent(SHOP), ComplaintKind::Complaint(9)),
            Error::<Test>::CertificateNotFound
        );
        assert_noop!(
            Certification::lodge(by(agent(SHOP)), kind, [0; 32]),
            Error::<Test>::CommitmentMissing
        );
        assert_ok!(lodge(agent(SHOP), kind));
        let complaint = Certification::complaint(0).unwrap();
        assert_eq!((complaint.body, complaint.lodged_by), (BODY, SHOP));
        let row = Certification::duty(complaint.duty).unwrap();
        assert_eq!(row.duty.kind, DutyKind::DecideComplaint(0));
        assert_eq!(row.duty.term, Term::working(30));
        assert!(has_event(Event::ComplaintLodged {
            complaint: 0,
            kind,
            lodged_by: SHOP,
            document: DOCUMENT,
        }));
    });
}

#[test]
fn decide_complaint_works_and_rejects() {
    run(|| {
        let id = certified();
        assert_ok!(lodge(agent(SHOP), ComplaintKind::Complaint(id)));
        for involved in [QIAN, ZHAO, WU] {
            assert_noop!(decide(involved, 0, true), Error::<Test>::DeciderInvolved);
        }
        assert_noop!(decide(agent(GARDEN), 0, true), FORBIDDEN);
        assert_noop!(decide(agent(OTHER_BODY), 0, true), Error::<Test>::NotTheBody);
        assert_noop!(decide(SUN, 9, true), Error::<Test>::ComplaintNotFound);
        assert_noop!(
            Certification::decide_complaint(by(SUN), 0, true, [0; 32]),
            Error::<Test>::CommitmentMissing
        );
        assert_ok!(decide(SUN, 0, true));
        let complaint = Certification::complaint(0).unwrap();
        let decision = complaint.decision.unwrap();
        assert_eq!((decision.upheld, decision.decided_by, decision.at), (true, SUN, now()));
        assert_eq!(Certification::duty(complaint.duty).unwrap().duty.done_at, Some(now()));
        assert!(has_event(Event::ComplaintDecided {
            complaint: 0,
            upheld: true,
            document: DOCUMENT,
        }));
        assert_noop!(decide(SUN, 0, false), Error::<Test>::ComplaintDecided);
    });
}

#[test]
fn clients_appeal_against_refusals_and_rejections() {
    run(|| {
        let id = applied(GARDEN, request());
        let kind = ComplaintKind::ApplicationAppeal(id);
        assert_noop!(lodge(agent(GARDEN), kind), Error::<Test>::NothingToAppeal);
        assert_ok!(Certification::refuse_application(by(agent(BODY)), id, DOCUMENT));
        assert_noop!(lodge(agent(FACTORY), kind), Error::<Test>::NotTheClient);
        assert_noop!(
            lodge(agent(GARDEN), ComplaintKind::ApplicationAppeal(9)),
            Error::<Test>::ApplicationNotFound
        );
        assert_ok!(lodge(agent(GARDEN), kind));
        assert_ok!(decide(SUN, 0, true));

        let id = evaluated(GARDEN, request());
        let no = Outcome::Reject { reason: DOCUMENT };
        assert_ok!(Certification::propose_decision(by(ZHAO), id, no));
        assert_ok!(Certification::sign_decision(by(WU), id));
        assert_ok!(lodge(agent(GARDEN), ComplaintKind::ApplicationAppeal(id)));
        take_over(QIAN, 35);
        for involved in [QIAN, 35, ZHAO, WU] {
            assert_noop!(decide(involved, 1, false), Error::<Test>::DeciderInvolved);
        }
        assert_ok!(decide(SUN, 1, false));
    });
}

#[test]
fn an_upheld_appeal_against_a_suspension_lets_the_body_restore_at_once() {
    run(|| {
        let id = certified();
        let kind = ComplaintKind::CertificateAppeal(id);
        assert_noop!(lodge(agent(GARDEN), kind), Error::<Test>::NothingToAppeal);
        suspended(id, 3);
        assert_noop!(lodge(agent(FACTORY), kind), Error::<Test>::NotHolder);
        assert_ok!(lodge(agent(GARDEN), kind));
        assert_ok!(lodge(agent(GARDEN), kind));
        // Who suspended does not decide.
        assert_noop!(decide(agent(BODY), 0, true), Error::<Test>::DeciderInvolved);
        let restore = || Certification::restore(by(agent(BODY)), id, DOCUMENT);
        assert_ok!(decide(SUN, 0, false));
        assert_noop!(restore(), Error::<Test>::SuspensionTooShort);
        pass_days(1);
        assert_ok!(decide(SUN, 1, true));
        assert_ok!(restore());
    });
}

#[test]
fn an_upheld_appeal_against_a_revocation_unlocks_the_client() {
    run(|| {
        let id = certified();
        revoked(id);
        assert_ok!(lodge(agent(GARDEN), ComplaintKind::CertificateAppeal(id)));
        assert_noop!(decide(agent(BODY), 0, true), Error::<Test>::DeciderInvolved);
        assert_ok!(decide(SUN, 0, true));
        assert_eq!(Certification::client_lock(GARDEN, ORGANIC), None);
        // The certificate stays revoked.
        assert!(matches!(record(id).state, CertificateState::Revoked(_)));
        assert_ok!(Certification::apply(by(agent(GARDEN)), request()));
    });
}

#[test]
fn an_appeal_that_has_lost_its_object_changes_nothing() {
    run(|| {
        let id = certified();
        suspended(id, 3);
        assert_ok!(lodge(agent(GARDEN), ComplaintKind::CertificateAppeal(id)));
        go_to("2026-05-10");
        assert_ok!(Certification::restore(by(agent(BODY)), id, DOCUMENT));
        assert_ok!(decide(SUN, 0, true));
        assert_eq!(record(id).state, CertificateState::InForce);
    });
}
