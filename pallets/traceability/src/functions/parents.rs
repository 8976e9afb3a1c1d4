//! What a batch was made from, and how much of it.

use crate::{BatchId, Batches, Config, Derivation, Derivations, Error, Pallet, Parent};
use alloc::vec::Vec;
use sp_runtime::{DispatchError, Rounding, helpers_128bit::multiply_by_rational_with_rounding};

impl<T: Config> Pallet<T> {
    /// The batches that `id` was made from, with how much of each went into it; none for a batch
    /// that was produced at a base.
    ///
    /// What was lost in the making counts for the outputs in proportion to their content, so that
    /// the amounts of all outputs of a derivation add up to exactly what was taken. At most
    /// [`MAX_INPUTS`](crate::MAX_INPUTS) parents; in a derivation of several outputs, all of these
    /// are read.
    ///
    /// # Errors
    /// [`Error::BatchNotFound`], [`Error::QuantityTooLarge`], or [`Error::Inconsistent`].
    pub fn taken_from_parents(id: BatchId) -> Result<Vec<Parent>, DispatchError> {
        let batch = Batches::<T>::get(id).ok_or(Error::<T>::BatchNotFound)?;
        let Some(derivation) = batch.formed_by else { return Ok(Vec::new()) };
        let derivation = Derivations::<T>::get(derivation).ok_or(Error::<T>::Inconsistent)?;
        let (before, after, whole) = Self::part_of_outputs(&derivation, id)?;
        let mut parents = Vec::with_capacity(derivation.inputs.len());
        for input in &derivation.inputs {
            let parent = Batches::<T>::get(input.batch).ok_or(Error::<T>::Inconsistent)?;
            let product = Self::product_of(&parent)?;
            let content_of =
                |quantity| product.content(quantity).ok_or(Error::<T>::QuantityTooLarge);
            let all = content_of(input.quantity)?;
            let up_to = |part| {
                multiply_by_rational_with_rounding(all, part, whole, Rounding::Down)
                    .ok_or(Error::<T>::QuantityTooLarge)
            };
            parents.push(Parent {
                batch: input.batch,
                content: content_of(parent.quantities.produced)?,
                // Differences of rounded sums: what one output loses by rounding, the next gains.
                taken: up_to(after)?.saturating_sub(up_to(before)?),
            });
        }
        Ok(parents)
    }

    /// The content of a derivation's outputs before `id`, up to and with it, and of all.
    fn part_of_outputs(
        derivation: &Derivation,
        id: BatchId,
    ) -> Result<(u128, u128, u128), DispatchError> {
        // Most derivations make one batch, whose content need not be known then.
        if derivation.outputs.len() == 1 {
            return Ok((0, 1, 1));
        }
        let mut own = None;
        let mut sum = 0u128;
        for output in &derivation.outputs {
            let batch = Batches::<T>::get(output).ok_or(Error::<T>::Inconsistent)?;
            let content = Self::product_of(&batch)?
                .content_in(derivation.balance_unit, batch.quantities.produced)
                .ok_or(Error::<T>::Inconsistent)?;
            let after = sum.checked_add(content).ok_or(Error::<T>::QuantityTooLarge)?;
            if *output == id {
                own = Some((sum, after));
            }
            sum = after;
        }
        let (before, after) = own.ok_or(Error::<T>::Inconsistent)?;
        Ok((before, after, sum))
    }
}
