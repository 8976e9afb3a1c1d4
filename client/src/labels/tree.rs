//! The tree over the item codes of a series, made and proven in one pass.
//!
//! It is the Merkle tree of RFC 9162 §2.1 over SHA-256, as the pallet has it:
//!
//! ```text
//! leaf hash  SHA-256( 0x00 ‖ leaf )
//! node hash  SHA-256( 0x01 ‖ left 32 B ‖ right 32 B )
//! ```
//!
//! A tree of n > 1 leaves has on its left a tree of the greatest power of two below n, and on its
//! right one of the rest. Leaves come one after the other; of what is to the left of the next one
//! only the roots of whole trees are kept, at most one of each height.

use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub(crate) type Hash = [u8; 32];

pub(crate) fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new_with_prefix([0]).chain_update(leaf).finalize().into()
}

pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Root of a whole tree of `2^height` leaves.
struct Node {
    hash: Hash,
    height: u8,
    /// Whether the leaf whose path is wanted is below it.
    has_wanted: bool,
}

/// Takes leaves in order, and gives the root and, of one leaf, the path.
#[derive(Default)]
pub(crate) struct TreeBuilder {
    /// Ascending to the right: each lower than the one before it.
    nodes: Vec<Node>,
    path: Vec<Hash>,
}

impl TreeBuilder {
    /// Takes the next leaf; `is_wanted` for the one whose path is to be given.
    pub(crate) fn push(&mut self, leaf: &[u8], is_wanted: bool) {
        let mut node = Node { hash: leaf_hash(leaf), height: 0, has_wanted: is_wanted };
        while self.nodes.last().is_some_and(|left| left.height == node.height) {
            let Some(left) = self.nodes.pop() else { break };
            node = self.join(&left, &node);
        }
        self.nodes.push(node);
    }

    /// The root, and the path of the wanted leaf from the leaf up; `None` without leaves.
    pub(crate) fn finish(mut self) -> Option<(Hash, Vec<Hash>)> {
        let mut node = self.nodes.pop()?;
        while let Some(left) = self.nodes.pop() {
            node = self.join(&left, &node);
        }
        Some((node.hash, self.path))
    }

    fn join(&mut self, left: &Node, right: &Node) -> Node {
        if left.has_wanted {
            self.path.push(right.hash);
        } else if right.has_wanted {
            self.path.push(left.hash);
        }
        Node {
            hash: node_hash(&left.hash, &right.hash),
            height: left.height.saturating_add(1),
            has_wanted: left.has_wanted || right.has_wanted,
        }
    }
}

/// Whether `leaf` is at `index` of the tree with `n_leaves` leaves and this root.
///
/// Source: RFC 9162 §2.1.3.2.
pub(crate) fn verify(root: &Hash, n_leaves: u32, index: u32, leaf: &[u8], path: &[Hash]) -> bool {
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

/// The pallet's own tree, as the chain judges with it.
#[cfg(test)]
#[allow(unreachable_pub, dead_code, reason = "a file of another crate")]
#[path = "../../../pallets/labels/src/merkle.rs"]
mod pallet;

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: u32) -> Vec<Vec<u8>> {
        (0..count).map(|n| format!("\0leaf {n}").into_bytes()).collect()
    }

    fn built(leaves: &[Vec<u8>], wanted: usize) -> Option<(Hash, Vec<Hash>)> {
        let mut builder = TreeBuilder::default();
        for (index, leaf) in leaves.iter().enumerate() {
            builder.push(leaf, index == wanted);
        }
        builder.finish()
    }

    #[test]
    fn every_path_of_every_size_is_the_one_of_the_pallet() {
        assert_eq!(built(&[], 0), None);
        for count in 1..=70 {
            let leaves = leaves(count);
            let expected = pallet::root(&leaves).unwrap();
            for index in 0..count {
                let leaf = &leaves[index as usize];
                let (root, path) = built(&leaves, index as usize).unwrap();
                assert_eq!(root, expected, "{count}");
                assert_eq!(path, pallet::path(&leaves, index).unwrap(), "{index} of {count}");
                assert!(pallet::verify(&root, count, index, leaf, &path));
                assert!(verify(&root, count, index, leaf, &path));
                for other in (0..count).filter(|other| *other != index) {
                    let theirs = pallet::verify(&root, count, other, leaf, &path);
                    assert_eq!(verify(&root, count, other, leaf, &path), theirs);
                    assert!(!theirs, "{index} passes as {other} of {count}");
                }
            }
        }
    }

    #[test]
    fn changed_proofs_fail() {
        let leaves = leaves(11);
        for index in 0..11 {
            let (root, path) = built(&leaves, index as usize).unwrap();
            let leaf = &leaves[index as usize];
            let fails = |leaf: &[u8], path: &[Hash]| !verify(&root, 11, index, leaf, path);
            assert!(fails(b"other", &path));
            assert!(fails(leaf, &path[1..]));
            assert!(fails(leaf, &[&path[..], &[[0; 32]]].concat()));
            for level in 0..path.len() {
                let mut changed = path.clone();
                changed[level][7] ^= 1;
                assert!(fails(leaf, &changed));
            }
            assert!(!verify(&[0; 32], 11, index, leaf, &path));
            assert!(!verify(&root, 0, index, leaf, &path));
        }
    }

    #[test]
    fn roots_are_those_of_certificate_transparency() {
        // Leaves and roots of its reference tree (RFC 6962, whose tree is the same), of 1, 2, 3 and
        // 8 leaves.
        let leaves: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let roots = [
            (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
            (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
            (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
            (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
        ];
        for (count, expected) in roots {
            let mut builder = TreeBuilder::default();
            leaves[..count].iter().for_each(|leaf| builder.push(leaf, false));
            let (root, path) = builder.finish().unwrap();
            assert_eq!(hex::encode(root), expected, "{count}");
            assert!(path.is_empty());
        }
    }
}
