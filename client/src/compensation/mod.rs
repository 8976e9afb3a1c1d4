//! Ecological protection compensation (生态保护补偿): the compensation pallet's calls, and what is
//! read back.
//!
//! Each call is a function that gives a [`Call`](crate::Call); nothing is sent until it is
//! submitted. Amounts are in [`Fen`](crate::Fen), ratios in [`Ppb`](crate::Ppb), concentrations in
//! [`MicrogramsPerLitre`]. What the chain checks, and with which error it refuses, is in the
//! pallet's documentation (`ecoledger list Compensation`).
//!
//! Map: [`vertical`] (transfers to counties), [`horizontal`] (agreements of a basin's governments),
//! [`units`] (how quantities are written), [`Due`] (what must be paid by a time).
//!
//! Source: Regulations on Ecological Protection Compensation (生态保护补偿条例, 2024), articles 9
//! to 19, 30 and 31.

mod dues;
pub mod horizontal;
pub mod units;
pub mod vertical;

pub use dues::{Due, DueKey};
pub use units::{FactorQuantity, MicrogramsPerLitre, Unit};

/// Name of the pallet.
pub(crate) const PALLET: &str = "Compensation";

/// Number of an agreement, given in order of proposal.
pub type AgreementId = u32;
/// Number of a transfer policy, given in order of creation.
pub type PolicyId = u32;
