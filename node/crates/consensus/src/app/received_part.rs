//! A part of a proposed block has arrived.

use super::App;
use crate::{
    assembler::Assembled,
    context::{ChainContext, ProposalPart},
    fatal::Fatal,
    limits::EARLY_BLOCKS_MAX,
    peers::key_of_identity,
};
use malachitebft_app_channel::{
    Reply,
    app::{
        streaming::StreamMessage,
        types::{PeerId, ProposedValue},
    },
};
use std::time::Instant;
use tracing::debug;

impl App {
    /// Answers with the proposed value if the part was the last that was missing of a block of
    /// the next height.
    pub(super) async fn received_part(
        &mut self,
        from: PeerId,
        published_by: Option<PeerId>,
        part: StreamMessage<ProposalPart>,
        reply: Reply<Option<ProposedValue<ChainContext>>>,
    ) -> Result<(), Fatal> {
        // Parts of one stream may come through different neighbours; their publisher is one.
        let publisher = published_by.unwrap_or(from);
        if !self.is_permitted(&publisher) {
            let _ = reply.send(None);
            return Ok(());
        }
        let value = match self.assembler.insert(publisher, part, Instant::now()) {
            Ok(Some(assembled)) => self.take_block(assembled).await?,
            Ok(None) => None,
            Err(error) => {
                debug!(target: "ecoledger::consensus", %publisher, %error, "part refused");
                None
            }
        };
        if let Some(height) = self.assembler.announced_height() {
            self.hear(height);
        }
        let _ = reply.send(value);
        Ok(())
    }

    /// Whether a part's publisher is a permitted node: whoever is connected can make up others.
    fn is_permitted(&self, publisher: &PeerId) -> bool {
        key_of_identity(&publisher.to_bytes())
            .is_some_and(|key| self.permitted.borrow().contains(&key))
    }

    async fn take_block(
        &mut self,
        assembled: Assembled,
    ) -> Result<Option<ProposedValue<ChainContext>>, Fatal> {
        if assembled.manifest.height == self.next_height() {
            return self.judge(assembled).await;
        }
        // Its parent is not committed yet. The oldest makes room: it is for a lower round.
        if self.early.len() >= EARLY_BLOCKS_MAX {
            self.early.pop_front();
        }
        self.early.push_back(assembled);
        Ok(None)
    }
}
