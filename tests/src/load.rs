//! A load of transactions, and a journal of those that were reported final.

use crate::{
    rpc::{Rpc, refusal},
    transaction::{Key, Terms, hash, remark},
};
use ecoledger_primitives::Hash;
use ecoledger_rpc_api::types::TransactionStatus;
use eyre::{WrapErr, bail};
use jsonrpsee::core::client::Subscription;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};

/// How long transactions that were accepted may take to become final once the load has ended.
const END_TIMEOUT: Duration = Duration::from_secs(90);
/// How long a node may take to answer before another one is asked.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// What a load has been told.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// Transactions that a node reported final, with the hash of the block it named.
    pub finalized: BTreeMap<Hash, Hash>,
    /// Transactions that a node accepted.
    pub accepted: u64,
    /// Transactions that a node refused.
    pub refused: BTreeMap<i32, u64>,
    /// Transactions whose node went away before it told what became of them.
    pub lost_sight: u64,
    /// Transactions that left the pool otherwise, by how.
    pub left: BTreeMap<String, u64>,
}

type Shared = Arc<Mutex<Journal>>;

fn with<T>(journal: &Shared, act: impl FnOnce(&mut Journal) -> T) -> T {
    act(&mut journal.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Agents that submit remarks at a steady pace, each in the order of its nonces, and move to
/// another node when theirs goes away.
#[derive(Debug)]
pub struct Load {
    journal: Shared,
    stop: watch::Sender<bool>,
    workers: JoinSet<()>,
    finalized: watch::Receiver<u64>,
    started: Instant,
}

impl Load {
    /// Starts `per_second` transactions a second over all nodes at `urls`.
    pub fn start(urls: &[String], per_second: u32, terms: &Terms) -> Self {
        Self::start_without(urls, per_second, terms, &[])
    }

    /// The same, without the ed25519 keys of the agents `without`.
    pub fn start_without(
        urls: &[String],
        per_second: u32,
        terms: &Terms,
        without: &[&str],
    ) -> Self {
        let journal = Shared::default();
        let (stop, stopped) = watch::channel(false);
        let (count, finalized) = watch::channel(0);
        let count = Arc::new(count);
        let left_out: Vec<_> = without.iter().map(|name| Key::ed25519(name).account()).collect();
        let keys: Vec<_> =
            Key::agents().into_iter().filter(|key| !left_out.contains(&key.account())).collect();
        let agents = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        let pace = Duration::from_secs(1) * agents / per_second.max(1);
        let mut workers = JoinSet::new();
        for (index, key) in keys.into_iter().enumerate() {
            let worker = Worker {
                key,
                urls: urls.to_vec(),
                next_url: index,
                terms: terms.clone(),
                journal: Arc::clone(&journal),
                count: Arc::clone(&count),
                followers: JoinSet::new(),
                sent: 0,
            };
            workers.spawn(worker.run(pace, stopped.clone()));
        }
        Self { journal, stop, workers, finalized, started: Instant::now() }
    }

    /// Waits until `more` transactions beside those known by now were reported final.
    ///
    /// # Errors
    /// When they are not within `limit`.
    pub async fn wait_for_more(&self, more: u64, limit: Duration) -> eyre::Result<()> {
        let mut finalized = self.finalized.clone();
        let target = *finalized.borrow() + more;
        match timeout(limit, finalized.wait_for(|count| *count >= target)).await {
            Ok(reached) => reached.map(|_| ()).wrap_err("the load has ended"),
            Err(_) => {
                let journal = with(&self.journal, |journal| journal.clone());
                bail!(
                    "{} of {target} transactions are final after {limit:?}; accepted {}, refused \
                     {:?}, out of sight {}, left the pool {:?}",
                    self.finalized.borrow().to_owned(),
                    journal.accepted,
                    journal.refused,
                    journal.lost_sight,
                    journal.left
                )
            }
        }
    }

    /// Transactions reported final so far.
    pub fn finalized(&self) -> u64 {
        *self.finalized.borrow()
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Ends the load, waits for what was accepted, and gives the journal.
    ///
    /// # Errors
    /// When accepted transactions are neither final nor refused in time.
    pub async fn stop(mut self) -> eyre::Result<Journal> {
        self.stop.send_replace(true);
        let ended = timeout(END_TIMEOUT, async {
            while let Some(ended) = self.workers.join_next().await {
                ended.wrap_err("a worker of the load")?;
            }
            Ok(())
        });
        match ended.await {
            Ok(ended) => ended.map(|()| with(&self.journal, |journal| journal.clone())),
            Err(_) => bail!(
                "accepted transactions are not final {END_TIMEOUT:?} after the load has ended: {:?}",
                with(&self.journal, |journal| (
                    journal.accepted,
                    journal.finalized.len(),
                    journal.lost_sight,
                    journal.left.clone()
                ))
            ),
        }
    }
}

struct Worker {
    key: Key,
    urls: Vec<String>,
    next_url: usize,
    terms: Terms,
    journal: Shared,
    count: Arc<watch::Sender<u64>>,
    followers: JoinSet<()>,
    sent: u64,
}

impl Worker {
    async fn run(mut self, pace: Duration, mut stopped: watch::Receiver<bool>) {
        let mut ticks = interval(pace);
        // A node that was away does not get what was missed all at once.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut connection = None;
        loop {
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => break,
                _ = ticks.tick() => {}
            }
            while self.followers.try_join_next().is_some() {}
            connection = match connection {
                Some((rpc, nonce)) => self.submit(rpc, nonce).await,
                None => self.connect().await,
            };
        }
        while self.followers.join_next().await.is_some() {}
    }

    /// Connects to the next node and asks it for the nonce.
    async fn connect(&mut self) -> Option<(Rpc, u32)> {
        let url = self.urls.get(self.next_url % self.urls.len().max(1))?;
        self.next_url = self.next_url.wrapping_add(1);
        let rpc = timeout(ANSWER_TIMEOUT, Rpc::connect(url)).await.ok()?.ok()?;
        let account = self.key.account();
        let nonce = timeout(ANSWER_TIMEOUT, rpc.next_nonce(&account)).await.ok()?.ok()?;
        Some((rpc, nonce))
    }

    async fn submit(&mut self, rpc: Rpc, nonce: u32) -> Option<(Rpc, u32)> {
        self.sent += 1;
        let call = remark(&self.sent.to_be_bytes());
        let transaction = self.terms.nonce(nonce).sign(&self.key, &call);
        match timeout(ANSWER_TIMEOUT, rpc.watch(&transaction)).await.ok()? {
            Ok(statuses) => {
                with(&self.journal, |journal| journal.accepted += 1);
                let journal = Arc::clone(&self.journal);
                let count = Arc::clone(&self.count);
                self.followers.spawn(follow(hash(&transaction), statuses, journal, count));
                Some((rpc, nonce.wrapping_add(1)))
            }
            Err(error) => {
                // Another node may know the account better than one that was away.
                if let Some((code, _)) = refusal(&error) {
                    with(&self.journal, |journal| *journal.refused.entry(code).or_default() += 1);
                }
                None
            }
        }
    }
}

async fn follow(
    transaction: Hash,
    mut statuses: Subscription<TransactionStatus>,
    journal: Shared,
    count: Arc<watch::Sender<u64>>,
) {
    while let Some(Ok(status)) = statuses.next().await {
        match status {
            TransactionStatus::Finalized(block) => {
                with(&journal, |journal| journal.finalized.insert(transaction, block));
                count.send_modify(|count| *count += 1);
                return;
            }
            end @ (TransactionStatus::Usurped(_)
            | TransactionStatus::Dropped
            | TransactionStatus::Invalid) => {
                let end = match end {
                    TransactionStatus::Usurped(_) => "usurped".to_owned(),
                    other => format!("{other:?}").to_lowercase(),
                };
                with(&journal, |journal| *journal.left.entry(end).or_default() += 1);
                return;
            }
            _ => {}
        }
    }
    with(&journal, |journal| journal.lost_sight += 1);
}
