//! Grants, delegation, separation of duties, revocation.

use super::*;
use sp_runtime::DispatchError::BadOrigin;

const AS_CNCA: Option<Role> = Some(Role::Cnca);

fn grant_as(
    origin: RuntimeOrigin,
    acting_as: Option<Role>,
    change: impl FnOnce(&mut Grant),
) -> frame_support::dispatch::DispatchResult {
    // A role that excludes none of the farm's.
    let mut what = grant(Role::BrandOwner);
    change(&mut what);
    Participants::grant_capacity(origin, what, acting_as)
}

/// Registers another organisation, which holds nothing, and returns its number.
fn newcomer() -> OrganisationId {
    assert_ok!(Participants::register_organisation(
        root(),
        registration(),
        account(0x41),
        None,
        None
    ));
    NEXT
}

#[test]
fn grant_capacity_works_for_governance() {
    execute(|| {
        assert_ok!(grant_as(root(), None, |g| g.subjects = subjects(&["tea", "honey"])));
        let end = START + 365 * DAY;
        assert_eq!(
            Capacities::<Test>::get(3).unwrap(),
            Capacity {
                organisation: FARM,
                role: Role::BrandOwner,
                region: LISHUI,
                subjects: subjects(&["tea", "honey"]),
                valid_from: START,
                valid_until: Some(end),
                granter: Granter::Governance,
                revoked_at: None,
            }
        );
        assert_eq!(CapacitiesByOrganisation::<Test>::get(FARM, 3), Some(Role::BrandOwner));
        assert_last(Event::CapacityGranted {
            capacity: 3,
            organisation: FARM,
            role: Role::BrandOwner,
            region: LISHUI,
            granter: Granter::Governance,
        });
    });
}

#[test]
fn grant_capacity_works_down_the_region_tree() {
    execute(|| {
        let id = newcomer();
        let delegate = |who, region| {
            grant_as(signed(who), Some(Role::Samr), |g| {
                g.organisation = id;
                g.role = Role::Samr;
                g.region = region;
            })
        };
        // The same office only strictly below one's own region.
        assert_noop!(delegate(samr(), RegionCode::COUNTRY), E::RegionNotCovered);
        assert_ok!(delegate(samr(), ZHEJIANG));
        assert_eq!(Capacities::<Test>::get(3).unwrap().granter, Granter::Capacity(0));

        let below = |region| {
            grant_as(signed(account(0x41)), Some(Role::Samr), |g| {
                g.role = Role::BrandOwner;
                g.region = region;
            })
        };
        assert_ok!(below(ZHEJIANG));
        assert_ok!(below(SUICHANG));
        assert_noop!(below(ANHUI), E::RegionNotCovered);
        assert_noop!(below(RegionCode::COUNTRY), E::RegionNotCovered);
    });
}

#[test]
fn grant_capacity_rejects_grants_without_authority() {
    execute(|| {
        let id = newcomer();
        let lab = |origin, acting_as| {
            grant_as(origin, acting_as, |g| {
                g.organisation = id;
                g.role = Role::Lab;
            })
        };
        assert_noop!(lab(RuntimeOrigin::none(), None), BadOrigin);
        assert_noop!(lab(signed(stranger()), AS_CNCA), E::AgentNotFound);
        assert_noop!(lab(signed(cnca()), None), E::ActingRoleMissing);
        assert_noop!(lab(signed(samr()), Some(Role::Samr)), E::RoleMayNotGrant);
        assert_noop!(lab(signed(farmer()), AS_CNCA), E::RoleNotHeld);
        assert_noop!(lab(signed(clerk()), AS_CNCA), E::PowerMissing);
        assert_noop!(
            grant_as(signed(cnca()), AS_CNCA, |g| {
                g.organisation = CNCA;
                g.role = Role::Lab;
            }),
            E::SelfGrant
        );
        assert_ok!(lab(signed(cnca()), AS_CNCA));
        Now::set(CNCA_END);
        assert_noop!(lab(signed(cnca()), AS_CNCA), E::CapacityNotInForce);
    });
}

