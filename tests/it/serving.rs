//! Gateways for tests: started, asked, looked at in Chromium, and lied to.

use ecoledger_client::Client;
use ecoledger_tests::{Network, chromium::browse};
use eyre::{WrapErr, ensure, eyre};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A gateway with what it keeps.
pub(crate) struct Gateway {
    pub(crate) process: ecoledger_tests::Gateway,
    pub(crate) url: String,
    pub(crate) folder: PathBuf,
}

/// Status, content type, location and body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) location: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> eyre::Result<Value> {
        serde_json::from_slice(&self.body)
            .wrap_err_with(|| format!("{}: {}", self.status, String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Gateway {
    pub(crate) async fn start(node: &str, folder: &Path) -> eyre::Result<Self> {
        let process = ecoledger_tests::Gateway::start(node, folder).await?;
        Ok(Self { url: process.url.clone(), process, folder: folder.to_owned() })
    }

    pub(crate) async fn start_with(
        node: &str,
        folder: &Path,
        options: &[&str],
    ) -> eyre::Result<Self> {
        let process = ecoledger_tests::Gateway::start_with(node, folder, options).await?;
        Ok(Self { url: process.url.clone(), process, folder: folder.to_owned() })
    }

    pub(crate) async fn send(
        &self,
        method: &'static str,
        path: &str,
        body: Vec<u8>,
    ) -> eyre::Result<Answer> {
        let url = format!("{}{path}", self.url);
        tokio::task::spawn_blocking(move || {
            let agent = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .timeout_global(Some(Duration::from_secs(60)))
                .build()
                .new_agent();
            let mut answer = match method {
                "PUT" => agent.put(&url).send(&body[..]),
                "HEAD" => agent.head(&url).call(),
                "LINKSET" => agent.get(&url).header("Accept", "application/linkset+json").call(),
                _ => agent.get(&url).call(),
            }?;
            let header = |name: &str| {
                let value = answer.headers().get(name).and_then(|it| it.to_str().ok());
                value.unwrap_or_default().to_owned()
            };
            let (kind, location) = (header("content-type"), header("location"));
            let body = answer.body_mut().with_config().limit(128 << 20).read_to_vec()?;
            Ok(Answer { status: answer.status().as_u16(), kind, location, body })
        })
        .await?
    }

    pub(crate) async fn get(&self, path: &str) -> eyre::Result<Answer> {
        self.send("GET", path, Vec::new()).await
    }

    /// A page, which must be there.
    pub(crate) async fn page(&self, path: &str) -> eyre::Result<String> {
        let answer = self.get(path).await?;
        ensure!(answer.status == 200, "{path}: {} {}", answer.status, answer.text());
        Ok(answer.text())
    }

    pub(crate) async fn json(&self, path: &str) -> eyre::Result<Value> {
        let answer = self.get(path).await?;
        ensure!(answer.status == 200, "{path}: {} {}", answer.status, answer.text());
        answer.json()
    }

    /// Waits until it has verified the last final block of a node.
    pub(crate) async fn reaches(&self, client: &Client) -> eyre::Result<()> {
        let height = client.height().await?;
        self.json(&format!("/api/v1/status?height={height}")).await?;
        Ok(())
    }

    pub(crate) async fn again(self, node: &str) -> eyre::Result<Self> {
        self.process.kill().await?;
        Self::start(node, &self.folder).await
    }
}

pub(crate) fn folder(network: &Network) -> PathBuf {
    network.root().join("gateway")
}

/// Opens a product page in Chromium; `lie` is what is changed on the way.
pub(crate) async fn open_page(url: &str, lie: Option<&str>) -> eyre::Result<()> {
    browse(&["open.mjs", url], &[("ECOLEDGER_LIE", lie.unwrap_or_default())]).await?;
    Ok(())
}

/// Passes bytes on, with `find` replaced by `put`, which is as long.
async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    (find, put): (String, String),
    is_on: Arc<AtomicBool>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(n @ 1..) = from.read(&mut buffer).await {
        let bytes = &mut buffer[..n];
        for at in 0..(n + 1).saturating_sub(find.len()) {
            if is_on.load(Ordering::Relaxed) && bytes[at..].starts_with(find.as_bytes()) {
                bytes[at..at + find.len()].copy_from_slice(put.as_bytes());
            }
        }
        if to.write_all(bytes).await.is_err() {
            break;
        }
    }
}

/// Stands before the server at a `ws:` or `http:` address, with `truth` replaced by `lie` in what it
/// says, while `lies`; gives host and port.
pub(crate) async fn liar(
    server: &str,
    (truth, lie): (&'static str, &'static str),
    lies: Arc<AtomicBool>,
) -> eyre::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let own = listener.local_addr()?.to_string();
    let address = own.clone();
    let (_, server) = server.split_once("://").ok_or_else(|| eyre!("{server}: no address"))?;
    let server = server.to_owned();
    ensure!(truth.len() == lie.len() && own.len() == server.len(), "frames keep their length");
    tokio::spawn(async move {
        while let Ok((caller, _)) = listener.accept().await {
            let Ok(called) = TcpStream::connect(&server).await else { break };
            let ((from, to), (answers, questions)) = (caller.into_split(), called.into_split());
            // The server looks at the host that it is asked for.
            let host = (own.clone(), server.clone());
            tokio::spawn(pass(from, questions, host, Arc::new(AtomicBool::new(true))));
            tokio::spawn(pass(answers, to, (truth.into(), lie.into()), Arc::clone(&lies)));
        }
    });
    Ok(address)
}
