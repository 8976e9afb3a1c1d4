//! Who may write to the ledger, and what they record on it.

use crate::{Certification, GovernanceOrigin, Participants, Runtime, Settlement, Timestamp};
use frame_support::traits::ConstU32;

impl pallet_participants::Config for Runtime {
    type WeightInfo = pallet_participants::weights::SubstrateWeight<Runtime>;
    type GovernanceOrigin = GovernanceOrigin;
    type Time = Timestamp;
    // Free money, and what is on hold for redemptions with its requests.
    type OnKeyReplaced = Settlement;
    // Machines of a large operator, each with its own key.
    type AgentsMax = ConstU32<1_000>;
    // Regions and subjects that one organisation serves in one role.
    type CapacitiesMax = ConstU32<32>;
    // One every four seconds on average; governance raises it for all or for one organisation.
    type DefaultDailyQuota = ConstU32<20_000>;
}

impl pallet_traceability::Config for Runtime {
    type Time = Timestamp;
    type Authority = Participants;
    type Certificates = Certification;
    type GovernanceOrigin = GovernanceOrigin;
    // A batch of usual size is reached at once.
    type RecallStepsPerCall = ConstU32<32>;
    // A larger one takes its share of every block, and leaves most of it to others.
    type RecallStepsPerBlock = ConstU32<32>;
    type WeightInfo = pallet_traceability::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Parties;
}
