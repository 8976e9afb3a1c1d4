//! The genesis configuration.

use super::*;
use frame_support::traits::StorageVersion;

#[test]
fn genesis_works() {
    execute(|| {
        assert_eq!(StorageVersion::get::<Participants>(), StorageVersion::new(1));
        assert_eq!(NextOrganisationId::<Test>::get(), NEXT);
        let farm = Participants::organisation_by_uscc(uscc(2)).unwrap();
        assert_eq!((farm.details.agents, farm.details.administrators), (2, 1));
        assert_eq!(farm.profile.registered_at, 0);
        assert_eq!(Agents::<Test>::get(farmer()).unwrap().powers, Powers::ALL);
        assert_eq!(Agents::<Test>::get(clerk()).unwrap().powers, Powers::role(Role::TraceNode));
        assert_eq!(System::providers(&clerk()), 1);
        assert!(RegistrarRoles::<Test>::get().contains(&Role::Samr));
        assert_eq!(Conflicts::<Test>::get(Role::TraceNode, Role::CertBody), Some(0));
        assert_eq!(DailyQuota::<Test>::get(), 5);
    });
}

#[test]
fn genesis_quotas_work() {
    let mut config = genesis_config();
    config.daily_quota = Some(70);
    config.organisations[2].daily_quota = Some(90);
    externalities(config).execute_with(|| {
        assert_eq!(Participants::agent_info(samr()).unwrap().quota_left, 70);
        assert_eq!(Participants::agent_info(farmer()).unwrap().quota_left, 90);
    });
}

#[test]
fn genesis_survives_json() {
    let config = genesis_config();
    let json = serde_json::to_value(&config).unwrap();
    assert_eq!(json["organisations"][2]["capacities"][0]["role"], "TraceNode");
    assert_eq!(json["organisations"][2]["region"], 331_100);
    let back: GenesisConfig<Test> = serde_json::from_value(json).unwrap();
    assert_eq!(back.organisations, config.organisations);
    assert_eq!(back.conflicts, config.conflicts);
}

#[test]
fn genesis_needs_only_the_particulars_that_every_organisation_has() {
    let json = serde_json::json!({
        "uscc": String::from_utf8(uscc(9).to_vec()).unwrap(),
        "name": "a",
        "region": 0,
        "agents": [{ "account": farmer(), "administer": true, "roles": ["Lab"] }],
    });
    let organisation: GenesisOrganisation<AccountId> = serde_json::from_value(json).unwrap();
    let config = GenesisConfig { organisations: vec![organisation], ..Default::default() };
    externalities(config).execute_with(|| {
        let powers = Powers::ADMINISTER.and(Powers::role(Role::Lab));
        assert_eq!(Agents::<Test>::get(farmer()).unwrap().powers, powers);
        Participants::do_try_state().unwrap();
    });
}

fn assert_panics(change: impl FnOnce(&mut GenesisConfig<Test>) + std::panic::UnwindSafe) {
    let refused = std::panic::catch_unwind(|| {
        let mut config = genesis_config();
        change(&mut config);
        externalities(config);
    });
    assert!(refused.is_err());
}

#[test]
fn genesis_rejects_what_calls_would_reject() {
    assert_panics(|config| config.organisations[0].uscc = "91350100M000100Y44".into());
    assert_panics(|config| config.organisations[0].uscc = "short".into());
    assert_panics(|config| config.organisations[0].agents.clear());
    assert_panics(|config| config.organisations[0].agents[0].administer = false);
    assert_panics(|config| config.organisations[0].agents[0].account = farmer());
    assert_panics(|config| config.organisations[0].name = "a".repeat(201));
    assert_panics(|config| config.conflicts.push((Role::Lab, Role::Lab)));
    assert_panics(|config| {
        let certify = GenesisCapacity::unlimited(Role::CertBody, LISHUI);
        config.organisations[2].capacities.push(certify);
    });
}
