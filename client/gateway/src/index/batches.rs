//! Batches and how they came from one another, as proven events say it.

use super::{IndexError, IndexedEvent};
use codec::{Decode, DecodeAll as _, Encode};
use ecoledger_client::{BaseUnit, BatchId, value::text_from_json};
use redb::{
    ReadOnlyTable, ReadTransaction, ReadableTable, Table, TableDefinition, WriteTransaction,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::{collections::BTreeMap, fmt};

/// The bytes of an [`Id`].
type Key<'a> = &'a [u8; 16];

const LOTS: TableDefinition<'_, (&str, &str), Key<'_>> = TableDefinition::new("lots");
const BATCHES: TableDefinition<'_, Key<'_>, &[u8]> = TableDefinition::new("batches");
const MADE_BY: TableDefinition<'_, Key<'_>, Key<'_>> = TableDefinition::new("made_by");
const USED_IN: TableDefinition<'_, (Key<'_>, u32, u32), Key<'_>> = TableDefinition::new("used_in");
const DERIVATIONS: TableDefinition<'_, Key<'_>, &[u8]> = TableDefinition::new("derivations");

/// Identity of a batch, or of a derivation, which is that of the first batch that it made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Id([u8; 16]);

impl Id {
    /// Reads an id as events and records write it: `0x` and 32 digits, or its bytes where they happen
    /// to be printable.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = match text.strip_prefix("0x") {
            Some(digits) => hex::decode(digits).ok()?,
            None => text.into(),
        };
        bytes.try_into().ok().map(Self)
    }
}

impl From<&BatchId> for Id {
    fn from(id: &BatchId) -> Self {
        Self::read(id.as_str()).expect("a batch's id has 32 digits; qed")
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("0x")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // By the ten thousand: without a text on the heap.
        let mut text = *b"0x00000000000000000000000000000000";
        let (_, digits) = text.split_at_mut(2);
        hex::encode_to_slice(self.0, digits).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(std::str::from_utf8(&text).map_err(serde::ser::Error::custom)?)
    }
}

/// A batch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize)]
pub struct Batch {
    /// Its product and lot; `None` for one that is older than the index.
    pub name: Option<(String, String)>,
    /// Unit of its quantities.
    pub unit: Option<BaseUnit>,
    /// What stands against it.
    pub marks: Marks,
}

/// What stands against a batch.
///
/// While a recall spreads, not every batch that it reaches is marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Marks {
    /// Recalls in force that have marked it.
    pub n_recalls: u32,
    /// Whether it is stopped.
    pub is_held: bool,
    /// Whether its latest test, or that of the batch which it was packed or parted from, failed.
    pub test_failed: bool,
}

impl Marks {
    /// Whether nothing stands against it.
    pub fn is_clear(&self) -> bool {
        *self == Self::default()
    }
}

/// How batches were made from batches.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Derivation {
    /// Kind, such as `Transformation`.
    pub kind: String,
    /// Organisation that did it.
    pub organisation: u32,
    /// When, as declared, in Unix milliseconds.
    pub event_time: u64,
    /// Height of its block.
    pub height: u32,
    /// Index of its transaction.
    pub transaction: Option<u32>,
    /// Batches that went in, with base units taken.
    pub inputs: Vec<Amount>,
    /// Batches that came out, with base units made.
    pub outputs: Vec<Amount>,
}

/// A batch and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Amount {
    /// The batch.
    pub batch: Id,
    /// Base units: milligrams, millilitres or pieces.
    #[codec(compact)]
    pub quantity: u128,
}

/// The tables, made if they are missing, for a block to be taken in.
pub(super) struct Writer<'t> {
    lots: Table<'t, (&'static str, &'static str), Key<'static>>,
    batches: Table<'t, Key<'static>, &'static [u8]>,
    made_by: Table<'t, Key<'static>, Key<'static>>,
    used_in: Table<'t, (Key<'static>, u32, u32), Key<'static>>,
    derivations: Table<'t, Key<'static>, &'static [u8]>,
    /// What derivations of this block, by batch and derivation, took and made: told before them.
    amounts: BTreeMap<(Id, Id), Told>,
}

/// What the event of a batch says of a derivation.
#[derive(Clone, Copy)]
struct Told {
    quantity: u128,
    event_time: u64,
}

