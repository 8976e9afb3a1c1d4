use super::{Address, ChainContext, Height, Value};
use ecoledger_primitives::Hash;
use malachitebft_app_channel::app::types::core::{self, Round};

/// Separates the signatures of proposals from all others.
const DOMAIN: [u8; 16] = *b"ecoledger:pr:v1\0";

/// A proposer's message that a value is proposed in a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Height of the proposal.
    pub height: Height,
    /// Round of the proposal; defined in every proposal that is signed or verified.
    pub round: Round,
    /// The proposed value.
    pub value: Value,
    /// The earlier round in which the value had two thirds of the prevotes, or nil.
    pub pol_round: Round,
    /// Who proposes.
    pub proposer: Address,
}

impl Proposal {
    /// The bytes that the proposer signs; `None` when the round is not defined. Integers are
    /// big-endian, a nil proof-of-lock round is -1.
    ///
    /// ```text
    /// ┌────────┬──────────────┬────────┬───────┬────────────┬──────────┐
    /// │ domain │ genesis hash │ height │ round │ lock round │ value id │
    /// │ 16     │ 32           │ 8      │ 4     │ 8          │ 32       │
    /// └────────┴──────────────┴────────┴───────┴────────────┴──────────┘
    /// ```
    pub fn signed_bytes(&self, genesis: &Hash) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(100);
        bytes.extend_from_slice(&DOMAIN);
        bytes.extend_from_slice(genesis.as_bytes());
        bytes.extend_from_slice(&u64::from(self.height.0).to_be_bytes());
        bytes.extend_from_slice(&self.round.as_u32()?.to_be_bytes());
        bytes.extend_from_slice(&self.pol_round.as_i64().to_be_bytes());
        bytes.extend_from_slice(&self.value.0.0);
        Some(bytes)
    }
}

impl core::Proposal<ChainContext> for Proposal {
    fn height(&self) -> Height {
        self.height
    }

    fn round(&self) -> Round {
        self.round
    }

    fn value(&self) -> &Value {
        &self.value
    }

    fn take_value(self) -> Value {
        self.value
    }

    fn pol_round(&self) -> Round {
        self.pol_round
    }

    fn validator_address(&self) -> &Address {
        &self.proposer
    }
}
