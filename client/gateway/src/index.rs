//! The index: what happened to what, found without asking the chain.
//!
//! It is made of the events of proven blocks alone, in their order, and holds nothing else: wiped,
//! it is built again from the blocks and says the same. One transaction for each block; a crash
//! leaves it at an earlier block.
//!
//! ```text
//! meta         name                       → schema, genesis, the last block as a checkpoint
//! events       height, number             → event as JSON
//! subjects     subject, height, number    → nothing: the events that name it
//! lots         GTIN, lot                  → batch
//! batches      batch                      → GTIN, lot, unit, what stands against it
//! series       GTIN or organic prefix, id → nothing: where a code can be
//! records      series                     → the series' record when it was made
//! lives        series, position           → what became of an item (`life`)
//! documents    SHA-256                    → nothing: it is named as a document's (`documents`)
//! made_by      batch                      → derivation
//! used_in      batch, height, number      → derivation
//! derivations  derivation                 → how, by whom, when, where, inputs and outputs
//! ```
//!
//! Batches and derivations are SCALE, for they are read by the thousand (`graph`); what else has
//! fields is JSON.

mod batches;
mod graph;

pub use batches::{Amount, Batch, Derivation, Id, Marks};
pub use graph::{Direction, GRAPH_MAX, Graph, Node, TraceRow, WholeDerivation, quantity_of};

use crate::{
    damage, documents,
    life::{self, LIVES, Life},
};
use ecoledger_client::{
    PlacedEvent,
    labels::{CodeScheme, Series},
    proof::{Checkpoint, ProvenBlock},
};
use redb::{
    Database, Durability, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
    path::Path,
};

const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
const EVENTS: TableDefinition<'_, (u32, u32), &[u8]> = TableDefinition::new("events");
const SUBJECTS: TableDefinition<'_, (&str, u32, u32), ()> = TableDefinition::new("subjects");
const SERIES: TableDefinition<'_, (&str, u32), ()> = TableDefinition::new("series");
const RECORDS: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("records");

/// Version of the layout above.
const SCHEMA: &[u8] = b"2";
/// Blocks between two that are forced to the disk: after a crash so many are read again.
const DURABLE_EVERY: u32 = 32;

/// Why the index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The database cannot be read or written.
    #[error("index: {0}")]
    Database(Box<redb::Error>),
    /// It was made by another version.
    #[error("index: layout {found} is not {expected}; delete the file, it is built again")]
    Schema {
        /// What the file says.
        found: String,
        /// What this program writes.
        expected: String,
    },
    /// It is another chain's.
    #[error("index: it is of the chain {found}, not of {expected}; give another folder")]
    OtherChain {
        /// The chain of the file.
        found: String,
        /// The chain of the node.
        expected: String,
    },
    /// A block does not follow on the last one.
    #[error("index: block {got} does not follow on {last}")]
    Gap {
        /// Last height in it.
        last: u32,
        /// Height given.
        got: u32,
    },
    /// The file, or an entry of it, cannot be read.
    #[error("index: index.redb is damaged ({0}); delete it, it is built again")]
    Damaged(String),
}

impl<E: Into<redb::Error>> From<E> for IndexError {
    fn from(error: E) -> Self {
        let error = error.into();
        match damage::of(&error) {
            Some(why) => Self::Damaged(why),
            None => Self::Database(Box::new(error)),
        }
    }
}

/// An event with where and when it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndexedEvent {
    /// Height of the block.
    pub height: u32,
    /// Its number in the block.
    pub number: u32,
    /// Time of the block, in Unix milliseconds.
    pub time_ms: u64,
    /// Index of its transaction in the block; `None` for what the block itself did.
    pub transaction: Option<u32>,
    /// Pallet that emitted it.
    pub pallet: String,
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Json,
}

/// What was made in a block, as its records say; each is held to the proven event by the follower.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// Label series.
    pub series: Vec<(u32, Series)>,
    /// GTIN, lot and id of batches that were made from others.
    pub lots: Vec<(String, String, Id)>,
    /// Series and position of items of which a second sale was refused.
    pub refused_sales: Vec<(u32, u32)>,
    /// Records that name documents which no event names.
    pub records: Vec<Json>,
}

