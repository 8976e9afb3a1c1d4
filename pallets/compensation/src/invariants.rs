//! What must hold after every block.

use crate::{
    AgreementVersions, Agreements, Allocations, Config, CurrentRuleSet, Due, DueKey, Dues, Fen,
    NextAgreementId, NextPolicyId, Pallet, Policies, RuleSets, Settlements,
    horizontal::{
        functions::all,
        types::{AgreementStatus, SettlementStatus},
    },
    vertical::types::{AllocationStatus, Outcome, PolicyStatus},
};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::ensure;
use pallet_calendar::Moment;
use pallet_funds::{Holder, PurposeFunds};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks what must always hold.
    ///
    /// 1. Shares: of every component, the counties' shares are the pool exactly; each is what the
    ///    frozen data and rules give; a county's total is the sum of its components.
    /// 2. Order of money: reported ≤ disbursed ≤ received ≤ appropriated, net of what went
    ///    back within the ceiling, which is the total but for
    ///    what was rewarded or taken back, and nothing moves before publication.
    /// 3. Settlements: no party pays itself; all payments together are within the cap; nothing is
    ///    paid beyond a payment; what is paid left the payer's escrow; what is computed or confirmed
    ///    is what the samples and rules give.
    /// 4. Dues: exactly what is published or settled and not remitted or paid is due, from who owes
    ///    it to whom, each of two different organisations; of a concluded share, what was deducted
    ///    and not recovered is due from the county, and just then its tag is stopped.
    /// 5. Numbers: next ones are above all; every version of rules that is referred to exists.
    ///
    /// # Errors
    /// The sentence that does not hold.
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        ensure!(RuleSets::<T>::contains_key(CurrentRuleSet::<T>::get()), "5: a rule set holds");
        Self::try_state_policies()?;
        Self::try_state_settlements()?;
        Self::try_state_dues()
    }

    /// Invariants 1 and 2.
    fn try_state_policies() -> Result<(), TryRuntimeError> {
        for (id, policy) in Policies::<T>::iter() {
            ensure!(id < NextPolicyId::<T>::get(), "5: the next policy is above all");
            ensure!(RuleSets::<T>::contains_key(policy.rule_set), "5: a policy's rules exist");
            if policy.status < PolicyStatus::Computed {
                let none = Allocations::<T>::iter_prefix(id).next().is_none();
                ensure!(none, "1: there is no share before it is computed");
                continue;
            }
            let shares = Self::shares(id, &policy).map_err(|_| "1: shares can be computed")?;
            for (component, parts) in policy.terms.components.iter().zip(&shares) {
                let sum = parts.iter().try_fold(0, |sum: Fen, part| sum.checked_add(*part));
                ensure!(sum == Some(component.pool_fen), "1: shares are the pool exactly");
            }
            for (n, county) in policy.terms.counties.iter().enumerate() {
                let allocation =
                    Allocations::<T>::get(id, county).ok_or("1: every county has a share")?;
                let expected: Vec<Fen> =
                    shares.iter().filter_map(|parts| parts.get(n).copied()).collect();
                let agrees = allocation.components_fen.as_slice() == expected.as_slice();
                ensure!(agrees, "1: a share is what rules and data give");
                let sum = expected.iter().try_fold(0, |sum: Fen, part| sum.checked_add(*part));
                ensure!(sum == Some(allocation.total_fen), "1: a total is the sum of components");

                let Some(tag) = T::Funds::tag((policy.programme, *county)) else {
                    let before = policy.status == PolicyStatus::Computed;
                    ensure!(before, "2: a published share has a tag");
                    continue;
                };
                ensure!(allocation.reported_fen <= tag.paid_fen, "2: what was used was disbursed");
                let received_fen =
                    Self::allocation_info(id, *county).map_or(0, |info| info.received_fen);
                ensure!(tag.paid_fen <= received_fen, "2: what was disbursed was received");
                let appropriated = received_fen <= tag.appropriated_fen;
                ensure!(appropriated, "2: what was received was appropriated");
                let ceiling_fen = match allocation.status {
                    AllocationStatus::Concluded(Outcome::Reward(fen)) => {
                        allocation.total_fen.saturating_add(fen)
                    }
                    AllocationStatus::Concluded(
                        Outcome::Deduct { recovered_fen: fen, .. } | Outcome::ClawBack(fen),
                    ) => allocation.total_fen.saturating_sub(fen),
                    _ => allocation.total_fen,
                };
                ensure!(tag.ceiling_fen == ceiling_fen, "2: the ceiling is the share");
            }
        }
        Ok(())
    }

    /// Invariant 3.
    fn try_state_settlements() -> Result<(), TryRuntimeError> {
        for (id, details) in Agreements::<T>::iter() {
            ensure!(id < NextAgreementId::<T>::get(), "5: the next agreement is above all");
            let in_force = details.status == AgreementStatus::InForce;
            ensure!(in_force == (details.version > 0), "5: rules are in force with the agreement");
            ensure!(in_force == details.programme.is_some(), "5: its money has a programme");
            for version in 1..=details.version {
                let exists = AgreementVersions::<T>::contains_key(id, version);
                ensure!(exists, "5: every version of rules exists");
            }
        }
        for (id, year, settlement) in Settlements::<T>::iter() {
            let details = Agreements::<T>::get(id).ok_or("3: a settlement has an agreement")?;
            let mut total_fen: Fen = 0;
            for leg in &settlement.legs {
                ensure!(leg.payer != leg.payee, "3: no party pays itself");
                ensure!(leg.paid_fen <= leg.amount_fen, "3: nothing is paid beyond a payment");
                total_fen = total_fen.checked_add(leg.amount_fen).ok_or("3: a sum overflows")?;
            }
            ensure!(total_fen <= details.terms.cap_fen, "3: payments are within the cap");
            for (party, _) in (0u8..).zip(&details.terms.parties) {
                let paid_fen = settlement
                    .legs
                    .iter()
                    .filter(|leg| leg.payer == party)
                    .fold(0, |sum: Fen, leg| sum.saturating_add(leg.paid_fen));
                let tag = Self::escrow_tag(&details, year, party)
                    .map_err(|_| "3: a settled agreement has a programme")?;
                let left_fen = T::Funds::holding(tag, Holder::Escrow).passed_on_fen;
                ensure!(left_fen == paid_fen, "3: what is paid left the payer's escrow");
            }
            let all_paid = settlement.legs.iter().all(|leg| leg.paid_fen == leg.amount_fen);
            match settlement.status {
                SettlementStatus::Paid => ensure!(all_paid, "3: a paid settlement is paid"),
                SettlementStatus::Computed { confirmed } => {
                    ensure!(confirmed != all(&details.terms), "3: confirmed by all is confirmed");
                    let outcome = Self::outcome(id, &details, year)
                        .map_err(|_| "3: a settlement can be computed")?;
                    let (version, results_hash, trace, legs) = outcome;
                    let agrees = settlement.version == version
                        && settlement.results_hash == results_hash
                        && settlement.trace == trace
                        && settlement.legs == legs;
                    ensure!(agrees, "3: a settlement is what samples and rules give");
                }
                _ => (),
            }
        }
        Ok(())
    }

    /// Invariant 4.
    fn try_state_dues() -> Result<(), TryRuntimeError> {
        let mut expected = Self::expected_dues()?;
        for (key, due) in Dues::<T>::iter() {
            let apart = due.debtor != due.creditor && due.open_fen > 0;
            ensure!(apart, "4: somebody owes somebody something");
            let (of, due_at) = expected.remove(&key).ok_or("4: nothing else is due")?;
            ensure!(due.open_fen == of.open_fen, "4: what is due is what is not paid");
            let owed = (due.debtor, due.creditor) == (of.debtor, of.creditor);
            ensure!(owed, "4: it is due from who owes it to whom");
            let in_time = due_at.is_none_or(|due_at| due.due_at == due_at);
            ensure!(in_time, "4: it is due when the settlement says");
        }
        ensure!(expected.is_empty(), "4: what is not paid is due");
        Ok(())
    }

    /// What must be due, and when where a settlement says so.
    fn expected_dues() -> Result<BTreeMap<DueKey, (Due, Option<Moment>)>, TryRuntimeError> {
        let mut expected = BTreeMap::new();
        let mut add = |key, debtor, creditor, open_fen, due_at: Option<Moment>| {
            if open_fen > 0 {
                let due = Due { debtor, creditor, open_fen, due_at: due_at.unwrap_or_default() };
                expected.insert(key, (due, due_at));
            }
        };
        for (id, policy) in Policies::<T>::iter() {
            for county in &policy.terms.counties {
                let Some(info) = Self::allocation_info(id, *county) else { continue };
                let closed = matches!(
                    info.allocation.status,
                    AllocationStatus::Computed | AllocationStatus::Concluded(_)
                );
                let open_fen = info.allocation.total_fen.saturating_sub(info.received_fen);
                let key = DueKey::Allocation { policy: id, county: *county };
                if !closed {
                    add(key, policy.treasury, *county, open_fen, None);
                }
                let owed_fen = match info.allocation.status {
                    AllocationStatus::Concluded(Outcome::Deduct { due_fen, recovered_fen }) => {
                        due_fen.saturating_sub(recovered_fen)
                    }
                    // How much was not found is kept by the due alone.
                    AllocationStatus::Concluded(Outcome::ClawBack(fen)) => {
                        let owed_fen = Dues::<T>::get(key).map_or(0, |due| due.open_fen);
                        owed_fen.min(info.allocation.total_fen.saturating_sub(fen))
                    }
                    _ => 0,
                };
                add(key, *county, policy.treasury, owed_fen, None);
                let stopped = T::Funds::is_stopped((policy.programme, *county));
                ensure!(stopped == (owed_fen > 0), "4: a tag is stopped while its county owes");
            }
        }
        for (id, year, settlement) in Settlements::<T>::iter() {
            let payable = matches!(
                settlement.status,
                SettlementStatus::Confirmed | SettlementStatus::Decided
            );
            if !payable {
                continue;
            }
            let terms = Agreements::<T>::get(id).ok_or("3: a settlement has an agreement")?.terms;
            let party = |index| Self::party(&terms, index).map_err(|_| "3: a leg is of parties");
            for (n, leg) in (0u8..).zip(&settlement.legs) {
                let open_fen = leg.amount_fen.saturating_sub(leg.paid_fen);
                let key = DueKey::Settlement { agreement: id, year, leg: n };
                add(key, party(leg.payer)?, party(leg.payee)?, open_fen, settlement.due_at);
            }
        }
        Ok(expected)
    }
}
