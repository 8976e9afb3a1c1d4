//! The rules behind the calls of vertical compensation.

use super::{
    score,
    types::{
        Allocation, AllocationInfo, AllocationStatus, COEFFICIENT_PPB_MAX, CountyData, Form, Grade,
        HOLDERS_MAX, NewPolicy, Outcome, PolicyDetails, PolicyId, PolicyStatus, Unit,
    },
};
use crate::{
    Allocations, Commitment, Config, Counties, CurrentRuleSet, Digest, Due, DueKey, Dues, Error,
    Event, Fault, Fen, NextPolicyId, Pallet, PerformanceTable, Policies, RuleSets,
    exact::{self, ONE_PPB},
};
use alloc::vec::Vec;
use codec::Encode;
use frame_support::{BoundedVec, ensure, pallet_prelude::*};
use pallet_calendar::Calendar;
use pallet_funds::{Holder, PurposeFunds, TagKey};
use pallet_participants::authority::{Authority, OrganisationId, Role};
use sp_io::hashing::sha2_256;
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
    /// The policy, for an agent of its finance department.
    ///
    /// # Errors
    /// [`Error::PolicyUnknown`], those of the role check for [`Role::Treasury`],
    /// [`Error::NotThePolicysTreasury`].
    fn own_policy(agent: &T::AccountId, id: PolicyId) -> Result<PolicyDetails, DispatchError> {
        let policy = Policies::<T>::get(id).ok_or(Error::<T>::PolicyUnknown)?;
        let treasury = T::Authority::ensure_role(agent, Role::Treasury, None, None)?;
        ensure!(policy.treasury == treasury, Error::<T>::NotThePolicysTreasury);
        Ok(policy)
    }

    fn allocation_of(id: PolicyId, county: OrganisationId) -> Result<Allocation, Error<T>> {
        Allocations::<T>::get(id, county).ok_or(Error::<T>::CountyUnknown)
    }

    /// The tag of a county's money under a policy.
    fn county_tag(policy: &PolicyDetails, county: OrganisationId) -> TagKey {
        (policy.programme, county)
    }

    /// Sets the table for policies that are created from here on; returns its version.
    ///
    /// # Errors
    /// [`Error::PerformanceTableInvalid`].
    pub(crate) fn do_set_performance_table(table: PerformanceTable) -> Result<u32, DispatchError> {
        let bounded = table.iter().all(|ppb| ppb.unsigned_abs() <= ONE_PPB);
        let descends = table.is_sorted_by(|a, b| a >= b);
        ensure!(bounded && descends, Error::<T>::PerformanceTableInvalid);
        let version = CurrentRuleSet::<T>::get().checked_add(1).ok_or(ArithmeticError::Overflow)?;
        CurrentRuleSet::<T>::put(version);
        RuleSets::<T>::insert(version, table);
        Self::deposit_event(Event::PerformanceTableSet { version, table });
        Ok(version)
    }

    /// Creates a policy and opens its programme.
    ///
    /// # Errors
    /// Those of the role check for [`Role::Treasury`]; [`Error::PolicyTermsInvalid`],
    /// [`Error::WeightsNotOne`], [`Error::CountiesInvalid`], [`Error::CountyIsNoOffice`], and those
    /// of the funds.
    pub(crate) fn do_create_policy(
        agent: &T::AccountId,
        terms: NewPolicy,
    ) -> Result<PolicyId, DispatchError> {
        let treasury = T::Authority::ensure_role(agent, Role::Treasury, None, None)?;
        let stated = (2_000..=9_999).contains(&terms.year)
            && terms.text != Digest::default()
            && terms.remit_term.is_valid()
            && !terms.components.is_empty()
            && terms.components.iter().all(|component| component.pool_fen > 0);
        ensure!(stated, Error::<T>::PolicyTermsInvalid);
        for component in &terms.components {
            if let Form::Weighted(factors) = &component.form {
                let sum = factors
                    .iter()
                    .fold(0u128, |sum, factor| sum.saturating_add(factor.weight_ppb.into()));
                ensure!(sum == u128::from(ONE_PPB), Error::<T>::WeightsNotOne);
            }
        }
        let ascending = terms.counties.is_sorted_by(|a, b| a < b) && !terms.counties.is_empty();
        let others = !terms.counties.contains(&treasury)
            && terms.counties.iter().all(|county| T::Authority::organisation(*county).is_some());
        ensure!(ascending && others, Error::<T>::CountiesInvalid);
        // Its money comes to offices only. Asked again at publication: a role may have ended.
        let offices = terms.counties.iter().all(|county| {
            T::Authority::holds_role(*county, Role::Treasury)
                || T::Authority::holds_role(*county, Role::GovParty)
        });
        ensure!(offices, Error::<T>::CountyIsNoOffice);

        let programme = T::Funds::open_programme(&[treasury], terms.code.clone())?;
        let id = NextPolicyId::<T>::get();
        NextPolicyId::<T>::put(id.checked_add(1).ok_or(ArithmeticError::Overflow)?);
        let rule_set = CurrentRuleSet::<T>::get();
        let table = RuleSets::<T>::get(rule_set);
        let rules_hash = sha2_256(&(&terms, rule_set, table).encode());
        Policies::<T>::insert(
            id,
            PolicyDetails {
                treasury,
                terms,
                rule_set,
                rules_hash,
                factors_hash: None,
                programme,
                status: PolicyStatus::Open,
            },
        );
        Self::deposit_event(Event::PolicyCreated { policy: id, treasury, programme, rules_hash });
        Ok(id)
    }

    /// Records what a component is computed from in a county.
    ///
    /// # Errors
    /// Those of [`Self::own_policy`]; [`Error::FactorsAreFrozen`], [`Error::ComponentUnknown`],
    /// [`Error::CountyUnknown`], [`Error::CoefficientInvalid`], [`Error::BoundsInvalid`],
    /// [`Error::FactorsIncomplete`], [`Error::UnitMismatch`], [`Error::FactorUnpublished`],
    /// [`Error::NegativeGap`].
    pub(crate) fn do_submit_county(
        agent: &T::AccountId,
        id: PolicyId,
        component: u8,
        county: OrganisationId,
        data: CountyData,
    ) -> DispatchResult {
        let policy = Self::own_policy(agent, id)?;
        ensure!(policy.status == PolicyStatus::Open, Error::<T>::FactorsAreFrozen);
        let of_component = policy
            .terms
            .components
            .get(usize::from(component))
            .ok_or(Error::<T>::ComponentUnknown)?;
        ensure!(policy.terms.counties.contains(&county), Error::<T>::CountyUnknown);
        ensure!(data.coefficient_ppb <= COEFFICIENT_PPB_MAX, Error::<T>::CoefficientInvalid);
        let ordered = data.cap_fen.is_none_or(|cap_fen| data.floor_fen <= cap_fen);
        ensure!(ordered, Error::<T>::BoundsInvalid);
        let units: Vec<Unit> = match &of_component.form {
            Form::Weighted(factors) => factors.iter().map(|factor| factor.unit).collect(),
            Form::Gap { .. } => [Unit::Fen; 2].to_vec(),
        };
        ensure!(data.values.len() == units.len(), Error::<T>::FactorsIncomplete);
        let now = Self::now();
        for (value, unit) in data.values.iter().zip(units) {
            ensure!(value.quantity.unit() == unit, Error::<T>::UnitMismatch);
            let source = value.source;
            let published = source.hash != Digest::default()
                && source.published_at > 0
                && source.published_at <= now;
            ensure!(published, Error::<T>::FactorUnpublished);
        }
        if let (Form::Gap { negative_is_zero }, [expenditure, revenue]) =
            (&of_component.form, data.values.as_slice())
        {
            score::gap(
                expenditure.quantity.number(),
                revenue.quantity.number(),
                data.coefficient_ppb,
                *negative_is_zero,
            )
            .map_err(Error::<T>::from)?;
        }
        let data_hash = sha2_256(&data.encode());
        Counties::<T>::insert(id, (component, county), data);
        Self::deposit_event(Event::CountySubmitted { policy: id, component, county, data_hash });
        Ok(())
    }

    /// Freezes the data of a policy once they are complete; returns their digest and the number of
    /// counties.
    ///
    /// # Errors
    /// Those of [`Self::own_policy`]; [`Error::FactorsAreFrozen`], [`Error::FactorsIncomplete`].
    pub(crate) fn do_freeze_factors(agent: &T::AccountId, id: PolicyId) -> DispatchResult {
        let mut policy = Self::own_policy(agent, id)?;
        ensure!(policy.status == PolicyStatus::Open, Error::<T>::FactorsAreFrozen);
        let factors_hash = sha2_256(&Self::data_of(id, &policy)?.encode());
        policy.factors_hash = Some(factors_hash);
        policy.status = PolicyStatus::FactorsFrozen;
        Policies::<T>::insert(id, policy);
        Self::deposit_event(Event::FactorsFrozen { policy: id, factors_hash });
        Ok(())
    }

    /// All data of a policy: by component, then by county in ascending order.
    ///
    /// # Errors
    /// [`Error::FactorsIncomplete`].
    fn data_of(id: PolicyId, policy: &PolicyDetails) -> Result<Vec<Vec<CountyData>>, Error<T>> {
        (0u8..)
            .zip(&policy.terms.components)
            .map(|(component, _)| {
                policy
                    .terms
                    .counties
                    .iter()
                    .map(|county| {
                        Counties::<T>::get(id, (component, *county))
                            .ok_or(Error::<T>::FactorsIncomplete)
                    })
                    .collect()
            })
            .collect()
    }

    /// Shares of all counties, by component: a pure function of the policy and its data.
    ///
    /// # Errors
    /// [`Error::FactorsIncomplete`], and those of [`Fault`].
    pub(crate) fn shares(id: PolicyId, policy: &PolicyDetails) -> Result<Vec<Vec<Fen>>, Error<T>> {
        let data = Self::data_of(id, policy)?;
        policy
            .terms
            .components
            .iter()
            .zip(&data)
            .map(|(component, counties)| {
                split(component.pool_fen, &component.form, counties).map_err(Error::<T>::from)
            })
            .collect()
    }

    /// Computes the shares of all counties.
    ///
    /// # Errors
    /// Those of [`Self::own_policy`]; [`Error::FactorsNotFrozen`], [`Error::AlreadyComputed`], and
    /// those of [`Self::shares`].
    pub(crate) fn do_compute(agent: &T::AccountId, id: PolicyId) -> DispatchResult {
        let mut policy = Self::own_policy(agent, id)?;
        ensure!(policy.status >= PolicyStatus::FactorsFrozen, Error::<T>::FactorsNotFrozen);
        ensure!(policy.status == PolicyStatus::FactorsFrozen, Error::<T>::AlreadyComputed);
        let shares = Self::shares(id, &policy)?;
        for (n, county) in policy.terms.counties.iter().enumerate() {
            let own: Vec<Fen> =
                shares.iter().map(|parts| parts.get(n).copied().unwrap_or_default()).collect();
            let total_fen = own
                .iter()
                .try_fold(0, |total: Fen, fen| total.checked_add(*fen))
                .ok_or(ArithmeticError::Overflow)?;
            let allocation = Allocation {
                components_fen: BoundedVec::truncate_from(own),
                total_fen,
                status: AllocationStatus::Computed,
                reported_fen: 0,
            };
            Allocations::<T>::insert(id, county, allocation);
        }
        policy.status = PolicyStatus::Computed;
        Self::deposit_event(Event::SharesComputed { policy: id, rules_hash: policy.rules_hash });
        Policies::<T>::insert(id, policy);
        Ok(())
    }

    /// Publishes the shares: opens the tag of each county and starts the term to remit.
    ///
    /// # Errors
    /// Those of [`Self::own_policy`]; [`Error::NotComputed`], [`Error::AlreadyPublished`], those of
    /// the calendar and of the funds.
    pub(crate) fn do_publish(agent: &T::AccountId, id: PolicyId) -> DispatchResult {
        let mut policy = Self::own_policy(agent, id)?;
        ensure!(policy.status >= PolicyStatus::Computed, Error::<T>::NotComputed);
        ensure!(policy.status == PolicyStatus::Computed, Error::<T>::AlreadyPublished);
        let due_at = T::Calendar::due(Self::now(), policy.terms.remit_term)?;
        for county in &policy.terms.counties {
            let mut allocation = Self::allocation_of(id, *county)?;
            T::Funds::name_intermediary(policy.programme, *county)?;
            T::Funds::open_tag(
                Self::county_tag(&policy, *county),
                policy.treasury,
                policy.terms.code.clone(),
                allocation.total_fen,
            )?;
            allocation.status = AllocationStatus::Published;
            if allocation.total_fen > 0 {
                let due = Due {
                    debtor: policy.treasury,
                    creditor: *county,
                    open_fen: allocation.total_fen,
                    due_at,
                };
                Dues::<T>::insert(DueKey::Allocation { policy: id, county: *county }, due);
            }
            Allocations::<T>::insert(id, county, allocation);
        }
        policy.status = PolicyStatus::Published;
        Policies::<T>::insert(id, policy);
        Self::deposit_event(Event::SharesPublished { policy: id, due_at });
        Ok(())
    }

    /// Binds free money of the finance department to a county's share.
    ///
    /// # Errors
    /// Those of [`Self::own_policy`]; [`Error::CountyUnknown`], [`Error::NotPublished`],
    /// [`Error::AlreadyConcluded`], and those of the funds.
    pub(crate) fn do_appropriate(
        agent: &T::AccountId,
        id: PolicyId,
        county: OrganisationId,
        amount_fen: Fen,
        document: Commitment,
    ) -> DispatchResult {
        let policy = Self::own_policy(agent, id)?;
        let mut allocation = Self::allocation_of(id, county)?;
        let rewarded = matches!(allocation.status, AllocationStatus::Concluded(Outcome::Reward(_)));
        ensure!(allocation.status != AllocationStatus::Computed, Error::<T>::NotPublished);
        let concluded = matches!(allocation.status, AllocationStatus::Concluded(_));
        ensure!(!concluded || rewarded, Error::<T>::AlreadyConcluded);
        let tag = Self::county_tag(&policy, county);
        let to = Holder::Organisation(policy.treasury);
        T::Funds::appropriate(tag, agent, to, amount_fen, document)?;
        if allocation.status == AllocationStatus::Published {
            allocation.status = AllocationStatus::Appropriated;
            Allocations::<T>::insert(id, county, allocation);
        }
        Ok(())
    }

    /// Remits appropriated money to the county.
    ///
    /// # Errors
    /// Those of [`Self::own_policy`]; [`Error::CountyUnknown`], [`Error::NotAppropriated`], and
    /// those of the funds.
    pub(crate) fn do_remit(
        agent: &T::AccountId,
        id: PolicyId,
        county: OrganisationId,
        amount_fen: Fen,
        document: Commitment,
    ) -> DispatchResult {
        let policy = Self::own_policy(agent, id)?;
        let mut allocation = Self::allocation_of(id, county)?;
        let before =
            matches!(allocation.status, AllocationStatus::Computed | AllocationStatus::Published);
        ensure!(!before, Error::<T>::NotAppropriated);
        let from = Holder::Organisation(policy.treasury);
        let to = Holder::Organisation(county);
        T::Funds::transfer(Self::county_tag(&policy, county), from, to, amount_fen, document)?;
        let key = DueKey::Allocation { policy: id, county };
        let late = Self::settle_due(key, amount_fen);
        if allocation.status == AllocationStatus::Appropriated {
            allocation.status = AllocationStatus::Received;
            Allocations::<T>::insert(id, county, allocation);
        }
        Self::deposit_event(Event::Remitted { policy: id, county, amount_fen, late });
        Ok(())
    }

    /// Records what those whom the county paid have used.
    ///
    /// # Errors
    /// [`Error::PolicyUnknown`], [`Error::CountyUnknown`], [`Error::NotTheCounty`],
    /// [`Error::AmountZero`], [`Error::CommitmentMissing`], [`Error::NotReceived`],
    /// [`Error::UseExceedsPaid`].
    pub(crate) fn do_report_use(
        agent: &T::AccountId,
        id: PolicyId,
        amount_fen: Fen,
        document: Commitment,
    ) -> DispatchResult {
        let policy = Policies::<T>::get(id).ok_or(Error::<T>::PolicyUnknown)?;
        let county = T::Authority::organisation_of(agent)?;
        let mut allocation = Self::allocation_of(id, county)?;
        let office = T::Authority::ensure_role(agent, Role::Treasury, None, None)
            .or_else(|_| T::Authority::ensure_role(agent, Role::GovParty, None, None));
        ensure!(office.is_ok(), Error::<T>::NotTheCounty);
        Self::ensure_stated(amount_fen, document)?;
        let may = matches!(allocation.status, AllocationStatus::Received | AllocationStatus::Used);
        ensure!(may, Error::<T>::NotReceived);
        let paid_fen =
            T::Funds::tag(Self::county_tag(&policy, county)).map_or(0, |tag| tag.paid_fen);
        allocation.reported_fen = allocation
            .reported_fen
            .checked_add(amount_fen)
            .filter(|fen| *fen <= paid_fen)
            .ok_or(Error::<T>::UseExceedsPaid)?;
        allocation.status = AllocationStatus::Used;
        Allocations::<T>::insert(id, county, allocation);
        Self::deposit_event(Event::UseReported { policy: id, county, amount_fen, document });
        Ok(())
    }

    /// Records the grade of a county's performance.
    ///
    /// # Errors
    /// Those of the role check for [`Role::Auditor`]; [`Error::PolicyUnknown`],
    /// [`Error::CountyUnknown`], [`Error::CommitmentMissing`], [`Error::UseNotReported`].
    pub(crate) fn do_evaluate(
        agent: &T::AccountId,
        id: PolicyId,
        county: OrganisationId,
        grade: Grade,
        document: Commitment,
    ) -> DispatchResult {
        T::Authority::ensure_role(agent, Role::Auditor, None, None)?;
        ensure!(Policies::<T>::contains_key(id), Error::<T>::PolicyUnknown);
        let mut allocation = Self::allocation_of(id, county)?;
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        ensure!(allocation.status == AllocationStatus::Used, Error::<T>::UseNotReported);
        allocation.status = AllocationStatus::Evaluated(grade);
        Allocations::<T>::insert(id, county, allocation);
        Self::deposit_event(Event::Evaluated { policy: id, county, grade, document });
        Ok(())
    }

    /// Rewards, deducts or claws back by the grade and the table of the policy's rule set; or takes
    /// what is found of what is still owed of a concluded share.
    ///
    /// # Errors
    /// Those of [`Self::own_policy`]; [`Error::CountyUnknown`], [`Error::CommitmentMissing`],
    /// [`Error::NotEvaluated`], [`Error::NothingToRecover`], and those of the funds.
    pub(crate) fn do_conclude(
        agent: &T::AccountId,
        id: PolicyId,
        county: OrganisationId,
        document: Commitment,
    ) -> DispatchResult {
        let policy = Self::own_policy(agent, id)?;
        let mut allocation = Self::allocation_of(id, county)?;
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        let key = DueKey::Allocation { policy: id, county };
        let outcome = match allocation.status {
            AllocationStatus::Evaluated(grade) => {
                let table = RuleSets::<T>::get(policy.rule_set).unwrap_or_default();
                let ppb = table.get(grade as usize).copied().unwrap_or_default();
                let (outcome, owed_fen) =
                    Self::judge(&policy, agent, county, allocation.total_fen, ppb, document)?;
                // What is not remitted at the end is not owed any more; a reward is appropriated
                // anew. But what could not be taken back is owed by the county from now on.
                Dues::<T>::remove(key);
                if owed_fen > 0 {
                    let (debtor, creditor) = (county, policy.treasury);
                    let due = Due { debtor, creditor, open_fen: owed_fen, due_at: Self::now() };
                    Dues::<T>::insert(key, due);
                    T::Funds::set_stopped(Self::county_tag(&policy, county), true)?;
                }
                outcome
            }
            AllocationStatus::Concluded(outcome) => {
                Self::collect(&policy, agent, key, county, outcome, document)?
            }
            _ => return Err(Error::<T>::NotEvaluated.into()),
        };
        allocation.status = AllocationStatus::Concluded(outcome);
        Allocations::<T>::insert(id, county, allocation);
        Self::deposit_event(Event::Concluded { policy: id, county, outcome, document });
        Ok(())
    }

    /// What becomes of a share whose grade adjusts it by `ppb`, and how much of that the county
    /// owes because nobody was found to have it, in fen.
    fn judge(
        policy: &PolicyDetails,
        agent: &T::AccountId,
        county: OrganisationId,
        total_fen: Fen,
        ppb: i64,
        document: Commitment,
    ) -> Result<(Outcome, Fen), DispatchError> {
        let due_fen = exact::share_of(total_fen, ppb.unsigned_abs()).map_err(Error::<T>::from)?;
        let tag = Self::county_tag(policy, county);
        let details = T::Funds::tag(tag).ok_or(Error::<T>::NotPublished)?;
        let net_fen = details.appropriated_fen.saturating_sub(details.clawed_back_fen);
        let free_fen = details.ceiling_fen.saturating_sub(net_fen);
        let deducted_fen = if ppb < 0 { due_fen } else { 0 };
        if T::Funds::is_flagged(policy.programme, county) {
            // All that the county had, also where it passed it on; and no less than a county that
            // is not flagged would lose by the grade.
            let passed_on_fen =
                Self::recover_from_others(tag, policy.treasury, agent, county, None, document)?;
            let left_fen = deducted_fen.saturating_sub(free_fen.saturating_add(passed_on_fen));
            let kept_fen = Self::recover(tag, agent, policy.treasury, left_fen, document)?;
            let back_fen = passed_on_fen.saturating_add(kept_fen);
            Self::lower_ceiling(tag, back_fen)?;
            let held_fen = T::Funds::tag(tag).map_or(0, |tag| tag.held_fen);
            let own_fen = T::Funds::holding(tag, Holder::Organisation(policy.treasury)).balance_fen;
            let owed_fen = left_fen.saturating_sub(kept_fen).max(held_fen.saturating_sub(own_fen));
            return Ok((Outcome::ClawBack(back_fen), owed_fen));
        }
        if due_fen == 0 {
            return Ok((Outcome::Kept, 0));
        }
        if ppb > 0 {
            let ceiling_fen =
                details.ceiling_fen.checked_add(due_fen).ok_or(ArithmeticError::Overflow)?;
            T::Funds::set_ceiling(tag, ceiling_fen)?;
            return Ok((Outcome::Reward(due_fen), 0));
        }
        let free_fen = free_fen.min(due_fen);
        let left_fen = due_fen.saturating_sub(free_fen);
        let back_fen = Self::recover_up_to(policy, agent, county, left_fen, document)?;
        let recovered_fen = free_fen.saturating_add(back_fen);
        Self::lower_ceiling(tag, recovered_fen)?;
        let outcome = Outcome::Deduct { due_fen, recovered_fen };
        Ok((outcome, due_fen.saturating_sub(recovered_fen)))
    }

    /// Takes what is found of what the county still owes of a concluded share; the tag goes on
    /// once nothing is owed.
    ///
    /// # Errors
    /// [`Error::NotEvaluated`], [`Error::NothingToRecover`], and those of the funds.
    fn collect(
        policy: &PolicyDetails,
        agent: &T::AccountId,
        key: DueKey,
        county: OrganisationId,
        outcome: Outcome,
        document: Commitment,
    ) -> Result<Outcome, DispatchError> {
        let owed_fen = Dues::<T>::get(key).map_or(0, |due| due.open_fen);
        ensure!(owed_fen > 0, Error::<T>::NotEvaluated);
        let tag = Self::county_tag(policy, county);
        let back_fen = Self::recover_up_to(policy, agent, county, owed_fen, document)?;
        ensure!(back_fen > 0, Error::<T>::NothingToRecover);
        Self::lower_ceiling(tag, back_fen)?;
        Self::settle_due(key, back_fen);
        if back_fen == owed_fen {
            T::Funds::set_stopped(tag, false)?;
        }
        Ok(match outcome {
            Outcome::Deduct { due_fen, recovered_fen } => {
                let recovered_fen = recovered_fen.saturating_add(back_fen);
                Outcome::Deduct { due_fen, recovered_fen }
            }
            Outcome::ClawBack(fen) => Outcome::ClawBack(fen.saturating_add(back_fen)),
            // Nothing is owed of these.
            Outcome::Kept | Outcome::Reward(_) => outcome,
        })
    }

    /// Claws back up to `most_fen`: first what the finance department has, then what the county
    /// has, then what others have under the county's tag; returns how much.
    fn recover_up_to(
        policy: &PolicyDetails,
        agent: &T::AccountId,
        county: OrganisationId,
        most_fen: Fen,
        document: Commitment,
    ) -> Result<Fen, DispatchError> {
        let tag = Self::county_tag(policy, county);
        let own_fen = Self::recover(tag, agent, policy.treasury, most_fen, document)?;
        let left_fen = Some(most_fen.saturating_sub(own_fen));
        let back_fen =
            Self::recover_from_others(tag, policy.treasury, agent, county, left_fen, document)?;
        Ok(own_fen.saturating_add(back_fen))
    }

    /// Claws back up to `most_fen`, or all, of what the county and others than the finance
    /// department have under the county's tag; returns how much. The county's is taken first.
    ///
    /// All money under the tag is the county's share. At most [`HOLDERS_MAX`] others are asked.
    fn recover_from_others(
        tag: TagKey,
        treasury: OrganisationId,
        agent: &T::AccountId,
        county: OrganisationId,
        most_fen: Option<Fen>,
        document: Commitment,
    ) -> Result<Fen, DispatchError> {
        let most_fen = most_fen.unwrap_or(Fen::MAX);
        let mut back_fen = Self::recover(tag, agent, county, most_fen, document)?;
        if back_fen == most_fen {
            return Ok(back_fen);
        }
        // One more, for the finance department may be among them.
        for holder in T::Funds::holders(tag, HOLDERS_MAX.saturating_add(1)) {
            let Holder::Organisation(id) = holder else { continue };
            if id != treasury {
                let left_fen = most_fen.saturating_sub(back_fen);
                let fen = Self::recover(tag, agent, id, left_fen, document)?;
                back_fen = back_fen.saturating_add(fen);
            }
        }
        Ok(back_fen)
    }

    /// Claws back up to `most_fen` of what `holder` has; returns how much.
    fn recover(
        tag: TagKey,
        agent: &T::AccountId,
        holder: OrganisationId,
        most_fen: Fen,
        document: Commitment,
    ) -> Result<Fen, DispatchError> {
        let from = Holder::Organisation(holder);
        let fen = T::Funds::holding(tag, from).balance_fen.min(most_fen);
        if fen > 0 {
            T::Funds::claw_back(tag, from, agent, fen, document)?;
        }
        Ok(fen)
    }

    /// Lowers the ceiling, so that what was taken back is not appropriated again.
    fn lower_ceiling(tag: TagKey, by_fen: Fen) -> DispatchResult {
        let details = T::Funds::tag(tag).ok_or(Error::<T>::NotPublished)?;
        T::Funds::set_ceiling(tag, details.ceiling_fen.saturating_sub(by_fen))
    }

    /// A share with what the ledger says of its money.
    pub(crate) fn allocation_info(id: PolicyId, county: OrganisationId) -> Option<AllocationInfo> {
        let policy = Policies::<T>::get(id)?;
        let allocation = Allocations::<T>::get(id, county)?;
        let tag = Self::county_tag(&policy, county);
        // The finance department's money under the tag leaves it by remittance only.
        let received_fen =
            T::Funds::holding(tag, Holder::Organisation(policy.treasury)).passed_on_fen;
        let details = T::Funds::tag(tag);
        let of = |fen: fn(&pallet_funds::TagDetails) -> Fen| details.as_ref().map_or(0, fen);
        Some(AllocationInfo {
            allocation,
            appropriated_fen: of(|tag| tag.appropriated_fen.saturating_sub(tag.clawed_back_fen)),
            received_fen,
            disbursed_fen: of(|tag| tag.paid_fen),
            held_fen: of(|tag| tag.held_fen),
        })
    }
}

