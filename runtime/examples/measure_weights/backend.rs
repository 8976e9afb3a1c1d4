//! The state that benchmarks run on: a map in memory that counts the keys read and written.
//!
//! A read costs here what a value that the executor has cached costs there; what the disk and the
//! commitment add is the database weight of the key, which is counted apart. Nothing is hashed, so
//! that no time of a trie gets into the figures: the root is always zero.

use ecoledger_runtime::{Hash, Hashing};
use sp_core::{
    Hasher,
    storage::{ChildInfo, StateVersion, TrackedStorageKey},
};
use sp_state_machine::{
    Backend, BackendTransaction, ChildStorageCollection, IterArgs, StateMachineStats,
    StorageCollection, StorageIterator, UsageInfo,
};
use sp_trie::{MerkleValue, PrefixedMemoryDB, RandomState};
use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

type Key = Vec<u8>;
type Value = Vec<u8>;

/// How often one key was read from the state and written to it.
#[derive(Clone, Copy, Debug, Default)]
struct Access {
    reads: u32,
    writes: u32,
}

/// A state that benchmarks may wipe, commit to and ask for counts.
#[derive(Debug, Default)]
pub(crate) struct BenchmarkState {
    /// What [`Backend::wipe`] goes back to.
    start: BTreeMap<Key, Value>,
    state: RefCell<BTreeMap<Key, Value>>,
    /// Keys that are not counted: every block or transaction touches them anyway.
    free: RefCell<BTreeSet<Key>>,
    accesses: RefCell<BTreeMap<Key, Access>>,
    is_counting: Cell<bool>,
}

impl BenchmarkState {
    /// Makes what was committed so far the state that every benchmark starts from.
    pub(crate) fn start_here(mut self) -> Self {
        self.start.clone_from(self.state.get_mut());
        self
    }

    /// Whether keys are counted from here on; counting takes time of its own.
    pub(crate) fn count(&self, is_counting: bool) {
        self.is_counting.set(is_counting);
    }

    fn note(&self, key: &[u8], add: impl FnOnce(&mut Access)) {
        if self.is_counting.get() && !self.free.borrow().contains(key) {
            add(self.accesses.borrow_mut().entry(key.to_vec()).or_default());
        }
    }

    fn read(&self, key: &[u8]) -> Option<Value> {
        self.note(key, |access| access.reads += 1);
        self.state.borrow().get(key).cloned()
    }

    fn next(&self, from: Bound<&[u8]>) -> Option<Key> {
        let state = self.state.borrow();
        let next = state.range::<[u8], _>((from, Bound::Unbounded)).next();
        next.map(|(key, _)| key.clone())
    }
}

/// A child trie was touched; this chain has none.
fn no_child_tries<T>() -> Result<T, String> {
    Err("the runtime has no child tries".to_owned())
}

fn no_transaction() -> BackendTransaction<Hashing> {
    BackendTransaction::with_hasher(RandomState::default())
}

impl Backend<Hashing> for BenchmarkState {
    type Error = String;
    type TrieBackendStorage = PrefixedMemoryDB<Hashing>;
    type RawIter = KeyWalk;

    fn storage(&self, key: &[u8]) -> Result<Option<Value>, String> {
        Ok(self.read(key))
    }

    fn storage_hash(&self, key: &[u8]) -> Result<Option<Hash>, String> {
        Ok(self.read(key).map(|value| <Hashing as Hasher>::hash(&value)))
    }

    fn exists_storage(&self, key: &[u8]) -> Result<bool, String> {
        Ok(self.read(key).is_some())
    }

    fn next_storage_key(&self, key: &[u8]) -> Result<Option<Key>, String> {
        self.note(key, |access| access.reads += 1);
        Ok(self.next(Bound::Excluded(key)))
    }

