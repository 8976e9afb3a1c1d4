//! Bytes on disk and in proofs. A change here is a change of schema or of what clients verify.

use super::Chain;
use crate::{
    StateRetention,
    database::Column,
    keys::{
        decode_history_key, decode_position, decode_undecided_key, encode_position, history_key,
        undecided_key,
    },
    schema::SCHEMA_VERSION,
};
use ecoledger_primitives::ValueId;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};

#[test]
fn columns_are_those_of_the_schema() {
    let names: Vec<_> = Column::ALL.iter().map(|column| column.name()).collect();
    assert_eq!(
        (SCHEMA_VERSION, names.join(" ").as_str()),
        (
            2,
            "meta state history nodes superseded headers bodies certificates numbers \
             validator_sets transactions undecided pool"
        )
    );
}

#[test]
fn keys_are_those_of_the_schema() {
    assert_eq!(hex::encode(history_key(b"a\0b", 258)), "6100ff62000100000102");
    assert_eq!(
        hex::encode(undecided_key(1, 2, &ValueId([3; 32]))),
        format!("0000000100000002{}", "03".repeat(32))
    );
    assert_eq!(hex::encode(encode_position(1, 2)), "0000000100000002");
    assert_eq!(decode_position(&encode_position(7, 9)), Some((7, 9)));
    assert_eq!(decode_position(&[0; 7]), None);
    let key = undecided_key(7, 9, &ValueId([5; 32]));
    assert_eq!(decode_undecided_key(&key), Some((7, 9, ValueId([5; 32]))));
    assert_eq!(decode_undecided_key(&key[1..]), None);
}

#[test]
fn roots_and_proofs_are_those_of_the_schema() {
    let chain = Chain::new(StateRetention::Archive);
    chain.commit((0u8..100).map(|i| ([i], Some([i, i]))));
    chain.commit((0u8..100).filter(|i| i % 3 == 0).map(|i| ([i], None::<[u8; 1]>)));
    let root = |number| chain.storage.header(number).unwrap().unwrap().state_root;
    let proof = |key: u8| hex::encode(Sha256::digest(chain.storage.prove(1, &[key]).unwrap()));
    assert_eq!(
        [format!("{:x}", root(0)), format!("{:x}", root(1)), proof(1), proof(3)],
        [
            "6c130d3ab340091196bbd606e97b876b94fd2e635fdd9dfd8e8a56d6bbd73a8b",
            "39c94ab00574dd22e16eb792af1605d7dbb84113ada81de7a74c983e89038dc1",
            "715ba8c5c5429f6a1c3e39d6e7e4cf929589de91682269196b1a60718ccab85d",
            "b5bdeccc0ac75106a149933f648b2ac02bc234fe8724b97d1b709b8aac52b057",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn history_keys_keep_the_order(
        a in prop::collection::vec(prop::sample::select(vec![0u8, 1, 2, 0xfe, 0xff]), 0..6),
        b in prop::collection::vec(prop::sample::select(vec![0u8, 1, 2, 0xfe, 0xff]), 0..6),
        (m, n) in any::<(u32, u32)>(),
    ) {
        let (x, y) = (history_key(&a, m), history_key(&b, n));
        prop_assert_eq!(x.cmp(&y), (&a, m).cmp(&(&b, n)));
        prop_assert_eq!(decode_history_key(&x), Some((a, m)));
        prop_assert_eq!(decode_history_key(&x[..x.len() - 1]).is_some_and(|(_, k)| k == m), false);
    }
}
