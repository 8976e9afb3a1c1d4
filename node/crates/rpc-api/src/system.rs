//! The node, its chain and its peers.

use crate::types::{ChainType, Health, NodeRole, PeerInfo, Properties, SyncState};
use ecoledger_primitives::{AccountId, Hash, Nonce};
use jsonrpsee::{core::RpcResult, proc_macros::rpc};
use sp_core::Bytes;

/// The node and its chain, for everyone.
#[rpc(client, server)]
pub trait SystemApi {
    /// Name of the node's implementation.
    #[method(name = "system_name")]
    async fn system_name(&self) -> RpcResult<String>;

    /// Version of the node's implementation.
    #[method(name = "system_version")]
    async fn system_version(&self) -> RpcResult<String>;

    /// Name of the chain.
    #[method(name = "system_chain")]
    async fn system_chain(&self) -> RpcResult<String>;

    /// Whether the chain is for development, local, or live.
    #[method(name = "system_chainType")]
    async fn system_chain_type(&self) -> RpcResult<ChainType>;

    /// Address format, decimals and symbol, for wallets.
    #[method(name = "system_properties")]
    async fn system_properties(&self) -> RpcResult<Properties>;

    /// Peers and whether the node is catching up.
    #[method(name = "system_health")]
    async fn system_health(&self) -> RpcResult<Health>;

    /// What the node does in the network.
    #[method(name = "system_nodeRoles")]
    async fn system_node_roles(&self) -> RpcResult<Vec<NodeRole>>;

    /// The node's libp2p identity.
    #[method(name = "system_localPeerId")]
    async fn system_local_peer_id(&self) -> RpcResult<String>;

    /// Where the node listens for peers; each address ends with `/p2p/` and its identity.
    #[method(name = "system_localListenAddresses")]
    async fn system_local_listen_addresses(&self) -> RpcResult<Vec<String>>;

    /// Where the node started, is, and knows the chain to be.
    #[method(name = "system_syncState")]
    async fn system_sync_state(&self) -> RpcResult<SyncState>;

    /// The next nonce of an account, counting its transactions in the pool.
    #[method(name = "system_accountNextIndex", aliases = ["account_nextIndex"])]
    async fn account_next_index(&self, account: AccountId) -> RpcResult<Nonce>;
}

/// What only the operator may ask of the node.
#[rpc(client, server)]
pub trait SystemUnsafeApi {
    /// Connected peers.
    #[method(name = "system_peers")]
    async fn system_peers(&self) -> RpcResult<Vec<PeerInfo>>;

    /// Applies a transaction to a state and forgets the outcome; answers the SCALE-encoded
    /// `ApplyExtrinsicResult`.
    #[method(name = "system_dryRun", aliases = ["system_dryRunAt"])]
    async fn dry_run(&self, extrinsic: Bytes, at: Option<Hash>) -> RpcResult<Bytes>;
}
