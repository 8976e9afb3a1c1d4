//! State, metadata and runtime calls.

use super::{Chain, account_key, alice, call, hex, next, subscribe};
use crate::RpcLimits;
use codec::{Decode, DecodeAll, Encode};
use ecoledger_mempool::Source;
use ecoledger_primitives::{AccountId, Hash};
use ecoledger_storage::StateRetention;
use serde_json::{Value, json};
use sp_core::Pair;
use sp_io::hashing::blake2_256;
use std::num::NonZeroU32;

/// `:code`.
const CODE: &str = "0x3a636f6465";

fn alice_key() -> Vec<u8> {
    account_key(&AccountId::from(alice().public()))
}

async fn with_one_remark() -> Chain {
    let chain = Chain::at(1);
    chain.mempool.submit(chain.remark(&alice(), 0, b"tea"), Source::Local).await.unwrap();
    chain.produce();
    chain
}

#[tokio::test]
async fn metadata_is_served_in_three_versions() {
    let methods = Chain::new().methods();
    let bytes = |value: Value| sp_core::bytes::from_hex(value.as_str().unwrap()).unwrap();
    let versions = call(&methods, "state_call", json!(["Metadata_metadata_versions", "0x"]));
    let versions = Vec::<u32>::decode_all(&mut &*bytes(versions.await.unwrap())).unwrap();
    assert_eq!(versions, vec![14, 15, 16]);

    let metadata = bytes(call(&methods, "state_getMetadata", json!([])).await.unwrap());
    assert_eq!(metadata[..5], *b"meta\x0e");
    let called = call(&methods, "state_call", json!(["Metadata_metadata", ""])).await.unwrap();
    assert_eq!(bytes(called), metadata.encode());
    for version in versions {
        let params = json!(["Metadata_metadata_at_version", hex(&version.encode()), null]);
        let answer = bytes(call(&methods, "state_callAt", params).await.unwrap());
        let metadata = Option::<Vec<u8>>::decode(&mut answer.as_slice()).unwrap().unwrap();
        assert_eq!(metadata[..4], *b"meta");
        assert_eq!(u32::from(metadata[4]), version);
    }
}

#[tokio::test]
async fn runtime_version_lists_the_apis_that_clients_look_for() {
    let chain = Chain::at(1);
    let methods = chain.methods();
    let version = call(&methods, "state_getRuntimeVersion", json!([])).await.unwrap();
    let runtime = chain.executor.runtime_version();
    assert_eq!(version["specName"], json!(runtime.spec_name));
    assert_eq!(version["specVersion"], runtime.spec_version);
    assert_eq!(version["transactionVersion"], runtime.transaction_version);
    let apis = version["apis"].as_array().unwrap();
    for (id, version) in [
        ("0x37e397fc7c91f5e4", Some(2)),
        ("0xbc9d89904f5b923f", Some(1)),
        ("0x37c8bb1350a9a2a8", None),
        ("0xdf6acb689907609b", None),
    ] {
        let found = apis.iter().find(|api| api[0] == id).unwrap_or_else(|| panic!("no {id}"));
        assert!(version.is_none_or(|version| found[1] == version), "{found}");
    }
    let alias = call(&methods, "chain_getRuntimeVersion", json!([chain.executor.head().hash]));
    assert_eq!(alias.await.unwrap(), version);
}

#[tokio::test]
async fn storage_is_read_at_the_head_and_at_any_block() {
    let chain = with_one_remark().await;
    let methods = chain.methods();
    let key = hex(&alice_key());
    let before = chain.executor.storage().header(1).unwrap().unwrap().hash();
    let nonce = |value: &Value| {
        let record = sp_core::bytes::from_hex(value.as_str().unwrap()).unwrap();
        u32::decode(&mut record.as_slice()).unwrap()
    };
    for method in ["state_getStorage", "state_getStorageAt"] {
        let value = call(&methods, method, json!([key])).await.unwrap();
        assert_eq!(nonce(&value), 1);
        let value = call(&methods, method, json!([key, before])).await.unwrap();
        assert_eq!(nonce(&value), 0);
        assert_eq!(call(&methods, method, json!(["0x00"])).await.unwrap(), Value::Null);
    }
    let value = chain.executor.storage().state(2).unwrap().get(&alice_key()).unwrap().unwrap();
    for (method, expected) in [
        ("state_getStorageHash", json!(Hash::from(blake2_256(&value)))),
        ("state_getStorageHashAt", json!(Hash::from(blake2_256(&value)))),
        ("state_getStorageSize", json!(value.len())),
        ("state_getStorageSizeAt", json!(value.len())),
    ] {
        assert_eq!(call(&methods, method, json!([key, null])).await.unwrap(), expected);
        assert_eq!(call(&methods, method, json!(["0x00"])).await.unwrap(), Value::Null);
    }
    let hash = call(&methods, "state_getStorageHash", json!([CODE])).await.unwrap();
    assert!(hash.is_string(), "clients take a chain without code for no chain");
}

