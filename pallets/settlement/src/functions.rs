//! The rules behind the calls.

use crate::{
    Commitment, Config, Error, Event, ExternalReference, Fen, HoldReason, InstitutionDetails,
    Institutions, NextRedemptionId, OpenRedemptions, OpenRedemptionsByHolder, Pallet, Posting,
    PostingKind, PostingOf, Postings, RedemptionDetails, RedemptionDetailsOf, RedemptionId,
    RedemptionStatus, Redemptions, RejectReason,
};
use frame_support::{
    ensure,
    pallet_prelude::*,
    traits::{
        fungible::{Mutate, MutateHold},
        tokens::{Fortitude, Precision, Restriction},
    },
};
use pallet_participants::{
    MoveFunds, OnKeyReplaced,
    authority::{Authority, OrganisationId, Role},
};
use sp_runtime::ArithmeticError;

impl<T: Config> Pallet<T> {
    /// Sets what `institution` may have outstanding; returns the ceiling it had.
    ///
    /// # Errors
    /// [`Error::OrganisationUnknown`]: there is no such organisation.
    pub(crate) fn do_set_ceiling(
        institution: OrganisationId,
        ceiling_fen: Fen,
    ) -> Result<Option<Fen>, DispatchError> {
        ensure!(T::Authority::organisation(institution).is_some(), Error::<T>::OrganisationUnknown);
        Ok(Institutions::<T>::mutate(institution, |details| {
            let old = details.map(|details| details.ceiling_fen);
            *details = Some(InstitutionDetails { ceiling_fen, ..details.unwrap_or_default() });
            old
        }))
    }

    /// Mints `amount_fen` to `beneficiary` and posts it; returns the issuing institution.
    ///
    /// # Errors
    /// - [`Error::AmountZero`], [`Error::CommitmentMissing`], [`Error::ReferenceInvalid`],
    ///   [`Error::ReferenceUsed`]: the arguments.
    /// - Those of [`Authority::ensure_role`] for [`Role::Clearing`].
    /// - [`Error::InstitutionUnknown`]: no ceiling was ever set for the institution.
    /// - [`Error::BeneficiaryUnknown`], [`Error::SameOrganisation`]: the beneficiary.
    /// - [`Error::CeilingExceeded`]: too much would be outstanding.
    pub(crate) fn do_issue(
        agent: &T::AccountId,
        beneficiary: &T::AccountId,
        amount_fen: Fen,
        external_reference: &ExternalReference,
        document: Commitment,
    ) -> Result<OrganisationId, DispatchError> {
        ensure!(amount_fen > 0, Error::<T>::AmountZero);
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        let institution = T::Authority::ensure_role(agent, Role::Clearing, None, None)?;
        let mut details =
            Institutions::<T>::get(institution).ok_or(Error::<T>::InstitutionUnknown)?;
        Self::ensure_reference_free(institution, external_reference)?;
        let organisation = T::Authority::organisation_of(beneficiary)
            .map_err(|_| Error::<T>::BeneficiaryUnknown)?;
        ensure!(organisation != institution, Error::<T>::SameOrganisation);
        let outstanding_fen = details
            .outstanding_fen()
            .checked_add(amount_fen)
            .filter(|outstanding_fen| *outstanding_fen <= details.ceiling_fen);
        ensure!(outstanding_fen.is_some(), Error::<T>::CeilingExceeded);

        details.issued_fen =
            details.issued_fen.checked_add(amount_fen).ok_or(ArithmeticError::Overflow)?;
        T::Currency::mint_into(beneficiary, amount_fen)?;
        Institutions::<T>::insert(institution, details);
        Self::post(
            institution,
            external_reference,
            PostingKind::Issue { document },
            beneficiary.clone(),
            amount_fen,
        );
        Ok(institution)
    }

