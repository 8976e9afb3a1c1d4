//! Where the programs under test are: beside the program that runs the tests.

use eyre::{WrapErr, eyre};
use std::path::PathBuf;

/// The built program `name`, or the built example `examples/name`.
///
/// # Errors
/// When it is not built.
pub fn find(name: &str) -> eyre::Result<PathBuf> {
    let here = std::env::current_exe().wrap_err("find this program")?;
    here.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .ok_or_else(|| {
            eyre!(
                "{name} is not built beside {}; `scripts/test` builds everything first",
                here.display()
            )
        })
}
