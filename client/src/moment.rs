//! Points in time: RFC 3339 for people, Unix milliseconds for the chain.

use crate::{decimal::refused, error::Error};
use jiff::{Timestamp, tz::Offset};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Offset of China Standard Time, in which times are shown; it has no summer time.
const CST: Offset = Offset::constant(8);

/// Unix time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(#[serde(with = "crate::integer")] pub u64);

impl Moment {
    /// What this machine's clock says.
    pub fn now() -> Self {
        Self(u64::try_from(Timestamp::now().as_millisecond()).unwrap_or_default())
    }
}

impl FromStr for Moment {
    type Err = Error;

    /// Reads `now`, or RFC 3339 with an offset, such as `2026-03-28T09:30:00+08:00`; a time without
    /// one is refused, since nobody else could tell which it is.
    fn from_str(text: &str) -> Result<Self, Error> {
        if text == "now" {
            return Ok(Self::now());
        }
        let timestamp: Timestamp = text.parse().map_err(|_| {
            let rule =
                "`now` or RFC 3339 with an offset is expected, such as 2026-03-28T09:30:00+08:00";
            refused("time", rule, text)
        })?;
        u64::try_from(timestamp.as_millisecond())
            .map(Self)
            .map_err(|_| refused("time", "no time before 1970 UTC is kept", text))
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in China Standard Time.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let timestamp =
            i64::try_from(self.0).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        match timestamp {
            Some(timestamp) => write!(f, "{}", timestamp.display_with_offset(CST)),
            None => write!(f, "{} ms", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_an_offset() {
        let moment: Moment = "2026-03-28T09:30:00+08:00".parse().unwrap();
        assert_eq!(moment, Moment(1_774_661_400_000));
        assert_eq!(moment, "2026-03-28T01:30:00Z".parse().unwrap());
        assert_eq!(moment.to_string(), "2026-03-28T09:30:00+08:00");
        assert_eq!("2026-03-28T01:30:00.250Z".parse::<Moment>().unwrap().0 % 1000, 250);
        for text in ["2026-03-28", "2026-03-28T09:30:00", "yesterday", "", "1960-01-01T00:00:00Z"] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
        assert!("now".parse::<Moment>().unwrap() > moment);
    }

    #[test]
    fn a_time_before_the_first_is_named_as_that() {
        let refusal = |text: &str| text.parse::<Moment>().unwrap_err().to_string();
        let text = refusal("1900-01-01T00:00:00+08:00");
        assert!(text.starts_with("time: ") && text.contains("before 1970"), "{text}");
        assert!(!text.contains("RFC 3339"), "{text}");
        // 1970 in China, and still 1969 in UTC.
        assert!(refusal("1970-01-01T07:59:59+08:00").contains("before 1970 UTC"));
        assert!("1970-01-01T08:00:00+08:00".parse::<Moment>().is_ok());
        assert!(refusal("1900-01-01").contains("RFC 3339"));
    }
}
