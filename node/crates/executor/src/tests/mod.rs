//! The executor over real storage in a temporary directory.

mod blocks;
mod calls;
mod chain;
mod genesis;
mod golden;
mod refusals;
mod state;
