//! Complaints and appeals.

use crate::{
    Applications, Certificate, CertificateState, Certificates, ClientLocks, Complaint,
    ComplaintDecision, ComplaintId, ComplaintKind, Complaints, Config, DutyKind, Error, Event,
    FindingId, Findings, NextComplaintId, Pallet, Signer, Stage,
};
use frame_support::ensure;
use pallet_participants::Authority;
use pallet_traceability::Commitment;
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::lodge`].
    pub(crate) fn do_lodge(
        who: &T::AccountId,
        kind: ComplaintKind,
        document: Commitment,
    ) -> DispatchResult {
        let lodged_by = T::Authority::organisation_of(who)?;
        Self::ensure_commitment(&document)?;
        let (body, scheme) = match kind {
            ComplaintKind::Complaint(id) => {
                let certificate = Self::certificate_of(id)?;
                ensure!(lodged_by != certificate.body, Error::<T>::NotIndependent);
                (certificate.body, certificate.scheme)
            }
            ComplaintKind::ApplicationAppeal(id) => {
                let application = Self::application_of(id)?;
                ensure!(lodged_by == application.client, Error::<T>::NotTheClient);
                let against = matches!(application.stage, Stage::Refused | Stage::Rejected);
                ensure!(against, Error::<T>::NothingToAppeal);
                (application.request.body, application.request.scheme)
            }
            ComplaintKind::CertificateAppeal(id) => {
                let certificate = Self::certificate_of(id)?;
                ensure!(lodged_by == certificate.holder, Error::<T>::NotHolder);
                ensure!(grounds(&certificate).is_some(), Error::<T>::NothingToAppeal);
                (certificate.body, certificate.scheme)
            }
        };
        let term = Self::scheme_of(scheme)?.terms.complaint;
        let id = Self::next_number::<_, NextComplaintId<T>>()?;
        let duty = Self::start_duty(body, DutyKind::DecideComplaint(id), term)?;
        Complaints::<T>::insert(
            id,
            Complaint {
                kind,
                body,
                lodged_by,
                lodged_at: Self::now(),
                document,
                duty,
                decision: None,
            },
        );
        Self::deposit_event(Event::ComplaintLodged { complaint: id, kind, lodged_by, document });
        Ok(())
    }

    /// See [`crate::Call::decide_complaint`].
    pub(crate) fn do_decide_complaint(
        who: &T::AccountId,
        id: ComplaintId,
        upheld: bool,
        document: Commitment,
    ) -> DispatchResult {
        let mut complaint = Complaints::<T>::get(id).ok_or(Error::<T>::ComplaintNotFound)?;
        Self::ensure_of_body(who, complaint.body)?;
        ensure!(complaint.decision.is_none(), Error::<T>::ComplaintDecided);
        Self::ensure_commitment(&document)?;
        let signer = Self::signer(who);
        let involved = match complaint.kind {
            ComplaintKind::ApplicationAppeal(application) => {
                Self::had_part_in_application(&signer, application)
            }
            ComplaintKind::Complaint(certificate)
            | ComplaintKind::CertificateAppeal(certificate) => {
                let certificate = Self::certificate_of(certificate)?;
                Self::had_part_in_application(&signer, certificate.application)
                    || grounds(&certificate)
                        .is_some_and(|finding| Self::had_part_in_finding(&signer, finding))
            }
        };
        ensure!(!involved, Error::<T>::DeciderInvolved);
        if let (ComplaintKind::CertificateAppeal(certificate), true) = (complaint.kind, upheld) {
            Self::redress(certificate)?;
        }
        Self::finish_duty(Some(complaint.duty), None);
        let (decided_by, at) = (signer.agent, Self::now());
        complaint.decision = Some(ComplaintDecision { upheld, decided_by, at, document });
        Complaints::<T>::insert(id, complaint);
        Self::deposit_event(Event::ComplaintDecided { complaint: id, upheld, document });
        Ok(())
    }

    fn certificate_of(
        id: pallet_traceability::CertificateId,
    ) -> Result<Certificate, DispatchError> {
        Ok(Certificates::<T>::get(id).ok_or(Error::<T>::CertificateNotFound)?)
    }

    /// What follows from an appeal that was upheld: a suspension may be lifted at once; after a
    /// revocation, which is for ever, the client may apply again at once.
    fn redress(id: pallet_traceability::CertificateId) -> DispatchResult {
        let mut certificate = Self::certificate_of(id)?;
        match &mut certificate.state {
            CertificateState::Suspended(suspension) => {
                suspension.earliest_end = suspension.earliest_end.min(Self::now());
                Certificates::<T>::insert(id, certificate);
            }
            CertificateState::Revoked(_) => {
                ClientLocks::<T>::remove(certificate.holder, certificate.scheme);
            }
            CertificateState::InForce | CertificateState::Cancelled => (),
        }
        Ok(())
    }

    /// Whether `who` inspected, certified or signed.
    fn had_part_in_application(who: &Signer<T::AccountId>, id: crate::ApplicationId) -> bool {
        Applications::<T>::get(id).is_some_and(|application| {
            application.was_inspected_by(who)
                || application.signed_by.as_ref() == Some(&who.agent)
                || application
                    .proposal
                    .is_some_and(|proposal| who.is(&proposal.certifier, Some(proposal.person)))
        })
    }

    /// Whether `who` decided on a finding.
    fn had_part_in_finding(who: &Signer<T::AccountId>, id: FindingId) -> bool {
        Findings::<T>::get(id)
            .and_then(|finding| finding.closed)
            .is_some_and(|(_, closed_by)| closed_by == who.agent)
    }
}

/// The finding on which a certificate is suspended or revoked.
fn grounds(certificate: &Certificate) -> Option<FindingId> {
    match certificate.state {
        CertificateState::Suspended(suspension) => Some(suspension.finding),
        CertificateState::Revoked(finding) => Some(finding),
        CertificateState::InForce | CertificateState::Cancelled => None,
    }
}
