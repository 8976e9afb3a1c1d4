//! Random sequences of operations against a model of maps.

use super::{Transaction, account, model::block_hash, pool::insert};
use crate::{
    config::MempoolConfig,
    error::PoolError,
    pool::{Inclusion, Pool},
};
use ecoledger_primitives::{BlockNumber, Hash, Nonce};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const CONFIG: MempoolConfig = MempoolConfig {
    transactions_max: 12,
    bytes_max: 400,
    account_transactions_max: 6,
    account_bytes_max: 200,
    transaction_bytes_max: 100,
    lifetime_blocks_max: 8,
    banned_max: 4,
    ban_blocks: 2,
    watched_max: 1,
    waiting_max: 1,
    validators_max: 1,
};

#[derive(Clone, Debug)]
enum Operation {
    Insert(Transaction),
    /// Commits this many of what is ready, and this many nonces of accounts from elsewhere.
    Commit {
        ready: usize,
        elsewhere: Vec<u8>,
    },
    /// Reports one of what is ready as failed.
    Fail(prop::sample::Index),
}

fn operation() -> impl Strategy<Value = Operation> {
    let transaction = (0u8..5, 0u32..10, 0u8..3, 1u16..12, 0usize..80).prop_map(
        |(signer, nonce, priority, longevity, padding)| Transaction {
            priority,
            longevity,
            padding: (padding, 0),
            ..Transaction::new(signer, nonce)
        },
    );
    prop_oneof![
        8 => transaction.prop_map(Operation::Insert),
        2 => (0usize..6, prop::collection::vec(0u8..5, 0..3))
            .prop_map(|(ready, elsewhere)| Operation::Commit { ready, elsewhere }),
        1 => any::<prop::sample::Index>().prop_map(Operation::Fail),
    ]
}

/// What the pool should hold: nothing is lost or doubled without the model knowing why.
#[derive(Default)]
struct Model {
    height: BlockNumber,
    nonces: BTreeMap<u8, Nonce>,
    held: BTreeMap<(u8, Nonce), (Transaction, BlockNumber)>,
    banned: BTreeSet<Hash>,
    stored: BTreeSet<Hash>,
}

impl Model {
    fn nonce(&self, signer: u8) -> Nonce {
        self.nonces.get(&signer).copied().unwrap_or(0)
    }

    fn ready(&self) -> BTreeSet<(u8, Nonce)> {
        let follows = |&(signer, nonce): &(u8, Nonce)| {
            (self.nonce(signer)..=nonce).all(|n| self.held.contains_key(&(signer, n)))
        };
        self.held.keys().copied().filter(follows).collect()
    }
}

fn held_by(pool: &Pool) -> BTreeSet<Vec<u8>> {
    let all = pool.all();
    let set: BTreeSet<Vec<u8>> = all.iter().map(|raw| raw.to_vec()).collect();
    assert_eq!(set.len(), all.len(), "a transaction is held twice");
    set
}

fn check_insert(pool: &mut Pool, model: &mut Model, transaction: Transaction) {
    let before = held_by(pool);
    let chain_nonce = model.nonce(transaction.signer);
    let place = (transaction.signer, transaction.nonce);
    match insert(pool, transaction, chain_nonce) {
        Ok(inserted) => {
            assert!(transaction.nonce >= chain_nonce);
            assert!(transaction.nonce < chain_nonce + CONFIG.account_transactions_max);
            if let Some((old, _)) = model.held.get(&place) {
                assert!(transaction.priority > old.priority);
            }
            let expires_at = model.height + u32::from(transaction.longevity).min(8);
            model.held.insert(place, (transaction, expires_at));
            pool.mark_stored(&transaction.hash());
            model.stored.insert(transaction.hash());
            let after = held_by(pool);
            let dropped: Vec<_> =
                before.iter().filter(|raw| !after.contains(*raw)).cloned().collect();
            let usurped =
                |raw: &[u8]| Transaction::decode(raw).is_some_and(|t| (t.signer, t.nonce) == place);
            let dropped: Vec<_> = dropped.into_iter().filter(|raw| !usurped(raw)).collect();
            assert_eq!(dropped.len() as u64, inserted.dropped);
            for raw in dropped {
                let dropped = Transaction::decode(&raw).unwrap();
                assert_ne!(dropped.signer, transaction.signer);
                model.held.remove(&(dropped.signer, dropped.nonce));
            }
            assert_eq!(inserted.ready, model.ready().contains(&place));
        }
        Err(error) => {
            assert_eq!(before, held_by(pool), "a refusal changed the pool");
            let held = model.held.get(&place).map(|(held, _)| *held);
            match error {
                PoolError::AlreadyImported(_) => assert_eq!(held, Some(transaction)),
                PoolError::TemporarilyBanned => {
                    assert!(model.banned.contains(&transaction.hash()));
                }
                PoolError::InvalidTransaction(_) => assert!(transaction.nonce < chain_nonce),
                PoolError::RejectedFuture { max, .. } => assert!(transaction.nonce > max),
                PoolError::TooLowPriority { .. } => {
                    assert!(held.is_some_and(|held| held.priority >= transaction.priority));
                }
                PoolError::ImmediatelyDropped => {
                    let len = transaction.encode().len();
                    let status = pool.status();
                    let of_signer = |t: &&(Transaction, _)| t.0.signer == transaction.signer;
                    let account: usize =
                        model.held.values().filter(of_signer).map(|t| t.0.encode().len()).sum();
                    assert!(
                        status.bytes + len > CONFIG.bytes_max
                            || status.ready + status.future >= CONFIG.transactions_max
                            || account + len > CONFIG.account_bytes_max
                    );
                }
                other => panic!("unexpected {other}"),
            }
        }
    }
}

