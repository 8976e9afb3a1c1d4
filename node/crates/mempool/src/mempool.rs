//! The pool's handle: admission on blocking threads, short critical sections, notifications.

use crate::{
    admission::{Admission, Refusal, Validated},
    config::MempoolConfig,
    error::PoolError,
    journal::{Journal, Stored},
    metrics::{Metrics, ReasonLabel},
    outbox::{Outbox, Outgoing},
    pool::{Inclusion, Pool, PoolStatus},
    status::{StatusStream, TransactionStatus, Watcher},
};
use ecoledger_primitives::{AccountId, BlockNumber, Hash, Hashing, Nonce};
use parking_lot::Mutex;
use sp_runtime::traits::Hash as _;
use std::sync::Arc;
use tokio::sync::{Notify, Semaphore, watch};
use tracing::{debug, warn};

/// How often an insertion re-reads the account's nonce because a block came in between.
const NONCE_READS_MAX: usize = 8;

/// Where a transaction comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A client of this node: stored and gossiped once it is accepted.
    Local,
    /// A peer: gossip itself relays it.
    Gossip,
    /// This node's store, after a restart: peers receive it when they connect.
    Stored,
}

/// Transactions that wait for a block. Cloning shares the pool.
#[derive(Clone)]
pub struct Mempool {
    inner: Arc<Inner>,
}

struct Inner {
    chain: Arc<dyn Admission>,
    config: MempoolConfig,
    metrics: Metrics,
    state: Mutex<State>,
    journal: Journal,
    ready: Notify,
    height: watch::Sender<BlockNumber>,
    outbox: Outbox,
    /// Permits of validation threads.
    validating: Arc<Semaphore>,
    /// Permits of submissions that wait for a validation thread.
    waiting: Arc<Semaphore>,
    /// Permits of watched transactions.
    watched: Arc<Semaphore>,
}

struct State {
    pool: Pool,
    /// Rises with every block, before the nonces that it changed are read.
    epoch: u64,
}

impl std::fmt::Debug for Mempool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mempool").field("status", &self.status()).finish_non_exhaustive()
    }
}

impl Mempool {
    /// An empty pool over `chain`.
    pub fn with_admission(chain: Arc<dyn Admission>, config: MempoolConfig) -> Self {
        let height = chain.head();
        Self {
            inner: Arc::new(Inner {
                state: Mutex::new(State { pool: Pool::new(config, height), epoch: 0 }),
                journal: Journal::start(Arc::clone(&chain)),
                chain,
                metrics: Metrics::default(),
                ready: Notify::new(),
                height: watch::Sender::new(height),
                outbox: Outbox::default(),
                validating: Arc::new(Semaphore::new(config.validators_max.max(1))),
                waiting: Arc::new(Semaphore::new(config.waiting_max)),
                watched: Arc::new(Semaphore::new(config.watched_max)),
                config,
            }),
        }
    }

    /// The pool's limits.
    pub fn config(&self) -> &MempoolConfig {
        &self.inner.config
    }

    /// The pool's counters.
    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// Offers a transaction. Resolves once it is in the pool, and a client's once it is stored too.
    ///
    /// - `raw`: SCALE-encoded transaction with its length prefix.
    ///
    /// A transaction replaces another of the same account and nonce only if its priority is
    /// higher.
    ///
    /// # Errors
    /// [`PoolError`]; the pool does not have the transaction, except with
    /// [`PoolError::AlreadyImported`].
    pub async fn submit(&self, raw: Vec<u8>, source: Source) -> Result<Hash, PoolError> {
        self.submit_with(raw, source, None).await
    }

    /// Offers a client's transaction and watches what happens to it.
    ///
    /// # Errors
    /// As [`Self::submit`], and [`PoolError::TooManyWatched`].
    pub async fn submit_and_watch(&self, raw: Vec<u8>) -> Result<(Hash, StatusStream), PoolError> {
        let watched = Arc::clone(&self.inner.watched);
        let permit = watched
            .try_acquire_owned()
            .map_err(|_| self.inner.refuse(PoolError::TooManyWatched))?;
        let (watcher, stream) = Watcher::new(permit);
        let hash = self.submit_with(raw, Source::Local, Some(watcher)).await?;
        Ok((hash, stream))
    }

