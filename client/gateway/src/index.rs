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
//! names        batch                      → GTIN, lot
//! series       GTIN or organic prefix, id → nothing: where a code can be
//! records      series                     → the series' record when it was made
//! lives        series, position           → what became of an item (`life`)
//! documents    SHA-256                    → nothing: it is named as a document's (`documents`)
//! made_from    batch, derivation          → nothing
//! used_in      batch, derivation          → nothing
//! derivations  derivation                 → inputs, outputs, kind, place
//! amounts      batch, derivation          → base units
//! ```

use crate::{
    documents,
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
use std::{collections::BTreeSet, path::Path};

const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
const EVENTS: TableDefinition<'_, (u32, u32), &[u8]> = TableDefinition::new("events");
const SUBJECTS: TableDefinition<'_, (&str, u32, u32), ()> = TableDefinition::new("subjects");
const LOTS: TableDefinition<'_, (&str, &str), &str> = TableDefinition::new("lots");
const SERIES: TableDefinition<'_, (&str, u32), ()> = TableDefinition::new("series");
const RECORDS: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("records");
const NAMES: TableDefinition<'_, &str, (&str, &str)> = TableDefinition::new("names");
const MADE_FROM: TableDefinition<'_, (&str, &str), ()> = TableDefinition::new("made_from");
const USED_IN: TableDefinition<'_, (&str, &str), ()> = TableDefinition::new("used_in");
const DERIVATIONS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("derivations");
const AMOUNTS: TableDefinition<'_, (&str, &str), &str> = TableDefinition::new("amounts");

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
    /// An entry cannot be read.
    #[error("index: {0}; delete the file, it is built again")]
    Damaged(String),
}

impl<E: Into<redb::Error>> From<E> for IndexError {
    fn from(error: E) -> Self {
        Self::Database(Box::new(error.into()))
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

/// How batches were made from batches.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Derivation {
    /// Its id on the chain, `0x` and 32 digits.
    pub id: String,
    /// Kind, such as `Transformation`.
    pub kind: String,
    /// Height of its block.
    pub height: u32,
    /// Index of its transaction.
    pub transaction: Option<u32>,
    /// Batches that went in, with base units (mg, ml or pieces) taken.
    pub inputs: Vec<Amount>,
    /// Batches that came out, with base units made.
    pub outputs: Vec<Amount>,
}

/// Most batches of a trace.
const TRACE_MAX: usize = 20_000;

/// Batches that a trace reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trace {
    /// Nearest first.
    pub rows: Vec<TraceRow>,
    /// Whether none was left out for there being too many.
    pub complete: bool,
}

/// A batch that a trace reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TraceRow {
    /// Its id.
    pub batch: String,
    /// Its product and lot.
    pub name: Option<(String, String)>,
    /// Base units of it that were taken or made, as digits.
    pub quantity: Option<String>,
    /// Generations away.
    pub depth: u32,
    /// The batch next to it on the way.
    pub next_to: String,
    /// Id of the derivation between the two.
    pub derivation: String,
    /// Its kind, such as `Transformation`.
    pub kind: String,
    /// Height of its block.
    pub height: u32,
}

/// A batch and how much of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    /// Its id.
    pub batch: String,
    /// Its product and lot.
    pub name: Option<(String, String)>,
    /// Base units, as digits; `None` where no event says.
    pub quantity: Option<String>,
}

