//! Golden bytes of what nodes agree on. They were computed apart from this code, from the
//! descriptions in the documentation. A change of any of them makes another chain.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use codec::{DecodeAll, Encode};
use ecoledger_primitives::{
    CommitCertificate, CommitSignature, EVENTS_KEY, Hash, Header, HeaderDigest, PreDigest,
    ValidatorSet, ValidatorSetDigest, VoteKind, committed_value, ed25519_verify, value_id,
    vote_bytes,
};
use sp_io::hashing::twox_128;
use sp_runtime::Digest;

/// A header with both digest items: parent, compact number, roots, digest.
const HEADER: &str = concat!(
    "1111111111111111111111111111111111111111111111111111111111111111a10f2222222222222222",
    "222222222222222222222222222222222222222222222222333333333333333333333333333333333333",
    "3333333333333333333333333333080642465443a07b505c18a3010000000102030405060708090a0b0c",
    "0d0e0f101112131415161718191a1b1c1d1e1f044246544301016ef87bbc9cd3ee07450128a29d5e4572",
    "0ba8c89fc14595858a42978f84f9f73192c448b5c50e6efc094a04033427d589026a79a5ca5c78edec6c",
    "e6b2e94c7897",
);
/// BLAKE2b-256 of it.
const HEADER_HASH: &str = "bd953b9b6c5975f50e18fb176aae8f112100409e5647286aa124a94372cd6e9e";
/// SHA-256 of it.
const VALUE_ID: &str = "5eefcd0ea6d52276cd1dc10aa17136804fecb7b60407d3f0d4d8cf1ed053f7e3";
/// A set of two validators.
const SET: &str = concat!(
    "080101010101010101010101010101010101010101010101010101010101010101020202020202020202",
    "0202020202020202020202020202020202020202020202",
);
/// SHA-256 of it.
const SET_HASH: &str = "6ef87bbc9cd3ee07450128a29d5e45720ba8c89fc14595858a42978f84f9f731";
/// Bytes of a precommit for the header in round 3.
const PRECOMMIT: &str = concat!(
    "65636f6c65646765723a70633a7631004444444444444444444444444444444444444444444444444444",
    "44444444444400000000000003e8000000035eefcd0ea6d52276cd1dc10aa17136804fecb7b60407d3f0",
    "d4d8cf1ed053f7e3",
);
/// Bytes of a prevote for nil in the same height and round.
const PREVOTE_NIL: &str = concat!(
    "65636f6c65646765723a70763a7631004444444444444444444444444444444444444444444444444444",
    "44444444444400000000000003e800000003000000000000000000000000000000000000000000000000",
    "0000000000000000",
);
/// Public key of the seed of 32 sevens.
const VALIDATOR: &str = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";
/// Its RFC 8032 signature of the precommit.
const SIGNATURE: &str = concat!(
    "bd74dc24fd686ea39aec3f199c8195fcc839c82974886a17b3b0ecdc004f6219da49d3cbea3aa4aef24a",
    "1751bf205b646ed64c8ba785cc268e72c3e8f3342204",
);
/// A certificate with that signature.
const CERTIFICATE: &str = concat!(
    "e8030000030000005eefcd0ea6d52276cd1dc10aa17136804fecb7b60407d3f0d4d8cf1ed053f7e304ea",
    "4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22cbd74dc24fd686ea39aec3f",
    "199c8195fcc839c82974886a17b3b0ecdc004f6219da49d3cbea3aa4aef24a1751bf205b646ed64c8ba7",
    "85cc268e72c3e8f3342204",
);

fn hex32(text: &str) -> [u8; 32] {
    hex::decode(text).unwrap().try_into().unwrap()
}

fn set(n: u8) -> ValidatorSet {
    ValidatorSet::new((1..=n).map(|byte| [byte; 32]).collect()).unwrap()
}

fn header() -> Header {
    let mut proposer = [0; 32];
    for (byte, value) in proposer.iter_mut().zip(0..) {
        *byte = value;
    }
    let pre = PreDigest { time_ms: 1_800_000_000_123, proposer };
    let sets = ValidatorSetDigest { next: set(2).hash(), after_next: set(3).hash() };
    let Digest { mut logs } = pre.to_digest();
    logs.push(sets.to_item());
    Header {
        parent_hash: Hash::repeat_byte(0x11),
        number: 1_000,
        state_root: Hash::repeat_byte(0x22),
        extrinsics_root: Hash::repeat_byte(0x33),
        digest: Digest { logs },
    }
}

fn certificate() -> CommitCertificate {
    let signature = hex::decode(SIGNATURE).unwrap().try_into().unwrap();
    CommitCertificate {
        height: 1_000,
        round: 3,
        value_id: value_id(&header()),
        signatures: vec![CommitSignature { validator: hex32(VALIDATOR), signature }]
            .try_into()
            .unwrap(),
    }
}

#[test]
fn header_is_golden() {
    assert_eq!(hex::encode(header().encode()), HEADER);
    assert_eq!(hex::encode(header().hash()), HEADER_HASH);
    assert_eq!(hex::encode(value_id(&header()).0), VALUE_ID);
    let decoded = Header::decode_all(&mut hex::decode(HEADER).unwrap().as_slice()).unwrap();
    assert_eq!(decoded, header());
    let digest = HeaderDigest::of(&decoded).unwrap();
    assert_eq!(digest.pre.time_ms, 1_800_000_000_123);
    assert_eq!(digest.sets.after_next, set(3).hash());
}

