//! Failures after which this node must not take part any more.

use ecoledger_executor::ExecutorError;
use ecoledger_primitives::BlockNumber;
use ecoledger_storage::StorageError;

/// Why the application stops. None of these is ever a verdict on a block.
#[derive(Debug, thiserror::Error)]
pub enum Fatal {
    /// The executor failed.
    #[error("executor")]
    Executor(#[from] ExecutorError),
    /// Storage failed.
    #[error("storage")]
    Storage(#[from] StorageError),
    /// A record of this node does not decode.
    #[error("{0} on disk does not decode")]
    Corrupt(&'static str),
    /// A validator set that committed state must have is missing.
    #[error("validator set of height {0} is missing")]
    NoValidatorSet(BlockNumber),
    /// A value was decided whose block this node reported and no longer has.
    #[error("decided block of height {0} is missing")]
    NoBlock(BlockNumber),
    /// Two thirds decided a block that this node finds invalid.
    #[error("decided block of height {height} is invalid here: {reason}")]
    DecidedInvalid {
        /// Height of the block.
        height: BlockNumber,
        /// The rule that it breaks on this node.
        reason: String,
    },
    /// A certificate has more signatures than a validator set has members.
    #[error("certificate of height {0} has too many signatures")]
    Certificate(BlockNumber),
    /// A blocking task panicked.
    #[error("blocking task panicked")]
    Panicked(#[from] tokio::task::JoinError),
}
