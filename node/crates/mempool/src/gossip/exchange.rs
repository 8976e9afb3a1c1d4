//! What is done with what peers send, and what is sent to them.

use super::{
    GossipLimits, NodeKey,
    handler::Failure,
    message::{Message, MessageError, Packed, Packer, encode_neighbours},
    metrics::GossipMetrics,
    peers::Peers,
    rate::Rate,
};
use crate::{error::PoolError, mempool::Mempool};
use bytes::Bytes;
use ecoledger_primitives::{BlockNumber, Hash, Hashing};
use lru::LruCache;
use parking_lot::Mutex;
use sp_runtime::traits::Hash as _;
use std::{collections::BTreeMap, num::NonZeroUsize, sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, mpsc},
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

/// Hashes remembered so that a transaction that comes again is not judged again; three times a
/// full pool, as what was included is sent again only shortly after.
const SEEN_MAX: NonZeroUsize = match NonZeroUsize::new(65_536) {
    Some(n) => n,
    None => unreachable!(),
};
/// Pause between two flushes of own transactions. The first is sent at once; under load the pause
/// makes batches of those that follow. What gossip costs is mostly the number of messages, and
/// the pause is a fortieth of the time to finality.
const FLUSH_PAUSE: Duration = Duration::from_millis(25);
/// Blocks that a peer may be ahead for its transactions to be judged; further behind, this node
/// cannot judge them, and they will be in blocks before it can.
const BEHIND_MAX: BlockNumber = 8;
/// Transactions of one peer that wait for this node to reach the peer's height.
const PARKED_MAX: usize = 1_024;
/// Bytes of those transactions.
const PARKED_BYTES_MAX: usize = 1024 * 1024;

/// The peer has exceeded what is tolerated, and is to be disconnected.
#[derive(Debug)]
struct Exceeded;

/// How a node has behaved; outlives its connections.
#[derive(Debug)]
struct Conduct {
    transactions: Rate,
    bytes: Rate,
    misbehaviours: Rate,
}

/// A transaction that seems wrong, from a peer that is ahead: it may refer to a block that this
/// node does not have yet.
struct Parked {
    at: BlockNumber,
    raw: Bytes,
}

/// State that all tasks of gossip share.
pub(crate) struct Exchange {
    pub(crate) mempool: Mempool,
    pub(crate) peers: Peers,
    pub(crate) metrics: GossipMetrics,
    pub(crate) limits: GossipLimits,
    pub(crate) shutdown: CancellationToken,
    seen: Mutex<LruCache<Hash, ()>>,
    /// At most one for each permitted node.
    conducts: Mutex<BTreeMap<NodeKey, Arc<Mutex<Conduct>>>>,
    /// Nodes to be banned.
    reports: mpsc::Sender<NodeKey>,
}

impl Exchange {
    pub(crate) fn new(
        mempool: Mempool,
        metrics: GossipMetrics,
        limits: GossipLimits,
        shutdown: CancellationToken,
        reports: mpsc::Sender<NodeKey>,
    ) -> Self {
        Self {
            mempool,
            peers: Peers::new(metrics.clone()),
            metrics,
            limits,
            shutdown,
            seen: Mutex::new(LruCache::new(SEEN_MAX)),
            conducts: Mutex::default(),
            reports,
        }
    }

    /// Forgets the conduct of nodes that are not kept.
    pub(crate) fn retain_conducts(&self, keep: impl Fn(&NodeKey) -> bool) {
        self.conducts.lock().retain(|key, _| keep(key));
    }

    fn conduct_of(&self, key: NodeKey) -> Arc<Mutex<Conduct>> {
        let now = Instant::now();
        let limits = &self.limits;
        let new = || Conduct {
            transactions: Rate::new(limits.transactions_per_second, limits.transactions_burst, now),
            bytes: Rate::new(limits.bytes_per_second, limits.bytes_burst, now),
            misbehaviours: Rate::new(1, limits.misbehaviours_max, now),
        };
        let mut conducts = self.conducts.lock();
        Arc::clone(conducts.entry(key).or_insert_with(|| Arc::new(Mutex::new(new()))))
    }

    /// Sends own transactions to all peers as they come, until shutdown.
    pub(crate) async fn send_own(self: Arc<Self>) {
        let outbox = self.mempool.outbox();
        outbox.open();
        loop {
            let outgoing = tokio::select! {
                outgoing = outbox.take() => outgoing,
                () = self.shutdown.cancelled() => break,
            };
            let height = self.mempool.chain_head();
            let frames = Packer::pack(height, outgoing.iter().map(|outgoing| &*outgoing.raw));
            let peers = self.peers.send(&frames);
            let watched: Vec<Hash> =
                outgoing.iter().filter(|o| o.watched).map(|outgoing| outgoing.hash).collect();
            if !watched.is_empty() && !peers.is_empty() {
                self.mempool.on_broadcast(&watched, &peers);
            }
            tokio::select! {
                () = sleep(FLUSH_PAUSE) => {}
                () = self.shutdown.cancelled() => break,
            }
        }
        outbox.close();
    }

