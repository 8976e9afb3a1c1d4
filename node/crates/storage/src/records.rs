//! Small records that must outlive a restart although they belong to no committed block.

use crate::{
    Storage, StorageError,
    database::{Batch, Column},
    keys::{decode_undecided_key, undecided_key},
};
use ecoledger_primitives::{BlockNumber, ValueId};

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

    /// Keeps the transactions of the pool, in this order, in place of those kept before.
    ///
    /// # Errors
    /// As [`Self::put_undecided`].
    pub fn put_pool(&self, transactions: &[Vec<u8>]) -> Result<(), StorageError> {
        let mut batch = self.inner.database.batch();
        clear_pool(&mut batch);
        for (index, transaction) in (0u32..).zip(transactions) {
            batch.put(Column::Pool, index.to_be_bytes(), transaction);
        }
        self.write_record(batch)
    }

    /// Returns the transactions that were kept, and forgets them.
    ///
    /// # Errors
    /// As [`Self::put_undecided`].
    pub fn take_pool(&self) -> Result<Vec<Vec<u8>>, StorageError> {
        let mut transactions = Vec::new();
        let mut records = self.inner.database.iterator(Column::Pool);
        records.seek_to_first();
        while let Some(transaction) = records.value() {
            transactions.push(transaction.to_vec());
            records.next();
        }
        records
            .status()
            .map_err(|source| StorageError::Database { action: "iterate over the pool", source })?;
        drop(records);
        if !transactions.is_empty() {
            let mut batch = self.inner.database.batch();
            clear_pool(&mut batch);
            self.write_record(batch)?;
        }
        Ok(transactions)
    }

    fn write_record(&self, batch: Batch<'_>) -> Result<(), StorageError> {
        self.inner.check_poison()?;
        batch.write()
    }
}

fn clear_pool(batch: &mut Batch<'_>) {
    batch.delete_range(Column::Pool, &[], &[0xff; 5]);
}
