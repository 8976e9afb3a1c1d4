//! Files that are written whole or not at all.

use ecoledger_client::Error;
use std::{
    fs::File,
    io::{self, BufWriter, Write as _},
    path::Path,
};

/// Why a file fills no further: its disk, or what makes its content.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FillError {
    #[error("{0}")]
    Disk(#[from] io::Error),
    #[error(transparent)]
    Content(#[from] Error),
}

/// What is wrong with a file.
pub(crate) fn failed(file: &Path, error: impl std::fmt::Display) -> Error {
    Error::Arguments(format!("{}: {error}", file.display()))
}

/// Refuses a file that is there and is not to be replaced, before any work is done for it.
pub(crate) fn is_free(file: &Path, replaces: bool) -> Result<(), Error> {
    if file.exists() && !replaces {
        return Err(failed(file, "it is there; --force replaces it"));
    }
    Ok(())
}

/// Writes a file that its owner alone can read; under another name until it is whole.
pub(crate) fn write_whole<T>(
    file: &Path,
    replaces: bool,
    fill: impl FnOnce(&mut BufWriter<&File>) -> Result<T, FillError>,
) -> Result<T, Error> {
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
    let written = (|| {
        let partial = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
        let mut out = BufWriter::new(partial.as_file());
        let filled = fill(&mut out)?;
        out.flush()?;
        drop(out);
        partial.as_file().sync_all()?;
        let named = if replaces { partial.persist(file) } else { partial.persist_noclobber(file) };
        named.map_err(|error| error.error)?;
        Ok(filled)
    })();
    written.map_err(|error| match error {
        FillError::Disk(error) => failed(file, error),
        FillError::Content(error) => error,
    })
}
