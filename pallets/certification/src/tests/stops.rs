//! Suspending, restoring and revoking.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use pallet_traceability::{CertificateStatus, Certificates as _};
use sp_runtime::DispatchResult;

fn suspend(account: u64, finding: FindingId, months: u16) -> DispatchResult {
    Certification::suspend(by(account), finding, months)
}

fn restore(account: u64) -> DispatchResult {
    Certification::restore(by(account), 0, DOCUMENT)
}

fn last_duty() -> DutyRow {
    Certification::duty(NextDutyId::<Test>::get() - 1).unwrap()
}

#[test]
fn suspend_works() {
    run(|| {
        let id = certified();
        let finding = found(id, Consequence::Suspend);
        let duty = Certification::finding(finding).unwrap().duty.unwrap();
        pass_days(3);
        assert_ok!(suspend(agent(BODY), finding, 2));
        let CertificateState::Suspended(suspension) = record(id).state else { panic!() };
        assert_eq!(
            suspension,
            Suspension {
                finding,
                since: now(),
                earliest_end: date("2026-05-04").start(),
                latest_end: date("2026-06-04").start(),
                by_authority: false,
            }
        );
        assert_eq!(Certification::status_at(id, now()), Some(CertificateStatus::Suspended));
        assert_eq!(
            Certification::finding(finding).unwrap().closed,
            Some((Closure::Suspended, agent(BODY)))
        );
        let done = Certification::duty(duty).unwrap();
        assert_eq!((done.duty.done_at, done.late), (Some(now()), false));
        assert_eq!(last_duty().duty.kind, DutyKind::Publish(id));
        assert_eq!(Certification::tally(BODY).n_suspended, 1);
        assert!(has_event(Event::CertificateSuspended {
            certificate: id,
            finding,
            latest_end: suspension.latest_end,
            by_authority: false,
        }));
    });
}

#[test]
fn suspend_keeps_the_bounds_of_the_scheme() {
    run(|| {
        let finding = found(certified(), Consequence::Suspend);
        for months in [0, 4, u16::MAX] {
            assert_noop!(
                suspend(agent(BODY), finding, months),
                Error::<Test>::SuspensionTermInvalid
            );
        }
        assert_ok!(suspend(agent(BODY), finding, 3));
    });
}

#[test]
fn suspend_rejects() {
    run(|| {
        let id = certified();
        let finding = found(id, Consequence::Suspend);
        assert_noop!(suspend(agent(GARDEN), finding, 1), FORBIDDEN);
        assert_noop!(suspend(agent(OTHER_BODY), finding, 1), FORBIDDEN);
        assert_noop!(suspend(agent(SAMR_ELSEWHERE), finding, 1), FORBIDDEN);
        assert_noop!(suspend(agent(BODY), 9, 1), Error::<Test>::FindingNotFound);
        let grave = found(id, Consequence::Revoke);
        assert_noop!(suspend(agent(BODY), grave, 1), Error::<Test>::FindingDemandsRevocation);
        assert_ok!(suspend(agent(BODY), finding, 1));
        let again = found(id, Consequence::Suspend);
        assert_noop!(suspend(agent(BODY), again, 1), Error::<Test>::SuspendedAlready);
        set_now(date("2027-04-01").start());
        assert_noop!(suspend(agent(BODY), again, 1), Error::<Test>::CertificateEnded);
    });
}

#[test]
fn a_late_suspension_shows() {
    run(|| {
        let id = certified();
        let finding = found(id, Consequence::Suspend);
        let duty = Certification::finding(finding).unwrap().duty.unwrap();
        // Fifteen days from Wednesday 1 April end on Thursday the 16th.
        set_now(date("2026-04-17").start() - 1);
        assert!(!Certification::duty(duty).unwrap().late);
        set_now(date("2026-04-17").start());
        assert!(Certification::duty(duty).unwrap().late);
        assert_ok!(suspend(agent(BODY), finding, 1));
        assert!(Certification::duty(duty).unwrap().late);
        assert!(has_event(Event::DutyDone { id: duty, body: BODY, late: true }));
    });
}

