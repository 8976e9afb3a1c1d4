//! # Calendar
//!
//! Working days (工作日) and calendar days (日) in China Standard Time, and when a legal term ends.
//!
//! ## Overview
//!
//! Which days are worked is law of its own: every autumn the State Council names next year's
//! holidays and the weekends worked in exchange. Governance puts that notice on chain as a table
//! for the year; other pallets ask through [`Calendar`] when a term is due.
//!
//! It is **not** responsible for what a term is for, how long it is, or what follows when it is
//! missed: the pallet that sets the deadline records its start, its due moment, and when the thing
//! was done.
//!
//! ## Terminology
//!
//! - *civil date*: a day in China Standard Time (UTC+8, no summer time), counted from 1970-01-01.
//! - *departure*: a Monday to Friday that is not worked, or a Saturday or Sunday that is.
//! - *term*: a number of days of one unit, counted from the day after an event.
//! - *due*: the first millisecond after a term's last day. Something done before is in time.
//! - *rule set*: version of all tables together, with a hash chain over their changes.
//!
//! ## Scenario
//!
//! 1. In November 2025 the committee sets the table of 2026: among others, 16 to 20 and 23 February
//!    are off for Spring Festival, Saturdays 14 and 28 February are worked.
//! 2. On Thursday 12 February 2026 an application reaches a body that has 3 working days. Friday
//!    the 13th and Saturday the 14th count, then nine days of holiday do not: the third working day
//!    is Tuesday 24 February.
//! 3. Were the term 5 calendar days, the last would be Tuesday the 17th, a holiday: it rolls to the
//!    24th likewise.
//! 4. A term that runs into 2027 is refused until the table of 2027 is set.
//!
//! ## Design
//!
//! The day of the event does not count, and a last day that is not worked rolls to the next that is
//! (民法典 Civil Code Arts 201 and 203). Tables are set before their year starts, so that no
//! deadline moves while it runs; only the first table of the current year may be late. A year
//! without a table has no working days to count: [`Error::CalendarMissing`].
//!
//! Dates are integers; years count to 9999, terms to [`TERM_DAYS_MAX`] days, which bounds the work.
//!
//! ## What is public
//!
//! Everything: the notices are published.
//!
//! ## Modules
//!
//! `date` civil dates; `term` terms and the [`Calendar`] trait; `types` what is stored; `genesis`
//! tables from the first block on; `functions` what the call does; `weights`.
//!
//! Sources: 00-conventions §0.3; Civil Code Arts 200 to 203; 全国年节及纪念日放假办法 and the
//! State Council's yearly notices.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod date;
mod functions;
pub mod genesis;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
pub mod term;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use date::{CivilDate, DAY_MS, Moment, YEAR_MAX};
pub use genesis::GenesisYear;
pub use pallet::*;
pub use term::{Calendar, DayUnit, TERM_DAYS_MAX, Term, TermError};
pub use types::{DEPARTURES_MAX, Dates, RuleSet, YearTable};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::{vec, vec::Vec};
    use frame_support::{pallet_prelude::*, traits::UnixTime};
    use frame_system::pallet_prelude::*;

    /// Layout of this pallet's storage.
    pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

    /// How many years ahead of the current one a table may be set; a guard against typing errors.
    pub const YEARS_AHEAD_MAX: u16 = 2;

    /// What the runtime chooses.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Block time.
        type Time: UnixTime;

        /// May set the table of a year.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;
    }

    /// Tables of working days, by year.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// Most days of a year that depart from the week in one direction.
        #[pallet::constant_name(DeparturesMax)]
        fn departures_max() -> u32 {
            DEPARTURES_MAX
        }

        /// Longest term that is counted, in days.
        #[pallet::constant_name(TermDaysMax)]
        fn term_days_max() -> u16 {
            TERM_DAYS_MAX
        }

        /// How many years ahead of the current one a table may be set.
        #[pallet::constant_name(YearsAheadMax)]
        fn years_ahead_max() -> u16 {
            YEARS_AHEAD_MAX
        }
    }

    // Twox: governance chooses the key.
    /// The days of each year that depart from Monday to Friday.
    #[pallet::storage]
    pub type Years<T: Config> = StorageMap<_, Twox64Concat, u16, YearTable, OptionQuery>;

    /// The rule set in force.
    #[pallet::storage]
    pub type CurrentRuleSet<T: Config> = StorageValue<_, RuleSet, ValueQuery>;

    /// Hash of every rule set, by version.
    ///
    /// Written together with [`CurrentRuleSet`].
    #[pallet::storage]
    pub type RuleSetHashes<T: Config> = StorageMap<_, Twox64Concat, u32, [u8; 32], OptionQuery>;

    /// Tables from the first block on. The default has 2026.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Tables, each year once.
        pub years: Vec<GenesisYear>,
        /// Binds the type to a runtime.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self { years: vec![genesis::year_2026()], _config: PhantomData }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            Pallet::<T>::build_genesis(self);
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The table of a year was set.
        #[codec(index = 0)]
        YearSet {
            /// The year.
            year: u16,
            /// How many of its Mondays to Fridays are off.
            days_off: u32,
            /// How many of its Saturdays and Sundays are worked.
            days_worked: u32,
            /// The rule set that it made.
            rule_set: RuleSet,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The year has begun and has a table, or is over; deadlines already run by it. Set the
        /// table of a year before it starts.
        #[codec(index = 0)]
        YearStarted,
        /// The year is further ahead than `YearsAheadMax`. Check the year.
        #[codec(index = 1)]
        YearTooFar,
        /// The year is before 1970 or after 9999. Check the year.
        #[codec(index = 2)]
        YearOutOfRange,
        /// A date is not of the year. Put it into its own year's table.
        #[codec(index = 3)]
        DateOutsideYear,
        /// The dates are not in ascending order, each once. Sort them and leave out repetitions.
        #[codec(index = 4)]
        DatesNotAscending,
        /// A day off is a Saturday or Sunday, or a worked day is none. Leave out days that are as
        /// in any week.
        #[codec(index = 5)]
        NotADeparture,
        /// There are no version numbers left.
        #[codec(index = 6)]
        VersionsExhausted,
        /// The term has 0 days or more than `TermDaysMax`. Govern another term.
        #[codec(index = 7)]
        TermInvalid,
        /// The term runs into a year whose holidays are not known yet. Ask governance to set the
        /// table of that year.
        #[codec(index = 8)]
        CalendarMissing,
        /// The term ends after the year 9999. Check the start.
        #[codec(index = 9)]
        DateOutOfRange,
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The table of a year.
        pub fn year(year: u16) -> Option<YearTable> {
            Years::<T>::get(year)
        }

        /// Whether a date is worked; `None` without a table for its year.
        pub fn is_working_day(date: CivilDate) -> Option<bool> {
            let table = Years::<T>::get(date.year()).filter(|_| date <= CivilDate::MAX)?;
            Some(table.is_working(date))
        }

        /// When a term that starts with an event at `start` is due: first millisecond after its
        /// last day.
        pub fn due(start: Moment, term: Term) -> Result<Moment, TermError> {
            Self::term_ends(start, term).map(CivilDate::end)
        }

        /// The rule set in force.
        pub fn rule_set() -> RuleSet {
            CurrentRuleSet::<T>::get()
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Sets which days of a year are worked.
        ///
        /// ## Dispatch Origin
        /// `GovernanceOrigin`.
        ///
        /// ## Details
        /// - `year`: one that has not started in China Standard Time, at most `YearsAheadMax`
        ///   ahead, or the current one while it has no table. Another table of a coming year
        ///   replaces the first.
        /// - `days_off`: its Mondays to Fridays that are not worked, ascending.
        /// - `days_worked`: its Saturdays and Sundays that are worked, ascending.
        ///
        /// ## Errors
        /// - [`Error::YearStarted`], [`Error::YearTooFar`], [`Error::YearOutOfRange`]: the year.
        /// - [`Error::DateOutsideYear`], [`Error::DatesNotAscending`], [`Error::NotADeparture`]: a
        ///   date.
        /// - [`Error::VersionsExhausted`].
        ///
        /// ## Events
        /// - [`Event::YearSet`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set_year())]
        pub fn set_year(
            origin: OriginFor<T>,
            year: u16,
            days_off: Dates,
            days_worked: Dates,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            let (n_off, n_worked) = (days_off.len() as u32, days_worked.len() as u32);
            let rule_set = Self::do_set_year(year, days_off, days_worked)?;
            Self::deposit_event(Event::YearSet {
                year,
                days_off: n_off,
                days_worked: n_worked,
                rule_set,
            });
            Ok(())
        }
    }
}
