//! Whether the node is alive and able to serve, for operators and load balancers.

use crate::{backend::Backend, context::RpcContext};
use ecoledger_executor::CommittedBlock;
use ecoledger_primitives::{BlockNumber, Hash};
use parking_lot::Mutex;
use serde::Serialize;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{broadcast, watch};

/// Answer of `/health` and `/ready`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    /// Whether consensus runs and blocks keep coming.
    healthy: bool,
    /// Whether the node also has caught up and serves JSON-RPC.
    ready: bool,
    /// What is wrong, in words.
    problems: Vec<String>,
    height: BlockNumber,
    hash: Hash,
    highest_block: BlockNumber,
    is_syncing: bool,
    peers: usize,
    /// Milliseconds since the last block was committed, or the process started.
    idle_ms: u64,
    ready_transactions: usize,
    future_transactions: usize,
}

impl Report {
    pub(crate) fn is_healthy(&self) -> bool {
        self.healthy
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.ready
    }
}

/// Judges the node's health.
pub(crate) struct Health {
    context: RpcContext,
    backend: Backend,
    stalled_after: Duration,
    last_block: Mutex<Instant>,
    serving: watch::Receiver<bool>,
}

impl Health {
    /// - `stalled_after`: without a block for this long the node is unhealthy.
    /// - `serving`: whether JSON-RPC is served.
    pub(crate) fn new(
        context: RpcContext,
        backend: Backend,
        stalled_after: Duration,
        serving: watch::Receiver<bool>,
    ) -> Self {
        let last_block = Mutex::new(Instant::now());
        Self { context, backend, stalled_after, last_block, serving }
    }

    /// Notes when blocks come, until the chain closes.
    pub(crate) async fn follow(&self, mut blocks: broadcast::Receiver<Arc<CommittedBlock>>) {
        use broadcast::error::RecvError;
        while !matches!(blocks.recv().await, Err(RecvError::Closed)) {
            *self.last_block.lock() = Instant::now();
        }
    }

    /// The state of this moment.
    pub(crate) fn report(&self) -> Report {
        let head = self.backend.head();
        let state = self.context.health.borrow().clone();
        let pool = self.context.mempool.status();
        let idle = self.last_block.lock().elapsed();
        let mut problems = Vec::new();
        if let Some(reason) = &state.halted {
            problems.push(format!("consensus has halted: {reason}"));
        }
        if idle > self.stalled_after {
            problems.push(format!("no block for {} s", idle.as_secs()));
        }
        let healthy = problems.is_empty();
        if state.syncing {
            problems.push("catching up".into());
        }
        if !*self.serving.borrow() {
            problems.push("not serving JSON-RPC".into());
        }
        Report {
            healthy,
            ready: problems.is_empty(),
            problems,
            height: head.number,
            hash: head.hash,
            highest_block: state.highest_block.map_or(head.number, |high| high.max(head.number)),
            is_syncing: state.syncing,
            peers: self.context.peers.borrow().len(),
            idle_ms: u64::try_from(idle.as_millis()).unwrap_or(u64::MAX),
            ready_transactions: pool.ready,
            future_transactions: pool.future,
        }
    }
}
