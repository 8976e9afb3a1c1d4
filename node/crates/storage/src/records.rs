//! Small records that must outlive a restart although they belong to no committed block.

use crate::{
    Storage, StorageError,
    database::{Batch, Column},
    keys::{decode_undecided_key, undecided_key},
};
use ecoledger_primitives::{BlockNumber, Hash, ValueId};

/// A proposal of an undecided height: round, value id and the bytes that consensus stored.
pub type Undecided = (u32, ValueId, Vec<u8>);

impl Storage {
    /// Keeps a proposal; durable when this returns, so that the node may vote on it.
    ///
    /// - `bytes`: whatever consensus needs to take the proposal up again; replaces what was kept
    ///   under the same height, round and value id.
    ///
    /// # Errors
    /// [`StorageError::Database`] when it was not kept, [`StorageError::Poisoned`] after a failed
    /// write.
    pub fn put_undecided(
        &self,
        height: BlockNumber,
        round: u32,
        value_id: ValueId,
        bytes: &[u8],
    ) -> Result<(), StorageError> {
        let mut batch = self.inner.database.batch();
        batch.put(Column::Undecided, undecided_key(height, round, &value_id), bytes);
        self.write_record(batch)
    }

    /// The proposals kept for `height`, by round.
    ///
    /// # Errors
    /// [`StorageError::Database`] or [`StorageError::Corrupt`].
    pub fn undecided(&self, height: BlockNumber) -> Result<Vec<Undecided>, StorageError> {
        let mut proposals = Vec::new();
        let mut records = self.inner.database.iterator(Column::Undecided);
        records.seek(height.to_be_bytes());
        while let Some((key, bytes)) = records.item() {
            let (found, round, value_id) = decode_undecided_key(key)
                .ok_or_else(|| StorageError::corrupt("key of an undecided proposal"))?;
            if found != height {
                break;
            }
            proposals.push((round, value_id, bytes.to_vec()));
            records.next();
        }
        records.status().map_err(|source| StorageError::Database {
            action: "iterate over undecided proposals",
            source,
        })?;
        Ok(proposals)
    }

    /// Forgets the proposals of `up_to` and of all heights below.
    ///
    /// # Errors
    /// As [`Self::put_undecided`].
    pub fn prune_undecided(&self, up_to: BlockNumber) -> Result<(), StorageError> {
        let mut batch = self.inner.database.batch();
        // Longer and no smaller than any key: the end of a range is not part of it.
        let end = match up_to.checked_add(1) {
            Some(next) => next.to_be_bytes().to_vec(),
            None => vec![0xff; 41],
        };
        batch.delete_range(Column::Undecided, &[], &end);
        self.write_record(batch)
    }

    /// Puts transactions of the pool, each under its hash, and takes others out, together.
    ///
    /// - `changes`: the encoded transaction; `None` takes it out, if it is there.
    ///
    /// Survives the death of the process when this returns, and loss of power from the next commit
    /// on.
    ///
    /// # Errors
    /// As [`Self::put_undecided`].
    pub fn update_pool<'a>(
        &self,
        changes: impl IntoIterator<Item = (&'a Hash, Option<&'a [u8]>)>,
    ) -> Result<(), StorageError> {
        let mut batch = self.inner.database.batch();
        for (hash, transaction) in changes {
            match transaction {
                Some(transaction) => batch.put(Column::Pool, hash, transaction),
                None => batch.delete(Column::Pool, hash),
            }
        }
        self.inner.check_poison()?;
        batch.write_unsynced()
    }

    /// The transactions that were put and not taken out, ascending by hash.
    ///
    /// # Errors
    /// [`StorageError::Database`] or [`StorageError::Corrupt`].
    pub fn pool(&self) -> Result<Vec<(Hash, Vec<u8>)>, StorageError> {
        let mut transactions = Vec::new();
        let mut records = self.inner.database.iterator(Column::Pool);
        records.seek_to_first();
        while let Some((key, transaction)) = records.item() {
            let hash: [u8; 32] = key
                .try_into()
                .map_err(|_| StorageError::corrupt("key of a transaction of the pool"))?;
            transactions.push((hash.into(), transaction.to_vec()));
            records.next();
        }
        records
            .status()
            .map_err(|source| StorageError::Database { action: "iterate over the pool", source })?;
        Ok(transactions)
    }

    fn write_record(&self, batch: Batch<'_>) -> Result<(), StorageError> {
        self.inner.check_poison()?;
        batch.write()
    }
}
