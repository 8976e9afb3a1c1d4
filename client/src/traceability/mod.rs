//! The traceability pallet: typed calls for daily work, and what is read back.
//!
//! Each call is a function that gives a [`Call`](crate::Call); nothing is sent until it is
//! submitted. What the chain checks, and with which error it refuses, is in the pallet's
//! documentation (`ecoledger list Traceability`).

mod calls;
mod history;
mod logistics;
mod observation;
mod records;
mod rules;

pub use calls::*;
pub use history::{History, HistoryEvent};
pub use logistics::*;
pub use observation::*;
pub(crate) use records::decode;
pub use records::*;
pub use rules::*;

/// Name of the pallet.
pub(crate) const PALLET: &str = "Traceability";
