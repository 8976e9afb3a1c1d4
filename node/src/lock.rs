//! One process at a time on a base path.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// File below a base path that is locked while a process uses the chain there. It stays when the
/// process has ended; the lock does not.
const LOCK_FILE: &str = "lock";

/// Why a base path cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BasePathError {
    /// Another process holds the lock.
    #[error("a node runs on base path {}; stop it first, or give another --base-path", .0.display())]
    InUse(PathBuf),
    /// The lock file cannot be made or locked.
    #[error("lock base path {}", .path.display())]
    Lock {
        /// The base path.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

/// A base path that no other process uses until this is dropped.
#[derive(Debug)]
pub(crate) struct BasePathLock {
    _file: File,
}

impl BasePathLock {
    /// Locks `base`, which is made if it is not there.
    ///
    /// # Errors
    /// [`BasePathError`].
    pub(crate) fn take(base: &Path) -> Result<Self, BasePathError> {
        let failed = |source| BasePathError::Lock { path: base.to_owned(), source };
        fs::create_dir_all(base).map_err(failed)?;
        let file = File::create(base.join(LOCK_FILE)).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(BasePathError::InUse(base.to_owned())),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_is_locked_once_and_again_after_that() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().join("not there yet");
        let lock = BasePathLock::take(&base).unwrap();
        let error = BasePathLock::take(&base).unwrap_err();
        assert!(matches!(&error, BasePathError::InUse(path) if *path == base), "{error}");
        drop(lock);
        BasePathLock::take(&base).unwrap();
    }

    #[test]
    fn a_base_path_that_is_no_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let error = BasePathLock::take(&file).unwrap_err();
        assert!(matches!(&error, BasePathError::Lock { path, .. } if *path == file), "{error}");
    }
}
