//! Why the executor refused or failed: faults of this node, of a block, of a transaction, of a
//! call. They never mix.

use crate::{backend::Failure, panics::Panic};
use ecoledger_primitives::{BlockNumber, CertificateError, Hash};
use ecoledger_runtime::VERSION;
use ecoledger_storage::StorageError;
use sp_runtime::transaction_validity::{
    InvalidTransaction, TransactionValidityError, UnknownTransaction,
};

/// This node cannot go on as asked. Nothing here is the fault of a block or a transaction.
#[derive(Debug, thiserror::Error)]
pub enum ExecutorError {
    /// Storage failed. Unless the request was for a height that is not there, stop the process.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The genesis configuration is not one that the runtime accepts.
    #[error("genesis configuration: {0}")]
    GenesisConfig(String),
    /// The store holds another chain.
    #[error("store has genesis {stored}, the chain specification has {expected}")]
    OtherGenesis {
        /// Hash of the genesis block in the store.
        stored: Hash,
        /// Hash of the genesis block that the configuration makes.
        expected: Hash,
    },
    /// A block's time must be after its parent's.
    #[error("block time {time_ms} is not after its parent's, {parent_ms}")]
    TimeNotAfterParent {
        /// The time asked for, Unix milliseconds.
        time_ms: u64,
        /// The parent's time.
        parent_ms: u64,
    },
    /// The proposer is not a validator of the height.
    #[error("proposer is not in the validator set of height {0}")]
    UnknownProposer(BlockNumber),
    /// A block was committed while this one was built on its parent.
    #[error("a block was committed on top of block {from} meanwhile")]
    HeadMoved {
        /// The head that it was built on.
        from: BlockNumber,
    },
    /// The runtime broke its own rules outside any transaction.
    #[error("runtime: {0}")]
    Runtime(String),
    /// The certificate does not belong to the block.
    #[error("height {number}: {source}")]
    Certificate {
        /// Height of the block.
        number: BlockNumber,
        /// What does not match.
        source: CertificateError,
    },
}

impl From<Failure> for ExecutorError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Storage(error) => Self::Storage(error),
            other => Self::Runtime(other.to_string()),
        }
    }
}

/// Why a block is not the next block of this chain.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The block breaks a rule. Every honest node finds the same.
    #[error("invalid block: {0}")]
    Invalid(#[from] InvalidBlock),
    /// The block is not for the height after the head; nothing was executed.
    #[error("block has height {got}, the next is {expected}")]
    NotNext {
        /// Height after the head.
        expected: BlockNumber,
        /// The block's height.
        got: BlockNumber,
    },
    /// This node could not judge the block. Fatal: never a vote against it.
    #[error(transparent)]
    Internal(ExecutorError),
}

impl From<ExecutorError> for VerifyError {
    fn from(error: ExecutorError) -> Self {
        Self::Internal(error)
    }
}

impl From<StorageError> for VerifyError {
    fn from(error: StorageError) -> Self {
        Self::Internal(error.into())
    }
}

/// The rule that a block breaks.
#[derive(Debug, thiserror::Error)]
pub enum InvalidBlock {
    /// The parent hash is not the head's.
    #[error("parent is {got}, expected {expected}")]
    WrongParent {
        /// Hash of the head.
        expected: Hash,
        /// The header's parent hash.
        got: Hash,
    },
    /// The digest is not one pre-runtime and one consensus item of this chain.
    #[error("digest does not have the two items of this chain")]
    BadDigest,
    /// The proposer is not a validator of this height.
    #[error("proposer is not in the validator set")]
    UnknownProposer,
    /// Time stands still or goes back.
    #[error("time {time_ms} is not after the parent's, {parent_ms}")]
    TimeNotAfterParent {
        /// Time in the digest, Unix milliseconds.
        time_ms: u64,
        /// The parent's time.
        parent_ms: u64,
    },
    /// The body is larger than a block may be.
    #[error("body has {got} bytes, at most {max}")]
    TooLong {
        /// Length of the body.
        got: usize,
        /// Largest length.
        max: usize,
    },
    /// The first transaction is not the timestamp that the digest states.
    #[error("first transaction is not the timestamp of the digest")]
    BadTimestamp,
    /// A transaction may not be in a block.
    #[error("transaction {index}: {refusal}")]
    Transaction {
        /// Its position in the block.
        index: usize,
        /// Why.
        refusal: TransactionRefusal,
    },
    /// The runtime panicked before or after the transactions.
    #[error("runtime {0}")]
    Panicked(Panic),
    /// Execution gives another header.
    #[error("{field} is {got}, executing gives {expected}")]
    HeaderMismatch {
        /// First field that differs.
        field: &'static str,
        /// What execution gives.
        expected: String,
        /// What the header says.
        got: String,
    },
    /// The runtime used state that cannot be committed.
    #[error("the block used state that is not committed")]
    UncommittableState,
}

/// Why a transaction is refused, at admission or in a block.
#[derive(Debug, thiserror::Error)]
pub enum TransactionRefusal {
    /// Longer than any transaction may be.
    #[error("transaction has {got} bytes, at most {max}")]
    TooLong {
        /// Its length.
        got: usize,
        /// Largest length.
        max: usize,
    },
    /// Not the one encoding of a transaction of this chain.
    #[error("transaction does not decode: {0}")]
    Malformed(String),
    /// Unsigned, an inherent, or of an extrinsic version other than 4.
    #[error("transaction is not a signed one of extrinsic version 4")]
    NotSigned,
    /// The runtime refuses it.
    #[error("{}", describe(.0))]
    Invalid(TransactionValidityError),
    /// The runtime panicked on it; it counts as invalid.
    #[error("runtime {0}")]
    Panicked(Panic),
    /// This node could not judge it.
    #[error(transparent)]
    Internal(ExecutorError),
}

impl From<TransactionValidityError> for TransactionRefusal {
    fn from(error: TransactionValidityError) -> Self {
        Self::Invalid(error)
    }
}

fn describe(error: &TransactionValidityError) -> String {
    let text: &'static str = (*error).into();
    match error {
        TransactionValidityError::Invalid(InvalidTransaction::Custom(code))
        | TransactionValidityError::Unknown(UnknownTransaction::Custom(code)) => {
            format!("{text}: {code}")
        }
        _ => text.to_owned(),
    }
}

/// Why a runtime call has no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Not a function that outsiders may call.
    #[error("{} {} has no callable function {method}", VERSION.spec_name, VERSION.spec_version)]
    UnknownMethod {
        /// The name asked for, cut to 64 characters.
        method: String,
    },
    /// More bytes than the arguments of any callable function need.
    #[error("arguments have {got} bytes, at most {max}")]
    ArgumentsTooLong {
        /// Their length.
        got: usize,
        /// Largest length.
        max: usize,
    },
    /// The arguments do not decode.
    #[error("arguments do not decode: {0}")]
    BadArguments(String),
    /// The function read more of the state than one call may.
    #[error("call reads more than {max} keys; ask for less")]
    TooExpensive {
        /// Most keys that a call may read.
        max: u32,
    },
    /// The function panicked.
    #[error("runtime {0}")]
    Panicked(Panic),
    /// Storage has no such state, or failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The runtime asked for what a call has not.
    #[error("runtime: {0}")]
    Runtime(String),
}
