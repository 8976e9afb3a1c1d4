//! Submitting transactions.

use super::{Chain, alice, call, hex, next, subscribe};
use ecoledger_primitives::Hash;
use serde_json::{Value, json};
use sp_core::{Pair, ed25519};
use sp_io::hashing::blake2_256;

fn hash_of(transaction: &[u8]) -> Value {
    json!(Hash::from(blake2_256(transaction)))
}

#[tokio::test]
async fn submit_extrinsic_works() {
    let chain = Chain::new();
    let methods = chain.methods();
    let transaction = chain.remark(&alice(), 0, b"tea");
    let hash = call(&methods, "author_submitExtrinsic", json!([hex(&transaction)])).await.unwrap();
    assert_eq!(hash, hash_of(&transaction));
    let pending = call(&methods, "author_pendingExtrinsics", json!([])).await.unwrap();
    assert_eq!(pending, json!([hex(&transaction)]));
    let block = chain.produce();
    assert_eq!(call(&methods, "author_pendingExtrinsics", json!([])).await.unwrap(), json!([]));
    let position = call(&methods, "ecoledger_getTransaction", json!([hash])).await.unwrap();
    let expected = json!({
        "blockHash": block, "blockNumber": 1, "index": 1, "extrinsic": hex(&transaction),
    });
    assert_eq!(position, expected);
}

#[tokio::test]
async fn submit_extrinsic_rejects_with_the_codes_that_clients_know() {
    let chain = Chain::new();
    let methods = chain.methods();
    let good = chain.remark(&alice(), 0, b"tea");
    let mut forged = good.clone();
    *forged.last_mut().unwrap() ^= 1;
    let elsewhere = chain.signed(&alice(), 0, Hash::repeat_byte(7), b"tea");
    for (name, bytes, code, data) in [
        ("forged", forged, 1010, Some("Transaction has a bad signature")),
        ("for another chain", elsewhere, 1010, Some("Transaction has a bad signature")),
        ("empty", vec![], 1001, None),
        ("cut", good[..good.len() - 1].to_vec(), 1001, None),
        ("with a tail", [good.clone(), vec![0]].concat(), 1001, None),
        ("far ahead", chain.remark(&alice(), 100_000, b"tea"), 1021, None),
    ] {
        let error = call(&methods, "author_submitExtrinsic", json!([hex(&bytes)])).await;
        let error = error.unwrap_err();
        assert_eq!(error["code"], code, "{name}: {error}");
        if let Some(data) = data {
            assert_eq!(error["message"], "Invalid Transaction", "{name}");
            assert_eq!(error["data"], data, "{name}");
        }
        // The same over a subscription.
        let params = json!([hex(&bytes)]);
        let same = subscribe(&methods, "author_submitAndWatchExtrinsic", params).await;
        assert_eq!(same.unwrap_err()["code"], code, "{name}");
    }
}

#[tokio::test]
async fn submit_extrinsic_rejects_a_transaction_with_any_bit_flipped() {
    let chain = Chain::new();
    let methods = chain.methods();
    let good = chain.remark(&alice(), 0, b"tea");
    for index in 0..good.len() * 8 {
        let mut bytes = good.clone();
        bytes[index / 8] ^= 1 << (index % 8);
        let error = call(&methods, "author_submitExtrinsic", json!([hex(&bytes)])).await;
        let code = error.unwrap_err()["code"].as_i64().unwrap();
        assert!([1001, 1010, 1011, 1021].contains(&code), "bit {index}: {code}");
    }
    call(&methods, "author_submitExtrinsic", json!([hex(&good)])).await.unwrap();
}

