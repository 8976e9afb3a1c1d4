//! Who certifies, and by which calendar legal terms run.

use crate::{Calendar, GovernanceOrigin, Participants, Runtime, Timestamp, Traceability};

impl pallet_calendar::Config for Runtime {
    type Time = Timestamp;
    type GovernanceOrigin = GovernanceOrigin;
    type WeightInfo = pallet_calendar::weights::SubstrateWeight<Runtime>;
}

impl pallet_certification::Config for Runtime {
    type Time = Timestamp;
    type Authority = Participants;
    type Calendar = Calendar;
    type MasterData = Traceability;
    type GovernanceOrigin = GovernanceOrigin;
    type WeightInfo = pallet_certification::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Parties;
}
