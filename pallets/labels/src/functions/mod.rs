//! What the calls do, by topic. No function writes before its last check.

mod faults;
mod items;
mod series;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
