//! Deliberate breaks, which the state check must see; and the genesis.

use crate::{
    Agreements, Allocations, Counties, CurrentRuleSet, DueKey, Dues, GenesisConfig,
    NextAgreementId, NextPolicyId, Policies, PolicyStatus, Settlements, mock::*,
};
use frame_support::{assert_ok, storage::with_transaction};
use pallet_funds::{PurposeFunds, Tags};
use sp_runtime::{DispatchResult, TransactionOutcome, TryRuntimeError};

/// Breaks a state with published shares and a computed settlement, expects the sentence, and mends
/// it.
fn breaks(how: impl FnOnce(), sentence: &'static str) {
    execute(|| {
        with_shares();
        assert_ok!(Compensation::appropriate(
            signed(PROVINCE),
            POLICY,
            COUNTIES[0],
            1_000,
            DOCUMENT
        ));
        assert_ok!(Compensation::remit(signed(PROVINCE), POLICY, COUNTIES[0], 500, DOCUMENT));
        with_agreement();
        sample_year(0, 2025, 0, &[900; 4]);
        assert_ok!(Compensation::compute_settlement(signed(UPSTREAM), 0, 2025));
        assert_ok!(Compensation::do_try_state());
        let result: DispatchResult = with_transaction(|| {
            how();
            let found = Compensation::do_try_state();
            assert_eq!(found, Err(TryRuntimeError::Other(sentence)));
            TransactionOutcome::Rollback(Ok(()))
        });
        assert_ok!(result);
    });
}

fn tag() -> pallet_funds::TagKey {
    (Compensation::policy(POLICY).unwrap().programme, COUNTIES[0])
}

#[test]
fn changed_shares_are_seen() {
    let change = |how: fn(&mut crate::Allocation)| {
        move || {
            Allocations::<Test>::mutate(POLICY, COUNTIES[0], |it| how(it.as_mut().unwrap()));
        }
    };
    breaks(change(|it| it.components_fen[0] += 1), "1: a share is what rules and data give");
    breaks(change(|it| it.total_fen += 1), "1: a total is the sum of components");
    breaks(change(|it| it.reported_fen = 1), "2: what was used was disbursed");
    breaks(|| Allocations::<Test>::remove(POLICY, COUNTIES[0]), "1: every county has a share");
    breaks(
        || {
            Policies::<Test>::mutate(POLICY, |it| {
                it.as_mut().unwrap().status = PolicyStatus::FactorsFrozen;
            });
        },
        "1: there is no share before it is computed",
    );
}

#[test]
fn changed_data_are_seen() {
    breaks(
        || {
            Counties::<Test>::mutate(POLICY, (0, COUNTIES[0]), |it| {
                it.as_mut().unwrap().coefficient_ppb += 1_000_000;
            });
        },
        "1: a share is what rules and data give",
    );
    breaks(|| Counties::<Test>::remove(POLICY, (0, COUNTIES[0])), "1: shares can be computed");
}

#[test]
fn money_out_of_order_is_seen() {
    let change = |how: fn(&mut pallet_funds::TagDetails)| {
        move || Tags::<Test>::mutate(tag(), |it| how(it.as_mut().unwrap()))
    };
    breaks(change(|it| it.paid_fen = 501), "2: what was disbursed was received");
    breaks(change(|it| it.appropriated_fen = 499), "2: what was received was appropriated");
    breaks(change(|it| it.ceiling_fen += 1), "2: the ceiling is the share");
    breaks(|| Tags::<Test>::remove(tag()), "2: a published share has a tag");
}

