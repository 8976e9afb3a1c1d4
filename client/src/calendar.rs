//! Working days and legal terms in China Standard Time, as the calendar pallet keeps them.

use crate::{
    call::Call,
    client::Client,
    decimal::{refused, split_unit},
    digest::Digest,
    error::Error,
    moment::Moment,
    traceability::decode,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{fmt, str::FromStr};

const PALLET: &str = "Calendar";

/// Longest term that the chain counts, in days of either unit.
pub const TERM_DAYS_MAX: u16 = 1_000;

/// First date that is counted with.
const EPOCH: Date = Date::constant(1970, 1, 1);

/// A civil date in China Standard Time, as days since 1970-01-01; 1970 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CivilDate(pub u32);

impl CivilDate {
    fn date(self) -> Option<Date> {
        let days = jiff::Span::new().try_days(i64::from(self.0)).ok()?;
        EPOCH.checked_add(days).ok()
    }

    /// Its year; `None` behind 9999.
    pub fn year(self) -> Option<u16> {
        self.date().and_then(|date| u16::try_from(date.year()).ok())
    }

    /// Whether it is a Saturday or Sunday.
    pub fn is_weekend(self) -> bool {
        // 1970-01-01 was a Thursday.
        matches!(self.0 % 7, 2 | 3)
    }
}

impl FromStr for CivilDate {
    type Err = Error;

    /// Reads `2027-02-08` (ISO 8601).
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || refused("date", "YYYY-MM-DD from 1970 on is expected", text);
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(n, byte)| match n {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let date = shape.then(|| text.parse::<Date>().ok()).flatten().ok_or_else(wrong)?;
        let span = EPOCH.until(date).map_err(|_| wrong())?;
        u32::try_from(span.get_days()).map(Self).map_err(|_| wrong())
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.date() {
            Some(date) => write!(f, "{date}"),
            None => write!(f, "day {}", self.0),
        }
    }
}

/// Which days a term counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DayUnit {
    /// 日: every day.
    Calendar,
    /// 工作日: days on which offices work.
    Working,
}

/// A legal term (期限): 1 to [`TERM_DAYS_MAX`] days.
///
/// The day of the event does not count; a last day that is not worked rolls to the next that is
/// (Civil Code, articles 201 and 203).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// How many days.
    pub days: u16,
    /// Which days count.
    pub unit: DayUnit,
}

impl FromStr for Term {
    type Err = Error;

    /// Reads `30 working days`, `30wd`, `30个工作日`, `60 days`, `60d`, `60日`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let rule = "1 to 1000 days are expected, such as `30 working days` or `60 days`";
        let wrong = || refused("term", rule, text);
        let (number, unit) = split_unit(text);
        let unit = match unit {
            "working days" | "working day" | "wd" | "个工作日" | "工作日" => {
                DayUnit::Working
            }
            "days" | "day" | "calendar days" | "d" | "日" => DayUnit::Calendar,
            _ => return Err(wrong()),
        };
        let days = number.parse().ok().filter(|days| (1..=TERM_DAYS_MAX).contains(days));
        days.map(|days| Self { days, unit }).ok_or_else(wrong)
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            DayUnit::Calendar => write!(f, "{} days", self.days),
            DayUnit::Working => write!(f, "{} working days", self.days),
        }
    }
}

/// The days of a year that depart from Monday to Friday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearTable {
    /// Mondays to Fridays that are not worked, ascending.
    pub days_off: Vec<CivilDate>,
    /// Saturdays and Sundays that are worked in exchange (调休上班), ascending.
    pub days_worked: Vec<CivilDate>,
    /// Version of the rule set that this table made.
    pub rule_set: u32,
}

/// Version of all tables together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    /// Counts every change.
    pub version: u32,
    /// SHA-256 chain over all tables.
    pub hash: Digest,
}