/// Splits a component's pool among counties.
///
/// # Errors
/// Those of [`score::weighted`], [`score::gap`] and [`exact::water_fill`].
pub(crate) fn split(
    pool_fen: Fen,
    form: &Form,
    counties: &[CountyData],
) -> Result<Vec<Fen>, Fault> {
    let values: Vec<Vec<u128>> = counties
        .iter()
        .map(|data| data.values.iter().map(|value| value.quantity.number()).collect())
        .collect();
    let scores = match form {
        Form::Weighted(factors) => {
            let weights_ppb: Vec<u64> = factors.iter().map(|factor| factor.weight_ppb).collect();
            let bases: Vec<score::Basis<'_>> = counties
                .iter()
                .zip(&values)
                .map(|(data, values)| score::Basis {
                    values,
                    coefficient_ppb: data.coefficient_ppb,
                })
                .collect();
            score::weighted(&weights_ppb, &bases)?
        }
        Form::Gap { negative_is_zero } => counties
            .iter()
            .zip(&values)
            .map(|(data, values)| match values.as_slice() {
                [expenditure, revenue] => {
                    score::gap(*expenditure, *revenue, data.coefficient_ppb, *negative_is_zero)
                }
                _ => Err(Fault::NoBasis),
            })
            .collect::<Result<_, _>>()?,
    };
    let bounds: Vec<exact::Bounds> =
        counties.iter().map(|data| (data.floor_fen, data.cap_fen.unwrap_or(Fen::MAX))).collect();
    exact::water_fill(pool_fen, &scores, &bounds)
}
