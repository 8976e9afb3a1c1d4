//! Changes of a certificate: suspended, restored, revoked, cancelled, reduced.

use crate::{
    Certificate, CertificateState, Certificates, ChangeRequest, ClientLocks, Closure, Config,
    Consequence, DutyKind, Error, Event, FindingId, MAX_CHANGES, Pallet, StatusChange, Suspension,
    Tallies, Tally,
};
use frame_support::ensure;
use pallet_participants::{Authority, OrganisationId};
use pallet_traceability::{CertificateId, CertificateStatus, Commitment, Gtin};
use sp_runtime::DispatchResult;

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::suspend`].
    pub(crate) fn do_suspend(
        who: &T::AccountId,
        finding_id: FindingId,
        months: u16,
    ) -> DispatchResult {
        let finding = Self::open_finding(finding_id)?;
        let id = finding.certificate;
        let mut certificate = Self::live_certificate(id)?;
        let by_authority = Self::body_or_authority(who, &certificate)?;
        let demands = finding.consequence == Consequence::Suspend;
        ensure!(demands, Error::<T>::FindingDemandsRevocation);
        let in_force = certificate.state == CertificateState::InForce;
        ensure!(in_force, Error::<T>::SuspendedAlready);
        let scheme = Self::scheme_of(certificate.scheme)?;
        let bounds = scheme.suspension_months_min..=scheme.suspension_months_max;
        ensure!(bounds.contains(&months), Error::<T>::SuspensionTermInvalid);
        let today = Self::today();
        let earliest = today.end_of_period(scheme.suspension_months_min);
        let latest = today.end_of_period(months);
        let (Some(earliest), Some(latest)) = (earliest, latest) else {
            return Err(Error::<T>::SuspensionTermInvalid.into());
        };
        Self::add_change(&mut certificate, CertificateStatus::Suspended)?;
        let suspension = Suspension {
            finding: finding_id,
            since: Self::now(),
            earliest_end: earliest.start(),
            latest_end: latest.start(),
            by_authority,
        };
        certificate.state = CertificateState::Suspended(suspension);
        Self::close_finding(finding_id, finding, Closure::Suspended, who);
        Self::count(certificate.body, |tally| {
            tally.n_suspended = tally.n_suspended.saturating_add(1);
        });
        Self::start_publishing(id, &certificate)?;
        Certificates::<T>::insert(id, certificate);
        Self::deposit_event(Event::CertificateSuspended {
            certificate: id,
            finding: finding_id,
            latest_end: suspension.latest_end,
            by_authority,
        });
        Ok(())
    }

    /// See [`crate::Call::restore`].
    pub(crate) fn do_restore(
        who: &T::AccountId,
        id: CertificateId,
        document: Commitment,
    ) -> DispatchResult {
        let mut certificate = Self::live_certificate(id)?;
        let by_authority = Self::body_or_authority(who, &certificate)?;
        let CertificateState::Suspended(suspension) = certificate.state else {
            return Err(Error::<T>::NotSuspended.into());
        };
        ensure!(by_authority || !suspension.by_authority, Error::<T>::AuthorityOnly);
        Self::ensure_commitment(&document)?;
        let now = Self::now();
        ensure!(suspension.earliest_end <= now, Error::<T>::SuspensionTooShort);
        ensure!(now < suspension.latest_end, Error::<T>::SuspensionLapsed);
        Self::add_change(&mut certificate, CertificateStatus::Valid)?;
        certificate.state = CertificateState::InForce;
        Self::count(certificate.body, |tally| {
            tally.n_suspended = tally.n_suspended.saturating_sub(1);
        });
        Self::start_publishing(id, &certificate)?;
        Certificates::<T>::insert(id, certificate);
        Self::deposit_event(Event::CertificateRestored { certificate: id, document });
        Ok(())
    }

    /// See [`crate::Call::revoke`].
    pub(crate) fn do_revoke(who: &T::AccountId, finding_id: FindingId) -> DispatchResult {
        let finding = Self::open_finding(finding_id)?;
        let id = finding.certificate;
        let mut certificate = Self::live_certificate(id)?;
        Self::body_or_authority(who, &certificate)?;
        let demands = finding.consequence == Consequence::Revoke;
        ensure!(demands, Error::<T>::FindingDemandsSuspension);
        let scheme = Self::scheme_of(certificate.scheme)?;
        let locked_until = Self::today()
            .checked_add_months(scheme.relock_months)
            .ok_or(Error::<T>::PeriodInvalid)?;
        Self::end(&mut certificate, CertificateStatus::Revoked)?;
        certificate.state = CertificateState::Revoked(finding_id);
        Self::close_finding(finding_id, finding, Closure::Revoked, who);
        ClientLocks::<T>::insert(certificate.holder, certificate.scheme, locked_until);
        Self::count(certificate.body, |tally| {
            tally.n_revoked = tally.n_revoked.saturating_add(1);
        });
        Self::start_publishing(id, &certificate)?;
        Certificates::<T>::insert(id, certificate);
        Self::deposit_event(Event::CertificateRevoked {
            certificate: id,
            finding: finding_id,
            locked_until,
        });
        Ok(())
    }

    /// See [`crate::Call::request_change`].
    pub(crate) fn do_request_change(
        who: &T::AccountId,
        id: CertificateId,
        request: ChangeRequest,
        document: Commitment,
    ) -> DispatchResult {
        let mut certificate = Self::live_certificate(id)?;
        let holder = T::Authority::organisation_of(who)?;
        ensure!(holder == certificate.holder, Error::<T>::NotHolder);
        ensure!(certificate.request.is_none(), Error::<T>::RequestPending);
        Self::ensure_commitment(&document)?;
        let terms = Self::scheme_of(certificate.scheme)?.terms;
        let (kind, term) = match request {
            ChangeRequest::Cancel => (DutyKind::Cancel(id), terms.cancel),
            ChangeRequest::Reduce => (DutyKind::Change(id), terms.change),
        };
        certificate.request = Some(Self::start_duty(certificate.body, kind, term)?);
        Certificates::<T>::insert(id, certificate);
        Self::deposit_event(Event::ChangeRequested { certificate: id, request, document });
        Ok(())
    }

    /// See [`crate::Call::cancel`].
    pub(crate) fn do_cancel(
        who: &T::AccountId,
        id: CertificateId,
        document: Commitment,
    ) -> DispatchResult {
        let mut certificate = Self::live_certificate(id)?;
        let by_authority = Self::body_or_authority(who, &certificate)?;
        Self::ensure_commitment(&document)?;
        let requested = Self::is_requested(&certificate, DutyKind::Cancel(id));
        ensure!(by_authority || requested, Error::<T>::NotRequested);
        Self::end(&mut certificate, CertificateStatus::Cancelled)?;
        certificate.state = CertificateState::Cancelled;
        Self::count(certificate.body, |tally| {
            tally.n_cancelled = tally.n_cancelled.saturating_add(1);
        });
        Self::start_publishing(id, &certificate)?;
        Certificates::<T>::insert(id, certificate);
        Self::deposit_event(Event::CertificateCancelled {
            certificate: id,
            document,
            by_authority,
        });
        Ok(())
    }

    /// See [`crate::Call::reduce`].
    pub(crate) fn do_reduce(
        who: &T::AccountId,
        id: CertificateId,
        gtin: Gtin,
        quantity: u128,
    ) -> DispatchResult {
        let mut certificate = Self::live_certificate(id)?;
        Self::ensure_of_body(who, certificate.body)?;
        let requested = Self::is_requested(&certificate, DutyKind::Change(id));
        ensure!(requested, Error::<T>::NotRequested);
        let index = certificate
            .products
            .iter()
            .position(|product| product.gtin == gtin)
            .ok_or(Error::<T>::ProductNotCovered)?;
        let product = certificate.products.get_mut(index).ok_or(Error::<T>::ProductNotCovered)?;
        ensure!(quantity < product.quantity, Error::<T>::NotAReduction);
        let used = product.drawn.max(product.sold);
        ensure!(used <= quantity, Error::<T>::QuantityInUse);
        if quantity > 0 {
            product.quantity = quantity;
        } else {
            // Without a product there would be nothing to certify: that is a cancellation.
            ensure!(certificate.products.len() > 1, Error::<T>::ProductsInvalid);
            certificate.products.remove(index);
        }
        Self::finish_duty(certificate.request.take(), None);
        Certificates::<T>::insert(id, certificate);
        Self::deposit_event(Event::CertificateReduced { certificate: id, gtin, quantity });
        Ok(())
    }

    /// Whether the holder's pending request is of `kind`.
    fn is_requested(certificate: &Certificate, kind: DutyKind) -> bool {
        certificate.request.and_then(crate::Duties::<T>::get).is_some_and(|duty| duty.kind == kind)
    }

    /// Adds a change of status that is not the last.
    fn add_change(certificate: &mut Certificate, status: CertificateStatus) -> DispatchResult {
        let room = certificate.changes.len().saturating_add(1) < MAX_CHANGES as usize;
        ensure!(room, Error::<T>::TooManyChanges);
        Self::push_change(certificate, status)
    }

    /// Adds the last change of status, and drops what is pending.
    fn end(certificate: &mut Certificate, status: CertificateStatus) -> DispatchResult {
        Self::push_change(certificate, status)?;
        if matches!(certificate.state, CertificateState::Suspended(_)) {
            Self::count(certificate.body, |tally| {
                tally.n_suspended = tally.n_suspended.saturating_sub(1);
            });
        }
        Self::finish_duty(certificate.request.take(), None);
        Ok(())
    }

    fn push_change(certificate: &mut Certificate, status: CertificateStatus) -> DispatchResult {
        certificate
            .changes
            .try_push(StatusChange { at: Self::now(), status })
            .map_err(|_| Error::<T>::TooManyChanges)?;
        Ok(())
    }

    /// Sets the body's duty to publish a change running.
    fn start_publishing(id: CertificateId, certificate: &Certificate) -> DispatchResult {
        let term = Self::scheme_of(certificate.scheme)?.terms.publish;
        Self::start_urgent_duty(certificate.body, DutyKind::Publish(id), term).map(|_| ())
    }

    fn count(body: OrganisationId, change: impl FnOnce(&mut Tally)) {
        Tallies::<T>::mutate(body, change);
    }
}
