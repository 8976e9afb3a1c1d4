//! What peers say to each other, as bytes.
//!
//! ```text
//! frame         = length (u32, big endian) ‖ kind (u8) ‖ body
//!                 length counts kind and body: 1..=FRAME_BYTES_MAX
//! transactions  = kind 1 ‖ height (u32, little endian) ‖ { length (u32, little endian) ‖ bytes }
//! neighbours    = kind 2 ‖ { public key (32 bytes) }, sorted, none twice
//! ```

use super::NodeKey;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use ecoledger_primitives::BlockNumber;

/// Longest frame that is accepted, without its length.
pub(crate) const FRAME_BYTES_MAX: usize = 1024 * 1024;
/// Length at which a frame is sent off; a single transaction may make it longer. Small enough
/// that a queue of frames stays small, large enough that its overhead does not matter.
pub(crate) const FRAME_BYTES_TARGET: usize = 64 * 1024;
/// Transactions in a frame; with the target length no honest frame comes near.
pub(crate) const FRAME_TRANSACTIONS_MAX: usize = 4_096;
/// Neighbours in a frame; more connections than a node accepts.
pub(crate) const FRAME_NEIGHBOURS_MAX: usize = 256;

const LENGTH_BYTES: usize = 4;
const KIND_TRANSACTIONS: u8 = 1;
const KIND_NEIGHBOURS: u8 = 2;

/// A decoded frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// Transactions that the sender accepted at a height.
    Transactions {
        /// The sender's height.
        height: BlockNumber,
        /// At least one, none of them empty.
        transactions: Vec<Bytes>,
    },
    /// The nodes that the sender is connected to, and sends its transactions to directly.
    Neighbours(Vec<NodeKey>),
}

/// Why a frame is refused; its sender is disconnected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MessageError {
    #[error("unknown kind of message")]
    UnknownKind,
    #[error("message ends too early")]
    Truncated,
    #[error("message has no entries, or an empty one")]
    Empty,
    #[error("message has too many entries")]
    TooMany,
    #[error("neighbours are not sorted")]
    Unsorted,
}

impl Message {
    /// Decodes kind and body strictly, without copying transactions.
    pub(crate) fn decode(mut frame: Bytes) -> Result<Self, MessageError> {
        let kind = frame.try_get_u8().map_err(|_| MessageError::Truncated)?;
        match kind {
            KIND_TRANSACTIONS => {
                let height = frame.try_get_u32_le().map_err(|_| MessageError::Truncated)?;
                Ok(Self::Transactions { height, transactions: decode_transactions(frame)? })
            }
            KIND_NEIGHBOURS => Ok(Self::Neighbours(decode_neighbours(&frame)?)),
            _ => Err(MessageError::UnknownKind),
        }
    }
}

fn decode_transactions(mut body: Bytes) -> Result<Vec<Bytes>, MessageError> {
    let mut transactions = Vec::new();
    while body.has_remaining() {
        let length = body.try_get_u32_le().map_err(|_| MessageError::Truncated)? as usize;
        if length == 0 {
            return Err(MessageError::Empty);
        }
        if length > body.remaining() {
            return Err(MessageError::Truncated);
        }
        if transactions.len() == FRAME_TRANSACTIONS_MAX {
            return Err(MessageError::TooMany);
        }
        transactions.push(body.split_to(length));
    }
    if transactions.is_empty() {
        return Err(MessageError::Empty);
    }
    Ok(transactions)
}

fn decode_neighbours(body: &[u8]) -> Result<Vec<NodeKey>, MessageError> {
    let (keys, rest) = body.as_chunks::<32>();
    if !rest.is_empty() {
        return Err(MessageError::Truncated);
    }
    if keys.len() > FRAME_NEIGHBOURS_MAX {
        return Err(MessageError::TooMany);
    }
    if !keys.is_sorted_by(|a, b| a < b) {
        return Err(MessageError::Unsorted);
    }
    Ok(keys.to_vec())
}

/// A frame of neighbours; those above the limit are left out, so they are sent to twice.
pub(crate) fn encode_neighbours(keys: &[NodeKey]) -> Bytes {
    let keys = keys.get(..FRAME_NEIGHBOURS_MAX).unwrap_or(keys);
    let mut frame = BytesMut::with_capacity(LENGTH_BYTES + 1 + keys.len() * 32);
    frame.put_u32(u32::try_from(1 + keys.len() * 32).expect("bounded by the limit above; qed"));
    frame.put_u8(KIND_NEIGHBOURS);
    keys.iter().for_each(|key| frame.put_slice(key));
    frame.freeze()
}

/// Packs transactions into frames.
pub(crate) struct Packer {
    height: BlockNumber,
    frame: BytesMut,
    n_transactions: usize,
}

/// A frame of transactions, with their number.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    pub(crate) frame: Bytes,
    pub(crate) n_transactions: usize,
}

impl Packer {
    /// Packs transactions that were accepted at `height`.
    pub(crate) fn new(height: BlockNumber) -> Self {
        Self { height, frame: BytesMut::new(), n_transactions: 0 }
    }

    /// Adds a transaction; returns the frame before it if that is long enough.
    pub(crate) fn add(&mut self, raw: &[u8]) -> Option<Packed> {
        let full = self.frame.len() + raw.len() > FRAME_BYTES_TARGET
            || self.n_transactions == FRAME_TRANSACTIONS_MAX;
        let done = if full { self.finish() } else { None };
        if self.frame.is_empty() {
            self.frame.put_u32(0);
            self.frame.put_u8(KIND_TRANSACTIONS);
            self.frame.put_u32_le(self.height);
        }
        self.frame.put_u32_le(u32::try_from(raw.len()).expect("the pool bounds it; qed"));
        self.frame.put_slice(raw);
        self.n_transactions += 1;
        done
    }

    /// The last frame, if there is one.
    pub(crate) fn finish(&mut self) -> Option<Packed> {
        let mut frame = std::mem::take(&mut self.frame);
        let length = frame.len().checked_sub(LENGTH_BYTES)?;
        let length = u32::try_from(length).expect("a target and one transaction; qed");
        if let Some(place) = frame.first_chunk_mut::<LENGTH_BYTES>() {
            *place = length.to_be_bytes();
        }
        let n_transactions = std::mem::take(&mut self.n_transactions);
        Some(Packed { frame: frame.freeze(), n_transactions })
    }

    /// All frames of `transactions`.
    pub(crate) fn pack<'a>(
        height: BlockNumber,
        transactions: impl Iterator<Item = &'a [u8]>,
    ) -> Vec<Packed> {
        let mut packer = Self::new(height);
        let mut frames: Vec<_> = transactions.filter_map(|raw| packer.add(raw)).collect();
        frames.extend(packer.finish());
        frames
    }
}
