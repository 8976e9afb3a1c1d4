//! The rules behind the calls.

use crate::{
    BudgetCode, Commitment, Config, Controller, Draws, Error, Event, Fen, Finding, Flag, FlagOf,
    Flags, HoldReason, Holder, Holdings, LOTS_MAX, Movement, MovementId, MovementKind, MovementOf,
    Movements, NextMovementId, NextProgrammeId, Pallet, Part, Parts, ProgrammeDetails, ProgrammeId,
    Programmes, Source, Stopped, TagDetails, TagKey, Tags,
};
use frame_support::{
    BoundedVec, ensure,
    pallet_prelude::*,
    traits::{
        fungible::MutateHold,
        tokens::{Fortitude, Precision, Preservation, Restriction},
    },
};
use pallet_participants::authority::{Authority, OrganisationId, Role};
use sp_runtime::{ArithmeticError, traits::AccountIdConversion};

/// A movement's number and how many lots it drew on.
type Moved = (MovementId, u32);

impl<T: Config> Pallet<T> {
    /// The account that has the money of a tag. Nobody has a key of it.
    pub fn tag_account(tag: TagKey) -> T::AccountId {
        T::PalletId::get().into_sub_account_truncating(tag)
    }

    /// The organisation that `agent` acts for as an office: finance department or government.
    ///
    /// # Errors
    /// [`Error::NotAnOffice`]: it may act in neither role.
    pub(crate) fn acting_office(agent: &T::AccountId) -> Result<OrganisationId, DispatchError> {
        T::Authority::ensure_role(agent, Role::Treasury, None, None)
            .or_else(|_| T::Authority::ensure_role(agent, Role::GovParty, None, None))
            .map_err(|_| Error::<T>::NotAnOffice.into())
    }

    /// Whether the organisation is a finance department or a government.
    fn is_office(organisation: OrganisationId) -> bool {
        T::Authority::holds_role(organisation, Role::Treasury)
            || T::Authority::holds_role(organisation, Role::GovParty)
    }

    /// The programme, if `organisation` manages it.
    ///
    /// # Errors
    /// [`Error::ProgrammeUnknown`], [`Error::NotManager`].
    pub(crate) fn managed(
        programme: ProgrammeId,
        organisation: OrganisationId,
    ) -> Result<ProgrammeDetails, Error<T>> {
        let details = Programmes::<T>::get(programme).ok_or(Error::<T>::ProgrammeUnknown)?;
        ensure!(details.managers.contains(&organisation), Error::<T>::NotManager);
        Ok(details)
    }

    /// What an organisation is in a programme; its managers are intermediaries.
    pub(crate) fn part(programme: ProgrammeId, organisation: OrganisationId) -> Option<Part> {
        let managed = Programmes::<T>::get(programme)
            .is_some_and(|details| details.managers.contains(&organisation));
        if managed { Some(Part::Intermediary) } else { Parts::<T>::get(programme, organisation) }
    }

    fn ensure_code(code: &BudgetCode) -> Result<(), Error<T>> {
        let valid = !code.is_empty() && code.iter().all(u8::is_ascii_graphic);
        ensure!(valid, Error::<T>::CodeInvalid);
        Ok(())
    }

    fn ensure_stated(amount_fen: Fen, document: Commitment) -> Result<(), Error<T>> {
        ensure!(amount_fen > 0, Error::<T>::AmountZero);
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        Ok(())
    }

    /// Checks that no auditor stopped the holder.
    fn ensure_not_flagged(programme: ProgrammeId, holder: Holder) -> Result<(), Error<T>> {
        match holder {
            Holder::Organisation(id) => {
                ensure!(!Flags::<T>::contains_key(programme, id), Error::<T>::OrganisationFlagged);
            }
            Holder::Escrow => (),
        }
        Ok(())
    }

    /// Checks that no mechanism stopped the purpose.
    pub(crate) fn ensure_not_stopped(tag: TagKey) -> Result<(), Error<T>> {
        ensure!(!Stopped::<T>::contains_key(tag), Error::<T>::TagStopped);
        Ok(())
    }

