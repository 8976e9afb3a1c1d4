//! The committee, who it is and what its motions may do, and the validators that it appoints.

use crate::{
    AccountId, BlockNumber, Committee, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin,
    limits::BlockWeights,
};
use ecoledger_primitives::VALIDATORS_MAX;
use frame_support::{
    parameter_types,
    traits::{ConstU32, EitherOfDiverse},
    weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_collective::{DefaultVote, EnsureProportionAtLeast, Instance1, MemberCount};
use sp_runtime::Perbill;

/// What governs the chain: a motion that two thirds of the committee's members approved, or Root,
/// which no account has.
pub type GovernanceOrigin =
    EitherOfDiverse<EnsureRoot<AccountId>, EnsureProportionAtLeast<AccountId, Instance1, 2, 3>>;

/// A member who does not vote is against: a motion passes by approvals only.
pub struct AbsentIsNo;

impl DefaultVote for AbsentIsNo {
    fn default_vote(
        _prime_vote: Option<bool>,
        _yes_votes: MemberCount,
        _no_votes: MemberCount,
        _members: MemberCount,
    ) -> bool {
        false
    }
}

/// Most members of the committee.
type MembersMax = ConstU32<50>;

parameter_types! {
    /// How long a motion may be voted on, in blocks: a week of one block a second, longer when the
    /// chain is idle.
    pub const MotionDuration: BlockNumber = 7 * 24 * 60 * 60;
    /// Heaviest call that a motion may carry: half a block.
    pub MaxProposalWeight: Weight = Perbill::from_percent(50) * BlockWeights::get().max_block;
}

impl pallet_collective::Config<Instance1> for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type Proposal = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type MotionDuration = MotionDuration;
    // Open motions at any one time.
    type MaxProposals = ConstU32<100>;
    type MaxMembers = MembersMax;
    type DefaultVote = AbsentIsNo;
    type WeightInfo = pallet_collective::weights::SubstrateWeight<Runtime>;
    // Members come from the membership pallet alone.
    type SetMembersOrigin = EnsureRoot<AccountId>;
    type MaxProposalWeight = MaxProposalWeight;
    type DisapproveOrigin = GovernanceOrigin;
    type KillOrigin = GovernanceOrigin;
    type Consideration = ();
}

impl pallet_membership::Config<Instance1> for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type AddOrigin = GovernanceOrigin;
    type RemoveOrigin = GovernanceOrigin;
    type SwapOrigin = GovernanceOrigin;
    type ResetOrigin = GovernanceOrigin;
    type PrimeOrigin = GovernanceOrigin;
    type MembershipInitialized = Committee;
    type MembershipChanged = Committee;
    type MaxMembers = MembersMax;
    type WeightInfo = pallet_membership::weights::SubstrateWeight<Runtime>;
}

impl pallet_validators::Config for Runtime {
    type GovernanceOrigin = GovernanceOrigin;
    type MaxValidators = ConstU32<{ VALIDATORS_MAX as u32 }>;
    type MinValidators = ConstU32<1>;
    // Full nodes of institutions and of public gateways.
    type MaxPermittedNodes = ConstU32<1_000>;
    type MaxLabelBytes = ConstU32<64>;
    type WeightInfo = pallet_validators::weights::SubstrateWeight<Runtime>;
}
