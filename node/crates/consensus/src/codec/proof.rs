//! Proofs that a node belongs to a validator.

use super::{CodecError, Wire, sync::PeerIdLayout};
use crate::{
    context::{ChainContext, Signature},
    limits::CONSENSUS_MESSAGE_BYTES_MAX,
};
use codec::{Decode, Encode};
use malachitebft_app_channel::app::types::core::ValidatorProof;

/// A validator proof on the wire.
#[derive(Encode, Decode)]
pub(crate) struct ProofLayout {
    public_key: [u8; 32],
    peer_id: PeerIdLayout,
    signature: Signature,
}

impl Wire for ValidatorProof<ChainContext> {
    const BYTES_MAX: u32 = CONSENSUS_MESSAGE_BYTES_MAX;
    type Layout = ProofLayout;

    fn to_layout(&self) -> Result<ProofLayout, CodecError> {
        Ok(ProofLayout {
            public_key: self
                .public_key
                .as_slice()
                .try_into()
                .map_err(|_| CodecError::Invalid("a public key that is not 32 bytes"))?,
            peer_id: self
                .peer_id
                .clone()
                .try_into()
                .map_err(|_| CodecError::Invalid("a peer id that is too long"))?,
            signature: self.signature,
        })
    }

    fn from_layout(layout: ProofLayout) -> Result<Self, CodecError> {
        Ok(Self::new(layout.public_key.to_vec(), layout.peer_id.into_inner(), layout.signature))
    }
}
