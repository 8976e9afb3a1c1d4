//! The executor's answers to the pool.

use crate::{
    admission::{Admission, Refusal, StoredChanges, Validated},
    config::MempoolConfig,
    mempool::Mempool,
    pool::Inclusion,
};
use ecoledger_executor::{CommittedBlock, Executor, TransactionRefusal};
use ecoledger_primitives::{AccountId, BlockNumber, Hash, Nonce};
use sp_runtime::transaction_validity::{
    InvalidTransaction, TransactionValidityError, UnknownTransaction,
};
use std::sync::Arc;
use tracing::error;

/// Start of the storage keys of accounts: the hashes of `System` and `Account`, 16 bytes each.
pub(crate) const ACCOUNT_PREFIX: [u8; 32] = [
    0x26, 0xaa, 0x39, 0x4e, 0xea, 0x56, 0x30, 0xe0, 0x7c, 0x48, 0xae, 0x0c, 0x95, 0x58, 0xce, 0xf7,
    0xb9, 0x9d, 0x88, 0x0e, 0xc6, 0x81, 0x79, 0x9c, 0x0c, 0xf3, 0x0e, 0x88, 0x86, 0x37, 0x1d, 0xa9,
];
/// Length of the hash between the prefix and the account.
const HASHER_BYTES: usize = 16;

impl Mempool {
    /// An empty pool of the executor's chain.
    pub fn new(executor: Executor, config: MempoolConfig) -> Self {
        Self::with_admission(Arc::new(executor), config)
    }

    /// Takes a committed block's transactions out of the pool, and whatever it outdates; makes
    /// ready what waited for them; tells watchers.
    ///
    /// Call it once for every block, in order, after the block is committed and before the next
    /// is built. Reads the chain's state, so it may block.
    pub fn on_committed(&self, block: &CommittedBlock) {
        self.apply(&Inclusion {
            number: block.number,
            hash: block.hash,
            transactions: block.extrinsic_hashes.clone(),
            accounts: block.update.changes().filter_map(|(key, _)| account_of(key)).collect(),
        });
    }
}

/// The account whose record is stored under `key`.
pub(crate) fn account_of(key: &[u8]) -> Option<AccountId> {
    let rest = key.strip_prefix(&ACCOUNT_PREFIX)?;
    let account: [u8; 32] = rest.get(HASHER_BYTES..)?.try_into().ok()?;
    Some(account.into())
}

impl Admission for Executor {
    fn head(&self) -> BlockNumber {
        Executor::head(self).number
    }

    fn validate(&self, raw: &[u8]) -> Result<Validated, Refusal> {
        let transaction = self.validate_transaction(raw).map_err(refusal)?;
        Ok(Validated {
            hash: transaction.hash,
            signer: transaction.signer,
            nonce: transaction.nonce,
            priority: transaction.valid.priority,
            longevity: transaction.valid.longevity,
        })
    }

    fn account_nonce(&self, account: &AccountId) -> Result<Nonce, Refusal> {
        Executor::account_nonce(self, account).map_err(|error| internal(&error))
    }

    fn update_stored(&self, changes: &StoredChanges) -> Result<(), Refusal> {
        let changes = changes.iter().map(|(hash, raw)| (hash, raw.as_deref()));
        self.storage().update_pool(changes).map_err(|error| internal(&error))
    }

    fn stored(&self) -> Result<Vec<(Hash, Vec<u8>)>, Refusal> {
        self.storage().pool().map_err(|error| internal(&error))
    }
}

fn refusal(refusal: TransactionRefusal) -> Refusal {
    match refusal {
        TransactionRefusal::TooLong { .. } | TransactionRefusal::Malformed(_) => {
            Refusal::Undecodable(refusal.to_string())
        }
        TransactionRefusal::NotSigned => Refusal::Unknown(UnknownTransaction::NoUnsignedValidator),
        TransactionRefusal::Invalid(TransactionValidityError::Invalid(reason)) => {
            Refusal::Invalid(reason)
        }
        TransactionRefusal::Invalid(TransactionValidityError::Unknown(reason)) => {
            Refusal::Unknown(reason)
        }
        TransactionRefusal::Panicked(_) => Refusal::Invalid(InvalidTransaction::Call),
        TransactionRefusal::Internal(error) => internal(&error),
    }
}

/// Logs what happened; clients are told no more than that it did.
fn internal(error: &dyn std::fmt::Display) -> Refusal {
    error!(target: "ecoledger::mempool", %error, "the chain cannot be asked");
    Refusal::Internal("the chain's state cannot be read or written".into())
}
