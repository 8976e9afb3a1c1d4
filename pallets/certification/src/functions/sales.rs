//! Transaction certificates.

use crate::{
    Certificate, Certificates, Config, Error, Event, MAX_LINEAGE, MasterData,
    NextTransactionCertificateId, Pallet, SoldFromBatches, SoldFromLineages,
    TransactionCertificate, TransactionCertificateId, TransactionCertificates,
};
use alloc::{collections::BTreeMap, vec};
use frame_support::{
    dispatch::{DispatchResultWithPostInfo, PostDispatchInfo},
    ensure,
    pallet_prelude::Weight,
    traits::Get,
};
use pallet_participants::{Authority, OrganisationId};
use pallet_traceability::{
    BatchId, CertificateId, CertificateStatus, Commitment, MAX_INPUTS, MAX_OUTPUTS, Parent,
};
use sp_runtime::{DispatchError, Rounding, helpers_128bit::multiply_by_rational_with_rounding};

/// A sale, or the end of one, as it is counted for batches.
#[derive(Clone, Copy)]
enum Count {
    Sold,
    Void,
}

/// What a sale leaves to be written.
struct Counted {
    /// Content units that the seller has then sold of each batch.
    of: BTreeMap<BatchId, u128>,
    /// How often a batch was looked at.
    n: u32,
}

impl<T: Config> Pallet<T> {
    /// Weight of a call that counts a sale for `n` batches.
    // Of each: what is sold of it; itself, its product and its derivation; the inputs and outputs
    // of that, with their products.
    pub(crate) fn counted(call: Weight, n: u32) -> Weight {
        let related = u64::from(MAX_INPUTS.saturating_add(MAX_OUTPUTS));
        let reads = related.saturating_mul(2).saturating_add(4);
        call.saturating_add(T::DbWeight::get().reads_writes(reads, 1).saturating_mul(n.into()))
    }

    /// What a call spent that counted a sale for `n` batches.
    pub(crate) fn spent(call: Weight, n: u32) -> DispatchResultWithPostInfo {
        Ok(PostDispatchInfo::from(Some(Self::counted(call, n))))
    }

    /// See [`crate::Call::issue_transaction_certificate`]. Returns for how many batches the sale
    /// is counted.
    pub(crate) fn do_issue_transaction_certificate(
        who: &T::AccountId,
        id: CertificateId,
        buyer: OrganisationId,
        batch_id: BatchId,
        quantity: u128,
    ) -> Result<u32, DispatchError> {
        let mut certificate = Certificates::<T>::get(id).ok_or(Error::<T>::CertificateNotFound)?;
        Self::ensure_of_body(who, certificate.body)?;
        Self::ensure_approved(certificate.body)?;
        let now = Self::now();
        let valid = certificate.status_at(now) == Some(CertificateStatus::Valid);
        ensure!(valid, Error::<T>::CertificateNotValid);
        ensure!(quantity > 0, Error::<T>::QuantityZero);
        let seller = certificate.holder;
        ensure!(buyer != seller, Error::<T>::BuyerIsSeller);
        let known = T::Authority::organisation(buyer).is_some_and(|summary| summary.active);
        ensure!(known, Error::<T>::BuyerUnknown);
        let (index, content) = Self::sellable(id, &certificate, batch_id)?;
        let sold_from_batch = SoldFromBatches::<T>::get(batch_id)
            .checked_add(quantity)
            .filter(|sold| *sold <= content)
            .ok_or(Error::<T>::BatchQuantityExceeded)?;
        let product = certificate.products.get_mut(index).ok_or(Error::<T>::ProductNotCovered)?;
        product.sell(quantity).ok_or(Error::<T>::CertifiedQuantityExceeded)?;
        let gtin = product.gtin;
        let counted = Self::count_sale(seller, batch_id, content, quantity, Count::Sold)?;

        let number = Self::next_number::<_, NextTransactionCertificateId<T>>()?;
        Certificates::<T>::insert(id, certificate);
        SoldFromBatches::<T>::insert(batch_id, sold_from_batch);
        let n = Self::put_counted(seller, counted);
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
        Ok(n)
    }

