//! Submitting transactions.
//!
//! Of Substrate's group `author_insertKey`, `author_rotateKeys`, `author_hasKey` and
//! `author_hasSessionKeys` are left out: a node's keys are files on its machine, which no remote
//! caller adds, changes or asks after.

use crate::types::{ExtrinsicOrHash, TransactionStatus};
use ecoledger_primitives::Hash;
use jsonrpsee::{
    core::{RpcResult, SubscriptionResult},
    proc_macros::rpc,
};
use sp_core::Bytes;

/// Submitting transactions, for everyone.
#[rpc(client, server)]
pub trait AuthorApi {
    /// Submits a SCALE-encoded transaction; answers its hash once it is in the pool.
    #[method(name = "author_submitExtrinsic")]
    async fn submit_extrinsic(&self, extrinsic: Bytes) -> RpcResult<Hash>;

    /// Every transaction in the pool, SCALE-encoded.
    #[method(name = "author_pendingExtrinsics")]
    async fn pending_extrinsics(&self) -> RpcResult<Vec<Bytes>>;

    /// Submits a transaction and follows it until it is final, replaced, dropped or invalid.
    #[subscription(
        name = "author_submitAndWatchExtrinsic" => "author_extrinsicUpdate",
        unsubscribe = "author_unwatchExtrinsic",
        item = TransactionStatus
    )]
    async fn watch_extrinsic(&self, extrinsic: Bytes) -> SubscriptionResult;
}

/// What only the operator may do with the pool.
#[rpc(client, server)]
pub trait AuthorUnsafeApi {
    /// Removes transactions from this node's pool; answers the hashes of those that were in it.
    #[method(name = "author_removeExtrinsic")]
    async fn remove_extrinsic(
        &self,
        extrinsics_or_hashes: Vec<ExtrinsicOrHash>,
    ) -> RpcResult<Vec<Hash>>;
}
