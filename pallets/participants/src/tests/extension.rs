//! Admission: the same verdict in the pool and in blocks.

use super::*;
use crate::extension::Refusal;
use codec::{Decode, Encode};
use frame_support::assert_storage_noop;
use sp_runtime::{
    traits::{DispatchTransaction, TransactionExtension},
    transaction_validity::{
        InvalidTransaction, TransactionSource::External, TransactionValidityError,
    },
};

fn call() -> RuntimeCall {
    frame_system::Call::remark { remark: vec![] }.into()
}

/// The pool's verdict.
fn pool(who: AccountId) -> Result<(), TransactionValidityError> {
    CheckParticipant::<Test>::new()
        .validate_only(signed(who), &call(), &Default::default(), 0, External, 0)
        .map(|_| ())
}

/// The block's verdict, which counts the transaction.
fn block(who: AccountId) -> Result<(), TransactionValidityError> {
    CheckParticipant::<Test>::new()
        .validate_and_prepare(signed(who), &call(), &Default::default(), 0, 0)
        .map(|_| ())
}

fn assert_refused(who: &AccountId, refusal: Refusal) {
    let error = InvalidTransaction::Custom(refusal as u8).into();
    assert_storage_noop!({
        assert_eq!(pool(who.clone()), Err(error));
        assert_eq!(block(who.clone()), Err(error));
    });
}

fn left(who: AccountId) -> u32 {
    Participants::agent_info(who).unwrap().quota_left
}

#[test]
fn extension_encodes_to_nothing() {
    let extension = CheckParticipant::<Test>::new();
    assert!(extension.encode().is_empty());
    let () = extension.implicit().unwrap();
    assert_eq!(CheckParticipant::<Test>::decode(&mut &[][..]).unwrap(), extension);
    assert_eq!(
        <CheckParticipant<Test> as TransactionExtension<RuntimeCall>>::IDENTIFIER,
        "CheckParticipant"
    );
}

#[test]
fn extension_accepts_agents_and_counts_in_blocks_only() {
    execute(|| {
        assert_storage_noop!(assert_ok!(pool(clerk())));
        assert_eq!(left(clerk()), 5);
        assert_ok!(block(clerk()));
        assert_eq!(left(clerk()), 4);
        assert_eq!(left(farmer()), 5);
    });
}

#[test]
fn extension_writes_one_key() {
    execute(|| {
        let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
        let record = Agents::<Test>::get(clerk()).unwrap();
        assert_ok!(block(clerk()));
        assert_ne!(sp_io::storage::root(sp_runtime::StateVersion::V1), before);
        Agents::<Test>::insert(clerk(), record);
        assert_eq!(sp_io::storage::root(sp_runtime::StateVersion::V1), before);
    });
}

#[test]
fn extension_refuses_strangers_and_withdrawn_keys() {
    execute(|| {
        assert_refused(&stranger(), Refusal::Stranger);
        assert_ok!(Participants::rotate_key(signed(clerk()), account(0x33)));
        assert_refused(&clerk(), Refusal::KeyWithdrawn);
        assert_ok!(block(account(0x33)));
        assert_ok!(Participants::revoke_agent(root(), account(0x33)));
        assert_refused(&account(0x33), Refusal::KeyWithdrawn);
    });
}

#[test]
fn extension_refuses_agents_of_suspended_and_closed_organisations() {
    execute(|| {
        assert_ok!(Participants::suspend_organisation(root(), FARM, [0; 32], None));
        assert_refused(&farmer(), Refusal::OrganisationSuspended);
        assert_ok!(Participants::reinstate_organisation(root(), FARM, [0; 32], None));
        assert_ok!(pool(farmer()));
        assert_ok!(Participants::close_organisation(root(), FARM));
        assert_refused(&farmer(), Refusal::OrganisationClosed);
        assert_ok!(pool(samr()));
    });
}

#[test]
fn extension_boundary_of_quota() {
    execute(|| {
        for _ in 0..5 {
            assert_ok!(block(clerk()));
        }
        assert_refused(&clerk(), Refusal::QuotaExceeded);
        assert_ok!(pool(farmer()));
        // The last second of the day in China, then the first of the next.
        Now::set(START + DAY - 1);
        assert_refused(&clerk(), Refusal::QuotaExceeded);
        Now::set(START + DAY);
        assert_eq!(left(clerk()), 5);
        assert_ok!(block(clerk()));
        assert_eq!(left(clerk()), 4);
    });
}

#[test]
fn extension_keeps_used_quota_across_rotation() {
    execute(|| {
        for _ in 0..5 {
            assert_ok!(block(clerk()));
        }
        assert_ok!(Participants::rotate_key(signed(clerk()), account(0x33)));
        assert_refused(&account(0x33), Refusal::QuotaExceeded);
    });
}

#[test]
fn extension_boundary_of_a_zero_quota() {
    execute(|| {
        assert_ok!(Participants::set_daily_quota(root(), Some(FARM), Some(0)));
        assert_refused(&clerk(), Refusal::QuotaExceeded);
        assert_ok!(Participants::set_daily_quota(root(), Some(FARM), Some(1)));
        assert_ok!(block(clerk()));
        assert_refused(&clerk(), Refusal::QuotaExceeded);
    });
}

#[test]
fn extension_refuses_transactions_without_a_signer() {
    execute(|| {
        let none = CheckParticipant::<Test>::new().validate_only(
            RuntimeOrigin::none(),
            &call(),
            &Default::default(),
            0,
            External,
            0,
        );
        assert_eq!(none.unwrap_err(), InvalidTransaction::BadSigner.into());
    });
}

#[test]
fn refusals_have_their_numbers() {
    let numbers = [
        Refusal::Stranger,
        Refusal::KeyWithdrawn,
        Refusal::OrganisationSuspended,
        Refusal::OrganisationClosed,
        Refusal::QuotaExceeded,
    ]
    .map(|refusal| refusal as u8);
    assert_eq!(numbers, [101, 102, 103, 104, 105]);
}

#[test]
fn quota_day_boundaries() {
    // 1970-01-01 08:00 in China is the Unix epoch.
    assert_eq!(QuotaUse::day_of(0), 0);
    assert_eq!(QuotaUse::day_of(16 * 3_600 - 1), 0);
    assert_eq!(QuotaUse::day_of(16 * 3_600), 1);
    assert_eq!(QuotaUse::day_of(u64::MAX), u32::MAX);
}
