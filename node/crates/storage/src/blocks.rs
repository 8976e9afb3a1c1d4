//! Blocks and what belongs to them, by height or hash.

use crate::{
    Storage, StorageError,
    database::Column,
    keys::{decode_number, decode_position},
};
use codec::DecodeAll;
use ecoledger_primitives::{Block, BlockNumber, CommitCertificate, Hash, Header, ValidatorSet};

/// A block's own height and the two after it: the heights whose validator set is known at a head.
const SETS_AHEAD: BlockNumber = 2;

impl Storage {
    /// The header at height `number`.
    ///
    /// # Errors
    /// [`StorageError::Database`] or [`StorageError::Corrupt`], as for all reads here.
    pub fn header(&self, number: BlockNumber) -> Result<Option<Header>, StorageError> {
        self.decoded(Column::Headers, &number.to_be_bytes())
    }

    /// Hash of the header at height `number`.
    ///
    /// # Errors
    /// As [`Self::header`].
    pub fn hash(&self, number: BlockNumber) -> Result<Option<Hash>, StorageError> {
        if let Some(head) = self.head().filter(|head| head.number == number) {
            return Ok(Some(head.hash));
        }
        Ok(self.header(number)?.map(|header| header.hash()))
    }

    /// The block at height `number`.
    ///
    /// # Errors
    /// As [`Self::header`].
    pub fn block(&self, number: BlockNumber) -> Result<Option<Block>, StorageError> {
        let Some(header) = self.header(number)? else { return Ok(None) };
        let extrinsics = self.decoded(Column::Bodies, &number.to_be_bytes())?.ok_or_else(|| {
            StorageError::corrupt(format!("transactions of block {number} are missing"))
        })?;
        Ok(Some(Block { header, extrinsics }))
    }

    /// Height of the block whose header has `hash`.
    ///
    /// # Errors
    /// As [`Self::header`].
    pub fn number_of(&self, hash: &Hash) -> Result<Option<BlockNumber>, StorageError> {
        self.inner
            .database
            .get(Column::Numbers, hash.as_bytes())?
            .map(|bytes| {
                decode_number(&bytes)
                    .ok_or_else(|| StorageError::corrupt(format!("height of {hash} is malformed")))
            })
            .transpose()
    }

    /// The certificate with which this node saw height `number` decided; genesis has none.
    ///
    /// # Errors
    /// As [`Self::header`].
    pub fn certificate(
        &self,
        number: BlockNumber,
    ) -> Result<Option<CommitCertificate>, StorageError> {
        self.decoded(Column::Certificates, &number.to_be_bytes())
    }

    /// The validators that decide height `number`: known from height 1 to two above the head.
    ///
    /// # Errors
    /// As [`Self::header`].
    pub fn validator_set(&self, number: BlockNumber) -> Result<Option<ValidatorSet>, StorageError> {
        let Some(head) = self.head() else { return Ok(None) };
        if number > head.number.saturating_add(SETS_AHEAD) {
            return Ok(None);
        }
        self.latest_validator_set(number)
    }

    /// The newest set whose first height is at most `number`.
    pub(crate) fn latest_validator_set(
        &self,
        number: BlockNumber,
    ) -> Result<Option<ValidatorSet>, StorageError> {
        let mut sets = self.inner.database.iterator(Column::ValidatorSets);
        sets.seek_for_prev(number.to_be_bytes());
        let set = sets.value().map(|encoded| decode(Column::ValidatorSets, encoded)).transpose()?;
        sets.status().map_err(|source| StorageError::Database {
            action: "look up a validator set",
            source,
        })?;
        Ok(set)
    }

    /// Height and index of the first transaction whose encoding has the BLAKE2b-256 `hash`.
    ///
    /// # Errors
    /// As [`Self::header`].
    pub fn transaction(&self, hash: &Hash) -> Result<Option<(BlockNumber, u32)>, StorageError> {
        self.inner
            .database
            .get(Column::Transactions, hash.as_bytes())?
            .map(|bytes| {
                decode_position(&bytes).ok_or_else(|| {
                    StorageError::corrupt(format!("position of {hash} is malformed"))
                })
            })
            .transpose()
    }

    fn decoded<T: DecodeAll>(&self, column: Column, key: &[u8]) -> Result<Option<T>, StorageError> {
        let encoded = self.inner.database.get(column, key)?;
        encoded.map(|encoded| decode(column, &encoded)).transpose()
    }
}

pub(crate) fn decode<T: DecodeAll>(column: Column, mut encoded: &[u8]) -> Result<T, StorageError> {
    T::decode_all(&mut encoded).map_err(|error| {
        StorageError::corrupt(format!("record of {} does not decode: {error}", column.name()))
    })
}
