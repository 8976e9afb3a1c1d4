//! Maps errors to the codes and texts that callers see. Nothing else does.
//!
//! Source: the codes and texts of Substrate's author, chain and state groups; the texts for
//! invalid transactions are `sp_runtime`'s.

use ecoledger_mempool::{InvalidTransaction, PoolError};
use ecoledger_primitives::{BlockNumber, Hash};
use ecoledger_rpc_api::code;
use ecoledger_storage::StorageError;
use jsonrpsee::types::{ErrorObject, ErrorObjectOwned};

/// Why a call is refused or failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RpcError {
    /// No block has this hash.
    #[error("UnknownBlock: Header was not found in the database: {0:?}")]
    UnknownBlock(Hash),
    /// The state after this block is not kept any more.
    #[error("UnknownBlock: State already discarded for block {0}")]
    StateDiscarded(BlockNumber),
    /// The runtime has no such function, or callers may not use it.
    #[error("Execution failed: Other: Exported method {0} is not found")]
    UnknownFunction(String),
    /// The runtime function panicked or refused its arguments.
    #[error("Execution failed: {0}")]
    Execution(String),
    /// The answer of a runtime function does not decode.
    #[error("Execution failed: unexpected answer of {0}")]
    UnexpectedAnswer(&'static str),
    /// More is asked for than is answered at once.
    #[error("count exceeds maximum value. value: {value}, max: {max}")]
    Count {
        /// What was asked for.
        value: usize,
        /// The limit.
        max: usize,
    },
    /// The values asked for are too long together.
    #[error("values exceed {0} bytes; ask for fewer keys")]
    ValuesTooLong(usize),
    /// A number is no block number.
    #[error("`{0}` > u32::MAX, the max block number is u32.")]
    BlockNumber(u64),
    /// The pool refuses a transaction.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// A transaction given to a convenience method does not decode.
    #[error("Unable to decode the transaction.")]
    Decode(&'static str),
    /// A runtime call behind a convenience method failed.
    #[error("{message}")]
    Convenience {
        /// What was to be found out.
        message: &'static str,
        /// Why it could not be.
        reason: String,
    },
    /// Only the operator may call this.
    #[error("RPC call is unsafe to be called externally")]
    Unsafe,
    /// A key's presence or absence cannot be expressed in a proof.
    #[error("key cannot be proven: {0}")]
    Unprovable(&'static str),
    /// Too much waits already.
    #[error("Server is busy, try again later")]
    Busy,
    /// It took too long.
    #[error("The call took too long")]
    TimedOut,
    /// The node failed; the cause is in the log.
    #[error("Internal error")]
    Internal,
}

impl RpcError {
    /// Logs what the caller must not see.
    pub(crate) fn internal(action: &'static str, cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(target: "ecoledger::rpc", action, %cause, "request failed");
        Self::Internal
    }
}

impl From<StorageError> for RpcError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::StatePruned { number, .. }
            | StorageError::UnknownHeight { number, .. } => Self::StateDiscarded(number),
            StorageError::Unprovable { reason } => Self::Unprovable(reason),
            other => Self::internal("read storage", &other),
        }
    }
}

impl From<RpcError> for ErrorObjectOwned {
    fn from(error: RpcError) -> Self {
        let text = error.to_string();
        match error {
            RpcError::UnknownBlock(_)
            | RpcError::StateDiscarded(_)
            | RpcError::UnknownFunction(_)
            | RpcError::Execution(_)
            | RpcError::UnexpectedAnswer(_) => {
                plain(code::STATE_CLIENT, format!("Client error: {text}"))
            }
            RpcError::Count { .. } | RpcError::ValuesTooLong(_) => plain(code::STATE_COUNT, text),
            RpcError::BlockNumber(_) => plain(code::CHAIN_NUMBER, text),
            RpcError::Pool(error) => pool_error(&error),
            RpcError::Decode(reason) => ErrorObject::owned(code::DECODE, text, Some(reason)),
            RpcError::Convenience { reason, .. } => {
                ErrorObject::owned(code::RUNTIME_CALL, text, Some(reason))
            }
            RpcError::Unsafe => plain(code::METHOD_NOT_FOUND, text),
            RpcError::Unprovable(_) => plain(code::INVALID_PARAMS, text),
            RpcError::Busy => plain(code::BUSY, text),
            RpcError::TimedOut => plain(code::TIMED_OUT, text),
            RpcError::Internal => plain(code::INTERNAL, text),
        }
    }
}

fn plain(code: i32, text: String) -> ErrorObjectOwned {
    ErrorObject::owned(code, text, None::<()>)
}

/// The code, message and data that Substrate's clients know for a refused transaction.
fn pool_error(error: &PoolError) -> ErrorObjectOwned {
    let invalid = |reason: String| {
        ErrorObject::owned(code::INVALID_TRANSACTION, "Invalid Transaction", Some(reason))
    };
    match error {
        PoolError::BadFormat(reason) => {
            plain(code::BAD_FORMAT, format!("Extrinsic has invalid format: {reason}"))
        }
        PoolError::TooLarge { .. } => {
            invalid(<&'static str>::from(InvalidTransaction::ExhaustsResources).to_owned())
        }
        PoolError::InvalidTransaction(InvalidTransaction::Custom(number)) => {
            invalid(format!("Custom error: {number}"))
        }
        PoolError::InvalidTransaction(reason) => invalid(<&'static str>::from(*reason).to_owned()),
        PoolError::UnknownTransaction(reason) => ErrorObject::owned(
            code::UNKNOWN_VALIDITY,
            "Unknown Transaction Validity",
            Some(format!("{reason:?}")),
        ),
        PoolError::TemporarilyBanned => {
            plain(code::TEMPORARILY_BANNED, "Transaction is temporarily banned".into())
        }
        PoolError::AlreadyImported(hash) => ErrorObject::owned(
            code::ALREADY_IMPORTED,
            "Transaction Already Imported",
            Some(format!("{hash:?}")),
        ),
        PoolError::TooLowPriority { held, got } => ErrorObject::owned(
            code::TOO_LOW_PRIORITY,
            format!("Priority is too low: ({held} vs {got})"),
            Some(
                "The transaction has too low priority to replace another transaction already in \
                 the pool.",
            ),
        ),
        PoolError::ImmediatelyDropped => ErrorObject::owned(
            code::IMMEDIATELY_DROPPED,
            "Immediately Dropped",
            Some("The transaction couldn't enter the pool because of the limit"),
        ),
        PoolError::TooManyWatched => ErrorObject::owned(
            code::IMMEDIATELY_DROPPED,
            "Immediately Dropped",
            Some("Too many transactions are watched; submit it without watching"),
        ),
        PoolError::RejectedFuture { max, got } => ErrorObject::owned(
            code::FUTURE_TRANSACTION,
            "The pool is not accepting future transactions",
            Some(format!("nonce {got} is too far ahead, at most {max} is accepted")),
        ),
        other => RpcError::internal("submit a transaction", other).into(),
    }
}
