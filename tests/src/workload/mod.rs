//! Loads for measurement, signed before they are sent.
//!
//! A load is a list of lanes. Lanes that stand for the steps of one case, such as the two
//! signatures of a decision, have one transaction for each case, in the same order, and say which
//! lanes must be ahead of them.
//!
//! Map: [`chain`] (preparing a chain), [`batches`], [`certificates`], [`settlements`] (loads),
//! [`labels`] (a label series), [`tree`] (the tree over its codes).

pub mod batches;
pub mod certificates;
pub mod chain;
pub mod labels;
pub mod scans;
pub mod settlements;
pub mod tree;

pub use batches::Batches;
pub use chain::Chain;

use ecoledger_primitives::Hash;
use std::time::Duration;

/// A transaction that is ready to be sent.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: Hash,
}

/// When the transactions of a lane are sent.
#[derive(Clone, Debug)]
pub enum Pace {
    /// Evenly over this time, whatever comes back.
    Over(Duration),
    /// Each once those at its place in these lanes, by index, are final.
    After(Vec<usize>),
    /// Each once fewer than so many of the lane are sent and not final.
    Window(usize),
}

/// Transactions of one account, in the order of its nonces.
#[derive(Clone, Debug)]
pub struct Lane {
    /// What they call.
    pub call: &'static str,
    /// When they are sent.
    pub pace: Pace,
    /// The transactions.
    pub transactions: Vec<Signed>,
}
