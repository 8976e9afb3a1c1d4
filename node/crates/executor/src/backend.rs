//! The state as the runtime sees it: `sp_state_machine`'s backend over our storage.
//!
//! The runtime asks for the root once, at the end of a block: the backend then computes the
//! update of the state commitment and keeps it for the commit. The trie database that the trait
//! speaks of stays empty.

use ecoledger_primitives::{BlockNumber, Hash, Hashing};
use ecoledger_storage::{StateChanges, StateReader, StateUpdate, Storage, StorageError};
use sp_core::{
    Hasher,
    storage::{ChildInfo, StateVersion},
};
use sp_state_machine::{
    Backend, BackendTransaction, IterArgs, StateMachineStats, StorageIterator, UsageInfo,
};
use sp_trie::{MerkleValue, PrefixedMemoryDB, RandomState};
use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

type Key = Vec<u8>;
type Value = Vec<u8>;

/// Keys whose values are kept during one execution. Above the keys that a full block touches, so
/// that it bounds memory without ever being met in practice.
const CACHE_MAX: usize = 1 << 17;

/// Why an execution over a backend counts for nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The disk failed or is corrupt: nobody's fault but this node's.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A child trie was read or written; the commitment has none.
    #[error("the runtime used a child trie")]
    ChildTrie,
    /// A call read more keys than it may.
    #[error("the call read more keys than allowed")]
    ReadLimit,
    /// The root was asked for where no update is computed.
    #[error("the state root is not available here")]
    NoRoot,
}

/// What a read returns to the state machine, which panics on it; the reason is in the backend.
#[derive(Debug, thiserror::Error)]
#[error("the state cannot be read")]
pub(crate) struct ReadFailed;

/// The committed state of one height, with what one execution learns about it.
///
/// Not shared between threads: each execution has its own.
pub(crate) struct StateBackend {
    /// `None` before genesis: the state is empty.
    reader: Option<StateReader>,
    /// Where an update is computed, and the height it builds on; `None` for calls.
    target: Option<(Storage, Option<BlockNumber>)>,
    /// Values as the reader gave them. The runtime reads some keys once per transaction.
    cache: RefCell<BTreeMap<Key, Option<Value>>>,
    reads_left: Cell<Option<u32>>,
    failure: RefCell<Option<Failure>>,
    pending: RefCell<Option<StateUpdate>>,
}

impl StateBackend {
    /// For executing the block that follows `parent`; `None` is for genesis.
    pub(crate) fn for_block(
        storage: &Storage,
        parent: Option<BlockNumber>,
    ) -> Result<Self, StorageError> {
        let reader = parent.map(|number| storage.state(number)).transpose()?;
        Ok(Self::new(reader, Some((storage.clone(), parent)), None))
    }

    /// For building a genesis state that is not kept.
    pub(crate) fn empty() -> Self {
        Self::new(None, None, None)
    }

    /// For reading the state of `number`, and no more than `reads_max` keys of it.
    pub(crate) fn for_call(
        storage: &Storage,
        number: BlockNumber,
        reads_max: u32,
    ) -> Result<Self, StorageError> {
        Ok(Self::new(Some(storage.state(number)?), None, Some(reads_max)))
    }

    fn new(
        reader: Option<StateReader>,
        target: Option<(Storage, Option<BlockNumber>)>,
        reads_max: Option<u32>,
    ) -> Self {
        Self {
            reader,
            target,
            cache: RefCell::default(),
            reads_left: Cell::new(reads_max),
            failure: RefCell::default(),
            pending: RefCell::default(),
        }
    }

    /// The first failure of this execution, if any. Ask before believing any result.
    pub(crate) fn take_failure(&self) -> Option<Failure> {
        self.failure.take()
    }

    /// The update that the last computation of the root left behind.
    pub(crate) fn take_update(&self) -> Option<StateUpdate> {
        self.pending.take()
    }

    fn fail(&self, failure: impl Into<Failure>) -> ReadFailed {
        self.failure.borrow_mut().get_or_insert_with(|| failure.into());
        ReadFailed
    }

    fn count_read(&self) -> Result<(), ReadFailed> {
        match self.reads_left.get() {
            None => Ok(()),
            Some(0) => Err(self.fail(Failure::ReadLimit)),
            Some(left) => {
                self.reads_left.set(Some(left - 1));
                Ok(())
            }
        }
    }

    fn read(&self, key: &[u8]) -> Result<Option<Value>, ReadFailed> {
        if let Some(known) = self.cache.borrow().get(key) {
            return Ok(known.clone());
        }
        self.count_read()?;
        let Some(reader) = &self.reader else { return Ok(None) };
        let value = reader.get(key).map_err(|error| self.fail(error))?;
        let mut cache = self.cache.borrow_mut();
        if cache.len() < CACHE_MAX {
            cache.insert(key.to_vec(), value.clone());
        }
        Ok(value)
    }

    fn next_key(&self, key: &[u8]) -> Result<Option<Key>, ReadFailed> {
        self.count_read()?;
        match &self.reader {
            None => Ok(None),
            Some(reader) => reader.next_key(key).map_err(|error| self.fail(error)),
        }
    }