/// What was made in a block, as its records say; each is held to the proven event by the follower.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// Label series.
    pub series: Vec<(u32, Series)>,
    /// GTIN, lot and id of batches that were made from others.
    pub lots: Vec<(String, String, String)>,
    /// Series and position of items of which a second sale was refused, if they are sold.
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
            transaction.open_table(LOTS)?;
            transaction.open_table(NAMES)?;
            transaction.open_table(LIVES)?;
            transaction.open_table(documents::NAMED)?;
            transaction.open_table(SERIES)?;
            transaction.open_table(RECORDS)?;
            transaction.open_table(MADE_FROM)?;
            transaction.open_table(USED_IN)?;
            transaction.open_table(DERIVATIONS)?;
            transaction.open_table(AMOUNTS)?;
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
            for (number, placed) in (0u32..).zip(&block.events.events) {
                if placed.event.pallet == "System" {
                    continue;
                }
                let event = indexed(block, number, placed);
                for subject in subjects_of(&event) {
                    subjects.insert((subject.as_str(), got, number), ())?;
                }
                events.insert((got, number), json!(event).to_string().as_bytes())?;
                note(&transaction, &event)?;
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
            let mut lots = transaction.open_table(LOTS)?;
            let mut names = transaction.open_table(NAMES)?;
            for (gtin, lot, batch) in &made.lots {
                lots.insert((gtin.as_str(), lot.as_str()), batch.as_str())?;
                names.insert(batch.as_str(), (gtin.as_str(), lot.as_str()))?;
            }
            let mut meta = transaction.open_table(META)?;
            meta.insert("checkpoint", json!(block.checkpoint).to_string().as_bytes())?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Events that name a subject such as `batch:0x…`, `series:4`, `certificate:1`, oldest first.
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
        let (height, number) = after.map_or((0, 0), |(height, number)| (height, number + 1));
        let mut found = Vec::new();
        let range = subjects.range((subject, height, number)..=(subject, u32::MAX, u32::MAX))?;
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

    /// The id of a batch.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn batch(&self, gtin: &str, lot: &str) -> Result<Option<String>, IndexError> {
        let lots = self.database.begin_read()?.open_table(LOTS)?;
        Ok(lots.get((gtin, lot))?.map(|it| it.value().to_owned()))
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
    ) -> Result<Vec<(String, String)>, IndexError> {
        let lots = self.database.begin_read()?.open_table(LOTS)?;
        let mut found = Vec::new();
        for entry in lots.range((gtin, after.unwrap_or_default())..)? {
            let (key, batch) = entry?;
            let (other, lot) = key.value();
            if other != gtin || found.len() == limit {
                break;
            }
            if after != Some(lot) {
                found.push((lot.to_owned(), batch.value().to_owned()));
            }
        }
        Ok(found)
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

    /// Derivations that a batch came out of, or with `forward` those that it went into, oldest first.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn derivations_of(
        &self,
        batch: &str,
        forward: bool,
    ) -> Result<Vec<Derivation>, IndexError> {
        let transaction = self.database.begin_read()?;
        let links = transaction.open_table(if forward { USED_IN } else { MADE_FROM })?;
        let derivations = transaction.open_table(DERIVATIONS)?;
        let amounts = transaction.open_table(AMOUNTS)?;
        let names = transaction.open_table(NAMES)?;
        let mut found = Vec::new();
        // Ids have 32 hexadecimal digits, all of which are before this.
        for entry in links.range((batch, "")..(batch, "~"))? {
            let (key, _) = entry?;
            let (_, id) = key.value();
            let stored = derivations.get(id)?;
            let stored =
                stored.ok_or_else(|| IndexError::Damaged(format!("derivation {id} is missing")))?;
            let mut derivation: Derivation = read(stored.value())?;
            for amount in derivation.inputs.iter_mut().chain(&mut derivation.outputs) {
                let units = amounts.get((amount.batch.as_str(), id))?;
                amount.quantity = units.map(|it| it.value().to_owned());
                let name = names.get(amount.batch.as_str())?;
                amount.name = name.map(|it| {
                    let (gtin, lot) = it.value();
                    (gtin.to_owned(), lot.to_owned())
                });
            }
            found.push(derivation);
        }
        Ok(found)
    }

    /// What a batch was made from, or with `forward` what was made of it, nearest first; each batch
    /// once, by the shortest way.
    ///
    /// - `depth`: generations.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn trace(&self, batch: &str, forward: bool, depth: u32) -> Result<Trace, IndexError> {
        let mut seen = BTreeSet::from([batch.to_owned()]);
        let mut rows: Vec<TraceRow> = Vec::new();
        let mut from = vec![batch.to_owned()];
        for generation in 1..=depth {
            let mut reached = Vec::new();
            for batch in &from {
                for derivation in self.derivations_of(batch, forward)? {
                    let Derivation { id, kind, height, inputs, outputs, .. } = derivation;
                    for amount in if forward { outputs } else { inputs } {
                        if !seen.insert(amount.batch.clone()) {
                            continue;
                        }
                        if rows.len() == TRACE_MAX {
                            return Ok(Trace { rows, complete: false });
                        }
                        reached.push(amount.batch.clone());
                        rows.push(TraceRow {
                            batch: amount.batch,
                            name: amount.name,
                            quantity: amount.quantity,
                            depth: generation,
                            next_to: batch.clone(),
                            derivation: id.clone(),
                            kind: kind.clone(),
                            height,
                        });
                    }
                }
            }
            if reached.is_empty() {
                break;
            }
            from = reached;
        }
        Ok(Trace { rows, complete: true })
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
            // A batch is named by 32 digits; a root of 64 is none.
            if kind.is_some_and(|kind| kind != "batch" || text.len() == 34) {
                found.insert(format!("{}:{text}", kind.unwrap_or_default()));
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

/// Where codes of a series are looked for.
fn place_of(series: &Series) -> String {
    match &series.scheme {
        CodeScheme::Gs1Serial => series.gtin.to_string(),
        CodeScheme::Organic { certifier, year } => format!("{certifier}{year}"),
    }
}

/// Notes what an event says of batches and how they came to be.
fn note(transaction: &redb::WriteTransaction, event: &IndexedEvent) -> Result<(), IndexError> {
    let fields = &event.fields;
    if event.pallet != "Traceability" {
        return Ok(());
    }
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    match event.name.as_str() {
        "BatchRegistered" | "BatchProduced" => {
            let lot = text(&fields["lot"]);
            let lot = ecoledger_client::value::text_from_json(&lot).unwrap_or(lot);
            let (gtin, batch) = (text(&fields["gtin"]), text(&fields["batch"]));
            let name = (gtin.as_str(), lot.as_str());
            transaction.open_table(LOTS)?.insert(name, batch.as_str())?;
            transaction.open_table(NAMES)?.insert(batch.as_str(), name)?;
        }
        "BatchesDerived" => {
            let id = text(&fields["derivation"]);
            let ids = |list: &Json| -> Vec<String> {
                list.as_array().into_iter().flatten().map(text).collect()
            };
            let (inputs, outputs) = (ids(&fields["inputs"]), ids(&fields["outputs"]));
            let mut made_from = transaction.open_table(MADE_FROM)?;
            for batch in &outputs {
                made_from.insert((batch.as_str(), id.as_str()), ())?;
            }
            let mut used_in = transaction.open_table(USED_IN)?;
            for batch in &inputs {
                used_in.insert((batch.as_str(), id.as_str()), ())?;
            }
            let amounts = |ids: Vec<String>| {
                ids.into_iter().map(|batch| Amount { batch, name: None, quantity: None }).collect()
            };
            let derivation = Derivation {
                id: id.clone(),
                kind: fields["kind"].as_str().unwrap_or_default().to_owned(),
                height: event.height,
                transaction: event.transaction,
                inputs: amounts(inputs),
                outputs: amounts(outputs),
            };
            let bytes = json!(derivation).to_string();
            transaction.open_table(DERIVATIONS)?.insert(id.as_str(), bytes.as_bytes())?;
        }
        "TraceEventRecorded" => {
            let happened = &fields["event"];
            if let Some(id) = happened["reference"]["Derivation"].as_str() {
                let quantity = match &happened["quantity"] {
                    Json::String(digits) => digits.clone(),
                    number => number.to_string(),
                };
                let batch = text(&fields["batch"]);
                let mut amounts = transaction.open_table(AMOUNTS)?;
                amounts.insert((batch.as_str(), id), quantity.as_str())?;
            }
        }
        _ => {}
    }
    Ok(())
}
