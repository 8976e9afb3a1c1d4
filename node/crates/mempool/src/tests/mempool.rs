//! The pool's handle: refusals by name, statuses, notifications.

use super::{
    ModelChain, Transaction, account,
    model::{Flaw, block_hash},
};
use crate::{
    config::MempoolConfig,
    error::PoolError,
    mempool::{Mempool, Source},
    pool::PoolStatus,
    status::{StatusStream, TransactionStatus as Status},
};
use sp_runtime::transaction_validity::{InvalidTransaction, UnknownTransaction};
use std::sync::{Arc, atomic::Ordering};

fn mempool(config: MempoolConfig) -> (Arc<ModelChain>, Mempool) {
    let chain = ModelChain::new();
    let mempool = Mempool::with_admission(chain.clone(), config);
    (chain, mempool)
}

async fn submit(mempool: &Mempool, transaction: Transaction) -> Result<(), PoolError> {
    let hash = mempool.submit(transaction.encode(), Source::Local).await?;
    assert_eq!(hash, transaction.hash());
    Ok(())
}

async fn watch(mempool: &Mempool, transaction: Transaction) -> StatusStream {
    mempool.submit_and_watch(transaction.encode()).await.unwrap().1
}

async fn all(mut stream: StatusStream) -> Vec<Status> {
    let mut statuses = Vec::new();
    while let Some(status) = stream.next().await {
        statuses.push(status);
    }
    statuses
}

fn with(flaw: Flaw) -> Transaction {
    Transaction { flaw, ..Transaction::new(1, 0) }
}

#[tokio::test]
async fn submit_works() {
    let (_, mempool) = mempool(MempoolConfig::default());
    submit(&mempool, Transaction::new(1, 0)).await.unwrap();
    submit(&mempool, Transaction::new(1, 2)).await.unwrap();
    assert_eq!(mempool.status(), PoolStatus { ready: 1, future: 1, bytes: 26 });
    assert_eq!(mempool.pending().len(), 1);
    assert_eq!(mempool.next_nonce(&account(1)), Ok(1));
    assert_eq!(mempool.next_nonce(&account(2)), Ok(0));
    assert_eq!(mempool.metrics().submitted_local.get(), 2);
    assert_eq!(mempool.metrics().accepted.get(), 2);
}

#[tokio::test]
async fn submit_rejects_what_the_chain_refuses() {
    let (_, mempool) = mempool(MempoolConfig::default());
    let cases = [
        (Flaw::Undecodable, PoolError::BadFormat("flaw".into())),
        (Flaw::BadProof, PoolError::InvalidTransaction(InvalidTransaction::BadProof)),
        (Flaw::Unknown, PoolError::UnknownTransaction(UnknownTransaction::CannotLookup)),
        (Flaw::Internal, PoolError::Internal("flaw".into())),
        (Flaw::Panic, PoolError::Internal("validation did not finish".into())),
    ];
    for (flaw, error) in cases {
        assert_eq!(submit(&mempool, with(flaw)).await, Err(error));
    }
    assert_eq!(mempool.status(), PoolStatus::default());
}

#[tokio::test]
async fn submit_rejects_too_large_without_validation() {
    let (chain, mempool) =
        mempool(MempoolConfig { transaction_bytes_max: 20, ..MempoolConfig::default() });
    let sized = |padding| Transaction { padding: (padding, 0), ..Transaction::new(1, 0) };
    let error = PoolError::TooLarge { bytes: 21, bytes_max: 20 };
    assert_eq!(submit(&mempool, sized(8)).await, Err(error));
    assert_eq!(chain.n_validated.load(Ordering::SeqCst), 0);
    submit(&mempool, sized(7)).await.unwrap();
}

