//! Transformation, split, merge and packing.

use super::{
    balance::{self, Amount, Fault},
    derivation::{Input, Output, Recipe},
};
use crate::{
    BaseUnit, BatchId, Bucket, Config, DerivationKind, Error, EventContext, Lot, Measure, NewBatch,
    Outputs, Pallet, Parts, ProductDetails, Stage, Taken, TakenInputs, YieldRule, YieldScope,
    Yields,
};
use alloc::vec::Vec;
use frame_support::ensure;
use pallet_participants::OrganisationId;
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::transform`].
    pub(crate) fn do_transform(
        who: &T::AccountId,
        inputs: TakenInputs,
        outputs: Outputs,
        loss: Option<Measure>,
        context: EventContext,
    ) -> DispatchResult {
        let organisation = Self::trace_node(who)?;
        let inputs = Self::check_inputs(organisation, &inputs, &context)?;
        let mut products = Vec::with_capacity(outputs.len());
        let mut made = Vec::with_capacity(outputs.len());
        for NewBatch { gtin, lot, quantity: declared } in outputs {
            let id = Self::unused_id(&gtin, &lot)?;
            let product = Self::producible(organisation, &gtin)?;
            let quantity = Self::quantity(&product, &declared)?;
            products.push(product);
            made.push(Output {
                id,
                gtin,
                lot,
                declared,
                quantity,
                stage: Stage::Processed,
                producer: organisation,
                produced_at: context.event_time,
                test: None,
            });
        }
        Self::ensure_distinct(&made)?;
        let (taken, gained) = (amounts_in(&inputs), amounts_out(&made, &products));
        let (balance_unit, loss) = Self::check_balance(&taken, &gained, loss)?;
        balance::check_yields(&taken, &gained, Self::yield_rule).map_err(Error::<T>::from)?;
        let recipe = Recipe {
            kind: DerivationKind::Transformation,
            from: Bucket::OnHand,
            organisation,
            holder: organisation,
            loss,
            balance_unit,
            context,
        };
        Self::derive(recipe, inputs, made).map(|_| ())
    }

    /// See [`crate::Call::split`].
    pub(crate) fn do_split(
        who: &T::AccountId,
        id: BatchId,
        parts: Parts,
        context: EventContext,
    ) -> DispatchResult {
        let (organisation, batch) = Self::held_batch(who, id)?;
        Self::ensure_actionable(id, &batch)?;
        Self::check_context(&context, batch.last_event_time)?;
        let product = Self::product_of(&batch)?;
        let mut total = 0u128;
        let mut made = Vec::with_capacity(parts.len());
        for part in parts {
            let quantity = Self::quantity(&product, &part.quantity)?;
            total = total.checked_add(quantity).ok_or(Error::<T>::QuantityTooLarge)?;
            made.push(Output {
                id: Self::unused_id(&batch.gtin, &part.lot)?,
                gtin: batch.gtin,
                lot: part.lot,
                declared: part.quantity,
                quantity,
                stage: batch.stage,
                producer: batch.producer,
                produced_at: batch.produced_at,
                test: batch.test,
            });
        }
        Self::ensure_distinct(&made)?;
        ensure!(total <= batch.quantities.on_hand, Error::<T>::QuantityInsufficient);
        let recipe = Recipe {
            kind: DerivationKind::Split,
            from: Bucket::OnHand,
            organisation,
            holder: organisation,
            loss: 0,
            balance_unit: product.content_unit(),
            context,
        };
        let input = Input { id, batch, product, quantity: total };
        Self::derive(recipe, [input].into(), made).map(|_| ())
    }

    /// See [`crate::Call::merge`].
    pub(crate) fn do_merge(
        who: &T::AccountId,
        inputs: TakenInputs,
        lot: Lot,
        context: EventContext,
    ) -> DispatchResult {
        let organisation = Self::trace_node(who)?;
        ensure!(inputs.len() > 1, Error::<T>::TooFewBatches);
        let inputs = Self::check_inputs(organisation, &inputs, &context)?;
        let Some(first) = inputs.first() else { return Err(Error::<T>::TooFewBatches.into()) };
        let (gtin, product) = (first.batch.gtin, first.product);
        ensure!(inputs.iter().all(|input| input.batch.gtin == gtin), Error::<T>::ProductsDiffer);
        let same_stage = inputs.iter().all(|input| input.batch.stage == first.batch.stage);
        let same_producer = inputs.iter().all(|input| input.batch.producer == first.batch.producer);
        let quantity = inputs
            .iter()
            .try_fold(0u128, |sum, input| sum.checked_add(input.quantity))
            .filter(|sum| *sum <= crate::MAX_QUANTITY)
            .ok_or(Error::<T>::QuantityTooLarge)?;
        let made = Output {
            id: Self::unused_id(&gtin, &lot)?,
            gtin,
            lot,
            declared: Measure { value: quantity, decimals: 0, unit: product.base_unit.unit_code() },
            quantity,
            stage: if same_stage { first.batch.stage } else { Stage::Stored },
            producer: if same_producer { first.batch.producer } else { organisation },
            produced_at: inputs.iter().map(|input| input.batch.produced_at).max().unwrap_or(0),
            test: None,
        };
        let recipe = Recipe {
            kind: DerivationKind::Merge,
            from: Bucket::OnHand,
            organisation,
            holder: organisation,
            loss: 0,
            balance_unit: product.content_unit(),
            context,
        };
        Self::derive(recipe, inputs, [made].into()).map(|_| ())
    }

    /// See [`crate::Call::pack`].
    pub(crate) fn do_pack(
        who: &T::AccountId,
        taken: Taken,
        item: NewBatch,
        loss: Option<Measure>,
        context: EventContext,
    ) -> DispatchResult {
        let organisation = Self::trace_node(who)?;
        let inputs = Self::check_inputs(organisation, &[taken], &context)?;
        let Some(bulk) = inputs.first() else { return Err(Error::<T>::TooFewBatches.into()) };
        let NewBatch { gtin, lot, quantity: declared } = item;
        let product = Self::producible(organisation, &gtin)?;
        let packed = product.net_content.and_then(|content| content.of);
        ensure!(packed == Some(bulk.batch.gtin), Error::<T>::NotPackOf);
        let made = Output {
            id: Self::unused_id(&gtin, &lot)?,
            gtin,
            lot,
            declared,
            quantity: Self::quantity(&product, &declared)?,
            stage: Stage::Packed,
            producer: organisation,
            produced_at: bulk.batch.produced_at,
            test: bulk.batch.test,
        };
        let made = Vec::from([made]);
        let gained = amounts_out(&made, &[product]);
        let (balance_unit, loss) = Self::check_balance(&amounts_in(&inputs), &gained, loss)?;
        let recipe = Recipe {
            kind: DerivationKind::Packing,
            from: Bucket::OnHand,
            organisation,
            holder: organisation,
            loss,
            balance_unit,
            context,
        };
        Self::derive(recipe, inputs, made).map(|_| ())
    }

    /// Σ inputs = Σ outputs + loss, in one unit; returns that unit and the loss.
    fn check_balance(
        inputs: &[Amount],
        made: &[Amount],
        loss: Option<Measure>,
    ) -> Result<(BaseUnit, u128), DispatchError> {
        let products = inputs.iter().chain(made).map(|amount| &amount.product);
        let unit = balance::common_unit(products).ok_or(Error::<T>::TooFewBatches)?;
        let taken = balance::content_of(unit, inputs).map_err(Error::<T>::from)?;
        let gained = balance::content_of(unit, made).map_err(Error::<T>::from)?;
        let loss = match loss {
            Some(measure) => Self::quantity_in(unit, &measure)?,
            None => 0,
        };
        let accounted = gained.checked_add(loss).ok_or(Error::<T>::QuantityTooLarge)?;
        ensure!(accounted == taken, Error::<T>::MassNotConserved);
        Ok((unit, loss))
    }

    /// The yield governed from an input to a product: by product, else by category.
    fn yield_rule(input: &Amount, output: &Amount) -> Option<YieldRule> {
        Yields::<T>::get(YieldScope::Product { input: input.gtin, output: output.gtin }).or_else(
            || {
                Yields::<T>::get(YieldScope::Category {
                    input: input.product.category,
                    output: output.product.category,
                })
            },
        )
    }

    /// Makes the batch that stays at the sender when a consignee accepts only a part.
    pub(crate) fn derive_return(
        consignee: OrganisationId,
        input: Input,
        lot: Lot,
        stage: Stage,
        context: EventContext,
    ) -> Result<crate::BatchDetails, DispatchError> {
        let made = Output {
            id: Self::unused_id(&input.batch.gtin, &lot)?,
            gtin: input.batch.gtin,
            lot,
            declared: Measure {
                value: input.quantity,
                decimals: 0,
                unit: input.product.base_unit.unit_code(),
            },
            quantity: input.quantity,
            stage,
            producer: input.batch.producer,
            produced_at: input.batch.produced_at,
            test: input.batch.test,
        };
        let recipe = Recipe {
            kind: DerivationKind::Return,
            from: Bucket::InTransit,
            organisation: consignee,
            holder: input.batch.holder,
            loss: 0,
            balance_unit: input.product.content_unit(),
            context,
        };
        let written = Self::derive(recipe, [input].into(), [made].into())?;
        let (_, batch) = written.into_iter().next().ok_or(Error::<T>::Inconsistent)?;
        Ok(batch)
    }
}

impl<T> From<Fault> for Error<T> {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::DimensionMismatch => Self::DimensionMismatch,
            Fault::TooLarge => Self::QuantityTooLarge,
            Fault::YieldNotGoverned => Self::YieldNotGoverned,
            Fault::YieldExceeded => Self::YieldExceeded,
        }
    }
}

/// What is taken.
fn amounts_in(inputs: &[Input]) -> Vec<Amount> {
    inputs
        .iter()
        .map(|input| Amount {
            gtin: input.batch.gtin,
            product: input.product,
            quantity: input.quantity,
        })
        .collect()
}

/// What is made; `products` are those of the outputs in their order.
fn amounts_out(made: &[Output], products: &[ProductDetails]) -> Vec<Amount> {
    made.iter()
        .zip(products)
        .map(|(output, product)| Amount {
            gtin: output.gtin,
            product: *product,
            quantity: output.quantity,
        })
        .collect()
}
