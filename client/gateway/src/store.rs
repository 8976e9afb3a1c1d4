//! Files that are acknowledged once they are on the disk, whole.
//!
//! What comes in is written under a name of its own; once it is known to be right it is synced,
//! renamed, and the folder synced. A crash leaves names that begin with `incoming-`, which are cleared
//! away, or a whole file. All stores of a gateway share one bound of bytes.

use sha2::{Digest as _, Sha256};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// How files that are not yet known to be right are named.
const INCOMING: &str = "incoming-";

/// Why a file is not kept, or not read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no room, by the bound or on the disk.
    #[error("there is no room for it; the operator gives more with --store-bytes-max")]
    Full,
    /// The disk refuses.
    #[error("store: {0}")]
    Disk(io::Error),
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Disk(error),
        }
    }
}

/// Bytes that stores may have together.
#[derive(Debug)]
pub struct Room {
    used: AtomicU64,
    bytes_max: u64,
}

impl Room {
    /// Room for so many bytes.
    pub fn new(bytes_max: u64) -> Arc<Self> {
        Arc::new(Self { used: AtomicU64::new(0), bytes_max })
    }

    fn take(&self, n_bytes: u64) -> bool {
        let taken = |used: u64| used.checked_add(n_bytes).filter(|used| *used <= self.bytes_max);
        self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken).is_ok()
    }

    fn give_back(&self, n_bytes: u64) {
        self.used.fetch_sub(n_bytes, Ordering::Relaxed);
    }
}

/// Room that is taken, and given back with this.
#[derive(Debug)]
struct Taken {
    room: Arc<Room>,
    n_bytes: u64,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.room.give_back(self.n_bytes);
    }
}

/// A file that is not yet known to be right; dropped, nothing is left of it.
#[derive(Debug)]
pub struct Incoming {
    file: tempfile::NamedTempFile,
    taken: Taken,
    hasher: Sha256,
    is_full: bool,
}

impl Incoming {
    /// SHA-256 of what was written, as 64 digits.
    pub fn digest(&self) -> String {
        hex::encode(self.hasher.clone().finalize())
    }

    /// Bytes that were written.
    pub fn n_bytes(&self) -> u64 {
        self.taken.n_bytes
    }

    /// Whether something was not written for want of room.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// Reads it from its first byte.
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn reader(&self) -> Result<File, StoreError> {
        Ok(self.file.reopen()?)
    }
}

impl Write for Incoming {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n_bytes = bytes.len() as u64;
        if !self.taken.room.take(n_bytes) {
            self.is_full = true;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.taken.n_bytes += n_bytes;
        let written = self.file.as_file_mut().write_all(bytes);
        self.is_full |= written.as_ref().is_err_and(|error| {
            matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
        });
        written?;
        self.hasher.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_file_mut().flush()
    }
}

/// A folder of files by name.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    room: Arc<Room>,
    /// Held while a file gets its name, so that what it replaces is counted once.
    naming: Mutex<()>,
}

