//! State, metadata and runtime calls.

use super::Handlers;
use crate::{
    error::RpcError,
    subscription::{Subscriber, SubscriptionEnd, closing},
};
use codec::DecodeAll;
use ecoledger_executor::CommittedBlock;
use ecoledger_primitives::{BlockNumber, Hash, Hashing};
use ecoledger_rpc_api::{
    Bytes, RuntimeVersion, StateApiServer, StateUnsafeApiServer, StorageChangeSet, StorageData,
    StorageKey,
};
use ecoledger_storage::StateReader;
use jsonrpsee::{
    PendingSubscriptionSink,
    core::{RpcResult, SubscriptionResult, async_trait},
};
use sp_runtime::traits::Hash as _;
use std::collections::BTreeSet;
use tokio::sync::broadcast::error::RecvError;

#[async_trait]
impl StateApiServer for Handlers {
    async fn call(&self, name: String, data: Bytes, at: Option<Hash>) -> RpcResult<Bytes> {
        Ok(Bytes(self.backend.call(at, name, data.0).await?))
    }

    async fn metadata(&self, at: Option<Hash>) -> RpcResult<Bytes> {
        let answer = self.backend.call(at, "Metadata_metadata".into(), Vec::new()).await?;
        let metadata = Vec::<u8>::decode_all(&mut answer.as_slice())
            .map_err(|_| RpcError::UnexpectedAnswer("Metadata_metadata"))?;
        Ok(Bytes(metadata))
    }

    async fn runtime_version(&self, at: Option<Hash>) -> RpcResult<RuntimeVersion> {
        Ok(self.backend.runtime_version(at).await?)
    }

    async fn storage(&self, key: StorageKey, at: Option<Hash>) -> RpcResult<Option<StorageData>> {
        Ok(self.value(key, at).await?.map(StorageData))
    }

    async fn storage_hash(&self, key: StorageKey, at: Option<Hash>) -> RpcResult<Option<Hash>> {
        Ok(self.value(key, at).await?.map(|value| Hashing::hash(&value)))
    }

    async fn storage_size(&self, key: StorageKey, at: Option<Hash>) -> RpcResult<Option<u64>> {
        Ok(self.value(key, at).await?.map(|value| value.len() as u64))
    }

    async fn keys(&self, prefix: StorageKey, at: Option<Hash>) -> RpcResult<Vec<StorageKey>> {
        let max = self.limits.keys_max;
        let keys = self.backend.read_at(at, move |storage, number| {
            let keys = storage.state(number)?.keys_paged(&prefix.0, None, max.saturating_add(1))?;
            Self::check_count(keys.len(), max)?;
            Ok(keys.into_iter().map(StorageKey).collect())
        });
        Ok(keys.await?)
    }

    async fn keys_paged(
        &self,
        prefix: Option<StorageKey>,
        count: u32,
        start_key: Option<StorageKey>,
        at: Option<Hash>,
    ) -> RpcResult<Vec<StorageKey>> {
        Self::check_count(count as usize, self.limits.keys_max)?;
        let keys = self.backend.read_at(at, move |storage, number| {
            let prefix = prefix.map(|key| key.0).unwrap_or_default();
            let after = start_key.as_ref().map(|key| key.0.as_slice());
            let keys = storage.state(number)?.keys_paged(&prefix, after, count)?;
            Ok(keys.into_iter().map(StorageKey).collect())
        });
        Ok(keys.await?)
    }

    async fn query_storage_at(
        &self,
        keys: Vec<StorageKey>,
        at: Option<Hash>,
    ) -> RpcResult<Vec<StorageChangeSet<Hash>>> {
        Self::check_count(keys.len(), self.limits.keys_max)?;
        let head = self.backend.head();
        let bytes_max = self.limits.values_bytes_max;
        // The block that is answered for and the block that is read must be the same one.
        let block = at.unwrap_or(head.hash);
        let changes = self.backend.read_at(Some(block), move |storage, number| {
            values(&storage.state(number)?, keys, bytes_max)
        });
        Ok(vec![StorageChangeSet { block, changes: changes.await? }])
    }

    async fn subscribe_runtime_version(
        &self,
        pending: PendingSubscriptionSink,
    ) -> SubscriptionResult {
        closing(self.follow_runtime_version(pending).await)
    }

    async fn subscribe_storage(
        &self,
        pending: PendingSubscriptionSink,
        keys: Option<Vec<StorageKey>>,
    ) -> SubscriptionResult {
        let refusal = match &keys {
            None if !self.serves_unsafe => Some(RpcError::Unsafe),
            None => None,
            Some(keys) => Self::check_count(keys.len(), self.limits.keys_max).err(),
        };
        if let Some(refusal) = refusal {
            pending.reject(refusal).await;
            return Ok(());
        }
        closing(self.follow_storage(pending, keys).await)
    }
}

#[async_trait]
impl StateUnsafeApiServer for Handlers {
    async fn pairs(
        &self,
        prefix: StorageKey,
        at: Option<Hash>,
    ) -> RpcResult<Vec<(StorageKey, StorageData)>> {
        let (max, bytes_max) = (self.limits.keys_max, self.limits.values_bytes_max);
        let pairs = self.backend.read_at(at, move |storage, number| {
            let state = storage.state(number)?;
            let keys = state.keys_paged(&prefix.0, None, max.saturating_add(1))?;
            Self::check_count(keys.len(), max)?;
            let pairs = values(&state, keys.into_iter().map(StorageKey), bytes_max)?;
            Ok(pairs.into_iter().filter_map(|(key, value)| Some((key, value?))).collect())
        });
        Ok(pairs.await?)
    }
}