    /// Tells one peer who our neighbours are, and sends it the pool: when it connects, and again
    /// whenever it was too slow for something. Ends with the connection.
    pub(crate) async fn inform(self: Arc<Self>, to_send: mpsc::Sender<Bytes>, resync: Arc<Notify>) {
        let mut neighbours = self.peers.neighbours();
        let frame = encode_neighbours(&neighbours.borrow_and_update().clone());
        if to_send.send(frame).await.is_err() || self.send_pool(&to_send).await.is_err() {
            return;
        }
        loop {
            tokio::select! {
                () = to_send.closed() => return,
                () = self.shutdown.cancelled() => return,
                changed = neighbours.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let frame = encode_neighbours(&neighbours.borrow_and_update().clone());
                    if to_send.send(frame).await.is_err() {
                        return;
                    }
                }
                () = resync.notified() => {
                    // Every place reserved: the peer has taken all that was queued.
                    match to_send.reserve_many(to_send.max_capacity()).await {
                        Ok(places) => drop(places),
                        Err(_) => return,
                    }
                    if self.send_pool(&to_send).await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    async fn send_pool(
        &self,
        to_send: &mpsc::Sender<Bytes>,
    ) -> Result<(), mpsc::error::SendError<Bytes>> {
        let all = self.mempool.all();
        let mut packer = Packer::new(self.mempool.chain_head());
        for raw in &all {
            if let Some(packed) = packer.add(raw) {
                self.send_packed(to_send, packed).await?;
            }
        }
        match packer.finish() {
            Some(packed) => self.send_packed(to_send, packed).await,
            None => Ok(()),
        }
    }

    async fn send_packed(
        &self,
        to_send: &mpsc::Sender<Bytes>,
        packed: Packed,
    ) -> Result<(), mpsc::error::SendError<Bytes>> {
        to_send.send(packed.frame.clone()).await?;
        self.peers.note_sent(&packed);
        Ok(())
    }

    /// Judges what one connection receives; ends with the connection, or once its peer has
    /// misbehaved too much.
    pub(crate) async fn receive(
        self: Arc<Self>,
        key: NodeKey,
        mut received: mpsc::Receiver<Bytes>,
    ) {
        let conduct = self.conduct_of(key);
        let mut height = self.mempool.height();
        let mut parked: Vec<Parked> = Vec::new();
        loop {
            let frame = tokio::select! {
                frame = received.recv() => frame,
                () = self.shutdown.cancelled() => return,
                Ok(()) = height.changed(), if !parked.is_empty() => None,
            };
            // Whatever is committed from here on wakes up what is parked below.
            let reached = *height.borrow_and_update();
            let judged = match frame {
                Some(frame) => self.on_frame(&key, &conduct, frame, &mut parked).await,
                None if received.is_closed() && received.is_empty() => return,
                None => self.retry(&key, &conduct, reached, &mut parked).await,
            };
            if judged.is_err() {
                // A full queue has reports enough; this peer's connection ends with this task.
                let _ = self.reports.try_send(key);
                return;
            }
        }
    }

    async fn on_frame(
        &self,
        key: &NodeKey,
        conduct: &Mutex<Conduct>,
        frame: Bytes,
        parked: &mut Vec<Parked>,
    ) -> Result<(), Exceeded> {
        let bytes = frame.len() as u64;
        self.metrics.bytes_in.inc_by(bytes);
        let (height, transactions) = match Message::decode(frame) {
            Ok(Message::Transactions { height, transactions }) => (height, transactions),
            Ok(Message::Neighbours(neighbours)) => {
                self.throttle(conduct, 1, bytes).await;
                self.peers.set_neighbours(key, neighbours);
                return Ok(());
            }
            Err(error) => return Err(self.on_malformed(key, error)),
        };
        self.metrics.transactions_in.inc_by(transactions.len() as u64);
        self.throttle(conduct, transactions.len() as u64, bytes).await;
        let reached = self.mempool.chain_head();
        if height > reached.saturating_add(BEHIND_MAX) {
            self.metrics.transactions_behind.inc_by(transactions.len() as u64);
            return Ok(());
        }
        let suspects = self.offer(key, transactions).await;
        if height <= reached {
            return self.blame(conduct, suspects.len());
        }
        let mut bytes: usize = parked.iter().map(|parked| parked.raw.len()).sum();
        for raw in suspects {
            bytes += raw.len();
            if parked.len() < PARKED_MAX && bytes <= PARKED_BYTES_MAX {
                // A copy, as `raw` keeps the whole frame.
                parked.push(Parked { at: height, raw: Bytes::copy_from_slice(&raw) });
            }
        }
        Ok(())
    }

    /// Offers again what this node has reached the height for.
    async fn retry(
        &self,
        key: &NodeKey,
        conduct: &Mutex<Conduct>,
        reached: BlockNumber,
        parked: &mut Vec<Parked>,
    ) -> Result<(), Exceeded> {
        let due = parked.extract_if(.., |parked| parked.at <= reached);
        let due: Vec<Bytes> = due.map(|parked| parked.raw).collect();
        let suspects = self.offer(key, due).await;
        self.blame(conduct, suspects.len())
    }

    /// Offers transactions to the pool and passes on those that it accepts; returns those that an
    /// honest peer at this node's height would not have sent.
    async fn offer(&self, from: &NodeKey, transactions: Vec<Bytes>) -> Vec<Bytes> {
        let transactions = self.unknown(transactions);
        if transactions.is_empty() {
            return Vec::new();
        }
        self.mempool.metrics().submitted_gossip.inc_by(transactions.len() as u64);
        let results = self.mempool.submit_batch(transactions.clone()).await;
        let (mut accepted, mut suspects, mut seen) = (Vec::new(), Vec::new(), Vec::new());
        for (raw, result) in transactions.into_iter().zip(results) {
            match result {
                Ok(hash) => {
                    seen.push(hash);
                    accepted.push(raw);
                }
                Err(error) if error.is_misbehaviour() => suspects.push(raw),
                Err(PoolError::InvalidTransaction(_)) => seen.push(Hashing::hash(&raw)),
                // What has no place or no judgement may come again.
                Err(_) => {}
            }
        }
        {
            let mut known = self.seen.lock();
            for hash in seen {
                known.put(hash, ());
            }
        }
        if !accepted.is_empty() {
            let height = self.mempool.chain_head();
            self.peers.relay(from, || Packer::pack(height, accepted.iter().map(|raw| &**raw)));
        }
        suspects
    }

    /// Leaves out transactions that were judged or are in the pool.
    fn unknown(&self, transactions: Vec<Bytes>) -> Vec<Bytes> {
        let n_transactions = transactions.len();
        let mut hashed: Vec<(Hash, Bytes)> =
            transactions.into_iter().map(|raw| (Hashing::hash(&raw), raw)).collect();
        {
            let mut seen = self.seen.lock();
            hashed.retain(|(hash, _)| seen.get(hash).is_none());
        }
        let hashes: Vec<Hash> = hashed.iter().map(|(hash, _)| *hash).collect();
        let known = self.mempool.known(&hashes);
        let unknown = hashed.into_iter().zip(known).filter(|(_, known)| !known);
        let unknown: Vec<Bytes> = unknown.map(|((_, raw), _)| raw).collect();
        self.metrics.transactions_known.inc_by((n_transactions - unknown.len()) as u64);
        unknown
    }

    /// Waits until the peer's rates allow what it has sent. Meanwhile nothing more is read from
    /// it, so that it has to wait too.
    async fn throttle(&self, conduct: &Mutex<Conduct>, n_transactions: u64, bytes: u64) {
        let wait = {
            let now = Instant::now();
            let mut conduct = conduct.lock();
            conduct.transactions.take(n_transactions, now).max(conduct.bytes.take(bytes, now))
        };
        if !wait.is_zero() {
            self.metrics.throttled.inc();
            tokio::select! {
                () = sleep(wait) => {}
                () = self.shutdown.cancelled() => {}
            }
        }
    }

    fn blame(&self, conduct: &Mutex<Conduct>, misbehaviours: usize) -> Result<(), Exceeded> {
        if misbehaviours == 0 {
            return Ok(());
        }
        self.metrics.misbehaviours.inc_by(misbehaviours as u64);
        let wait = conduct.lock().misbehaviours.take(misbehaviours as u64, Instant::now());
        if wait.is_zero() { Ok(()) } else { Err(Exceeded) }
    }

    fn on_malformed(&self, key: &NodeKey, error: MessageError) -> Exceeded {
        self.metrics.misbehaviours.inc();
        let peer = super::peer_id_of(key);
        debug!(target: "ecoledger::gossip", peer, %error, "malformed message");
        Exceeded
    }

    /// Records a misbehaviour that ends the connection by itself.
    pub(crate) fn on_violation(&self, key: &NodeKey, failure: &Failure) {
        self.metrics.misbehaviours.inc();
        let peer = super::peer_id_of(key);
        warn!(target: "ecoledger::gossip", peer, %failure, "peer breaks the protocol");
    }
}
