//! The moments of a civil date.

use crate::{calendar::CivilDate, moment::Moment};

/// Milliseconds of a day.
const DAY_MS: u64 = 86_400_000;
/// China Standard Time is ahead of UTC by so much, in milliseconds; it has no summer time.
const CST_OFFSET_MS: u64 = 8 * 3_600_000;

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

    /// First moment of the date; for 1970-01-01, the first that is counted.
    pub fn start(self) -> Moment {
        Moment(u64::from(self.0).saturating_mul(DAY_MS).saturating_sub(CST_OFFSET_MS))
    }

    /// First moment behind the date.
    pub fn end(self) -> Moment {
        Self(self.0.saturating_add(1)).start()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_begin_at_midnight_in_china() {
        let date: CivilDate = "2026-03-28".parse().unwrap();
        assert_eq!(date.start(), "2026-03-28T00:00:00+08:00".parse().unwrap());
        assert_eq!(date.end(), "2026-03-29T00:00:00+08:00".parse().unwrap());
        assert_eq!(CivilDate::of("2026-03-27T16:00:00Z".parse().unwrap()), date);
        assert_eq!(CivilDate::of(Moment(date.start().0 - 1)).to_string(), "2026-03-27");
        assert!(CivilDate::today() > date);
    }
}
