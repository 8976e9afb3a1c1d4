//! Client of EcoLedger.
//!
//! What it is: a connection to a node that signs with an agent's key, submits, follows to
//! finality with typed errors, and reads storage and view functions, every name of which comes
//! from the chain's own metadata; typed calls and records for daily work; keys in encrypted files;
//! events without gap; bulk runs that apply no row twice. What it is not: a light client, or a place
//! where rules live: the chain refuses what is wrong.
//!
//! Built on subxt, which speaks the Substrate JSON-RPC; [`Client::api`] gives what this library
//! does not wrap.
//!
//! ```no_run
//! # async fn example() -> Result<(), ecoledger_client::Error> {
//! use ecoledger_client::{
//!     Client, Keystore,
//!     traceability::{Context, NewBatch, produce},
//! };
//!
//! let client = Client::connect("ws://127.0.0.1:9944").await?;
//! let key = Keystore::read("mei.key".as_ref())?.decrypt("correct horse battery staple")?;
//! let leaf = NewBatch {
//!     gtin: "09506000200019".parse()?,
//!     lot: "LEAF-1".parse()?,
//!     quantity: "120 kg".parse()?,
//! };
//! let call = produce(&leaf, 0, &Context::now());
//! let receipt = client.submit_call(&key, &call).await?.finalized().await?;
//! println!("final at height {}", receipt.height);
//! # Ok(())
//! # }
//! ```
//!
//! Map: [`client`] (connection), [`call`] (calls and their bytes), [`traceability`],
//! [`participants`], [`validators`], [`settlement`], [`certification`], [`brands`], [`labels`], [`calendar`],
//! [`funds`], [`compensation`] (typed calls and records), [`governance`] (motions), [`trace`]
//! (provenance), [`audit`] (movements that add up), [`events`] (subscription), [`dry_run`],
//! [`bulk`]; [`gs1`], [`quantity`], [`moment`], [`money`], [`ratio`], [`area`], [`digest`] (how
//! things are written), [`digital_link`] (GS1 application identifiers), [`sheet`] (printed labels), [`value`] (JSON and the chain's types); [`signer`] and [`keystore`] (keys);
//! [`error`].

pub mod area;
pub mod audit;
pub mod brands;
pub mod bulk;
pub mod calendar;
pub mod call;
pub mod certification;
pub mod client;
pub mod compensation;
mod date;
mod decimal;
pub mod digest;
pub mod digital_link;
pub mod dry_run;
pub mod error;
pub mod events;
pub mod funds;
pub mod governance;
pub mod gs1;
mod hex32;
mod integer;
pub mod keystore;
pub mod labels;
pub mod moment;
pub mod money;
pub mod participants;
pub mod proof;
pub mod quantity;
pub mod ratio;
pub mod settlement;
pub mod sheet;
pub mod signer;
mod text;
pub mod trace;
pub mod traceability;
pub mod validators;
pub mod value;

pub use area::Area;
pub use calendar::{CivilDate, Term};
pub use call::{Call, CallCodec};
pub use client::{Client, Entry, EventRecord, Receipt, Submission};
pub use digest::Digest;
pub use dry_run::{Checked, DryRun};
pub use error::{Error, KeyError, ValueError};
pub use events::{BlockEvents, PlacedEvent};
pub use governance::{Motion, MotionHash, pallet_error};
pub use gs1::{BatchId, Gln, Gtin, Lot, NameError, Sscc};
pub use keystore::{Keystore, KeystoreError};
pub use moment::Moment;
pub use money::{Fen, SignedFen};
pub use participants::{Agent, Capacity, Organisation, Powers, Region, Role, Uscc};
pub use quantity::{BaseUnit, Quantity, QuantityError};
pub use ratio::{Ppb, SignedPpb};
pub use settlement::{Balance, Institution, Redemption};
pub use signer::{KeyPair, Scheme, address, generate_mnemonic};
pub use trace::{AffectedPage, Batch, TracePage, TraceRow};

#[cfg(test)]
extern crate alloc;

#[cfg(test)]
mod tests;
