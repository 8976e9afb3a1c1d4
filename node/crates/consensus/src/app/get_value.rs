//! This node proposes: build a block, or take up the one that was built before a crash.

use super::{App, blocking};
use crate::{
    context::{ChainContext, Height, Value},
    fatal::Fatal,
    stream::Announcement,
    undecided::{self, Undecided, Verdict},
};
use codec::Encode;
use ecoledger_executor::BuildBudget;
use ecoledger_primitives::{Hash, HeaderDigest, PreDigest, ValidatorId, value_id};
use malachitebft_app_channel::{
    Reply,
    app::types::{LocallyProposedValue, core::Round},
};
use std::time::Duration;
use tracing::{debug, info, warn};

impl App {
    /// Answers with a value for the round, then streams its block. The block is stored before the
    /// answer, so that this node never proposes two values in one round.
    pub(super) async fn get_value(
        &mut self,
        height: Height,
        round: Round,
        timeout: Duration,
        reply: Reply<LocallyProposedValue<ChainContext>>,
    ) -> Result<(), Fatal> {
        let (Some(number), Some(signer)) = (round.as_u32(), &self.signer) else {
            warn!(target: "ecoledger::consensus", %height, %round, "asked to propose without a key");
            return Ok(());
        };
        if height != self.next_height() {
            warn!(target: "ecoledger::consensus", %height, "asked to propose for another height");
            return Ok(());
        }
        let proposer = signer.address().0;
        let (value, block) = match self.stored_proposal(height, number).await? {
            Some(stored) => stored,
            None => self.build(height, number, proposer, timeout).await?,
        };
        let _ = reply.send(LocallyProposedValue::new(height, round, value));
        let announcement = Announcement { height, round: number, valid_round: None, value };
        self.publish(announcement, &block).await;
        Ok(())
    }

    /// The value that this node built for the round before, if it did.
    async fn stored_proposal(
        &self,
        height: Height,
        round: u32,
    ) -> Result<Option<(Value, Vec<u8>)>, Fatal> {
        let storage = self.executor.storage().clone();
        let stored = blocking(move || undecided::all(&storage, height.0)).await?;
        let own = stored
            .into_iter()
            .find(|(stored_round, _, undecided)| *stored_round == round && undecided.own);
        Ok(own.map(|(_, value_id, undecided)| (Value(value_id), undecided.block)))
    }

    async fn build(
        &mut self,
        height: Height,
        round: u32,
        proposer: ValidatorId,
        timeout: Duration,
    ) -> Result<(Value, Vec<u8>), Fatal> {
        let executor = self.executor.clone();
        let default = BuildBudget::default();
        // Most of the time that others wait is theirs: to receive and to execute the block.
        let budget = BuildBudget { time_max: default.time_max.min(timeout / 4), ..default };
        let transactions = self.mempool.ready(budget.bytes_max, budget.transactions_max);
        let parent_ms = HeaderDigest::of(&executor.head().header).map_or(0, |d| d.pre.time_ms);
        let time_ms = self.clock.now_ms().max(parent_ms.saturating_add(1));
        let (executed, rejected, block) = blocking(move || {
            let pre = PreDigest { time_ms, proposer };
            let built = executor.build_block(pre, transactions.into_iter(), budget)?;
            let block = built.executed.block().encode();
            let undecided = Undecided {
                valid_round: None,
                own: true,
                verdict: Verdict::Valid,
                block: block.clone(),
            };
            let id = value_id(built.executed.header());
            undecided::put(executor.storage(), height.0, round, id, &undecided)?;
            Ok((built.executed, built.rejected, block))
        })
        .await?;
        self.drop_rejected(&rejected);
        let id = value_id(executed.header());
        info!(
            target: "ecoledger::consensus",
            %height, round, value = %id, extrinsics = executed.extrinsic_hashes().len(),
            bytes = block.len(), "block built"
        );
        self.executed.put(id, executed);
        Ok((Value(id), block))
    }

    fn drop_rejected(&self, rejected: &[(Hash, String)]) {
        if rejected.is_empty() {
            return;
        }
        for (hash, reason) in rejected {
            debug!(target: "ecoledger::consensus", %hash, reason, "transaction left out");
        }
        let hashes: Vec<_> = rejected.iter().map(|(hash, _)| *hash).collect();
        self.mempool.remove_invalid(&hashes);
    }
}
