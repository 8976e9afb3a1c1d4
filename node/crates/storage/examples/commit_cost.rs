//! What a key costs: random updates among many keys, through this crate and through `jmt`'s own
//! update over RocksDB with a cache of the same size.
//!
//! `cargo run -p ecoledger-storage --example commit_cost -- [keys] [updates per block] [blocks] [ours]`
//!
//! Prints microseconds of processor time a key, and the time that passed. "compute" is what
//! precedes a decision (old values, hashes, tree), "commit" what follows it (one write batch,
//! synced); RocksDB's background threads are not in the processor time.

#![allow(clippy::print_stdout, reason = "a measurement is printed")]
#![allow(clippy::float_arithmetic, reason = "for display only")]

use borsh::BorshDeserialize;
use ecoledger_primitives::{
    Block, BlockNumber, CommitCertificate, Hash, Header, ValidatorSet, value_id,
};
use ecoledger_storage::{
    BlockCommit, Durability, StateChanges, StateRetention, Storage, StorageConfig, StorageError,
};
use jmt::{
    KeyHash, OwnedValue, Sha256Jmt, Version,
    storage::{LeafNode, Node, NodeKey, TreeReader, TreeUpdateBatch},
};
use lru::LruCache;
use parking_lot::Mutex;
use sp_runtime::{generic::Digest, traits::Header as _};
use std::{
    num::NonZeroUsize,
    path::Path,
    time::{Duration, Instant},
};

/// Keys written at once before the measurement.
const FILL: u64 = 50_000;
/// Bytes of the node caches.
const CACHE_BYTES: usize = 64 << 20;
/// Bytes of one of jmt's inner nodes with its key, as it lies in memory.
const JMT_NODE_BYTES: usize = 1_300;

fn main() -> Result<(), StorageError> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let mut argument = |default| arguments.next().and_then(Result::ok).unwrap_or(default);
    let (keys, updates, blocks) = (argument(200_000), argument(10_000), argument(10));
    let only_ours = std::env::args().nth(4).is_some_and(|argument| argument == "ours");
    println!("{updates} random updates a block among {keys} keys, {blocks} blocks, µs a key");
    println!("{:<28}{:>9}{:>9}{:>9}{:>9}", "", "compute", "commit", "total", "passed");

    for (name, retention) in
        [("this crate, archive", StateRetention::Archive), ("this crate, 16 states", recent(16))]
    {
        let dir = tempfile::tempdir().expect("temporary directory");
        let config =
            StorageConfig { node_cache_bytes: CACHE_BYTES, ..StorageConfig::new(retention) };
        let ours = Ours { storage: Storage::open(dir.path(), config)? };
        for start in (0..keys).step_by(FILL as usize) {
            ours.block((start..keys.min(start + FILL)).map(|i| (key(i), value(i, 0))).collect())?;
        }
        let before = ours.storage.stats()?.total_bytes();
        report(name, updates, blocks, |changes| ours.block(changes).expect("commit"), keys);
        let bytes = ours.storage.stats()?.total_bytes().saturating_sub(before);
        println!("{:<28}{:>9} bytes on disk a key", "", bytes / (updates * blocks).max(1));
        ours.reads(keys)?;
    }
    for durability in [Durability::ProcessDeath, Durability::PowerLoss] {
        let dir = tempfile::tempdir().expect("temporary directory");
        let config = StorageConfig { durability, ..StorageConfig::new(StateRetention::Archive) };
        let ours = Ours { storage: Storage::open(dir.path(), config)? };
        let mut passed = Vec::new();
        for number in 0..100 {
            passed
                .push(ours.block((0..10).map(|i| (key(i), value(i, number))).collect())?.1.passed);
        }
        passed.sort_unstable();
        let [median, slow] = [50, 95].map(|index| passed.get(index).copied().unwrap_or_default());
        println!("commit of 10 keys against {durability:?}: {median:.0?}, 95th of 100 {slow:.0?}");
    }

    if only_ours {
        return Ok(());
    }
    let dir = tempfile::tempdir().expect("temporary directory");
    let mut theirs = Theirs::open(dir.path());
    for start in (0..keys).step_by(FILL as usize) {
        theirs.block((start..keys.min(start + FILL)).map(|i| (key(i), value(i, 0))).collect());
    }
    report("jmt (tree and values only)", updates, blocks, |changes| theirs.block(changes), keys);
    Ok(())
}

