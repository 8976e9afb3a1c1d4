//! Every broken invariant is found.

use super::*;

/// Asserts that `corrupt`, applied to the cast, breaks the invariant named in `expected`.
fn check(expected: &'static str, corrupt: impl FnOnce()) {
    externalities(genesis_config()).execute_with(|| {
        Participants::do_try_state().unwrap();
        corrupt();
        assert_eq!(Participants::do_try_state(), Err(expected.into()));
    });
}

fn farm(change: impl FnOnce(&mut OrganisationDetails)) {
    Organisations::<Test>::mutate(FARM, |details| change(details.as_mut().unwrap()));
}

fn profile(change: impl FnOnce(&mut OrganisationProfile)) {
    Profiles::<Test>::mutate(FARM, |profile| change(profile.as_mut().unwrap()));
}

fn agent(change: impl FnOnce(&mut AgentDetails<AccountId>)) {
    Agents::<Test>::mutate(clerk(), |details| change(details.as_mut().unwrap()));
}

fn capacity(change: impl FnOnce(&mut Capacity)) {
    Capacities::<Test>::mutate(2, |details| change(details.as_mut().unwrap()));
}

#[test]
fn broken_organisations_are_found() {
    check("organisation number was never given", || {
        NextOrganisationId::<Test>::put(2);
    });
    check("organisations are missing", || NextOrganisationId::<Test>::put(4));
    check("invalid unified social credit code", || farm(|d| d.uscc[0] = b'O'));
    check("organisation is not found by its code", || farm(|d| d.uscc = uscc(50)));
    check("code without organisation", || {
        OrganisationByUscc::<Test>::insert(uscc(50), FARM);
    });
    check("invalid region", || farm(|d| d.region = RegionCode(1)));
    check("organisation without profile", || Profiles::<Test>::remove(FARM));
    check("invalid name", || profile(|p| p.name = name("")));
    check("profile without organisation", || {
        Profiles::<Test>::insert(9, Profiles::<Test>::get(FARM).unwrap());
    });
}

#[test]
fn broken_identifiers_are_found() {
    check("invalid location number", || farm(|d| d.gln = Some([b'1'; 13])));
    check("organisation is not found by its location number", || {
        farm(|d| d.gln = Some(*OTHER_GLN));
    });
    check("location number without organisation", || farm(|d| d.gln = None));
    check("invalid decentralised identifier", || profile(|p| p.did = Some(did("x"))));
    check("organisation is not found by its decentralised identifier", || {
        profile(|p| p.did = Some(did("did:web:a.b")));
    });
    check("decentralised identifier without organisation", || profile(|p| p.did = None));
}

#[test]
fn broken_agents_are_found() {
    check("agent of an unknown organisation", || agent(|a| a.organisation = 9));
    check("agent with reserved powers", || agent(|a| a.powers = Powers(1 << 60)));
    check("index of agents differs from their status", || {
        agent(|a| a.status = AgentStatus::Revoked { since: 0 });
    });
    check("index of agents differs from their status", || {
        AgentsByOrganisation::<Test>::remove(FARM, clerk());
    });
    check("active agent without provider", || {
        System::dec_providers(&clerk()).unwrap();
    });
    check("replaced agent without successor", || {
        AgentsByOrganisation::<Test>::remove(FARM, clerk());
        agent(|a| a.status = AgentStatus::Replaced { since: 0, by: samr() });
    });
    check("successor with another first key", || {
        Participants::rotate_key(signed(clerk()), account(0x33)).unwrap();
        FirstKeys::<Test>::insert(account(0x33), farmer());
    });
    check("first key of an agent that took over from none", || {
        FirstKeys::<Test>::insert(farmer(), clerk());
    });
    check("index of agents has an unknown agent", || {
        AgentsByOrganisation::<Test>::insert(FARM, stranger(), 1);
    });
    check("wrong number of agents", || farm(|d| d.agents = 3));
    check("wrong number of administrators", || farm(|d| d.administrators = 2));
    check("wrong number of administrators", || agent(|a| a.powers = Powers::ADMINISTER));
    check("too many agents", || {
        for n in 0..3 {
            let more = account(0x51 + n);
            System::inc_providers(&more);
            AgentsByOrganisation::<Test>::insert(FARM, &more, 1);
            Agents::<Test>::insert(&more, Agents::<Test>::get(clerk()).unwrap());
        }
        farm(|d| d.agents = 5);
    });
}

#[test]
fn broken_capacities_are_found() {
    check("capacity number was never given", || NextCapacityId::<Test>::put(2));
    check("capacities are missing", || NextCapacityId::<Test>::put(4));
    check("capacity of an unknown organisation", || capacity(|c| c.organisation = 9));
    check("capacity is not found by its organisation", || capacity(|c| c.role = Role::Lab));
    check("capacity is not found by its organisation", || {
        CapacitiesByOrganisation::<Test>::remove(FARM, 2);
    });
    check("capacity with an empty period", || capacity(|c| c.valid_until = Some(c.valid_from)));
    check("list of capacities in force differs from their records", || {
        capacity(|c| c.revoked_at = Some(START));
    });
    check("list of capacities in force differs from their records", || {
        CapacitiesInForce::<Test>::remove(FARM, Role::TraceNode);
    });
    check("index of capacities has an unknown capacity", || {
        CapacitiesByOrganisation::<Test>::insert(FARM, 9, Role::Lab);
    });
    check("capacities in force are not ascending", || {
        CapacitiesInForce::<Test>::mutate(FARM, Role::TraceNode, |ids| {
            ids.try_push(2).unwrap();
        });
    });
    check("list of capacities in force has a foreign capacity", || {
        CapacitiesInForce::<Test>::mutate(FARM, Role::Lab, |ids| {
            ids.try_push(2).unwrap();
        });
    });
}

#[test]
fn broken_separation_of_duties_is_found() {
    let certify = || {
        Participants::set_conflict(root(), Role::TraceNode, Role::CertBody, false).unwrap();
        Participants::grant_capacity(root(), grant(Role::CertBody), None).unwrap();
    };
    check("role excludes itself", || Conflicts::<Test>::insert(Role::Lab, Role::Lab, 0));
    check("conflict in one order only", || {
        Conflicts::<Test>::remove(Role::TraceNode, Role::CertBody);
    });
    check("organisation holds roles that exclude each other", || {
        certify();
        Conflicts::<Test>::insert(Role::TraceNode, Role::CertBody, 3);
        Conflicts::<Test>::insert(Role::CertBody, Role::TraceNode, 3);
    });
}
