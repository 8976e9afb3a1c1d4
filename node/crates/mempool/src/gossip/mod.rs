//! Exchange of transactions between permitted nodes.
//!
//! A libp2p swarm of its own, on its own port: TCP, Noise, Yamux, and one protocol, named after
//! the chain. Each node pushes batches of transactions to its peers over one long-lived stream for
//! each direction. Nothing is signed, announced or acknowledged: connections are authenticated,
//! and the pool judges every transaction.
//!
//! - Who may connect: nodes whose ed25519 key is in the permitted set. A node that leaves the set
//!   is disconnected.
//! - Who is told: see `peers`. A new or slow peer is sent the whole pool.
//! - What a peer may do: see [`GossipLimits`]. A peer above its rate is read from more slowly; one
//!   that breaks the protocol, or sends transactions that no honest node accepts, is disconnected
//!   and refused for a time.
//!
//! Map: `service` (the swarm), `links` (who may connect), `handler` (a connection), `message`
//! (bytes), `exchange` (what is done with them), `peers` (whom to send to), `dial`, `rate`.

mod dial;
mod exchange;
mod handler;
mod links;
mod message;
mod metrics;
mod peers;
mod rate;
mod service;

#[cfg(test)]
mod tests;

pub use metrics::GossipMetrics;
pub use peers::PeerInfo;
pub use service::{GossipError, GossipHandle, start};

use ecoledger_primitives::Hash;
use libp2p::{
    Multiaddr, PeerId,
    identity::{Keypair, PublicKey, ed25519},
};
use std::time::Duration;

/// Ed25519 public key of a node.
pub type NodeKey = [u8; 32];

/// What gossip needs to know.
#[derive(Clone)]
pub struct GossipConfig {
    /// Address to listen on; port 0 lets the system choose.
    pub listen: Multiaddr,
    /// Peers to stay connected to, each ending with `/p2p/` and the peer's identity.
    pub peers: Vec<Multiaddr>,
    /// Secret seed of this node's ed25519 key.
    pub node_key: [u8; 32],
    /// Nodes of another chain have nothing to say to each other.
    pub genesis_hash: Hash,
    /// What peers may do.
    pub limits: GossipLimits,
}

impl std::fmt::Debug for GossipConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GossipConfig")
            .field("listen", &self.listen)
            .field("peers", &self.peers)
            .field("genesis_hash", &self.genesis_hash)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// What one peer may do. Its messages are at most 1 MiB long in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GossipLimits {
    /// Transactions per second, known ones included: three times the chain's target throughput,
    /// as a peer that passes on sends what others send too.
    pub transactions_per_second: u64,
    /// Transactions above that rate, such as those of a full pool when it connects.
    pub transactions_burst: u64,
    /// Bytes per second.
    pub bytes_per_second: u64,
    /// Bytes above that rate; a full pool.
    pub bytes_burst: u64,
    /// Transactions that no honest peer sends, above one per second. A few come about when a
    /// transaction expires on its way.
    pub misbehaviours_max: u64,
    /// How long a peer that exceeded them, or broke the protocol, is refused.
    pub ban: Duration,
    /// Connections, from and to all peers: the permitted nodes of a large network, and some twice
    /// while two nodes dial each other.
    pub connections_max: u32,
}

impl Default for GossipLimits {
    fn default() -> Self {
        Self {
            transactions_per_second: 5_000,
            transactions_burst: 40_000,
            bytes_per_second: 16 * 1024 * 1024,
            bytes_burst: 64 * 1024 * 1024,
            misbehaviours_max: 64,
            ban: Duration::from_secs(60),
            connections_max: 192,
        }
    }
}

/// The libp2p identity of a node with the given ed25519 public key; empty if it is no such key.
pub fn peer_id_of(key: &NodeKey) -> String {
    let key = ed25519::PublicKey::try_from_bytes(key);
    key.map_or_else(|_| String::new(), |key| PublicKey::from(key).to_peer_id().to_string())
}

/// Public key and libp2p identity of the node with the given secret seed.
pub fn node_identity(seed: &[u8; 32]) -> (NodeKey, String) {
    let keypair = keypair_of(seed);
    let peer = keypair.public().to_peer_id();
    let key = node_key_of(&peer).expect("an ed25519 key is contained in its identity; qed");
    (key, peer.to_string())
}

fn keypair_of(seed: &[u8; 32]) -> Keypair {
    let mut seed = *seed;
    Keypair::ed25519_from_bytes(&mut seed).expect("any 32 bytes are an ed25519 seed; qed")
}

/// The ed25519 public key that an identity contains.
fn node_key_of(peer: &PeerId) -> Option<NodeKey> {
    /// Protobuf of a public key: field 1 (type) is 1 (Ed25519), field 2 (data) has 32 bytes.
    const PROTOBUF: [u8; 4] = [0x08, 0x01, 0x12, 0x20];
    /// Multihash code of a digest that is the message itself.
    const IDENTITY: u64 = 0;
    let multihash = peer.as_ref();
    let key = multihash.digest().strip_prefix(&PROTOBUF)?;
    (multihash.code() == IDENTITY).then(|| key.try_into().ok()).flatten()
}
