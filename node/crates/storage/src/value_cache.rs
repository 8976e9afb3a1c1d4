//! Values of the newest state in memory.

use ecoledger_primitives::BlockNumber;
use lru::{DefaultHasher, LruCache};
use parking_lot::Mutex;
use std::hash::BuildHasher as _;

/// Parts that are locked separately, so that readers seldom wait for one another.
const SHARDS: usize = 16;
/// Memory of an entry besides its key and value.
const ENTRY_BYTES: usize = 128;
/// Longer values are left out: one of them would push out hundreds of small ones.
const VALUE_BYTES_MAX: usize = 16 << 10;

/// A value, or the knowledge that there is none.
type Slot = Option<Box<[u8]>>;

/// The values read or written last, as they are at one height.
///
/// Each shard names the height that its entries are of, and both sides check it under the shard's
/// lock: a reader of another height neither finds nor leaves anything. So a reader that is slow
/// to store what it read cannot bring back a value that a commit has replaced meanwhile.
pub(crate) struct ValueCache {
    shards: Vec<Mutex<Shard>>,
    hasher: DefaultHasher,
    shard_bytes_max: usize,
}

struct Shard {
    number: Option<BlockNumber>,
    bytes: usize,
    values: LruCache<Box<[u8]>, Slot>,
}

impl ValueCache {
    /// An empty cache of about `bytes`, for the state of height `number`.
    pub(crate) fn new(bytes: usize, number: Option<BlockNumber>) -> Self {
        let shard = || Mutex::new(Shard { number, bytes: 0, values: LruCache::unbounded() });
        Self {
            shards: (0..SHARDS).map(|_| shard()).collect(),
            hasher: DefaultHasher::default(),
            shard_bytes_max: bytes / SHARDS,
        }
    }

    fn shard_index(&self, key: &[u8]) -> usize {
        (self.hasher.hash_one(key) >> 56) as usize % SHARDS
    }

    /// What is known of `key` at height `number`.
    pub(crate) fn get(&self, number: BlockNumber, key: &[u8]) -> Option<Option<Vec<u8>>> {
        let mut shard = self.shards.get(self.shard_index(key))?.lock();
        if shard.number != Some(number) {
            return None;
        }
        shard.values.get(key).map(|slot| slot.as_ref().map(|value| value.to_vec()))
    }

    /// Keeps a value that was read at height `number`.
    pub(crate) fn insert(&self, number: BlockNumber, key: &[u8], value: Option<&[u8]>) {
        let Some(shard) = self.shards.get(self.shard_index(key)) else { return };
        let mut shard = shard.lock();
        if shard.number == Some(number) {
            shard.put(key, value, self.shard_bytes_max);
        }
    }

    /// Moves to height `number`, which differs from the one before by `changes`.
    pub(crate) fn advance<'a>(
        &self,
        number: BlockNumber,
        changes: impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)>,
    ) {
        let mut parts: Vec<Vec<_>> = vec![Vec::new(); SHARDS];
        for change in changes {
            if let Some(part) = parts.get_mut(self.shard_index(change.0)) {
                part.push(change);
            }
        }
        for (shard, part) in self.shards.iter().zip(parts) {
            let mut shard = shard.lock();
            for (key, value) in part {
                shard.put(key, value, self.shard_bytes_max);
            }
            shard.number = Some(number);
        }
    }
}

impl Shard {
    fn put(&mut self, key: &[u8], value: Option<&[u8]>, bytes_max: usize) {
        if let Some((key, slot)) = self.values.pop_entry(key) {
            self.bytes -= entry_bytes(&key, &slot);
        }
        if value.is_some_and(|value| value.len() > VALUE_BYTES_MAX) {
            return;
        }
        let (key, slot): (Box<[u8]>, Slot) = (key.into(), value.map(Into::into));
        self.bytes += entry_bytes(&key, &slot);
        self.values.put(key, slot);
        while self.bytes > bytes_max {
            let Some((key, slot)) = self.values.pop_lru() else { break };
            self.bytes -= entry_bytes(&key, &slot);
        }
    }
}

fn entry_bytes(key: &[u8], slot: &Slot) -> usize {
    ENTRY_BYTES + key.len() + slot.as_ref().map_or(0, |value| value.len())
}
