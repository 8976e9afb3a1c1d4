//! Blocks and heads.

use super::Handlers;
use crate::{
    backend::committed,
    error::RpcError,
    subscription::{Subscriber, SubscriptionEnd, closing},
};
use codec::Encode;
use ecoledger_primitives::{BlockNumber, ENGINE_ID, Hash, Header};
use ecoledger_rpc_api::{
    ChainApiServer, SignedBlock,
    types::{ListOrValue, NumberOrHex},
};
use ecoledger_storage::Storage;
use jsonrpsee::{
    PendingSubscriptionSink,
    core::{RpcResult, SubscriptionResult, async_trait},
};
use sp_runtime::Justifications;
use tokio::sync::broadcast::error::RecvError;

#[async_trait]
impl ChainApiServer for Handlers {
    async fn header(&self, hash: Option<Hash>) -> RpcResult<Option<Header>> {
        let found = self.backend.read_at(hash, |storage, number| {
            committed(storage.header(number)?, "header").map(Some)
        });
        Ok(unknown_is_none(found.await)?)
    }

    async fn block(&self, hash: Option<Hash>) -> RpcResult<Option<SignedBlock>> {
        let found = self.backend.read_at(hash, |storage, number| {
            let block = committed(storage.block(number)?, "block")?;
            let justifications = storage
                .certificate(number)?
                .map(|certificate| Justifications::from((ENGINE_ID, certificate.encode())));
            Ok(Some(SignedBlock { block, justifications }))
        });
        Ok(unknown_is_none(found.await)?)
    }

    async fn block_hash(
        &self,
        number: Option<ListOrValue<NumberOrHex>>,
    ) -> RpcResult<ListOrValue<Option<Hash>>> {
        let head = self.backend.head();
        let Some(numbers) = number else { return Ok(ListOrValue::Value(Some(head.hash))) };
        if let ListOrValue::List(list) = &numbers {
            Self::check_count(list.len(), self.limits.block_numbers_max)?;
        }
        let hash_of = move |storage: &Storage, NumberOrHex(number)| {
            let number =
                BlockNumber::try_from(number).map_err(|_| RpcError::BlockNumber(number))?;
            if number > head.number {
                return Ok(None);
            }
            Ok::<_, RpcError>(storage.hash(number)?)
        };
        let hashes = self.backend.read(move |storage| {
            Ok(match numbers {
                ListOrValue::Value(number) => ListOrValue::Value(hash_of(storage, number)?),
                ListOrValue::List(list) => ListOrValue::List(
                    list.into_iter()
                        .map(|number| hash_of(storage, number))
                        .collect::<Result<_, _>>()?,
                ),
            })
        });
        Ok(hashes.await?)
    }

    async fn finalized_head(&self) -> RpcResult<Hash> {
        Ok(self.backend.head().hash)
    }

    async fn subscribe_all_heads(&self, pending: PendingSubscriptionSink) -> SubscriptionResult {
        closing(self.heads(pending).await)
    }

    async fn subscribe_new_heads(&self, pending: PendingSubscriptionSink) -> SubscriptionResult {
        closing(self.heads(pending).await)
    }

    async fn subscribe_finalized_heads(
        &self,
        pending: PendingSubscriptionSink,
    ) -> SubscriptionResult {
        closing(self.heads(pending).await)
    }
}

impl Handlers {
    /// Tells the subscriber the latest header, then every following one, without a gap.
    pub(crate) async fn heads(
        &self,
        pending: PendingSubscriptionSink,
    ) -> Result<(), SubscriptionEnd> {
        // Before the head is read, so that no block falls between the two.
        let mut blocks = self.backend.executor().subscribe();
        let subscriber = Subscriber::accept(pending, self.limits.subscriber_timeout).await?;
        let head = self.backend.head();
        subscriber.send(&head.header).await?;
        let mut told = head.number;
        loop {
            let block = tokio::select! {
                block = blocks.recv() => block,
                () = subscriber.left() => return Err(SubscriptionEnd::Left),
            };
            match block {
                Ok(block) => {
                    // Blocks that the channel dropped, while the node was catching up.
                    while told.saturating_add(1) < block.number {
                        told = told.saturating_add(1);
                        subscriber.send(&self.backend.header(told).await?).await?;
                    }
                    if told < block.number {
                        told = block.number;
                        subscriber.send(&block.header).await?;
                    }
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return Ok(()),
            }
        }
    }
}

/// Substrate answers `null` for an unknown block here, and an error elsewhere.
fn unknown_is_none<T>(found: Result<Option<T>, RpcError>) -> Result<Option<T>, RpcError> {
    match found {
        Err(RpcError::UnknownBlock(_)) => Ok(None),
        other => other,
    }
}
