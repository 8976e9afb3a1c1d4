use super::{set_of, signers};
use crate::context::{ChainContext, Height};
use malachitebft_app_channel::app::types::core::{
    Context, Height as _, Round, Validator, ValidatorSet,
};

#[test]
fn validators_propose_in_turn() {
    let signers = signers(4);
    let set = set_of(&signers);
    let turns: Vec<_> = (0..8)
        .map(|round| *ChainContext.select_proposer(&set, Height(5), Round::Some(round)).address())
        .collect();
    let expected: Vec<_> = (0..8).map(|i| signers[(5 + i) % 4].address()).collect();
    assert_eq!(turns, expected);
    // The next height begins where the next round would.
    assert_eq!(*ChainContext.select_proposer(&set, Height(6), Round::ZERO).address(), turns[1]);
}

#[test]
fn proposer_of_the_last_height_and_round_exists() {
    let set = set_of(&signers(3));
    ChainContext.select_proposer(&set, Height(u32::MAX), Round::Some(u32::MAX));
    ChainContext.select_proposer(&set, Height(0), Round::Nil);
}

#[test]
fn sets_find_their_members() {
    let signers = signers(5);
    let set = set_of(&signers);
    assert_eq!(set.count(), 5);
    assert_eq!(set.total_voting_power(), 5);
    for signer in &signers {
        assert_eq!(*set.get_by_address(&signer.address()).unwrap().address(), signer.address());
    }
    assert!(set.get_by_address(&crate::context::Address::NONE).is_none());
    assert!(set.get_by_index(5).is_none());
}

#[test]
fn heights_stay_in_range() {
    assert_eq!(Height(7).increment(), Height(8));
    assert_eq!(Height(u32::MAX).increment(), Height(u32::MAX));
    assert_eq!(Height(1).increment_by(u64::MAX), Height(u32::MAX));
    assert_eq!(Height(0).decrement(), None);
    assert_eq!(Height(9).decrement_by(4), Some(Height(5)));
    assert_eq!(Height(9).decrement_by(u64::MAX), None);
}
