//! Tables in a chain specification.

use crate::{genesis::year_2026, mock::*, *};
use sp_runtime::BuildStorage;

fn build(years: Vec<GenesisYear>) -> sp_io::TestExternalities {
    let config = pallet_config(years);
    config.build_storage().unwrap().into()
}

fn pallet_config(years: Vec<GenesisYear>) -> GenesisConfig<Test> {
    GenesisConfig { years, _config: Default::default() }
}

#[test]
fn the_default_has_2026() {
    build(GenesisConfig::<Test>::default().years).execute_with(|| {
        assert!(CalendarTables::year(2026).is_some());
        assert_eq!(CurrentRuleSet::<Test>::get().version, 1);
        CalendarTables::do_try_state().unwrap();
    });
}

#[test]
fn json_is_read() {
    let json = r#"{ "years": [ { "year": 2027, "daysOff": ["2027-01-01"], "daysWorked": [] } ] }"#;
    let config: GenesisConfig<Test> = serde_json::from_str(json).unwrap();
    build(config.years).execute_with(|| {
        assert_eq!(CalendarTables::is_working_day(date("2027-01-01")), Some(false));
        assert_eq!(CalendarTables::is_working_day(date("2027-01-04")), Some(true));
    });
}

#[test]
#[should_panic(expected = "genesis date is YYYY-MM-DD")]
fn a_date_that_is_none_stops_the_start() {
    build(vec![GenesisYear { days_off: vec!["1 January".into()], ..year_2026() }]);
}

#[test]
#[should_panic(expected = "genesis year is valid")]
fn a_year_that_is_not_valid_stops_the_start() {
    build(vec![GenesisYear { year: 2027, ..year_2026() }]);
}
