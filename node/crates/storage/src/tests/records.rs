//! Undecided proposals and the pool.

use super::Chain;
use crate::StateRetention;
use ecoledger_primitives::ValueId;

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
fn pool_is_taken_once_and_in_order() {
    let chain = Chain::new(StateRetention::Archive);
    assert_eq!(chain.storage.take_pool().unwrap(), Vec::<Vec<u8>>::new());
    chain.storage.put_pool(&[vec![1], vec![2], vec![3]]).unwrap();
    let transactions: Vec<Vec<u8>> = (0u16..300).map(|i| i.to_be_bytes().to_vec()).collect();
    chain.storage.put_pool(&transactions).unwrap();
    chain.storage.put_pool(&transactions[1..]).unwrap();
    let chain = chain.reopen();
    assert_eq!(chain.storage.take_pool().unwrap(), transactions[1..]);
    assert_eq!(chain.storage.take_pool().unwrap(), Vec::<Vec<u8>>::new());
}
