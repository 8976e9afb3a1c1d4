//! The block breaks a rule of blocks: its limits, its inherent, its header.

use super::{Forgery, Signing, opaque, push, remark, seal, transactions::good};
use crate::{BLOCK_LENGTH_MAX, block::timestamp};
use codec::Encode;
use ecoledger_primitives::{Block, HeaderDigest, PreDigest, ValidatorSetDigest};
use ecoledger_runtime::{RuntimeCall, limits::BlockWeights};
use sp_keyring::Ed25519Keyring::Bob;

/// Bytes of one of the remarks that make a block too long.
const REMARK_BYTES: usize = 235_000;

pub(super) const FORGERIES: &[Forgery] = &[
    Forgery {
        // Each transaction is valid, and the block short enough to be sent.
        name: "a body that is too long",
        reason: "body has",
        forge: |executor, block| {
            for nonce in 0..(BLOCK_LENGTH_MAX as usize / REMARK_BYTES + 1) as u32 {
                let call = remark(&"x".repeat(REMARK_BYTES));
                block.extrinsics.push(opaque(&Signing::new(executor, nonce).sign(Bob, call)));
            }
            seal(block);
        },
    },
    Forgery {
        // A call that states half of the block as its weight, twice and no more.
        name: "more weight than a block may have",
        reason: "exhaust the block limits",
        forge: |executor, block| {
            for nonce in 0..2 {
                let call = RuntimeCall::Committee(pallet_collective::Call::close {
                    proposal_hash: Default::default(),
                    index: 0,
                    proposal_weight_bound: BlockWeights::get().max_block / 2,
                    length_bound: 0,
                });
                push(block, &Signing::new(executor, nonce).sign(Bob, call));
            }
        },
    },
    Forgery {
        name: "a timestamp that is not the header's",
        reason: "not the timestamp",
        forge: |_, block| {
            let time_ms = digest(block).pre.time_ms;
            block.extrinsics[0] = opaque(&timestamp(time_ms + 1).encode());
            seal(block);
        },
    },
    Forgery {
        name: "no timestamp",
        reason: "not the timestamp",
        forge: |executor, block| {
            block.extrinsics = vec![opaque(&good(executor))];
            seal(block);
        },
    },
    Forgery {
        name: "no transaction at all",
        reason: "not the timestamp",
        forge: |_, block| {
            block.extrinsics.clear();
            seal(block);
        },
    },
    Forgery {
        name: "a timestamp that is not first",
        reason: "not the timestamp",
        forge: |executor, block| {
            block.extrinsics.insert(0, opaque(&good(executor)));
            seal(block);
        },
    },
    Forgery {
        name: "another state root",
        reason: "state root is",
        forge: |_, block| block.header.state_root.0[0] ^= 1,
    },
    Forgery {
        name: "another extrinsics root",
        reason: "extrinsics root is",
        forge: |_, block| block.header.extrinsics_root.0[0] ^= 1,
    },
    Forgery {
        name: "a body that is not the header's",
        reason: "extrinsics root is",
        forge: |executor, block| block.extrinsics.push(opaque(&good(executor))),
    },
    Forgery {
        name: "another parent",
        reason: "parent is",
        forge: |_, block| block.header.parent_hash.0[0] ^= 1,
    },
    Forgery {
        name: "other validators to follow",
        reason: "digest is",
        forge: |_, block| {
            let sets = ValidatorSetDigest { next: [1; 32], after_next: [2; 32] };
            block.header.digest.logs[1] = sets.to_item();
        },
    },
    Forgery {
        name: "a digest without its validators",
        reason: "two items",
        forge: |_, block| block.header.digest.logs.truncate(1),
    },
    Forgery {
        name: "a digest twice",
        reason: "two items",
        forge: |_, block| block.header.digest.logs.push(block.header.digest.logs[0].clone()),
    },
    Forgery {
        name: "a time that is not after the parent's",
        reason: "not after the parent's",
        forge: |_, block| set_pre(block, |pre| pre.time_ms = 1),
    },
    Forgery {
        name: "a proposer that is no validator",
        reason: "not in the validator set",
        forge: |_, block| set_pre(block, |pre| pre.proposer = [9; 32]),
    },
    Forgery {
        name: "another validator as proposer",
        reason: "state root is",
        forge: |executor, block| {
            let height = block.header.number;
            let set = executor.validator_set(height).expect("test states are readable; qed");
            let set = set.expect("the validators of the next height are known; qed");
            let own = digest(block).pre.proposer;
            let other = set.keys().iter().find(|key| **key != own).copied();
            set_pre(block, |pre| pre.proposer = other.expect("tests have several; qed"));
        },
    },
];

fn digest(block: &Block) -> HeaderDigest {
    HeaderDigest::of(&block.header).expect("the block was built; qed")
}

fn set_pre(block: &mut Block, change: impl FnOnce(&mut PreDigest)) {
    let mut pre = digest(block).pre;
    change(&mut pre);
    block.header.digest.logs[0] = pre.to_digest().logs[0].clone();
}
