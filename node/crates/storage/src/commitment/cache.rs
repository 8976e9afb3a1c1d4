//! Inner nodes in memory, so that an update reads few nodes from disk.

use super::{Inner, Node, NodeKey, TreeUpdate, node::Path};
use ecoledger_primitives::BlockNumber;
use lru::LruCache;
use parking_lot::Mutex;
use std::{num::NonZeroUsize, sync::Arc};

/// Memory of one entry: key, node, and the bookkeeping of both containers.
const ENTRY_BYTES: usize = size_of::<Inner>() + size_of::<NodeKey>() + 112;

/// The inner nodes used last, for each path the one of the greatest height.
///
/// A node never changes once it is written, so an entry is never wrong for its height. Updates
/// touch the upper levels at every block, which keeps them here.
pub(crate) struct NodeCache {
    nodes: Mutex<LruCache<Path, (BlockNumber, Arc<Inner>)>>,
}

impl NodeCache {
    /// A cache of about `bytes`.
    pub(crate) fn new(bytes: usize) -> Self {
        let entries = NonZeroUsize::new(bytes / ENTRY_BYTES).unwrap_or(NonZeroUsize::MIN);
        Self { nodes: Mutex::new(LruCache::new(entries)) }
    }

    /// The node at `key`, if it is in memory.
    pub(crate) fn get(&self, key: &NodeKey) -> Option<Arc<Inner>> {
        let mut nodes = self.nodes.lock();
        let (version, node) = nodes.get(&key.path)?;
        (*version == key.version).then(|| Arc::clone(node))
    }

    /// Keeps a node that was read, unless a newer one of its path is here.
    pub(crate) fn insert(&self, key: NodeKey, node: &Arc<Inner>) {
        let mut nodes = self.nodes.lock();
        if nodes.peek(&key.path).is_none_or(|(version, _)| *version < key.version) {
            nodes.put(key.path, (key.version, Arc::clone(node)));
        }
    }

    /// Takes over what a committed block wrote.
    pub(crate) fn advance(&self, update: &TreeUpdate) {
        let mut nodes = self.nodes.lock();
        for (key, node) in &update.written {
            if let Node::Inner(inner) = node {
                nodes.put(key.path, (key.version, Arc::clone(inner)));
            }
        }
    }
}
