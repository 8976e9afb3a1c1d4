//! The public service over the ledger: Digital Link, product pages, proofs and a read API.
//!
//! What it is: a process of its own beside any full node. It follows final blocks, verifies each from
//! the one before, and keeps an index of what happened that can be wiped and built again; and published
//! lists of item codes, documents, and counts of scans, which cannot. What it serves of an item is proven in the last
//! block that it has verified, and carries the proof. What it is not: somebody to be believed; whoever
//! reads verifies, in a browser or with the light client of `ecoledger-client`.
//!
//! Map: [`follow`] (blocks), [`index`] and `life` (what happened), [`lists`] and [`documents`] in a
//! [`store`], `peers` (other gateways), `scans` (counts); `resolver` and `link` (Digital Link), `pages`
//! (for people), `api` and `files` (for programs), `server` and `callers` (limits and routes),
//! `damage` (files that cannot be opened).

mod address;
mod api;
mod app;
mod callers;
mod code;
mod compensation;
mod damage;
pub mod documents;
mod figures;
mod files;
pub mod follow;
mod idle;
pub mod index;
mod life;
mod link;
pub mod lists;
mod map;
mod pages;
mod peers;
mod problem;
mod recalls;
mod resolver;
pub mod scans;
mod server;
pub mod store;
mod words;

pub use address::read_address;
pub use peers::{PeersError, SecretError};
pub use server::{Config, GatewayError, run};