#[tokio::test]
async fn submit_rejects_a_duplicate_without_validation() {
    let (chain, mempool) = mempool(MempoolConfig::default());
    let transaction = Transaction::new(1, 0);
    submit(&mempool, transaction).await.unwrap();
    let error = PoolError::AlreadyImported(transaction.hash());
    assert_eq!(submit(&mempool, transaction).await, Err(error.clone()));
    assert_eq!(mempool.submit_and_watch(transaction.encode()).await.err(), Some(error));
    assert_eq!(chain.n_validated.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn submit_rejects_stale() {
    let (chain, mempool) = mempool(MempoolConfig::default());
    chain.set_nonce(1, 3);
    let error = PoolError::InvalidTransaction(InvalidTransaction::Stale);
    assert_eq!(submit(&mempool, Transaction::new(1, 2)).await, Err(error));
}

#[tokio::test]
async fn submit_rejects_what_failed_in_a_block() {
    let (chain, mempool) = mempool(MempoolConfig { ban_blocks: 1, ..MempoolConfig::default() });
    let transaction = Transaction::new(1, 0);
    let stream = watch(&mempool, transaction).await;
    mempool.remove_invalid(&[transaction.hash()]);
    assert_eq!(all(stream).await, [Status::Ready, Status::Invalid]);
    assert_eq!(submit(&mempool, transaction).await, Err(PoolError::TemporarilyBanned));
    chain.commit_to(&mempool, &[]);
    submit(&mempool, transaction).await.unwrap();
}

#[tokio::test]
async fn submit_rejects_a_low_priority_and_a_far_future() {
    let (_, mempool) =
        mempool(MempoolConfig { account_transactions_max: 2, ..MempoolConfig::default() });
    submit(&mempool, Transaction { priority: 1, ..Transaction::new(1, 0) }).await.unwrap();
    let error = PoolError::TooLowPriority { held: 1, got: 0 };
    assert_eq!(submit(&mempool, Transaction::new(1, 0)).await, Err(error));
    let error = PoolError::RejectedFuture { max: 1, got: 2 };
    assert_eq!(submit(&mempool, Transaction::new(1, 2)).await, Err(error));
}

#[tokio::test]
async fn submit_rejects_when_full() {
    let (_, mempool) = mempool(MempoolConfig { transactions_max: 1, ..MempoolConfig::default() });
    submit(&mempool, Transaction::new(1, 0)).await.unwrap();
    let full = Err(PoolError::ImmediatelyDropped);
    assert_eq!(submit(&mempool, Transaction::new(2, 0)).await, full);
}

#[tokio::test]
async fn submit_rejects_when_too_many_wait() {
    let (_, mempool) = mempool(MempoolConfig { waiting_max: 0, ..MempoolConfig::default() });
    let full = Err(PoolError::ImmediatelyDropped);
    assert_eq!(submit(&mempool, Transaction::new(1, 0)).await, full);
}

#[tokio::test]
async fn submit_and_watch_rejects_too_many_until_one_is_dropped() {
    let (_, mempool) = mempool(MempoolConfig { watched_max: 1, ..MempoolConfig::default() });
    let stream = watch(&mempool, Transaction::new(1, 0)).await;
    let second = Transaction::new(1, 1).encode();
    let error = mempool.submit_and_watch(second.clone()).await.err();
    assert_eq!(error, Some(PoolError::TooManyWatched));
    drop(stream);
    mempool.submit_and_watch(second).await.unwrap();
}

#[tokio::test]
async fn refusals_are_counted_by_reason() {
    let (_, mempool) = mempool(MempoolConfig::default());
    submit(&mempool, with(Flaw::BadProof)).await.unwrap_err();
    let mut registry = prometheus_client::registry::Registry::default();
    mempool.metrics().register(&mut registry);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
    assert!(text.contains("mempool_refused_total{reason=\"invalid\"} 1"), "{text}");
    assert!(text.contains("substrate_ready_transactions_number 0"), "{text}");
}

#[tokio::test]
async fn every_error_has_its_own_reason() {
    let errors = [
        PoolError::BadFormat(String::new()),
        PoolError::TooLarge { bytes: 2, bytes_max: 1 },
        PoolError::InvalidTransaction(InvalidTransaction::BadProof),
        PoolError::InvalidTransaction(InvalidTransaction::Stale),
        PoolError::UnknownTransaction(UnknownTransaction::CannotLookup),
        PoolError::TemporarilyBanned,
        PoolError::AlreadyImported(block_hash(0)),
        PoolError::TooLowPriority { held: 1, got: 1 },
        PoolError::ImmediatelyDropped,
        PoolError::TooManyWatched,
        PoolError::RejectedFuture { max: 1, got: 2 },
        PoolError::Internal(String::new()),
    ];
    let reasons: std::collections::BTreeSet<_> = errors.iter().map(PoolError::reason).collect();
    assert_eq!(reasons.len(), errors.len());
    let misbehaviour: Vec<_> =
        errors.iter().filter(|e| e.is_misbehaviour()).map(PoolError::reason).collect();
    assert_eq!(misbehaviour, ["bad_format", "too_large", "invalid"]);
}

#[tokio::test]
async fn watcher_sees_ready_in_block_and_finalized() {
    let (chain, mempool) = mempool(MempoolConfig::default());
    let transaction = Transaction::new(1, 0);
    let stream = watch(&mempool, transaction).await;
    mempool.on_broadcast(&[transaction.hash()], &["peer".to_owned()]);
    let block = chain.commit_to(&mempool, &[transaction]);
    let expected = [
        Status::Ready,
        Status::Broadcast(vec!["peer".to_owned()]),
        Status::InBlock(block),
        Status::Finalized(block),
    ];
    assert_eq!(all(stream).await, expected);
}

#[tokio::test]
async fn watcher_of_a_future_transaction_sees_it_promoted_once() {
    let (chain, mempool) = mempool(MempoolConfig::default());
    let first = Transaction::new(1, 0);
    let second = Transaction::new(1, 1);
    let third = Transaction::new(1, 2);
    let third_stream = watch(&mempool, third).await;
    submit(&mempool, first).await.unwrap();
    submit(&mempool, second).await.unwrap();
    chain.commit_to(&mempool, &[first, second]);
    let block = chain.commit_to(&mempool, &[third]);
    let expected =
        [Status::Future, Status::Ready, Status::InBlock(block), Status::Finalized(block)];
    assert_eq!(all(third_stream).await, expected);
}

#[tokio::test]
async fn watchers_see_usurped_dropped_and_outdated() {
    let (chain, mempool) =
        mempool(MempoolConfig { transactions_max: 3, ..MempoolConfig::default() });
    let usurped = watch(&mempool, Transaction::new(1, 0)).await;
    let usurper = Transaction { priority: 1, ..Transaction::new(1, 0) };
    let usurper_stream = watch(&mempool, usurper).await;
    assert_eq!(all(usurped).await, [Status::Ready, Status::Usurped(usurper.hash())]);

    submit(&mempool, Transaction::new(1, 1)).await.unwrap();
    let dropped = watch(&mempool, Transaction::new(1, 2)).await;
    submit(&mempool, Transaction::new(2, 0)).await.unwrap();
    assert_eq!(all(dropped).await, [Status::Ready, Status::Dropped]);

    // Another node's block has another transaction with that nonce.
    chain.commit_to(&mempool, &[Transaction { priority: 2, ..Transaction::new(1, 0) }]);
    assert_eq!(all(usurper_stream).await, [Status::Ready, Status::Invalid]);
}

#[tokio::test]
async fn watcher_that_does_not_read_misses_no_last_status() {
    let (chain, mempool) = mempool(MempoolConfig { ban_blocks: 0, ..MempoolConfig::default() });
    let (first, second) = (Transaction::new(1, 0), Transaction::new(1, 1));
    let stream = watch(&mempool, second).await;
    for _ in 0..40 {
        submit(&mempool, first).await.unwrap();
        mempool.remove_invalid(&[first.hash()]);
    }
    submit(&mempool, first).await.unwrap();
    let block = chain.commit_to(&mempool, &[first, second]);
    let statuses = all(stream).await;
    assert!(statuses.ends_with(&[Status::InBlock(block), Status::Finalized(block)]));
}

#[tokio::test]
async fn transaction_included_while_another_is_submitted_is_told_so() {
    let (chain, mempool) = mempool(MempoolConfig::default());
    let first = Transaction::new(1, 0);
    let stream = watch(&mempool, first).await;
    // The chain has the block, the pool has not heard of it.
    let block = chain.commit(&[first]);
    submit(&mempool, Transaction::new(1, 1)).await.unwrap();
    mempool.apply(&block);
    let expected = [Status::Ready, Status::InBlock(block.hash), Status::Finalized(block.hash)];
    assert_eq!(all(stream).await, expected);
    assert_eq!(mempool.status(), PoolStatus { ready: 1, future: 0, bytes: 13 });
}

#[tokio::test]
async fn ready_notified_resolves_at_once_and_on_every_way_to_become_ready() {
    let (chain, mempool) = mempool(MempoolConfig::default());
    let waiting = || {
        let mempool = mempool.clone();
        tokio::spawn(async move { mempool.ready_notified().await })
    };
    let task = waiting();
    submit(&mempool, Transaction::new(1, 1)).await.unwrap();
    assert!(!mempool.has_ready());
    submit(&mempool, Transaction::new(1, 0)).await.unwrap();
    task.await.unwrap();
    mempool.ready_notified().await;

    // By a block that fills the gap.
    let transactions = [Transaction::new(1, 0), Transaction::new(1, 1)];
    chain.commit_to(&mempool, &transactions);
    submit(&mempool, Transaction::new(2, 1)).await.unwrap();
    let task = waiting();
    tokio::task::yield_now().await;
    assert!(!task.is_finished());
    chain.commit_to(&mempool, &[Transaction::new(2, 0)]);
    // The model's block names the account; its transaction was never in the pool.
    task.await.unwrap();
}

#[tokio::test]
async fn ready_notified_wakes_all_waiters() {
    let (_, mempool) = mempool(MempoolConfig::default());
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let mempool = mempool.clone();
            tokio::spawn(async move { mempool.ready_notified().await })
        })
        .collect();
    submit(&mempool, Transaction::new(1, 0)).await.unwrap();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn batch_answers_in_order() {
    let (_, mempool) = mempool(MempoolConfig::default());
    let known = Transaction::new(1, 0);
    submit(&mempool, known).await.unwrap();
    let second = Transaction::new(1, 1);
    let batch = [known, second, with(Flaw::BadProof)].map(|t| t.encode().into()).to_vec();
    let results = mempool.submit_batch(batch).await;
    let expected = [
        Err(PoolError::AlreadyImported(known.hash())),
        Ok(second.hash()),
        Err(PoolError::InvalidTransaction(InvalidTransaction::BadProof)),
    ];
    assert_eq!(results, expected);
    let results = mempool.submit_batch(vec![known.encode().into()]).await;
    assert_eq!(results, [Err(PoolError::AlreadyImported(known.hash()))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_submissions_and_blocks_lose_nothing() {
    const ACCOUNTS: u8 = 8;
    const NONCES: u32 = 60;
    let (chain, mempool) = mempool(MempoolConfig::default());
    let submitters: Vec<_> = (0..ACCOUNTS)
        .map(|signer| {
            let mempool = mempool.clone();
            tokio::spawn(async move {
                let mut streams = Vec::new();
                for nonce in 0..NONCES {
                    streams.push(watch(&mempool, Transaction::new(signer, nonce)).await);
                }
                streams
            })
        })
        .collect();
    let mut included = 0;
    while included < usize::from(ACCOUNTS) * NONCES as usize {
        mempool.ready_notified().await;
        let ready = mempool.ready(usize::MAX, 17);
        let transactions: Vec<_> =
            ready.iter().filter_map(|raw| Transaction::decode(raw)).collect();
        included += transactions.len();
        chain.commit_to(&mempool, &transactions);
    }
    for submitter in submitters {
        for stream in submitter.await.unwrap() {
            let statuses = all(stream).await;
            assert!(matches!(statuses.last(), Some(Status::Finalized(_))), "{statuses:?}");
        }
    }
    assert_eq!(mempool.status(), PoolStatus::default());
    mempool.persist().await.unwrap();
    assert_eq!(chain.stored_hashes(), []);
}
