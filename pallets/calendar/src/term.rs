//! Legal terms, and the glue trait through which other pallets ask when one ends.

use crate::{CivilDate, Moment};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_runtime::DispatchError;

/// Longest term that is counted, in days of either unit.
pub const TERM_DAYS_MAX: u16 = 1_000;

/// Which days a term counts.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub enum DayUnit {
    /// 日: every day.
    #[codec(index = 0)]
    Calendar,
    /// 工作日: days on which offices work.
    #[codec(index = 1)]
    Working,
}

/// A legal term (期限).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct Term {
    /// How many days, 1 to [`TERM_DAYS_MAX`].
    pub days: u16,
    /// Which days count.
    pub unit: DayUnit,
}

impl Term {
    /// A term of so many calendar days (日).
    pub const fn calendar(days: u16) -> Self {
        Self { days, unit: DayUnit::Calendar }
    }

    /// A term of so many working days (工作日).
    pub const fn working(days: u16) -> Self {
        Self { days, unit: DayUnit::Working }
    }

    /// Whether it has a number of days that is counted.
    pub const fn is_valid(self) -> bool {
        self.days >= 1 && self.days <= TERM_DAYS_MAX
    }
}

/// Why the end of a term is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum TermError {
    /// The term has 0 days or more than [`TERM_DAYS_MAX`].
    #[codec(index = 0)]
    TermInvalid,
    /// No table says which days of this year are worked.
    #[codec(index = 1)]
    CalendarMissing(
        /// The year.
        u16,
    ),
    /// The term ends after the year 9999.
    #[codec(index = 2)]
    DateOutOfRange,
}

/// Lets a pallet ask when a legal term ends.
pub trait Calendar {
    /// First millisecond after the day on which a term is due that starts with an event at `start`.
    ///
    /// The day of the event does not count; a last day that is not worked rolls to the next day
    /// that is (Civil Code Arts 201, 203). What is done at a moment before the answer is in time.
    ///
    /// # Errors
    /// When the term has no days or too many, or a year that must be looked at has no table.
    fn due(start: Moment, term: Term) -> Result<Moment, DispatchError>;
}

/// Mondays to Fridays are worked, there are no holidays: for mocks of other pallets.
impl Calendar for () {
    fn due(start: Moment, term: Term) -> Result<Moment, DispatchError> {
        let date = due_date(start, term, |date| Ok(!date.is_weekend()))
            .map_err(|_| DispatchError::Other("no such term"))?;
        Ok(date.end())
    }
}

/// The date on which a term that starts at `start` is due, by days that `is_working` says are
/// worked.
///
/// # Errors
/// - [`TermError::TermInvalid`], [`TermError::DateOutOfRange`]: the term.
/// - Those of `is_working`.
pub(crate) fn due_date(
    start: Moment,
    term: Term,
    mut is_working: impl FnMut(CivilDate) -> Result<bool, TermError>,
) -> Result<CivilDate, TermError> {
    if !term.is_valid() {
        return Err(TermError::TermInvalid);
    }
    let next = |date: CivilDate| date.checked_add(1).ok_or(TermError::DateOutOfRange);
    let first = CivilDate::from_moment(start);
    let (mut date, mut left) = match term.unit {
        // The last day may roll: it is the one that has to be worked.
        DayUnit::Calendar => {
            let before_last = term.days.saturating_sub(1);
            (first.checked_add(before_last.into()).ok_or(TermError::DateOutOfRange)?, 1)
        }
        DayUnit::Working => (first, term.days),
    };
    while left > 0 {
        date = next(date)?;
        if is_working(date)? {
            left = left.saturating_sub(1);
        }
    }
    Ok(date)
}