fn check_commit(pool: &mut Pool, model: &mut Model, ready: usize, elsewhere: &[u8]) {
    let chosen = pool.ready(usize::MAX, ready);
    let mut block = Inclusion { number: model.height + 1, ..Inclusion::default() };
    block.hash = block_hash(block.number);
    for raw in &chosen {
        let transaction = Transaction::decode(raw).unwrap();
        assert_eq!(transaction.nonce, model.nonce(transaction.signer), "nonce order");
        *model.nonces.entry(transaction.signer).or_default() += 1;
        block.transactions.push(transaction.hash());
        block.accounts.push(account(transaction.signer));
    }
    for signer in elsewhere {
        *model.nonces.entry(*signer).or_default() += 1;
        block.accounts.push(account(*signer));
    }
    model.height += 1;
    let nonces: Vec<_> = pool
        .affected_accounts(&block)
        .into_iter()
        .map(|(id, at_least)| {
            let index: &[u8; 32] = id.as_ref();
            (id.clone(), model.nonce(index[0]).max(at_least))
        })
        .collect();
    let pruned = pool.apply(&block, &nonces);
    assert_eq!(pruned.included, chosen.len() as u64);
    let (height, nonces) = (model.height, model.nonces.clone());
    model.held.retain(|(signer, nonce), (_, expires_at)| {
        *nonce >= nonces.get(signer).copied().unwrap_or(0) && *expires_at > height
    });
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        rng_seed: prop::test_runner::RngSeed::Fixed(7),
        ..ProptestConfig::default()
    })]

    #[test]
    fn pool_agrees_with_its_model(operations in prop::collection::vec(operation(), 1..80)) {
        let mut pool = Pool::new(CONFIG, 0);
        let mut model = Model::default();
        for operation in operations {
            match operation {
                Operation::Insert(transaction) => {
                    check_insert(&mut pool, &mut model, transaction);
                }
                Operation::Commit { ready, elsewhere } => {
                    check_commit(&mut pool, &mut model, ready, &elsewhere);
                }
                Operation::Fail(index) => {
                    let ready = pool.ready(usize::MAX, usize::MAX);
                    if !ready.is_empty() {
                        let failed = Transaction::decode(&ready[index.index(ready.len())]).unwrap();
                        prop_assert_eq!(pool.remove_invalid(&[failed.hash()]), 1);
                        model.banned.insert(failed.hash());
                        model.held.remove(&(failed.signer, failed.nonce));
                    }
                }
            }
            pool.assert_consistent();
            let expected: BTreeSet<Vec<u8>> =
                model.held.values().map(|(transaction, _)| transaction.encode()).collect();
            prop_assert_eq!(held_by(&pool), expected);
            for hash in pool.take_left() {
                prop_assert!(model.stored.remove(&hash), "left and was not stored");
            }
            let held: BTreeSet<_> = model.held.values().map(|(held, _)| held.hash()).collect();
            prop_assert_eq!(&model.stored, &held);
            let ready = pool.ready(usize::MAX, usize::MAX);
            let ready: Vec<_> = ready.iter().filter_map(|raw| Transaction::decode(raw)).collect();
            let places: BTreeSet<_> = ready.iter().map(|t| (t.signer, t.nonce)).collect();
            prop_assert_eq!(ready.len(), places.len());
            prop_assert_eq!(places, model.ready());
        }
    }
}
