//! When counts say that a label may have been copied.

use super::counts::{Counts, Day, Provinces};
use crate::map;
use serde::Serialize;
use std::{fmt, str::FromStr};

/// Scans, and provinces that they are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Apart {
    /// So many scans or more.
    pub n_scans: u32,
    /// From so many provinces or more.
    pub n_provinces: u32,
}

impl fmt::Display for Apart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.n_scans, self.n_provinces)
    }
}

/// A text that is no [`Apart`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("scans and provinces are expected, such as 10,3, of which neither is 0")]
pub struct ApartError;

impl FromStr for Apart {
    type Err = ApartError;

    fn from_str(text: &str) -> Result<Self, ApartError> {
        let (n_scans, n_provinces) = text.split_once(',').ok_or(ApartError)?;
        let number = |text: &str| text.parse().ok().filter(|it| *it > 0).ok_or(ApartError);
        Ok(Self { n_scans: number(n_scans)?, n_provinces: number(n_provinces)? })
    }
}

/// From when on the scans of an item raise a warning.
///
/// An item that is not sold is scanned on its way and in the shop, by people of a few provinces; one
/// that is sold has left that way, and what is left is a household, and those that it gives it to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// The last days that are looked at, today among them: 1 to 31.
    pub days: u32,
    /// Distance from which two provinces are far apart, in kilometres between their seats.
    pub km: u32,
    /// Scans from provinces of which two are far apart.
    pub apart: Apart,
    /// Scans wherever from.
    pub anywhere: u32,
    /// The same, of days behind the one on which the item was sold.
    pub sold_apart: Apart,
    /// The same.
    pub sold_anywhere: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            days: 7,
            km: 800,
            apart: Apart { n_scans: 10, n_provinces: 3 },
            anywhere: 100,
            sold_apart: Apart { n_scans: 5, n_provinces: 2 },
            sold_anywhere: 20,
        }
    }
}

/// That a label may have been copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Warning {
    /// Scans in those days.
    #[serde(rename = "scans")]
    pub(crate) n_scans: u32,
    /// Provinces that they are known to be from.
    #[serde(rename = "provinces")]
    pub(crate) n_provinces: u32,
    /// The last days that were looked at.
    pub(crate) days: u32,
    /// Whether all that is after the item was sold.
    pub(crate) is_sold: bool,
}

impl Thresholds {
    /// The scans of the last days, those behind `after` only.
    pub(crate) fn lately(&self, counts: &Counts, today: u32, after: Option<u32>) -> Day {
        let from = today.saturating_add(1).saturating_sub(self.days);
        let from = after.map_or(from, |after| from.max(after.saturating_add(1)));
        let none = Day { day: from, ..Day::default() };
        counts.days().iter().filter(|it| (from..=today).contains(&it.day)).fold(
            none,
            |mut sum, day| {
                sum.fold(*day);
                sum
            },
        )
    }

    /// What the counts say.
    ///
    /// - `sold_on`: day on which the item was sold, if it is.
    pub(crate) fn warning(
        &self,
        counts: &Counts,
        today: u32,
        sold_on: Option<u32>,
    ) -> Option<Warning> {
        let judged = |after, apart: Apart, anywhere| {
            let Day { n_scans, provinces, .. } = self.lately(counts, today, after);
            let n_provinces = provinces.len();
            let is_apart = n_scans >= apart.n_scans
                && n_provinces >= apart.n_provinces
                && self.are_far(provinces);
            let is_sold = after.is_some();
            let warning = Warning { n_scans, n_provinces, days: self.days, is_sold };
            (is_apart || n_scans >= anywhere).then_some(warning)
        };
        sold_on
            .and_then(|day| judged(Some(day), self.sold_apart, self.sold_anywhere))
            .or_else(|| judged(None, self.apart, self.anywhere))
    }

    fn are_far(&self, provinces: Provinces) -> bool {
        let all = provinces.iter();
        all.clone().any(|one| all.clone().any(|other| map::distance_km(one, other) >= self.km))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: u32 = 20_000;

    fn place(code: u32) -> usize {
        map::province(code).unwrap()
    }

    /// Scans of the day so many days ago, from a province each.
    fn counts(scans: &[(u32, u32)]) -> Counts {
        let mut counts = Counts::default();
        for (ago, province) in scans {
            let provinces = Provinces::of((*province > 0).then(|| place(*province)));
            counts.add(Day { day: TODAY - ago, n_scans: 1, provinces });
        }
        counts
    }

    fn warned(scans: &[(u32, u32)], sold_ago: Option<u32>) -> Option<Warning> {
        Thresholds::default().warning(&counts(scans), TODAY, sold_ago.map(|ago| TODAY - ago))
    }

    #[test]
    fn many_scans_from_far_apart_are_warned_of_from_the_tenth_and_third_on() {
        let mut scans = vec![(0, 11); 7];
        scans.extend([(6, 33), (1, 44), (0, 44)]);
        let expected = Warning { n_scans: 10, n_provinces: 3, days: 7, is_sold: false };
        assert_eq!(warned(&scans, None), Some(expected));
        // One scan less, one province less, a day out of the seven, and neighbours.
        assert_eq!(warned(&scans[1..], None), None);
        let of = |change: fn((u32, u32)) -> (u32, u32)| -> Vec<_> {
            scans.iter().copied().map(change).collect()
        };
        let two = of(|(ago, province)| (ago, if province == 33 { 44 } else { province }));
        assert_eq!(warned(&two, None), None);
        let older = of(|(ago, province)| (if ago == 6 { 7 } else { ago }, province));
        assert_eq!(warned(&older, None), None);
        let mut near = vec![(0, 11); 20];
        near.extend([(0, 12), (0, 13), (0, 14)]);
        assert_eq!(warned(&near, None), None);
    }

    #[test]
    fn very_many_scans_are_warned_of_wherever_from() {
        assert_eq!(warned(&vec![(3, 0); 99], None), None);
        let warning = warned(&vec![(3, 0); 100], None).unwrap();
        assert_eq!((warning.n_scans, warning.n_provinces), (100, 0));
    }

    #[test]
    fn what_is_sold_is_warned_of_sooner_by_days_behind_the_sale() {
        let scans = [(2, 11), (2, 11), (2, 11), (1, 44), (1, 44)];
        assert_eq!(warned(&scans, None), None);
        assert_eq!(warned(&scans, Some(2)), None);
        let warning = warned(&scans, Some(3)).unwrap();
        assert_eq!((warning.n_scans, warning.n_provinces, warning.is_sold), (5, 2, true));
        assert_eq!(warned(&[(0, 11); 19], Some(1)), None);
        assert!(warned(&[(0, 11); 20], Some(1)).unwrap().is_sold);
    }

    #[test]
    fn pairs_are_read_as_they_are_written() {
        let pair: Apart = "10,3".parse().unwrap();
        assert_eq!((pair, pair.to_string().as_str()), (Thresholds::default().apart, "10,3"));
        for text in ["", "10", "10,", "0,3", "10,0", "-1,3", "10,3,1"] {
            assert_eq!(text.parse::<Apart>(), Err(ApartError), "{text}");
        }
    }
}