#[test]
fn restore_works_between_its_bounds() {
    run(|| {
        let id = certified();
        suspended(id, 2);
        set_now(date("2026-05-01").start() - 1);
        assert_noop!(restore(agent(BODY)), Error::<Test>::SuspensionTooShort);
        set_now(date("2026-06-01").start());
        assert_noop!(restore(agent(BODY)), Error::<Test>::SuspensionLapsed);
        set_now(date("2026-06-01").start() - 1);
        assert_ok!(restore(agent(BODY)));
        assert_eq!(record(id).state, CertificateState::InForce);
        assert_eq!(Certification::status_at(id, now()), Some(CertificateStatus::Valid));
        assert_eq!(Certification::tally(BODY).n_suspended, 0);
        assert_eq!(last_duty().duty.kind, DutyKind::Publish(id));
        assert!(has_event(Event::CertificateRestored { certificate: id, document: DOCUMENT }));
    });
}

#[test]
fn restore_rejects() {
    run(|| {
        let id = certified();
        assert_noop!(restore(agent(BODY)), Error::<Test>::NotSuspended);
        suspended(id, 2);
        go_to("2026-05-10");
        assert_noop!(restore(agent(GARDEN)), FORBIDDEN);
        assert_noop!(
            Certification::restore(by(agent(BODY)), id, [0; 32]),
            Error::<Test>::CommitmentMissing
        );
        assert_noop!(
            Certification::restore(by(agent(BODY)), 9, DOCUMENT),
            Error::<Test>::CertificateNotFound
        );
    });
}

#[test]
fn what_an_authority_suspends_only_an_authority_restores() {
    run(|| {
        let id = certified();
        let finding = found(id, Consequence::Suspend);
        assert_ok!(suspend(agent(SAMR), finding, 1));
        go_to("2026-04-30");
        let CertificateState::Suspended(suspension) = record(id).state else { panic!() };
        assert!(suspension.by_authority);
        // Shortest and longest are one month here: the last moment is one before the first.
        Certificates::<Test>::mutate(id, |record| {
            let state = &mut record.as_mut().unwrap().state;
            let earliest_end = now();
            *state = CertificateState::Suspended(Suspension { earliest_end, ..suspension });
        });
        assert_noop!(restore(agent(BODY)), Error::<Test>::AuthorityOnly);
        assert_ok!(restore(agent(CNCA)));
    });
}

#[test]
fn revoke_works_and_locks_the_client() {
    run(|| {
        let id = certified();
        let finding = found(id, Consequence::Revoke);
        pass_days(2);
        assert_ok!(Certification::revoke(by(agent(BODY)), finding));
        assert_eq!(record(id).state, CertificateState::Revoked(finding));
        assert_eq!(
            Certification::finding(finding).unwrap().closed,
            Some((Closure::Revoked, agent(BODY)))
        );
        assert_eq!(last_duty().duty.kind, DutyKind::Publish(id));
        let tally = Certification::tally(BODY);
        assert_eq!((tally.n_issued, tally.n_revoked), (1, 1));
        let locked_until = date("2027-04-03");
        assert_eq!(Certification::client_lock(GARDEN, ORGANIC), Some(locked_until));
        assert!(has_event(Event::CertificateRevoked { certificate: id, finding, locked_until }));

        let apply = |request| Certification::apply(by(agent(GARDEN)), request);
        assert_noop!(apply(request()), Error::<Test>::ClientLocked);
        // Another scheme is not locked.
        assert_ok!(apply(ApplicationRequest { scheme: GREEN_FOOD, ..request() }));
        set_now(locked_until.start() - 1);
        assert_noop!(apply(request()), Error::<Test>::ClientLocked);
        set_now(locked_until.start());
        assert_ok!(apply(request()));
    });
}

