//! What became of single items, as the index knows it: marks, and second sales that were refused.
//!
//! The chain refuses to mark an item sold that is sold and did not come back. The call fails, and the
//! failed call stays in its block: whoever holds goods has met the code a second time, or has sent the
//! sale twice. That it failed so is proven with the block's events, and which item it named with the
//! block's transactions. The chain finds a code in its series before it looks at its mark: nobody is
//! refused so without it.

use crate::index::{IndexError, IndexedEvent};
use ecoledger_client::{
    Client, Error, Moment, PlacedEvent, labels::ItemLife, pallet_error, proof::ProvenBlock,
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

/// Which call of a transaction failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failed {
    /// The transaction's own.
    Own,
    /// That at this place in its batch; those before it were carried out or failed too.
    OfBatch(usize),
}

/// Items of which a second sale was refused in a block.
pub(crate) async fn refused_sales(
    client: &Client,
    block: &ProvenBlock,
) -> Result<Vec<(u32, u32)>, Error> {
    let mut failures = failures(&block.events.events);
    if failures.is_empty() {
        return Ok(Vec::new());
    }
    let metadata = client.metadata().await?;
    failures.retain(|(_, _, error)| {
        let found = pallet_error(&metadata, error);
        matches!(found, Some(Error::Dispatch { pallet, error, .. })
            if pallet == "Labels" && error == "AlreadySold")
    });
    if failures.is_empty() {
        return Ok(Vec::new());
    }
    let transactions = client.transactions_of(block).await?;
    let sale_of = |(index, failed, _): &(u32, Failed, &Json)| {
        refused_sale(transactions.get(*index as usize)?, *failed)
    };
    Ok(failures.iter().filter_map(sale_of).collect())
}

/// Failures of calls: the transaction, which of its calls, and why.
fn failures(events: &[PlacedEvent]) -> Vec<(u32, Failed, &Json)> {
    let mut found = Vec::new();
    let (mut within, mut n_done) = (None, 0);
    for placed in events {
        let Some(transaction) = placed.transaction else { continue };
        if within.replace(transaction) != Some(transaction) {
            n_done = 0;
        }
        let fields = &placed.event.fields;
        match (placed.event.pallet.as_str(), placed.event.name.as_str()) {
            ("System", "ExtrinsicFailed") => {
                found.push((transaction, Failed::Own, &fields["dispatch_error"]));
            }
            ("Utility", "BatchInterrupted") => {
                let place = fields["index"].as_u64().and_then(|it| usize::try_from(it).ok());
                found.extend(place.map(|it| (transaction, Failed::OfBatch(it), &fields["error"])));
            }
            ("Utility", "ItemCompleted") => n_done += 1,
            ("Utility", "ItemFailed") => {
                found.push((transaction, Failed::OfBatch(n_done), &fields["error"]));
                n_done += 1;
            }
            _ => {}
        }
    }
    found
}

/// Series and position of the item that the call that failed would have marked; `None` unless it is
/// certain which call that was: in a batch of marks only, for batches within batches have events of
/// their own, and of `batch_all` nothing says which call failed.
fn refused_sale(transaction: &Json, failed: Failed) -> Option<(u32, u32)> {
    let arguments = &transaction["arguments"];
    let name = (transaction["pallet"].as_str()?, transaction["call"].as_str()?);
    let mark = match (name, failed) {
        (("Labels", "mark_item"), Failed::Own) => arguments,
        (("Utility", "batch" | "force_batch"), Failed::OfBatch(place)) => {
            let calls = arguments["calls"].as_array()?;
            let marks: Option<Vec<_>> =
                calls.iter().map(|call| call.get("Labels")?.get("mark_item")).collect();
            marks?.get(place).copied()?
        }
        _ => return None,
    };
    // To destroy what is sold is refused with the same error.
    if mark["life"] != "Sold" {
        return None;
    }
    let number = |field: &str| u32::try_from(mark["proof"][field].as_u64()?).ok();
    Some((number("series")?, number("index")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecoledger_client::EventRecord;

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

    const ERROR: &str = "it is sold";

    /// Events of a transaction: pallet, name, and the place of what failed where it is said.
    fn events(of: &[(u32, &str, &str, Option<u32>)]) -> Vec<PlacedEvent> {
        let placed =
            |(transaction, pallet, name, index): &(u32, &str, &str, Option<u32>)| PlacedEvent {
                transaction: Some(*transaction),
                event: EventRecord {
                    pallet: (*pallet).into(),
                    name: (*name).into(),
                    fields: json!({ "dispatch_error": ERROR, "error": ERROR, "index": index }),
                },
            };
        of.iter().map(placed).collect()
    }

    #[test]
    fn failures_are_placed_at_their_calls() {
        let events = events(&[
            (1, "Utility", "ItemCompleted", None),
            (1, "Utility", "ItemFailed", None),
            (1, "Utility", "ItemFailed", None),
            (2, "Utility", "ItemFailed", None),
            (3, "Utility", "BatchInterrupted", Some(5)),
            (4, "System", "ExtrinsicFailed", None),
            (5, "System", "ExtrinsicSuccess", None),
        ]);
        let found: Vec<_> = failures(&events).iter().map(|it| (it.0, it.1)).collect();
        assert_eq!(
            found,
            [
                (1, Failed::OfBatch(1)),
                (1, Failed::OfBatch(2)),
                (2, Failed::OfBatch(0)),
                (3, Failed::OfBatch(5)),
                (4, Failed::Own)
            ]
        );
    }

    #[test]
    fn only_the_call_that_failed_names_an_item() {
        let mark = |index: u32| json!({ "proof": { "series": 7, "index": index }, "life": "Sold" });
        let nested = |index: u32| json!({ "Labels": { "mark_item": mark(index) } });
        let transaction = |pallet: &str, call: &str, arguments: Json| json!({ "pallet": pallet, "call": call, "arguments": arguments });
        let own = transaction("Labels", "mark_item", mark(4));
        let batch =
            |call: &str, calls: Json| transaction("Utility", call, json!({ "calls": calls }));
        let marks = json!([nested(1), nested(2)]);
        let mixed = json!([nested(1), { "Utility": { "batch": { "calls": [nested(3)] } } }]);
        let mut destroyed = mark(5);
        destroyed["life"] = json!("Destroyed");
        for (transaction, failed, expected) in [
            (own.clone(), Failed::Own, Some((7, 4))),
            (own, Failed::OfBatch(0), None),
            (batch("batch", marks.clone()), Failed::OfBatch(1), Some((7, 2))),
            (batch("force_batch", marks.clone()), Failed::OfBatch(0), Some((7, 1))),
            (batch("force_batch", marks.clone()), Failed::OfBatch(2), None),
            (batch("batch_all", marks), Failed::Own, None),
            (transaction("Labels", "mark_item", destroyed), Failed::Own, None),
            (batch("force_batch", mixed), Failed::OfBatch(0), None),
            (transaction("Labels", "create_series", mark(1)), Failed::Own, None),
        ] {
            assert_eq!(refused_sale(&transaction, failed), expected, "{transaction}");
        }
    }
}
