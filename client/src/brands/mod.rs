//! The brands pallet: typed calls for the work of brand owners, operators and licensees, and what is
//! read back.
//!
//! Each call is a function that gives a [`Call`](crate::Call); nothing is sent until it is
//! submitted. What the chain checks, and with which error it refuses, is in the pallet's
//! documentation (`ecoledger list Brands`). Quotas are in *content units*: mg, ml or pieces, as
//! [`Client::in_content_units`](crate::Client::in_content_units) gives them; money is in fen (分).
//!
//! Sources: article 12 of the Opinions; Trademark Law (商标法) Arts 3, 16; Measures for Registration
//! and Administration of Collective and Certification Marks.

mod calls;
mod records;
mod views;

pub use crate::certification::CeilingScope;
pub use calls::*;
pub use records::*;

/// Name of the pallet.
const PALLET: &str = "Brands";
