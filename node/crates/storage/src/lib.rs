//! Everything that a node keeps on disk.
//!
//! What it is: blocks with their certificates and validator sets, the state at every retained
//! height, its commitment with proofs, the indexes that clients ask for, and the small records
//! that consensus and the pool need across a restart. It is the only crate that knows RocksDB.
//!
//! What it is not responsible for: whether a block is valid, a certificate sufficient or a
//! proposal worth voting on. It checks only that what is committed belongs together and follows
//! the head.
//!
//! Invariants:
//! - A block is committed in one write batch together with its state, tree nodes, indexes and
//!   height, or not at all. Committing it again changes nothing; another block at its height is
//!   refused.
//! - After a failed write nothing more is written: what is durable is known only after reopening.
//! - A [`StateReader`] answers for its height whatever is committed meanwhile, or says that the
//!   height was pruned.
//! - The root of the tree at the head is the head's `state_root`, checked whenever a database is
//!   opened.
//!
//! Assumptions about the medium: a synced write survives loss of power, and what is read is what
//! was written or fails RocksDB's checksums.
//!
//! Map: [`config`], [`error`], `storage` (opening, the head), `commit` (blocks in, pruning),
//! `blocks` (blocks out), `state` (reads at a height), `commitment` (tree and proofs), `records`
//! (consensus and pool), `database` (columns and options), `schema` (versions), `keys` (bytes of
//! keys), `value_cache`.

pub mod config;
pub mod error;

mod blocks;
mod commit;
mod commitment;
mod database;
mod keys;
mod records;
mod schema;
mod state;
mod storage;
mod value_cache;

#[cfg(test)]
mod tests;

pub use commit::{BlockCommit, StateChanges, StateUpdate};
pub use commitment::proof_spec;
pub use config::{Durability, StateRetention, StorageConfig};
pub use error::StorageError;
pub use records::Undecided;
pub use state::StateReader;
pub use storage::{Head, Storage, StorageStats};
