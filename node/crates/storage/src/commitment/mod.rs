//! The state commitment: a SHA-256 Jellyfish Merkle Tree, versioned by height.
//!
//! Nothing outside this module knows how a state root comes about. It reads nodes through
//! [`NodeSource`], returns what to write as a [`TreeUpdate`], and proves keys in ICS-23.
//!
//! Roots and proofs are those of the `jmt` crate 0.12 with SHA-256, byte for byte; the tests hold
//! them together. The update differs: it walks down once for all keys of a block and hashes each
//! touched node once, on the way up.
//!
//! Shape: an inner node spans four levels of a binary tree over the SHA-256 of the keys. A node
//! exists at a path exactly when two keys or more share it; a subtree with one key is that key's
//! leaf, and an empty one a placeholder. So the shape follows from the set of keys alone.
//!
//! Map: `node` (shape, hashes, bytes), `update` (a block's changes), `proof` (ICS-23),
//! `cache` (inner nodes in memory).

mod cache;
mod node;
mod proof;
mod update;

#[cfg(test)]
mod tests;

pub(crate) use cache::NodeCache;
pub(crate) use node::{Digest, Inner, Node, NodeKey, sha256};
pub use proof::proof_spec;
pub(crate) use proof::prove;
pub(crate) use update::{Change, TreeUpdate, update};

use crate::StorageError;
use ecoledger_primitives::committed_value;
use std::sync::Arc;

/// What the leaf of `key` holds for `value`: the hash of the value that is committed.
pub(crate) fn value_hash(key: &[u8], value: &[u8]) -> Digest {
    sha256(&committed_value(key, value))
}

/// Where the tree's nodes are read from.
pub(crate) trait NodeSource {
    /// The node at `key`, if there is one.
    fn node(&self, key: &NodeKey) -> Result<Option<Node>, StorageError>;

    /// The node at `key`, which another node says is there.
    fn existing(&self, key: &NodeKey) -> Result<Node, StorageError> {
        self.node(key)?.ok_or_else(|| {
            StorageError::corrupt(format!(
                "tree node of height {} at depth {} is missing",
                key.version,
                key.path.len()
            ))
        })
    }

    /// The inner node at `key`, which another node says is there.
    fn inner(&self, key: &NodeKey) -> Result<Arc<Inner>, StorageError> {
        match self.existing(key)? {
            Node::Inner(inner) => Ok(inner),
            _ => Err(StorageError::corrupt("tree node is no inner node")),
        }
    }

    /// The leaf at `key`, which another node says is there.
    fn leaf(&self, key: &NodeKey) -> Result<node::Leaf, StorageError> {
        match self.existing(key)? {
            Node::Leaf(leaf) => Ok(leaf),
            _ => Err(StorageError::corrupt("tree node is no leaf")),
        }
    }
}
