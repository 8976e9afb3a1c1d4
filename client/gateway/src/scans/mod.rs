//! How often, when and from where items are scanned: the gateway's own word, never the chain's.
//!
//! What is counted: the page of an item and the proof of its code, once an hour for an address,
//! without robots. What is stored of it: for each item, scans by day and the provinces that they came
//! from, and nothing of who scanned; addresses are told apart in memory only, under a salt that is new
//! each day (`visitor`). Provinces are those that the operator's proxy names; without one, there are
//! none. The file cannot be built again from blocks: it is to be backed up.
//!
//! Counting takes place in memory; once a second, and when the gateway stops, what was counted goes to
//! the disk in one transaction. A crash loses that second. Beyond `ITEMS_MAX` items, those that were
//! not scanned for the longest are forgotten.
//!
//! ```text
//! meta     name                → genesis: the chain whose items are counted
//! items    series, position    → days as `counts` writes them
//! latest   day, series, position → nothing: the item's last day with scans
//! ```

mod counts;
mod rules;
mod visitor;

pub(crate) use counts::{Counts, Day, Provinces};
pub(crate) use rules::Warning;
pub use rules::{Apart, ApartError, Thresholds};
pub(crate) use visitor::{Caller, Counted, Visitor};

use crate::damage;
use ecoledger_client::Moment;
use redb::{Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

const META: TableDefinition<'_, &str, &str> = TableDefinition::new("meta");
const ITEMS: TableDefinition<'_, Item, &[u8]> = TableDefinition::new("items");
const LATEST: TableDefinition<'_, (u32, u32, u32), ()> = TableDefinition::new("latest");

/// Items that are remembered: half a gigabyte where each was scanned on 32 days, less else.
pub(crate) const ITEMS_MAX: u64 = 1_000_000;
/// Items that wait to be written; with more at a time, further ones are not counted.
const WAITING_MAX: usize = 100_000;
/// How long what was counted may wait to be written.
const WRITE_EVERY: Duration = Duration::from_secs(1);
/// Milliseconds of a day, and those by which China Standard Time is ahead.
const DAY_MS: u64 = 86_400_000;
const AHEAD_MS: u64 = 8 * 3600 * 1000;

/// Series and position of an item.
type Item = (u32, u32);

/// Why counts cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum ScansError {
    /// The database cannot be read or written.
    #[error("scans: {0}")]
    Database(Box<redb::Error>),
    /// The file cannot be read. Nothing else has what is in it.
    #[error(
        "scans: scans.redb is damaged ({0}); restore it from a backup, or move it away and begin \
         without its counts"
    )]
    Damaged(String),
    /// They are of another chain's items.
    #[error("scans: they are of the chain {found}, not of {expected}; give another folder")]
    OtherChain {
        /// The chain of the file.
        found: String,
        /// The chain of the node.
        expected: String,
    },
}

impl<E: Into<redb::Error>> From<E> for ScansError {
    fn from(error: E) -> Self {
        let error = error.into();
        match damage::of(&error) {
            Some(why) => Self::Damaged(why),
            None => Self::Database(Box::new(error)),
        }
    }
}

/// Days since 1970 in China Standard Time.
pub(crate) fn day_of(moment: Moment) -> u32 {
    u32::try_from(moment.0.saturating_add(AHEAD_MS) / DAY_MS).unwrap_or(u32::MAX)
}

/// A day as a date.
pub(crate) fn date_of(day: u32) -> String {
    let text = Moment((u64::from(day) * DAY_MS).saturating_sub(AHEAD_MS)).to_string();
    text.get(..10).unwrap_or(&text).to_owned()
}

/// What is in memory.
struct Memory {
    seen: visitor::Seen,
    waiting: BTreeMap<Item, Counts>,
    /// Scans that were not counted since the last time, for want of room.
    n_lost: u64,
}

