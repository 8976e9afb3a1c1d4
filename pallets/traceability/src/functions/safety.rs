//! Holds.

use super::record::{Parties, Step};
use crate::{
    BatchDetails, BatchId, Batches, Commitment, Config, Error, Event, EventContext, Hold,
    HoldAuthority, Pallet,
};
use frame_support::ensure;
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::hold`].
    pub(crate) fn do_hold(
        who: &T::AccountId,
        id: BatchId,
        reason: Option<Commitment>,
    ) -> DispatchResult {
        let mut batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
        let (by, is_samr) = Self::holder_or_samr(who, &batch)?;
        let authority =
            if is_samr { HoldAuthority::MarketSupervision } else { HoldAuthority::Holder };
        let stronger = match batch.hold {
            None => true,
            Some(hold) => is_samr && hold.authority != HoldAuthority::MarketSupervision,
        };
        ensure!(stronger, Error::<T>::AlreadyHeld);
        batch.hold = Some(Hold { authority, by, since: Self::now(), reason });
        let context = Self::context_now(&batch, reason);
        let parties = Parties::alone(by).with(batch.holder);
        let quantity = batch.quantities.on_hand;
        Self::record(id, &mut batch, Step::HOLD, quantity, parties, context)?;
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::BatchHeld { batch: id, authority });
        Ok(())
    }

    /// See [`crate::Call::release`].
    pub(crate) fn do_release(
        who: &T::AccountId,
        id: BatchId,
        reason: Option<Commitment>,
    ) -> DispatchResult {
        let mut batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
        let (by, is_samr) = Self::holder_or_samr(who, &batch)?;
        let hold = batch.hold.ok_or(Error::<T>::NotHeld)?;
        ensure!(
            is_samr || hold.authority == HoldAuthority::Holder,
            Error::<T>::MarketSupervisionOnly
        );
        batch.hold = None;
        let context = Self::context_now(&batch, reason);
        let parties = Parties::alone(by).with(batch.holder);
        let quantity = batch.quantities.on_hand;
        Self::record(id, &mut batch, Step::RELEASE, quantity, parties, context)?;
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::BatchReleased { batch: id, by });
        Ok(())
    }

    /// An act of authority happens at block time, or right after what is on record.
    pub(crate) fn context_now(batch: &BatchDetails, document: Option<Commitment>) -> EventContext {
        EventContext {
            event_time: Self::now().max(batch.last_event_time),
            read_point: None,
            document,
        }
    }
}
