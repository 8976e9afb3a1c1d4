//! The node, its peers, and what transactions cost.

use super::{Chain, alice, call, hex};
use ecoledger_mempool::Source;
use ecoledger_primitives::{AccountId, Hash};
use ecoledger_rpc_api::types::PeerInfo;
use serde_json::json;
use sp_core::Pair;

#[tokio::test]
async fn node_and_chain_are_described() {
    let chain = Chain::at(2);
    let methods = chain.methods();
    for (method, expected) in [
        ("system_name", json!("EcoLedger Node")),
        ("system_version", json!("0.1.0")),
        ("system_chain", json!("EcoLedger Development")),
        ("system_chainType", json!("Local")),
        (
            "system_properties",
            json!({ "ss58Format": 42, "tokenDecimals": 2, "tokenSymbol": "CNY" }),
        ),
        ("system_nodeRoles", json!(["Authority"])),
        ("system_localPeerId", json!("12D3KooWA")),
        ("system_localListenAddresses", json!(["/ip4/127.0.0.1/tcp/30333/p2p/12D3KooWA"])),
        ("system_health", json!({ "peers": 0, "isSyncing": false, "shouldHavePeers": true })),
        ("system_syncState", json!({ "startingBlock": 2, "currentBlock": 2, "highestBlock": 2 })),
        ("system_peers", json!([])),
    ] {
        assert_eq!(call(&methods, method, json!([])).await.unwrap(), expected, "{method}");
    }
}

#[tokio::test]
async fn peers_and_synchronisation_are_told() {
    let chain = Chain::at(1);
    let methods = chain.methods();
    chain.produce();
    let hash = Hash::repeat_byte(9);
    chain.peers.send_replace(vec![PeerInfo {
        peer_id: "12D3KooWB".into(),
        roles: "AUTHORITY".into(),
        best_hash: hash,
        best_number: 50,
    }]);
    chain.health.send_modify(|health| {
        health.syncing = true;
        health.highest_block = Some(50);
    });
    for (method, expected) in [
        ("system_health", json!({ "peers": 1, "isSyncing": true, "shouldHavePeers": true })),
        ("system_syncState", json!({ "startingBlock": 1, "currentBlock": 2, "highestBlock": 50 })),
        (
            "system_peers",
            json!([{
                "peerId": "12D3KooWB", "roles": "AUTHORITY", "bestHash": hash, "bestNumber": 50,
            }]),
        ),
    ] {
        assert_eq!(call(&methods, method, json!([])).await.unwrap(), expected, "{method}");
    }
}

#[tokio::test]
async fn account_next_index_counts_the_pool() {
    let chain = Chain::new();
    let methods = chain.methods();
    let account = json!([AccountId::from(alice().public())]);
    for nonce in 0..3u32 {
        for method in ["system_accountNextIndex", "account_nextIndex"] {
            assert_eq!(call(&methods, method, account.clone()).await.unwrap(), nonce);
        }
        chain.mempool.submit(chain.remark(&alice(), nonce, b"tea"), Source::Local).await.unwrap();
    }
    let error = call(&methods, "system_accountNextIndex", json!(["5Alice"])).await.unwrap_err();
    assert_eq!(error["code"], -32602);
}

#[tokio::test]
async fn dry_run_answers_the_outcome_and_changes_nothing() {
    let chain = Chain::at(1);
    let methods = chain.methods();
    let transaction = json!([hex(&chain.remark(&alice(), 0, b"tea"))]);
    for _ in 0..2 {
        // Ok(Ok(())).
        assert_eq!(call(&methods, "system_dryRun", transaction.clone()).await.unwrap(), "0x0000");
    }
    let early = json!([hex(&chain.remark(&alice(), 1, b"tea")), chain.executor.head().hash]);
    // Err(Invalid(Future)).
    assert_eq!(call(&methods, "system_dryRunAt", early).await.unwrap(), "0x010002");
    assert_eq!(call(&methods, "system_dryRun", json!(["0x00"])).await.unwrap_err()["code"], 4003);
}

#[tokio::test]
async fn payment_is_asked_of_the_runtime_and_free() {
    let chain = Chain::new();
    let methods = chain.methods();
    let transaction = json!([hex(&chain.remark(&alice(), 0, b"tea")), null]);
    let info = call(&methods, "payment_queryInfo", transaction.clone()).await.unwrap();
    assert_eq!(info["class"], "normal");
    assert_eq!(info["partialFee"], "0");
    assert!(info["weight"]["ref_time"].as_u64().unwrap() > 0);
    let details = call(&methods, "payment_queryFeeDetails", transaction).await.unwrap();
    assert_eq!(details, json!({ "inclusionFee": null }));
    for method in ["payment_queryInfo", "payment_queryFeeDetails"] {
        let error = call(&methods, method, json!(["0x0102"])).await.unwrap_err();
        assert_eq!(error["code"], 2);
        let error = call(&methods, method, json!(["0x04ff"])).await.unwrap_err();
        assert_eq!(error["code"], 1, "{error}");
    }
}
