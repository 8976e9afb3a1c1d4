//! Civil dates in China Standard Time (UTC+8, no summer time).

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Unix time in milliseconds.
pub type Moment = u64;

/// A day in milliseconds; China Standard Time has neither summer time nor, as Unix time counts,
/// leap seconds.
pub const DAY_MS: Moment = 86_400_000;

/// What China Standard Time is ahead of UTC, in milliseconds.
const CST_OFFSET_MS: Moment = 8 * 3_600_000;

/// Days in 400 years of the Gregorian calendar, after which it repeats.
const ERA_DAYS: u32 = 146_097;

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_DAYS: u32 = 719_468;

/// Last year that is counted with.
pub const YEAR_MAX: u16 = 9_999;

/// A civil date in China Standard Time, as days since 1970-01-01.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct CivilDate(pub u32);

impl CivilDate {
    /// The last date that is counted with, 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// The date on which `at` falls; never after [`MAX`](Self::MAX).
    pub fn from_moment(at: Moment) -> Self {
        let days = at.saturating_add(CST_OFFSET_MS) / DAY_MS;
        Self(u32::try_from(days).unwrap_or(u32::MAX)).min(Self::MAX)
    }

    /// The date of this year, month and day; `None` if there is none from 1970 to 9999.
    pub fn from_ymd(year: u16, month: u8, day: u8) -> Option<Self> {
        let valid = (1_970..=YEAR_MAX).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        if !valid {
            return None;
        }
        // Years begin in March here, so that the leap day is the last day of one.
        let (month, day) = (u32::from(month), u32::from(day));
        let year = u32::from(year).checked_sub(u32::from(month <= 2))?;
        let era = year / 400;
        let year_of_era = year % 400;
        let month_from_march = month.checked_add(9)? % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        (era * ERA_DAYS + day_of_era).checked_sub(EPOCH_DAYS).map(Self)
    }

    /// Reads `YYYY-MM-DD` (ISO 8601); `None` if it is not such a date.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |part: &str| {
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u16>().ok())?
        };
        if text.len() != 10 || text.as_bytes().get(4) != Some(&b'-') {
            return None;
        }
        let (month, day) = text.get(5..)?.split_once('-')?;
        if month.len() != 2 {
            return None;
        }
        let small = |part: &str| u8::try_from(number(part)?).ok();
        Self::from_ymd(number(text.get(..4)?)?, small(month)?, small(day)?)
    }

    /// Year, month from 1 and day from 1.
    pub fn ymd(self) -> (u16, u8, u8) {
        let days = self.min(Self::MAX).0 + EPOCH_DAYS;
        let era = days / ERA_DAYS;
        let day_of_era = days % ERA_DAYS;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = (month_from_march + 2) % 12 + 1;
        let year = era * 400 + year_of_era + u32::from(month <= 2);
        // Every part is in the range of its type: the date is capped at the year 9999.
        (year as u16, month as u8, day as u8)
    }

    /// Year.
    pub fn year(self) -> u16 {
        self.ymd().0
    }

    /// Month, 1 to 12.
    pub fn month(self) -> u8 {
        self.ymd().1
    }

    /// Day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.ymd().2
    }

    /// Whether it is a Saturday or Sunday.
    pub fn is_weekend(self) -> bool {
        // 1970-01-01 was a Thursday, five days after a Saturday.
        self.0.wrapping_add(5) % 7 < 2
    }

    /// First millisecond of the day; 0 for 1970-01-01, which began before Unix time.
    pub fn start(self) -> Moment {
        (Moment::from(self.0) * DAY_MS).saturating_sub(CST_OFFSET_MS)
    }

    /// First millisecond after the day.
    pub fn end(self) -> Moment {
        (Moment::from(self.0) + 1) * DAY_MS - CST_OFFSET_MS
    }

    /// The date `days` later; `None` after [`MAX`](Self::MAX).
    pub fn checked_add(self, days: u32) -> Option<Self> {
        self.0.checked_add(days).map(Self).filter(|date| *date <= Self::MAX)
    }

    /// The same day of the month so many `months` later, or the last day of a month that has no
    /// such day: the last date of a term that starts with an event on this date (Civil Code Art.
    /// 202); `None` after [`MAX`](Self::MAX).
    pub fn checked_add_months(self, months: u16) -> Option<Self> {
        let (_, _, day) = self.ymd();
        let (year, month) = month_of(self.months().checked_add(months.into())?)?;
        Self::from_ymd(year, month, day.min(days_in_month(year, month)))
    }

    /// The same day of the month so many `months` earlier, or the last day of a month that has no
    /// such day; `None` before 1970.
    pub fn checked_sub_months(self, months: u16) -> Option<Self> {
        let (_, _, day) = self.ymd();
        let (year, month) = month_of(self.months().checked_sub(months.into())?)?;
        Self::from_ymd(year, month, day.min(days_in_month(year, month)))
    }

    /// The first date after a period of `months` of which this date is the first: a year from 1
    /// April ends before 1 April. In a month without such a day the period takes the whole month.
    /// `None` after [`MAX`](Self::MAX).
    pub fn end_of_period(self, months: u16) -> Option<Self> {
        let end = self.checked_add_months(months)?;
        if end.day() == self.day() { Some(end) } else { end.checked_add(1) }
    }

    /// Months since January of year 0.
    fn months(self) -> u32 {
        let (year, month, _) = self.ymd();
        u32::from(year) * 12 + u32::from(month) - 1
    }
}

/// Year and month of a count of months since January of year 0.
fn month_of(months: u32) -> Option<(u16, u8)> {
    Some((u16::try_from(months / 12).ok()?, u8::try_from(months % 12 + 1).ok()?))
}

/// Whether `year` has a 29 February.
pub fn is_leap_year(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Days of a month, 1 to 12, of `year`.
fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
