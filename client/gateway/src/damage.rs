//! Databases whose file is damaged: that is said, with what to do, before anybody is served.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// Opens a database.
///
/// # Errors
/// What `open` says; `damaged` with why, if it does not get to say anything.
pub(crate) fn opened<T, E>(
    open: impl FnOnce() -> Result<T, E>,
    damaged: impl FnOnce(String) -> E,
) -> Result<T, E> {
    // redb panics on some pages that were overwritten, where it has no error to return. Nothing of
    // what was being opened is used afterwards.
    catch_unwind(AssertUnwindSafe(open)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(damaged(text.unwrap_or("its pages contradict each other").to_owned()))
    })
}

/// Why the file is damaged, if that is what the error says.
pub(crate) fn of(error: &redb::Error) -> Option<String> {
    let is_damage = match error {
        redb::Error::Corrupted(_) => true,
        redb::Error::Io(error) => {
            matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
        }
        _ => false,
    };
    is_damage.then(|| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        index::{Index, IndexError},
        scans::{Scans, ScansError, Thresholds},
    };
    use ecoledger_client::{Moment, proof::Checkpoint};
    use std::{fs, path::Path};

    fn start() -> Checkpoint {
        let key = format!("0x{}", "ab".repeat(32));
        Checkpoint {
            genesis: key.parse().unwrap(),
            height: 0,
            time_ms: Moment(1_780_272_000_000),
            next: vec![key.parse().unwrap()],
            after_next: vec![key.parse().unwrap()],
        }
    }

    /// Opens the file with its bytes overwritten, in many ways; gives how often it did not open, each
    /// time with `words`.
    fn overwritten<T>(file: &Path, words: &[&str], open: impl Fn() -> Result<T, String>) -> usize {
        drop(open().unwrap());
        let whole = fs::read(file).unwrap();
        let page = 4096;
        let mut n_refused = 0;
        for first in 0..whole.len() / page {
            for (n_pages, byte) in [(1, 0u8), (1, 0xff), (1, 0xa5), (64, 0x5a), (usize::MAX, 0)] {
                let mut bytes = whole.clone();
                let end = first.saturating_add(n_pages).saturating_mul(page).min(bytes.len());
                bytes[first * page..end].fill(byte);
                fs::write(file, bytes).unwrap();
                if let Err(error) = open() {
                    assert!(words.iter().all(|it| error.contains(it)), "page {first}: {error}");
                    n_refused += 1;
                }
            }
        }
        fs::write(file, &whole[..whole.len() / 2]).unwrap();
        let error = open().err().unwrap();
        assert!(words.iter().all(|it| error.contains(it)), "half: {error}");
        n_refused
    }

    #[test]
    fn a_damaged_index_is_named_and_can_be_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("index.redb");
        let open = || {
            opened(|| Index::open(&file, &start()), IndexError::Damaged)
                .map_err(|it| it.to_string())
        };
        let n_refused = overwritten(&file, &["index.redb is damaged", "delete it"], open);
        assert!(n_refused > 5, "{n_refused}");
        fs::remove_file(&file).unwrap();
        assert_eq!(open().unwrap().checkpoint().unwrap(), start());
    }

    #[test]
    fn damaged_counts_are_named_and_come_from_a_backup() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("scans.redb");
        let open = || {
            let scans = || Scans::open(&file, "0xab", Thresholds::default(), 10);
            opened(scans, ScansError::Damaged).map_err(|it| it.to_string())
        };
        let n_refused = overwritten(&file, &["scans.redb is damaged", "backup"], open);
        assert!(n_refused > 5, "{n_refused}");
    }
}
