//! Options of the node, named as Substrate operators know them; each has an environment override.

use clap::{Args, Parser, Subcommand, ValueEnum};
use ecoledger_rpc::CONNECTIONS_MAX;
use libp2p::Multiaddr;
use std::{net::IpAddr, num::NonZeroU32, path::PathBuf};

/// A validator or full node of EcoLedger.
#[derive(Debug, Parser)]
#[command(name = "ecoledger-node", version, about, long_about = None)]
pub(crate) struct Cli {
    /// What to do; without a command the node runs.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Options of a running node.
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// What to do instead of running.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Generate and inspect keys.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Print a chain specification as JSON.
    BuildSpec(BuildSpecArgs),
    /// Delete a chain's database, write-ahead log and pool; keys stay. Refused while a node runs
    /// there.
    PurgeChain(PurgeChainArgs),
    /// Write the configuration of a network of N validators.
    Testnet(TestnetArgs),
    /// Ask a running node how it is.
    Status(StatusArgs),
}

/// How logs are written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LogFormat {
    /// One line of text for each event.
    Text,
    /// One JSON object for each event.
    Json,
}

/// Which JSON-RPC methods are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RpcMethods {
    /// All methods on a loopback address, only safe ones on any other.
    Auto,
    /// Only methods that cannot harm the node.
    Safe,
    /// All methods; for an operator's own loopback address.
    Unsafe,
}

/// Options of a running node.
#[derive(Args, Clone, Debug)]
pub(crate) struct RunArgs {
    /// Chain: `dev` (this node is its one validator) or the path of a specification.
    #[arg(long, env = "ECOLEDGER_CHAIN", default_value = "dev")]
    pub(crate) chain: String,
    /// Folder of keys, database and write-ahead log.
    #[arg(long, short = 'd', env = "ECOLEDGER_BASE_PATH")]
    pub(crate) base_path: Option<PathBuf>,
    /// Vote with the validator key of the base path.
    #[arg(long, env = "ECOLEDGER_VALIDATOR")]
    pub(crate) validator: bool,
    /// Address on which both peer-to-peer ports listen.
    #[arg(long, env = "ECOLEDGER_LISTEN_ADDR", default_value = "0.0.0.0")]
    pub(crate) listen_addr: IpAddr,
    /// Consensus port.
    #[arg(long, env = "ECOLEDGER_PORT", default_value_t = 30333)]
    pub(crate) port: u16,
    /// Transaction gossip port; the consensus port plus 1000 unless given.
    #[arg(long, env = "ECOLEDGER_GOSSIP_PORT")]
    pub(crate) gossip_port: Option<u16>,
    /// Consensus addresses to connect to, each ending in `/p2p/<peer id>`.
    #[arg(long, env = "ECOLEDGER_BOOTNODES", value_delimiter = ',', num_args = 0..)]
    pub(crate) bootnodes: Vec<Multiaddr>,
    /// Gossip addresses to connect to; the bootnodes' with their port plus 1000 unless given.
    #[arg(long, env = "ECOLEDGER_GOSSIP_BOOTNODES", value_delimiter = ',', num_args = 0..)]
    pub(crate) gossip_bootnodes: Vec<Multiaddr>,
    /// Connect with the bootnodes only, not with every node that the chain permits.
    #[arg(long, env = "ECOLEDGER_RESERVED_ONLY")]
    pub(crate) reserved_only: bool,
    /// JSON-RPC port, HTTP and WebSocket.
    #[arg(long, env = "ECOLEDGER_RPC_PORT", default_value_t = 9944)]
    pub(crate) rpc_port: u16,
    /// Serve JSON-RPC on all addresses, not only on loopback.
    #[arg(long, env = "ECOLEDGER_RPC_EXTERNAL")]
    pub(crate) rpc_external: bool,
    /// Which JSON-RPC methods are served.
    #[arg(long, env = "ECOLEDGER_RPC_METHODS", value_enum, default_value = "auto")]
    pub(crate) rpc_methods: RpcMethods,
    /// Origins that browsers may call from: `all`, or a comma-separated list.
    #[arg(long, env = "ECOLEDGER_RPC_CORS", value_delimiter = ',')]
    pub(crate) rpc_cors: Vec<String>,
    /// Most JSON-RPC connections at once.
    #[arg(
        long,
        env = "ECOLEDGER_RPC_MAX_CONNECTIONS",
        default_value_t = 100,
        value_parser = clap::value_parser!(u32).range(1..=i64::from(CONNECTIONS_MAX))
    )]
    pub(crate) rpc_max_connections: u32,
    /// Most JSON-RPC calls of one connection in a second; 1000 with --rpc-external and no limit
    /// without, unless given.
    #[arg(long, env = "ECOLEDGER_RPC_RATE_LIMIT")]
    pub(crate) rpc_rate_limit: Option<NonZeroU32>,
    /// Metrics and health port.
    #[arg(long, env = "ECOLEDGER_PROMETHEUS_PORT", default_value_t = 9615)]
    pub(crate) prometheus_port: u16,
    /// Serve metrics and health on all addresses, not only on loopback.
    #[arg(long, env = "ECOLEDGER_PROMETHEUS_EXTERNAL")]
    pub(crate) prometheus_external: bool,
    /// States to keep: `archive`, or a number of recent blocks.
    #[arg(long, env = "ECOLEDGER_STATE_PRUNING", default_value = "archive", value_parser = parse_pruning)]
    pub(crate) state_pruning: Pruning,
    /// Log filter, such as `info,ecoledger=debug`.
    #[arg(short = 'l', long = "log", env = "ECOLEDGER_LOG", default_value = DEFAULT_LOG)]
    pub(crate) log: String,
    /// How logs are written.
    #[arg(long, env = "ECOLEDGER_LOG_FORMAT", value_enum, default_value = "text")]
    pub(crate) log_format: LogFormat,
}

