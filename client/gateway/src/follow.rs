//! Following the chain: each block proven, then taken into the index.

use crate::{
    index::{Id, Index, IndexError, Made},
    life,
};
use ecoledger_client::{
    BatchId, Client, Error, EventRecord,
    labels::Series,
    proof::{Checkpoint, ProvenBlock},
};
use serde_json::Value as Json;
use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::sync::watch;

/// First pause after the node failed; it doubles with each failure in a row.
const PAUSE_MIN: Duration = Duration::from_millis(200);
/// Longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// How old the block may be from which pages verify, in milliseconds: a month, far less than the
/// trusting period, so that a page that lies open for long still proves itself.
const ANCHOR_AGE_MAX_MS: u64 = 30 * 24 * 3600 * 1000;
/// How often the validators may have changed behind it: each change may take two headers of a
/// proof's [`STEPS_MAX`](ecoledger_client::proof::STEPS_MAX).
const ANCHOR_CHANGES_MAX: u32 = 16;
/// How long no block may come: a chain at rest has one every ten seconds.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// How far the gateway is.
#[derive(Clone, Debug)]
pub struct Progress {
    /// The last block that is proven and in the index.
    pub last: Checkpoint,
    /// The block before it: what the last one is proven from.
    pub before: Checkpoint,
    /// From where its own pages verify: where it began, until that is too far back.
    pub anchor: Checkpoint,
    /// How often the validators have changed since then, as far as this process has seen.
    pub n_changes: u32,
    /// Why it does not go on, while it does not.
    pub trouble: Option<String>,
}

impl Progress {
    /// With `last` as the last block.
    fn with(&self, last: Checkpoint) -> Self {
        let before = self.last.clone();
        let n_changes = self.n_changes + u32::from(last.after_next != before.after_next);
        let age_ms = last.time_ms.0.saturating_sub(self.anchor.time_ms.0);
        let trouble = None;
        if age_ms > ANCHOR_AGE_MAX_MS || n_changes > ANCHOR_CHANGES_MAX {
            return Self { last, anchor: before.clone(), before, n_changes: 0, trouble };
        }
        Self { last, before, anchor: self.anchor.clone(), n_changes, trouble }
    }
}

/// Why following has ended.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The index cannot be written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// Another chain answers.
    #[error(transparent)]
    Chain(Error),
}

/// Follows for ever; tells of each block.
///
/// A node that goes away or says what does not hold is asked again, for as long as it takes: nothing
/// of it gets into the index, and [`Progress::trouble`] says what is wrong.
///
/// # Errors
/// [`FollowError`] when going on is in vain.
pub(crate) async fn follow(
    shared: Arc<RwLock<Client>>,
    index: Arc<Index>,
    progress: watch::Sender<Progress>,
) -> Result<(), FollowError> {
    let mut pause = PAUSE_MIN;
    loop {
        let client = shared.read().unwrap_or_else(PoisonError::into_inner).clone();
        let last = index.checkpoint()?;
        match within(next(&client, &last)).await {
            Ok((block, made)) => {
                index.apply(&block, &made)?;
                pause = PAUSE_MIN;
                progress.send_modify(|it| *it = it.with(block.checkpoint));
            }
            Err(error @ Error::WrongChain { .. }) => return Err(FollowError::Chain(error)),
            Err(error) => {
                tracing::warn!(height = last.height + 1, %error, "block not taken");
                progress.send_modify(|it| it.trouble = Some(error.to_string()));
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSE_MAX);
                match within(client.reconnected()).await {
                    Ok(again) => {
                        *shared.write().unwrap_or_else(PoisonError::into_inner) = again;
                    }
                    Err(error @ Error::WrongChain { .. }) => {
                        return Err(FollowError::Chain(error));
                    }
                    // Tried again with the next attempt.
                    Err(_) => {}
                }
            }
        }
    }
}

/// A node that hangs breaks no connection.
async fn within<T>(asked: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let silent = |_| Error::Connection(format!("no block came within {SILENCE_MAX:?}"));
    tokio::time::timeout(SILENCE_MAX, asked).await.map_err(silent)?
}

/// The block behind `last` once it is final, and what was made in it.
async fn next(client: &Client, last: &Checkpoint) -> Result<(ProvenBlock, Made), Error> {
    let height = last.height.saturating_add(1);
    let block = match client.proven_block(last).await {
        // At the head of the chain: it is told when the block is there.
        Err(Error::NotFound(_)) => {
            client.wait_for_height(height).await?;
            client.proven_block(last).await?
        }
        found => found?,
    };
    let mut made = Made::default();
    for placed in &block.events.events {
        let fields = &placed.event.fields;
        match (placed.event.pallet.as_str(), placed.event.name.as_str()) {
            ("Labels", "SeriesCreated") => {
                let id = number(&fields["series"])?;
                made.series.push((id, series(client, id, fields, height).await?));
            }
            ("Traceability", "BatchesDerived") => {
                for batch in fields["outputs"].as_array().into_iter().flatten() {
                    made.lots.push(lot(client, text(batch)?, height).await?);
                }
            }
            _ => {}
        }
        if let Some(record) = text_record(client, &placed.event, height).await? {
            made.records.push(record);
        }
    }
    made.refused_sales = life::refused_sales(client, &block).await?;
    Ok((block, made))
}

