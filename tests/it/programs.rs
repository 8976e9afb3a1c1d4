//! The `ecoledger` command as a process.

use ecoledger_tests::{Network, binaries};
use eyre::{WrapErr, ensure, eyre};
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

    /// The ed25519 address of `agent`.
    pub(crate) async fn address(&self, agent: &str) -> eyre::Result<String> {
        let account = self.json(agent, &["account"]).await?;
        let address = account["address"].as_str().map(ToOwned::to_owned);
        address.ok_or_else(|| eyre!("{agent} has no address: {account}"))
    }

    /// Runs a command with which alice proposes a motion, has two members vote for it, and closes
    /// it; the call that was proposed must take effect.
    pub(crate) async fn enact(&self, arguments: &[&str]) -> eyre::Result<Value> {
        let proposed = self.json("alice", arguments).await?;
        let hash = proposed["hash"].as_str().unwrap_or_default().to_owned();
        let index = proposed["index"].to_string();
        for member in ["alice", "bob"] {
            self.json(member, &["motion", "vote", &hash, &index, "--aye"]).await?;
        }
        let closed = self.json("dave", &["motion", "close", &hash, &index]).await?;
        ensure!(closed["carried"] == true, "{closed}");
        Ok(closed)
    }

    /// Runs a command that the chain must refuse as `error`, such as `Certification.WrongStage`.
    pub(crate) async fn refused(
        &self,
        agent: &str,
        arguments: &[&str],
        error: &str,
    ) -> eyre::Result<()> {
        let (code, text) = self.failure(agent, arguments).await?;
        // One line of JSON, behind notes on files that were written.
        let last = text.lines().next_back().unwrap_or_default();
        let told: Value = serde_json::from_str(last).unwrap_or_default();
        let told = &told["error"];
        let named = format!(
            "{}.{}",
            told["pallet"].as_str().unwrap_or_default(),
            told["error"].as_str().unwrap_or_default()
        );
        ensure!(code == 1 && named == error, "{arguments:?}: expected {error}, got {code} {text}");
        Ok(())
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

/// A number in an event of a receipt, such as (`BrandRegistered`, `brand`).
pub(crate) fn number(receipt: &Value, event: &str, field: &str) -> eyre::Result<String> {
    let events = receipt["events"].as_array().map(Vec::as_slice).unwrap_or_default();
    events
        .iter()
        .find(|found| found["name"] == event)
        .and_then(|found| found["fields"][field].as_u64())
        .map(|number| number.to_string())
        .ok_or_else(|| eyre!("no {event} with {field}: {receipt}"))
}
