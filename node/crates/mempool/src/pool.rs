//! The pool's state: a plain data structure without locks, time or I/O.
//!
//! Every index is kept in step by taking an account out of the indexes before it is changed
//! ([`Pool::detach`]) and putting it back afterwards ([`Pool::attach`]). Operations on one
//! transaction take O(log n) steps; a promotion costs one step for each promoted transaction.

use crate::{
    admission::Validated,
    banned::Banned,
    config::MempoolConfig,
    error::PoolError,
    status::{TransactionStatus, Watcher},
};
use ecoledger_primitives::{AccountId, BlockNumber, Hash, Nonce};
use sp_runtime::transaction_validity::InvalidTransaction;
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

/// Accounts passed over, when filling a byte limit, because their next transaction does not fit.
const MISFITS_MAX: usize = 16;

/// A transaction in the pool.
#[derive(Debug)]
struct Entry {
    hash: Hash,
    raw: Arc<[u8]>,
    priority: u64,
    /// Position in the order of arrival.
    arrival: u64,
    /// Height at which it is dropped.
    expires_at: BlockNumber,
    /// Whether the chain's store has it, or is about to.
    stored: bool,
    watcher: Option<Watcher>,
}

impl Entry {
    fn tell(&self, status: TransactionStatus) {
        if let Some(watcher) = &self.watcher {
            watcher.tell(status);
        }
    }
}

/// The transactions of one account; never empty while it is in [`Pool::accounts`].
#[derive(Debug, Default)]
struct Account {
    /// Next nonce on chain.
    nonce: Nonce,
    /// By nonce; none is below `nonce`.
    entries: BTreeMap<Nonce, Entry>,
    /// How many entries follow `nonce` without a gap.
    n_ready: u32,
    bytes: usize,
}

impl Account {
    /// First nonce that is not ready.
    fn ready_end(&self) -> Nonce {
        self.nonce.saturating_add(self.n_ready)
    }

    /// Arrival of the first ready entry.
    fn first_arrival(&self) -> Option<u64> {
        (self.n_ready > 0).then(|| self.entries.first_key_value().map(|(_, e)| e.arrival)).flatten()
    }

    /// Makes ready what follows without a gap.
    fn promote(&mut self) {
        while let Some(entry) = self.entries.get(&self.ready_end()) {
            let Some(n_ready) = self.n_ready.checked_add(1) else { return };
            entry.tell(TransactionStatus::Ready);
            self.n_ready = n_ready;
        }
    }

    /// Makes future what was ready at or behind `nonce`.
    fn demote_from(&mut self, nonce: Nonce) {
        if nonce < self.ready_end() {
            for (_, entry) in self.entries.range(nonce..self.ready_end()) {
                entry.tell(TransactionStatus::Future);
            }
            self.n_ready = nonce.saturating_sub(self.nonce);
        }
    }
}

/// Counts of the pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolStatus {
    /// Transactions that may be in the next block.
    pub ready: usize,
    /// Transactions that wait for a lower nonce.
    pub future: usize,
    /// Bytes of both.
    pub bytes: usize,
}

/// What a block took out of the pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pruned {
    pub(crate) included: u64,
    pub(crate) outdated: u64,
}

/// The transactions of a block, and the accounts that it touched.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inclusion {
    pub(crate) number: BlockNumber,
    pub(crate) hash: Hash,
    pub(crate) transactions: Vec<Hash>,
    pub(crate) accounts: Vec<AccountId>,
}

/// See the module's description.
#[derive(Debug)]
pub(crate) struct Pool {
    config: MempoolConfig,
    /// Height of the last block that was applied.
    height: BlockNumber,
    arrivals: u64,
    accounts: BTreeMap<AccountId, Account>,
    by_hash: BTreeMap<Hash, (AccountId, Nonce)>,
    /// Accounts with a ready transaction, by the arrival of the first.
    heads: BTreeSet<(u64, AccountId)>,
    /// Accounts by the bytes that they hold.
    by_bytes: BTreeSet<(usize, AccountId)>,
    expiries: BTreeSet<(BlockNumber, Hash)>,
    banned: Banned,
    /// Stored transactions that have left, until [`Pool::take_left`].
    left: Vec<Hash>,
    n_ready: usize,
    bytes: usize,
}

