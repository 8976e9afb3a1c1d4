//! One verdict on a transaction at admission, when a block is built, and when one is verified.

use super::chain::{START_MS, Signing, TestChain, genesis_config, remark};
use crate::{
    BLOCK_LENGTH_MAX, InvalidBlock, TRANSACTION_LENGTH_MAX, TransactionRefusal, VerifyError,
    block::timestamp,
};
use codec::{Compact, DecodeAll, Encode};
use curve25519_dalek::{
    Scalar,
    constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION},
    traits::IsIdentity,
};
use ecoledger_primitives::{AccountId, Block, Hash, Signature, ed25519_verify};
use ecoledger_runtime::{RuntimeCall, UncheckedExtrinsic};
use pallet_participants::extension::Refusal;
use proptest::{
    prelude::{any, prop_assert},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::json;
use sha2::{Digest, Sha512};
use sp_keyring::{
    Ed25519Keyring::{self, Alice, Bob},
    Sr25519Keyring,
};
use sp_runtime::{
    AccountId32, MultiAddress, MultiSignature, OpaqueExtrinsic,
    generic::{Era, Preamble},
    traits::Header as _,
    transaction_validity::{InvalidTransaction, TransactionValidityError, UnknownTransaction},
};

/// What admission says of `raw`; a block with it is invalid for the same reason, and a proposer
/// leaves it out.
fn refusal(chain: &TestChain, raw: Vec<u8>) -> TransactionRefusal {
    let admission = chain.validate_transaction(&raw).unwrap_err();
    let built = chain.build(std::slice::from_ref(&raw));
    assert_eq!(built.executed.extrinsic_hashes().len(), 1, "{admission}");
    if let Ok(opaque) = OpaqueExtrinsic::decode_all(&mut raw.as_slice()) {
        let mut block: Block = built.executed.block().clone();
        block.extrinsics.push(opaque);
        match chain.verify_block(block).unwrap_err() {
            VerifyError::Invalid(InvalidBlock::Transaction { index: 1, refusal }) => {
                assert_eq!(refusal.to_string(), admission.to_string());
            }
            other => panic!("expected an invalid transaction, got {other}"),
        }
    }
    admission
}

fn refused_as(chain: &TestChain, raw: Vec<u8>, expected: impl Into<TransactionValidityError>) {
    match refusal(chain, raw) {
        TransactionRefusal::Invalid(error) => assert_eq!(error, expected.into()),
        other => panic!("expected a refusal by the runtime, got {other}"),
    }
}

#[test]
fn admission_works() {
    let chain = TestChain::new();
    let raw = chain.sign(Alice, 0, remark("x"));
    let valid = chain.validate_transaction(&raw).unwrap();
    assert_eq!(valid.signer, Alice.to_account_id());
    assert_eq!(valid.nonce, 0);
    assert_eq!(valid.valid.requires, Vec::<Vec<u8>>::new());
    assert_eq!(valid.valid.provides, [(Alice.to_account_id(), 0u32).encode()]);
    assert_eq!(&*valid.bytes, raw);
    // A later nonce waits for the one before it.
    let later = chain.validate_transaction(&chain.sign(Alice, 3, remark("x"))).unwrap();
    assert_eq!(later.nonce, 3);
    assert_eq!(later.valid.requires, [(Alice.to_account_id(), 2u32).encode()]);
}

#[test]
fn all_three_kinds_of_signature_are_accepted() {
    let chain = TestChain::new();
    let signing = chain.signing(0);
    let call = remark("x");
    let payload = signing.payload(call.clone()).encode();
    let sr25519 = signing.assemble(
        Sr25519Keyring::Alice.to_account_id(),
        Sr25519Keyring::Alice.sign(&payload).into(),
        call,
    );
    chain.validate_transaction(&sr25519).unwrap();
    chain.validate_transaction(&chain.sign(Alice, 0, remark("x"))).unwrap();
}

#[test]
fn refuses_bytes_that_are_no_transaction() {
    let chain = TestChain::new();
    let good = chain.sign(Alice, 0, remark("x"));
    let mut cases = vec![vec![], vec![0], vec![4, 0xff], [good.clone(), vec![0]].concat()];
    cases.push(good[..good.len() - 1].to_vec());
    // A prefix that promises four gigabytes.
    cases.push([Compact(u32::MAX).encode(), good[2..].to_vec()].concat());
    // A prefix in a longer mode than it needs.
    let length = good.len() as u32 - 2;
    cases.push([(length << 2 | 2).to_le_bytes().to_vec(), good[2..].to_vec()].concat());
    for raw in cases {
        let refusal = refusal(&chain, raw.clone());
        assert!(matches!(refusal, TransactionRefusal::Malformed(_)), "{raw:?}: {refusal}");
    }
}

#[test]
fn refuses_too_long() {
    let chain = TestChain::new();
    let raw = chain.sign(Alice, 0, remark(&"x".repeat(TRANSACTION_LENGTH_MAX as usize)));
    assert!(matches!(refusal(&chain, raw), TransactionRefusal::TooLong { .. }));
    let fits = remark(&"x".repeat(TRANSACTION_LENGTH_MAX as usize - 200));
    chain.validate_transaction(&chain.sign(Alice, 0, fits)).unwrap();
    const { assert!(TRANSACTION_LENGTH_MAX * 4 < BLOCK_LENGTH_MAX) };
}

fn nested(depth: u32) -> RuntimeCall {
    (0..depth).fold(remark("x"), |call, _| {
        RuntimeCall::Utility(pallet_utility::Call::batch { calls: vec![call] })
    })
}

#[test]
fn refuses_deep_nesting_and_runs_what_is_allowed_on_a_small_stack() {
    let chain = TestChain::new();
    for depth in [17, 60, 250] {
        let raw = chain.sign(Alice, 0, nested(depth));
        let refusal = refusal(&chain, raw);
        assert!(matches!(refusal, TransactionRefusal::Malformed(_)), "{depth}: {refusal}");
    }
    let deepest = (1..17)
        .rev()
        .map(|depth| chain.sign(Alice, 0, nested(depth)))
        .find(|raw| chain.validate_transaction(raw).is_ok())
        .unwrap();
    // Blocking threads have two megabytes; half of it must do.
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(1 << 20)
            .spawn_scoped(scope, || chain.extend(&[deepest]))
            .unwrap()
            .join()
            .unwrap();
    });
}

