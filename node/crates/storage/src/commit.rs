//! Blocks in: computing what a block changes, committing it, dropping old states.

use crate::{
    Head, StateRetention, Storage, StorageError,
    blocks::decode,
    commitment::{Change, NodeKey, TreeUpdate, sha256, update, value_hash},
    database::{Batch, Column},
    keys::{encode_position, history_key},
    schema::meta,
    state::encode_old_value,
};
use codec::{Decode, Encode};
use ecoledger_primitives::{
    Block, BlockNumber, CommitCertificate, Hash, Hashing, ValidatorSet, value_id,
};
use sp_runtime::traits::Hash as _;
use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::Ordering},
};

/// New values by key; `None` removes the key.
pub type StateChanges = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// Heights whose superseded records one commit deletes at most, so that a shortened retention is
/// worked off over many blocks and no commit takes long.
const PRUNED_PER_COMMIT_MAX: BlockNumber = 8;

/// Fewest states kept: the one before the head serves readers that a commit has just overtaken.
const KEPT_MIN: BlockNumber = 2;

/// What a block does to the state: computed before the block is decided, written when it is.
///
/// Clones share the contents.
#[derive(Clone, Debug)]
pub struct StateUpdate {
    inner: Arc<UpdateInner>,
}

#[derive(Debug)]
struct UpdateInner {
    /// The block whose state was changed; `None` for genesis.
    parent: Option<(BlockNumber, Hash)>,
    changes: Vec<StateChange>,
    tree: TreeUpdate,
}

#[derive(Debug)]
struct StateChange {
    key: Vec<u8>,
    old: Option<Vec<u8>>,
    new: Option<Vec<u8>>,
}

impl StateUpdate {
    /// The state root of the block.
    pub fn root(&self) -> Hash {
        self.inner.tree.root.into()
    }

    /// Keys whose value differs from the parent's, ascending, with the new value.
    pub fn changes(&self) -> impl ExactSizeIterator<Item = (&[u8], Option<&[u8]>)> {
        self.inner.changes.iter().map(|change| (change.key.as_slice(), change.new.as_deref()))
    }

    /// The new value of `key` if it differs from the parent's; `Some(None)` if it was removed.
    pub fn change(&self, key: &[u8]) -> Option<Option<&[u8]>> {
        let changes = &self.inner.changes;
        let index = changes.binary_search_by(|change| change.key.as_slice().cmp(key)).ok()?;
        changes.get(index).map(|change| change.new.as_deref())
    }
}

/// All that one block leaves on disk.
#[derive(Clone, Debug)]
pub struct BlockCommit {
    /// The decided block.
    pub block: Block,
    /// What it does to the state.
    pub update: StateUpdate,
    /// Proof that it was decided; `None` for genesis only.
    pub certificate: Option<CommitCertificate>,
    /// The validators of the two heights after the block, with these heights.
    pub validator_sets: [(BlockNumber, ValidatorSet); 2],
}

/// What a block superseded: deleted when no kept state needs it.
#[derive(Encode, Decode)]
struct Superseded<Bytes> {
    /// Positions of tree nodes.
    nodes: Vec<Bytes>,
    /// State keys, each with one entry in the history at the block's height.
    keys: Vec<Bytes>,
}

/// Bytes of a write batch for each changed key, measured: value, old value, leaf, share of inner
/// nodes. Only a hint.
const BATCH_BYTES_PER_KEY: usize = 1536;

impl Storage {
    /// Computes what `changes` do to the state of `parent`. Nothing is written.
    ///
    /// - `parent`: the head; or `None` for a genesis state, which can be computed at any time, to
    ///   compare it with the one that is committed.
    /// - `changes`: values equal to the parent's are dropped.
    ///
    /// # Errors
    /// [`StorageError::NotOnHead`] when `parent` is not the head, or ceases to be meanwhile.
    pub fn compute_update(
        &self,
        parent: Option<BlockNumber>,
        changes: StateChanges,
    ) -> Result<StateUpdate, StorageError> {
        if parent.is_none() {
            return self.compute_on(None, changes);
        }
        let head = self.head();
        if head.as_ref().map(|head| head.number) != parent {
            return Err(self.not_on_head(parent));
        }
        self.compute_on(head.as_deref(), changes).map_err(|error| {
            // What is missing because the head moved on and pruned it is no corruption.
            if self.head().map(|head| head.number) == parent {
                error
            } else {
                self.not_on_head(parent)
            }
        })
    }

    fn not_on_head(&self, parent: Option<BlockNumber>) -> StorageError {
        StorageError::NotOnHead { parent, head: self.head().map(|head| head.number) }
    }

