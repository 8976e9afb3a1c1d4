//! One transaction in the block is refused, for the reason that admission would give.

use super::{Forgery, HEIGHT_MIN, Signing, opaque, push, remark, seal};
use crate::{Executor, TRANSACTION_LENGTH_MAX, block::timestamp};
use codec::{DecodeAll, Encode};
use ecoledger_primitives::{AccountId, Block, Hash, Signature};
use ecoledger_runtime::{RuntimeCall, UncheckedExtrinsic, limits::TRANSACTION_DEPTH_MAX};
use sp_keyring::Ed25519Keyring::{self, Alice, Bob, Dave, Eve, Ferdie, One};
use sp_runtime::{
    MultiAddress, MultiSignature, OpaqueExtrinsic,
    generic::{Era, Preamble},
};

/// The order of ed25519's group, little-endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

pub(super) const FORGERIES: &[Forgery] = &[
    Forgery {
        name: "bytes that are no transaction",
        reason: "does not decode",
        forge: |_, block| {
            block.extrinsics.push(OpaqueExtrinsic::from_blob(vec![0xff; 40]));
            seal(block);
        },
    },
    Forgery {
        name: "a transaction with a byte too many",
        reason: "does not decode",
        forge: |executor, block| {
            // Its prefix counts the byte.
            let mut bytes = opaque(&good(executor)).inner().to_vec();
            bytes.push(0);
            block.extrinsics.push(OpaqueExtrinsic::from_blob(bytes));
            seal(block);
        },
    },
    Forgery {
        name: "a call that is nested too deep",
        reason: "does not decode",
        forge: |executor, block| {
            let call = (0..=TRANSACTION_DEPTH_MAX).fold(remark("x"), |call, _| {
                RuntimeCall::Utility(pallet_utility::Call::batch { calls: vec![call] })
            });
            push(block, &Signing::new(executor, 0).sign(Bob, call));
        },
    },
    Forgery {
        name: "a transaction that is too long",
        reason: "transaction has",
        forge: |executor, block| {
            let call = remark(&"x".repeat(TRANSACTION_LENGTH_MAX as usize));
            push(block, &Signing::new(executor, 0).sign(Bob, call));
        },
    },
    Forgery {
        name: "another chain's transaction",
        reason: "bad signature",
        forge: |executor, block| {
            let other = Signing { genesis: Hash::repeat_byte(7), ..Signing::new(executor, 0) };
            push(block, &other.sign(Bob, remark("x")));
        },
    },
    Forgery {
        name: "an expired transaction",
        reason: "ancient birth block",
        forge: |executor, block| {
            // An era is known by its place in the cycle: this block begins the next one.
            let birth = block.header.number - HEIGHT_MIN;
            let era = Era::mortal(HEIGHT_MIN.into(), birth.into());
            let era_hash = executor.storage().hash(birth).expect("test states are readable; qed");
            let expired = Signing { era, era_hash, ..Signing::new(executor, 0) };
            push(block, &expired.sign(Bob, remark("x")));
        },
    },
    Forgery {
        name: "a nonce that was used",
        reason: "outdated",
        forge: |executor, block| push_signed(executor, block, Alice, 0),
    },
    Forgery {
        name: "a nonce of the future",
        reason: "will be valid in the future",
        forge: |executor, block| push_signed(executor, block, Bob, 1),
    },
    Forgery {
        name: "a transaction twice",
        reason: "outdated",
        forge: |executor, block| {
            let raw = good(executor);
            push(block, &raw);
            push(block, &raw);
        },
    },
    Forgery {
        name: "a stranger's transaction",
        reason: "custom error: 101",
        forge: |executor, block| push_signed(executor, block, One, 0),
    },
    Forgery {
        name: "a withdrawn key's transaction",
        reason: "custom error: 102",
        forge: |executor, block| push_signed(executor, block, Eve, 1),
    },
    Forgery {
        name: "a suspended organisation's transaction",
        reason: "custom error: 103",
        forge: |executor, block| push_signed(executor, block, Dave, 0),
    },
    Forgery {
        name: "a transaction over quota",
        reason: "custom error: 105",
        forge: |executor, block| push_signed(executor, block, Ferdie, 0),
    },
    Forgery {
        name: "a signature for another call",
        reason: "bad signature",
        forge: |executor, block| {
            let signature = Bob.sign(&Signing::new(executor, 0).payload(remark("y")).encode());
            push_with(executor, block, Bob.to_account_id(), signature.into());
        },
    },
    Forgery {
        name: "another's signature",
        reason: "bad signature",
        forge: |executor, block| {
            let signature = Alice.sign(&Signing::new(executor, 0).payload(remark("x")).encode());
            push_with(executor, block, Bob.to_account_id(), signature.into());
        },
    },
    Forgery {
        // R = key = the neutral element and s = 0 satisfy the equation for every message.
        name: "a weak key's signature",
        reason: "bad signature",
        forge: |executor, block| {
            let mut neutral = [0; 32];
            neutral[0] = 1;
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(&neutral);
            let signature = sp_core::ed25519::Signature::from_raw(signature);
            push_with(executor, block, AccountId::from(neutral), signature.into());
        },
    },
    Forgery {
        // s plus the group's order satisfies the equation too.
        name: "a signature that is not strict",
        reason: "bad signature",
        forge: |executor, block| {
            let payload = Signing::new(executor, 0).payload(remark("x")).encode();
            let mut signature = Bob.sign(&payload).0;
            let mut carry = 0;
            for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
                let sum = u16::from(*byte) + u16::from(order) + carry;
                *byte = (sum & 0xff) as u8;
                carry = sum >> 8;
            }
            let signature = sp_core::ed25519::Signature::from_raw(signature);
            push_with(executor, block, Bob.to_account_id(), signature.into());
        },
    },
    Forgery {
        name: "a signature of a kind that is not taken",
        reason: "bad signature",
        forge: |executor, block| {
            let signature = Signature(MultiSignature::Eth(Default::default()));
            push_with(executor, block, Bob.to_account_id(), signature);
        },
    },
    Forgery {
        name: "a signer without an account",
        reason: "lookup",
        forge: |executor, block| {
            let raw = good(executor);
            let mut extrinsic = UncheckedExtrinsic::decode_all(&mut raw.as_slice())
                .expect("the transaction was just encoded; qed");
            if let Preamble::Signed(address, ..) = &mut extrinsic.preamble {
                *address = MultiAddress::Raw(Bob.to_raw_public_vec());
            }
            push(block, &extrinsic.encode());
        },
    },
    Forgery {
        name: "an unsigned transaction",
        reason: "not a signed one",
        forge: |_, block| push(block, &UncheckedExtrinsic::new_bare_legacy(remark("x")).encode()),
    },
    Forgery {
        name: "an unsigned transaction of version 5",
        reason: "not a signed one",
        forge: |_, block| push(block, &UncheckedExtrinsic::new_bare(remark("x")).encode()),
    },
    Forgery {
        name: "a general transaction of version 5",
        reason: "not a signed one",
        forge: |executor, block| {
            let extension = Signing::new(executor, 0).extension();
            let general = UncheckedExtrinsic::new_transaction(remark("x"), extension);
            push(block, &general.encode());
        },
    },
    Forgery {
        name: "a second timestamp",
        reason: "not a signed one",
        forge: |_, block| push(block, &timestamp(1).encode()),
    },
    Forgery {
        name: "a signed timestamp",
        reason: "mandatory",
        forge: |executor, block| {
            let call = RuntimeCall::Timestamp(pallet_timestamp::Call::set { now: 1 });
            push(block, &Signing::new(executor, 0).sign(Bob, call));
        },
    },
];

/// A valid transaction.
pub(super) fn good(executor: &Executor) -> Vec<u8> {
    Signing::new(executor, 0).sign(Bob, remark("x"))
}

fn push_signed(executor: &Executor, block: &mut Block, who: Ed25519Keyring, nonce: u32) {
    push(block, &Signing::new(executor, nonce).sign(who, remark("x")));
}

/// Puts the valid transaction into the block under another signer or signature.
fn push_with(executor: &Executor, block: &mut Block, who: AccountId, signature: Signature) {
    push(block, &Signing::new(executor, 0).assemble(who, signature, remark("x")));
}
