//! Benchmarks: the longest path through each call, and the admission check.

#![allow(clippy::float_arithmetic, reason = "in the expansion of the benchmarks macro")]

use crate::{identifiers::uscc_check_character, *};
use alloc::{collections::BTreeSet, format, vec::Vec};
use frame_benchmarking::{account, v2::*};
use frame_support::traits::{EnsureOrigin, Get};
use frame_system::RawOrigin;

/// A region that the others are outside of.
const ELSEWHERE: RegionCode = RegionCode(820_000);
/// Where the organisations of the benchmarks are.
const HERE: RegionCode = RegionCode(331_123);

fn uscc(n: u32) -> Uscc {
    let mut code: Uscc = *b"913311000000000000";
    let digits = format!("{n:09}");
    for (to, from) in code.iter_mut().skip(8).zip(digits.bytes()) {
        *to = from;
    }
    let (check, body) = code.split_last_mut().expect("a code has characters; qed");
    let body: &[u8; 17] = (&*body).try_into().expect("18 characters less one; qed");
    *check = uscc_check_character(body).expect("digits are in the alphabet; qed");
    code
}

fn text<S: Get<u32>>(start: &str) -> frame_support::BoundedVec<u8, S> {
    let length = usize::try_from(S::get()).expect("a length of text fits; qed");
    let text = start.bytes().chain(core::iter::repeat(b'a')).take(length).collect();
    frame_support::BoundedVec::truncate_from(text)
}

/// A valid identifier of the greatest length, another one for each letter.
fn did(letter: char) -> Did {
    text(&format!("did:web:{letter}.example:"))
}

fn registration(n: u32, gln: &Gln, letter: char) -> Registration {
    Registration {
        uscc: uscc(n),
        name: text(""),
        region: HERE,
        gln: Some(*gln),
        did: Some(did(letter)),
    }
}

/// As many subjects of the greatest length as a capacity may have.
fn subjects() -> Subjects {
    let all = (0..types::SUBJECTS_MAX).map(|n| text(&format!("{n:03}"))).collect::<Vec<_>>();
    Subjects::truncate_from(all)
}

fn all_roles() -> RoleSet {
    RoleSet::try_from(BTreeSet::from(Role::ALL)).expect("there are fewer than ROLES_MAX; qed")
}

fn administrator<T: Config>(n: u32) -> T::AccountId {
    account("administrator", n, 0)
}

/// Registers an organisation without identifiers; its administrator has all powers.
fn organisation<T: Config>(n: u32) -> OrganisationId {
    let bare = Registration { gln: None, did: None, ..registration(n, b"0000000000000", 'z') };
    Pallet::<T>::do_register_organisation(
        bare,
        administrator::<T>(n),
        Some([1; 32]),
        Granter::Governance,
        Pallet::<T>::now(),
    )
    .expect("the particulars are valid and new; qed")
}

fn grant(organisation: OrganisationId, role: Role, region: RegionCode) -> Grant {
    Grant { organisation, role, region, subjects: subjects(), valid_from: 0, valid_until: None }
}

/// Grants a role as often as it may be held; only the last capacity is for the country.
fn hold<T: Config>(organisation: OrganisationId, role: Role) {
    for n in 1..=T::CapacitiesMax::get() {
        let last = n == T::CapacitiesMax::get();
        let region = if last { RegionCode::COUNTRY } else { ELSEWHERE };
        let grant = grant(organisation, role, region);
        Pallet::<T>::do_grant_capacity(grant, Granter::Governance, Pallet::<T>::now())
            .expect("nothing conflicts and there is room; qed");
    }
}

/// A registrar whose last capacity reaches, and the origin of its administrator.
fn registrar<T: Config>() -> RawOrigin<T::AccountId> {
    RegistrarRoles::<T>::put(all_roles());
    hold::<T>(organisation::<T>(0), Role::Samr);
    RawOrigin::Signed(administrator::<T>(0))
}

/// Registers a further agent of an organisation.
fn agent<T: Config>(organisation: OrganisationId, powers: Powers) -> T::AccountId {
    let agent = account("agent", organisation, 0);
    Pallet::<T>::do_register_agent(organisation, T::AccountId::clone(&agent), powers, None)
        .expect("the key is new and there is room; qed");
    agent
}

