//! Gateways for tests: looked at in Chromium, and lied to.

use ecoledger_tests::{Gateway, Network, chromium::browse};
use eyre::{ensure, eyre};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub(crate) fn folder(network: &Network) -> PathBuf {
    network.root().join("gateway")
}

/// Opens a product page in Chromium; `lie` is what is changed on the way.
pub(crate) async fn open_page(url: &str, lie: Option<&str>) -> eyre::Result<()> {
    browse(&["open.mjs", url], &[("ECOLEDGER_LIE", lie.unwrap_or_default())]).await?;
    Ok(())
}

/// Asks a gateway, whose answers must be as its own description says: a request is status, method and
/// path, such as `200 GET /api/v1/recalls`.
pub(crate) async fn as_described(gateway: &Gateway, requests: &[String]) -> eyre::Result<()> {
    let arguments = ["answers.mjs", &gateway.url].into_iter();
    let arguments: Vec<_> = arguments.chain(requests.iter().map(String::as_str)).collect();
    browse(&arguments, &[]).await?;
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