/// The counts.
pub(crate) struct Scans {
    database: Database,
    thresholds: Thresholds,
    items_max: u64,
    memory: Mutex<Memory>,
    /// Held while what waits is written.
    writing: Mutex<()>,
    many_wait: Notify,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Scans {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// [`ScansError`].
    pub(crate) fn open(
        file: &Path,
        genesis: &str,
        thresholds: Thresholds,
        items_max: u64,
    ) -> Result<Self, ScansError> {
        let database = Database::create(file)?;
        let transaction = database.begin_write()?;
        {
            let mut meta = transaction.open_table(META)?;
            let found = meta.get("genesis")?.map(|it| it.value().to_owned());
            match found {
                None => drop(meta.insert("genesis", genesis)?),
                Some(found) if found != genesis => {
                    return Err(ScansError::OtherChain { found, expected: genesis.into() });
                }
                Some(_) => {}
            }
            transaction.open_table(ITEMS)?;
            transaction.open_table(LATEST)?;
        }
        transaction.commit()?;
        let seen = visitor::Seen::new();
        Ok(Self {
            database,
            thresholds,
            items_max,
            memory: Mutex::new(Memory { seen, waiting: BTreeMap::new(), n_lost: 0 }),
            writing: Mutex::new(()),
            many_wait: Notify::new(),
        })
    }

    /// From when on there is a warning.
    pub(crate) fn thresholds(&self) -> &Thresholds {
        &self.thresholds
    }

    /// Counts a scan, unless the same address has scanned the item within the hour.
    pub(crate) fn count(&self, item: Item, visitor: &Visitor, now: Moment) {
        let mut memory = lock(&self.memory);
        if !memory.seen.is_first(item, visitor, now) {
            return;
        }
        if memory.waiting.len() >= WAITING_MAX && !memory.waiting.contains_key(&item) {
            memory.n_lost += 1;
            return;
        }
        let provinces = Provinces::of(visitor.province);
        let scan = Day { day: day_of(now), n_scans: 1, provinces };
        memory.waiting.entry(item).or_default().add(scan);
        if memory.waiting.len() > WAITING_MAX / 2 {
            self.many_wait.notify_one();
        }
    }

    /// The counts of an item.
    ///
    /// # Errors
    /// [`ScansError`].
    pub(crate) fn of(&self, item: Item) -> Result<Counts, ScansError> {
        let _one = lock(&self.writing);
        let items = self.database.begin_read()?.open_table(ITEMS)?;
        let stored = items.get(item)?.and_then(|bytes| Counts::from_bytes(bytes.value()));
        let mut counts = stored.unwrap_or_default();
        if let Some(more) = lock(&self.memory).waiting.get(&item) {
            counts.merge(more);
        }
        Ok(counts)
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// [`ScansError`]; it waits on then.
    pub(crate) fn write(&self) -> Result<(), ScansError> {
        let _one = lock(&self.writing);
        let (waiting, n_lost) = {
            let mut memory = lock(&self.memory);
            (std::mem::take(&mut memory.waiting), std::mem::take(&mut memory.n_lost))
        };
        if n_lost > 0 {
            tracing::warn!(n_lost, "scans were not counted: too many at a time");
        }
        if waiting.is_empty() {
            return Ok(());
        }
        let written = self.write_all(&waiting);
        if written.is_err() {
            let mut memory = lock(&self.memory);
            for (item, counts) in waiting {
                memory.waiting.entry(item).or_default().merge(&counts);
            }
        }
        written
    }

    fn write_all(&self, waiting: &BTreeMap<Item, Counts>) -> Result<(), ScansError> {
        let transaction = self.database.begin_write()?;
        {
            let mut items = transaction.open_table(ITEMS)?;
            let mut latest = transaction.open_table(LATEST)?;
            for (item, more) in waiting {
                let stored = items.get(item)?.and_then(|bytes| Counts::from_bytes(bytes.value()));
                let mut counts = stored.unwrap_or_default();
                let before = counts.last_day();
                counts.merge(more);
                if counts.last_day() != before {
                    latest.remove((before, item.0, item.1))?;
                    latest.insert((counts.last_day(), item.0, item.1), ())?;
                }
                items.insert(item, counts.to_bytes().as_slice())?;
            }
            while items.len()? > self.items_max {
                let oldest = latest.pop_first()?.map(|(key, _)| key.value());
                let Some((_, series, index)) = oldest else { break };
                items.remove((series, index))?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Writes what waits, each second, until it is dropped.
    pub(crate) async fn keep_writing(self: Arc<Self>) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(WRITE_EVERY) => {}
                () = self.many_wait.notified() => {}
            }
            let scans = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || scans.write()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "counts of scans are not written"),
                Err(error) => tracing::error!(%error, "counts of scans are not written"),
            }
        }
    }
}

#[cfg(test)]
mod tests;
