//! The only place where components meet: opens, starts, watches and stops them.

use crate::{
    addresses::{gossip_address, named, tcp_address},
    chain_spec::{CHAIN_FOLDER, ChainSpec, base_path},
    cli::{Pruning, RpcMethods, RunArgs},
    health::{watch_health, watch_peers},
    keys::{KeyFile, NODE_KEY_FILE, VALIDATOR_KEY_FILE},
    lock::BasePathLock,
    testnet::GOSSIP_PORT_OFFSET,
};
use ecoledger_consensus::{ConsensusConfig, ConsensusHandle, peers::node_key};
use ecoledger_executor::Executor;
use ecoledger_mempool::{
    Mempool, MempoolConfig,
    gossip::{self, GossipConfig, GossipHandle, GossipLimits},
};
use ecoledger_rpc::{
    ChainInfo, Cors, NodeInfo, NodeRole, RpcConfig, RpcContext, RpcHandle, metrics_source,
};
use ecoledger_storage::{StateRetention, Storage, StorageConfig};
use eyre::{WrapErr, bail, eyre};
use libp2p::{Multiaddr, multiaddr::Protocol};
use prometheus_client::registry::Registry;
use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    num::NonZeroU32,
    path::Path,
    sync::Arc,
};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{broadcast::error::RecvError, watch},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Runs the node until it is told to stop or can no longer do its work.
pub(crate) async fn run(args: &RunArgs) -> eyre::Result<()> {
    let base = base_path(args.base_path.as_deref())?;
    let _lock = BasePathLock::take(&base)?;
    let spec = ChainSpec::load(&args.chain, &base)?;
    let bootnodes = named("bootnode", spec.boot_nodes.iter().chain(&args.bootnodes))?;
    let node_key = KeyFile::read_or_generate(&base.join(NODE_KEY_FILE))?;
    let chain_folder = base.join(CHAIN_FOLDER).join(&spec.id);
    let shutdown = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate()).wrap_err("listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).wrap_err("listen for SIGINT")?;

    check_ports(args)?;
    let executor = open_chain(&spec, args, &chain_folder).await?;
    let head = executor.head();
    info!(
        target: "ecoledger::node",
        chain = spec.name, genesis = ?executor.genesis_hash(), height = head.number,
        hash = ?head.hash, "chain opened"
    );
    let mempool = Mempool::new(executor.clone(), MempoolConfig::default());
    let restored = mempool.restore().await.wrap_err("restore the pool")?;
    info!(target: "ecoledger::node", restored, "pool restored");

    let gossip = start_gossip(args, &executor, &mempool, &node_key, &bootnodes, &shutdown)?;
    let consensus = start_consensus(
        args,
        &executor,
        &mempool,
        &node_key,
        &bootnodes,
        &base,
        &chain_folder,
        &shutdown,
    )
    .await?;
    let rpc = start_rpc(args, &spec, &executor, &mempool, &gossip, &consensus, &shutdown).await?;
    info!(target: "ecoledger::node", rpc = %rpc.rpc_addr(), "node is up");

    let mut halted = consensus.halted();
    let mut joined = tokio::spawn(consensus.join());
    let outcome = tokio::select! {
        outcome = &mut joined => Some(outcome),
        _ = terminate.recv() => None,
        _ = interrupt.recv() => None,
    };
    info!(target: "ecoledger::node", "shutting down");
    shutdown.cancel();
    rpc.stop().await.wrap_err("stop JSON-RPC")?;
    let outcome = match outcome {
        Some(outcome) => outcome,
        None => joined.await,
    };
    gossip.task.await.wrap_err("stop gossip")?;
    let kept = mempool.persist().await.wrap_err("persist the pool")?;
    info!(target: "ecoledger::node", kept, "pool persisted, node stopped");
    outcome.wrap_err("consensus task")??;
    if let Some(reason) = halted.borrow_and_update().clone() {
        bail!("consensus halted: {reason}");
    }
    Ok(())
}

/// Sees that every port is free before anything starts: the swarms share a port with whoever asks
/// for it too, and consensus must not begin without its interfaces.
fn check_ports(args: &RunArgs) -> eyre::Result<()> {
    let loopback = |external: bool| {
        IpAddr::V4(if external { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST })
    };
    let wanted = [
        ("--port", args.listen_addr, args.port),
        ("--gossip-port", args.listen_addr, gossip_port(args)?),
        ("--rpc-port", loopback(args.rpc_external), args.rpc_port),
        ("--prometheus-port", loopback(args.prometheus_external), args.prometheus_port),
    ];
    // All at once, so that two options with one port are found too.
    let mut held = Vec::new();
    for (option, host, port) in wanted {
        let address = SocketAddr::new(host, port);
        held.push(
            TcpListener::bind(address)
                .wrap_err_with(|| format!("{address} is taken; choose another {option}"))?,
        );
    }
    Ok(())
}

