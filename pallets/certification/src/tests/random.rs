//! Random calls: all laws hold after each, a refused call writes nothing, and statuses on past
//! dates never change.

use crate::{mock::*, *};
use frame_support::storage::with_storage_layer;
use pallet_calendar::{CivilDate, Moment};
use pallet_traceability::{BatchId, CertificateId, CertificateStatus, Certificates as _};
use proptest::prelude::*;
use sp_runtime::DispatchResult;
use std::collections::BTreeMap;

/// A call, or time that passes.
#[derive(Clone, Debug)]
enum Step {
    /// Through every stage as it should be, so that there is something to act on.
    Certify(u8, bool),
    Apply(u64, u8),
    Accept(u64, u32),
    Refuse(u64, u32),
    Withdraw(u64, u32),
    Inspect(u64, u32),
    Test(u64, u32, bool),
    Propose(u64, u32, bool),
    Return(u64, u32),
    Sign(u64, u32),
    Find(u64, u32, u8),
    Dismiss(u64, u32),
    Suspend(u64, u32, u16),
    Restore(u64, u32),
    Revoke(u64, u32),
    Request(u64, u32, bool),
    Cancel(u64, u32),
    Reduce(u64, u32, u128),
    Publish(u64, u64),
    Lodge(u64, u32, u8),
    Decide(u64, u32, bool),
    Sell(u64, u32, u8, u128),
    Void(u64, u32),
    Draw(u32, u128, bool),
    GiveBack(u32, u128),
    Register(u64, u8, u64),
    Release(u64, u8),
    Bar(u8, u64),
    Standing(u8),
    Approve(u64),
    Pass(u64),
}