#[test]
fn refuses_unsigned_inherent_and_general_transactions() {
    let chain = TestChain::new();
    let general =
        UncheckedExtrinsic::new_transaction(remark("x"), chain.signing(0).extension()).encode();
    for raw in [
        general,
        UncheckedExtrinsic::new_bare(remark("x")).encode(),
        UncheckedExtrinsic::new_bare_legacy(remark("x")).encode(),
        timestamp(START_MS).encode(),
    ] {
        let refusal = refusal(&chain, raw);
        assert!(matches!(refusal, TransactionRefusal::NotSigned), "{refusal}");
    }
}

#[test]
fn refuses_signed_inherents() {
    let chain = TestChain::new();
    let call = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now: START_MS + 5 });
    let raw = chain.sign(Alice, 0, call);
    let refusal = chain.validate_transaction(&raw).unwrap_err();
    assert!(matches!(refusal, TransactionRefusal::Invalid(_)), "{refusal}");
    let built = chain.build(&[raw]);
    assert_eq!(built.executed.extrinsic_hashes().len(), 1);
}

#[test]
fn refuses_wrong_nonces() {
    let chain = TestChain::new();
    chain.extend(&[chain.sign(Alice, 0, remark("x"))]);
    refused_as(&chain, chain.sign(Alice, 0, remark("y")), InvalidTransaction::Stale);
    // A gap is waited for in the pool, and makes a block invalid.
    let gap = chain.sign(Alice, 7, remark("y"));
    chain.validate_transaction(&gap).unwrap();
    let mut block = chain.build(&[]).executed.block().clone();
    block.extrinsics.push(OpaqueExtrinsic::decode_all(&mut gap.as_slice()).unwrap());
    let error = chain.verify_block(block).unwrap_err().to_string();
    assert!(error.contains("will be valid in the future"), "{error}");
}

#[test]
fn refuses_strangers() {
    let chain = TestChain::new();
    let raw = chain.sign(Ed25519Keyring::One, 0, remark("x"));
    refused_as(&chain, raw, InvalidTransaction::Custom(Refusal::Stranger as u8));
}

#[test]
fn refuses_replays_from_another_chain() {
    let chain = TestChain::new();
    let other = Signing { genesis: Hash::repeat_byte(7), ..chain.signing(0) };
    refused_as(&chain, other.sign(Alice, remark("x")), InvalidTransaction::BadProof);
}

#[test]
fn refuses_expired_and_accepts_current_mortal_transactions() {
    let chain = TestChain::new();
    let birth = chain.head();
    let mortal = |number: u32, hash| Signing {
        era: Era::mortal(4, number.into()),
        era_hash: Some(hash),
        ..chain.signing(0)
    };
    let raw = mortal(birth.number, birth.hash).sign(Alice, remark("x"));
    let valid = chain.validate_transaction(&raw).unwrap();
    assert!(valid.valid.longevity <= 4, "{}", valid.valid.longevity);
    for _ in 0..3 {
        chain.extend(&[]);
    }
    // Block 4 is the first in which it is too late.
    let head = chain.head();
    refused_as(&chain, raw, InvalidTransaction::AncientBirthBlock);
    let raw = mortal(head.number, head.hash).sign(Alice, remark("x"));
    chain.extend(&[raw]);
}

