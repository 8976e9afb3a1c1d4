//! Transactions on their way into a block: the pool, and the gossip that spreads it.
//!
//! What it is: [`Mempool`] admits transactions that the chain finds valid, keeps them in nonce
//! order for each account, hands ready ones to the block builder fairly, and tells watchers what
//! happens to theirs. [`gossip`] exchanges transactions with permitted nodes.
//!
//! What it is not responsible for: judging a transaction (that is [`Admission`], implemented by
//! the executor), building blocks, and speaking JSON-RPC.
//!
//! Invariants:
//! - No transaction is in the pool that the chain did not find valid, and none twice; there is at
//!   most one of each account and nonce.
//! - Every collection has a limit, in [`MempoolConfig`] or beside it as a constant.
//! - No lock is held while the chain is asked or anything is awaited.
//! - A client's transaction is stored before it is acknowledged, and until it leaves the pool.
//! - A client whose transactions are small is not pushed out by one whose transactions are many.
//!
//! Map: `mempool` (the handle), `pool` (its state), `journal` (its store), `admission` (what it
//! asks of the chain), `executor` (the chain's answer), `status` (watching), [`gossip`] (peers).

mod admission;
mod banned;
mod config;
mod error;
mod executor;
pub mod gossip;
mod journal;
mod mempool;
mod metrics;
mod outbox;
mod pool;
mod status;

#[cfg(test)]
mod tests;

pub use admission::{Admission, Refusal, StoredChanges, Validated};
pub use config::MempoolConfig;
pub use error::PoolError;
pub use mempool::{Mempool, Source};
pub use metrics::{Metrics, ReasonLabel};
pub use pool::PoolStatus;
pub use status::{StatusStream, TransactionStatus};

pub use sp_runtime::transaction_validity::{InvalidTransaction, UnknownTransaction};
