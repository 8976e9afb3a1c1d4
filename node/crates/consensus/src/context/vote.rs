use super::{Address, ChainContext, Height};
use ecoledger_primitives::{Hash, ValueId, VoteKind, vote_bytes};
use malachitebft_app_channel::app::types::core::{
    self, NilOrVal, Round, SignedExtension, VoteType,
};

/// A prevote or precommit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vote {
    /// Prevote or precommit.
    pub kind: VoteType,
    /// Height voted on.
    pub height: Height,
    /// Round voted in; defined in every vote that is signed or verified.
    pub round: Round,
    /// The value voted for, or nil.
    pub value: NilOrVal<ValueId>,
    /// Who votes.
    pub validator: Address,
}

impl Vote {
    /// The bytes that the validator signs; `None` when the round is not defined.
    pub fn signed_bytes(&self, genesis: &Hash) -> Option<Vec<u8>> {
        let kind = match self.kind {
            VoteType::Prevote => VoteKind::Prevote,
            VoteType::Precommit => VoteKind::Precommit,
        };
        let value = match self.value {
            NilOrVal::Nil => None,
            NilOrVal::Val(id) => Some(id),
        };
        Some(vote_bytes(kind, genesis, self.height.0, self.round.as_u32()?, value).to_vec())
    }
}

impl core::Vote<ChainContext> for Vote {
    fn height(&self) -> Height {
        self.height
    }

    fn round(&self) -> Round {
        self.round
    }

    fn value(&self) -> &NilOrVal<ValueId> {
        &self.value
    }

    fn take_value(self) -> NilOrVal<ValueId> {
        self.value
    }

    fn vote_type(&self) -> VoteType {
        self.kind
    }

    fn validator_address(&self) -> &Address {
        &self.validator
    }

    // Extensions are disabled at every height, so a vote has none to carry.

    fn extension(&self) -> Option<&SignedExtension<ChainContext>> {
        None
    }

    fn take_extension(&mut self) -> Option<SignedExtension<ChainContext>> {
        None
    }

    fn extend(self, _extension: SignedExtension<ChainContext>) -> Self {
        self
    }
}
