//! What can go wrong, and whose fault it is.

use ecoledger_primitives::{BlockNumber, Hash};

/// Why storage refused or failed.
///
/// [`Self::Database`], [`Self::Corrupt`], [`Self::UnknownSchema`] and [`Self::Poisoned`] are fatal:
/// the process stops, because nothing that it decides from here on can be trusted to be durable.
/// The others describe the request.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database refused a read or a write; the disk is full, failing or locked by another
    /// process.
    #[error("database: {action}")]
    Database {
        /// What was being done, verb and object.
        action: &'static str,
        /// The database's own words.
        #[source]
        source: rocksdb::Error,
    },
    /// The directory was written by another version of this software.
    #[error("database has schema {found}, expected {expected}; use the version that wrote it")]
    UnknownSchema {
        /// What the directory holds.
        found: String,
        /// What this version reads and writes.
        expected: u32,
    },
    /// A record is missing or does not decode, although whatever wrote it wrote both or neither.
    #[error("database is corrupt: {what}")]
    Corrupt {
        /// The record, and what is wrong with it.
        what: String,
    },
    /// The height is above the head, or there is no genesis yet.
    #[error("state of height {number} does not exist, head is {head:?}")]
    UnknownHeight {
        /// The height asked for.
        number: BlockNumber,
        /// The newest committed height.
        head: Option<BlockNumber>,
    },
    /// The state of that height was dropped by the retention rule.
    #[error("state of height {number} was pruned, oldest kept is {oldest}")]
    StatePruned {
        /// The height asked for.
        number: BlockNumber,
        /// The oldest height whose state is kept.
        oldest: BlockNumber,
    },
    /// An update was computed on another block than the head.
    #[error("update was computed on {parent:?}, head is {head:?}")]
    NotOnHead {
        /// The block that the update was computed on.
        parent: Option<BlockNumber>,
        /// The newest committed height.
        head: Option<BlockNumber>,
    },
    /// Another block is already committed at that height. A decided height is never replaced.
    #[error("height {number} is committed with header {committed}, got {offered}")]
    Conflict {
        /// The height.
        number: BlockNumber,
        /// Hash of the committed header.
        committed: Hash,
        /// Hash of the header offered.
        offered: Hash,
    },
    /// The parts of a commit do not belong together.
    #[error("block {number} cannot be committed: {reason}")]
    InvalidCommit {
        /// Height of the block.
        number: BlockNumber,
        /// The rule that is broken.
        reason: &'static str,
    },
    /// The key's presence or absence cannot be expressed in an ICS-23 proof.
    #[error("key cannot be proven: {reason}")]
    Unprovable {
        /// The rule of ICS-23 that is in the way.
        reason: &'static str,
    },
    /// An earlier commit failed half-way as far as memory can tell; reopen to learn what is
    /// durable.
    #[error("storage is poisoned by an earlier failed write")]
    Poisoned,
}

impl StorageError {
    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into() }
    }
}

/// Names what was being done when the database failed.
pub(crate) trait During<T> {
    /// `action`: verb and object.
    fn during(self, action: &'static str) -> Result<T, StorageError>;
}

impl<T> During<T> for Result<T, rocksdb::Error> {
    fn during(self, action: &'static str) -> Result<T, StorageError> {
        self.map_err(|source| StorageError::Database { action, source })
    }
}