impl Pool {
    pub(crate) fn new(config: MempoolConfig, height: BlockNumber) -> Self {
        Self {
            config,
            height,
            arrivals: 0,
            accounts: BTreeMap::new(),
            by_hash: BTreeMap::new(),
            heads: BTreeSet::new(),
            by_bytes: BTreeSet::new(),
            expiries: BTreeSet::new(),
            banned: Banned::new(config.banned_max),
            left: Vec::new(),
            n_ready: 0,
            bytes: 0,
        }
    }

    pub(crate) fn status(&self) -> PoolStatus {
        PoolStatus {
            ready: self.n_ready,
            future: self.by_hash.len() - self.n_ready,
            bytes: self.bytes,
        }
    }

    /// Refuses what needs no validation to be refused.
    pub(crate) fn precheck(&self, hash: &Hash) -> Result<(), PoolError> {
        if self.by_hash.contains_key(hash) {
            return Err(PoolError::AlreadyImported(*hash));
        }
        if self.banned.contains(hash, self.height) {
            return Err(PoolError::TemporarilyBanned);
        }
        Ok(())
    }

    /// Adds a validated transaction whose account has the next nonce `chain_nonce`.
    ///
    /// If the account has transactions here and its nonce has moved on, they stay until
    /// [`Self::apply`] says which of them are in the block.
    pub(crate) fn insert(
        &mut self,
        transaction: Validated,
        raw: Arc<[u8]>,
        chain_nonce: Nonce,
        watcher: Option<Watcher>,
    ) -> Result<Inserted, PoolError> {
        self.precheck(&transaction.hash)?;
        let Validated { hash, signer, nonce, priority, longevity } = transaction;
        let first = self.accounts.get(&signer).map_or(chain_nonce, |account| account.nonce);
        if nonce < chain_nonce.max(first) {
            return Err(PoolError::InvalidTransaction(InvalidTransaction::Stale));
        }
        // The last nonce has none after it, so it is never ready.
        let max = first
            .saturating_add(self.config.account_transactions_max.saturating_sub(1))
            .min(Nonce::MAX - 1);
        if nonce > max {
            return Err(PoolError::RejectedFuture { max, got: nonce });
        }
        let replaced = self.check_replacement(&signer, nonce, priority)?;
        let dropped = self.make_room(&signer, nonce, first, raw.len(), replaced)?;

        let lifetime = u64::from(self.config.lifetime_blocks_max).min(longevity);
        let entry = Entry {
            hash,
            priority,
            arrival: self.arrivals,
            expires_at: self.height.saturating_add(u32::try_from(lifetime).unwrap_or(u32::MAX)),
            raw,
            stored: false,
            watcher,
        };
        self.arrivals += 1;
        self.by_hash.insert(hash, (signer.clone(), nonce));
        self.expiries.insert((entry.expires_at, hash));

        let mut account = self.detach(&signer);
        account.nonce = first;
        account.bytes += entry.raw.len();
        let n_ready_before = account.n_ready;
        let was_ready = nonce < account.ready_end();
        if was_ready {
            entry.tell(TransactionStatus::Ready);
        } else if nonce > account.ready_end() {
            entry.tell(TransactionStatus::Future);
        }
        if let Some(old) = account.entries.insert(nonce, entry) {
            account.bytes -= old.raw.len();
            self.forget(&old);
            old.tell(TransactionStatus::Usurped(hash));
        }
        account.promote();
        let ready = was_ready || account.n_ready > n_ready_before;
        self.attach(&signer, account);
        Ok(Inserted { ready, dropped })
    }

    /// The length of the transaction that would be replaced; an error if it must not be.
    fn check_replacement(
        &self,
        signer: &AccountId,
        nonce: Nonce,
        priority: u64,
    ) -> Result<Option<usize>, PoolError> {
        let held = self.accounts.get(signer).and_then(|account| account.entries.get(&nonce));
        match held {
            Some(held) if priority <= held.priority => {
                Err(PoolError::TooLowPriority { held: held.priority, got: priority })
            }
            held => Ok(held.map(|held| held.raw.len())),
        }
    }

