//! Counters of the executor, for whoever exports them.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Monotone counters; read them at any time.
#[derive(Debug, Default)]
pub struct ExecutorMetrics {
    blocks_built: AtomicU64,
    blocks_verified: AtomicU64,
    blocks_invalid: AtomicU64,
    blocks_committed: AtomicU64,
    transactions_committed: AtomicU64,
    transactions_accepted: AtomicU64,
    transactions_refused: AtomicU64,
    calls: AtomicU64,
    calls_failed: AtomicU64,
    build_micros: AtomicU64,
    verify_micros: AtomicU64,
    commit_micros: AtomicU64,
}

/// The values of all counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MetricsSnapshot {
    /// Blocks built for proposal.
    pub blocks_built: u64,
    /// Blocks executed and found valid.
    pub blocks_verified: u64,
    /// Blocks found invalid.
    pub blocks_invalid: u64,
    /// Blocks committed.
    pub blocks_committed: u64,
    /// Transactions in committed blocks, timestamps included.
    pub transactions_committed: u64,
    /// Transactions judged valid at admission.
    pub transactions_accepted: u64,
    /// Transactions refused at admission.
    pub transactions_refused: u64,
    /// Runtime calls answered.
    pub calls: u64,
    /// Runtime calls that had no answer.
    pub calls_failed: u64,
    /// Time spent building blocks, microseconds.
    pub build_micros: u64,
    /// Time spent verifying blocks, microseconds.
    pub verify_micros: u64,
    /// Time spent committing blocks, microseconds.
    pub commit_micros: u64,
}

fn add(counter: &AtomicU64, n: u64) {
    counter.fetch_add(n, Ordering::Relaxed);
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

impl ExecutorMetrics {
    /// The current values.
    pub fn snapshot(&self) -> MetricsSnapshot {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        MetricsSnapshot {
            blocks_built: read(&self.blocks_built),
            blocks_verified: read(&self.blocks_verified),
            blocks_invalid: read(&self.blocks_invalid),
            blocks_committed: read(&self.blocks_committed),
            transactions_committed: read(&self.transactions_committed),
            transactions_accepted: read(&self.transactions_accepted),
            transactions_refused: read(&self.transactions_refused),
            calls: read(&self.calls),
            calls_failed: read(&self.calls_failed),
            build_micros: read(&self.build_micros),
            verify_micros: read(&self.verify_micros),
            commit_micros: read(&self.commit_micros),
        }
    }

    pub(crate) fn note_built(&self, took: Duration) {
        add(&self.blocks_built, 1);
        add(&self.build_micros, micros(took));
    }

    pub(crate) fn note_verified(&self, valid: bool, took: Duration) {
        add(if valid { &self.blocks_verified } else { &self.blocks_invalid }, 1);
        add(&self.verify_micros, micros(took));
    }

    pub(crate) fn note_committed(&self, n_transactions: usize, took: Duration) {
        add(&self.blocks_committed, 1);
        add(&self.transactions_committed, n_transactions as u64);
        add(&self.commit_micros, micros(took));
    }

    pub(crate) fn note_validation(&self, accepted: bool) {
        add(if accepted { &self.transactions_accepted } else { &self.transactions_refused }, 1);
    }

    pub(crate) fn note_call(&self, answered: bool) {
        add(if answered { &self.calls } else { &self.calls_failed }, 1);
    }
}
