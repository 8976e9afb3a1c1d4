//! Metrics, under the names that operators of Substrate nodes already chart.
//!
//! The text format is OpenMetrics. Other parts of the node append theirs through
//! [`crate::MetricsSource`].

use crate::{backend::Backend, context::RpcContext};
use ecoledger_rpc_api::types::NodeRole;
use parking_lot::RwLock;
use prometheus_client::{
    encoding::{
        EncodeLabelSet, EncodeMetric, MetricEncoder,
        text::{encode_eof, encode_registry},
    },
    metrics::{
        MetricType, counter::Counter, family::Family, gauge::Gauge, histogram::Histogram,
        info::Info,
    },
    registry::Registry,
};
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Name under which calls of methods that are not served are counted: callers choose names, and
/// must not make new series by that.
const UNKNOWN_METHOD: &str = "unknown";

/// Roles as a bit mask, as Substrate has them.
const ROLE_FULL: i64 = 1;
const ROLE_AUTHORITY: i64 = 4;

/// Method of a call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct MethodLabel {
    method: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabel {
    method: &'static str,
    is_error: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabel {
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StageLabel {
    stage: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ColumnLabel {
    column: &'static str,
}

/// Counts upwards and is exported without the suffix `_total`, because charts of Substrate nodes
/// name it so.
#[derive(Clone, Debug, Default)]
struct Count(Arc<AtomicU64>);

impl Count {
    fn add_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl EncodeMetric for Count {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), std::fmt::Error> {
        encoder.encode_gauge(&self.0.load(Ordering::Relaxed))
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Unknown
    }
}

impl prometheus_client::metrics::TypedMetric for Count {
    const TYPE: MetricType = MetricType::Unknown;
}

/// Upper bounds of the buckets of call times, in microseconds.
const CALL_TIME_BUCKETS: [f64; 9] =
    [100.0, 250.0, 1_000.0, 5_000.0, 25_000.0, 100_000.0, 500_000.0, 2_500_000.0, 10_000_000.0];

fn call_time() -> Histogram {
    Histogram::new(CALL_TIME_BUCKETS)
}

/// All metrics of this crate, and those that it collects when asked.
pub(crate) struct NodeMetrics {
    registry: Registry,
    context: RpcContext,
    backend: Backend,
    methods: RwLock<BTreeSet<&'static str>>,
    calls_started: Family<MethodLabel, Count>,
    calls_finished: Family<OutcomeLabel, Count>,
    calls_time: Family<MethodLabel, Histogram, fn() -> Histogram>,
    rate_limited: Counter,
    heights: Family<StatusLabel, Gauge>,
    peers: Gauge,
    syncing: Gauge,
    halted: Gauge,
    transactions: Gauge,
    blocks: Family<StageLabel, Gauge>,
    block_time: Family<StageLabel, Gauge>,
    database: Family<ColumnLabel, Gauge>,
    oldest_state: Gauge,
}

impl NodeMetrics {
    pub(crate) fn new(context: RpcContext, backend: Backend) -> Self {
        let chain = ("chain".into(), context.chain.name.clone().into());
        let mut registry = Registry::with_labels([chain].into_iter());
        describe_node(&mut registry, &context);
        context.mempool.metrics().register(&mut registry);

        let this = Self {
            registry: Registry::default(),
            methods: RwLock::default(),
            calls_started: Family::default(),
            calls_finished: Family::default(),
            calls_time: Family::new_with_constructor(call_time),
            rate_limited: Counter::default(),
            heights: Family::default(),
            peers: Gauge::default(),
            syncing: Gauge::default(),
            halted: Gauge::default(),
            transactions: Gauge::default(),
            blocks: Family::default(),
            block_time: Family::default(),
            database: Family::default(),
            oldest_state: Gauge::default(),
            context,
            backend,
        };
        this.register(&mut registry);
        Self { registry, ..this }
    }

    fn register(&self, registry: &mut Registry) {
        let substrate = registry.sub_registry_with_prefix("substrate");
        substrate.register("block_height", "Height of the chain", self.heights.clone());
        substrate.register("rpc_calls_started", "Calls received", self.calls_started.clone());
        substrate.register("rpc_calls_finished", "Calls answered", self.calls_finished.clone());
        substrate.register(
            "rpc_calls_time",
            "Time from a call to its answer, microseconds",
            self.calls_time.clone(),
        );
        substrate.register("sub_libp2p_peers_count", "Connected peers", self.peers.clone());
        substrate.register(
            "sub_libp2p_is_major_syncing",
            "Whether the node is catching up",
            self.syncing.clone(),
        );
        let ecoledger = registry.sub_registry_with_prefix("ecoledger");
        ecoledger.register("rpc_rate_limited", "Calls above the limit", self.rate_limited.clone());
        ecoledger.register(
            "consensus_halted",
            "Whether consensus has stopped for good",
            self.halted.clone(),
        );
        ecoledger.register(
            "transactions_committed",
            "Transactions in blocks committed since the process started, timestamps included",
            self.transactions.clone(),
        );
        ecoledger.register(
            "blocks",
            "Blocks since the process started, by what became of them",
            self.blocks.clone(),
        );
        ecoledger.register(
            "block_time_microseconds",
            "Time spent on blocks since the process started, by what it went into",
            self.block_time.clone(),
        );
        ecoledger.register(
            "database_bytes",
            "Size of the database, by part",
            self.database.clone(),
        );
        ecoledger.register(
            "oldest_state",
            "Oldest height whose state can be read",
            self.oldest_state.clone(),
        );
    }

    /// The methods that have a series of their own.
    pub(crate) fn set_methods(&self, names: impl Iterator<Item = &'static str>) {
        *self.methods.write() = names.collect();
    }

    /// Counts a call; answers its label.
    pub(crate) fn call_started(&self, method: &str) -> MethodLabel {
        let method = self.methods.read().get(method).copied().unwrap_or(UNKNOWN_METHOD);
        let label = MethodLabel { method };
        self.calls_started.get_or_create(&label).add_one();
        label
    }

    /// Counts an answer.
    pub(crate) fn call_finished(&self, label: MethodLabel, took: Duration, is_error: bool) {
        let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
        self.calls_time.get_or_create(&label).observe(f64::from(micros));
        let outcome = OutcomeLabel { method: label.method, is_error };
        self.calls_finished.get_or_create(&outcome).add_one();
    }

    /// Counts a call that is refused because they come too fast.
    pub(crate) fn rate_limited(&self) {
        self.rate_limited.inc();
    }

    /// Everything in the OpenMetrics text format.
    pub(crate) fn encode(&self) -> String {
        self.collect();
        let mut text = String::new();
        encode_registry(&mut text, &self.registry).expect("writing to a string never fails; qed");
        for source in &self.context.metrics {
            source(&mut text);
            // The mark may come only once, at the end.
            text.truncate(text.trim_end_matches("# EOF\n").len());
        }
        encode_eof(&mut text).expect("writing to a string never fails; qed");
        text
    }

    /// Reads what is known elsewhere.
    fn collect(&self) {
        let height = self.backend.head().number;
        let health = self.context.health.borrow().clone();
        let target = health.highest_block.map_or(height, |highest| highest.max(height));
        for (status, height) in [("best", height), ("finalized", height), ("sync_target", target)] {
            self.heights.get_or_create(&StatusLabel { status }).set(height.into());
        }
        self.peers.set(clamp(self.context.peers.borrow().len() as u64));
        self.syncing.set(health.syncing.into());
        self.halted.set(health.halted.is_some().into());
        self.collect_blocks();
        self.collect_database();
    }

    fn collect_blocks(&self) {
        let counted = self.context.executor.metrics().snapshot();
        self.transactions.set(clamp(counted.transactions_committed));
        for (stage, blocks) in [
            ("built", counted.blocks_built),
            ("verified", counted.blocks_verified),
            ("invalid", counted.blocks_invalid),
            ("committed", counted.blocks_committed),
        ] {
            self.blocks.get_or_create(&StageLabel { stage }).set(clamp(blocks));
        }
        for (stage, micros) in [
            ("build", counted.build_micros),
            ("verify", counted.verify_micros),
            ("commit", counted.commit_micros),
        ] {
            self.block_time.get_or_create(&StageLabel { stage }).set(clamp(micros));
        }
    }

    fn collect_database(&self) {
        match self.context.executor.storage().stats() {
            Ok(stats) => {
                for (column, bytes) in stats.columns.into_iter().chain([("log", stats.log_bytes)]) {
                    self.database.get_or_create(&ColumnLabel { column }).set(clamp(bytes));
                }
                self.oldest_state.set(stats.oldest_state.into());
            }
            Err(error) => {
                tracing::warn!(target: "ecoledger::rpc", %error, "no sizes of the database");
            }
        }
    }
}

/// What does not change while the process runs.
fn describe_node(registry: &mut Registry, context: &RpcContext) {
    let registry = registry.sub_registry_with_prefix("substrate");
    registry.register(
        "build",
        "Name and version of the implementation",
        Info::new([("name", context.node.name.clone()), ("version", context.node.version.clone())]),
    );
    let fixed = |value| {
        let gauge = Gauge::<i64>::default();
        gauge.set(value);
        gauge
    };
    let role = match context.node.role {
        NodeRole::Full => ROLE_FULL,
        NodeRole::Authority => ROLE_AUTHORITY,
    };
    registry.register("node_roles", "What the node does: 1 full, 4 authority", fixed(role));
    let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    registry.register(
        "process_start_time_seconds",
        "When the process started, Unix seconds",
        fixed(clamp(started)),
    );
    registry.register("number_leaves", "Heads of the chain; there are no forks", fixed(1));
}

fn clamp(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
