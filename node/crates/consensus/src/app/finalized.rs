//! A height is over: when to start the next.
//!
//! An idle chain decides no empty blocks but one with each heartbeat. The engine asks what to do
//! next, and this node puts the answer off until there is a transaction, another validator is
//! heard at the next height, or the heartbeat has come. Meanwhile the engine keeps what arrives
//! for the next height, and serves and requests sync as always.

use super::App;
use crate::{
    context::{ChainContext, Height},
    fatal::Fatal,
};
use ecoledger_mempool::Mempool;
use ecoledger_primitives::HeaderDigest;
use malachitebft_app_channel::{
    Reply,
    app::{
        engine::host::Next,
        types::{MisbehaviorEvidence, core},
    },
};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use tracing::warn;

/// The start of the next height, put off.
pub(super) struct Waiting {
    /// The height that is over.
    height: Height,
    /// Not before this, however much there is to do.
    earliest: Instant,
    /// Not after this, however little.
    latest: Instant,
    reply: Reply<Next<ChainContext>>,
}

impl Waiting {
    /// Resolves when it is time to start the next height; never if nothing is put off.
    pub(super) async fn over(waiting: Option<&Self>, mempool: &Mempool) {
        let Some(waiting) = waiting else { return std::future::pending().await };
        sleep_until(waiting.earliest).await;
        tokio::select! {
            () = sleep_until(waiting.latest) => {}
            () = mempool.ready_notified() => {}
        }
    }

    /// Whether others are past the height that is over.
    pub(super) fn is_passed_by(&self, heard: Height) -> bool {
        heard > self.height
    }

    /// Lets the next height start at once.
    pub(super) fn end(&mut self) {
        let now = Instant::now();
        self.earliest = now;
        self.latest = now;
    }
}

impl App {
    /// Answers at once if others are further or this node does not vote, else when there is
    /// something to decide.
    ///
    /// A block that came by sync is no reason to hurry: if it is older than a heartbeat, so that
    /// more may follow, nothing is put off; and the newest one must not make a quiet chain decide
    /// an empty block.
    pub(super) fn finalized(
        &mut self,
        certificate: core::CommitCertificate<ChainContext>,
        evidence: &MisbehaviorEvidence<ChainContext>,
        reply: Reply<Next<ChainContext>>,
    ) -> Result<(), Fatal> {
        let height = certificate.height;
        if !evidence.is_empty() {
            warn!(target: "ecoledger::consensus", %height, "validators were seen to equivocate");
        }
        let now = Instant::now();
        let mut waiting = Waiting {
            height,
            earliest: now + self.pace.block_interval_min,
            latest: now + self.until_heartbeat(),
            reply,
        };
        if waiting.is_passed_by(self.heard) || !self.is_validator_of(self.next_height()) {
            waiting.end();
        }
        self.waiting = Some(waiting);
        Ok(())
    }

    /// Starts the height after the committed one.
    pub(super) fn start_next(&mut self) -> Result<(), Fatal> {
        let Some(waiting) = self.waiting.take() else { return Ok(()) };
        let height = self.next_height();
        let params = self.height_params(height)?;
        let _ = waiting.reply.send(Next::Start(height, params));
        Ok(())
    }

    /// Time left until the next heartbeat, counted from the head's own time so that validators
    /// agree on it.
    fn until_heartbeat(&self) -> Duration {
        let head = self.executor.head();
        let head_ms = HeaderDigest::of(&head.header).map_or(0, |digest| digest.pre.time_ms);
        let since_ms = self.clock.now_ms().saturating_sub(head_ms);
        self.pace.heartbeat.saturating_sub(Duration::from_millis(since_ms))
    }
}
