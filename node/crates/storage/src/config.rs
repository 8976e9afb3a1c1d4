//! What an operator decides about a database.

use std::num::NonZeroU32;

/// Which states can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateRetention {
    /// Every state since genesis, or since the height from which this database was last pruned.
    Archive,
    /// The states of this many newest blocks, the head included; two at least, so that a reader
    /// that a commit overtakes can finish.
    Recent(NonZeroU32),
}

/// What a committed block survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Loss of power: every commit waits until the device has it.
    PowerLoss,
    /// Death of the process (`kill -9`), but not of the machine: the operating system has it.
    ///
    /// A validator needs [`Self::PowerLoss`]; this is for tests and for nodes that can be rebuilt
    /// from their peers.
    ProcessDeath,
}

/// How to open a database.
#[derive(Clone, Copy, Debug)]
pub struct StorageConfig {
    /// Which states can be read.
    pub retention: StateRetention,
    /// What a committed block survives.
    pub durability: Durability,
    /// Bytes of uncompressed table blocks kept in memory, indexes and filters included.
    pub block_cache_bytes: usize,
    /// Bytes of writes buffered in memory before they go to tables.
    pub write_buffer_bytes: usize,
    /// Bytes of inner nodes of the state tree kept in memory. 64 MiB hold the inner nodes of a
    /// million keys.
    pub node_cache_bytes: usize,
    /// Bytes of keys and values of the newest state kept in memory.
    pub value_cache_bytes: usize,
}

const MIB: usize = 1 << 20;

impl StorageConfig {
    /// Limits that fit a node with 1 GiB of memory: about 300 MiB in all.
    pub fn new(retention: StateRetention) -> Self {
        Self {
            retention,
            durability: Durability::PowerLoss,
            block_cache_bytes: 64 * MIB,
            write_buffer_bytes: 96 * MIB,
            node_cache_bytes: 64 * MIB,
            value_cache_bytes: 64 * MIB,
        }
    }
}
