//! Which methods are served, and to whom.

use super::{Chain, call};
use crate::RpcLimits;
use serde_json::json;

/// The safe methods with their aliases: Substrate's legacy set, and ours.
const SAFE: &[&str] = &[
    "account_nextIndex",
    "author_pendingExtrinsics",
    "author_submitAndWatchExtrinsic",
    "author_submitExtrinsic",
    "author_unwatchExtrinsic",
    "chain_getBlock",
    "chain_getBlockHash",
    "chain_getFinalisedHead",
    "chain_getFinalizedHead",
    "chain_getHead",
    "chain_getHeader",
    "chain_getRuntimeVersion",
    "chain_subscribeAllHeads",
    "chain_subscribeFinalisedHeads",
    "chain_subscribeFinalizedHeads",
    "chain_subscribeNewHead",
    "chain_subscribeNewHeads",
    "chain_subscribeRuntimeVersion",
    "chain_unsubscribeAllHeads",
    "chain_unsubscribeFinalisedHeads",
    "chain_unsubscribeFinalizedHeads",
    "chain_unsubscribeNewHead",
    "chain_unsubscribeNewHeads",
    "chain_unsubscribeRuntimeVersion",
    "ecoledger_getCertificate",
    "ecoledger_getProof",
    "ecoledger_getTransaction",
    "payment_queryFeeDetails",
    "payment_queryInfo",
    "rpc_methods",
    "state_call",
    "state_callAt",
    "state_getKeys",
    "state_getKeysPaged",
    "state_getKeysPagedAt",
    "state_getMetadata",
    "state_getRuntimeVersion",
    "state_getStorage",
    "state_getStorageAt",
    "state_getStorageHash",
    "state_getStorageHashAt",
    "state_getStorageSize",
    "state_getStorageSizeAt",
    "state_queryStorageAt",
    "state_subscribeRuntimeVersion",
    "state_subscribeStorage",
    "state_unsubscribeRuntimeVersion",
    "state_unsubscribeStorage",
    "subscribe_newHead",
    "system_accountNextIndex",
    "system_chain",
    "system_chainType",
    "system_health",
    "system_localListenAddresses",
    "system_localPeerId",
    "system_name",
    "system_nodeRoles",
    "system_properties",
    "system_syncState",
    "system_version",
    "unsubscribe_newHead",
];

const UNSAFE: &[&str] = &[
    "author_removeExtrinsic",
    "state_getPairs",
    "system_dryRun",
    "system_dryRunAt",
    "system_peers",
];

#[tokio::test]
async fn rpc_methods_lists_exactly_what_is_served() {
    let chain = Chain::new();
    let safe = chain.methods_with(RpcLimits::default(), false);
    assert_eq!(call(&safe, "rpc_methods", json!([])).await.unwrap(), json!({ "methods": SAFE }));

    let mut all: Vec<_> = SAFE.iter().chain(UNSAFE).collect();
    all.sort_unstable();
    let methods = chain.methods();
    assert_eq!(call(&methods, "rpc_methods", json!([])).await.unwrap(), json!({ "methods": all }));
    let served: Vec<_> = methods.method_names().collect();
    assert_eq!(served.len(), all.len());
}

#[tokio::test]
async fn unsafe_methods_are_denied_as_unknown_ones_are() {
    let safe = Chain::new().methods_with(RpcLimits::default(), false);
    for method in UNSAFE {
        let error = call(&safe, method, json!([])).await.unwrap_err();
        assert_eq!(error["code"], -32601, "{method}");
        assert_eq!(error["message"], "RPC call is unsafe to be called externally");
    }
    let error = call(&safe, "state_subscribeStorage", json!([])).await.unwrap_err();
    assert_eq!(error["code"], -32601);
    let error = call(&safe, "author_insertKey", json!([])).await.unwrap_err();
    assert_eq!(error, json!({ "code": -32601, "message": "Method not found" }));
}

#[tokio::test]
async fn groups_of_the_new_specification_are_not_listed() {
    let methods = Chain::new().methods();
    for prefix in ["archive_", "chainHead_", "chainSpec_", "transaction_", "transactionWatch_"] {
        assert!(methods.method_names().all(|name| !name.starts_with(prefix)), "{prefix}");
    }
}
