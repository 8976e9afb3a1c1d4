//! Packing batches into logistic units.

use super::record::{Parties, Step};
use crate::{
    BatchId, Batches, Config, Contents, Error, Event, EventContext, LogisticUnit, LogisticUnits,
    Pallet, Reference, Sscc,
};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::ensure;
use pallet_participants::OrganisationId;
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::aggregate`].
    pub(crate) fn do_aggregate(
        who: &T::AccountId,
        sscc: Sscc,
        contents: Contents,
        context: EventContext,
    ) -> DispatchResult {
        let organisation = Self::trace_node(who)?;
        Self::ensure_each_once(&contents)?;
        let mut unit = match LogisticUnits::<T>::contains_key(sscc) {
            true => Self::held_unit(organisation, sscc)?,
            false => {
                ensure!(sscc.is_valid(), Error::<T>::InvalidGs1Key);
                LogisticUnit {
                    holder: organisation,
                    consignee: None,
                    contents: Contents::new(),
                    closed: false,
                }
            }
        };
        let mut batches = Vec::with_capacity(contents.len());
        for id in &contents {
            let batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
            ensure!(batch.holder == organisation, Error::<T>::NotHolder);
            Self::ensure_actionable(*id, &batch)?;
            Self::check_context(&context, batch.last_event_time)?;
            unit.contents.try_push(*id).map_err(|_| Error::<T>::LogisticUnitFull)?;
            batches.push((*id, batch));
        }
        for (id, mut batch) in batches {
            batch.unit = Some(sscc);
            let quantity = batch.quantities.on_hand;
            let parties = Parties::alone(organisation).about(Reference::LogisticUnit(sscc));
            Self::record(id, &mut batch, Step::AGGREGATE, quantity, parties, context)?;
            Batches::<T>::insert(id, batch);
        }
        LogisticUnits::<T>::insert(sscc, unit);
        Self::deposit_event(Event::Aggregated { sscc, batches: contents });
        Ok(())
    }

    /// See [`crate::Call::disaggregate`].
    pub(crate) fn do_disaggregate(
        who: &T::AccountId,
        sscc: Sscc,
        contents: Contents,
        context: EventContext,
    ) -> DispatchResult {
        let organisation = Self::trace_node(who)?;
        Self::ensure_each_once(&contents)?;
        Self::held_unit(organisation, sscc)?;
        let mut batches = Vec::with_capacity(contents.len());
        for id in &contents {
            let batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
            ensure!(batch.unit == Some(sscc), Error::<T>::NotInLogisticUnit);
            Self::check_context(&context, batch.last_event_time)?;
            batches.push((*id, batch));
        }
        for (id, mut batch) in batches {
            batch.unit = None;
            let quantity = batch.quantities.on_hand;
            let parties = Parties::alone(organisation).about(Reference::LogisticUnit(sscc));
            Self::record(id, &mut batch, Step::DISAGGREGATE, quantity, parties, context)?;
            Batches::<T>::insert(id, batch);
        }
        Self::remove_from_unit(sscc, &contents)?;
        Self::deposit_event(Event::Disaggregated { sscc, batches: contents });
        Ok(())
    }

    /// The open unit, if `organisation` has it and it is not under way.
    pub(crate) fn held_unit(
        organisation: OrganisationId,
        sscc: Sscc,
    ) -> Result<LogisticUnit, DispatchError> {
        let unit = LogisticUnits::<T>::get(sscc).ok_or(Error::<T>::LogisticUnitNotFound)?;
        ensure!(!unit.closed, Error::<T>::SsccAlreadyUsed);
        ensure!(unit.holder == organisation, Error::<T>::NotHolder);
        ensure!(unit.consignee.is_none(), Error::<T>::LogisticUnitInTransit);
        Ok(unit)
    }

    /// Takes batches off the list of a unit; closes it when it is empty.
    pub(crate) fn remove_from_unit(sscc: Sscc, batches: &[BatchId]) -> DispatchResult {
        LogisticUnits::<T>::try_mutate(sscc, |slot| {
            let unit = slot.as_mut().ok_or(Error::<T>::LogisticUnitNotFound)?;
            unit.contents.retain(|id| !batches.contains(id));
            if unit.contents.is_empty() {
                unit.closed = true;
                unit.consignee = None;
            }
            Ok(())
        })
    }

    fn ensure_each_once(contents: &Contents) -> DispatchResult {
        ensure!(!contents.is_empty(), Error::<T>::TooFewBatches);
        let mut seen = BTreeSet::new();
        ensure!(contents.iter().all(|id| seen.insert(*id)), Error::<T>::DuplicateBatch);
        Ok(())
    }
}
