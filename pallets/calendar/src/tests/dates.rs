//! Arithmetic of civil dates.

use crate::{date::is_leap_year, mock::date, *};
use proptest::prelude::*;

#[test]
fn known_days_have_their_numbers() {
    for (text, days) in [
        ("1970-01-01", 0),
        ("1970-12-31", 364),
        ("1972-02-29", 789),
        ("2000-02-29", 11_016),
        ("2000-03-01", 11_017),
        ("2026-01-01", 20_454),
        ("2100-02-28", 47_540),
        ("2100-03-01", 47_541),
    ] {
        assert_eq!(date(text).0, days, "{text}");
    }
    assert_eq!(date("9999-12-31"), CivilDate::MAX);
}

#[test]
fn text_that_is_no_date_is_refused() {
    for text in [
        "",
        "2026-1-01",
        "2026-01-1",
        "2026-01-001",
        "2026/01/01",
        "2026-13-01",
        "2026-00-01",
        "2026-04-31",
        "2026-02-29",
        "2100-02-29",
        "1969-12-31",
        "+026-01-01",
        "2026-01--1",
        "２０２６-01",
    ] {
        assert_eq!(CivilDate::parse(text), None, "{text}");
    }
}

#[test]
fn a_day_runs_from_midnight_to_midnight_in_china() {
    // 2025-12-31T16:00:00Z is midnight in China.
    let new_year = date("2026-01-01");
    assert_eq!(new_year.start(), 1_767_196_800_000);
    assert_eq!(CivilDate::from_moment(new_year.start()), new_year);
    assert_eq!(CivilDate::from_moment(new_year.start() - 1), date("2025-12-31"));
    assert_eq!(CivilDate::from_moment(new_year.end() - 1), new_year);
    assert_eq!(CivilDate::from_moment(new_year.end()), date("2026-01-02"));
    assert_eq!(CivilDate::from_moment(0), CivilDate(0));
    assert_eq!(CivilDate(0).start(), 0);
    assert_eq!(CivilDate(0).end(), 57_600_000);
    assert_eq!(CivilDate::from_moment(Moment::MAX), CivilDate::MAX);
}

#[test]
fn weekends_are_saturdays_and_sundays() {
    for (text, weekend) in [
        ("1970-01-01", false),
        ("1970-01-02", false),
        ("1970-01-03", true),
        ("1970-01-04", true),
        ("1970-01-05", false),
        ("2026-02-13", false),
        ("2026-02-14", true),
        ("2026-02-15", true),
        ("2026-02-16", false),
        ("2000-02-29", false),
    ] {
        assert_eq!(date(text).is_weekend(), weekend, "{text}");
    }
}

#[test]
fn leap_years_are_those_of_the_gregorian_calendar() {
    for (year, leap) in [(2024, true), (2026, false), (2100, false), (2000, true), (2400, true)] {
        assert_eq!(is_leap_year(year), leap, "{year}");
    }
}

#[test]
fn months_end_on_the_same_day_or_the_last_of_the_month() {
    for (from, months, added, end) in [
        ("2026-04-01", 12, "2027-04-01", "2027-04-01"),
        ("2026-12-15", 1, "2027-01-15", "2027-01-15"),
        ("2026-01-31", 1, "2026-02-28", "2026-03-01"),
        ("2027-11-30", 3, "2028-02-29", "2028-03-01"),
        ("2028-02-29", 12, "2029-02-28", "2029-03-01"),
        ("2028-02-29", 48, "2032-02-29", "2032-02-29"),
        ("2026-04-01", 0, "2026-04-01", "2026-04-01"),
    ] {
        assert_eq!(date(from).checked_add_months(months), Some(date(added)), "{from}");
        assert_eq!(date(from).end_of_period(months), Some(date(end)), "{from}");
    }
    assert_eq!(CivilDate::MAX.checked_add_months(1), None);
    assert_eq!(CivilDate::MAX.end_of_period(1), None);
    assert_eq!(date("9999-12-01").checked_add_months(u16::MAX), None);
}

#[test]
fn months_are_taken_back() {
    for (from, months, to) in [
        ("2027-04-01", 3, "2027-01-01"),
        ("2027-01-15", 1, "2026-12-15"),
        ("2026-05-31", 3, "2026-02-28"),
        ("2028-05-31", 3, "2028-02-29"),
    ] {
        assert_eq!(date(from).checked_sub_months(months), Some(date(to)), "{from}");
    }
    assert_eq!(date("1970-01-31").checked_sub_months(1), None);
    assert_eq!(date("1970-01-31").checked_sub_months(u16::MAX), None);
}

#[test]
fn days_do_not_run_past_the_last_year() {
    assert_eq!(CivilDate::MAX.checked_add(0), Some(CivilDate::MAX));
    assert_eq!(CivilDate::MAX.checked_add(1), None);
    assert_eq!(CivilDate(0).checked_add(u32::MAX), None);
}

#[test]
fn every_day_to_2200_follows_the_day_before() {
    let mut expected = (1970u16, 1u8, 1u8);
    for days in 0..84_006 {
        assert_eq!(CivilDate(days).ymd(), expected);
        let (year, month, day) = expected;
        assert_eq!(CivilDate::from_ymd(year, month, day), Some(CivilDate(days)));
        expected = [(year, month, day + 1), (year, month + 1, 1), (year + 1, 1, 1)]
            .into_iter()
            .find(|(year, month, day)| CivilDate::from_ymd(*year, *month, *day).is_some())
            .unwrap();
    }
    assert_eq!(expected, (2200, 1, 1));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// A date survives its parts and its moments.
    #[test]
    fn dates_are_read_back(days in 0..=CivilDate::MAX.0) {
        let date = CivilDate(days);
        let (year, month, day) = date.ymd();
        prop_assert_eq!(CivilDate::from_ymd(year, month, day), Some(date));
        prop_assert_eq!(CivilDate::parse(&format!("{year:04}-{month:02}-{day:02}")), Some(date));
        prop_assert_eq!(CivilDate::from_moment(date.end() - 1), date);
        prop_assert_eq!((date.year(), date.month(), date.day()), (year, month, day));
    }
}
