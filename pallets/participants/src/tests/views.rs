//! View functions.

use super::*;

#[test]
fn organisation_views_work() {
    execute(|| {
        let info = Participants::organisation_by_uscc(uscc(2)).unwrap();
        assert_eq!(info.id, FARM);
        assert_eq!(info.profile.name, name("organisation 2"));
        assert_eq!(Participants::organisation_info(FARM), Some(info));
        assert_eq!(Participants::organisation_by_uscc(uscc(3)), None);
        assert_eq!(Participants::organisation_info(NEXT), None);
    });
}

#[test]
fn agent_views_work() {
    execute(|| {
        let info = Participants::agent_info(clerk()).unwrap();
        assert_eq!((info.details.organisation, info.may_act, info.quota_left), (FARM, true, 5));
        assert_eq!(Participants::agent_info(stranger()), None);
        assert_eq!(Participants::agents_of(FARM), vec![farmer(), clerk()]);
        assert!(Participants::agents_of(NEXT).is_empty());
        assert_ok!(Participants::suspend_organisation(root(), FARM, [0; 32], None));
        assert!(!Participants::agent_info(clerk()).unwrap().may_act);
    });
}

#[test]
fn capacities_at_works_for_past_and_future() {
    execute(|| {
        let later = Grant { valid_from: START + 10, ..grant(Role::BrandOwner) };
        assert_ok!(Participants::grant_capacity(root(), later, None));
        Now::set(START + 20);
        assert_ok!(Participants::revoke_capacity(root(), 2, None));
        let at = |now, after| -> Vec<CapacityId> {
            Participants::capacities_at(FARM, now, after).into_iter().map(|(id, _)| id).collect()
        };
        assert_eq!(at(START, None), vec![2]);
        assert_eq!(at(START + 10, None), vec![2, 3]);
        assert_eq!(at(START + 10, Some(2)), vec![3]);
        assert_eq!(at(START + 19, None), vec![2, 3]);
        assert_eq!(at(START + 20, None), vec![3]);
        assert_eq!(at(START + 20, Some(3)), Vec::<CapacityId>::new());
        assert_eq!(at(START + 365 * DAY, None), Vec::<CapacityId>::new());
    });
}

#[test]
fn may_works() {
    execute(|| {
        let may = |role, region, of: &str| {
            Participants::may(clerk(), role, Some(region), Some(subject(of)))
        };
        assert!(may(Role::TraceNode, LISHUI, "tea"));
        assert!(!may(Role::TraceNode, LISHUI, "fish"));
        assert!(!may(Role::TraceNode, ANHUI, "tea"));
        assert!(!may(Role::Lab, LISHUI, "tea"));
        assert!(!Participants::may(stranger(), Role::TraceNode, None, None));
    });
}
