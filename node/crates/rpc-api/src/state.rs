//! State, metadata and runtime calls, at the state after a block; by default the latest.

use ecoledger_primitives::Hash;
use jsonrpsee::{
    core::{RpcResult, SubscriptionResult},
    proc_macros::rpc,
};
use sp_core::{
    Bytes,
    storage::{StorageChangeSet, StorageData, StorageKey},
};
use sp_version::RuntimeVersion;

/// State, metadata and runtime calls, for everyone.
#[rpc(client, server)]
pub trait StateApi {
    /// Calls a function of the runtime with SCALE-encoded arguments; changes nothing.
    #[method(name = "state_call", aliases = ["state_callAt"])]
    async fn call(&self, name: String, data: Bytes, at: Option<Hash>) -> RpcResult<Bytes>;

    /// Metadata in version 14. Later versions are answered by `state_call` of
    /// `Metadata_metadata_at_version`.
    #[method(name = "state_getMetadata")]
    async fn metadata(&self, at: Option<Hash>) -> RpcResult<Bytes>;

    /// Name and versions of the runtime, and the versions of its APIs.
    #[method(name = "state_getRuntimeVersion", aliases = ["chain_getRuntimeVersion"])]
    async fn runtime_version(&self, at: Option<Hash>) -> RpcResult<RuntimeVersion>;

    /// The value under a key, or `null`.
    #[method(name = "state_getStorage", aliases = ["state_getStorageAt"])]
    async fn storage(&self, key: StorageKey, at: Option<Hash>) -> RpcResult<Option<StorageData>>;

    /// BLAKE2b-256 of the value under a key, or `null`.
    #[method(name = "state_getStorageHash", aliases = ["state_getStorageHashAt"])]
    async fn storage_hash(&self, key: StorageKey, at: Option<Hash>) -> RpcResult<Option<Hash>>;

    /// Length in bytes of the value under a key, or `null`.
    #[method(name = "state_getStorageSize", aliases = ["state_getStorageSizeAt"])]
    async fn storage_size(&self, key: StorageKey, at: Option<Hash>) -> RpcResult<Option<u64>>;

    /// Keys that start with `prefix`; refused when there are more than the limit of a page.
    #[method(name = "state_getKeys")]
    async fn keys(&self, prefix: StorageKey, at: Option<Hash>) -> RpcResult<Vec<StorageKey>>;

    /// At most `count` keys that start with `prefix` and come after `start_key`, ascending.
    #[method(name = "state_getKeysPaged", aliases = ["state_getKeysPagedAt"])]
    async fn keys_paged(
        &self,
        prefix: Option<StorageKey>,
        count: u32,
        start_key: Option<StorageKey>,
        at: Option<Hash>,
    ) -> RpcResult<Vec<StorageKey>>;

    /// The values under several keys, as one set of changes.
    #[method(name = "state_queryStorageAt")]
    async fn query_storage_at(
        &self,
        keys: Vec<StorageKey>,
        at: Option<Hash>,
    ) -> RpcResult<Vec<StorageChangeSet<Hash>>>;

    /// The version of the runtime, again whenever it changes.
    #[subscription(
        name = "state_subscribeRuntimeVersion" => "state_runtimeVersion",
        aliases = ["chain_subscribeRuntimeVersion"],
        unsubscribe = "state_unsubscribeRuntimeVersion",
        unsubscribe_aliases = ["chain_unsubscribeRuntimeVersion"],
        item = RuntimeVersion
    )]
    async fn subscribe_runtime_version(&self) -> SubscriptionResult;

    /// The values under `keys`, then those that a block writes, block by block. Without `keys`
    /// everything that blocks write, for the operator only.
    #[subscription(
        name = "state_subscribeStorage" => "state_storage",
        unsubscribe = "state_unsubscribeStorage",
        item = StorageChangeSet<Hash>
    )]
    async fn subscribe_storage(&self, keys: Option<Vec<StorageKey>>) -> SubscriptionResult;
}

/// What only the operator may read.
#[rpc(client, server)]
pub trait StateUnsafeApi {
    /// Keys and values that start with `prefix`; refused when there are more than the limit of a
    /// page.
    #[method(name = "state_getPairs")]
    async fn pairs(
        &self,
        prefix: StorageKey,
        at: Option<Hash>,
    ) -> RpcResult<Vec<(StorageKey, StorageData)>>;
}