#[test]
fn changed_settlements_are_seen() {
    let change = |how: fn(&mut crate::SettlementDetails)| {
        move || Settlements::<Test>::mutate(0, 2025, |it| how(it.as_mut().unwrap()))
    };
    breaks(change(|it| it.legs[0].payee = 1), "3: no party pays itself");
    breaks(change(|it| it.legs[0].paid_fen = u128::MAX), "3: nothing is paid beyond a payment");
    breaks(
        change(|it| it.legs[0].amount_fen += 1),
        "3: a settlement is what samples and rules give",
    );
    breaks(
        change(|it| it.legs[0].amount_fen = 1_000 * MILLION_YUAN + 1),
        "3: payments are within the cap",
    );
    breaks(change(|it| it.status = crate::SettlementStatus::Paid), "3: a paid settlement is paid");
    breaks(
        change(|it| it.status = crate::SettlementStatus::Computed { confirmed: 3 }),
        "3: confirmed by all is confirmed",
    );
    breaks(|| Agreements::<Test>::remove(0), "3: a settlement has an agreement");
}

#[test]
fn changed_dues_are_seen() {
    let key = DueKey::Allocation { policy: POLICY, county: COUNTIES[0] };
    let broken_due = |how: fn(&mut crate::Due), sentence| {
        breaks(move || Dues::<Test>::mutate(key, |it| how(it.as_mut().unwrap())), sentence);
    };
    breaks(
        || Dues::<Test>::mutate(key, |it| it.as_mut().unwrap().open_fen -= 1),
        "4: what is due is what is not paid",
    );
    breaks(
        || Dues::<Test>::mutate(key, |it| it.as_mut().unwrap().creditor = PROVINCE),
        "4: somebody owes somebody something",
    );
    broken_due(|it| it.creditor = COUNTIES[1], "4: it is due from who owes it to whom");
    breaks(|| Dues::<Test>::remove(key), "4: what is not paid is due");
    breaks(
        || {
            assert_ok!(Funds::set_stopped(tag(), true));
        },
        "4: a tag is stopped while its county owes",
    );
    let other = DueKey::Settlement { agreement: 0, year: 2025, leg: 0 };
    breaks(
        move || {
            let due = Dues::<Test>::get(key).unwrap();
            Dues::<Test>::insert(other, due);
        },
        "4: nothing else is due",
    );
}

#[test]
fn payments_that_did_not_leave_the_escrow_are_seen() {
    let settled = |how: fn(&mut crate::SettlementDetails), sentence| {
        breaks(
            move || {
                confirm(0, 2025, &[UPSTREAM, DOWNSTREAM]);
                assert_ok!(Compensation::do_try_state());
                Settlements::<Test>::mutate(0, 2025, |it| how(it.as_mut().unwrap()));
            },
            sentence,
        );
    };
    settled(|it| it.legs[0].paid_fen = 1, "3: what is paid left the payer's escrow");
    settled(|it| it.due_at = Some(1), "4: it is due when the settlement says");
    settled(|it| it.legs.clear(), "4: nothing else is due");
}

#[test]
fn lost_numbers_are_seen() {
    breaks(|| NextPolicyId::<Test>::put(0), "5: the next policy is above all");
    breaks(|| NextAgreementId::<Test>::put(0), "5: the next agreement is above all");
    breaks(|| CurrentRuleSet::<Test>::put(7), "5: a rule set holds");
}

#[test]
fn genesis_is_written_in_camel_case() {
    let json = r#"{"performancePpb":[2,1,0,0,0,-1,-2]}"#;
    let config: GenesisConfig<Test> = serde_json::from_str(json).unwrap();
    assert_eq!(config.performance_ppb, [2, 1, 0, 0, 0, -1, -2]);
    assert_eq!(serde_json::to_string(&config).unwrap(), json);
}

#[test]
fn genesis_rejects_bad_tables() {
    use sp_runtime::BuildStorage;
    for performance_ppb in [vec![], vec![0; 6], vec![0, 1, 0, 0, 0, 0, 0]] {
        let config = GenesisConfig::<Test> { performance_ppb, ..Default::default() };
        assert!(std::panic::catch_unwind(|| config.build_storage()).is_err());
    }
}