    /// Stops a purpose or lets it go on.
    ///
    /// # Errors
    /// [`Error::TagUnknown`].
    pub(crate) fn do_set_stopped(tag: TagKey, stopped: bool) -> DispatchResult {
        ensure!(Tags::<T>::contains_key(tag), Error::<T>::TagUnknown);
        if Stopped::<T>::contains_key(tag) == stopped {
            return Ok(());
        }
        Stopped::<T>::set(tag, stopped.then_some(()));
        let (programme, tag) = tag;
        Self::deposit_event(Event::StopSet { programme, tag, stopped });
        Ok(())
    }

    /// Opens a programme; returns its number.
    ///
    /// # Errors
    /// [`Error::CodeInvalid`], [`Error::ManagersInvalid`].
    pub(crate) fn do_open_programme(
        controller: Controller,
        managers: &[OrganisationId],
        code: BudgetCode,
    ) -> Result<ProgrammeId, DispatchError> {
        Self::ensure_code(&code)?;
        let distinct = managers.iter().enumerate().all(|(n, id)| {
            !managers.iter().take(n).any(|other| other == id)
                && T::Authority::organisation(*id).is_some()
        });
        ensure!(distinct && !managers.is_empty(), Error::<T>::ManagersInvalid);
        let managers =
            BoundedVec::try_from(managers.to_vec()).map_err(|_| Error::<T>::ManagersInvalid)?;
        let id = NextProgrammeId::<T>::get();
        NextProgrammeId::<T>::put(id.checked_add(1).ok_or(ArithmeticError::Overflow)?);
        Self::deposit_event(Event::ProgrammeOpened {
            programme: id,
            controller,
            managers: managers.clone(),
            code: code.clone(),
        });
        Programmes::<T>::insert(id, ProgrammeDetails { controller, managers, code });
        Ok(id)
    }

    /// Opens a purpose of a programme.
    ///
    /// # Errors
    /// [`Error::ProgrammeUnknown`], [`Error::CodeInvalid`], [`Error::TagExists`].
    pub(crate) fn do_open_tag(
        tag: TagKey,
        source: OrganisationId,
        code: BudgetCode,
        ceiling_fen: Fen,
    ) -> DispatchResult {
        ensure!(Programmes::<T>::contains_key(tag.0), Error::<T>::ProgrammeUnknown);
        Self::ensure_code(&code)?;
        ensure!(!Tags::<T>::contains_key(tag), Error::<T>::TagExists);
        // Holds need a provider that stays when no money is free in the account.
        frame_system::Pallet::<T>::inc_providers(&Self::tag_account(tag));
        let (programme, number) = tag;
        Self::deposit_event(Event::TagOpened {
            programme,
            tag: number,
            source,
            ceiling_fen,
            code: code.clone(),
        });
        Tags::<T>::insert(
            tag,
            TagDetails {
                code,
                source,
                ceiling_fen,
                appropriated_fen: 0,
                paid_fen: 0,
                clawed_back_fen: 0,
                held_fen: 0,
            },
        );
        Ok(())
    }

    /// Sets the ceiling of a purpose.
    ///
    /// # Errors
    /// [`Error::TagUnknown`], [`Error::CeilingExceeded`].
    pub(crate) fn do_set_ceiling(tag: TagKey, ceiling_fen: Fen) -> DispatchResult {
        let mut details = Tags::<T>::get(tag).ok_or(Error::<T>::TagUnknown)?;
        let net_fen = details.appropriated_fen.saturating_sub(details.clawed_back_fen);
        ensure!(net_fen <= ceiling_fen, Error::<T>::CeilingExceeded);
        details.ceiling_fen = ceiling_fen;
        Tags::<T>::insert(tag, details);
        let (programme, tag) = tag;
        Self::deposit_event(Event::CeilingSet { programme, tag, ceiling_fen });
        Ok(())
    }

