//! Encodings, states and periods.

use super::*;
use codec::{Encode, MaxEncodedLen};

#[test]
fn encodings_keep_their_indices() {
    assert_eq!(MarkKind::GeographicalIndication.encode(), [2]);
    assert_eq!(PeriodRule::CalendarYear.encode(), [0]);
    assert_eq!(PeriodRule::Days(300).encode(), [1, 44, 1]);
    assert_eq!(LicenceStatus::Applied.encode(), [0]);
    assert_eq!(LicenceStatus::Refused.encode(), [8]);
    assert_eq!(LabelOrderStatus::Cancelled.encode(), [2]);
    assert_eq!(LabelFate::Destroyed.encode(), [2]);
    assert_eq!(MisuseKind::Other.encode(), [7]);
    assert_eq!(CeilingScope::Category(1).encode(), [1, 1, 0, 0, 0]);
    let usage = Usage { orders: 1, series: 2 };
    assert_eq!(usage.encode(), [4, 8]);
}

#[test]
fn a_licence_record_stays_below_a_kilobyte() {
    assert!(LicenceDetails::max_encoded_len() < 1_024, "{}", LicenceDetails::max_encoded_len());
}

#[test]
fn calendar_years_change_at_midnight_in_china() {
    run(|| {
        let licence = licence(garden_licence());
        assert_eq!(licence.period_at(NEW_YEAR_MS - 1), 2026);
        assert_eq!(licence.period_at(NEW_YEAR_MS), 2027);
        assert_eq!(licence.period_end(NEW_YEAR_MS - 1), NEW_YEAR_MS);
        assert_eq!(licence.period_end(NEW_YEAR_MS), NEW_YEAR_MS + 365 * DAY_MS);
    });
}

#[test]
fn rules_know_their_scope_and_area() {
    let rules = BrandRules { products: vec![gtin(BOX)].try_into().unwrap(), ..rules() };
    assert!(rules.includes(&gtin(BOX), 1));
    assert!(rules.includes(&gtin(TIN), TEA_CATEGORY));
    assert!(!rules.includes(&gtin(TIN), 1));
    assert!(rules.contains(LONGQUAN));
    assert!(rules.contains(LISHUI));
    assert!(!rules.contains(HUANGSHAN));
    assert!(!rules.contains(RegionCode(330_000)));
}

#[test]
fn only_open_states_are_open() {
    let open = [
        LicenceStatus::Applied,
        LicenceStatus::Inspected,
        LicenceStatus::Granted,
        LicenceStatus::Suspended,
        LicenceStatus::Restored,
    ];
    let ended = [
        LicenceStatus::Revoked,
        LicenceStatus::Expired,
        LicenceStatus::Withdrawn,
        LicenceStatus::Refused,
    ];
    assert!(open.into_iter().all(LicenceStatus::is_open));
    assert!(!ended.into_iter().any(LicenceStatus::is_open));
    assert!(!LicenceStatus::Suspended.is_in_force() && LicenceStatus::Suspended.is_granted());
}
