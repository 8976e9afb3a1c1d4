//! What became of single items, as the index knows it: marks, and second sales that were refused.
//!
//! The chain refuses to mark an item sold that is sold and did not come back. The call fails, and the
//! failed call stays in its block: whoever holds goods has met the code a second time. That it failed
//! so is proven with the block's events; which item it named is what the node says of the call.

use crate::index::{IndexError, IndexedEvent};
use ecoledger_client::{
    Client, Error, EventRecord, Moment, PlacedEvent, labels::ItemLife, pallet_error,
};
use redb::{ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// Table of the index: series, position → [`Life`] as JSON.
pub(crate) const LIVES: TableDefinition<'_, (u32, u32), &[u8]> = TableDefinition::new("lives");

/// How long behind a sale a second one is taken for the same, sent twice; in milliseconds.
const SAME_SALE_MS: u64 = 10 * 60 * 1000;

/// What became of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Its latest mark, and when.
    pub mark: Option<(ItemLife, Moment)>,
    /// How often it was sold; between two it came back.
    pub n_sales: u32,
    /// Sales that were refused because it was sold.
    pub n_refused: u32,
    /// Those of them that were not the same sale sent twice, and when the last was.
    pub second: Option<(u32, Moment)>,
}

impl Life {
    /// When it was sold, if it is sold.
    pub(crate) fn sold_at(&self) -> Option<Moment> {
        self.mark.filter(|(life, _)| *life == ItemLife::Sold).map(|(_, at)| at)
    }

    fn marked(&mut self, life: ItemLife, at: Moment) {
        self.mark = Some((life, at));
        self.n_sales += u32::from(life == ItemLife::Sold);
    }

    fn refused(&mut self, at: Moment) {
        let Some(sold) = self.sold_at() else { return };
        self.n_refused += 1;
        if at.0 > sold.0 + SAME_SALE_MS {
            let before = self.second.map_or(0, |(n_sales, _)| n_sales);
            self.second = Some((before + 1, at));
        }
    }
}

/// Reads what the index has of an item.
pub(crate) fn read(
    table: &impl ReadableTable<(u32, u32), &'static [u8]>,
    item: (u32, u32),
) -> Result<Option<Life>, IndexError> {
    let Some(bytes) = table.get(item)? else { return Ok(None) };
    let life = serde_json::from_slice(bytes.value());
    life.map(Some).map_err(|error| IndexError::Damaged(error.to_string()))
}

fn change(
    transaction: &redb::WriteTransaction,
    item: (u32, u32),
    change: impl FnOnce(&mut Life),
) -> Result<(), IndexError> {
    let mut table = transaction.open_table(LIVES)?;
    let mut life = read(&table, item)?.unwrap_or_default();
    change(&mut life);
    table.insert(item, json!(life).to_string().as_bytes())?;
    Ok(())
}

/// Notes what an event says of an item.
pub(crate) fn note(
    transaction: &redb::WriteTransaction,
    event: &IndexedEvent,
) -> Result<(), IndexError> {
    if (event.pallet.as_str(), event.name.as_str()) != ("Labels", "ItemMarked") {
        return Ok(());
    }
    let number = |value: &Json| value.as_u64().and_then(|it| u32::try_from(it).ok());
    let fields = &event.fields;
    let life = serde_json::from_value(fields["life"].clone()).ok();
    match (number(&fields["series"]), number(&fields["index"]), life) {
        (Some(series), Some(index), Some(life)) => {
            change(transaction, (series, index), |it| it.marked(life, Moment(event.time_ms)))
        }
        _ => Ok(()),
    }
}

/// Notes that a second sale of an item was refused.
pub(crate) fn note_refused(
    transaction: &redb::WriteTransaction,
    item: (u32, u32),
    at: Moment,
) -> Result<(), IndexError> {
    change(transaction, item, |it| it.refused(at))
}