fn governance<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::GovernanceOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register_organisation() {
        let origin = registrar::<T>();
        let new = account("new", 0, 0);
        let registration = registration(1, b"4012345000009", 'a');

        #[extrinsic_call]
        _(origin, registration, new, Some([1; 32]), Some(Role::Samr));

        assert_eq!(NextOrganisationId::<T>::get(), 2);
    }

    #[benchmark]
    fn update_registration() {
        let origin = registrar::<T>();
        let id = organisation::<T>(1);

        #[extrinsic_call]
        _(origin, id, text("b"), ELSEWHERE, Some(Role::Samr));

        assert_eq!(Organisations::<T>::get(id).map(|details| details.region), Some(ELSEWHERE));
    }

    #[benchmark]
    fn set_identifiers() {
        let id = organisation::<T>(0);
        Pallet::<T>::do_set_identifiers(id, Some(*b"4012345000009"), Some(did('a')))
            .expect("the identifiers are valid and new; qed");
        let origin = RawOrigin::Signed(administrator::<T>(0));

        #[extrinsic_call]
        _(origin, id, Some(*b"0614141000005"), Some(did('b')));

        assert_eq!(OrganisationByDid::<T>::get(did('b')), Some(id));
    }

    #[benchmark]
    fn register_agent() {
        let id = organisation::<T>(0);
        let new: T::AccountId = account("new", 0, 0);
        let origin = RawOrigin::Signed(administrator::<T>(0));

        #[extrinsic_call]
        _(origin, id, new.clone(), Powers::ALL, Some([1; 32]));

        assert!(Agents::<T>::contains_key(new));
    }

    #[benchmark]
    fn set_agent_powers() {
        let id = organisation::<T>(0);
        let agent = agent::<T>(id, Powers::NONE);
        let origin = RawOrigin::Signed(administrator::<T>(0));

        #[extrinsic_call]
        _(origin, agent.clone(), Powers::ALL);

        assert_eq!(Agents::<T>::get(agent).map(|agent| agent.powers), Some(Powers::ALL));
    }

    #[benchmark]
    fn rotate_key() {
        let id = organisation::<T>(0);
        let old = agent::<T>(id, Powers::ALL);
        T::OnKeyReplaced::prepare_benchmark(&old);
        let new: T::AccountId = account("new", 0, 0);

        #[extrinsic_call]
        _(RawOrigin::Signed(old), new.clone());

        assert!(Agents::<T>::contains_key(new));
    }

    #[benchmark]
    fn revoke_agent() {
        let id = organisation::<T>(0);
        let agent = agent::<T>(id, Powers::ALL);
        let origin = RawOrigin::Signed(administrator::<T>(0));

        #[extrinsic_call]
        _(origin, agent);

        assert_eq!(Organisations::<T>::get(id).map(|details| details.agents), Some(1));
    }

    #[benchmark]
    fn recover_agent() {
        let id = organisation::<T>(0);
        let old = agent::<T>(id, Powers::ALL);
        T::OnKeyReplaced::prepare_benchmark(&old);
        let new: T::AccountId = account("new", 0, 0);
        let origin = RawOrigin::Signed(administrator::<T>(0));

        #[extrinsic_call]
        _(origin, old, new.clone());

        assert!(Agents::<T>::contains_key(new));
    }

    /// Every other role excludes the granted one and is held as often as may be, for a period that
    /// ends as the granted one begins.
    #[benchmark]
    fn grant_capacity() {
        let id = organisation::<T>(1);
        let granted = Role::CertBody;
        let begin = Pallet::<T>::now() + 1;
        for role in Role::ALL.into_iter().filter(|role| *role != granted) {
            Pallet::<T>::do_set_conflict(granted, role, true).expect("the roles differ; qed");
            for _ in 0..T::CapacitiesMax::get() {
                let before = Grant { valid_until: Some(begin), ..grant(id, role, HERE) };
                Pallet::<T>::do_grant_capacity(before, Granter::Governance, begin - 1)
                    .expect("the periods do not overlap and there is room; qed");
            }
        }
        for _ in 1..T::CapacitiesMax::get() {
            let own = Grant { valid_from: begin, ..grant(id, granted, HERE) };
            Pallet::<T>::do_grant_capacity(own, Granter::Governance, begin - 1)
                .expect("the periods do not overlap and there is room; qed");
        }
        GrantRules::<T>::insert(Role::Cnca, all_roles());
        hold::<T>(organisation::<T>(0), Role::Cnca);
        let origin = RawOrigin::Signed(administrator::<T>(0));
        let what = Grant { valid_from: begin, ..grant(id, granted, HERE) };

        #[extrinsic_call]
        _(origin, what, Some(Role::Cnca));

        let held = CapacitiesInForce::<T>::get(id, granted);
        assert_eq!(u32::try_from(held.len()), Ok(T::CapacitiesMax::get()));
    }

    #[benchmark]
    fn revoke_capacity() {
        let id = organisation::<T>(1);
        hold::<T>(id, Role::CertBody);
        let capacity = NextCapacityId::<T>::get() - 1;
        GrantRules::<T>::insert(Role::Cnca, all_roles());
        hold::<T>(organisation::<T>(0), Role::Cnca);
        let origin = RawOrigin::Signed(administrator::<T>(0));

        #[extrinsic_call]
        _(origin, capacity, Some(Role::Cnca));

        assert!(!CapacitiesInForce::<T>::get(id, Role::CertBody).contains(&capacity));
    }

    #[benchmark]
    fn suspend_organisation() {
        let origin = registrar::<T>();
        let id = organisation::<T>(1);

        #[extrinsic_call]
        _(origin, id, [1; 32], Some(Role::Samr));

        assert_eq!(Organisations::<T>::get(id).map(|of| of.status.is_active()), Some(false));
    }

    #[benchmark]
    fn reinstate_organisation() {
        let origin = registrar::<T>();
        let id = organisation::<T>(1);
        Pallet::<T>::do_suspend(id, Granter::Capacity(0), [1; 32])
            .expect("the organisation is active; qed");

        #[extrinsic_call]
        _(origin, id, [1; 32], Some(Role::Samr));

        assert_eq!(Organisations::<T>::get(id).map(|of| of.status.is_active()), Some(true));
    }

    #[benchmark]
    fn close_organisation() -> Result<(), BenchmarkError> {
        let origin = governance::<T>()?;
        let id = organisation::<T>(0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id);

        assert_eq!(Organisations::<T>::get(id).map(|of| of.status.is_active()), Some(false));
        Ok(())
    }

    #[benchmark]
    fn set_grant_rule() -> Result<(), BenchmarkError> {
        let origin = governance::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Role::Cnca, all_roles());

        assert_eq!(GrantRules::<T>::get(Role::Cnca), all_roles());
        Ok(())
    }

    #[benchmark]
    fn set_registrar_roles() -> Result<(), BenchmarkError> {
        let origin = governance::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, all_roles());

        assert_eq!(RegistrarRoles::<T>::get(), all_roles());
        Ok(())
    }

    #[benchmark]
    fn set_conflict() -> Result<(), BenchmarkError> {
        let origin = governance::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Role::TraceNode, Role::CertBody, true);

        assert!(Conflicts::<T>::contains_key(Role::CertBody, Role::TraceNode));
        Ok(())
    }

    #[benchmark]
    fn set_daily_quota() -> Result<(), BenchmarkError> {
        let origin = governance::<T>()?;
        let id = organisation::<T>(0);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, Some(id), Some(1));

        assert_eq!(Organisations::<T>::get(id).and_then(|of| of.daily_quota), Some(1));
        Ok(())
    }

    /// What the extension does in a block: validate, then prepare.
    #[benchmark]
    fn check_participant() {
        organisation::<T>(0);
        let who = administrator::<T>(0);

        #[block]
        {
            if let Ok(agent) = Pallet::<T>::admit(&who) {
                Agents::<T>::insert(&who, agent);
            }
        }

        assert_eq!(Agents::<T>::get(&who).map(|agent| agent.quota.used), Some(1));
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::benchmark_externalities(), crate::mock::Test);
}
