//! Types that every part of EcoLedger agrees on.
//!
//! What it is: the block and header types, account and signature types with the one signature
//! rule of the chain, the digest items that every header carries, validator sets, and commit
//! certificates with the exact bytes that validators sign.
//!
//! What it is not responsible for: executing, storing or transporting any of them. There is no
//! I/O and no asynchronous code here.
//!
//! Invariants:
//! - One verdict per signature: [`Signature`] is the only path on which the signature of a
//!   transaction is judged, and [`ed25519_verify`] the only one for validators' votes.
//! - Every encoding here is golden: `tests/golden.rs` holds its bytes.
//!
//! Map: [`signature`] (transaction signatures), [`digest`] (header digest items), [`validators`]
//! (validator sets), [`vote`] (value ids and signed bytes), [`certificate`] (commit certificates),
//! [`committed`] (what the state tree commits to).

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod certificate;
pub mod committed;
pub mod digest;
pub mod signature;
pub mod validators;
pub mod vote;

pub use certificate::{CertificateError, CommitCertificate, CommitSignature};
pub use committed::{EVENTS_KEY, committed_value};
pub use digest::{ENGINE_ID, HeaderDigest, PreDigest, ValidatorSetDigest};
pub use signature::{Signature, ed25519_verify, is_small_order_ed25519_key, is_weak_ed25519_key};
pub use validators::{VALIDATORS_MAX, ValidatorId, ValidatorSet, ValidatorSetError};
pub use vote::{ValueId, VoteKind, value_id, vote_bytes};

use alloc::vec::Vec;
use sp_core::storage::StateVersion;
use sp_runtime::{
    MultiAddress, OpaqueExtrinsic, generic,
    traits::{BlakeTwo256, Hash as _},
};

/// Height of a block; the genesis block has number 0.
pub type BlockNumber = u32;
/// Any 32-byte hash; header and extrinsic hashes are BLAKE2b-256, state roots SHA-256.
pub type Hash = sp_core::H256;
/// Hash of headers and extrinsics, as Substrate clients expect.
pub type Hashing = BlakeTwo256;
/// Account of an agent or a derived account: a 32-byte public key or digest.
pub type AccountId = sp_runtime::AccountId32;
/// How transactions name accounts.
pub type Address = MultiAddress<AccountId, ()>;
/// Number of transactions an account has had applied.
pub type Nonce = u32;
/// Settlement money in fen (0.01 CNY).
pub type Balance = u128;
/// Unix time in milliseconds.
pub type Moment = u64;
/// Block header.
pub type Header = generic::Header<BlockNumber, Hashing>;
/// Block whose transactions are opaque bytes.
pub type Block = generic::Block<Header, OpaqueExtrinsic>;

/// How a trie over a body is made: what the runtime's version says of it.
pub const EXTRINSICS_ROOT_VERSION: StateVersion = StateVersion::V0;

/// What a header commits to of its body.
///
/// - `body`: the transactions' encodings, each with its length before it.
pub fn extrinsics_root(body: Vec<Vec<u8>>) -> Hash {
    Hashing::ordered_trie_root(body, EXTRINSICS_ROOT_VERSION)
}
