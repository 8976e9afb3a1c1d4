//! Access to the chain from handlers: which block, on which threads.

use crate::{config::RpcLimits, error::RpcError, workers::Workers};
use codec::DecodeAll;
use ecoledger_executor::{CallError, Executor};
use ecoledger_primitives::{BlockNumber, Hash, Header};
use ecoledger_rpc_api::RuntimeVersion;
use ecoledger_storage::{Head, Storage};
use std::sync::Arc;

/// The chain, with the threads on which it is read. Cloning shares them.
#[derive(Clone)]
pub(crate) struct Backend {
    executor: Executor,
    reads: Workers,
    calls: Workers,
    call_bytes_max: usize,
}

impl Backend {
    pub(crate) fn new(executor: Executor, limits: &RpcLimits) -> Self {
        let workers = |running| Workers::new(running, limits.waiting_max, limits.call_timeout);
        Self {
            executor,
            reads: workers(limits.reads_max),
            calls: workers(limits.runtime_calls_max),
            call_bytes_max: limits.call_bytes_max,
        }
    }

    pub(crate) fn executor(&self) -> &Executor {
        &self.executor
    }

    /// The latest block; does not block.
    pub(crate) fn head(&self) -> Arc<Head> {
        self.executor.head()
    }

    /// Runs `work` on a thread for reads.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, RpcError>
    where
        F: FnOnce(&Storage) -> Result<T, RpcError> + Send + 'static,
        T: Send + 'static,
    {
        let executor = self.executor.clone();
        self.reads.run(move || work(executor.storage())).await
    }

    /// Runs `work` on a thread for reads, with the height of the block `at`, by default the
    /// latest.
    pub(crate) async fn read_at<T, F>(&self, at: Option<Hash>, work: F) -> Result<T, RpcError>
    where
        F: FnOnce(&Storage, BlockNumber) -> Result<T, RpcError> + Send + 'static,
        T: Send + 'static,
    {
        let head = self.head();
        self.read(move |storage| {
            let number = resolve(storage, &head, at)?;
            work(storage, number)
        })
        .await
    }

    /// Calls a function of the runtime.
    pub(crate) async fn call(
        &self,
        at: Option<Hash>,
        function: String,
        arguments: Vec<u8>,
    ) -> Result<Vec<u8>, RpcError> {
        self.run_call(at, arguments, move |executor, number, arguments| {
            executor.call(number, &function, arguments)
        })
        .await
    }

    /// Applies a transaction to the state after a block and forgets what it does.
    pub(crate) async fn dry_run(
        &self,
        at: Option<Hash>,
        extrinsic: Vec<u8>,
    ) -> Result<Vec<u8>, RpcError> {
        self.run_call(at, extrinsic, Executor::dry_run).await
    }

    async fn run_call<F>(
        &self,
        at: Option<Hash>,
        arguments: Vec<u8>,
        work: F,
    ) -> Result<Vec<u8>, RpcError>
    where
        F: FnOnce(&Executor, BlockNumber, &[u8]) -> Result<Vec<u8>, CallError> + Send + 'static,
    {
        if arguments.len() > self.call_bytes_max {
            return Err(RpcError::Count { value: arguments.len(), max: self.call_bytes_max });
        }
        let executor = self.executor.clone();
        self.calls
            .run(move || {
                let number = resolve(executor.storage(), &executor.head(), at)?;
                work(&executor, number, &arguments).map_err(|error| match error {
                    CallError::UnknownMethod { method } => RpcError::UnknownFunction(method),
                    CallError::Storage(error) => error.into(),
                    other => RpcError::Execution(other.to_string()),
                })
            })
            .await
    }

    /// The version of the runtime at a block.
    pub(crate) async fn runtime_version(
        &self,
        at: Option<Hash>,
    ) -> Result<RuntimeVersion, RpcError> {
        let answer = self.call(at, "Core_version".into(), Vec::new()).await?;
        RuntimeVersion::decode_all(&mut answer.as_slice())
            .map_err(|_| RpcError::UnexpectedAnswer("Core_version"))
    }

    /// The header of a block that is known to exist.
    pub(crate) async fn header(&self, number: BlockNumber) -> Result<Header, RpcError> {
        self.read(move |storage| committed(storage.header(number)?, "header")).await
    }
}

/// The height of the block `at`, by default of the latest.
fn resolve(storage: &Storage, head: &Head, at: Option<Hash>) -> Result<BlockNumber, RpcError> {
    match at {
        None => Ok(head.number),
        Some(hash) if hash == head.hash => Ok(head.number),
        Some(hash) => storage.number_of(&hash)?.ok_or(RpcError::UnknownBlock(hash)),
    }
}

/// A record that is written together with its block.
pub(crate) fn committed<T>(record: Option<T>, what: &'static str) -> Result<T, RpcError> {
    record.ok_or_else(|| RpcError::internal("read a committed block", &what))
}
