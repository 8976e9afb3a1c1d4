//! Growing, farm inputs, harvest and tests.

use super::record::{Parties, Step};
use crate::{
    BatchDetails, BatchId, Batches, Claims, Commitment, Config, CurrentRuleSet, EarliestHarvest,
    Error, Event, EventContext, FarmInputId, FarmInputs, Gtin, Hold, HoldAuthority, Lot, Measure,
    Moment, Origins, Pallet, PlaceDetails, PlaceId, Places, Quantities, Reference, Stage, TestMark,
    UnitCode, is_valid_lot,
};
use frame_support::ensure;
use pallet_participants::{Authority, OrganisationId, Role};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::register_batch`].
    pub(crate) fn do_register_batch(
        who: &T::AccountId,
        gtin: Gtin,
        lot: Lot,
        place: PlaceId,
        context: EventContext,
    ) -> DispatchResult {
        let organisation = Self::producer_at(who, place)?;
        let id = Self::unused_id(&gtin, &lot)?;
        Self::producible(organisation, &gtin)?;
        Self::check_context(&context, 0)?;
        let declared = Measure { value: 0, decimals: 0, unit: UnitCode(*b"C62") };
        let mut batch = Self::new_batch(gtin, lot.clone(), organisation, declared)?;
        batch.origins.try_push(place).map_err(|_| Error::<T>::TooManyOrigins)?;
        Self::record(id, &mut batch, Step::REGISTER, 0, Parties::alone(organisation), context)?;
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::BatchRegistered {
            batch: id,
            gtin,
            lot,
            producer: organisation,
        });
        Ok(())
    }

    /// See [`crate::Call::use_input`].
    pub(crate) fn do_use_input(
        who: &T::AccountId,
        id: BatchId,
        input: FarmInputId,
        context: EventContext,
    ) -> DispatchResult {
        let (organisation, mut batch) = Self::held_batch(who, id)?;
        ensure!(batch.stage == Stage::Growing, Error::<T>::NotGrowing);
        let place = *batch.origins.first().ok_or(Error::<T>::Inconsistent)?;
        let farm_input = FarmInputs::<T>::get(input).ok_or(Error::<T>::FarmInputNotFound)?;
        ensure!(farm_input.permitted, Error::<T>::FarmInputForbidden);
        Self::check_context(&context, batch.last_event_time)?;
        let earliest_harvest = context
            .event_time
            .saturating_add(farm_input.interval_ms())
            .max(EarliestHarvest::<T>::get(place, batch.gtin).unwrap_or(0));
        let parties = Parties::alone(organisation).about(Reference::FarmInput(input));
        Self::record(id, &mut batch, Step::USE_INPUT, 0, parties, context)?;
        EarliestHarvest::<T>::insert(place, batch.gtin, earliest_harvest);
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::InputUsed { batch: id, input, earliest_harvest });
        Ok(())
    }

    /// See [`crate::Call::produce`].
    pub(crate) fn do_produce(
        who: &T::AccountId,
        gtin: Gtin,
        lot: Lot,
        quantity: Measure,
        place: PlaceId,
        context: EventContext,
    ) -> DispatchResult {
        let organisation = Self::producer_at(who, place)?;
        ensure!(is_valid_lot(&lot), Error::<T>::InvalidLot);
        let product = Self::producible(organisation, &gtin)?;
        let amount = Self::quantity(&product, &quantity)?;
        let id = BatchId::of(&gtin, &lot);
        let mut batch = match Batches::<T>::get(id) {
            Some(growing) if growing.stage == Stage::Growing => {
                ensure!(growing.holder == organisation, Error::<T>::NotHolder);
                ensure!(growing.origins.contains(&place), Error::<T>::WrongPlace);
                ensure!(growing.hold.is_none(), Error::<T>::BatchHeld);
                Self::ensure_not_recalled(id, &growing)?;
                growing
            }
            Some(_) => return Err(Error::<T>::BatchAlreadyExists.into()),
            None => {
                let mut new = Self::new_batch(gtin, lot.clone(), organisation, quantity)?;
                new.origins.try_push(place).map_err(|_| Error::<T>::TooManyOrigins)?;
                new
            }
        };
        Self::check_context(&context, batch.last_event_time)?;
        let earliest = EarliestHarvest::<T>::get(place, gtin).unwrap_or(0);
        ensure!(context.event_time >= earliest, Error::<T>::PreHarvestInterval);
        batch.stage = Stage::Harvested;
        batch.quantities = Quantities::new(amount);
        batch.declared = quantity;
        batch.produced_at = context.event_time;
        batch.rule_set = CurrentRuleSet::<T>::get().version;
        Self::record(id, &mut batch, Step::PRODUCE, amount, Parties::alone(organisation), context)?;
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::BatchProduced {
            batch: id,
            gtin,
            lot,
            producer: organisation,
            quantity: amount,
        });
        Ok(())
    }

    /// See [`crate::Call::record_test`].
    pub(crate) fn do_record_test(
        who: &T::AccountId,
        id: BatchId,
        passed: bool,
        sampled_at: Moment,
        report: Commitment,
        context: EventContext,
    ) -> DispatchResult {
        let lab = T::Authority::ensure_role(who, Role::Lab, None, None)?;
        let mut batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
        ensure!(lab != batch.producer && lab != batch.holder, Error::<T>::LabNotIndependent);
        ensure!(batch.stage != Stage::Growing, Error::<T>::BatchNotAvailable);
        ensure!(
            (batch.produced_at..=context.event_time).contains(&sampled_at),
            Error::<T>::SampleTimeInvalid
        );
        Self::check_context(&context, batch.last_event_time)?;
        batch.test = Some(TestMark { lab, passed, sampled_at, report });
        let held_by_samr =
            batch.hold.is_some_and(|hold| hold.authority == HoldAuthority::MarketSupervision);
        if !passed && !held_by_samr {
            batch.hold = Some(Hold {
                authority: HoldAuthority::FailedTest,
                by: lab,
                since: Self::now(),
                reason: Some(report),
            });
        }
        let step = if passed { Step::TEST_PASSED } else { Step::TEST_FAILED };
        let parties = Parties::alone(lab).with(batch.holder);
        let context = EventContext { document: context.document.or(Some(report)), ..context };
        Self::record(id, &mut batch, step, 0, parties, context)?;
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::BatchTested { batch: id, lab, passed });
        if !passed && !held_by_samr {
            let authority = HoldAuthority::FailedTest;
            Self::deposit_event(Event::BatchHeld { batch: id, authority });
        }
        Ok(())
    }

    /// The organisation that `who` acts for, if it runs the base and may act in its region.
    fn producer_at(who: &T::AccountId, place: PlaceId) -> Result<OrganisationId, DispatchError> {
        let PlaceDetails { owner, region, .. } =
            Places::<T>::get(place).ok_or(Error::<T>::PlaceNotFound)?;
        let organisation = T::Authority::ensure_role(who, Role::TraceNode, Some(region), None)?;
        ensure!(owner == organisation, Error::<T>::WrongPlace);
        Ok(organisation)
    }

    /// A batch without units, events and origins.
    pub(crate) fn new_batch(
        gtin: Gtin,
        lot: Lot,
        organisation: OrganisationId,
        declared: Measure,
    ) -> Result<BatchDetails, DispatchError> {
        Ok(BatchDetails {
            gtin,
            lot,
            producer: organisation,
            holder: organisation,
            stage: Stage::Growing,
            quantities: Quantities::default(),
            declared,
            hold: None,
            n_recalls: 0,
            test: None,
            transit: None,
            unit: None,
            origins: Origins::new(),
            claims: Claims::new(),
            produced_at: 0,
            last_event_time: 0,
            formed_by: None,
            n_derivations: 0,
            n_events: 0,
            history: [0; 32],
            rule_set: CurrentRuleSet::<T>::get().version,
        })
    }
}
