//! The gateway as a process.

use crate::binaries;
use eyre::{WrapErr, ensure, eyre};
use serde_json::Value;
use std::{path::Path, process::Stdio};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// A gateway that runs; it is killed with this.
#[derive(Debug)]
pub struct Gateway {
    process: Child,
    /// Where it answers.
    pub url: String,
}

impl Gateway {
    /// Starts one at the node with this address, with what it keeps in `folder`; returns once it
    /// listens.
    ///
    /// # Errors
    /// When it ends before that.
    pub async fn start(node: &str, folder: &Path) -> eyre::Result<Self> {
        Self::start_with(node, folder, &[]).await
    }

    /// As [`Self::start`], with further options.
    ///
    /// # Errors
    /// When it ends before it listens.
    pub async fn start_with(node: &str, folder: &Path, options: &[&str]) -> eyre::Result<Self> {
        let mut process = Command::new(binaries::find("ecoledger")?)
            .args(["--url", node, "--output", "json", "gateway", "--listen", "127.0.0.1:0"])
            // Its callers here have one address.
            .args(["--requests-per-second", "1000000", "--dir"])
            .arg(folder)
            .args(options)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .wrap_err("start a gateway")?;
        let stdout = process.stdout.take().ok_or_else(|| eyre!("it has no output"))?;
        let line = BufReader::new(stdout).lines().next_line().await?;
        let line = line.ok_or_else(|| eyre!("the gateway ended before it listened"))?;
        let said: Value = serde_json::from_str(&line)?;
        let address = said["listening"].as_str().ok_or_else(|| eyre!("{said}"))?;
        Ok(Self { process, url: format!("http://{address}") })
    }

    /// Tells it to stop (`SIGTERM`) and waits until it has ended, without an error.
    ///
    /// # Errors
    /// When it cannot be told, or fails.
    pub async fn stop(mut self) -> eyre::Result<()> {
        let id = self.process.id().ok_or_else(|| eyre!("it has ended"))?;
        let told = Command::new("sh").args(["-c", &format!("kill -TERM {id}")]).status().await?;
        ensure!(told.success(), "kill: {told}");
        let ended = self.process.wait().await?;
        ensure!(ended.success(), "the gateway: {ended}");
        Ok(())
    }

    /// Kills it (`SIGKILL`) and waits until it has ended.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub async fn kill(mut self) -> eyre::Result<()> {
        Ok(self.process.kill().await?)
    }
}
