//! The life of a licence behind its grant, and what it was at any time.

use crate::{
    BrandId, Commitment, Config, Error, Event, LicenceDetails, LicenceId, LicenceStatus,
    LicencesById, Moment, OpenLicences, Pallet, StatusChange, StatusChanges, Tenures, Usages,
};
use frame_support::ensure;
use pallet_participants::OrganisationId;
use pallet_traceability::{CertificateStatus, Certificates};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::suspend`], [`crate::Call::restore`], [`crate::Call::revoke`] and
    /// [`crate::Call::refuse`].
    pub(crate) fn do_judge(
        who: &T::AccountId,
        id: LicenceId,
        status: LicenceStatus,
        reason: Commitment,
    ) -> DispatchResult {
        let licence = Self::licence_of(id)?;
        let brand = Self::brand_of(licence.brand)?;
        // Who grants is who refuses; who runs the brand stops licences and lets them go on.
        let by = match status {
            LicenceStatus::Refused => Self::owner(who, &brand)?,
            _ => Self::brand_party(who, &brand)?,
        };
        ensure!(reason != [0; 32], Error::<T>::CommitmentMissing);
        let now = licence.status_now(Self::now());
        let follows = match status {
            LicenceStatus::Refused => {
                matches!(now, LicenceStatus::Applied | LicenceStatus::Inspected)
            }
            LicenceStatus::Suspended => now.is_in_force(),
            LicenceStatus::Restored => now == LicenceStatus::Suspended,
            LicenceStatus::Revoked => now.is_granted(),
            _ => false,
        };
        ensure!(follows, Error::<T>::StatusInvalid);
        if status == LicenceStatus::Restored {
            Self::ensure_certificate_valid(licence.certificate)?;
        }
        Self::change_status(id, licence, status, by, Some(reason))
    }

    /// See [`crate::Call::withdraw`].
    pub(crate) fn do_withdraw(who: &T::AccountId, id: LicenceId) -> DispatchResult {
        let (by, licence) = Self::own_licence(who, id)?;
        ensure!(licence.status_now(Self::now()).is_open(), Error::<T>::StatusInvalid);
        Self::change_status(id, licence, LicenceStatus::Withdrawn, by, None)
    }

    /// Ends every licence of `licensee` under `brand` that may be or come in force. Returns how
    /// many.
    pub(crate) fn end_all(
        brand: BrandId,
        licensee: OrganisationId,
        by: OrganisationId,
        reason: Commitment,
    ) -> Result<u32, DispatchError> {
        let now = Self::now();
        let mut n_ended = 0u32;
        for id in OpenLicences::<T>::get(brand, licensee) {
            let licence = LicencesById::<T>::get(id).ok_or(Error::<T>::Inconsistent)?;
            let status = match licence.status_now(now) {
                LicenceStatus::Applied | LicenceStatus::Inspected => LicenceStatus::Refused,
                granted if granted.is_granted() => LicenceStatus::Revoked,
                _ => continue,
            };
            Self::change_status(id, licence, status, by, Some(reason))?;
            n_ended = n_ended.saturating_add(1);
        }
        Ok(n_ended)
    }

    /// Gives `licence` a status, and writes it down with its history.
    pub(crate) fn change_status(
        id: LicenceId,
        mut licence: LicenceDetails,
        status: LicenceStatus,
        by: OrganisationId,
        reason: Option<Commitment>,
    ) -> DispatchResult {
        let at = Self::now();
        let index = licence.n_changes;
        licence.n_changes = index.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        if !status.is_open() {
            if licence.status.is_granted() {
                Self::release_bases(id, &licence, at);
            }
            OpenLicences::<T>::mutate_exists(licence.brand, licence.licensee, |open| {
                if let Some(ids) = open {
                    ids.retain(|it| *it != id);
                }
                if open.as_ref().is_some_and(|ids| ids.is_empty()) {
                    *open = None;
                }
            });
        }
        licence.status = status;
        licence.status_since = at;
        StatusChanges::<T>::insert(id, index, StatusChange { at, status, by, reason });
        let (brand, licensee) = (licence.brand, licence.licensee);
        LicencesById::<T>::insert(id, licence);
        Self::deposit_event(Event::LicenceStatusChanged {
            licence: id,
            brand,
            licensee,
            status,
            by,
        });
        Ok(())
    }

    /// Lets other licences count the bases of a licence that ends early: at once, or, if something
    /// was labelled in the period that runs, from the next period on.
    fn release_bases(id: LicenceId, licence: &LicenceDetails, now: Moment) {
        let begun = now >= licence.valid_from;
        let period = licence.period_at(now);
        let used = begun
            && licence.products.iter().any(|product| {
                let usage = Usages::<T>::get((id, product.gtin, period));
                usage.total() != Some(0)
            });
        let free = if used { licence.period_end(now) } else { 0 };
        for base in &licence.bases {
            Tenures::<T>::mutate(licence.brand, base, |tenure| {
                if let Some(tenure) = tenure.as_mut().filter(|tenure| tenure.licence == id) {
                    tenure.until = tenure.before.max(free);
                }
            });
        }
    }

    /// What `status` of a licence is at `at` with the certificate that it rests on: while that is
    /// not valid, the licence is out of force, until it is restored or replaced.
    ///
    /// Source: domain 12.B, revocation cascades to brand authorisations.
    pub(crate) fn beside_certificate(
        licence: &LicenceDetails,
        status: LicenceStatus,
        at: Moment,
    ) -> LicenceStatus {
        // One that was not issued yet replaced another.
        let stopped = licence
            .certificate
            .and_then(|id| T::Certificates::status_at(id, at))
            .is_some_and(|found| found != CertificateStatus::Valid);
        if stopped && status.is_in_force() { LicenceStatus::Suspended } else { status }
    }

    /// Whether the brand may be used under a licence now: it and its certificate are in force.
    pub(crate) fn is_usable(licence: &LicenceDetails) -> bool {
        licence.is_in_force(Self::now())
            && Self::ensure_certificate_valid(licence.certificate).is_ok()
    }

    /// The status of a licence at `at`; `None` before it was applied for.
    pub(crate) fn status_at(id: LicenceId, at: Moment) -> Option<LicenceStatus> {
        let licence = LicencesById::<T>::get(id)?;
        (0..licence.n_changes)
            .rev()
            .filter_map(|index| StatusChanges::<T>::get(id, index))
            .find(|change| change.at <= at)
            .map(|change| licence.status_at(change.status, at))
            .map(|status| Self::beside_certificate(&licence, status, at))
    }
}
