use super::{Address, ChainContext, Height, Signature, Value};
use crate::limits::{PART_BYTES_MAX, PARTS_MAX};
use codec::{Decode, Encode};
use ecoledger_primitives::Hash;
use malachitebft_app_channel::app::types::core;
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// Separates the signatures of stream manifests from all others.
const DOMAIN: [u8; 16] = *b"ecoledger:st:v1\0";

/// What a stream of proposal parts carries, signed by the validator that sends it.
///
/// It comes first, so that a receiver knows before it keeps a byte that a validator answers for
/// the stream and how long the stream is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Manifest {
    /// Height of the block.
    pub height: Height,
    /// Round in which it is proposed.
    pub round: u32,
    /// The earlier round in which it had two thirds of the prevotes, if it is proposed again.
    pub valid_round: Option<u32>,
    /// The value the block has.
    pub value: Value,
    /// Length of the block's encoding in bytes, 1..=[`BLOCK_BYTES_MAX`](crate::BLOCK_BYTES_MAX).
    pub length: u32,
    /// Who sends the stream.
    pub sender: Address,
}

impl Manifest {
    /// The bytes that the sender signs: domain (16) ‖ genesis hash (32) ‖ SCALE of the manifest.
    pub fn signed_bytes(&self, genesis: &Hash) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(144);
        bytes.extend_from_slice(&DOMAIN);
        bytes.extend_from_slice(genesis.as_bytes());
        self.encode_to(&mut bytes);
        bytes
    }

    /// How many data parts follow the manifest, 1..=[`PARTS_MAX`]; `None` for a length out of
    /// bounds.
    pub fn n_parts(&self) -> Option<u32> {
        let n_parts = self.length.div_ceil(PART_BYTES_MAX);
        (1..=PARTS_MAX).contains(&n_parts).then_some(n_parts)
    }
}

/// A part of a proposed block in transit.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum ProposalPart {
    /// First in its stream.
    #[codec(index = 0)]
    Manifest(Manifest, Signature),
    /// The next bytes of the block; all but the last have [`PART_BYTES_MAX`] bytes.
    #[codec(index = 1)]
    Data(BoundedVec<u8, ConstU32<PART_BYTES_MAX>>),
}

impl core::ProposalPart<ChainContext> for ProposalPart {
    fn is_first(&self) -> bool {
        matches!(self, Self::Manifest(..))
    }

    // The manifest says how many parts there are, so none needs a mark of its own. A part that is
    // not full can only be the last.
    fn is_last(&self) -> bool {
        matches!(self, Self::Data(bytes) if bytes.len() < PART_BYTES_MAX as usize)
    }
}
