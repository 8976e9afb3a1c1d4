//! Filing an application, and taking it up.

use crate::{
    Application, ApplicationId, ApplicationRequest, Certificates, Config, DutyKind, Error, Event,
    MasterData, NextApplicationId, Pallet, ProductLines, Scheme, Stage, master_data::is_valid_list,
};
use frame_support::ensure;
use pallet_participants::{Authority, OrganisationId};
use pallet_traceability::Commitment;
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::apply`].
    pub(crate) fn do_apply(who: &T::AccountId, request: ApplicationRequest) -> DispatchResult {
        let client = T::Authority::organisation_of(who)?;
        ensure!(client != request.body, Error::<T>::BodyIsClient);
        Self::ensure_commitment(&request.document)?;
        let scheme = Self::scheme_of(request.scheme)?;
        ensure!(scheme.open, Error::<T>::SchemeClosed);
        Self::ensure_not_locked(client, request.scheme)?;
        Self::check_lines(&request.products)?;
        let area_units = Self::check_bases(client, &request)?;
        for line in &request.products {
            ensure!(T::MasterData::product(&line.gtin).is_some(), Error::<T>::ProductNotFound);
            let may_produce = T::MasterData::may_produce(client, &line.gtin);
            ensure!(may_produce, Error::<T>::NotProducer);
            ensure!(line.area_units <= area_units, Error::<T>::AreaExceedsBases);
        }
        Self::ensure_may_certify(request.body, request.scheme, &scheme, &request.products)?;
        let filed_in_time = Self::check_renewal(client, &request, &scheme)?;

        let id = Self::next_number::<_, NextApplicationId<T>>()?;
        let body = request.body;
        let duty = Self::start_duty(body, DutyKind::Accept(id), scheme.terms.accept)?;
        let scheme_id = request.scheme;
        Self::put_application(
            id,
            &Application {
                client,
                request,
                stage: Stage::Applied,
                applied_at: Self::now(),
                filed_in_time,
                duty: Some(duty),
                inspections: Default::default(),
                tests: Default::default(),
                proposal: None,
                signed_by: None,
                rule_set: Self::rule_version(),
            },
        );
        Self::deposit_event(Event::Applied { application: id, client, body, scheme: scheme_id });
        Ok(())
    }

    /// See [`crate::Call::accept_application`].
    pub(crate) fn do_accept_application(who: &T::AccountId, id: ApplicationId) -> DispatchResult {
        let mut application = Self::application_of(id)?;
        let body = application.request.body;
        Self::ensure_of_body(who, body)?;
        ensure!(application.stage == Stage::Applied, Error::<T>::WrongStage);
        let scheme_id = application.request.scheme;
        let scheme = Self::scheme_of(scheme_id)?;
        Self::ensure_may_certify(body, scheme_id, &scheme, &application.request.products)?;
        let next = match scheme.terms.decide {
            Some(term) => Some(Self::start_duty(body, DutyKind::Decide(id), term)?),
            None => None,
        };
        Self::finish_duty(application.duty, None);
        application.duty = next;
        application.stage = Stage::Accepted;
        Self::put_application(id, &application);
        Self::deposit_event(Event::ApplicationAccepted { application: id });
        Ok(())
    }

    /// See [`crate::Call::refuse_application`].
    pub(crate) fn do_refuse_application(
        who: &T::AccountId,
        id: ApplicationId,
        reason: Commitment,
    ) -> DispatchResult {
        let mut application = Self::application_of(id)?;
        Self::ensure_of_body(who, application.request.body)?;
        ensure!(application.stage == Stage::Applied, Error::<T>::WrongStage);
        Self::ensure_commitment(&reason)?;
        Self::finish_duty(application.duty.take(), None);
        application.stage = Stage::Refused;
        Self::put_application(id, &application);
        Self::deposit_event(Event::ApplicationRefused { application: id, reason });
        Ok(())
    }

    /// See [`crate::Call::withdraw_application`].
    pub(crate) fn do_withdraw_application(who: &T::AccountId, id: ApplicationId) -> DispatchResult {
        let mut application = Self::application_of(id)?;
        let client = T::Authority::organisation_of(who)?;
        ensure!(client == application.client, Error::<T>::NotTheClient);
        ensure!(!application.stage.is_closed(), Error::<T>::WrongStage);
        Self::finish_duty(application.duty.take(), None);
        application.stage = Stage::Withdrawn;
        Self::put_application(id, &application);
        Self::deposit_event(Event::ApplicationWithdrawn { application: id });
        Ok(())
    }

    /// Product lines are not empty, in order, and of something.
    pub(crate) fn check_lines(products: &ProductLines) -> DispatchResult {
        let in_order = products.is_sorted_by(|left, right| left.gtin < right.gtin);
        ensure!(!products.is_empty() && in_order, Error::<T>::ProductsInvalid);
        ensure!(products.iter().all(|line| line.quantity > 0), Error::<T>::QuantityZero);
        ensure!(products.iter().all(|line| line.area_units > 0), Error::<T>::AreaZero);
        Ok(())
    }

    /// Bases are not empty, in order, and the client's; their area together.
    fn check_bases(
        client: OrganisationId,
        request: &ApplicationRequest,
    ) -> Result<u64, DispatchError> {
        ensure!(is_valid_list(&request.bases), Error::<T>::BasesInvalid);
        let mut area_units = 0u64;
        for base in &request.bases {
            let place = T::MasterData::place(*base).ok_or(Error::<T>::BaseNotFound)?;
            ensure!(place.owner == client, Error::<T>::BaseOfAnother);
            area_units = area_units.saturating_add(place.area_units);
        }
        Ok(area_units)
    }

    /// Whether a renewal was filed as long before the end as the scheme wants; an application that
    /// renews nothing always is.
    fn check_renewal(
        client: OrganisationId,
        request: &ApplicationRequest,
        scheme: &Scheme,
    ) -> Result<bool, DispatchError> {
        let Some(id) = request.renews else { return Ok(true) };
        let old = Certificates::<T>::get(id).ok_or(Error::<T>::CertificateNotFound)?;
        let renewable =
            old.holder == client && old.scheme == request.scheme && old.is_live(Self::now());
        ensure!(renewable, Error::<T>::NotRenewable);
        let latest = old.expires.checked_sub_months(scheme.renewal_months);
        Ok(latest.is_some_and(|latest| Self::today() <= latest))
    }
}
