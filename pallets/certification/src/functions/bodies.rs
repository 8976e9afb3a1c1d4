//! Approvals, accreditations, and certifiers.

use crate::{
    Accreditation, Accreditations, ApprovalTerms, Approvals, BodyCodes, BodyKind, CertBodyApproval,
    Certifier, Certifiers, CertifiersByAgent, Config, Error, Event, Pallet, Period, PersonId,
    Scope, Standing, StandingChange, Standings, Tallies, Text, is_valid_text,
};
use frame_support::ensure;
use pallet_calendar::CivilDate;
use pallet_participants::{Authority, OrganisationId, Role};
use pallet_traceability::Commitment;
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::approve_body`].
    pub(crate) fn do_approve_body(
        who: &T::AccountId,
        organisation: OrganisationId,
        terms: ApprovalTerms,
        head: T::AccountId,
    ) -> DispatchResult {
        let authority = T::Authority::ensure_role(who, Role::Cnca, None, None)?;
        ensure!(is_valid_text(&terms.number), Error::<T>::TextInvalid);
        Self::check_terms(&terms.scope, terms.period)?;
        let code = terms.code().ok_or(Error::<T>::ApprovalNumberInvalid)?;
        // An office that may not certify has no such role.
        let is_body = T::Authority::holds_role(organisation, Role::CertBody)
            || terms.kind == BodyKind::ForeignOffice;
        ensure!(is_body, Error::<T>::NotACertificationBody);
        let of_body = T::Authority::organisation_of(&head) == Ok(organisation);
        ensure!(of_body, Error::<T>::NotOfTheBody);
        let head = T::Authority::first_key(&head);
        let taken = BodyCodes::<T>::get(code).is_some_and(|owner| owner != organisation);
        ensure!(!taken, Error::<T>::BodyCodeTaken);
        let standings = match Approvals::<T>::get(organisation) {
            Some(known) if known.standing() != Standing::Withdrawn => {
                // What was certified under a number and code stays attributable.
                let same = known.terms.number == terms.number && known.code == code;
                ensure!(same, Error::<T>::ApprovalNumberInvalid);
                known.standings
            }
            Some(known) => Self::with_standing(known.standings, Standing::InForce, [0; 32])?,
            None => Self::with_standing(Standings::new(), Standing::InForce, [0; 32])?,
        };
        BodyCodes::<T>::insert(code, organisation);
        let number = terms.number.clone();
        Approvals::<T>::insert(
            organisation,
            CertBodyApproval { terms, code, head, standings, approved_by: authority },
        );
        Self::deposit_event(Event::BodyApproved { body: organisation, number, code });
        Ok(())
    }

    /// See [`crate::Call::set_body_standing`].
    pub(crate) fn do_set_body_standing(
        who: &T::AccountId,
        organisation: OrganisationId,
        standing: Standing,
        document: Commitment,
    ) -> DispatchResult {
        T::Authority::ensure_role(who, Role::Cnca, None, None)?;
        Self::ensure_commitment(&document)?;
        let mut approval = Approvals::<T>::get(organisation).ok_or(Error::<T>::BodyNotApproved)?;
        approval.standings = Self::changed(approval.standings, standing, document)?;
        Approvals::<T>::insert(organisation, approval);
        Self::deposit_event(Event::BodyStandingChanged { body: organisation, standing, document });
        Ok(())
    }

    /// See [`crate::Call::accredit`].
    pub(crate) fn do_accredit(
        who: &T::AccountId,
        organisation: OrganisationId,
        number: Text,
        scope: Scope,
        period: Period,
    ) -> DispatchResult {
        let accreditor = T::Authority::ensure_role(who, Role::AccredBody, None, None)?;
        ensure!(is_valid_text(&number), Error::<T>::TextInvalid);
        Self::check_terms(&scope, period)?;
        let eligible = T::Authority::holds_role(organisation, Role::CertBody)
            || T::Authority::holds_role(organisation, Role::Lab);
        ensure!(eligible, Error::<T>::NotAccreditable);
        ensure!(organisation != accreditor, Error::<T>::NotIndependent);
        let standings = match Accreditations::<T>::get(organisation) {
            Some(known) if known.standing() != Standing::Withdrawn => known.standings,
            Some(known) => Self::with_standing(known.standings, Standing::InForce, [0; 32])?,
            None => Self::with_standing(Standings::new(), Standing::InForce, [0; 32])?,
        };
        Accreditations::<T>::insert(
            organisation,
            Accreditation {
                number: number.clone(),
                scope,
                period,
                standings,
                accredited_by: accreditor,
            },
        );
        Self::deposit_event(Event::Accredited { organisation, number, accreditor });
        Ok(())
    }

    /// See [`crate::Call::set_accreditation_standing`].
    pub(crate) fn do_set_accreditation_standing(
        who: &T::AccountId,
        organisation: OrganisationId,
        standing: Standing,
        document: Commitment,
    ) -> DispatchResult {
        T::Authority::ensure_role(who, Role::AccredBody, None, None)?;
        Self::ensure_commitment(&document)?;
        let mut accreditation =
            Accreditations::<T>::get(organisation).ok_or(Error::<T>::NotAccredited)?;
        accreditation.standings = Self::changed(accreditation.standings, standing, document)?;
        Accreditations::<T>::insert(organisation, accreditation);
        Self::deposit_event(Event::AccreditationStandingChanged {
            organisation,
            standing,
            document,
        });
        Ok(())
    }

    /// See [`crate::Call::register_certifier`].
    pub(crate) fn do_register_certifier(
        who: &T::AccountId,
        person: PersonId,
        agent: T::AccountId,
    ) -> DispatchResult {
        let body = T::Authority::ensure_role(who, Role::CertBody, None, None)?;
        Self::ensure_commitment(&person)?;
        let approved = Approvals::<T>::get(body)
            .is_some_and(|approval| approval.terms.kind != BodyKind::ForeignOffice);
        ensure!(approved, Error::<T>::BodyNotApproved);
        let of_body = T::Authority::organisation_of(&agent) == Ok(body);
        ensure!(of_body, Error::<T>::NotOfTheBody);
        let known = Certifiers::<T>::get(person);
        if let Some(certifier) = &known {
            ensure!(certifier.practice.is_none(), Error::<T>::CertifierWithABody);
            ensure!(!certifier.is_barred(Self::now()), Error::<T>::PersonBarred);
        }
        let first_key = T::Authority::first_key(&agent);
        let free = !CertifiersByAgent::<T>::contains_key(&first_key);
        ensure!(free, Error::<T>::AgentIsACertifier);
        let barred_until = known.and_then(|certifier| certifier.barred_until);
        let practice = Some((body, first_key.clone()));
        Certifiers::<T>::insert(person, Certifier { practice, barred_until });
        CertifiersByAgent::<T>::insert(&first_key, person);
        Tallies::<T>::mutate(body, |tally| {
            tally.n_certifiers = tally.n_certifiers.saturating_add(1);
        });
        Self::deposit_event(Event::CertifierRegistered { person, body, agent });
        Ok(())
    }

    /// See [`crate::Call::release_certifier`].
    pub(crate) fn do_release_certifier(who: &T::AccountId, person: PersonId) -> DispatchResult {
        let body = T::Authority::ensure_role(who, Role::CertBody, None, None)?;
        let certifier = Certifiers::<T>::get(person).ok_or(Error::<T>::NotCertifier)?;
        let own = certifier.practice.as_ref().is_some_and(|(of, _)| *of == body);
        ensure!(own, Error::<T>::NotCertifier);
        Self::end_practice(person, certifier);
        Ok(())
    }

    /// See [`crate::Call::bar_person`].
    pub(crate) fn do_bar_person(
        who: &T::AccountId,
        person: PersonId,
        until: CivilDate,
        document: Commitment,
    ) -> DispatchResult {
        T::Authority::ensure_role(who, Role::Cnca, None, None)?;
        Self::ensure_commitment(&person)?;
        Self::ensure_commitment(&document)?;
        let certifier = Certifiers::<T>::get(person)
            .unwrap_or(Certifier { practice: None, barred_until: None });
        // A bar is not shortened by another one.
        let longer = until > Self::today()
            && certifier.barred_until.is_none_or(|barred_until| barred_until < until);
        ensure!(longer && until <= CivilDate::MAX, Error::<T>::PeriodInvalid);
        let barred = Certifier { barred_until: Some(until), ..certifier };
        if barred.practice.is_some() {
            Self::end_practice(person, barred);
        } else {
            Certifiers::<T>::insert(person, barred);
        }
        Self::deposit_event(Event::PersonBarred { person, until, document });
        Ok(())
    }

    /// Takes a certifier from the body that he practises with.
    fn end_practice(person: PersonId, mut certifier: Certifier<T::AccountId>) {
        if let Some((body, agent)) = certifier.practice.take() {
            CertifiersByAgent::<T>::remove(&agent);
            Tallies::<T>::mutate(body, |tally| {
                tally.n_certifiers = tally.n_certifiers.saturating_sub(1);
            });
            Self::deposit_event(Event::CertifierReleased { person, body });
        }
        Certifiers::<T>::insert(person, certifier);
    }

    /// The scope is well formed, and the period is neither empty nor over.
    fn check_terms(scope: &Scope, period: Period) -> DispatchResult {
        ensure!(scope.is_valid(), Error::<T>::ScopeInvalid);
        for scheme in &scope.schemes {
            ensure!(crate::Schemes::<T>::contains_key(scheme), Error::<T>::SchemeNotFound);
        }
        let valid = period.from <= period.until
            && period.until >= Self::today()
            && period.until <= CivilDate::MAX;
        ensure!(valid, Error::<T>::PeriodInvalid);
        Ok(())
    }

    /// `standings` with another one added, if it may follow the last.
    fn changed(
        standings: Standings,
        standing: Standing,
        document: Commitment,
    ) -> Result<Standings, DispatchError> {
        let last = standings.last().map(|change| change.standing);
        let may_follow = last != Some(Standing::Withdrawn) && last != Some(standing);
        ensure!(may_follow, Error::<T>::StandingUnchanged);
        // The last place is kept for the withdrawal.
        let full = standings.len().saturating_add(1) >= Standings::bound();
        ensure!(standing == Standing::Withdrawn || !full, Error::<T>::TooManyChanges);
        Self::with_standing(standings, standing, document)
    }

    fn with_standing(
        mut standings: Standings,
        standing: Standing,
        document: Commitment,
    ) -> Result<Standings, DispatchError> {
        standings
            .try_push(StandingChange { at: Self::now(), standing, document })
            .map_err(|_| Error::<T>::TooManyChanges)?;
        Ok(standings)
    }
}
