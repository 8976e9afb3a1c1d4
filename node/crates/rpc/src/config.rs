//! What an operator decides.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    time::Duration,
};

/// Most connections at a time that an operator can choose. Each takes a file descriptor, of which
/// the database needs many, and memory for what it is sent.
pub const CONNECTIONS_MAX: u32 = 500;

/// How to serve JSON-RPC and metrics.
#[derive(Clone, Debug)]
pub struct RpcConfig {
    /// Address for JSON-RPC over HTTP and WebSocket; port 0 takes a free one.
    pub addr: SocketAddr,
    /// Which methods are served.
    pub methods: RpcMethods,
    /// Which web pages may call.
    pub cors: Cors,
    /// Bounds of everything that callers can ask for.
    pub limits: RpcLimits,
    /// Address for metrics and health; `None` for neither.
    pub metrics_addr: Option<SocketAddr>,
    /// After this long without a new block the node is unhealthy. Idle chains write a heartbeat
    /// block every 10 s, so six missing ones are no idleness.
    pub stalled_after: Duration,
}

impl RpcConfig {
    /// JSON-RPC on `addr` with default limits, and no metrics.
    pub fn new(addr: SocketAddr) -> Self {
        Self {
            addr,
            methods: RpcMethods::default(),
            cors: Cors::default(),
            limits: RpcLimits::default(),
            metrics_addr: None,
            stalled_after: Duration::from_secs(60),
        }
    }
}

/// Which methods are served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RpcMethods {
    /// Unsafe methods on a loopback address, only safe ones on any other.
    #[default]
    Auto,
    /// Only methods that may be shown to everyone.
    Safe,
    /// All methods: whoever reaches the port operates the node.
    Unsafe,
}

impl RpcMethods {
    /// Whether unsafe methods are served on `ip`.
    pub fn serves_unsafe(self, ip: IpAddr) -> bool {
        match self {
            Self::Auto => ip.is_loopback(),
            Self::Safe => false,
            Self::Unsafe => true,
        }
    }
}

/// Which web pages may call, by their origin. Programs that are no browser send no origin and are
/// not concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cors {
    /// Every page.
    Any,
    /// Pages of these origins, such as `https://polkadot.js.org`; a port `*` stands for any port
    /// or none.
    Origins(Vec<String>),
}

impl Default for Cors {
    /// Pages of this machine, and polkadot-js.
    fn default() -> Self {
        Self::Origins(
            [
                "http://localhost:*",
                "http://127.0.0.1:*",
                "https://localhost:*",
                "https://127.0.0.1:*",
                "https://polkadot.js.org",
            ]
            .map(String::from)
            .to_vec(),
        )
    }
}

impl Cors {
    /// Whether a page of `origin` may call.
    pub fn allows(&self, origin: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Origins(patterns) => patterns.iter().any(|pattern| {
                let Some(host) = pattern.strip_suffix(":*") else { return pattern == origin };
                origin.strip_prefix(host).is_some_and(|rest| {
                    rest.is_empty()
                        || rest.strip_prefix(':').is_some_and(|port| {
                            !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit())
                        })
                })
            }),
        }
    }
}

/// Bounds of everything that callers can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RpcLimits {
    /// Bytes of a request. A transaction is at most 256 KiB, twice that in hexadecimal; the rest
    /// is for batches.
    pub request_bytes_max: u32,
    /// Bytes of a response. A block is at most 2 MiB, twice that in hexadecimal; metadata and
    /// proofs are smaller, and a batch has several.
    pub response_bytes_max: u32,
    /// Calls in a batch. Clients read storage in batches of 1,000 keys at most.
    pub batch_calls_max: u32,
    /// Connections at a time, at most [`CONNECTIONS_MAX`]. Each may hold `buffered_messages_max`
    /// messages.
    pub connections_max: u32,
    /// Subscriptions of one connection.
    pub subscriptions_per_connection_max: u32,
    /// Messages waiting to be sent on one connection.
    pub buffered_messages_max: u32,
    /// How long a message may wait for a place among the buffered ones until the subscription is
    /// dropped.
    pub subscriber_timeout: Duration,
    /// Calls of one connection under way at a time; above it they are refused.
    pub calls_under_way_max: u32,
    /// Calls of one connection in a second; `None` for no limit.
    pub calls_per_second_max: Option<NonZeroU32>,
    /// Blocking reads that run at a time.
    pub reads_max: usize,
    /// Runtime calls that run at a time. They take processor time from block execution.
    pub runtime_calls_max: usize,
    /// Reads and runtime calls, each, that may wait for a thread; above it they are refused.
    pub waiting_max: usize,
    /// How long a read or a runtime call may wait, and then run, until its caller is told that it
    /// timed out. A native runtime call cannot be interrupted: it keeps its thread until it ends.
    pub call_timeout: Duration,
    /// Bytes of arguments of a runtime call.
    pub call_bytes_max: usize,
    /// Keys of one page, of a query, or of a storage subscription.
    pub keys_max: u32,
    /// Keys of one proof request: each costs a walk through the tree and about 10 KiB of answer.
    pub proof_keys_max: u32,
    /// Bytes of values in one answer or notification about several keys.
    pub values_bytes_max: usize,
    /// Block numbers in one question for hashes.
    pub block_numbers_max: u32,
}

impl Default for RpcLimits {
    fn default() -> Self {
        const MIB: u32 = 1 << 20;
        Self {
            request_bytes_max: 10 * MIB,
            response_bytes_max: 15 * MIB,
            batch_calls_max: 1_000,
            connections_max: CONNECTIONS_MAX,
            subscriptions_per_connection_max: 1_024,
            buffered_messages_max: 64,
            subscriber_timeout: Duration::from_secs(10),
            calls_under_way_max: 1_024,
            calls_per_second_max: None,
            reads_max: 16,
            runtime_calls_max: 4,
            waiting_max: 2_048,
            call_timeout: Duration::from_secs(10),
            call_bytes_max: MIB as usize,
            keys_max: 1_000,
            proof_keys_max: 64,
            values_bytes_max: 4 * MIB as usize,
            block_numbers_max: 1_000,
        }
    }
}
