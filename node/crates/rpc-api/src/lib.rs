//! JSON-RPC interface of an EcoLedger node.
//!
//! What it is: the names, aliases, parameters, notification names and JSON shapes of every method
//! a node serves, as traits from which both a server and a typed client are generated. The
//! `author`, `chain`, `state`, `system` and `payment` groups follow Substrate's legacy interface,
//! so that existing clients work unmodified; the `ecoledger` group adds proofs and certificates.
//!
//! What it is not responsible for: answering. Handlers live in `ecoledger-rpc`.
//!
//! Invariants:
//! - Methods that only an operator may call are in the `…UnsafeApi` traits, and nowhere else.
//! - A byte string accepts `"0x…"`, the same without prefix, `"0x"` and `""`; an optional
//!   parameter may be `null` or missing.
//! - Groups of the new specification (`archive_v1`, `chainHead_v1`, `transactionWatch_v1`) are
//!   not declared here: clients switch to a group as soon as one of its methods is listed.
//!
//! Map: one module for each group ([`author`], [`chain`], [`state`], [`system`], [`payment`],
//! [`ecoledger`], [`rpc`]), [`types`] for the JSON types, [`code`] for error codes.

pub mod author;
pub mod chain;
pub mod code;
pub mod ecoledger;
pub mod payment;
pub mod rpc;
pub mod state;
pub mod system;
pub mod types;

pub use author::{AuthorApiClient, AuthorApiServer, AuthorUnsafeApiClient, AuthorUnsafeApiServer};
pub use chain::{ChainApiClient, ChainApiServer};
pub use ecoledger::{EcoledgerApiClient, EcoledgerApiServer};
pub use payment::{PaymentApiClient, PaymentApiServer};
pub use rpc::{RpcApiClient, RpcApiServer};
pub use state::{StateApiClient, StateApiServer, StateUnsafeApiClient, StateUnsafeApiServer};
pub use system::{SystemApiClient, SystemApiServer, SystemUnsafeApiClient, SystemUnsafeApiServer};

pub use sp_core::{
    Bytes,
    storage::{StorageChangeSet, StorageData, StorageKey},
};
pub use sp_version::RuntimeVersion;

/// A block with the proof that it is final.
///
/// `justifications` holds the commit certificate under the engine id `BFTC`, SCALE-encoded; it is
/// `null` for the genesis block.
pub type SignedBlock = sp_runtime::generic::SignedBlock<ecoledger_primitives::Block>;

#[cfg(test)]
mod tests;