    /// Names or removes a part of a programme.
    ///
    /// # Errors
    /// [`Error::NotAnOffice`], [`Error::ProgrammeUnknown`], [`Error::NotManager`],
    /// [`Error::ManagerHasPart`], [`Error::OrganisationUnknown`],
    /// [`Error::IntermediaryIsNoOffice`], [`Error::PayeeIsOffice`].
    pub(crate) fn do_set_part(
        agent: &T::AccountId,
        programme: ProgrammeId,
        organisation: OrganisationId,
        part: Option<Part>,
    ) -> DispatchResult {
        let by = Self::acting_office(agent)?;
        let details = Programmes::<T>::get(programme).ok_or(Error::<T>::ProgrammeUnknown)?;
        // Who pays knows its villages; who may hold money is for the managers to say.
        let only_payees = part != Some(Part::Intermediary)
            && Parts::<T>::get(programme, organisation) != Some(Part::Intermediary);
        let may = details.managers.contains(&by)
            || (only_payees && Self::part(programme, by) == Some(Part::Intermediary));
        ensure!(may, Error::<T>::NotManager);
        ensure!(!details.managers.contains(&organisation), Error::<T>::ManagerHasPart);
        let known = T::Authority::organisation(organisation).is_some();
        ensure!(known, Error::<T>::OrganisationUnknown);
        match part {
            Some(Part::Intermediary) => {
                ensure!(Self::is_office(organisation), Error::<T>::IntermediaryIsNoOffice);
            }
            Some(Part::Payee) => {
                ensure!(!Self::is_office(organisation), Error::<T>::PayeeIsOffice);
            }
            None => (),
        }
        Parts::<T>::set(programme, organisation, part);
        Self::deposit_event(Event::PartSet { programme, organisation, part, by: Some(by) });
        Ok(())
    }

    /// Makes an office an intermediary, on behalf of a mechanism; nothing for a manager.
    ///
    /// # Errors
    /// [`Error::ProgrammeUnknown`], [`Error::IntermediaryIsNoOffice`].
    pub(crate) fn do_name_intermediary(
        programme: ProgrammeId,
        organisation: OrganisationId,
    ) -> DispatchResult {
        let details = Programmes::<T>::get(programme).ok_or(Error::<T>::ProgrammeUnknown)?;
        ensure!(Self::is_office(organisation), Error::<T>::IntermediaryIsNoOffice);
        if !details.managers.contains(&organisation) {
            let part = Some(Part::Intermediary);
            Parts::<T>::set(programme, organisation, part);
            Self::deposit_event(Event::PartSet { programme, organisation, part, by: None });
        }
        Ok(())
    }

    /// Stops an organisation's money in a programme.
    ///
    /// # Errors
    /// Those of the role check for [`Role::Auditor`]; [`Error::ProgrammeUnknown`],
    /// [`Error::OrganisationUnknown`], [`Error::CommitmentMissing`],
    /// [`Error::OrganisationFlagged`].
    pub(crate) fn do_flag(
        agent: &T::AccountId,
        programme: ProgrammeId,
        organisation: OrganisationId,
        finding: Finding,
        document: Commitment,
    ) -> DispatchResult {
        let auditor = T::Authority::ensure_role(agent, Role::Auditor, None, None)?;
        ensure!(Programmes::<T>::contains_key(programme), Error::<T>::ProgrammeUnknown);
        let known = T::Authority::organisation(organisation).is_some();
        ensure!(known, Error::<T>::OrganisationUnknown);
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        Self::ensure_not_flagged(programme, Holder::Organisation(organisation))?;
        let flagged_at = frame_system::Pallet::<T>::block_number();
        let flag: FlagOf<T> = Flag { auditor, finding, document, flagged_at };
        Flags::<T>::insert(programme, organisation, flag);
        Self::deposit_event(Event::Flagged { programme, organisation, auditor, finding, document });
        Ok(())
    }

    /// Lets an organisation's money go on.
    ///
    /// # Errors
    /// Those of the role check for [`Role::Auditor`]; [`Error::CommitmentMissing`],
    /// [`Error::FlagUnknown`].
    pub(crate) fn do_lift_flag(
        agent: &T::AccountId,
        programme: ProgrammeId,
        organisation: OrganisationId,
        document: Commitment,
    ) -> DispatchResult {
        let auditor = T::Authority::ensure_role(agent, Role::Auditor, None, None)?;
        ensure!(document != Commitment::default(), Error::<T>::CommitmentMissing);
        let flag = Flags::<T>::take(programme, organisation);
        ensure!(flag.is_some(), Error::<T>::FlagUnknown);
        Self::deposit_event(Event::FlagLifted { programme, organisation, auditor, document });
        Ok(())
    }

