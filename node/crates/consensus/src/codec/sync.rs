//! Messages of the sync protocol.

use super::{CodecError, Wire, certificate::CertificateLayout};
use crate::{
    context::{ChainContext, Height},
    limits::{
        BLOCK_BYTES_MAX, CONSENSUS_MESSAGE_BYTES_MAX, PEER_ID_BYTES_MAX, SYNC_BATCH_MAX,
        SYNC_RESPONSE_BYTES_MAX,
    },
    peers::{PeerHeights, key_of_identity},
};
use codec::{Decode, Encode};
use malachitebft_app_channel::app::types::{
    PeerId,
    core::ExtendedCommitCertificate,
    sync::{RawDecidedValue, Request, Response, Status},
};
use malachitebft_sync::{ValueRequest, ValueResponse};
use sp_core::ConstU32;
use sp_runtime::BoundedVec;

/// A peer id on the wire: its multihash.
pub(super) type PeerIdLayout = BoundedVec<u8, ConstU32<PEER_ID_BYTES_MAX>>;

/// A node's status on the wire.
#[derive(Encode, Decode)]
pub(crate) struct StatusLayout {
    peer_id: PeerIdLayout,
    tip_height: Height,
    history_min_height: Height,
}

impl Wire for Status<ChainContext> {
    const BYTES_MAX: u32 = CONSENSUS_MESSAGE_BYTES_MAX;
    type Layout = StatusLayout;

    fn to_layout(&self) -> Result<StatusLayout, CodecError> {
        Ok(StatusLayout {
            peer_id: self
                .peer_id
                .to_bytes()
                .try_into()
                .map_err(|_| CodecError::Invalid("a peer id that is too long"))?,
            tip_height: self.tip_height,
            history_min_height: self.history_min_height,
        })
    }

    fn from_layout(layout: StatusLayout) -> Result<Self, CodecError> {
        Ok(Self {
            peer_id: PeerId::from_bytes(&layout.peer_id)
                .map_err(|_| CodecError::Invalid("no valid peer id"))?,
            tip_height: layout.tip_height,
            history_min_height: layout.history_min_height,
        })
    }

    fn note(&self, heights: &PeerHeights) {
        if let Some(node) = key_of_identity(&self.peer_id.to_bytes()) {
            heights.note(node, self.tip_height.0);
        }
    }
}

/// A request for decided values on the wire: first and last height.
#[derive(Encode, Decode)]
pub(crate) enum RequestLayout {
    #[codec(index = 0)]
    Values(Height, Height),
}

impl Wire for Request<ChainContext> {
    const BYTES_MAX: u32 = CONSENSUS_MESSAGE_BYTES_MAX;
    type Layout = RequestLayout;

    fn to_layout(&self) -> Result<RequestLayout, CodecError> {
        let Self::ValueRequest(request) = self;
        Ok(RequestLayout::Values(*request.range.start(), *request.range.end()))
    }

    fn from_layout(layout: RequestLayout) -> Result<Self, CodecError> {
        let RequestLayout::Values(first, last) = layout;
        Ok(Self::ValueRequest(ValueRequest::new(first..=last)))
    }
}

/// A decided block with its certificate on the wire.
#[derive(Encode, Decode)]
pub(crate) struct DecidedLayout {
    block: BoundedVec<u8, ConstU32<BLOCK_BYTES_MAX>>,
    certificate: CertificateLayout,
}

/// A reply with decided values on the wire.
#[derive(Encode, Decode)]
pub(crate) enum ResponseLayout {
    #[codec(index = 0)]
    Values(Height, BoundedVec<DecidedLayout, ConstU32<SYNC_BATCH_MAX>>),
}

impl Wire for Response<ChainContext> {
    const BYTES_MAX: u32 = SYNC_RESPONSE_BYTES_MAX;
    type Layout = ResponseLayout;

    fn to_layout(&self) -> Result<ResponseLayout, CodecError> {
        let Self::ValueResponse(response) = self;
        let values: Vec<_> = response
            .values
            .iter()
            .map(|value| {
                Ok(DecidedLayout {
                    block: value
                        .value_bytes
                        .to_vec()
                        .try_into()
                        .map_err(|_| CodecError::Invalid("a block that is too long"))?,
                    certificate: value.certificate.to_layout()?,
                })
            })
            .collect::<Result<_, CodecError>>()?;
        let values =
            values.try_into().map_err(|_| CodecError::Invalid("too many decided values"))?;
        Ok(ResponseLayout::Values(response.start_height, values))
    }

    fn from_layout(layout: ResponseLayout) -> Result<Self, CodecError> {
        let ResponseLayout::Values(start_height, values) = layout;
        let values = values
            .into_iter()
            .map(|value| {
                Ok(RawDecidedValue::new(
                    value.block.into_inner().into(),
                    ExtendedCommitCertificate::from_layout(value.certificate)?,
                ))
            })
            .collect::<Result<_, CodecError>>()?;
        Ok(Self::ValueResponse(ValueResponse::new(start_height, values)))
    }
}
