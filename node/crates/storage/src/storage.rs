//! Opening a database, and what is known of it without reading.

use crate::{
    StateReader, StateRetention, StorageConfig, StorageError,
    commitment::{Change, Node, NodeCache, NodeKey, NodeSource, prove, sha256, update, value_hash},
    database::{Column, Database},
    keys::decode_number,
    schema::{self, meta},
    value_cache::ValueCache,
};
use codec::DecodeAll;
use ecoledger_primitives::{BlockNumber, Hash, Header};
use parking_lot::{Mutex, RwLock};
use prost::Message as _;
use std::{
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering},
    },
};

/// Stands for "no block yet" where a height is kept in an atomic.
const NO_BLOCK: u64 = u64::MAX;

/// The newest committed block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its height.
    pub number: BlockNumber,
    /// Its header's hash.
    pub hash: Hash,
    /// Its header.
    pub header: Header,
}

/// Space that a database takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageStats {
    /// Bytes of each column's tables on disk, by the column's name.
    pub columns: Vec<(&'static str, u64)>,
    /// Bytes of the write-ahead log on disk; it holds what is not in tables yet.
    pub log_bytes: u64,
    /// Bytes in memory that wait to be written to tables.
    pub buffer_bytes: u64,
    /// Oldest height whose state can be read.
    pub oldest_state: BlockNumber,
}

impl StorageStats {
    /// Approximate bytes on disk in all.
    pub fn total_bytes(&self) -> u64 {
        self.columns.iter().fold(self.log_bytes, |sum, (_, bytes)| sum.saturating_add(*bytes))
    }
}

/// A database of one chain; clones share it.
///
/// Every method blocks on the disk. Reads may run on any number of threads beside one another and
/// beside a commit.
#[derive(Clone)]
pub struct Storage {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) database: Database,
    pub(crate) retention: StateRetention,
    pub(crate) head: RwLock<Option<Arc<Head>>>,
    pub(crate) genesis_hash: OnceLock<Hash>,
    pub(crate) nodes: NodeCache,
    pub(crate) values: ValueCache,
    /// Held while a block is committed.
    pub(crate) commit: Mutex<()>,
    /// Set for good by the first write that fails.
    pub(crate) poisoned: AtomicBool,
    /// Height whose batch was the last to be handed to the database; at most one above the head.
    begun: AtomicU64,
    /// Oldest height whose state is kept; raised before anything is deleted.
    oldest: AtomicU32,
}

impl Storage {
    /// Opens the database at `path`, or creates it.
    ///
    /// # Errors
    /// [`StorageError::UnknownSchema`] when another version wrote it, [`StorageError::Database`]
    /// when it cannot be opened or another process has it open, [`StorageError::Corrupt`] when the
    /// head's tree does not have the root that its header says.
    pub fn open(path: &Path, config: StorageConfig) -> Result<Self, StorageError> {
        let database = Database::open(path, &config)?;
        schema::check_version(&database)?;
        let head = read_head(&database)?;
        let number = head.as_ref().map(|head| head.number);
        let oldest = read_number(&database, meta::OLDEST_STATE)?.unwrap_or(0);
        let storage = Self {
            inner: Arc::new(Inner {
                database,
                retention: config.retention,
                head: RwLock::new(head.map(Arc::new)),
                genesis_hash: OnceLock::new(),
                nodes: NodeCache::new(config.node_cache_bytes),
                values: ValueCache::new(config.value_cache_bytes, number),
                commit: Mutex::new(()),
                poisoned: AtomicBool::new(false),
                begun: AtomicU64::new(number.map_or(NO_BLOCK, u64::from)),
                oldest: AtomicU32::new(oldest),
            }),
        };
        if let Some(genesis) = storage.header(0)? {
            storage.inner.genesis_hash.get_or_init(|| genesis.hash());
        }
        if let Some(head) = storage.head() {
            storage.check_root(&head)?;
        }
        Ok(storage)
    }

