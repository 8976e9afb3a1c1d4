//! Registration, powers, replacement and revocation of keys.

use super::*;
use frame_support::traits::fungible::{Inspect, InspectHold, Mutate, MutateHold};
use sp_runtime::DispatchError::BadOrigin;

const TRACE: Powers = Powers::role(Role::TraceNode);

fn register(origin: RuntimeOrigin, agent: AccountId) -> frame_support::dispatch::DispatchResult {
    Participants::register_agent(origin, FARM, agent, TRACE, None)
}

fn status(who: AccountId) -> AgentStatus<AccountId> {
    Agents::<Test>::get(who).unwrap().status
}

#[test]
fn register_agent_works() {
    execute(|| {
        assert_ok!(Participants::register_agent(
            signed(farmer()),
            FARM,
            account(0x33),
            TRACE,
            Some([9; 32]),
        ));
        assert_eq!(
            Agents::<Test>::get(account(0x33)).unwrap(),
            AgentDetails {
                organisation: FARM,
                powers: TRACE,
                status: AgentStatus::Active,
                commitment: Some([9; 32]),
                quota: QuotaUse::default(),
            }
        );
        assert_eq!(System::providers(&account(0x33)), 1);
        assert_eq!(AgentsByOrganisation::<Test>::get(FARM, account(0x33)), Some(1));
        assert_last(Event::AgentRegistered {
            organisation: FARM,
            agent: account(0x33),
            powers: TRACE,
        });
        assert_ok!(register(root(), account(0x34)));
        let farm = Organisations::<Test>::get(FARM).unwrap();
        assert_eq!((farm.agents, farm.administrators), (4, 1));
    });
}

#[test]
fn register_agent_rejects_bad_input() {
    execute(|| {
        assert_noop!(register(signed(stranger()), account(0x33)), E::AgentNotFound);
        assert_noop!(register(signed(clerk()), account(0x33)), E::PowerMissing);
        assert_noop!(register(signed(samr()), account(0x33)), E::NotOfOrganisation);
        assert_noop!(register(RuntimeOrigin::none(), account(0x33)), BadOrigin);
        assert_noop!(register(root(), samr()), E::AccountTaken);
        assert_noop!(
            Participants::register_agent(root(), NEXT, account(0x33), TRACE, None),
            E::OrganisationNotFound
        );
        for bit in 56..62 {
            assert_noop!(
                Participants::register_agent(root(), FARM, account(0x33), Powers(1 << bit), None),
                E::PowersUnknown
            );
        }
        assert_ok!(Participants::close_organisation(root(), FARM));
        assert_noop!(register(root(), account(0x33)), E::OrganisationClosed);
    });
}

#[test]
fn register_agent_rejects_weak_keys() {
    // The points of small order and their other encodings; from "Taming the many EdDSAs", table 6c.
    const SMALL_ORDER: [&str; 11] = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    execute(|| {
        for key in SMALL_ORDER {
            let mut bytes = [0; 32];
            for (byte, pair) in bytes.iter_mut().zip(key.as_bytes().chunks(2)) {
                *byte = u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap();
            }
            let weak = AccountId::new(bytes);
            assert_noop!(register(root(), weak.clone()), E::WeakKey);
            assert_noop!(Participants::rotate_key(signed(clerk()), weak.clone()), E::WeakKey);
            assert_noop!(Participants::recover_agent(root(), clerk(), weak), E::WeakKey);
        }
    });
}

#[test]
fn register_agent_works_for_keys_of_other_schemes() {
    // `//Alice` of sr25519 is no ed25519 point.
    const ALICE: [u8; 32] = [
        0xd4, 0x35, 0x93, 0xc7, 0x15, 0xfd, 0xd3, 0x1c, 0x61, 0x14, 0x1a, 0xbd, 0x04, 0xa9, 0x9f,
        0xd6, 0x82, 0x2c, 0x85, 0x58, 0x85, 0x4c, 0xcd, 0xe3, 0x9a, 0x56, 0x84, 0xe7, 0xa5, 0x6d,
        0xa2, 0x7d,
    ];
    execute(|| {
        assert_ok!(register(root(), AccountId::new(ALICE)));
    });
}

#[test]
fn register_agent_boundary_of_their_number() {
    execute(|| {
        assert_ok!(register(root(), account(0x33)));
        assert_ok!(register(root(), account(0x34)));
        assert_noop!(register(root(), account(0x35)), E::TooManyAgents);
        assert_ok!(Participants::revoke_agent(root(), account(0x34)));
        assert_ok!(register(root(), account(0x35)));
    });
}