#[tokio::test]
async fn keys_are_paged() {
    let chain = Chain::new();
    let methods = chain.methods();
    let prefix = hex(&alice_key()[..32]);
    let all = call(&methods, "state_getKeys", json!([prefix])).await.unwrap();
    let all = all.as_array().unwrap();
    assert!(all.len() > 4);
    assert!(all.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str()));
    let mut paged = Vec::new();
    loop {
        let params = json!([prefix, 3, paged.last(), null]);
        let page = call(&methods, "state_getKeysPaged", params.clone()).await.unwrap();
        assert_eq!(page, call(&methods, "state_getKeysPagedAt", params).await.unwrap());
        let page = page.as_array().unwrap();
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        paged.extend(page.iter().cloned());
    }
    assert_eq!(paged, *all);
    let error = call(&methods, "state_getKeysPaged", json!([prefix, 1001])).await.unwrap_err();
    assert_eq!(error["code"], 4002);
    assert_eq!(error["message"], "count exceeds maximum value. value: 1001, max: 1000");
    let pages = call(&methods, "state_getKeysPaged", json!([null, 1000])).await.unwrap();
    assert!(pages.as_array().unwrap().len() > all.len());
}

#[tokio::test]
async fn pairs_and_keys_are_bounded() {
    let chain = Chain::new();
    let methods = chain.methods();
    let prefix = hex(&alice_key()[..32]);
    let pairs = call(&methods, "state_getPairs", json!([prefix])).await.unwrap();
    let keys = call(&methods, "state_getKeys", json!([prefix])).await.unwrap();
    let of_pairs: Vec<_> = pairs.as_array().unwrap().iter().map(|pair| pair[0].clone()).collect();
    assert_eq!(json!(of_pairs), keys);

    let few = chain.methods_with(RpcLimits { keys_max: 2, ..RpcLimits::default() }, true);
    let short =
        chain.methods_with(RpcLimits { values_bytes_max: 100, ..RpcLimits::default() }, true);
    for (methods, method) in
        [(&few, "state_getPairs"), (&few, "state_getKeys"), (&short, "state_getPairs")]
    {
        let error = call(methods, method, json!([prefix])).await.unwrap_err();
        assert_eq!(error["code"], 4002);
    }
}

#[tokio::test]
async fn query_storage_at_works() {
    let chain = with_one_remark().await;
    let methods = chain.methods();
    let key = hex(&alice_key());
    let head = chain.executor.head().hash;
    let value = call(&methods, "state_getStorage", json!([key])).await.unwrap();
    let expected = json!([{ "block": head, "changes": [[key, value], ["0x00", null]] }]);
    for params in [json!([[key, "0x00"]]), json!([[key, "0x00"], head])] {
        assert_eq!(call(&methods, "state_queryStorageAt", params).await.unwrap(), expected);
    }
    let short = chain.methods_with(RpcLimits { keys_max: 1, ..RpcLimits::default() }, true);
    let error = call(&short, "state_queryStorageAt", json!([[key, "0x00"]])).await.unwrap_err();
    assert_eq!(error["code"], 4002);
}

#[tokio::test]
async fn unknown_and_discarded_states_are_refused() {
    let chain = Chain::with_retention(StateRetention::Recent(NonZeroU32::new(2).unwrap()));
    let methods = chain.methods();
    (0..6).for_each(|_| {
        chain.produce();
    });
    let unknown = Hash::repeat_byte(1);
    let error = call(&methods, "state_getStorage", json!([CODE, unknown])).await.unwrap_err();
    assert_eq!(error["code"], 4003);
    let text =
        format!("Client error: UnknownBlock: Header was not found in the database: {unknown:?}");
    assert_eq!(error["message"], json!(text));
    let genesis = chain.executor.genesis_hash();
    let error = call(&methods, "state_getStorage", json!([CODE, genesis])).await.unwrap_err();
    assert_eq!(error["code"], 4003);
    assert!(error["message"].as_str().unwrap().contains("State already discarded"));
}