    fn compute_on(
        &self,
        head: Option<&Head>,
        changes: StateChanges,
    ) -> Result<StateUpdate, StorageError> {
        let state = head.map(|head| self.state(head.number)).transpose()?;
        let mut kept = Vec::with_capacity(changes.len());
        for (key, new) in changes {
            let old = match &state {
                Some(state) => state.get(&key)?,
                None => None,
            };
            if old != new {
                kept.push(StateChange { key, old, new });
            }
        }
        let tree_changes = kept.iter().map(|change| Change {
            key_hash: sha256(&change.key),
            key: &change.key,
            value_hash: change.new.as_deref().map(|value| value_hash(&change.key, value)),
            existed: change.old.is_some(),
        });
        let parent = head.map(|head| head.number);
        let number = next_number(parent)?;
        let tree = update(&*self.inner, parent, number, tree_changes.collect())?;
        Ok(StateUpdate {
            inner: Arc::new(UpdateInner {
                parent: head.map(|head| (head.number, head.hash)),
                changes: kept,
                tree,
            }),
        })
    }

    /// Commits the block after the head, all of it or nothing; durable when this returns.
    ///
    /// Committing a block that is committed already changes nothing and succeeds, even with
    /// another certificate: the first one is kept.
    ///
    /// # Errors
    /// - [`StorageError::Conflict`]: another block has that height.
    /// - [`StorageError::InvalidCommit`]: the block does not follow the head, or its parts do not
    ///   belong together.
    /// - [`StorageError::NotOnHead`]: the update was computed on another block.
    /// - [`StorageError::Database`]: the write failed; from then on [`StorageError::Poisoned`].
    pub fn commit(&self, commit: BlockCommit) -> Result<(), StorageError> {
        let inner = &self.inner;
        let _one_at_a_time = inner.commit.lock();
        inner.check_poison()?;
        let number = commit.block.header.number;
        let hash = commit.block.header.hash();
        let head = self.head();
        if head.as_ref().is_some_and(|head| number <= head.number) {
            return match self.hash(number)? {
                Some(committed) if committed == hash => Ok(()),
                Some(committed) => Err(StorageError::Conflict { number, committed, offered: hash }),
                None => Err(StorageError::corrupt(format!("header of block {number} is missing"))),
            };
        }
        check_follows(head.as_deref(), &commit)?;

        let update = &*commit.update.inner;
        let mut batch = inner.database.batch_of(update.changes.len() * BATCH_BYTES_PER_KEY);
        self.write_block(&mut batch, &commit.block, hash, commit.certificate.as_ref())?;
        self.write_validator_sets(&mut batch, &commit.validator_sets)?;
        write_state(&mut batch, number, update);
        let oldest = self.prune(&mut batch, number)?;
        batch.put(Column::Meta, meta::HEAD, number.to_be_bytes());

        inner.raise_oldest(oldest);
        inner.begin(number);
        if let Err(error) = batch.write() {
            inner.poisoned.store(true, Ordering::SeqCst);
            tracing::error!(target: "ecoledger::storage", number, %error, "commit failed");
            return Err(error);
        }
        inner.nodes.advance(&update.tree);
        inner.values.advance(number, commit.update.changes());
        if number == 0 {
            inner.genesis_hash.get_or_init(|| hash);
        }
        *inner.head.write() = Some(Arc::new(Head { number, hash, header: commit.block.header }));
        Ok(())
    }

    fn write_block(
        &self,
        batch: &mut Batch<'_>,
        block: &Block,
        hash: Hash,
        certificate: Option<&CommitCertificate>,
    ) -> Result<(), StorageError> {
        let number = block.header.number;
        let key = number.to_be_bytes();
        batch.put(Column::Headers, key, block.header.encode());
        batch.put(Column::Bodies, key, block.extrinsics.encode());
        batch.put(Column::Numbers, hash.as_bytes(), key);
        if let Some(certificate) = certificate {
            batch.put(Column::Certificates, key, certificate.encode());
        }
        // From the back, so that of two equal transactions the first one stays.
        for (index, extrinsic) in (0u32..).zip(&block.extrinsics).collect::<Vec<_>>().iter().rev() {
            let hash = Hashing::hash_of(extrinsic);
            if self.inner.database.get(Column::Transactions, hash.as_bytes())?.is_none() {
                let position = encode_position(number, *index);
                batch.put(Column::Transactions, hash.as_bytes(), position);
            }
        }
        Ok(())
    }

    /// Writes each set that differs from the one of the height before it.
    fn write_validator_sets(
        &self,
        batch: &mut Batch<'_>,
        sets: &[(BlockNumber, ValidatorSet); 2],
    ) -> Result<(), StorageError> {
        let [(next_number, next), (after_number, after)] = sets;
        match self.latest_validator_set(*next_number)? {
            Some(known) if known == *next => {}
            Some(_) => {
                return Err(StorageError::InvalidCommit {
                    number: next_number.saturating_sub(1),
                    reason: "the next height's validator set was decided otherwise",
                });
            }
            None => batch.put(Column::ValidatorSets, next_number.to_be_bytes(), next.encode()),
        }
        if after != next {
            batch.put(Column::ValidatorSets, after_number.to_be_bytes(), after.encode());
        }
        Ok(())
    }

