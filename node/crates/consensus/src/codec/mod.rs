//! SCALE encodings of everything that the engine writes to its log or sends to other nodes.
//!
//! Each message has a limit on its length, checked before a byte is decoded; lists inside have
//! limits of their own; bytes left over are refused. The encodings are golden: the log of an
//! earlier run and peers of another build must read them (`src/tests/codec.rs` holds the bytes).
//!
//! Map: `consensus` (votes, proposals, proposed values), `certificate` (certificates and
//! liveness messages), `stream` (proposal parts), `sync` (status, requests, replies),
//! `proof` (validator proofs).

mod certificate;
mod consensus;
mod proof;
mod stream;
mod sync;

use crate::{limits::ROUND_MAX, peers::PeerHeights};
use bytes::Bytes;
use codec::{DecodeAll, Encode};
use malachitebft_app_channel::app::types::{
    codec::{Codec, HasEncodedLen},
    core::Round,
};

/// Why a message cannot be decoded, or not be encoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// Longer than messages of its kind may be.
    #[error("message of {got} bytes, expected at most {limit}")]
    TooLong {
        /// Length in bytes.
        got: usize,
        /// Limit in bytes.
        limit: u32,
    },
    /// Not the encoding of such a message.
    #[error("malformed message")]
    Malformed(#[source] codec::Error),
    /// Well-formed, but with content that has no meaning.
    #[error("message has {0}")]
    Invalid(&'static str),
}

/// Encodes and decodes messages of the engine; stateless.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScaleCodec;

/// [`ScaleCodec`] where messages come from the network: notes what they announce.
#[derive(Clone, Debug)]
pub(crate) struct NetworkCodec {
    heights: PeerHeights,
}

impl NetworkCodec {
    /// A codec that notes announced heights in `heights`.
    pub(crate) fn new(heights: PeerHeights) -> Self {
        Self { heights }
    }
}

/// A message that has an encoding.
pub(crate) trait Wire: Sized {
    /// Longest encoding in bytes.
    const BYTES_MAX: u32;
    /// The layout on the wire.
    type Layout: codec::Encode + codec::Decode;

    /// Lays the message out.
    ///
    /// # Errors
    /// [`CodecError::Invalid`] for content that the layout has no place for.
    fn to_layout(&self) -> Result<Self::Layout, CodecError>;

    /// Reads the message.
    ///
    /// # Errors
    /// [`CodecError::Invalid`] for content without meaning.
    fn from_layout(layout: Self::Layout) -> Result<Self, CodecError>;

    /// Notes what a message from the network announces: nothing, for most.
    fn note(&self, _: &PeerHeights) {}
}

impl<T: Wire> Codec<T> for ScaleCodec {
    type Error = CodecError;

    fn decode(&self, bytes: Bytes) -> Result<T, CodecError> {
        check_length::<T>(bytes.len())?;
        let layout = T::Layout::decode_all(&mut bytes.as_ref()).map_err(CodecError::Malformed)?;
        T::from_layout(layout)
    }

    fn encode(&self, message: &T) -> Result<Bytes, CodecError> {
        let bytes = message.to_layout()?.encode();
        check_length::<T>(bytes.len())?;
        Ok(bytes.into())
    }
}

impl<T: Wire> HasEncodedLen<T> for ScaleCodec {
    fn encoded_len(&self, message: &T) -> Result<usize, CodecError> {
        Ok(message.to_layout()?.encoded_size())
    }
}

impl<T: Wire> Codec<T> for NetworkCodec {
    type Error = CodecError;

    fn decode(&self, bytes: Bytes) -> Result<T, CodecError> {
        let message: T = ScaleCodec.decode(bytes)?;
        message.note(&self.heights);
        Ok(message)
    }

    fn encode(&self, message: &T) -> Result<Bytes, CodecError> {
        ScaleCodec.encode(message)
    }
}

impl<T: Wire> HasEncodedLen<T> for NetworkCodec {
    fn encoded_len(&self, message: &T) -> Result<usize, CodecError> {
        ScaleCodec.encoded_len(message)
    }
}

fn check_length<T: Wire>(got: usize) -> Result<(), CodecError> {
    if got > T::BYTES_MAX as usize {
        return Err(CodecError::TooLong { got, limit: T::BYTES_MAX });
    }
    Ok(())
}

/// The number of a round that has to be defined.
fn defined(round: Round) -> Result<u32, CodecError> {
    round.as_u32().ok_or(CodecError::Invalid("an undefined round"))
}

/// The round with number `n`.
fn round(n: u32) -> Result<Round, CodecError> {
    if n > ROUND_MAX {
        return Err(CodecError::Invalid("a round that is never reached"));
    }
    Ok(Round::Some(n))
}

/// A round that may be undefined.
fn optional_round(n: Option<u32>) -> Result<Round, CodecError> {
    n.map_or(Ok(Round::Nil), round)
}
