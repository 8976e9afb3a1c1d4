//! Running the public service beside a node.

use crate::{output::Printer, proof::read_checkpoint};
use clap::Args;
use ecoledger_client::Error;
use ecoledger_gateway::{Config, GatewayError, run as run_gateway};
use serde_json::json;
use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf};
use tokio::signal::unix::{SignalKind, signal};

/// Where, and within which bounds.
#[derive(Args, Debug)]
pub(crate) struct GatewayArgs {
    /// Folder of the index, which can be deleted and is built again, and of published lists of item
    /// codes, which cannot.
    #[arg(long, value_name = "FOLDER")]
    dir: PathBuf,
    /// Address to listen at; port 0 for one that is free. Put a server with TLS before it: browsers
    /// verify only what comes from HTTPS or from this machine.
    #[arg(long, default_value = "127.0.0.1:8480")]
    listen: SocketAddr,
    /// Address under which it is reached, for links: such as `https://trace.example`.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Checkpoint from which it and its pages verify, as `proof checkpoint` writes it. Unless given,
    /// the first block as the node has it: compare it with another's.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Page that verifies proofs, as scripts/verifier makes it; served at /verify.
    #[arg(long, value_name = "FILE")]
    verifier: Option<PathBuf>,
    /// The server before it appends the caller's address to X-Forwarded-For: limit callers by that.
    /// Only where nobody reaches the gateway but through it.
    #[arg(long)]
    behind_proxy: bool,
    /// Requests a second that one address may make.
    #[arg(long, default_value_t = NonZeroU32::new(50).expect("50 is not zero; qed"))]
    requests_per_second: NonZeroU32,
    /// Connections at a time.
    #[arg(long, default_value_t = 4096)]
    connections: usize,
}

/// Runs until it is told to stop (SIGINT, SIGTERM).
pub(crate) async fn run(url: &str, args: &GatewayArgs, printer: Printer) -> Result<(), Error> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false).init();
    let config = Config {
        node: url.to_owned(),
        listen: args.listen,
        public_url: args.public_url.clone(),
        folder: args.dir.clone(),
        checkpoint: args.checkpoint.as_deref().map(read_checkpoint).transpose()?,
        verifier: args.verifier.clone(),
        behind_proxy: args.behind_proxy,
        requests_per_second: args.requests_per_second,
        connections_max: args.connections,
    };
    let wrong = |error: std::io::Error| Error::Arguments(format!("signals: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(wrong)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(wrong)?;
    let stop = async {
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
    };
    let started = |address: SocketAddr| printer.value(&json!({ "listening": address }));
    run_gateway(config, started, stop).await.map_err(|error| match error {
        GatewayError::Node(error) => error,
        error => Error::Arguments(format!("gateway: {error}")),
    })
}
