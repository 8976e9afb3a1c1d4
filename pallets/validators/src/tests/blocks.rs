//! What blocks commit to, and which blocks are invalid.

use crate::{Config, mock::*};
use ecoledger_primitives::{ENGINE_ID, Header, HeaderDigest, PreDigest, ValidatorSet};
use frame_support::{
    assert_ok,
    traits::{Get, Hooks},
};
use sp_runtime::{Digest, DigestItem};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn set(indices: &[u8]) -> ValidatorSet {
    ValidatorSet::new(indices.iter().map(|index| key(*index)).collect()).unwrap()
}

fn hashes(header: &Header) -> ([u8; 32], [u8; 32]) {
    let sets = HeaderDigest::of(header).unwrap().sets;
    (sets.next, sets.after_next)
}

fn panics(run: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(run)).is_err()
}

fn pre(time_ms: u64, proposer: u8) -> PreDigest {
    PreDigest { time_ms, proposer: key(proposer) }
}

#[test]
fn genesis_gives_the_sets_of_blocks_1_and_2() {
    ExtBuilder::default().build_and_execute(|| {
        let four = set(&[0, 1, 2, 3]);
        assert_eq!(ValidatorsPallet::validator_sets(), (four.clone(), four));
    });
}

#[test]
fn headers_commit_to_the_sets_that_follow() {
    ExtBuilder::default().build_and_execute(|| {
        let four = set(&[0, 1, 2, 3]);
        let header = run_block(0, || ());
        assert_eq!(hashes(&header), (four.hash(), four.hash()));
        assert_eq!(header.digest.logs.len(), 2);
    });
}

#[test]
fn a_change_in_block_h_acts_from_h_plus_2() {
    ExtBuilder::default().build_and_execute(|| {
        let four = set(&[0, 1, 2, 3]);
        let five = set(&[0, 1, 2, 3, 4]);
        run_block(0, || ());
        // Block 2 decides.
        let header = run_block(1, || {
            assert_ok!(ValidatorsPallet::add_validator(RuntimeOrigin::root(), key(4), node(4)));
        });
        assert_eq!(hashes(&header), (four.hash(), five.hash()));
        assert_eq!(ValidatorsPallet::validator_sets(), (four, five.clone()));
        // Block 3 is still the old set's.
        assert!(panics(|| {
            run_block(4, || ());
        }));
    });
    ExtBuilder::default().build_and_execute(|| {
        let five = set(&[0, 1, 2, 3, 4]);
        run_block(0, || ());
        run_block(1, || {
            assert_ok!(ValidatorsPallet::add_validator(RuntimeOrigin::root(), key(4), node(4)));
        });
        let header = run_block(2, || ());
        assert_eq!(hashes(&header), (five.hash(), five.hash()));
        // Block 4 is the new set's.
        run_block(4, || ());
    });
}

#[test]
fn changes_in_consecutive_blocks_keep_their_heights() {
    ExtBuilder::default().build_and_execute(|| {
        let first = run_block(0, || {
            assert_ok!(ValidatorsPallet::remove_validator(RuntimeOrigin::root(), key(0)));
        });
        let second = run_block(0, || {
            assert_ok!(ValidatorsPallet::rotate_validator(RuntimeOrigin::root(), key(1), key(7)));
        });
        let third = run_block(1, || {
            assert_ok!(ValidatorsPallet::add_validator(RuntimeOrigin::root(), key(0), node(0)));
        });
        let fourth = run_block(7, || ());
        let at = [
            set(&[0, 1, 2, 3]).hash(), // of block 2
            set(&[1, 2, 3]).hash(),    // of block 3
            set(&[2, 3, 7]).hash(),    // of block 4
            set(&[0, 2, 3, 7]).hash(), // of block 5, and on
        ];
        assert_eq!(hashes(&first), (at[0], at[1]));
        assert_eq!(hashes(&second), (at[1], at[2]));
        assert_eq!(hashes(&third), (at[2], at[3]));
        assert_eq!(hashes(&fourth), (at[3], at[3]));
        run_block(0, || ());
    });
}

#[test]
fn a_block_needs_exactly_one_pre_digest() {
    let good = pre(time_ms(1), 0);
    let item = DigestItem::PreRuntime(ENGINE_ID, codec::Encode::encode(&good));
    let mut trailing = codec::Encode::encode(&good);
    trailing.push(0);
    let bad = [
        Digest::default(),
        Digest { logs: vec![item.clone(), item.clone()] },
        Digest { logs: vec![item, DigestItem::Other(vec![])] },
        Digest { logs: vec![DigestItem::PreRuntime(*b"aura", codec::Encode::encode(&good))] },
        Digest { logs: vec![DigestItem::Consensus(ENGINE_ID, codec::Encode::encode(&good))] },
        Digest { logs: vec![DigestItem::PreRuntime(ENGINE_ID, trailing)] },
        Digest { logs: vec![DigestItem::PreRuntime(ENGINE_ID, vec![0; 39])] },
    ];
    for digest in bad {
        ExtBuilder::default().build_and_execute(|| {
            assert!(panics(|| begin_block(&digest)), "{digest:?}");
        });
    }
    ExtBuilder::default().build_and_execute(|| begin_block(&good.to_digest()));
}

#[test]
fn a_proposer_outside_the_set_makes_the_block_invalid() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(panics(|| begin_block(&pre(time_ms(1), 4).to_digest())));
    });
}

#[test]
fn a_removed_proposer_makes_the_block_invalid_from_h_plus_2() {
    let remove_0 = || {
        assert_ok!(ValidatorsPallet::remove_validator(RuntimeOrigin::root(), key(0)));
    };
    ExtBuilder::default().build_and_execute(|| {
        run_block(0, remove_0);
        run_block(0, || ());
        assert!(panics(|| begin_block(&pre(time_ms(3), 0).to_digest())));
    });
}

#[test]
fn a_timestamp_that_is_not_the_header_s_makes_the_block_invalid() {
    for wrong in [time_ms(1) - 1, time_ms(1) + 1, u64::MAX] {
        ExtBuilder::default().build_and_execute(|| {
            begin_block(&pre(time_ms(1), 0).to_digest());
            assert!(panics(|| {
                let _ = Timestamp::set(RuntimeOrigin::none(), wrong);
            }));
        });
    }
}

#[test]
fn a_timestamp_needs_a_header() {
    ExtBuilder::default().build_and_execute(|| {
        assert!(panics(|| {
            let _ = Timestamp::set(RuntimeOrigin::none(), time_ms(1));
        }));
    });
}

#[test]
fn bounds_of_the_sets_are_consistent() {
    <ValidatorsPallet as Hooks<_>>::integrity_test();
    let max: u32 = <Test as Config>::MaxValidators::get();
    assert!(max as usize <= ecoledger_primitives::validators::VALIDATORS_MAX);
}