    /// Makes room for `len` bytes of `signer`, by pushing out the last transactions of the
    /// account that holds most bytes; returns how many were pushed out.
    ///
    /// Only a transaction that will be ready pushes others out, and only those of an account
    /// that holds at least as much afterwards as `signer` will: so nobody is pushed out by one
    /// that uses more of the pool.
    fn make_room(
        &mut self,
        signer: &AccountId,
        nonce: Nonce,
        first: Nonce,
        len: usize,
        replaced: Option<usize>,
    ) -> Result<u64, PoolError> {
        let account = self.accounts.get(signer);
        let account_bytes = (account.map_or(0, |account| account.bytes) + len)
            .saturating_sub(replaced.unwrap_or(0));
        if account_bytes > self.config.account_bytes_max {
            return Err(PoolError::ImmediatelyDropped);
        }
        let bytes_after = (self.bytes + len).saturating_sub(replaced.unwrap_or(0));
        let count_after = self.by_hash.len() + usize::from(replaced.is_none());
        let excess_bytes = bytes_after.saturating_sub(self.config.bytes_max);
        let excess_count = count_after.saturating_sub(self.config.transactions_max);
        if excess_bytes == 0 && excess_count == 0 {
            return Ok(0);
        }
        let ready = nonce <= account.map_or(first, Account::ready_end);
        let victim = self.by_bytes.last().filter(|(_, victim)| victim != signer);
        let (true, Some((victim_bytes, victim))) = (ready, victim.cloned()) else {
            return Err(PoolError::ImmediatelyDropped);
        };
        let (mut freed_bytes, mut freed_count) = (0, 0);
        let mut hashes = Vec::new();
        for entry in self
            .accounts
            .get(&victim)
            .into_iter()
            .flat_map(|account| account.entries.values().rev())
        {
            if freed_bytes >= excess_bytes && freed_count >= excess_count {
                break;
            }
            freed_bytes += entry.raw.len();
            freed_count += 1;
            hashes.push(entry.hash);
        }
        if freed_bytes < excess_bytes
            || freed_count < excess_count
            || victim_bytes - freed_bytes < account_bytes
        {
            return Err(PoolError::ImmediatelyDropped);
        }
        for hash in &hashes {
            self.remove(hash, TransactionStatus::Dropped);
        }
        Ok(hashes.len() as u64)
    }

    /// Sets an account's next nonce on chain, and takes out what it has outdated; `transactions`
    /// are those of the block.
    fn set_nonce(
        &mut self,
        id: &AccountId,
        nonce: Nonce,
        block: Hash,
        transactions: &BTreeSet<Hash>,
    ) -> Pruned {
        let mut pruned = Pruned::default();
        if self.accounts.get(id).is_none_or(|account| account.nonce == nonce) {
            return pruned;
        }
        let mut account = self.detach(id);
        let ready_end = account.ready_end();
        let kept = account.entries.split_off(&nonce);
        for entry in std::mem::replace(&mut account.entries, kept).into_values() {
            account.bytes -= entry.raw.len();
            self.forget(&entry);
            if transactions.contains(&entry.hash) {
                pruned.included += 1;
                entry.tell(TransactionStatus::InBlock(block));
                entry.tell(TransactionStatus::Finalized(block));
            } else {
                pruned.outdated += 1;
                entry.tell(TransactionStatus::Invalid);
            }
        }
        if nonce < account.nonce {
            // The account was removed and created again, so its nonces start over.
            account.demote_from(account.nonce);
            account.nonce = nonce;
        } else {
            account.nonce = nonce;
            account.n_ready = ready_end.saturating_sub(nonce);
        }
        account.promote();
        self.attach(id, account);
        pruned
    }

    /// Applies a committed block. `nonces`: next nonces of the accounts of
    /// [`Self::affected_accounts`] at or after the block.
    pub(crate) fn apply(&mut self, block: &Inclusion, nonces: &[(AccountId, Nonce)]) -> Pruned {
        let transactions: BTreeSet<Hash> = block.transactions.iter().copied().collect();
        let mut total = Pruned::default();
        for (account, nonce) in nonces {
            let pruned = self.set_nonce(account, *nonce, block.hash, &transactions);
            total.included += pruned.included;
            total.outdated += pruned.outdated;
        }
        self.height = self.height.max(block.number);
        while let Some((at, hash)) = self.expiries.first().copied() {
            if at > self.height {
                break;
            }
            self.remove(&hash, TransactionStatus::Invalid);
            total.outdated += 1;
        }
        self.banned.forget(self.height);
        total
    }

