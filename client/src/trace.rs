//! Batches and where they come from and go to.
//!
//! Every question takes a height, so that the pages of one answer are of one state.

use crate::{
    client::Client,
    error::Error,
    traceability::decode,
    value::{text_from_json, text_to_json},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

const PALLET: &str = "Traceability";

/// A batch, with the fields that most readers want and the whole record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Batch {
    /// Its id: `0x` and 32 digits, the BLAKE2-128 hash of GTIN and lot.
    pub id: String,
    /// GTIN-14 of its product.
    pub gtin: String,
    /// Lot of the product.
    pub lot: String,
    /// Number of the organisation that made it.
    pub producer: u32,
    /// Number of the organisation that has it.
    pub holder: u32,
    /// How far it has come, such as `Packed`.
    pub stage: String,
    /// Recalls in force that have marked it.
    pub n_recalls: u32,
    /// The chain's record.
    pub record: Json,
}

/// A batch that a trace reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceRow {
    /// Its id.
    pub batch: String,
    /// Generations between it and the batch asked for.
    pub depth: u32,
    /// Id of the batch next to it on the way.
    pub next_to: String,
    /// How the younger of the two was made from the older, such as `Transformation`.
    pub kind: String,
    /// Base units of the older (mg, ml or pieces) that went into the younger.
    #[serde(with = "crate::integer")]
    pub quantity: u128,
}

/// One page of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TracePage {
    /// Rows, nearest first.
    pub rows: Vec<TraceRow>,
    /// All rows within the depth; at least, where `complete` is false.
    pub total: u32,
    /// Whether everything within the depth was found.
    pub complete: bool,
}

/// One page of the batches that a recall affects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AffectedPage {
    /// Ids, in order of marking.
    pub batches: Vec<String>,
    /// How many batches are affected in all; at least, where `exact` is false.
    pub total: u32,
    /// How many of them are marked already.
    pub marked: u32,
    /// Whether every affected batch was found.
    pub exact: bool,
}

impl Client {
    /// The batch with this id at `height`.
    ///
    /// # Errors
    /// [`Error::Value`] for an id that is none, and as [`Client::view`].
    pub async fn batch(&self, id: &str, height: u32) -> Result<Option<Batch>, Error> {
        let record = self.view(PALLET, "batch", &[json!(id)], Some(height)).await?;
        to_batch(id, record)
    }

    /// The batch of lot `lot` of `gtin` at `height`.
    ///
    /// # Errors
    /// As [`Client::batch`].
    pub async fn batch_by_lot(
        &self,
        gtin: &str,
        lot: &str,
        height: u32,
    ) -> Result<Option<Batch>, Error> {
        let arguments = [json!(gtin), text_to_json(lot)];
        let found = self.view(PALLET, "batch_by_lot", &arguments, Some(height)).await?;
        let (id, record): (String, Json) = decode(found)?;
        to_batch(&id, record)
    }

    /// The batches that the batch `id` comes from, nearest first.
    ///
    /// - `depth`: generations to go back.
    /// - `start`, `limit`: rows to skip, and rows wanted; the chain gives at most its `MaxPage`.
    ///
    /// # Errors
    /// As [`Client::batch`].
    pub async fn trace_back(
        &self,
        id: &str,
        depth: u32,
        start: u32,
        limit: u32,
        height: u32,
    ) -> Result<TracePage, Error> {
        let arguments = [json!(id), json!(depth), json!(start), json!(limit)];
        decode(self.view(PALLET, "trace_back", &arguments, Some(height)).await?)
    }

    /// The batches that come from the batch `id`, nearest first; parameters as for
    /// [`Client::trace_back`].
    ///
    /// # Errors
    /// As [`Client::batch`].
    pub async fn track_forward(
        &self,
        id: &str,
        depth: u32,
        start: u32,
        limit: u32,
        height: u32,
    ) -> Result<TracePage, Error> {
        let arguments = [json!(id), json!(depth), json!(start), json!(limit)];
        decode(self.view(PALLET, "track_forward", &arguments, Some(height)).await?)
    }

    /// The batches that a recall affects, exactly, also while its marks are spreading.
    ///
    /// # Errors
    /// As [`Client::view`].
    pub async fn affected_by(
        &self,
        recall: u32,
        start: u32,
        limit: u32,
        height: u32,
    ) -> Result<AffectedPage, Error> {
        let arguments = [json!(recall), json!(start), json!(limit)];
        decode(self.view(PALLET, "affected_by", &arguments, Some(height)).await?)
    }
}

fn to_batch(id: &str, record: Json) -> Result<Option<Batch>, Error> {
    #[derive(Deserialize)]
    struct Fields {
        gtin: String,
        lot: String,
        producer: u32,
        holder: u32,
        stage: String,
        n_recalls: u32,
    }
    if record.is_null() {
        return Ok(None);
    }
    let fields: Fields = decode(record.clone())?;
    Ok(Some(Batch {
        id: id.to_owned(),
        gtin: fields.gtin,
        lot: text_from_json(&fields.lot).unwrap_or(fields.lot),
        producer: fields.producer,
        holder: fields.holder,
        stage: fields.stage,
        n_recalls: fields.n_recalls,
        record,
    }))
}