    /// Deletes what only states below the retained ones need; returns the oldest height kept.
    fn prune(
        &self,
        batch: &mut Batch<'_>,
        number: BlockNumber,
    ) -> Result<BlockNumber, StorageError> {
        let oldest = self.inner.oldest();
        let StateRetention::Recent(kept) = self.inner.retention else { return Ok(oldest) };
        let target = (number.saturating_add(1))
            .saturating_sub(kept.get().max(KEPT_MIN))
            .clamp(oldest, oldest.saturating_add(PRUNED_PER_COMMIT_MAX));
        // What block H superseded is what states below H need.
        for height in oldest.saturating_add(1)..=target {
            let key = height.to_be_bytes();
            let Some(encoded) = self.inner.database.get(Column::Superseded, &key)? else {
                return Err(StorageError::corrupt(format!(
                    "record of what block {height} superseded is missing"
                )));
            };
            let superseded: Superseded<Vec<u8>> = decode(Column::Superseded, &encoded)?;
            for node in &superseded.nodes {
                batch.delete_single(Column::Nodes, node);
            }
            for state_key in &superseded.keys {
                batch.delete_single(Column::History, history_key(state_key, height));
            }
            batch.delete(Column::Superseded, key);
        }
        if target != oldest {
            batch.put(Column::Meta, meta::OLDEST_STATE, target.to_be_bytes());
        }
        Ok(target)
    }
}

fn next_number(parent: Option<BlockNumber>) -> Result<BlockNumber, StorageError> {
    match parent {
        None => Ok(0),
        Some(number) => number
            .checked_add(1)
            .ok_or(StorageError::InvalidCommit { number, reason: "no height is left above it" }),
    }
}

/// Checks that the block follows the head and that its parts belong together.
fn check_follows(head: Option<&Head>, commit: &BlockCommit) -> Result<(), StorageError> {
    let header = &commit.block.header;
    let number = header.number;
    let check = |rule: bool, reason: &'static str| {
        rule.then_some(()).ok_or(StorageError::InvalidCommit { number, reason })
    };
    let update = &*commit.update.inner;
    let next = next_number(head.map(|head| head.number))?;
    check(number == next, "its height does not follow the head")?;
    let parent_hash = head.map_or(Hash::zero(), |head| head.hash);
    check(header.parent_hash == parent_hash, "its parent is not the head")?;
    if update.parent != head.map(|head| (head.number, head.hash)) {
        return Err(StorageError::NotOnHead {
            parent: update.parent.map(|(number, _)| number),
            head: head.map(|head| head.number),
        });
    }
    check(header.state_root == commit.update.root(), "its state root is not the update's")?;
    match &commit.certificate {
        None => check(number == 0, "it has no certificate")?,
        Some(certificate) => {
            check(number != 0, "genesis has no certificate")?;
            check(certificate.height == number, "its certificate is for another height")?;
            check(
                certificate.value_id == value_id(header),
                "its certificate is for another value",
            )?;
        }
    }
    let [(first, _), (second, _)] = &commit.validator_sets;
    check(
        Some(*first) == number.checked_add(1) && Some(*second) == number.checked_add(2),
        "its validator sets are not of the two heights after it",
    )
}

fn write_state(batch: &mut Batch<'_>, number: BlockNumber, update: &UpdateInner) {
    for StateChange { key, new, .. } in &update.changes {
        match new {
            Some(value) => batch.put(Column::State, key, value),
            None => batch.delete(Column::State, key),
        }
    }
    let mut encoded = Vec::new();
    for (key, node) in &update.tree.written {
        encoded.clear();
        node.encode_to(&mut encoded);
        batch.put(Column::Nodes, key.encode(), &encoded);
    }
    // No height lies below genesis to read what it replaced.
    if number == 0 {
        return;
    }
    for StateChange { key, old, .. } in &update.changes {
        encoded.clear();
        encode_old_value(old.as_deref(), &mut encoded);
        batch.put(Column::History, history_key(key, number), &encoded);
    }
    let nodes: Vec<_> = update.tree.stale.iter().map(NodeKey::encode).collect();
    let superseded = Superseded {
        nodes: nodes.iter().map(Vec::as_slice).collect(),
        keys: update.changes.iter().map(|change| change.key.as_slice()).collect(),
    };
    batch.put(Column::Superseded, number.to_be_bytes(), superseded.encode());
}
