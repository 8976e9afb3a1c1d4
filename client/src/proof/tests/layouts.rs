//! Records as a scan reads them, against the layouts of the runtime.

use super::state;
use codec::{Compact, DecodeAll, Encode};
use serde_json::Value;

/// The rows of a list in `layouts.js`.
fn rows(name: &str) -> Vec<Value> {
    let text = include_str!("../../../web/verifier/layouts.js");
    let start = format!("export const {name} = [\n");
    let (_, behind) = text.split_once(&start).unwrap();
    let (rows, _) = behind.split_once("\n];").unwrap();
    serde_json::from_str(&format!("[{}]", rows.trim_end_matches(','))).unwrap()
}

/// Any bytes of a layout.
fn bytes_of(layout: &Value, types: &[Value], random: &mut dyn FnMut(u64) -> u64) -> Vec<u8> {
    let mut take = |n: u64| (0..n).map(|_| random(256) as u8).collect::<Vec<u8>>();
    if let Some(at) = layout.as_u64() {
        return bytes_of(&types[at as usize], types, random);
    }
    match layout.as_str() {
        Some("bool") => return vec![random(2) as u8],
        Some("u8") => return take(1),
        Some("u16") => return take(2),
        Some("u32") => return take(4),
        Some("u64" | "i64") => return take(8),
        Some("u128" | "i128") => return take(16),
        Some("compact") => {
            let n_bits = random(64);
            return Compact(random(1 << n_bits)).encode();
        }
        Some("bytes") => {
            let n_bytes = random(20);
            return (0..n_bytes).map(|_| random(256) as u8).collect::<Vec<u8>>().encode();
        }
        Some(other) => panic!("{other}"),
        None => {}
    }
    if let Some(n_bytes) = layout["bytes"].as_u64() {
        return take(n_bytes);
    }
    let mut all = |parts: Vec<&Value>| -> Vec<u8> {
        parts.into_iter().flat_map(|part| bytes_of(part, types, random)).collect()
    };
    if let Some(parts) = layout["tuple"].as_array() {
        return all(parts.iter().collect());
    }
    if let Some(fields) = layout["fields"].as_array() {
        return all(fields.iter().map(|field| &field[1]).collect());
    }
    if let Some(some) = layout.get("option") {
        return match random(2) {
            0 => vec![0],
            _ => [vec![1], bytes_of(some, types, random)].concat(),
        };
    }
    if let Some(item) = layout.get("list") {
        let (n_items, mut bytes) = match layout["length"].as_u64() {
            Some(length) => (length, Vec::new()),
            None => {
                let n_items = random(5);
                (n_items, Compact(n_items as u32).encode())
            }
        };
        bytes.extend((0..n_items).flat_map(|_| bytes_of(item, types, random)));
        return bytes;
    }
    let variants = layout["variants"].as_array().unwrap();
    let variant = &variants[random(variants.len() as u64) as usize];
    let mut bytes = vec![variant[0].as_u64().unwrap() as u8];
    if let Some(part) = variant.get(2) {
        bytes.extend(bytes_of(part, types, random));
    }
    bytes
}

fn same<T: DecodeAll + Encode>(bytes: &[u8]) -> bool {
    T::decode_all(&mut &bytes[..]).is_ok_and(|record| record.encode() == bytes)
}

type Record = (&'static state::Place, fn(&[u8]) -> bool);

const RECORDS: &[Record] = &[
    (&state::SERIES, same::<state::Series>),
    (&state::ITEM_MARK, same::<state::ItemMark>),
    (&state::BATCH, same::<state::Batch>),
    (&state::BASE, same::<state::Base>),
    (&state::OPEN_RECALLS, same::<Vec<u32>>),
    (&state::RECALL, same::<state::Recall>),
    (&state::DERIVATION, same::<state::Derivation>),
    (&state::CERTIFICATE, same::<state::Certificate>),
    (&state::LICENCE, same::<state::Licence>),
    (&state::ORGANISATION, same::<state::Organisation>),
];

#[test]
fn records_have_the_layouts_of_the_runtime() {
    let (places, types) = (rows("PLACES"), rows("TYPES"));
    for (place, is_same) in RECORDS {
        let name = format!("{}.{}", place.pallet, place.item);
        let row = places.iter().find(|row| row[0] == name).unwrap();
        let start = format!("0x{}", hex::encode(place.key_for_tests(&[])));
        assert_eq!(row[1], start, "{name}");
        for seed in 1..=512_u64 {
            let mut state = seed;
            let mut random = |below: u64| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 11) % below
            };
            let bytes = bytes_of(&row[3], &types, &mut random);
            assert!(is_same(&bytes), "{name}, seed {seed}: 0x{}", hex::encode(bytes));
        }
    }
}