/// Sets which days of a year are worked; by the committee's motion.
///
/// - `year`: one that has not begun in China Standard Time, at most two ahead, or the current one
///   while it has no table.
/// - `days_off`: its Mondays to Fridays that are not worked; ascending, at most 64.
/// - `days_worked`: its Saturdays and Sundays that are worked; ascending, at most 64.
pub fn set_year(year: u16, days_off: &[CivilDate], days_worked: &[CivilDate]) -> Call {
    Call::new(
        PALLET,
        "set_year",
        json!({ "year": year, "days_off": days_off, "days_worked": days_worked }),
    )
}

impl Client {
    /// The table of a year at `height`, or at the last final block.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn calendar_year(
        &self,
        year: u16,
        height: Option<u32>,
    ) -> Result<Option<YearTable>, Error> {
        decode(self.view(PALLET, "year", &[json!(year)], height).await?)
    }

    /// Whether offices work on a date; `None` without a table for its year.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn is_working_day(
        &self,
        date: CivilDate,
        height: Option<u32>,
    ) -> Result<Option<bool>, Error> {
        decode(self.view(PALLET, "is_working_day", &[json!(date)], height).await?)
    }

    /// When a term that starts with an event at `start` is due: the first moment that is late.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the term runs into a year without a table, [`Error::Arguments`]
    /// for a term that the chain does not count, and as [`Client::view`].
    pub async fn term_due(
        &self,
        start: Moment,
        term: Term,
        height: Option<u32>,
    ) -> Result<Moment, Error> {
        /// Why the chain does not know the end of a term.
        #[derive(Deserialize)]
        enum TermError {
            TermInvalid,
            CalendarMissing(u16),
            DateOutOfRange,
        }
        let answer = self.view(PALLET, "due", &[json!(start), json!(term)], height).await?;
        match decode::<Result<Moment, TermError>>(answer)? {
            Ok(due) => Ok(due),
            Err(TermError::CalendarMissing(year)) => {
                Err(Error::NotFound(format!("table of the working days of {year}")))
            }
            Err(TermError::TermInvalid) => {
                Err(refused("term", "1 to 1000 days are expected", &term.to_string()))
            }
            Err(TermError::DateOutOfRange) => {
                Err(refused("term", "an end before the year 10000 is expected", &term.to_string()))
            }
        }
    }

    /// The version of all tables in force.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn calendar_rule_set(&self, height: Option<u32>) -> Result<RuleSet, Error> {
        decode(self.view(PALLET, "rule_set", &[], height).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_since_1970() {
        let days = |text: &str| text.parse::<CivilDate>().map(|date| date.0).ok();
        assert_eq!(days("1970-01-01"), Some(0));
        assert_eq!(days("2026-02-28"), Some(20_512));
        assert_eq!(days("9999-12-31"), Some(2_932_896));
        for text in ["1969-12-31", "2026-02-29", "2026-2-28", "20260228", "", "2026-02-28T00:00"] {
            assert_eq!(days(text), None, "{text}");
        }
        assert_eq!(CivilDate(20_512).to_string(), "2026-02-28");
        let weekend = |text: &str| text.parse::<CivilDate>().unwrap().is_weekend();
        assert!(weekend("2026-02-28") && weekend("2026-03-01"));
        assert!(!weekend("2026-02-27") && !weekend("2026-03-02"));
        assert_eq!((CivilDate(20_512).year(), CivilDate(u32::MAX).year()), (Some(2026), None));
        assert_eq!(CivilDate(u32::MAX).to_string(), format!("day {}", u32::MAX));
    }

    #[test]
    fn terms_name_their_days() {
        let term = |text: &str| text.parse::<Term>().ok();
        let working = |days| Some(Term { days, unit: DayUnit::Working });
        assert_eq!(term("30 working days"), working(30));
        assert_eq!(term("30wd"), working(30));
        assert_eq!(term("30个工作日"), working(30));
        assert_eq!(term("60 days"), Some(Term { days: 60, unit: DayUnit::Calendar }));
        for text in ["30", "0 days", "1001 days", "1.5 days", "a week", "", "days"] {
            assert_eq!(term(text), None, "{text}");
        }
        for term in [Term { days: 1, unit: DayUnit::Calendar }, working(30).unwrap()] {
            assert_eq!(term.to_string().parse::<Term>().unwrap(), term);
        }
    }
}
