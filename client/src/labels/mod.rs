//! The labels pallet: one item, one code (一品一码).
//!
//! A series of item codes is committed to by one Merkle root; whoever has a code and its path proves
//! with the record of the series that the code is in it. This module makes and reads lists of codes,
//! makes the root and paths, checks them, and has typed calls and records. Each call is a function that gives a
//! [`Call`](crate::Call); nothing is sent until it is submitted. What the chain checks, and with
//! which error it refuses, is in the pallet's documentation (`ecoledger list Labels`).
//!
//! ```
//! use ecoledger_client::labels::{CodeScheme, Wanted, commit_to, prove};
//!
//! # fn main() -> Result<(), ecoledger_client::Error> {
//! let gtin = "09506000200033".parse()?;
//! let list = "A-1\nA-2\nA-3\n";
//! let committed = commit_to(list.as_bytes(), &CodeScheme::Gs1Serial, &gtin)?;
//! let proof = prove(list.as_bytes(), &CodeScheme::Gs1Serial, &gtin, Wanted::Code("A-2"))?;
//! assert!(proof.of_series(7).holds(&committed.root, committed.n_codes));
//! # Ok(())
//! # }
//! ```
//!
//! Sources: article 12 of the Opinions; Measures for Organic Product Certification
//! (有机产品认证管理办法); GS1 General Specifications; RFC 9162 §2.1.

mod calls;
mod codes;
mod indexed;
mod list;
mod random;
mod records;
pub(crate) mod tree;
mod views;

pub use calls::*;
pub use codes::{CodeError, CodeScheme, LEAF_BYTES_MAX};
pub use indexed::ListIndex;
pub use list::{CODES_MAX, CodePath, CodeProof, SeriesList, Wanted, commit_to, prove};
pub use random::random_codes;
pub use records::*;

/// Name of the pallet.
const PALLET: &str = "Labels";