    async fn submit_with(
        &self,
        raw: Vec<u8>,
        source: Source,
        watcher: Option<Watcher>,
    ) -> Result<Hash, PoolError> {
        if source == Source::Local {
            self.inner.metrics.submitted_local.inc();
        }
        self.inner.precheck(&raw).map_err(|error| self.inner.refuse(error))?;
        let inner = Arc::clone(&self.inner);
        let admitted = self.validating(move || inner.admit(raw.into(), source, watcher)).await;
        let result = match admitted.and_then(|result| result) {
            Ok((hash, Some(stored))) => self.inner.when_stored(hash, stored).await,
            Ok((hash, None)) => Ok(hash),
            Err(error) => Err(error),
        };
        result.map_err(|error| self.inner.refuse(error))
    }

    /// Offers transactions of a peer together, at the cost of one hand-over to a validation
    /// thread. The results are in the order of the transactions.
    pub async fn submit_batch(&self, batch: Vec<bytes::Bytes>) -> Vec<Result<Hash, PoolError>> {
        let checks: Vec<_> = batch.iter().map(|raw| self.inner.precheck(raw)).collect();
        let n_transactions = batch.len();
        if checks.iter().all(Result::is_err) {
            let errors = checks.into_iter().filter_map(Result::err);
            return errors.map(|error| Err(self.inner.refuse(error))).collect();
        }
        let inner = Arc::clone(&self.inner);
        let admitted = self
            .validating(move || {
                let admit = |(raw, check): (bytes::Bytes, Result<(), PoolError>)| {
                    check?;
                    inner.admit(Arc::from(&raw[..]), Source::Gossip, None).map(|(hash, _)| hash)
                };
                batch.into_iter().zip(checks).map(admit).collect::<Vec<_>>()
            })
            .await;
        let results = admitted.unwrap_or_else(|error| vec![Err(error); n_transactions]);
        results.into_iter().map(|result| result.map_err(|e| self.inner.refuse(e))).collect()
    }

    /// Runs `job` on a validation thread.
    async fn validating<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, PoolError> {
        let waiting = Arc::clone(&self.inner.waiting);
        let waiting = waiting.try_acquire_owned().map_err(|_| PoolError::ImmediatelyDropped)?;
        let validating = Arc::clone(&self.inner.validating);
        let Ok(permit) = validating.acquire_owned().await else {
            return Err(PoolError::Internal("validation has ended".into()));
        };
        drop(waiting);
        let job = move || {
            let _permit = permit;
            job()
        };
        tokio::task::spawn_blocking(job).await.map_err(|error| {
            warn!(target: "ecoledger::mempool", %error, "validation did not finish");
            PoolError::Internal("validation did not finish".into())
        })
    }

    /// Ready transactions, at most `count_max` with at most `bytes_max` bytes: nonces of an
    /// account in order, older accounts first, one of each account in turn.
    pub fn ready(&self, bytes_max: usize, count_max: usize) -> Vec<Arc<[u8]>> {
        self.inner.state.lock().pool.ready(bytes_max, count_max)
    }

    /// Whether any transaction is ready.
    pub fn has_ready(&self) -> bool {
        self.status().ready > 0
    }

    /// Resolves when a transaction is ready, at once if there is one. No wake-up is lost.
    pub async fn ready_notified(&self) {
        loop {
            let mut notified = std::pin::pin!(self.inner.ready.notified());
            // Registers for the wake-up before looking, so that none falls between the two.
            notified.as_mut().enable();
            if self.has_ready() {
                return;
            }
            notified.await;
        }
    }

    /// All ready transactions, in the order in which a block would take them.
    pub fn pending(&self) -> Vec<Arc<[u8]>> {
        self.ready(usize::MAX, usize::MAX)
    }

    /// Counts of the pool.
    pub fn status(&self) -> PoolStatus {
        self.inner.state.lock().pool.status()
    }

    /// The nonce that the account's next transaction should have: after those ready here.
    /// Reads the chain's state, so it may block.
    ///
    /// # Errors
    /// [`PoolError::Internal`] if state cannot be read.
    pub fn next_nonce(&self, account: &AccountId) -> Result<Nonce, PoolError> {
        let on_chain = self.inner.chain.account_nonce(account)?;
        let in_pool = self.inner.state.lock().pool.next_nonce(account);
        Ok(in_pool.map_or(on_chain, |in_pool| in_pool.max(on_chain)))
    }

