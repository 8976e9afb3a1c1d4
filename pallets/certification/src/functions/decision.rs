//! Decisions on applications: two signatures, and the certificate.

use crate::{
    AREA_UNITS_PER_MU, ApplicationId, ApplicationOf, Approvals, BILLION, BodyCode, Certificate,
    CertificateNumber, CertificateNumbers, CertificateState, Certificates, CertifiedBases,
    CertifiedProduct, Config, Error, Event, LabelKind, NextCertificateId, Outcome, Pallet,
    ProductLine, ProductLines, Proposal, Scheme, Stage, StatusChange, Tallies, is_valid_text,
};
use alloc::{vec, vec::Vec};
use frame_support::{BoundedVec, ensure};
use pallet_calendar::CivilDate;
use pallet_participants::Authority;
use pallet_traceability::{CertificateId, CertificateStatus};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::propose_decision`].
    pub(crate) fn do_propose_decision(
        who: &T::AccountId,
        id: ApplicationId,
        outcome: Outcome,
    ) -> DispatchResult {
        let mut application = Self::application_of(id)?;
        Self::ensure_certifier(who, application.request.body)?;
        ensure!(application.stage.is_evaluated(), Error::<T>::WrongStage);
        let signer = Self::signer(who);
        ensure!(!application.was_inspected_by(&signer), Error::<T>::EvaluatorDecides);
        let person = signer.person.ok_or(Error::<T>::NotCertifier)?;
        Self::check_outcome(&application, &outcome)?;
        let certified = matches!(outcome, Outcome::Certify { .. });
        let certifier = signer.agent;
        application.proposal = Some(Proposal { certifier, person, outcome, at: Self::now() });
        application.stage = Stage::Proposed;
        Self::put_application(id, &application);
        Self::deposit_event(Event::DecisionProposed {
            application: id,
            certifier: who.clone(),
            certify: certified,
        });
        Ok(())
    }

    /// See [`crate::Call::return_proposal`].
    pub(crate) fn do_return_proposal(who: &T::AccountId, id: ApplicationId) -> DispatchResult {
        let mut application = Self::application_of(id)?;
        Self::ensure_head(who, &application)?;
        ensure!(application.stage == Stage::Proposed, Error::<T>::WrongStage);
        application.proposal = None;
        application.stage = if !application.tests.is_empty() {
            Stage::Tested
        } else if !application.inspections.is_empty() {
            Stage::Inspected
        } else {
            Stage::Accepted
        };
        Self::put_application(id, &application);
        Self::deposit_event(Event::ProposalReturned { application: id });
        Ok(())
    }

    /// See [`crate::Call::sign_decision`].
    pub(crate) fn do_sign_decision(who: &T::AccountId, id: ApplicationId) -> DispatchResult {
        let mut application = Self::application_of(id)?;
        Self::ensure_head(who, &application)?;
        let (Some(proposal), Stage::Proposed) = (&application.proposal, application.stage) else {
            return Err(Error::<T>::WrongStage.into());
        };
        let signer = Self::signer(who);
        let same = signer.is(&proposal.certifier, Some(proposal.person));
        ensure!(!same, Error::<T>::SameSigner);
        ensure!(!application.was_inspected_by(&signer), Error::<T>::EvaluatorDecides);
        let outcome = proposal.outcome.clone();
        Self::check_outcome(&application, &outcome)?;

        application.stage = match outcome {
            Outcome::Certify { number, products, valid_from } => {
                Stage::Certified(Self::issue(id, &application, number, &products, valid_from)?)
            }
            Outcome::Reject { reason } => {
                Self::deposit_event(Event::ApplicationRejected { application: id, reason });
                Stage::Rejected
            }
        };
        Self::finish_duty(application.duty.take(), None);
        application.signed_by = Some(signer.agent);
        Self::put_application(id, &application);
        Ok(())
    }

    /// Checks that `who` is the head of the body that decides.
    fn ensure_head(who: &T::AccountId, application: &ApplicationOf<T>) -> DispatchResult {
        let body = application.request.body;
        Self::ensure_of_body(who, body)?;
        let agent = T::Authority::first_key(who);
        let is_head = Approvals::<T>::get(body).is_some_and(|approval| approval.head == agent);
        ensure!(is_head, Error::<T>::NotHeadOfBody);
        Ok(())
    }

    /// Checks everything that a decision rests on.
    fn check_outcome(application: &ApplicationOf<T>, outcome: &Outcome) -> DispatchResult {
        let (number, products, valid_from) = match outcome {
            Outcome::Reject { reason } => return Self::ensure_commitment(reason),
            Outcome::Certify { number, products, valid_from } => (number, products, *valid_from),
        };
        let request = &application.request;
        let scheme = Self::scheme_of(request.scheme)?;
        // A certificate may have been revoked since the application was filed.
        Self::ensure_not_locked(application.client, request.scheme)?;
        ensure!(is_valid_text(number), Error::<T>::TextInvalid);
        let unused = !CertificateNumbers::<T>::contains_key(number);
        ensure!(unused, Error::<T>::CertificateNumberUsed);
        let approval = Self::ensure_may_certify(request.body, request.scheme, &scheme, products)?;
        let attributable = scheme.label != LabelKind::OrganicCode
            || leading_code(number).is_none_or(|code| code == approval.code);
        ensure!(attributable, Error::<T>::CertificateNumberOfAnotherBody);
        Self::check_evaluation(application, &scheme, products)?;
        Self::check_products(application, &scheme, products)?;
        Self::check_period(application, &scheme, valid_from)
    }

    /// Inspections are complete and without open nonconformities, tests passed.
    fn check_evaluation(
        application: &ApplicationOf<T>,
        scheme: &Scheme,
        products: &ProductLines,
    ) -> DispatchResult {
        ensure!(application.is_inspection_complete(), Error::<T>::InspectionIncomplete);
        let n_open = application.inspections.last().map_or(0, |it| it.n_open_nonconformities);
        ensure!(n_open == 0, Error::<T>::NonconformitiesOpen);
        for line in products {
            let test = application.tests.iter().find(|test| test.gtin == line.gtin);
            match test {
                Some(test) => ensure!(test.passed, Error::<T>::TestFailed),
                None => ensure!(!scheme.test_required, Error::<T>::TestMissing),
            }
        }
        Ok(())
    }

    /// Products are within the application, and within what the area can bear.
    fn check_products(
        application: &ApplicationOf<T>,
        scheme: &Scheme,
        products: &ProductLines,
    ) -> DispatchResult {
        Self::check_lines(products)?;
        for line in products {
            let within = application.request.products.iter().any(|applied| {
                applied.gtin == line.gtin
                    && line.quantity <= applied.quantity
                    && line.area_units <= applied.area_units
            });
            ensure!(within, Error::<T>::ExceedsApplication);
            let category = Self::product_of(&line.gtin)?.category;
            let ceiling = Self::ceiling(application.request.scheme, &line.gtin, category)
                .ok_or(Error::<T>::YieldNotGoverned)?;
            let most = quantity_max(line, ceiling, scheme).ok_or(Error::<T>::YieldExceeded)?;
            ensure!(line.quantity <= most, Error::<T>::YieldExceeded);
        }
        Ok(())
    }

    /// The period starts neither before the inspection nor in the past nor far ahead, and no base
    /// is on another live certificate then.
    fn check_period(
        application: &ApplicationOf<T>,
        scheme: &Scheme,
        valid_from: CivilDate,
    ) -> DispatchResult {
        let inspected = application.last_inspected_at().map(CivilDate::from_moment);
        let after = inspected.is_some_and(|inspected| inspected <= valid_from);
        ensure!(after, Error::<T>::CertificateBeforeInspection);
        let today = Self::today();
        ensure!(today <= valid_from, Error::<T>::CertificateBackdated);
        let renewed = application.request.renews.and_then(Certificates::<T>::get);
        let not_before = renewed.map_or(today, |old| old.expires.max(today));
        let latest = not_before.checked_add_months(scheme.renewal_months);
        ensure!(latest.is_some_and(|latest| valid_from <= latest), Error::<T>::PeriodInvalid);
        let ends = valid_from.end_of_period(scheme.validity_months);
        ensure!(ends.is_some(), Error::<T>::PeriodInvalid);
        for base in &application.request.bases {
            let other = CertifiedBases::<T>::get(base, application.request.scheme)
                .and_then(Certificates::<T>::get)
                .is_some_and(|other| other.is_live(valid_from.start().max(Self::now())));
            ensure!(!other, Error::<T>::BaseCertifiedAlready);
        }
        Ok(())
    }

    /// Writes the certificate of a decision that was checked.
    fn issue(
        application_id: ApplicationId,
        application: &ApplicationOf<T>,
        number: CertificateNumber,
        products: &ProductLines,
        valid_from: CivilDate,
    ) -> Result<CertificateId, DispatchError> {
        let request = &application.request;
        let scheme = Self::scheme_of(request.scheme)?;
        let expires =
            valid_from.end_of_period(scheme.validity_months).ok_or(Error::<T>::PeriodInvalid)?;
        let id = Self::next_number::<_, NextCertificateId<T>>()?;
        let issued_at = Self::now();
        let products: Vec<_> = products
            .iter()
            .map(|line| CertifiedProduct {
                gtin: line.gtin,
                quantity: line.quantity,
                area_units: line.area_units,
                drawn: 0,
                sold: 0,
            })
            .collect();
        let issue = StatusChange { at: issued_at, status: CertificateStatus::Valid };
        let certificate = Certificate {
            number: number.clone(),
            holder: application.client,
            body: request.body,
            scheme: request.scheme,
            application: application_id,
            products: BoundedVec::truncate_from(products),
            bases: request.bases.clone(),
            issued_at,
            valid_from,
            expires,
            state: CertificateState::InForce,
            request: None,
            changes: BoundedVec::truncate_from(vec![issue]),
            rule_set: Self::rule_version(),
        };
        for base in &request.bases {
            CertifiedBases::<T>::insert(base, request.scheme, id);
        }
        CertificateNumbers::<T>::insert(&number, id);
        Tallies::<T>::mutate(request.body, |tally| {
            tally.n_issued = tally.n_issued.saturating_add(1);
        });
        Self::deposit_event(Event::CertificateIssued {
            certificate: id,
            application: application_id,
            number,
            holder: application.client,
            body: request.body,
            scheme: request.scheme,
            valid_from,
            expires,
        });
        Certificates::<T>::insert(id, certificate);
        Ok(id)
    }
}

/// The code that a number begins with, if it begins with three digits.
fn leading_code(number: &CertificateNumber) -> Option<BodyCode> {
    number.first_chunk().copied().filter(|code: &BodyCode| code.iter().all(u8::is_ascii_digit))
}

/// The most that may be certified: area × ceiling × period × (1 + tolerance), rounded down.
///
/// `None` if that is beyond all numbers.
pub(crate) fn quantity_max(line: &ProductLine, ceiling: u64, scheme: &Scheme) -> Option<u128> {
    let product = u128::from(line.area_units)
        .checked_mul(ceiling.into())?
        .checked_mul(scheme.validity_months.into())?;
    let with_tolerance = BILLION.checked_add(scheme.tolerance_ppb.into())?;
    let divisor = AREA_UNITS_PER_MU.checked_mul(12)?;
    // (q · d + r) · t ÷ d = q · t + r · t ÷ d: smaller products than at once.
    let of_whole = (product / divisor).checked_mul(with_tolerance)?;
    let of_rest = (product % divisor).checked_mul(with_tolerance)? / divisor;
    Some(of_whole.checked_add(of_rest)? / BILLION)
}