    /// The delta without the writes that leave a value as this execution read it. Every
    /// transaction leaves some: FRAME writes and deletes its scratch values.
    fn effective<'a>(
        &self,
        delta: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
    ) -> StateChanges {
        let cache = self.cache.borrow();
        delta
            .filter(|(key, value)| cache.get(*key).is_none_or(|known| known.as_deref() != *value))
            .map(|(key, value)| (key.to_vec(), value.map(<[u8]>::to_vec)))
            .collect()
    }
}

impl std::fmt::Debug for StateBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StateBackend").finish_non_exhaustive()
    }
}

fn no_transaction() -> BackendTransaction<Hashing> {
    BackendTransaction::with_hasher(RandomState::default())
}

impl Backend<Hashing> for StateBackend {
    type Error = ReadFailed;
    type TrieBackendStorage = PrefixedMemoryDB<Hashing>;
    type RawIter = KeyWalk;

    fn storage(&self, key: &[u8]) -> Result<Option<Value>, ReadFailed> {
        self.read(key)
    }

    fn storage_hash(&self, key: &[u8]) -> Result<Option<Hash>, ReadFailed> {
        Ok(self.read(key)?.map(|value| <Hashing as Hasher>::hash(&value)))
    }

    fn exists_storage(&self, key: &[u8]) -> Result<bool, ReadFailed> {
        Ok(self.read(key)?.is_some())
    }

    fn closest_merkle_value(&self, _: &[u8]) -> Result<Option<MerkleValue<Hash>>, ReadFailed> {
        Err(self.fail(Failure::NoRoot))
    }

    fn child_closest_merkle_value(
        &self,
        _: &ChildInfo,
        _: &[u8],
    ) -> Result<Option<MerkleValue<Hash>>, ReadFailed> {
        Err(self.fail(Failure::ChildTrie))
    }

    fn child_storage(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<Value>, ReadFailed> {
        Err(self.fail(Failure::ChildTrie))
    }

    fn child_storage_hash(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<Hash>, ReadFailed> {
        Err(self.fail(Failure::ChildTrie))
    }

    fn next_storage_key(&self, key: &[u8]) -> Result<Option<Key>, ReadFailed> {
        self.next_key(key)
    }

    fn next_child_storage_key(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<Key>, ReadFailed> {
        Err(self.fail(Failure::ChildTrie))
    }

    fn storage_root<'a>(
        &self,
        delta: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
        _: StateVersion,
    ) -> (Hash, BackendTransaction<Hashing>) {
        let Some((storage, parent)) = &self.target else {
            self.fail(Failure::NoRoot);
            return (Hash::zero(), no_transaction());
        };
        let root = match storage.compute_update(*parent, self.effective(delta)) {
            Ok(update) => {
                let root = update.root();
                *self.pending.borrow_mut() = Some(update);
                root
            }
            Err(error) => {
                self.fail(error);
                Hash::zero()
            }
        };
        (root, no_transaction())
    }

    fn child_storage_root<'a>(
        &self,
        _: &ChildInfo,
        _: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
        _: StateVersion,
    ) -> (Hash, bool, BackendTransaction<Hashing>) {
        self.fail(Failure::ChildTrie);
        (Hash::zero(), true, no_transaction())
    }

    fn raw_iter(&self, args: IterArgs<'_>) -> Result<KeyWalk, ReadFailed> {
        if args.child_info.is_some() {
            return Err(self.fail(Failure::ChildTrie));
        }
        let prefix = args.prefix.unwrap_or_default().to_vec();
        let at = args.start_at.map_or_else(|| prefix.clone(), <[u8]>::to_vec);
        Ok(KeyWalk { prefix, at, inclusive: !args.start_at_exclusive, complete: false })
    }

    fn register_overlay_stats(&self, _: &StateMachineStats) {}

    fn usage_info(&self) -> UsageInfo {
        UsageInfo::empty()
    }
}

/// A walk over the keys with a prefix, in order.
pub(crate) struct KeyWalk {
    prefix: Key,
    at: Key,
    inclusive: bool,
    complete: bool,
}

impl KeyWalk {
    fn advance(&mut self, backend: &StateBackend) -> Result<Option<Key>, ReadFailed> {
        if self.complete {
            return Ok(None);
        }
        let here = std::mem::take(&mut self.inclusive) && backend.exists_storage(&self.at)?;
        let next = if here { Some(self.at.clone()) } else { backend.next_key(&self.at)? };
        match next.filter(|key| key.starts_with(&self.prefix)) {
            Some(key) => {
                self.at.clone_from(&key);
                Ok(Some(key))
            }
            None => {
                self.complete = true;
                Ok(None)
            }
        }
    }
}

impl StorageIterator<Hashing> for KeyWalk {
    type Backend = StateBackend;
    type Error = ReadFailed;

    fn next_key(&mut self, backend: &StateBackend) -> Option<Result<Key, ReadFailed>> {
        self.advance(backend).transpose()
    }

    fn next_pair(&mut self, backend: &StateBackend) -> Option<Result<(Key, Value), ReadFailed>> {
        let key = match self.advance(backend).transpose()? {
            Ok(key) => key,
            Err(error) => return Some(Err(error)),
        };
        Some(backend.read(&key).map(|value| (key, value.unwrap_or_default())))
    }

    fn was_complete(&self) -> bool {
        self.complete
    }
}
