//! One verdict per signature: transactions and votes are judged by the same rule, and the rule is
//! the one that is written down.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use curve25519_dalek::{
    EdwardsPoint, Scalar,
    constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION},
    traits::IsIdentity,
};
use ecoledger_primitives::{
    AccountId, Signature, ed25519_verify, is_small_order_ed25519_key, is_weak_ed25519_key,
};
use sha2::{Digest, Sha512};
use sp_core::{Pair, ecdsa, ed25519, sr25519};
use sp_runtime::{MultiSignature, traits::Verify};
use std::path::{Path, PathBuf};

/// The folder of outside vectors; `None`, said aloud, where they are absent and not required.
fn fixtures(name: &str) -> Option<PathBuf> {
    match std::env::var_os("ECOLEDGER_FIXTURES") {
        Some(folder) => Some(Path::new(&folder).join(name)),
        None if std::env::var_os("CI").is_some() => {
            panic!("ECOLEDGER_FIXTURES must name the folder of outside vectors in CI")
        }
        None => {
            eprintln!("left out: ECOLEDGER_FIXTURES does not name the vectors of {name}");
            None
        }
    }
}

/// The verdict of every path: as a vote, and as a transaction's signature, twice because the
/// second time may come from memory.
fn verdict(signature: &[u8; 64], message: &[u8], key: &[u8; 32]) -> bool {
    let vote = ed25519_verify(signature, message, key);
    let transaction = Signature::from(ed25519::Signature::from_raw(*signature));
    for _ in 0..2 {
        assert_eq!(transaction.verify(message, &AccountId::from(*key)), vote);
    }
    vote
}

#[test]
fn wycheproof_vectors_get_one_verdict() {
    let Some(folder) = fixtures("wycheproof") else { return };
    let text = std::fs::read_to_string(folder.join("ed25519_test.json")).unwrap();
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut n_tests = 0;
    for group in vectors["testGroups"].as_array().unwrap() {
        let key = hex::decode(group["publicKey"]["pk"].as_str().unwrap()).unwrap();
        let key: [u8; 32] = key.try_into().unwrap();
        for test in group["tests"].as_array().unwrap() {
            let message = hex::decode(test["msg"].as_str().unwrap()).unwrap();
            let signature = hex::decode(test["sig"].as_str().unwrap()).unwrap();
            let valid = test["result"] == "valid";
            n_tests += 1;
            match signature.try_into() {
                Ok(signature) => assert_eq!(verdict(&signature, &message, &key), valid, "{test}"),
                // No path takes a signature of another length.
                Err(_) => assert!(!valid, "{test}"),
            }
        }
    }
    assert_eq!(n_tests, vectors["numberOfTests"].as_u64().unwrap());
}

/// Encodings of points of small order: the canonical ones, and those of the same points with a
/// coordinate above the field's order or with the sign of zero set.
fn small_order_encodings() -> Vec<[u8; 32]> {
    let mut encodings: Vec<[u8; 32]> =
        EIGHT_TORSION.iter().map(|point| point.compress().to_bytes()).collect();
    // y = 0, 1 and -1 again, written as y + p, and x = 0 with its sign set.
    let field = |low: u8, high: u8| {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (low, high);
        bytes
    };
    for high in [0x7f, 0xff] {
        encodings.extend([0xed, 0xee].map(|low| field(low, high)));
    }
    let mut one = [0; 32];
    (one[0], one[31]) = (1, 0x80);
    encodings.extend([one, field(0xec, 0xff)]);
    encodings
}

#[test]
fn small_order_points_never_verify() {
    let keys = small_order_encodings();
    assert!(keys.len() >= 14);
    for key in &keys {
        assert!(is_weak_ed25519_key(key), "{}", hex::encode(key));
        for r in &keys {
            let mut signature = [0u8; 64];
            signature[..32].copy_from_slice(r);
            for message in [&b""[..], b"pay", b"any message at all"] {
                assert!(!verdict(&signature, message, key));
            }
        }
    }
}

#[test]
fn keys_that_are_no_points_are_weak_but_not_of_small_order() {
    // No x belongs to y = 2.
    let mut no_point = [0; 32];
    no_point[0] = 2;
    assert!(is_weak_ed25519_key(&no_point));
    assert!(!is_small_order_ed25519_key(&no_point));
    let good = ed25519::Pair::from_seed(&[9; 32]).public().0;
    assert!(!is_weak_ed25519_key(&good) && !is_small_order_ed25519_key(&good));
}

fn challenge(r: &EdwardsPoint, key: &EdwardsPoint, message: &[u8]) -> Scalar {
    let digest = Sha512::new()
        .chain_update(r.compress().as_bytes())
        .chain_update(key.compress().as_bytes())
        .chain_update(message)
        .finalize();
    Scalar::from_bytes_mod_order_wide(&digest.into())
}

