//! Products, licences and production bases.

use crate::{
    BaseUnit, Config, Error, Event, Gln, Gtin, NextPlaceId, Pallet, PlaceDetails, Places,
    ProducerLicences, ProductDetails, Products,
};
use frame_support::ensure;
use pallet_participants::{Authority, OrganisationId, RegionCode, Role};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::register_product`].
    pub(crate) fn do_register_product(
        who: &T::AccountId,
        gtin: Gtin,
        mut details: ProductDetails,
    ) -> DispatchResult {
        details.owner = Self::trace_node(who)?;
        Self::check_product(&gtin, &details)?;
        Products::<T>::insert(gtin, details);
        Self::deposit_event(Event::ProductRegistered { gtin, owner: details.owner });
        Ok(())
    }

    /// The master data hold together, and the GTIN is free.
    pub(crate) fn check_product(gtin: &Gtin, details: &ProductDetails) -> DispatchResult {
        ensure!(gtin.is_valid(), Error::<T>::InvalidGs1Key);
        ensure!(
            (10_000_000..=99_999_999).contains(&details.category)
                && details.density_mg_per_ml != Some(0),
            Error::<T>::InvalidMasterData
        );
        if let Some(content) = details.net_content {
            ensure!(
                details.base_unit == BaseUnit::Each
                    && content.unit != BaseUnit::Each
                    && content.quantity > 0,
                Error::<T>::InvalidNetContent
            );
            if let Some(bulk) = content.of {
                let unit = Products::<T>::get(bulk).map(|product| product.base_unit);
                ensure!(unit == Some(content.unit), Error::<T>::InvalidNetContent);
            }
        }
        ensure!(!Products::<T>::contains_key(gtin), Error::<T>::ProductAlreadyRegistered);
        Ok(())
    }

    /// See [`crate::Call::license_producer`].
    pub(crate) fn do_license_producer(
        who: &T::AccountId,
        gtin: Gtin,
        organisation: OrganisationId,
        licensed: bool,
    ) -> DispatchResult {
        let owner = Self::trace_node(who)?;
        let product = Products::<T>::get(gtin).ok_or(Error::<T>::ProductNotFound)?;
        ensure!(product.owner == owner, Error::<T>::NotProductOwner);
        if licensed {
            Self::ensure_trace_node(organisation)?;
            ProducerLicences::<T>::insert(gtin, organisation, Self::now());
        } else {
            ProducerLicences::<T>::remove(gtin, organisation);
        }
        Self::deposit_event(Event::ProducerLicensed { gtin, organisation, licensed });
        Ok(())
    }

    /// See [`crate::Call::register_place`].
    pub(crate) fn do_register_place(
        who: &T::AccountId,
        region: RegionCode,
        gln: Option<Gln>,
        area_units: u64,
    ) -> DispatchResult {
        let owner = T::Authority::ensure_role(who, Role::TraceNode, Some(region), None)?;
        Self::add_place(PlaceDetails { owner, region, gln, area_units })
    }

    /// Checks and writes a base under the next number.
    pub(crate) fn add_place(details: PlaceDetails) -> DispatchResult {
        ensure!(details.gln.is_none_or(|gln| gln.is_valid()), Error::<T>::InvalidGs1Key);
        ensure!(details.area_units > 0, Error::<T>::AreaZero);
        let place = NextPlaceId::<T>::get();
        let next = place.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        NextPlaceId::<T>::put(next);
        Places::<T>::insert(place, details);
        Self::deposit_event(Event::PlaceRegistered {
            place,
            owner: details.owner,
            region: details.region,
        });
        Ok(())
    }
}