/// The index over one chain.
pub struct Index {
    database: Database,
}

impl Index {
    /// Opens the file, or makes it; `start` is where an empty one begins.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn open(file: &Path, start: &Checkpoint) -> Result<Self, IndexError> {
        let database = Database::create(file)?;
        let transaction = database.begin_write()?;
        {
            let mut meta = transaction.open_table(META)?;
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let found = meta.get("schema")?.map(|it| text(it.value()));
            match found {
                None => {
                    meta.insert("schema", SCHEMA)?;
                    meta.insert("checkpoint", json!(start).to_string().as_bytes())?;
                }
                Some(found) if found.as_bytes() != SCHEMA => {
                    return Err(IndexError::Schema { found, expected: text(SCHEMA) });
                }
                Some(_) => {}
            }
            transaction.open_table(EVENTS)?;
            transaction.open_table(SUBJECTS)?;
            transaction.open_table(LIVES)?;
            transaction.open_table(documents::NAMED)?;
            transaction.open_table(SERIES)?;
            transaction.open_table(RECORDS)?;
            batches::Writer::open(&transaction)?;
        }
        transaction.commit()?;
        let index = Self { database };
        let (found, expected) =
            (index.checkpoint()?.genesis.to_string(), start.genesis.to_string());
        if found != expected {
            return Err(IndexError::OtherChain { found, expected });
        }
        Ok(index)
    }

    /// The last block in it, as a checkpoint.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn checkpoint(&self) -> Result<Checkpoint, IndexError> {
        let meta = self.database.begin_read()?.open_table(META)?;
        let found = meta.get("checkpoint")?;
        let found = found.ok_or_else(|| IndexError::Damaged("it has no checkpoint".into()))?;
        read(found.value())
    }

    /// Takes in the next block.
    ///
    /// - `made`: records of what was made in it.
    ///
    /// # Errors
    /// [`IndexError::Gap`] unless it follows on the last one; nothing is changed then.
    pub fn apply(&self, block: &ProvenBlock, made: &Made) -> Result<(), IndexError> {
        let (last, got) = (self.checkpoint()?.height, block.checkpoint.height);
        if last.checked_add(1) != Some(got) {
            return Err(IndexError::Gap { last, got });
        }
        let mut transaction = self.database.begin_write()?;
        if !got.is_multiple_of(DURABLE_EVERY) {
            transaction.set_durability(Durability::None)?;
        }
        {
            let mut events = transaction.open_table(EVENTS)?;
            let mut subjects = transaction.open_table(SUBJECTS)?;
            let mut batches = batches::Writer::open(&transaction)?;
            for (gtin, lot, batch) in &made.lots {
                batches.name(gtin, lot, *batch)?;
            }
            for (number, placed) in (0u32..).zip(&block.events.events) {
                if placed.event.pallet == "System" {
                    continue;
                }
                let event = indexed(block, number, placed);
                for subject in subjects_of(&event) {
                    subjects.insert((subject.as_str(), got, number), ())?;
                }
                events.insert((got, number), json!(event).to_string().as_bytes())?;
                batches.note(&event)?;
                life::note(&transaction, &event)?;
                documents::note(&transaction, &event.fields)?;
            }
            for item in &made.refused_sales {
                life::note_refused(&transaction, *item, block.checkpoint.time_ms)?;
            }
            for record in &made.records {
                documents::note(&transaction, record)?;
            }
            let mut series = transaction.open_table(SERIES)?;
            let mut records = transaction.open_table(RECORDS)?;
            for (id, record) in &made.series {
                series.insert((place_of(record).as_str(), *id), ())?;
                records.insert(*id, json!(record).to_string().as_bytes())?;
            }
            let mut meta = transaction.open_table(META)?;
            meta.insert("checkpoint", json!(block.checkpoint).to_string().as_bytes())?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Events that name a subject such as `batch:0x…`, `series:4`, `certificate:1`, or
    /// a purpose of money, `purpose:3/20250`; oldest first.
    ///
    /// - `after`: height and number of the last event of the page before.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn events_of(
        &self,
        subject: &str,
        after: Option<(u32, u32)>,
        limit: usize,
    ) -> Result<Vec<IndexedEvent>, IndexError> {
        let transaction = self.database.begin_read()?;
        let (subjects, events) =
            (transaction.open_table(SUBJECTS)?, transaction.open_table(EVENTS)?);
        let start = match after {
            None => Bound::Included((subject, 0, 0)),
            Some((height, number)) => Bound::Excluded((subject, height, number)),
        };
        let mut found = Vec::new();
        let range = subjects.range((start, Bound::Included((subject, u32::MAX, u32::MAX))))?;
        for entry in range.take(limit) {
            let (key, _) = entry?;
            let (_, height, number) = key.value();
            let event = events.get((height, number))?;
            let event = event.ok_or_else(|| {
                IndexError::Damaged(format!("event {number} of block {height} is missing"))
            })?;
            found.push(read(event.value())?);
        }
        Ok(found)
    }

    /// Events of a block, or of one of its transactions, in their order.
    ///
    /// - `from`: number of the first that is wanted.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn events_at(
        &self,
        height: u32,
        transaction: Option<u32>,
        from: u32,
        limit: usize,
    ) -> Result<Vec<IndexedEvent>, IndexError> {
        let events = self.database.begin_read()?.open_table(EVENTS)?;
        let mut found = Vec::new();
        for entry in events.range((height, from)..=(height, u32::MAX))? {
            if found.len() == limit {
                break;
            }
            let event: IndexedEvent = read(entry?.1.value())?;
            if transaction.is_none_or(|wanted| event.transaction == Some(wanted)) {
                found.push(event);
            }
        }
        Ok(found)
    }

    /// The id of a batch.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn batch(&self, gtin: &str, lot: &str) -> Result<Option<Id>, IndexError> {
        self.tables()?.id(gtin, lot)
    }

    /// What is known of batches.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn batches(
        &self,
        ids: impl IntoIterator<Item = Id>,
    ) -> Result<BTreeMap<Id, Batch>, IndexError> {
        let tables = self.tables()?;
        ids.into_iter().map(|id| Ok((id, tables.batch(id)?))).collect()
    }

    /// Lots of a product with their ids, ascending by lot.
    ///
    /// - `after`: last lot of the page before.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn lots(
        &self,
        gtin: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Id)>, IndexError> {
        self.tables()?.lots(gtin, after, limit)
    }

    fn tables(&self) -> Result<batches::Reader, IndexError> {
        batches::Reader::open(&self.database.begin_read()?)
    }

    /// The series in which a code can be: those of its product, or of its certification body and
    /// year; newest first.
    ///
    /// - `place`: a GTIN of 14 digits, or the first five digits of an organic code.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn series_at(&self, place: &str) -> Result<Vec<(u32, Series)>, IndexError> {
        let transaction = self.database.begin_read()?;
        let (series, records) = (transaction.open_table(SERIES)?, transaction.open_table(RECORDS)?);
        let mut found = Vec::new();
        for entry in series.range((place, 0)..=(place, u32::MAX))?.rev() {
            let (key, _) = entry?;
            let (_, id) = key.value();
            let record = records.get(id)?;
            let record =
                record.ok_or_else(|| IndexError::Damaged(format!("series {id} is missing")))?;
            found.push((id, read(record.value())?));
        }
        Ok(found)
    }

    /// A series as it was made.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn series(&self, id: u32) -> Result<Option<Series>, IndexError> {
        let records = self.database.begin_read()?.open_table(RECORDS)?;
        records.get(id)?.map(|record| read(record.value())).transpose()
    }

    /// Series from a number on, ascending, at most so many.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn series_from(&self, id: u32, limit: usize) -> Result<Vec<(u32, Series)>, IndexError> {
        let records = self.database.begin_read()?.open_table(RECORDS)?;
        let mut found = Vec::new();
        for entry in records.range(id..)?.take(limit) {
            let (id, record) = entry?;
            found.push((id.value(), read(record.value())?));
        }
        Ok(found)
    }

    /// What became of an item; `None` if nothing is recorded of it.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn life(&self, series: u32, index: u32) -> Result<Option<Life>, IndexError> {
        life::read(&self.database.begin_read()?.open_table(LIVES)?, (series, index))
    }

    /// Whether the chain names a document by this SHA-256 of 64 digits.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn names_document(&self, digest: &str) -> Result<bool, IndexError> {
        let named = self.database.begin_read()?.open_table(documents::NAMED)?;
        Ok(named.get(digest)?.is_some())
    }

    /// Forces all that is in it to the disk.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn flush(&self) -> Result<(), IndexError> {
        Ok(self.database.begin_write()?.commit()?)
    }

    /// Events in it.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn n_events(&self) -> Result<u64, IndexError> {
        Ok(self.database.begin_read()?.open_table(EVENTS)?.len()?)
    }
}

fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, IndexError> {
    serde_json::from_slice(bytes).map_err(|error| IndexError::Damaged(error.to_string()))
}

fn indexed(block: &ProvenBlock, number: u32, placed: &PlacedEvent) -> IndexedEvent {
    IndexedEvent {
        height: block.checkpoint.height,
        number,
        time_ms: block.checkpoint.time_ms.0,
        transaction: placed.transaction,
        pallet: placed.event.pallet.clone(),
        name: placed.event.name.clone(),
        fields: placed.event.fields.clone(),
    }
}

/// Fields that name what an event is about, and what kind of thing they name.
const NAMED: &[(&str, &str)] = &[
    ("batch", "batch"),
    ("batches", "batch"),
    ("root", "batch"),
    ("inputs", "batch"),
    ("outputs", "batch"),
    ("series", "series"),
    ("certificate", "certificate"),
    ("licence", "licence"),
    ("recall", "recall"),
    ("brand", "brand"),
    ("agreement", "agreement"),
    ("policy", "policy"),
    ("programme", "programme"),
];

/// What an event is about, in the words of [`Index::events_of`].
fn subjects_of(event: &IndexedEvent) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(&event.fields, None, &mut found);
    let number = |name: &str| event.fields[name].as_u64();
    if let (Some(programme), Some(tag)) = (number("programme"), number("tag")) {
        found.insert(format!("purpose:{programme}/{tag}"));
    }
    found
}

