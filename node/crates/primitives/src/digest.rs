//! What every header from block 1 carries in its digest.
//!
//! Two items under [`ENGINE_ID`]: a pre-runtime [`PreDigest`], set by the proposer before
//! execution, and a consensus [`ValidatorSetDigest`], deposited by the runtime when the block is
//! finalised. The round is never part of a header: the same header may be decided in any round.

use crate::{Header, Moment, ValidatorId};
use codec::{Decode, DecodeAll, DecodeWithMemTracking, Encode};
use scale_info::TypeInfo;
use sp_runtime::{ConsensusEngineId, Digest, DigestItem};

/// Engine id of the digest items, and of commit certificates among a block's justifications.
pub const ENGINE_ID: ConsensusEngineId = *b"BFTC";

/// Time and proposer of a block, known before it is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct PreDigest {
    /// Unix time in milliseconds; equals the block's timestamp.
    pub time_ms: Moment,
    /// The validator whose value this is.
    pub proposer: ValidatorId,
}

/// Hashes of the validator sets that follow a block, known after it is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct ValidatorSetDigest {
    /// SHA-256 of the set of the next height.
    pub next: [u8; 32],
    /// SHA-256 of the set of the height after it; a change decided in this block appears here.
    pub after_next: [u8; 32],
}

/// Both digest items of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeaderDigest {
    /// Set by the proposer.
    pub pre: PreDigest,
    /// Deposited by the runtime.
    pub sets: ValidatorSetDigest,
}

impl HeaderDigest {
    /// Reads both items of `header`; `None` unless there is exactly one of each and no other item.
    pub fn of(header: &Header) -> Option<Self> {
        match header.digest.logs.as_slice() {
            [DigestItem::PreRuntime(ENGINE_ID, pre), DigestItem::Consensus(ENGINE_ID, sets)] => {
                Some(Self {
                    pre: PreDigest::decode_all(&mut pre.as_slice()).ok()?,
                    sets: ValidatorSetDigest::decode_all(&mut sets.as_slice()).ok()?,
                })
            }
            _ => None,
        }
    }
}

impl PreDigest {
    /// The digest that a block starts its execution with.
    pub fn to_digest(self) -> Digest {
        Digest { logs: alloc::vec![DigestItem::PreRuntime(ENGINE_ID, self.encode())] }
    }

    /// The pre-runtime item among `digest`.
    pub fn of(digest: &Digest) -> Option<Self> {
        digest.logs.iter().find_map(|item| match item {
            DigestItem::PreRuntime(ENGINE_ID, bytes) => {
                Self::decode_all(&mut bytes.as_slice()).ok()
            }
            _ => None,
        })
    }
}

impl ValidatorSetDigest {
    /// The digest item that the runtime deposits.
    pub fn to_item(self) -> DigestItem {
        DigestItem::Consensus(ENGINE_ID, self.encode())
    }
}
