//! Proofs of several values under one root of the state.
//!
//! The state is committed to by a Jellyfish Merkle tree over SHA-256:
//!
//! ```text
//! leaf   SHA-256( "JMT::LeafNode"    ‖ SHA-256(key) ‖ SHA-256(value) )
//! inner  SHA-256( "JMT::IntrnalNode" ‖ left 32 B ‖ right 32 B )
//! empty  "SPARSE_MERKLE_PLACEHOLDER_HASH__"
//! ```
//!
//! A leaf lies on the path of the bits of SHA-256(key), the most significant first, and no deeper
//! than it must to be alone. A proof of one leaf is its depth and the hashes beside its path. A
//! proof of several has the hashes that none of them can make, in the order of a walk that goes
//! left before right: `root` below is the walk.

use super::ProofError;
use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub(crate) type Hash = [u8; 32];

pub(crate) const LEAF_DOMAIN: &[u8] = b"JMT::LeafNode";
pub(crate) const INNER_DOMAIN: &[u8] = b"JMT::IntrnalNode";
/// Hash of a subtree without leaves.
pub(crate) const EMPTY: Hash = *b"SPARSE_MERKLE_PLACEHOLDER_HASH__";

/// A value that is proven.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaf {
    /// SHA-256 of the key.
    pub(crate) key: Hash,
    /// SHA-256 of the value.
    pub(crate) value: Hash,
    /// Inner nodes above it.
    pub(crate) depth: u8,
}

pub(crate) fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

fn leaf_hash(leaf: &Leaf) -> Hash {
    Sha256::new_with_prefix(LEAF_DOMAIN)
        .chain_update(leaf.key)
        .chain_update(leaf.value)
        .finalize()
        .into()
}

fn inner_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix(INNER_DOMAIN).chain_update(left).chain_update(right).finalize().into()
}

/// Bit `depth` of a hash, from the most significant on.
pub(crate) fn bit(hash: &Hash, depth: u8) -> bool {
    hash[usize::from(depth / 8)] >> (7 - depth % 8) & 1 == 1
}

/// The leaves below the left and the right child of a node of this depth.
fn split(leaves: &[Leaf], depth: u8) -> (&[Leaf], &[Leaf]) {
    leaves.split_at(leaves.partition_point(|leaf| !bit(&leaf.key, depth)))
}

/// Whether the walk ends at this leaf; an error where two leaves would be one, or where one would
/// be above the place that the walk has reached.
fn is_end(leaves: &[Leaf], depth: u8) -> Result<bool, ProofError> {
    match leaves {
        [leaf] if leaf.depth == depth => Ok(true),
        leaves if leaves.iter().all(|leaf| leaf.depth > depth) => Ok(false),
        _ => Err(ProofError::Malformed("depths of values")),
    }
}

/// The root above `leaves`, which ascend strictly by key, and `siblings`, all of which it takes.
pub(crate) fn root(leaves: &[Leaf], siblings: &[Hash]) -> Result<Hash, ProofError> {
    let mut rest = siblings.iter();
    let mut paths = vec![Vec::new(); leaves.len()];
    let root = walk(leaves, 0, &mut rest, &mut paths)?;
    if rest.len() == 0 { Ok(root) } else { Err(ProofError::Malformed("surplus hashes")) }
}

/// The hashes beside the path of each leaf, from the leaf up, as proofs of one leaf have them.
pub(crate) fn paths(leaves: &[Leaf], siblings: &[Hash]) -> Result<Vec<Vec<Hash>>, ProofError> {
    let mut paths = vec![Vec::new(); leaves.len()];
    walk(leaves, 0, &mut siblings.iter(), &mut paths)?;
    Ok(paths)
}

fn walk(
    leaves: &[Leaf],
    depth: u8,
    siblings: &mut std::slice::Iter<'_, Hash>,
    paths: &mut [Vec<Hash>],
) -> Result<Hash, ProofError> {
    if leaves.is_empty() {
        return siblings.next().copied().ok_or(ProofError::Malformed("too few hashes"));
    }
    if is_end(leaves, depth)? {
        return Ok(leaf_hash(&leaves[0]));
    }
    let (left, right) = split(leaves, depth);
    let (left_paths, right_paths) = paths.split_at_mut(left.len());
    // A leaf is at most 255 deep, so that the next depth is a `u8` as well.
    let left = walk(left, depth + 1, siblings, left_paths)?;
    let right = walk(right, depth + 1, siblings, right_paths)?;
    left_paths.iter_mut().for_each(|path| path.push(right));
    right_paths.iter_mut().for_each(|path| path.push(left));
    Ok(inner_hash(&left, &right))
}

/// The siblings of a proof of several leaves, from the paths of each.
///
/// `paths[i]` is that of `leaves[i]` and as long as it is deep.
pub(crate) fn siblings(leaves: &[Leaf], paths: &[Vec<Hash>]) -> Result<Vec<Hash>, ProofError> {
    let mut found = Vec::new();
    collect(leaves, paths, 0, &mut found)?;
    Ok(found)
}

fn collect(
    leaves: &[Leaf],
    paths: &[Vec<Hash>],
    depth: u8,
    found: &mut Vec<Hash>,
) -> Result<(), ProofError> {
    if is_end(leaves, depth)? {
        return Ok(());
    }
    let (left, right) = split(leaves, depth);
    let (left_paths, right_paths) = paths.split_at(left.len());
    // Beside a whole path, from any leaf of the other side.
    let beside = |leaves: &[Leaf], paths: &[Vec<Hash>]| {
        let (leaf, path) = leaves.first().zip(paths.first())?;
        path.get(usize::from(leaf.depth - depth - 1)).copied()
    };
    let missing = || ProofError::Malformed("a path is shorter than its depth");
    if left.is_empty() {
        found.push(beside(right, right_paths).ok_or_else(missing)?);
    } else {
        collect(left, left_paths, depth + 1, found)?;
    }
    if right.is_empty() {
        found.push(beside(left, left_paths).ok_or_else(missing)?);
    } else {
        collect(right, right_paths, depth + 1, found)?;
    }
    Ok(())
}
