//! What transformation, split, merge, packing and return have in common: batches are made from
//! batches, and the graph gets its edges.

use super::record::{Parties, Step};
use crate::{
    BaseUnit, BatchDetails, BatchId, Batches, Bucket, Claims, Config, CurrentRuleSet, Derivation,
    DerivationInput, DerivationKind, Derivations, DerivationsOf, Error, Event, EventContext, Gtin,
    Lot, Measure, Moment, Origins, Pallet, ProductDetails, Quantities, Reference, Stage, Taken,
    TestMark,
};
use alloc::{collections::BTreeSet, vec::Vec};
use frame_support::{BoundedVec, ensure};
use pallet_participants::OrganisationId;
use sp_runtime::{DispatchError, DispatchResult};

/// A batch that a derivation takes from, checked.
pub(crate) struct Input {
    pub(crate) id: BatchId,
    pub(crate) batch: BatchDetails,
    pub(crate) product: ProductDetails,
    /// Base units taken.
    pub(crate) quantity: u128,
}

/// A batch that a derivation makes, checked.
pub(crate) struct Output {
    pub(crate) id: BatchId,
    pub(crate) gtin: Gtin,
    pub(crate) lot: Lot,
    pub(crate) declared: Measure,
    /// Base units made.
    pub(crate) quantity: u128,
    pub(crate) stage: Stage,
    pub(crate) producer: OrganisationId,
    pub(crate) produced_at: Moment,
    pub(crate) test: Option<TestMark>,
}

/// How a derivation is written down.
pub(crate) struct Recipe {
    pub(crate) kind: DerivationKind,
    /// Where the inputs' units are taken from.
    pub(crate) from: Bucket,
    /// Who acts.
    pub(crate) organisation: OrganisationId,
    /// Who has the outputs.
    pub(crate) holder: OrganisationId,
    pub(crate) loss: u128,
    pub(crate) balance_unit: BaseUnit,
    pub(crate) context: EventContext,
}

impl<T: Config> Pallet<T> {
    /// The batches named, each once, with their amounts, if `organisation` may take from them.
    pub(crate) fn check_inputs(
        organisation: OrganisationId,
        taken: &[Taken],
        context: &EventContext,
    ) -> Result<Vec<Input>, DispatchError> {
        ensure!(!taken.is_empty(), Error::<T>::TooFewBatches);
        let mut seen = BTreeSet::new();
        let mut inputs = Vec::with_capacity(taken.len());
        for Taken { batch: id, quantity } in taken {
            ensure!(seen.insert(*id), Error::<T>::DuplicateBatch);
            let batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
            ensure!(batch.holder == organisation, Error::<T>::NotHolder);
            Self::ensure_actionable(*id, &batch)?;
            Self::check_context(context, batch.last_event_time)?;
            let product = Self::product_of(&batch)?;
            let quantity = Self::quantity(&product, quantity)?;
            ensure!(quantity <= batch.quantities.on_hand, Error::<T>::QuantityInsufficient);
            inputs.push(Input { id: *id, batch, product, quantity });
        }
        Ok(inputs)
    }

    /// No output is named twice.
    pub(crate) fn ensure_distinct(outputs: &[Output]) -> DispatchResult {
        ensure!(!outputs.is_empty(), Error::<T>::TooFewBatches);
        let mut seen = BTreeSet::new();
        ensure!(outputs.iter().all(|output| seen.insert(output.id)), Error::<T>::DuplicateBatch);
        Ok(())
    }

    /// Takes the inputs, makes the outputs, and writes the edges. Everything is checked already.
    /// Returns the inputs as written.
    pub(crate) fn derive(
        recipe: Recipe,
        inputs: Vec<Input>,
        outputs: Vec<Output>,
    ) -> Result<Vec<(BatchId, BatchDetails)>, DispatchError> {
        let derivation = outputs.first().ok_or(Error::<T>::TooFewBatches)?.id;
        let origins = Self::union_of_origins(&inputs)?;
        let claims = Self::intersection_of_claims(&inputs);
        let rule_set = CurrentRuleSet::<T>::get().version;
        let input_ids = inputs.iter().map(|input| input.id).collect();
        let output_ids: Vec<_> = outputs.iter().map(|output| output.id).collect();
        let mut edges = BoundedVec::new();
        let mut written = Vec::with_capacity(inputs.len());
        for Input { id, mut batch, quantity, .. } in inputs {
            let index = batch.n_derivations;
            batch.n_derivations = index.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
            edges
                .try_push(DerivationInput { batch: id, quantity, index })
                .map_err(|_| Error::<T>::Inconsistent)?;
            Self::shift(&mut batch, recipe.from, Bucket::Consumed, quantity)?;
            let parties =
                Parties::alone(recipe.organisation).about(Reference::Derivation(derivation));
            Self::record(id, &mut batch, Step::CONSUME, quantity, parties, recipe.context)?;
            DerivationsOf::<T>::insert(id, index, derivation);
            Batches::<T>::insert(id, &batch);
            written.push((id, batch));
        }
        for output in outputs {
            Self::make(&recipe, derivation, &origins, &claims, output)?;
        }
        Derivations::<T>::insert(
            derivation,
            Derivation {
                kind: recipe.kind,
                inputs: edges,
                outputs: output_ids.clone().try_into().map_err(|_| Error::<T>::Inconsistent)?,
                loss: recipe.loss,
                balance_unit: recipe.balance_unit,
                event_time: recipe.context.event_time,
                rule_set,
            },
        );
        Self::deposit_event(Event::BatchesDerived {
            derivation,
            kind: recipe.kind,
            organisation: recipe.organisation,
            inputs: input_ids,
            outputs: output_ids,
            rule_set,
        });
        Ok(written)
    }

    /// Writes one output.
    fn make(
        recipe: &Recipe,
        derivation: BatchId,
        origins: &Origins,
        claims: &Claims,
        output: Output,
    ) -> DispatchResult {
        let mut batch = Self::new_batch(output.gtin, output.lot, recipe.holder, output.declared)?;
        batch.producer = output.producer;
        batch.stage = output.stage;
        batch.quantities = Quantities::new(output.quantity);
        batch.produced_at = output.produced_at;
        batch.test = output.test;
        batch.origins = origins.clone();
        batch.claims = claims.clone();
        batch.formed_by = Some(derivation);
        let step = match recipe.kind {
            DerivationKind::Packing => Step::PACK,
            _ => Step::MAKE,
        };
        let parties = Parties::alone(recipe.organisation).about(Reference::Derivation(derivation));
        Self::record(output.id, &mut batch, step, output.quantity, parties, recipe.context)?;
        Batches::<T>::insert(output.id, batch);
        Ok(())
    }

    /// The production bases of all inputs, ascending.
    pub(crate) fn union_of_origins(inputs: &[Input]) -> Result<Origins, DispatchError> {
        let union: BTreeSet<_> =
            inputs.iter().flat_map(|input| input.batch.origins.iter().copied()).collect();
        let union: Vec<_> = union.into_iter().collect();
        Ok(union.try_into().map_err(|_| Error::<T>::TooManyOrigins)?)
    }
}
