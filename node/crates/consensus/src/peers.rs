//! Who may connect: the nodes that committed state permits, named by their keys.
//!
//! The engine admits a peer only if an entry of its list names the peer's identity. So every
//! permitted node has an entry, with an address to dial where the operator gave one, else with
//! the identity alone; and a configured address whose node is not permitted has none. The list
//! follows committed state: a node that loses its permission is disconnected.
//!
//! Connected nodes announce their height with each decision, which tells how far this one is
//! behind.
//!
//! What the engine leaves open: it refuses a stranger when the stranger identifies itself, so one
//! that never does keeps an open connection until limits or timeouts end it. Nothing that it
//! sends counts: every vote, proposal and stream is signed by a validator.

use ecoledger_primitives::BlockNumber;
pub use malachitebft_app_channel::app::net::Multiaddr;
use malachitebft_app_channel::{NetworkRequest, app::net::PeerId};
use parking_lot::Mutex;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};
use tokio::sync::{mpsc, watch};
use tracing::{debug, info, warn};

/// A node's ed25519 public key, by which it is permitted.
pub type NodeKey = [u8; 32];

/// An identity multihash of 36 bytes: the protobuf of an ed25519 public key of 32 bytes.
///
/// Source: libp2p specification, peer ids.
const PEER_ID_PREFIX: [u8; 6] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

/// How often the connected peers are asked for.
const STATUS_INTERVAL: Duration = Duration::from_millis(500);

/// A connected node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its key; `None` for an identity of another kind, which is never permitted.
    pub node_key: Option<NodeKey>,
    /// Its libp2p identity in base 58.
    pub peer_id: String,
    /// Where it is connected from or at.
    pub address: String,
    /// What it calls itself; unverified.
    pub moniker: String,
    /// Height of the newest block that it says it has, if it has said so yet; unverified.
    pub height: Option<BlockNumber>,
}

/// The heights that permitted nodes announce while they are connected. Clones share them.
///
/// An announcement bears no signature and names its node itself, so whoever is connected can make
/// one up for a permitted node, until that one announces its next block. It may inform people, and
/// nothing is decided by it.
#[derive(Clone, Debug)]
pub struct PeerHeights {
    permitted: watch::Receiver<Arc<BTreeSet<NodeKey>>>,
    heights: Arc<Mutex<BTreeMap<NodeKey, Announced>>>,
}

#[derive(Debug)]
struct Announced {
    height: BlockNumber,
    /// Whether it came after connections were looked at last: its node's may not have been there.
    is_new: bool,
}

impl PeerHeights {
    pub(crate) fn new(permitted: watch::Receiver<Arc<BTreeSet<NodeKey>>>) -> Self {
        Self { permitted, heights: Arc::default() }
    }

    /// The highest of them; `None` while no peer has announced any. A peer without blocks does not.
    pub fn highest(&self) -> Option<BlockNumber> {
        self.heights.lock().values().map(|announced| announced.height).max()
    }

    /// Notes what a node announces, in place of what it did before, if it is permitted.
    pub(crate) fn note(&self, node: NodeKey, height: BlockNumber) {
        if self.permitted.borrow().contains(&node) {
            self.heights.lock().insert(node, Announced { height, is_new: true });
        }
    }

    /// What a node announced last.
    pub(crate) fn of(&self, node: &NodeKey) -> Option<BlockNumber> {
        self.heights.lock().get(node).map(|announced| announced.height)
    }

    /// Forgets nodes that are not connected.
    pub(crate) fn retain(&self, is_connected: impl Fn(&NodeKey) -> bool) {
        self.heights.lock().retain(|node, announced| {
            let was_new = std::mem::take(&mut announced.is_new);
            was_new || is_connected(node)
        });
    }
}

/// Why an address cannot be a peer's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeerAddressError {
    /// The address does not end in the identity of the node.
    #[error("address {0} does not end in /p2p/<peer id of an ed25519 key>")]
    NoIdentity(Multiaddr),
}

/// The identity of the node with key `key`.
pub fn peer_id(key: &NodeKey) -> PeerId {
    let mut bytes = PEER_ID_PREFIX.to_vec();
    bytes.extend_from_slice(key);
    PeerId::from_bytes(&bytes).expect("an identity multihash of an inlined key; qed")
}

/// The key of the node with identity `peer_id`; `None` unless it is ed25519.
pub fn node_key(peer_id: &PeerId) -> Option<NodeKey> {
    key_of_identity(&peer_id.to_bytes())
}

/// The key in the bytes of an identity; `None` unless it is ed25519.
pub(crate) fn key_of_identity(bytes: &[u8]) -> Option<NodeKey> {
    bytes.strip_prefix(&PEER_ID_PREFIX)?.try_into().ok()
}

/// The node that an address belongs to, by its last component.
fn node_of(address: &Multiaddr) -> Option<NodeKey> {
    let text = address.to_string();
    let (_, id) = text.rsplit_once("/p2p/")?;
    node_key(&id.parse().ok()?)
}

/// The entries that the engine should have, and those it has.
#[derive(Debug)]
pub(crate) struct Directory {
    own: NodeKey,
    configured: BTreeMap<NodeKey, BTreeSet<Multiaddr>>,
    reserved_only: bool,
    entries: BTreeSet<Multiaddr>,
}

