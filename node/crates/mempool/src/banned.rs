//! Hashes that are refused for some blocks.

use ecoledger_primitives::{BlockNumber, Hash};
use std::collections::{BTreeMap, VecDeque};

/// Hashes refused for some blocks; when it is full, the oldest is forgotten.
#[derive(Debug)]
pub(crate) struct Banned {
    until: BTreeMap<Hash, BlockNumber>,
    // In the order of insertion. Heights only rise and the length of a ban is constant, so this
    // is the order in which bans end.
    order: VecDeque<(BlockNumber, Hash)>,
    entries_max: usize,
}

impl Banned {
    pub(crate) fn new(entries_max: usize) -> Self {
        Self { until: BTreeMap::new(), order: VecDeque::new(), entries_max }
    }

    /// Whether `hash` is banned at `height`.
    pub(crate) fn contains(&self, hash: &Hash, height: BlockNumber) -> bool {
        self.until.get(hash).is_some_and(|until| height < *until)
    }

    /// Bans `hash` until the given height; one that is banned stays so until its own height.
    pub(crate) fn insert(&mut self, hash: Hash, until: BlockNumber) {
        if self.until.contains_key(&hash) {
            return;
        }
        if self.order.len() >= self.entries_max {
            self.forget_first();
        }
        self.until.insert(hash, until);
        self.order.push_back((until, hash));
    }

    /// Forgets what is no longer banned at `height`.
    pub(crate) fn forget(&mut self, height: BlockNumber) {
        while self.order.front().is_some_and(|(until, _)| *until <= height) {
            self.forget_first();
        }
    }

    fn forget_first(&mut self) {
        if let Some((_, hash)) = self.order.pop_front() {
            self.until.remove(&hash);
        }
    }
}
