//! State proofs, certificates, positions.

use super::{Chain, account_key, alice, call, hex, validators};
use crate::RpcLimits;
use codec::{DecodeAll, Encode};
use ecoledger_primitives::{AccountId, CommitCertificate, Hash, Header, ValidatorSet};
use serde_json::{Value, json};
use sp_core::Pair;

fn bytes(value: &Value) -> Vec<u8> {
    sp_core::bytes::from_hex(value.as_str().unwrap()).unwrap()
}

/// Verifies one key as an outsider would: with ICS-23 alone.
fn verifies(root: &[u8], key: &Value) -> bool {
    use ics23::HostFunctionsManager as Host;
    let proof: ics23::CommitmentProof =
        prost::Message::decode(bytes(&key["proof"]).as_slice()).unwrap();
    let spec = ecoledger_storage::proof_spec();
    let (name, root) = (bytes(&key["key"]), root.to_vec());
    match &key["value"] {
        Value::Null => ics23::verify_non_membership::<Host>(&proof, &spec, &root, &name),
        value => ics23::verify_membership::<Host>(&proof, &spec, &root, &name, &bytes(value)),
    }
}

#[tokio::test]
async fn proofs_verify_against_the_header_that_the_certificate_proves() {
    let chain = Chain::at(3);
    let methods = chain.methods();
    let at = chain.executor.storage().header(2).unwrap().unwrap().hash();
    let key = account_key(&AccountId::from(alice().public()));
    let params = json!([[hex(&key), "0x3a61"], at]);
    let proof = call(&methods, "ecoledger_getProof", params).await.unwrap();
    assert_eq!((&proof["at"], &proof["height"]), (&json!(at), &json!(2)));
    assert_eq!(proof["keys"][0]["key"], hex(&key));
    assert!(proof["keys"][0]["value"].is_string());
    assert_eq!(proof["keys"][1]["value"], Value::Null);
    let header = Header::decode_all(&mut &*bytes(&proof["headerEncoded"])).unwrap();
    assert_eq!(proof["header"], json!(header));
    for key in proof["keys"].as_array().unwrap() {
        assert!(verifies(header.state_root.as_bytes(), key));
        assert!(!verifies(&[0; 32], key));
    }

    let certificate = call(&methods, "ecoledger_getCertificate", json!([2])).await.unwrap();
    assert_eq!(certificate["headerEncoded"], proof["headerEncoded"]);
    assert_eq!(certificate["header"], proof["header"]);
    let set: Vec<Hash> = serde_json::from_value(certificate["validatorSet"].clone()).unwrap();
    let set = ValidatorSet::new(set.iter().map(|key| key.0).collect()).unwrap();
    let encoded = bytes(&certificate["encoded"]);
    let decoded = CommitCertificate::decode_all(&mut encoded.as_slice()).unwrap();
    assert_eq!(decoded.verify(&chain.executor.genesis_hash(), &header, &set), Ok(()));
    assert_eq!(certificate["valueId"], json!(Hash::from(decoded.value_id.0)));
    let signatures: Vec<_> = decoded
        .signatures
        .iter()
        .map(|s| json!({ "validator": Hash::from(s.validator), "signature": hex(&s.signature) }))
        .collect();
    assert_eq!(certificate["signatures"], json!(signatures));
    let mut keys: Vec<_> = validators().iter().map(|pair| Hash::from(pair.public().0)).collect();
    keys.sort_unstable();
    assert_eq!(certificate["validatorSet"], json!(keys));
}

#[tokio::test]
async fn certificate_accepts_every_form_of_height() {
    let chain = Chain::at(2);
    let methods = chain.methods();
    let get = |params| call(&methods, "ecoledger_getCertificate", params);
    let latest = get(json!([])).await.unwrap();
    assert_eq!(latest["height"], 2);
    assert_eq!(latest["round"], 0);
    for params in [json!([null]), json!([2]), json!(["0x2"])] {
        assert_eq!(get(params).await.unwrap(), latest);
    }
    for params in [json!([0]), json!([3])] {
        assert_eq!(get(params).await.unwrap(), Value::Null);
    }
    assert_eq!(get(json!([u64::MAX])).await.unwrap_err()["code"], 3001);
}

#[tokio::test]
async fn proof_rejects_many_keys_and_unknown_blocks() {
    let chain = Chain::at(1);
    let limits = RpcLimits { proof_keys_max: 1, ..RpcLimits::default() };
    let methods = chain.methods_with(limits, false);
    let error = call(&methods, "ecoledger_getProof", json!([["0x00", "0x01"]])).await.unwrap_err();
    assert_eq!(error["code"], 4002);
    let params = json!([["0x00"], Hash::repeat_byte(1)]);
    let error = call(&methods, "ecoledger_getProof", params).await.unwrap_err();
    assert_eq!(error["code"], 4003);
}

#[tokio::test]
async fn unknown_transactions_have_no_position() {
    let methods = Chain::at(1).methods();
    let params = json!([Hash::repeat_byte(1)]);
    let position = call(&methods, "ecoledger_getTransaction", params).await.unwrap();
    assert_eq!(position, Value::Null);
}

#[tokio::test]
async fn the_timestamp_of_a_block_has_a_position_too() {
    let chain = Chain::at(1);
    let methods = chain.methods();
    let block = chain.executor.storage().block(1).unwrap().unwrap();
    let extrinsic = block.extrinsics[0].encode();
    let params = json!([Hash::from(sp_io::hashing::blake2_256(&extrinsic))]);
    let position = call(&methods, "ecoledger_getTransaction", params).await.unwrap();
    assert_eq!(position["index"], 0);
    assert_eq!(position["extrinsic"], hex(&extrinsic));
}
