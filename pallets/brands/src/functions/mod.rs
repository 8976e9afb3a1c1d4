//! What the calls do, by topic. No function writes before its last check.

mod brand;
mod ceiling;
mod checks;
mod granting;
mod labels;
mod quota;
mod records;
mod status;
#[cfg(any(feature = "try-runtime", test))]
mod try_state;
