//! Brands, their licences, and the labels of single items.

use crate::{
    Brands, Certification, GovernanceOrigin, Participants, Runtime, Timestamp, Traceability,
};
use pallet_certification::{LabelKind, Schemes};
use pallet_labels::ORGANIC_DIGITS;
use pallet_traceability::{CertificateId, Certificates};
use sp_runtime::DispatchResult;

/// Which codes marks have, as the schemes of their certificates say.
pub struct MarkCodes;

impl pallet_labels::MarkCodes for MarkCodes {
    fn asks_for_organic_codes(certificate: CertificateId) -> bool {
        <Certification as Certificates>::scheme(certificate)
            .and_then(Schemes::<Runtime>::get)
            .is_some_and(|scheme| scheme.label == LabelKind::OrganicCode)
    }

    fn ensure_organic_code(
        certificate: CertificateId,
        code: &[u8; ORGANIC_DIGITS],
    ) -> DispatchResult {
        Certification::organic_code(certificate, code).map(|_| ())
    }
}

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
    type MarkCodes = MarkCodes;
    type Licences = Brands;
    type WeightInfo = pallet_labels::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Parties;
}
