//! The rules behind the call, and the arithmetic of terms.

use crate::{
    Calendar, CivilDate, Config, CurrentRuleSet, Dates, Error, Moment, Pallet, RuleSet,
    RuleSetHashes, Term, TermError, YEAR_MAX, YEARS_AHEAD_MAX, YearTable, Years, term::due_date,
};
use codec::Encode;
use frame_support::{ensure, traits::UnixTime};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Sets the table of `year` as governance may at block time; returns the new rule set.
    ///
    /// # Errors
    /// - [`Error::YearStarted`]: the year has begun and has a table, or is over.
    /// - [`Error::YearTooFar`]: it is more than [`YEARS_AHEAD_MAX`] ahead.
    /// - Those of [`Self::put_year`].
    pub(crate) fn do_set_year(
        year: u16,
        days_off: Dates,
        days_worked: Dates,
    ) -> Result<RuleSet, DispatchError> {
        let current = CivilDate::from_moment(Self::now()).year();
        let missing_now = year == current && !Years::<T>::contains_key(year);
        ensure!(year > current || missing_now, Error::<T>::YearStarted);
        ensure!(year <= current.saturating_add(YEARS_AHEAD_MAX), Error::<T>::YearTooFar);
        Self::put_year(year, days_off, days_worked)
    }

    /// Writes the table of `year`, whenever that is; returns the new rule set.
    ///
    /// # Errors
    /// - [`Error::YearOutOfRange`]: before 1970 or after 9999.
    /// - [`Error::DateOutsideYear`], [`Error::DatesNotAscending`], [`Error::NotADeparture`]: a date.
    pub(crate) fn put_year(
        year: u16,
        days_off: Dates,
        days_worked: Dates,
    ) -> Result<RuleSet, DispatchError> {
        ensure!((1_970..=YEAR_MAX).contains(&year), Error::<T>::YearOutOfRange);
        for (dates, on_weekend) in [(&days_off, false), (&days_worked, true)] {
            ensure!(dates.iter().all(|date| date.year() == year), Error::<T>::DateOutsideYear);
            ensure!(dates.is_sorted_by(|left, right| left < right), Error::<T>::DatesNotAscending);
            let depart = dates.iter().all(|date| date.is_weekend() == on_weekend);
            ensure!(depart, Error::<T>::NotADeparture);
        }
        let RuleSet { version, hash } = CurrentRuleSet::<T>::get();
        let version = version.checked_add(1).ok_or(Error::<T>::VersionsExhausted)?;
        let hash = Self::next_hash(hash, year, &days_off, &days_worked);
        let rule_set = RuleSet { version, hash };
        CurrentRuleSet::<T>::put(rule_set);
        RuleSetHashes::<T>::insert(version, hash);
        Years::<T>::insert(year, YearTable { days_off, days_worked, rule_set: version });
        Ok(rule_set)
    }

    /// Hash of the rule set that a table makes of the one with hash `previous`.
    pub(crate) fn next_hash(
        previous: [u8; 32],
        year: u16,
        days_off: &Dates,
        days_worked: &Dates,
    ) -> [u8; 32] {
        sp_io::hashing::sha2_256(&(previous, year, days_off, days_worked).encode())
    }

    /// The date on which a term that starts with an event at `start` is due.
    pub(crate) fn term_ends(start: Moment, term: Term) -> Result<CivilDate, TermError> {
        // A term looks at few years, one after the other.
        let mut table: Option<(u16, YearTable)> = None;
        due_date(start, term, |date| {
            let year = date.year();
            if table.as_ref().is_none_or(|(known, _)| *known != year) {
                let found = Years::<T>::get(year).ok_or(TermError::CalendarMissing(year))?;
                table = Some((year, found));
            }
            table
                .as_ref()
                .map(|(_, days)| days.is_working(date))
                .ok_or(TermError::CalendarMissing(year))
        })
    }

    /// Block time.
    pub(crate) fn now() -> Moment {
        u64::try_from(T::Time::now().as_millis()).unwrap_or(u64::MAX)
    }
}

impl<T: Config> Calendar for Pallet<T> {
    fn due(start: Moment, term: Term) -> Result<Moment, DispatchError> {
        let date = Self::term_ends(start, term).map_err(|error| match error {
            TermError::TermInvalid => Error::<T>::TermInvalid,
            TermError::CalendarMissing(_) => Error::<T>::CalendarMissing,
            TermError::DateOutOfRange => Error::<T>::DateOutOfRange,
        })?;
        Ok(date.end())
    }
}
