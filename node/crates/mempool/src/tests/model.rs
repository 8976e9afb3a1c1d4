//! A chain of nonces, and transactions that say themselves what is wrong with them.

use crate::{
    admission::{Admission, Refusal, StoredChanges, Validated},
    mempool::Mempool,
    pool::Inclusion,
};
use ecoledger_primitives::{AccountId, BlockNumber, Hash, Hashing, Nonce};
use parking_lot::{Condvar, Mutex};
use sp_runtime::{
    traits::Hash as _,
    transaction_validity::{InvalidTransaction, UnknownTransaction},
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering},
    },
};

pub(crate) fn account(index: u8) -> AccountId {
    AccountId::new([index; 32])
}

/// What is wrong with a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flaw {
    None,
    Undecodable,
    BadProof,
    Unknown,
    Internal,
    Panic,
}

/// A transaction of the model. It refers to block `birth`, so that it is only valid from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Transaction {
    pub(crate) signer: u8,
    pub(crate) nonce: Nonce,
    pub(crate) priority: u8,
    pub(crate) longevity: u16,
    pub(crate) birth: BlockNumber,
    pub(crate) flaw: Flaw,
    /// Bytes of padding, and what they are.
    pub(crate) padding: (usize, u8),
}

impl Transaction {
    pub(crate) fn new(signer: u8, nonce: Nonce) -> Self {
        Self {
            signer,
            nonce,
            priority: 0,
            longevity: u16::MAX,
            birth: 0,
            flaw: Flaw::None,
            padding: (0, 0),
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut raw = vec![self.flaw as u8, self.signer, self.priority];
        raw.extend(self.nonce.to_le_bytes());
        raw.extend(self.birth.to_le_bytes());
        raw.extend(self.longevity.to_le_bytes());
        raw.extend(vec![self.padding.1; self.padding.0]);
        raw
    }

    pub(crate) fn hash(&self) -> Hash {
        Hashing::hash(&self.encode())
    }

    pub(crate) fn decode(raw: &[u8]) -> Option<Self> {
        let (head, padding) = raw.split_at_checked(13)?;
        let flaws = [
            Flaw::None,
            Flaw::Undecodable,
            Flaw::BadProof,
            Flaw::Unknown,
            Flaw::Internal,
            Flaw::Panic,
        ];
        Some(Self {
            flaw: *flaws.get(usize::from(head[0]))?,
            signer: head[1],
            priority: head[2],
            nonce: u32::from_le_bytes(head[3..7].try_into().ok()?),
            birth: u32::from_le_bytes(head[7..11].try_into().ok()?),
            longevity: u16::from_le_bytes(head[11..13].try_into().ok()?),
            padding: (padding.len(), padding.first().copied().unwrap_or(0)),
        })
    }
}

/// A chain that knows heights and nonces.
#[derive(Debug, Default)]
pub(crate) struct ModelChain {
    head: AtomicU32,
    nonces: Mutex<BTreeMap<AccountId, Nonce>>,
    stored: Mutex<BTreeMap<Hash, Vec<u8>>>,
    /// Whether the store is to keep its writer waiting, and what tells the writer otherwise.
    stalled: Mutex<bool>,
    resumed: Condvar,
    /// Whether the store fails.
    pub(crate) store_fails: AtomicBool,
    /// Transactions that were judged.
    pub(crate) n_validated: AtomicUsize,
}

impl ModelChain {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Hashes of what is stored.
    pub(crate) fn stored_hashes(&self) -> Vec<Hash> {
        self.stored.lock().keys().copied().collect()
    }

    /// Stores transactions that no pool has.
    pub(crate) fn store(&self, transactions: &[Transaction]) {
        let stored = transactions.iter().map(|t| (t.hash(), t.encode()));
        self.stored.lock().extend(stored);
    }

    /// From here on the store does not answer, until it is let to.
    pub(crate) fn stall_store(&self, stalled: bool) {
        *self.stalled.lock() = stalled;
        self.resumed.notify_all();
    }

