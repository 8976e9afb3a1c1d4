//! A chain of one process: four validators whose keys the tests hold, and signed transactions.

pub(crate) use crate::forgeries::{Signing, remark};

use crate::{BuildBudget, BuiltBlock, Executor, genesis};
use ecoledger_primitives::{
    CommitCertificate, CommitSignature, Hash, Header, HeaderDigest, Moment, Nonce, PreDigest,
    ValidatorId, VoteKind, value_id, vote_bytes,
};
use ecoledger_runtime::RuntimeCall;
use ecoledger_storage::{Durability, StateRetention, Storage, StorageConfig};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sp_keyring::Ed25519Keyring;
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;

/// Time of the first block after genesis, Unix milliseconds.
pub(crate) const START_MS: Moment = 1_800_000_000_000;

pub(crate) struct TestChain {
    pub(crate) executor: Executor,
    pub(crate) dir: TempDir,
}

impl std::ops::Deref for TestChain {
    type Target = Executor;

    fn deref(&self) -> &Executor {
        &self.executor
    }
}

fn validator_key(index: u8) -> SigningKey {
    SigningKey::from_bytes(&[index + 1; 32])
}

pub(crate) fn validator(index: u8) -> ValidatorId {
    validator_key(index).verifying_key().to_bytes()
}

pub(crate) fn node_key(index: u8) -> [u8; 32] {
    SigningKey::from_bytes(&[index + 101; 32]).verifying_key().to_bytes()
}

pub(crate) fn genesis_config() -> Value {
    let mut config = genesis::preset("development").unwrap();
    let validators: Vec<_> = (0..4)
        .map(|index| {
            json!({
                "key": Hash::from(validator(index)),
                "nodeKey": Hash::from(node_key(index)),
            })
        })
        .collect();
    config["validators"] = json!({ "validators": validators });
    config
}

pub(crate) fn open(dir: &TempDir) -> Result<Executor, crate::ExecutorError> {
    open_with(dir, &genesis_config())
}

pub(crate) fn open_with(dir: &TempDir, config: &Value) -> Result<Executor, crate::ExecutorError> {
    Executor::open(open_storage(dir, StateRetention::Archive), config)
}

fn open_storage(dir: &TempDir, retention: StateRetention) -> Storage {
    let config =
        StorageConfig { durability: Durability::ProcessDeath, ..StorageConfig::new(retention) };
    Storage::open(dir.path(), config).unwrap()
}

/// Verdicts of all four validators on `header`.
pub(crate) fn certify(genesis: &Hash, header: &Header) -> CommitCertificate {
    let value_id = value_id(header);
    let bytes = vote_bytes(VoteKind::Precommit, genesis, header.number, 0, Some(value_id));
    let signatures: Vec<_> = (0..4)
        .map(|index| CommitSignature {
            validator: validator(index),
            signature: validator_key(index).sign(&bytes).to_bytes(),
        })
        .collect();
    CommitCertificate {
        height: header.number,
        round: 0,
        value_id,
        signatures: signatures.try_into().unwrap(),
    }
}

impl TestChain {
    pub(crate) fn new() -> Self {
        Self::with(&genesis_config())
    }

    pub(crate) fn with(config: &Value) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { executor: open_with(&dir, config).unwrap(), dir }
    }

    pub(crate) fn keeping(retention: StateRetention) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let storage = open_storage(&dir, retention);
        Self { executor: Executor::open(storage, &genesis_config()).unwrap(), dir }
    }

    /// Time and proposer of the next block: a second after the head.
    pub(crate) fn pre(&self) -> PreDigest {
        let time_ms = HeaderDigest::of(&self.head().header)
            .map_or(START_MS, |digest| digest.pre.time_ms + 1_000);
        PreDigest { time_ms, proposer: validator(0) }
    }

    pub(crate) fn build(&self, transactions: &[Vec<u8>]) -> BuiltBlock {
        let transactions = transactions.iter().map(|raw| Arc::from(raw.as_slice()));
        // However slow the machine is, what ends a block is its limits.
        let budget = BuildBudget { time_max: Duration::from_secs(3_600), ..BuildBudget::default() };
        self.build_block(self.pre(), transactions, budget).unwrap()
    }

    /// Builds a block of `transactions`, all of which it must take, and commits it.
    pub(crate) fn extend(&self, transactions: &[Vec<u8>]) {
        let built = self.build(transactions);
        assert_eq!(built.rejected, []);
        assert_eq!(built.executed.extrinsic_hashes().len(), transactions.len() + 1);
        let certificate = certify(&self.genesis_hash(), built.executed.header());
        self.commit(built.executed, certificate).unwrap();
    }

    pub(crate) fn sign(&self, who: Ed25519Keyring, nonce: Nonce, call: RuntimeCall) -> Vec<u8> {
        self.signing(nonce).sign(who, call)
    }

    pub(crate) fn signing(&self, nonce: Nonce) -> Signing {
        Signing::new(self, nonce)
    }
}
