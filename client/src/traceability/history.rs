//! The events of a batch, found by its record and checked against it.

use super::PALLET;
use crate::{
    Batch,
    client::{At, Client, event_record},
    error::Error,
    gs1::BatchId,
};
use serde::Serialize;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use subxt::events::Phase;

/// Bytes of the batch id and of the event's number, which are first in `TraceEventRecorded`.
const PREFIX_BYTES: usize = 16 + 4;
/// Bytes of the history hash, which is last.
const SUFFIX_BYTES: usize = 32;

/// One event in the life of a batch.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryEvent {
    /// Its number, from 0.
    pub sequence: u32,
    /// Height of the block that recorded it.
    pub height: u32,
    /// Index of the transaction that did; `None` for what the block itself did.
    pub transaction: Option<u32>,
    /// The event as the chain hashes it: EPCIS step, times, quantity in base units, parties.
    pub event: Json,
}

/// All events of a batch, oldest first.
#[derive(Clone, Debug, Serialize)]
pub struct History {
    /// The batch as it is after the last of them.
    pub batch: Batch,
    /// What happened.
    pub events: Vec<HistoryEvent>,
}

impl Client {
    /// The events of the batch `id` up to `height`.
    ///
    /// No history is kept in state: the record counts the events and carries a hash chain over
    /// them. The blocks are found by halving, since the state of every height can be asked for the
    /// count: about 20 questions for each event on a chain of a million blocks. The events are then
    /// checked against the chain `h(n) = SHA-256(h(n-1) ‖ SCALE(event))` of the record.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such batch, [`Error::Decode`] when the events do not
    /// have the hash that the record carries, and as [`Client::view`].
    pub async fn history(&self, id: &BatchId, height: u32) -> Result<History, Error> {
        let batch = self
            .batch(id.as_str(), height)
            .await?
            .ok_or_else(|| Error::NotFound(format!("batch {id}")))?;
        let n_events = count_of(&batch.record)?;
        let mut events = Vec::new();
        let mut hash = [0u8; 32];
        let mut from = 0;
        while (events.len() as u64) < n_events {
            let found = self.next_change(id, events.len() as u64, from, height).await?;
            let at = self.at(Some(found)).await?;
            let before = events.len();
            read_events(&at, id, found, &mut hash, &mut events).await?;
            if events.len() == before {
                return Err(Error::Decode(format!("block {found} has no event of batch {id}")));
            }
            from = found + 1;
        }
        let recorded = batch.record["history"].as_str().unwrap_or_default();
        let computed = format!("0x{}", hex::encode(hash));
        if recorded != computed {
            return Err(Error::Decode(format!(
                "the events of batch {id} hash to {computed}, its record says {recorded}"
            )));
        }
        Ok(History { batch, events })
    }

    /// The first height from `from` to `to` at which the batch has more than `count` events.
    async fn next_change(
        &self,
        id: &BatchId,
        count: u64,
        from: u32,
        to: u32,
    ) -> Result<u32, Error> {
        let (mut low, mut high) = (from, to);
        while low < high {
            let middle = low + (high - low) / 2;
            let record = self.query(PALLET, "Batches", &[json!(id)], Some(middle)).await?;
            let there = record.as_ref().map_or(Ok(0), count_of)?;
            if there > count {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(low)
    }
}

fn count_of(record: &Json) -> Result<u64, Error> {
    record["n_events"].as_u64().ok_or_else(|| Error::Decode("the record counts no events".into()))
}

/// Adds the events of `id` in the block of `at`, and carries the hash on.
async fn read_events(
    at: &At,
    id: &BatchId,
    height: u32,
    hash: &mut [u8; 32],
    events: &mut Vec<HistoryEvent>,
) -> Result<(), Error> {
    let metadata = at.metadata();
    let own = hex::decode(id.as_str().trim_start_matches("0x")).map_err(Error::decode)?;
    for event in at.events().fetch().await?.iter() {
        let event = event.map_err(Error::decode)?;
        let bytes = event.field_bytes();
        let is_link = event.pallet_name() == PALLET && event.event_name() == "TraceEventRecorded";
        if !is_link || !bytes.starts_with(&own) {
            continue;
        }
        let encoded = bytes
            .len()
            .checked_sub(SUFFIX_BYTES)
            .and_then(|end| bytes.get(PREFIX_BYTES..end))
            .ok_or_else(|| Error::Decode("an event of a batch is too short".into()))?;
        *hash = Sha256::new_with_prefix(*hash).chain_update(encoded).finalize().into();
        let mut record = event_record(&metadata, PALLET, event.event_name(), &event)?;
        let sequence = record.fields["sequence"].as_u64().and_then(|n| u32::try_from(n).ok());
        events.push(HistoryEvent {
            sequence: sequence.ok_or_else(|| Error::Decode("an event has no number".into()))?,
            height,
            transaction: match event.phase() {
                Phase::ApplyExtrinsic(index) => Some(index),
                Phase::Finalization | Phase::Initialization => None,
            },
            event: record.fields["event"].take(),
        });
    }
    Ok(())
}