#[test]
fn revoke_rejects_and_is_for_ever() {
    run(|| {
        let id = certified();
        let mild = found(id, Consequence::Suspend);
        let grave = found(id, Consequence::Revoke);
        let second = found(id, Consequence::Revoke);
        let revoke = |account, finding| Certification::revoke(by(account), finding);
        assert_noop!(revoke(agent(GARDEN), grave), FORBIDDEN);
        assert_noop!(revoke(agent(BODY), mild), Error::<Test>::FindingDemandsSuspension);
        assert_noop!(revoke(agent(BODY), 9), Error::<Test>::FindingNotFound);
        assert_ok!(revoke(agent(CNCA), grave));
        assert_noop!(revoke(agent(BODY), grave), Error::<Test>::FindingClosed);
        assert_noop!(revoke(agent(BODY), second), Error::<Test>::CertificateEnded);
        assert_noop!(suspend(agent(BODY), mild, 1), Error::<Test>::CertificateEnded);
        assert_noop!(restore(agent(BODY)), Error::<Test>::CertificateEnded);
    });
}

#[test]
fn a_lapsed_suspension_ends_in_revocation() {
    run(|| {
        let id = certified();
        suspended(id, 1);
        go_to("2026-06-01");
        assert_ok!(Certification::record_finding(
            by(SUN),
            id,
            FinderKind::Body,
            Ground::NotCured,
            Consequence::Revoke,
            DOCUMENT
        ));
        assert_ok!(Certification::revoke(by(agent(BODY)), 1));
        let tally = Certification::tally(BODY);
        assert_eq!((tally.n_suspended, tally.n_revoked), (0, 1));
    });
}

#[test]
fn stops_do_not_wait_for_the_calendar() {
    run(|| {
        let id = certified();
        set_calendar_known(false);
        let finding = found(id, Consequence::Revoke);
        let duty = Certification::finding(finding).unwrap().duty.unwrap();
        let row = Certification::duty(duty).unwrap();
        assert_eq!((row.duty.due, row.due, row.late), (None, None, false));
        assert_ok!(Certification::revoke(by(agent(BODY)), finding));
        // Once the calendar is known, what was late shows as such.
        pass_days(30);
        set_calendar_known(true);
        let row = last_duty();
        assert_eq!(row.duty.due, None);
        assert!(row.due.is_some() && row.late);
    });
}

#[test]
fn the_last_change_is_kept_for_the_end() {
    run(|| {
        let scheme = Scheme { validity_months: 120, ..Certification::scheme(ORGANIC).unwrap() };
        Schemes::<Test>::insert(ORGANIC, scheme);
        let id = certified();
        for _ in 0..11 {
            suspended(id, 3);
            pass_days(40);
            assert_ok!(restore(agent(BODY)));
        }
        assert_eq!(record(id).changes.len(), MAX_CHANGES as usize - 1);
        let finding = found(id, Consequence::Suspend);
        assert_noop!(suspend(agent(BODY), finding, 1), Error::<Test>::TooManyChanges);
        revoked(id);
        assert_eq!(record(id).changes.len(), MAX_CHANGES as usize);
        assert_ok!(Certification::dismiss_finding(by(agent(BODY)), finding, DOCUMENT));
    });
}

#[test]
fn what_is_suspended_at_the_last_change_is_not_restored() {
    run(|| {
        let id = certified();
        suspended(id, 3);
        Certificates::<Test>::mutate(id, |record| {
            let changes = &mut record.as_mut().unwrap().changes;
            let last = *changes.last().unwrap();
            while changes.len() < MAX_CHANGES as usize - 1 {
                changes.force_push(last);
            }
        });
        go_to("2026-05-10");
        assert_noop!(restore(agent(BODY)), Error::<Test>::TooManyChanges);
        revoked(id);
    });
}
