//! Checks that several calls share.

use crate::{
    Accreditations, Application, ApplicationId, ApplicationOf, Applications, Approvals, BodyKind,
    CertBodyApprovalOf, Certificate, Certificates, Certifiers, CertifiersByAgent, ClientLocks,
    Config, Error, MasterData, Pallet, ProductLines, Scheme, Schemes, Signer,
};
use frame_support::{StorageValue, ensure, traits::UnixTime};
use pallet_calendar::{CivilDate, Moment};
use pallet_participants::{Authority, OrganisationId, RegionCode, Role};
use pallet_traceability::{CertificateId, Commitment, ProductDetails, SchemeId};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Block time.
    pub(crate) fn now() -> Moment {
        u64::try_from(T::Time::now().as_millis()).unwrap_or(u64::MAX)
    }

    /// The date of block time.
    pub(crate) fn today() -> CivilDate {
        CivilDate::from_moment(Self::now())
    }

    /// A commitment that commits to something.
    pub(crate) fn ensure_commitment(commitment: &Commitment) -> DispatchResult {
        ensure!(*commitment != [0; 32], Error::<T>::CommitmentMissing);
        Ok(())
    }

    /// Takes the next number of `S`.
    pub(crate) fn next_number<N, S>() -> Result<N, DispatchError>
    where
        N: codec::FullCodec + Copy + sp_runtime::traits::CheckedAdd + sp_runtime::traits::One,
        S: StorageValue<N, Query = N>,
    {
        let number = S::get();
        S::put(number.checked_add(&N::one()).ok_or(Error::<T>::NumbersExhausted)?);
        Ok(number)
    }

    /// A scheme.
    pub(crate) fn scheme_of(id: SchemeId) -> Result<Scheme, DispatchError> {
        Ok(Schemes::<T>::get(id).ok_or(Error::<T>::SchemeNotFound)?)
    }

    /// A product.
    pub(crate) fn product_of(
        gtin: &pallet_traceability::Gtin,
    ) -> Result<ProductDetails, DispatchError> {
        Ok(T::MasterData::product(gtin).ok_or(Error::<T>::ProductNotFound)?)
    }

    /// An application.
    pub(crate) fn application_of(id: ApplicationId) -> Result<ApplicationOf<T>, DispatchError> {
        Ok(Applications::<T>::get(id).ok_or(Error::<T>::ApplicationNotFound)?)
    }

    /// A certificate whose period is not over and that is neither revoked nor cancelled.
    pub(crate) fn live_certificate(id: CertificateId) -> Result<Certificate, DispatchError> {
        let certificate = Certificates::<T>::get(id).ok_or(Error::<T>::CertificateNotFound)?;
        ensure!(certificate.is_live(Self::now()), Error::<T>::CertificateEnded);
        Ok(certificate)
    }

    /// Checks that `who` acts for `body` as a certification body.
    pub(crate) fn ensure_of_body(who: &T::AccountId, body: OrganisationId) -> DispatchResult {
        let organisation = T::Authority::ensure_role(who, Role::CertBody, None, None)?;
        ensure!(organisation == body, Error::<T>::NotTheBody);
        Ok(())
    }

    /// Checks that `who` is a certifier of `body` and not barred.
    pub(crate) fn ensure_certifier(who: &T::AccountId, body: OrganisationId) -> DispatchResult {
        Self::ensure_of_body(who, body)?;
        ensure!(Self::is_certifier(who, body), Error::<T>::NotCertifier);
        Ok(())
    }

    /// `who` as records name him.
    pub(crate) fn signer(who: &T::AccountId) -> Signer<T::AccountId> {
        let agent = T::Authority::first_key(who);
        let person = CertifiersByAgent::<T>::get(&agent);
        Signer { agent, person }
    }

    /// Whether `who` is the key of a certifier of `body` who is not barred.
    pub(crate) fn is_certifier(who: &T::AccountId, body: OrganisationId) -> bool {
        Self::signer(who).person.and_then(Certifiers::<T>::get).is_some_and(|certifier| {
            certifier.practice.as_ref().is_some_and(|(of, _)| *of == body)
                && !certifier.is_barred(Self::now())
        })
    }

    /// The CNCA, or market supervision of the region of `subject`, that `who` acts for.
    pub(crate) fn authority(
        who: &T::AccountId,
        subject: OrganisationId,
    ) -> Result<OrganisationId, DispatchError> {
        T::Authority::ensure_role(who, Role::Cnca, None, None).or_else(|_| {
            let region =
                T::Authority::organisation(subject).map_or(RegionCode::COUNTRY, |it| it.region);
            T::Authority::ensure_role(who, Role::Samr, Some(region), None)
        })
    }

    /// Whether `who` acts for an authority (`true`) or for the body of a certificate (`false`).
    pub(crate) fn body_or_authority(
        who: &T::AccountId,
        certificate: &Certificate,
    ) -> Result<bool, DispatchError> {
        let organisation = T::Authority::organisation_of(who)?;
        if organisation == certificate.body {
            Self::ensure_of_body(who, certificate.body)?;
            return Ok(false);
        }
        Self::authority(who, certificate.holder)?;
        Ok(true)
    }

    /// Checks that the approval of `body` is in force.
    pub(crate) fn ensure_approved(
        body: OrganisationId,
    ) -> Result<CertBodyApprovalOf<T>, DispatchError> {
        let approval = Approvals::<T>::get(body).ok_or(Error::<T>::BodyNotApproved)?;
        ensure!(
            approval.terms.kind != BodyKind::ForeignOffice,
            Error::<T>::ForeignOfficeMayNotCertify
        );
        ensure!(approval.is_in_force(Self::now()), Error::<T>::BodyNotApproved);
        let active = T::Authority::holds_role(body, Role::CertBody);
        ensure!(active, Error::<T>::BodyNotApproved);
        Ok(approval)
    }

    /// Checks that no lock of a revocation keeps `client` from the scheme.
    pub(crate) fn ensure_not_locked(client: OrganisationId, scheme: SchemeId) -> DispatchResult {
        let until = ClientLocks::<T>::get(client, scheme);
        let locked = until.is_some_and(|until| Self::today() < until);
        ensure!(!locked, Error::<T>::ClientLocked);
        Ok(())
    }

    /// Checks that `body` may certify `products` under `scheme` now.
    pub(crate) fn ensure_may_certify(
        body: OrganisationId,
        id: SchemeId,
        scheme: &Scheme,
        products: &ProductLines,
    ) -> Result<CertBodyApprovalOf<T>, DispatchError> {
        let approval = Self::ensure_approved(body)?;
        let now = Self::now();
        let accreditation =
            if scheme.accreditation_required { Accreditations::<T>::get(body) } else { None };
        for line in products {
            let category = Self::product_of(&line.gtin)?.category;
            ensure!(approval.terms.scope.covers(id, category), Error::<T>::OutsideApproval);
            let accredited = !scheme.accreditation_required
                || accreditation.as_ref().is_some_and(|it| it.covers(now, id, category));
            ensure!(accredited, Error::<T>::NotAccredited);
        }
        Ok(approval)
    }

    /// Version of the governed data.
    pub(crate) fn rule_version() -> u32 {
        crate::CurrentRuleSet::<T>::get().version
    }

    /// Writes an application back.
    pub(crate) fn put_application(id: ApplicationId, application: &Application<T::AccountId>) {
        Applications::<T>::insert(id, application);
    }
}