    /// Binds free money of `from`, an agent of the tag's source, to the purpose.
    ///
    /// # Errors
    /// [`Error::AmountZero`], [`Error::CommitmentMissing`], [`Error::TagUnknown`],
    /// [`Error::NotTheSource`], [`Error::CeilingExceeded`], [`Error::TooManyLots`], those for the
    /// receiver of [`Self::ensure_receives`], and those of the currency.
    pub(crate) fn do_appropriate(
        tag: TagKey,
        from: &T::AccountId,
        to: Holder,
        amount_fen: Fen,
        document: Commitment,
    ) -> Result<MovementId, DispatchError> {
        Self::ensure_stated(amount_fen, document)?;
        let mut details = Tags::<T>::get(tag).ok_or(Error::<T>::TagUnknown)?;
        let organisation = Self::acting_office(from)?;
        ensure!(organisation == details.source, Error::<T>::NotTheSource);
        Self::ensure_receives(tag, to)?;
        details.appropriated_fen =
            details.appropriated_fen.checked_add(amount_fen).ok_or(ArithmeticError::Overflow)?;
        let net_fen = details.appropriated_fen.saturating_sub(details.clawed_back_fen);
        ensure!(net_fen <= details.ceiling_fen, Error::<T>::CeilingExceeded);

        details.held_fen =
            details.held_fen.checked_add(amount_fen).ok_or(ArithmeticError::Overflow)?;
        T::Currency::transfer_and_hold(
            &HoldReason::Purpose.into(),
            from,
            &Self::tag_account(tag),
            amount_fen,
            Precision::Exact,
            Preservation::Expendable,
            Fortitude::Polite,
        )?;
        Tags::<T>::insert(tag, details);
        let kind = MovementKind::Appropriation { from: from.clone(), to };
        let id = Self::record(tag, kind, amount_fen, document, BoundedVec::new())?;
        let (programme, tag) = tag;
        Self::deposit_event(Event::Appropriated {
            movement: id,
            programme,
            tag,
            from: from.clone(),
            to,
            amount_fen,
            document,
        });
        Ok(id)
    }

    /// Moves money under its tag from one holder to another.
    ///
    /// # Errors
    /// [`Error::AmountZero`], [`Error::CommitmentMissing`], [`Error::TagUnknown`],
    /// [`Error::SameHolder`], [`Error::TagStopped`], [`Error::OrganisationFlagged`], those for the
    /// receiver of [`Self::ensure_receives`], and those of [`Self::draw`].
    pub(crate) fn do_transfer(
        tag: TagKey,
        from: Holder,
        to: Holder,
        amount_fen: Fen,
        document: Commitment,
    ) -> Result<Moved, DispatchError> {
        Self::ensure_stated(amount_fen, document)?;
        ensure!(Tags::<T>::contains_key(tag), Error::<T>::TagUnknown);
        ensure!(from != to, Error::<T>::SameHolder);
        Self::ensure_not_stopped(tag)?;
        Self::ensure_not_flagged(tag.0, from)?;
        Self::ensure_receives(tag, to)?;
        let sources = Self::draw(tag, from, amount_fen)?;
        Holdings::<T>::mutate(tag, from, |holding| {
            holding.passed_on_fen = holding.passed_on_fen.saturating_add(amount_fen);
        });
        let n_lots = lots(&sources);
        let kind = MovementKind::Transfer { from, to };
        let id = Self::record(tag, kind, amount_fen, document, sources)?;
        let (programme, tag) = tag;
        Self::deposit_event(Event::Transferred {
            movement: id,
            programme,
            tag,
            from,
            to,
            amount_fen,
            document,
        });
        Ok((id, n_lots))
    }

