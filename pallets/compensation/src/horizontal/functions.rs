//! Agreements: proposing, signing, and who may act under them.

use super::{
    formula,
    types::{
        AgreementDetails, AgreementId, AgreementRules, AgreementStatus, AgreementTerms, CLASSES,
        CONCENTRATION_MAX, Formula, MicrogramsPerLitre, PendingRules, Section, VERSIONS_MAX,
    },
};
use crate::{
    AgreementVersions, Agreements, Commitment, Config, Digest, Due, DueKey, Dues, Error, Event,
    Fen, NextAgreementId, Pallet, PendingVersions, exact::ONE_PPB,
};
use codec::Encode;
use frame_support::{ensure, pallet_prelude::*};
use pallet_calendar::Moment;
use pallet_funds::PurposeFunds;
use pallet_participants::authority::{Authority, OrganisationId, Role};
use sp_io::hashing::sha2_256;
use sp_runtime::ArithmeticError;

/// Largest stability coefficient k₀, in parts per billion: ten.
const K0_PPB_MAX: u64 = 10_000_000_000;

impl<T: Config> Pallet<T> {
    /// The block's time in Unix time in milliseconds.
    pub(crate) fn now() -> Moment {
        use frame_support::traits::UnixTime;
        Moment::try_from(T::Time::now().as_millis()).unwrap_or(Moment::MAX)
    }

    pub(crate) fn ensure_stated(amount_fen: Fen, document: Commitment) -> Result<(), Error<T>> {
        ensure!(amount_fen > 0, Error::<T>::AmountZero);
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        Ok(())
    }

    /// Takes what was paid off what is due; returns whether it was late.
    pub(crate) fn settle_due(key: DueKey, paid_fen: Fen) -> bool {
        Dues::<T>::mutate_exists(key, |due| {
            let Some(Due { open_fen, due_at, .. }) = due else { return false };
            let late = Self::now() >= *due_at;
            *open_fen = open_fen.saturating_sub(paid_fen);
            if *open_fen == 0 {
                *due = None;
            }
            late
        })
    }

    pub(crate) fn agreement_of(id: AgreementId) -> Result<AgreementDetails, Error<T>> {
        Agreements::<T>::get(id).ok_or(Error::<T>::AgreementUnknown)
    }

    /// The agreement, in force.
    ///
    /// # Errors
    /// [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`].
    pub(crate) fn agreement_in_force(id: AgreementId) -> Result<AgreementDetails, Error<T>> {
        let details = Self::agreement_of(id)?;
        let in_force = details.status == AgreementStatus::InForce;
        ensure!(in_force, Error::<T>::AgreementNotInForce);
        Ok(details)
    }

    /// The index of the party that `agent` acts for as its government.
    ///
    /// # Errors
    /// Those of the role check for [`Role::GovParty`]; [`Error::NotAParty`].
    pub(crate) fn party_of(
        agent: &T::AccountId,
        terms: &AgreementTerms,
    ) -> Result<u8, DispatchError> {
        let organisation = T::Authority::ensure_role(agent, Role::GovParty, None, None)?;
        let index = terms.parties.iter().position(|party| *party == organisation);
        let index = index.ok_or(Error::<T>::NotAParty)?;
        Ok(u8::try_from(index).map_err(|_| Error::<T>::NotAParty)?)
    }

    /// The organisation of the party with this index.
    pub(crate) fn party(terms: &AgreementTerms, index: u8) -> Result<OrganisationId, Error<T>> {
        terms.parties.get(usize::from(index)).copied().ok_or(Error::<T>::NotAParty)
    }

    /// Checks that `agent` acts for the common superior.
    ///
    /// # Errors
    /// Those of the role check for [`Role::GovParty`]; [`Error::NotTheSuperior`].
    pub(crate) fn ensure_superior(agent: &T::AccountId, terms: &AgreementTerms) -> DispatchResult {
        let organisation = T::Authority::ensure_role(agent, Role::GovParty, None, None)?;
        ensure!(organisation == terms.superior, Error::<T>::NotTheSuperior);
        Ok(())
    }

