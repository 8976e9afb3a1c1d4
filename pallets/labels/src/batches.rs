//! What this pallet asks of batches.

use alloc::collections::{BTreeSet, VecDeque};
use frame_support::weights::Weight;
use pallet_traceability::{
    BatchDetails, BatchId, DerivationKind, Derivations, Gtin, MAX_ANCESTORS_CHECKED,
    ProductDetails, WeightInfo,
};
use sp_runtime::DispatchResult;

/// What this pallet asks of batches.
pub trait BatchRegister {
    /// The batch on record.
    fn batch(id: BatchId) -> Option<BatchDetails>;

    /// The product with this GTIN.
    fn product(gtin: &Gtin) -> Option<ProductDetails>;

    /// Whether the pieces of the batch came into being with it: it was produced, made or packed,
    /// and is no part, mixture or return of pieces that were there before.
    fn has_new_pieces(batch: &BatchDetails) -> bool;

    /// Neither a stop nor a recall is on the batch.
    ///
    /// # Errors
    /// When one is, or a recall that is spreading cannot be excluded yet.
    fn ensure_not_stopped(id: BatchId) -> DispatchResult;

    /// Whether `batch` is `ancestor` or comes from it, over at most [`MAX_ANCESTORS_CHECKED`]
    /// batches.
    fn comes_from(batch: BatchId, ancestor: BatchId) -> bool;

    /// Most that [`ensure_not_stopped`](Self::ensure_not_stopped) costs beside reading the batch.
    fn stop_check_weight() -> Weight;
}

impl<T: pallet_traceability::Config> BatchRegister for pallet_traceability::Pallet<T> {
    fn batch(id: BatchId) -> Option<BatchDetails> {
        pallet_traceability::Batches::<T>::get(id)
    }

    fn product(gtin: &Gtin) -> Option<ProductDetails> {
        pallet_traceability::Products::<T>::get(gtin)
    }

    fn has_new_pieces(batch: &BatchDetails) -> bool {
        let kind = batch.formed_by.map(|id| Derivations::<T>::get(id).map(|it| it.kind));
        matches!(kind, None | Some(Some(DerivationKind::Transformation | DerivationKind::Packing)))
    }

    fn ensure_not_stopped(id: BatchId) -> DispatchResult {
        Self::ensure_neither_held_nor_recalled(id)
    }

    fn comes_from(batch: BatchId, ancestor: BatchId) -> bool {
        let mut seen = BTreeSet::from([batch]);
        let mut queue = VecDeque::from([batch]);
        let mut n_looked_at = 0u32;
        while let Some(id) = queue.pop_front() {
            if id == ancestor {
                return true;
            }
            if n_looked_at >= MAX_ANCESTORS_CHECKED {
                return false;
            }
            n_looked_at = n_looked_at.saturating_add(1);
            let derivation = pallet_traceability::Batches::<T>::get(id)
                .and_then(|found| found.formed_by)
                .and_then(Derivations::<T>::get);
            let Some(derivation) = derivation else { continue };
            queue.extend(
                derivation.inputs.iter().map(|input| input.batch).filter(|it| seen.insert(*it)),
            );
        }
        false
    }

    fn stop_check_weight() -> Weight {
        T::WeightInfo::check_recalls(MAX_ANCESTORS_CHECKED)
    }
}
