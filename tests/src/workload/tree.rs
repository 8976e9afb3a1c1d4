//! The Merkle tree over the codes of a label series, kept level by level.

use pallet_labels::merkle::{Hash, leaf_hash, node_hash};

/// A tree of RFC 9162 §2.1 in memory, so that a path is looked up and not computed.
pub struct Tree {
    /// From the hashes of leaves up to the root; never empty, and no level is.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// The tree over leaves; `None` if there are none.
    pub fn of<L: AsRef<[u8]>>(leaves: &[L]) -> Option<Self> {
        let mut level: Vec<Hash> = leaves.iter().map(|leaf| leaf_hash(leaf.as_ref())).collect();
        let mut levels = Vec::new();
        while level.len() > 1 {
            // An odd node at the end goes up unchanged.
            let above = level.chunks(2).filter_map(|pair| match pair {
                [left, right] => Some(node_hash(left, right)),
                odd => odd.first().copied(),
            });
            let above = above.collect();
            levels.push(std::mem::replace(&mut level, above));
        }
        levels.push(level);
        levels.last().is_some_and(|top| !top.is_empty()).then_some(Self { levels })
    }

    /// Its root.
    ///
    /// # Panics
    /// Never: a tree has a leaf.
    pub fn root(&self) -> Hash {
        *self.levels.last().and_then(|top| top.first()).expect("a tree has a root; qed")
    }

    /// Siblings of the leaf at `index` and of the nodes above it, from the leaf up; `None` if there
    /// is no such leaf.
    pub fn path(&self, index: u32) -> Option<Vec<Hash>> {
        let (top, below) = self.levels.split_last()?;
        let leaves = below.first().unwrap_or(top);
        let mut at = usize::try_from(index).ok().filter(|at| *at < leaves.len())?;
        let mut path = Vec::with_capacity(below.len());
        for level in below {
            path.extend(level.get(at ^ 1).copied());
            at /= 2;
        }
        Some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;
    use pallet_labels::merkle;

    #[test]
    fn every_small_tree_is_as_the_pallet_has_it() {
        for n_leaves in 1..=70u32 {
            let leaves: Vec<_> = (0..n_leaves).map(|index| index.to_be_bytes()).collect();
            let tree = Tree::of(&leaves).unwrap();
            assert_eq!(Some(tree.root()), merkle::root(&leaves));
            for (index, leaf) in (0u32..).zip(&leaves) {
                let path = tree.path(index).unwrap();
                assert_eq!(Some(&path), merkle::path(&leaves, index).as_ref());
                assert!(merkle::verify(&tree.root(), n_leaves, index, leaf, &path));
            }
            assert_eq!(tree.path(n_leaves), None);
        }
        assert!(Tree::of::<[u8; 4]>(&[]).is_none());
    }
}
