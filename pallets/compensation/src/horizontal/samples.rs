//! Joint monthly samples, and the year's results.

use super::types::{
    AgreementDetails, AgreementId, AgreementRules, Half, Mean, Means, MicrogramsPerLitre, Reading,
    Sample, SampleKey, SampleStatus, Section, SettlementStatus,
};
use crate::{
    Agreements, Commitment, Config, Error, Event, Incidents, Pallet, Samples, Settlements,
    exact::ONE_PPB,
};
use alloc::vec::Vec;
use frame_support::{BoundedVec, ensure, pallet_prelude::*};
use pallet_calendar::CivilDate;
use pallet_participants::authority::{Authority, Role};

impl<T: Config> Pallet<T> {
    /// Checks that the settlement of a year can still change.
    ///
    /// # Errors
    /// [`Error::SettlementFinal`].
    pub(crate) fn ensure_year_open(id: AgreementId, year: u16) -> Result<(), Error<T>> {
        let open = Settlements::<T>::get(id, year).is_none_or(|settlement| {
            matches!(
                settlement.status,
                SettlementStatus::Computed { .. } | SettlementStatus::Disputed
            )
        });
        ensure!(open, Error::<T>::SettlementFinal);
        Ok(())
    }

    /// Makes a computed settlement of the year wait for another computation.
    fn unsettle(id: AgreementId, year: u16) {
        Settlements::<T>::mutate(id, year, |settlement| {
            if let Some(settlement) = settlement {
                settlement.status = SettlementStatus::Disputed;
            }
        });
    }

    /// The agreement, and the section that a sample is of.
    ///
    /// # Errors
    /// [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::YearMismatch`],
    /// [`Error::SectionUnknown`], [`Error::MonthInvalid`], [`Error::SettlementFinal`].
    fn sampled_section(
        id: AgreementId,
        (year, index, month): SampleKey,
    ) -> Result<(AgreementDetails, AgreementRules, Section), Error<T>> {
        let details = Self::agreement_in_force(id)?;
        let (_, rules) = Self::rules_of(id, &details, year)?;
        let section =
            rules.sections.get(usize::from(index)).cloned().ok_or(Error::<T>::SectionUnknown)?;
        ensure!((1..=12).contains(&month), Error::<T>::MonthInvalid);
        Self::ensure_year_open(id, year)?;
        Ok((details, rules, section))
    }

    /// Records one side's half of a sample; with the other's, what stands for the month.
    ///
    /// # Errors
    /// Those of [`Self::sampled_section`] and of the role check for [`Role::MonitorStation`];
    /// [`Error::StationNotInAgreement`], [`Error::CommitmentMissing`], [`Error::MonthInFuture`],
    /// [`Error::DuplicateSample`], [`Error::SampleClosed`], and those of [`Self::check_reading`].
    pub(crate) fn do_submit_sample(
        agent: &T::AccountId,
        id: AgreementId,
        key: SampleKey,
        reading: Reading,
        document: Commitment,
    ) -> DispatchResult {
        let (mut details, rules, section) = Self::sampled_section(id, key)?;
        let (year, _, month) = key;
        let station = T::Authority::ensure_role(agent, Role::MonitorStation, None, None)?;
        let side = section
            .stations
            .iter()
            .position(|id| *id == station)
            .ok_or(Error::<T>::StationNotInAgreement)?;
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        let begun =
            CivilDate::from_ymd(year, month, 1).is_some_and(|day| day.start() <= Self::now());
        ensure!(begun, Error::<T>::MonthInFuture);
        Self::check_reading(&section, &reading)?;
        let mut sample = Samples::<T>::get(id, key)
            .unwrap_or(Sample { halves: [None, None], status: SampleStatus::OneHalf });
        let half = sample.halves.get_mut(side).ok_or(Error::<T>::StationNotInAgreement)?;
        ensure!(half.is_none(), Error::<T>::DuplicateSample);
        ensure!(sample.status == SampleStatus::OneHalf, Error::<T>::SampleClosed);
        *half = Some(Half { reading, document });
        if let [Some(upstream), Some(downstream)] = &sample.halves {
            sample.status = joint(&upstream.reading, &downstream.reading, rules.tolerance_ppb);
        }
        if details.sampled_year.is_none_or(|sampled| sampled < year) {
            details.sampled_year = Some(year);
            Agreements::<T>::insert(id, details);
        }
        let status = sample.status.clone();
        Samples::<T>::insert(id, key, sample);
        Self::unsettle(id, year);
        Self::deposit_event(Event::SampleSubmitted { agreement: id, key, station, status });
        Ok(())
    }

