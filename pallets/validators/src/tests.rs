//! Tests, by topic.

mod blocks;
mod calls;
mod genesis;
mod properties;
