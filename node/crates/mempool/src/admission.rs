//! What the pool asks of the chain.

use ecoledger_primitives::{AccountId, BlockNumber, Hash, Nonce};
use sp_runtime::transaction_validity::{InvalidTransaction, UnknownTransaction};
use std::{collections::BTreeMap, sync::Arc};

/// Changes of what is stored of the pool: the encoded transaction by its hash, or `None` to take
/// it out.
pub type StoredChanges = BTreeMap<Hash, Option<Arc<[u8]>>>;

/// A transaction whose signature, signer and extensions were found valid at some head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validated {
    /// BLAKE2b-256 of the encoded transaction.
    pub hash: Hash,
    /// Account that signed it.
    pub signer: AccountId,
    /// Its nonce.
    pub nonce: Nonce,
    /// A transaction replaces another of the same account and nonce only with a higher priority.
    pub priority: u64,
    /// Blocks after the head for which it stays valid; `u64::MAX` for immortal transactions.
    pub longevity: u64,
}

/// Why the chain refuses a transaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The bytes are no transaction of this chain's format.
    #[error("undecodable transaction: {0}")]
    Undecodable(String),
    /// The transaction breaks a rule.
    #[error("invalid transaction: {}", <&'static str>::from(*.0))]
    Invalid(InvalidTransaction),
    /// The validity cannot be determined.
    #[error("unknown transaction validity: {}", <&'static str>::from(*.0))]
    Unknown(UnknownTransaction),
    /// The node failed; says nothing about the transaction.
    #[error("internal: {0}")]
    Internal(String),
}

/// The chain as the pool sees it. Implemented by the executor; every method may block.
pub trait Admission: Send + Sync + 'static {
    /// Height of the last committed block.
    fn head(&self) -> BlockNumber;

    /// Checks signature, signer and transaction extensions of `raw` at the head.
    ///
    /// - `raw`: SCALE-encoded transaction with its length prefix, decoded strictly.
    ///
    /// A nonce above the account's next one is valid here.
    ///
    /// # Errors
    /// [`Refusal`], the first rule that is broken.
    fn validate(&self, raw: &[u8]) -> Result<Validated, Refusal>;

    /// The account's next nonce at the head; 0 for an unknown account.
    ///
    /// # Errors
    /// [`Refusal::Internal`] if state cannot be read.
    fn account_nonce(&self, account: &AccountId) -> Result<Nonce, Refusal>;

    /// Changes what is stored of the pool, all together; survives the death of the process when
    /// this returns.
    ///
    /// # Errors
    /// [`Refusal::Internal`] if it cannot be written.
    fn update_stored(&self, changes: &StoredChanges) -> Result<(), Refusal>;

    /// The stored transactions with their hashes, in any order.
    ///
    /// # Errors
    /// [`Refusal::Internal`] if they cannot be read.
    fn stored(&self) -> Result<Vec<(Hash, Vec<u8>)>, Refusal>;
}