fn recent(n: u32) -> StateRetention {
    StateRetention::Recent(n.try_into().expect("not zero; qed"))
}

/// A state key as FRAME makes them: a prefix of 32 bytes, a hash of 16 and an id of 32.
fn key(index: u64) -> Vec<u8> {
    let digest = sp_runtime::traits::BlakeTwo256::hash_of(&index);
    [&[(index % 8) as u8; 32][..], &digest.as_bytes()[..16], digest.as_bytes()].concat()
}

use sp_runtime::traits::Hash as _;

fn value(index: u64, block: u64) -> Vec<u8> {
    [&index.to_be_bytes()[..], &block.to_be_bytes(), &[7; 84]].concat()
}

/// Processor time and time passed.
#[derive(Clone, Copy, Default)]
struct Cost {
    cpu: Duration,
    passed: Duration,
}

impl std::ops::AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.cpu += other.cpu;
        self.passed += other.passed;
    }
}

/// Runs `work` and says what it took.
fn cost<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    let (start, cpu) = (Instant::now(), cpu_time());
    let result = work();
    (result, Cost { cpu: cpu_time() - cpu, passed: start.elapsed() })
}

/// Processor time of this thread so far; nothing but on Linux.
fn cpu_time() -> Duration {
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = schedstat.split(' ').next().and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}

/// Measures `blocks` blocks; `block` returns the cost to compute and the cost to commit.
fn report(
    name: &str,
    updates: u64,
    blocks: u64,
    mut block: impl FnMut(Vec<(Vec<u8>, Vec<u8>)>) -> (Cost, Cost),
    keys: u64,
) {
    let mut random = 0x2545_f491_4f6c_dd1du64;
    let mut index = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % keys.max(1)
    };
    let (mut compute, mut commit) = (Cost::default(), Cost::default());
    for number in 1..=blocks {
        let changes = (0..updates).map(|_| index()).map(|i| (key(i), value(i, number))).collect();
        let (computing, committing) = block(changes);
        compute += computing;
        commit += committing;
    }
    let per_key = |time: Duration| time.as_secs_f64() * 1e6 / (updates * blocks).max(1) as f64;
    println!(
        "{name:<28}{:>9.2}{:>9.2}{:>9.2}{:>9.2}",
        per_key(compute.cpu),
        per_key(commit.cpu),
        per_key(compute.cpu + commit.cpu),
        per_key(compute.passed + commit.passed)
    );
}

struct Ours {
    storage: Storage,
}

impl Ours {
    fn block(&self, changes: Vec<(Vec<u8>, Vec<u8>)>) -> Result<(Cost, Cost), StorageError> {
        let changes: StateChanges =
            changes.into_iter().map(|(key, value)| (key, Some(value))).collect();
        let head = self.storage.head();
        let parent = head.as_ref().map(|head| head.number);
        let (update, computing) = cost(|| self.storage.compute_update(parent, changes));
        let update = update?;
        let number = head.as_ref().map_or(0, |head| head.number + 1);
        let header = Header::new(
            number,
            Hash::zero(),
            update.root(),
            head.map_or(Hash::zero(), |head| head.hash),
            Digest::default(),
        );
        let set = ValidatorSet::new(vec![[1; 32]]).expect("one validator is a set; qed");
        let certificate = (number > 0).then(|| CommitCertificate {
            height: number,
            round: 0,
            value_id: value_id(&header),
            signatures: Default::default(),
        });
        let commit = BlockCommit {
            block: Block { header, extrinsics: Vec::new() },
            update,
            certificate,
            validator_sets: [(number + 1, set.clone()), (number + 2, set)],
        };
        let (result, committing) = cost(|| self.storage.commit(commit));
        result.map(|()| (computing, committing))
    }

