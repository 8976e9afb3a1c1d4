//! The hash chain of a batch's events.

use crate::{
    Action, BatchDetails, BatchId, BizStep, Bucket, Config, Disposition, Error, Event,
    EventContext, EventType, Moment, Pallet, Products, Reference, Stage, TraceEvent,
};
use codec::Encode;
use frame_support::traits::UnixTime;
use pallet_participants::OrganisationId;
use sp_runtime::DispatchError;

/// How an action of this pallet reads in EPCIS.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    event_type: EventType,
    action: Action,
    biz_step: BizStep,
    disposition: Disposition,
}

const fn step(
    event_type: EventType,
    action: Action,
    biz_step: BizStep,
    disposition: Disposition,
) -> Step {
    Step { event_type, action, biz_step, disposition }
}

impl Step {
    pub(crate) const REGISTER: Self = step(
        EventType::ObjectEvent,
        Action::Add,
        BizStep::CreatingClassInstance,
        Disposition::InProgress,
    );
    pub(crate) const USE_INPUT: Self =
        step(EventType::ObjectEvent, Action::Observe, BizStep::Other, Disposition::InProgress);
    pub(crate) const PRODUCE: Self =
        step(EventType::ObjectEvent, Action::Add, BizStep::Commissioning, Disposition::Active);
    pub(crate) const TEST_PASSED: Self =
        step(EventType::ObjectEvent, Action::Observe, BizStep::Inspecting, Disposition::Conformant);
    pub(crate) const TEST_FAILED: Self = step(
        EventType::ObjectEvent,
        Action::Observe,
        BizStep::Inspecting,
        Disposition::NonConformant,
    );
    pub(crate) const CONSUME: Self = step(
        EventType::TransformationEvent,
        Action::Observe,
        BizStep::CreatingClassInstance,
        Disposition::InProgress,
    );
    pub(crate) const MAKE: Self = step(
        EventType::TransformationEvent,
        Action::Add,
        BizStep::CreatingClassInstance,
        Disposition::InProgress,
    );
    pub(crate) const PACK: Self = step(
        EventType::TransformationEvent,
        Action::Add,
        BizStep::Packing,
        Disposition::ContainerClosed,
    );
    pub(crate) const AGGREGATE: Self =
        step(EventType::AggregationEvent, Action::Add, BizStep::Packing, Disposition::InProgress);
    pub(crate) const DISAGGREGATE: Self = step(
        EventType::AggregationEvent,
        Action::Delete,
        BizStep::Unpacking,
        Disposition::InProgress,
    );
    pub(crate) const SHIP: Self =
        step(EventType::ObjectEvent, Action::Observe, BizStep::Shipping, Disposition::InTransit);
    pub(crate) const SHIP_BACK: Self =
        step(EventType::ObjectEvent, Action::Observe, BizStep::Shipping, Disposition::Returned);
    pub(crate) const RECEIVE_STORE: Self =
        step(EventType::ObjectEvent, Action::Observe, BizStep::Receiving, Disposition::InProgress);
    pub(crate) const RECEIVE_RETAIL: Self = step(
        EventType::ObjectEvent,
        Action::Observe,
        BizStep::Receiving,
        Disposition::SellableAccessible,
    );
    pub(crate) const RECEIVE_SHORT: Self = step(
        EventType::ObjectEvent,
        Action::Observe,
        BizStep::Receiving,
        Disposition::MismatchQuantity,
    );
    pub(crate) const REJECT: Self =
        step(EventType::ObjectEvent, Action::Observe, BizStep::VoidShipping, Disposition::Returned);
    pub(crate) const SELL: Self = step(
        EventType::TransactionEvent,
        Action::Add,
        BizStep::RetailSelling,
        Disposition::RetailSold,
    );
    pub(crate) const TAKE_BACK: Self = step(
        EventType::TransactionEvent,
        Action::Delete,
        BizStep::Accepting,
        Disposition::Returned,
    );
    pub(crate) const LOSE: Self =
        step(EventType::ObjectEvent, Action::Delete, BizStep::Removing, Disposition::Damaged);
    pub(crate) const HOLD: Self = step(
        EventType::ObjectEvent,
        Action::Observe,
        BizStep::Holding,
        Disposition::NonSellableOther,
    );
    pub(crate) const RELEASE: Self =
        step(EventType::ObjectEvent, Action::Observe, BizStep::Accepting, Disposition::Available);
    pub(crate) const RECALL: Self =
        step(EventType::ObjectEvent, Action::Observe, BizStep::Holding, Disposition::Recalled);
    pub(crate) const DESTROY: Self =
        step(EventType::ObjectEvent, Action::Delete, BizStep::Destroying, Disposition::Destroyed);

