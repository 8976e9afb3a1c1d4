//! Conservation over random calls.

use crate::{Fen, RedemptionId, RejectReason, mock::*};
use frame_support::storage::with_storage_layer;
use pallet_participants::{OnKeyReplaced, authority::OrganisationId};
use proptest::prelude::*;
use sp_runtime::DispatchResult;

/// A call, or a change of the world around.
#[derive(Clone, Debug)]
enum Step {
    SetCeiling(OrganisationId, Fen),
    Issue(Account, Account, Fen, u8),
    Request(Account, OrganisationId, Fen),
    Accept(Account, RedemptionId),
    Confirm(Account, RedemptionId, u8),
    Reject(Option<Account>, RedemptionId),
    Cancel(Account, RedemptionId),
    Transfer(Account, Account, Fen),
    Suspend(Option<OrganisationId>),
    ReplaceKey(Account, Account),
}

fn step() -> impl Strategy<Value = Step> {
    let account = || {
        prop_oneof![
            4 => Just(BANKER), 2 => Just(OTHER_BANKER), 4 => Just(HOLDER),
            2 => Just(OTHER_HOLDER), 1 => Just(STRANGER),
        ]
    };
    let bank = || prop_oneof![4 => Just(BANK), 2 => Just(OTHER_BANK), 1 => Just(TEA)];
    let fen = || prop_oneof![8 => 0u128..400, 1 => Just(Fen::MAX)];
    let id = || 0u64..8;
    prop_oneof![
        1 => (bank(), fen()).prop_map(|(it, fen)| Step::SetCeiling(it, fen)),
        6 => (account(), account(), fen(), 0u8..12)
            .prop_map(|(agent, to, fen, text)| Step::Issue(agent, to, fen, text)),
        6 => (account(), bank(), fen()).prop_map(|(it, bank, fen)| Step::Request(it, bank, fen)),
        3 => (account(), id()).prop_map(|(it, id)| Step::Accept(it, id)),
        4 => (account(), id(), 0u8..12).prop_map(|(it, id, text)| Step::Confirm(it, id, text)),
        2 => (prop::option::of(account()), id()).prop_map(|(it, id)| Step::Reject(it, id)),
        2 => (account(), id()).prop_map(|(it, id)| Step::Cancel(it, id)),
        3 => (account(), account(), fen()).prop_map(|(a, b, fen)| Step::Transfer(a, b, fen)),
        1 => prop::option::of(bank()).prop_map(Step::Suspend),
        2 => (account(), account()).prop_map(|(old, new)| Step::ReplaceKey(old, new)),
    ]
}

fn run(step: &Step) -> DispatchResult {
    let signed = RuntimeOrigin::signed;
    let text = |number: u8| reference(&format!("R{number}"));
    match *step {
        Step::SetCeiling(institution, fen) => {
            Settlement::set_ceiling(RuntimeOrigin::root(), institution, fen)
        }
        Step::Issue(agent, to, fen, number) => {
            Settlement::issue(signed(agent), to, fen, text(number), COMMITMENT)
        }
        Step::Request(holder, institution, fen) => {
            Settlement::request_redemption(signed(holder), institution, fen, COMMITMENT)
        }
        Step::Accept(agent, id) => Settlement::accept_redemption(signed(agent), id),
        Step::Confirm(agent, id, number) => {
            Settlement::confirm_redemption(signed(agent), id, text(number))
        }
        Step::Reject(agent, id) => {
            let origin = agent.map_or_else(RuntimeOrigin::root, signed);
            Settlement::reject_redemption(origin, id, RejectReason::PaymentFailed)
        }
        Step::Cancel(holder, id) => Settlement::cancel_redemption(signed(holder), id),
        Step::Transfer(from, to, fen) => Balances::transfer_allow_death(signed(from), to, fen),
        // Participants calls this inside a call, which is rolled back when refused.
        Step::ReplaceKey(old, new) => with_storage_layer(|| {
            frame_support::ensure!(old != new, "another key");
            Settlement::on_key_replaced(&old, &new)
        }),
        Step::Suspend(organisation) => {
            Suspended::set(organisation.into_iter().collect());
            Ok(())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    /// After whatever calls, money is conserved and all records agree; a refused call writes
    /// nothing, and only issues and confirmations change how much money there is.
    #[test]
    fn money_is_conserved(steps in prop::collection::vec(step(), 1..60)) {
        let balances = vec![(HOLDER, 50)];
        ExtBuilder { balances, ..ExtBuilder::with_banks() }.build_and_execute(|| {
            let mut total_fen = Balances::total_issuance();
            for step in &steps {
                let root_before = storage_root();
                let amount_fen = match step {
                    Step::Confirm(_, id, _) => {
                        Settlement::redemption(*id).map_or(0, |redemption| redemption.amount_fen)
                    }
                    _ => 0,
                };
                let accepted = run(step).is_ok();
                if accepted {
                    match *step {
                        Step::Issue(_, _, fen, _) => total_fen += fen,
                        Step::Confirm(..) => total_fen -= amount_fen,
                        _ => (),
                    }
                } else {
                    assert_eq!(storage_root(), root_before, "{step:?}");
                }
                assert_eq!(Balances::total_issuance(), total_fen, "{step:?}");
                Settlement::do_try_state().unwrap();
            }
        });
    }
}

fn storage_root() -> Vec<u8> {
    sp_io::storage::root(sp_runtime::StateVersion::V1)
}
