//! Its shape, its limits, its presets.

use super::{complete, development_chain};
use crate::{
    AccountId, AllPalletsWithSystem, BlockNumber, Committee, PalletInfo, Runtime, RuntimeCall,
    RuntimeOrigin, TxExtension, VERSION,
    configs::GovernanceOrigin,
    filter::CallFilter,
    genesis,
    limits::{BLOCK_LENGTH_MAX, BlockLength, BlockWeights, StateDbWeight, TRANSACTION_LENGTH_MAX},
    upgrade::code_marker,
};
use codec::Encode;
use frame_support::{
    dispatch::DispatchClass,
    traits::{Contains, EnsureOrigin, IntegrityTest, PalletInfoAccess, TryState, TryStateSelect},
    weights::constants::WEIGHT_REF_TIME_PER_MILLIS,
};
use serde_json::json;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::traits::TransactionExtension;

#[test]
fn pallets_have_the_indexes_that_clients_know() {
    fn index<P: PalletInfoAccess>() -> (usize, &'static str) {
        (P::index(), P::name())
    }
    assert_eq!(index::<crate::System>(), (0, "System"));
    assert_eq!(index::<crate::Timestamp>(), (1, "Timestamp"));
    assert_eq!(index::<crate::Balances>(), (2, "Balances"));
    assert_eq!(index::<crate::Utility>(), (3, "Utility"));
    assert_eq!(index::<crate::Multisig>(), (4, "Multisig"));
    assert_eq!(index::<crate::Committee>(), (5, "Committee"));
    assert_eq!(index::<crate::CommitteeMembership>(), (6, "CommitteeMembership"));
    assert_eq!(index::<crate::Participants>(), (10, "Participants"));
    assert_eq!(index::<crate::Validators>(), (11, "Validators"));
    assert_eq!(index::<crate::Settlement>(), (12, "Settlement"));
    assert_eq!(index::<crate::Calendar>(), (13, "Calendar"));
    assert_eq!(index::<crate::Traceability>(), (20, "Traceability"));
    assert_eq!(index::<crate::Certification>(), (21, "Certification"));
    assert_eq!(index::<crate::Brands>(), (22, "Brands"));
    assert_eq!(index::<crate::Labels>(), (23, "Labels"));
    assert_eq!(index::<crate::Funds>(), (30, "Funds"));
    assert_eq!(index::<crate::Compensation>(), (31, "Compensation"));
    assert!(<PalletInfo as frame_support::traits::PalletInfo>::index::<crate::System>().is_some());
}

#[test]
fn transaction_extensions_have_their_standard_names() {
    let names: Vec<_> = <TxExtension as TransactionExtension<RuntimeCall>>::metadata()
        .into_iter()
        .map(|extension| extension.identifier)
        .collect();
    assert_eq!(
        names,
        [
            "CheckNonZeroSender",
            "CheckSpecVersion",
            "CheckTxVersion",
            "CheckGenesis",
            "CheckMortality",
            "CheckParticipant",
            "CheckNonce",
            "CheckWeight",
        ]
    );
}

#[test]
fn apis_have_the_versions_that_clients_look_for() {
    let apis = VERSION.apis;
    // BLAKE2b-64 of the names Core, Metadata, AccountNonceApi, TransactionPaymentApi.
    for (id, version) in [
        (0xdf6a_cb68_9907_609b_u64, 5),
        (0x37e3_97fc_7c91_f5e4, 2),
        (0xbc9d_8990_4f5b_923f, 1),
        (0x37c8_bb13_50a9_a2a8, 4),
    ] {
        assert!(apis.iter().any(|api| *api == (id.to_be_bytes(), version)), "{id:x}");
    }
}

#[test]
fn integrity_works() {
    sp_io::TestExternalities::new_empty().execute_with(AllPalletsWithSystem::integrity_test);
}

#[test]
fn limits_are_consistent() {
    let weights = BlockWeights::get();
    let millis =
        |class| weights.get(class).max_total.unwrap().ref_time() / WEIGHT_REF_TIME_PER_MILLIS;
    assert_eq!(weights.max_block.ref_time() / WEIGHT_REF_TIME_PER_MILLIS, 400);
    assert_eq!(millis(DispatchClass::Normal), 360);
    assert_eq!(millis(DispatchClass::Operational), 400);
    assert_eq!(*BlockLength::get().max.get(DispatchClass::Normal), BLOCK_LENGTH_MAX);
    const { assert!(TRANSACTION_LENGTH_MAX <= BLOCK_LENGTH_MAX / 4) };
    assert!(StateDbWeight::get().write > StateDbWeight::get().read);
}

