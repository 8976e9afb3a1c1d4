//! Putting blocks together from the parts of streams.
//!
//! Parts may come in any order, through any neighbour, or not at all. A stream belongs to the
//! node that published it. It counts once its manifest has arrived: that is signed by a validator
//! who may send for that height and round, and states the length of the block, so that nobody
//! else can make a node keep or execute anything. What is kept is bounded for each stream, for
//! each publisher and in all, and dropped with age and with the height it is for.

use crate::{
    context::{Address, Height, Manifest, ProposalPart, Signature, ValidatorSet, Value},
    limits::{
        HEIGHTS_AHEAD_MAX, PART_BYTES_MAX, PARTS_MAX, RESTREAM_ROUND_MIN, ROUNDS_AHEAD_MAX,
        STREAM_AGE_MAX, STREAM_BYTES_MAX, STREAMS_MAX, STREAMS_PER_PUBLISHER_MAX,
        UNANNOUNCED_PARTS_MAX,
    },
    signing::ChainVerifier,
};
use malachitebft_app_channel::app::{
    streaming::{StreamContent, StreamMessage},
    types::{
        PeerId,
        core::{Round, Validator as _},
    },
};
use std::{collections::BTreeMap, time::Instant};

/// Why a part is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PartError {
    /// A manifest that is not first, data that is first or beyond the longest block, or an end.
    #[error("part is out of place")]
    OutOfPlace,
    /// The same position again.
    #[error("part came before")]
    Duplicate,
    /// Data of another length than its position and the manifest say.
    #[error("part has another length than announced")]
    WrongLength,
    /// The announced length is zero or above the longest block.
    #[error("announced block is empty or too long")]
    BlockLength,
    /// For a height that is committed, or further ahead than validator sets are known.
    #[error("height {height} is not among the next after {committed}")]
    HeightOutOfWindow {
        /// Announced height.
        height: Height,
        /// Committed height.
        committed: Height,
    },
    /// For a round too far ahead.
    #[error("round {round} is too far ahead")]
    RoundOutOfWindow {
        /// Announced round.
        round: u32,
    },
    /// The lock round is not before the round.
    #[error("lock round is not before the round")]
    LockRound,
    /// The sender may not stream in this round.
    #[error("sender is not the proposer of the round")]
    NotProposer,
    /// The manifest's signature does not verify.
    #[error("signature of the manifest is invalid")]
    BadSignature,
    /// The sender announced another value for the same height and round.
    #[error("sender announced another value for the round")]
    Equivocation,
    /// The block has been assembled.
    #[error("block is complete")]
    Complete,
    /// Too many parts before their manifest.
    #[error("too many parts before their manifest")]
    Unannounced,
    /// The node keeps as many streams or bytes as it may.
    #[error("too much is unfinished")]
    Full,
}

/// A block that has arrived in full, not decoded yet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Assembled {
    /// What its sender signed.
    pub(crate) manifest: Manifest,
    /// The block's encoding, `manifest.length` bytes.
    pub(crate) block: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct StreamKey {
    publisher: PeerId,
    id: Vec<u8>,
}

#[derive(Debug)]
struct Stream {
    manifest: Option<Manifest>,
    /// By position, 1 is the first.
    parts: BTreeMap<u32, Vec<u8>>,
    bytes: usize,
    opened: Instant,
}

impl Stream {
    /// Whether every part has the length that its position demands; true without a manifest.
    fn lengths_fit(&self) -> bool {
        self.manifest.as_ref().is_none_or(|manifest| {
            self.parts
                .iter()
                .all(|(position, part)| part_length(manifest, *position) == Some(part.len() as u32))
        })
    }

    fn is_complete(&self) -> bool {
        self.manifest.as_ref().is_some_and(|manifest| self.bytes == manifest.length as usize)
    }
}

/// Length of the data part at `position`, counted from 1; `None` beyond the last.
fn part_length(manifest: &Manifest, position: u32) -> Option<u32> {
    let before = position.checked_sub(1)?.checked_mul(PART_BYTES_MAX)?;
    let rest = manifest.length.checked_sub(before).filter(|rest| *rest > 0)?;
    Some(rest.min(PART_BYTES_MAX))
}

/// What a sender announced for a height and round.
#[derive(Debug)]
struct Announced {
    value: Value,
    complete: bool,
}

