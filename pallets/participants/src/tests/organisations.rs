//! Registration, identifiers, suspension and closing.

use super::*;
use sp_runtime::DispatchError::BadOrigin;

fn register(
    origin: RuntimeOrigin,
    registration: Registration,
    acting_as: Option<Role>,
) -> frame_support::dispatch::DispatchResult {
    Participants::register_organisation(
        origin,
        registration,
        account(0x41),
        Some([7; 32]),
        acting_as,
    )
}

#[test]
fn register_organisation_works() {
    execute(|| {
        assert_ok!(register(root(), registration(), None));
        let info = Participants::organisation_info(NEXT).unwrap();
        assert_eq!(
            info.details,
            OrganisationDetails {
                uscc: uscc(100),
                region: LISHUI,
                gln: Some(*OTHER_GLN),
                status: OrganisationStatus::Active,
                agents: 1,
                administrators: 1,
                daily_quota: None,
            }
        );
        assert_eq!(
            info.profile,
            OrganisationProfile {
                name: registration().name,
                did: registration().did,
                registered_at: START,
                registrar: Granter::Governance,
            }
        );
        let agent = Agents::<Test>::get(account(0x41)).unwrap();
        assert_eq!((agent.powers, agent.commitment), (Powers::ALL, Some([7; 32])));
        assert_eq!(System::providers(&account(0x41)), 1);
        System::assert_has_event(
            Event::OrganisationRegistered {
                organisation: NEXT,
                uscc: uscc(100),
                region: LISHUI,
                administrator: account(0x41),
                registrar: Granter::Governance,
            }
            .into(),
        );
        assert_last(Event::AgentRegistered {
            organisation: NEXT,
            agent: account(0x41),
            powers: Powers::ALL,
        });
    });
}

#[test]
fn register_organisation_works_for_a_registrar_in_its_region() {
    execute(|| {
        let of_lishui = Grant { region: LISHUI, ..grant(Role::Samr) };
        let of_lishui = Grant { organisation: NEXT, ..of_lishui };
        assert_ok!(register(signed(samr()), registration(), Some(Role::Samr)));
        let info = Participants::organisation_info(NEXT).unwrap();
        assert_eq!(info.profile.registrar, Granter::Capacity(0));

        assert_ok!(Participants::grant_capacity(signed(samr()), of_lishui, Some(Role::Samr)));
        let of = |n: u32, region| Registration {
            uscc: uscc(n),
            region,
            gln: None,
            did: None,
            ..registration()
        };
        let register = |registration, administrator| {
            let as_samr = Some(Role::Samr);
            Participants::register_organisation(
                signed(account(0x41)),
                registration,
                administrator,
                None,
                as_samr,
            )
        };
        assert_ok!(register(of(101, SUICHANG), account(0x51)));
        assert_noop!(register(of(102, ZHEJIANG), account(0x52)), E::RegionNotCovered);
        assert_noop!(register(of(102, ANHUI), account(0x52)), E::RegionNotCovered);
    });
}

#[test]
fn register_organisation_rejects_bad_origins() {
    execute(|| {
        let as_samr = Some(Role::Samr);
        assert_noop!(register(RuntimeOrigin::none(), registration(), None), BadOrigin);
        let refused = |who, acting_as| register(signed(who), registration(), acting_as);
        assert_noop!(refused(stranger(), as_samr), E::AgentNotFound);
        assert_noop!(refused(samr(), None), E::ActingRoleMissing);
        assert_noop!(refused(samr(), Some(Role::TraceNode)), E::RoleMayNotRegister);
        assert_noop!(refused(farmer(), as_samr), E::RoleNotHeld);
        assert_noop!(refused(clerk(), as_samr), E::PowerMissing);
        assert_ok!(Participants::revoke_capacity(root(), 0, None));
        assert_noop!(refused(samr(), as_samr), E::RoleNotHeld);
        let later = Grant { organisation: SAMR, valid_from: START + DAY, ..grant(Role::Samr) };
        assert_ok!(Participants::grant_capacity(root(), later, None));
        assert_noop!(refused(samr(), as_samr), E::CapacityNotInForce);
        Now::set(START + DAY);
        assert_ok!(refused(samr(), as_samr));
    });
}