/// The network of consensus is left out: it reports as an error what is none, such as each message
/// of a node that has no peers.
const DEFAULT_LOG: &str = "warn,ecoledger=info,arc_malachitebft_network=off";

/// How many states are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pruning {
    /// All of them.
    Archive,
    /// Those of the most recent blocks.
    Recent(NonZeroU32),
}

fn parse_pruning(value: &str) -> Result<Pruning, String> {
    if value == "archive" {
        return Ok(Pruning::Archive);
    }
    value
        .parse()
        .map(Pruning::Recent)
        .map_err(|_| format!("expected `archive` or a number of blocks above 0, got {value:?}"))
}

/// Signature schemes of account keys.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Scheme {
    /// The institutional default.
    Ed25519,
    /// Schnorrkel, the default of browser wallets.
    Sr25519,
}

/// Generate and inspect keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Generate an account key.
    Generate {
        /// Signature scheme.
        #[arg(long, value_enum, default_value = "ed25519")]
        scheme: Scheme,
    },
    /// Show public key and address of a secret: mnemonic, 0x seed or //Path.
    Inspect {
        /// Signature scheme.
        #[arg(long, value_enum, default_value = "ed25519")]
        scheme: Scheme,
        /// Secret; `-` reads it from standard input, so that no process list shows it.
        uri: String,
    },
    /// Write node and validator keys to a base path, unless they are there.
    GenerateNode {
        /// Folder of the node.
        #[arg(long, short = 'd', env = "ECOLEDGER_BASE_PATH")]
        base_path: PathBuf,
    },
    /// Show peer id, node key and validator key of a base path.
    InspectNode {
        /// Folder of the node.
        #[arg(long, short = 'd', env = "ECOLEDGER_BASE_PATH")]
        base_path: PathBuf,
    },
}

/// Which specification to print.
#[derive(Args, Debug)]
pub(crate) struct BuildSpecArgs {
    /// Chain: `dev`, or the path of a specification, which is checked.
    #[arg(long, env = "ECOLEDGER_CHAIN", default_value = "dev")]
    pub(crate) chain: String,
    /// Folder whose keys make the validator of `dev`.
    #[arg(long, short = 'd', env = "ECOLEDGER_BASE_PATH")]
    pub(crate) base_path: Option<PathBuf>,
}

/// What to delete.
#[derive(Args, Debug)]
pub(crate) struct PurgeChainArgs {
    /// Folder of the node.
    #[arg(long, short = 'd', env = "ECOLEDGER_BASE_PATH")]
    pub(crate) base_path: PathBuf,
    /// Do not ask.
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
}

/// The network to configure.
#[derive(Args, Debug)]
pub(crate) struct TestnetArgs {
    /// Validators.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub(crate) validators: u16,
    /// Full nodes beside the validators, permitted from genesis.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=100))]
    pub(crate) full_nodes: u16,
    /// Folder to write; must not hold a network yet.
    #[arg(long)]
    pub(crate) dir: PathBuf,
    /// Address under which the nodes are reached, and on which they listen.
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,
    /// Consensus port of node 0; node i has this plus i, and 1000 above it the gossip port.
    #[arg(long, default_value_t = 30333, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: u16,
    /// JSON-RPC port of node 0; node i has this plus i.
    #[arg(long, default_value_t = 9944, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) rpc_port: u16,
    /// Metrics port of node 0; node i has this plus i.
    #[arg(long, default_value_t = 9615, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) prometheus_port: u16,
}

/// Which node to ask.
#[derive(Args, Debug)]
pub(crate) struct StatusArgs {
    /// JSON-RPC address.
    #[arg(long, env = "ECOLEDGER_URL", default_value = "http://127.0.0.1:9944")]
    pub(crate) url: String,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
