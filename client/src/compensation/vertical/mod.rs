//! Vertical compensation (纵向补偿): transfers of a finance department to counties.
//!
//! A policy has pools and factors; counties' published data are recorded and frozen; the chain
//! computes every share exactly; shares are published, appropriated and remitted; counties pay
//! through [`crate::funds`], report use, are graded, and are rewarded or lose some of it.
//!
//! Source: 财预〔2022〕59号 (components of the transfer).

mod calls;
mod records;

pub use calls::*;
pub use records::*;
