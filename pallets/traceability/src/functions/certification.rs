//! Claims: which certificates a batch carries.

use super::derivation::Input;
use super::record::{Parties, Step};
use crate::{
    BatchDetails, BatchId, Batches, CertificateId, CertificateOfBatch, CertificateStatus,
    Certificates, Claim, Claims, Config, Derivations, Error, Event, Pallet, Reference, SchemeId,
};
use frame_support::ensure;
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::claim_certificate`]. Returns how many parents were looked at.
    pub(crate) fn do_claim_certificate(
        who: &T::AccountId,
        id: BatchId,
        certificate: CertificateId,
    ) -> Result<u32, DispatchError> {
        let (organisation, mut batch) = Self::held_batch(who, id)?;
        ensure!(batch.producer == organisation, Error::<T>::ClaimantNotProducer);
        Self::ensure_actionable(id, &batch)?;
        let position = match batch.claims.binary_search_by_key(&certificate, |c| c.certificate) {
            Ok(_) => return Err(Error::<T>::AlreadyClaimed.into()),
            Err(position) => position,
        };
        let made_while_suspended = Self::in_force_when_made(certificate, &batch)?;
        let scheme = T::Certificates::scheme(certificate).ok_or(Error::<T>::CertificateNotFound)?;
        let n_parents = Self::ensure_covered(certificate, scheme, &batch)?;
        batch
            .claims
            .try_insert(position, Claim { certificate, made_while_suspended })
            .map_err(|_| Error::<T>::TooManyClaims)?;
        let content = Self::product_of(&batch)?
            .content(batch.quantities.produced)
            .ok_or(Error::<T>::QuantityTooLarge)?;
        let grown = batch.formed_by.is_none();
        T::Certificates::count_claim(certificate, &batch.gtin, content, grown)?;
        let context = Self::context_now(&batch, None);
        let parties = Parties::alone(organisation).about(Reference::Certificate(certificate));
        let quantity = batch.quantities.on_hand;
        Self::record(id, &mut batch, Step::CLAIM, quantity, parties, context)?;
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::CertificateClaimed {
            batch: id,
            certificate,
            made_while_suspended,
        });
        Ok(n_parents)
    }

    /// Whether the certificate was suspended when the batch was made; an error if it was not in
    /// force at all, or has been withdrawn since.
    fn in_force_when_made(
        certificate: CertificateId,
        batch: &BatchDetails,
    ) -> Result<bool, DispatchError> {
        let now = Self::now();
        // What will be the status by the time that the batch says it was made, nobody knows yet.
        ensure!(batch.produced_at <= now, Error::<T>::EventTimeInFuture);
        let status_now =
            T::Certificates::status_at(certificate, now).ok_or(Error::<T>::CertificateNotFound)?;
        let withdrawn =
            matches!(status_now, CertificateStatus::Revoked | CertificateStatus::Cancelled);
        ensure!(!withdrawn, Error::<T>::CertificateNotInForce);
        match T::Certificates::status_at(certificate, batch.produced_at) {
            Some(CertificateStatus::Valid) => Ok(false),
            Some(CertificateStatus::Suspended) => Ok(true),
            _ => Err(Error::<T>::CertificateNotInForce.into()),
        }
    }

    /// The certificate covers the batch: at its bases; or, for a derived batch, its producer and
    /// product, if all that went into it carries a certificate of the same scheme.
    fn ensure_covered(
        certificate: CertificateId,
        scheme: SchemeId,
        batch: &BatchDetails,
    ) -> Result<u32, DispatchError> {
        let covers =
            |bases: &[_]| T::Certificates::covers(certificate, batch.producer, &batch.gtin, bases);
        let Some(derivation) = batch.formed_by else {
            ensure!(covers(&batch.origins), Error::<T>::CertificateNotCovering);
            return Ok(0);
        };
        ensure!(covers(&[]), Error::<T>::CertificateNotCovering);
        let inputs = Derivations::<T>::get(derivation).ok_or(Error::<T>::Inconsistent)?.inputs;
        for input in &inputs {
            let parent = Batches::<T>::get(input.batch).ok_or(Error::<T>::Inconsistent)?;
            ensure!(Self::carries(&parent, scheme), Error::<T>::ParentsNotCertified);
        }
        Ok(u32::try_from(inputs.len()).unwrap_or(u32::MAX))
    }

    /// Whether the batch carries a certificate of `scheme`.
    pub(crate) fn carries(batch: &BatchDetails, scheme: SchemeId) -> bool {
        batch.claims.iter().any(|claim| T::Certificates::scheme(claim.certificate) == Some(scheme))
    }

    /// The certificates that all inputs carry, suspended if any input was made while it was.
    pub(crate) fn intersection_of_claims(inputs: &[Input]) -> Claims {
        let Some((first, rest)) = inputs.split_first() else { return Claims::new() };
        let mut claims = first.batch.claims.clone();
        for input in rest {
            let others = &input.batch.claims;
            claims.retain(|claim| others.iter().any(|it| it.certificate == claim.certificate));
            for claim in &mut claims {
                claim.made_while_suspended |= others
                    .iter()
                    .any(|it| it.certificate == claim.certificate && it.made_while_suspended);
            }
        }
        claims
    }

    /// See [`Pallet::batch_certificates`].
    pub(crate) fn certificates_of(id: BatchId) -> alloc::vec::Vec<CertificateOfBatch> {
        let Some(batch) = Batches::<T>::get(id) else { return Default::default() };
        let now = Self::now();
        batch
            .claims
            .iter()
            .map(|claim| CertificateOfBatch {
                claim: *claim,
                status_when_made: T::Certificates::status_at(claim.certificate, batch.produced_at),
                status_now: T::Certificates::status_at(claim.certificate, now),
            })
            .collect()
    }
}