fn signature_of(r: &EdwardsPoint, s: &Scalar) -> [u8; 64] {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(r.compress().as_bytes());
    signature[32..].copy_from_slice(s.as_bytes());
    signature
}

/// A key or a nonce with a component of small order satisfies the equation multiplied by eight,
/// which batch verification and ZIP-215 use, whatever the message. Our rule is the equation as it
/// stands, so the verdict depends on the challenge; it is the same on every path.
#[test]
fn mixed_order_points_get_one_verdict() {
    let secret = Scalar::from(123_456_789u64);
    let nonce = Scalar::from(987_654_321u64);
    let (mut accepted, mut refused) = (0, 0);
    for torsion in &EIGHT_TORSION[1..] {
        let key = ED25519_BASEPOINT_POINT * secret + torsion;
        for index in 0..32u32 {
            let message = index.to_le_bytes();
            let r = ED25519_BASEPOINT_POINT * nonce;
            let k = challenge(&r, &key, &message);
            let signature = signature_of(&r, &(nonce + k * secret));
            let holds = (torsion * k).is_identity();
            assert_eq!(verdict(&signature, &message, &key.compress().to_bytes()), holds);
            *(if holds { &mut accepted } else { &mut refused }) += 1;

            let key = ED25519_BASEPOINT_POINT * secret;
            let r = r + torsion;
            let k = challenge(&r, &key, &message);
            let signature = signature_of(&r, &(nonce + k * secret));
            assert!(!verdict(&signature, &message, &key.compress().to_bytes()));
        }
    }
    assert!(accepted > 0 && refused > accepted);
}

#[test]
fn ed25519_rejects_other_encodings_of_s() {
    let pair = ed25519::Pair::from_seed(&[3; 32]);
    let signature = pair.sign(b"message");
    let key = pair.public().0;
    assert!(verdict(&signature.0, b"message", &key));
    // s plus the order of the group.
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut other = signature.0;
    let mut carry = 0u16;
    for (byte, add) in other[32..].iter_mut().zip(order.unwrap()) {
        carry += u16::from(*byte) + u16::from(add);
        *byte = carry as u8;
        carry >>= 8;
    }
    assert!(!verdict(&other, b"message", &key));
}

#[test]
fn sr25519_works_and_rejects() {
    let pair = sr25519::Pair::from_seed(&[4; 32]);
    let account = AccountId::from(pair.public().0);
    let signature = pair.sign(b"message");
    assert!(Signature::from(signature).verify(&b"message"[..], &account));
    assert!(!Signature::from(signature).verify(&b"other"[..], &account));
    let mut unmarked = signature;
    unmarked.0[63] &= 0x7f;
    assert!(!Signature::from(unmarked).verify(&b"message"[..], &account));
}

#[test]
fn ecdsa_has_one_signature_per_message() {
    let pair = ecdsa::Pair::from_seed(&[5; 32]);
    let account = AccountId::from(sp_io::hashing::blake2_256(&pair.public().0));
    let signature = pair.sign(b"message");
    let verify = |signature| Signature::from(signature).verify(&b"message"[..], &account);
    assert!(verify(signature));
    // The same point, with s negated and the other parity.
    let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    let mut negated = signature;
    let mut borrow = 0i16;
    for (index, n) in hex::decode(order).unwrap().into_iter().enumerate().rev() {
        let difference = i16::from(n) - i16::from(signature.0[32 + index]) - borrow;
        borrow = i16::from(difference < 0);
        negated.0[32 + index] = difference.rem_euclid(256) as u8;
    }
    negated.0[64] ^= 1;
    assert!(!verify(negated));
    // The recovery identifier in the form that Bitcoin and Ethereum use.
    let mut shifted = signature;
    shifted.0[64] += 27;
    assert!(!verify(shifted));
}

#[test]
fn the_ethereum_variant_never_verifies() {
    let pair = ecdsa::Pair::from_seed(&[6; 32]);
    let account = AccountId::from(sp_io::hashing::blake2_256(&pair.public().0));
    let signature =
        Signature(MultiSignature::Eth(ecdsa::KeccakSignature::from_raw(pair.sign(b"message").0)));
    assert!(!signature.verify(&b"message"[..], &account));
}

#[test]
fn type_information_and_encoding_are_those_of_multi_signature() {
    use codec::Encode;
    use scale_info::TypeInfo;
    let signature = ed25519::Pair::from_seed(&[7; 32]).sign(b"x");
    assert_eq!(Signature::from(signature).encode(), MultiSignature::from(signature).encode());
    assert_eq!(Signature::type_info(), MultiSignature::type_info());
}
