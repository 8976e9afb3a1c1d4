//! Clients' transactions in the chain's store, from before they are acknowledged until they have
//! left the pool.
//!
//! What is to be stored is noted under the pool's lock, so in the order in which the pool changes,
//! and written by one thread. What gathers while that writes goes out together next. So no lock is
//! held over I/O, nobody but who waits for an acknowledgement waits for the disk, and under load a
//! transaction costs a share of a write.

use crate::admission::{Admission, Refusal, StoredChanges};
use ecoledger_primitives::Hash;
use parking_lot::{Condvar, Mutex};
use std::{
    mem,
    sync::Arc,
    thread::{self, JoinHandle},
};
use tokio::sync::oneshot;
use tracing::warn;

/// Who waits for a change to be stored.
type Waiter = oneshot::Sender<Result<(), Refusal>>;

/// Resolves when what was noted together with it, and all before, is stored or could not be.
pub(crate) type Stored = oneshot::Receiver<Result<(), Refusal>>;

/// Writes changes of the stored pool. Dropping it writes what is left, and blocks for that.
#[derive(Debug)]
pub(crate) struct Journal {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    queue: Mutex<Queue>,
    filled: Condvar,
}

/// What entered or left the pool while one write was under way.
#[derive(Debug, Default)]
struct Queue {
    /// The last change of each transaction; those before it need not be written.
    changes: StoredChanges,
    waiting: Vec<Waiter>,
    closed: bool,
}

impl Journal {
    /// A journal in the store of `chain`, with its thread.
    pub(crate) fn start(chain: Arc<dyn Admission>) -> Self {
        let shared = Arc::<Shared>::default();
        let writer = {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.write_until_closed(&*chain))
        };
        Self { shared, writer: Some(writer) }
    }

    /// Notes transactions that have entered the pool; await the result before acknowledging them.
    pub(crate) fn put(&self, transactions: impl IntoIterator<Item = (Hash, Arc<[u8]>)>) -> Stored {
        let (sender, stored) = oneshot::channel();
        let mut queue = self.shared.queue.lock();
        queue.changes.extend(transactions.into_iter().map(|(hash, raw)| (hash, Some(raw))));
        queue.waiting.push(sender);
        self.shared.filled.notify_one();
        stored
    }

    /// Notes stored transactions that have left the pool.
    pub(crate) fn take_out(&self, transactions: Vec<Hash>) {
        if transactions.is_empty() {
            return;
        }
        let mut queue = self.shared.queue.lock();
        queue.changes.extend(transactions.into_iter().map(|hash| (hash, None)));
        self.shared.filled.notify_one();
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.shared.queue.lock().closed = true;
        self.shared.filled.notify_one();
        if self.writer.take().is_some_and(|writer| writer.join().is_err()) {
            warn!(target: "ecoledger::mempool", "the pool's journal has ended before its time");
        }
    }
}

impl Shared {
    fn write_until_closed(&self, chain: &dyn Admission) {
        while let Some((changes, waiting)) = self.take() {
            // Who stored something is told; what could not be taken out is judged again, and
            // refused, at the next start.
            let written = chain.update_stored(&changes);
            for sender in waiting {
                // Fails only if nobody wants to know any more.
                let _ = sender.send(written.clone());
            }
        }
    }

    /// Waits for something to write; `None` once the journal is closed and all is written.
    fn take(&self) -> Option<(StoredChanges, Vec<Waiter>)> {
        let mut queue = self.queue.lock();
        while queue.changes.is_empty() && queue.waiting.is_empty() {
            if queue.closed {
                return None;
            }
            self.filled.wait(&mut queue);
        }
        Some((mem::take(&mut queue.changes), mem::take(&mut queue.waiting)))
    }
}
