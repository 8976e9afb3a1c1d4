//! Governed data.

use crate::{mock::*, *};
use frame_support::{assert_noop, assert_ok, traits::UnfilteredDispatchable};
use sp_runtime::DispatchError::BadOrigin;

fn governor() -> RuntimeOrigin {
    RuntimeOrigin::signed(GOVERNOR)
}

fn rule(base: BaseUnit, numerator: u64, denominator: u64) -> UnitRule {
    UnitRule { base, numerator, denominator }
}

fn input(registration: &str) -> FarmInput {
    FarmInput {
        kind: FarmInputKind::Pesticide,
        registration: registration.as_bytes().to_vec().try_into().unwrap(),
        pre_harvest_days: 3,
        permitted: true,
    }
}

#[test]
fn every_change_makes_a_version() {
    run(|| {
        let before = CurrentRuleSet::<Test>::get();
        assert_ok!(Traceability::set_clock_skew(governor(), 5_000));
        let after = CurrentRuleSet::<Test>::get();
        assert_eq!(after.version, before.version + 1);
        let change = RuleChange::ClockSkew(5_000);
        let hash = sp_io::hashing::sha2_256(&codec::Encode::encode(&(before.hash, &change)));
        assert_eq!(after.hash, hash);
        assert_eq!(RuleSetHashes::<Test>::get(after.version), Some(hash));
        assert_eq!(RuleSetHashes::<Test>::get(before.version), Some(before.hash));
        assert!(has_event(Event::RuleSetChanged { version: after.version, hash, change }));
    });
}

#[test]
fn set_unit_works() {
    run(|| {
        let code = UnitCode::parse("STN").unwrap();
        let ton = rule(BaseUnit::Milligram, 90_718_474, 1);
        assert_ok!(Traceability::set_unit(governor(), code, ton));
        assert_eq!(Units::<Test>::get(code), Some(ton));
    });
}

#[test]
fn set_unit_rejects_bad_rules() {
    run(|| {
        let set = |text: [u8; 3], rule| Traceability::set_unit(governor(), UnitCode(text), rule);
        let kilogram = rule(BaseUnit::Milligram, 1, 1);
        assert_noop!(set(*b"kgm", kilogram), Error::<Test>::InvalidRule);
        assert_noop!(set(*b"STN", rule(BaseUnit::Milligram, 0, 1)), Error::<Test>::InvalidRule);
        assert_noop!(set(*b"STN", rule(BaseUnit::Milligram, 1, 0)), Error::<Test>::InvalidRule);
        // A unit keeps its dimension, and a base unit is itself.
        assert_noop!(set(*b"KGM", rule(BaseUnit::Each, 1, 1)), Error::<Test>::InvalidRule);
        assert_noop!(set(*b"MGM", rule(BaseUnit::Milligram, 2, 1)), Error::<Test>::InvalidRule);
        assert_noop!(Traceability::set_unit(by(GARDEN), UnitCode(*b"STN"), kilogram), BadOrigin);
    });
}

#[test]
fn set_yield_works_and_ends() {
    run(|| {
        let scope = YieldScope::Category { input: 10_000_115, output: 10_000_116 };
        let limit = YieldRule { max_ppb: MAX_YIELD_PPB, by_product: false };
        assert_ok!(Traceability::set_yield(governor(), scope, Some(limit)));
        assert_eq!(Yields::<Test>::get(scope), Some(limit));
        assert_ok!(Traceability::set_yield(governor(), scope, None));
        assert_eq!(Yields::<Test>::get(scope), None);
    });
}

#[test]
fn set_yield_rejects_bad_rules() {
    run(|| {
        let scope = YieldScope::Product { input: gtin(LEAF), output: gtin(TEA) };
        for max_ppb in [0, MAX_YIELD_PPB + 1] {
            let limit = YieldRule { max_ppb, by_product: false };
            assert_noop!(
                Traceability::set_yield(governor(), scope, Some(limit)),
                Error::<Test>::InvalidRule
            );
        }
        assert_noop!(Traceability::set_yield(by(FACTORY), scope, None), BadOrigin);
    });
}

#[test]
fn set_farm_input_works() {
    run(|| {
        assert_ok!(Traceability::set_farm_input(governor(), 8, input("PD1")));
        assert_ok!(Traceability::set_farm_input(by(AGRI), 9, input("PD2")));
        assert_eq!(FarmInputs::<Test>::get(9), Some(input("PD2")));
    });
}

#[test]
fn set_farm_input_rejects_bad_input() {
    run(|| {
        for text in ["", "PD 1", "农药"] {
            assert_noop!(
                Traceability::set_farm_input(governor(), 8, input(text)),
                Error::<Test>::InvalidRule
            );
        }
        assert_noop!(Traceability::set_farm_input(by(GARDEN), 8, input("PD1")), FORBIDDEN);
        assert_noop!(Traceability::set_farm_input(RuntimeOrigin::none(), 8, input("P")), BadOrigin);
    });
}

#[test]
fn set_recall_rule_works() {
    run(|| {
        assert_ok!(Traceability::set_recall_rule(governor(), 3, RecallScope::SameEvent));
        assert_eq!(RecallRules::<Test>::get(3), Some(RecallScope::SameEvent));
    });
}

#[test]
fn set_recall_rule_rejects_unknown_classes() {
    run(|| {
        for class in [0, 4] {
            assert_noop!(
                Traceability::set_recall_rule(governor(), class, RecallScope::SameEvent),
                Error::<Test>::InvalidRule
            );
        }
        assert_noop!(Traceability::set_recall_rule(by(SAMR), 1, RecallScope::SameEvent), BadOrigin);
    });
}

#[test]
fn set_clock_skew_boundary_day() {
    run(|| {
        assert_ok!(Traceability::set_clock_skew(governor(), DAY_MS));
        assert_noop!(
            Traceability::set_clock_skew(governor(), DAY_MS + 1),
            Error::<Test>::InvalidRule
        );
        assert_noop!(Traceability::set_clock_skew(by(SAMR), 0), BadOrigin);
    });
}

#[test]
fn versions_do_not_wrap() {
    run(|| {
        CurrentRuleSet::<Test>::put(RuleSet { version: u32::MAX, hash: [0; 32] });
        // The call is rolled back as a whole when it is dispatched.
        let call = Call::<Test>::set_clock_skew { skew_ms: 1 };
        assert_noop!(
            UnfilteredDispatchable::dispatch_bypass_filter(call, governor()),
            Error::<Test>::NumbersExhausted
        );
    });
}
