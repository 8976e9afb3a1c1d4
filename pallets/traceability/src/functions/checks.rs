//! Checks that several calls share.

use crate::{
    BatchDetails, BatchId, Batches, ClockSkew, Config, Error, EventContext, Gtin, Lot,
    MAX_ANCESTORS_CHECKED, Measure, MeasureError, Moment, OpenRecalls, Pallet, ProducerLicences,
    ProductDetails, Products, Units, WeightInfo, is_valid_lot,
};
use frame_support::{
    dispatch::{DispatchResultWithPostInfo, PostDispatchInfo},
    ensure,
    pallet_prelude::Weight,
    traits::Get,
};
use pallet_participants::{Authority, OrganisationId, Role};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Weight of a call whose `n_batches` batches may have to be checked against open recalls.
    pub(crate) fn checked(call: Weight, n_batches: u32) -> Weight {
        call.saturating_add(
            T::WeightInfo::check_recalls(MAX_ANCESTORS_CHECKED)
                .saturating_mul(u64::from(n_batches)),
        )
    }

    /// Weight of a claim for a batch with `n_parents` parents, which the keeper of certificates
    /// counts: it reads the certificate, and reads and writes what is claimed of it.
    pub(crate) fn claiming(n_parents: u32) -> Weight {
        T::WeightInfo::claim_certificate(n_parents)
            .saturating_add(T::DbWeight::get().reads_writes(2, 1))
    }

    /// What a call spent: without open recalls no ancestor was looked at.
    pub(crate) fn spent(call: Weight, n_batches: u32) -> DispatchResultWithPostInfo {
        let actual =
            if OpenRecalls::<T>::get().is_empty() { call } else { Self::checked(call, n_batches) };
        Ok(PostDispatchInfo::from(Some(actual)))
    }

    /// The trace node that `who` acts for.
    pub(crate) fn trace_node(who: &T::AccountId) -> Result<OrganisationId, DispatchError> {
        T::Authority::ensure_role(who, Role::TraceNode, None, None)
    }

    /// The batch, if `who` acts for its holder.
    pub(crate) fn held_batch(
        who: &T::AccountId,
        id: BatchId,
    ) -> Result<(OrganisationId, BatchDetails), DispatchError> {
        let organisation = Self::trace_node(who)?;
        let batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
        ensure!(batch.holder == organisation, Error::<T>::NotHolder);
        Ok((organisation, batch))
    }

    /// Whether `who` acts for market supervision (`true`) or for the holder of `batch` (`false`).
    pub(crate) fn holder_or_samr(
        who: &T::AccountId,
        batch: &BatchDetails,
    ) -> Result<(OrganisationId, bool), DispatchError> {
        let organisation = T::Authority::organisation_of(who)?;
        if organisation == batch.holder {
            return Ok((Self::trace_node(who)?, false));
        }
        Ok((Self::market_supervision(who, batch.holder)?, true))
    }

    /// The market supervision authority that `who` acts for, in the region of `subject`.
    pub(crate) fn market_supervision(
        who: &T::AccountId,
        subject: OrganisationId,
    ) -> Result<OrganisationId, DispatchError> {
        let region = T::Authority::organisation(subject).map(|summary| summary.region);
        T::Authority::ensure_role(who, Role::Samr, region, None)
    }

    /// The organisation may take part in custody.
    pub(crate) fn ensure_trace_node(organisation: OrganisationId) -> DispatchResult {
        let active = T::Authority::organisation(organisation).is_some_and(|known| known.active);
        ensure!(
            active && T::Authority::holds_role(organisation, Role::TraceNode),
            Error::<T>::NotTraceNode
        );
        Ok(())
    }

    /// The product, if `organisation` may produce it.
    pub(crate) fn producible(
        organisation: OrganisationId,
        gtin: &Gtin,
    ) -> Result<ProductDetails, DispatchError> {
        let product = Products::<T>::get(gtin).ok_or(Error::<T>::ProductNotFound)?;
        ensure!(
            product.owner == organisation
                || ProducerLicences::<T>::contains_key(gtin, organisation),
            Error::<T>::NotLicensed
        );
        Ok(product)
    }

    /// The product of a batch on record.
    pub(crate) fn product_of(batch: &BatchDetails) -> Result<ProductDetails, DispatchError> {
        Ok(Products::<T>::get(batch.gtin).ok_or(Error::<T>::ProductNotFound)?)
    }

    /// The id of a lot that is well formed and not used yet.
    pub(crate) fn unused_id(gtin: &Gtin, lot: &Lot) -> Result<BatchId, DispatchError> {
        ensure!(is_valid_lot(lot), Error::<T>::InvalidLot);
        let id = BatchId::of(gtin, lot);
        ensure!(!Batches::<T>::contains_key(id), Error::<T>::BatchAlreadyExists);
        Ok(id)
    }

    /// The event is not older than `floor`, not too far ahead, and its read point is well formed.
    pub(crate) fn check_context(context: &EventContext, floor: Moment) -> DispatchResult {
        ensure!(context.event_time >= floor, Error::<T>::EventTimeNotMonotone);
        let latest = Self::now().saturating_add(ClockSkew::<T>::get());
        ensure!(context.event_time <= latest, Error::<T>::EventTimeInFuture);
        ensure!(context.read_point.is_none_or(|gln| gln.is_valid()), Error::<T>::InvalidGs1Key);
        Ok(())
    }

    /// The holder has the goods, loose, and neither a stop nor a recall is on them.
    pub(crate) fn ensure_actionable(id: BatchId, batch: &BatchDetails) -> DispatchResult {
        ensure!(batch.stage.is_available(), Error::<T>::BatchNotAvailable);
        ensure!(batch.unit.is_none(), Error::<T>::InsideLogisticUnit);
        ensure!(batch.hold.is_none(), Error::<T>::BatchHeld);
        Self::ensure_not_recalled(id, batch)
    }

    /// Neither a hold nor a recall is on the batch.
    ///
    /// # Errors
    /// [`Error::BatchNotFound`], [`Error::BatchHeld`], [`Error::BatchRecalled`], or
    /// [`Error::RecallInProgress`] while a recall that is spreading cannot be excluded.
    pub fn ensure_neither_held_nor_recalled(id: BatchId) -> DispatchResult {
        let batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
        ensure!(batch.hold.is_none(), Error::<T>::BatchHeld);
        Self::ensure_not_recalled(id, &batch)
    }

    /// `measure` in base units of `product`, more than nothing.
    pub(crate) fn quantity(
        product: &ProductDetails,
        measure: &Measure,
    ) -> Result<u128, DispatchError> {
        Self::quantity_in(product.base_unit, measure)
    }

    /// `measure` in `unit`, more than nothing.
    pub(crate) fn quantity_in(
        unit: crate::BaseUnit,
        measure: &Measure,
    ) -> Result<u128, DispatchError> {
        let rule = Units::<T>::get(measure.unit).ok_or(Error::<T>::UnitUnknown)?;
        ensure!(rule.base == unit, Error::<T>::UnitMismatch);
        let quantity = measure.in_base_units(&rule).map_err(|error| match error {
            MeasureError::Inexact => Error::<T>::QuantityInexact,
            MeasureError::TooLarge => Error::<T>::QuantityTooLarge,
        })?;
        ensure!(quantity > 0, Error::<T>::QuantityZero);
        Ok(quantity)
    }
}
