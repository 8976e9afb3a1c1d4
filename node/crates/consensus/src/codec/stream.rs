//! Proposal parts and the stream messages that carry them.

use super::{CodecError, Wire};
use crate::{
    context::ProposalPart,
    limits::{PART_MESSAGE_BYTES_MAX, STREAM_ID_BYTES_MAX},
};
use codec::{Decode, Encode};
use malachitebft_app_channel::app::streaming::{StreamContent, StreamId, StreamMessage};
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

impl Wire for ProposalPart {
    const BYTES_MAX: u32 = PART_MESSAGE_BYTES_MAX;
    type Layout = Self;

    fn to_layout(&self) -> Result<Self, CodecError> {
        Ok(self.clone())
    }

    fn from_layout(layout: Self) -> Result<Self, CodecError> {
        Ok(layout)
    }
}

/// A stream message on the wire. A manifest states how many parts follow it, so there is no
/// message that ends a stream.
#[derive(Encode, Decode)]
pub(crate) struct StreamLayout {
    stream_id: BoundedVec<u8, ConstU32<STREAM_ID_BYTES_MAX>>,
    sequence: u64,
    part: ProposalPart,
}

impl Wire for StreamMessage<ProposalPart> {
    const BYTES_MAX: u32 = PART_MESSAGE_BYTES_MAX;
    type Layout = StreamLayout;

    fn to_layout(&self) -> Result<StreamLayout, CodecError> {
        let StreamContent::Data(part) = &self.content else {
            return Err(CodecError::Invalid("an end of stream"));
        };
        Ok(StreamLayout {
            stream_id: self
                .stream_id
                .to_bytes()
                .to_vec()
                .try_into()
                .map_err(|_| CodecError::Invalid("a stream id that is too long"))?,
            sequence: self.sequence,
            part: part.clone(),
        })
    }

    fn from_layout(layout: StreamLayout) -> Result<Self, CodecError> {
        Ok(Self::new(
            StreamId::new(layout.stream_id.into_inner().into()),
            layout.sequence,
            StreamContent::Data(layout.part),
        ))
    }
}
