//! A round has started: what is known about it from before.

use super::{App, blocking};
use crate::{
    context::{Address, ChainContext, Height},
    fatal::Fatal,
    undecided,
};
use malachitebft_app_channel::{
    Reply,
    app::{
        consensus::Role,
        types::{ProposedValue, core::Round},
    },
};
use tracing::debug;

impl App {
    /// Answers with the values that were stored for the round before a crash, and with those of
    /// blocks that arrived before the height started.
    pub(super) async fn started_round(
        &mut self,
        height: Height,
        round: Round,
        proposer: Address,
        role: Role,
        reply: Reply<Vec<ProposedValue<ChainContext>>>,
    ) -> Result<(), Fatal> {
        debug!(target: "ecoledger::consensus", %height, %round, %proposer, ?role, "round started");
        let number = round.as_u32().unwrap_or(0);
        let mut values = Vec::new();
        if height == self.next_height() {
            self.assembler.enter_round(number);
            for assembled in std::mem::take(&mut self.early) {
                if assembled.manifest.height == height {
                    values.extend(self.judge(assembled).await?);
                } else if assembled.manifest.height > height {
                    self.early.push_back(assembled);
                }
            }
        }
        let storage = self.executor.storage().clone();
        let stored = blocking(move || undecided::all(&storage, height.0)).await?;
        for (stored_round, value_id, undecided) in stored {
            let told = values.iter().any(|told: &ProposedValue<_>| told.value.0 == value_id);
            if stored_round == number && !told {
                values.extend(self.proposed(height, number, value_id, &undecided));
            }
        }
        let _ = reply.send(values);
        Ok(())
    }
}
