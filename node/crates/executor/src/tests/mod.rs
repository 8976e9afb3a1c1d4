//! The executor over real storage in a temporary directory.

mod blocks;
mod calls;
mod chain;
mod genesis;
mod refusals;
mod state;