    pub(crate) const CLAIM: Self =
        step(EventType::ObjectEvent, Action::Observe, BizStep::Inspecting, Disposition::Conformant);

    /// What the holder saw.
    pub(crate) const fn observe(biz_step: BizStep, disposition: Disposition) -> Self {
        step(EventType::ObjectEvent, Action::Observe, biz_step, disposition)
    }
}

/// Who took part in an event, and what it was about.
#[derive(Clone, Copy)]
pub(crate) struct Parties {
    pub(crate) organisation: OrganisationId,
    pub(crate) counterparty: Option<OrganisationId>,
    pub(crate) reference: Option<Reference>,
}

impl Parties {
    /// One organisation alone.
    pub(crate) const fn alone(organisation: OrganisationId) -> Self {
        Self { organisation, counterparty: None, reference: None }
    }

    /// With the other party of a change of custody.
    pub(crate) const fn with(self, counterparty: OrganisationId) -> Self {
        Self { counterparty: Some(counterparty), ..self }
    }

    /// About something else, too.
    pub(crate) const fn about(self, reference: Reference) -> Self {
        Self { reference: Some(reference), ..self }
    }
}

impl<T: Config> Pallet<T> {
    /// Block time in milliseconds.
    pub(crate) fn now() -> Moment {
        u64::try_from(T::Time::now().as_millis()).unwrap_or(u64::MAX)
    }

    /// Appends an event to the history of `batch`, which the caller writes back.
    pub(crate) fn record(
        id: BatchId,
        batch: &mut BatchDetails,
        step: Step,
        quantity: u128,
        parties: Parties,
        context: EventContext,
    ) -> Result<(), DispatchError> {
        let unit = Products::<T>::get(batch.gtin).ok_or(Error::<T>::ProductNotFound)?.base_unit;
        let event = TraceEvent {
            event_type: step.event_type,
            action: step.action,
            biz_step: step.biz_step,
            disposition: step.disposition,
            event_time: context.event_time,
            record_time: Self::now(),
            read_point: context.read_point,
            quantity,
            unit,
            organisation: parties.organisation,
            counterparty: parties.counterparty,
            reference: parties.reference,
            document: context.document,
        };
        let sequence = batch.n_events;
        batch.n_events = sequence.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        batch.history = sp_io::hashing::sha2_256(&(batch.history, &event).encode());
        batch.last_event_time = context.event_time;
        Self::deposit_event(Event::TraceEventRecorded {
            batch: id,
            sequence,
            event,
            history: batch.history,
        });
        Ok(())
    }

    /// Moves units inside `batch`, and closes its stage when none are left.
    pub(crate) fn shift(
        batch: &mut BatchDetails,
        from: Bucket,
        to: Bucket,
        quantity: u128,
    ) -> Result<(), DispatchError> {
        batch.quantities.shift(from, to, quantity).ok_or(Error::<T>::QuantityInsufficient)?;
        if batch.quantities.is_exhausted() {
            batch.stage = if batch.quantities.sold > 0 {
                Stage::Sold
            } else if batch.quantities.consumed > 0 {
                Stage::Consumed
            } else {
                Stage::Destroyed
            };
        }
        Ok(())
    }
}
