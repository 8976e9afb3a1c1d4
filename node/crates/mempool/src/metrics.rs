//! Counters of the pool.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

/// Label of a refusal.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct ReasonLabel {
    /// See [`PoolError::reason`](crate::PoolError::reason).
    pub reason: &'static str,
}

/// Counters of the pool. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    /// Transactions offered by clients.
    pub submitted_local: Counter,
    /// Transactions offered by peers and not seen before.
    pub submitted_gossip: Counter,
    /// Transactions accepted.
    pub accepted: Counter,
    /// Transactions refused, by reason.
    pub refused: Family<ReasonLabel, Counter>,
    /// Transactions that left the pool in a block.
    pub included: Counter,
    /// Transactions that left the pool because they expired or their nonce was used.
    pub outdated: Counter,
    /// Transactions that left the pool because they failed in a block.
    pub failed: Counter,
    /// Transactions that were pushed out by another.
    pub dropped: Counter,
    /// Transactions ready for the next block.
    pub ready: Gauge,
    /// Transactions waiting for a lower nonce.
    pub future: Gauge,
    /// Bytes of all transactions in the pool.
    pub bytes: Gauge,
    /// Accepted transactions that were not handed to gossip because its queue was full.
    pub gossip_queue_dropped: Counter,
}

impl Metrics {
    /// Registers all counters, under `mempool_`; ready transactions also under Substrate's name.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "substrate_ready_transactions_number",
            "Transactions ready for the next block",
            self.ready.clone(),
        );
        let registry = registry.sub_registry_with_prefix("mempool");
        let mut counter = |name: &str, help: &str, counter: &Counter| {
            registry.register(name, help, counter.clone());
        };
        counter("submitted_local", "Transactions offered by clients", &self.submitted_local);
        counter("submitted_gossip", "New transactions offered by peers", &self.submitted_gossip);
        counter("accepted", "Transactions accepted", &self.accepted);
        counter("included", "Transactions that left in a block", &self.included);
        counter("outdated", "Transactions expired or with a used nonce", &self.outdated);
        counter("failed", "Transactions that failed in a block", &self.failed);
        counter("dropped", "Transactions pushed out by another", &self.dropped);
        counter("gossip_queue_dropped", "Not gossiped, queue full", &self.gossip_queue_dropped);
        registry.register("refused", "Transactions refused, by reason", self.refused.clone());
        registry.register("ready", "Ready transactions", self.ready.clone());
        registry.register("future", "Future transactions", self.future.clone());
        registry.register("bytes", "Bytes of transactions held", self.bytes.clone());
    }
}
