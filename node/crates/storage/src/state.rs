//! Reads of the state at one height.
//!
//! Two columns serve every height: `state` has each key's newest value, `history` the value that
//! a key had before each block that changed it. At height N a key has the value of the first
//! history entry above N, or else the newest one. So the newest state, which execution reads, is
//! one look-up, and an older one is one look-up and one seek.
//!
//! Reads run beside commits without a lock. Every read looks at `state` first and at `history`
//! second: if a commit comes in between, it has left in `history` what the reader must see. At the
//! newest height the second look is saved when no commit began before the first was over.

use crate::{
    Storage, StorageError,
    database::Column,
    keys::{decode_history_key, history_key, successor},
};
use ecoledger_primitives::BlockNumber;
use rocksdb::DBRawIterator;

/// The state of one height; stays right while later blocks are committed.
///
/// It does not hold the state back from pruning: a read below the oldest kept height fails with
/// [`StorageError::StatePruned`].
#[derive(Clone, Debug)]
pub struct StateReader {
    storage: Storage,
    number: BlockNumber,
}

impl StateReader {
    pub(crate) fn new(storage: Storage, number: BlockNumber) -> Self {
        Self { storage, number }
    }

    /// The height that is read.
    pub fn number(&self) -> BlockNumber {
        self.number
    }

    /// The value of `key`.
    ///
    /// # Errors
    /// [`StorageError::StatePruned`] once the height is no longer kept, [`StorageError::Database`]
    /// when the disk fails.
    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
        let inner = &self.storage.inner;
        if let Some(value) = inner.values.get(self.number, key) {
            return Ok(value);
        }
        let newest = inner.database.get(Column::State, key)?.map(|value| value.to_vec());
        if inner.is_newest(self.number) {
            inner.values.insert(self.number, key, newest.as_deref());
            return Ok(newest);
        }
        let mut history = inner.database.iterator(Column::History);
        let value = match first_change_above(&mut history, key, self.number)? {
            Some(old) => old,
            None => newest,
        };
        inner.check_kept(self.number)?;
        Ok(value)
    }

    /// The smallest key above `key` that has a value.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn next_key(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.keys_from(&successor(key), &[], 1)?.pop())
    }

    /// Keys that start with `prefix`, ascending, above `start_after`, at most `limit`.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn keys_paged(
        &self,
        prefix: &[u8],
        start_after: Option<&[u8]>,
        limit: u32,
    ) -> Result<Vec<Vec<u8>>, StorageError> {
        let start = start_after.map(successor).unwrap_or_default();
        self.keys_from(start.as_slice().max(prefix), prefix, limit)
    }

    fn keys_from(
        &self,
        start: &[u8],
        prefix: &[u8],
        limit: u32,
    ) -> Result<Vec<Vec<u8>>, StorageError> {
        let inner = &self.storage.inner;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if inner.is_newest(self.number) {
            let mut keys = Vec::new();
            let mut state = inner.database.iterator(Column::State);
            state.seek(start);
            while let Some(key) = state.key().filter(|key| key.starts_with(prefix)) {
                if keys.len() == limit {
                    break;
                }
                keys.push(key.to_vec());
                state.next();
            }
            checked(&state)?;
            if inner.is_newest(self.number) {
                return Ok(keys);
            }
        }
        let mut keys = Vec::new();
        let mut live = LiveKeys::new(self, start);
        while keys.len() < limit {
            match live.next()? {
                Some(key) if key.starts_with(prefix) => keys.push(key),
                _ => break,
            }
        }
        inner.check_kept(self.number)?;
        Ok(keys)
    }
}

/// Keys that have a value at an older height, ascending.
struct LiveKeys<'a> {
    number: BlockNumber,
    /// Opened before `history`, for the order of reads that the module describes.
    state: DBRawIterator<'a>,
    history: DBRawIterator<'a>,
}

impl<'a> LiveKeys<'a> {
    fn new(reader: &'a StateReader, start: &[u8]) -> Self {
        let database = &reader.storage.inner.database;
        let mut state = database.iterator(Column::State);
        let mut history = database.iterator(Column::History);
        state.seek(start);
        history.seek(history_key(start, 0));
        Self { number: reader.number, state, history }
    }

    fn next(&mut self) -> Result<Option<Vec<u8>>, StorageError> {
        loop {
            checked(&self.state)?;
            let newest = self.state.key().map(<[u8]>::to_vec);
            let changed = current_change(&self.history)?.map(|(key, _)| key);
            // The smaller of both; a key that only history has was removed since.
            let key = match (&newest, changed) {
                (None, None) => return Ok(None),
                (Some(key), None) => key.clone(),
                (None, Some(key)) => key,
                (Some(newest), Some(changed)) => changed.min(newest.clone()),
            };
            let is_in_newest = newest.as_ref() == Some(&key);
            let is_live = match first_change_above(&mut self.history, &key, self.number)? {
                Some(old) => old.is_some(),
                None => is_in_newest,
            };
            if is_in_newest {
                self.state.next();
            }
            self.history.seek(history_key(&successor(&key), 0));
            if is_live {
                return Ok(Some(key));
            }
        }
    }
}

/// What `key` had before the first block above `number` that changed it; `None` if none did.
fn first_change_above(
    history: &mut DBRawIterator<'_>,
    key: &[u8],
    number: BlockNumber,
) -> Result<Option<Option<Vec<u8>>>, StorageError> {
    let Some(first) = number.checked_add(1) else { return Ok(None) };
    let position = history_key(key, first);
    history.seek(&position);
    checked(history)?;
    let Some((found, value)) = history.item() else { return Ok(None) };
    // The same key, whatever the height at the end.
    let is_same_key = found.len() == position.len()
        && found.split_last_chunk::<4>().map(|(key, _)| key)
            == position.split_last_chunk::<4>().map(|(key, _)| key);
    if !is_same_key {
        return Ok(None);
    }
    decode_old_value(value).map(Some)
}

fn current_change(
    history: &DBRawIterator<'_>,
) -> Result<Option<(Vec<u8>, BlockNumber)>, StorageError> {
    checked(history)?;
    history
        .key()
        .map(|key| {
            decode_history_key(key).ok_or_else(|| StorageError::corrupt("history key is malformed"))
        })
        .transpose()
}

/// An iterator that ends because the disk failed must not look like one that is at its end.
fn checked(iterator: &DBRawIterator<'_>) -> Result<(), StorageError> {
    iterator
        .status()
        .map_err(|source| StorageError::Database { action: "iterate over records", source })
}

/// Appends the bytes of a history entry: `00` for no value, or `01` and the value.
pub(crate) fn encode_old_value(value: Option<&[u8]>, encoded: &mut Vec<u8>) {
    match value {
        None => encoded.push(0),
        Some(value) => {
            encoded.push(1);
            encoded.extend_from_slice(value);
        }
    }
}

fn decode_old_value(encoded: &[u8]) -> Result<Option<Vec<u8>>, StorageError> {
    match encoded.split_first() {
        Some((0, [])) => Ok(None),
        Some((1, value)) => Ok(Some(value.to_vec())),
        _ => Err(StorageError::corrupt("history value is malformed")),
    }
}
