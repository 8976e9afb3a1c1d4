//! What the calls do, by topic. No function writes before its last check.

pub(crate) mod balance;
mod certification;
mod checks;
mod custody;
mod derivation;
mod governance;
mod logistics;
mod master_data;
mod parents;
mod production;
mod recall;
mod record;
mod safety;
mod sale;
mod trace;
mod transformation;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;

pub use recall::AffectedPage;
pub use trace::{Direction, TracePage, TraceRow};
