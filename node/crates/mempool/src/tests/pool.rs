//! The pool's state: order, limits, replacement, pruning.

use super::{Transaction, account, model::block_hash};
use crate::{
    admission::Validated,
    config::MempoolConfig,
    error::PoolError,
    pool::{Inclusion, Inserted, Pool, PoolStatus},
};
use ecoledger_primitives::Nonce;
use sp_runtime::transaction_validity::InvalidTransaction;
use std::sync::Arc;

pub(crate) fn insert(
    pool: &mut Pool,
    transaction: Transaction,
    chain_nonce: Nonce,
) -> Result<Inserted, PoolError> {
    let validated = Validated {
        hash: transaction.hash(),
        signer: account(transaction.signer),
        nonce: transaction.nonce,
        priority: u64::from(transaction.priority),
        longevity: u64::from(transaction.longevity),
    };
    let result = pool.insert(validated, Arc::from(transaction.encode()), chain_nonce, None);
    pool.assert_consistent();
    result
}

fn pool(config: MempoolConfig) -> Pool {
    Pool::new(config, 0)
}

fn ready(pool: &Pool) -> Vec<(u8, Nonce)> {
    decoded(&pool.ready(usize::MAX, usize::MAX))
}

fn decoded(raw: &[Arc<[u8]>]) -> Vec<(u8, Nonce)> {
    let decode = |raw: &Arc<[u8]>| Transaction::decode(raw).map(|t| (t.signer, t.nonce));
    raw.iter().filter_map(decode).collect()
}

fn block(number: u32, transactions: &[Transaction]) -> Inclusion {
    Inclusion {
        number,
        hash: block_hash(number),
        transactions: transactions.iter().map(Transaction::hash).collect(),
        accounts: Vec::new(),
    }
}

fn apply(pool: &mut Pool, block: &Inclusion) -> (u64, u64) {
    let nonces = pool.affected_accounts(block);
    let pruned = pool.apply(block, &nonces);
    pool.assert_consistent();
    (pruned.included, pruned.outdated)
}

#[test]
fn ready_orders_nonces_and_takes_accounts_in_turn() {
    let mut pool = pool(MempoolConfig::default());
    for nonce in [2, 0, 1, 4] {
        insert(&mut pool, Transaction::new(1, nonce), 0).unwrap();
    }
    insert(&mut pool, Transaction::new(2, 7), 7).unwrap();
    insert(&mut pool, Transaction::new(3, 0), 0).unwrap();
    insert(&mut pool, Transaction::new(3, 1), 0).unwrap();
    assert_eq!(pool.status().ready, 6);
    assert_eq!(pool.status().future, 1);
    assert_eq!(ready(&pool), [(1, 0), (2, 7), (3, 0), (1, 1), (3, 1), (1, 2)]);
}

#[test]
fn ready_is_bounded_by_count_and_bytes() {
    let mut pool = pool(MempoolConfig::default());
    for signer in 1..=3 {
        for nonce in 0..3 {
            insert(&mut pool, Transaction::new(signer, nonce), 0).unwrap();
        }
    }
    let len = Transaction::new(1, 0).encode().len();
    assert_eq!(decoded(&pool.ready(usize::MAX, 4)), [(1, 0), (2, 0), (3, 0), (1, 1)]);
    assert_eq!(decoded(&pool.ready(2 * len, usize::MAX)), [(1, 0), (2, 0)]);
    assert_eq!(pool.ready(2 * len - 1, usize::MAX).len(), 1);
    assert!(pool.ready(len - 1, usize::MAX).is_empty());
    assert!(pool.ready(usize::MAX, 0).is_empty());
}

#[test]
fn ready_passes_over_what_does_not_fit() {
    let mut pool = pool(MempoolConfig::default());
    insert(&mut pool, Transaction { padding: (1_000, 0), ..Transaction::new(1, 0) }, 0).unwrap();
    insert(&mut pool, Transaction::new(1, 1), 0).unwrap();
    insert(&mut pool, Transaction::new(2, 0), 0).unwrap();
    assert_eq!(decoded(&pool.ready(100, 10)), [(2, 0)]);
}

#[test]
fn insert_rejects_a_duplicate() {
    let mut pool = pool(MempoolConfig::default());
    let transaction = Transaction::new(1, 0);
    insert(&mut pool, transaction, 0).unwrap();
    let error = PoolError::AlreadyImported(transaction.hash());
    assert_eq!(insert(&mut pool, transaction, 0), Err(error));
}

#[test]
fn insert_rejects_a_used_nonce() {
    let mut pool = pool(MempoolConfig::default());
    let stale = Err(PoolError::InvalidTransaction(InvalidTransaction::Stale));
    assert_eq!(insert(&mut pool, Transaction::new(1, 4), 5), stale);
    insert(&mut pool, Transaction::new(1, 5), 5).unwrap();
    assert_eq!(insert(&mut pool, Transaction::new(1, 4), 5), stale);
}

