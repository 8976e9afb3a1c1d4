//! JSON shapes, as clients write and read them.

use crate::{Bytes, types::*};
use codec::{Compact, DecodeAll, Encode};
use ecoledger_primitives::Hash;
use serde_json::{from_value, json, to_value};

#[test]
fn number_or_hex_works() {
    for (text, number) in
        [(json!(10), 10), (json!("0xa"), 10), (json!("0x0A"), 10), (json!(u64::MAX), u64::MAX)]
    {
        assert_eq!(from_value::<NumberOrHex>(text).unwrap(), NumberOrHex(number));
    }
    assert_eq!(to_value(NumberOrHex(10)).unwrap(), json!(10));
}

#[test]
fn number_or_hex_rejects_other_forms() {
    for text in [json!("10"), json!("0x"), json!("0x+a"), json!(-1), json!(1.5), json!(null)] {
        assert!(from_value::<NumberOrHex>(text.clone()).is_err(), "{text}");
    }
    assert!(from_value::<NumberOrHex>(json!("0x10000000000000000")).is_err());
}

#[test]
fn list_or_value_works() {
    type Numbers = ListOrValue<NumberOrHex>;
    assert_eq!(
        from_value::<Numbers>(json!([1, "0x2"])).unwrap(),
        ListOrValue::List(vec![NumberOrHex(1), NumberOrHex(2)])
    );
    assert_eq!(from_value::<Numbers>(json!(1)).unwrap(), ListOrValue::Value(NumberOrHex(1)));
    assert_eq!(to_value(ListOrValue::Value(None::<Hash>)).unwrap(), json!(null));
}

#[test]
fn bytes_accept_every_form_of_empty() {
    for text in ["0x", ""] {
        assert_eq!(from_value::<Bytes>(json!(text)).unwrap(), Bytes(Vec::new()));
    }
    assert_eq!(from_value::<Bytes>(json!("0102")).unwrap(), Bytes(vec![1, 2]));
    assert!(from_value::<Bytes>(json!("0x0g")).is_err());
}

#[test]
fn transaction_status_has_the_shapes_that_clients_read() {
    let hash = Hash::repeat_byte(1);
    let text = format!("{hash:?}");
    for (status, expected) in [
        (TransactionStatus::Future, json!("future")),
        (TransactionStatus::Ready, json!("ready")),
        (TransactionStatus::Broadcast(vec![]), json!({ "broadcast": [] })),
        (TransactionStatus::InBlock(hash), json!({ "inBlock": text })),
        (TransactionStatus::Finalized(hash), json!({ "finalized": text })),
        (TransactionStatus::Usurped(hash), json!({ "usurped": text })),
        (TransactionStatus::Dropped, json!("dropped")),
        (TransactionStatus::Invalid, json!("invalid")),
    ] {
        assert_eq!(to_value(&status).unwrap(), expected);
        assert_eq!(from_value::<TransactionStatus>(expected).unwrap(), status);
    }
}

#[test]
fn extrinsic_or_hash_works() {
    let hash = Hash::repeat_byte(2);
    assert_eq!(
        from_value::<ExtrinsicOrHash>(json!({ "hash": hash })).unwrap(),
        ExtrinsicOrHash::Hash(hash)
    );
    assert_eq!(
        from_value::<ExtrinsicOrHash>(json!({ "extrinsic": "0x01" })).unwrap(),
        ExtrinsicOrHash::Extrinsic(Bytes(vec![1]))
    );
}

#[test]
fn dispatch_info_decodes_what_the_runtime_encodes() {
    let encoded = (Compact(70_000u64), Compact(3u64), 1u8, 5u128).encode();
    let info = RuntimeDispatchInfo::decode_all(&mut encoded.as_slice()).unwrap();
    let expected = json!({
        "weight": { "ref_time": 70_000, "proof_size": 3 },
        "class": "operational",
        "partialFee": "5",
    });
    assert_eq!(to_value(info).unwrap(), expected);
    assert_eq!(from_value::<RuntimeDispatchInfo>(expected).unwrap(), info);
}

#[test]
fn fee_details_decode_what_the_runtime_encodes() {
    let encoded = (Some((1u128, 2u128, 16u128)), 9u128).encode();
    let details = FeeDetails::decode_all(&mut encoded.as_slice()).unwrap();
    let expected = json!({
        "inclusionFee": { "baseFee": "0x1", "lenFee": "0x2", "adjustedWeightFee": "0x10" },
    });
    assert_eq!(to_value(details).unwrap(), expected);
    let encoded = (None::<u128>, 0u128).encode();
    let details = FeeDetails::decode_all(&mut encoded.as_slice()).unwrap();
    assert_eq!(to_value(details).unwrap(), json!({ "inclusionFee": null }));
}
