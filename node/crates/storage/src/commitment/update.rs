//! Applies a block's changes to the tree.
//!
//! One walk from the root: the changes, sorted by key hash, are split among the children of each
//! inner node that they touch; each child comes back as an [`Outcome`], and the node is hashed
//! once when all of its children are known. A leaf is written by whoever places it, so that a
//! leaf left alone rises through any number of nodes and is written once.

use super::{
    Digest, Inner, Node, NodeKey, NodeSource,
    node::{Child, FANOUT, Leaf, Path, nibble},
};
use crate::StorageError;
use ecoledger_primitives::BlockNumber;
use std::sync::Arc;

/// What happens to one key.
#[derive(Clone, Debug)]
pub(crate) struct Change<'a> {
    /// SHA-256 of `key`.
    pub(crate) key_hash: Digest,
    /// The state key.
    pub(crate) key: &'a [u8],
    /// SHA-256 of the new value; `None` removes the key.
    pub(crate) value_hash: Option<Digest>,
    /// Whether the parent's state is known to have the key. It saves reading the leaf that is
    /// replaced. `false` is always right, only slower; a wrong `true` corrupts the tree.
    pub(crate) existed: bool,
}

impl Change<'_> {
    fn to_leaf(&self) -> Option<Leaf> {
        let value_hash = self.value_hash?;
        Some(Leaf { key: self.key.to_vec(), key_hash: self.key_hash, value_hash })
    }
}

/// Nodes that a block writes and supersedes.
#[derive(Debug)]
pub(crate) struct TreeUpdate {
    /// The new root.
    pub(crate) root: Digest,
    /// New nodes, all of the new height, ascending by position.
    pub(crate) written: Vec<(NodeKey, Node)>,
    /// Nodes of older heights that the new root no longer reaches.
    pub(crate) stale: Vec<NodeKey>,
}

/// The tree of height `version`, which is the tree of `parent` with `changes` applied.
///
/// - `parent`: `None` starts from the empty tree.
/// - `changes`: in any order, each key once.
///
/// Removing an absent key changes nothing. Complexity: one hash of each touched node.
pub(crate) fn update(
    source: &impl NodeSource,
    parent: Option<BlockNumber>,
    version: BlockNumber,
    mut changes: Vec<Change<'_>>,
) -> Result<TreeUpdate, StorageError> {
    changes.sort_unstable_by_key(|change| change.key_hash);
    let changes = changes.as_slice();
    let mut updater = Updater { source, version, written: Vec::new(), stale: Vec::new() };
    let root = Path::default();
    let outcome = match parent {
        None => updater.build(root, leaves_of(changes))?,
        Some(parent) => {
            let key = NodeKey::root(parent);
            let node = source.existing(&key)?;
            let child = Child {
                version: parent,
                hash: node.hash(),
                is_leaf: matches!(node, Node::Leaf(_)),
            };
            match &node {
                Node::Empty => {
                    updater.stale.push(key);
                    updater.build(root, leaves_of(changes))?
                }
                Node::Leaf(_) | Node::Inner(_) => match updater.apply(root, child, changes)? {
                    // Every height has a root of its own.
                    Outcome::Same(_) => {
                        updater.stale.push(key);
                        updater.written.push((NodeKey::root(version), node));
                        Outcome::Inner(child)
                    }
                    outcome => outcome,
                },
            }
        }
    };
    let root = match outcome {
        Outcome::Empty => {
            updater.written.push((NodeKey::root(version), Node::Empty));
            Node::Empty.hash()
        }
        Outcome::Leaf(leaf) => updater.place(root, leaf).hash,
        Outcome::Inner(child) | Outcome::Same(child) => child.hash,
    };
    // A store inserts ascending keys at a fraction of the cost of others.
    updater.written.sort_unstable_by_key(|(key, _)| *key);
    Ok(TreeUpdate { root, written: updater.written, stale: updater.stale })
}

/// What became of a subtree.
enum Outcome {
    /// No key is left.
    Empty,
    /// Nothing changed.
    Same(Child),
    /// One key is left; its leaf is not written yet.
    Leaf(Leaf),
    /// Two keys or more; the node is written.
    Inner(Child),
}

struct Updater<'a, S> {
    source: &'a S,
    version: BlockNumber,
    written: Vec<(NodeKey, Node)>,
    stale: Vec<NodeKey>,
}