    /// Puts `amount_fen` of `holder` on hold and records the request; returns its number.
    ///
    /// # Errors
    /// - [`Error::AmountZero`], [`Error::CommitmentMissing`]: the arguments.
    /// - Those of [`Authority::organisation_of`] for `holder`.
    /// - [`Error::SameOrganisation`]: the holder is of the institution.
    /// - [`Error::InstitutionUnknown`], [`Error::InstitutionInactive`]: the institution.
    /// - [`Error::TooManyOpenRedemptions`]: the holder has no room for another.
    /// - Those of the currency: not so much is free.
    pub(crate) fn do_request_redemption(
        holder: &T::AccountId,
        institution: OrganisationId,
        amount_fen: Fen,
        payee_account: Commitment,
    ) -> Result<RedemptionId, DispatchError> {
        ensure!(amount_fen > 0, Error::<T>::AmountZero);
        ensure!(payee_account != Commitment::default(), Error::<T>::CommitmentMissing);
        let organisation = T::Authority::organisation_of(holder)?;
        ensure!(Institutions::<T>::contains_key(institution), Error::<T>::InstitutionUnknown);
        ensure!(organisation != institution, Error::<T>::SameOrganisation);
        let active = T::Authority::holds_role(institution, Role::Clearing);
        ensure!(active, Error::<T>::InstitutionInactive);

        let id = NextRedemptionId::<T>::get();
        let next_id = id.checked_add(1).ok_or(ArithmeticError::Overflow)?;
        let mut open_ids = OpenRedemptionsByHolder::<T>::get(holder);
        open_ids.try_push(id).map_err(|_| Error::<T>::TooManyOpenRedemptions)?;
        T::Currency::hold(&HoldReason::Redemption.into(), holder, amount_fen)?;
        NextRedemptionId::<T>::put(next_id);
        Redemptions::<T>::insert(
            id,
            RedemptionDetails {
                holder: holder.clone(),
                institution,
                amount_fen,
                payee_account,
                requested_at: frame_system::Pallet::<T>::block_number(),
                status: RedemptionStatus::Requested,
            },
        );
        OpenRedemptions::<T>::insert(institution, id, amount_fen);
        OpenRedemptionsByHolder::<T>::insert(holder, open_ids);
        Ok(id)
    }

    /// Marks a request as being paid, so that its holder cannot cancel it.
    ///
    /// # Errors
    /// - Those of [`Self::ensure_paying`].
    /// - [`Error::RedemptionNotRequested`]: it is past that.
    pub(crate) fn do_accept_redemption(
        agent: &T::AccountId,
        id: RedemptionId,
    ) -> Result<OrganisationId, DispatchError> {
        let mut redemption = Self::ensure_paying(agent, id)?;
        let requested = redemption.status == RedemptionStatus::Requested;
        ensure!(requested, Error::<T>::RedemptionNotRequested);
        let institution = redemption.institution;
        redemption.status = RedemptionStatus::Accepted;
        Redemptions::<T>::insert(id, redemption);
        Ok(institution)
    }

    /// Burns the money of an open redemption and posts it; returns the redemption.
    ///
    /// # Errors
    /// - Those of [`Self::ensure_paying`].
    /// - [`Error::RedemptionClosed`]: it is not open.
    /// - [`Error::ReferenceInvalid`], [`Error::ReferenceUsed`]: the reference.
    /// - [`Error::OutstandingExceeded`]: the institution has not so much outstanding.
    pub(crate) fn do_confirm_redemption(
        agent: &T::AccountId,
        id: RedemptionId,
        external_reference: &ExternalReference,
    ) -> Result<RedemptionDetailsOf<T>, DispatchError> {
        let mut redemption = Self::ensure_paying(agent, id)?;
        ensure!(redemption.status.is_open(), Error::<T>::RedemptionClosed);
        let RedemptionDetails { institution, amount_fen, .. } = redemption;
        Self::ensure_reference_free(institution, external_reference)?;
        let mut details =
            Institutions::<T>::get(institution).ok_or(Error::<T>::InstitutionUnknown)?;
        let covered = amount_fen <= details.outstanding_fen();
        ensure!(covered, Error::<T>::OutstandingExceeded);

        details.redeemed_fen =
            details.redeemed_fen.checked_add(amount_fen).ok_or(ArithmeticError::Overflow)?;
        // The deposit has been paid out: a freeze on the account cannot keep the money alive.
        T::Currency::burn_held(
            &HoldReason::Redemption.into(),
            &redemption.holder,
            amount_fen,
            Precision::Exact,
            Fortitude::Force,
        )?;
        Institutions::<T>::insert(institution, details);
        Self::post(
            institution,
            external_reference,
            PostingKind::Redemption { id },
            redemption.holder.clone(),
            amount_fen,
        );
        redemption.status =
            RedemptionStatus::Confirmed { external_reference: external_reference.clone() };
        Self::close(id, &redemption);
        Ok(redemption)
    }

