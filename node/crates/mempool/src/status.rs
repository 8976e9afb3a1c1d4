//! What happens to a watched transaction.

use ecoledger_primitives::Hash;
use futures::Stream;
use std::{
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// Statuses buffered for one watcher. A transaction normally has four; only one whose
/// predecessors come and go has more, and its intermediate statuses may be left out.
const BUFFER: usize = 16;
/// Places kept free for `InBlock` and `Finalized`, which are never left out.
const RESERVED: usize = 2;

/// Status of a transaction, in Substrate's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionStatus {
    /// In the pool, waiting for a transaction with a lower nonce.
    Future,
    /// In the pool, may be included in the next block.
    Ready,
    /// Sent to these peers.
    Broadcast(Vec<String>),
    /// In the block with this hash. Followed at once by [`Self::Finalized`].
    InBlock(Hash),
    /// In the block with this hash, which is final. Last.
    Finalized(Hash),
    /// Replaced by the transaction with this hash. Last.
    Usurped(Hash),
    /// Pushed out of a full pool. Last.
    Dropped,
    /// Not valid any more: its nonce was used, it expired, or it failed in a block. Last.
    Invalid,
}

impl TransactionStatus {
    /// Whether no status follows.
    pub fn is_last(&self) -> bool {
        matches!(self, Self::Finalized(_) | Self::Usurped(_) | Self::Dropped | Self::Invalid)
    }
}

/// Statuses of one transaction, ending with a last one. Dropping it ends the watching.
#[derive(Debug)]
pub struct StatusStream {
    statuses: mpsc::Receiver<TransactionStatus>,
    // Counts this stream among the watched transactions for as long as it lives.
    _permit: OwnedSemaphorePermit,
}

impl StatusStream {
    /// The next status; `None` after the last one, or when the node shuts down.
    pub async fn next(&mut self) -> Option<TransactionStatus> {
        self.statuses.recv().await
    }
}

impl Stream for StatusStream {
    type Item = TransactionStatus;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.statuses.poll_recv(cx)
    }
}

/// The pool's end of a [`StatusStream`].
#[derive(Debug)]
pub(crate) struct Watcher(mpsc::Sender<TransactionStatus>);

impl Watcher {
    /// A watcher and its stream.
    pub(crate) fn new(permit: OwnedSemaphorePermit) -> (Self, StatusStream) {
        let (sender, statuses) = mpsc::channel(BUFFER);
        (Self(sender), StatusStream { statuses, _permit: permit })
    }

    /// Tells the stream; never blocks.
    pub(crate) fn tell(&self, status: TransactionStatus) {
        let must_arrive = status.is_last() || matches!(status, TransactionStatus::InBlock(_));
        if must_arrive || self.0.capacity() > RESERVED {
            // Fails only if the stream was dropped: then nobody wants to know.
            let _ = self.0.try_send(status);
        }
    }
}
