//! What was signed for each row, and what became of it, on disk.
//!
//! One JSON value a line. The first line says for which input, chain and account the journal is;
//! every other is a [`Record`]. Lines are only ever added; a line that a crash cut off is dropped
//! when the journal is opened, and nothing was sent on its strength.

use serde::{Deserialize, Serialize};
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use subxt::utils::H256;

/// The one version of the format.
const VERSION: u32 = 1;

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The file cannot be read or written.
    #[error("journal {}: {source}", path.display())]
    File {
        /// The journal.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// Another process uses it.
    #[error("journal {}: another run uses it; wait until it has ended", .0.display())]
    Locked(PathBuf),
    /// It was begun for something else.
    #[error("journal {}: it was begun for another {what} ({was}, now {now}); use the same one, or another journal", path.display())]
    Other {
        /// The journal.
        path: PathBuf,
        /// `input`, `chain`, `account` or `number of rows`.
        what: &'static str,
        /// What it was begun for.
        was: String,
        /// What it is asked for now.
        now: String,
    },
    /// A line in it is not readable.
    #[error("journal {}: line {line} cannot be read: {why}", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// Number of the line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
}

/// For what a journal is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    journal: u32,
    genesis: String,
    account: String,
    input: String,
    rows: usize,
}

/// What was signed for a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The account's nonce that it uses.
    pub nonce: u64,
    /// BLAKE2b-256 of the bytes.
    pub hash: H256,
    /// Height of the last block that can take it.
    pub valid_until: u32,
    /// The signed transaction, hexadecimal after `0x`.
    pub bytes: String,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Height of the final block that has it.
    pub height: u32,
    /// Hash of its transaction.
    pub hash: H256,
    /// Why its call failed, with the pallet's error first; `None` when it succeeded.
    pub error: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Record {
    /// A row was bound to a nonce, or signed anew with it.
    Signed {
        row: usize,
        #[serde(flatten)]
        signed: Signed,
    },
    /// A row is final.
    Settled {
        row: usize,
        #[serde(flatten)]
        settled: Settled,
    },
    /// Nothing signed for the row so far can be applied any more, or it failed and is tried again.
    Freed { row: usize },
}

/// Where a row stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowState {
    /// All that was signed for it under its present nonce, oldest first.
    pub signed: Vec<Signed>,
    /// What became of it.
    pub settled: Option<Settled>,
}

/// An open journal; no other process has it at the same time.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    pub(crate) rows: Vec<RowState>,
}