    fn storage_root<'a>(
        &self,
        _: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
        _: StateVersion,
    ) -> (Hash, BackendTransaction<Hashing>) {
        (Hash::zero(), no_transaction())
    }

    fn raw_iter(&self, args: IterArgs<'_>) -> Result<KeyWalk, String> {
        if args.child_info.is_some() {
            return no_child_tries();
        }
        let prefix = args.prefix.unwrap_or_default().to_vec();
        let at = args.start_at.map_or_else(|| prefix.clone(), <[u8]>::to_vec);
        Ok(KeyWalk { prefix, at, is_inclusive: !args.start_at_exclusive, is_complete: false })
    }

    fn wipe(&self) -> Result<(), String> {
        self.state.borrow_mut().clone_from(&self.start);
        Ok(())
    }

    fn commit(
        &self,
        _: Hash,
        _: BackendTransaction<Hashing>,
        changes: StorageCollection,
        child_changes: ChildStorageCollection,
    ) -> Result<(), String> {
        if !child_changes.is_empty() {
            return no_child_tries();
        }
        for (key, value) in changes {
            self.note(&key, |access| access.writes += 1);
            let mut state = self.state.borrow_mut();
            match value {
                Some(value) => state.insert(key, value),
                None => state.remove(&key),
            };
        }
        Ok(())
    }

    /// Keys read, further reads of them, keys written, further writes of them.
    fn read_write_count(&self) -> (u32, u32, u32, u32) {
        let first_and_further = |(first, further): (u32, u32), n: u32| {
            (first + n.min(1), further + n.saturating_sub(1))
        };
        let accesses = self.accesses.borrow();
        let reads = accesses.values().map(|access| access.reads).fold((0, 0), first_and_further);
        let writes = accesses.values().map(|access| access.writes).fold((0, 0), first_and_further);
        (reads.0, reads.1, writes.0, writes.1)
    }

    fn reset_read_write_count(&self) {
        self.accesses.borrow_mut().clear();
    }

    fn get_whitelist(&self) -> Vec<TrackedStorageKey> {
        self.free.borrow().iter().cloned().map(TrackedStorageKey::from).collect()
    }

    fn set_whitelist(&self, keys: Vec<TrackedStorageKey>) {
        *self.free.borrow_mut() = keys.into_iter().map(|tracked| tracked.key).collect();
    }

    fn proof_size(&self) -> Option<u32> {
        None
    }

    fn get_read_and_written_keys(&self) -> Vec<(Key, u32, u32, bool)> {
        let accesses = self.accesses.borrow();
        accesses.iter().map(|(key, of)| (key.clone(), of.reads, of.writes, false)).collect()
    }

    fn register_overlay_stats(&self, _: &StateMachineStats) {}

    fn usage_info(&self) -> UsageInfo {
        UsageInfo::empty()
    }

    fn closest_merkle_value(&self, _: &[u8]) -> Result<Option<MerkleValue<Hash>>, String> {
        Err("the state of benchmarks has no trie".to_owned())
    }

    fn child_closest_merkle_value(
        &self,
        _: &ChildInfo,
        _: &[u8],
    ) -> Result<Option<MerkleValue<Hash>>, String> {
        no_child_tries()
    }

    fn child_storage(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<Value>, String> {
        no_child_tries()
    }

    fn child_storage_hash(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<Hash>, String> {
        no_child_tries()
    }

    fn next_child_storage_key(&self, _: &ChildInfo, _: &[u8]) -> Result<Option<Key>, String> {
        no_child_tries()
    }

    fn child_storage_root<'a>(
        &self,
        _: &ChildInfo,
        _: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
        _: StateVersion,
    ) -> (Hash, bool, BackendTransaction<Hashing>) {
        (Hash::zero(), true, no_transaction())
    }
}

/// A walk over the keys with a prefix, in order.
pub(crate) struct KeyWalk {
    prefix: Key,
    at: Key,
    is_inclusive: bool,
    is_complete: bool,
}

impl StorageIterator<Hashing> for KeyWalk {
    type Backend = BenchmarkState;
    type Error = String;

    fn next_key(&mut self, state: &BenchmarkState) -> Option<Result<Key, String>> {
        let from = match std::mem::take(&mut self.is_inclusive) {
            true => Bound::Included(self.at.as_slice()),
            false => Bound::Excluded(self.at.as_slice()),
        };
        let next = state.next(from).filter(|key| key.starts_with(&self.prefix));
        self.is_complete = next.is_none();
        self.at.clone_from(next.as_ref()?);
        state.note(&self.at, |access| access.reads += 1);
        next.map(Ok)
    }

    fn next_pair(&mut self, state: &BenchmarkState) -> Option<Result<(Key, Value), String>> {
        let key = self.next_key(state)?;
        Some(key.map(|key| {
            let value = state.read(&key).unwrap_or_default();
            (key, value)
        }))
    }

    fn was_complete(&self) -> bool {
        self.is_complete
    }
}
