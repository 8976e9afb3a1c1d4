//! A decided block has arrived from a peer, because this node was behind.

use super::{
    App, blocking,
    judge::{Execution, execute},
};
use crate::{
    context::{Address, ChainContext, Height, Value},
    fatal::Fatal,
    limits::BLOCK_BYTES_MAX,
    undecided::{self, Undecided, Verdict},
};
use bytes::Bytes;
use codec::DecodeAll;
use ecoledger_primitives::{Block, value_id};
use malachitebft_app_channel::{
    Reply,
    app::{
        engine::host::SyncedValueOutcome,
        types::{
            ProposedValue,
            core::{Round, Validity},
        },
    },
};
use tracing::error;

impl App {
    /// Answers with the value of the block if it is valid. Clocks do not matter here: two thirds
    /// of the validators have judged its time when it was proposed.
    pub(super) async fn process_synced_value(
        &mut self,
        height: Height,
        round: Round,
        proposer: Address,
        value_bytes: Bytes,
        reply: Reply<SyncedValueOutcome<ChainContext>>,
    ) -> Result<(), Fatal> {
        let outcome = self.synced_value(height, round, proposer, value_bytes).await?;
        let _ = reply.send(outcome);
        Ok(())
    }

    async fn synced_value(
        &mut self,
        height: Height,
        round: Round,
        proposer: Address,
        value_bytes: Bytes,
    ) -> Result<SyncedValueOutcome<ChainContext>, Fatal> {
        if height != self.next_height() {
            return Ok(SyncedValueOutcome::LocalTransientError);
        }
        let block = (value_bytes.len() <= BLOCK_BYTES_MAX as usize)
            .then(|| Block::decode_all(&mut value_bytes.as_ref()).ok())
            .flatten()
            .filter(|block| block.header.number == height.0);
        let (Some(block), Some(number)) = (block, round.as_u32()) else {
            return Ok(SyncedValueOutcome::PeerFault);
        };
        let id = value_id(&block.header);
        let executed = match execute(&self.executor, block).await? {
            Execution::Valid(executed) => *executed,
            // The certificate proves the header, so either the body is not the header's, or this
            // node executes otherwise than two thirds of the validators.
            Execution::Invalid(reason) => {
                error!(
                    target: "ecoledger::consensus",
                    %height, value = %id, reason, "synced block is invalid"
                );
                return Ok(SyncedValueOutcome::PeerFault);
            }
            Execution::NotNext => return Ok(SyncedValueOutcome::LocalTransientError),
        };
        let undecided = Undecided {
            valid_round: None,
            own: false,
            verdict: Verdict::Valid,
            block: value_bytes.to_vec(),
        };
        let storage = self.executor.storage().clone();
        blocking(move || undecided::put(&storage, height.0, number, id, &undecided)).await?;
        self.executed.put(id, executed);
        Ok(SyncedValueOutcome::Verdict(ProposedValue {
            height,
            round,
            valid_round: Round::Nil,
            proposer,
            value: Value(id),
            validity: Validity::Valid,
        }))
    }
}
