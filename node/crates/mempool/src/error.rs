//! Why a transaction is not in the pool.

use crate::admission::Refusal;
use ecoledger_primitives::Hash;
use sp_runtime::transaction_validity::{InvalidTransaction, UnknownTransaction};

/// Why a submission was refused. The variants follow Substrate's author errors; the code that
/// clients know each by is in its description.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PoolError {
    /// 1001: the bytes are no transaction.
    #[error("bad transaction format: {0}")]
    BadFormat(String),
    /// 1010: the transaction is longer than the pool's limit.
    #[error("transaction of {bytes} bytes is longer than {bytes_max} bytes")]
    TooLarge {
        /// Length of the transaction.
        bytes: usize,
        /// Longest that is accepted.
        bytes_max: usize,
    },
    /// 1010: the transaction breaks a rule at the head.
    #[error("invalid transaction: {}", <&'static str>::from(*.0))]
    InvalidTransaction(InvalidTransaction),
    /// 1011: the validity cannot be determined.
    #[error("unknown transaction validity: {}", <&'static str>::from(*.0))]
    UnknownTransaction(UnknownTransaction),
    /// 1012: the transaction failed in a block recently.
    #[error("transaction is temporarily banned")]
    TemporarilyBanned,
    /// 1013: the same transaction is in the pool.
    #[error("transaction is already imported: {0:?}")]
    AlreadyImported(Hash),
    /// 1014: the pool has another transaction of this account and nonce whose priority is not
    /// lower.
    #[error("priority {got} is too low, {held} is held")]
    TooLowPriority {
        /// Priority of the transaction in the pool.
        held: u64,
        /// Priority of the refused transaction.
        got: u64,
    },
    /// 1016: the pool, or the account's share of it, is full.
    #[error("immediately dropped: the pool is full")]
    ImmediatelyDropped,
    /// 1016: too many transactions are watched; submit it without watching.
    #[error("immediately dropped: too many transactions are watched")]
    TooManyWatched,
    /// 1021: the nonce is too far ahead of the account's next one.
    #[error("nonce {got} is too far in the future, at most {max} is accepted")]
    RejectedFuture {
        /// Highest nonce that is accepted.
        max: u32,
        /// Nonce of the refused transaction.
        got: u32,
    },
    /// The node failed; says nothing about the transaction.
    #[error("internal: {0}")]
    Internal(String),
}

impl PoolError {
    /// Label of the reason, for metrics.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::BadFormat(_) => "bad_format",
            Self::TooLarge { .. } => "too_large",
            Self::InvalidTransaction(InvalidTransaction::Stale) => "stale",
            Self::InvalidTransaction(_) => "invalid",
            Self::UnknownTransaction(_) => "unknown",
            Self::TemporarilyBanned => "banned",
            Self::AlreadyImported(_) => "duplicate",
            Self::TooLowPriority { .. } => "priority",
            Self::ImmediatelyDropped => "full",
            Self::TooManyWatched => "watched",
            Self::RejectedFuture { .. } => "future",
            Self::Internal(_) => "internal",
        }
    }

    /// Whether an honest peer never sends such a transaction: it is wrong whatever the state.
    pub fn is_misbehaviour(&self) -> bool {
        matches!(
            self,
            Self::BadFormat(_)
                | Self::TooLarge { .. }
                | Self::InvalidTransaction(
                    InvalidTransaction::BadProof | InvalidTransaction::BadMandatory
                )
        )
    }
}

impl From<Refusal> for PoolError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Undecodable(reason) => Self::BadFormat(reason),
            Refusal::Invalid(reason) => Self::InvalidTransaction(reason),
            Refusal::Unknown(reason) => Self::UnknownTransaction(reason),
            Refusal::Internal(reason) => Self::Internal(reason),
        }
    }
}
