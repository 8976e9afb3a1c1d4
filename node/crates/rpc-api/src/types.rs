//! JSON types of parameters and answers.
//!
//! Source: Substrate's legacy JSON-RPC interface, by whose clients the shapes are fixed.

use codec::{Compact, Decode, Encode};
use ecoledger_primitives::{BlockNumber, Hash, Header};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sp_core::{Bytes, U256};

/// A number, or the same in hexadecimal: `10` or `"0xa"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberOrHex(pub u64);

impl Serialize for NumberOrHex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl<'de> Deserialize<'de> for NumberOrHex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = NumberOrHex;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("a number or a 0x-prefixed hexadecimal string")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<NumberOrHex, E> {
                Ok(NumberOrHex(number))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<NumberOrHex, E> {
                text.strip_prefix("0x")
                    .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
                    .and_then(|digits| u64::from_str_radix(digits, 16).ok())
                    .map(NumberOrHex)
                    .ok_or_else(|| E::custom("invalid or too large hexadecimal number"))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// One value, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ListOrValue<T> {
    /// Several values.
    List(Vec<T>),
    /// A single value.
    Value(T),
}

/// Status of a watched transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TransactionStatus {
    /// In the pool, waiting for a transaction with a lower nonce.
    Future,
    /// In the pool, may be in the next block.
    Ready,
    /// Sent to these peers.
    Broadcast(Vec<String>),
    /// In the block with this hash.
    InBlock(Hash),
    /// In the block with this hash, which is final. Nothing follows.
    Finalized(Hash),
    /// Replaced by the transaction with this hash. Nothing follows.
    Usurped(Hash),
    /// Pushed out of the pool. Nothing follows.
    Dropped,
    /// Not valid any more. Nothing follows.
    Invalid,
}

/// A transaction or its hash: `{"extrinsic": "0x…"}` or `{"hash": "0x…"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ExtrinsicOrHash {
    /// Hash of the transaction.
    Hash(Hash),
    /// The SCALE-encoded transaction.
    Extrinsic(Bytes),
}

/// Answer of `rpc_methods`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Methods {
    /// Names of all methods, ascending.
    pub methods: Vec<String>,
}

/// Properties of the chain for wallets, such as `ss58Format`, `tokenDecimals`, `tokenSymbol`.
pub type Properties = serde_json::Map<String, serde_json::Value>;

/// What a chain is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChainType {
    /// Development on one machine, with keys that everyone knows.
    Development,
    /// A test network of several nodes under one hand.
    Local,
    /// A chain that its users rely on.
    Live,
}

/// Peers and whether the node is catching up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    /// Connected peers.
    pub peers: u32,
    /// Whether the node is behind what its peers have announced, and catching up.
    pub is_syncing: bool,
    /// Whether the node needs peers to do its work.
    pub should_have_peers: bool,
}

/// What a node does in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NodeRole {
    /// Follows the chain and serves it.
    Full,
    /// Is a validator.
    Authority,
}

/// A connected peer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PeerInfo {
    /// The peer's libp2p identity.
    pub peer_id: String,
    /// `FULL` or `AUTHORITY`.
    pub roles: String,
    /// Hash of the peer's latest block, zero if it is not known.
    pub best_hash: Hash,
    /// Height of the peer's latest block, 0 if it is not known.
    pub best_number: BlockNumber,
}

/// Where a node started, is, and knows the chain to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SyncState {
    /// Height at which this process started.
    pub starting_block: BlockNumber,
    /// Height of the latest block.
    pub current_block: BlockNumber,
    /// Highest height that the node or one of its peers has.
    pub highest_block: BlockNumber,
}

/// Weight of a transaction: reference time in picoseconds, proof size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weight {
    /// Time on the reference machine, in picoseconds.
    pub ref_time: u64,
    /// Size of the storage proof, in bytes.
    pub proof_size: u64,
}

