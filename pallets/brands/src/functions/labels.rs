//! Label orders.

use super::quota::Purpose;
use crate::{
    Config, Error, Event, LabelFate, LabelOrder, LabelOrderId, LabelOrderStatus, LabelOrders,
    LicenceDetails, LicenceId, MasterData, NextLabelOrderId, Pallet,
};
use frame_support::ensure;
use pallet_participants::{Authority, OrganisationId};
use pallet_traceability::{BaseUnit, Gtin};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::order_labels`].
    pub(crate) fn do_order_labels(
        who: &T::AccountId,
        licence_id: LicenceId,
        gtin: Gtin,
        n_labels: u32,
    ) -> DispatchResult {
        let (licensee, licence) = Self::own_licence(who, licence_id)?;
        ensure!(licence.is_in_force(Self::now()), Error::<T>::LicenceNotInForce);
        Self::ensure_certificate_valid(licence.certificate)?;
        ensure!(licence.quota(&gtin).is_some(), Error::<T>::ProductNotLicensed);
        ensure!(n_labels > 0, Error::<T>::CountZero);
        let product = T::MasterData::product(&gtin).ok_or(Error::<T>::ProductNotFound)?;
        ensure!(product.base_unit == BaseUnit::Each, Error::<T>::NotInPieces);
        let content = product
            .content(1)
            .and_then(|content| u64::try_from(content).ok())
            .ok_or(Error::<T>::QuantityTooLarge)?;
        let id = NextLabelOrderId::<T>::get();
        let next = id.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        NextLabelOrderId::<T>::put(next);
        LabelOrders::<T>::insert(
            id,
            LabelOrder {
                licence: licence_id,
                gtin,
                n_labels,
                content,
                status: LabelOrderStatus::Ordered,
                status_since: Self::now(),
                period: 0,
                n_stock: 0,
                n_used: 0,
                n_void: 0,
                n_destroyed: 0,
            },
        );
        Self::deposit_event(Event::LabelsOrdered {
            order: id,
            licence: licence_id,
            licensee,
            gtin,
            n_labels,
        });
        Ok(())
    }

    /// See [`crate::Call::issue_labels`].
    pub(crate) fn do_issue_labels(who: &T::AccountId, id: LabelOrderId) -> DispatchResult {
        let mut order = Self::order_of(id)?;
        let licence = Self::licence_of(order.licence)?;
        let by = Self::brand_party(who, &Self::brand_of(licence.brand)?)?;
        ensure!(order.status == LabelOrderStatus::Ordered, Error::<T>::OrderStatusInvalid);
        let quantity = order.content_of(order.n_labels);
        order.period =
            Self::draw_quota(order.licence, &licence, &order.gtin, quantity, Purpose::Order)?;
        order.status = LabelOrderStatus::Issued;
        order.status_since = Self::now();
        order.n_stock = order.n_labels;
        LabelOrders::<T>::insert(id, order);
        Self::deposit_event(Event::LabelsIssued { order: id, by, n_labels: order.n_labels });
        Ok(())
    }

    /// See [`crate::Call::cancel_order`].
    pub(crate) fn do_cancel_order(who: &T::AccountId, id: LabelOrderId) -> DispatchResult {
        let mut order = Self::order_of(id)?;
        let by = Self::licensee_or_brand(who, &Self::licence_of(order.licence)?)?;
        ensure!(order.status == LabelOrderStatus::Ordered, Error::<T>::OrderStatusInvalid);
        order.status = LabelOrderStatus::Cancelled;
        order.status_since = Self::now();
        LabelOrders::<T>::insert(id, order);
        Self::deposit_event(Event::LabelOrderCancelled { order: id, by });
        Ok(())
    }

    /// See [`crate::Call::account_labels`].
    pub(crate) fn do_account_labels(
        who: &T::AccountId,
        id: LabelOrderId,
        fate: LabelFate,
        n_labels: u32,
    ) -> DispatchResult {
        let mut order = Self::order_of(id)?;
        let licence = Self::licence_of(order.licence)?;
        let by = match fate {
            // Labels of a licence that has ended may be taken in and destroyed by the brand.
            LabelFate::Destroyed => Self::licensee_or_brand(who, &licence)?,
            LabelFate::Used | LabelFate::Void => Self::own_licence(who, order.licence)?.0,
        };
        ensure!(n_labels > 0, Error::<T>::CountZero);
        order.n_stock = order.n_stock.checked_sub(n_labels).ok_or(Error::<T>::StockInsufficient)?;
        let counted = match fate {
            LabelFate::Used => {
                ensure!(Self::is_usable(&licence), Error::<T>::LabelsFrozen);
                &mut order.n_used
            }
            LabelFate::Void => &mut order.n_void,
            LabelFate::Destroyed => &mut order.n_destroyed,
        };
        *counted = counted.checked_add(n_labels).ok_or(Error::<T>::Inconsistent)?;
        if fate != LabelFate::Used {
            let (period, quantity) = (order.period, order.content_of(n_labels));
            Self::return_quota(order.licence, &order.gtin, period, quantity, Purpose::Order)?;
        }
        LabelOrders::<T>::insert(id, order);
        Self::deposit_event(Event::LabelsAccounted { order: id, by, fate, n_labels });
        Ok(())
    }

    fn order_of(id: LabelOrderId) -> Result<LabelOrder, DispatchError> {
        Ok(LabelOrders::<T>::get(id).ok_or(Error::<T>::OrderNotFound)?)
    }

    /// The licensee or a party of the brand that `who` acts for.
    fn licensee_or_brand(
        who: &T::AccountId,
        licence: &LicenceDetails,
    ) -> Result<OrganisationId, DispatchError> {
        if T::Authority::organisation_of(who)? == licence.licensee {
            return Self::trace_node(who);
        }
        Self::brand_party(who, &Self::brand_of(licence.brand)?)
    }
}