/// Keys with their values, `None` for those without.
type Changes = Vec<(StorageKey, Option<StorageData>)>;

/// Reads the values of `keys`, together no longer than `bytes_max`.
fn values(
    state: &StateReader,
    keys: impl IntoIterator<Item = StorageKey>,
    bytes_max: usize,
) -> Result<Changes, RpcError> {
    let mut bytes = 0usize;
    keys.into_iter()
        .map(|key| {
            let value = state.get(&key.0)?;
            bytes = bytes.saturating_add(value.as_ref().map_or(0, Vec::len));
            if bytes > bytes_max {
                return Err(RpcError::ValuesTooLong(bytes_max));
            }
            Ok((key, value.map(StorageData)))
        })
        .collect()
}

impl Handlers {
    async fn value(&self, key: StorageKey, at: Option<Hash>) -> Result<Option<Vec<u8>>, RpcError> {
        self.backend
            .read_at(at, move |storage, number| Ok(storage.state(number)?.get(&key.0)?))
            .await
    }

    /// The runtime is native: it changes only with the process, so there is one notification.
    async fn follow_runtime_version(
        &self,
        pending: PendingSubscriptionSink,
    ) -> Result<(), SubscriptionEnd> {
        let subscriber = Subscriber::accept(pending, self.limits.subscriber_timeout).await?;
        subscriber.send(&self.backend.runtime_version(None).await?).await?;
        subscriber.left().await;
        Ok(())
    }

    /// Tells the subscriber the values of `keys`, then what each block writes.
    async fn follow_storage(
        &self,
        pending: PendingSubscriptionSink,
        keys: Option<Vec<StorageKey>>,
    ) -> Result<(), SubscriptionEnd> {
        // Before the head is read, so that no block falls between the two.
        let mut blocks = self.backend.executor().subscribe();
        let subscriber = Subscriber::accept(pending, self.limits.subscriber_timeout).await?;
        let wanted: Option<BTreeSet<Vec<u8>>> =
            keys.map(|keys| keys.into_iter().map(|key| key.0).collect());
        let mut told = self.tell_values(&subscriber, wanted.as_ref()).await?;
        loop {
            let block = tokio::select! {
                block = blocks.recv() => block,
                () = subscriber.left() => return Err(SubscriptionEnd::Left),
            };
            match block {
                Ok(block) if block.number > told => {
                    told = block.number;
                    self.tell_changes(&subscriber, wanted.as_ref(), &block).await?;
                }
                Ok(_) => {}
                // Which keys the missed blocks wrote is not known: all values are told again.
                Err(RecvError::Lagged(_)) => {
                    told = self.tell_values(&subscriber, wanted.as_ref()).await?;
                }
                Err(RecvError::Closed) => return Ok(()),
            }
        }
    }

    /// Tells the values of `wanted` at the head; answers the head's height.
    async fn tell_values(
        &self,
        subscriber: &Subscriber,
        wanted: Option<&BTreeSet<Vec<u8>>>,
    ) -> Result<BlockNumber, SubscriptionEnd> {
        let head = self.backend.head();
        let (number, block) = (head.number, head.hash);
        if let Some(wanted) = wanted {
            let keys: Vec<_> = wanted.iter().cloned().map(StorageKey).collect();
            let bytes_max = self.limits.values_bytes_max;
            let read = self
                .backend
                .read(move |storage| values(&storage.state(number)?, keys, bytes_max))
                .await;
            let changes = read.map_err(|error| match error {
                RpcError::ValuesTooLong(_) => SubscriptionEnd::TooLarge,
                other => SubscriptionEnd::Failed(other),
            })?;
            subscriber.send(&StorageChangeSet { block, changes }).await?;
        }
        Ok(number)
    }

    /// Tells what `block` changed of `wanted`, if anything.
    async fn tell_changes(
        &self,
        subscriber: &Subscriber,
        wanted: Option<&BTreeSet<Vec<u8>>>,
        block: &CommittedBlock,
    ) -> Result<(), SubscriptionEnd> {
        let changed: Vec<(&[u8], Option<&[u8]>)> = match wanted {
            Some(wanted) => wanted
                .iter()
                .filter_map(|key| Some((key.as_slice(), block.update.change(key)?)))
                .collect(),
            None => block.update.changes().collect(),
        };
        if changed.is_empty() {
            return Ok(());
        }
        let bytes: usize = changed.iter().map(|(_, value)| value.map_or(0, <[u8]>::len)).sum();
        if bytes > self.limits.values_bytes_max {
            return Err(SubscriptionEnd::TooLarge);
        }
        let changes = changed
            .into_iter()
            .map(|(key, value)| {
                (StorageKey(key.to_vec()), value.map(|value| StorageData(value.to_vec())))
            })
            .collect();
        subscriber.send(&StorageChangeSet { block: block.hash, changes }).await
    }
}