#[test]
fn set_agent_powers_works() {
    execute(|| {
        let set = |who, powers| Participants::set_agent_powers(signed(farmer()), who, powers);
        assert_ok!(set(clerk(), Powers::ADMINISTER));
        assert_eq!(Agents::<Test>::get(clerk()).unwrap().powers, Powers::ADMINISTER);
        assert_eq!(Organisations::<Test>::get(FARM).unwrap().administrators, 2);
        assert_last(Event::AgentPowersSet {
            organisation: FARM,
            agent: clerk(),
            powers: Powers::ADMINISTER,
        });
        // The same again, then the administrator gives up its own power.
        assert_ok!(set(clerk(), Powers::ADMINISTER));
        assert_ok!(set(farmer(), Powers::NONE));
        assert_eq!(Organisations::<Test>::get(FARM).unwrap().administrators, 1);
    });
}

#[test]
fn set_agent_powers_rejects_bad_input() {
    execute(|| {
        let set = Participants::set_agent_powers;
        assert_noop!(set(root(), stranger(), TRACE), E::AgentNotFound);
        assert_noop!(set(root(), clerk(), Powers(1 << 60)), E::PowersUnknown);
        assert_noop!(set(signed(samr()), clerk(), TRACE), E::NotOfOrganisation);
        assert_noop!(set(signed(clerk()), clerk(), Powers::ALL), E::PowerMissing);
        assert_noop!(set(signed(farmer()), farmer(), TRACE), E::LastAdministrator);
        assert_noop!(set(root(), farmer(), TRACE), E::LastAdministrator);
        assert_ok!(Participants::rotate_key(signed(clerk()), account(0x33)));
        assert_noop!(set(root(), clerk(), TRACE), E::AgentReplaced);
        assert_ok!(Participants::revoke_agent(root(), account(0x33)));
        assert_noop!(set(root(), account(0x33), TRACE), E::AgentRevoked);
    });
}

#[test]
fn rotate_key_works() {
    execute(|| {
        let used = QuotaUse { day: 3, used: 4 };
        Agents::<Test>::mutate(clerk(), |agent| agent.as_mut().unwrap().quota = used);
        System::inc_account_nonce(clerk());
        assert_ok!(Participants::rotate_key(signed(clerk()), account(0x33)));
        let new = Agents::<Test>::get(account(0x33)).unwrap();
        assert_eq!((new.organisation, new.powers, new.quota), (FARM, TRACE, used));
        assert_eq!(status(clerk()), AgentStatus::Replaced { since: START, by: account(0x33) });
        assert_eq!(Participants::agents_of(FARM), vec![farmer(), account(0x33)]);
        assert!(!System::account_exists(&clerk()));
        assert_last(Event::AgentKeyReplaced {
            organisation: FARM,
            old: clerk(),
            new: account(0x33),
        });
    });
}

#[test]
fn keys_that_took_over_from_one_another_have_one_first_key() {
    execute(|| {
        let first_key = <Participants as Authority<_>>::first_key;
        assert_eq!(first_key(&clerk()), clerk());
        assert_ok!(Participants::rotate_key(signed(clerk()), account(0x33)));
        assert_ok!(Participants::revoke_agent(root(), account(0x33)));
        assert_ok!(Participants::recover_agent(root(), account(0x33), account(0x44)));
        for key in [clerk(), account(0x33), account(0x44)] {
            assert_eq!(first_key(&key), clerk());
        }
        assert_eq!(first_key(&farmer()), farmer());
        assert_ok!(Participants::do_try_state());
    });
}

#[test]
fn rotate_key_moves_money_but_not_what_is_held() {
    execute(|| {
        Balances::set_balance(&clerk(), 100);
        Balances::hold(&HoldReason::Purpose, &clerk(), 30).unwrap();
        assert_ok!(Participants::rotate_key(signed(clerk()), account(0x33)));
        assert_eq!(Balances::balance(&account(0x33)), 70);
        assert_eq!(Balances::total_balance_on_hold(&clerk()), 30);
        assert!(System::account_exists(&clerk()));
    });
}

#[test]
fn rotate_key_rejects_bad_input() {
    execute(|| {
        let rotate = Participants::rotate_key;
        assert_noop!(rotate(root(), account(0x33)), BadOrigin);
        assert_noop!(rotate(signed(stranger()), account(0x33)), E::AgentNotFound);
        assert_noop!(rotate(signed(clerk()), clerk()), E::AccountTaken);
        assert_noop!(rotate(signed(clerk()), samr()), E::AccountTaken);
        assert_ok!(rotate(signed(clerk()), account(0x33)));
        assert_noop!(rotate(signed(clerk()), account(0x34)), E::AgentReplaced);
        // A key that was replaced does not come back.
        assert_noop!(rotate(signed(account(0x33)), clerk()), E::AccountTaken);
        assert_ok!(Participants::suspend_organisation(root(), FARM, [0; 32], None));
        assert_noop!(rotate(signed(account(0x33)), account(0x34)), E::OrganisationSuspended);
        assert_ok!(Participants::close_organisation(root(), FARM));
        assert_noop!(rotate(signed(account(0x33)), account(0x34)), E::OrganisationClosed);
    });
}

