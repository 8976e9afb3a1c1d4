//! JSON and the chain's types, by the table in [`crate::value`].

use crate::{
    KeyPair,
    error::KeyError,
    value::{decode_json, fields_from_json, from_json},
};
use codec::Encode;
use scale_info::{MetaType, PortableRegistry, Registry, TypeDef, TypeInfo, meta_type};
use serde_json::{Value as Json, json};
use subxt::tx::Signer;

#[derive(Encode, TypeInfo)]
struct Lot(Vec<u8>);

#[derive(Encode, TypeInfo)]
struct Gtin([u8; 4]);

#[derive(Encode, TypeInfo)]
enum Purpose {
    Delivery,
    Return { lot: Lot },
    To(u32),
}

#[derive(Encode, TypeInfo)]
struct Measure {
    #[codec(compact)]
    value: u128,
    unit: Gtin,
    note: Option<Vec<u32>>,
    purpose: Purpose,
    pair: (bool, i16),
}

/// Stands for the chain's account type: the reader goes by the name.
#[derive(Encode, TypeInfo)]
struct AccountId32([u8; 32]);

fn registry(types: &[MetaType]) -> (Vec<u32>, PortableRegistry) {
    let mut registry = Registry::new();
    let ids = types.iter().map(|ty| registry.register_type(ty).id).collect();
    (ids, registry.into())
}

/// Writes `json` as the type of `T` and checks bytes and reading back.
fn check<T: Encode + TypeInfo + 'static>(json: &Json, value: &T) {
    let (ids, types) = registry(&[meta_type::<T>()]);
    let encodable = from_json(json, ids[0], &types).unwrap();
    let mut bytes = Vec::new();
    scale_value::scale::encode_as_type(&encodable, ids[0], &types, &mut bytes).unwrap();
    assert_eq!(bytes, value.encode(), "{json}");
    assert_eq!(&decode_json(&bytes, ids[0], &types).unwrap(), json);
}

fn refusal<T: TypeInfo + 'static>(json: &Json) -> (String, String) {
    let (ids, types) = registry(&[meta_type::<T>()]);
    let error = from_json(json, ids[0], &types).unwrap_err();
    (error.path, error.expected)
}

#[test]
fn every_kind_of_type_goes_both_ways() {
    check(&json!(7), &7u8);
    check(&json!(-7), &-7i16);
    check(&json!("340282366920938463463374607431768211455"), &u128::MAX);
    check(&json!(9_007_199_254_740_991u64), &9_007_199_254_740_991u64);
    check(&json!("9007199254740992"), &9_007_199_254_740_992u64);
    check(&json!(true), &true);
    check(&json!("leaf"), &"leaf".to_owned());
    check(&json!("LEAF-1"), &Lot(b"LEAF-1".to_vec()));
    check(&json!("0x00ff"), &Lot(vec![0, 255]));
    check(&json!("KGM "), &Gtin(*b"KGM "));
    check(&json!([1, 2]), &vec![1u32, 2]);
    check(&json!([5]), &vec![5u32]);
    check(&json!([[5]]), &vec![vec![5u32]]);
    check(&json!(null), &None::<u32>);
    check(&json!(3), &Some(3u32));
    check(&json!("Delivery"), &Purpose::Delivery);
    check(&json!({ "To": 9 }), &Purpose::To(9));
    check(&json!({ "Return": { "lot": "L" } }), &Purpose::Return { lot: Lot(b"L".to_vec()) });
    check(
        &json!({
            "value": 118, "unit": "KGM ", "note": [1], "purpose": "Delivery", "pair": [true, -1],
        }),
        &Measure {
            value: 118,
            unit: Gtin(*b"KGM "),
            note: Some(vec![1]),
            purpose: Purpose::Delivery,
            pair: (true, -1),
        },
    );
}

#[test]
fn accounts_are_ss58_addresses() {
    let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    let key = KeyPair::parse("//Alice").unwrap();
    check(&json!(alice), &AccountId32(key.public_key()));
    assert_eq!(crate::address(&key.public_key()), alice);
}

#[test]
fn a_lot_of_digits_needs_no_quotes() {
    let (ids, types) = registry(&[meta_type::<Lot>()]);
    assert_eq!(
        from_json(&json!(2026), ids[0], &types).unwrap(),
        from_json(&json!("2026"), ids[0], &types).unwrap()
    );
}

#[test]
fn what_does_not_fit_is_refused_by_place() {
    assert_eq!(refusal::<u8>(&json!(256)).1, "an integer from 0 to 255");
    assert_eq!(refusal::<u8>(&json!(-1)).1, "an integer from 0 to 255");
    assert_eq!(refusal::<u8>(&json!(1.5)).1, "an integer from 0 to 255");
    assert_eq!(refusal::<Gtin>(&json!("KGM")).1, "4 bytes");
    assert_eq!(refusal::<Gtin>(&json!("0xzz")).1, "hexadecimal after 0x");
    assert_eq!(refusal::<Purpose>(&json!("Gift")).1, "one of Delivery, Return, To");
    assert_eq!(refusal::<Vec<u32>>(&json!([1, "x"])).0, "[1]");
    assert_eq!(refusal::<AccountId32>(&json!("5Grwva")).1, "an SS58 address or 0x and 64 digits");
    let measure =
        json!({ "value": 1, "unit": "KGM ", "purpose": { "To": "x" }, "pair": [true, 1] });
    assert_eq!(refusal::<Measure>(&measure).0, "purpose.To");
}

#[test]
fn fields_are_complete_and_known() {
    let (ids, types) = registry(&[meta_type::<Measure>()]);
    let TypeDef::Composite(composite) = &types.resolve(ids[0]).unwrap().type_def else {
        panic!("a structure");
    };
    let fields = |json: Json| fields_from_json(&json, &composite.fields, &types);
    let missing = fields(json!({ "value": 1 })).unwrap_err();
    assert_eq!((missing.path.as_str(), missing.got.as_str()), ("unit", "nothing"));
    let unknown = fields(json!({ "weight": 1 })).unwrap_err();
    assert_eq!(unknown.path, "weight");
    assert!(unknown.expected.contains("value, unit, note, purpose, pair"));
    // A field that may be absent may be left out.
    fields(json!({ "value": 1, "unit": "KGM ", "purpose": "Delivery", "pair": [true, 1] }))
        .unwrap();
}

#[test]
fn keys_are_seeds_or_secrets() {
    let seed = "0x9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let key = KeyPair::parse(&format!("{seed}\n")).unwrap();
    // RFC 8032 §7.1, test 1.
    let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    assert_eq!(hex::encode(key.public_key()), public);
    assert!(matches!(
        key.sign(b"").encode().as_slice(),
        [0, first, ..] if *first == 0xe5
    ));
    assert!(!format!("{key:?}").contains("9d61"));
    assert_eq!(
        KeyPair::parse("0x9d61").unwrap_err(),
        KeyError::BadSeed { expected_digits: 64, got_digits: 4 }
    );
    assert_eq!(KeyPair::parse("no such words").unwrap_err(), KeyError::BadSecret);
}
