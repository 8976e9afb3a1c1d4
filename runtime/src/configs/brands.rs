//! Brands, their licences, and the labels of single items.

use crate::{
    Brands, Certification, GovernanceOrigin, Participants, Runtime, Timestamp, Traceability,
};

impl pallet_brands::Config for Runtime {
    type Time = Timestamp;
    type Authority = Participants;
    type GovernanceOrigin = GovernanceOrigin;
    type Certificates = Certification;
    type MasterData = Traceability;
    type WeightInfo = pallet_brands::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Parties;
}

impl pallet_labels::Config for Runtime {
    type Time = Timestamp;
    type Authority = Participants;
    type Batches = Traceability;
    type Certificates = Certification;
    type Licences = Brands;
    type WeightInfo = pallet_labels::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Parties;
}