    pub(crate) fn set_nonce(&self, index: u8, nonce: Nonce) {
        self.nonces.lock().insert(account(index), nonce);
    }

    pub(crate) fn nonce(&self, index: u8) -> Nonce {
        self.nonces.lock().get(&account(index)).copied().unwrap_or(0)
    }

    /// Commits a block without telling the pool.
    pub(crate) fn commit(&self, transactions: &[Transaction]) -> Inclusion {
        let number = self.head.fetch_add(1, Ordering::SeqCst) + 1;
        let mut nonces = self.nonces.lock();
        for transaction in transactions {
            let nonce = nonces.entry(account(transaction.signer)).or_default();
            assert_eq!(*nonce, transaction.nonce, "the block is not in nonce order");
            *nonce += 1;
        }
        Inclusion {
            number,
            hash: block_hash(number),
            transactions: transactions.iter().map(Transaction::hash).collect(),
            accounts: transactions.iter().map(|t| account(t.signer)).collect(),
        }
    }

    /// Commits a block and tells the pool.
    pub(crate) fn commit_to(&self, mempool: &Mempool, transactions: &[Transaction]) -> Hash {
        let block = self.commit(transactions);
        mempool.apply(&block);
        block.hash
    }
}

pub(crate) fn block_hash(number: BlockNumber) -> Hash {
    Hashing::hash(&number.to_le_bytes())
}

impl Admission for ModelChain {
    fn head(&self) -> BlockNumber {
        self.head.load(Ordering::SeqCst)
    }

    fn validate(&self, raw: &[u8]) -> Result<Validated, Refusal> {
        self.n_validated.fetch_add(1, Ordering::SeqCst);
        let transaction =
            Transaction::decode(raw).ok_or_else(|| Refusal::Undecodable("too short".into()))?;
        let bad_proof = Err(Refusal::Invalid(InvalidTransaction::BadProof));
        match transaction.flaw {
            Flaw::None if transaction.birth > self.head() => bad_proof,
            Flaw::None if transaction.nonce < self.nonce(transaction.signer) => {
                Err(Refusal::Invalid(InvalidTransaction::Stale))
            }
            Flaw::None => Ok(Validated {
                hash: transaction.hash(),
                signer: account(transaction.signer),
                nonce: transaction.nonce,
                priority: u64::from(transaction.priority),
                longevity: match transaction.longevity {
                    u16::MAX => u64::MAX,
                    blocks => u64::from(blocks),
                },
            }),
            Flaw::Undecodable => Err(Refusal::Undecodable("flaw".into())),
            Flaw::BadProof => bad_proof,
            Flaw::Unknown => Err(Refusal::Unknown(UnknownTransaction::CannotLookup)),
            Flaw::Internal => Err(Refusal::Internal("flaw".into())),
            Flaw::Panic => panic!("flaw"),
        }
    }

    fn account_nonce(&self, account: &AccountId) -> Result<Nonce, Refusal> {
        Ok(self.nonces.lock().get(account).copied().unwrap_or(0))
    }

    fn update_stored(&self, changes: &StoredChanges) -> Result<(), Refusal> {
        let mut stalled = self.stalled.lock();
        while *stalled {
            self.resumed.wait(&mut stalled);
        }
        if self.store_fails.load(Ordering::SeqCst) {
            return Err(Refusal::Internal("disk".into()));
        }
        let mut stored = self.stored.lock();
        for (hash, raw) in changes {
            match raw {
                Some(raw) => stored.insert(*hash, raw.to_vec()),
                None => stored.remove(hash),
            };
        }
        Ok(())
    }

    fn stored(&self) -> Result<Vec<(Hash, Vec<u8>)>, Refusal> {
        Ok(self.stored.lock().iter().map(|(hash, raw)| (*hash, raw.clone())).collect())
    }
}
