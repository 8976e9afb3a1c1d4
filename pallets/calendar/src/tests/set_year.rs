//! Setting tables, and what is refused.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use frame_system::RawOrigin;
use sp_runtime::DispatchError;

fn set(year: u16, off: &[&str], worked: &[&str]) -> sp_runtime::DispatchResult {
    CalendarTables::set_year(RawOrigin::Root.into(), year, dates(off), dates(worked))
}

#[test]
fn set_year_works_and_makes_a_rule_set() {
    run(|| {
        let before = CurrentRuleSet::<Test>::get();
        assert_ok!(set(2027, &["2027-01-01", "2027-02-08"], &["2027-02-20"]));
        let rule_set = CurrentRuleSet::<Test>::get();
        assert_eq!(rule_set.version, before.version + 1);
        assert_ne!(rule_set.hash, before.hash);
        assert_eq!(RuleSetHashes::<Test>::get(rule_set.version), Some(rule_set.hash));
        assert_eq!(RuleSetHashes::<Test>::get(before.version), Some(before.hash));
        let table = CalendarTables::year(2027).unwrap();
        assert_eq!(table.rule_set, rule_set.version);
        assert_eq!(CalendarTables::is_working_day(date("2027-02-08")), Some(false));
        assert_eq!(CalendarTables::is_working_day(date("2027-02-20")), Some(true));
        assert_eq!(CalendarTables::rule_set(), rule_set);
        System::assert_last_event(
            Event::YearSet { year: 2027, days_off: 2, days_worked: 1, rule_set }.into(),
        );
    });
}

#[test]
fn a_coming_year_may_be_set_again() {
    run(|| {
        assert_ok!(set(2027, &["2027-01-01"], &[]));
        assert_ok!(set(2027, &["2027-01-04"], &[]));
        assert_eq!(CalendarTables::is_working_day(date("2027-01-01")), Some(true));
        assert_eq!(CalendarTables::is_working_day(date("2027-01-04")), Some(false));
    });
}

#[test]
fn set_year_rejects_other_origins() {
    run(|| {
        for origin in [RawOrigin::Signed(1), RawOrigin::None] {
            assert_noop!(
                CalendarTables::set_year(origin.into(), 2027, dates(&[]), dates(&[])),
                DispatchError::BadOrigin
            );
        }
    });
}

#[test]
fn a_year_that_has_begun_keeps_its_table() {
    run(|| {
        assert_noop!(set(2026, &[], &[]), Error::<Test>::YearStarted);
        // The last millisecond before the year begins in China, and the first of it.
        assert_ok!(set(2027, &[], &[]));
        set_now(at("2027-01-01") - 1);
        assert_ok!(set(2027, &["2027-01-01"], &[]));
        set_now(at("2027-01-01"));
        assert_noop!(set(2027, &[], &[]), Error::<Test>::YearStarted);
    });
}

#[test]
fn only_the_first_table_of_the_current_year_may_be_late() {
    run(|| {
        set_now(at("2027-06-01"));
        assert_ok!(set(2027, &["2027-10-01"], &[]));
        assert_noop!(set(2027, &["2027-10-01"], &[]), Error::<Test>::YearStarted);
        // A year that is over cannot have a table, even a first one.
        assert_noop!(set(2025, &[], &[]), Error::<Test>::YearStarted);
    });
}

#[test]
fn years_far_ahead_are_refused() {
    run(|| {
        assert_ok!(set(2026 + YEARS_AHEAD_MAX, &[], &[]));
        assert_noop!(set(2027 + YEARS_AHEAD_MAX, &[], &[]), Error::<Test>::YearTooFar);
        set_now(CivilDate::MAX.start());
        assert_noop!(set(10_000, &[], &[]), Error::<Test>::YearOutOfRange);
    });
}

#[test]
fn dates_outside_the_year_are_refused() {
    run(|| {
        for outside in ["2026-12-31", "2028-01-03"] {
            assert_noop!(set(2027, &[outside], &[]), Error::<Test>::DateOutsideYear);
        }
        assert_noop!(set(2027, &[], &["2028-01-01"]), Error::<Test>::DateOutsideYear);
        // The first and the last day of the year are in it.
        assert_ok!(set(2027, &["2027-01-01", "2027-12-31"], &[]));
    });
}

#[test]
fn dates_out_of_order_or_repeated_are_refused() {
    run(|| {
        let refused = Error::<Test>::DatesNotAscending;
        assert_noop!(set(2027, &["2027-02-09", "2027-02-08"], &[]), refused);
        assert_noop!(set(2027, &["2027-02-08", "2027-02-08"], &[]), refused);
        assert_noop!(set(2027, &[], &["2027-02-21", "2027-02-20"]), refused);
    });
}

#[test]
fn days_as_in_any_week_are_refused() {
    run(|| {
        // A Saturday off, and a Monday worked.
        assert_noop!(set(2027, &["2027-02-06"], &[]), Error::<Test>::NotADeparture);
        assert_noop!(set(2027, &[], &["2027-02-08"]), Error::<Test>::NotADeparture);
    });
}

#[test]
fn versions_run_out() {
    run(|| {
        let RuleSet { version, hash } = CurrentRuleSet::<Test>::get();
        CurrentRuleSet::<Test>::put(RuleSet { version: u32::MAX, hash });
        assert_noop!(set(2027, &[], &[]), Error::<Test>::VersionsExhausted);
        CurrentRuleSet::<Test>::put(RuleSet { version, hash });
    });
}

#[test]
fn a_broken_table_is_caught() {
    let broken = |change: fn(&mut YearTable)| {
        new_test_ext().execute_with(|| {
            Years::<Test>::mutate(2026, |table| change(table.as_mut().unwrap()));
            CalendarTables::do_try_state().unwrap_err()
        })
    };
    let first = "1: dates are of the year, ascending, and depart from the week".into();
    assert_eq!(broken(|table| table.days_off = dates(&["2026-02-14"])), first);
    assert_eq!(broken(|table| table.days_off = dates(&["2027-02-08"])), first);
    assert_eq!(broken(|table| table.days_worked = dates(&["2026-02-28", "2026-02-14"])), first);
    assert_eq!(broken(|table| table.rule_set = 9), "3: a table is of a version there was".into());
    new_test_ext().execute_with(|| {
        let nothing = YearTable { days_off: dates(&[]), days_worked: dates(&[]), rule_set: 1 };
        Years::<Test>::insert(2025, nothing);
        assert_eq!(CalendarTables::do_try_state(), Err("3: a version made one table".into()));
    });
    new_test_ext().execute_with(|| {
        RuleSetHashes::<Test>::insert(7, [0; 32]);
        assert_eq!(CalendarTables::do_try_state(), Err("2: no other version has a hash".into()));
        RuleSetHashes::<Test>::remove(7);
        RuleSetHashes::<Test>::insert(1, [0; 32]);
        assert_eq!(CalendarTables::do_try_state(), Err("2: the last hash is current".into()));
        RuleSetHashes::<Test>::remove(1);
        assert_eq!(CalendarTables::do_try_state(), Err("2: every version has a hash".into()));
    });
}
