//! Accepted transactions on their way to gossip.

use ecoledger_primitives::Hash;
use parking_lot::Mutex;
use std::{collections::VecDeque, sync::Arc};
use tokio::sync::Notify;

/// Transactions that wait to be gossiped: as many as the largest backlog of one flush.
const ENTRIES_MAX: usize = 8_192;
/// Bytes that wait to be gossiped.
const BYTES_MAX: usize = 8 * 1024 * 1024;

/// A transaction to gossip.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) hash: Hash,
    pub(crate) raw: Arc<[u8]>,
    /// Whether someone wants to know when it was sent.
    pub(crate) watched: bool,
}

/// A bounded queue. It takes nothing until gossip opens it, so that a node without gossip does
/// not fill it.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    queue: Mutex<Queue>,
    filled: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    open: bool,
    entries: VecDeque<Outgoing>,
    bytes: usize,
}

impl Outbox {
    /// From here on transactions are queued.
    pub(crate) fn open(&self) {
        self.queue.lock().open = true;
    }

    /// Drops what is queued and queues nothing more.
    pub(crate) fn close(&self) {
        *self.queue.lock() = Queue::default();
    }

    /// Queues a transaction; whether there was room.
    pub(crate) fn push(&self, outgoing: Outgoing) -> bool {
        let mut queue = self.queue.lock();
        if !queue.open {
            return true;
        }
        let bytes = queue.bytes + outgoing.raw.len();
        if bytes > BYTES_MAX || queue.entries.len() >= ENTRIES_MAX {
            return false;
        }
        queue.bytes = bytes;
        queue.entries.push_back(outgoing);
        drop(queue);
        self.filled.notify_one();
        true
    }

    /// Waits for transactions and takes all of them. For one caller at a time; cancelling it
    /// loses nothing.
    pub(crate) async fn take(&self) -> VecDeque<Outgoing> {
        loop {
            let notified = self.filled.notified();
            {
                let mut queue = self.queue.lock();
                if !queue.entries.is_empty() {
                    queue.bytes = 0;
                    return std::mem::take(&mut queue.entries);
                }
            }
            notified.await;
        }
    }
}
