//! Tests, by topic.

mod attacks;
mod follow;
mod invariants;
mod movements;
mod programmes;
mod properties;
