//! The traceability pallet: typed calls for daily work, and what is read back.
//!
//! Each call is a function that gives a [`Call`](crate::Call); nothing is sent until it is
//! submitted. What the chain checks, and with which error it refuses, is in the pallet's
//! documentation (`ecoledger list Traceability`).

mod calls;
mod history;
mod records;

pub use calls::*;
pub use history::{History, HistoryEvent};
pub(crate) use records::decode;
pub use records::*;

/// Name of the pallet.
pub(crate) const PALLET: &str = "Traceability";