impl Decode for Weight {
    fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
        let Compact(ref_time) = Compact::<u64>::decode(input)?;
        let Compact(proof_size) = Compact::<u64>::decode(input)?;
        Ok(Self { ref_time, proof_size })
    }
}

/// Class of a dispatch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DispatchClass {
    /// Ordinary.
    Normal,
    /// Has a reserve of its own in each block.
    Operational,
    /// Must be in a block.
    Mandatory,
}

/// Weight, class and fee of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Decode, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuntimeDispatchInfo {
    /// Weight of the call and of its extensions.
    pub weight: Weight,
    /// Class of the call.
    pub class: DispatchClass,
    /// Fee without tip, a decimal string.
    #[serde(with = "decimal")]
    pub partial_fee: u128,
}

/// The parts of a transaction's fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeeDetails {
    /// Fee for inclusion; `null` when there is none.
    pub inclusion_fee: Option<InclusionFee>,
}

/// Fee for inclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InclusionFee {
    /// What every transaction pays.
    pub base_fee: U256,
    /// What its length costs.
    pub len_fee: U256,
    /// What its weight costs.
    pub adjusted_weight_fee: U256,
}

impl Decode for FeeDetails {
    fn decode<I: codec::Input>(input: &mut I) -> Result<Self, codec::Error> {
        let inclusion_fee =
            Option::<[u128; 3]>::decode(input)?.map(|[base, len, weight]| InclusionFee {
                base_fee: base.into(),
                len_fee: len.into(),
                adjusted_weight_fee: weight.into(),
            });
        // The tip is part of the encoding and not of the answer.
        let _tip = u128::decode(input)?;
        Ok(Self { inclusion_fee })
    }
}

/// Answer of `ecoledger_getProof`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StateProof {
    /// Hash of the block.
    pub at: Hash,
    /// Height of the block.
    pub height: BlockNumber,
    /// One proof for each key asked for, in the same order.
    pub keys: Vec<KeyProof>,
    /// Header of the block; its `stateRoot` is the root of every proof.
    pub header: Header,
    /// The header in SCALE: its SHA-256 is the value that the certificate signs.
    pub header_encoded: Bytes,
}

/// Proof of one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyProof {
    /// The key.
    pub key: Bytes,
    /// Its value, or `null`.
    pub value: Option<Bytes>,
    /// ICS-23 `CommitmentProof` in Protocol Buffers: of existence if there is a value, otherwise
    /// of non-existence. What it proves is the value, but for `System::Events`: its SHA-256.
    pub proof: Bytes,
}

/// Answer of `ecoledger_getCertificate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// Height that is decided.
    pub height: BlockNumber,
    /// Round in which it was decided.
    pub round: u32,
    /// SHA-256 of the SCALE-encoded header.
    pub value_id: Hash,
    /// Precommits. Nodes may hold different ones for the same height.
    pub signatures: Vec<PrecommitSignature>,
    /// The certificate in SCALE, as in the block's justifications.
    pub encoded: Bytes,
    /// The header that is decided.
    pub header: Header,
    /// The header in SCALE.
    pub header_encoded: Bytes,
    /// Ed25519 keys of the validators of this height, ascending; one vote each.
    pub validator_set: Vec<Hash>,
}

/// One validator's precommit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrecommitSignature {
    /// The validator's ed25519 key.
    pub validator: Hash,
    /// Ed25519 signature, 64 bytes.
    pub signature: Bytes,
}

/// Answer of `ecoledger_getTransaction`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionPosition {
    /// Hash of the block.
    pub block_hash: Hash,
    /// Height of the block.
    pub block_number: BlockNumber,
    /// Index of the transaction in the block.
    pub index: u32,
    /// The SCALE-encoded transaction.
    pub extrinsic: Bytes,
}

/// Integers that JavaScript cannot hold, as decimal strings.
mod decimal {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(value: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<u128, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(|_| de::Error::custom("invalid decimal number"))
    }
}