#[test]
fn validator_set_is_golden() {
    assert_eq!(hex::encode(set(2).encode()), SET);
    assert_eq!(hex::encode(set(2).hash()), SET_HASH);
}

#[test]
fn vote_bytes_are_golden() {
    let genesis = Hash::repeat_byte(0x44);
    let value = Some(value_id(&header()));
    let precommit = vote_bytes(VoteKind::Precommit, &genesis, 1_000, 3, value);
    assert_eq!(hex::encode(precommit), PRECOMMIT);
    let nil = vote_bytes(VoteKind::Prevote, &genesis, 1_000, 3, None);
    assert_eq!(hex::encode(nil), PREVOTE_NIL);
    let signature = hex::decode(SIGNATURE).unwrap().try_into().unwrap();
    assert!(ed25519_verify(&signature, &precommit, &hex32(VALIDATOR)));
    assert!(!ed25519_verify(&signature, &nil, &hex32(VALIDATOR)));
}

#[test]
fn certificate_is_golden() {
    assert_eq!(hex::encode(certificate().encode()), CERTIFICATE);
    let bytes = hex::decode(CERTIFICATE).unwrap();
    let decoded = CommitCertificate::decode_all(&mut bytes.as_slice()).unwrap();
    assert_eq!(decoded, certificate());
    let alone = ValidatorSet::new(vec![hex32(VALIDATOR)]).unwrap();
    decoded.verify(&Hash::repeat_byte(0x44), &header(), &alone).unwrap();
}

#[test]
fn validator_sets_decode_strictly() {
    let unsorted = vec![[2u8; 32], [1; 32]].encode();
    let twice = vec![[1u8; 32], [1; 32]].encode();
    let empty = Vec::<[u8; 32]>::new().encode();
    let many: Vec<_> = (0..=100u8).map(|byte| [byte; 32]).collect();
    for bytes in [unsorted, twice, empty, many.encode()] {
        assert!(ValidatorSet::decode_all(&mut bytes.as_slice()).is_err());
    }
}

mod certificates {
    //! Every rule of [`CommitCertificate::verify`].

    use super::{certificate, header};
    use ecoledger_primitives::{
        CertificateError, CommitCertificate, CommitSignature, Hash, ValidatorSet, VoteKind,
        value_id, vote_bytes,
    };
    use ed25519_dalek::{Signer, SigningKey};

    const GENESIS: Hash = Hash::repeat_byte(0x44);

    fn key(index: u8) -> SigningKey {
        SigningKey::from_bytes(&[index + 50; 32])
    }

    fn set_of(n: u8) -> ValidatorSet {
        let keys = (0..n).map(|index| key(index).verifying_key().to_bytes());
        ValidatorSet::new(keys.collect()).unwrap()
    }

    fn signed_by(indices: impl IntoIterator<Item = u8>) -> CommitCertificate {
        let value = value_id(&header());
        let bytes = vote_bytes(VoteKind::Precommit, &GENESIS, 1_000, 3, Some(value));
        let signatures: Vec<_> = indices
            .into_iter()
            .map(|index| CommitSignature {
                validator: key(index).verifying_key().to_bytes(),
                signature: key(index).sign(&bytes).to_bytes(),
            })
            .collect();
        CommitCertificate { signatures: signatures.try_into().unwrap(), ..certificate() }
    }

    fn verify(certificate: &CommitCertificate) -> Result<(), CertificateError> {
        certificate.verify(&GENESIS, &header(), &set_of(4))
    }

    #[test]
    fn verify_works_from_the_quorum_on() {
        assert_eq!(verify(&signed_by(0..4)), Ok(()));
        assert_eq!(verify(&signed_by([3, 0, 2])), Ok(()));
        assert_eq!(verify(&signed_by(0..2)), Err(CertificateError::NoQuorum));
        assert_eq!(verify(&signed_by([])), Err(CertificateError::NoQuorum));
        for (validators, quorum) in [(1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5), (7, 5)] {
            assert_eq!(set_of(validators).quorum(), quorum);
        }
    }

    #[test]
    fn verify_rejects_each_broken_rule() {
        assert_eq!(verify(&signed_by([0, 1, 1, 2])), Err(CertificateError::DuplicateSignature));
        assert_eq!(verify(&signed_by([0, 1, 2, 9])), Err(CertificateError::UnknownValidator));
        let mut bad = signed_by(0..3);
        bad.height += 1;
        assert_eq!(verify(&bad), Err(CertificateError::WrongHeight));
        let mut bad = signed_by(0..3);
        bad.value_id.0[0] ^= 1;
        assert_eq!(verify(&bad), Err(CertificateError::WrongValue));
        // Signed for another round, and for another chain.
        let mut bad = signed_by(0..3);
        bad.round += 1;
        assert_eq!(verify(&bad), Err(CertificateError::BadSignature));
        let other = signed_by(0..3).verify(&Hash::zero(), &header(), &set_of(4));
        assert_eq!(other, Err(CertificateError::BadSignature));
    }
}

#[test]
fn events_key_is_that_of_frame_system() {
    let key = [twox_128(b"System"), twox_128(b"Events")].concat();
    assert_eq!(EVENTS_KEY.to_vec(), key);
    assert_eq!(committed_value(b"other", b"value"), b"value".as_slice());
    let digest = hex::encode(committed_value(&EVENTS_KEY, b"abc"));
    assert_eq!(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