    /// Version and rules that apply to a year.
    ///
    /// # Errors
    /// [`Error::YearMismatch`].
    pub(crate) fn rules_of(
        id: AgreementId,
        details: &AgreementDetails,
        year: u16,
    ) -> Result<(u32, AgreementRules), Error<T>> {
        let in_term = (details.terms.first_year..=details.terms.last_year).contains(&year);
        ensure!(in_term, Error::<T>::YearMismatch);
        (1..=details.version)
            .rev()
            .filter_map(|version| {
                AgreementVersions::<T>::get(id, version).map(|rules| (version, rules))
            })
            .find(|(_, rules)| rules.from_year <= year)
            .ok_or(Error::<T>::YearMismatch)
    }

    /// Proposes an agreement and signs it for the caller's government.
    ///
    /// # Errors
    /// [`Error::PartiesInvalid`], [`Error::SuperiorNotCommon`],
    /// [`Error::AgreementTermsInvalid`], those of [`Self::party_of`] and of
    /// [`Self::check_rules`].
    pub(crate) fn do_propose_agreement(
        agent: &T::AccountId,
        terms: AgreementTerms,
        rules: AgreementRules,
    ) -> Result<AgreementId, DispatchError> {
        let party = Self::party_of(agent, &terms)?;
        let distinct = terms.parties.iter().enumerate().all(|(n, id)| {
            !terms.parties.iter().take(n).any(|other| other == id)
                && T::Authority::holds_role(*id, Role::GovParty)
        });
        ensure!(distinct && terms.parties.len() >= 2, Error::<T>::PartiesInvalid);
        let superior =
            T::Authority::organisation(terms.superior).ok_or(Error::<T>::SuperiorNotCommon)?;
        let above_all = !terms.parties.contains(&terms.superior)
            && terms.parties.iter().all(|id| {
                T::Authority::organisation(*id)
                    .is_some_and(|party| superior.region.covers(party.region))
            });
        ensure!(above_all, Error::<T>::SuperiorNotCommon);
        let years = 2_000..=9_998;
        let stated = years.contains(&terms.first_year)
            && years.contains(&terms.last_year)
            && terms.first_year <= terms.last_year
            && terms.pay_term.is_valid()
            && terms.text != Digest::default()
            && terms.cap_fen > 0
            && T::Authority::organisation(terms.national_station).is_some();
        ensure!(stated, Error::<T>::AgreementTermsInvalid);
        ensure!(rules.from_year == terms.first_year, Error::<T>::YearMismatch);
        Self::check_rules(&terms, &rules)?;

        let id = NextAgreementId::<T>::get();
        NextAgreementId::<T>::put(id.checked_add(1).ok_or(ArithmeticError::Overflow)?);
        let hash = sha2_256(&(&terms, &rules).encode());
        let signed = bit(party);
        PendingVersions::<T>::insert(id, PendingRules { rules, hash, signed });
        let details = AgreementDetails {
            terms,
            version: 0,
            sampled_year: None,
            programme: None,
            status: AgreementStatus::Negotiating,
        };
        Agreements::<T>::insert(id, details);
        Self::deposit_event(Event::RulesProposed { agreement: id, version: 1, hash, party });
        Ok(id)
    }

    /// Proposes the next version of the rules and signs it for the caller's government; what was
    /// proposed before and not signed by all is dropped.
    ///
    /// # Errors
    /// [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::TooManyVersions`],
    /// [`Error::YearMismatch`], those of [`Self::party_of`] and of [`Self::check_rules`].
    pub(crate) fn do_propose_rules(
        agent: &T::AccountId,
        id: AgreementId,
        rules: AgreementRules,
    ) -> DispatchResult {
        let details = Self::agreement_in_force(id)?;
        let party = Self::party_of(agent, &details.terms)?;
        ensure!(details.version < VERSIONS_MAX, Error::<T>::TooManyVersions);
        Self::ensure_new_year(id, &details, &rules)?;
        Self::check_rules(&details.terms, &rules)?;
        let hash = sha2_256(&(&details.terms, &rules).encode());
        let signed = bit(party);
        PendingVersions::<T>::insert(id, PendingRules { rules, hash, signed });
        let version = details.version.saturating_add(1);
        Self::deposit_event(Event::RulesProposed { agreement: id, version, hash, party });
        Ok(())
    }

