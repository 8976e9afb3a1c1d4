//! Documents that the chain names by their SHA-256: reports, decisions, texts of agreements and rules.
//!
//! The chain has a digest, or a commitment: the SHA-256 of a salt of 32 bytes and the document behind
//! it. What is kept is what has that SHA-256: the document, or salt and document. Whoever publishes the
//! latter opens the commitment to everybody. Only what the chain names is taken in, so that a gateway
//! keeps no files of strangers; a digest that has left the chain's state was named and stays so.

use crate::{
    index::IndexError,
    store::{Incoming, Room, Store, StoreError, is_digest},
};
use redb::TableDefinition;
use serde_json::Value as Json;
use std::{collections::BTreeSet, fs::File, path::Path, sync::Arc};

/// Table of the index: digests that the chain names, as 64 digits.
pub(crate) const NAMED: TableDefinition<'_, &str, ()> = TableDefinition::new("documents");

/// Fields of events and records that name documents. Commitments to accounts and persons are not
/// among them: those are for nobody to publish.
const FIELDS: &[&str] = &["document", "report", "evidence", "reason", "decision", "text"];

/// Digests in `fields` that name documents, as 64 digits.
pub(crate) fn named_in(fields: &Json) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(fields, false, &mut found);
    found
}

fn collect(value: &Json, is_named: bool, found: &mut BTreeSet<String>) {
    match value {
        Json::Object(fields) => {
            for (name, value) in fields {
                collect(value, FIELDS.contains(&name.as_str()), found);
            }
        }
        Json::Array(values) => values.iter().for_each(|value| collect(value, is_named, found)),
        Json::String(text) if is_named => {
            found.extend(text.strip_prefix("0x").filter(|it| is_digest(it)).map(str::to_owned));
        }
        _ => {}
    }
}

/// Notes in the index which documents `fields` name.
pub(crate) fn note(transaction: &redb::WriteTransaction, fields: &Json) -> Result<(), IndexError> {
    let digests = named_in(fields);
    if digests.is_empty() {
        return Ok(());
    }
    let mut table = transaction.open_table(NAMED)?;
    for digest in digests {
        table.insert(digest.as_str(), ())?;
    }
    Ok(())
}

/// Why a document is not taken in.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is another document.
    #[error("its SHA-256 is {got}: {expected} is expected")]
    Other {
        /// SHA-256 of what was given.
        got: String,
        /// SHA-256 that was asked for.
        expected: String,
    },
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The store.
pub struct Documents {
    store: Store,
    /// Most bytes of one document, its salt included.
    pub(crate) bytes_max: u64,
}

impl Documents {
    /// Opens the folder, as [`Store::open`].
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn open(folder: &Path, room: Arc<Room>, bytes_max: u64) -> Result<Self, StoreError> {
        Ok(Self { store: Store::open(folder, room)?, bytes_max })
    }

    /// Where bytes go before they are known to be right.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn incoming(&self) -> Result<Incoming, StoreError> {
        self.store.incoming()
    }

    /// Takes a document in. Once this returns it survives a loss of power.
    ///
    /// # Errors
    /// [`DocumentError`]; nothing is kept then.
    pub fn put(&self, digest: &str, document: Incoming) -> Result<(), DocumentError> {
        let got = document.digest();
        if got != digest {
            return Err(DocumentError::Other { got, expected: digest.into() });
        }
        Ok(self.store.keep(document, digest)?)
    }

    /// The document with a digest, if it is there.
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn file(&self, digest: &str) -> Result<Option<File>, StoreError> {
        self.store.file(digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::io::Write as _;

    #[test]
    fn documents_are_named_by_their_fields() {
        let digest = |digit: &str| format!("0x{}", digit.repeat(64));
        let fields = json!({
            "document": digest("1"),
            "event": { "reason": digest("2"), "kind": { "Test": { "report": [digest("3")] } } },
            "terms": { "text": digest("4") },
            "hash": digest("5"),
            "root": digest("6"),
            "payee_account": digest("7"),
            "commitment": digest("8"),
            "evidence": "0x12",
            "decision": null,
        });
        let expected: BTreeSet<_> = ["1", "2", "3", "4"].map(|it| it.repeat(64)).into();
        assert_eq!(named_in(&fields), expected);
    }

    #[test]
    fn another_document_is_refused_and_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let documents = Documents::open(folder.path(), Room::new(100), 100).unwrap();
        let written = |text: &str| {
            let mut incoming = documents.incoming().unwrap();
            incoming.write_all(text.as_bytes()).unwrap();
            incoming
        };
        let digest = written("report").digest();
        let error = documents.put(&digest, written("Report")).unwrap_err();
        assert!(error.to_string().contains(&digest), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        documents.put(&digest, written("report")).unwrap();
        assert!(documents.file(&digest).unwrap().is_some());
    }
}