#[test]
fn grant_capacity_rejects_what_exceeds_the_granter() {
    execute(|| {
        let id = newcomer();
        assert_ok!(Participants::revoke_capacity(root(), 1, None));
        assert_ok!(grant_as(root(), None, |g| {
            g.organisation = CNCA;
            g.role = Role::Cnca;
            g.region = ZHEJIANG;
            g.subjects = subjects(&["tea", "rice"]);
            g.valid_until = Some(CNCA_END);
        }));
        let tea = |change: &dyn Fn(&mut Grant)| {
            grant_as(signed(cnca()), AS_CNCA, |g| {
                g.organisation = id;
                g.role = Role::CertBody;
                g.subjects = subjects(&["tea"]);
                change(g);
            })
        };
        assert_noop!(tea(&|g| g.region = ANHUI), E::RegionNotCovered);
        assert_noop!(tea(&|g| g.subjects = subjects(&[])), E::SubjectNotCovered);
        assert_noop!(tea(&|g| g.subjects = subjects(&["tea", "fish"])), E::SubjectNotCovered);
        assert_noop!(tea(&|g| g.valid_until = None), E::PeriodNotCovered);
        assert_noop!(tea(&|g| g.valid_until = Some(CNCA_END + 1)), E::PeriodNotCovered);
        assert_ok!(tea(&|g| g.valid_until = Some(CNCA_END)));
    });
}

#[test]
fn grant_capacity_rejects_bad_input() {
    execute(|| {
        let refused = |change: &dyn Fn(&mut Grant)| grant_as(root(), None, |g| change(g));
        assert_noop!(refused(&|g| g.organisation = NEXT), E::OrganisationNotFound);
        assert_noop!(refused(&|g| g.region = RegionCode(330_001)), E::RegionInvalid);
        assert_noop!(refused(&|g| g.subjects = subjects(&[""])), E::SubjectsInvalid);
        assert_noop!(refused(&|g| g.subjects = subjects(&["a", "a"])), E::SubjectsInvalid);
        assert_ok!(Participants::suspend_organisation(root(), FARM, [0; 32], None));
        assert_noop!(refused(&|_| ()), E::OrganisationSuspended);
        assert_ok!(Participants::close_organisation(root(), FARM));
        assert_noop!(refused(&|_| ()), E::OrganisationClosed);
    });
}

#[test]
fn grant_capacity_boundary_of_periods() {
    execute(|| {
        let period = |from, until| {
            grant_as(root(), None, |g| {
                g.valid_from = from;
                g.valid_until = until;
            })
        };
        assert_noop!(period(START, Some(START)), E::PeriodInvalid);
        assert_noop!(period(0, Some(START)), E::PeriodInvalid);
        assert_noop!(period(START + 5, Some(START + 5)), E::PeriodInvalid);
        // A start in the past counts as now.
        assert_ok!(period(0, Some(START + 1)));
        assert_eq!(Capacities::<Test>::get(3).unwrap().valid_from, START);
        let holds = || Participants::holds_role(FARM, Role::BrandOwner);
        assert!(holds());
        Now::set(START + 1);
        assert!(!holds());
    });
}

#[test]
fn grant_capacity_boundary_of_their_number() {
    execute(|| {
        for n in 1..=3 {
            assert_ok!(grant_as(root(), None, |g| g.valid_until = Some(START + n)));
        }
        assert_noop!(grant_as(root(), None, |_| ()), E::TooManyCapacities);
        // An expired one makes room and stays on record.
        Now::set(START + 1);
        assert_ok!(grant_as(root(), None, |_| ()));
        let listed = CapacitiesInForce::<Test>::get(FARM, Role::BrandOwner);
        assert_eq!(listed.to_vec(), vec![4, 5, 6]);
        assert!(Capacities::<Test>::contains_key(3));
        NextCapacityId::<Test>::put(u32::MAX);
        assert_noop!(grant_as(root(), None, |g| g.role = Role::Clearing), E::NumbersExhausted);
        NextCapacityId::<Test>::put(7);
    });
}

#[test]
fn grant_capacity_rejects_roles_that_exclude_each_other() {
    execute(|| {
        // The farm is a TraceNode without end.
        let certify = |from, until| {
            grant_as(root(), None, |g| {
                g.role = Role::CertBody;
                g.valid_from = from;
                g.valid_until = until;
            })
        };
        assert_noop!(certify(START, Some(START + DAY)), E::RolesConflict);
        assert_noop!(
            grant_as(signed(cnca()), AS_CNCA, |g| g.role = Role::CertBody),
            E::RolesConflict
        );
        // It gives that up, is one until tomorrow, and may certify from tomorrow on.
        assert_ok!(Participants::revoke_capacity(signed(farmer()), 2, None));
        let tomorrow = START + DAY;
        assert_ok!(grant_as(root(), None, |g| {
            g.role = Role::TraceNode;
            g.valid_until = Some(tomorrow);
        }));
        assert_noop!(certify(tomorrow - 1, None), E::RolesConflict);
        assert_ok!(certify(tomorrow, None));
        // And the other way round.
        assert_noop!(grant_as(root(), None, |g| g.role = Role::TraceNode), E::RolesConflict);
        assert_ok!(grant_as(root(), None, |g| {
            g.role = Role::TraceNode;
            g.valid_until = Some(tomorrow);
        }));
    });
}