#[test]
fn revoke_agent_works() {
    execute(|| {
        assert_ok!(Participants::revoke_agent(signed(farmer()), clerk()));
        assert_eq!(status(clerk()), AgentStatus::Revoked { since: START });
        assert!(!System::account_exists(&clerk()));
        assert_eq!(Participants::agents_of(FARM), vec![farmer()]);
        assert_last(Event::AgentRevoked { organisation: FARM, agent: clerk() });
        assert_noop!(register(root(), clerk()), E::AccountTaken);
    });
}

#[test]
fn revoke_agent_works_for_the_agent_itself() {
    execute(|| {
        assert_ok!(Participants::revoke_agent(signed(clerk()), clerk()));
        assert_eq!(status(clerk()), AgentStatus::Revoked { since: START });
    });
}

#[test]
fn revoke_agent_keeps_accounts_with_money() {
    execute(|| {
        Balances::set_balance(&clerk(), 100);
        assert_ok!(Participants::revoke_agent(signed(farmer()), clerk()));
        assert_eq!(Balances::balance(&clerk()), 100);
        assert_eq!(System::providers(&clerk()), 1);
        // Recovery brings the money to the new key.
        assert_ok!(Participants::recover_agent(signed(farmer()), clerk(), account(0x33)));
        assert_eq!(Balances::balance(&account(0x33)), 100);
        assert!(!System::account_exists(&clerk()));
    });
}

#[test]
fn revoke_agent_rejects_bad_input() {
    execute(|| {
        let revoke = Participants::revoke_agent;
        assert_noop!(revoke(RuntimeOrigin::none(), clerk()), BadOrigin);
        assert_noop!(revoke(root(), stranger()), E::AgentNotFound);
        assert_noop!(revoke(signed(stranger()), clerk()), E::AgentNotFound);
        assert_noop!(revoke(signed(samr()), clerk()), E::NotOfOrganisation);
        assert_noop!(revoke(signed(clerk()), farmer()), E::PowerMissing);
        assert_noop!(revoke(signed(farmer()), farmer()), E::LastAdministrator);
        assert_ok!(revoke(root(), clerk()));
        assert_noop!(revoke(root(), clerk()), E::AgentRevoked);
        assert_ok!(Participants::rotate_key(signed(farmer()), account(0x33)));
        assert_noop!(revoke(root(), farmer()), E::AgentReplaced);
    });
}

#[test]
fn recover_agent_works_for_a_lost_key() {
    execute(|| {
        assert_ok!(Participants::recover_agent(signed(farmer()), clerk(), account(0x33)));
        assert_eq!(Agents::<Test>::get(account(0x33)).unwrap().powers, TRACE);
        assert_eq!(status(clerk()), AgentStatus::Replaced { since: START, by: account(0x33) });
        assert_last(Event::AgentKeyReplaced {
            organisation: FARM,
            old: clerk(),
            new: account(0x33),
        });
    });
}

#[test]
fn recover_agent_brings_back_an_organisation_without_administrator() {
    execute(|| {
        assert_ok!(Participants::revoke_agent(root(), farmer()));
        assert_eq!(Organisations::<Test>::get(FARM).unwrap().administrators, 0);
        assert_noop!(register(signed(clerk()), account(0x34)), E::PowerMissing);
        assert_ok!(Participants::recover_agent(root(), farmer(), account(0x33)));
        let farm = Organisations::<Test>::get(FARM).unwrap();
        assert_eq!((farm.agents, farm.administrators), (2, 1));
        assert_ok!(register(signed(account(0x33)), account(0x34)));
    });
}

#[test]
fn recover_agent_rejects_bad_input() {
    execute(|| {
        let recover = Participants::recover_agent;
        assert_noop!(recover(RuntimeOrigin::none(), clerk(), account(0x33)), BadOrigin);
        assert_noop!(recover(root(), stranger(), account(0x33)), E::AgentNotFound);
        assert_noop!(recover(root(), clerk(), samr()), E::AccountTaken);
        assert_noop!(recover(signed(samr()), clerk(), account(0x33)), E::NotOfOrganisation);
        assert_noop!(recover(signed(clerk()), farmer(), account(0x33)), E::PowerMissing);
        assert_ok!(recover(root(), clerk(), account(0x33)));
        assert_noop!(recover(root(), clerk(), account(0x34)), E::AgentReplaced);

        assert_ok!(Participants::revoke_agent(root(), account(0x33)));
        for key in [0x34, 0x35, 0x36] {
            assert_ok!(register(root(), account(key)));
        }
        assert_noop!(recover(root(), account(0x33), account(0x37)), E::TooManyAgents);
        assert_ok!(Participants::close_organisation(root(), FARM));
        assert_noop!(recover(root(), account(0x33), account(0x37)), E::OrganisationClosed);
    });
}