/// The record with the digest of a text that is agreed or published, which the event does not have.
async fn text_record(
    client: &Client,
    event: &EventRecord,
    height: u32,
) -> Result<Option<Json>, Error> {
    let id = |field: &str| event.fields[field].clone();
    let (pallet, item, key) = match (event.pallet.as_str(), event.name.as_str()) {
        ("Compensation", "RulesProposed") => ("Compensation", "Agreements", vec![id("agreement")]),
        ("Compensation", "PolicyCreated") => ("Compensation", "Policies", vec![id("policy")]),
        ("Brands", "BrandRegistered") => ("Brands", "RulesOf", vec![id("brand"), Json::from(0)]),
        _ => return Ok(None),
    };
    client.query(pallet, item, &key, Some(height)).await
}

/// The record of a new series. The event is proven, and what it says of the series must be so.
async fn series(client: &Client, id: u32, fields: &Json, height: u32) -> Result<Series, Error> {
    let found = client.label_series(id, Some(height)).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("label series {id}")))?;
    let says = (text(&fields["root"])?, number(&fields["n_codes"])?, text(&fields["batch"])?);
    let is = (found.root.to_string(), found.n_codes, found.batch.to_string());
    if says == (&is.0[..], is.1, &is.2[..]) { Ok(found) } else { Err(untrue("label series", id)) }
}

/// GTIN and lot of a batch, which its id is the hash of.
async fn lot(client: &Client, id: &str, height: u32) -> Result<(String, String, Id), Error> {
    let found = client.batch(id, height).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("batch {id}")))?;
    let named: BatchId = format!("{}/{}", found.gtin, found.lot).parse()?;
    if named.as_str() == id {
        Ok((found.gtin, found.lot, Id::from(&named)))
    } else {
        Err(untrue("batch", id))
    }
}

fn untrue(what: &str, which: impl std::fmt::Display) -> Error {
    Error::Decode(format!("the node's record of {what} {which} is not what its event says"))
}

fn text(value: &Json) -> Result<&str, Error> {
    value.as_str().ok_or_else(|| Error::Decode(format!("a text is expected, got {value}")))
}

fn number(value: &Json) -> Result<u32, Error> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| Error::Decode(format!("a number is expected, got {value}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecoledger_client::{Moment, validators::PublicKey};

    const DAY_MS: u64 = 24 * 3600 * 1000;

    fn block(height: u32, time_ms: u64, n_validators: u8) -> Checkpoint {
        let key = |number| format!("0x{}", hex::encode([number; 32])).parse().unwrap();
        let keys: Vec<PublicKey> = (0..n_validators).map(key).collect();
        Checkpoint {
            genesis: format!("0x{}", "ab".repeat(32)).parse().unwrap(),
            height,
            time_ms: Moment(time_ms),
            next: keys.clone(),
            after_next: keys,
        }
    }

    fn begun() -> Progress {
        let start = block(0, 0, 4);
        Progress {
            last: start.clone(),
            before: start.clone(),
            anchor: start,
            n_changes: 0,
            trouble: Some("the node was away".into()),
        }
    }

    #[test]
    fn pages_verify_from_the_first_block_for_a_month() {
        let progress = begun().with(block(1, DAY_MS, 4)).with(block(2, 30 * DAY_MS, 4));
        assert_eq!((progress.anchor.height, progress.before.height), (0, 1));
        assert_eq!(progress.trouble, None);
        let progress = progress.with(block(3, 30 * DAY_MS + 1, 4));
        assert_eq!((progress.anchor.height, progress.last.height), (2, 3));
        // It stays there for a month again.
        let progress = progress.with(block(4, 60 * DAY_MS, 4));
        assert_eq!(progress.anchor.height, 2);
        assert_eq!(progress.with(block(5, 60 * DAY_MS + 1, 4)).anchor.height, 4);
    }

    #[test]
    fn pages_verify_over_so_many_changes_of_validators() {
        let mut progress = begun();
        for height in 1..=ANCHOR_CHANGES_MAX {
            progress = progress.with(block(height, 0, 4 + u8::try_from(height % 2).unwrap()));
            assert_eq!(progress.anchor.height, 0);
        }
        let height = ANCHOR_CHANGES_MAX + 1;
        let progress = progress.with(block(height, 0, 9));
        assert_eq!((progress.anchor.height, progress.n_changes), (height - 1, 0));
    }
}
