//! The `ecoledger` command as a process.

use ecoledger_tests::{Network, binaries};
use eyre::{WrapErr, ensure};
use serde_json::Value;
use std::{path::PathBuf, process::Output};
use tokio::process::Command;

/// Runs the command against one node.
pub(crate) struct Programs {
    pub(crate) url: String,
    pub(crate) keys: PathBuf,
}

impl Programs {
    /// Against the first node of a network.
    pub(crate) fn of(network: &Network) -> Self {
        Self { url: network.node(0).url(), keys: network.root().join("keys") }
    }

    /// `ecoledger`, not started, signing as `agent` where a call is made.
    pub(crate) fn command(&self, agent: &str, arguments: &[&str]) -> eyre::Result<Command> {
        let mut command = Command::new(binaries::find("ecoledger")?);
        command
            .args(["--url", &self.url])
            .args(arguments)
            .env("ECOLEDGER_KEY_FILE", self.keys.join(format!("{agent}.seed")))
            .kill_on_drop(true);
        Ok(command)
    }

    /// Runs `ecoledger --output json`.
    pub(crate) async fn ecoledger(&self, agent: &str, arguments: &[&str]) -> eyre::Result<Output> {
        let mut command = self.command(agent, arguments)?;
        command.args(["--output", "json"]).output().await.wrap_err("run ecoledger")
    }

    /// The same, for a command that must succeed: what it prints.
    pub(crate) async fn json(&self, agent: &str, arguments: &[&str]) -> eyre::Result<Value> {
        let output = self.ecoledger(agent, arguments).await?;
        ensure!(
            output.status.success(),
            "ecoledger {arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).wrap_err_with(|| format!("ecoledger {arguments:?}"))
    }

    /// What it prints for people; it must succeed.
    pub(crate) async fn text(&self, agent: &str, arguments: &[&str]) -> eyre::Result<String> {
        let output = self.command(agent, arguments)?.output().await.wrap_err("run ecoledger")?;
        ensure!(
            output.status.success(),
            "ecoledger {arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).wrap_err("read its output")
    }

    /// Its exit code and standard error.
    pub(crate) async fn failure(
        &self,
        agent: &str,
        arguments: &[&str],
    ) -> eyre::Result<(i32, String)> {
        let output = self.ecoledger(agent, arguments).await?;
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok((output.status.code().unwrap_or(-1), text))
    }
}