    /// Checks that rules begin in a year of the term that no sample has been taken in, after the
    /// version before.
    fn ensure_new_year(
        id: AgreementId,
        details: &AgreementDetails,
        rules: &AgreementRules,
    ) -> Result<(), Error<T>> {
        let latest_year = AgreementVersions::<T>::get(id, details.version)
            .map_or(0, |latest| latest.from_year)
            .max(details.sampled_year.unwrap_or_default());
        let new = rules.from_year > latest_year && rules.from_year <= details.terms.last_year;
        ensure!(new, Error::<T>::YearMismatch);
        Ok(())
    }

    /// Signs the proposed rules for the caller's government; with the last signature they hold.
    ///
    /// # Errors
    /// [`Error::AgreementUnknown`], [`Error::NothingProposed`], [`Error::HashMismatch`],
    /// [`Error::AlreadySigned`], [`Error::YearMismatch`], those of [`Self::party_of`] and of the
    /// funds.
    pub(crate) fn do_sign_rules(
        agent: &T::AccountId,
        id: AgreementId,
        hash: Digest,
    ) -> DispatchResult {
        let mut details = Self::agreement_of(id)?;
        let party = Self::party_of(agent, &details.terms)?;
        let mut pending = PendingVersions::<T>::get(id).ok_or(Error::<T>::NothingProposed)?;
        ensure!(pending.hash == hash, Error::<T>::HashMismatch);
        ensure!(pending.signed & bit(party) == 0, Error::<T>::AlreadySigned);
        pending.signed |= bit(party);
        Self::deposit_event(Event::RulesSigned { agreement: id, hash, party });
        if pending.signed != all(&details.terms) {
            PendingVersions::<T>::insert(id, pending);
            return Ok(());
        }
        if details.version > 0 {
            // Samples may have been taken since it was proposed.
            Self::ensure_new_year(id, &details, &pending.rules)?;
        }
        details.version = details.version.saturating_add(1);
        if details.programme.is_none() {
            let code = details.terms.code.clone();
            details.programme = Some(T::Funds::open_programme(&details.terms.parties, code)?);
        }
        details.status = AgreementStatus::InForce;
        PendingVersions::<T>::remove(id);
        AgreementVersions::<T>::insert(id, details.version, pending.rules);
        let version = details.version;
        Agreements::<T>::insert(id, details);
        Self::deposit_event(Event::RulesInForce { agreement: id, version, hash });
        Ok(())
    }

    /// Checks rules against the terms of their agreement.
    ///
    /// # Errors
    /// [`Error::SectionInvalid`], [`Error::BaseZero`], [`Error::ConcentrationOutOfRange`],
    /// [`Error::WeightsNotOne`], [`Error::ClassTableInvalid`], [`Error::RulesInvalid`], and those
    /// of [`Self::check_formula`].
    pub(crate) fn check_rules(
        terms: &AgreementTerms,
        rules: &AgreementRules,
    ) -> Result<(), Error<T>> {
        let plausible = rules.missing_months_max < 12 && rules.tolerance_ppb <= ONE_PPB;
        ensure!(plausible, Error::<T>::RulesInvalid);
        ensure!(!rules.sections.is_empty(), Error::<T>::SectionInvalid);
        for section in &rules.sections {
            Self::check_section(terms, section)?;
        }
        Self::check_formula(terms, rules)
    }

    fn check_section(terms: &AgreementTerms, section: &Section) -> Result<(), Error<T>> {
        let [up, down] = section.stations;
        let sides = section.upstream != section.downstream
            && Self::party(terms, section.upstream).is_ok()
            && Self::party(terms, section.downstream).is_ok()
            && up != down
            && section.stations.iter().all(|id| T::Authority::organisation(*id).is_some());
        let once = section.indicators.is_sorted_by(|a, b| a.indicator < b.indicator)
            && !section.indicators.is_empty();
        ensure!(sides && once, Error::<T>::SectionInvalid);
        let mut weights: u128 = 0;
        for rule in &section.indicators {
            ensure!(rule.base.0 > 0, Error::<T>::BaseZero);
            let in_range = rule.base.0 <= CONCENTRATION_MAX;
            ensure!(in_range, Error::<T>::ConcentrationOutOfRange);
            weights = weights.saturating_add(rule.weight_ppb.into());
            if let Some(limits) = &rule.class_limits {
                let ascending = limits.is_sorted_by(|a, b| a < b)
                    && limits.first().is_some_and(|limit| limit.0 > 0)
                    && limits.last().is_some_and(|limit| limit.0 <= CONCENTRATION_MAX);
                ensure!(ascending, Error::<T>::ClassTableInvalid);
            }
        }
        ensure!(weights == u128::from(ONE_PPB), Error::<T>::WeightsNotOne);
        Ok(())
    }