    /// Pays money to a final beneficiary, whose own it becomes.
    ///
    /// # Errors
    /// [`Error::AmountZero`], [`Error::CommitmentMissing`], [`Error::TagUnknown`],
    /// [`Error::PayeeUnknown`], [`Error::PaymentToIntermediary`], [`Error::TagStopped`],
    /// [`Error::OrganisationFlagged`], and those of [`Self::draw`].
    pub(crate) fn do_pay(
        tag: TagKey,
        from: Holder,
        to: &T::AccountId,
        amount_fen: Fen,
        document: Commitment,
    ) -> Result<Moved, DispatchError> {
        Self::ensure_stated(amount_fen, document)?;
        let mut details = Tags::<T>::get(tag).ok_or(Error::<T>::TagUnknown)?;
        let payee = T::Authority::organisation_of(to).map_err(|_| Error::<T>::PayeeUnknown)?;
        // Asked at the time of payment too: an office may have become one since it was named.
        ensure!(!Self::is_office(payee), Error::<T>::PaymentToIntermediary);
        match Self::part(tag.0, payee) {
            Some(Part::Payee) => (),
            Some(Part::Intermediary) => return Err(Error::<T>::PaymentToIntermediary.into()),
            None => return Err(Error::<T>::PayeeUnknown.into()),
        }
        Self::ensure_not_stopped(tag)?;
        Self::ensure_not_flagged(tag.0, from)?;
        Self::ensure_not_flagged(tag.0, Holder::Organisation(payee))?;
        let sources = Self::draw(tag, from, amount_fen)?;

        details.paid_fen =
            details.paid_fen.checked_add(amount_fen).ok_or(ArithmeticError::Overflow)?;
        details.held_fen =
            details.held_fen.checked_sub(amount_fen).ok_or(ArithmeticError::Underflow)?;
        Tags::<T>::insert(tag, details);
        Holdings::<T>::mutate(tag, from, |holding| {
            holding.paid_fen = holding.paid_fen.saturating_add(amount_fen);
        });
        Self::free(tag, to, amount_fen)?;
        let n_lots = lots(&sources);
        let kind = MovementKind::Payment { from, payee, to: to.clone() };
        let id = Self::record(tag, kind, amount_fen, document, sources)?;
        let (programme, tag) = tag;
        Self::deposit_event(Event::Paid {
            movement: id,
            programme,
            tag,
            from,
            payee,
            to: to.clone(),
            amount_fen,
            document,
        });
        Ok((id, n_lots))
    }

    /// Gives money back to `to`, an agent of the tag's source, whose own it becomes.
    ///
    /// # Errors
    /// [`Error::AmountZero`], [`Error::CommitmentMissing`], [`Error::TagUnknown`],
    /// [`Error::NotTheSource`], and those of [`Self::draw`].
    pub(crate) fn do_claw_back(
        tag: TagKey,
        from: Holder,
        to: &T::AccountId,
        amount_fen: Fen,
        document: Commitment,
    ) -> Result<Moved, DispatchError> {
        Self::ensure_stated(amount_fen, document)?;
        let mut details = Tags::<T>::get(tag).ok_or(Error::<T>::TagUnknown)?;
        let organisation = Self::acting_office(to)?;
        ensure!(organisation == details.source, Error::<T>::NotTheSource);
        let sources = Self::draw(tag, from, amount_fen)?;

        details.clawed_back_fen =
            details.clawed_back_fen.checked_add(amount_fen).ok_or(ArithmeticError::Overflow)?;
        details.held_fen =
            details.held_fen.checked_sub(amount_fen).ok_or(ArithmeticError::Underflow)?;
        Tags::<T>::insert(tag, details);
        Holdings::<T>::mutate(tag, from, |holding| {
            holding.clawed_back_fen = holding.clawed_back_fen.saturating_add(amount_fen);
        });
        Self::free(tag, to, amount_fen)?;
        let n_lots = lots(&sources);
        let kind = MovementKind::ClawBack { from, to: to.clone() };
        let id = Self::record(tag, kind, amount_fen, document, sources)?;
        let (programme, tag) = tag;
        Self::deposit_event(Event::ClawedBack {
            movement: id,
            programme,
            tag,
            from,
            to: to.clone(),
            amount_fen,
            document,
        });
        Ok((id, n_lots))
    }