impl<'t> Writer<'t> {
    pub(super) fn open(transaction: &'t WriteTransaction) -> Result<Self, IndexError> {
        Ok(Self {
            lots: transaction.open_table(LOTS)?,
            batches: transaction.open_table(BATCHES)?,
            made_by: transaction.open_table(MADE_BY)?,
            used_in: transaction.open_table(USED_IN)?,
            derivations: transaction.open_table(DERIVATIONS)?,
            amounts: BTreeMap::new(),
        })
    }

    /// Notes what a batch is called.
    pub(super) fn name(&mut self, gtin: &str, lot: &str, batch: Id) -> Result<(), IndexError> {
        self.lots.insert((gtin, lot), &batch.0)?;
        self.change(batch, |it| it.name = Some((gtin.to_owned(), lot.to_owned())))
    }

    /// Notes what an event says of batches.
    pub(super) fn note(&mut self, event: &IndexedEvent) -> Result<(), IndexError> {
        if event.pallet != "Traceability" {
            return Ok(());
        }
        let fields = &event.fields;
        if event.name == "BatchesDerived" {
            return self.derived(event);
        }
        let Some(batch) = fields["batch"].as_str().and_then(Id::read) else { return Ok(()) };
        match event.name.as_str() {
            "BatchRegistered" | "BatchProduced" => {
                let text = |value: &Json| text_from_json(value.as_str()?);
                let (gtin, lot) = (text(&fields["gtin"]), text(&fields["lot"]));
                self.name(&gtin.unwrap_or_default(), &lot.unwrap_or_default(), batch)
            }
            "TraceEventRecorded" => self.happened(batch, &fields["event"]),
            "BatchRecalled" => self.mark(batch, |it| it.n_recalls = it.n_recalls.saturating_add(1)),
            "RecallMarkRemoved" => {
                self.mark(batch, |it| it.n_recalls = it.n_recalls.saturating_sub(1))
            }
            "BatchHeld" => self.mark(batch, |it| it.is_held = true),
            "BatchReleased" => self.mark(batch, |it| it.is_held = false),
            "BatchTested" => self.mark(batch, |it| it.test_failed = fields["passed"] == false),
            _ => Ok(()),
        }
    }

    fn happened(&mut self, batch: Id, event: &Json) -> Result<(), IndexError> {
        if let Some(derivation) = event["reference"]["Derivation"].as_str().and_then(Id::read) {
            let quantity = number(&event["quantity"]).unwrap_or_default();
            let event_time = event["event_time"].as_u64().unwrap_or_default();
            self.amounts.insert((batch, derivation), Told { quantity, event_time });
        }
        let unit = BaseUnit::deserialize(&event["unit"]).ok();
        self.change(batch, |it| it.unit = it.unit.or(unit))
    }

    fn derived(&mut self, event: &IndexedEvent) -> Result<(), IndexError> {
        let fields = &event.fields;
        let ids = |list: &Json| -> Vec<Id> {
            let texts = list.as_array().into_iter().flatten().filter_map(Json::as_str);
            texts.filter_map(Id::read).collect()
        };
        let Some(id) = fields["derivation"].as_str().and_then(Id::read) else { return Ok(()) };
        let mut event_time = 0;
        let mut amounts = |ids: &[Id]| -> Vec<Amount> {
            let told = ids.iter().map(|batch| (*batch, self.amounts.get(&(*batch, id))));
            told.map(|(batch, told)| {
                event_time = told.map_or(event_time, |it| it.event_time);
                Amount { batch, quantity: told.map_or(0, |it| it.quantity) }
            })
            .collect()
        };
        let (from, made) = (ids(&fields["inputs"]), ids(&fields["outputs"]));
        let (inputs, outputs) = (amounts(&from), amounts(&made));
        let kind = fields["kind"].as_str().unwrap_or_default().to_owned();
        // As on the chain: goods that are only parted, packed or given back keep their test.
        if matches!(kind.as_str(), "Split" | "Packing" | "Return")
            && let Some(whole) = from.first()
        {
            let test_failed = self.batch(*whole)?.marks.test_failed;
            for batch in &made {
                self.mark(*batch, |it| it.test_failed = test_failed)?;
            }
        }
        for batch in &made {
            self.made_by.insert(&batch.0, &id.0)?;
        }
        for batch in &from {
            self.used_in.insert((&batch.0, event.height, event.number), &id.0)?;
        }
        let organisation = fields["organisation"].as_u64().and_then(|it| u32::try_from(it).ok());
        let derivation = Derivation {
            kind,
            organisation: organisation.unwrap_or_default(),
            event_time,
            height: event.height,
            transaction: event.transaction,
            inputs,
            outputs,
        };
        self.derivations.insert(&id.0, derivation.encode().as_slice())?;
        Ok(())
    }

