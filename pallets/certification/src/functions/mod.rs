//! What the calls do, by topic.

mod application;
mod bodies;
mod certificates;
mod changes;
mod checks;
mod complaints;
pub(crate) mod decision;
mod duties;
mod evaluation;
mod findings;
mod governance;
pub(crate) mod sales;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
