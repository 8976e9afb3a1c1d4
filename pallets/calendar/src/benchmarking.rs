//! Benchmarks of every call, each on its most expensive path.

#![allow(clippy::float_arithmetic, reason = "in the expansion of the benchmarks macro")]

use super::*;
use crate::Pallet as CalendarTables;
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{BoundedVec, traits::EnsureOrigin};

/// As many dates of `year` as a table may have, all on weekends or none.
fn departures(year: u16, on_weekend: bool) -> Dates {
    let first = CivilDate::from_ymd(year, 1, 1).expect("the year is in range; qed");
    let days: Vec<_> = (0..365)
        .filter_map(|n| first.checked_add(n))
        .filter(|date| date.is_weekend() == on_weekend)
        .take(DEPARTURES_MAX as usize)
        .collect();
    BoundedVec::truncate_from(days)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_year() -> Result<(), BenchmarkError> {
        let origin = T::GovernanceOrigin::try_successful_origin()
            .map_err(|()| BenchmarkError::Weightless)?;
        let year = CivilDate::from_moment(CalendarTables::<T>::now()).year().saturating_add(1);
        let (off, worked) = (departures(year, false), departures(year, true));

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, year, off, worked);

        assert!(Years::<T>::contains_key(year));
        Ok(())
    }

    impl_benchmark_test_suite!(CalendarTables, crate::mock::new_test_ext(), crate::mock::Test);
}
