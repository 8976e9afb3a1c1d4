//! Transaction certificates.

use crate::{
    Certificate, Certificates, Config, Error, Event, MasterData, NextTransactionCertificateId,
    Pallet, SoldFromBatches, TransactionCertificate, TransactionCertificateId,
    TransactionCertificates,
};
use frame_support::ensure;
use pallet_participants::{Authority, OrganisationId};
use pallet_traceability::{BatchId, CertificateId, CertificateStatus, Commitment};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::issue_transaction_certificate`].
    pub(crate) fn do_issue_transaction_certificate(
        who: &T::AccountId,
        id: CertificateId,
        buyer: OrganisationId,
        batch_id: BatchId,
        quantity: u128,
    ) -> DispatchResult {
        let mut certificate = Certificates::<T>::get(id).ok_or(Error::<T>::CertificateNotFound)?;
        Self::ensure_of_body(who, certificate.body)?;
        let now = Self::now();
        let valid = certificate.status_at(now) == Some(CertificateStatus::Valid);
        ensure!(valid, Error::<T>::CertificateNotValid);
        ensure!(quantity > 0, Error::<T>::QuantityZero);
        let seller = certificate.holder;
        ensure!(buyer != seller, Error::<T>::BuyerIsSeller);
        let known = T::Authority::organisation(buyer).is_some_and(|summary| summary.active);
        ensure!(known, Error::<T>::BuyerUnknown);
        let (index, content) = Self::sellable(&certificate, batch_id)?;
        let sold_from_batch = SoldFromBatches::<T>::get(batch_id)
            .checked_add(quantity)
            .filter(|sold| *sold <= content)
            .ok_or(Error::<T>::BatchQuantityExceeded)?;
        let product = certificate.products.get_mut(index).ok_or(Error::<T>::ProductNotCovered)?;
        product.sell(quantity).ok_or(Error::<T>::CertifiedQuantityExceeded)?;
        let gtin = product.gtin;

        let number = Self::next_number::<_, NextTransactionCertificateId<T>>()?;
        Certificates::<T>::insert(id, certificate);
        SoldFromBatches::<T>::insert(batch_id, sold_from_batch);
        TransactionCertificates::<T>::insert(
            number,
            TransactionCertificate {
                certificate: id,
                seller,
                buyer,
                batch: batch_id,
                gtin,
                quantity,
                issued_at: now,
                voided_at: None,
                rule_set: Self::rule_version(),
            },
        );
        Self::deposit_event(Event::TransactionCertificateIssued {
            id: number,
            certificate: id,
            seller,
            buyer,
            batch: batch_id,
            quantity,
        });
        Ok(())
    }

    /// See [`crate::Call::void_transaction_certificate`].
    pub(crate) fn do_void_transaction_certificate(
        who: &T::AccountId,
        id: TransactionCertificateId,
        reason: Commitment,
    ) -> DispatchResult {
        let mut transaction = TransactionCertificates::<T>::get(id)
            .ok_or(Error::<T>::TransactionCertificateNotFound)?;
        let mut certificate = Certificates::<T>::get(transaction.certificate)
            .ok_or(Error::<T>::CertificateNotFound)?;
        Self::ensure_of_body(who, certificate.body)?;
        let stands = transaction.voided_at.is_none();
        ensure!(stands, Error::<T>::TransactionCertificateVoid);
        Self::ensure_commitment(&reason)?;
        let product = certificate
            .products
            .iter_mut()
            .find(|product| product.gtin == transaction.gtin)
            .ok_or(Error::<T>::Inconsistent)?;
        product.sold =
            product.sold.checked_sub(transaction.quantity).ok_or(Error::<T>::Inconsistent)?;
        let sold_from_batch = SoldFromBatches::<T>::get(transaction.batch)
            .checked_sub(transaction.quantity)
            .ok_or(Error::<T>::Inconsistent)?;
        transaction.voided_at = Some(Self::now());
        Certificates::<T>::insert(transaction.certificate, certificate);
        SoldFromBatches::<T>::insert(transaction.batch, sold_from_batch);
        TransactionCertificates::<T>::insert(id, transaction);
        Self::deposit_event(Event::TransactionCertificateVoided { id, reason });
        Ok(())
    }

    /// Index of the product that a batch is certified as, and the content units of the batch.
    ///
    /// # Errors
    /// When the batch is unknown, not the holder's, stopped, not covered, or was not made while
    /// the certificate was valid.
    fn sellable(
        certificate: &Certificate,
        batch_id: BatchId,
    ) -> Result<(usize, u128), DispatchError> {
        let batch = T::MasterData::batch(batch_id).ok_or(Error::<T>::BatchNotFound)?;
        let seller = certificate.holder;
        let own = batch.producer == seller || batch.holder == seller;
        ensure!(own, Error::<T>::BatchOfAnother);
        ensure!(!batch.stopped, Error::<T>::BatchStopped);
        let index =
            Self::covering(certificate, &batch.gtin).ok_or(Error::<T>::ProductNotCovered)?;
        // What was made from other batches comes from their bases, under their certificates.
        let from_bases =
            batch.derived || batch.origins.iter().all(|base| certificate.bases.contains(base));
        ensure!(from_bases, Error::<T>::BaseNotCovered);
        match certificate.status_at(batch.produced_at) {
            Some(CertificateStatus::Valid) => (),
            Some(CertificateStatus::Suspended) => {
                return Err(Error::<T>::MadeWhileSuspended.into());
            }
            _ => return Err(Error::<T>::MadeOutsidePeriod.into()),
        }
        let content = Self::product_of(&batch.gtin)?
            .content(batch.quantity)
            .ok_or(Error::<T>::CertifiedQuantityExceeded)?;
        Ok((index, content))
    }
}