#[test]
fn insert_boundary_of_the_future() {
    let mut pool = pool(MempoolConfig { account_transactions_max: 4, ..MempoolConfig::default() });
    insert(&mut pool, Transaction::new(1, 13), 10).unwrap();
    let error = PoolError::RejectedFuture { max: 13, got: 14 };
    assert_eq!(insert(&mut pool, Transaction::new(1, 14), 10), Err(error));
    // At the end of the nonces nothing overflows.
    let last = u32::MAX - 1;
    insert(&mut pool, Transaction::new(2, last), last).unwrap();
    let error = PoolError::RejectedFuture { max: last, got: u32::MAX };
    assert_eq!(insert(&mut pool, Transaction::new(2, u32::MAX), last), Err(error));
    assert_eq!(pool.status(), PoolStatus { ready: 1, future: 1, bytes: 26 });
}

#[test]
fn replacement_needs_a_higher_priority() {
    let mut pool = pool(MempoolConfig::default());
    let with =
        |priority, byte| Transaction { priority, padding: (1, byte), ..Transaction::new(1, 0) };
    insert(&mut pool, with(5, 0), 0).unwrap();
    insert(&mut pool, Transaction::new(1, 1), 0).unwrap();
    for priority in [4, 5] {
        let error = PoolError::TooLowPriority { held: 5, got: priority.into() };
        assert_eq!(insert(&mut pool, with(priority, 1), 0), Err(error));
    }
    insert(&mut pool, with(6, 1), 0).unwrap();
    assert_eq!(pool.status().ready, 2);
    assert_eq!(pool.all().first().map(|raw| raw.to_vec()), Some(with(6, 1).encode()));
}

#[test]
fn insert_rejects_above_the_accounts_bytes() {
    let len = Transaction::new(1, 0).encode().len();
    let mut pool = pool(MempoolConfig { account_bytes_max: 2 * len, ..MempoolConfig::default() });
    insert(&mut pool, Transaction::new(1, 0), 0).unwrap();
    insert(&mut pool, Transaction::new(1, 1), 0).unwrap();
    assert_eq!(insert(&mut pool, Transaction::new(1, 2), 0), Err(PoolError::ImmediatelyDropped));
    insert(&mut pool, Transaction::new(2, 0), 0).unwrap();
    // A replacement of the same length fits.
    insert(&mut pool, Transaction { priority: 1, ..Transaction::new(1, 1) }, 0).unwrap();
}

#[test]
fn full_pool_pushes_out_the_last_of_the_largest_account() {
    let mut pool = pool(MempoolConfig { transactions_max: 4, ..MempoolConfig::default() });
    for nonce in 0..4 {
        insert(&mut pool, Transaction::new(1, nonce), 0).unwrap();
    }
    // A future transaction pushes nobody out, nor does the largest account itself.
    let full = Err(PoolError::ImmediatelyDropped);
    assert_eq!(insert(&mut pool, Transaction::new(2, 1), 0), full);
    assert_eq!(insert(&mut pool, Transaction::new(1, 4), 0), full);
    let inserted = insert(&mut pool, Transaction::new(2, 0), 0).unwrap();
    assert_eq!(inserted, Inserted { ready: true, dropped: 1 });
    insert(&mut pool, Transaction::new(2, 1), 0).unwrap();
    assert_eq!(ready(&pool), [(1, 0), (2, 0), (1, 1), (2, 1)]);
    // Both hold the same now, so neither pushes out the other, nor a third account's second.
    assert_eq!(insert(&mut pool, Transaction::new(2, 2), 0), full);
    insert(&mut pool, Transaction::new(3, 0), 0).unwrap();
    assert_eq!(insert(&mut pool, Transaction::new(3, 1), 0), full);
}

#[test]
fn full_pool_by_bytes_frees_what_is_needed_or_nothing() {
    let large = |signer, nonce| Transaction { padding: (87, 0), ..Transaction::new(signer, nonce) };
    let mut pool = pool(MempoolConfig { bytes_max: 400, ..MempoolConfig::default() });
    for nonce in 0..4 {
        insert(&mut pool, large(1, nonce), 0).unwrap();
    }
    let larger = Transaction { padding: (237, 0), ..Transaction::new(2, 0) };
    assert_eq!(insert(&mut pool, larger, 0), Err(PoolError::ImmediatelyDropped));
    assert_eq!(pool.status().bytes, 400);
    let fitting = Transaction { padding: (137, 0), ..Transaction::new(2, 0) };
    assert_eq!(insert(&mut pool, fitting, 0), Ok(Inserted { ready: true, dropped: 2 }));
    assert_eq!(ready(&pool), [(1, 0), (2, 0), (1, 1)]);
}

