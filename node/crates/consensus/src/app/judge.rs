//! Judging a proposed block.

use super::{App, blocking};
use crate::{
    assembler::Assembled,
    context::{ChainContext, Height, Manifest, Value},
    fatal::Fatal,
    undecided::{self, Undecided, Verdict},
};
use codec::DecodeAll;
use ecoledger_executor::{ExecutedBlock, Executor, VerifyError};
use ecoledger_primitives::{Block, Moment, PreDigest, VALIDATORS_MAX, ValueId, value_id};
use malachitebft_app_channel::app::types::{
    ProposedValue,
    core::{Round, Validator as _, Validity},
};
use tracing::{info, warn};

/// What executing a block gave.
pub(super) enum Execution {
    /// It executes to its own header.
    Valid(Box<ExecutedBlock>),
    /// It breaks a rule.
    Invalid(String),
    /// It is not for the next height.
    NotNext,
}

/// Executes a block where blocking is allowed.
pub(super) async fn execute(executor: &Executor, block: Block) -> Result<Execution, Fatal> {
    let executor = executor.clone();
    blocking(move || match executor.verify_block(block) {
        Ok(executed) => Ok(Execution::Valid(Box::new(executed))),
        Err(VerifyError::Invalid(reason)) => Ok(Execution::Invalid(reason.to_string())),
        Err(VerifyError::NotNext { .. }) => Ok(Execution::NotNext),
        Err(VerifyError::Internal(error)) => Err(error.into()),
    })
    .await
}

impl App {
    /// Judges a block of the next height and stores it with the verdict; `None` when it is not
    /// what was announced, which says nothing about the value.
    ///
    /// A verdict depends on the header alone, and on the clock: a block is refused while its time
    /// is ahead of it. Clocks only move on, so what was refused for that in one round is judged
    /// anew in the next, and what an honest third found in time is soon in time for all.
    pub(super) async fn judge(
        &mut self,
        assembled: Assembled,
    ) -> Result<Option<ProposedValue<ChainContext>>, Fatal> {
        let Assembled { manifest, block: encoded } = assembled;
        let Some((block, pre)) = self.announced_block(&manifest, &encoded) else {
            warn!(target: "ecoledger::consensus", ?manifest, "stream is not the announced block");
            return Ok(None);
        };
        let Manifest { height, round, valid_round, value: Value(id), .. } = manifest;
        let verdict = match self.known_verdict(&manifest).await? {
            Some(known) => known,
            None => match self.verdict(&manifest, block, pre).await? {
                Some(verdict) => verdict,
                None => return Ok(None),
            },
        };
        let block = if verdict == Verdict::Invalid { Vec::new() } else { encoded };
        let undecided = Undecided { valid_round, own: false, verdict, block };
        let proposed = self.proposed(height, round, id, &undecided);
        let storage = self.executor.storage().clone();
        blocking(move || undecided::put(&storage, height.0, round, id, &undecided)).await?;
        Ok(proposed)
    }

    /// What this node found about the value before.
    async fn known_verdict(&self, manifest: &Manifest) -> Result<Option<Verdict>, Fatal> {
        let Manifest { height, round, value: Value(id), .. } = *manifest;
        let storage = self.executor.storage().clone();
        let stored = blocking(move || undecided::all(&storage, height.0)).await?;
        let known = stored.into_iter().filter(|(_, stored_id, _)| *stored_id == id);
        Ok(known
            .filter(|(stored_round, _, undecided)| {
                undecided.verdict != Verdict::Untimely || *stored_round == round
            })
            .map(|(.., undecided)| undecided.verdict)
            .next())
    }

    async fn verdict(
        &mut self,
        manifest: &Manifest,
        block: Block,
        pre: PreDigest,
    ) -> Result<Option<Verdict>, Fatal> {
        let Manifest { height, round, value: Value(id), .. } = *manifest;
        if !self.in_time(pre.time_ms) {
            warn!(
                target: "ecoledger::consensus",
                %height, round, value = %id, time_ms = pre.time_ms,
                "proposed block is ahead of the clock"
            );
            return Ok(Some(Verdict::Untimely));
        }
        Ok(match execute(&self.executor, block).await? {
            Execution::Valid(executed) => {
                info!(target: "ecoledger::consensus", %height, round, value = %id, "block verified");
                self.executed.put(id, *executed);
                Some(Verdict::Valid)
            }
            Execution::Invalid(reason) => {
                warn!(
                    target: "ecoledger::consensus",
                    %height, round, value = %id, reason, "proposed block is invalid"
                );
                Some(Verdict::Invalid)
            }
            Execution::NotNext => None,
        })
    }

    /// The block that a manifest announced, if the bytes are one. The body must be the header's:
    /// otherwise a proposer could make nodes find a value invalid that others find valid.
    fn announced_block(&self, manifest: &Manifest, encoded: &[u8]) -> Option<(Block, PreDigest)> {
        let block = Block::decode_all(&mut &*encoded).ok()?;
        let header = &block.header;
        if header.number != manifest.height.0 || value_id(header) != manifest.value.0 {
            return None;
        }
        if !self.executor.has_own_body(&block) {
            return None;
        }
        let pre = PreDigest::of(&header.digest)?;
        self.may_have_built(manifest, &pre).then_some((block, pre))
    }

    /// Whether the proposer that the header names was one of the round, or of one up to the lock
    /// round when the block is proposed again.
    fn may_have_built(&self, manifest: &Manifest, pre: &PreDigest) -> bool {
        let Some(set) = self.assembler.validators(manifest.height) else { return false };
        let turns = match manifest.valid_round {
            None => manifest.round..=manifest.round,
            // After as many rounds as there are validators each has had its turn.
            Some(valid_round) => 0..=valid_round.min(VALIDATORS_MAX as u32),
        };
        turns
            .map(Round::Some)
            .any(|round| set.proposer(manifest.height, round).address().0 == pre.proposer)
    }

    /// Whether a block's time is not too far ahead of this node's clock.
    fn in_time(&self, time_ms: Moment) -> bool {
        let skew_ms = Moment::try_from(self.pace.clock_skew_max.as_millis()).unwrap_or(Moment::MAX);
        time_ms <= self.clock.now_ms().saturating_add(skew_ms)
    }

    /// How the engine hears of a stored value; `None` if its height is not near.
    pub(super) fn proposed(
        &self,
        height: Height,
        round: u32,
        id: ValueId,
        undecided: &Undecided,
    ) -> Option<ProposedValue<ChainContext>> {
        let round = Round::Some(round);
        let proposer = *self.assembler.validators(height)?.proposer(height, round).address();
        Some(ProposedValue {
            height,
            round,
            valid_round: undecided.valid_round.map_or(Round::Nil, Round::Some),
            proposer,
            value: Value(id),
            validity: Validity::from_bool(undecided.verdict == Verdict::Valid),
        })
    }
}
