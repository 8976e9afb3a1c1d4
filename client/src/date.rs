//! Civil dates: `YYYY-MM-DD` for people, days since 1970-01-01 in China Standard Time for the
//! chain.

use crate::{error::Error, moment::Moment};
use jiff::{Timestamp, civil, tz::Offset};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Milliseconds of a day.
const DAY_MS: u64 = 86_400_000;
/// China Standard Time is ahead of UTC by so much, in milliseconds.
const CST_OFFSET_MS: u64 = 8 * 3_600_000;

/// A day in China Standard Time, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CivilDate(pub u32);

impl CivilDate {
    /// The date of this machine's clock.
    pub fn today() -> Self {
        Self::of(Moment::now())
    }

    /// The date on which `at` falls.
    pub fn of(at: Moment) -> Self {
        let days = at.0.saturating_add(CST_OFFSET_MS) / DAY_MS;
        Self(u32::try_from(days).unwrap_or(u32::MAX))
    }

    /// First moment of the date; that of 1970-01-01 is counted from 0, since no moment is before.
    pub fn start(self) -> Moment {
        Moment(u64::from(self.0).saturating_mul(DAY_MS).saturating_sub(CST_OFFSET_MS))
    }

    /// First moment behind the date.
    pub fn end(self) -> Moment {
        Self(self.0.saturating_add(1)).start()
    }
}

impl FromStr for CivilDate {
    type Err = Error;

    /// Reads `YYYY-MM-DD`, from 1970 to 9999.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || {
            Error::Arguments(format!(
                "date: YYYY-MM-DD from 1970 to 9999 is expected, such as 2026-03-28, got {text:?}"
            ))
        };
        // The reader knows more forms; only one is the same for everybody.
        let date: civil::Date =
            text.parse().ok().filter(|date: &civil::Date| date.to_string() == text).ok_or_else(wrong)?;
        let midnight =
            Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).map_err(|_| wrong())?.as_millisecond();
        let days = u64::try_from(midnight).map_err(|_| wrong())? / DAY_MS;
        u32::try_from(days).map(Self).map_err(|_| wrong())
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let midnight = i64::from(self.0).saturating_mul(86_400);
        match Timestamp::from_second(midnight) {
            Ok(midnight) => write!(f, "{}", Offset::UTC.to_datetime(midnight).date()),
            Err(_) => write!(f, "day {}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_in_china_standard_time() {
        let date: CivilDate = "2026-03-28".parse().unwrap();
        assert_eq!(date.to_string(), "2026-03-28");
        assert_eq!(date.start(), "2026-03-28T00:00:00+08:00".parse().unwrap());
        assert_eq!(date.end(), "2026-03-29T00:00:00+08:00".parse().unwrap());
        assert_eq!(CivilDate::of("2026-03-27T16:00:00Z".parse().unwrap()), date);
        assert_eq!(CivilDate::of(Moment(date.start().0 - 1)).to_string(), "2026-03-27");
        assert_eq!("1970-01-01".parse::<CivilDate>().unwrap(), CivilDate(0));
        // The chain's last date.
        assert_eq!("9999-12-31".parse::<CivilDate>().unwrap(), CivilDate(2_932_896));
        assert!(CivilDate::today() > date);
    }

    #[test]
    fn other_ways_to_write_a_date_are_refused() {
        for text in
            ["", "2026-3-28", "20260328", "2026-02-30", "28.03.2026", "1969-12-31", "2026-03-28T00:00"]
        {
            let error = text.parse::<CivilDate>().unwrap_err().to_string();
            assert!(error.contains("YYYY-MM-DD"), "{text}: {error}");
        }
    }
}
