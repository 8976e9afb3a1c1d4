//! The participants pallet: organisations, the keys that act for them, what they may do, and the
//! rules by which that is granted.
//!
//! Each call is a function that gives a [`Call`](crate::Call); nothing is sent until it is
//! submitted. What the chain checks, and with which error it refuses, is in the pallet's
//! documentation (`ecoledger list Participants`).

mod calls;
mod names;
mod records;
mod roles;

pub use calls::*;
pub use names::{Did, LegalName, Region, Subject, Uscc};
pub use records::*;
pub use roles::{Powers, Role};

/// Name of the pallet.
const PALLET: &str = "Participants";
