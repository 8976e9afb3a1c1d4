//! Proposed blocks that are not decided, as they are kept on disk.
//!
//! A block is stored before the engine hears of its value, and so before this node votes on it or
//! proposes it. With it goes this node's verdict: the same value gets the same verdict after a
//! restart, although clocks have moved on.

use crate::fatal::Fatal;
use codec::{Decode, DecodeAll, Encode};
use ecoledger_primitives::{Block, BlockNumber, ValueId};
use ecoledger_storage::Storage;

/// What this node found about a proposed block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Verdict {
    /// It executes to its own header.
    #[codec(index = 0)]
    Valid,
    /// It breaks a rule.
    #[codec(index = 1)]
    Invalid,
    /// Its time was too far ahead of this node's clock when it arrived; it was not executed.
    #[codec(index = 2)]
    Untimely,
}

/// A proposed block with this node's verdict.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Undecided {
    /// The earlier round in which it had two thirds of the prevotes, if it was proposed again.
    pub(crate) valid_round: Option<u32>,
    /// Whether this node built it to propose it in the round.
    pub(crate) own: bool,
    /// This node's verdict.
    pub(crate) verdict: Verdict,
    /// SCALE encoding of the block; empty if it is invalid, because then nothing needs it.
    pub(crate) block: Vec<u8>,
}

impl Undecided {
    /// The block.
    ///
    /// # Errors
    /// [`Fatal::Corrupt`] when the record has none that decodes.
    pub(crate) fn block(&self) -> Result<Block, Fatal> {
        Block::decode_all(&mut self.block.as_slice())
            .map_err(|_| Fatal::Corrupt("an undecided block"))
    }
}

/// Stores a block for a round. Durable when this returns.
///
/// # Errors
/// [`Fatal::Storage`].
pub(crate) fn put(
    storage: &Storage,
    height: BlockNumber,
    round: u32,
    value_id: ValueId,
    undecided: &Undecided,
) -> Result<(), Fatal> {
    storage.put_undecided(height, round, value_id, &undecided.encode())?;
    Ok(())
}

/// Everything stored for a height, by round.
///
/// # Errors
/// [`Fatal::Storage`], or [`Fatal::Corrupt`] when a record does not decode.
pub(crate) fn all(
    storage: &Storage,
    height: BlockNumber,
) -> Result<Vec<(u32, ValueId, Undecided)>, Fatal> {
    storage
        .undecided(height)?
        .into_iter()
        .map(|(round, value_id, bytes)| {
            let undecided = Undecided::decode_all(&mut bytes.as_slice())
                .map_err(|_| Fatal::Corrupt("an undecided proposal"))?;
            Ok((round, value_id, undecided))
        })
        .collect()
}

/// A stored block of a value, from any round; `None` if there is none, or only refused ones.
///
/// # Errors
/// As of [`all`].
pub(crate) fn find_block(
    storage: &Storage,
    height: BlockNumber,
    value_id: ValueId,
) -> Result<Option<Undecided>, Fatal> {
    Ok(all(storage, height)?
        .into_iter()
        .find(|(_, id, undecided)| *id == value_id && !undecided.block.is_empty())
        .map(|(.., undecided)| undecided))
}
