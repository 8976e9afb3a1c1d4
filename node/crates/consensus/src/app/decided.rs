//! A value is decided: commit its block.

use super::{
    App, blocking,
    judge::{Execution, execute},
    next_sets,
};
use crate::{
    context::{ChainContext, Height},
    fatal::Fatal,
    undecided,
};
use ecoledger_executor::ExecutedBlock;
use ecoledger_primitives::{BlockNumber, CommitCertificate, CommitSignature, ValueId};
use malachitebft_app_channel::{
    Reply,
    app::types::core::{self, Round},
};
use tokio::sync::broadcast::error::TryRecvError;
use tracing::{info, warn};

/// Heights between two deletions of what was proposed and is decided: each costs a write.
const PRUNE_INTERVAL: BlockNumber = 16;

impl App {
    /// Commits the block durably, then answers. Deciding again what is committed does nothing.
    pub(super) async fn decided(
        &mut self,
        certificate: core::CommitCertificate<ChainContext>,
        reply: Reply<()>,
    ) -> Result<(), Fatal> {
        let height = certificate.height;
        if self.head() < height.0 {
            let certificate = to_certificate(&certificate)?;
            let executed = self.executed_block(height, certificate.value_id).await?;
            let n_extrinsics = executed.extrinsic_hashes().len();
            let (round, value) = (certificate.round, certificate.value_id);
            self.commit(executed, certificate).await?;
            info!(
                target: "ecoledger::consensus",
                %height, round, value = %value, extrinsics = n_extrinsics, "block committed"
            );
        }
        let _ = reply.send(());
        Ok(())
    }

    /// The decided block, executed; again if its execution was not kept.
    async fn executed_block(
        &mut self,
        height: Height,
        value_id: ValueId,
    ) -> Result<ExecutedBlock, Fatal> {
        if let Some(executed) = self.executed.pop(&value_id) {
            return Ok(executed);
        }
        let storage = self.executor.storage().clone();
        let stored = blocking(move || undecided::find_block(&storage, height.0, value_id)).await?;
        let stored = stored.ok_or(Fatal::NoBlock(height.0))?;
        match execute(&self.executor, stored.block()?).await? {
            Execution::Valid(executed) => Ok(*executed),
            Execution::Invalid(reason) => Err(Fatal::DecidedInvalid { height: height.0, reason }),
            Execution::NotNext => Err(Fatal::NoBlock(height.0)),
        }
    }

    async fn commit(
        &mut self,
        executed: ExecutedBlock,
        certificate: CommitCertificate,
    ) -> Result<(), Fatal> {
        let number = certificate.height;
        let committed = Height(number);
        let executor = self.executor.clone();
        let (sets, permitted) = blocking(move || {
            executor.commit(executed, certificate)?;
            if number.is_multiple_of(PRUNE_INTERVAL) {
                executor.storage().prune_undecided(number)?;
            }
            Ok((next_sets(&executor, committed)?, executor.permitted_nodes()?))
        })
        .await?;
        self.executed.clear();
        self.assembler.advance(committed, sets);
        self.early.retain(|early| early.manifest.height > committed);
        self.permitted.send_if_modified(|known| {
            let changed = *known != permitted;
            *known = permitted;
            changed
        });
        self.tell_mempool().await
    }

    /// Takes what is committed out of the pool, before the next block is built.
    async fn tell_mempool(&mut self) -> Result<(), Fatal> {
        let mut blocks = Vec::new();
        loop {
            match self.committed.try_recv() {
                Ok(block) => blocks.push(block),
                Err(TryRecvError::Lagged(n_blocks)) => {
                    warn!(target: "ecoledger::consensus", n_blocks, "pool missed committed blocks");
                }
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        let mempool = self.mempool.clone();
        blocking(move || {
            blocks.iter().for_each(|block| mempool.on_committed(block));
            Ok(())
        })
        .await
    }
}

/// The certificate as it is stored and shown.
fn to_certificate(
    certificate: &core::CommitCertificate<ChainContext>,
) -> Result<CommitCertificate, Fatal> {
    let height = certificate.height.0;
    let signatures: Vec<_> = certificate
        .commit_signatures
        .iter()
        .map(|s| CommitSignature { validator: s.address.0, signature: s.signature.0 })
        .collect();
    Ok(CommitCertificate {
        height,
        round: match certificate.round {
            Round::Some(round) => round,
            Round::Nil => return Err(Fatal::Certificate(height)),
        },
        value_id: certificate.value_id,
        signatures: signatures.try_into().map_err(|_| Fatal::Certificate(height))?,
    })
}