    fn batch(&self, id: Id) -> Result<Batch, IndexError> {
        self.batches.get(&id.0)?.map_or_else(|| Ok(Batch::default()), |it| read(it.value()))
    }

    fn mark(&mut self, id: Id, change: impl FnOnce(&mut Marks)) -> Result<(), IndexError> {
        self.change(id, |it| change(&mut it.marks))
    }

    fn change(&mut self, id: Id, change: impl FnOnce(&mut Batch)) -> Result<(), IndexError> {
        let before = self.batch(id)?;
        let mut batch = before.clone();
        change(&mut batch);
        if batch != before {
            self.batches.insert(&id.0, batch.encode().as_slice())?;
        }
        Ok(())
    }
}

/// The tables at one moment.
pub(super) struct Reader {
    lots: ReadOnlyTable<(&'static str, &'static str), Key<'static>>,
    batches: ReadOnlyTable<Key<'static>, &'static [u8]>,
    made_by: ReadOnlyTable<Key<'static>, Key<'static>>,
    used_in: ReadOnlyTable<(Key<'static>, u32, u32), Key<'static>>,
    derivations: ReadOnlyTable<Key<'static>, &'static [u8]>,
}

impl Reader {
    pub(super) fn open(transaction: &ReadTransaction) -> Result<Self, IndexError> {
        Ok(Self {
            lots: transaction.open_table(LOTS)?,
            batches: transaction.open_table(BATCHES)?,
            made_by: transaction.open_table(MADE_BY)?,
            used_in: transaction.open_table(USED_IN)?,
            derivations: transaction.open_table(DERIVATIONS)?,
        })
    }

    /// The id of a lot.
    pub(super) fn id(&self, gtin: &str, lot: &str) -> Result<Option<Id>, IndexError> {
        Ok(self.lots.get((gtin, lot))?.map(|it| Id(*it.value())))
    }

    /// At most `limit` lots of a product behind `after`, ascending.
    pub(super) fn lots(
        &self,
        gtin: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Id)>, IndexError> {
        let mut found = Vec::new();
        for entry in self.lots.range((gtin, after.unwrap_or_default())..)? {
            let (key, batch) = entry?;
            let (other, lot) = key.value();
            if other != gtin || found.len() == limit {
                break;
            }
            if after != Some(lot) {
                found.push((lot.to_owned(), Id(*batch.value())));
            }
        }
        Ok(found)
    }

    /// What is known of a batch; nothing, of one that no event names.
    pub(super) fn batch(&self, id: Id) -> Result<Batch, IndexError> {
        self.batches.get(&id.0)?.map_or_else(|| Ok(Batch::default()), |it| read(it.value()))
    }

    /// The derivation that made a batch.
    pub(super) fn made_by(&self, id: Id) -> Result<Option<Id>, IndexError> {
        Ok(self.made_by.get(&id.0)?.map(|it| Id(*it.value())))
    }

    /// At most `limit` of the derivations that a batch went into, oldest first.
    pub(super) fn used_in(&self, id: Id, limit: usize) -> Result<Vec<Id>, IndexError> {
        let range = self.used_in.range((&id.0, 0, 0)..=(&id.0, u32::MAX, u32::MAX))?;
        range.take(limit).map(|entry| Ok(Id(*entry?.1.value()))).collect()
    }

    pub(super) fn derivation(&self, id: Id) -> Result<Option<Derivation>, IndexError> {
        self.derivations.get(&id.0)?.map(|it| read(it.value())).transpose()
    }
}

/// An integer of an event: a number, or its digits.
fn number(value: &Json) -> Option<u128> {
    match value {
        Json::String(digits) => digits.parse().ok(),
        number => number.as_u64().map(u128::from),
    }
}

fn read<T: Decode>(mut bytes: &[u8]) -> Result<T, IndexError> {
    T::decode_all(&mut bytes).map_err(|error| IndexError::Damaged(error.to_string()))
}
