//! What is asked of the pallet.

use super::{CodeAnswer, CodeProof, ItemMark, LabelCount, PALLET, Series, SeriesId};
use crate::{client::Client, error::Error, gs1::BatchId, traceability::decode};
use serde_json::json;

/// Every question is of the state at `height`, or at the last final block.
impl Client {
    /// A label series.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn label_series(
        &self,
        id: SeriesId,
        height: Option<u32>,
    ) -> Result<Option<Series>, Error> {
        decode(self.view(PALLET, "series", &[json!(id)], height).await?)
    }

    /// The series of a batch, in the order of storage, and how many of its pieces are labelled.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn series_of_batch(
        &self,
        batch: &BatchId,
        height: Option<u32>,
    ) -> Result<(Vec<(SeriesId, Series)>, LabelCount), Error> {
        decode(self.view(PALLET, "series_of_batch", &[json!(batch)], height).await?)
    }

    /// The latest mark of an item.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn item_mark(
        &self,
        series: SeriesId,
        index: u32,
        height: Option<u32>,
    ) -> Result<Option<ItemMark>, Error> {
        decode(self.view(PALLET, "item", &[json!(series), json!(index)], height).await?)
    }

    /// What a code is worth, as the chain judges its proof.
    ///
    /// # Errors
    /// As [`Client::view`]; [`Error::Value`] for a leaf or path that is not in hexadecimal.
    pub async fn check_code(
        &self,
        proof: &CodeProof,
        height: Option<u32>,
    ) -> Result<CodeAnswer, Error> {
        decode(self.view(PALLET, "check_code", &[json!(proof)], height).await?)
    }
}
