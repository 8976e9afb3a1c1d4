//! What the node gives to its interfaces.

use ecoledger_executor::Executor;
use ecoledger_mempool::Mempool;
use ecoledger_primitives::BlockNumber;
use ecoledger_rpc_api::types::{ChainType, NodeRole, PeerInfo, Properties};
use prometheus_client::{encoding::text::encode_registry, registry::Registry};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::watch;

/// What the node gives to its interfaces.
#[derive(Clone)]
pub struct RpcContext {
    /// The chain: state, blocks, runtime calls.
    pub executor: Executor,
    /// The pool.
    pub mempool: Mempool,
    /// The chain's description.
    pub chain: ChainInfo,
    /// The node's description.
    pub node: NodeInfo,
    /// Peers that are connected.
    pub peers: watch::Receiver<Vec<PeerInfo>>,
    /// State of consensus and synchronisation.
    pub health: watch::Receiver<NodeHealth>,
    /// Metrics of other parts of the node, appended to this crate's own.
    pub metrics: Vec<MetricsSource>,
}

/// The chain's description, from its specification.
#[derive(Clone, Debug)]
pub struct ChainInfo {
    /// Name for people.
    pub name: String,
    /// What the chain is for.
    pub chain_type: ChainType,
    /// Properties for wallets.
    pub properties: Properties,
}

impl ChainInfo {
    /// The properties of EcoLedger's money: CNY with two decimals, generic address format.
    pub fn default_properties() -> Properties {
        let properties = json!({ "ss58Format": 42, "tokenDecimals": 2, "tokenSymbol": "CNY" });
        match properties {
            serde_json::Value::Object(properties) => properties,
            _ => Properties::new(),
        }
    }
}

/// The node's description.
#[derive(Clone, Debug)]
pub struct NodeInfo {
    /// Name of the implementation.
    pub name: String,
    /// Version of the implementation.
    pub version: String,
    /// What the node does in the network.
    pub role: NodeRole,
    /// Its libp2p identity.
    pub peer_id: String,
    /// Where it listens for peers, each address with `/p2p/` and its identity.
    pub listen_addresses: Vec<String>,
}

/// State of consensus and synchronisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeHealth {
    /// Why consensus has stopped for good, if it has. An operator must look.
    pub halted: Option<String>,
    /// Whether the node is behind its peers and catching up.
    pub syncing: bool,
    /// Highest block that a peer is known to have.
    pub highest_block: Option<BlockNumber>,
}

/// Appends metrics in the OpenMetrics text format, without the final `# EOF`.
pub type MetricsSource = Arc<dyn Fn(&mut String) + Send + Sync>;

/// A source that appends everything in `registry`.
pub fn metrics_source(registry: Registry) -> MetricsSource {
    Arc::new(move |text| {
        encode_registry(text, &registry).expect("writing to a string never fails; qed");
    })
}