#[test]
fn register_organisation_rejects_bad_particulars() {
    execute(|| {
        let refused = |change: fn(&mut Registration)| {
            let mut particulars = registration();
            change(&mut particulars);
            register(root(), particulars, None)
        };
        assert_noop!(refused(|r| r.uscc[17] ^= 1), E::UsccInvalid);
        assert_noop!(refused(|r| r.uscc = uscc(2)), E::UsccTaken);
        assert_noop!(refused(|r| r.name = name("")), E::NameInvalid);
        assert_noop!(refused(|r| r.region = RegionCode(990_000)), E::RegionInvalid);
        assert_noop!(refused(|r| r.gln = Some(*b"4012345000008")), E::GlnInvalid);
        assert_noop!(
            refused(|r| r.gln = Some(FARM_GLN.as_bytes().try_into().unwrap())),
            E::GlnTaken
        );
        assert_noop!(refused(|r| r.did = Some(did("did:web:"))), E::DidInvalid);
        assert_noop!(refused(|r| r.did = Some(did(FARM_DID))), E::DidTaken);
    });
}

#[test]
fn register_organisation_rejects_bad_administrators() {
    execute(|| {
        let refused = |administrator| {
            Participants::register_organisation(root(), registration(), administrator, None, None)
        };
        assert_noop!(refused(clerk()), E::AccountTaken);
        assert_noop!(refused(account(0)), E::WeakKey);
    });
}

#[test]
fn register_organisation_boundary_of_numbers() {
    execute(|| {
        NextOrganisationId::<Test>::put(u32::MAX);
        assert_noop!(register(root(), registration(), None), E::NumbersExhausted);
        NextOrganisationId::<Test>::put(NEXT);
    });
}

#[test]
fn regions_boundaries() {
    for code in [0, 110_000, 331_100, 331_123, 500_242, 429_004, 820_000] {
        assert!(RegionCode(code).is_well_formed(), "{code}");
    }
    for code in [1, 33, 3_311, 100_000, 160_000, 330_001, 830_000, 1_330_000, u32::MAX] {
        assert!(!RegionCode(code).is_well_formed(), "{code}");
    }
    assert!(RegionCode::COUNTRY.covers(SUICHANG));
    assert!(ZHEJIANG.covers(SUICHANG) && LISHUI.covers(SUICHANG) && SUICHANG.covers(SUICHANG));
    assert!(!SUICHANG.covers(LISHUI) && !ANHUI.covers(LISHUI));
    assert!(!LISHUI.covers(RegionCode::COUNTRY));
}

#[test]
fn update_registration_works() {
    execute(|| {
        let new = name("丽水茶业有限公司");
        assert_ok!(Participants::update_registration(
            signed(samr()),
            FARM,
            new.clone(),
            SUICHANG,
            Some(Role::Samr),
        ));
        let info = Participants::organisation_info(FARM).unwrap();
        assert_eq!((info.details.region, info.profile.name), (SUICHANG, new));
        assert_last(Event::RegistrationUpdated {
            organisation: FARM,
            region: SUICHANG,
            registrar: Granter::Capacity(0),
        });
    });
}

#[test]
fn update_registration_rejects_bad_input() {
    execute(|| {
        let update = |origin, id, text, region, acting_as| {
            Participants::update_registration(origin, id, name(text), region, acting_as)
        };
        assert_noop!(update(root(), NEXT, "a", LISHUI, None), E::OrganisationNotFound);
        assert_noop!(update(root(), FARM, " a", LISHUI, None), E::NameInvalid);
        assert_noop!(update(root(), FARM, "a", RegionCode(1), None), E::RegionInvalid);
        assert_noop!(update(signed(farmer()), FARM, "a", LISHUI, None), E::ActingRoleMissing);
        assert_ok!(Participants::close_organisation(root(), FARM));
        assert_noop!(update(root(), FARM, "a", LISHUI, None), E::OrganisationClosed);
    });
}