    /// Checks the formula of rules.
    ///
    /// # Errors
    /// [`Error::SectionUnknown`], [`Error::LadderInvalid`], [`Error::PayerIsPayee`],
    /// [`Error::ClassOutsideTable`], [`Error::ClassTableMissing`], [`Error::RatiosInvalid`],
    /// [`Error::NotAParty`], [`Error::CapExceeded`].
    fn check_formula(terms: &AgreementTerms, rules: &AgreementRules) -> Result<(), Error<T>> {
        let section =
            |index: u8| rules.sections.get(usize::from(index)).ok_or(Error::<T>::SectionUnknown);
        let ratios =
            |of: &[u32]| of.len() == terms.parties.len() && of.iter().any(|ratio| *ratio > 0);
        match &rules.formula {
            Formula::WeightedIndex { section: index, k0_ppb, steps } => {
                section(*index)?;
                let ladder = (1..=K0_PPB_MAX).contains(k0_ppb)
                    && steps.is_sorted_by(|a, b| a.up_to_ppb < b.up_to_ppb)
                    && steps.last().is_some_and(|step| step.up_to_ppb == u64::MAX);
                ensure!(ladder, Error::<T>::LadderInvalid);
                for step in steps {
                    ensure!(step.payer != step.payee, Error::<T>::PayerIsPayee);
                    Self::party(terms, step.payer)?;
                    Self::party(terms, step.payee)?;
                }
            }
            Formula::ClassAndChange { section: index, basis_class, .. } => {
                ensure!(CLASSES.contains(basis_class), Error::<T>::ClassOutsideTable);
                let tables =
                    section(*index)?.indicators.iter().all(|rule| rule.class_limits.is_some());
                ensure!(tables, Error::<T>::ClassTableMissing);
            }
            Formula::Pool { contribution, distribution, failures, .. } => {
                let valid = ratios(contribution) && ratios(distribution);
                ensure!(valid, Error::<T>::RatiosInvalid);
                for rule in failures {
                    section(rule.section)?;
                    let valid = ratios(&rule.to) && rule.share_ppb <= ONE_PPB;
                    ensure!(valid, Error::<T>::RatiosInvalid);
                    let own = rule.to.get(usize::from(rule.from)).ok_or(Error::<T>::NotAParty)?;
                    ensure!(*own == 0, Error::<T>::PayerIsPayee);
                }
            }
        }
        let most = formula::most_paid(&rules.formula).map_err(Error::<T>::from)?;
        ensure!(most <= terms.cap_fen.into(), Error::<T>::CapExceeded);
        Ok(())
    }

    /// Checks what a station measured against what the section measures.
    ///
    /// # Errors
    /// [`Error::ReadingIncomplete`], [`Error::ConcentrationOutOfRange`].
    pub(crate) fn check_reading(
        section: &Section,
        reading: &[MicrogramsPerLitre],
    ) -> Result<(), Error<T>> {
        ensure!(reading.len() == section.indicators.len(), Error::<T>::ReadingIncomplete);
        let in_range = reading.iter().all(|value| value.0 <= CONCENTRATION_MAX);
        ensure!(in_range, Error::<T>::ConcentrationOutOfRange);
        Ok(())
    }
}

/// The bit of a party in a set.
pub(crate) fn bit(party: u8) -> u8 {
    1u8.checked_shl(party.into()).unwrap_or_default()
}

/// The set of all parties.
pub(crate) fn all(terms: &AgreementTerms) -> u8 {
    (0u8..).zip(&terms.parties).fold(0, |set, (party, _)| set | bit(party))
}
