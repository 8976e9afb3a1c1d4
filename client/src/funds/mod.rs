//! Money with a purpose (专款专用): the funds pallet's calls, and what is read back.
//!
//! Each call is a function that gives a [`Call`](crate::Call); nothing is sent until it is
//! submitted. Amounts are in [`Fen`](crate::Fen). What the chain checks, and with which error it
//! refuses, is in the pallet's documentation (`ecoledger list Funds`).
//!
//! Source: Regulations on Ecological Protection Compensation (生态保护补偿条例, 2024), articles 13,
//! 30 and 31.

mod calls;
mod follow;
mod records;
mod views;

pub use calls::*;
pub use follow::{Step, Way};
pub use records::*;

/// Name of the pallet.
pub(crate) const PALLET: &str = "Funds";

/// Number of a programme, given in order of opening.
pub type ProgrammeId = u32;
/// Number of a purpose within its programme, chosen by who opens it.
pub type TagId = u32;
/// Number of a movement of money, given in order over all programmes.
pub type MovementId = u64;