#[test]
fn update_registration_rejects_regions_beyond_the_registrar() {
    execute(|| {
        let of_lishui = Grant { organisation: CNCA, ..grant(Role::Samr) };
        assert_ok!(Participants::grant_capacity(root(), of_lishui, None));
        let move_to = |region| {
            let as_samr = Some(Role::Samr);
            Participants::update_registration(signed(cnca()), FARM, name("a"), region, as_samr)
        };
        assert_noop!(move_to(ANHUI), E::RegionNotCovered);
        assert_ok!(move_to(SUICHANG));
        // Out of Lishui by governance: the registrar of Lishui cannot fetch it back.
        assert_ok!(Participants::update_registration(root(), FARM, name("a"), ANHUI, None));
        assert_noop!(move_to(LISHUI), E::RegionNotCovered);
    });
}

#[test]
fn set_identifiers_works() {
    execute(|| {
        let new = Some(did("did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"));
        let set = |gln, did| Participants::set_identifiers(signed(farmer()), FARM, gln, did);
        assert_ok!(set(Some(*OTHER_GLN), new.clone()));
        assert_eq!(OrganisationByGln::<Test>::get(OTHER_GLN), Some(FARM));
        assert_eq!(OrganisationByGln::<Test>::iter().count(), 1);
        assert_eq!(OrganisationByDid::<Test>::get(new.clone().unwrap()), Some(FARM));
        assert_last(Event::IdentifiersSet {
            organisation: FARM,
            gln: Some(*OTHER_GLN),
            did: new.clone(),
        });
        // The same again, then none.
        assert_ok!(set(Some(*OTHER_GLN), new));
        assert_ok!(set(None, None));
        assert_eq!(OrganisationByGln::<Test>::iter().count(), 0);
        assert_eq!(OrganisationByDid::<Test>::iter().count(), 0);
    });
}

#[test]
fn set_identifiers_rejects_bad_input() {
    execute(|| {
        let gln = Some(FARM_GLN.as_bytes().try_into().unwrap());
        let set = |origin, id, gln, text: &str| {
            Participants::set_identifiers(origin, id, gln, Some(did(text)))
        };
        assert_noop!(set(root(), NEXT, None, FARM_DID), E::OrganisationNotFound);
        assert_noop!(set(root(), CNCA, gln, "did:web:a.b"), E::GlnTaken);
        assert_noop!(set(root(), CNCA, Some([b'1'; 13]), "did:web:a.b"), E::GlnInvalid);
        assert_noop!(set(root(), CNCA, None, FARM_DID), E::DidTaken);
        assert_noop!(set(root(), CNCA, None, "did:x:y"), E::DidInvalid);
        assert_noop!(set(signed(cnca()), FARM, None, FARM_DID), E::NotOfOrganisation);
        assert_noop!(set(signed(clerk()), FARM, None, FARM_DID), E::PowerMissing);
        assert_noop!(set(signed(stranger()), FARM, None, FARM_DID), E::AgentNotFound);
        assert_noop!(set(RuntimeOrigin::none(), FARM, None, FARM_DID), BadOrigin);
        assert_ok!(Participants::close_organisation(root(), FARM));
        assert_noop!(set(root(), FARM, None, FARM_DID), E::OrganisationClosed);
    });
}

