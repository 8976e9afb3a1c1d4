//! The only crate that calls the runtime.
//!
//! What it is: building, verifying and committing blocks, admitting transactions, and answering
//! runtime calls, by running FRAME natively inside externalities over the state in storage.
//! Everything here blocks; asynchronous callers use a blocking thread.
//!
//! What it is not responsible for: deciding blocks, ordering or keeping transactions, clocks,
//! networks.
//!
//! Invariants:
//! - A verdict on a block depends on the block and the head alone.
//! - A panic of the runtime is caught at the transaction, block or call that caused it, and
//!   changes nothing.
//! - A failure of storage is never a verdict: it is [`ExecutorError::Storage`], and fatal.
//! - Only an [`ExecutedBlock`] can be committed, and only this crate makes one.
//! - A child trie is never read or written.
//!
//! Map: [`block`] (build, verify), [`transaction`] (decode, admit), [`calls`] (runtime calls),
//! [`genesis`] (block 0), [`metrics`] (counters), [`error`] (refusals and failures); inside,
//! `backend` (the state as the runtime sees it), `run` (all or nothing), `panics`; for tests, with
//! the feature of that name, `forgeries` (blocks that are invalid).

mod backend;
pub mod block;
pub mod calls;
pub mod error;
#[cfg(any(test, feature = "forgeries"))]
pub mod forgeries;
pub mod genesis;
pub mod metrics;
mod panics;
mod run;
pub mod transaction;

#[cfg(test)]
mod tests;

pub use block::{BuildBudget, BuiltBlock, ExecutedBlock};
pub use error::{CallError, ExecutorError, InvalidBlock, TransactionRefusal, VerifyError};
pub use metrics::{ExecutorMetrics, MetricsSnapshot};
pub use panics::Panic;
pub use transaction::ValidatedTransaction;

/// Largest body of a block in bytes, and largest transaction.
pub use ecoledger_runtime::limits::{BLOCK_LENGTH_MAX, TRANSACTION_LENGTH_MAX};

use codec::DecodeAll;
use ecoledger_primitives::{
    AccountId, BlockNumber, CertificateError, CommitCertificate, Hash, Header, Nonce, ValidatorSet,
    value_id,
};
use ecoledger_runtime::Runtime;
use ecoledger_storage::{BlockCommit, Head, StateUpdate, Storage};
use lru::LruCache;
use parking_lot::Mutex;
use std::{collections::BTreeSet, num::NonZeroUsize, sync::Arc, time::Instant};
use tokio::sync::broadcast;

/// Committed blocks that a slow subscriber may lag behind before it loses the oldest. It can read
/// any block from storage, so losing one costs it a read.
const COMMITTED_KEPT: usize = 256;

/// Admitted transactions that are remembered: above those of a full pool and block, 40 bytes each.
const ADMITTED_KEPT: NonZeroUsize = NonZeroUsize::new(1 << 16).expect("not zero; qed");

/// Runs the runtime over a store. Clones share everything.
#[derive(Clone)]
pub struct Executor {
    inner: Arc<Inner>,
}

struct Inner {
    storage: Storage,
    genesis_hash: Hash,
    committed: broadcast::Sender<Arc<CommittedBlock>>,
    metrics: ExecutorMetrics,
    /// Hashes of transactions that were admitted, so that their signatures are known to hold.
    admitted: Mutex<LruCache<Hash, ()>>,
    /// The answer of `permitted_nodes` for the head that it was asked at.
    permitted: Mutex<Option<(Hash, NodeKeys)>>,
}

/// Ed25519 public keys of nodes.
pub type NodeKeys = Arc<BTreeSet<[u8; 32]>>;

/// A block that is final and durable on this node.
#[derive(Clone, Debug)]
pub struct CommittedBlock {
    /// Its height.
    pub number: BlockNumber,
    /// Its header's hash.
    pub hash: Hash,
    /// Its header.
    pub header: Header,
    /// Hashes of its transactions, in order.
    pub extrinsic_hashes: Vec<Hash>,
    /// What it changed of the state: keys, ascending, with their new values.
    pub update: StateUpdate,
}

impl Executor {
    /// Opens the chain in `storage`, and commits its genesis block if the store is empty.
    ///
    /// - `genesis`: the runtime's genesis configuration, or a patch of its default.
    ///
    /// # Errors
    /// [`ExecutorError::GenesisConfig`] when the runtime refuses the configuration,
    /// [`ExecutorError::OtherGenesis`] when the store holds the chain of another one,
    /// [`ExecutorError::Storage`] when storage fails.
    pub fn open(storage: Storage, genesis: &serde_json::Value) -> Result<Self, ExecutorError> {
        panics::install_hook();
        let commit = genesis::build(&storage, genesis)?;
        let expected = commit.block.header.hash();
        match storage.genesis_hash() {
            None => storage.commit(commit)?,
            Some(stored) if stored == expected => {}
            Some(stored) => return Err(ExecutorError::OtherGenesis { stored, expected }),
        }
        let (committed, _) = broadcast::channel(COMMITTED_KEPT);
        Ok(Self {
            inner: Arc::new(Inner {
                storage,
                genesis_hash: expected,
                committed,
                metrics: ExecutorMetrics::default(),
                admitted: Mutex::new(LruCache::new(ADMITTED_KEPT)),
                permitted: Mutex::default(),
            }),
        })
    }

    /// The store.
    pub fn storage(&self) -> &Storage {
        &self.inner.storage
    }

