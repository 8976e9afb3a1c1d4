//! The only module that opens RocksDB: column families, their options, reads and write batches.

use crate::{Durability, StorageConfig, StorageError, error::During, schema};
use rocksdb::{
    BlockBasedOptions, Cache, ColumnFamily, ColumnFamilyDescriptor, DB, DBCompressionType,
    DBPinnableSlice, DBRawIterator, DBRecoveryMode, LogLevel, Options, WriteBatch, WriteOptions,
};
use std::path::{Path, PathBuf};

/// Open files of one database; table readers beyond it are reopened on use.
const OPEN_FILES_MAX: i32 = 512;
/// Write-ahead log kept before the oldest buffers are flushed: bounds the time to reopen.
const WAL_BYTES_MAX: u64 = 256 << 20;
/// Size at which a table file is written; fewer, larger files keep the manifest small.
const TABLE_BYTES: u64 = 64 << 20;
/// RocksDB's own log: two files of a mebibyte.
const INFO_LOG_BYTES_MAX: usize = 1 << 20;
const INFO_LOG_FILES_MAX: usize = 2;

/// How a column is read, which decides how its tables are built.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// By exact key, often absent: bloom filters.
    Point,
    /// By seek or by ascending height: no filters.
    Ordered,
}

/// Declares every column family in one list.
macro_rules! columns {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $access:ident, $compression:ident;)*) => {
        /// A column family.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Column { $($(#[$doc])* $variant,)* }

        impl Column {
            /// All of them.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Name on disk.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            const fn access(self) -> Access {
                match self { $(Self::$variant => Access::$access,)* }
            }

            const fn compression(self) -> DBCompressionType {
                match self { $(Self::$variant => DBCompressionType::$compression,)* }
            }
        }
    };
}

columns! {
    /// Record name → value; see [`meta`](crate::schema::meta).
    Meta = "meta", Ordered, None;
    /// State key → value at the head.
    State = "state", Point, Lz4;
    /// (state key, height that changed it) → value before that height; see
    /// [`history_key`](crate::keys::history_key).
    History = "history", Ordered, Lz4;
    /// (height, path) → node of the state tree. Digests do not compress.
    Nodes = "nodes", Point, None;
    /// Height → what that block superseded: node positions and state keys, for pruning.
    Superseded = "superseded", Ordered, Lz4;
    /// Height → SCALE header.
    Headers = "headers", Ordered, Lz4;
    /// Height → SCALE list of transactions.
    Bodies = "bodies", Ordered, Lz4;
    /// Height → SCALE commit certificate; none for genesis.
    Certificates = "certificates", Ordered, None;
    /// Header hash → height.
    Numbers = "numbers", Point, None;
    /// First height of a validator set → SCALE set; it holds until the next entry.
    ValidatorSets = "validator_sets", Ordered, None;
    /// Transaction hash → (height, index) of its first occurrence.
    Transactions = "transactions", Point, None;
    /// (height, round, value id) → proposal that was voted on and not decided yet.
    Undecided = "undecided", Ordered, Lz4;
    /// Hash → transaction that waits in the pool.
    Pool = "pool", Ordered, Lz4;
}

/// An open database.
pub(crate) struct Database {
    db: DB,
    path: PathBuf,
    durability: Durability,
    #[cfg(test)]
    fails: std::sync::atomic::AtomicBool,
}

/// Writes that take effect together or not at all.
pub(crate) struct Batch<'a> {
    database: &'a Database,
    batch: WriteBatch,
}

impl Database {
    /// Opens or creates the database at `path`.
    pub(crate) fn open(path: &Path, config: &StorageConfig) -> Result<Self, StorageError> {
        let options = database_options(config);
        schema::check_columns(&options, path)?;
        let cache = Cache::new_lru_cache(config.block_cache_bytes);
        let columns = Column::ALL.iter().map(|column| {
            ColumnFamilyDescriptor::new(column.name(), column_options(*column, config, &cache))
        });
        let db = DB::open_cf_descriptors(&options, path, columns).during("open database")?;
        Ok(Self {
            db,
            path: path.to_owned(),
            durability: config.durability,
            #[cfg(test)]
            fails: Default::default(),
        })
    }

    fn handle(&self, column: Column) -> &ColumnFamily {
        self.db.cf_handle(column.name()).expect("every column is opened by open; qed")
    }

