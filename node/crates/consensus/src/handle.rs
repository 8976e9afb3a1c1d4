//! Starting and stopping consensus.

use crate::{
    app::{App, EngineStopped, Pace, Parts},
    codec::{NetworkCodec, ScaleCodec},
    config::ConsensusConfig,
    context::{Address, ChainContext},
    engine_config::EngineConfig,
    limits::NETWORK_REQUESTS_MAX,
    peers::{self, Directory, NodeKey, Peer, PeerHeights, peer_id},
    signing::{ChainSigner, ChainVerifier},
};
use ecoledger_executor::Executor;
use ecoledger_mempool::Mempool;
use ecoledger_primitives::Hash;
use eyre::{WrapErr, eyre};
use malachitebft_app_channel::{
    Channels, ConsensusContext, EngineHandle, NetworkContext, NetworkIdentity, RequestContext,
    Signer, SyncContext, WalContext,
    app::{
        metrics,
        types::{Keypair, codec::Codec},
    },
    start_engine,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{sync::watch, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// File of the write-ahead log in its directory.
const WAL_FILE: &str = "consensus.wal";

/// Length of the header of the write-ahead log: version 4, height 8.
const WAL_HEADER_BYTES: u64 = 12;

/// How long the engine may take to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// How long after its application's channel closes the engine may take to end. One that does not
/// end has stopped itself on purpose, because signing on would be unsafe.
const END_TIMEOUT: Duration = Duration::from_secs(5);

/// Consensus at work.
///
/// Dropping it leaves consensus running; cancel the token given to [`start`] to stop it.
#[derive(Debug)]
pub struct ConsensusHandle {
    task: JoinHandle<eyre::Result<()>>,
    peers: watch::Receiver<Vec<Peer>>,
    heights: PeerHeights,
    halted: watch::Receiver<Option<String>>,
}

impl ConsensusHandle {
    /// Waits until consensus has stopped.
    ///
    /// A node that halted over its write-ahead log waits for the shutdown: it stays up, unhealthy,
    /// so that nothing restarts it before an operator has looked.
    ///
    /// # Errors
    /// Why it stopped, unless that was the shutdown; exit with a failure then.
    pub async fn join(self) -> eyre::Result<()> {
        self.task.await.wrap_err("join the consensus task")?
    }

    /// The permitted nodes that are connected, and changes of them.
    pub fn peers(&self) -> watch::Receiver<Vec<Peer>> {
        self.peers.clone()
    }

    /// What connected nodes announce of their heights, as it comes.
    pub fn peer_heights(&self) -> PeerHeights {
        self.heights.clone()
    }

    /// Why this node does not take part any more; `None` while it does. It is never unset.
    pub fn halted(&self) -> watch::Receiver<Option<String>> {
        self.halted.clone()
    }
}

/// The engine's metrics in the Prometheus text format, without an end mark.
pub fn encode_metrics() -> String {
    let mut text = String::new();
    metrics::export(&mut text);
    match text.strip_suffix("# EOF\n") {
        Some(stripped) => stripped.to_owned(),
        None => text,
    }
}

/// Starts consensus on top of the executor's head. Networking starts last.
///
/// - `shutdown`: cancel it to stop.
///
/// # Errors
/// When committed state cannot be read, a peer's address has no identity, the write-ahead log
/// cannot be opened, or the engine does not start.
pub async fn start(
    config: ConsensusConfig,
    executor: Executor,
    mempool: Mempool,
    shutdown: CancellationToken,
) -> eyre::Result<ConsensusHandle> {
    let Running { app, mut channels, engine, peers, heights } =
        prepare(&config, executor, mempool).await?;
    let (tx_halted, rx_halted) = watch::channel(None);
    let task =
        tokio::spawn(
            async move { supervise(app, &mut channels, engine, &tx_halted, &shutdown).await },
        );
    Ok(ConsensusHandle { task, peers, heights, halted: rx_halted })
}

/// The engine, started, and the application that is to serve it.
pub(crate) struct Running {
    pub(crate) app: App,
    pub(crate) channels: Channels<ChainContext>,
    pub(crate) engine: EngineHandle,
    /// Permitted nodes that are connected.
    pub(crate) peers: watch::Receiver<Vec<Peer>>,
    /// What they announce.
    pub(crate) heights: PeerHeights,
}

/// Starts the engine and makes its application.
///
/// # Errors
/// As of [`start`].
pub(crate) async fn prepare(
    config: &ConsensusConfig,
    executor: Executor,
    mempool: Mempool,
) -> eyre::Result<Running> {
    let genesis = executor.genesis_hash();
    let signer = config.validator_key.as_ref().map(|seed| ChainSigner::new(genesis, seed));
    let permitted = executor.permitted_nodes().wrap_err("read permitted nodes")?;
    let keypair =
        Keypair::ed25519_from_bytes(config.node_key).wrap_err("make the node's identity")?;
    let own = own_key(&keypair)?;
    if !permitted.contains(&own) {
        warn!(target: "ecoledger::consensus", "this node is not permitted to connect");
    }
    let directory = Directory::new(own, &config.peers, config.reserved_only, &permitted)?;
    let (tx_permitted, rx_permitted) = watch::channel(permitted);
    let (tx_connected, connected) = watch::channel(Vec::new());
    let heights = PeerHeights::new(rx_permitted.clone());
    let codec = NetworkCodec::new(heights.clone());
    let (channels, engine) =
        start_malachite(config, &genesis, keypair, own, &directory, signer.as_ref(), codec).await?;
    let parts = Parts {
        executor,
        mempool,
        clock: Arc::clone(&config.clock),
        signer,
        pace: Pace {
            heartbeat: config.heartbeat,
            block_interval_min: config.block_interval_min,
            clock_skew_max: config.clock_skew_max,
            timeouts: config.timeouts.to_engine(),
        },
        permitted: tx_permitted,
        connected: connected.clone(),
    };
    let requests = channels.net_requests.clone();
    tokio::spawn(peers::run(directory, rx_permitted, requests, tx_connected, heights.clone()));
    match App::new(parts, channels.network.clone()) {
        Ok(app) => Ok(Running { app, channels, engine, peers: connected, heights }),
        Err(fatal) => {
            stop(engine).await;
            Err(fatal).wrap_err("start the application")
        }
    }
}

async fn start_malachite(
    config: &ConsensusConfig,
    genesis: &Hash,
    keypair: Keypair,
    own: NodeKey,
    directory: &Directory,
    signer: Option<&ChainSigner>,
    codec: NetworkCodec,
) -> eyre::Result<(Channels<ChainContext>, EngineHandle)> {
    let moniker = hex::encode(own.get(..4).unwrap_or_default());
    let entries = directory.entries().cloned().collect();
    let engine_config = EngineConfig::new(moniker.clone(), genesis, config.listen.clone(), entries);
    let wal = prepare_wal(&config.wal_dir).wrap_err("prepare the write-ahead log")?;
    let verifier = Box::new(ChainVerifier { genesis: *genesis });
    let (identity, consensus) = match signer {
        Some(signer) => {
            let proof = signer
                .sign_validator_proof(signer.address().0.to_vec(), peer_id(&own).to_bytes())
                .await?;
            let proof = ScaleCodec.encode(&proof)?;
            let address = signer.address();
            (
                NetworkIdentity::new_validator(moniker, keypair, address.to_string(), proof),
                ConsensusContext::new_validator(address, verifier, Box::new(signer.clone())),
            )
        }
        None => (
            NetworkIdentity::new(moniker, keypair, None),
            ConsensusContext::new_full_node(Address::NONE, verifier),
        ),
    };
    start_engine(
        ChainContext,
        engine_config,
        WalContext::new(wal, ScaleCodec),
        NetworkContext::new(identity, codec),
        consensus,
        SyncContext::new(ScaleCodec),
        RequestContext::new(NETWORK_REQUESTS_MAX),
    )
    .await
    .wrap_err("start the engine")
}

/// The public key of a node's identity.
fn own_key(keypair: &Keypair) -> eyre::Result<NodeKey> {
    peers::node_key(&keypair.public().to_peer_id()).ok_or_else(|| eyre!("node key is not ed25519"))
}

/// The path of the log, its directory made. A file shorter than its header was cut off while it
/// was made, before anything was signed, and would not open.
fn prepare_wal(directory: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(directory)?;
    let path = directory.join(WAL_FILE);
    match fs::metadata(&path) {
        Ok(file) if file.len() < WAL_HEADER_BYTES => fs::remove_file(&path)?,
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(path)
}

/// Runs the application until it fails, the engine stops, or the shutdown.
async fn supervise(
    app: App,
    channels: &mut Channels<ChainContext>,
    mut engine: EngineHandle,
    halted: &watch::Sender<Option<String>>,
    shutdown: &CancellationToken,
) -> eyre::Result<()> {
    let ended = tokio::select! {
        ended = app.run(channels) => ended,
        () = shutdown.cancelled() => {
            stop(engine).await;
            return Ok(());
        }
    };
    match ended {
        Err(fatal) => {
            let report = eyre::Report::new(fatal);
            error!(target: "ecoledger::consensus", error = ?report, "consensus halts");
            halted.send_replace(Some(format!("{report:#}")));
            stop(engine).await;
            Err(report)
        }
        Ok(EngineStopped { reason }) => {
            let reason = reason.unwrap_or_else(|| "the engine stopped".to_owned());
            halted.send_replace(Some(reason.clone()));
            if timeout(END_TIMEOUT, &mut engine.handle).await.is_ok() {
                return Err(eyre!(reason));
            }
            error!(
                target: "ecoledger::consensus",
                reason, "consensus halted for safety; do not restart before its log is examined"
            );
            shutdown.cancelled().await;
            stop(engine).await;
            Err(eyre!(reason))
        }
    }
}

/// Stops the engine and waits until its log is closed.
pub(crate) async fn stop(mut engine: EngineHandle) {
    let reason = Some("shutdown".to_owned());
    let cell = engine.actor.get_cell();
    cell.stop_children_and_wait(reason.clone(), Some(STOP_TIMEOUT)).await;
    cell.stop(reason);
    if timeout(STOP_TIMEOUT, &mut engine.handle).await.is_err() {
        engine.handle.abort();
    }
}