#[test]
fn every_suggested_conflict_is_refused_in_both_orders() {
    for (a, b) in crate::genesis::suggested_conflicts() {
        for (first, second) in [(a, b), (b, a)] {
            execute(|| {
                let organisation = newcomer();
                let hold = |role| {
                    grant_as(root(), None, |g| {
                        g.organisation = organisation;
                        g.role = role;
                    })
                };
                assert_ok!(hold(first));
                assert_noop!(hold(second), E::RolesConflict);
            });
        }
    }
}

#[test]
fn revoke_capacity_works_for_governance_granter_and_holder() {
    execute(|| {
        for n in 0..3u32 {
            assert_ok!(grant_as(signed(samr()), Some(Role::Samr), |_| ()));
            let id = 3 + n;
            let by = match n {
                0 => {
                    assert_ok!(Participants::revoke_capacity(root(), id, None));
                    Some(Granter::Governance)
                }
                1 => {
                    let as_samr = Some(Role::Samr);
                    assert_ok!(Participants::revoke_capacity(signed(samr()), id, as_samr));
                    Some(Granter::Capacity(0))
                }
                _ => {
                    assert_ok!(Participants::revoke_capacity(signed(farmer()), id, None));
                    None
                }
            };
            assert_eq!(Capacities::<Test>::get(id).unwrap().revoked_at, Some(START));
            assert!(!CapacitiesInForce::<Test>::contains_key(FARM, Role::BrandOwner));
            assert!(!Participants::holds_role(FARM, Role::BrandOwner));
            assert_last(Event::CapacityRevoked {
                capacity: id,
                organisation: FARM,
                role: Role::BrandOwner,
                by,
            });
        }
    });
}

#[test]
fn revoke_capacity_leaves_the_others_in_the_role() {
    execute(|| {
        assert_ok!(grant_as(root(), None, |_| ()));
        assert_ok!(grant_as(root(), None, |g| g.region = ANHUI));
        assert_ok!(Participants::revoke_capacity(root(), 3, None));
        assert_eq!(CapacitiesInForce::<Test>::get(FARM, Role::BrandOwner).to_vec(), vec![4]);
        assert!(Participants::holds_role(FARM, Role::BrandOwner));
    });
}

#[test]
fn revoke_capacity_rejects_bad_input() {
    execute(|| {
        let revoke = Participants::revoke_capacity;
        assert_ok!(grant_as(root(), None, |g| g.subjects = subjects(&["tea"])));
        assert_noop!(revoke(root(), 4, None), E::CapacityNotFound);
        assert_noop!(revoke(RuntimeOrigin::none(), 3, None), BadOrigin);
        assert_noop!(revoke(signed(stranger()), 3, None), E::AgentNotFound);
        assert_noop!(revoke(signed(samr()), 3, None), E::NotOfOrganisation);
        assert_noop!(revoke(signed(clerk()), 3, None), E::PowerMissing);
        assert_noop!(revoke(signed(cnca()), 3, AS_CNCA), E::RoleMayNotGrant);
        assert_noop!(revoke(signed(clerk()), 3, Some(Role::Samr)), E::PowerMissing);
        assert_noop!(revoke(signed(farmer()), 3, Some(Role::Samr)), E::RoleNotHeld);
        // An authority cannot end its own or its superior's capacity in its own office.
        assert_noop!(revoke(signed(samr()), 0, Some(Role::Samr)), E::RegionNotCovered);

        assert_ok!(revoke(root(), 0, None));
        let limited = |region, of: &[&str]| Grant {
            organisation: SAMR,
            region,
            subjects: subjects(of),
            ..grant(Role::Samr)
        };
        assert_ok!(Participants::grant_capacity(root(), limited(ANHUI, &[]), None));
        assert_noop!(revoke(signed(samr()), 3, Some(Role::Samr)), E::RegionNotCovered);
        assert_ok!(revoke(root(), 4, None));
        assert_ok!(Participants::grant_capacity(root(), limited(LISHUI, &["fish"]), None));
        assert_noop!(revoke(signed(samr()), 3, Some(Role::Samr)), E::SubjectNotCovered);
        Now::set(START + 365 * DAY);
        assert_noop!(revoke(signed(samr()), 3, Some(Role::Samr)), E::CapacityNotInForce);

        assert_ok!(revoke(root(), 3, None));
        assert_noop!(revoke(root(), 3, None), E::CapacityRevoked);
    });
}