fn account() -> impl Strategy<Value = u64> {
    prop_oneof![
        6 => prop::sample::select(vec![agent(BODY), QIAN, ZHAO, WU, SUN]),
        3 => prop::sample::select(vec![agent(GARDEN), agent(CNCA), agent(SAMR), agent(LAB)]),
        1 => prop::sample::select(vec![agent(OTHER_BODY), agent(INSPECTION), STRANGER]),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let id = || 0u32..6;
    let yes = any::<bool>;
    let quantity = || prop_oneof![3 => 0..kg(300), 1 => Just(u128::MAX), 1 => Just(kg(450))];
    prop_oneof![
        8 => (0u8..4, yes()).prop_map(|(kind, renew)| Step::Certify(kind, renew)),
        2 => (account(), 0u8..4).prop_map(|(who, kind)| Step::Apply(who, kind)),
        2 => (account(), id()).prop_map(|(who, id)| Step::Accept(who, id)),
        1 => (account(), id()).prop_map(|(who, id)| Step::Refuse(who, id)),
        1 => (account(), id()).prop_map(|(who, id)| Step::Withdraw(who, id)),
        2 => (account(), id()).prop_map(|(who, id)| Step::Inspect(who, id)),
        2 => (account(), id(), yes()).prop_map(|(who, id, passed)| Step::Test(who, id, passed)),
        2 => (account(), id(), yes()).prop_map(|(who, id, certify)| Step::Propose(who, id, certify)),
        1 => (account(), id()).prop_map(|(who, id)| Step::Return(who, id)),
        2 => (account(), id()).prop_map(|(who, id)| Step::Sign(who, id)),
        6 => (account(), id(), 0u8..6).prop_map(|(who, id, kind)| Step::Find(who, id, kind)),
        1 => (account(), id()).prop_map(|(who, id)| Step::Dismiss(who, id)),
        6 => (account(), id(), 0u16..5).prop_map(|(who, id, months)| Step::Suspend(who, id, months)),
        3 => (account(), id()).prop_map(|(who, id)| Step::Restore(who, id)),
        2 => (account(), id()).prop_map(|(who, id)| Step::Revoke(who, id)),
        2 => (account(), id(), yes()).prop_map(|(who, id, it)| Step::Request(who, id, it)),
        1 => (account(), id()).prop_map(|(who, id)| Step::Cancel(who, id)),
        2 => (account(), id(), quantity()).prop_map(|(who, id, it)| Step::Reduce(who, id, it)),
        2 => (account(), 0u64..30).prop_map(|(who, id)| Step::Publish(who, id)),
        2 => (account(), id(), 0u8..3).prop_map(|(who, id, kind)| Step::Lodge(who, id, kind)),
        2 => (account(), id(), yes()).prop_map(|(who, id, it)| Step::Decide(who, id, it)),
        6 => (account(), id(), 0u8..6, quantity())
            .prop_map(|(who, id, batch, it)| Step::Sell(who, id, batch, it)),
        2 => (account(), id()).prop_map(|(who, id)| Step::Void(who, id)),
        5 => (id(), quantity(), yes()).prop_map(|(id, it, packed)| Step::Draw(id, it, packed)),
        3 => (id(), quantity()).prop_map(|(id, it)| Step::GiveBack(id, it)),
        1 => (account(), 30u8..35, account()).prop_map(|(who, it, key)| Step::Register(who, it, key)),
        1 => (account(), 30u8..35).prop_map(|(who, person)| Step::Release(who, person)),
        1 => (30u8..35, 0u64..400).prop_map(|(person, days)| Step::Bar(person, days)),
        1 => (0u8..12).prop_map(Step::Standing),
        1 => account().prop_map(Step::Approve),
        5 => prop_oneof![4 => 0u64..20, 1 => 0u64..400].prop_map(Step::Pass),
    ]
}

/// What is applied for: by scheme and base.
fn wanted(kind: u8, renews: Option<CertificateId>) -> ApplicationRequest {
    ApplicationRequest {
        scheme: if kind.is_multiple_of(2) { ORGANIC } else { GREEN_FOOD },
        bases: bases(if kind < 2 { &[0] } else { &[0, 1] }),
        renews,
        ..request()
    }
}

fn certify_now(id: ApplicationId, number: u64) -> Outcome {
    Outcome::Certify {
        number: text(&format!("N{number}")),
        products: Applications::<Test>::get(id)
            .map(|application| application.request.products)
            .unwrap_or_default(),
        valid_from: CivilDate::from_moment(now()),
    }
}

/// The way of an application from filing to signature, or as far as it comes.
fn whole_way(kind: u8, renew: bool) -> DispatchResult {
    let renews = renew.then(|| NextCertificateId::<Test>::get().saturating_sub(1));
    let request = wanted(kind, renews);
    let (inspected, id) = (request.bases.clone(), NextApplicationId::<Test>::get());
    Certification::apply(by(agent(GARDEN)), request)?;
    Certification::accept_application(by(agent(BODY)), id)?;
    Certification::record_inspection(by(QIAN), id, now(), inspected, 0, DOCUMENT)?;
    Certification::record_test(by(agent(LAB)), id, tea(), true, now(), DOCUMENT)?;
    Certification::propose_decision(by(ZHAO), id, certify_now(id, u64::from(id)))?;
    Certification::sign_decision(by(WU), id)
}

fn act(step: &Step) -> DispatchResult {
    type C = Certification;
    match *step {
        Step::Certify(kind, renew) => with_storage_layer(|| whole_way(kind, renew)),
        Step::Apply(who, kind) => C::apply(by(who), wanted(kind, None)),
        Step::Accept(who, id) => C::accept_application(by(who), id),
        Step::Refuse(who, id) => C::refuse_application(by(who), id, DOCUMENT),
        Step::Withdraw(who, id) => C::withdraw_application(by(who), id),
        Step::Inspect(who, id) => {
            C::record_inspection(by(who), id, now(), bases(&[0]), 0, DOCUMENT)
        }
        Step::Test(who, id, passed) => C::record_test(by(who), id, tea(), passed, now(), DOCUMENT),
        Step::Propose(who, id, certify) => {
            let no = Outcome::Reject { reason: DOCUMENT };
            let outcome = if certify { certify_now(id, 1_000 + u64::from(id)) } else { no };
            C::propose_decision(by(who), id, outcome)
        }
        Step::Return(who, id) => C::return_proposal(by(who), id),
        Step::Sign(who, id) => C::sign_decision(by(who), id),
        Step::Find(who, id, kind) => {
            let (ground, consequence) = match kind {
                0 => (Ground::InOrder, Consequence::None),
                1 => (Ground::ForbiddenSubstance, Consequence::Revoke),
                _ => (Ground::NonConformity, Consequence::Suspend),
            };
            let finder = if who == agent(CNCA) || who == agent(SAMR) {
                FinderKind::Authority
            } else {
                FinderKind::Body
            };
            C::record_finding(by(who), id, finder, ground, consequence, DOCUMENT)
        }
        Step::Dismiss(who, id) => C::dismiss_finding(by(who), id, DOCUMENT),
        Step::Suspend(who, id, months) => C::suspend(by(who), id, months),
        Step::Restore(who, id) => C::restore(by(who), id, DOCUMENT),
        Step::Revoke(who, id) => C::revoke(by(who), id),
        Step::Request(who, id, cancel) => {
            let request = if cancel { ChangeRequest::Cancel } else { ChangeRequest::Reduce };
            C::request_change(by(who), id, request, DOCUMENT)
        }
        Step::Cancel(who, id) => C::cancel(by(who), id, DOCUMENT),
        Step::Reduce(who, id, quantity) => C::reduce(by(who), id, tea(), quantity),
        Step::Publish(who, duty) => C::publish(by(who), duty, DOCUMENT),
        Step::Lodge(who, id, kind) => {
            let kind = match kind {
                0 => ComplaintKind::Complaint(id),
                1 => ComplaintKind::ApplicationAppeal(id),
                _ => ComplaintKind::CertificateAppeal(id),
            };
            C::lodge(by(who), kind, DOCUMENT)
        }
        Step::Decide(who, id, upheld) => C::decide_complaint(by(who), id, upheld, DOCUMENT),
        Step::Sell(who, id, batch, quantity) => {
            let batch = BatchId([batch; 16]);
            done(C::issue_transaction_certificate(by(who), id, SHOP, batch, quantity))
        }
        Step::Void(who, id) => done(C::void_transaction_certificate(by(who), id, DOCUMENT)),
        // Other pallets ask inside a call, which is rolled back when refused.
        Step::Draw(id, quantity, packed) => with_storage_layer(|| {
            let gtin = if packed { tin() } else { tea() };
            C::draw_marks(id, GARDEN, &gtin, quantity)
        }),
        Step::GiveBack(id, quantity) => {
            with_storage_layer(|| C::return_marks(id, &tea(), quantity))
        }
        Step::Register(who, person, key) => C::register_certifier(by(who), [person; 32], key),
        Step::Release(who, person) => C::release_certifier(by(who), [person; 32]),
        Step::Bar(person, days) => {
            let until = CivilDate::from_moment(now() + days * pallet_calendar::DAY_MS);
            C::bar_person(by(agent(CNCA)), [person; 32], until, DOCUMENT)
        }
        Step::Standing(kind) => {
            let standing = match kind {
                0 => Standing::Withdrawn,
                1..=4 => Standing::Suspended,
                _ => Standing::InForce,
            };
            C::set_body_standing(by(agent(CNCA)), BODY, standing, DOCUMENT)
        }
        Step::Approve(head) => approve(BODY, approval("CNCA-R-2026-101"), head),
        Step::Pass(days) => {
            pass_days(days);
            Ok(())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn laws_hold_after_whatever_calls(steps in prop::collection::vec(step(), 1..80)) {
        new_test_ext().execute_with(|| {
            prepare();
            for n in 0..4 {
                new_batch(n, if n == 3 { tin() } else { tea() }, kg(200));
            }
            // What was made of the first, and a mixture of that and the second.
            let made = made_from(4, tea(), kg(90), &[(BatchId([0; 16]), kg(170))]);
            made_from(5, tea(), kg(70), &[(made, kg(50)), (BatchId([1; 16]), kg(21))]);
            for n in 0..6 {
                change_batch(n, |batch| batch.claims = claims(&[0, 1, 2, 3, 4, 5]));
            }
            let mut past: BTreeMap<(CertificateId, Moment), Option<CertificateStatus>> =
                BTreeMap::new();
            for step in &steps {
                let root = storage_root();
                if act(step).is_err() {
                    assert_eq!(storage_root(), root, "{step:?}");
                }
                Certification::do_try_state().unwrap();
                for ((id, at), status) in &past {
                    assert_eq!(Certification::status_at(*id, *at), *status, "{step:?}");
                }
                for id in 0..NextCertificateId::<Test>::get() {
                    // A moment ago is past for good: what happens now has now's time.
                    past.insert((id, now() - 1), Certification::status_at(id, now() - 1));
                }
            }
        });
    }
}

/// The random calls reach what they are there for: this fixed life certifies, sells, marks,
/// suspends and revokes.
#[test]
fn the_steps_can_succeed() {
    run(|| {
        new_batch(0, tea(), kg(200));
        for step in [
            Step::Certify(0, false),
            Step::Certify(1, false),
            Step::Draw(0, kg(10), true),
            Step::GiveBack(0, kg(1)),
            Step::Sell(agent(BODY), 0, 0, kg(5)),
            Step::Void(SUN, 0),
            Step::Find(SUN, 0, 2),
            Step::Suspend(SUN, 0, 2),
            Step::Publish(SUN, NextDutyId::<Test>::get() + 5),
            Step::Pass(40),
            Step::Restore(SUN, 0),
            Step::Find(SUN, 0, 1),
            Step::Revoke(SUN, 1),
            Step::Lodge(agent(GARDEN), 0, 2),
            Step::Decide(ZHAO, 0, false),
        ] {
            let outcome = act(&step);
            if !matches!(step, Step::Publish(..) | Step::Decide(..)) {
                outcome.unwrap();
            }
        }
        assert_eq!(Certification::tally(BODY).n_issued, 2);
        assert_eq!(Certification::tally(BODY).n_revoked, 1);
    });
}

fn storage_root() -> Vec<u8> {
    sp_io::storage::root(sp_runtime::StateVersion::V1)
}
