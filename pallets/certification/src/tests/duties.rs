//! Legal deadlines: what is open, what is late, and publishing.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};

fn ids(rows: &[DutyRow]) -> Vec<DutyId> {
    let mut ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn publish_works_and_rejects() {
    run(|| {
        let id = certified();
        suspended(id, 1);
        let duty = NextDutyId::<Test>::get() - 1;
        let publish = |account, duty, document| Certification::publish(by(account), duty, document);
        assert_noop!(publish(agent(GARDEN), duty, DOCUMENT), FORBIDDEN);
        assert_noop!(publish(agent(OTHER_BODY), duty, DOCUMENT), Error::<Test>::NotTheBody);
        assert_noop!(publish(agent(BODY), duty, [0; 32]), Error::<Test>::CommitmentMissing);
        assert_noop!(publish(agent(BODY), 99, DOCUMENT), Error::<Test>::DutyNotFound);
        let to_accept = Certification::application(0).unwrap();
        assert_eq!(to_accept.duty, None);
        assert_noop!(publish(agent(BODY), 0, DOCUMENT), Error::<Test>::NotADutyToPublish);
        assert_ok!(publish(agent(BODY), duty, DOCUMENT));
        let row = Certification::duty(duty).unwrap();
        assert_eq!((row.duty.done_at, row.duty.document), (Some(now()), Some(DOCUMENT)));
        assert_noop!(publish(agent(BODY), duty, DOCUMENT), Error::<Test>::DutyDoneAlready);
    });
}

#[test]
fn open_and_late_duties_are_listed_by_body() {
    run(|| {
        let open = |only_late| ids(&Certification::open_duties(BODY, only_late, None, 100).0);
        applied(GARDEN, request());
        applied(GARDEN, request());
        assert_eq!(open(false), vec![0, 1]);
        assert!(open(true).is_empty());
        // Ten working days from Wednesday 1 April end on Wednesday the 15th.
        set_now(date("2026-04-16").start() - 1);
        assert!(open(true).is_empty());
        set_now(date("2026-04-16").start());
        assert_eq!(open(true), vec![0, 1]);
        assert_ok!(Certification::accept_application(by(agent(BODY)), 0));
        assert_eq!(open(true), vec![1]);
        // Done, and late for ever.
        let row = Certification::duty(0).unwrap();
        assert!(row.late);
        assert_eq!(Certification::open_duties(OTHER_BODY, false, None, 100), (vec![], None));
        assert_eq!(Certification::duty(9), None);
    });
}

#[test]
fn pages_of_duties_join() {
    run(|| {
        for _ in 0..7 {
            applied(GARDEN, request());
        }
        let mut found = Vec::new();
        let mut start = None;
        loop {
            let (rows, next) = Certification::open_duties(BODY, false, start, 3);
            found.extend(rows);
            if next.is_none() {
                break;
            }
            start = next;
        }
        assert_eq!(ids(&found), (0..7).collect::<Vec<DutyId>>());
        assert_eq!(Certification::open_duties(BODY, false, None, 0), (vec![], None));
    });
}
