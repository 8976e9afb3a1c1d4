//! The public service over the ledger: Digital Link, product pages, proofs and a read API.
//!
//! What it is: a process of its own beside any full node. It follows final blocks, verifies each from
//! the one before, and keeps an index of what happened that can be wiped and built again; and a store
//! of published lists of item codes, which cannot. What it serves of an item is proven in the last
//! block that it has verified, and carries the proof. What it is not: somebody to be believed; whoever
//! reads verifies, in a browser or with the light client of `ecoledger-client`.
//!
//! Map: [`follow`] (blocks), [`index`] (what happened), [`lists`] (item codes); `resolver` and `link`
//! (Digital Link), `pages` (for people), `api` (for programs), `server` (limits and routes).

mod api;
mod app;
mod code;
mod figures;
pub mod follow;
mod idle;
pub mod index;
mod link;
pub mod lists;
mod map;
mod pages;
mod problem;
mod resolver;
mod server;
mod words;

pub use server::{Config, GatewayError, run};