    /// Takes out transactions that a block builder found to fail, and bans them for some blocks.
    ///
    /// Report only what failed for itself: not a transaction whose nonce was too high, or that
    /// did not fit into the block. The transactions behind it become future.
    pub fn remove_invalid(&self, hashes: &[Hash]) {
        let mut state = self.inner.state.lock();
        let removed = state.pool.remove_invalid(hashes);
        self.inner.metrics.failed.inc_by(removed);
        self.inner.after_change(&mut state.pool);
    }

    /// Height of the last block that was applied, and its changes.
    pub fn height(&self) -> watch::Receiver<BlockNumber> {
        self.inner.height.subscribe()
    }

    /// Stores the peers' transactions as well, so that a network that is stopped as a whole keeps
    /// them; returns how many are stored in all.
    ///
    /// # Errors
    /// [`PoolError::Internal`] if they cannot be written.
    pub async fn persist(&self) -> Result<usize, PoolError> {
        let (n_transactions, stored) = {
            let mut state = self.inner.state.lock();
            let unstored = state.pool.mark_all_stored();
            let status = state.pool.status();
            (status.ready + status.future, self.inner.journal.put(unstored))
        };
        written(stored).await?;
        Ok(n_transactions)
    }

    /// Offers the stored transactions again, in the order of their nonces; returns how many are
    /// accepted. Call it before any other is offered.
    ///
    /// What is refused is stored no longer; what cannot be judged is, until the next start.
    ///
    /// # Errors
    /// [`PoolError::Internal`] if they cannot be read.
    pub async fn restore(&self) -> Result<usize, PoolError> {
        let inner = Arc::clone(&self.inner);
        self.validating(move || inner.restore()).await?
    }

    /// Applies a committed block; see [`Self::on_committed`] for the contract.
    pub(crate) fn apply(&self, block: &Inclusion) {
        let inner = &self.inner;
        let affected = {
            let mut state = inner.state.lock();
            state.epoch += 1;
            state.pool.affected_accounts(block)
        };
        let nonces: Vec<_> = affected
            .into_iter()
            .map(|(account, at_least)| {
                let nonce = inner.chain.account_nonce(&account).unwrap_or_else(|error| {
                    warn!(target: "ecoledger::mempool", %error, "cannot read an account's nonce");
                    at_least
                });
                (account, nonce.max(at_least))
            })
            .collect();
        let has_ready = {
            let mut state = inner.state.lock();
            let pruned = state.pool.apply(block, &nonces);
            inner.metrics.included.inc_by(pruned.included);
            inner.metrics.outdated.inc_by(pruned.outdated);
            inner.after_change(&mut state.pool);
            state.pool.status().ready > 0
        };
        inner.height.send_replace(block.number);
        if has_ready {
            inner.ready.notify_waiters();
        }
    }

    /// The queue that gossip reads.
    pub(crate) fn outbox(&self) -> &Outbox {
        &self.inner.outbox
    }

    /// For each transaction, whether the pool has or bans it.
    pub(crate) fn known(&self, hashes: &[Hash]) -> Vec<bool> {
        let state = self.inner.state.lock();
        hashes.iter().map(|hash| state.pool.precheck(hash).is_err()).collect()
    }

    /// Height of the last committed block, which the pool may not have applied yet.
    pub(crate) fn chain_head(&self) -> BlockNumber {
        self.inner.chain.head()
    }

    /// All transactions, in nonce order within each account.
    pub(crate) fn all(&self) -> Vec<Arc<[u8]>> {
        self.inner.state.lock().pool.all()
    }

    /// Tells watchers that their transactions were sent to `peers`.
    pub(crate) fn on_broadcast(&self, hashes: &[Hash], peers: &[String]) {
        let state = self.inner.state.lock();
        for hash in hashes {
            state.pool.tell(hash, TransactionStatus::Broadcast(peers.to_vec()));
        }
    }
}

impl Inner {
    /// Refuses what can be refused without validation.
    fn precheck(&self, raw: &[u8]) -> Result<(), PoolError> {
        let bytes_max = self.config.transaction_bytes_max;
        if raw.len() > bytes_max {
            return Err(PoolError::TooLarge { bytes: raw.len(), bytes_max });
        }
        let hash = Hashing::hash(raw);
        self.state.lock().pool.precheck(&hash)
    }

