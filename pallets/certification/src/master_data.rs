//! What this pallet asks about products, bases and batches: the glue trait to traceability.

use crate::BaseIds;
use alloc::vec::Vec;
use pallet_calendar::Moment;
use pallet_participants::OrganisationId;
use pallet_traceability::{
    BatchId, Batches, Claim, Gtin, OpenRecalls, Parent, PlaceDetails, PlaceId, Places,
    ProducerLicences, ProductDetails, Products,
};
use sp_runtime::DispatchError;

/// What a transaction certificate needs to know of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchSummary {
    /// Product.
    pub gtin: Gtin,
    /// Organisation that made it.
    pub producer: OrganisationId,
    /// Organisation that has it.
    pub holder: OrganisationId,
    /// Base units that were made.
    pub quantity: u128,
    /// Bases that it comes from.
    pub origins: Vec<PlaceId>,
    /// Whether it was made from other batches.
    pub derived: bool,
    /// When it was made.
    pub produced_at: Moment,
    /// Certificates that it carries.
    pub claims: Vec<Claim>,
    /// Whether a hold or a recall is on it, or a recall is spreading, so that one may come to it.
    pub stopped: bool,
}

/// Master data and batches.
pub trait MasterData {
    /// A production base.
    fn place(id: PlaceId) -> Option<PlaceDetails>;

    /// A product.
    fn product(gtin: &Gtin) -> Option<ProductDetails>;

    /// Whether `organisation` owns the product or has a licence to produce it.
    fn may_produce(organisation: OrganisationId, gtin: &Gtin) -> bool;

    /// A batch.
    fn batch(id: BatchId) -> Option<BatchSummary>;

    /// The batches that a batch was made from, with how much of each went into it; none for a
    /// batch produced at a base.
    ///
    /// # Errors
    /// When the batch is unknown.
    fn parents(id: BatchId) -> Result<Vec<Parent>, DispatchError>;
}

impl<T: pallet_traceability::Config> MasterData for pallet_traceability::Pallet<T> {
    fn place(id: PlaceId) -> Option<PlaceDetails> {
        Places::<T>::get(id)
    }

    fn product(gtin: &Gtin) -> Option<ProductDetails> {
        Products::<T>::get(gtin)
    }

    fn may_produce(organisation: OrganisationId, gtin: &Gtin) -> bool {
        Products::<T>::get(gtin).is_some_and(|product| product.owner == organisation)
            || ProducerLicences::<T>::contains_key(gtin, organisation)
    }

    fn batch(id: BatchId) -> Option<BatchSummary> {
        let batch = Batches::<T>::get(id)?;
        let spreading = !OpenRecalls::<T>::get().is_empty();
        Some(BatchSummary {
            gtin: batch.gtin,
            producer: batch.producer,
            holder: batch.holder,
            quantity: batch.quantities.produced,
            origins: batch.origins.into_inner(),
            derived: batch.formed_by.is_some(),
            produced_at: batch.produced_at,
            claims: batch.claims.into_inner(),
            stopped: batch.hold.is_some() || batch.n_recalls > 0 || spreading,
        })
    }

    fn parents(id: BatchId) -> Result<Vec<Parent>, DispatchError> {
        Self::taken_from_parents(id)
    }
}

/// Whether `ids` are not empty, ascending, and each once.
pub(crate) fn is_valid_list(ids: &BaseIds) -> bool {
    !ids.is_empty() && ids.is_sorted_by(|left, right| left < right)
}
