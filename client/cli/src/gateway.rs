//! Running the public service beside a node.

use crate::{output::Printer, proof::read_checkpoint};
use clap::Args;
use ecoledger_client::Error;
use ecoledger_gateway::{
    Config, GatewayError, run as run_gateway,
    scans::{Apart, Thresholds},
};
use serde_json::json;
use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf};
use tokio::signal::unix::{SignalKind, signal};

/// Where, and within which bounds.
#[derive(Args, Debug)]
pub(crate) struct GatewayArgs {
    /// Folder of the index, which can be deleted and is built again; and of published lists of item
    /// codes, documents and counts of scans, which cannot.
    #[arg(long, value_name = "FOLDER")]
    dir: PathBuf,
    /// Address to listen at; port 0 for one that is free. Put a server with TLS before it: browsers
    /// verify only what comes from HTTPS or from this machine.
    #[arg(long, default_value = "127.0.0.1:8480")]
    listen: SocketAddr,
    /// Address under which it is reached, for links: such as `https://trace.example`.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Checkpoint from which it and its pages verify, as `proof checkpoint` writes it; pages from a
    /// later one, which it has verified itself, once this is a month old. Unless given, the first block
    /// as the node has it: compare it with another's.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Page that verifies proofs, as scripts/verifier makes it; served at /verify.
    #[arg(long, value_name = "FILE")]
    verifier: Option<PathBuf>,
    /// The server before it appends the caller's address to X-Forwarded-For: limit callers by that.
    /// Only where nobody reaches the gateway but through it.
    #[arg(long)]
    behind_proxy: bool,
    /// Header by which that server says from which province of China somebody asks: the division by
    /// GB/T 2260, or its first two digits. Without one, scans are counted without places.
    #[arg(long, value_name = "HEADER", requires = "behind_proxy")]
    region_header: Option<String>,
    /// Address of another gateway, from which missing lists and documents are fetched by their digest
    /// and checked; can be given several times.
    #[arg(long = "peer", value_name = "URL")]
    peers: Vec<String>,
    /// File with a secret of 32 characters or more that gateways share. Lists of codes, which are not
    /// public, are given to and taken from those that have the same one; `openssl rand -hex 32` makes it.
    #[arg(long, value_name = "FILE")]
    peer_secret: Option<PathBuf>,
    /// Most bytes of lists and documents together.
    #[arg(long, value_name = "BYTES", default_value_t = 64 << 30)]
    store_bytes_max: u64,
    /// Most bytes of one document.
    #[arg(long, value_name = "BYTES", default_value_t = 64 << 20)]
    document_bytes_max: u64,
    /// Requests a second that one address, or one /64 of IPv6, may make.
    #[arg(long, default_value_t = NonZeroU32::new(50).expect("50 is not zero; qed"))]
    requests_per_second: NonZeroU32,
    /// Connections at a time.
    #[arg(long, default_value_t = NonZeroU32::new(4096).expect("4096 is not zero; qed"))]
    connections: NonZeroU32,
    /// Connections at a time of one address, or one /64 of IPv6; further ones are closed.
    #[arg(long, default_value_t = 128, conflicts_with = "behind_proxy")]
    connections_per_address: usize,
    #[command(flatten)]
    warn: WarnArgs,
}

/// When the page of an item warns that its label may have been copied.
#[derive(Args, Debug)]
#[command(next_help_heading = "Warnings of copied labels")]
pub(crate) struct WarnArgs {
    /// The last days whose scans count.
    #[arg(long, value_name = "DAYS", default_value_t = Thresholds::default().days,
        value_parser = clap::value_parser!(u32).range(1..=31))]
    warn_days: u32,
    /// Distance between the seats of two provinces from which they are far apart.
    #[arg(long, value_name = "KM", default_value_t = Thresholds::default().km)]
    warn_km: u32,
    /// So many scans from so many provinces, two of them far apart.
    #[arg(long, value_name = "SCANS,PROVINCES", default_value_t = Thresholds::default().apart)]
    warn_apart: Apart,
    /// So many scans, wherever from.
    #[arg(long, value_name = "SCANS", default_value_t = Thresholds::default().anywhere,
        value_parser = clap::value_parser!(u32).range(1..))]
    warn_anywhere: u32,
    /// The same as --warn-apart, behind the day on which the item was marked sold.
    #[arg(long, value_name = "SCANS,PROVINCES", default_value_t = Thresholds::default().sold_apart)]
    warn_sold_apart: Apart,
    /// The same as --warn-anywhere, behind the day on which the item was marked sold.
    #[arg(long, value_name = "SCANS", default_value_t = Thresholds::default().sold_anywhere,
        value_parser = clap::value_parser!(u32).range(1..))]
    warn_sold_anywhere: u32,
}

impl WarnArgs {
    fn thresholds(&self) -> Thresholds {
        Thresholds {
            days: self.warn_days,
            km: self.warn_km,
            apart: self.warn_apart,
            anywhere: self.warn_anywhere,
            sold_apart: self.warn_sold_apart,
            sold_anywhere: self.warn_sold_anywhere,
        }
    }
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
        region_header: args.region_header.clone(),
        thresholds: args.warn.thresholds(),
        peers: args.peers.clone(),
        peer_secret: args.peer_secret.clone(),
        store_bytes_max: args.store_bytes_max,
        document_bytes_max: args.document_bytes_max,
        requests_per_second: args.requests_per_second,
        connections_max: args.connections,
        connections_of_address_max: args.connections_per_address,
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
