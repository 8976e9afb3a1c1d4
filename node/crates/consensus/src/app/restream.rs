//! Sending blocks in parts, and sending them again.

use super::{App, blocking};
use crate::{
    context::{Height, Value},
    fatal::Fatal,
    stream::{Announcement, split},
    undecided,
};
use ecoledger_primitives::ValueId;
use malachitebft_app_channel::{NetworkMsg, app::types::core::Round};
use tracing::{debug, warn};

impl App {
    /// Streams a value that this node reported before, for a later round or because it is locked
    /// on it. Parts are not sent again by the network, so whoever missed them needs this.
    pub(super) async fn restream(
        &mut self,
        height: Height,
        round: Round,
        valid_round: Round,
        value_id: ValueId,
    ) -> Result<(), Fatal> {
        let Some(number) = round.as_u32() else { return Ok(()) };
        let storage = self.executor.storage().clone();
        let stored = blocking(move || undecided::find_block(&storage, height.0, value_id)).await?;
        let Some(stored) = stored else {
            warn!(target: "ecoledger::consensus", %height, value = %value_id, "no block to stream");
            return Ok(());
        };
        let announcement = Announcement {
            height,
            round: number,
            valid_round: valid_round.as_u32(),
            value: Value(value_id),
        };
        self.publish(announcement, &stored.block).await;
        Ok(())
    }

    /// Sends a block in parts.
    pub(super) async fn publish(&mut self, announcement: Announcement, block: &[u8]) {
        let Some(signer) = &self.signer else { return };
        self.stream_nonce = self.stream_nonce.wrapping_add(1);
        let Some(parts) = split(signer, announcement, block, self.stream_nonce) else {
            warn!(target: "ecoledger::consensus", bytes = block.len(), "block cannot be streamed");
            return;
        };
        debug!(target: "ecoledger::consensus", ?announcement, parts = parts.len(), "streaming");
        for part in parts {
            if self.network.send(NetworkMsg::PublishProposalPart(part)).await.is_err() {
                // The engine is stopping.
                return;
            }
        }
    }
}
