//! The certification pallet: typed calls for the work of certification bodies, and what is read
//! back.
//!
//! Each call is a function that gives a [`Call`](crate::Call); nothing is sent until it is
//! submitted. What the chain checks, and with which error it refuses, is in the pallet's
//! documentation (`ecoledger list Certification`). Certified quantities are in *content units*: mg,
//! ml or pieces, as [`Client::in_content_units`](crate::Client::in_content_units) gives them.
//!
//! Sources: article 12 of the Opinions; 认证认可条例 (Regulations on Certification and
//! Accreditation); ISO/IEC 17065.

mod bodies;
mod calls;
mod certificates;
mod duties;
mod scheme;
mod views;

pub use bodies::*;
pub use calls::*;
pub use certificates::*;
pub use duties::*;
pub use scheme::*;
pub use views::{BodyInfo, DutyPage};

/// Name of the pallet.
const PALLET: &str = "Certification";