async fn open_chain(spec: &ChainSpec, args: &RunArgs, folder: &Path) -> eyre::Result<Executor> {
    let retention = match args.state_pruning {
        Pruning::Archive => StateRetention::Archive,
        Pruning::Recent(states) => StateRetention::Recent(states),
    };
    let genesis = spec.genesis.runtime_genesis.config.clone();
    let folder = folder.join("db");
    tokio::task::spawn_blocking(move || {
        std::fs::create_dir_all(&folder)
            .wrap_err_with(|| format!("create {}", folder.display()))?;
        let storage = Storage::open(&folder, StorageConfig::new(retention))
            .wrap_err_with(|| format!("open database {}", folder.display()))?;
        Executor::open(storage, &genesis).wrap_err("open chain")
    })
    .await
    .wrap_err("open chain")?
}

/// The operator's own list, if only that may connect.
fn reserved(args: &RunArgs, bootnodes: &[Multiaddr]) -> Option<BTreeSet<[u8; 32]>> {
    args.reserved_only.then(|| {
        bootnodes
            .iter()
            .filter_map(|address| match address.iter().last() {
                Some(Protocol::P2p(peer)) => node_key(&peer),
                _ => None,
            })
            .collect()
    })
}

/// Permitted nodes as committed state names them, kept current.
fn watch_permitted(
    executor: &Executor,
    reserved: Option<BTreeSet<[u8; 32]>>,
) -> eyre::Result<watch::Receiver<BTreeSet<[u8; 32]>>> {
    let current = {
        let executor = executor.clone();
        move || -> eyre::Result<BTreeSet<[u8; 32]>> {
            let permitted = executor.permitted_nodes().wrap_err("read permitted nodes")?;
            Ok(match &reserved {
                Some(reserved) => permitted.intersection(reserved).copied().collect(),
                None => permitted.as_ref().clone(),
            })
        }
    };
    let (sender, receiver) = watch::channel(current()?);
    let mut blocks = executor.subscribe();
    tokio::spawn(async move {
        while !matches!(blocks.recv().await, Err(RecvError::Closed)) {
            let read = current.clone();
            match tokio::task::spawn_blocking(read).await {
                Ok(Ok(permitted)) => {
                    sender.send_if_modified(|known| {
                        let changed = *known != permitted;
                        *known = permitted;
                        changed
                    });
                }
                failed => {
                    warn!(target: "ecoledger::node", ?failed, "cannot read permitted nodes");
                }
            }
        }
    });
    Ok(receiver)
}

fn start_gossip(
    args: &RunArgs,
    executor: &Executor,
    mempool: &Mempool,
    node_key: &KeyFile,
    bootnodes: &[Multiaddr],
    shutdown: &CancellationToken,
) -> eyre::Result<GossipHandle> {
    let given = named("gossip bootnode", &args.gossip_bootnodes)?;
    let peers = if given.is_empty() {
        bootnodes.iter().map(gossip_address).collect::<eyre::Result<_>>()?
    } else {
        given
    };
    let config = GossipConfig {
        listen: tcp_address(args.listen_addr, gossip_port(args)?),
        peers,
        node_key: node_key.seed,
        genesis_hash: executor.genesis_hash(),
        limits: GossipLimits::default(),
    };
    let permitted = watch_permitted(executor, reserved(args, bootnodes))?;
    gossip::start(config, mempool.clone(), permitted, shutdown.clone()).wrap_err("start gossip")
}

fn gossip_port(args: &RunArgs) -> eyre::Result<u16> {
    match args.gossip_port {
        Some(port) => Ok(port),
        None => args
            .port
            .checked_add(GOSSIP_PORT_OFFSET)
            .ok_or_else(|| eyre!("--port is too high; give --gossip-port too")),
    }
}

/// Whether the node votes; the development chain's one validator needs no flag.
fn is_validator(args: &RunArgs) -> bool {
    args.validator || args.chain == "dev"
}

