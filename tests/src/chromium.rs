//! Scripts that look at pages in headless Chromium.

use eyre::{WrapErr, ensure};
use tokio::process::Command;

/// Runs a script of `client/web/tests` in Node, with Chromium at hand; gives what it prints.
///
/// # Errors
/// When it fails; with all that it said.
pub async fn browse(arguments: &[&str], envs: &[(&str, &str)]) -> eyre::Result<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../client/web/tests/browse");
    let output = Command::new(script).args(arguments).envs(envs.iter().copied()).output().await;
    let output = output.wrap_err(script)?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{arguments:?}: {said}{errors}");
    Ok(said)
}
