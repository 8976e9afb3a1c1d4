//! Blocks that no honest validator votes for, for the tests of whoever verifies blocks.
//!
//! One table, so that what is found invalid here and what validators vote against over a network
//! are the same. Compiled for tests alone: the feature `forgeries` is for dev-dependencies.
//!
//! A test brings a chain to where the table works: genesis by [`prepare_genesis`], the
//! transactions of [`preparation`] committed, and the head at least at [`HEIGHT_MIN`], which is
//! what [`is_prepared`] asks for. Each forgery then turns the next block, that has no transactions,
//! into one that breaks a single rule.
//!
//! Map: [`signing`] (signed transactions, also with a lie in them), `transactions`, `blocks` (the
//! two halves of the table).

#![allow(clippy::indexing_slicing, reason = "tests may panic")]

mod blocks;
pub mod signing;
mod transactions;

use crate::Executor;
use codec::{Decode, Encode};
use ecoledger_primitives::{Block, BlockNumber, extrinsics_root};
use ecoledger_runtime::RuntimeCall;
use pallet_participants::Role;
use sp_keyring::Ed25519Keyring::{Alice, Eve, Two};
use sp_runtime::OpaqueExtrinsic;

pub use signing::{Signing, remark};

/// A way to make a block invalid.
pub struct Forgery {
    /// What is wrong with the block.
    pub name: &'static str,
    /// Words of the reason for which [`Executor::verify_block`] refuses it.
    pub reason: &'static str,
    /// Makes the next block, which is valid and has only its timestamp, the forgery.
    pub forge: fn(&Executor, &mut Block),
}

/// The head must be at least this high: a transaction that lives for as many blocks has expired.
pub const HEIGHT_MIN: BlockNumber = 4;

/// Organisation of the development genesis that [`preparation`] suspends: Dave's.
const SUSPENDED: u32 = 3;

/// Organisation of the development genesis that may send nothing: Ferdie's.
const WITHOUT_QUOTA: u32 = 5;

/// All forgeries.
pub fn forgeries() -> impl Iterator<Item = &'static Forgery> + Clone {
    transactions::FORGERIES.iter().chain(blocks::FORGERIES)
}

/// Alters the configuration of the development genesis.
///
/// # Panics
/// When `genesis` is another's.
pub fn prepare_genesis(genesis: &mut serde_json::Value) {
    let organisation = &mut genesis["participants"]["organisations"][WITHOUT_QUOTA as usize];
    assert!(organisation.is_object(), "not the development genesis");
    organisation["dailyQuota"] = serde_json::json!(0);
}

/// Transactions to commit first: Eve's key is withdrawn, Dave's organisation suspended, and Alice
/// has used her nonce 0.
pub fn preparation(executor: &Executor) -> Vec<Vec<u8>> {
    let rotate = pallet_participants::Call::rotate_key { new: Two.to_account_id() };
    let suspend = pallet_participants::Call::suspend_organisation {
        organisation: SUSPENDED,
        decision: Default::default(),
        acting_as: Some(Role::Samr),
    };
    let signing = Signing::new(executor, 0);
    vec![
        signing.sign(Eve, RuntimeCall::Participants(rotate)),
        signing.sign(Alice, RuntimeCall::Participants(suspend)),
    ]
}

/// Whether the forgeries are invalid for their own reasons on top of the head.
///
/// # Panics
/// When the state cannot be read.
pub fn is_prepared(executor: &Executor) -> bool {
    let nonce = executor.account_nonce(&Alice.to_account_id());
    // Who has Eve's place may act.
    let successor = Signing::new(executor, 0).sign(Two, remark("x"));
    executor.head().number >= HEIGHT_MIN
        && nonce.expect("test states are readable; qed") == 1
        && executor.validate_transaction(&successor).is_ok()
}

/// Puts bytes into the block as a transaction, and their root into the header.
fn push(block: &mut Block, raw: &[u8]) {
    block.extrinsics.push(opaque(raw));
    seal(block);
}

/// Puts the root of the body into the header.
fn seal(block: &mut Block) {
    let body = block.extrinsics.iter().map(Encode::encode).collect();
    block.header.extrinsics_root = extrinsics_root(body);
}

/// A transaction's encoding as bodies hold it.
fn opaque(raw: &[u8]) -> OpaqueExtrinsic {
    OpaqueExtrinsic::decode(&mut &*raw).expect("encodings of transactions have a prefix; qed")
}