#[test]
fn refuses_bad_signatures() {
    let chain = TestChain::new();
    let signing = chain.signing(0);
    let call = remark("x");
    let other = signing.payload(remark("y")).encode();
    let bad =
        |signature: Signature| signing.assemble(Alice.to_account_id(), signature, call.clone());
    refused_as(&chain, bad(Alice.sign(&other).into()), InvalidTransaction::BadProof);
    let by_bob = Bob.sign(&signing.payload(call.clone()).encode());
    refused_as(&chain, bad(by_bob.into()), InvalidTransaction::BadProof);
    let eth = Signature(MultiSignature::Eth(Default::default()));
    refused_as(&chain, bad(eth), InvalidTransaction::BadProof);
}

#[test]
fn refuses_weak_keys() {
    let chain = TestChain::new();
    let signing = chain.signing(0);
    // The neutral element: R = key, s = 0 satisfies the equation for every message.
    let mut neutral = [0u8; 32];
    neutral[0] = 1;
    let mut signature = [0u8; 64];
    signature[..32].copy_from_slice(&neutral);
    let signature = sp_core::ed25519::Signature::from_raw(signature);
    let raw = signing.assemble(AccountId::from(neutral), signature.into(), remark("x"));
    refused_as(&chain, raw, InvalidTransaction::BadProof);
}

/// A key with a component of small order can be an agent's. Whether a signature under it holds is
/// up to the message; every path finds the same.
#[test]
fn mixed_order_keys_get_one_verdict() {
    let secret = Scalar::from(123_456_789u64);
    let torsion = EIGHT_TORSION[2];
    let key = ED25519_BASEPOINT_POINT * secret + torsion;
    let account = AccountId::from(key.compress().to_bytes());
    let mut config = genesis_config();
    let agents = config["participants"]["organisations"][0]["agents"].as_array_mut().unwrap();
    agents.push(json!({ "account": account }));
    let chain = TestChain::with(&config);
    let signing = chain.signing(0);
    let (mut accepted, mut refused) = (0, 0);
    for index in 0..16 {
        let call = remark(&format!("message {index}"));
        let payload = signing.payload(call.clone()).encode();
        let nonce = Scalar::from(987_654_321u64 + index);
        let r = ED25519_BASEPOINT_POINT * nonce;
        let digest = Sha512::new()
            .chain_update(r.compress().as_bytes())
            .chain_update(key.compress().as_bytes())
            .chain_update(&payload)
            .finalize();
        let challenge = Scalar::from_bytes_mod_order_wide(&digest.into());
        let s = nonce + challenge * secret;
        let mut signature = [0u8; 64];
        signature[..32].copy_from_slice(r.compress().as_bytes());
        signature[32..].copy_from_slice(s.as_bytes());
        let holds = ed25519_verify(&signature, &payload, account.as_ref());
        assert_eq!(holds, (torsion * challenge).is_identity());
        let signature = sp_core::ed25519::Signature::from_raw(signature);
        let raw = signing.assemble(account.clone(), signature.into(), call);
        if holds {
            chain.validate_transaction(&raw).unwrap();
            let block = chain.build(std::slice::from_ref(&raw)).executed.block().clone();
            assert_eq!(block.extrinsics.len(), 2);
            chain.verify_block(block).unwrap();
            accepted += 1;
        } else {
            refused_as(&chain, raw, InvalidTransaction::BadProof);
            refused += 1;
        }
    }
    assert!(accepted > 0 && refused > 0, "{accepted} accepted, {refused} refused");
}

#[test]
fn refuses_signers_without_an_account() {
    let chain = TestChain::new();
    let raw = chain.sign(Alice, 0, remark("x"));
    let mut extrinsic = UncheckedExtrinsic::decode_all(&mut raw.as_slice()).unwrap();
    let Preamble::Signed(address, ..) = &mut extrinsic.preamble else { unreachable!() };
    *address = MultiAddress::<AccountId32, ()>::Raw(Alice.to_raw_public_vec());
    refused_as(&chain, extrinsic.encode(), UnknownTransaction::CannotLookup);
}

#[test]
fn a_head_that_moves_changes_the_verdict() {
    let chain = TestChain::new();
    let raw = chain.sign(Alice, 0, remark("x"));
    chain.validate_transaction(&raw).unwrap();
    chain.extend(std::slice::from_ref(&raw));
    assert_eq!(chain.head().header.number(), &1);
    refused_as(&chain, raw, InvalidTransaction::Stale);
}

/// Whatever is done to the bytes of a transaction, it is refused, and nothing panics.
#[test]
fn refuses_every_mutation() {
    let chain = TestChain::new();
    let raw = chain.sign(Alice, 0, nested(3));
    let mutation = (0..raw.len(), any::<u8>(), 0..4u8);
    let config = Config { failure_persistence: None, ..Config::with_cases(512) };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner
        .run(&mutation, |(at, byte, kind)| {
            let mut bytes = raw.clone();
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
            if bytes != raw {
                let refusal = chain.validate_transaction(&bytes).unwrap_err();
                prop_assert!(
                    matches!(
                        refusal,
                        TransactionRefusal::Malformed(_)
                            | TransactionRefusal::NotSigned
                            | TransactionRefusal::Invalid(_)
                    ),
                    "{refusal}"
                );
            }
            Ok(())
        })
        .unwrap();
}