impl Store {
    /// Opens the folder, makes it if need be, and clears away what was never acknowledged.
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn open(folder: &Path, room: Arc<Room>) -> Result<Self, StoreError> {
        fs::create_dir_all(folder)?;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(INCOMING) {
                fs::remove_file(entry.path())?;
            } else {
                // What is there counts, even where the bound is less.
                room.used.fetch_add(entry.metadata()?.len(), Ordering::Relaxed);
            }
        }
        Ok(Self { folder: folder.to_owned(), room, naming: Mutex::new(()) })
    }

    /// Where bytes go before they are known to be right.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn incoming(&self) -> Result<Incoming, StoreError> {
        Ok(Incoming {
            file: tempfile::Builder::new().prefix(INCOMING).tempfile_in(&self.folder)?,
            taken: Taken { room: Arc::clone(&self.room), n_bytes: 0 },
            hasher: Sha256::new(),
            is_full: false,
        })
    }

    /// Gives a file its name. Once this returns it survives a loss of power.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is kept then.
    pub fn keep(&self, incoming: Incoming, name: &str) -> Result<(), StoreError> {
        let Incoming { file, mut taken, .. } = incoming;
        file.as_file().sync_all()?;
        let place = self.folder.join(name);
        let one = self.naming.lock().unwrap_or_else(PoisonError::into_inner);
        let replaced = fs::metadata(&place).map_or(0, |found| found.len());
        file.persist(&place).map_err(|error| error.error)?;
        taken.n_bytes = replaced;
        drop(one);
        // The name is in the folder, which is a file of its own.
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    /// Gives a file another name, in place of what has it.
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn rename(&self, name: &str, other: &str) -> Result<(), StoreError> {
        let one = self.naming.lock().unwrap_or_else(PoisonError::into_inner);
        let replaced = fs::metadata(self.folder.join(other)).map_or(0, |found| found.len());
        fs::rename(self.folder.join(name), self.folder.join(other))?;
        self.room.give_back(replaced);
        drop(one);
        Ok(())
    }

    /// The file with a name, if it is there.
    ///
    /// - `name`: a digest of 64 digits, with or without an extension; there is none by another.
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn file(&self, name: &str) -> Result<Option<File>, StoreError> {
        let (digest, extension) = name.split_once('.').unwrap_or((name, ""));
        if !is_digest(digest) || !extension.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return Ok(None);
        }
        match File::open(self.folder.join(name)) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Whether a text is a SHA-256 as files are named: 64 digits, small ones.
pub(crate) fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    fn store(folder: &Path, bytes_max: u64) -> Store {
        Store::open(folder, Room::new(bytes_max)).unwrap()
    }

    fn written(store: &Store, bytes: &[u8]) -> Incoming {
        let mut incoming = store.incoming().unwrap();
        incoming.write_all(bytes).unwrap();
        incoming
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_kept_is_read_and_what_is_dropped_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path(), 100);
        let incoming = written(&store, b"codes");
        let name = incoming.digest();
        assert_eq!(name, hex::encode(Sha256::digest(b"codes")));
        assert!(store.file(&name).unwrap().is_none());
        store.keep(incoming, &name).unwrap();
        drop(written(&store, b"others"));
        let mut text = String::new();
        store.file(&name).unwrap().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), names(folder.path())), ("codes", vec![name]));
        assert_eq!(store.room.used.load(Ordering::Relaxed), 5);
    }

    #[test]
    fn what_a_crash_left_is_cleared_away_and_the_rest_counts() {
        let folder = tempfile::tempdir().unwrap();
        let name = "ab".repeat(32);
        fs::write(folder.path().join("incoming-x1y2"), b"half").unwrap();
        fs::write(folder.path().join(&name), b"whole").unwrap();
        let store = store(folder.path(), 6);
        assert_eq!(names(folder.path()), [name]);
        let mut incoming = written(&store, b"1");
        assert_eq!(incoming.write(b"2").unwrap_err().kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn the_bound_holds_for_all_and_room_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let room = Room::new(10);
        let one = Store::open(&folder.path().join("one"), Arc::clone(&room)).unwrap();
        let other = Store::open(&folder.path().join("other"), Arc::clone(&room)).unwrap();
        let name = "ab".repeat(32);
        one.keep(written(&one, b"123456"), &name).unwrap();
        let mut incoming = written(&other, b"1234");
        let error = StoreError::from(incoming.write_all(b"5").unwrap_err());
        assert!(matches!(error, StoreError::Full) && incoming.is_full(), "{error}");
        drop(incoming);
        // The same name again: what is replaced makes room.
        one.keep(written(&one, b"1234"), &name).unwrap();
        assert_eq!(room.used.load(Ordering::Relaxed), 4);
        drop(written(&other, b"123456"));
    }

    #[test]
    fn only_digests_are_names() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(&folder.path().join("in"), 100);
        fs::write(folder.path().join("secret"), b"").unwrap();
        for name in ["../secret", "", "ab", &"AB".repeat(32), &format!("{}./x", "ab".repeat(32))] {
            assert!(store.file(name).unwrap().is_none(), "{name}");
        }
    }
}
