//! What the calls do, by topic. No function writes before its last check.

mod brand;
mod ceiling;
pub(crate) mod checks;
mod granting;
mod labels;
pub(crate) mod quota;
mod records;
mod status;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