#[tokio::test]
async fn submit_extrinsic_rejects_strangers_duplicates_and_used_nonces() {
    let chain = Chain::new();
    let methods = chain.methods();
    let stranger = ed25519::Pair::from_seed(&[99; 32]);
    let params = json!([hex(&chain.remark(&stranger, 0, b"tea"))]);
    let error = call(&methods, "author_submitExtrinsic", params).await.unwrap_err();
    assert_eq!(error["code"], 1010, "{error}");

    let params = json!([hex(&chain.remark(&alice(), 0, b"tea"))]);
    let hash = call(&methods, "author_submitExtrinsic", params.clone()).await.unwrap();
    let error = call(&methods, "author_submitExtrinsic", params.clone()).await.unwrap_err();
    let expected = json!({ "code": 1013, "message": "Transaction Already Imported", "data": hash });
    assert_eq!(error, expected);
    let other = json!([hex(&chain.remark(&alice(), 0, b"coffee"))]);
    let error = call(&methods, "author_submitExtrinsic", other).await.unwrap_err();
    assert_eq!(error["code"], 1014);

    chain.produce();
    let error = call(&methods, "author_submitExtrinsic", params).await.unwrap_err();
    let expected = json!({ "code": 1010, "message": "Invalid Transaction", "data": "Transaction is outdated" });
    assert_eq!(error, expected);
}

#[tokio::test]
async fn watch_extrinsic_tells_every_status_and_ends() {
    let chain = Chain::new();
    let methods = chain.methods();
    let params = json!([hex(&chain.remark(&alice(), 0, b"tea"))]);
    let (_, mut statuses) =
        subscribe(&methods, "author_submitAndWatchExtrinsic", params).await.unwrap();
    let (name, status) = next(&mut statuses).await;
    assert_eq!((name.as_str(), status), ("author_extrinsicUpdate", json!("ready")));
    let block = chain.produce();
    assert_eq!(next(&mut statuses).await.1, json!({ "inBlock": block }));
    assert_eq!(next(&mut statuses).await.1, json!({ "finalized": block }));
    assert!(statuses.recv().await.is_none());
}

#[tokio::test]
async fn watch_extrinsic_tells_of_a_future_nonce() {
    let chain = Chain::new();
    let methods = chain.methods();
    let watch = |nonce| {
        let params = json!([hex(&chain.remark(&alice(), nonce, b"tea"))]);
        let methods = &methods;
        async move {
            let watched = subscribe(methods, "author_submitAndWatchExtrinsic", params).await;
            watched.unwrap().1
        }
    };
    let mut second = watch(1).await;
    assert_eq!(next(&mut second).await.1, json!("future"));
    let mut first = watch(0).await;
    assert_eq!(next(&mut first).await.1, json!("ready"));
    assert_eq!(next(&mut second).await.1, json!("ready"));
    let block = chain.produce();
    for statuses in [&mut first, &mut second] {
        assert_eq!(next(statuses).await.1, json!({ "inBlock": block }));
        assert_eq!(next(statuses).await.1, json!({ "finalized": block }));
    }
}

#[tokio::test]
async fn remove_extrinsic_works() {
    let chain = Chain::new();
    let methods = chain.methods();
    let transactions = [0, 1].map(|nonce| chain.remark(&alice(), nonce, b"tea"));
    for transaction in &transactions {
        call(&methods, "author_submitExtrinsic", json!([hex(transaction)])).await.unwrap();
    }
    let unknown = Hash::repeat_byte(1);
    let params = json!([[{ "hash": hash_of(&transactions[1]) }, { "hash": unknown }]]);
    let removed = call(&methods, "author_removeExtrinsic", params).await.unwrap();
    assert_eq!(removed, json!([hash_of(&transactions[1])]));
    let params = json!([[{ "extrinsic": hex(&transactions[0]) }]]);
    let removed = call(&methods, "author_removeExtrinsic", params).await.unwrap();
    assert_eq!(removed, json!([hash_of(&transactions[0])]));
    assert_eq!(call(&methods, "author_pendingExtrinsics", json!([])).await.unwrap(), json!([]));
    let params = json!([hex(&transactions[0])]);
    let error = call(&methods, "author_submitExtrinsic", params).await.unwrap_err();
    assert_eq!(error["code"], 1012);
}