#[test]
fn suspend_and_reinstate_organisation_work() {
    execute(|| {
        let as_samr = Some(Role::Samr);
        assert_ok!(Participants::suspend_organisation(signed(samr()), FARM, [1; 32], as_samr));
        let by = Granter::Capacity(0);
        assert_eq!(
            Organisations::<Test>::get(FARM).unwrap().status,
            OrganisationStatus::Suspended { since: START, by }
        );
        assert_last(Event::OrganisationSuspended { organisation: FARM, by, decision: [1; 32] });
        assert_noop!(
            Participants::suspend_organisation(root(), FARM, [1; 32], None),
            E::OrganisationSuspended
        );

        assert_ok!(Participants::reinstate_organisation(signed(samr()), FARM, [2; 32], as_samr));
        assert_eq!(Organisations::<Test>::get(FARM).unwrap().status, OrganisationStatus::Active);
        assert_last(Event::OrganisationReinstated { organisation: FARM, by, decision: [2; 32] });
    });
}

#[test]
fn suspend_organisation_rejects_bad_input() {
    execute(|| {
        let suspend = |origin, id, acting_as| {
            Participants::suspend_organisation(origin, id, [1; 32], acting_as)
        };
        assert_noop!(suspend(root(), NEXT, None), E::OrganisationNotFound);
        assert_noop!(suspend(signed(farmer()), CNCA, None), E::ActingRoleMissing);
        assert_noop!(suspend(signed(farmer()), CNCA, Some(Role::Samr)), E::RoleNotHeld);
        assert_ok!(Participants::close_organisation(root(), FARM));
        assert_noop!(suspend(root(), FARM, None), E::OrganisationClosed);
    });
}

#[test]
fn an_organisation_does_not_suspend_itself() {
    execute(|| {
        let as_samr = Some(Role::Samr);
        assert_noop!(
            Participants::suspend_organisation(signed(samr()), SAMR, [1; 32], as_samr),
            E::SelfSuspension
        );
        assert_ok!(Participants::suspend_organisation(root(), SAMR, [1; 32], None));
        assert_ok!(Participants::reinstate_organisation(root(), SAMR, [1; 32], None));
    });
}

#[test]
fn reinstate_organisation_rejects_bad_input() {
    execute(|| {
        let reinstate = |origin, id, acting_as| {
            Participants::reinstate_organisation(origin, id, [1; 32], acting_as)
        };
        let as_samr = Some(Role::Samr);
        assert_noop!(reinstate(root(), NEXT, None), E::OrganisationNotFound);
        assert_noop!(reinstate(root(), FARM, None), E::OrganisationNotSuspended);
        assert_ok!(Participants::suspend_organisation(root(), FARM, [1; 32], None));
        assert_noop!(reinstate(signed(samr()), FARM, as_samr), E::SuspendedByGovernance);
        assert_noop!(reinstate(signed(farmer()), FARM, as_samr), E::OrganisationSuspended);
        assert_ok!(reinstate(root(), FARM, None));
    });
}

#[test]
fn close_organisation_works() {
    execute(|| {
        assert_ok!(Participants::close_organisation(root(), FARM));
        assert_eq!(
            Organisations::<Test>::get(FARM).unwrap().status,
            OrganisationStatus::Closed { since: START }
        );
        assert_last(Event::OrganisationClosed { organisation: FARM });
        assert_noop!(
            Participants::reinstate_organisation(root(), FARM, [1; 32], None),
            E::OrganisationNotSuspended
        );
        // Its code is not given again.
        let again = Registration { uscc: uscc(2), ..registration() };
        assert_noop!(register(root(), again, None), E::UsccTaken);
    });
}

#[test]
fn close_organisation_rejects_bad_input() {
    execute(|| {
        assert_noop!(Participants::close_organisation(signed(samr()), FARM), BadOrigin);
        assert_noop!(Participants::close_organisation(root(), NEXT), E::OrganisationNotFound);
        assert_ok!(Participants::close_organisation(root(), FARM));
        assert_noop!(Participants::close_organisation(root(), FARM), E::OrganisationClosed);
    });
}
