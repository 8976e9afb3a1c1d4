//! Blocks and heads.

use super::{Chain, alice, call, hex, next, subscribe, subscribe_with};
use crate::{RpcLimits, handlers::Handlers, subscription::closing};
use codec::Encode;
use jsonrpsee::RpcModule;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc;

#[tokio::test]
async fn get_block_hash_accepts_every_form_of_number() {
    let chain = Chain::at(11);
    let methods = chain.methods();
    let hash = |number| json!(chain.executor.storage().header(number).unwrap().unwrap().hash());
    for (params, expected) in [
        (json!([]), hash(11)),
        (json!([null]), hash(11)),
        (json!([0]), json!(chain.executor.genesis_hash())),
        (json!([10]), hash(10)),
        (json!(["0xa"]), hash(10)),
        (json!(["0x0a"]), hash(10)),
        (json!([12]), Value::Null),
        (json!([[0, "0x1", 12]]), json!([hash(0), hash(1), null])),
        (json!([[]]), json!([])),
    ] {
        for method in ["chain_getBlockHash", "chain_getHead"] {
            assert_eq!(call(&methods, method, params.clone()).await.unwrap(), expected, "{params}");
        }
    }
    let error = call(&methods, "chain_getBlockHash", json!([1u64 << 32])).await.unwrap_err();
    assert_eq!(error["code"], 3001);
    let error = call(&methods, "chain_getBlockHash", json!(["10"])).await.unwrap_err();
    assert_eq!(error["code"], -32602);
}

#[tokio::test]
async fn get_block_hash_rejects_long_lists() {
    let limits = RpcLimits { block_numbers_max: 2, ..RpcLimits::default() };
    let methods = Chain::new().methods_with(limits, false);
    assert!(call(&methods, "chain_getBlockHash", json!([[0, 0]])).await.is_ok());
    let error = call(&methods, "chain_getBlockHash", json!([[0, 0, 0]])).await.unwrap_err();
    assert_eq!(error["code"], 4002);
}

#[tokio::test]
async fn get_header_works() {
    let chain = Chain::at(2);
    let methods = chain.methods();
    let head = chain.executor.head();
    let header = call(&methods, "chain_getHeader", json!([])).await.unwrap();
    assert_eq!(header, json!(head.header));
    assert_eq!(header["number"], "0x2");
    assert_eq!(header["digest"]["logs"].as_array().unwrap().len(), 2);
    assert_eq!(header, call(&methods, "chain_getHeader", json!([head.hash])).await.unwrap());
    let unknown = json!([format!("0x{}", "11".repeat(32))]);
    assert_eq!(call(&methods, "chain_getHeader", unknown.clone()).await.unwrap(), Value::Null);
    assert_eq!(call(&methods, "chain_getBlock", unknown).await.unwrap(), Value::Null);
}

#[tokio::test]
async fn get_block_has_length_prefixed_transactions_and_the_certificate() {
    let chain = Chain::new();
    let methods = chain.methods();
    let transaction = chain.remark(&alice(), 0, b"tea");
    chain.mempool.submit(transaction.clone(), ecoledger_mempool::Source::Local).await.unwrap();
    let hash = chain.produce();
    let block = call(&methods, "chain_getBlock", json!([hash])).await.unwrap();
    let extrinsics = block["block"]["extrinsics"].as_array().unwrap();
    assert_eq!(extrinsics.len(), 2);
    assert_eq!(extrinsics[1], hex(&transaction));
    let certificate = chain.executor.storage().certificate(1).unwrap().unwrap();
    let expected = json!([[b"BFTC", certificate.encode()]]);
    assert_eq!(block["justifications"], expected);
    let genesis = call(&methods, "chain_getBlock", json!([chain.executor.genesis_hash()]));
    let genesis = genesis.await.unwrap();
    assert_eq!(genesis["justifications"], Value::Null);
    assert_eq!(genesis["block"]["extrinsics"], json!([]));
}

#[tokio::test]
async fn get_finalized_head_is_the_head() {
    let chain = Chain::at(1);
    let methods = chain.methods();
    for method in ["chain_getFinalizedHead", "chain_getFinalisedHead"] {
        let hash = call(&methods, method, json!([])).await.unwrap();
        assert_eq!(hash, json!(chain.executor.head().hash));
    }
}

#[tokio::test]
async fn head_subscriptions_tell_the_head_and_every_following_one() {
    for (method, notification) in [
        ("chain_subscribeAllHeads", "chain_allHead"),
        ("chain_subscribeNewHeads", "chain_newHead"),
        ("chain_subscribeNewHead", "chain_newHead"),
        ("subscribe_newHead", "chain_newHead"),
        ("chain_subscribeFinalizedHeads", "chain_finalizedHead"),
        ("chain_subscribeFinalisedHeads", "chain_finalizedHead"),
    ] {
        let chain = Chain::at(1);
        let methods = chain.methods();
        let (_, mut heads) = subscribe(&methods, method, json!([])).await.unwrap();
        for number in 1..=3 {
            let (name, header) = next(&mut heads).await;
            assert_eq!(name, notification, "{method}");
            assert_eq!(header, json!(chain.executor.head().header));
            assert_eq!(header["number"], format!("{number:#x}"));
            chain.produce();
        }
    }
}

#[tokio::test]
async fn head_subscriptions_have_no_gap_when_blocks_come_faster_than_they_are_told() {
    let chain = Chain::new();
    let methods = chain.methods();
    let (_, mut heads) = subscribe(&methods, "chain_subscribeNewHeads", json!([])).await.unwrap();
    assert_eq!(next(&mut heads).await.1["number"], "0x0");
    // More than the executor keeps for those that lag; nothing is told meanwhile, because the
    // test runs on one thread.
    let n_blocks = 300;
    (0..n_blocks).for_each(|_| {
        chain.produce();
    });
    for number in 1..=n_blocks {
        assert_eq!(next(&mut heads).await.1["number"], format!("{number:#x}"));
    }
}

#[tokio::test]
async fn a_subscriber_that_does_not_read_is_dropped_with_a_close() {
    let chain = Chain::new();
    let limits =
        RpcLimits { subscriber_timeout: Duration::from_millis(10), ..RpcLimits::default() };
    let handlers = Handlers::new(chain.context(), limits, false);
    let (given_up, mut end) = mpsc::channel(1);
    let mut methods = RpcModule::new((handlers, given_up));
    methods
        .register_subscription("heads", "head", "unheads", |_, pending, context, _| async move {
            let result = context.0.heads(pending).await;
            context.1.send(()).await.unwrap();
            closing(result)
        })
        .unwrap();
    let (_, mut heads) = subscribe_with(&methods, "heads", json!([]), 2).await.unwrap();
    assert_eq!(next(&mut heads).await.1["number"], "0x0");
    (0..8).for_each(|_| {
        chain.produce();
    });
    // Two messages fit; the third gives up while nothing is read.
    end.recv().await.unwrap();
    for number in ["0x1", "0x2"] {
        assert_eq!(next(&mut heads).await.1["number"], number);
    }
    let closing: Value = serde_json::from_str(heads.recv().await.unwrap().get()).unwrap();
    assert_eq!(
        closing["params"]["error"],
        "the subscriber is too slow; subscribe again and read faster"
    );
    assert!(heads.recv().await.is_none());
}
