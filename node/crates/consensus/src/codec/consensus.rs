//! Votes, proposals and proposed values.

use super::{CodecError, Wire, defined, optional_round, round};
use crate::{
    context::{Address, ChainContext, Height, Proposal, Signature, Value, Vote},
    limits::CONSENSUS_MESSAGE_BYTES_MAX,
};
use codec::{Decode, Encode};
use ecoledger_primitives::ValueId;
use malachitebft_app_channel::app::types::{
    ProposedValue, SignedConsensusMsg,
    core::{NilOrVal, SignedProposal, SignedVote, Validity, VoteType},
};

/// Kind of a vote on the wire.
#[derive(Clone, Copy, Encode, Decode)]
pub(crate) enum VoteKind {
    #[codec(index = 0)]
    Prevote,
    #[codec(index = 1)]
    Precommit,
}

impl From<VoteType> for VoteKind {
    fn from(kind: VoteType) -> Self {
        match kind {
            VoteType::Prevote => Self::Prevote,
            VoteType::Precommit => Self::Precommit,
        }
    }
}

impl From<VoteKind> for VoteType {
    fn from(kind: VoteKind) -> Self {
        match kind {
            VoteKind::Prevote => Self::Prevote,
            VoteKind::Precommit => Self::Precommit,
        }
    }
}

pub(super) fn to_option(value: &NilOrVal<ValueId>) -> Option<ValueId> {
    match value {
        NilOrVal::Nil => None,
        NilOrVal::Val(id) => Some(*id),
    }
}

pub(super) fn from_option(value: Option<ValueId>) -> NilOrVal<ValueId> {
    value.map_or(NilOrVal::Nil, NilOrVal::Val)
}

/// A signed vote on the wire.
#[derive(Encode, Decode)]
pub(crate) struct VoteLayout {
    kind: VoteKind,
    height: Height,
    round: u32,
    value: Option<ValueId>,
    validator: Address,
    signature: Signature,
}

pub(super) fn vote_to_layout(vote: &SignedVote<ChainContext>) -> Result<VoteLayout, CodecError> {
    Ok(VoteLayout {
        kind: vote.message.kind.into(),
        height: vote.message.height,
        round: defined(vote.message.round)?,
        value: to_option(&vote.message.value),
        validator: vote.message.validator,
        signature: vote.signature,
    })
}

pub(super) fn vote_from_layout(layout: VoteLayout) -> Result<SignedVote<ChainContext>, CodecError> {
    Ok(SignedVote::new(
        Vote {
            kind: layout.kind.into(),
            height: layout.height,
            round: round(layout.round)?,
            value: from_option(layout.value),
            validator: layout.validator,
        },
        layout.signature,
    ))
}

/// A signed proposal on the wire.
#[derive(Encode, Decode)]
pub(crate) struct ProposalLayout {
    height: Height,
    round: u32,
    value: Value,
    pol_round: Option<u32>,
    proposer: Address,
    signature: Signature,
}

/// A vote or proposal on the wire.
#[derive(Encode, Decode)]
pub(crate) enum SignedLayout {
    #[codec(index = 0)]
    Vote(VoteLayout),
    #[codec(index = 1)]
    Proposal(ProposalLayout),
}

impl Wire for SignedConsensusMsg<ChainContext> {
    const BYTES_MAX: u32 = CONSENSUS_MESSAGE_BYTES_MAX;
    type Layout = SignedLayout;

    fn to_layout(&self) -> Result<SignedLayout, CodecError> {
        Ok(match self {
            Self::Vote(vote) => SignedLayout::Vote(vote_to_layout(vote)?),
            Self::Proposal(proposal) => SignedLayout::Proposal(ProposalLayout {
                height: proposal.message.height,
                round: defined(proposal.message.round)?,
                value: proposal.message.value,
                pol_round: proposal.message.pol_round.as_u32(),
                proposer: proposal.message.proposer,
                signature: proposal.signature,
            }),
        })
    }

    fn from_layout(layout: SignedLayout) -> Result<Self, CodecError> {
        Ok(match layout {
            SignedLayout::Vote(vote) => Self::Vote(vote_from_layout(vote)?),
            SignedLayout::Proposal(layout) => Self::Proposal(SignedProposal::new(
                Proposal {
                    height: layout.height,
                    round: round(layout.round)?,
                    value: layout.value,
                    pol_round: optional_round(layout.pol_round)?,
                    proposer: layout.proposer,
                },
                layout.signature,
            )),
        })
    }
}

/// A proposed value in the log.
#[derive(Encode, Decode)]
pub(crate) struct ProposedValueLayout {
    height: Height,
    round: u32,
    valid_round: Option<u32>,
    proposer: Address,
    value: Value,
    valid: bool,
}

impl Wire for ProposedValue<ChainContext> {
    const BYTES_MAX: u32 = CONSENSUS_MESSAGE_BYTES_MAX;
    type Layout = ProposedValueLayout;

    fn to_layout(&self) -> Result<ProposedValueLayout, CodecError> {
        Ok(ProposedValueLayout {
            height: self.height,
            round: defined(self.round)?,
            valid_round: self.valid_round.as_u32(),
            proposer: self.proposer,
            value: self.value,
            valid: self.validity.to_bool(),
        })
    }

    fn from_layout(layout: ProposedValueLayout) -> Result<Self, CodecError> {
        Ok(Self {
            height: layout.height,
            round: round(layout.round)?,
            valid_round: optional_round(layout.valid_round)?,
            proposer: layout.proposer,
            value: layout.value,
            validity: Validity::from_bool(layout.valid),
        })
    }
}