    /// Accounts in the pool whose nonce a block may have changed, with the nonce that follows
    /// from the transactions of the block that are in the pool.
    pub(crate) fn affected_accounts(&self, block: &Inclusion) -> Vec<(AccountId, Nonce)> {
        let mut affected: BTreeMap<AccountId, Nonce> = BTreeMap::new();
        if block.number > self.height.saturating_add(1) {
            // Blocks were left out, so any account may have changed.
            affected.extend(self.accounts.keys().map(|account| (account.clone(), 0)));
        }
        for account in &block.accounts {
            if self.accounts.contains_key(account) {
                affected.insert(account.clone(), 0);
            }
        }
        for hash in &block.transactions {
            if let Some((account, nonce)) = self.by_hash.get(hash) {
                let next = affected.entry(account.clone()).or_insert(0);
                *next = (*next).max(nonce.saturating_add(1));
            }
        }
        affected.into_iter().collect()
    }

    /// Takes out transactions that failed in a block, and bans them.
    pub(crate) fn remove_invalid(&mut self, hashes: &[Hash]) -> u64 {
        let until = self.height.saturating_add(self.config.ban_blocks);
        let mut removed = 0;
        for hash in hashes {
            removed += u64::from(self.remove(hash, TransactionStatus::Invalid));
            self.banned.insert(*hash, until);
        }
        removed
    }

    /// Takes one transaction out; those behind it become future.
    pub(crate) fn remove(&mut self, hash: &Hash, status: TransactionStatus) -> bool {
        let Some((id, nonce)) = self.by_hash.get(hash).cloned() else { return false };
        let mut account = self.detach(&id);
        if let Some(entry) = account.entries.remove(&nonce) {
            account.bytes -= entry.raw.len();
            self.forget(&entry);
            entry.tell(status);
        }
        account.demote_from(nonce);
        self.attach(&id, account);
        true
    }

    /// Takes a transaction that its account has lost out of the indexes by transaction.
    fn forget(&mut self, entry: &Entry) {
        self.by_hash.remove(&entry.hash);
        self.expiries.remove(&(entry.expires_at, entry.hash));
        if entry.stored {
            self.left.push(entry.hash);
        }
    }

    /// Notes that the chain's store has a transaction, or is about to.
    pub(crate) fn mark_stored(&mut self, hash: &Hash) {
        let held = self.by_hash.get(hash).and_then(|(id, nonce)| {
            let account = self.accounts.get_mut(id)?;
            account.entries.get_mut(nonce)
        });
        if let Some(entry) = held {
            entry.stored = true;
        }
    }

    /// Marks every transaction as stored; returns those that were not.
    pub(crate) fn mark_all_stored(&mut self) -> Vec<(Hash, Arc<[u8]>)> {
        let entries = self.accounts.values_mut().flat_map(|account| account.entries.values_mut());
        let unstored = entries.filter(|entry| !entry.stored);
        unstored
            .map(|entry| {
                entry.stored = true;
                (entry.hash, Arc::clone(&entry.raw))
            })
            .collect()
    }

    /// The stored transactions that have left since this was asked last.
    pub(crate) fn take_left(&mut self) -> Vec<Hash> {
        std::mem::take(&mut self.left)
    }

    /// Takes an account out of all indexes, to be changed and put back.
    fn detach(&mut self, id: &AccountId) -> Account {
        let account = self.accounts.remove(id).unwrap_or_default();
        if let Some(arrival) = account.first_arrival() {
            self.heads.remove(&(arrival, id.clone()));
        }
        self.by_bytes.remove(&(account.bytes, id.clone()));
        self.n_ready -= account.n_ready as usize;
        self.bytes -= account.bytes;
        account
    }

    fn attach(&mut self, id: &AccountId, account: Account) {
        if account.entries.is_empty() {
            return;
        }
        if let Some(arrival) = account.first_arrival() {
            self.heads.insert((arrival, id.clone()));
        }
        self.by_bytes.insert((account.bytes, id.clone()));
        self.n_ready += account.n_ready as usize;
        self.bytes += account.bytes;
        self.accounts.insert(id.clone(), account);
    }

