//! Cutting a block into the parts of a stream.

use crate::{
    context::{Height, Manifest, ProposalPart, Value},
    limits::{BLOCK_BYTES_MAX, PART_BYTES_MAX},
    signing::ChainSigner,
};
use malachitebft_app_channel::app::streaming::{StreamContent, StreamId, StreamMessage};

/// What is streamed, and for which round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Announcement {
    /// Height of the block.
    pub(crate) height: Height,
    /// Round in which it is proposed.
    pub(crate) round: u32,
    /// The earlier round in which it had two thirds of the prevotes, if it is proposed again.
    pub(crate) valid_round: Option<u32>,
    /// The value the block has.
    pub(crate) value: Value,
}

/// Cuts an encoded block into a signed manifest and data parts, in the order in which they are
/// to be sent. `nonce` tells this stream from the sender's others for the same round.
///
/// Returns `None` for a block that is empty or above [`BLOCK_BYTES_MAX`].
pub(crate) fn split(
    signer: &ChainSigner,
    announcement: Announcement,
    block: &[u8],
    nonce: u64,
) -> Option<Vec<StreamMessage<ProposalPart>>> {
    let length = u32::try_from(block.len()).ok().filter(|n| (1..=BLOCK_BYTES_MAX).contains(n))?;
    let Announcement { height, round, valid_round, value } = announcement;
    let manifest = Manifest { height, round, valid_round, value, length, sender: signer.address() };
    let signature = signer.sign_manifest(&manifest);
    let data = block.chunks(PART_BYTES_MAX as usize).map(|chunk| {
        ProposalPart::Data(
            chunk.to_vec().try_into().expect("chunks are no longer than the bound of a part; qed"),
        )
    });
    let id = stream_id(height, round, nonce);
    Some(
        std::iter::once(ProposalPart::Manifest(manifest, signature))
            .chain(data)
            .zip(0u64..)
            .map(|(part, sequence)| {
                StreamMessage::new(id.clone(), sequence, StreamContent::Data(part))
            })
            .collect(),
    )
}

/// Height (4 bytes) ‖ round (4) ‖ nonce (8), big-endian.
fn stream_id(height: Height, round: u32, nonce: u64) -> StreamId {
    let mut bytes = Vec::with_capacity(16);
    bytes.extend_from_slice(&height.0.to_be_bytes());
    bytes.extend_from_slice(&round.to_be_bytes());
    bytes.extend_from_slice(&nonce.to_be_bytes());
    StreamId::new(bytes.into())
}
