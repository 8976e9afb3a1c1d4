//! Lists of item codes, kept by their SHA-256: what a producer publishes of a label series.
//!
//! A list is taken in only if a series on the chain names its digest and its codes have the root of
//! that series. It is acknowledged once it is on the disk, whole; it is not part of the index, and
//! wiping that does not lose it. For each list there are two files: `DIGEST`, one code a line, and
//! `DIGEST.tree`, from which codes are proven; the second is made again from the first if missing.

use ecoledger_client::{
    Error,
    labels::{CodeProof, ListIndex, Series},
};
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
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
    /// The disk refuses.
    #[error("store of lists: {0}")]
    Disk(#[from] io::Error),
}

/// The store.
pub struct Lists {
    folder: PathBuf,
    open: Mutex<lru::LruCache<String, Arc<ListIndex>>>,
}

impl Lists {
    /// Opens the folder, makes it if need be, and clears away what was never acknowledged.
    ///
    /// # Errors
    /// [`ListError::Disk`].
    pub fn open(folder: &Path) -> Result<Self, ListError> {
        fs::create_dir_all(folder)?;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with("incoming-") {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self { folder: folder.to_owned(), open: Mutex::new(lru::LruCache::new(OPEN_MAX)) })
    }

    /// Where bytes go before they are known to be right: an empty file of its own.
    ///
    /// # Errors
    /// [`ListError::Disk`].
    pub fn incoming(&self) -> Result<tempfile::NamedTempFile, ListError> {
        Ok(tempfile::Builder::new().prefix("incoming-").tempfile_in(&self.folder)?)
    }

    /// Takes the list of a series in. Once this returns it survives a loss of power.
    ///
    /// # Errors
    /// [`ListError`]; nothing is kept then.
    pub fn put(&self, series: &Series, codes: impl BufRead) -> Result<(), ListError> {
        let mut file = self.incoming()?;
        let mut out = BufWriter::new(file.as_file_mut());
        let index = ListIndex::build(codes, &series.scheme, &series.gtin, &mut out)?;
        out.flush()?;
        drop(out);
        let committed = index.committed();
        if committed.list != series.list || committed.root != series.root {
            return Err(ListError::Other {
                got: committed.list.to_string(),
                root: committed.root.to_string(),
                expected: series.list.to_string(),
            });
        }
        let name = name_of(series);
        let mut tree = self.incoming()?;
        tree.write_all(&index.to_bytes())?;
        self.keep(tree, &format!("{name}.tree"))?;
        self.keep(file, &name)?;
        self.lock().put(name, Arc::new(index));
        Ok(())
    }

    fn keep(&self, file: tempfile::NamedTempFile, name: &str) -> Result<(), ListError> {
        file.as_file().sync_all()?;
        file.persist(self.folder.join(name)).map_err(|error| error.error)?;
        // The name is in the folder, which is a file of its own.
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    /// The list with a digest of 64 digits, if it is there.
    ///
    /// # Errors
    /// [`ListError::Disk`].
    pub fn file(&self, digest: &str) -> Result<Option<File>, ListError> {
        let is_name = digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_name {
            return Ok(None);
        }
        match File::open(self.folder.join(digest.to_ascii_lowercase())) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the list of a series is there.
    ///
    /// # Errors
    /// [`ListError::Disk`].
    pub fn has(&self, series: &Series) -> Result<bool, ListError> {
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
        let stored = fs::read(self.folder.join(format!("{name}.tree")));
        let stored = stored.ok().and_then(|bytes| ListIndex::from_bytes(&bytes).ok());
        let index = match stored.filter(|it| it.committed().root == series.root) {
            Some(index) => index,
            None => {
                let codes = BufReader::new(File::open(self.folder.join(name))?);
                let index = ListIndex::build(codes, &series.scheme, &series.gtin, io::sink())?;
                let mut tree = self.incoming()?;
                tree.write_all(&index.to_bytes())?;
                self.keep(tree, &format!("{name}.tree"))?;
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

fn name_of(series: &Series) -> String {
    series.list.to_string().trim_start_matches("0x").to_owned()
}