    /// Validates and inserts; blocks.
    fn admit(
        &self,
        raw: Arc<[u8]>,
        source: Source,
        watcher: Option<Watcher>,
    ) -> Result<(Hash, Option<Stored>), PoolError> {
        let validated = self.chain.validate(&raw)?;
        let hash = validated.hash;
        let watched = watcher.is_some();
        let stored = self.insert(validated, &raw, source, watcher)?;
        if source == Source::Local && !self.outbox.push(Outgoing { hash, raw, watched }) {
            self.metrics.gossip_queue_dropped.inc();
        }
        Ok((hash, stored))
    }

    /// Inserts with the account's nonce at the pool's block, not an earlier one. A client's
    /// transaction is to be acknowledged when the result resolves.
    fn insert(
        &self,
        validated: Validated,
        raw: &Arc<[u8]>,
        source: Source,
        watcher: Option<Watcher>,
    ) -> Result<Option<Stored>, PoolError> {
        let hash = validated.hash;
        for _ in 0..NONCE_READS_MAX {
            let epoch = self.state.lock().epoch;
            let nonce = self.chain.account_nonce(&validated.signer)?;
            let mut state = self.state.lock();
            if state.epoch != epoch {
                continue;
            }
            let inserted = state.pool.insert(validated, Arc::clone(raw), nonce, watcher)?;
            self.metrics.accepted.inc();
            self.metrics.dropped.inc_by(inserted.dropped);
            if source != Source::Gossip {
                state.pool.mark_stored(&hash);
            }
            let stored =
                (source == Source::Local).then(|| self.journal.put([(hash, Arc::clone(raw))]));
            self.after_change(&mut state.pool);
            drop(state);
            if inserted.ready {
                self.ready.notify_waiters();
            }
            return Ok(stored);
        }
        Err(PoolError::Internal("blocks came faster than a nonce could be read".into()))
    }

    fn refuse(&self, error: PoolError) -> PoolError {
        self.metrics.refused.get_or_create(&ReasonLabel { reason: error.reason() }).inc();
        error
    }

    /// Waits until a client's transaction is stored; takes it out if it cannot be.
    async fn when_stored(&self, hash: Hash, stored: Stored) -> Result<Hash, PoolError> {
        if let Err(error) = written(stored).await {
            let mut state = self.state.lock();
            state.pool.remove(&hash, TransactionStatus::Dropped);
            self.after_change(&mut state.pool);
            return Err(error);
        }
        Ok(hash)
    }

    /// See [`Mempool::restore`]; blocks.
    fn restore(&self) -> Result<usize, PoolError> {
        let stored = self.chain.stored()?;
        let n_stored = stored.len();
        let (mut valid, mut refused) = (Vec::with_capacity(n_stored), Vec::new());
        for (hash, raw) in stored {
            match self.chain.validate(&raw) {
                Ok(validated) => valid.push((validated, Arc::from(raw))),
                Err(Refusal::Internal(_)) => {}
                Err(refusal) => {
                    self.refuse(refusal.into());
                    refused.push(hash);
                }
            }
        }
        valid.sort_by_key(|(validated, _)| validated.nonce);
        let mut accepted = 0;
        for (validated, raw) in valid {
            let hash = validated.hash;
            match self.insert(validated, &raw, Source::Stored, None) {
                Ok(_) => accepted += 1,
                Err(PoolError::AlreadyImported(_) | PoolError::Internal(_)) => {}
                Err(error) => {
                    self.refuse(error);
                    refused.push(hash);
                }
            }
        }
        self.journal.take_out(refused);
        debug!(target: "ecoledger::mempool", stored = n_stored, accepted, "pool restored");
        Ok(accepted)
    }

    /// Follows a change of the pool: the store, and what is measured.
    fn after_change(&self, pool: &mut Pool) {
        self.journal.take_out(pool.take_left());
        let status = pool.status();
        let gauge = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        self.metrics.ready.set(gauge(status.ready));
        self.metrics.future.set(gauge(status.future));
        self.metrics.bytes.set(gauge(status.bytes));
    }
}

/// Waits for the journal.
async fn written(stored: Stored) -> Result<(), PoolError> {
    let ended = |_| PoolError::Internal("the pool's journal has ended".into());
    Ok(stored.await.map_err(ended)??)
}

#[cfg(test)]
impl Mempool {
    /// Resolves when `condition` holds for the pool's counts; looked at when something may have
    /// become ready.
    pub(crate) async fn until(&self, condition: impl Fn(PoolStatus) -> bool) {
        loop {
            let mut notified = std::pin::pin!(self.inner.ready.notified());
            notified.as_mut().enable();
            if condition(self.status()) {
                return;
            }
            notified.await;
        }
    }
}