    /// Checks that a holder may receive money of the tag.
    ///
    /// # Errors
    /// [`Error::IntermediaryUnknown`], [`Error::TransferToPayee`], [`Error::OrganisationFlagged`],
    /// [`Error::TooManyLots`].
    fn ensure_receives(tag: TagKey, to: Holder) -> DispatchResult {
        if let Holder::Organisation(id) = to {
            match Self::part(tag.0, id) {
                Some(Part::Intermediary) => (),
                Some(Part::Payee) => return Err(Error::<T>::TransferToPayee.into()),
                None => return Err(Error::<T>::IntermediaryUnknown.into()),
            }
        }
        Self::ensure_not_flagged(tag.0, to)?;
        let n_lots = Holdings::<T>::get(tag, to).lots.len();
        ensure!(n_lots < LOTS_MAX as usize, Error::<T>::TooManyLots);
        Ok(())
    }

    /// Takes `amount_fen` from the oldest lots of a holder; returns what was taken from which.
    ///
    /// # Errors
    /// [`Error::TagNotHeld`], [`Error::HoldingTooSmall`].
    fn draw(
        tag: TagKey,
        from: Holder,
        amount_fen: Fen,
    ) -> Result<BoundedVec<Source, ConstU32<LOTS_MAX>>, DispatchError> {
        let mut holding = Holdings::<T>::get(tag, from);
        ensure!(holding.balance_fen > 0, Error::<T>::TagNotHeld);
        holding.balance_fen =
            holding.balance_fen.checked_sub(amount_fen).ok_or(Error::<T>::HoldingTooSmall)?;

        let mut sources = BoundedVec::new();
        let mut left_fen = amount_fen;
        while left_fen > 0 {
            let movement = *holding.lots.first().ok_or(Error::<T>::HoldingTooSmall)?;
            let mut lot = Movements::<T>::get(movement).ok_or(Error::<T>::MovementUnknown)?;
            let taken_fen = lot.remaining_fen().min(left_fen);
            let source = Source { movement, offset_fen: lot.drawn_fen, amount_fen: taken_fen };
            sources.try_push(source).map_err(|_| Error::<T>::TooManyLots)?;
            lot.drawn_fen = lot.drawn_fen.saturating_add(taken_fen);
            left_fen = left_fen.saturating_sub(taken_fen);
            if lot.remaining_fen() == 0 {
                holding.lots.remove(0);
            }
            Movements::<T>::insert(movement, lot);
        }
        Holdings::<T>::insert(tag, from, holding);
        Ok(sources)
    }

    /// Records a movement whose money has been taken, and gives it to its holder.
    ///
    /// # Errors
    /// [`Error::TooManyLots`].
    fn record(
        tag: TagKey,
        kind: MovementKind<T::AccountId>,
        amount_fen: Fen,
        document: Commitment,
        sources: BoundedVec<Source, ConstU32<LOTS_MAX>>,
    ) -> Result<MovementId, DispatchError> {
        let id = NextMovementId::<T>::get();
        NextMovementId::<T>::put(id.checked_add(1).ok_or(ArithmeticError::Overflow)?);
        if let Some(to) = kind.to() {
            Holdings::<T>::try_mutate(tag, to, |holding| {
                holding.balance_fen = holding
                    .balance_fen
                    .checked_add(amount_fen)
                    .ok_or(DispatchError::from(ArithmeticError::Overflow))?;
                holding.received_fen = holding.received_fen.saturating_add(amount_fen);
                holding.lots.try_push(id).map_err(|_| Error::<T>::TooManyLots)?;
                Ok::<_, DispatchError>(())
            })?;
        }
        for source in &sources {
            Draws::<T>::insert(source.movement, id, source.amount_fen);
        }
        let recorded_at = frame_system::Pallet::<T>::block_number();
        let movement: MovementOf<T> =
            Movement { tag, kind, amount_fen, drawn_fen: 0, recorded_at, document, sources };
        Movements::<T>::insert(id, movement);
        Ok(id)
    }

    /// Gives money of the tag to an account, free of any purpose.
    fn free(tag: TagKey, to: &T::AccountId, amount_fen: Fen) -> DispatchResult {
        T::Currency::transfer_on_hold(
            &HoldReason::Purpose.into(),
            &Self::tag_account(tag),
            to,
            amount_fen,
            Precision::Exact,
            Restriction::Free,
            Fortitude::Force,
        )?;
        Ok(())
    }
}

/// How many lots a movement drew on.
fn lots(sources: &BoundedVec<Source, ConstU32<LOTS_MAX>>) -> u32 {
    u32::try_from(sources.len()).unwrap_or(LOTS_MAX)
}
