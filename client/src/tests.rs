//! JSON and the chain's types, by the table in [`crate::value`].

use crate::{
    KeyPair, Scheme,
    error::KeyError,
    gs1::BatchId as BatchName,
    value::{
        decode_json, fields_from_json, fields_from_people, from_json, text_from_json, text_to_json,
    },
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

#[test]
fn secrets_give_the_keys_of_substrates_tools() {
    let key = |scheme, secret: &str| {
        KeyPair::from_secret(scheme, secret).map(|key| crate::address(&key.public_key()))
    };
    let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
    // sp-keyring's addresses of Alice.
    let ed25519 = "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu";
    let sr25519 = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    assert_eq!(key(Scheme::Ed25519, "//Alice").unwrap(), ed25519);
    assert_eq!(key(Scheme::Ed25519, &format!("{phrase}//Alice")).unwrap(), ed25519);
    assert_eq!(key(Scheme::Sr25519, &format!("{phrase}//Alice")).unwrap(), sr25519);
    assert_ne!(key(Scheme::Ed25519, phrase).unwrap(), key(Scheme::Sr25519, phrase).unwrap());
    let with_password = format!("{phrase}///password");
    assert_ne!(
        key(Scheme::Ed25519, phrase).unwrap(),
        key(Scheme::Ed25519, &with_password).unwrap()
    );
    // RFC 8032 §7.1, test 1.
    let seed = "0x9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    let pair = KeyPair::from_secret(Scheme::Ed25519, seed).unwrap();
    assert_eq!(pair.public_key(), KeyPair::parse(seed).unwrap().public_key());
    assert_eq!(pair.scheme(), Scheme::Ed25519);
    assert_eq!(key(Scheme::Ed25519, "//Alice/soft"), Err(KeyError::SoftPath));
    assert!(key(Scheme::Sr25519, "//Alice/soft").is_ok());
    let short = KeyError::BadSeed { expected_digits: 64, got_digits: 4 };
    assert_eq!(key(Scheme::Sr25519, "0x9d61").unwrap_err(), short);
    assert_eq!(key(Scheme::Ed25519, "no such words").unwrap_err(), KeyError::BadSecret);
}

#[test]
fn mnemonics_are_fresh_and_readable() {
    let (first, second) =
        (crate::generate_mnemonic().unwrap(), crate::generate_mnemonic().unwrap());
    assert_ne!(first, second);
    assert_eq!(first.split(' ').count(), 24);
    assert!(KeyPair::from_secret(Scheme::Sr25519, &first).is_ok());
}

/// The chain's types of these names, as far as the reader looks at them.
mod chain {
    use codec::Encode;
    use scale_info::TypeInfo;

    #[derive(Encode, TypeInfo)]
    pub(super) struct Gtin(pub(super) [u8; 14]);
    #[derive(Encode, TypeInfo)]
    pub(super) struct BatchId(pub(super) [u8; 16]);
    #[derive(Encode, TypeInfo)]
    pub(super) struct UnitCode(pub(super) [u8; 3]);
    #[derive(Encode, TypeInfo)]
    pub(super) struct Measure {
        #[codec(compact)]
        pub(super) value: u128,
        pub(super) decimals: u8,
        pub(super) unit: UnitCode,
    }
    #[derive(Encode, TypeInfo)]
    pub(super) struct CivilDate(pub(super) u32);
    pub(super) type Moment = u64;
    pub(super) type Lot = Vec<u8>;
    #[derive(Encode, TypeInfo)]
    pub(super) struct Produce {
        pub(super) gtin: Gtin,
        pub(super) lot: Lot,
        pub(super) parent: BatchId,
        pub(super) quantity: Measure,
        pub(super) at: Moment,
        pub(super) expires: CivilDate,
    }
}

#[test]
fn what_people_write_becomes_what_the_chain_takes() {
    let (ids, types) = registry(&[meta_type::<chain::Produce>()]);
    let TypeDef::Composite(composite) = &types.resolve(ids[0]).unwrap().type_def else {
        panic!("a structure");
    };
    let read = |change: &dyn Fn(&mut Json)| {
        let mut json = json!({
            "gtin": "9506000200019", "lot": 2026, "parent": "09506000200019/LEAF-1",
            "quantity": "12.5 kg", "at": "2026-03-28T09:30:00+08:00", "expires": "2027-03-28",
        });
        change(&mut json);
        fields_from_people(&json, &composite.fields, &types)
    };
    let mut bytes = Vec::new();
    let value = scale_value::Value {
        value: scale_value::ValueDef::Composite(read(&|_| {}).unwrap()),
        context: (),
    };
    scale_value::scale::encode_as_type(&value, ids[0], &types, &mut bytes).unwrap();
    let batch: BatchName = "09506000200019/LEAF-1".parse().unwrap();
    let mut parent = [0; 16];
    hex::decode_to_slice(batch.as_str().trim_start_matches("0x"), &mut parent).unwrap();
    let expected = chain::Produce {
        gtin: chain::Gtin(*b"09506000200019"),
        lot: b"2026".to_vec(),
        parent: chain::BatchId(parent),
        quantity: chain::Measure { value: 125, decimals: 1, unit: chain::UnitCode(*b"KGM") },
        at: 1_774_661_400_000,
        expires: chain::CivilDate(20_905),
    };
    assert_eq!(bytes, expected.encode());

    let place = |name: &'static str, given: &'static str| {
        let error = read(&|json| json[name] = json!(given)).unwrap_err();
        (error.path, error.expected)
    };
    let check_digit = "a GTIN with the check digit 9 (GS1 modulo 10)".to_owned();
    assert_eq!(place("gtin", "09506000200018"), ("gtin".into(), check_digit));
    assert_eq!(place("lot", "L 1").0, "lot");
    assert_eq!(place("parent", "LEAF-1").0, "parent");
    assert_eq!(place("quantity", "12").1, "a unit behind the number, such as 12kg");
    assert_eq!(place("at", "2026-03-28").1, "`now`, or RFC 3339 with an offset, from 1970 on");
    assert_eq!(place("expires", "28.03.2027").1, "a date as YYYY-MM-DD");
    // The chain's own forms, and bytes in hexadecimal, go through unchecked.
    read(&|json| json["gtin"] = json!(format!("0x{}", "ff".repeat(14)))).unwrap();
    read(&|json| json["at"] = json!("1774661400000")).unwrap();
    let lenient = json!({
        "gtin": "09506000200018", "lot": "", "parent": batch, "quantity": "1kg", "at": 1,
        "expires": 20_905,
    });
    fields_from_json(&lenient, &composite.fields, &types).unwrap();
}

#[test]
fn texts_that_look_like_bytes_keep_their_meaning() {
    for text in ["LEAF-1", "0x1A", "0x", "茶"] {
        let json = text_to_json(text);
        assert_eq!(text_from_json(json.as_str().unwrap()).as_deref(), Some(text), "{text}");
    }
    assert_eq!(text_from_json("0xff"), None);
}

/// Stand for types of compensation: the reader goes by their names and those of their fields.
mod compensation {
    use codec::Encode;
    use scale_info::TypeInfo;

    #[derive(Encode, TypeInfo)]
    pub(super) struct MicrogramsPerLitre(pub(super) u64);
    #[derive(Encode, TypeInfo)]
    pub(super) enum Quantity {
        Fen(u128),
        AreaUnits(u128),
    }
    #[derive(Encode, TypeInfo)]
    pub(super) struct Row {
        pub(super) amount_fen: u128,
        pub(super) cap_fen: Option<u128>,
        pub(super) tolerance_ppb: u64,
        pub(super) reading: Vec<MicrogramsPerLitre>,
        pub(super) value: Quantity,
    }
}

#[test]
fn amounts_ratios_and_concentrations_are_read_with_their_units() {
    let (ids, types) = registry(&[meta_type::<compensation::Row>()]);
    let read = |change: &dyn Fn(&mut Json)| {
        let mut json = json!({
            "amount_fen": "1234.56CNY", "cap_fen": "1 yuan", "tolerance_ppb": "20%",
            "reading": ["4.1mg/L", 300], "value": "3mu",
        });
        change(&mut json);
        from_json(&json, ids[0], &types)
    };
    let mut bytes = Vec::new();
    let value = read(&|_| {}).unwrap();
    scale_value::scale::encode_as_type(&value, ids[0], &types, &mut bytes).unwrap();
    let expected = compensation::Row {
        amount_fen: 123_456,
        cap_fen: Some(100),
        tolerance_ppb: 200_000_000,
        reading: vec![
            compensation::MicrogramsPerLitre(4_100),
            compensation::MicrogramsPerLitre(300),
        ],
        value: compensation::Quantity::AreaUnits(600_000),
    };
    assert_eq!(bytes, expected.encode());
    let place = |name: &str, value: Json| {
        let error = read(&|json| json[name] = value.clone()).unwrap_err();
        (error.path, error.expected)
    };
    // A number without its currency could be yuan or fen: only whole fen are taken.
    assert_eq!(place("amount_fen", json!("1234.56")).0, "amount_fen");
    assert!(place("amount_fen", json!("1.234CNY")).1.contains("two decimals"));
    assert_eq!(place("tolerance_ppb", json!("0.2")).0, "tolerance_ppb");
    assert_eq!(place("reading", json!(["4.1"])).0, "reading[0]");
    assert!(place("value", json!("3")).1.contains("1200mu"));
    assert_eq!(place("value", json!({ "Persons": 1 })).0, "value");
    let plain = read(&|json| json["value"] = json!({ "Fen": "7" })).unwrap();
    bytes.clear();
    scale_value::scale::encode_as_type(&plain, ids[0], &types, &mut bytes).unwrap();
    assert!(bytes.ends_with(&compensation::Quantity::Fen(7).encode()));
}
