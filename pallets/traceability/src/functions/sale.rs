//! Selling, taking back, observing, losing and destroying.

use super::record::{Parties, Step};
use crate::{
    BatchId, Batches, BizStep, Bucket, Config, Disposition, Error, Event, EventContext,
    HoldAuthority, Measure, Pallet, Stage,
};
use frame_support::ensure;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::sell`].
    pub(crate) fn do_sell(
        who: &T::AccountId,
        id: BatchId,
        quantity: Measure,
        context: EventContext,
    ) -> DispatchResult {
        let quantity = Self::take_off(who, id, quantity, Bucket::Sold, Step::SELL, context)?;
        Self::deposit_event(Event::BatchSold { batch: id, quantity });
        Ok(())
    }

    /// See [`crate::Call::record_loss`].
    pub(crate) fn do_record_loss(
        who: &T::AccountId,
        id: BatchId,
        quantity: Measure,
        context: EventContext,
    ) -> DispatchResult {
        let quantity = Self::take_off(who, id, quantity, Bucket::Lost, Step::LOSE, context)?;
        Self::deposit_event(Event::LossRecorded { batch: id, quantity });
        Ok(())
    }

    /// Takes units of a batch that is free to act on off the holder's hands.
    fn take_off(
        who: &T::AccountId,
        id: BatchId,
        quantity: Measure,
        to: Bucket,
        step: Step,
        context: EventContext,
    ) -> Result<u128, sp_runtime::DispatchError> {
        let (organisation, mut batch) = Self::held_batch(who, id)?;
        Self::ensure_actionable(id, &batch)?;
        Self::check_context(&context, batch.last_event_time)?;
        let quantity = Self::quantity(&Self::product_of(&batch)?, &quantity)?;
        Self::shift(&mut batch, Bucket::OnHand, to, quantity)?;
        Self::record(id, &mut batch, step, quantity, Parties::alone(organisation), context)?;
        Batches::<T>::insert(id, batch);
        Ok(quantity)
    }

    /// See [`crate::Call::take_back`].
    pub(crate) fn do_take_back(
        who: &T::AccountId,
        id: BatchId,
        quantity: Measure,
        context: EventContext,
    ) -> DispatchResult {
        let (organisation, mut batch) = Self::held_batch(who, id)?;
        ensure!(
            batch.transit.is_none() && batch.unit.is_none() && batch.quantities.sold > 0,
            Error::<T>::NotSold
        );
        Self::check_context(&context, batch.last_event_time)?;
        let quantity = Self::quantity(&Self::product_of(&batch)?, &quantity)?;
        Self::shift(&mut batch, Bucket::Sold, Bucket::OnHand, quantity)?;
        if !batch.stage.is_available() {
            batch.stage = Stage::Retail;
        }
        let parties = Parties::alone(organisation);
        Self::record(id, &mut batch, Step::TAKE_BACK, quantity, parties, context)?;
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::BatchTakenBack { batch: id, quantity });
        Ok(())
    }

    /// See [`crate::Call::observe`].
    pub(crate) fn do_observe(
        who: &T::AccountId,
        id: BatchId,
        biz_step: BizStep,
        disposition: Disposition,
        context: EventContext,
    ) -> DispatchResult {
        let (organisation, mut batch) = Self::held_batch(who, id)?;
        let stage = match biz_step {
            BizStep::Storing => Stage::Stored,
            BizStep::Stocking => Stage::Retail,
            BizStep::Arriving
            | BizStep::CycleCounting
            | BizStep::Departing
            | BizStep::EnteringExiting
            | BizStep::Loading
            | BizStep::Picking
            | BizStep::Sampling
            | BizStep::SensorReporting
            | BizStep::StagingOutbound
            | BizStep::StockTaking
            | BizStep::Transporting
            | BizStep::Unloading => batch.stage,
            _ => return Err(Error::<T>::BizStepNotObservation.into()),
        };
        Self::ensure_actionable(id, &batch)?;
        Self::check_context(&context, batch.last_event_time)?;
        batch.stage = stage;
        let quantity = batch.quantities.on_hand;
        let parties = Parties::alone(organisation);
        let step = Step::observe(biz_step, disposition);
        Self::record(id, &mut batch, step, quantity, parties, context)?;
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::BatchObserved { batch: id, biz_step });
        Ok(())
    }

    /// See [`crate::Call::destroy`].
    pub(crate) fn do_destroy(
        who: &T::AccountId,
        id: BatchId,
        quantity: Measure,
        context: EventContext,
    ) -> DispatchResult {
        let mut batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
        let (by, is_samr) = Self::holder_or_samr(who, &batch)?;
        let held_by_samr =
            batch.hold.is_some_and(|hold| hold.authority == HoldAuthority::MarketSupervision);
        if is_samr {
            let under_supervision = held_by_samr || Self::is_recalled(id, &batch);
            ensure!(under_supervision, Error::<T>::NotUnderMarketSupervision);
        } else {
            ensure!(!held_by_samr, Error::<T>::MarketSupervisionOnly);
        }
        ensure!(batch.stage.is_available(), Error::<T>::BatchNotAvailable);
        ensure!(batch.unit.is_none(), Error::<T>::InsideLogisticUnit);
        Self::check_context(&context, batch.last_event_time)?;
        let quantity = Self::quantity(&Self::product_of(&batch)?, &quantity)?;
        Self::shift(&mut batch, Bucket::OnHand, Bucket::Destroyed, quantity)?;
        let parties = match is_samr {
            true => Parties::alone(by).with(batch.holder),
            false => Parties::alone(by),
        };
        Self::record(id, &mut batch, Step::DESTROY, quantity, parties, context)?;
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::BatchDestroyed { batch: id, quantity, by });
        Ok(())
    }
}