/// Unfinished streams, and what has been announced for the next heights.
#[derive(Debug)]
pub(crate) struct Assembler {
    verifier: ChainVerifier,
    committed: Height,
    /// Of the first and second height after `committed`.
    sets: [ValidatorSet; HEIGHTS_AHEAD_MAX as usize],
    /// Current round of the height after `committed`.
    round: u32,
    streams: BTreeMap<StreamKey, Stream>,
    bytes: usize,
    announced: BTreeMap<(Height, u32, Address), Announced>,
}

impl Assembler {
    /// An empty assembler; `sets` are the validators of the two heights after `committed`.
    pub(crate) fn new(
        verifier: ChainVerifier,
        committed: Height,
        sets: [ValidatorSet; HEIGHTS_AHEAD_MAX as usize],
    ) -> Self {
        Self {
            verifier,
            committed,
            sets,
            round: 0,
            streams: BTreeMap::new(),
            bytes: 0,
            announced: BTreeMap::new(),
        }
    }

    /// Moves the window of heights, and drops what is below it.
    pub(crate) fn advance(
        &mut self,
        committed: Height,
        sets: [ValidatorSet; HEIGHTS_AHEAD_MAX as usize],
    ) {
        self.committed = committed;
        self.sets = sets;
        self.round = 0;
        self.announced.retain(|(height, ..), _| *height > committed);
        self.retain(|stream| stream.manifest.as_ref().is_none_or(|m| m.height > committed));
    }

    /// Moves the window of rounds.
    pub(crate) fn enter_round(&mut self, round: u32) {
        self.round = self.round.max(round);
    }

    /// The validators of `height`, if it is in the window.
    pub(crate) fn validators(&self, height: Height) -> Option<&ValidatorSet> {
        let ahead = height.0.checked_sub(self.committed.0)?.checked_sub(1)?;
        self.sets.get(ahead as usize)
    }

    /// The highest height that a validator has announced a block for, above the committed one.
    pub(crate) fn announced_height(&self) -> Option<Height> {
        self.announced.keys().map(|(height, ..)| *height).max()
    }

    /// Bytes kept of unfinished streams.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Takes a part; returns the block when this was the last that was missing.
    ///
    /// # Errors
    /// [`PartError`]; a part that is refused changes nothing but may end its stream.
    pub(crate) fn insert(
        &mut self,
        publisher: PeerId,
        message: StreamMessage<ProposalPart>,
        now: Instant,
    ) -> Result<Option<Assembled>, PartError> {
        self.retain(|stream| now.saturating_duration_since(stream.opened) < STREAM_AGE_MAX);
        let position = u32::try_from(message.sequence)
            .ok()
            .filter(|position| *position <= PARTS_MAX)
            .ok_or(PartError::OutOfPlace)?;
        let StreamContent::Data(part) = message.content else { return Err(PartError::OutOfPlace) };
        let key = StreamKey { publisher, id: message.stream_id.to_bytes().to_vec() };
        match (position, part) {
            (0, ProposalPart::Manifest(manifest, signature)) => {
                self.check_manifest(&manifest, &signature)?;
                self.announce(&manifest)?;
                let stream = self.open(&key, now)?;
                if stream.manifest.is_some() {
                    return Err(PartError::Duplicate);
                }
                stream.manifest = Some(manifest);
            }
            (1.., ProposalPart::Data(bytes)) => {
                self.insert_data(&key, position, bytes.into_inner(), now)?
            }
            _ => return Err(PartError::OutOfPlace),
        }
        self.finish(&key)
    }

    fn insert_data(
        &mut self,
        key: &StreamKey,
        position: u32,
        bytes: Vec<u8>,
        now: Instant,
    ) -> Result<(), PartError> {
        let length = bytes.len();
        while self.bytes.saturating_add(length) > STREAM_BYTES_MAX {
            self.make_room(key)?;
        }
        let stream = self.open(key, now)?;
        if stream.parts.contains_key(&position) {
            return Err(PartError::Duplicate);
        }
        if stream.manifest.is_none() && stream.parts.len() >= UNANNOUNCED_PARTS_MAX {
            return Err(PartError::Unannounced);
        }
        stream.parts.insert(position, bytes);
        stream.bytes = stream.bytes.saturating_add(length);
        self.bytes = self.bytes.saturating_add(length);
        Ok(())
    }

