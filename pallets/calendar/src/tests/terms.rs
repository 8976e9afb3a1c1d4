//! When terms end, by the notices of 2026 and by a naive count.

use crate::{mock::*, *};
use frame_support::assert_ok;
use frame_system::RawOrigin;
use proptest::prelude::*;
use sp_runtime::DispatchError;

/// The date on which a term is due that starts at noon of a date.
fn due_on(start: &str, term: Term) -> CivilDate {
    let due = CalendarTables::due(at(start) + DAY_MS / 2, term).unwrap();
    assert_eq!(<CalendarTables as Calendar>::due(at(start), term), Ok(due));
    assert_eq!(CivilDate::from_moment(due).start(), due, "an exclusive end is a midnight");
    CivilDate::from_moment(due - 1)
}

fn set(year: u16, off: &[&str], worked: &[&str]) {
    assert_ok!(CalendarTables::set_year(RawOrigin::Root.into(), year, dates(off), dates(worked)));
}

#[test]
fn days_of_2026_are_worked_as_the_notice_says() {
    run(|| {
        let working = |text: &str| CalendarTables::is_working_day(date(text));
        let days_from = |first: &str, count: u32| {
            (0..count)
                .map(|n| CalendarTables::is_working_day(date(first).checked_add(n).unwrap()))
                .collect::<Vec<_>>()
        };
        // First day and number of days of each holiday.
        for (first, count) in [
            ("2026-01-01", 3),
            ("2026-02-15", 9),
            ("2026-04-04", 3),
            ("2026-05-01", 5),
            ("2026-06-19", 3),
            ("2026-09-25", 3),
            ("2026-10-01", 7),
        ] {
            let (days, n_days) = (days_from(first, count), count as usize);
            assert_eq!(days, vec![Some(false); n_days], "{first}");
        }
        for worked in
            ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
        {
            assert_eq!(working(worked), Some(true), "{worked}");
        }
        for (text, expected) in [
            ("2026-01-05", true),
            ("2026-02-13", true),
            ("2026-02-24", true),
            ("2026-03-01", false),
            ("2026-04-07", true),
            ("2026-09-30", true),
            ("2026-10-08", true),
            ("2026-10-11", false),
            ("2026-12-31", true),
        ] {
            assert_eq!(working(text), Some(expected), "{text}");
        }
        assert_eq!(working("2025-12-31"), None);
        assert_eq!(working("2027-01-01"), None);
        assert_eq!(CalendarTables::is_working_day(CivilDate(u32::MAX)), None);
        let days = days_from("2026-01-01", 365);
        assert_eq!(days.iter().filter(|day| **day == Some(true)).count(), 248);
    });
}

#[test]
fn working_terms_skip_holidays_and_count_worked_weekends() {
    run(|| {
        for (start, days, due) in [
            // Over Spring Festival: Friday, worked Saturday, then nine days off.
            ("2026-02-12", 3, "2026-02-24"),
            ("2026-02-13", 1, "2026-02-14"),
            ("2026-02-14", 1, "2026-02-24"),
            // An event in the holiday, and on its last day.
            ("2026-02-17", 1, "2026-02-24"),
            ("2026-02-23", 5, "2026-02-28"),
            ("2026-02-27", 2, "2026-03-02"),
            // Over National Day, with worked days before and after.
            ("2026-09-18", 1, "2026-09-20"),
            ("2026-09-30", 1, "2026-10-08"),
            ("2026-09-30", 3, "2026-10-10"),
            ("2026-09-30", 4, "2026-10-12"),
            // Several weeks without a holiday: 20 working days are four weeks.
            ("2026-07-01", 20, "2026-07-29"),
            ("2026-07-01", 45, "2026-09-02"),
            // The first working day of the year.
            ("2026-01-01", 1, "2026-01-04"),
        ] {
            assert_eq!(due_on(start, Term::working(days)), date(due), "{start} {days}");
        }
    });
}

#[test]
fn calendar_terms_roll_from_days_that_are_not_worked() {
    run(|| {
        for (start, days, due) in [
            ("2026-07-01", 1, "2026-07-02"),
            ("2026-07-01", 15, "2026-07-16"),
            // A last day on a Saturday and on a Sunday.
            ("2026-07-01", 3, "2026-07-06"),
            ("2026-07-01", 4, "2026-07-06"),
            // On a worked Saturday it stays.
            ("2026-02-07", 7, "2026-02-14"),
            // In the first, a middle and the last day of Spring Festival.
            ("2026-02-08", 7, "2026-02-24"),
            ("2026-02-12", 5, "2026-02-24"),
            ("2026-02-16", 7, "2026-02-24"),
            ("2026-02-17", 7, "2026-02-24"),
            ("2026-09-24", 7, "2026-10-08"),
            ("2026-03-31", 90, "2026-06-29"),
        ] {
            assert_eq!(due_on(start, Term::calendar(days)), date(due), "{start} {days}");
        }
    });
}

