//! The chain's types as Malachite's `Context` sees them, one file each.
//!
//! A value is known to the engine by its id only ([`Value`]): blocks travel as proposal parts and
//! live in the undecided store, so that proposals, votes and the write-ahead log stay small.

mod address;
mod height;
mod proposal;
mod proposal_part;
mod scheme;
mod validator;
mod validator_set;
mod value;
mod vote;

pub use address::Address;
pub use height::Height;
pub use proposal::Proposal;
pub use proposal_part::{Manifest, ProposalPart};
pub use scheme::{Ed25519, KeyError, PublicKey, Signature};
pub use validator::Validator;
pub use validator_set::ValidatorSet;
pub use value::Value;
pub use vote::Vote;

use ecoledger_primitives::ValueId;
use malachitebft_app_channel::app::types::core::{self, LinearTimeouts, NilOrVal, Round, VoteType};

/// The types and constructors of this chain.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChainContext;

impl core::Context for ChainContext {
    type Address = Address;
    type Height = Height;
    type ProposalPart = ProposalPart;
    type Proposal = Proposal;
    type Validator = Validator;
    type ValidatorSet = ValidatorSet;
    type Timeouts = LinearTimeouts;
    type Value = Value;
    type Vote = Vote;
    /// Vote extensions are disabled at every height.
    type Extension = ();
    type SigningScheme = Ed25519;

    fn select_proposer<'a>(
        &self,
        validator_set: &'a ValidatorSet,
        height: Height,
        round: Round,
    ) -> &'a Validator {
        validator_set.proposer(height, round)
    }

    fn new_proposal(
        &self,
        height: Height,
        round: Round,
        value: Value,
        pol_round: Round,
        address: Address,
    ) -> Proposal {
        Proposal { height, round, value, pol_round, proposer: address }
    }

    fn new_prevote(
        &self,
        height: Height,
        round: Round,
        value_id: NilOrVal<ValueId>,
        address: Address,
    ) -> Vote {
        Vote { kind: VoteType::Prevote, height, round, value: value_id, validator: address }
    }

    fn new_precommit(
        &self,
        height: Height,
        round: Round,
        value_id: NilOrVal<ValueId>,
        address: Address,
    ) -> Vote {
        Vote { kind: VoteType::Precommit, height, round, value: value_id, validator: address }
    }
}