    /// Ready transactions, at most `count_max` with at most `bytes_max` bytes.
    ///
    /// In rounds: each round takes the next transaction of every account, accounts ordered by the
    /// arrival of their first. So nonces of an account are in order, older accounts come first,
    /// and an account with many transactions delays nobody's first.
    pub(crate) fn ready(&self, bytes_max: usize, count_max: usize) -> Vec<Arc<[u8]>> {
        let mut chosen = Vec::new();
        let mut bytes_left = bytes_max;
        let mut misfits = 0;
        let mut again = VecDeque::new();
        let mut heads = self.heads.iter();
        while chosen.len() < count_max && misfits < MISFITS_MAX {
            let next = heads.next().and_then(|(_, id)| {
                let account = self.accounts.get(id)?;
                Some(account.entries.range(account.nonce..account.ready_end()))
            });
            let Some(mut entries) = next.or_else(|| again.pop_front()) else { break };
            let Some((_, entry)) = entries.next() else { continue };
            match bytes_left.checked_sub(entry.raw.len()) {
                Some(left) => {
                    bytes_left = left;
                    chosen.push(Arc::clone(&entry.raw));
                    again.push_back(entries);
                }
                None => misfits += 1,
            }
        }
        chosen
    }

    /// All transactions, in nonce order within each account.
    pub(crate) fn all(&self) -> Vec<Arc<[u8]>> {
        let entries = self.accounts.values().flat_map(|account| account.entries.values());
        entries.map(|entry| Arc::clone(&entry.raw)).collect()
    }

    /// The nonce after an account's ready transactions; `None` if it has none here.
    pub(crate) fn next_nonce(&self, id: &AccountId) -> Option<Nonce> {
        self.accounts.get(id).map(Account::ready_end)
    }

    /// Tells the watcher of a transaction, if there is one.
    pub(crate) fn tell(&self, hash: &Hash, status: TransactionStatus) {
        let entry = self
            .by_hash
            .get(hash)
            .and_then(|(id, nonce)| self.accounts.get(id)?.entries.get(nonce));
        if let Some(entry) = entry {
            entry.tell(status);
        }
    }
}

/// What an insertion did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Inserted {
    /// Whether there are more ready transactions, or another in a ready one's place.
    pub(crate) ready: bool,
    /// Transactions that were pushed out.
    pub(crate) dropped: u64,
}

#[cfg(test)]
impl Pool {
    /// Panics unless every index agrees with the transactions.
    pub(crate) fn assert_consistent(&self) {
        let (mut n_ready, mut bytes, mut count) = (0, 0, 0);
        for (id, account) in &self.accounts {
            assert!(!account.entries.is_empty(), "empty account kept");
            let mut ready_end = account.nonce;
            for (nonce, entry) in &account.entries {
                assert!(*nonce >= account.nonce, "outdated transaction kept");
                ready_end += u32::from(*nonce == ready_end);
                assert_eq!(self.by_hash.get(&entry.hash), Some(&(id.clone(), *nonce)));
                assert!(self.expiries.contains(&(entry.expires_at, entry.hash)));
                assert!(entry.expires_at > self.height, "expired transaction kept");
            }
            assert_eq!(account.ready_end(), ready_end, "ready count");
            let account_bytes: usize = account.entries.values().map(|e| e.raw.len()).sum();
            assert_eq!(account.bytes, account_bytes);
            assert!(self.by_bytes.contains(&(account_bytes, id.clone())));
            if let Some(arrival) = account.first_arrival() {
                assert!(self.heads.contains(&(arrival, id.clone())));
            }
            n_ready += account.n_ready as usize;
            bytes += account_bytes;
            count += account.entries.len();
        }
        assert_eq!((self.n_ready, self.bytes), (n_ready, bytes));
        assert_eq!((self.by_hash.len(), self.expiries.len()), (count, count));
        assert_eq!(self.by_bytes.len(), self.accounts.len());
        let with_ready = self.accounts.values().filter(|account| account.n_ready > 0).count();
        assert_eq!(self.heads.len(), with_ready);
        assert!(self.bytes <= self.config.bytes_max);
        assert!(count <= self.config.transactions_max);
    }
}