    /// Hash of the genesis block: it tells chains apart.
    pub fn genesis_hash(&self) -> Hash {
        self.inner.genesis_hash
    }

    /// The newest committed block.
    pub fn head(&self) -> Arc<Head> {
        self.storage().head().expect("a genesis block is committed when the executor opens; qed")
    }

    /// The version of the runtime that this node executes.
    pub fn runtime_version(&self) -> sp_version::RuntimeVersion {
        ecoledger_runtime::VERSION
    }

    pub(crate) fn admitted(&self) -> &Mutex<LruCache<Hash, ()>> {
        &self.inner.admitted
    }

    /// Counters.
    pub fn metrics(&self) -> &ExecutorMetrics {
        &self.inner.metrics
    }

    /// Commits a decided block with everything that belongs to it, and tells subscribers.
    ///
    /// Idempotent: committing again what is committed does nothing.
    ///
    /// # Errors
    /// [`ExecutorError::Certificate`] when the certificate is for another block; its signatures
    /// are not verified here. [`ExecutorError::Storage`], which is fatal.
    pub fn commit(
        &self,
        executed: ExecutedBlock,
        certificate: CommitCertificate,
    ) -> Result<(), ExecutorError> {
        let started = Instant::now();
        let header = executed.header().clone();
        let number = header.number;
        check_certificate(&header, &certificate)?;
        let already = self.storage().head().is_some_and(|head| head.number >= number);
        self.storage().commit(BlockCommit {
            block: executed.block,
            update: executed.update.clone(),
            certificate: Some(certificate),
            validator_sets: executed.validator_sets,
        })?;
        if already {
            return Ok(());
        }
        self.metrics().note_committed(executed.extrinsic_hashes.len(), started.elapsed());
        // Without subscribers there is nobody to tell.
        let _ = self.inner.committed.send(Arc::new(CommittedBlock {
            number,
            hash: executed.hash,
            header,
            extrinsic_hashes: executed.extrinsic_hashes,
            update: executed.update,
        }));
        Ok(())
    }

    /// Follows committed blocks from here on, in order. A receiver that lags loses the oldest and
    /// is told so; storage has them all.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<CommittedBlock>> {
        self.inner.committed.subscribe()
    }

    /// The validators of `height`, known up to the second height after the head.
    ///
    /// # Errors
    /// [`ExecutorError::Storage`].
    pub fn validator_set(
        &self,
        height: BlockNumber,
    ) -> Result<Option<ValidatorSet>, ExecutorError> {
        Ok(self.storage().validator_set(height)?)
    }

    /// Ed25519 public keys of the nodes that may connect, as of the head.
    ///
    /// # Errors
    /// [`ExecutorError::Storage`], or [`ExecutorError::Runtime`] when the runtime cannot tell.
    pub fn permitted_nodes(&self) -> Result<NodeKeys, ExecutorError> {
        let head = self.head();
        if let Some((hash, nodes)) = &*self.inner.permitted.lock()
            && *hash == head.hash
        {
            return Ok(nodes.clone());
        }
        let answer =
            self.call(head.number, "ValidatorsApi_permitted_nodes", &[]).map_err(|error| {
                match error {
                    CallError::Storage(error) => ExecutorError::Storage(error),
                    other => ExecutorError::Runtime(other.to_string()),
                }
            })?;
        let nodes = Vec::<[u8; 32]>::decode_all(&mut answer.as_slice())
            .map_err(|error| ExecutorError::Runtime(error.to_string()))?;
        let nodes = Arc::new(BTreeSet::from_iter(nodes));
        *self.inner.permitted.lock() = Some((head.hash, nodes.clone()));
        Ok(nodes)
    }

    /// Ed25519 public keys of the nodes of the next height's validators, as of the head.
    ///
    /// # Errors
    /// [`ExecutorError::Storage`], or [`ExecutorError::Runtime`] when the record does not decode.
    pub fn validator_nodes(&self) -> Result<BTreeSet<[u8; 32]>, ExecutorError> {
        let key = pallet_validators::NextValidators::<Runtime>::hashed_key();
        let value = self.storage().state(self.head().number)?.get(&key)?.unwrap_or_default();
        let validators = Vec::<pallet_validators::Validator>::decode_all(&mut value.as_slice())
            .map_err(|error| ExecutorError::Runtime(format!("validators: {error}")))?;
        Ok(validators.into_iter().map(|validator| validator.node_key).collect())
    }

    /// Number of transactions of `account` that were applied, as of the head.
    ///
    /// # Errors
    /// [`ExecutorError::Storage`], or [`ExecutorError::Runtime`] when the record does not decode.
    pub fn account_nonce(&self, account: &AccountId) -> Result<Nonce, ExecutorError> {
        let key = frame_system::Account::<Runtime>::hashed_key_for(account);
        let Some(value) = self.storage().state(self.head().number)?.get(&key)? else {
            return Ok(0);
        };
        // The nonce is the first field of the record.
        <Nonce as codec::Decode>::decode(&mut value.as_slice())
            .map_err(|error| ExecutorError::Runtime(format!("account record: {error}")))
    }
}

fn check_certificate(
    header: &Header,
    certificate: &CommitCertificate,
) -> Result<(), ExecutorError> {
    let number = header.number;
    if certificate.height != number {
        return Err(ExecutorError::Certificate { number, source: CertificateError::WrongHeight });
    }
    if certificate.value_id != value_id(header) {
        return Err(ExecutorError::Certificate { number, source: CertificateError::WrongValue });
    }
    Ok(())
}