    /// Releases the money of an open redemption that `agent`'s institution, or with `None` the
    /// governance origin, refuses; returns the redemption.
    ///
    /// # Errors
    /// - Those of [`Self::ensure_paying`]; for the governance origin [`Error::RedemptionUnknown`].
    /// - [`Error::RedemptionClosed`]: it is not open.
    pub(crate) fn do_reject_redemption(
        agent: Option<&T::AccountId>,
        id: RedemptionId,
        reason: RejectReason,
    ) -> Result<RedemptionDetailsOf<T>, DispatchError> {
        let redemption = match agent {
            Some(agent) => Self::ensure_paying(agent, id)?,
            None => Redemptions::<T>::get(id).ok_or(Error::<T>::RedemptionUnknown)?,
        };
        ensure!(redemption.status.is_open(), Error::<T>::RedemptionClosed);
        Self::release(id, redemption, RedemptionStatus::Rejected { reason })
    }

    /// Releases the money of a request that `holder` withdraws; returns the redemption.
    ///
    /// # Errors
    /// - [`Error::RedemptionUnknown`], [`Error::NotHolder`]: no such request of `holder`.
    /// - [`Error::RedemptionNotRequested`]: the institution has accepted it, or it is closed.
    pub(crate) fn do_cancel_redemption(
        holder: &T::AccountId,
        id: RedemptionId,
    ) -> Result<RedemptionDetailsOf<T>, DispatchError> {
        let redemption = Redemptions::<T>::get(id).ok_or(Error::<T>::RedemptionUnknown)?;
        ensure!(redemption.holder == *holder, Error::<T>::NotHolder);
        let requested = redemption.status == RedemptionStatus::Requested;
        ensure!(requested, Error::<T>::RedemptionNotRequested);
        Self::release(id, redemption, RedemptionStatus::Cancelled)
    }

    /// The redemption `id`, if `agent` may act on it for the institution that was asked.
    ///
    /// # Errors
    /// - [`Error::RedemptionUnknown`]: there is none.
    /// - Those of [`Authority::ensure_role`] for [`Role::Clearing`].
    /// - [`Error::NotTheInstitution`]: another institution was asked.
    fn ensure_paying(
        agent: &T::AccountId,
        id: RedemptionId,
    ) -> Result<RedemptionDetailsOf<T>, DispatchError> {
        let redemption = Redemptions::<T>::get(id).ok_or(Error::<T>::RedemptionUnknown)?;
        let institution = T::Authority::ensure_role(agent, Role::Clearing, None, None)?;
        ensure!(redemption.institution == institution, Error::<T>::NotTheInstitution);
        Ok(redemption)
    }

    /// Checks that `institution` can post under `external_reference`.
    ///
    /// # Errors
    /// - [`Error::ReferenceInvalid`]: empty, or not all visible ASCII.
    /// - [`Error::ReferenceUsed`]: the institution posted under it before.
    fn ensure_reference_free(
        institution: OrganisationId,
        external_reference: &ExternalReference,
    ) -> DispatchResult {
        let valid =
            !external_reference.is_empty() && external_reference.iter().all(u8::is_ascii_graphic);
        ensure!(valid, Error::<T>::ReferenceInvalid);
        let used = Postings::<T>::contains_key(institution, external_reference);
        ensure!(!used, Error::<T>::ReferenceUsed);
        Ok(())
    }

