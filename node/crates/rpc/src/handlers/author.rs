//! Submitting transactions.

use super::Handlers;
use crate::{
    error::RpcError,
    subscription::{Subscriber, SubscriptionEnd, closing},
};
use ecoledger_mempool::{Source, StatusStream, TransactionStatus as PoolTransactionStatus};
use ecoledger_primitives::{Hash, Hashing};
use ecoledger_rpc_api::{
    AuthorApiServer, AuthorUnsafeApiServer, Bytes,
    types::{ExtrinsicOrHash, TransactionStatus},
};
use jsonrpsee::{
    PendingSubscriptionSink,
    core::{RpcResult, SubscriptionResult, async_trait},
};
use sp_runtime::traits::Hash as _;
use std::{collections::BTreeSet, time::Duration};
use tokio::time::sleep;

#[async_trait]
impl AuthorApiServer for Handlers {
    async fn submit_extrinsic(&self, extrinsic: Bytes) -> RpcResult<Hash> {
        let submitted = self.context.mempool.submit(extrinsic.0, Source::Local).await;
        Ok(submitted.map_err(RpcError::Pool)?)
    }

    async fn pending_extrinsics(&self) -> RpcResult<Vec<Bytes>> {
        let mempool = self.context.mempool.clone();
        let pending = self
            .backend
            .read(move |_| Ok(mempool.pending().iter().map(|raw| Bytes(raw.to_vec())).collect()));
        Ok(pending.await?)
    }

    async fn watch_extrinsic(
        &self,
        pending: PendingSubscriptionSink,
        extrinsic: Bytes,
    ) -> SubscriptionResult {
        match self.context.mempool.submit_and_watch(extrinsic.0).await {
            Ok((_, statuses)) => closing(self.follow(pending, statuses).await),
            Err(error) => {
                pending.reject(RpcError::Pool(error)).await;
                Ok(())
            }
        }
    }
}

#[async_trait]
impl AuthorUnsafeApiServer for Handlers {
    async fn remove_extrinsic(&self, which: Vec<ExtrinsicOrHash>) -> RpcResult<Vec<Hash>> {
        Self::check_count(which.len(), self.limits.keys_max)?;
        let wanted: BTreeSet<Hash> = which
            .into_iter()
            .map(|either| match either {
                ExtrinsicOrHash::Hash(hash) => hash,
                ExtrinsicOrHash::Extrinsic(raw) => Hashing::hash(&raw),
            })
            .collect();
        let mempool = self.context.mempool.clone();
        let removed = self.backend.read(move |_| {
            let held: Vec<Hash> = mempool
                .pending()
                .iter()
                .map(|raw| Hashing::hash(raw))
                .filter(|hash| wanted.contains(hash))
                .collect();
            mempool.remove_invalid(&held);
            Ok(held)
        });
        Ok(removed.await?)
    }
}

/// Pause between `inBlock` and `finalized` for one that watches its transaction. A block is final
/// the moment it exists, but polkadot-js reads the block after `inBlock` and drops that status if
/// the next one overtakes the answer; programs that wait for `inBlock` would wait for ever.
const FINALIZED_AFTER: Duration = Duration::from_millis(250);

impl Handlers {
    /// Tells the subscriber every status until the last one.
    async fn follow(
        &self,
        pending: PendingSubscriptionSink,
        mut statuses: StatusStream,
    ) -> Result<(), SubscriptionEnd> {
        let subscriber = Subscriber::accept(pending, self.limits.subscriber_timeout).await?;
        loop {
            let status = tokio::select! {
                status = statuses.next() => status,
                () = subscriber.left() => return Err(SubscriptionEnd::Left),
            };
            let Some(status) = status else { return Ok(()) };
            if matches!(status, PoolTransactionStatus::Finalized(_)) {
                tokio::select! {
                    () = sleep(FINALIZED_AFTER) => {}
                    () = subscriber.left() => return Err(SubscriptionEnd::Left),
                }
            }
            let last = status.is_last();
            subscriber.send(&to_api(status)).await?;
            if last {
                return Ok(());
            }
        }
    }
}

fn to_api(status: PoolTransactionStatus) -> TransactionStatus {
    match status {
        PoolTransactionStatus::Future => TransactionStatus::Future,
        PoolTransactionStatus::Ready => TransactionStatus::Ready,
        PoolTransactionStatus::Broadcast(peers) => TransactionStatus::Broadcast(peers),
        PoolTransactionStatus::InBlock(hash) => TransactionStatus::InBlock(hash),
        PoolTransactionStatus::Finalized(hash) => TransactionStatus::Finalized(hash),
        PoolTransactionStatus::Usurped(hash) => TransactionStatus::Usurped(hash),
        PoolTransactionStatus::Dropped => TransactionStatus::Dropped,
        PoolTransactionStatus::Invalid => TransactionStatus::Invalid,
    }
}