impl Directory {
    /// A directory of the nodes in `permitted`; with `reserved_only`, of those of them that have
    /// an address in `peers`.
    ///
    /// # Errors
    /// [`PeerAddressError`] for an address in `peers` without an identity.
    pub(crate) fn new(
        own: NodeKey,
        peers: &[Multiaddr],
        reserved_only: bool,
        permitted: &BTreeSet<NodeKey>,
    ) -> Result<Self, PeerAddressError> {
        let mut configured = BTreeMap::<_, BTreeSet<_>>::new();
        for address in peers {
            let key =
                node_of(address).ok_or_else(|| PeerAddressError::NoIdentity(address.clone()))?;
            configured.entry(key).or_default().insert(address.clone());
        }
        let mut this = Self { own, configured, reserved_only, entries: BTreeSet::new() };
        this.entries = this.wanted(permitted);
        Ok(this)
    }

    /// The entries to start the engine with.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Multiaddr> {
        self.entries.iter()
    }

    fn wanted(&self, permitted: &BTreeSet<NodeKey>) -> BTreeSet<Multiaddr> {
        permitted
            .iter()
            .filter(|key| **key != self.own)
            .flat_map(|key| match self.configured.get(key) {
                Some(addresses) => addresses.iter().cloned().collect(),
                None if self.reserved_only => Vec::new(),
                None => vec![identity_only(key)],
            })
            .collect()
    }

    /// What to remove and what to add when the permitted nodes are these.
    pub(crate) fn update(
        &mut self,
        permitted: &BTreeSet<NodeKey>,
    ) -> (Vec<Multiaddr>, Vec<Multiaddr>) {
        let wanted = self.wanted(permitted);
        let removed = self.entries.difference(&wanted).cloned().collect();
        let added = wanted.difference(&self.entries).cloned().collect();
        self.entries = wanted;
        (removed, added)
    }
}

/// An entry that admits a node without an address to dial it at.
fn identity_only(key: &NodeKey) -> Multiaddr {
    format!("/p2p/{}", peer_id(key)).parse().expect("an identity is an address component; qed")
}

/// Keeps the engine's list in step with the permitted nodes, and says who is connected. Ends with
/// the engine.
pub(crate) async fn run(
    mut directory: Directory,
    mut permitted: watch::Receiver<Arc<BTreeSet<NodeKey>>>,
    requests: mpsc::Sender<NetworkRequest>,
    connected: watch::Sender<Vec<Peer>>,
    heights: PeerHeights,
) {
    let mut status = tokio::time::interval(STATUS_INTERVAL);
    status.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let alive = tokio::select! {
            changed = permitted.changed() => {
                let nodes = permitted.borrow_and_update().clone();
                changed.is_ok() && apply(&mut directory, &nodes, &requests).await
            }
            _ = status.tick() => {
                let nodes = permitted.borrow().clone();
                report(&nodes, &requests, &connected, &heights).await
            }
        };
        if !alive {
            return;
        }
    }
}

async fn apply(
    directory: &mut Directory,
    permitted: &BTreeSet<NodeKey>,
    requests: &mpsc::Sender<NetworkRequest>,
) -> bool {
    let (removed, added) = directory.update(permitted);
    for address in removed {
        info!(target: "ecoledger::consensus", %address, "peer is no longer permitted");
        match NetworkRequest::remove_persistent_peer(requests, address).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(target: "ecoledger::consensus", %error, "peer not removed"),
            Err(_) => return false,
        }
    }
    for address in added {
        info!(target: "ecoledger::consensus", %address, "peer is permitted");
        match NetworkRequest::add_persistent_peer(requests, address).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(target: "ecoledger::consensus", %error, "peer not added"),
            Err(_) => return false,
        }
    }
    true
}

async fn report(
    permitted: &BTreeSet<NodeKey>,
    requests: &mpsc::Sender<NetworkRequest>,
    connected: &watch::Sender<Vec<Peer>>,
    heights: &PeerHeights,
) -> bool {
    let Ok(dump) = NetworkRequest::dump_state(requests).await else { return false };
    let mut peers: Vec<_> = dump
        .into_iter()
        .flat_map(|dump| dump.peers)
        // A stranger is among them until its connection is closed.
        .filter(|(id, _)| node_key(id).is_some_and(|key| permitted.contains(&key)))
        .map(|(id, info)| Peer {
            node_key: node_key(&id),
            peer_id: id.to_base58(),
            address: info.address.to_string(),
            moniker: info.moniker,
            height: node_key(&id).and_then(|key| heights.of(&key)),
        })
        .collect();
    peers.sort_by(|a, b| a.peer_id.cmp(&b.peer_id));
    let keys: BTreeSet<_> = peers.iter().filter_map(|peer| peer.node_key).collect();
    heights.retain(|node| keys.contains(node));
    connected.send_if_modified(|known| {
        let changed = *known != peers;
        if known.len() != peers.len() {
            debug!(target: "ecoledger::consensus", n_peers = peers.len(), "peers changed");
        }
        *known = peers;
        changed
    });
    true
}
