//! What is stored of the pool, when, and what becomes of it at the next start.

use super::{ModelChain, Transaction, model::Flaw};
use crate::{
    config::MempoolConfig,
    error::PoolError,
    mempool::{Mempool, Source},
    pool::PoolStatus,
};
use ecoledger_primitives::Hash;
use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
};

fn mempool(chain: &Arc<ModelChain>) -> Mempool {
    Mempool::with_admission(chain.clone(), MempoolConfig::default())
}

async fn submit(mempool: &Mempool, transactions: &[Transaction]) {
    for transaction in transactions {
        mempool.submit(transaction.encode(), Source::Local).await.unwrap();
    }
}

/// What is stored, once all that happened to the pool has been written.
async fn stored(chain: &ModelChain, mempool: &Mempool) -> BTreeSet<Hash> {
    mempool.persist().await.unwrap();
    chain.stored_hashes().into_iter().collect()
}

fn hashes(transactions: &[Transaction]) -> BTreeSet<Hash> {
    transactions.iter().map(Transaction::hash).collect()
}

#[tokio::test]
async fn a_clients_transaction_is_stored_before_it_is_acknowledged() {
    let chain = ModelChain::new();
    let mempool = mempool(&chain);
    let transaction = Transaction::new(1, 0);
    chain.stall_store(true);
    let submission = {
        let mempool = mempool.clone();
        tokio::spawn(async move { mempool.submit(transaction.encode(), Source::Local).await })
    };
    mempool.until(|status| status.ready == 1).await;
    // A peer's takes the same way, and waits for no store.
    mempool.submit(Transaction::new(2, 0).encode(), Source::Gossip).await.unwrap();
    let is_waiting = !submission.is_finished();
    chain.stall_store(false);
    submission.await.unwrap().unwrap();
    assert!(is_waiting);
    assert_eq!(chain.stored_hashes(), [transaction.hash()]);

    let (hash, _) = mempool.submit_and_watch(Transaction::new(1, 2).encode()).await.unwrap();
    assert!(chain.stored_hashes().contains(&hash));
}

#[tokio::test]
async fn a_peers_transaction_is_stored_at_the_end_only() {
    let chain = ModelChain::new();
    let mempool = mempool(&chain);
    let (first, second) = (Transaction::new(1, 0), Transaction::new(2, 0));
    mempool.submit(first.encode(), Source::Gossip).await.unwrap();
    submit(&mempool, &[second]).await;
    assert_eq!(chain.stored_hashes(), [second.hash()]);
    assert_eq!(mempool.persist().await, Ok(2));
    assert_eq!(stored(&chain, &mempool).await, hashes(&[first, second]));
}

#[tokio::test]
async fn what_leaves_the_pool_is_stored_no_longer() {
    let chain = ModelChain::new();
    let config = MempoolConfig { transactions_max: 6, ..MempoolConfig::default() };
    let mempool = Mempool::with_admission(chain.clone(), config);
    let included = Transaction::new(1, 0);
    let outdated = Transaction::new(1, 1);
    let failed = Transaction::new(2, 0);
    let usurped = Transaction::new(3, 0);
    let expired = Transaction { longevity: 2, ..Transaction::new(4, 0) };
    let dropped = Transaction::new(1, 2);
    let all = [included, outdated, failed, usurped, expired, dropped];
    submit(&mempool, &all).await;
    assert_eq!(stored(&chain, &mempool).await, hashes(&all));

    let usurper = Transaction { priority: 1, ..usurped };
    submit(&mempool, &[usurper]).await;
    let left = [included, outdated, failed, usurper, expired, dropped];
    assert_eq!(stored(&chain, &mempool).await, hashes(&left));

    let pushing = Transaction::new(5, 0);
    submit(&mempool, &[pushing]).await;
    let left = [included, outdated, failed, usurper, expired, pushing];
    assert_eq!(stored(&chain, &mempool).await, hashes(&left));

    mempool.remove_invalid(&[failed.hash()]);
    // Another node's block has another transaction with the second nonce.
    let other = Transaction { priority: 1, ..outdated };
    chain.commit_to(&mempool, &[included, other]);
    assert_eq!(stored(&chain, &mempool).await, hashes(&[usurper, expired, pushing]));
    chain.commit_to(&mempool, &[]);
    assert_eq!(stored(&chain, &mempool).await, hashes(&[usurper, pushing]));
}

