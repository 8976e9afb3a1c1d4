//! Tests of the pool and of gossip, over a model of the chain.
