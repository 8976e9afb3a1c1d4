//! Golden bytes of transactions and storage keys, computed apart from this code. Clients derive
//! them from metadata, so a change of any breaks what they have stored.

use super::chain::{Signing, remark};
use crate::block::timestamp;
use codec::Encode;
use ecoledger_primitives::{Hash, Hashing};
use ecoledger_runtime::{Runtime, RuntimeCall};
use frame_support::StoragePrefixedMap;
use sp_keyring::Ed25519Keyring::Alice;
use sp_runtime::{generic::Era, traits::Hash as _};

/// `System.remark("hello")` by //Alice with nonce 7, immortal, for the genesis hash of 0x11s.
const TRANSACTION: &str = concat!(
    "b501840088dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee0073a119",
    "0fc30f718b3851eae3817e83ffa21efe9d073392d8fe492a5f03c9946915ea8a48c448de937202d3",
    "5022dcf056b6e0e3562898cd83427a1d86b9df7200001c00001468656c6c6f",
);
/// BLAKE2b-256 of it.
const TRANSACTION_HASH: &str = "0058e88e113244bb820ca4ce0d666df809e9418c27b2e85edabb0beecadab17d";
/// The first transaction of a block.
const TIMESTAMP: &str = "280401000b7b505c18a301";

#[test]
fn signed_transaction_is_golden() {
    let signing =
        Signing { nonce: 7, genesis: Hash::repeat_byte(0x11), era: Era::Immortal, era_hash: None };
    let call = RuntimeCall::System(frame_system::Call::remark { remark: b"hello".to_vec() });
    let raw = signing.sign(Alice, call);
    assert_eq!(hex::encode(&raw), TRANSACTION);
    assert_eq!(hex::encode(Hashing::hash(&raw)), TRANSACTION_HASH);
    assert_ne!(raw, signing.sign(Alice, remark("hello")));
}

#[test]
fn timestamp_is_golden() {
    assert_eq!(hex::encode(timestamp(1_800_000_000_123).encode()), TIMESTAMP);
}

#[test]
fn storage_keys_are_golden() {
    let alice = Alice.to_account_id();
    let uscc = *b"11331100MA2DEM017R";
    for (key, golden) in [
        (
            frame_system::Account::<Runtime>::hashed_key_for(&alice),
            concat!(
                "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9280b197190fc1a76",
                "3257f65171ea366e88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee",
            ),
        ),
        (
            frame_system::BlockHash::<Runtime>::hashed_key_for(7),
            concat!(
                "26aa394eea5630e07c48ae0c9558cef7a44704b568d21667356a5a050c1187460e0d969b0e48cab7",
                "07000000",
            ),
        ),
        (
            pallet_timestamp::Now::<Runtime>::hashed_key().to_vec(),
            "f0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb",
        ),
        (
            pallet_participants::Agents::<Runtime>::hashed_key_for(&alice),
            concat!(
                "6b90665159f1fdee7725e53eebea950e0ec3e268c3abf5d87f15dde43fc56ec14087b3892adabce8",
                "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee",
            ),
        ),
        (
            pallet_participants::OrganisationByUscc::<Runtime>::hashed_key_for(uscc),
            concat!(
                "6b90665159f1fdee7725e53eebea950e9b3ba3c2155ae191d75ed451bd0cbda58210b83a1836a1ce",
                "42565c216b22e8c931313333313130304d413244454d30313752",
            ),
        ),
        (
            pallet_validators::NextValidators::<Runtime>::hashed_key().to_vec(),
            "88dcde934c658227ee1dfafcd6e16903a946380c04b189d95e15e01596ed3d23",
        ),
        (
            pallet_traceability::Batches::<Runtime>::final_prefix().to_vec(),
            "e96db6265ce9201866cb06c22e8f1869693613c6489d72d2393dccb449b7d452",
        ),
    ] {
        assert_eq!(hex::encode(key), golden);
    }
}
