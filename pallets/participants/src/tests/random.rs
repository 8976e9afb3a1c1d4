//! Random sequences of calls keep the invariants.

use super::*;
use crate::extension::Refusal;
use frame_support::storage::{TransactionOutcome, with_transaction};
use proptest::{
    prelude::*,
    test_runner::{Config as RunConfig, RngAlgorithm, TestRng, TestRunner},
};
use sp_runtime::DispatchError;

/// One step: a call by somebody, or time passing.
#[derive(Clone, Debug)]
enum Step {
    Call(u8, Box<Call<Test>>),
    Send(u8),
    Wait(Seconds),
}

/// Accounts of the cast and newcomers; 0 is a weak key.
fn who(n: u8) -> AccountId {
    match n {
        0 => account(0),
        1 => samr(),
        2 => cnca(),
        3 => farmer(),
        4 => clerk(),
        n => account(0x80 + n),
    }
}

fn arb_account() -> impl Strategy<Value = AccountId> {
    (0u8..16).prop_map(who)
}

fn arb_organisation() -> impl Strategy<Value = OrganisationId> {
    0u32..6
}

fn arb_role() -> impl Strategy<Value = Role> {
    proptest::sample::select(vec![
        Role::TraceNode,
        Role::CertBody,
        Role::Lab,
        Role::Cnca,
        Role::Samr,
        Role::BrandOwner,
    ])
}

fn arb_region() -> impl Strategy<Value = RegionCode> {
    proptest::sample::select(vec![
        RegionCode::COUNTRY,
        ZHEJIANG,
        LISHUI,
        SUICHANG,
        ANHUI,
        RegionCode(7),
    ])
}

fn arb_acting() -> impl Strategy<Value = Option<Role>> {
    proptest::option::of(arb_role())
}

fn arb_powers() -> impl Strategy<Value = Powers> {
    prop_oneof![
        Just(Powers::ALL),
        Just(Powers::NONE),
        Just(Powers::ADMINISTER),
        any::<u64>().prop_map(Powers)
    ]
}

fn arb_gln() -> impl Strategy<Value = Option<Gln>> {
    proptest::option::of(proptest::sample::select(vec![
        *OTHER_GLN,
        *b"9506000134352",
        *b"0614141000005",
        *b"1111111111111",
    ]))
}

fn arb_did() -> impl Strategy<Value = Option<Did>> {
    proptest::option::of(
        proptest::sample::select(vec![FARM_DID, "did:web:a.b", "did:web:c.d", "no"]).prop_map(did),
    )
}

fn arb_grant() -> impl Strategy<Value = Grant> {
    (
        arb_organisation(),
        arb_role(),
        arb_region(),
        proptest::sample::select(vec![vec![], vec!["tea"], vec!["tea", "rice"], vec!["a", "a"]]),
        0..4 * DAY,
        proptest::option::of(0..8 * DAY),
    )
        .prop_map(|(organisation, role, region, of, from, until)| Grant {
            organisation,
            role,
            region,
            subjects: subjects(&of),
            valid_from: START + from,
            valid_until: until.map(|until| START + until),
        })
}

fn arb_registration() -> impl Strategy<Value = Registration> {
    (0u32..8, arb_region(), arb_gln(), arb_did()).prop_map(|(n, region, gln, did)| Registration {
        uscc: uscc(n),
        name: name("name"),
        region,
        gln,
        did,
    })
}

