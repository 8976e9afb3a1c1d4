//! What must hold after every block.

use crate::{
    Config, Fen, GenesisIssuance, HoldReason, Institutions, NextRedemptionId, OpenRedemptions,
    OpenRedemptionsByHolder, Pallet, PostingKind, Postings, RedemptionDetailsOf, RedemptionStatus,
    Redemptions,
};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::{
    ensure,
    traits::fungible::{Inspect, InspectHold},
};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks what must hold after every block.
    ///
    /// 1. Conservation: all money is that of the genesis, plus what institutions issued, less what
    ///    they redeemed; no institution redeemed more than it issued.
    /// 2. An institution's totals are the sums of its postings.
    /// 3. On hold for redemptions, each holder has the sum of his open redemptions.
    /// 4. The open lists have exactly the open redemptions, with their amounts and holders; the next
    ///    id is above all ids.
    /// 5. Confirmed redemptions and redemption postings name each other, with one amount.
    ///
    /// # Errors
    /// The sentence that does not hold.
    pub(crate) fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::try_state_conservation()?;
        Self::try_state_postings()?;
        Self::try_state_redemptions()
    }

    /// Invariant 1.
    fn try_state_conservation() -> Result<(), TryRuntimeError> {
        let mut issuance_fen = GenesisIssuance::<T>::get();
        for (_, details) in Institutions::<T>::iter() {
            ensure!(details.redeemed_fen <= details.issued_fen, "1: redeemed is within issued");
            issuance_fen = issuance_fen
                .checked_add(details.outstanding_fen())
                .ok_or("1: the sum of outstanding money overflows")?;
        }
        ensure!(issuance_fen == T::Currency::total_issuance(), "1: money is conserved");
        Ok(())
    }

    /// Invariants 2 and, from postings to redemptions, 5.
    fn try_state_postings() -> Result<(), TryRuntimeError> {
        let mut totals_fen: BTreeMap<_, (Fen, Fen)> = BTreeMap::new();
        for (institution, external_reference, posting) in Postings::<T>::iter() {
            let (issued_fen, redeemed_fen) = totals_fen.entry(institution).or_default();
            let total_fen = match posting.kind {
                PostingKind::Issue { .. } => issued_fen,
                PostingKind::Redemption { id } => {
                    let redemption =
                        Redemptions::<T>::get(id).ok_or("5: a posted redemption exists")?;
                    let agrees = redemption.institution == institution
                        && redemption.holder == posting.account
                        && redemption.amount_fen == posting.amount_fen
                        && redemption.status == RedemptionStatus::Confirmed { external_reference };
                    ensure!(agrees, "5: a posting agrees with its redemption");
                    redeemed_fen
                }
            };
            *total_fen = total_fen.checked_add(posting.amount_fen).ok_or("2: a total overflows")?;
        }
        for (institution, details) in Institutions::<T>::iter() {
            let posted_fen = totals_fen.remove(&institution).unwrap_or_default();
            let agrees = posted_fen == (details.issued_fen, details.redeemed_fen);
            ensure!(agrees, "2: totals are the sums of postings");
        }
        ensure!(totals_fen.is_empty(), "2: only institutions post");
        Ok(())
    }

    /// Invariants 3, 4 and, from redemptions to postings, 5.
    fn try_state_redemptions() -> Result<(), TryRuntimeError> {
        let redemptions: Vec<(_, RedemptionDetailsOf<T>)> = Redemptions::<T>::iter().collect();
        let next_id = NextRedemptionId::<T>::get();
        let mut held_fen: Vec<(T::AccountId, Fen)> = Vec::new();
        let mut n_open = 0;
        for (id, redemption) in redemptions {
            ensure!(id < next_id, "4: the next id is above all ids");
            let is_open = redemption.status.is_open();
            let listed_fen = OpenRedemptions::<T>::get(redemption.institution, id);
            let expected_fen = is_open.then_some(redemption.amount_fen);
            ensure!(listed_fen == expected_fen, "4: the open list has the open redemptions");
            n_open += usize::from(is_open);
            let listed = OpenRedemptionsByHolder::<T>::get(&redemption.holder).contains(&id);
            ensure!(listed == is_open, "4: holders' lists have their open redemptions");
            if let RedemptionStatus::Confirmed { external_reference } = &redemption.status {
                let posted = Postings::<T>::get(redemption.institution, external_reference);
                let agrees = posted.is_some_and(|it| it.kind == PostingKind::Redemption { id });
                ensure!(agrees, "5: a confirmed redemption is posted");
            }
            held_fen.push((redemption.holder, expected_fen.unwrap_or_default()));
        }
        ensure!(n_open == OpenRedemptions::<T>::iter().count(), "4: nothing else is listed");
        let n_listed: usize =
            OpenRedemptionsByHolder::<T>::iter_values().map(|ids| ids.len()).sum();
        ensure!(n_open == n_listed, "4: nothing else is on a holder's list");

        held_fen.sort();
        for of_holder in held_fen.chunk_by(|(left, _), (right, _)| left == right) {
            let Some((holder, _)) = of_holder.first() else { continue };
            let sum_fen = of_holder
                .iter()
                .try_fold(0, |sum: Fen, (_, fen)| sum.checked_add(*fen))
                .ok_or("3: a holder's sum overflows")?;
            let on_hold_fen = T::Currency::balance_on_hold(&HoldReason::Redemption.into(), holder);
            ensure!(on_hold_fen == sum_fen, "3: what is on hold is what is open");
        }
        Ok(())
    }
}
