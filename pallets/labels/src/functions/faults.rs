//! Proven faults.

use crate::{
    CodeProof, Config, Error, Fault, FaultProof, Pallet, SeriesDetails, SeriesId, SeriesState,
};
use frame_support::ensure;
use pallet_participants::Authority;
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::report_fault`].
    pub(crate) fn do_report_fault(who: &T::AccountId, proof: FaultProof) -> DispatchResult {
        let by = T::Authority::organisation_of(who)?;
        let (id, series, fault) = match proof {
            FaultProof::Malformed(proof) => {
                let series = Self::proven(&proof)?;
                let admitted = series.scheme.admits(&series.gtin.0, &proof.leaf);
                ensure!(!admitted, Error::<T>::NoFault);
                (proof.series, series, Fault::Malformed)
            }
            FaultProof::Pair(first, second) => Self::fault_of_pair(&first, &second)?,
        };
        let proven_already =
            matches!(series.state, SeriesState::Frozen(fault) if fault.is_proven());
        ensure!(series.state != SeriesState::Void && !proven_already, Error::<T>::SeriesNotActive);
        Self::freeze(id, series, fault, by, None);
        Ok(())
    }

    /// The series that two leaves convict, and of what.
    fn fault_of_pair(
        first: &CodeProof,
        second: &CodeProof,
    ) -> Result<(SeriesId, SeriesDetails, Fault), DispatchError> {
        let (of_first, of_second) = (Self::proven(first)?, Self::proven(second)?);
        if first.series == second.series {
            ensure!(first.index != second.index, Error::<T>::NoFault);
            let fault = if first.leaf == second.leaf {
                Fault::Duplicate
            } else {
                let disordered = (first.index < second.index) != (first.leaf < second.leaf);
                ensure!(disordered, Error::<T>::NoFault);
                Fault::Disordered
            };
            return Ok((first.series, of_first, fault));
        }
        ensure!(first.leaf == second.leaf, Error::<T>::NoFault);
        // Codes of a void series may be used again.
        let both = of_first.state != SeriesState::Void && of_second.state != SeriesState::Void;
        ensure!(both, Error::<T>::SeriesNotActive);
        // The earlier series had the code first: whoever copies a published code cannot freeze
        // the series it was copied from.
        if first.series > second.series {
            Ok((first.series, of_first, Fault::Duplicate))
        } else {
            Ok((second.series, of_second, Fault::Duplicate))
        }
    }

    /// The series in which the proof shows its leaf to be.
    pub(crate) fn proven(proof: &CodeProof) -> Result<SeriesDetails, DispatchError> {
        let series = Self::series_of(proof.series)?;
        ensure!(proof.holds(&series.root, series.n_codes), Error::<T>::ProofInvalid);
        Ok(series)
    }
}
