//! What other pallets are told.

use super::*;
use sp_runtime::DispatchError;

fn ensure(
    who: AccountId,
    region: Option<RegionCode>,
    of: Option<&str>,
) -> Result<OrganisationId, DispatchError> {
    let subject = of.map(str::as_bytes);
    <Participants as Authority<AccountId>>::ensure_role(&who, Role::TraceNode, region, subject)
}

fn refused(error: E) -> Result<OrganisationId, DispatchError> {
    Err(error.into())
}

#[test]
fn ensure_role_works() {
    execute(|| {
        for who in [farmer(), clerk()] {
            assert_eq!(ensure(who.clone(), None, None), Ok(FARM));
            assert_eq!(ensure(who.clone(), Some(LISHUI), Some("tea")), Ok(FARM));
            assert_eq!(ensure(who, Some(SUICHANG), Some("rice")), Ok(FARM));
        }
    });
}

#[test]
fn ensure_role_rejects_what_is_not_covered() {
    execute(|| {
        assert_eq!(ensure(stranger(), None, None), refused(E::AgentNotFound));
        assert_eq!(ensure(samr(), None, None), refused(E::RoleNotHeld));
        assert_eq!(ensure(farmer(), Some(ZHEJIANG), None), refused(E::RegionNotCovered));
        assert_eq!(ensure(farmer(), None, Some("fish")), refused(E::SubjectNotCovered));
        assert_eq!(ensure(farmer(), None, Some("")), refused(E::SubjectNotCovered));
        assert_eq!(ensure(farmer(), None, Some("tea ")), refused(E::SubjectNotCovered));
        assert_ok!(Participants::set_agent_powers(root(), clerk(), Powers::role(Role::Lab)));
        assert_eq!(ensure(clerk(), None, None), refused(E::PowerMissing));
    });
}

#[test]
fn ensure_role_needs_one_capacity_that_covers_region_and_subject() {
    execute(|| {
        let fish = Grant { region: ANHUI, subjects: subjects(&["fish"]), ..grant(Role::TraceNode) };
        assert_ok!(Participants::grant_capacity(root(), fish, None));
        assert_eq!(ensure(farmer(), Some(ANHUI), Some("fish")), Ok(FARM));
        assert_eq!(ensure(farmer(), Some(ANHUI), Some("tea")), refused(E::SubjectNotCovered));
        assert!(ensure(farmer(), Some(LISHUI), Some("fish")).is_err());
    });
}

#[test]
fn ensure_role_boundary_of_periods() {
    execute(|| {
        assert_ok!(Participants::revoke_capacity(root(), 2, None));
        assert_eq!(ensure(farmer(), None, None), refused(E::RoleNotHeld));
        let (from, until) = (START + 10, START + 20);
        let later = Grant { valid_from: from, valid_until: Some(until), ..grant(Role::TraceNode) };
        assert_ok!(Participants::grant_capacity(root(), later, None));
        for (now, expected) in [
            (from - 1, refused(E::CapacityNotInForce)),
            (from, Ok(FARM)),
            (until - 1, Ok(FARM)),
            (until, refused(E::CapacityNotInForce)),
        ] {
            Now::set(now);
            assert_eq!(ensure(farmer(), None, None), expected);
        }
    });
}

#[test]
fn ensure_role_rejects_withdrawn_keys_and_suspended_organisations() {
    execute(|| {
        assert_ok!(Participants::rotate_key(signed(clerk()), account(0x33)));
        assert_eq!(ensure(clerk(), None, None), refused(E::AgentReplaced));
        assert_ok!(Participants::revoke_agent(root(), account(0x33)));
        assert_eq!(ensure(account(0x33), None, None), refused(E::AgentRevoked));
        let of = <Participants as Authority<AccountId>>::organisation_of;
        assert_eq!(of(&farmer()), Ok(FARM));
        assert_ok!(Participants::suspend_organisation(root(), FARM, [0; 32], None));
        assert_eq!(ensure(farmer(), None, None), refused(E::OrganisationSuspended));
        assert!(of(&farmer()).is_err());
        assert!(!Participants::holds_role(FARM, Role::TraceNode));
        assert_ok!(Participants::close_organisation(root(), FARM));
        assert_eq!(ensure(farmer(), None, None), refused(E::OrganisationClosed));
    });
}

#[test]
fn organisation_and_holds_role_work() {
    execute(|| {
        let organisation = <Participants as Authority<AccountId>>::organisation;
        assert_eq!(
            organisation(FARM),
            Some(OrganisationSummary {
                region: LISHUI,
                active: true,
                gln: Some(FARM_GLN.as_bytes().try_into().unwrap()),
            })
        );
        assert_eq!(organisation(NEXT), None);
        assert!(Participants::holds_role(FARM, Role::TraceNode));
        assert!(!Participants::holds_role(FARM, Role::Samr));
        assert!(!Participants::holds_role(NEXT, Role::TraceNode));
        assert_ok!(Participants::suspend_organisation(root(), FARM, [0; 32], None));
        assert!(!organisation(FARM).unwrap().active);
    });
}

#[test]
fn roles_have_their_indices() {
    for (index, role) in Role::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(role.index()), index);
        assert_eq!(codec::Encode::encode(&role), vec![role.index()]);
    }
}
