//! Inspections and tests of an application.

use crate::{
    Accreditations, ApplicationId, BaseIds, Config, Error, Event, Inspection, Pallet, Stage,
    TestReport, master_data::is_valid_list,
};
use frame_support::ensure;
use pallet_calendar::Moment;
use pallet_participants::{Authority, Role};
use pallet_traceability::{Commitment, Gtin};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::record_inspection`].
    pub(crate) fn do_record_inspection(
        who: &T::AccountId,
        id: ApplicationId,
        inspected_at: Moment,
        bases: BaseIds,
        n_open_nonconformities: u16,
        report: Commitment,
    ) -> DispatchResult {
        let mut application = Self::application_of(id)?;
        let body = application.request.body;
        let organisation = T::Authority::organisation_of(who)?;
        if organisation == body {
            Self::ensure_certifier(who, body)?;
        } else {
            T::Authority::ensure_role(who, Role::InspectionBody, None, None)?;
        }
        ensure!(organisation != application.client, Error::<T>::NotIndependent);
        ensure!(application.stage.is_evaluated(), Error::<T>::WrongStage);
        Self::ensure_commitment(&report)?;
        let in_time = application.applied_at <= inspected_at && inspected_at <= Self::now();
        ensure!(in_time, Error::<T>::InspectionTimeInvalid);
        let of_application = is_valid_list(&bases)
            && bases.iter().all(|base| application.request.bases.contains(base));
        ensure!(of_application, Error::<T>::BasesInvalid);
        let signer = Self::signer(who);
        let inspection = Inspection {
            inspector: signer.agent,
            person: signer.person,
            organisation,
            inspected_at,
            bases,
            n_open_nonconformities,
            report,
        };
        application.inspections.try_push(inspection).map_err(|_| Error::<T>::TooManyInspections)?;
        if application.stage == Stage::Accepted {
            application.stage = Stage::Inspected;
        }
        Self::put_application(id, &application);
        Self::deposit_event(Event::Inspected {
            application: id,
            organisation,
            n_open_nonconformities,
            report,
        });
        Ok(())
    }

    /// See [`crate::Call::record_test`].
    pub(crate) fn do_record_test(
        who: &T::AccountId,
        id: ApplicationId,
        gtin: Gtin,
        passed: bool,
        sampled_at: Moment,
        report: Commitment,
    ) -> DispatchResult {
        let mut application = Self::application_of(id)?;
        let lab = T::Authority::ensure_role(who, Role::Lab, None, None)?;
        let independent = lab != application.request.body && lab != application.client;
        ensure!(independent, Error::<T>::LabNotIndependent);
        // The inspector takes the samples.
        let inspected = matches!(application.stage, Stage::Inspected | Stage::Tested);
        ensure!(inspected, Error::<T>::WrongStage);
        Self::ensure_commitment(&report)?;
        let in_time = application.applied_at <= sampled_at && sampled_at <= Self::now();
        ensure!(in_time, Error::<T>::SampleTimeInvalid);
        let applied_for = application.request.products.iter().any(|line| line.gtin == gtin);
        ensure!(applied_for, Error::<T>::ProductNotCovered);
        let scheme_id = application.request.scheme;
        if Self::scheme_of(scheme_id)?.accreditation_required {
            let category = Self::product_of(&gtin)?.category;
            let accredited = Accreditations::<T>::get(lab)
                .is_some_and(|it| it.covers(Self::now(), scheme_id, category));
            ensure!(accredited, Error::<T>::NotAccredited);
        }
        let test = TestReport { gtin, lab, passed, sampled_at, report };
        match application.tests.binary_search_by(|test| test.gtin.cmp(&gtin)) {
            Ok(index) => {
                if let Some(known) = application.tests.get_mut(index) {
                    // An older sample says less than the one on record.
                    ensure!(known.sampled_at <= sampled_at, Error::<T>::SampleTimeInvalid);
                    *known = test;
                }
            }
            Err(index) => application
                .tests
                .try_insert(index, test)
                .map_err(|_| Error::<T>::ProductsInvalid)?,
        }
        application.stage = Stage::Tested;
        Self::put_application(id, &application);
        Self::deposit_event(Event::Tested { application: id, lab, gtin, passed, report });
        Ok(())
    }
}
