//! Horizontal compensation (横向补偿): agreements between the governments of a basin.
//!
//! Governments sign an agreement with monitored sections, indicators and a formula. Stations of
//! both sides submit halves of joint monthly samples. When the year is over, the settlement is a
//! pure function of the samples and the signed rules; it is confirmed by all or decided by the
//! common superior, paid from escrow, and stays bound to its purpose on its way to villages.

mod calls;
mod index;
mod records;
mod views;

pub use calls::*;
pub use index::weighted_index;
pub use records::*;
