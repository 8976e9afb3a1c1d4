//! What the pallet stores, and what its genesis reads.

use alloc::string::String;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use ecoledger_primitives::ValidatorId;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_core::H256;

/// Ed25519 public key by which a node is known to its peers (its libp2p identity).
pub type NodeKey = [u8; 32];

/// One member of a validator set.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Validator {
    /// Ed25519 public key that votes are signed with; also the validator's address.
    pub key: ValidatorId,
    /// Ed25519 public key of the node that it votes through; never equal to a voting key.
    pub node_key: NodeKey,
}

/// A validator as a genesis configuration names it; keys are hexadecimal, `0x` and 64 digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisValidator {
    /// Ed25519 public key that votes are signed with.
    pub key: H256,
    /// Ed25519 public key of the node that it votes through.
    pub node_key: H256,
}

/// A full node as a genesis configuration names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GenesisNode {
    /// Ed25519 public key of the node, hexadecimal, `0x` and 64 digits.
    pub node_key: H256,
    /// Whose node it is, 1 to `MaxLabelBytes` bytes of UTF-8.
    pub label: String,
}
