use super::{Address, ChainContext, Height, Validator};
use malachitebft_app_channel::app::types::core::{self, Round, Validator as _, VotingPower};
use std::sync::Arc;

/// The validators of one height, ascending by key, never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidatorSet(Arc<[Validator]>);

impl From<&ecoledger_primitives::ValidatorSet> for ValidatorSet {
    fn from(set: &ecoledger_primitives::ValidatorSet) -> Self {
        Self(set.keys().iter().copied().map(Validator::from).collect())
    }
}

impl ValidatorSet {
    /// Who proposes in a round: the validators take turns in the order of their keys, one step
    /// for each height and each round.
    ///
    /// An undefined round counts as round 0.
    pub fn proposer(&self, height: Height, round: Round) -> &Validator {
        let turn = u64::from(height.0).saturating_add(u64::from(round.as_u32().unwrap_or(0)));
        let n_validators = (self.0.len() as u64).max(1);
        self.0
            .get((turn % n_validators) as usize)
            .expect("a set is not empty, and the index is below its length; qed")
    }

    /// Whether `address` may vote.
    pub fn contains(&self, address: &Address) -> bool {
        self.position(address).is_some()
    }

    fn position(&self, address: &Address) -> Option<usize> {
        self.0.binary_search_by(|validator| validator.address().cmp(address)).ok()
    }
}

impl core::ValidatorSet<ChainContext> for ValidatorSet {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn total_voting_power(&self) -> VotingPower {
        self.0.len() as VotingPower
    }

    fn get_by_address(&self, address: &Address) -> Option<&Validator> {
        self.position(address).and_then(|index| self.0.get(index))
    }

    fn get_by_index(&self, index: usize) -> Option<&Validator> {
        self.0.get(index)
    }
}
