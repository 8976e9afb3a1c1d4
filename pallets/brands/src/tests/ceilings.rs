//! Yield ceilings.

use super::*;
use codec::Encode;

#[test]
fn set_yield_ceiling_works() {
    run(|| {
        let governor = || RuntimeOrigin::signed(GOVERNOR);
        let scope = CeilingScope::Product(gtin(TIN));
        let before = CurrentRuleSet::<Test>::get();
        assert_ok!(Brands::set_yield_ceiling(governor(), scope, Some(9)));
        assert_eq!(Brands::yield_ceiling(scope), Some(9));
        let change = RuleChange::YieldCeiling(scope, Some(9));
        let hash = sp_io::hashing::sha2_256(&(before.hash, change).encode());
        let after = RuleSet { version: before.version + 1, hash };
        assert_eq!(CurrentRuleSet::<Test>::get(), after);
        assert_eq!(RuleSetHashes::<Test>::get(after.version), Some(hash));
        assert!(has_event(Event::RuleSetChanged { version: after.version, hash, change }));
        assert_ok!(Brands::set_yield_ceiling(governor(), scope, None));
        assert_eq!(Brands::yield_ceiling(scope), None);
        assert_noop!(
            Brands::set_yield_ceiling(governor(), scope, Some(0)),
            Error::<Test>::CeilingZero
        );
        assert_noop!(
            Brands::set_yield_ceiling(by(ASSOCIATION), scope, Some(1)),
            DispatchError::BadOrigin
        );
    });
}
