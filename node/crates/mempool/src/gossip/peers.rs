//! Who is connected, and what to send to whom.
//!
//! A transaction that comes from a peer is passed on only to those of our peers that are not the
//! sender's own: it sends to those itself. Where everybody is connected to everybody nothing is
//! passed on, and a node with a single connection still reaches all.

use super::{NodeKey, message::Packed, metrics::GossipMetrics};
use bytes::Bytes;
use libp2p::{Multiaddr, PeerId, swarm::ConnectionId};
use parking_lot::Mutex;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use tokio::sync::{Notify, mpsc, watch};

/// A connected peer, as operators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerInfo {
    /// Its libp2p identity.
    pub peer_id: String,
    /// Its ed25519 public key, from which the identity is made.
    pub public_key: NodeKey,
    /// Its address as this node sees it.
    pub address: String,
    /// Whether this node opened the connection.
    pub dialled: bool,
}

/// Our end of a connection.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) connection: ConnectionId,
    pub(crate) to_send: mpsc::Sender<Bytes>,
    /// Tells the link's task that something was left out, and the pool is to be sent again.
    pub(crate) resync: Arc<Notify>,
    pub(crate) address: Multiaddr,
    pub(crate) dialled: bool,
}

#[derive(Debug)]
struct Peer {
    name: String,
    /// Oldest first, never empty. The newest is used: after a peer's restart the others are dead
    /// without this node knowing it yet.
    links: Vec<Link>,
    /// Whom the peer is connected to; `None` until it says so.
    neighbours: Option<BTreeSet<NodeKey>>,
}

/// See the module's description.
#[derive(Debug)]
pub(crate) struct Peers {
    metrics: GossipMetrics,
    connected: Mutex<BTreeMap<NodeKey, Peer>>,
    neighbours: watch::Sender<Arc<[NodeKey]>>,
    infos: watch::Sender<Vec<PeerInfo>>,
}

impl Peers {
    pub(crate) fn new(metrics: GossipMetrics) -> Self {
        Self {
            metrics,
            connected: Mutex::default(),
            neighbours: watch::Sender::new(Arc::new([])),
            infos: watch::Sender::default(),
        }
    }

    /// Keys of the connected peers, sorted, and their changes.
    pub(crate) fn neighbours(&self) -> watch::Receiver<Arc<[NodeKey]>> {
        self.neighbours.subscribe()
    }

    /// The connected peers and their changes.
    pub(crate) fn infos(&self) -> watch::Receiver<Vec<PeerInfo>> {
        self.infos.subscribe()
    }

    pub(crate) fn add(&self, key: NodeKey, peer: PeerId, link: Link) {
        let mut connected = self.connected.lock();
        let entry = connected.entry(key).or_insert_with(|| Peer {
            name: peer.to_string(),
            links: Vec::new(),
            neighbours: None,
        });
        entry.links.push(link);
        self.publish(&connected);
    }

    /// Forgets a connection; whether it was the peer's last.
    pub(crate) fn remove(&self, key: &NodeKey, connection: ConnectionId) -> bool {
        let mut connected = self.connected.lock();
        let Some(peer) = connected.get_mut(key) else { return false };
        peer.links.retain(|link| link.connection != connection);
        let last = peer.links.is_empty();
        if last {
            connected.remove(key);
        }
        self.publish(&connected);
        last
    }

    pub(crate) fn set_neighbours(&self, key: &NodeKey, neighbours: Vec<NodeKey>) {
        if let Some(peer) = self.connected.lock().get_mut(key) {
            peer.neighbours = Some(neighbours.into_iter().collect());
        }
    }

    /// Sends own transactions to every peer; returns whom they were sent to.
    pub(crate) fn send(&self, frames: &[Packed]) -> Vec<String> {
        let connected = self.connected.lock();
        connected
            .values()
            .filter(|peer| self.send_to(peer, frames))
            .map(|peer| peer.name.clone())
            .collect()
    }

    /// Passes on transactions of `from` to the peers that it does not send to itself.
    pub(crate) fn relay(&self, from: &NodeKey, frames: impl FnOnce() -> Vec<Packed>) {
        let connected = self.connected.lock();
        let informed = connected.get(from).and_then(|peer| peer.neighbours.as_ref());
        let targets = connected.iter().filter(|(key, _)| {
            *key != from && informed.is_none_or(|neighbours| !neighbours.contains(*key))
        });
        let targets: Vec<_> = targets.map(|(_, peer)| peer).collect();
        if !targets.is_empty() {
            let frames = frames();
            targets.into_iter().for_each(|peer| {
                self.send_to(peer, &frames);
            });
        }
    }

    fn send_to(&self, peer: &Peer, frames: &[Packed]) -> bool {
        let Some(link) = peer.links.last() else { return false };
        for (index, packed) in frames.iter().enumerate() {
            if link.to_send.try_send(packed.frame.clone()).is_err() {
                let left = frames.iter().skip(index).map(|packed| packed.n_transactions as u64);
                self.metrics.transactions_dropped.inc_by(left.sum());
                link.resync.notify_one();
                return false;
            }
            self.note_sent(packed);
        }
        true
    }

    /// Counts a frame that was handed to a connection.
    pub(crate) fn note_sent(&self, packed: &Packed) {
        self.metrics.transactions_out.inc_by(packed.n_transactions as u64);
        self.metrics.bytes_out.inc_by(packed.frame.len() as u64);
    }

    fn publish(&self, connected: &BTreeMap<NodeKey, Peer>) {
        let infos: Vec<PeerInfo> = connected
            .iter()
            .filter_map(|(key, peer)| {
                let link = peer.links.last()?;
                Some(PeerInfo {
                    peer_id: peer.name.clone(),
                    public_key: *key,
                    address: link.address.to_string(),
                    dialled: link.dialled,
                })
            })
            .collect();
        self.metrics.peers.set(i64::try_from(infos.len()).unwrap_or(i64::MAX));
        self.infos.send_replace(infos);
        let keys: Arc<[NodeKey]> = connected.keys().copied().collect();
        self.neighbours.send_if_modified(|held| {
            let modified = **held != *keys;
            *held = keys;
            modified
        });
    }
}
