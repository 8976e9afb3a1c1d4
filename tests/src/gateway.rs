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

    /// Starts one with more options.
    ///
    /// # Errors
    /// When it ends before it listens.
    pub async fn start_with(node: &str, folder: &Path, options: &[&str]) -> eyre::Result<Self> {
        // Its callers here have one address.
        let rate = ["--requests-per-second", "1000000"];
        let rate = if options.contains(&rate[0]) { &[][..] } else { &rate[..] };
        let mut process = Command::new(binaries::find("ecoledger")?)
            .args(["--url", node, "--output", "json", "gateway", "--listen", "127.0.0.1:0"])
            .args(options)
            .args(rate)
            .arg("--dir")
            .arg(folder)
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

    /// Asks it to stop (`SIGTERM`) and waits until it has ended.
    ///
    /// # Errors
    /// When it cannot be asked, or fails.
    pub async fn stop(mut self) -> eyre::Result<()> {
        let pid = self.process.id().ok_or_else(|| eyre!("the gateway does not run"))?;
        let kill = ["-c", &format!("kill -TERM {pid}")];
        Command::new("sh").args(kill).status().await.wrap_err("run sh")?;
        let status = self.process.wait().await?;
        ensure!(status.success(), "the gateway stopped with {status}");
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