#[test]
fn filter_refuses_what_goes_round_the_rules() {
    use frame_system::Call as System;
    let code = vec![1, 2, 3];
    let refused: Vec<RuntimeCall> = vec![
        System::set_heap_pages { pages: 1 }.into(),
        System::set_code { code: code.clone() }.into(),
        System::set_code_without_checks { code: code.clone() }.into(),
        System::authorize_upgrade { code_hash: Default::default() }.into(),
        System::authorize_upgrade_without_checks { code_hash: Default::default() }.into(),
        System::apply_authorized_upgrade { code: code.clone() }.into(),
        System::set_storage { items: vec![] }.into(),
        System::kill_storage { keys: vec![] }.into(),
        System::kill_prefix { prefix: vec![], subkeys: 0 }.into(),
        pallet_balances::Call::burn { value: 1, keep_alive: false }.into(),
    ];
    for call in refused {
        assert!(!CallFilter::contains(&call), "{call:?}");
    }
    let remark: RuntimeCall = System::remark { remark: code }.into();
    assert!(CallFilter::contains(&remark));
}

#[test]
fn development_preset_builds_and_keeps_every_invariant() {
    development_chain().execute_with(|| {
        assert_eq!(sp_io::storage::get(b":code").unwrap(), &code_marker()[..]);
        AllPalletsWithSystem::try_state(1, TryStateSelect::All).unwrap();
        assert_eq!(
            pallet_collective::Members::<Runtime, pallet_collective::Instance1>::get().len(),
            3
        );
        for name in 0..6 {
            let sr25519 = [
                Sr25519Keyring::Alice,
                Sr25519Keyring::Bob,
                Sr25519Keyring::Charlie,
                Sr25519Keyring::Dave,
                Sr25519Keyring::Eve,
                Sr25519Keyring::Ferdie,
            ][name];
            let ed25519 = [
                Ed25519Keyring::Alice,
                Ed25519Keyring::Bob,
                Ed25519Keyring::Charlie,
                Ed25519Keyring::Dave,
                Ed25519Keyring::Eve,
                Ed25519Keyring::Ferdie,
            ][name];
            for account in [sr25519.to_account_id(), ed25519.to_account_id()] {
                use pallet_participants::Authority;
                assert_eq!(crate::Participants::organisation_of(&account), Ok(name as u32));
            }
        }
    });
}

#[test]
fn default_preset_is_a_complete_configuration() {
    assert_eq!(genesis::preset_names(), ["development"]);
    assert_eq!(genesis::preset(&"mainnet".to_string()), None);
    serde_json::from_slice::<crate::RuntimeGenesisConfig>(&complete(json!({}))).unwrap();
}

/// Two of three members carry a motion, and nobody needs to be Root.
#[test]
fn committee_governs_by_two_thirds() {
    let by = |yes, of| -> RuntimeOrigin {
        pallet_collective::RawOrigin::<AccountId, pallet_collective::Instance1>::Members(yes, of)
            .into()
    };
    assert!(GovernanceOrigin::ensure_origin(by(2, 3)).is_ok());
    assert!(GovernanceOrigin::ensure_origin(by(1, 3)).is_err());
    assert!(GovernanceOrigin::ensure_origin(by(3, 5)).is_err());
    let alice = Ed25519Keyring::Alice.to_account_id();
    assert!(GovernanceOrigin::ensure_origin(RuntimeOrigin::signed(alice)).is_err());
}

#[test]
fn a_motion_adds_a_validator() {
    development_chain().execute_with(|| {
        let members = [Ed25519Keyring::Alice, Ed25519Keyring::Bob];
        let proposal: RuntimeCall = pallet_validators::Call::add_validator {
            key: Ed25519Keyring::Dave.to_raw_public(),
            node_key: Ed25519Keyring::Eve.to_raw_public(),
        }
        .into();
        let hash = sp_io::hashing::blake2_256(&proposal.encode()).into();
        let length = proposal.encoded_size() as u32;
        let origin = |member: Ed25519Keyring| RuntimeOrigin::signed(member.to_account_id());
        Committee::propose(origin(members[0]), 2, Box::new(proposal), length).unwrap();
        for member in members {
            Committee::vote(origin(member), hash, 0, true).unwrap();
        }
        let weight = BlockWeights::get().max_block / 2;
        Committee::close(origin(members[0]), hash, 0, weight, length).unwrap();
        let (next, after_next) = crate::Validators::validator_sets();
        assert_eq!((next.keys().len(), after_next.keys().len()), (1, 2));
    });
}

#[test]
fn mortal_transactions_can_live_as_long_as_block_hashes_are_kept() {
    let kept: BlockNumber = <crate::configs::BlockHashCount as sp_core::Get<_>>::get();
    assert!(kept.is_power_of_two());
}
