//! Ceilings, and the genesis that sets the first.

use crate::{
    Error, Event, GenesisConfig, GenesisInstitution, GenesisIssuance, InstitutionDetails, mock::*,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError::BadOrigin;
use std::panic::catch_unwind;

#[test]
fn set_ceiling_works() {
    ExtBuilder::default().build_and_execute(|| {
        assert_ok!(Settlement::set_ceiling(RuntimeOrigin::root(), BANK, 500));
        System::assert_last_event(
            Event::CeilingSet { institution: BANK, old_fen: None, new_fen: 500 }.into(),
        );
        assert_ok!(Settlement::set_ceiling(RuntimeOrigin::root(), BANK, 700));
        System::assert_last_event(
            Event::CeilingSet { institution: BANK, old_fen: Some(500), new_fen: 700 }.into(),
        );
        let details = InstitutionDetails { ceiling_fen: 700, ..Default::default() };
        assert_eq!(Settlement::institution(BANK), Some(details));
    });
}

#[test]
fn set_ceiling_keeps_totals_and_may_go_below_them() {
    ExtBuilder::with_banks().build_and_execute(|| {
        let banker = || RuntimeOrigin::signed(BANKER);
        assert_ok!(Settlement::issue(banker(), HOLDER, 300, reference("D1"), COMMITMENT));
        assert_ok!(Settlement::set_ceiling(RuntimeOrigin::root(), BANK, 299));
        let details = InstitutionDetails { ceiling_fen: 299, issued_fen: 300, redeemed_fen: 0 };
        assert_eq!(Settlement::institution(BANK), Some(details));
        assert_noop!(
            Settlement::issue(banker(), HOLDER, 1, reference("D2"), COMMITMENT),
            Error::<Test>::CeilingExceeded
        );
        // Redeeming is never stopped by the ceiling.
        let holder = RuntimeOrigin::signed(HOLDER);
        assert_ok!(Settlement::request_redemption(holder, BANK, 300, COMMITMENT));
        assert_ok!(Settlement::confirm_redemption(banker(), 0, reference("P1")));
    });
}

#[test]
fn set_ceiling_rejects_other_origins() {
    ExtBuilder::default().build_and_execute(|| {
        for origin in [RuntimeOrigin::signed(BANKER), RuntimeOrigin::none()] {
            assert_noop!(Settlement::set_ceiling(origin, BANK, 1), BadOrigin);
        }
    });
}

#[test]
fn set_ceiling_rejects_unknown_organisations() {
    ExtBuilder::default().build_and_execute(|| {
        assert_noop!(
            Settlement::set_ceiling(RuntimeOrigin::root(), 77, 1),
            Error::<Test>::OrganisationUnknown
        );
    });
}

#[test]
fn genesis_remembers_endowments() {
    let balances = vec![(HOLDER, 100), (OTHER_HOLDER, 23)];
    ExtBuilder { balances, ..ExtBuilder::with_banks() }.build_and_execute(|| {
        assert_eq!(GenesisIssuance::<Test>::get(), 123);
        let details = InstitutionDetails { ceiling_fen: 1_000, ..Default::default() };
        assert_eq!(Settlement::institution(BANK), Some(details));
        assert_eq!(Settlement::institution(TEA), None);
    });
}

#[test]
fn genesis_rejects_an_institution_twice() {
    let institutions = vec![GenesisInstitution { organisation: BANK, ceiling_fen: 1 }; 2];
    let builder = ExtBuilder { institutions, ..Default::default() };
    assert!(catch_unwind(std::panic::AssertUnwindSafe(|| builder.build())).is_err());
}

#[test]
fn genesis_is_written_in_camel_case() {
    let json = r#"{"institutions":[{"organisation":1,"ceilingFen":100000000}]}"#;
    let config: GenesisConfig<Test> = serde_json::from_str(json).unwrap();
    let expected = GenesisInstitution { organisation: 1, ceiling_fen: 100_000_000 };
    assert_eq!(config.institutions, [expected]);
    assert_eq!(serde_json::to_string(&config).unwrap(), json);
    for bad in [
        r#"{"institutions":[{"organisation":1}]}"#,
        r#"{"institutions":[{"organisation":1,"ceilingFen":-1}]}"#,
        r#"{"institutions":[{"organisation":1,"ceilingFen":1.5}]}"#,
        r#"{"institutions":[{"organisation":1,"ceilingFen":1,"more":1}]}"#,
    ] {
        assert!(serde_json::from_str::<GenesisConfig<Test>>(bad).is_err(), "{bad}");
    }
}
