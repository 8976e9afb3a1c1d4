//! Two-step transfer of custody.

use super::derivation::Input;
use super::record::{Parties, Step};
use crate::{
    BatchDetails, BatchId, Batches, Bucket, Config, Error, Event, EventContext, LogisticUnits,
    Measure, Pallet, ReceiveInto, Reference, ShipPurpose, ShippedItem, Shortfall, Sscc, Stage,
    Transit,
};
use alloc::vec::Vec;
use frame_support::ensure;
use pallet_participants::OrganisationId;
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::ship`]. Returns how many batches were shipped.
    pub(crate) fn do_ship(
        who: &T::AccountId,
        item: ShippedItem,
        consignee: OrganisationId,
        purpose: ShipPurpose,
        context: EventContext,
    ) -> Result<u32, DispatchError> {
        let sender = Self::trace_node(who)?;
        ensure!(consignee != sender, Error::<T>::ConsigneeIsSender);
        Self::ensure_trace_node(consignee)?;
        let (unit, ids) = match item {
            ShippedItem::Batch(id) => (None, Vec::from([id])),
            ShippedItem::LogisticUnit(sscc) => {
                let mut unit = Self::held_unit(sender, sscc)?;
                let ids = unit.contents.to_vec();
                unit.consignee = Some(consignee);
                (Some((sscc, unit)), ids)
            }
        };
        let inside = unit.as_ref().map(|(sscc, _)| *sscc);
        let mut batches = Vec::with_capacity(ids.len());
        for id in ids {
            let batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
            ensure!(batch.holder == sender, Error::<T>::NotHolder);
            Self::ensure_shippable(id, &batch, inside, consignee, purpose)?;
            Self::check_context(&context, batch.last_event_time)?;
            batches.push((id, batch));
        }
        let n_batches = u32::try_from(batches.len()).unwrap_or(u32::MAX);
        for (id, batch) in batches {
            Self::ship_batch(id, batch, consignee, purpose, context)?;
        }
        if let Some((sscc, unit)) = unit {
            LogisticUnits::<T>::insert(sscc, unit);
        }
        Ok(n_batches)
    }

    /// The holder has it, and it may go to `consignee` for `purpose`.
    fn ensure_shippable(
        id: BatchId,
        batch: &BatchDetails,
        inside: Option<Sscc>,
        consignee: OrganisationId,
        purpose: ShipPurpose,
    ) -> DispatchResult {
        ensure!(
            batch.stage.is_available() && batch.quantities.on_hand > 0,
            Error::<T>::BatchNotAvailable
        );
        ensure!(batch.unit == inside, Error::<T>::InsideLogisticUnit);
        ensure!(batch.hold.is_none(), Error::<T>::BatchHeld);
        match purpose {
            ShipPurpose::Delivery => Self::ensure_not_recalled(id, batch),
            ShipPurpose::Return => {
                ensure!(consignee == batch.producer, Error::<T>::NotProducer);
                Ok(())
            }
        }
    }

    fn ship_batch(
        id: BatchId,
        mut batch: BatchDetails,
        consignee: OrganisationId,
        purpose: ShipPurpose,
        context: EventContext,
    ) -> DispatchResult {
        let sender = batch.holder;
        let quantity = batch.quantities.on_hand;
        batch.transit = Some(Transit { consignee, purpose, stage_before: batch.stage });
        Self::shift(&mut batch, Bucket::OnHand, Bucket::InTransit, quantity)?;
        batch.stage = Stage::InTransit;
        let step = match purpose {
            ShipPurpose::Delivery => Step::SHIP,
            ShipPurpose::Return => Step::SHIP_BACK,
        };
        let parties = Self::with_unit(Parties::alone(sender).with(consignee), batch.unit);
        Self::record(id, &mut batch, step, quantity, parties, context)?;
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::BatchShipped { batch: id, sender, consignee, quantity });
        Ok(())
    }

    /// See [`crate::Call::receive`].
    pub(crate) fn do_receive(
        who: &T::AccountId,
        id: BatchId,
        quantity: Measure,
        shortfall: Option<Shortfall>,
        into: ReceiveInto,
        context: EventContext,
    ) -> DispatchResult {
        let consignee = Self::trace_node(who)?;
        let (mut batch, transit) = Self::arriving(consignee, id, &context)?;
        let product = Self::product_of(&batch)?;
        let accepted = Self::quantity(&product, &quantity)?;
        let rest = batch
            .quantities
            .in_transit
            .checked_sub(accepted)
            .ok_or(Error::<T>::ReceivedMoreThanShipped)?;
        ensure!((rest > 0) == shortfall.is_some(), Error::<T>::ShortfallInvalid);
        let unit = batch.unit.take();
        match shortfall {
            None => {}
            Some(Shortfall::Lost) => {
                Self::shift(&mut batch, Bucket::InTransit, Bucket::Lost, rest)?;
            }
            Some(Shortfall::Returned { lot }) => {
                // A recalled batch goes into no derivation, or its index would grow behind the
                // recall's back.
                Self::ensure_not_recalled(id, &batch)?;
                let input = Input { id, batch, product, quantity: rest };
                batch = Self::derive_return(consignee, input, lot, transit.stage_before, context)?;
            }
        }
        if let Some(sscc) = unit {
            Self::remove_from_unit(sscc, &[id])?;
        }
        Self::accept(id, batch, consignee, accepted, rest, into, context)
    }

    /// See [`crate::Call::receive_unit`]. Returns how many batches were received.
    pub(crate) fn do_receive_unit(
        who: &T::AccountId,
        sscc: Sscc,
        into: ReceiveInto,
        context: EventContext,
    ) -> Result<u32, DispatchError> {
        let consignee = Self::trace_node(who)?;
        let mut unit = LogisticUnits::<T>::get(sscc).ok_or(Error::<T>::LogisticUnitNotFound)?;
        let expected = unit.consignee.ok_or(Error::<T>::NotInTransit)?;
        ensure!(expected == consignee, Error::<T>::NotConsignee);
        let mut batches = Vec::with_capacity(unit.contents.len());
        for id in &unit.contents {
            batches.push((*id, Self::arriving(consignee, *id, &context)?.0));
        }
        unit.holder = consignee;
        unit.consignee = None;
        let n_batches = u32::try_from(batches.len()).unwrap_or(u32::MAX);
        for (id, batch) in batches {
            let shipped = batch.quantities.in_transit;
            Self::accept(id, batch, consignee, shipped, 0, into, context)?;
        }
        LogisticUnits::<T>::insert(sscc, unit);
        Ok(n_batches)
    }

    /// The batch that `consignee` may receive, and its shipment.
    fn arriving(
        consignee: OrganisationId,
        id: BatchId,
        context: &EventContext,
    ) -> Result<(BatchDetails, Transit), DispatchError> {
        let batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
        let transit = batch.transit.ok_or(Error::<T>::NotInTransit)?;
        ensure!(transit.consignee == consignee, Error::<T>::NotConsignee);
        ensure!(batch.hold.is_none(), Error::<T>::BatchHeld);
        if transit.purpose == ShipPurpose::Delivery {
            Self::ensure_not_recalled(id, &batch)?;
        }
        Self::check_context(context, batch.last_event_time)?;
        Ok((batch, transit))
    }

    /// Gives what was accepted to the consignee.
    fn accept(
        id: BatchId,
        mut batch: BatchDetails,
        consignee: OrganisationId,
        accepted: u128,
        rest: u128,
        into: ReceiveInto,
        context: EventContext,
    ) -> DispatchResult {
        let sender = batch.holder;
        Self::shift(&mut batch, Bucket::InTransit, Bucket::OnHand, accepted)?;
        batch.holder = consignee;
        batch.transit = None;
        let step = match into {
            ReceiveInto::Store => {
                batch.stage = Stage::Stored;
                Step::RECEIVE_STORE
            }
            ReceiveInto::Retail => {
                batch.stage = Stage::Retail;
                Step::RECEIVE_RETAIL
            }
        };
        let step = if rest > 0 { Step::RECEIVE_SHORT } else { step };
        let parties = Self::with_unit(Parties::alone(consignee).with(sender), batch.unit);
        Self::record(id, &mut batch, step, accepted, parties, context)?;
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::BatchReceived {
            batch: id,
            sender,
            holder: consignee,
            quantity: accepted,
            shortfall: rest,
        });
        Ok(())
    }

    /// See [`crate::Call::reject`]. Returns how many batches went back.
    pub(crate) fn do_reject(
        who: &T::AccountId,
        item: ShippedItem,
        context: EventContext,
    ) -> Result<u32, DispatchError> {
        let organisation = Self::trace_node(who)?;
        match item {
            ShippedItem::Batch(id) => {
                let mut batch = Self::returning(organisation, id, &context)?;
                let unit = batch.unit.take();
                if let Some(sscc) = unit {
                    Self::remove_from_unit(sscc, &[id])?;
                }
                Self::send_back(id, batch, organisation, context)?;
                Ok(1)
            }
            ShippedItem::LogisticUnit(sscc) => {
                let mut unit =
                    LogisticUnits::<T>::get(sscc).ok_or(Error::<T>::LogisticUnitNotFound)?;
                let consignee = unit.consignee.ok_or(Error::<T>::NotInTransit)?;
                ensure!(
                    organisation == consignee || organisation == unit.holder,
                    Error::<T>::NotConsignee
                );
                let mut batches = Vec::with_capacity(unit.contents.len());
                for id in &unit.contents {
                    batches.push((*id, Self::returning(organisation, *id, &context)?));
                }
                unit.consignee = None;
                let n_batches = u32::try_from(batches.len()).unwrap_or(u32::MAX);
                for (id, batch) in batches {
                    Self::send_back(id, batch, organisation, context)?;
                }
                LogisticUnits::<T>::insert(sscc, unit);
                Ok(n_batches)
            }
        }
    }

    /// The batch under way whose shipment `organisation` may end.
    fn returning(
        organisation: OrganisationId,
        id: BatchId,
        context: &EventContext,
    ) -> Result<BatchDetails, DispatchError> {
        let batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
        let transit = batch.transit.ok_or(Error::<T>::NotInTransit)?;
        ensure!(
            organisation == transit.consignee || organisation == batch.holder,
            Error::<T>::NotConsignee
        );
        Self::check_context(context, batch.last_event_time)?;
        Ok(batch)
    }

    /// Gives a shipped batch back to its sender.
    fn send_back(
        id: BatchId,
        mut batch: BatchDetails,
        by: OrganisationId,
        context: EventContext,
    ) -> DispatchResult {
        let transit = batch.transit.take().ok_or(Error::<T>::NotInTransit)?;
        let quantity = batch.quantities.in_transit;
        Self::shift(&mut batch, Bucket::InTransit, Bucket::OnHand, quantity)?;
        batch.stage = transit.stage_before;
        let sender = batch.holder;
        let other = if by == sender { transit.consignee } else { sender };
        let parties = Self::with_unit(Parties::alone(by).with(other), batch.unit);
        Self::record(id, &mut batch, Step::REJECT, quantity, parties, context)?;
        Batches::<T>::insert(id, batch);
        Self::deposit_event(Event::ShipmentRejected { batch: id, sender, by });
        Ok(())
    }

    fn with_unit(parties: Parties, unit: Option<Sscc>) -> Parties {
        match unit {
            Some(sscc) => parties.about(Reference::LogisticUnit(sscc)),
            None => parties,
        }
    }
}
