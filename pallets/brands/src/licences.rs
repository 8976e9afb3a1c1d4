//! What labels ask of licences, and what this pallet asks of products and bases.

use crate::{LicenceId, Moment, Period};
use pallet_participants::OrganisationId;
use pallet_traceability::{Gtin, PlaceDetails, PlaceId, ProductDetails};
use sp_runtime::{DispatchError, DispatchResult};

/// What labels ask of licences. Quantities are in the product's content unit, mg, ml or pieces, as
/// of [`ProductDetails::content`].
pub trait Licences {
    /// Draws `quantity` of `gtin` from the quota of the period that runs now, and returns the
    /// number of that period.
    ///
    /// # Errors
    /// When the licence is not in force, is another's, does not name the product, asks for a
    /// certificate that is not valid, or less of the quota is left.
    fn draw(
        id: LicenceId,
        licensee: OrganisationId,
        gtin: &Gtin,
        quantity: u128,
    ) -> Result<Period, DispatchError>;

    /// Gives a draw of `period` back.
    ///
    /// # Errors
    /// When it is more than was drawn.
    fn give_back(id: LicenceId, gtin: &Gtin, period: Period, quantity: u128) -> DispatchResult;

    /// What label series have drawn in a period and not given back.
    fn drawn(id: LicenceId, gtin: &Gtin, period: Period) -> u128;

    /// What label series have drawn under all licences and not given back.
    fn drawn_in_all() -> u128;

    /// Whether the brand may be used under the licence at `at`, a past moment or now: it is in force
    /// and its certificate, if it names one, valid.
    fn is_in_force(id: LicenceId, at: Moment) -> bool;

    /// Whether the licence, or the certificate that it names, is suspended or revoked, so that its
    /// stock is frozen.
    fn is_stopped(id: LicenceId) -> bool;

    /// Whether the licence names all of `bases`.
    fn has_bases(id: LicenceId, bases: &[PlaceId]) -> bool;
}

/// A chain without licences.
impl Licences for () {
    fn draw(_: LicenceId, _: OrganisationId, _: &Gtin, _: u128) -> Result<Period, DispatchError> {
        Err(DispatchError::Unavailable)
    }

    fn give_back(_: LicenceId, _: &Gtin, _: Period, _: u128) -> DispatchResult {
        Err(DispatchError::Unavailable)
    }

    fn drawn(_: LicenceId, _: &Gtin, _: Period) -> u128 {
        0
    }

    fn drawn_in_all() -> u128 {
        0
    }

    fn is_in_force(_: LicenceId, _: Moment) -> bool {
        false
    }

    fn is_stopped(_: LicenceId) -> bool {
        false
    }

    fn has_bases(_: LicenceId, _: &[PlaceId]) -> bool {
        false
    }
}

/// Master data of products and production bases.
pub trait MasterData {
    /// The product with this GTIN.
    fn product(gtin: &Gtin) -> Option<ProductDetails>;

    /// The base with this number.
    fn place(id: PlaceId) -> Option<PlaceDetails>;
}

impl<T: pallet_traceability::Config> MasterData for pallet_traceability::Pallet<T> {
    fn product(gtin: &Gtin) -> Option<ProductDetails> {
        pallet_traceability::Products::<T>::get(gtin)
    }

    fn place(id: PlaceId) -> Option<PlaceDetails> {
        pallet_traceability::Places::<T>::get(id)
    }
}