    /// The value of `key`, without a copy.
    pub(crate) fn get(
        &self,
        column: Column,
        key: &[u8],
    ) -> Result<Option<DBPinnableSlice<'_>>, StorageError> {
        self.db.get_pinned_cf(self.handle(column), key).during("read a record")
    }

    /// An iterator over the column as it is now; later writes do not show in it.
    pub(crate) fn iterator(&self, column: Column) -> DBRawIterator<'_> {
        self.db.raw_iterator_cf(self.handle(column))
    }

    /// An empty batch.
    pub(crate) fn batch(&self) -> Batch<'_> {
        self.batch_of(0)
    }

    /// An empty batch with room for about `bytes`.
    pub(crate) fn batch_of(&self, bytes: usize) -> Batch<'_> {
        Batch { database: self, batch: WriteBatch::with_capacity_bytes(bytes) }
    }

    /// Bytes of one column in table files.
    pub(crate) fn table_bytes(&self, column: Column) -> Result<u64, StorageError> {
        self.property(column, "rocksdb.total-sst-files-size")
    }

    /// Bytes of one column in memory, not written to tables yet.
    pub(crate) fn buffer_bytes(&self, column: Column) -> Result<u64, StorageError> {
        self.property(column, "rocksdb.cur-size-all-mem-tables")
    }

    fn property(&self, column: Column, name: &str) -> Result<u64, StorageError> {
        let value = self.db.property_int_value_cf(self.handle(column), name);
        Ok(value.during("read a property")?.unwrap_or(0))
    }

    /// Where it lives.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes every write from here on fail.
    #[cfg(test)]
    pub(crate) fn fail_writes(&self) {
        self.fails.store(true, std::sync::atomic::Ordering::SeqCst);
    }

    /// Writes all buffers to tables, so that reads no longer come from memory.
    #[cfg(test)]
    pub(crate) fn flush(&self) -> Result<(), StorageError> {
        for column in Column::ALL {
            self.db.flush_cf(self.handle(*column)).during("flush a column")?;
        }
        Ok(())
    }
}

impl Batch<'_> {
    /// Sets `key` to `value`.
    pub(crate) fn put(&mut self, column: Column, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        self.batch.put_cf(self.database.handle(column), key, value);
    }

    /// Removes `key`.
    pub(crate) fn delete(&mut self, column: Column, key: impl AsRef<[u8]>) {
        self.batch.delete_cf(self.database.handle(column), key);
    }

    /// Removes a key that was set exactly once: the two vanish together as soon as they meet.
    pub(crate) fn delete_single(&mut self, column: Column, key: impl AsRef<[u8]>) {
        self.batch.single_delete_cf(self.database.handle(column), key);
    }

    /// Removes every key in `from..to`.
    pub(crate) fn delete_range(&mut self, column: Column, from: &[u8], to: &[u8]) {
        self.batch.delete_range_cf(self.database.handle(column), from, to);
    }

    /// Applies the batch; durable as configured when this returns.
    pub(crate) fn write(self) -> Result<(), StorageError> {
        let sync = self.database.durability == Durability::PowerLoss;
        self.write_with(sync)
    }

    /// Applies the batch; survives the death of the process when this returns, and what
    /// [`Self::write`] survives as soon as a later batch has been written so.
    pub(crate) fn write_unsynced(self) -> Result<(), StorageError> {
        self.write_with(false)
    }

    #[cfg_attr(not(test), expect(unused_mut, reason = "only tests damage the batch"))]
    fn write_with(mut self, sync: bool) -> Result<(), StorageError> {
        #[cfg(test)]
        if self.database.fails.load(std::sync::atomic::Ordering::SeqCst) {
            self.batch = WriteBatch::from_data(b"damaged");
        }
        let mut options = WriteOptions::default();
        options.set_sync(sync);
        self.database.db.write_opt(self.batch, &options).during("write a batch")
    }
}

fn database_options(config: &StorageConfig) -> Options {
    let mut options = Options::default();
    options.create_if_missing(true);
    options.create_missing_column_families(true);
    options.set_max_open_files(OPEN_FILES_MAX);
    options.set_max_background_jobs(2);
    options.set_bytes_per_sync(1 << 20);
    options.set_db_write_buffer_size(config.write_buffer_bytes);
    options.set_max_total_wal_size(WAL_BYTES_MAX);
    // A torn record at the end of the log is a commit that was never acknowledged. Anything else
    // unreadable in it was acknowledged: refuse to open rather than forget decided blocks.
    options.set_wal_recovery_mode(DBRecoveryMode::TolerateCorruptedTailRecords);
    options.set_log_level(LogLevel::Warn);
    options.set_max_log_file_size(INFO_LOG_BYTES_MAX);
    options.set_keep_log_file_num(INFO_LOG_FILES_MAX);
    options.set_stats_dump_period_sec(0);
    options.set_stats_persist_period_sec(0);
    options
}

fn column_options(column: Column, config: &StorageConfig, cache: &Cache) -> Options {
    let mut tables = BlockBasedOptions::default();
    tables.set_block_cache(cache);
    tables.set_format_version(5);
    // Inside the block cache, so that its size bounds them too.
    tables.set_cache_index_and_filter_blocks(true);
    tables.set_pin_l0_filter_and_index_blocks_in_cache(true);
    if column.access() == Access::Point {
        tables.set_bloom_filter(10.0, false);
    }
    let mut options = Options::default();
    options.set_block_based_table_factory(&tables);
    options.set_compression_type(column.compression());
    options.set_write_buffer_size((config.write_buffer_bytes / 3).max(1 << 20));
    options.set_target_file_size_base(TABLE_BYTES);
    options.set_level_compaction_dynamic_level_bytes(true);
    options
}
