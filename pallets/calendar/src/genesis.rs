//! Tables from the first block on, in the words of a JSON chain specification.

use crate::{CivilDate, Config, Dates, GenesisConfig, Pallet};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// The table of a year; dates are `YYYY-MM-DD`, ascending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisYear {
    /// The year.
    pub year: u16,
    /// Mondays to Fridays that are not worked.
    pub days_off: Vec<String>,
    /// Saturdays and Sundays that are worked.
    pub days_worked: Vec<String>,
}

/// 2026 by the State Council's notice of holidays (国务院办公厅关于2026年部分节假日安排的通知).
///
/// New Year 1 to 3 January, Spring Festival 15 to 23 February, Qingming 4 to 6 April, Labour Day 1
/// to 5 May, Dragon Boat 19 to 21 June, Mid-Autumn 25 to 27 September, National Day 1 to 7 October.
pub fn year_2026() -> GenesisYear {
    let dates = |days: &[&str]| days.iter().map(|day| (*day).into()).collect();
    GenesisYear {
        year: 2026,
        days_off: dates(&[
            "2026-01-01",
            "2026-01-02",
            "2026-02-16",
            "2026-02-17",
            "2026-02-18",
            "2026-02-19",
            "2026-02-20",
            "2026-02-23",
            "2026-04-06",
            "2026-05-01",
            "2026-05-04",
            "2026-05-05",
            "2026-06-19",
            "2026-09-25",
            "2026-10-01",
            "2026-10-02",
            "2026-10-05",
            "2026-10-06",
            "2026-10-07",
        ]),
        days_worked: dates(&[
            "2026-01-04",
            "2026-02-14",
            "2026-02-28",
            "2026-05-09",
            "2026-09-20",
            "2026-10-10",
        ]),
    }
}

impl<T: Config> Pallet<T> {
    /// Writes the genesis tables.
    ///
    /// # Panics
    /// When a table is not valid: a chain without a valid genesis must not start.
    pub(crate) fn build_genesis(data: &GenesisConfig<T>) {
        for GenesisYear { year, days_off, days_worked } in &data.years {
            let dates = |texts: &[String]| -> Dates {
                let dates: Vec<_> = texts
                    .iter()
                    .map(|text| CivilDate::parse(text).expect("genesis date is YYYY-MM-DD"))
                    .collect();
                dates.try_into().expect("genesis year has few departures")
            };
            Self::put_year(*year, dates(days_off), dates(days_worked))
                .expect("genesis year is valid");
        }
    }
}