    /// Disputes what stands for a month, for the caller's government.
    ///
    /// # Errors
    /// Those of [`Self::sampled_section`] and of [`Self::party_of`]; [`Error::SampleUnknown`],
    /// [`Error::SampleClosed`], [`Error::CommitmentMissing`].
    pub(crate) fn do_dispute_sample(
        agent: &T::AccountId,
        id: AgreementId,
        key: SampleKey,
        document: Commitment,
    ) -> DispatchResult {
        let (details, ..) = Self::sampled_section(id, key)?;
        let party = Self::party_of(agent, &details.terms)?;
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        let mut sample = Samples::<T>::get(id, key).ok_or(Error::<T>::SampleUnknown)?;
        let agreed = matches!(sample.status, SampleStatus::Agreed(_));
        ensure!(agreed, Error::<T>::SampleClosed);
        sample.status = SampleStatus::Disputed;
        Samples::<T>::insert(id, key, sample);
        Self::unsettle(id, key.0);
        Self::deposit_event(Event::SampleDisputed { agreement: id, key, party, document });
        Ok(())
    }

    /// Records the national station's value, which stands.
    ///
    /// # Errors
    /// Those of [`Self::sampled_section`] and of the role check for [`Role::MonitorStation`];
    /// [`Error::NotTheNationalStation`], [`Error::CommitmentMissing`], [`Error::SampleUnknown`],
    /// [`Error::SampleClosed`], and those of [`Self::check_reading`].
    pub(crate) fn do_decide_sample(
        agent: &T::AccountId,
        id: AgreementId,
        key: SampleKey,
        reading: Reading,
        document: Commitment,
    ) -> DispatchResult {
        let (details, _, section) = Self::sampled_section(id, key)?;
        let station = T::Authority::ensure_role(agent, Role::MonitorStation, None, None)?;
        let national = station == details.terms.national_station;
        ensure!(national, Error::<T>::NotTheNationalStation);
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        Self::check_reading(&section, &reading)?;
        let mut sample = Samples::<T>::get(id, key).ok_or(Error::<T>::SampleUnknown)?;
        let open = matches!(sample.status, SampleStatus::Disputed | SampleStatus::OneHalf);
        ensure!(open, Error::<T>::SampleClosed);
        sample.status = SampleStatus::Decided(reading);
        let status = sample.status.clone();
        Samples::<T>::insert(id, key, sample);
        Self::unsettle(id, key.0);
        Self::deposit_event(Event::SampleSubmitted { agreement: id, key, station, status });
        Ok(())
    }

    /// Leaves a month of a section out because of a natural disaster.
    ///
    /// # Errors
    /// Those of [`Self::sampled_section`] and of [`Self::ensure_superior`];
    /// [`Error::NoDisasterClause`], [`Error::CommitmentMissing`].
    pub(crate) fn do_exempt_month(
        agent: &T::AccountId,
        id: AgreementId,
        key: SampleKey,
        document: Commitment,
    ) -> DispatchResult {
        let (details, rules, _) = Self::sampled_section(id, key)?;
        Self::ensure_superior(agent, &details.terms)?;
        ensure!(rules.disaster_exempts, Error::<T>::NoDisasterClause);
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        Samples::<T>::mutate(id, key, |sample| {
            let halves = sample.take().map_or([None, None], |sample| sample.halves);
            *sample = Some(Sample { halves, status: SampleStatus::Exempt });
        });
        Self::unsettle(id, key.0);
        Self::deposit_event(Event::MonthExempted { agreement: id, key, document });
        Ok(())
    }

