//! Governed data: grant rules, registrar roles, conflicts, quotas.

use super::*;
use sp_runtime::DispatchError::BadOrigin;

fn roles(of: &[Role]) -> RoleSet {
    RoleSet::try_from(of.iter().copied().collect::<std::collections::BTreeSet<_>>()).unwrap()
}

#[test]
fn set_grant_rule_works() {
    execute(|| {
        let auditors = roles(&[Role::Auditor, Role::Lab]);
        assert_ok!(Participants::set_grant_rule(root(), Role::Treasury, auditors.clone()));
        assert_eq!(GrantRules::<Test>::get(Role::Treasury), auditors);
        assert_last(Event::GrantRuleSet { granter: Role::Treasury, grants: auditors });
        // With no rule left, the authority that could grant yesterday cannot today.
        assert_ok!(Participants::set_grant_rule(root(), Role::Samr, roles(&[])));
        assert!(!GrantRules::<Test>::contains_key(Role::Samr));
        assert_noop!(
            Participants::grant_capacity(signed(samr()), grant(Role::BrandOwner), Some(Role::Samr)),
            E::RoleMayNotGrant
        );
    });
}

#[test]
fn set_registrar_roles_works() {
    execute(|| {
        let agri = roles(&[Role::AgriAuth]);
        assert_ok!(Participants::set_registrar_roles(root(), agri.clone()));
        assert_last(Event::RegistrarRolesSet { roles: agri });
        let register = |acting_as| {
            Participants::register_organisation(
                signed(samr()),
                registration(),
                account(0x41),
                None,
                Some(acting_as),
            )
        };
        assert_noop!(register(Role::Samr), E::RoleMayNotRegister);
        assert_noop!(register(Role::AgriAuth), E::RoleNotHeld);
    });
}

#[test]
fn set_conflict_works() {
    execute(|| {
        let set = |excluded| {
            Participants::set_conflict(root(), Role::BrandOwner, Role::TraceNode, excluded)
        };
        assert_ok!(set(true));
        assert_eq!(Conflicts::<Test>::get(Role::TraceNode, Role::BrandOwner), Some(3));
        assert_last(Event::ConflictSet { a: Role::BrandOwner, b: Role::TraceNode, excluded: true });
        let own = || Participants::grant_capacity(root(), grant(Role::BrandOwner), None);
        assert_noop!(own(), E::RolesConflict);
        assert_ok!(set(false));
        assert_eq!(Conflicts::<Test>::get(Role::TraceNode, Role::BrandOwner), None);
        assert_ok!(own());
        // What was granted before the conflict stays, and no more is granted on top of it.
        assert_ok!(set(true));
        assert!(Participants::holds_role(FARM, Role::BrandOwner));
        assert!(Participants::holds_role(FARM, Role::TraceNode));
        assert_noop!(own(), E::RolesConflict);
    });
}

#[test]
fn set_conflict_again_keeps_the_first_capacity_that_it_binds() {
    execute(|| {
        let set = || Participants::set_conflict(root(), Role::Clearing, Role::Treasury, true);
        assert_ok!(set());
        assert_ok!(Participants::grant_capacity(root(), grant(Role::Clearing), None));
        assert_ok!(set());
        assert_eq!(Conflicts::<Test>::get(Role::Treasury, Role::Clearing), Some(3));
    });
}

#[test]
fn set_conflict_rejects_a_role_with_itself() {
    execute(|| {
        assert_noop!(
            Participants::set_conflict(root(), Role::Lab, Role::Lab, true),
            E::ConflictInvalid
        );
    });
}

#[test]
fn set_daily_quota_works() {
    execute(|| {
        let left = |who| Participants::agent_info(who).unwrap().quota_left;
        assert_eq!((left(farmer()), left(samr())), (5, 5));
        assert_ok!(Participants::set_daily_quota(root(), None, Some(7)));
        assert_last(Event::DailyQuotaSet { organisation: None, per_day: Some(7) });
        assert_ok!(Participants::set_daily_quota(root(), Some(FARM), Some(9)));
        assert_last(Event::DailyQuotaSet { organisation: Some(FARM), per_day: Some(9) });
        assert_eq!((left(farmer()), left(samr())), (9, 7));
        assert_ok!(Participants::set_daily_quota(root(), Some(FARM), None));
        assert_eq!(left(farmer()), 7);
        assert_ok!(Participants::set_daily_quota(root(), None, None));
        assert_eq!(left(farmer()), 5);
        assert_noop!(
            Participants::set_daily_quota(root(), Some(NEXT), None),
            E::OrganisationNotFound
        );
    });
}

#[test]
fn set_daily_quota_boundary_of_the_general_one() {
    execute(|| {
        assert_noop!(Participants::set_daily_quota(root(), None, Some(0)), E::QuotaInvalid);
        assert_ok!(Participants::set_daily_quota(root(), None, Some(1)));
    });
}

#[test]
fn governed_data_rejects_other_origins() {
    execute(|| {
        for who in [samr(), farmer(), stranger()] {
            let by = || signed(who.clone());
            assert_noop!(Participants::set_grant_rule(by(), Role::Samr, roles(&[])), BadOrigin);
            assert_noop!(Participants::set_registrar_roles(by(), roles(&[])), BadOrigin);
            assert_noop!(Participants::set_conflict(by(), Role::Samr, Role::Lab, true), BadOrigin);
            assert_noop!(Participants::set_daily_quota(by(), None, Some(1)), BadOrigin);
        }
    });
}
