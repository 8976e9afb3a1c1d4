//! A runtime with the calendar, and a clock that the tests set.

use crate::{self as pallet_calendar, *};
use frame_support::{construct_runtime, derive_impl, traits::UnixTime};
use frame_system::{EnsureRoot, mocking::MockBlock};
use sp_runtime::BuildStorage;
use std::{cell::Cell, time::Duration};

construct_runtime!(
    pub enum Test {
        System: frame_system = 0,
        CalendarTables: pallet_calendar = 13,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = MockBlock<Test>;
}

thread_local! {
    static NOW_MS: Cell<Moment> = const { Cell::new(0) };
}

/// Block time by thread.
pub struct MockTime;

impl UnixTime for MockTime {
    fn now() -> Duration {
        Duration::from_millis(NOW_MS.get())
    }
}

impl Config for Test {
    type Time = MockTime;
    type GovernanceOrigin = EnsureRoot<u64>;
    type WeightInfo = ();
}

/// The first moment of a date.
pub(crate) fn at(text: &str) -> Moment {
    date(text).start()
}

/// A date.
pub(crate) fn date(text: &str) -> CivilDate {
    CivilDate::parse(text).unwrap()
}

/// Dates of a table.
pub(crate) fn dates(texts: &[&str]) -> Dates {
    texts.iter().map(|text| date(text)).collect::<Vec<_>>().try_into().unwrap()
}

/// Sets the clock.
pub(crate) fn set_now(now: Moment) {
    NOW_MS.set(now);
}

/// Externalities with the table of 2026, in block 1, at noon of 2026-04-01.
pub(crate) fn new_test_ext() -> sp_io::TestExternalities {
    set_now(at("2026-04-01") + DAY_MS / 2);
    let storage = RuntimeGenesisConfig::default().build_storage().unwrap();
    let mut ext = sp_io::TestExternalities::from(storage);
    ext.execute_with(|| System::set_block_number(1));
    ext
}

/// Runs `test`, then checks what must always hold.
pub(crate) fn run(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        CalendarTables::do_try_state().unwrap();
    });
}
