//! Tests of the pool over a model of the chain.

mod journal;
mod mempool;
mod model;
mod pool;
mod sequences;

pub(crate) use model::{Flaw, ModelChain, Transaction, account};
