//! Findings for and against certificates.

use crate::{
    Certificates, Closure, Config, Consequence, DutyKind, Error, Event, FinderKind, Finding,
    FindingId, FindingOf, Findings, Ground, NextFindingId, Pallet,
};
use frame_support::ensure;
use pallet_participants::{Authority, OrganisationId, Role};
use pallet_traceability::{CertificateId, Commitment};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::record_finding`].
    pub(crate) fn do_record_finding(
        who: &T::AccountId,
        certificate_id: CertificateId,
        finder: FinderKind,
        ground: Ground,
        consequence: Consequence,
        evidence: Commitment,
    ) -> DispatchResult {
        let certificate = Self::live_certificate(certificate_id)?;
        let found_by = Self::finder(who, finder, certificate.body, certificate.holder)?;
        ensure!(ground.allows(consequence), Error::<T>::ConsequenceInvalid);
        Self::ensure_commitment(&evidence)?;
        let terms = Self::scheme_of(certificate.scheme)?.terms;
        let id = Self::next_number::<_, NextFindingId<T>>()?;
        let duty = match consequence {
            Consequence::None => None,
            Consequence::Suspend => Some((DutyKind::Suspend(id), terms.suspend)),
            Consequence::Revoke => Some((DutyKind::Revoke(id), terms.revoke)),
        };
        let duty = match duty {
            Some((kind, term)) => Some(Self::start_urgent_duty(certificate.body, kind, term)?),
            None => None,
        };
        let closed = duty.is_none().then(|| (Closure::NothingToDo, T::Authority::first_key(who)));
        Findings::<T>::insert(
            id,
            Finding {
                certificate: certificate_id,
                found_by,
                finder,
                ground,
                consequence,
                at: Self::now(),
                evidence,
                duty,
                closed,
                rule_set: Self::rule_version(),
            },
        );
        Self::deposit_event(Event::FindingRecorded {
            finding: id,
            certificate: certificate_id,
            found_by,
            ground,
            consequence,
            evidence,
        });
        Ok(())
    }

    /// See [`crate::Call::dismiss_finding`].
    pub(crate) fn do_dismiss_finding(
        who: &T::AccountId,
        id: FindingId,
        document: Commitment,
    ) -> DispatchResult {
        let finding = Self::open_finding(id)?;
        Self::ensure_commitment(&document)?;
        let certificate =
            Certificates::<T>::get(finding.certificate).ok_or(Error::<T>::CertificateNotFound)?;
        let by_authority = Self::body_or_authority(who, &certificate)?;
        // Once the certificate has ended there is nothing left that an authority could want.
        let of_authority =
            finding.finder == FinderKind::Authority && certificate.is_live(Self::now());
        ensure!(by_authority || !of_authority, Error::<T>::AuthorityOnly);
        Self::close_finding(id, finding, Closure::Dismissed, who);
        Self::deposit_event(Event::FindingDismissed { finding: id, document });
        Ok(())
    }

    /// A finding that is not closed.
    pub(crate) fn open_finding(id: FindingId) -> Result<FindingOf<T>, DispatchError> {
        let finding = Findings::<T>::get(id).ok_or(Error::<T>::FindingNotFound)?;
        ensure!(finding.closed.is_none(), Error::<T>::FindingClosed);
        Ok(finding)
    }

    /// Closes a finding, and the duty that it set running.
    pub(crate) fn close_finding(
        id: FindingId,
        mut finding: FindingOf<T>,
        closure: Closure,
        who: &T::AccountId,
    ) {
        Self::finish_duty(finding.duty, None);
        finding.closed = Some((closure, T::Authority::first_key(who)));
        Findings::<T>::insert(id, finding);
    }

    /// The organisation for which `who` finds something in the capacity of `finder`.
    fn finder(
        who: &T::AccountId,
        finder: FinderKind,
        body: OrganisationId,
        holder: OrganisationId,
    ) -> Result<OrganisationId, DispatchError> {
        let organisation = match finder {
            FinderKind::Body => {
                Self::ensure_of_body(who, body)?;
                body
            }
            FinderKind::InspectionBody => {
                T::Authority::ensure_role(who, Role::InspectionBody, None, None)?
            }
            FinderKind::Lab => T::Authority::ensure_role(who, Role::Lab, None, None)?,
            FinderKind::Authority => Self::authority(who, holder)?,
        };
        ensure!(organisation != holder, Error::<T>::NotIndependent);
        Ok(organisation)
    }
}
