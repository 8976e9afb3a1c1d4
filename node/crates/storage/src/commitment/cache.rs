//! Inner nodes in memory, so that an update reads few nodes from disk.

use super::{Inner, Node, NodeKey, TreeUpdate};
use lru::LruCache;
use parking_lot::Mutex;
use std::{num::NonZeroUsize, sync::Arc};

/// Memory of one entry: key, node, and the bookkeeping of both containers.
const ENTRY_BYTES: usize = size_of::<Inner>() + size_of::<NodeKey>() + 112;

/// The inner nodes used last, by position.
///
/// A node never changes once it is written, so an entry is never wrong, at whatever height it is
/// asked for. Updates touch the upper levels at every block, which keeps them here.
pub(crate) struct NodeCache {
    nodes: Mutex<LruCache<NodeKey, Arc<Inner>>>,
}

impl NodeCache {
    /// A cache of about `bytes`.
    pub(crate) fn new(bytes: usize) -> Self {
        let entries = NonZeroUsize::new(bytes / ENTRY_BYTES).unwrap_or(NonZeroUsize::MIN);
        Self { nodes: Mutex::new(LruCache::new(entries)) }
    }

    /// The node at `key`, if it is in memory.
    pub(crate) fn get(&self, key: &NodeKey) -> Option<Arc<Inner>> {
        self.nodes.lock().get(key).cloned()
    }

    /// Keeps a node that was read.
    pub(crate) fn insert(&self, key: NodeKey, node: &Arc<Inner>) {
        self.nodes.lock().put(key, Arc::clone(node));
    }

    /// Takes over what a committed block wrote, and forgets what it superseded.
    pub(crate) fn advance(&self, update: &TreeUpdate) {
        let mut nodes = self.nodes.lock();
        for key in &update.stale {
            nodes.pop(key);
        }
        for (key, node) in &update.written {
            if let Node::Inner(inner) = node {
                nodes.put(*key, Arc::clone(inner));
            }
        }
    }
}
