//! The node, its chain and its peers.

use super::Handlers;
use crate::error::RpcError;
use ecoledger_primitives::{AccountId, Hash, Nonce};
use ecoledger_rpc_api::{
    Bytes, SystemApiServer, SystemUnsafeApiServer,
    types::{ChainType, Health, NodeRole, PeerInfo, Properties, SyncState},
};
use jsonrpsee::core::{RpcResult, async_trait};

#[async_trait]
impl SystemApiServer for Handlers {
    async fn system_name(&self) -> RpcResult<String> {
        Ok(self.context.node.name.clone())
    }

    async fn system_version(&self) -> RpcResult<String> {
        Ok(self.context.node.version.clone())
    }

    async fn system_chain(&self) -> RpcResult<String> {
        Ok(self.context.chain.name.clone())
    }

    async fn system_chain_type(&self) -> RpcResult<ChainType> {
        Ok(self.context.chain.chain_type)
    }

    async fn system_properties(&self) -> RpcResult<Properties> {
        Ok(self.context.chain.properties.clone())
    }

    async fn system_health(&self) -> RpcResult<Health> {
        let peers = self.context.peers.borrow().len();
        Ok(Health {
            peers: u32::try_from(peers).unwrap_or(u32::MAX),
            is_syncing: self.context.health.borrow().syncing,
            should_have_peers: self.context.chain.chain_type != ChainType::Development,
        })
    }

    async fn system_node_roles(&self) -> RpcResult<Vec<NodeRole>> {
        Ok(vec![self.context.node.role])
    }

    async fn system_local_peer_id(&self) -> RpcResult<String> {
        Ok(self.context.node.peer_id.clone())
    }

    async fn system_local_listen_addresses(&self) -> RpcResult<Vec<String>> {
        Ok(self.context.node.listen_addresses.clone())
    }

    async fn system_sync_state(&self) -> RpcResult<SyncState> {
        let current_block = self.backend.head().number;
        let highest = self.context.health.borrow().highest_block;
        Ok(SyncState {
            starting_block: self.started_at,
            current_block,
            highest_block: highest.map_or(current_block, |highest| highest.max(current_block)),
        })
    }

    async fn account_next_index(&self, account: AccountId) -> RpcResult<Nonce> {
        let mempool = self.context.mempool.clone();
        let nonce = self.backend.read(move |_| {
            mempool.next_nonce(&account).map_err(|error| RpcError::Convenience {
                message: "Unable to query nonce.",
                reason: error.to_string(),
            })
        });
        Ok(nonce.await?)
    }
}

#[async_trait]
impl SystemUnsafeApiServer for Handlers {
    async fn system_peers(&self) -> RpcResult<Vec<PeerInfo>> {
        Ok(self.context.peers.borrow().clone())
    }

    async fn dry_run(&self, extrinsic: Bytes, at: Option<Hash>) -> RpcResult<Bytes> {
        Ok(Bytes(self.backend.dry_run(at, extrinsic.0).await?))
    }
}
