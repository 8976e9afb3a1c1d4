//! What validators vote on, and the exact bytes that they sign.

use crate::{BlockNumber, Hash, Header};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sha2::{Digest, Sha256};

/// Identifies the value a height decides: the SHA-256 of the SCALE-encoded header.
///
/// SHA-256 and not the header's own BLAKE2b hash, because browsers verify it without a library.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct ValueId(pub [u8; 32]);

impl core::fmt::Display for ValueId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Display::fmt(&Hash::from(self.0), f)
    }
}

/// The value id of `header`.
pub fn value_id(header: &Header) -> ValueId {
    ValueId(Sha256::digest(header.encode()).into())
}

/// The kinds of consensus message a validator signs, each with its own domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoteKind {
    /// First vote of a round.
    Prevote,
    /// Second vote of a round; two thirds of them form a commit certificate.
    Precommit,
}

impl VoteKind {
    /// The 16 bytes that separate this kind's signatures from all others.
    pub const fn domain(self) -> [u8; 16] {
        match self {
            Self::Prevote => *b"ecoledger:pv:v1\0",
            Self::Precommit => *b"ecoledger:pc:v1\0",
        }
    }
}

/// Length of the bytes that [`vote_bytes`] returns.
pub const VOTE_BYTES_LEN: usize = 16 + 32 + 8 + 4 + 32;

/// The bytes a validator signs for a vote. Integers are big-endian.
///
/// ```text
/// ┌────────┬──────────────┬────────┬───────┬──────────┐
/// │ domain │ genesis hash │ height │ round │ value id │
/// │ 16     │ 32           │ 8      │ 4     │ 32       │
/// └────────┴──────────────┴────────┴───────┴──────────┘
/// ```
///
/// A vote for nil carries 32 zero bytes for the value id, which no header hashes to.
pub fn vote_bytes(
    kind: VoteKind,
    genesis: &Hash,
    height: BlockNumber,
    round: u32,
    value: Option<ValueId>,
) -> [u8; VOTE_BYTES_LEN] {
    let mut bytes = [0u8; VOTE_BYTES_LEN];
    bytes[..16].copy_from_slice(&kind.domain());
    bytes[16..48].copy_from_slice(genesis.as_bytes());
    bytes[48..56].copy_from_slice(&u64::from(height).to_be_bytes());
    bytes[56..60].copy_from_slice(&round.to_be_bytes());
    bytes[60..].copy_from_slice(&value.unwrap_or_default().0);
    bytes
}