#[tokio::test]
async fn state_call_refuses_unknown_functions_and_bad_arguments() {
    let chain = Chain::new();
    let methods = chain.methods();
    let error = call(&methods, "state_call", json!(["Core_execute_block", "0x"])).await;
    let error = error.unwrap_err();
    assert_eq!(error["code"], 4003);
    assert_eq!(
        error["message"],
        "Client error: Execution failed: Other: Exported method Core_execute_block is not found"
    );
    let params = json!(["AccountNonceApi_account_nonce", "0x01"]);
    let error = call(&methods, "state_call", params).await.unwrap_err();
    assert_eq!(error["code"], 4003);
    let limits = RpcLimits { call_bytes_max: 4, ..RpcLimits::default() };
    let methods = chain.methods_with(limits, false);
    let params = json!(["Core_version", "0x0102030405"]);
    assert_eq!(call(&methods, "state_call", params).await.unwrap_err()["code"], 4002);
}

#[tokio::test]
async fn nonce_is_read_through_the_runtime() {
    let chain = with_one_remark().await;
    let methods = chain.methods();
    let account = hex(&alice().public().0);
    let params = json!(["AccountNonceApi_account_nonce", account, null]);
    assert_eq!(call(&methods, "state_call", params).await.unwrap(), "0x01000000");
}

#[tokio::test]
async fn runtime_version_subscription_works() {
    for method in ["state_subscribeRuntimeVersion", "chain_subscribeRuntimeVersion"] {
        let methods = Chain::new().methods();
        let (_, mut versions) = subscribe(&methods, method, json!([])).await.unwrap();
        let (name, version) = next(&mut versions).await;
        assert_eq!(name, "state_runtimeVersion");
        let expected = call(&methods, "state_getRuntimeVersion", json!([])).await.unwrap();
        assert_eq!(version, expected);
    }
}

#[tokio::test]
async fn storage_subscription_tells_the_values_and_then_changes() {
    let chain = Chain::at(1);
    let methods = chain.methods();
    let key = hex(&alice_key());
    let params = json!([[key, "0x00"]]);
    let (_, mut changes) = subscribe(&methods, "state_subscribeStorage", params).await.unwrap();
    let (name, first) = next(&mut changes).await;
    assert_eq!(name, "state_storage");
    let head = chain.executor.head().hash;
    let value = call(&methods, "state_getStorage", json!([key])).await.unwrap();
    assert_eq!(first, json!({ "block": head, "changes": [["0x00", null], [key, value]] }));

    // A block that does not concern the key is not told.
    chain.produce();
    chain.mempool.submit(chain.remark(&alice(), 0, b"tea"), Source::Local).await.unwrap();
    let block = chain.produce();
    let value = call(&methods, "state_getStorage", json!([key])).await.unwrap();
    let (_, second) = next(&mut changes).await;
    assert_eq!(second, json!({ "block": block, "changes": [[key, value]] }));
}

#[tokio::test]
async fn storage_subscription_tells_values_again_after_it_missed_blocks() {
    let chain = Chain::new();
    let methods = chain.methods();
    let key = hex(&alice_key());
    let (_, mut changes) =
        subscribe(&methods, "state_subscribeStorage", json!([[key]])).await.unwrap();
    next(&mut changes).await;
    chain.mempool.submit(chain.remark(&alice(), 0, b"tea"), Source::Local).await.unwrap();
    (0..300).for_each(|_| {
        chain.produce();
    });
    let value = call(&methods, "state_getStorage", json!([key])).await.unwrap();
    let head = chain.executor.head().hash;
    let (_, told) = next(&mut changes).await;
    assert_eq!(told, json!({ "block": head, "changes": [[key, value]] }));
}

#[tokio::test]
async fn storage_subscription_without_keys_tells_everything() {
    let chain = Chain::new();
    let methods = chain.methods();
    let (_, mut changes) = subscribe(&methods, "state_subscribeStorage", json!([])).await.unwrap();
    let block = chain.produce();
    let (_, told) = next(&mut changes).await;
    assert_eq!(told["block"], json!(block));
    assert!(!told["changes"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn storage_subscription_rejects_many_keys_and_closes_on_long_values() {
    let chain = Chain::new();
    let few = chain.methods_with(RpcLimits { keys_max: 1, ..RpcLimits::default() }, true);
    let params = json!([["0x00", "0x01"]]);
    let error = subscribe(&few, "state_subscribeStorage", params).await.unwrap_err();
    assert_eq!(error["code"], 4002);

    let short = chain.methods_with(RpcLimits { values_bytes_max: 8, ..RpcLimits::default() }, true);
    let params = json!([[hex(&alice_key())]]);
    let (_, mut changes) = subscribe(&short, "state_subscribeStorage", params).await.unwrap();
    let closing: Value = serde_json::from_str(changes.recv().await.unwrap().get()).unwrap();
    assert_eq!(closing["params"]["error"], "a notification is too large; subscribe to fewer keys");
    assert!(changes.recv().await.is_none());
}
