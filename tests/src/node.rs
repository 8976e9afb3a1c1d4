//! One node as a process.

use crate::binaries;
use eyre::{WrapErr, bail, eyre};
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    process::{Child, ChildStderr, Command},
    sync::oneshot,
    time::timeout,
};

/// How long a node may take to start, also on a busy machine with a chain to open.
const START_TIMEOUT: Duration = Duration::from_secs(90);
/// How long a node may take to stop when it is asked to.
const STOP_TIMEOUT: Duration = Duration::from_secs(60);
/// What a node logs once its JSON-RPC answers.
const UP: &str = "node is up";
/// Lines of a log that are shown when something fails.
const TAIL_LINES: usize = 30;

/// A node: its folder, its options and, while it runs, its process.
#[derive(Debug)]
pub struct Node {
    folder: PathBuf,
    environment: BTreeMap<String, String>,
    process: Option<Child>,
}

impl Node {
    /// A node whose folder holds its keys and its file of options, as `testnet` writes them.
    ///
    /// # Errors
    /// When the file of options cannot be read.
    pub fn at(folder: PathBuf) -> eyre::Result<Self> {
        let text = fs::read_to_string(folder.join("env"))
            .wrap_err_with(|| format!("read options of {}", folder.display()))?;
        let environment = text
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        Ok(Self { folder, environment, process: None })
    }

    /// Where its keys, database and log are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// An option, such as `BOOTNODES`.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.environment.get(&format!("ECOLEDGER_{name}")).map(String::as_str)
    }

    /// Sets an option for the next start.
    pub fn set_option(&mut self, name: &str, value: impl Into<String>) {
        self.environment.insert(format!("ECOLEDGER_{name}"), value.into());
    }

    /// WebSocket address of its JSON-RPC.
    pub fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.option("RPC_PORT").unwrap_or_default())
    }

    /// A metric without labels, as its metrics port gives it; 0 where it has none of that name.
    ///
    /// # Errors
    /// When the port does not answer.
    pub async fn metric(&self, name: &str) -> eyre::Result<u64> {
        let address = format!("127.0.0.1:{}", self.option("PROMETHEUS_PORT").unwrap_or_default());
        let mut stream = TcpStream::connect(&address).await.wrap_err("connect for metrics")?;
        let request =
            format!("GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.wrap_err("ask for metrics")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.wrap_err("read metrics")?;
        let value = answer.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.map_or(Ok(0), |value| value.trim().parse().wrap_err("read a metric"))
    }

    /// Whether its process runs, as far as this program knows.
    pub fn is_running(&self) -> bool {
        self.process.is_some()
    }

    /// Its process, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().and_then(Child::id)
    }

    /// Starts it, and returns when its JSON-RPC answers.
    ///
    /// # Errors
    /// When it ends before, with the end of its log.
    pub async fn start(&mut self) -> eyre::Result<()> {
        let up = self.spawn()?;
        match timeout(START_TIMEOUT, up).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => {
                let status = self.ended().await?;
                bail!("{} ended with {status}:\n{}", self.folder.display(), self.log_tail())
            }
            Err(_) => bail!(
                "{} is not up after {START_TIMEOUT:?}:\n{}",
                self.folder.display(),
                self.log_tail()
            ),
        }
    }

    /// Starts it and gives what resolves when it is up, or fails when it ends before.
    ///
    /// # Errors
    /// When it runs already or its program is not built.
    pub fn spawn(&mut self) -> eyre::Result<oneshot::Receiver<()>> {
        if self.is_running() {
            bail!("{} runs already", self.folder.display());
        }
        let mut child = Command::new(binaries::find("ecoledger-node")?)
            .envs(&self.environment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .wrap_err("start ecoledger-node")?;
        let log = child.stderr.take().ok_or_else(|| eyre!("a node without standard error"))?;
        let file = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log_path())
            .wrap_err("open log")?;
        let (sender, receiver) = oneshot::channel();
        tokio::spawn(follow(log, file, sender));
        self.process = Some(child);
        Ok(receiver)
    }

    /// Ends it at once, as `kill -9` does.
    ///
    /// # Errors
    /// When it does not run.
    pub async fn kill(&mut self) -> eyre::Result<()> {
        let mut process = self.process.take().ok_or_else(|| eyre!("the node does not run"))?;
        process.kill().await.wrap_err("kill a node")
    }

    /// Asks it to stop, and returns its exit status.
    ///
    /// # Errors
    /// When it does not run, or does not stop in time.
    pub async fn stop(&mut self) -> eyre::Result<ExitStatus> {
        let pid = self.pid().ok_or_else(|| eyre!("the node does not run"))?;
        let asked = Command::new("sh")
            .args(["-c", &format!("kill -TERM {pid}")])
            .status()
            .await
            .wrap_err("run sh")?;
        if !asked.success() {
            bail!("process {pid} cannot be asked to stop");
        }
        self.ended().await
    }

    /// Waits until its process has ended.
    ///
    /// # Errors
    /// When it does not run, or does not end in time.
    pub async fn ended(&mut self) -> eyre::Result<ExitStatus> {
        let process = self.process.as_mut().ok_or_else(|| eyre!("the node does not run"))?;
        let status = timeout(STOP_TIMEOUT, process.wait()).await;
        match status {
            Ok(status) => {
                self.process = None;
                status.wrap_err("wait for a node")
            }
            Err(_) => bail!(
                "{} has not ended after {STOP_TIMEOUT:?}:\n{}",
                self.folder.display(),
                self.log_tail()
            ),
        }
    }

    /// The last lines of its log.
    pub fn log_tail(&self) -> String {
        let text = fs::read(self.log_path()).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<_> = text.lines().collect();
        lines.get(lines.len().saturating_sub(TAIL_LINES)..).unwrap_or_default().join("\n")
    }

    /// Its whole log.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.log_path()).unwrap_or_default()).into_owned()
    }

    fn log_path(&self) -> PathBuf {
        self.folder.join("log")
    }
}

/// Copies a node's log to its file and tells when it is up.
async fn follow(log: ChildStderr, mut file: fs::File, up: oneshot::Sender<()>) {
    let mut up = Some(up);
    let mut lines = BufReader::new(log).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        // A full disk must not end the node whose log this is.
        let _ = writeln!(file, "{line}");
        if line.contains(UP)
            && let Some(up) = up.take()
        {
            let _ = up.send(());
        }
    }
}