    /// The newest committed block; `None` before genesis.
    pub fn head(&self) -> Option<Arc<Head>> {
        self.inner.head.read().clone()
    }

    /// Hash of the genesis header; `None` before genesis.
    pub fn genesis_hash(&self) -> Option<Hash> {
        self.inner.genesis_hash.get().copied()
    }

    /// The state after block `number`.
    ///
    /// # Errors
    /// [`StorageError::UnknownHeight`] above the head, [`StorageError::StatePruned`] below the
    /// oldest height kept.
    pub fn state(&self, number: BlockNumber) -> Result<StateReader, StorageError> {
        let head = self.head().map(|head| head.number);
        if head.is_none_or(|head| number > head) {
            return Err(StorageError::UnknownHeight { number, head });
        }
        self.inner.check_kept(number)?;
        Ok(StateReader::new(self.clone(), number))
    }

    /// Proves `key` at height `number` against that header's `state_root`: a protobuf-encoded
    /// ICS-23 `CommitmentProof` of the value, or of the absence of any.
    ///
    /// Verify with [`proof_spec`](crate::proof_spec) and
    /// [`committed_value`](ecoledger_primitives::committed_value). An absence names the neighbours
    /// of the key's hash with their whole committed values.
    ///
    /// # Errors
    /// As [`Self::state`]; [`StorageError::Unprovable`] when the value, or that of a neighbour in
    /// an absence, is empty, because ICS-23 has no proofs of empty values.
    pub fn prove(&self, number: BlockNumber, key: &[u8]) -> Result<Vec<u8>, StorageError> {
        let state = self.state(number)?;
        let proof = prove(&*self.inner, number, key, |key| state.get(key));
        // A node that is missing because it was pruned meanwhile is no corruption.
        self.inner.check_kept(number)?;
        Ok(proof?.encode_to_vec())
    }

    /// Recomputes the head's root from every key and value, and compares it with the header's.
    ///
    /// Takes about 100 bytes of memory a key beside the keys themselves, and holds commits back.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`] when the tree or the flat state differs from the header.
    pub fn verify_consistency(&self) -> Result<(), StorageError> {
        let _commit = self.inner.commit.lock();
        let Some(head) = self.head() else { return Ok(()) };
        self.check_root(&head)?;
        let mut entries = Vec::new();
        let mut state = self.inner.database.iterator(Column::State);
        state.seek_to_first();
        while let Some((key, value)) = state.item() {
            entries.push((key.to_vec(), value_hash(key, value)));
            state.next();
        }
        state.status().map_err(|source| StorageError::Database {
            action: "iterate over the state",
            source,
        })?;
        let changes = entries.iter().map(|(key, value_hash)| Change {
            key_hash: sha256(key),
            key,
            value_hash: Some(*value_hash),
            existed: false,
        });
        let root = update(&EmptyTree, None, head.number, changes.collect())?.root;
        if Hash::from(root) != head.header.state_root {
            return Err(StorageError::corrupt(format!(
                "state of height {} has root {:?}, header says {:?}",
                head.number,
                Hash::from(root),
                head.header.state_root
            )));
        }
        Ok(())
    }

    /// Space taken, for metrics.
    ///
    /// # Errors
    /// [`StorageError::Database`] when the database does not answer.
    pub fn stats(&self) -> Result<StorageStats, StorageError> {
        let database = &self.inner.database;
        let columns = Column::ALL
            .iter()
            .map(|column| Ok((column.name(), database.table_bytes(*column)?)))
            .collect::<Result<_, StorageError>>()?;
        let mut buffer_bytes = 0u64;
        for column in Column::ALL {
            buffer_bytes = buffer_bytes.saturating_add(database.buffer_bytes(*column)?);
        }
        Ok(StorageStats {
            columns,
            log_bytes: log_bytes(database.path()),
            buffer_bytes,
            oldest_state: self.inner.oldest(),
        })
    }

