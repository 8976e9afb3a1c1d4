//! Counters of gossip.

use prometheus_client::{
    metrics::{counter::Counter, gauge::Gauge},
    registry::Registry,
};

/// Counters of gossip. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct GossipMetrics {
    /// Peers connected.
    pub peers: Gauge,
    /// Transactions received, those known already included.
    pub transactions_in: Counter,
    /// Transactions sent; each counts once for every peer.
    pub transactions_out: Counter,
    /// Received transactions that were known already.
    pub transactions_known: Counter,
    /// Transactions not sent because a peer was too slow; it is sent the pool later.
    pub transactions_dropped: Counter,
    /// Received transactions left aside because this node's chain is far behind its peer's.
    pub transactions_behind: Counter,
    /// Bytes of messages received.
    pub bytes_in: Counter,
    /// Bytes of messages sent.
    pub bytes_out: Counter,
    /// Times that a peer was made to wait because it exceeded its rate.
    pub throttled: Counter,
    /// Times that a peer sent what no honest one sends.
    pub misbehaviours: Counter,
    /// Times that a peer was banned for a time.
    pub bans: Counter,
    /// Connections refused.
    pub connections_refused: Counter,
    /// Attempts to connect that failed.
    pub dials_failed: Counter,
}

impl GossipMetrics {
    /// Registers all counters under `gossip_`.
    pub fn register(&self, registry: &mut Registry) {
        let registry = registry.sub_registry_with_prefix("gossip");
        registry.register("peers", "Peers connected", self.peers.clone());
        let mut counter = |name: &str, help: &str, counter: &Counter| {
            registry.register(name, help, counter.clone());
        };
        counter("transactions_in", "Transactions received", &self.transactions_in);
        counter("transactions_out", "Transactions sent, by peer", &self.transactions_out);
        counter("transactions_known", "Received, but known already", &self.transactions_known);
        counter("transactions_dropped", "Not sent to a slow peer", &self.transactions_dropped);
        counter("transactions_behind", "Received while far behind", &self.transactions_behind);
        counter("bytes_in", "Bytes received", &self.bytes_in);
        counter("bytes_out", "Bytes sent", &self.bytes_out);
        counter("throttled", "Peers made to wait", &self.throttled);
        counter("misbehaviours", "What no honest peer sends", &self.misbehaviours);
        counter("bans", "Peers banned for a time", &self.bans);
        counter("connections_refused", "Connections refused", &self.connections_refused);
        counter("dials_failed", "Attempts to connect that failed", &self.dials_failed);
    }
}
