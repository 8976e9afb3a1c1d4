//! Lists of item codes, kept by their SHA-256: what a producer publishes of a label series.
//!
//! A list is taken in only if a series on the chain names its digest and its codes have the root of
//! that series. It is acknowledged once it is on the disk, whole; it is not part of the index, and
//! wiping that does not lose it. For each list there are two files: `DIGEST`, one code a line, and
//! `DIGEST.tree`, from which codes are proven; the second is made again from the first if missing.

use crate::store::{Incoming, Room, Store, StoreError};
use ecoledger_client::{
    Error,
    labels::{CodeProof, LEAF_BYTES_MAX, ListIndex, Series},
};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Read as _, Write},
    num::NonZeroUsize,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

/// Indexes that are kept in memory; that of a million codes has about a megabyte.
const OPEN_MAX: NonZeroUsize = NonZeroUsize::new(64).expect("64 is not zero; qed");

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
    open: Mutex<lru::LruCache<String, Arc<ListIndex>>>,
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
        Ok(Self { store, open: Mutex::new(lru::LruCache::new(OPEN_MAX)) })
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
        self.lock().put(name, Arc::new(index));
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

    /// The proof that a code is in a series; `None` if it is not in its list, or the list is not
    /// here.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn prove(
        &self,
        id: u32,
        series: &Series,
        code: &str,
    ) -> Result<Option<CodeProof>, ListError> {
        let name = name_of(series);
        let Some(mut file) = self.file(&name)? else { return Ok(None) };
        let index = self.index(&name, series)?;
        let found = index.prove(&mut file, &series.scheme, &series.gtin, code)?;
        Ok(found.map(|path| path.of_series(id)))
    }

    fn index(&self, name: &str, series: &Series) -> Result<Arc<ListIndex>, ListError> {
        if let Some(open) = self.lock().get(name) {
            return Ok(Arc::clone(open));
        }
        let mut stored = Vec::new();
        if let Some(mut tree) = self.store.file(&tree_of(name))? {
            tree.read_to_end(&mut stored)?;
        }
        let stored = ListIndex::from_bytes(&stored).ok();
        let index = match stored.filter(|it| it.committed().root == series.root) {
            Some(index) => index,
            None => {
                let codes = self.file(name)?.ok_or_else(|| Error::NotFound(name.into()))?;
                let codes = BufReader::new(codes);
                let index = ListIndex::build(codes, &series.scheme, &series.gtin, io::sink())?;
                // Without room it is made again with the next start.
                if let Err(error) = self.keep_tree(&index, name) {
                    tracing::warn!(%error, name, "the index of a list is not kept");
                }
                index
            }
        };
        let index = Arc::new(index);
        self.lock().put(name.to_owned(), Arc::clone(&index));
        Ok(index)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, lru::LruCache<String, Arc<ListIndex>>> {
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
