//! Draws on quotas.

use crate::{
    Config, Error, Event, LicenceDetails, LicenceId, LicenceStatus, LicencesById, Moment, Pallet,
    Period, Usage, Usages,
};
use frame_support::ensure;
use pallet_participants::OrganisationId;
use pallet_traceability::{CertificateStatus, Certificates, Gtin, PlaceId};
use sp_runtime::{DispatchError, DispatchResult};

/// On what a quota is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// Labels issued on an order.
    Order,
    /// A label series.
    Series,
}

impl Usage {
    fn part(&mut self, purpose: Purpose) -> &mut u128 {
        match purpose {
            Purpose::Order => &mut self.orders,
            Purpose::Series => &mut self.series,
        }
    }

    /// With `quantity` more; `None` if that is more than `quota` in all.
    pub(crate) fn drawn(mut self, purpose: Purpose, quantity: u128, quota: u128) -> Option<Self> {
        let part = self.part(purpose);
        *part = part.checked_add(quantity)?;
        self.total().is_some_and(|total| total <= quota).then_some(self)
    }

    /// With `quantity` less; `None` if so much was not drawn for this purpose.
    pub(crate) fn given_back(mut self, purpose: Purpose, quantity: u128) -> Option<Self> {
        let part = self.part(purpose);
        *part = part.checked_sub(quantity)?;
        Some(self)
    }
}

impl<T: Config> Pallet<T> {
    /// Draws `quantity` from the quota of the period that runs now, in content units; returns the
    /// period.
    pub(crate) fn draw_quota(
        id: LicenceId,
        licence: &LicenceDetails,
        gtin: &Gtin,
        quantity: u128,
        purpose: Purpose,
    ) -> Result<Period, DispatchError> {
        let now = Self::now();
        ensure!(licence.is_in_force(now), Error::<T>::LicenceNotInForce);
        let quota = licence.quota(gtin).ok_or(Error::<T>::ProductNotLicensed)?;
        Self::ensure_certificate_valid(licence.certificate)?;
        let period = licence.period_at(now);
        let usage = Usages::<T>::get((id, *gtin, period))
            .drawn(purpose, quantity, quota)
            .ok_or(Error::<T>::QuotaExhausted)?;
        Usages::<T>::insert((id, *gtin, period), usage);
        Self::deposit_event(Event::QuotaDrawn { licence: id, gtin: *gtin, period, quantity });
        Ok(period)
    }

    /// Gives `quantity` back to the quota of `period`.
    pub(crate) fn return_quota(
        id: LicenceId,
        gtin: &Gtin,
        period: Period,
        quantity: u128,
        purpose: Purpose,
    ) -> DispatchResult {
        let usage = Usages::<T>::get((id, *gtin, period))
            .given_back(purpose, quantity)
            .ok_or(Error::<T>::MoreThanDrawn)?;
        Usages::<T>::insert((id, *gtin, period), usage);
        Self::deposit_event(Event::QuotaGivenBack { licence: id, gtin: *gtin, period, quantity });
        Ok(())
    }
}

impl<T: Config> crate::Licences for Pallet<T> {
    fn draw(
        id: LicenceId,
        licensee: OrganisationId,
        gtin: &Gtin,
        quantity: u128,
    ) -> Result<Period, DispatchError> {
        let licence = Self::licence_of(id)?;
        ensure!(licence.licensee == licensee, Error::<T>::NotLicensee);
        Self::draw_quota(id, &licence, gtin, quantity, Purpose::Series)
    }

    fn give_back(id: LicenceId, gtin: &Gtin, period: Period, quantity: u128) -> DispatchResult {
        Self::return_quota(id, gtin, period, quantity, Purpose::Series)
    }

    fn drawn(id: LicenceId, gtin: &Gtin, period: Period) -> u128 {
        Usages::<T>::get((id, *gtin, period)).series
    }

    fn drawn_in_all() -> u128 {
        Usages::<T>::iter_values().map(|usage| usage.series).fold(0, u128::saturating_add)
    }

    fn is_in_force(id: LicenceId, at: Moment) -> bool {
        let within = |licence: LicenceDetails| {
            Self::status_at(id, at).is_some_and(|status| status.is_in_force())
                && at >= licence.valid_from
        };
        LicencesById::<T>::get(id).is_some_and(within)
    }

    fn is_stopped(id: LicenceId) -> bool {
        let stopped = [LicenceStatus::Suspended, LicenceStatus::Revoked];
        let lost = [Some(CertificateStatus::Suspended), Some(CertificateStatus::Revoked)];
        let now = Self::now();
        LicencesById::<T>::get(id).is_some_and(|licence| {
            stopped.contains(&licence.status)
                || licence
                    .certificate
                    .is_some_and(|id| lost.contains(&T::Certificates::status_at(id, now)))
        })
    }

    fn has_bases(id: LicenceId, bases: &[PlaceId]) -> bool {
        LicencesById::<T>::get(id).is_some_and(|licence| {
            bases.iter().all(|base| licence.bases.binary_search(base).is_ok())
        })
    }
}