/// Items that calls of the block at `height` marked sold, where one of those calls was refused because
/// its item is sold: candidates, of which those that are sold were sold a second time.
pub(crate) async fn refused_sales(
    client: &Client,
    height: u32,
    events: &[PlacedEvent],
) -> Result<Vec<(u32, u32)>, Error> {
    let failures: Vec<_> = events
        .iter()
        .filter_map(|it| Some((it.transaction?, failure(&it.event)?)))
        .filter(|(_, error)| !error["Module"].is_null())
        .collect();
    if failures.is_empty() {
        return Ok(Vec::new());
    }
    let metadata = client.metadata().await?;
    let failed: Vec<_> = failures
        .into_iter()
        .filter(|(_, error)| {
            let found = pallet_error(&metadata, error);
            matches!(found, Some(Error::Dispatch { pallet, error, .. })
                if pallet == "Labels" && error == "AlreadySold")
        })
        .map(|(index, _)| index)
        .collect();
    if failed.is_empty() {
        return Ok(Vec::new());
    }
    let block = client.block(Some(height)).await?;
    let mut found = Vec::new();
    for placed in block["transactions"].as_array().into_iter().flatten() {
        let is_failed = |index: u64| failed.iter().any(|it| u64::from(*it) == index);
        if placed["index"].as_u64().is_some_and(is_failed) {
            sales(&placed["transaction"], &mut found);
        }
    }
    Ok(found)
}

/// Why a call failed, if that is what the event says.
fn failure(event: &EventRecord) -> Option<&Json> {
    match (event.pallet.as_str(), event.name.as_str()) {
        ("System", "ExtrinsicFailed") => Some(&event.fields["dispatch_error"]),
        ("Utility", "BatchInterrupted" | "ItemFailed") => Some(&event.fields["error"]),
        _ => None,
    }
}

/// Items that are marked sold by a call, or by those in it.
fn sales(call: &Json, found: &mut Vec<(u32, u32)>) {
    let number = |value: &Json| value.as_u64().and_then(|it| u32::try_from(it).ok());
    match call {
        Json::Object(fields) => {
            let (proof, life) = (&call["proof"], &call["life"]);
            if life == "Sold"
                && let (Some(series), Some(index)) =
                    (number(&proof["series"]), number(&proof["index"]))
            {
                found.push((series, index));
            }
            fields.values().for_each(|value| sales(value, found));
        }
        Json::Array(values) => values.iter().for_each(|value| sales(value, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_sale_counts_unless_it_is_the_same_sent_twice() {
        let mut life = Life::default();
        life.refused(Moment(5));
        assert_eq!(life, Life::default());
        life.marked(ItemLife::Sold, Moment(1000));
        life.refused(Moment(1000 + SAME_SALE_MS));
        assert_eq!((life.second, life.n_refused, life.n_sales), (None, 1, 1));
        life.refused(Moment(1001 + SAME_SALE_MS));
        life.refused(Moment(1002 + SAME_SALE_MS));
        assert_eq!(life.second, Some((2, Moment(1002 + SAME_SALE_MS))));
        // What came back may be sold again.
        life.marked(ItemLife::Returned, Moment(2000 + SAME_SALE_MS));
        assert_eq!(life.sold_at(), None);
        life.refused(Moment(9000 + SAME_SALE_MS));
        life.marked(ItemLife::Sold, Moment(9999 + SAME_SALE_MS));
        assert_eq!((life.n_sales, life.n_refused, life.second.unwrap().0), (2, 3, 2));
    }

    #[test]
    fn sales_are_found_in_calls_and_in_batches_of_calls() {
        let mark = |index: u32, life: &str| {
            json!({ "proof": { "series": 7, "index": index, "leaf": "0x", "path": [] },
                "batch": "0x00", "life": life })
        };
        let call = json!({
            "pallet": "Utility",
            "call": "batch_all",
            "arguments": { "calls": [
                { "Labels": { "mark_item": mark(1, "Sold") } },
                { "Labels": { "mark_item": mark(2, "Returned") } },
                { "Labels": { "mark_item": mark(3, "Sold") } },
            ] },
        });
        let mut found = Vec::new();
        sales(&call, &mut found);
        sales(&json!({ "arguments": mark(4, "Sold") }), &mut found);
        assert_eq!(found, [(7, 1), (7, 3), (7, 4)]);
    }
}