    /// Writes a line of `institution`'s journal.
    fn post(
        institution: OrganisationId,
        external_reference: &ExternalReference,
        kind: PostingKind,
        account: T::AccountId,
        amount_fen: Fen,
    ) {
        let posted_at = frame_system::Pallet::<T>::block_number();
        let posting: PostingOf<T> = Posting { kind, account, amount_fen, posted_at };
        Postings::<T>::insert(institution, external_reference, posting);
    }

    /// Gives the money of `redemption` back to its holder and closes it with `status`.
    fn release(
        id: RedemptionId,
        mut redemption: RedemptionDetailsOf<T>,
        status: RedemptionStatus,
    ) -> Result<RedemptionDetailsOf<T>, DispatchError> {
        T::Currency::release(
            &HoldReason::Redemption.into(),
            &redemption.holder,
            redemption.amount_fen,
            Precision::Exact,
        )?;
        redemption.status = status;
        Self::close(id, &redemption);
        Ok(redemption)
    }

    /// Records the final status of `redemption` and takes it off the open lists.
    fn close(id: RedemptionId, redemption: &RedemptionDetailsOf<T>) {
        Redemptions::<T>::insert(id, redemption);
        OpenRedemptions::<T>::remove(redemption.institution, id);
        OpenRedemptionsByHolder::<T>::mutate_exists(&redemption.holder, |open_ids| {
            let mut ids = open_ids.take().unwrap_or_default();
            ids.retain(|open_id| *open_id != id);
            *open_ids = Some(ids).filter(|ids| !ids.is_empty());
        });
    }

    /// Makes `new` the holder of the open redemptions of `old`, and moves the money on hold.
    ///
    /// # Errors
    /// - [`Error::TooManyOpenRedemptions`]: `new` has no room for them.
    /// - Those of the currency: `new` cannot have money on hold.
    fn move_redemptions(old: &T::AccountId, new: &T::AccountId) -> DispatchResult {
        let moved_ids = OpenRedemptionsByHolder::<T>::take(old);
        if moved_ids.is_empty() {
            return Ok(());
        }
        let mut amount_fen: Fen = 0;
        for id in &moved_ids {
            let mut redemption = Redemptions::<T>::get(id).ok_or(Error::<T>::RedemptionUnknown)?;
            amount_fen =
                amount_fen.checked_add(redemption.amount_fen).ok_or(ArithmeticError::Overflow)?;
            redemption.holder = new.clone();
            Redemptions::<T>::insert(id, redemption);
        }
        OpenRedemptionsByHolder::<T>::try_mutate(new, |ids| {
            moved_ids.iter().try_for_each(|id| ids.try_push(*id))
        })
        .map_err(|_| Error::<T>::TooManyOpenRedemptions)?;
        T::Currency::transfer_on_hold(
            &HoldReason::Redemption.into(),
            old,
            new,
            amount_fen,
            Precision::Exact,
            Restriction::OnHold,
            Fortitude::Force,
        )?;
        for id in moved_ids {
            let (old, new) = (old.clone(), new.clone());
            Self::deposit_event(Event::RedemptionHolderReplaced { id, old, new });
        }
        Ok(())
    }
}

/// Money follows its holder to another key: what is on hold for redemptions, and what is free.
impl<T: Config> OnKeyReplaced<T::AccountId> for Pallet<T> {
    fn on_key_replaced(old: &T::AccountId, new: &T::AccountId) -> DispatchResult {
        Self::move_redemptions(old, new)?;
        MoveFunds::<T::Currency>::on_key_replaced(old, new)
    }

    /// The most that a key can have to move: free money, and as many open redemptions as may be.
    #[cfg(feature = "runtime-benchmarks")]
    fn prepare_benchmark(old: &T::AccountId) {
        crate::benchmarking::give_what_moves::<T>(old)
            .expect("the institution is registered and the holder is an agent; qed");
    }
}
