//! Tests, by topic.

mod ceiling;
mod issue;
mod properties;
mod redemption;
