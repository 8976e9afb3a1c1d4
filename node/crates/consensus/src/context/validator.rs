use super::{Address, ChainContext, PublicKey};
use ecoledger_primitives::ValidatorId;
use malachitebft_app_channel::app::types::core::{self, VotingPower};

/// A member of a validator set, with one vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validator {
    address: Address,
    public_key: PublicKey,
}

impl From<ValidatorId> for Validator {
    fn from(key: ValidatorId) -> Self {
        Self { address: Address(key), public_key: PublicKey(key) }
    }
}

impl core::Validator<ChainContext> for Validator {
    fn address(&self) -> &Address {
        &self.address
    }

    fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    fn voting_power(&self) -> VotingPower {
        1
    }
}