    /// Ends the stream if a length is wrong or all parts are there.
    fn finish(&mut self, key: &StreamKey) -> Result<Option<Assembled>, PartError> {
        let Some(stream) = self.streams.get(key) else { return Ok(None) };
        if !stream.lengths_fit() {
            self.close(key);
            return Err(PartError::WrongLength);
        }
        if !stream.is_complete() {
            return Ok(None);
        }
        let Some(Stream { manifest: Some(manifest), parts, .. }) = self.close(key) else {
            return Ok(None);
        };
        let sent = (manifest.height, manifest.round, manifest.sender);
        if let Some(announced) = self.announced.get_mut(&sent) {
            announced.complete = true;
        }
        let mut block = Vec::with_capacity(manifest.length as usize);
        parts.values().for_each(|part| block.extend_from_slice(part));
        Ok(Some(Assembled { manifest, block }))
    }

    fn check_manifest(&self, manifest: &Manifest, signature: &Signature) -> Result<(), PartError> {
        let Manifest { height, round, valid_round, sender, .. } = *manifest;
        manifest.n_parts().ok_or(PartError::BlockLength)?;
        let set = self
            .validators(height)
            .ok_or(PartError::HeightOutOfWindow { height, committed: self.committed })?;
        let current = if height.0 == self.committed.0.saturating_add(1) { self.round } else { 0 };
        if round > current.saturating_add(ROUNDS_AHEAD_MAX) {
            return Err(PartError::RoundOutOfWindow { round });
        }
        if valid_round.is_some_and(|valid_round| valid_round >= round) {
            return Err(PartError::LockRound);
        }
        let may_send = *set.proposer(height, Round::Some(round)).address() == sender
            || (round >= RESTREAM_ROUND_MIN && set.contains(&sender));
        if !may_send {
            return Err(PartError::NotProposer);
        }
        if !self.verifier.verify_manifest(manifest, signature) {
            return Err(PartError::BadSignature);
        }
        Ok(())
    }

    fn announce(&mut self, manifest: &Manifest) -> Result<(), PartError> {
        let sent = (manifest.height, manifest.round, manifest.sender);
        let value = manifest.value;
        let announced = self.announced.entry(sent).or_insert(Announced { value, complete: false });
        if announced.value != value {
            return Err(PartError::Equivocation);
        }
        if announced.complete {
            return Err(PartError::Complete);
        }
        Ok(())
    }

    /// The stream, opened if it is new; a publisher's oldest makes room for its newest.
    fn open(&mut self, key: &StreamKey, now: Instant) -> Result<&mut Stream, PartError> {
        if !self.streams.contains_key(key) {
            let same_publisher =
                || self.streams.iter().filter(|(k, _)| k.publisher == key.publisher);
            if same_publisher().count() >= STREAMS_PER_PUBLISHER_MAX {
                let oldest = same_publisher().min_by_key(|(_, s)| s.opened).map(|(k, _)| k.clone());
                oldest.and_then(|oldest| self.close(&oldest));
            }
            if self.streams.len() >= STREAMS_MAX {
                self.make_room(key)?;
            }
        }
        Ok(self.streams.entry(key.clone()).or_insert_with(|| Stream {
            manifest: None,
            parts: BTreeMap::new(),
            bytes: 0,
            opened: now,
        }))
    }

    /// Ends the oldest stream that no validator answers for, other than `key`.
    fn make_room(&mut self, key: &StreamKey) -> Result<(), PartError> {
        let unannounced = self.streams.iter().filter(|(k, s)| *k != key && s.manifest.is_none());
        let oldest = unannounced.min_by_key(|(_, s)| s.opened).map(|(k, _)| k.clone());
        oldest.and_then(|oldest| self.close(&oldest)).map(drop).ok_or(PartError::Full)
    }

    fn close(&mut self, key: &StreamKey) -> Option<Stream> {
        let stream = self.streams.remove(key)?;
        self.bytes = self.bytes.saturating_sub(stream.bytes);
        Some(stream)
    }

    fn retain(&mut self, keep: impl Fn(&Stream) -> bool) {
        self.streams.retain(|_, stream| keep(stream));
        self.bytes = self.streams.values().map(|stream| stream.bytes).sum();
    }
}
