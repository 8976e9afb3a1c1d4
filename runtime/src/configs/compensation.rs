//! Purpose-bound money, and the compensation that it is for.

use crate::{
    Balances, Calendar, Funds, GovernanceOrigin, Participants, Runtime, RuntimeHoldReason,
    Timestamp,
};
use frame_support::{PalletId, parameter_types};

parameter_types! {
    /// What the accounts of tags are derived from.
    pub const FundsPalletId: PalletId = PalletId(*b"ecofunds");
}

impl pallet_funds::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currency = Balances;
    type Authority = Participants;
    type PalletId = FundsPalletId;
    type WeightInfo = pallet_funds::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Parties;
}

impl pallet_compensation::Config for Runtime {
    type Time = Timestamp;
    type Authority = Participants;
    type Calendar = Calendar;
    type Funds = Funds;
    type GovernanceOrigin = GovernanceOrigin;
    type WeightInfo = pallet_compensation::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Parties;
}