    /// See [`crate::Call::void_transaction_certificate`]. Returns for how many batches the sale
    /// was counted.
    pub(crate) fn do_void_transaction_certificate(
        who: &T::AccountId,
        id: TransactionCertificateId,
        reason: Commitment,
    ) -> Result<u32, DispatchError> {
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
        let content = Self::content_of(transaction.batch)?;
        let (seller, batch, quantity) =
            (transaction.seller, transaction.batch, transaction.quantity);
        let counted = Self::count_sale(seller, batch, content, quantity, Count::Void)?;
        transaction.voided_at = Some(Self::now());
        Certificates::<T>::insert(transaction.certificate, certificate);
        SoldFromBatches::<T>::insert(transaction.batch, sold_from_batch);
        let n = Self::put_counted(seller, counted);
        TransactionCertificates::<T>::insert(id, transaction);
        Self::deposit_event(Event::TransactionCertificateVoided { id, reason });
        Ok(n)
    }

    /// Counts `quantity` of a batch of `content` for it and for all that it was made from, each
    /// with what went into the next; nothing is written yet.
    ///
    /// # Errors
    /// When a seller would have sold more of a batch than it has, or there are too many batches.
    fn count_sale(
        seller: OrganisationId,
        batch: BatchId,
        content: u128,
        quantity: u128,
        count: Count,
    ) -> Result<Counted, DispatchError> {
        let mut counted = Counted { of: BTreeMap::new(), n: 0 };
        let mut open = vec![(batch, content, quantity)];
        while let Some((id, content, change)) = open.pop() {
            counted.n = counted.n.saturating_add(1);
            ensure!(counted.n <= MAX_LINEAGE, Error::<T>::LineageTooLong);
            let stored = || SoldFromLineages::<T>::get(id, seller);
            let before = counted.of.get(&id).copied().unwrap_or_else(stored);
            let after = match count {
                Count::Sold => before
                    .checked_add(change)
                    .filter(|sold| *sold <= content)
                    .ok_or(Error::<T>::SoldInAnotherBatch)?,
                Count::Void => before.checked_sub(change).ok_or(Error::<T>::Inconsistent)?,
            };
            counted.of.insert(id, after);
            for parent in T::MasterData::parents(id)? {
                let sold =
                    |of| sold_of_parent(&parent, of, content).ok_or(Error::<T>::Inconsistent);
                // Of rounded sums: so much is counted back when the sale is void.
                let change = sold(after)?.abs_diff(sold(before)?);
                if change > 0 {
                    open.push((parent.batch, parent.content, change));
                }
            }
        }
        Ok(counted)
    }

    /// Writes what was counted; gives for how many batches.
    fn put_counted(seller: OrganisationId, counted: Counted) -> u32 {
        for (batch, sold) in counted.of {
            if sold == 0 {
                SoldFromLineages::<T>::remove(batch, seller);
            } else {
                SoldFromLineages::<T>::insert(batch, seller, sold);
            }
        }
        counted.n
    }

    /// Content units of a batch.
    ///
    /// # Errors
    /// When there is no such batch.
    pub(crate) fn content_of(id: BatchId) -> Result<u128, DispatchError> {
        let batch = T::MasterData::batch(id).ok_or(Error::<T>::BatchNotFound)?;
        let content = Self::product_of(&batch.gtin)?.content(batch.quantity);
        Ok(content.ok_or(Error::<T>::CertifiedQuantityExceeded)?)
    }

    /// Index of the product that a batch is certified as, and the content units of the batch.
    ///
    /// # Errors
    /// When the batch is unknown, not the holder's, stopped, not covered, was not made while the
    /// certificate was valid, or does not carry it.
    fn sellable(
        id: CertificateId,
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
        // What was mixed carries what all its parts carry, and what was made of uncertified goods
        // carries nothing.
        let claim = batch
            .claims
            .iter()
            .find(|claim| claim.certificate == id)
            .ok_or(Error::<T>::NotClaimed)?;
        ensure!(!claim.made_while_suspended, Error::<T>::MadeWhileSuspended);
        let content = Self::product_of(&batch.gtin)?
            .content(batch.quantity)
            .ok_or(Error::<T>::CertifiedQuantityExceeded)?;
        Ok((index, content))
    }
}

/// Content units of a parent that are sold when `sold` of a batch of `content` is: in proportion
/// to what went into it, rounded up. `None` for a batch of nothing.
pub(crate) fn sold_of_parent(parent: &Parent, sold: u128, content: u128) -> Option<u128> {
    multiply_by_rational_with_rounding(parent.taken, sold, content, Rounding::Up)
}
