//! The gateway as a process, and questions to it.

use crate::binaries;
use ecoledger_client::Client;
use eyre::{WrapErr, ensure, eyre};
use serde_json::Value;
use std::{
    fs,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// What the gateways of a test know, so that they give each other lists.
pub const PEER_SECRET: &str = "a-secret-of-gateways-that-are-in-one-test";

/// A gateway that runs; it is killed with this.
#[derive(Debug)]
pub struct Gateway {
    process: Child,
    /// Where it answers.
    pub url: String,
    /// What it keeps.
    pub folder: PathBuf,
}

/// What a gateway answered.
#[derive(Debug)]
pub struct Answer {
    /// Of HTTP.
    pub status: u16,
    headers: ureq::http::HeaderMap,
    /// All of it.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header; empty when it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is something else.
    pub fn json(&self) -> eyre::Result<Value> {
        serde_json::from_slice(&self.body)
            .wrap_err_with(|| format!("{}: {}", self.status, self.text()))
    }
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
        let secret = ["--peer-secret".into(), secret_beside(folder)?];
        let secret = if options.contains(&"--peer-secret") { &[][..] } else { &secret[..] };
        let mut process = Command::new(binaries::find("ecoledger")?)
            .args(["--url", node, "--output", "json", "gateway", "--listen", "127.0.0.1:0"])
            .args(options)
            .args(rate)
            .args(secret)
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
        Ok(Self { process, url: format!("http://{address}"), folder: folder.to_owned() })
    }

    /// Sends a request and takes the answer, whatever its status; follows no redirect.
    ///
    /// # Errors
    /// When there is none within a minute.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> eyre::Result<Answer> {
        let uri = format!("{}{path}", self.url);
        let mut request = ureq::http::Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body)?;
        tokio::task::spawn_blocking(move || {
            let agent = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .timeout_global(Some(Duration::from_secs(60)))
                .build()
                .new_agent();
            let mut answer = agent.run(request)?;
            let body = answer.body_mut().with_config().limit(128 << 20).read_to_vec()?;
            let headers = answer.headers().clone();
            Ok(Answer { status: answer.status().as_u16(), headers, body })
        })
        .await?
    }

    /// Gets what is at a path.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn get(&self, path: &str) -> eyre::Result<Answer> {
        self.send("GET", path, &[], Vec::new()).await
    }

    /// Gets the list with a digest, as another gateway does.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn list(&self, digest: &str) -> eyre::Result<Answer> {
        let secret = format!("Bearer {PEER_SECRET}");
        let path = format!("/api/v1/lists/{digest}");
        self.send("GET", &path, &[("authorization", &secret)], Vec::new()).await
    }

    /// Puts something at a path.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn put(&self, path: &str, body: impl Into<Vec<u8>>) -> eyre::Result<Answer> {
        self.send("PUT", path, &[], body.into()).await
    }

    /// A page, which must be there.
    ///
    /// # Errors
    /// When it is not.
    pub async fn page(&self, path: &str) -> eyre::Result<String> {
        let answer = self.get(path).await?;
        ensure!(answer.status == 200, "{path}: {} {}", answer.status, answer.text());
        Ok(answer.text())
    }

    /// An answer of the read API, which must be there.
    ///
    /// # Errors
    /// When it is not.
    pub async fn json(&self, path: &str) -> eyre::Result<Value> {
        let answer = self.get(path).await?;
        ensure!(answer.status == 200, "{path}: {} {}", answer.status, answer.text());
        answer.json()
    }

    /// Publishes a list of codes, which must be taken.
    ///
    /// # Errors
    /// When it is not.
    pub async fn publish(&self, series: u32, codes: &str) -> eyre::Result<()> {
        let answer = self.put(&format!("/api/v1/series/{series}/list"), codes).await?;
        ensure!(answer.status == 201, "{} {}", answer.status, answer.text());
        Ok(())
    }

    /// Waits until it has verified the last final block of a node.
    ///
    /// # Errors
    /// When it does not reach it in time.
    pub async fn reaches(&self, client: &Client) -> eyre::Result<()> {
        let height = client.height().await?;
        self.json(&format!("/api/v1/status?height={height}")).await?;
        Ok(())
    }

    /// Kills it and starts one again with what it kept.
    ///
    /// # Errors
    /// When either fails.
    pub async fn again(self, node: &str) -> eyre::Result<Self> {
        let folder = self.folder.clone();
        self.kill().await?;
        Self::start(node, &folder).await
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

/// The file of the secret, which only its owner may read.
fn secret_beside(folder: &Path) -> eyre::Result<PathBuf> {
    let file = folder.with_extension("secret");
    let mut options = fs::OpenOptions::new();
    let mut opened = options.create(true).truncate(true).write(true).mode(0o600).open(&file)?;
    opened.write_all(PEER_SECRET.as_bytes())?;
    Ok(file)
}
