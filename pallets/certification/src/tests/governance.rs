//! Schemes, yield ceilings, and rule sets.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok};
use frame_system::RawOrigin;
use pallet_calendar::Term;
use sp_runtime::BuildStorage;

fn set(scheme: Scheme) -> sp_runtime::DispatchResult {
    Certification::set_scheme(RawOrigin::Root.into(), 3, scheme)
}

fn organic() -> Scheme {
    Certification::scheme(ORGANIC).unwrap()
}

fn ceiling(scheme: u32, scope: CeilingScope, ceiling: Option<u64>) -> sp_runtime::DispatchResult {
    Certification::set_yield_ceiling(RawOrigin::Root.into(), scheme, scope, ceiling)
}

#[test]
fn the_default_has_organic_products_and_green_food() {
    run_bare(|| {
        let organic = organic();
        assert_eq!(organic.validity_months, 12);
        assert_eq!((organic.suspension_months_min, organic.suspension_months_max), (1, 3));
        assert_eq!(organic.terms.suspend, Term::calendar(15));
        assert_eq!(organic.terms.revoke, Term::calendar(7));
        assert_eq!(organic.label, LabelKind::OrganicCode);
        let green = Certification::scheme(GREEN_FOOD).unwrap();
        assert_eq!(green.validity_months, 36);
        assert_eq!(green.terms.accept, Term::working(40));
        assert_eq!(green.terms.decide, Some(Term::working(10)));
        assert_eq!(CurrentRuleSet::<Test>::get().version, 5);
    });
}

#[test]
fn a_change_makes_a_rule_set() {
    run_bare(|| {
        let before = Certification::rule_set();
        assert_ok!(set(organic()));
        let after = Certification::rule_set();
        assert_eq!(after.version, before.version + 1);
        assert_eq!(RuleSetHashes::<Test>::get(after.version), Some(after.hash));
        assert!(has_event(Event::RuleSetChanged {
            version: after.version,
            hash: after.hash,
            change: RuleChange::Scheme(3, organic()),
        }));
        let scope = CeilingScope::Product(tea());
        assert_ok!(ceiling(3, scope, Some(5)));
        assert_eq!(Certification::yield_ceiling(3, tea()), Some(5));
        assert_ok!(ceiling(3, scope, None));
        assert_eq!(Certification::yield_ceiling(3, tea()), None);
        assert_eq!(Certification::rule_set().version, before.version + 3);
    });
}

#[test]
fn a_ceiling_for_the_product_goes_before_one_for_the_category() {
    run_bare(|| {
        assert_eq!(Certification::yield_ceiling(ORGANIC, tea()), Some(TEA_CEILING));
        assert_eq!(Certification::yield_ceiling(ORGANIC, leaf()), Some(CATEGORY_CEILING));
        assert_eq!(Certification::yield_ceiling(ORGANIC, water()), None);
        assert_eq!(Certification::yield_ceiling(ORGANIC, gtin(99)), None);
    });
}

#[test]
fn schemes_out_of_range_are_refused() {
    run_bare(|| {
        let terms = organic().terms;
        let refused = |scheme| {
            assert_noop!(set(scheme), Error::<Test>::SchemeInvalid);
        };
        refused(Scheme { validity_months: 0, renewal_months: 0, ..organic() });
        refused(Scheme { validity_months: 121, ..organic() });
        refused(Scheme { renewal_months: 13, ..organic() });
        refused(Scheme { suspension_months_min: 0, ..organic() });
        refused(Scheme { suspension_months_min: 4, ..organic() });
        refused(Scheme { suspension_months_max: 25, ..organic() });
        refused(Scheme { relock_months: 121, ..organic() });
        refused(Scheme { tolerance_ppb: 1_000_000_001, ..organic() });
        let none = Term::working(0);
        for terms in [
            SchemeTerms { accept: none, ..terms },
            SchemeTerms { decide: Some(none), ..terms },
            SchemeTerms { suspend: none, ..terms },
            SchemeTerms { revoke: none, ..terms },
            SchemeTerms { cancel: none, ..terms },
            SchemeTerms { change: none, ..terms },
            SchemeTerms { publish: none, ..terms },
            SchemeTerms { complaint: Term::calendar(1_001), ..terms },
        ] {
            refused(Scheme { terms, ..organic() });
        }
        for scheme in [
            Scheme { name: text(""), ..organic() },
            Scheme { standard: text("GB\tT"), ..organic() },
            Scheme { filed_no: Some(text("")), ..organic() },
            Scheme { name: vec![0xff].try_into().unwrap(), ..organic() },
        ] {
            assert_noop!(set(scheme), Error::<Test>::TextInvalid);
        }
        assert_ok!(set(Scheme {
            validity_months: 120,
            renewal_months: 120,
            suspension_months_min: 24,
            suspension_months_max: 24,
            relock_months: 120,
            tolerance_ppb: 1_000_000_000,
            ..organic()
        }));
    });
}

#[test]
fn ceilings_out_of_range_are_refused() {
    run_bare(|| {
        let scope = CeilingScope::Category(1);
        assert_noop!(ceiling(9, scope, Some(1)), Error::<Test>::SchemeNotFound);
        assert_noop!(ceiling(ORGANIC, scope, Some(0)), Error::<Test>::CeilingInvalid);
        let most = 1_000_000_000_000_000;
        assert_noop!(ceiling(ORGANIC, scope, Some(most + 1)), Error::<Test>::CeilingInvalid);
        assert_ok!(ceiling(ORGANIC, scope, Some(most)));
    });
}

#[test]
fn only_governance_governs() {
    run_bare(|| {
        assert_noop!(
            Certification::set_scheme(by(agent(CNCA)), 3, organic()),
            sp_runtime::DispatchError::BadOrigin
        );
        assert_noop!(
            Certification::set_yield_ceiling(
                by(agent(CNCA)),
                ORGANIC,
                CeilingScope::Category(1),
                None
            ),
            sp_runtime::DispatchError::BadOrigin
        );
    });
}

#[test]
fn versions_run_out() {
    run_bare(|| {
        let current = CurrentRuleSet::<Test>::get();
        CurrentRuleSet::<Test>::mutate(|rule_set| rule_set.version = u32::MAX);
        assert_noop!(set(organic()), Error::<Test>::NumbersExhausted);
        CurrentRuleSet::<Test>::put(current);
    });
}

fn build(config: GenesisConfig<Test>) {
    config.build_storage().unwrap();
}

#[test]
fn json_is_read() {
    let json = serde_json::json!({
        "schemes": genesis::default_schemes(),
        "yieldCeilings": [
            { "scheme": 1, "category": TEA_CATEGORY, "perMuYear": 5 },
            { "scheme": 2, "gtin": String::from_utf8(tea().0.to_vec()).unwrap(), "perMuYear": 6 },
        ],
    });
    let config: GenesisConfig<Test> = serde_json::from_value(json).unwrap();
    build(config);
}

#[test]
#[should_panic(expected = "genesis scheme is valid")]
fn a_scheme_that_is_not_valid_stops_the_start() {
    let mut config = GenesisConfig::<Test>::default();
    config.schemes[0].validity_months = 0;
    build(config);
}

#[test]
#[should_panic(expected = "names either a GTIN or a category")]
fn a_ceiling_for_nothing_stops_the_start() {
    let nothing =
        GenesisYieldCeiling { scheme: ORGANIC, gtin: None, category: None, per_mu_year: 1 };
    build(GenesisConfig { yield_ceilings: vec![nothing], ..Default::default() });
}