#[allow(clippy::too_many_arguments, reason = "each is another component")]
async fn start_consensus(
    args: &RunArgs,
    executor: &Executor,
    mempool: &Mempool,
    node_key: &KeyFile,
    bootnodes: &[Multiaddr],
    base: &Path,
    chain_folder: &Path,
    shutdown: &CancellationToken,
) -> eyre::Result<ConsensusHandle> {
    let validator_key = if is_validator(args) {
        Some(KeyFile::read(&base.join(VALIDATOR_KEY_FILE))?.seed)
    } else {
        None
    };
    let listen = tcp_address(args.listen_addr, args.port);
    // The log belongs to the chain: another one's votes must not be replayed.
    let wal_dir = chain_folder.join("wal");
    let config = ConsensusConfig {
        validator_key,
        peers: bootnodes.to_vec(),
        reserved_only: args.reserved_only,
        ..ConsensusConfig::new(node_key.seed, listen, wal_dir)
    };
    ecoledger_consensus::start(config, executor.clone(), mempool.clone(), shutdown.clone())
        .await
        .wrap_err("start consensus")
}

/// Calls a second and connection where JSON-RPC is served to others, unless given: a batch of the
/// largest size is one second's worth.
const EXTERNAL_RATE_LIMIT: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero; qed");

fn rate_limit(args: &RunArgs) -> Option<NonZeroU32> {
    args.rpc_rate_limit.or(args.rpc_external.then_some(EXTERNAL_RATE_LIMIT))
}

async fn start_rpc(
    args: &RunArgs,
    spec: &ChainSpec,
    executor: &Executor,
    mempool: &Mempool,
    gossip: &GossipHandle,
    consensus: &ConsensusHandle,
    shutdown: &CancellationToken,
) -> eyre::Result<RpcHandle> {
    let any = |external: bool| {
        IpAddr::V4(if external { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST })
    };
    let mut config = RpcConfig::new(SocketAddr::new(any(args.rpc_external), args.rpc_port));
    config.methods = match args.rpc_methods {
        RpcMethods::Auto => ecoledger_rpc::RpcMethods::Auto,
        RpcMethods::Safe => ecoledger_rpc::RpcMethods::Safe,
        RpcMethods::Unsafe => ecoledger_rpc::RpcMethods::Unsafe,
    };
    config.limits.connections_max = args.rpc_max_connections;
    config.limits.calls_per_second_max = rate_limit(args);
    config.metrics_addr =
        Some(SocketAddr::new(any(args.prometheus_external), args.prometheus_port));
    match args.rpc_cors.as_slice() {
        [] => {}
        [all] if all == "all" => config.cors = Cors::Any,
        origins => config.cors = Cors::Origins(origins.to_vec()),
    }

    let mut registry = Registry::default();
    gossip.metrics.register(&mut registry);
    let context = RpcContext {
        executor: executor.clone(),
        mempool: mempool.clone(),
        chain: ChainInfo {
            name: spec.name.clone(),
            chain_type: spec.chain_type,
            properties: spec.properties.clone(),
        },
        node: NodeInfo {
            name: "EcoLedger Node".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            role: if is_validator(args) { NodeRole::Authority } else { NodeRole::Full },
            peer_id: gossip.local_peer_id.clone(),
            listen_addresses: vec![format!(
                "{}/p2p/{}",
                tcp_address(args.listen_addr, args.port),
                gossip.local_peer_id
            )],
        },
        peers: watch_peers(executor, consensus),
        health: watch_health(executor, consensus, shutdown),
        metrics: vec![
            metrics_source(registry),
            Arc::new(|text: &mut String| text.push_str(&ecoledger_consensus::encode_metrics())),
        ],
    };
    ecoledger_rpc::start(config, context).await.wrap_err("start JSON-RPC")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::Parser;

    fn run_args(options: &[&str]) -> Result<RunArgs, clap::Error> {
        Cli::try_parse_from(["ecoledger-node"].iter().chain(options)).map(|cli| cli.run)
    }

    #[test]
    fn only_others_are_held_to_a_rate_unless_one_is_given() {
        let limit = |options: &[&str]| rate_limit(&run_args(options).unwrap());
        assert_eq!(limit(&[]), None);
        assert_eq!(limit(&["--rpc-external"]), Some(EXTERNAL_RATE_LIMIT));
        let given = NonZeroU32::new(7);
        assert_eq!(limit(&["--rpc-rate-limit", "7"]), given);
        assert_eq!(limit(&["--rpc-external", "--rpc-rate-limit", "7"]), given);
        assert!(run_args(&["--rpc-rate-limit", "0"]).is_err());
    }

    #[test]
    fn connections_are_bounded() {
        for (connections, fits) in [("0", false), ("1", true), ("500", true), ("501", false)] {
            let parsed = run_args(&["--rpc-max-connections", connections]);
            assert_eq!(parsed.is_ok(), fits, "{connections}");
        }
    }
}
