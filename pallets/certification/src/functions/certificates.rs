//! What others ask of certificates: the answers to traceability, brands and labels.

use crate::{
    Approvals, BodyCode, Certificate, CertificateInfo, Certificates, Claimed, Config, Error,
    LabelKind, MasterData, OrganicCode, OrganicCodeError, Pallet, Schemes,
};
use frame_support::ensure;
use pallet_calendar::Moment;
use pallet_participants::OrganisationId;
use pallet_traceability::{CertificateId, CertificateStatus, Gtin, PlaceId, SchemeId};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`Pallet::certificate`].
    pub(crate) fn certificate_info(id: CertificateId) -> Option<CertificateInfo> {
        let certificate = Certificates::<T>::get(id)?;
        let now = Self::now();
        let approval = Approvals::<T>::get(certificate.body);
        Some(CertificateInfo {
            status: certificate.status_at(now),
            suspension_overdue: certificate.overdue_suspension(now).is_some(),
            body_standing: approval.as_ref().map(|approval| approval.standing()),
            body_approved: approval.is_some_and(|approval| approval.is_in_force(now)),
            certificate,
        })
    }

    /// The organic code (有机码) that `text` is under a certificate of a scheme with such codes.
    ///
    /// Whether it was given out, and only once, is for the pallet of labels to say.
    ///
    /// # Errors
    /// - [`Error::CertificateNotFound`], [`Error::NoOrganicCodes`]: the certificate.
    /// - [`Error::OrganicCodeInvalid`], [`Error::OrganicCodeOfAnotherBody`],
    ///   [`Error::OrganicCodeYearInvalid`]: the text.
    pub fn organic_code(id: CertificateId, text: &[u8]) -> Result<OrganicCode, DispatchError> {
        let certificate = Certificates::<T>::get(id).ok_or(Error::<T>::CertificateNotFound)?;
        let kind = Schemes::<T>::get(certificate.scheme).map(|scheme| scheme.label);
        ensure!(kind == Some(LabelKind::OrganicCode), Error::<T>::NoOrganicCodes);
        let body = Self::body_code(certificate.body)?;
        let code = OrganicCode::parse(text, body).map_err(|error| match error {
            OrganicCodeError::NotSeventeenDigits => Error::<T>::OrganicCodeInvalid,
            OrganicCodeError::OtherBody => Error::<T>::OrganicCodeOfAnotherBody,
        })?;
        let last = certificate.expires.year();
        let of_period =
            (certificate.valid_from.year()..=last).any(|year| year % 100 == u16::from(code.year()));
        ensure!(of_period, Error::<T>::OrganicCodeYearInvalid);
        Ok(code)
    }

    fn body_code(body: OrganisationId) -> Result<BodyCode, DispatchError> {
        Ok(Approvals::<T>::get(body).ok_or(Error::<T>::BodyNotApproved)?.code)
    }

    /// Index of the product of a certificate that covers `gtin`: itself, or what it is a pack of.
    pub(crate) fn covering(certificate: &Certificate, gtin: &Gtin) -> Option<usize> {
        let listed =
            |wanted: &Gtin| certificate.products.iter().position(|product| product.gtin == *wanted);
        listed(gtin).or_else(|| {
            let bulk = T::MasterData::product(gtin)?.net_content?.of?;
            listed(&bulk)
        })
    }
}

impl<T: Config> pallet_traceability::Certificates for Pallet<T> {
    fn status_at(id: CertificateId, at: Moment) -> Option<CertificateStatus> {
        Certificates::<T>::get(id)?.status_at(at)
    }

    fn scheme(id: CertificateId) -> Option<SchemeId> {
        Certificates::<T>::get(id).map(|certificate| certificate.scheme)
    }

    fn covers(id: CertificateId, holder: OrganisationId, gtin: &Gtin, bases: &[PlaceId]) -> bool {
        Certificates::<T>::get(id).is_some_and(|certificate| {
            certificate.holder == holder
                && Self::covering(&certificate, gtin).is_some()
                && bases.iter().all(|base| certificate.bases.contains(base))
        })
    }

    fn count_claim(id: CertificateId, gtin: &Gtin, quantity: u128, grown: bool) -> DispatchResult {
        let certificate = Certificates::<T>::get(id).ok_or(Error::<T>::CertificateNotFound)?;
        let product = Self::covering(&certificate, gtin)
            .and_then(|index| certificate.products.get(index))
            .ok_or(Error::<T>::ProductNotCovered)?;
        ensure!(quantity <= product.quantity, Error::<T>::CertifiedQuantityExceeded);
        // What is made of claimed goods is no further harvest: only what was grown adds up.
        if grown {
            let claimed = Claimed::<T>::get(id, product.gtin)
                .checked_add(quantity)
                .filter(|claimed| *claimed <= product.quantity)
                .ok_or(Error::<T>::CertifiedQuantityExceeded)?;
            Claimed::<T>::insert(id, product.gtin, claimed);
        }
        Ok(())
    }

    fn draw_marks(
        id: CertificateId,
        holder: OrganisationId,
        gtin: &Gtin,
        quantity: u128,
    ) -> DispatchResult {
        let mut certificate = Certificates::<T>::get(id).ok_or(Error::<T>::CertificateNotFound)?;
        let valid = certificate.status_at(Self::now()) == Some(CertificateStatus::Valid);
        ensure!(valid, Error::<T>::CertificateNotValid);
        ensure!(certificate.holder == holder, Error::<T>::NotHolder);
        let label = Self::scheme_of(certificate.scheme)?.label;
        ensure!(label != LabelKind::None, Error::<T>::SchemeWithoutMarks);
        ensure!(quantity > 0, Error::<T>::QuantityZero);
        let index = Self::covering(&certificate, gtin).ok_or(Error::<T>::ProductNotCovered)?;
        let product = certificate.products.get_mut(index).ok_or(Error::<T>::ProductNotCovered)?;
        product.draw(quantity).ok_or(Error::<T>::CertifiedQuantityExceeded)?;
        Certificates::<T>::insert(id, certificate);
        Ok(())
    }

    fn return_marks(id: CertificateId, gtin: &Gtin, quantity: u128) -> DispatchResult {
        let mut certificate = Certificates::<T>::get(id).ok_or(Error::<T>::CertificateNotFound)?;
        let index = Self::covering(&certificate, gtin).ok_or(Error::<T>::ProductNotCovered)?;
        let product = certificate.products.get_mut(index).ok_or(Error::<T>::ProductNotCovered)?;
        product.give_back(quantity).ok_or(Error::<T>::ReturnedMoreThanDrawn)?;
        Certificates::<T>::insert(id, certificate);
        Ok(())
    }

    fn drawn(id: CertificateId) -> u128 {
        Certificates::<T>::get(id).map_or(0, |certificate| drawn(&certificate))
    }

    fn drawn_in_all() -> u128 {
        Certificates::<T>::iter_values()
            .map(|certificate| drawn(&certificate))
            .fold(0, u128::saturating_add)
    }
}

/// What was drawn for marks of all products together.
fn drawn(certificate: &Certificate) -> u128 {
    certificate.products.iter().map(|product| product.drawn).fold(0, u128::saturating_add)
}
