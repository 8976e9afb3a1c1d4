//! What can go wrong between a caller and the chain.

use crate::{
    audit::Difference, bulk::JournalError, gs1::NameError, keystore::KeystoreError,
    labels::CodeError, proof::ProofError, quantity::QuantityError,
};
use subxt::error::{
    AccountNonceError, BackendError, DispatchError, EventsError, ExtrinsicError, ModuleError,
    OnlineClientAtBlockError, OnlineClientError, RpcError, TransactionEventsError,
    TransactionProgressError, TransactionStatusError,
};

/// Why a secret is no key.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// A seed of the wrong length or with a character outside 0-9, a-f.
    #[error("a seed has {expected_digits} hexadecimal digits after 0x, got {got_digits}")]
    BadSeed {
        /// Digits of a seed.
        expected_digits: usize,
        /// Digits given.
        got_digits: usize,
    },
    /// Neither a mnemonic nor a derivation path.
    #[error("not a mnemonic, a //Path or a 0x seed")]
    BadSecret,
    /// A soft derivation path for an ed25519 key, which has none.
    #[error("an ed25519 key has hard derivation paths only; write // and not /")]
    SoftPath,
    /// The operating system has no randomness.
    #[error("the operating system gives no randomness; no key was made")]
    NoRandomness,
}

/// Why a value does not fit the type that the chain expects.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{path}: expected {expected}, got {got}")]
pub struct ValueError {
    /// Where in the value, such as `outputs[1].quantity`.
    pub path: String,
    /// What the chain's type is.
    pub expected: String,
    /// What was given, shortened.
    pub got: String,
}

/// Why a call to the chain failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No connection, or it broke.
    #[error("cannot reach the node: {0}")]
    Connection(String),
    /// No connection to a gateway, or it broke.
    #[error("cannot reach the gateway: {0}")]
    GatewayConnection(String),
    /// A gateway refuses, or sends something else than it was asked for.
    #[error("the gateway refuses: {0}")]
    Gateway(String),
    /// Another chain answers than before.
    #[error("another chain answers: its first block is {got}, expected {expected}")]
    WrongChain {
        /// Hash of the first block of the chain that was there.
        expected: String,
        /// Hash of the first block of the chain that answers.
        got: String,
    },
    /// The chain has no such pallet, call, item or function.
    #[error("the chain has no {kind} named {name}; `ecoledger list` shows what there is")]
    Unknown {
        /// `pallet`, `call`, `storage item` or `view function`.
        kind: &'static str,
        /// What was asked for.
        name: String,
    },
    /// What was asked for is not on the chain.
    #[error("there is no {0}")]
    NotFound(String),
    /// An argument is missing or does not belong there.
    #[error("{0}")]
    Arguments(String),
    /// A value does not fit its type.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// A GTIN, GLN, SSCC, lot or batch is not well formed.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A quantity is not well formed.
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// An item code, or a list of them, is not well formed.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// A secret is no key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A file with a key cannot be read, opened or written.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// The journal of a bulk run cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The pool refused the transaction, or the node another call; nothing has changed.
    #[error("the node refused the {}: {message}", refused_what(*.code))]
    Refused {
        /// JSON-RPC code, such as 1010 for an invalid transaction; 0 if the node gave none.
        code: i32,
        /// The node's words.
        message: String,
    },
    /// The transaction left the pool without being applied.
    #[error("the transaction was not applied: {0}")]
    NotApplied(String),
    /// The transaction is final, and its call failed: it changed nothing but the nonce.
    #[error("{pallet}.{error}: {explanation}")]
    Dispatch {
        /// Pallet of the error, or `Runtime`.
        pallet: String,
        /// Name of the error.
        error: String,
        /// What the pallet's documentation says of it.
        explanation: String,
    },
    /// A proof does not hold.
    #[error(transparent)]
    Proof(#[from] ProofError),
    /// An audit does not add up.
    #[error(transparent)]
    Audit(#[from] Box<Difference>),
    /// The node answered with something that does not decode.
    #[error("cannot decode the node's answer: {0}")]
    Decode(String),
}

/// Codes with which nodes refuse a transaction; see the README's table.
const REFUSED_TRANSACTION: std::ops::RangeInclusive<i32> = 1001..=1099;
/// JSON-RPC code of a transaction that is invalid.
pub(crate) const INVALID_TRANSACTION: i32 = 1010;

fn refused_what(code: i32) -> &'static str {
    if REFUSED_TRANSACTION.contains(&code) { "transaction" } else { "call" }
}

/// What this chain means by a number in place of a reason why a transaction is invalid.
pub(crate) fn custom_reason(number: u8) -> Option<&'static str> {
    Some(match number {
        101 => "the signer is no participant (101)",
        102 => "the signer's key was withdrawn (102)",
        103 => "the signer's organisation is suspended (103)",
        104 => "the signer's organisation is closed (104)",
        105 => "the signer's quota of today is used up (105)",
        _ => return None,
    })
}