impl Journal {
    /// Opens the journal at `path`, or begins it, for an input of `rows` rows whose SHA-256 is
    /// `input`.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn open(
        path: &Path,
        genesis: H256,
        account: &[u8; 32],
        input: &[u8; 32],
        rows: usize,
    ) -> Result<Self, JournalError> {
        let failed = |source| JournalError::File { path: path.into(), source };
        let header = Header {
            journal: VERSION,
            genesis: format!("{genesis:?}"),
            account: crate::address(account),
            input: format!("0x{}", hex::encode(input)),
            rows,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(JournalError::Locked(path.into())),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(failed)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        if whole < text.len() {
            file.set_len(whole as u64).map_err(failed)?;
            file.seek(SeekFrom::End(0)).map_err(failed)?;
        }
        let mut journal = Self { path: path.into(), file, rows: vec![RowState::default(); rows] };
        if whole == 0 {
            journal.append_line(&header)?;
            journal.sync()?;
            // The name of the file must last as well as what is in it.
            let folder = match path.parent() {
                Some(folder) if folder != Path::new("") => folder,
                _ => Path::new("."),
            };
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        } else {
            journal.replay(&text[..whole], &header)?;
        }
        Ok(journal)
    }

    fn replay(&mut self, text: &[u8], header: &Header) -> Result<(), JournalError> {
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        for (index, line) in lines.enumerate() {
            let damaged = |why: String| JournalError::Damaged {
                path: self.path.clone(),
                line: index + 1,
                why,
            };
            if index == 0 {
                let was: Header =
                    serde_json::from_slice(line).map_err(|error| damaged(error.to_string()))?;
                self.check(&was, header)?;
                continue;
            }
            let record: Record =
                serde_json::from_slice(line).map_err(|error| damaged(error.to_string()))?;
            let (Record::Signed { row, .. } | Record::Settled { row, .. } | Record::Freed { row }) =
                record;
            let n_rows = self.rows.len();
            let state =
                self.rows.get_mut(row).ok_or_else(|| damaged(format!("row {row} of {n_rows}")))?;
            match record {
                Record::Signed { signed, .. } => state.signed.push(signed),
                Record::Settled { settled, .. } => state.settled = Some(settled),
                Record::Freed { .. } => *state = RowState::default(),
            }
        }
        Ok(())
    }

    fn check(&self, was: &Header, now: &Header) -> Result<(), JournalError> {
        let pairs = [
            ("version", was.journal.to_string(), now.journal.to_string()),
            ("chain", was.genesis.clone(), now.genesis.clone()),
            ("account", was.account.clone(), now.account.clone()),
            ("input", was.input.clone(), now.input.clone()),
            ("number of rows", was.rows.to_string(), now.rows.to_string()),
        ];
        match pairs.into_iter().find(|(_, was, now)| was != now) {
            Some((what, was, now)) => {
                Err(JournalError::Other { path: self.path.clone(), what, was, now })
            }
            None => Ok(()),
        }
    }

    /// Where each row stands, in the order of the input.
    pub fn rows(&self) -> &[RowState] {
        &self.rows
    }

    /// Frees the rows whose calls failed, to be tried again; gives how many.
    ///
    /// # Errors
    /// [`JournalError::File`].
    pub fn retry_failed(&mut self) -> Result<usize, JournalError> {
        let failed: Vec<_> = (0..self.rows.len())
            .filter(|row| {
                let settled = self.rows[*row].settled.as_ref();
                settled.is_some_and(|settled| settled.error.is_some())
            })
            .collect();
        for row in &failed {
            self.freed(*row)?;
        }
        self.sync()?;
        Ok(failed.len())
    }

    /// Notes what was signed for a row. Takes effect on disk with [`Journal::sync`].
    pub(crate) fn signed(&mut self, row: usize, signed: Signed) -> Result<(), JournalError> {
        self.append_line(&Record::Signed { row, signed: signed.clone() })?;
        self.rows[row].signed.push(signed);
        Ok(())
    }

    /// Notes what became of a row.
    pub(crate) fn settled(&mut self, row: usize, settled: Settled) -> Result<(), JournalError> {
        self.append_line(&Record::Settled { row, settled: settled.clone() })?;
        self.rows[row].settled = Some(settled);
        Ok(())
    }

    /// Notes that nothing signed for a row can be applied any more.
    pub(crate) fn freed(&mut self, row: usize) -> Result<(), JournalError> {
        self.append_line(&Record::Freed { row })?;
        self.rows[row] = RowState::default();
        Ok(())
    }

    /// Returns when all that was noted is on disk.
    pub(crate) fn sync(&self) -> Result<(), JournalError> {
        self.file
            .sync_data()
            .map_err(|source| JournalError::File { path: self.path.clone(), source })
    }

    fn append_line(&mut self, value: &impl Serialize) -> Result<(), JournalError> {
        let failed = |source| JournalError::File { path: self.path.clone(), source };
        let mut line = serde_json::to_vec(value).map_err(|error| failed(error.into()))?;
        line.push(b'\n');
        // One write for a line: what a crash leaves is a prefix of it.
        (&self.file).write_all(&line).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn open(path: &Path, rows: usize) -> Result<Journal, JournalError> {
        Journal::open(path, H256::zero(), &[1; 32], &[2; 32], rows)
    }

    fn signed(nonce: u64) -> Signed {
        Signed { nonce, hash: H256::repeat_byte(nonce as u8), valid_until: 9, bytes: "0x00".into() }
    }

    fn settled(error: Option<&str>) -> Settled {
        Settled { height: 3, hash: H256::repeat_byte(7), error: error.map(str::to_owned) }
    }

    #[test]
    fn what_was_noted_is_there_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv.journal");
        let mut journal = open(&path, 3).unwrap();
        journal.signed(0, signed(5)).unwrap();
        journal.signed(1, signed(6)).unwrap();
        journal.signed(1, signed(6)).unwrap();
        journal.settled(0, settled(None)).unwrap();
        journal.signed(2, signed(7)).unwrap();
        journal.freed(2).unwrap();
        journal.sync().unwrap();
        let rows = journal.rows().to_vec();
        drop(journal);
        let again = open(&path, 3).unwrap();
        assert_eq!(again.rows(), rows);
        assert_eq!(again.rows()[1].signed.len(), 2);
        assert_eq!(again.rows()[2], RowState::default());
    }

    #[test]
    fn a_line_that_was_cut_off_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = open(&path, 2).unwrap();
        journal.signed(0, signed(5)).unwrap();
        drop(journal);
        let text = fs::read_to_string(&path).unwrap();
        for cut in 0..text.len() {
            fs::write(&path, &text[..cut]).unwrap();
            let mut journal = open(&path, 2).unwrap();
            assert!(journal.rows()[0].signed.is_empty(), "cut at {cut}");
            journal.signed(1, signed(6)).unwrap();
            drop(journal);
            assert_eq!(open(&path, 2).unwrap().rows()[1].signed, [signed(6)], "cut at {cut}");
        }
    }

    #[test]
    fn a_journal_belongs_to_one_input_chain_and_account() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        drop(open(&path, 2).unwrap());
        let other = |genesis, account, input, rows| match Journal::open(
            &path, genesis, &account, &input, rows,
        ) {
            Err(JournalError::Other { what, .. }) => what,
            result => panic!("{result:?}"),
        };
        assert_eq!(other(H256::repeat_byte(1), [1; 32], [2; 32], 2), "chain");
        assert_eq!(other(H256::zero(), [9; 32], [2; 32], 2), "account");
        assert_eq!(other(H256::zero(), [1; 32], [9; 32], 2), "input");
        assert_eq!(other(H256::zero(), [1; 32], [2; 32], 3), "number of rows");
    }

    #[test]
    fn one_process_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let _first = open(&path, 1).unwrap();
        assert!(matches!(open(&path, 1), Err(JournalError::Locked(_))));
    }

    #[test]
    fn a_damaged_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        drop(open(&path, 1).unwrap());
        let mut text = fs::read_to_string(&path).unwrap();
        text.push_str("{\"kind\":\"freed\",\"row\":1}\n");
        fs::write(&path, text).unwrap();
        assert!(matches!(open(&path, 1), Err(JournalError::Damaged { line: 2, .. })));
    }

    #[test]
    fn failed_rows_can_be_freed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = open(&path, 2).unwrap();
        journal.signed(0, signed(0)).unwrap();
        journal.settled(0, settled(Some("Traceability.BatchHeld"))).unwrap();
        journal.signed(1, signed(1)).unwrap();
        journal.settled(1, settled(None)).unwrap();
        assert_eq!(journal.retry_failed().unwrap(), 1);
        assert_eq!(journal.rows()[0], RowState::default());
        drop(journal);
        assert!(open(&path, 2).unwrap().rows()[1].settled.is_some());
    }
}
