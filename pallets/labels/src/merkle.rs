//! The tree over the item codes of a series, and proofs that a code is in it.
//!
//! It is the Merkle tree of RFC 9162 §2.1 over SHA-256:
//!
//! ```text
//! leaf hash  SHA-256( 0x00 ‖ leaf )                   leaf: 1 to 64 bytes, see `codes`
//! node hash  SHA-256( 0x01 ‖ left 32 B ‖ right 32 B )
//! ```
//!
//! The prefixes part leaves from nodes, so that no node passes for a leaf. A tree of n > 1 leaves
//! has on its left a tree of the greatest power of two below n, and on its right one of the rest:
//! built level by level, an odd node at the end goes up unchanged, and nothing is duplicated. A
//! path lists the siblings from the leaf up; a leaf whose node goes up unchanged has none on that
//! level. Position and number of leaves are part of what is proven.
//!
//! This file needs neither FRAME nor an allocator to verify, so that clients use it as it is.

use alloc::vec::Vec;
use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Hash of a leaf.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

/// Hash of a node over its two children.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Whether `leaf` is at `index` of the tree with `n_leaves` leaves and this root.
///
/// Source: RFC 9162 §2.1.3.2. Takes at most as many hashes as the path has, and one.
pub fn verify<'a>(
    root: &Hash,
    n_leaves: u32,
    index: u32,
    leaf: &[u8],
    path: impl IntoIterator<Item = &'a Hash>,
) -> bool {
    if index >= n_leaves {
        return false;
    }
    // Position of the node and of the last node on the level that has been reached.
    let (mut at, mut last) = (index, n_leaves.saturating_sub(1));
    let mut hash = leaf_hash(leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if at % 2 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            // A last node on the left goes up unchanged until it is on the right.
            while at.is_multiple_of(2) && at != 0 {
                at /= 2;
                last /= 2;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        at /= 2;
        last /= 2;
    }
    last == 0 && hash == *root
}

/// The root over leaves; `None` if there are none.
pub fn root<L: AsRef<[u8]>>(leaves: &[L]) -> Option<Hash> {
    let mut level: Vec<_> = leaves.iter().map(|leaf| leaf_hash(leaf.as_ref())).collect();
    while level.len() > 1 {
        level = next_level(&level);
    }
    level.first().copied()
}

/// The path of the leaf at `index`; `None` if there is no such leaf.
pub fn path<L: AsRef<[u8]>>(leaves: &[L], index: u32) -> Option<Vec<Hash>> {
    let mut at = usize::try_from(index).ok().filter(|at| *at < leaves.len())?;
    let mut level: Vec<_> = leaves.iter().map(|leaf| leaf_hash(leaf.as_ref())).collect();
    let mut path = Vec::new();
    while level.len() > 1 {
        path.extend(level.get(at ^ 1).copied());
        level = next_level(&level);
        at /= 2;
    }
    Some(path)
}

fn next_level(level: &[Hash]) -> Vec<Hash> {
    level
        .chunks(2)
        .filter_map(|pair| match pair {
            [left, right] => Some(node_hash(left, right)),
            [odd] => Some(*odd),
            _ => None,
        })
        .collect()
}