/// The words of a refusal: those of a number that this chain has a meaning for, or the node's own.
fn refusal_words(code: i32, message: &str, data: Option<&str>) -> String {
    let Some(data) = data else { return message.to_owned() };
    let reason = (code == INVALID_TRANSACTION)
        .then(|| data.trim_matches('"').strip_prefix("Custom error: ")?.parse().ok())
        .flatten()
        .and_then(custom_reason);
    match reason {
        Some(reason) => format!("{message}: {reason}"),
        None => format!("{message}: {data}"),
    }
}

impl Error {
    /// Wraps any error that means that an answer did not decode.
    pub(crate) fn decode(error: impl std::fmt::Display) -> Self {
        Self::Decode(error.to_string())
    }

    fn module(error: &ModuleError) -> Self {
        match error.details() {
            Ok(details) => Self::Dispatch {
                pallet: details.pallet.name().to_owned(),
                error: details.variant.name.clone(),
                explanation: details.variant.docs.join(" "),
            },
            Err(_) => Self::Dispatch {
                pallet: format!("pallet {}", error.pallet_index()),
                error: format!("error {}", error.error_index()),
                explanation: "not in the metadata".into(),
            },
        }
    }
}

impl From<DispatchError> for Error {
    fn from(error: DispatchError) -> Self {
        match error {
            DispatchError::Module(module) => Self::module(&module),
            other => Self::Dispatch {
                pallet: "Runtime".into(),
                error: format!("{other:?}"),
                explanation: other.to_string(),
            },
        }
    }
}

impl From<EventsError> for Error {
    fn from(error: EventsError) -> Self {
        match error {
            EventsError::CannotFetchEventBytes(error) => error.into(),
            other => Self::Decode(other.to_string()),
        }
    }
}

impl From<BackendError> for Error {
    fn from(error: BackendError) -> Self {
        match error {
            BackendError::Rpc(RpcError::ClientError(inner)) => inner.into(),
            other => Self::Connection(other.to_string()),
        }
    }
}

impl From<OnlineClientError> for Error {
    fn from(error: OnlineClientError) -> Self {
        Self::Connection(error.to_string())
    }
}

impl From<OnlineClientAtBlockError> for Error {
    fn from(error: OnlineClientAtBlockError) -> Self {
        match error {
            OnlineClientAtBlockError::BlockNotFound { block_number } => {
                Self::NotFound(format!("block {block_number}"))
            }
            other => Self::Connection(other.to_string()),
        }
    }
}

impl From<subxt::rpcs::Error> for Error {
    fn from(error: subxt::rpcs::Error) -> Self {
        match error {
            subxt::rpcs::Error::User(user) => {
                let data = user.data.as_deref().map(|data| data.get());
                let message = refusal_words(user.code, &user.message, data);
                Self::Refused { code: user.code, message }
            }
            other => Self::Connection(other.to_string()),
        }
    }
}

impl From<ExtrinsicError> for Error {
    fn from(error: ExtrinsicError) -> Self {
        match error {
            ExtrinsicError::ErrorSubmittingTransaction(inner)
            | ExtrinsicError::CannotGetValidationInfo(inner)
            | ExtrinsicError::AccountNonceError {
                reason: AccountNonceError::CouldNotRetrieve(inner),
                ..
            } => inner.into(),
            other => Self::Arguments(other.to_string()),
        }
    }
}

impl From<TransactionProgressError> for Error {
    fn from(error: TransactionProgressError) -> Self {
        match error {
            TransactionProgressError::TransactionStatusError(
                TransactionStatusError::Error(message)
                | TransactionStatusError::Invalid(message)
                | TransactionStatusError::Dropped(message),
            ) => Self::NotApplied(message),
            other => Self::Connection(other.to_string()),
        }
    }
}

impl From<TransactionEventsError> for Error {
    fn from(error: TransactionEventsError) -> Self {
        match error {
            TransactionEventsError::ExtrinsicFailed(error) => error.into(),
            other => Self::Decode(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_was_refused_and_what_its_number_means() {
        let shown = |code, message: &str, data: Option<&str>| {
            let message = refusal_words(code, message, data);
            Error::Refused { code, message }.to_string()
        };
        assert_eq!(
            shown(-32601, "Method not found", None),
            "the node refused the call: Method not found"
        );
        let invalid = "Invalid Transaction";
        for (number, meaning) in [
            (101, "no participant"),
            (102, "withdrawn"),
            (103, "suspended"),
            (104, "closed"),
            (105, "quota"),
        ] {
            let text = shown(1010, invalid, Some(&format!("\"Custom error: {number}\"")));
            assert!(text.starts_with("the node refused the transaction: Invalid"), "{text}");
            assert!(text.contains(meaning) && text.contains(&format!("({number})")), "{text}");
        }
        for data in ["\"Custom error: 7\"", "\"Custom error: 1010\"", "\"Transaction is outdated\""]
        {
            let expected = format!("the node refused the transaction: {invalid}: {data}");
            assert_eq!(shown(1010, invalid, Some(data)), expected);
        }
        assert_eq!(
            shown(4002, "count", Some("\"Custom error: 101\"")),
            "the node refused the call: count: \"Custom error: 101\""
        );
    }
}
