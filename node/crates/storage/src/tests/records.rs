//! Undecided proposals and the pool.

use super::Chain;
use crate::StateRetention;
use ecoledger_primitives::{Hash, ValueId};

#[test]
fn undecided_proposals_are_kept_by_height() {
    let chain = Chain::new(StateRetention::Archive);
    let id = |seed| ValueId([seed; 32]);
    let put = |height, round, seed, bytes: &[u8]| {
        chain.storage.put_undecided(height, round, id(seed), bytes).unwrap();
    };
    put(5, 1, 2, b"later round");
    put(5, 0, 9, b"replaced");
    put(5, 0, 9, b"first");
    put(5, 0, 1, b"");
    put(4, u32::MAX, 0xff, b"below");
    put(6, 0, 0, b"above");
    put(u32::MAX, 0, 0, b"last");
    let chain = chain.reopen();
    let storage = &chain.storage;
    assert_eq!(
        storage.undecided(5).unwrap(),
        [
            (0, id(1), b"".to_vec()),
            (0, id(9), b"first".to_vec()),
            (1, id(2), b"later round".to_vec())
        ]
    );
    storage.prune_undecided(4).unwrap();
    assert_eq!(storage.undecided(4).unwrap(), []);
    assert_eq!(storage.undecided(5).unwrap().len(), 3);
    storage.prune_undecided(5).unwrap();
    assert_eq!(storage.undecided(5).unwrap(), []);
    assert_eq!(storage.undecided(6).unwrap().len(), 1);
    assert_eq!(storage.undecided(u32::MAX).unwrap().len(), 1);
    storage.prune_undecided(u32::MAX).unwrap();
    assert_eq!(storage.undecided(u32::MAX).unwrap(), []);
}

#[test]
fn pool_holds_what_was_put_and_not_taken_out() {
    let chain = Chain::new(StateRetention::Archive);
    assert_eq!(chain.storage.pool().unwrap(), []);
    let transactions: Vec<(Hash, Vec<u8>)> = (0u16..300)
        .map(|i| (Hash::from_low_u64_be(u64::from(i)), i.to_be_bytes().to_vec()))
        .collect();
    let puts = transactions.iter().map(|(hash, raw)| (hash, Some(raw.as_slice())));
    chain.storage.update_pool(puts).unwrap();
    let chain = chain.reopen();
    assert_eq!(chain.storage.pool().unwrap(), transactions);

    // Together: one is put again, some are taken out, and one that was never there.
    let absent = Hash::repeat_byte(9);
    let again = (&transactions[299].0, Some(transactions[299].1.as_slice()));
    let taken = transactions[1..299].iter().map(|(hash, _)| (hash, None));
    chain.storage.update_pool(taken.chain([again, (&absent, None)])).unwrap();
    let chain = chain.reopen();
    assert_eq!(chain.storage.pool().unwrap(), [transactions[0].clone(), transactions[299].clone()]);
}
