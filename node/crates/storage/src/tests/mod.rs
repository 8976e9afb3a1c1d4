//! A chain of empty blocks over changing state, and what the topics below need of it.

mod commit;
mod crash;
mod golden;
mod model;
mod records;

use crate::{BlockCommit, Durability, StateChanges, StateRetention, Storage, StorageConfig};
use ecoledger_primitives::{
    Block, BlockNumber, CommitCertificate, Hash, Header, ValidatorSet, value_id,
};
use sp_runtime::{OpaqueExtrinsic, generic::Digest, traits::Header as _};
use std::{
    num::NonZeroU32,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// The folder of outside vectors; `None`, said aloud, where they are absent and not required.
pub(crate) fn fixtures(name: &str) -> Option<PathBuf> {
    match std::env::var_os("ECOLEDGER_FIXTURES") {
        Some(folder) => Some(Path::new(&folder).join(name)),
        None if std::env::var("CI").is_ok_and(|ci| ci == "true") => {
            panic!("ECOLEDGER_FIXTURES must name the folder of outside vectors in CI")
        }
        None => {
            eprintln!("left out: ECOLEDGER_FIXTURES does not name the vectors of {name}");
            None
        }
    }
}

/// Small buffers and no waiting for the device.
pub(crate) fn config(retention: StateRetention) -> StorageConfig {
    StorageConfig {
        durability: Durability::ProcessDeath,
        block_cache_bytes: 1 << 20,
        write_buffer_bytes: 4 << 20,
        node_cache_bytes: 32 << 10,
        value_cache_bytes: 16 << 10,
        ..StorageConfig::new(retention)
    }
}

/// The newest `n` states.
pub(crate) fn recent(n: u32) -> StateRetention {
    StateRetention::Recent(NonZeroU32::new(n).unwrap())
}

/// A validator set of one made-up key.
pub(crate) fn validators(seed: u8) -> ValidatorSet {
    ValidatorSet::new(vec![[seed; 32]]).unwrap()
}

/// A database in a directory that goes with it.
pub(crate) struct Chain {
    pub(crate) storage: Storage,
    pub(crate) config: StorageConfig,
    pub(crate) dir: TempDir,
}

impl Chain {
    pub(crate) fn new(retention: StateRetention) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = config(retention);
        let storage = Storage::open(dir.path(), config).unwrap();
        Self { storage, config, dir }
    }

    /// A chain with a genesis of one key.
    pub(crate) fn with_genesis(retention: StateRetention) -> Self {
        let chain = Self::new(retention);
        chain.commit([("genesis", Some("here"))]);
        chain
    }

    pub(crate) fn reopen(self) -> Self {
        let Self { storage, config, dir } = self;
        drop(storage);
        let storage = Storage::open(dir.path(), config).unwrap();
        Self { storage, config, dir }
    }

    pub(crate) fn head(&self) -> BlockNumber {
        self.storage.head().unwrap().number
    }

    pub(crate) fn next(
        &self,
        changes: impl IntoIterator<Item = (impl AsRef<[u8]>, Option<impl AsRef<[u8]>>)>,
    ) -> BlockCommit {
        next_block(&self.storage, owned(changes), Vec::new())
    }

    pub(crate) fn commit(
        &self,
        changes: impl IntoIterator<Item = (impl AsRef<[u8]>, Option<impl AsRef<[u8]>>)>,
    ) {
        self.storage.commit(self.next(changes)).unwrap();
    }
}

pub(crate) fn owned(
    changes: impl IntoIterator<Item = (impl AsRef<[u8]>, Option<impl AsRef<[u8]>>)>,
) -> StateChanges {
    changes
        .into_iter()
        .map(|(key, value)| (key.as_ref().to_vec(), value.map(|value| value.as_ref().to_vec())))
        .collect()
}

/// The block after the head, with everything that a commit needs.
pub(crate) fn next_block(
    storage: &Storage,
    changes: StateChanges,
    extrinsics: Vec<OpaqueExtrinsic>,
) -> BlockCommit {
    let head = storage.head();
    let parent = head.as_ref().map(|head| head.number);
    let update = storage.compute_update(parent, changes).unwrap();
    let number = parent.map_or(0, |parent| parent + 1);
    let header = Header::new(
        number,
        Hash::zero(),
        update.root(),
        head.map_or(Hash::zero(), |head| head.hash),
        Digest::default(),
    );
    let certificate = (number > 0).then(|| certify(&header, 0));
    BlockCommit {
        block: Block { header, extrinsics },
        update,
        certificate,
        validator_sets: [(number + 1, validators(1)), (number + 2, validators(1))],
    }
}

/// A certificate without signatures: storage does not judge them.
pub(crate) fn certify(header: &Header, round: u32) -> CommitCertificate {
    CommitCertificate {
        height: header.number,
        round,
        value_id: value_id(header),
        signatures: Default::default(),
    }
}