    fn check_root(&self, head: &Head) -> Result<(), StorageError> {
        let root = self.inner.existing(&NodeKey::root(head.number))?.hash();
        if Hash::from(root) != head.header.state_root {
            return Err(StorageError::corrupt(format!(
                "tree of height {} has root {:?}, header says {:?}",
                head.number,
                Hash::from(root),
                head.header.state_root
            )));
        }
        Ok(())
    }
}

impl std::fmt::Debug for Storage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Storage")
            .field("path", &self.inner.database.path())
            .field("head", &self.head().map(|head| head.number))
            .finish_non_exhaustive()
    }
}

impl Inner {
    /// Whether no block above `number` has begun to be written. Asked after a read of the newest
    /// values, it tells whether they are those of `number`.
    pub(crate) fn is_newest(&self, number: BlockNumber) -> bool {
        self.begun.load(Ordering::SeqCst) == u64::from(number)
    }

    /// Announces that the batch of block `number` is about to be written.
    pub(crate) fn begin(&self, number: BlockNumber) {
        self.begun.store(u64::from(number), Ordering::SeqCst);
    }

    /// Oldest height whose state is kept.
    pub(crate) fn oldest(&self) -> BlockNumber {
        self.oldest.load(Ordering::SeqCst)
    }

    /// Announces that states below `oldest` are about to be deleted.
    pub(crate) fn raise_oldest(&self, oldest: BlockNumber) {
        self.oldest.store(oldest, Ordering::SeqCst);
    }

    /// Asked after a read, it tells whether nothing that was read had been deleted.
    pub(crate) fn check_kept(&self, number: BlockNumber) -> Result<(), StorageError> {
        let oldest = self.oldest();
        if number < oldest {
            return Err(StorageError::StatePruned { number, oldest });
        }
        Ok(())
    }

    /// Fails once a write has failed.
    pub(crate) fn check_poison(&self) -> Result<(), StorageError> {
        if self.poisoned.load(Ordering::SeqCst) {
            return Err(StorageError::Poisoned);
        }
        Ok(())
    }
}

impl NodeSource for Inner {
    fn node(&self, key: &NodeKey) -> Result<Option<Node>, StorageError> {
        if let Some(inner) = self.nodes.get(key) {
            return Ok(Some(Node::Inner(inner)));
        }
        let Some(encoded) = self.database.get(Column::Nodes, &key.encode())? else {
            return Ok(None);
        };
        let node = Node::decode(&encoded)?;
        if let Node::Inner(inner) = &node {
            self.nodes.insert(*key, inner);
        }
        Ok(Some(node))
    }
}

/// Has no node.
struct EmptyTree;

impl NodeSource for EmptyTree {
    fn node(&self, _: &NodeKey) -> Result<Option<Node>, StorageError> {
        Ok(None)
    }
}

/// The four-byte number under `record` in [`Column::Meta`].
pub(crate) fn read_number(
    database: &Database,
    record: &[u8],
) -> Result<Option<BlockNumber>, StorageError> {
    database
        .get(Column::Meta, record)?
        .map(|bytes| {
            decode_number(&bytes).ok_or_else(|| StorageError::corrupt("meta record is malformed"))
        })
        .transpose()
}

fn read_head(database: &Database) -> Result<Option<Head>, StorageError> {
    let Some(number) = read_number(database, meta::HEAD)? else { return Ok(None) };
    let encoded = database
        .get(Column::Headers, &number.to_be_bytes())?
        .ok_or_else(|| StorageError::corrupt(format!("header of head {number} is missing")))?;
    let header = Header::decode_all(&mut &encoded[..])
        .map_err(|_| StorageError::corrupt(format!("header of head {number} does not decode")))?;
    Ok(Some(Head { number, hash: header.hash(), header }))
}

/// Size of the log files beside the tables; what cannot be read counts as nothing.
fn log_bytes(path: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(path) else { return 0 };
    entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "log"))
        .filter_map(|entry| entry.metadata().ok())
        .map(|metadata| metadata.len())
        .sum()
}