fn arb_call() -> impl Strategy<Value = Call<Test>> {
    let organisations = prop_oneof![
        (arb_registration(), arb_account(), arb_acting()).prop_map(
            |(registration, administrator, acting_as)| Call::register_organisation {
                registration,
                administrator,
                commitment: None,
                acting_as,
            }
        ),
        (arb_organisation(), arb_region(), arb_acting()).prop_map(
            |(organisation, region, acting_as)| Call::update_registration {
                organisation,
                name: name("other"),
                region,
                acting_as,
            }
        ),
        (arb_organisation(), arb_gln(), arb_did())
            .prop_map(|(organisation, gln, did)| Call::set_identifiers { organisation, gln, did }),
        (arb_organisation(), arb_acting()).prop_map(|(organisation, acting_as)| {
            Call::suspend_organisation { organisation, decision: [0; 32], acting_as }
        }),
        (arb_organisation(), arb_acting()).prop_map(|(organisation, acting_as)| {
            Call::reinstate_organisation { organisation, decision: [0; 32], acting_as }
        }),
        arb_organisation().prop_map(|organisation| Call::close_organisation { organisation }),
    ];
    let agents = prop_oneof![
        (arb_organisation(), arb_account(), arb_powers()).prop_map(
            |(organisation, agent, powers)| Call::register_agent {
                organisation,
                agent,
                powers,
                commitment: None,
            }
        ),
        (arb_account(), arb_powers())
            .prop_map(|(agent, powers)| Call::set_agent_powers { agent, powers }),
        arb_account().prop_map(|new| Call::rotate_key { new }),
        arb_account().prop_map(|agent| Call::revoke_agent { agent }),
        (arb_account(), arb_account()).prop_map(|(old, new)| Call::recover_agent { old, new }),
    ];
    let capacities = prop_oneof![
        4 => (arb_grant(), arb_acting())
            .prop_map(|(grant, acting_as)| Call::grant_capacity { grant, acting_as }),
        1 => (0u32..12, arb_acting())
            .prop_map(|(capacity, acting_as)| Call::revoke_capacity { capacity, acting_as }),
        1 => (arb_role(), arb_role(), any::<bool>())
            .prop_map(|(a, b, excluded)| Call::set_conflict { a, b, excluded }),
    ];
    prop_oneof![organisations, agents, capacities]
}

fn arb_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        // Half of the callers are governance, which gets further.
        8 => (0u8..32, arb_call()).prop_map(|(n, call)| Step::Call(n, Box::new(call))),
        2 => (0u8..16).prop_map(Step::Send),
        1 => (0..2 * DAY).prop_map(Step::Wait),
    ]
}

/// Performs a step; a call that fails is rolled back as in a block. Returns whether it succeeded.
fn perform(step: Step) -> bool {
    use frame_support::traits::UnfilteredDispatchable;
    match step {
        Step::Call(n, call) => {
            let origin = if n >= 16 { root() } else { signed(who(n)) };
            let result = with_transaction(|| match call.dispatch_bypass_filter(origin) {
                Ok(_) => TransactionOutcome::Commit(Ok::<_, DispatchError>(())),
                Err(failed) => TransactionOutcome::Rollback(Err(failed.error)),
            });
            result.is_ok()
        }
        Step::Send(n) => {
            let before = Participants::agent_info(who(n));
            match Participants::admit(&who(n)) {
                Ok(agent) => {
                    assert!(before.is_some_and(|info| info.may_act && info.quota_left > 0));
                    Agents::<Test>::insert(who(n), agent);
                    true
                }
                Err(Refusal::Stranger) => {
                    assert!(before.is_none());
                    false
                }
                Err(_) => {
                    assert!(before.is_some_and(|info| !info.may_act || info.quota_left == 0));
                    false
                }
            }
        }
        Step::Wait(seconds) => {
            Now::mutate(|now| *now += seconds);
            true
        }
    }
}

#[test]
fn random_calls_keep_the_invariants() {
    let config = RunConfig { cases: 150, failure_persistence: None, ..RunConfig::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let succeeded = core::cell::Cell::new(0u32);
    runner
        .run(&proptest::collection::vec(arb_step(), 1..60), |steps| {
            execute(|| {
                for step in steps {
                    let said = format!("{step:?}");
                    succeeded.set(succeeded.get() + u32::from(perform(step)));
                    if let Err(broken) = Participants::do_try_state() {
                        panic!("after {said}: {broken:?}");
                    }
                }
            });
            Ok(())
        })
        .unwrap();
    // Sequences in which everything is refused would prove nothing.
    assert!(succeeded.get() > 1_000, "only {} steps succeeded", succeeded.get());
}