impl<S: NodeSource> Updater<'_, S> {
    /// Applies `changes`, none or more, to the subtree `child` at `path`.
    fn apply(
        &mut self,
        path: Path,
        child: Child,
        changes: &[Change<'_>],
    ) -> Result<Outcome, StorageError> {
        if changes.is_empty() {
            Ok(Outcome::Same(child))
        } else if child.is_leaf {
            self.apply_to_leaf(path, child, changes)
        } else {
            self.apply_to_inner(path, child, changes)
        }
    }

    fn apply_to_inner(
        &mut self,
        path: Path,
        child: Child,
        mut changes: &[Change<'_>],
    ) -> Result<Outcome, StorageError> {
        let key = NodeKey { version: child.version, path };
        let node = self.source.inner(&key)?;
        let mut slots = Slots { children: node.children, ..Slots::default() };
        let mut changed = false;
        while let Some(first) = changes.first() {
            let index = nibble(&first.key_hash, path.len());
            let end = changes.partition_point(|c| nibble(&c.key_hash, path.len()) <= index);
            let (group, rest) = changes.split_at(end);
            changes = rest;
            let outcome = match node.children.get(index).copied().flatten() {
                Some(grandchild) => self.apply(path.child(index), grandchild, group)?,
                None => self.build(path.child(index), leaves_of(group))?,
            };
            changed |= match &outcome {
                Outcome::Same(_) => false,
                Outcome::Empty => node.children.get(index).is_some_and(Option::is_some),
                Outcome::Leaf(_) | Outcome::Inner(_) => true,
            };
            slots.set(index, outcome, self.version);
        }
        if !changed {
            return Ok(Outcome::Same(child));
        }
        self.stale.push(key);
        self.settle(path, slots)
    }

    fn apply_to_leaf(
        &mut self,
        path: Path,
        child: Child,
        changes: &[Change<'_>],
    ) -> Result<Outcome, StorageError> {
        let key = NodeKey { version: child.version, path };
        let mut leaves = leaves_of(changes);
        // Unless one of the changes is to the key that is here, it stays beside them.
        if changes.iter().all(|change| !change.existed) {
            let resident = self.source.leaf(&key)?;
            match changes.binary_search_by_key(&resident.key_hash, |change| change.key_hash) {
                Ok(_) => {}
                Err(_) if leaves.is_empty() => return Ok(Outcome::Same(child)),
                Err(_) => {
                    let at = leaves.partition_point(|leaf| leaf.key_hash < resident.key_hash);
                    leaves.insert(at, resident);
                }
            }
        }
        self.stale.push(key);
        self.build(path, leaves)
    }

    /// A subtree of exactly `leaves`, ascending by key hash.
    fn build(&mut self, path: Path, mut leaves: Vec<Leaf>) -> Result<Outcome, StorageError> {
        if leaves.len() <= 1 {
            return Ok(leaves.pop().map_or(Outcome::Empty, Outcome::Leaf));
        }
        let mut slots = Slots::default();
        // From the back, so that each group is split off without moving the others.
        while let Some(last) = leaves.last() {
            let index = nibble(&last.key_hash, path.len());
            let start = leaves.partition_point(|l| nibble(&l.key_hash, path.len()) < index);
            let outcome = self.build(path.child(index), leaves.split_off(start))?;
            slots.set(index, outcome, self.version);
        }
        self.settle(path, slots)
    }

    /// Makes a node of the children, or what is left when fewer than two keys are.
    fn settle(&mut self, path: Path, slots: Slots) -> Result<Outcome, StorageError> {
        let inner = Inner { children: slots.children };
        let mut present = inner.present();
        match (present.next(), present.next()) {
            (None, _) => Ok(Outcome::Empty),
            (Some((index, child)), None) if child.is_leaf => {
                Ok(Outcome::Leaf(match slots.unplaced.into_iter().next() {
                    Some((_, leaf)) => leaf,
                    None => {
                        let key = NodeKey { version: child.version, path: path.child(index) };
                        let leaf = self.source.leaf(&key)?;
                        self.stale.push(key);
                        leaf
                    }
                }))
            }
            _ => {
                drop(present);
                for (index, leaf) in slots.unplaced {
                    self.place(path.child(index), leaf);
                }
                let child = Child { version: self.version, hash: inner.hash(), is_leaf: false };
                let key = NodeKey { version: self.version, path };
                self.written.push((key, Node::Inner(Arc::new(inner))));
                Ok(Outcome::Inner(child))
            }
        }
    }

    fn place(&mut self, path: Path, leaf: Leaf) -> Child {
        let child = Child { version: self.version, hash: leaf.hash(), is_leaf: true };
        self.written.push((NodeKey { version: self.version, path }, Node::Leaf(leaf)));
        child
    }
}

/// Children of a node in the making.
#[derive(Default)]
struct Slots {
    children: [Option<Child>; FANOUT],
    /// Leaves among them that are not written yet.
    unplaced: Vec<(usize, Leaf)>,
}

impl Slots {
    fn set(&mut self, index: usize, outcome: Outcome, version: BlockNumber) {
        let child = match outcome {
            Outcome::Empty => None,
            Outcome::Same(child) | Outcome::Inner(child) => Some(child),
            Outcome::Leaf(leaf) => {
                let child = Child { version, hash: leaf.hash(), is_leaf: true };
                self.unplaced.push((index, leaf));
                Some(child)
            }
        };
        if let Some(slot) = self.children.get_mut(index) {
            *slot = child;
        }
    }
}

fn leaves_of(changes: &[Change<'_>]) -> Vec<Leaf> {
    changes.iter().filter_map(Change::to_leaf).collect()
}
