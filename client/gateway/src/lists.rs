//! Lists of item codes, kept by their SHA-256: what a producer publishes of a label series.
//!
//! A list is taken in only if a series on the chain names its digest and its codes have the root of
//! that series. It is acknowledged once it is on the disk, whole; it is not part of the index, and
//! wiping that does not lose it. For each list there are two files: `DIGEST`, one code a line, and
//! `DIGEST.tree`, from which codes are proven; the second is made again from the first if missing. A
//! list that is found to be damaged is set aside as `DIGEST.damaged`, and is one that is not there.

use crate::store::{Incoming, Room, Store, StoreError};
use ecoledger_client::{
    Digest, Error,
    labels::{CodeError, CodeProof, LEAF_BYTES_MAX, ListIndex, Series},
};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Read as _, Write},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

/// Bytes of indexes that are kept in memory: those of some fifty million codes.
const OPEN_BYTES_MAX: usize = 256 << 20;

/// Why a list is not taken in, or not there.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The list is not as the chain's series has it, or its codes are wrong.
    #[error("{0}")]
    Wrong(#[from] Error),
    /// It is another list.
    #[error("codes: {got} under root {root}: the series has another list, {expected}")]
    Other {
        /// Digest of the list given.
        got: String,
        /// Root over its codes.
        root: String,
        /// Digest that the series names.
        expected: String,
    },
    /// It is not here, or not whole.
    #[error("the list is not here")]
    Missing,
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<io::Error> for ListError {
    fn from(error: io::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The store.
pub struct Lists {
    store: Store,
    open: Mutex<Open>,
}

/// Indexes in memory, those that were asked last.
struct Open {
    indexes: lru::LruCache<Digest, Arc<ListIndex>>,
    n_bytes: usize,
    bytes_max: usize,
}

impl Open {
    fn put(&mut self, list: Digest, index: Arc<ListIndex>) {
        self.n_bytes += index.n_bytes();
        let replaced = self.indexes.put(list, index);
        self.n_bytes -= replaced.map_or(0, |it| it.n_bytes());
        while self.n_bytes > self.bytes_max {
            let Some((_, oldest)) = self.indexes.pop_lru() else { break };
            self.n_bytes -= oldest.n_bytes();
        }
    }

    fn forget(&mut self, list: &Digest) {
        self.n_bytes -= self.indexes.pop(list).map_or(0, |it| it.n_bytes());
    }
}

/// Most bytes of the list of a series.
pub fn bytes_max(series: &Series) -> u64 {
    (LEAF_BYTES_MAX as u64 + 2) * u64::from(series.n_codes)
}

impl Lists {
    /// Opens the folder, as [`Store::open`].
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn open(folder: &Path, room: Arc<Room>) -> Result<Self, StoreError> {
        let store = Store::open(folder, room)?;
        let indexes = lru::LruCache::unbounded();
        let open = Open { indexes, n_bytes: 0, bytes_max: OPEN_BYTES_MAX };
        Ok(Self { store, open: Mutex::new(open) })
    }

    /// Where bytes go before they are known to be right.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn incoming(&self) -> Result<Incoming, StoreError> {
        self.store.incoming()
    }

    /// Takes the list of a series in. Once this returns it survives a loss of power.
    ///
    /// # Errors
    /// [`ListError`]; nothing is kept then.
    pub fn put(&self, series: &Series, codes: impl BufRead) -> Result<(), ListError> {
        let mut file = self.store.incoming()?;
        let mut out = BufWriter::new(&mut file);
        let built = ListIndex::build(codes, &series.scheme, &series.gtin, &mut out);
        let flushed = out.flush();
        drop(out);
        if file.is_full() {
            return Err(StoreError::Full.into());
        }
        let index = built?;
        flushed?;
        let committed = index.committed();
        if committed.list != series.list || committed.root != series.root {
            return Err(ListError::Other {
                got: committed.list.to_string(),
                root: committed.root.to_string(),
                expected: series.list.to_string(),
            });
        }
        let name = name_of(series);
        self.keep_tree(&index, &name)?;
        self.store.keep(file, &name)?;
        self.lock().put(series.list.clone(), Arc::new(index));
        Ok(())
    }

    fn keep_tree(&self, index: &ListIndex, name: &str) -> Result<(), ListError> {
        let mut tree = self.store.incoming()?;
        tree.write_all(&index.to_bytes())?;
        Ok(self.store.keep(tree, &tree_of(name))?)
    }

    /// The list with a digest of 64 digits, if it is there.
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn file(&self, digest: &str) -> Result<Option<File>, StoreError> {
        self.store.file(&digest.to_ascii_lowercase())
    }

    /// Whether the list of a series is there.
    ///
    /// # Errors
    /// [`StoreError::Disk`].
    pub fn has(&self, series: &Series) -> Result<bool, StoreError> {
        Ok(self.file(&name_of(series))?.is_some())
    }

    /// The proof that a code is in a series; `None` if it is not in its list.
    ///
    /// # Errors
    /// [`ListError::Missing`] when the list is not here or turns out to be damaged; it is set aside then.
    pub fn prove(
        &self,
        id: u32,
        series: &Series,
        code: &str,
    ) -> Result<Option<CodeProof>, ListError> {
        let index = self.index(series)?;
        // Most lists say so from memory.
        if !index.may_have(&series.scheme, &series.gtin, code) {
            return Ok(None);
        }
        let Some(mut file) = self.file(&name_of(series))? else {
            self.lock().forget(&series.list);
            return Err(ListError::Missing);
        };
        match index.prove(&mut file, &series.scheme, &series.gtin, code) {
            Ok(found) => Ok(found.map(|path| path.of_series(id))),
            Err(Error::Code(CodeError::Damaged)) => self.set_aside(series),
            Err(error) => Err(error.into()),
        }
    }

    fn index(&self, series: &Series) -> Result<Arc<ListIndex>, ListError> {
        if let Some(open) = self.lock().indexes.get(&series.list) {
            return Ok(Arc::clone(open));
        }
        let name = name_of(series);
        let Some(codes) = self.file(&name)? else { return Err(ListError::Missing) };
        let mut stored = Vec::new();
        if let Some(mut tree) = self.store.file(&tree_of(&name))? {
            tree.read_to_end(&mut stored)?;
        }
        // Whether its codes have the root of the series was asked when it was taken in.
        let is_of_series = |index: &ListIndex| index.committed().list == series.list;
        let index = match ListIndex::from_bytes(&stored).ok().filter(is_of_series) {
            Some(index) => index,
            None => {
                let codes = BufReader::new(codes);
                let built = ListIndex::build(codes, &series.scheme, &series.gtin, io::sink());
                let Some(index) = built.ok().filter(is_of_series) else {
                    return self.set_aside(series);
                };
                // Without room it is made again with the next start.
                if let Err(error) = self.keep_tree(&index, &name) {
                    tracing::warn!(%error, name, "the index of a list is not kept");
                }
                index
            }
        };
        let index = Arc::new(index);
        self.lock().put(series.list.clone(), Arc::clone(&index));
        Ok(index)
    }

    /// Takes a damaged list out of service: it can be published or fetched again.
    fn set_aside<T>(&self, series: &Series) -> Result<T, ListError> {
        let name = name_of(series);
        tracing::error!(name, "a list is damaged and was set aside; it can be published again");
        self.lock().forget(&series.list);
        self.store.rename(&name, &format!("{name}.damaged"))?;
        Err(ListError::Missing)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As the list of a series is named: its SHA-256 as 64 digits.
pub fn name_of(series: &Series) -> String {
    series.list.to_string().trim_start_matches("0x").to_owned()
}

fn tree_of(name: &str) -> String {
    format!("{name}.tree")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ecoledger_client::labels::CodeScheme;

    fn index(n_codes: u32) -> (Digest, Arc<ListIndex>) {
        let codes: String = (0..n_codes).map(|n| format!("S{n:05}\n")).collect();
        let gtin = "06901234000016".parse().unwrap();
        let built =
            ListIndex::build(codes.as_bytes(), &CodeScheme::Gs1Serial, &gtin, io::sink()).unwrap();
        (built.committed().list.clone(), Arc::new(built))
    }

    #[test]
    fn indexes_in_memory_are_bounded_by_their_bytes() {
        let ((one, first), (other, second)) = (index(100), index(200));
        let bytes_max = second.n_bytes();
        let mut open = Open { indexes: lru::LruCache::unbounded(), n_bytes: 0, bytes_max };
        open.put(one.clone(), Arc::clone(&first));
        open.put(one.clone(), Arc::clone(&first));
        assert_eq!(open.n_bytes, first.n_bytes());
        // Both do not fit: the one that was asked for last stays.
        open.put(other.clone(), Arc::clone(&second));
        assert_eq!((open.n_bytes, open.indexes.len()), (second.n_bytes(), 1));
        assert!(open.indexes.contains(&other));
        open.forget(&one);
        open.forget(&other);
        assert_eq!((open.n_bytes, open.indexes.len()), (0, 0));
    }
}