#[tokio::test]
async fn a_transaction_that_cannot_be_stored_is_refused() {
    let chain = ModelChain::new();
    let mempool = mempool(&chain);
    chain.store_fails.store(true, Ordering::SeqCst);
    let transaction = Transaction::new(1, 0);
    let error = mempool.submit(transaction.encode(), Source::Local).await;
    assert_eq!(error, Err(PoolError::Internal("disk".into())));
    assert_eq!(mempool.status(), PoolStatus::default());
    assert_eq!(mempool.persist().await, Err(PoolError::Internal("disk".into())));
    chain.store_fails.store(false, Ordering::SeqCst);
    submit(&mempool, &[transaction]).await;
    assert_eq!(chain.stored_hashes(), [transaction.hash()]);
}

#[tokio::test]
async fn restored_transactions_are_judged_again() {
    let chain = ModelChain::new();
    let before = mempool(&chain);
    let first = Transaction::new(1, 0);
    let others = [(1, 1), (1, 3), (2, 0)].map(|(signer, nonce)| Transaction::new(signer, nonce));
    submit(&before, &[first]).await;
    submit(&before, &others).await;
    // The process dies: nobody says goodbye. The block comes while it is away.
    chain.commit(&[first]);
    let after = mempool(&chain);
    assert_eq!(after.restore().await, Ok(3));
    assert_eq!(after.status(), PoolStatus { ready: 2, future: 1, bytes: 39 });
    assert_eq!(stored(&chain, &after).await, hashes(&others));
    assert_eq!(after.restore().await, Ok(0));
    assert_eq!(after.status(), PoolStatus { ready: 2, future: 1, bytes: 39 });
    assert_eq!(stored(&chain, &after).await, hashes(&others));
}

#[tokio::test]
async fn restored_transactions_leave_the_store_with_the_pool() {
    let chain = ModelChain::new();
    let transactions = [Transaction::new(1, 0), Transaction::new(1, 1)];
    submit(&mempool(&chain), &transactions).await;
    let after = mempool(&chain);
    assert_eq!(after.restore().await, Ok(2));
    chain.commit_to(&after, &transactions);
    assert_eq!(stored(&chain, &after).await, hashes(&[]));
}

#[tokio::test]
async fn restoring_follows_the_nonces() {
    let chain = ModelChain::new();
    let transactions: Vec<_> = (0..8).map(|nonce| Transaction::new(1, nonce)).collect();
    submit(&mempool(&chain), &transactions).await;
    // Where half of them have a place, it is the half that a block can take.
    let config = MempoolConfig { transactions_max: 4, ..MempoolConfig::default() };
    let after = Mempool::with_admission(chain.clone(), config);
    assert_eq!(after.restore().await, Ok(4));
    assert_eq!(after.status(), PoolStatus { ready: 4, future: 0, bytes: 52 });
    assert_eq!(stored(&chain, &after).await, hashes(&transactions[..4]));
}

#[tokio::test]
async fn what_cannot_be_judged_stays_stored() {
    let chain = ModelChain::new();
    let unread = Transaction { flaw: Flaw::Internal, ..Transaction::new(1, 0) };
    let unsound = Transaction { flaw: Flaw::BadProof, ..Transaction::new(1, 1) };
    chain.store(&[unread, unsound]);
    let mempool = mempool(&chain);
    assert_eq!(mempool.restore().await, Ok(0));
    assert_eq!(stored(&chain, &mempool).await, hashes(&[unread]));
}
