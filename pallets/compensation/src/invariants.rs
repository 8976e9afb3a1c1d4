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
use alloc::vec::Vec;
use frame_support::ensure;
use pallet_funds::PurposeFunds;
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
    ///    paid beyond a payment; what is computed or confirmed is what the samples and rules give.
    /// 4. Dues: open amounts are what is not remitted or paid, each of two different organisations.
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
        for (key, Due { debtor, creditor, open_fen, .. }) in Dues::<T>::iter() {
            ensure!(debtor != creditor && open_fen > 0, "4: somebody owes somebody something");
            let expected_fen = match key {
                DueKey::Allocation { policy, county } => {
                    let info =
                        Self::allocation_info(policy, county).ok_or("4: a due has a share")?;
                    info.allocation.total_fen.saturating_sub(info.received_fen)
                }
                DueKey::Settlement { agreement, year, leg } => {
                    let settlement = Settlements::<T>::get(agreement, year)
                        .ok_or("4: a due has a settlement")?;
                    let of = settlement.legs.get(usize::from(leg)).ok_or("4: a due has a leg")?;
                    of.amount_fen.saturating_sub(of.paid_fen)
                }
            };
            ensure!(open_fen == expected_fen, "4: what is due is what is not paid");
        }
        Ok(())
    }
}