    /// Prints the cost of a read at the head and below it.
    fn reads(&self, keys: u64) -> Result<(), StorageError> {
        const READS: u64 = 20_000;
        let head: BlockNumber = self.storage.head().map_or(0, |head| head.number);
        for (name, number) in [("head", head), ("one below", head.saturating_sub(1))] {
            let state = self.storage.state(number)?;
            for pass in ["first", "again"] {
                let wanted: Vec<_> = (0..READS).map(|i| key(i * 7919 % keys)).collect();
                let (result, cost) =
                    cost(|| wanted.iter().try_for_each(|key| state.get(key).map(drop)));
                result?;
                let micros = cost.cpu.as_secs_f64() * 1e6 / READS as f64;
                println!("{:<28}{micros:>9.2} µs a read, {name}, {pass}", "");
            }
        }
        Ok(())
    }
}

/// jmt's own update, over a database of nodes and values.
struct Theirs {
    db: rocksdb::DB,
    cache: Mutex<LruCache<NodeKey, Node>>,
    next: Version,
}

impl Theirs {
    fn open(path: &Path) -> Self {
        let mut options = rocksdb::Options::default();
        options.create_if_missing(true);
        options.set_write_buffer_size(64 << 20);
        let mut tables = rocksdb::BlockBasedOptions::default();
        tables.set_bloom_filter(10.0, false);
        tables.set_block_cache(&rocksdb::Cache::new_lru_cache(64 << 20));
        options.set_block_based_table_factory(&tables);
        let db = rocksdb::DB::open(&options, path).expect("open database");
        let entries = NonZeroUsize::new(CACHE_BYTES / JMT_NODE_BYTES).expect("not zero; qed");
        Self { db, cache: Mutex::new(LruCache::new(entries)), next: 0 }
    }

    fn node_key(key: &NodeKey) -> Vec<u8> {
        let path = key.nibble_path();
        let mut bytes = vec![b'n'];
        bytes.extend_from_slice(&key.version().to_be_bytes());
        bytes.extend((0..path.num_nibbles()).map(|i| path.get_nibble(i).as_usize() as u8));
        bytes
    }

    fn block(&mut self, changes: Vec<(Vec<u8>, Vec<u8>)>) -> (Cost, Cost) {
        let (update, computing) = cost(|| {
            let set = changes
                .into_iter()
                .map(|(key, value)| (KeyHash::with::<sha2::Sha256>(key), Some(value)))
                .collect::<std::collections::BTreeMap<_, _>>();
            Sha256Jmt::new(&*self).put_value_set(set, self.next).expect("update the tree").1
        });
        let ((), committing) = cost(|| self.write(update));
        self.next += 1;
        (computing, committing)
    }

    fn write(&self, update: TreeUpdateBatch) {
        let mut batch = rocksdb::WriteBatch::default();
        let mut cache = self.cache.lock();
        for (key, node) in update.node_batch.nodes() {
            batch.put(Self::node_key(key), borsh::to_vec(node).expect("encode a node"));
            if matches!(node, Node::Internal(_)) {
                cache.put(key.clone(), node.clone());
            }
        }
        for stale in &update.stale_node_index_batch {
            cache.pop(&stale.node_key);
        }
        for ((version, key), value) in update.node_batch.values() {
            let position = [&b"v"[..], &key.0, &version.to_be_bytes()].concat();
            batch.put(position, value.as_deref().unwrap_or_default());
        }
        let mut options = rocksdb::WriteOptions::default();
        options.set_sync(true);
        self.db.write_opt(batch, &options).expect("write the update");
    }
}

impl TreeReader for Theirs {
    fn get_node_option(&self, key: &NodeKey) -> anyhow::Result<Option<Node>> {
        if let Some(node) = self.cache.lock().get(key) {
            return Ok(Some(node.clone()));
        }
        let Some(encoded) = self.db.get(Self::node_key(key))? else { return Ok(None) };
        let node = Node::try_from_slice(&encoded)?;
        if matches!(node, Node::Internal(_)) {
            self.cache.lock().put(key.clone(), node.clone());
        }
        Ok(Some(node))
    }

    fn get_value_option(&self, _: Version, _: KeyHash) -> anyhow::Result<Option<OwnedValue>> {
        anyhow::bail!("an update reads no values")
    }

    fn get_rightmost_leaf(&self) -> anyhow::Result<Option<(NodeKey, LeafNode)>> {
        anyhow::bail!("an update restores nothing")
    }
}
