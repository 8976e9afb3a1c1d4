//! Client of EcoLedger.
//!
//! What it is: a connection to a node that signs with an agent's key, submits, follows to
//! finality with typed errors, and reads storage and view functions, every name of which comes
//! from the chain's own metadata. What it is not: a wallet that keeps keys, or a light client.
//!
//! Built on subxt, which speaks the Substrate JSON-RPC; [`Client::api`] gives what this library
//! does not wrap.
//!
//! ```no_run
//! # async fn example() -> Result<(), ecoledger_client::Error> {
//! use ecoledger_client::{Client, KeyPair};
//! use serde_json::json;
//!
//! let client = Client::connect("ws://127.0.0.1:9944").await?;
//! let key = KeyPair::parse("//Alice").map_err(|e| ecoledger_client::Error::Arguments(e.to_string()))?;
//! let receipt = client
//!     .submit(&key, "System", "remark_with_event", &json!({ "remark": "first frost" }))
//!     .await?
//!     .finalized()
//!     .await?;
//! println!("final at height {}", receipt.height);
//! # Ok(())
//! # }
//! ```
//!
//! Map: [`client`] (connection), [`signer`] (keys), [`trace`] (batches and their provenance),
//! [`value`] (JSON and the chain's types), [`error`].

pub mod client;
pub mod error;
pub mod signer;
pub mod trace;
pub mod value;

pub use client::{Client, Entry, EventRecord, Receipt, Submission};
pub use error::{Error, KeyError, ValueError};
pub use signer::{KeyPair, address};
pub use trace::{AffectedPage, Batch, TracePage, TraceRow};

#[cfg(test)]
mod tests;