#[test]
fn apply_prunes_the_included_and_promotes_the_rest() {
    let mut pool = pool(MempoolConfig::default());
    let transactions: Vec<_> = (0..4).map(|nonce| Transaction::new(1, nonce)).collect();
    for transaction in [transactions[0], transactions[1], transactions[3]] {
        insert(&mut pool, transaction, 0).unwrap();
    }
    // The pool does not know the block's third transaction.
    let mut block = block(1, &transactions[..3]);
    block.accounts = vec![account(1)];
    let affected = pool.affected_accounts(&block);
    assert_eq!(affected, [(account(1), 2)]);
    let pruned = pool.apply(&block, &[(account(1), 3)]);
    assert_eq!((pruned.included, pruned.outdated), (2, 0));
    pool.assert_consistent();
    assert_eq!(ready(&pool), [(1, 3)]);
    assert_eq!(pool.next_nonce(&account(1)), Some(4));
}

#[test]
fn apply_drops_what_another_transaction_outdated() {
    let mut pool = pool(MempoolConfig::default());
    insert(&mut pool, Transaction::new(1, 0), 0).unwrap();
    let mut block = block(1, &[Transaction { priority: 9, ..Transaction::new(1, 0) }]);
    block.accounts = vec![account(1)];
    let pruned = pool.apply(&block, &[(account(1), 1)]);
    assert_eq!((pruned.included, pruned.outdated), (0, 1));
    assert_eq!(pool.status(), PoolStatus::default());
    assert_eq!(pool.next_nonce(&account(1)), None);
}

#[test]
fn apply_after_missed_blocks_asks_for_every_account() {
    let mut pool = pool(MempoolConfig::default());
    insert(&mut pool, Transaction::new(1, 0), 0).unwrap();
    insert(&mut pool, Transaction::new(2, 0), 0).unwrap();
    assert_eq!(pool.affected_accounts(&block(1, &[])), []);
    assert_eq!(pool.affected_accounts(&block(2, &[])), [(account(1), 0), (account(2), 0)]);
}

#[test]
fn apply_of_an_account_that_started_over_makes_it_wait() {
    let mut pool = pool(MempoolConfig::default());
    insert(&mut pool, Transaction::new(1, 5), 5).unwrap();
    pool.apply(&block(1, &[]), &[(account(1), 0)]);
    pool.assert_consistent();
    assert_eq!(pool.status(), PoolStatus { ready: 0, future: 1, bytes: 13 });
}

#[test]
fn apply_drops_the_expired() {
    let mut pool = pool(MempoolConfig { lifetime_blocks_max: 3, ..MempoolConfig::default() });
    insert(&mut pool, Transaction { longevity: 2, ..Transaction::new(1, 0) }, 0).unwrap();
    insert(&mut pool, Transaction::new(1, 1), 0).unwrap();
    assert_eq!(apply(&mut pool, &block(1, &[])), (0, 0));
    assert_eq!(apply(&mut pool, &block(2, &[])), (0, 1));
    assert_eq!(pool.status(), PoolStatus { ready: 0, future: 1, bytes: 13 });
    // The limit applies to immortal transactions.
    assert_eq!(apply(&mut pool, &block(3, &[])), (0, 1));
    assert_eq!(pool.status(), PoolStatus::default());
}

#[test]
fn remove_invalid_bans_for_some_blocks_and_makes_the_rest_wait() {
    let mut pool = pool(MempoolConfig { ban_blocks: 2, banned_max: 2, ..MempoolConfig::default() });
    let transactions: Vec<_> = (0..3).map(|nonce| Transaction::new(1, nonce)).collect();
    for transaction in &transactions {
        insert(&mut pool, *transaction, 0).unwrap();
    }
    assert_eq!(pool.remove_invalid(&[transactions[1].hash()]), 1);
    pool.assert_consistent();
    assert_eq!(pool.status(), PoolStatus { ready: 1, future: 1, bytes: 26 });
    let banned = Err(PoolError::TemporarilyBanned);
    assert_eq!(insert(&mut pool, transactions[1], 0), banned);
    apply(&mut pool, &block(1, &[]));
    assert_eq!(insert(&mut pool, transactions[1], 0), banned);
    apply(&mut pool, &block(2, &[]));
    insert(&mut pool, transactions[1], 0).unwrap();
    assert_eq!(pool.status().ready, 3);
    // The oldest of too many is forgotten.
    let others = [Transaction::new(7, 0), Transaction::new(7, 1), Transaction::new(7, 2)];
    assert_eq!(pool.remove_invalid(&others.map(|t| t.hash())), 0);
    insert(&mut pool, others[0], 0).unwrap();
    assert_eq!(insert(&mut pool, others[1], 0), banned);
}

#[test]
fn account_prefix_is_that_of_system_accounts() {
    use crate::executor::{ACCOUNT_PREFIX, account_of};
    let mut key = ACCOUNT_PREFIX.to_vec();
    key.extend([0xaa; 16]);
    key.extend([7; 32]);
    assert_eq!(account_of(&key), Some(account(7)));
    assert_eq!(account_of(&key[..79]), None);
    key.push(0);
    assert_eq!(account_of(&key), None);
    assert_eq!(account_of(&[0; 80]), None);
}
