//! Which databases this version opens. Nothing is changed in one that it refuses.

use crate::{
    StorageError,
    database::{Column, Database},
    error::During,
    keys::decode_number,
    storage::read_number,
};
use rocksdb::{DB, Options};
use std::path::Path;

/// Layout of the database; changed whenever a column, a key or a value is encoded differently.
pub(crate) const SCHEMA_VERSION: u32 = 2;

/// Records of [`Column::Meta`].
pub(crate) mod meta {
    /// [`SCHEMA_VERSION`](super::SCHEMA_VERSION) of the version that wrote the database, four
    /// bytes.
    pub(crate) const SCHEMA: &[u8] = b"schema";
    /// Newest committed height, four bytes.
    pub(crate) const HEAD: &[u8] = b"head";
    /// Oldest height whose state is kept, four bytes; absent means 0.
    pub(crate) const OLDEST_STATE: &[u8] = b"oldest_state";
}

/// Refuses a database with other columns than ours before opening adds what is missing.
///
/// Columns may be missing only where the first opening was cut short, which has left no version.
pub(crate) fn check_columns(options: &Options, path: &Path) -> Result<(), StorageError> {
    // RocksDB's pointer to its manifest: absent means that there is no database yet.
    if !path.join("CURRENT").exists() {
        return Ok(());
    }
    let found = DB::list_cf(options, path).during("list columns")?;
    let is_found = |column: &Column| found.iter().any(|name| name == column.name());
    let is_known = |name: &String| {
        name == rocksdb::DEFAULT_COLUMN_FAMILY_NAME
            || Column::ALL.iter().any(|column| column.name() == name)
    };
    let unknown = found.iter().find(|name| !is_known(name));
    if unknown.is_none() && Column::ALL.iter().all(is_found) {
        return Ok(());
    }
    let version = if is_found(&Column::Meta) { peek_version(options, path)? } else { None };
    match (version, unknown) {
        (None, None) => Ok(()),
        (Some(SCHEMA_VERSION), None) => Err(StorageError::corrupt("a column is missing")),
        (Some(version), None) => Err(unknown_schema(version.to_string())),
        (Some(version), Some(name)) => Err(unknown_schema(format!("{version} with column {name}"))),
        (None, Some(name)) => Err(unknown_schema(format!("with column {name}"))),
    }
}

/// Marks a new database; refuses one of another version.
pub(crate) fn check_version(database: &Database) -> Result<(), StorageError> {
    match read_number(database, meta::SCHEMA)? {
        Some(SCHEMA_VERSION) => Ok(()),
        Some(found) => Err(unknown_schema(found.to_string())),
        None if database.get(Column::Meta, meta::HEAD)?.is_some() => {
            Err(StorageError::corrupt("schema version is missing"))
        }
        None => {
            let mut batch = database.batch();
            batch.put(Column::Meta, meta::SCHEMA, SCHEMA_VERSION.to_be_bytes());
            batch.write()
        }
    }
}

fn unknown_schema(found: String) -> StorageError {
    StorageError::UnknownSchema { found, expected: SCHEMA_VERSION }
}

/// The version, read without opening the other columns.
fn peek_version(options: &Options, path: &Path) -> Result<Option<u32>, StorageError> {
    let db = DB::open_cf_for_read_only(options, path, [Column::Meta.name()], false)
        .during("open database to read its version")?;
    let Some(column) = db.cf_handle(Column::Meta.name()) else { return Ok(None) };
    let version = db.get_cf(column, meta::SCHEMA).during("read the version")?;
    Ok(version.and_then(|bytes| decode_number(&bytes)))
}