fn collect(value: &Json, kind: Option<&str>, found: &mut BTreeSet<String>) {
    match value {
        Json::Object(fields) => {
            for (name, value) in fields {
                let named = NAMED.iter().find(|(field, _)| field == name);
                collect(value, named.map(|(_, kind)| *kind), found);
            }
        }
        Json::Array(values) => values.iter().for_each(|value| collect(value, kind, found)),
        Json::String(text) => {
            match kind {
                // A batch is named by 32 digits; a root of 64 is none.
                Some("batch") => found.extend(Id::read(text).map(|id| format!("batch:{id}"))),
                Some(kind) => drop(found.insert(format!("{kind}:{text}"))),
                None => {}
            }
        }
        Json::Number(number) => {
            if let Some(kind) = kind.filter(|kind| *kind != "batch") {
                found.insert(format!("{kind}:{number}"));
            }
        }
        Json::Null | Json::Bool(_) => {}
    }
}

/// Batches that an event names.
pub fn batches_of(event: &IndexedEvent) -> BTreeSet<Id> {
    let subjects = subjects_of(event);
    subjects.iter().filter_map(|it| Id::read(it.strip_prefix("batch:")?)).collect()
}

/// Where codes of a series are looked for.
fn place_of(series: &Series) -> String {
    match &series.scheme {
        CodeScheme::Gs1Serial => series.gtin.to_string(),
        CodeScheme::Organic { certifier, year } => format!("{certifier}{year}"),
    }
}