    /// Marks a major pollution incident attributable upstream.
    ///
    /// # Errors
    /// Those of [`Self::sampled_section`] and of [`Self::ensure_superior`];
    /// [`Error::NoIncidentClause`], [`Error::CommitmentMissing`].
    pub(crate) fn do_mark_incident(
        agent: &T::AccountId,
        id: AgreementId,
        year: u16,
        section: u8,
        document: Commitment,
    ) -> DispatchResult {
        let (details, rules, _) = Self::sampled_section(id, (year, section, 1))?;
        Self::ensure_superior(agent, &details.terms)?;
        ensure!(rules.incident_fails, Error::<T>::NoIncidentClause);
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        let of_section = 1u16.checked_shl(section.into()).unwrap_or_default();
        Incidents::<T>::mutate(id, year, |set| *set = Some(set.unwrap_or_default() | of_section));
        Self::unsettle(id, year);
        Self::deposit_event(Event::IncidentMarked { agreement: id, year, section, document });
        Ok(())
    }

    /// Annual means of all sections.
    ///
    /// A month that only one side sampled counts as missing; one left out for a disaster does not.
    ///
    /// # Errors
    /// [`Error::SampleInDispute`], [`Error::TooManyMonthsMissing`].
    pub(crate) fn annual_means(
        id: AgreementId,
        rules: &AgreementRules,
        year: u16,
    ) -> Result<Means, Error<T>> {
        (0u8..)
            .zip(&rules.sections)
            .map(|(index, section)| {
                let mut sums: Vec<u64> = section.indicators.iter().map(|_| 0).collect();
                let (mut months, mut missing) = (0u8, 0u8);
                for month in 1..=12 {
                    match Samples::<T>::get(id, (year, index, month)).map(|it| it.status) {
                        Some(SampleStatus::Agreed(reading) | SampleStatus::Decided(reading)) => {
                            months = months.saturating_add(1);
                            for (sum, value) in sums.iter_mut().zip(&reading) {
                                *sum = sum.saturating_add(value.0);
                            }
                        }
                        Some(SampleStatus::Disputed) => {
                            return Err(Error::<T>::SampleInDispute);
                        }
                        Some(SampleStatus::Exempt) => (),
                        Some(SampleStatus::OneHalf) | None => missing = missing.saturating_add(1),
                    }
                }
                let enough = missing <= rules.missing_months_max && months > 0;
                ensure!(enough, Error::<T>::TooManyMonthsMissing);
                Ok(sums.into_iter().map(|sum| Mean { sum, months }).collect())
            })
            .collect()
    }

    /// Means that a year's are compared with: of the year before under the same rules, or the base
    /// values in the first year of the rules.
    ///
    /// # Errors
    /// Those of [`Self::annual_means`].
    pub(crate) fn means_before(
        id: AgreementId,
        rules: &AgreementRules,
        year: u16,
    ) -> Result<Means, Error<T>> {
        if year > rules.from_year {
            return Self::annual_means(id, rules, year.saturating_sub(1));
        }
        let base = |section: &Section| {
            section.indicators.iter().map(|rule| Mean { sum: rule.base.0, months: 1 }).collect()
        };
        Ok(rules.sections.iter().map(base).collect())
    }
}

/// What stands for two halves of a sample: their mean if every value agrees within the tolerance.
fn joint(upstream: &Reading, downstream: &Reading, tolerance_ppb: u64) -> SampleStatus {
    let agree = |(a, b): (&MicrogramsPerLitre, &MicrogramsPerLitre)| {
        let difference = u128::from(a.0.abs_diff(b.0));
        let larger = u128::from(a.0.max(b.0));
        // Both sides are below 10⁹ · 10⁹.
        difference.saturating_mul(ONE_PPB.into()) <= larger.saturating_mul(tolerance_ppb.into())
    };
    if !upstream.iter().zip(downstream).all(agree) {
        return SampleStatus::Disputed;
    }
    let mean = |(a, b): (&MicrogramsPerLitre, &MicrogramsPerLitre)| {
        MicrogramsPerLitre(a.0.saturating_add(b.0).div_ceil(2))
    };
    let means: Vec<_> = upstream.iter().zip(downstream).map(mean).collect();
    SampleStatus::Agreed(BoundedVec::truncate_from(means))
}