#[test]
fn the_day_of_the_event_is_the_day_in_china() {
    run(|| {
        let term = Term::calendar(1);
        let wednesday = at("2026-07-01");
        assert_eq!(CalendarTables::due(wednesday - 1, term), Ok(date("2026-07-01").end()));
        assert_eq!(CalendarTables::due(wednesday, term), Ok(date("2026-07-02").end()));
        let last = date("2026-07-01").end() - 1;
        assert_eq!(CalendarTables::due(last, term), Ok(date("2026-07-02").end()));
    });
}

#[test]
fn terms_cross_year_ends_and_leap_days() {
    run(|| {
        set(2027, &["2027-01-01"], &[]);
        assert_eq!(due_on("2026-12-31", Term::working(1)), date("2027-01-04"));
        assert_eq!(due_on("2026-12-30", Term::calendar(2)), date("2027-01-04"));
        assert_eq!(due_on("2026-12-31", Term::calendar(365)), date("2027-12-31"));
        set_now(at("2027-12-01"));
        set(2028, &["2028-01-03"], &[]);
        assert_eq!(due_on("2028-02-28", Term::calendar(1)), date("2028-02-29"));
        assert_eq!(due_on("2028-02-28", Term::working(2)), date("2028-03-01"));
        assert_eq!(due_on("2028-01-02", Term::calendar(1)), date("2028-01-04"));
    });
}

#[test]
fn a_year_without_a_table_is_refused() {
    run(|| {
        let missing = Err(DispatchError::from(Error::<Test>::CalendarMissing));
        let start = at("2026-12-31");
        assert_eq!(<CalendarTables as Calendar>::due(start, Term::working(1)), missing);
        assert_eq!(<CalendarTables as Calendar>::due(start, Term::calendar(1)), missing);
        assert_eq!(
            CalendarTables::due(start, Term::calendar(1)),
            Err(TermError::CalendarMissing(2027))
        );
        // Due on the last day of the year, which is worked: the next year is not looked at.
        assert_eq!(due_on("2026-12-30", Term::calendar(1)), date("2026-12-31"));
        // Years that a calendar term passes over need no table.
        set(2027, &[], &[]);
        assert_eq!(
            CalendarTables::due(at("2025-12-31"), Term::calendar(TERM_DAYS_MAX)),
            Err(TermError::CalendarMissing(2028))
        );
        assert_eq!(due_on("2025-06-01", Term::calendar(600)), date("2027-01-22"));
    });
}

#[test]
fn terms_without_days_or_too_long_are_refused() {
    run(|| {
        for term in [
            Term::calendar(0),
            Term::working(0),
            Term::calendar(TERM_DAYS_MAX + 1),
            Term::working(u16::MAX),
        ] {
            assert_eq!(CalendarTables::due(at("2026-01-01"), term), Err(TermError::TermInvalid));
            assert_eq!(
                <CalendarTables as Calendar>::due(at("2026-01-01"), term),
                Err(Error::<Test>::TermInvalid.into())
            );
            assert!(<() as Calendar>::due(0, term).is_err());
        }
        assert_eq!(
            CalendarTables::due(at("2026-01-01"), Term::working(TERM_DAYS_MAX)),
            Err(TermError::CalendarMissing(2027))
        );
    });
}

#[test]
fn terms_do_not_run_past_the_last_year() {
    run(|| {
        let start = CivilDate::MAX.start();
        for term in [Term::calendar(1), Term::calendar(2), Term::working(1)] {
            assert_eq!(CalendarTables::due(start, term), Err(TermError::DateOutOfRange));
        }
        assert_eq!(
            <CalendarTables as Calendar>::due(Moment::MAX, Term::working(1)),
            Err(Error::<Test>::DateOutOfRange.into())
        );
    });
}

#[test]
fn without_tables_mondays_to_fridays_are_worked() {
    let due = |start: &str, term| <() as Calendar>::due(at(start), term);
    assert_eq!(due("2026-02-12", Term::working(3)), Ok(date("2026-02-17").end()));
    assert_eq!(due("2026-07-01", Term::calendar(3)), Ok(date("2026-07-06").end()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the term, its last day is worked, nothing before it would do, and a longer term
    /// never ends earlier.
    #[test]
    fn terms_agree_with_a_naive_count(offset in 0u32..300, days in 1u16..40) {
        new_test_ext().execute_with(|| {
            let start = date("2026-01-01").checked_add(offset).unwrap();
            let working = |day: CivilDate| CalendarTables::is_working_day(day).unwrap();
            let days_between = |due: CivilDate| (start.0 + 1..=due.0).map(CivilDate);
            let end = |term| CalendarTables::due(start.start(), term);

            if let Ok(end_ms) = end(Term::working(days)) {
                let due = CivilDate::from_moment(end_ms - 1);
                assert!(working(due));
                assert_eq!(days_between(due).filter(|day| working(*day)).count(), days.into());
            }
            if let Ok(end_ms) = end(Term::calendar(days)) {
                let due = CivilDate::from_moment(end_ms - 1);
                let last = start.0 + u32::from(days);
                assert!(working(due) && due.0 >= last);
                assert!((last..due.0).all(|day| !working(CivilDate(day))));
                if let Ok(by_working_days) = end(Term::working(days)) {
                    assert!(by_working_days >= end_ms);
                }
            }
        });
    }
}
