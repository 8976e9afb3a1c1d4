//! JSON-RPC, metrics and health of a node.
//!
//! What it is: one port that answers JSON-RPC over HTTP and WebSocket, and another for operators'
//! metrics and health. The methods are those of `ecoledger-rpc-api`; Substrate's clients work with
//! them unmodified.
//!
//! What it is not responsible for: deciding anything. It reads what is committed, hands
//! transactions to the pool, and learns of peers and consensus through watch channels, so that it
//! does not depend on consensus.
//!
//! Invariants:
//! - No handler blocks the asynchronous runtime: reads and runtime calls run on blocking threads,
//!   of which a bounded number runs and a bounded number waits ([`RpcLimits`]).
//! - `rpc_methods` lists exactly what is served; a method for operators is neither listed nor
//!   served where unsafe methods are denied.
//! - A head, a storage change or a transaction status is told only after the block is durable, so
//!   that whatever it refers to can be read.
//! - A subscriber that does not read is dropped; it never holds up a block or another subscriber.
//! - Internal errors go to the log; callers see a code and a message that is safe to show.
//!
//! Map: [`config`] and [`context`] (what [`start`] needs), `server` (HTTP, limits, middleware),
//! `handlers` (one module for each group of methods), `backend` and `workers` (access to the
//! chain), `subscription`, `error` (the one place that maps errors to codes), `metrics` and
//! `health` (operators' port).

pub mod config;
pub mod context;

mod backend;
mod error;
mod handlers;
mod health;
mod metrics;
mod server;
mod subscription;
mod workers;

pub use config::{CONNECTIONS_MAX, Cors, RpcConfig, RpcLimits, RpcMethods};
pub use context::{ChainInfo, MetricsSource, NodeHealth, NodeInfo, RpcContext, metrics_source};
pub use ecoledger_rpc_api::types::{ChainType, NodeRole, PeerInfo, Properties};
pub use server::{RpcHandle, StartError, start};

#[cfg(test)]
mod tests;
