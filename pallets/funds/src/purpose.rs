//! What other pallets ask of purpose-bound money: the glue trait between them.

use crate::{
    BudgetCode, Commitment, Config, Controller, Fen, Flags, Holder, Holding, Holdings, MovementId,
    Pallet, ProgrammeId, Stopped, TagDetails, TagKey, Tags,
};
use alloc::vec::Vec;
use frame_support::dispatch::DispatchResult;
use pallet_participants::authority::OrganisationId;
use sp_runtime::DispatchError;

/// Purpose-bound money for a mechanism that decides what comes in and what goes back.
///
/// Each function writes nothing when it fails, as long as its caller is a call, which is rolled
/// back as a whole.
pub trait PurposeFunds<AccountId> {
    /// Opens a programme of the mechanism with its managers.
    ///
    /// # Errors
    /// When the code is not visible ASCII, or there are too many managers, or one twice.
    fn open_programme(
        managers: &[OrganisationId],
        code: BudgetCode,
    ) -> Result<ProgrammeId, DispatchError>;

    /// Opens a purpose whose money comes from `source`.
    ///
    /// # Errors
    /// When the programme is unknown, the tag is open already, or the code is not visible ASCII.
    fn open_tag(
        tag: TagKey,
        source: OrganisationId,
        code: BudgetCode,
        ceiling_fen: Fen,
    ) -> DispatchResult;

    /// Makes an office an intermediary of the programme.
    ///
    /// # Errors
    /// When the programme is unknown, or the organisation is no finance department or government.
    fn name_intermediary(programme: ProgrammeId, organisation: OrganisationId) -> DispatchResult;

    /// Sets the most that may be appropriated net of what was clawed back.
    ///
    /// # Errors
    /// When the tag is unknown, or more has been appropriated net of what was clawed back.
    fn set_ceiling(tag: TagKey, ceiling_fen: Fen) -> DispatchResult;

    /// Binds free money of `from` to the purpose.
    ///
    /// # Errors
    /// When `from` is no agent of the source, the ceiling or the holder's lots have no room, or
    /// `from` has not so much free.
    fn appropriate(
        tag: TagKey,
        from: &AccountId,
        to: Holder,
        amount_fen: Fen,
        document: Commitment,
    ) -> Result<MovementId, DispatchError>;

    /// Moves purpose-bound money to another holder.
    ///
    /// # Errors
    /// When `from` has not so much under the tag, the receiver is no intermediary, or either is
    /// stopped.
    fn transfer(
        tag: TagKey,
        from: Holder,
        to: Holder,
        amount_fen: Fen,
        document: Commitment,
    ) -> Result<MovementId, DispatchError>;

    /// Gives purpose-bound money back to an account of its source.
    ///
    /// # Errors
    /// When `to` is no agent of the source, or `from` has not so much under the tag.
    fn claw_back(
        tag: TagKey,
        from: Holder,
        to: &AccountId,
        amount_fen: Fen,
        document: Commitment,
    ) -> Result<MovementId, DispatchError>;

    /// The purpose and the totals of its money.
    fn tag(tag: TagKey) -> Option<TagDetails>;

    /// What a holder has under a tag.
    fn holding(tag: TagKey, holder: Holder) -> Holding;

    /// Who has money under a tag, in the order of storage, at most `limit`.
    ///
    /// Reads every holding of the tag: one for each intermediary that ever had money of it.
    fn holders(tag: TagKey, limit: u32) -> Vec<Holder>;

    /// Stops the purpose, so that its money is neither passed on nor paid and goes back by
    /// [`PurposeFunds::claw_back`] only; or lets it go on.
    ///
    /// # Errors
    /// When the tag is unknown.
    fn set_stopped(tag: TagKey, stopped: bool) -> DispatchResult;

    /// Whether the purpose is stopped.
    fn is_stopped(tag: TagKey) -> bool;

    /// Whether an auditor stopped the organisation in the programme.
    fn is_flagged(programme: ProgrammeId, organisation: OrganisationId) -> bool;
}

impl<T: Config> PurposeFunds<T::AccountId> for Pallet<T> {
    fn open_programme(
        managers: &[OrganisationId],
        code: BudgetCode,
    ) -> Result<ProgrammeId, DispatchError> {
        Self::do_open_programme(Controller::Mechanism, managers, code)
    }

    fn open_tag(
        tag: TagKey,
        source: OrganisationId,
        code: BudgetCode,
        ceiling_fen: Fen,
    ) -> DispatchResult {
        Self::do_open_tag(tag, source, code, ceiling_fen)
    }

    fn name_intermediary(programme: ProgrammeId, organisation: OrganisationId) -> DispatchResult {
        Self::do_name_intermediary(programme, organisation)
    }

    fn set_ceiling(tag: TagKey, ceiling_fen: Fen) -> DispatchResult {
        Self::do_set_ceiling(tag, ceiling_fen)
    }

    fn appropriate(
        tag: TagKey,
        from: &T::AccountId,
        to: Holder,
        amount_fen: Fen,
        document: Commitment,
    ) -> Result<MovementId, DispatchError> {
        Self::do_appropriate(tag, from, to, amount_fen, document)
    }

    fn transfer(
        tag: TagKey,
        from: Holder,
        to: Holder,
        amount_fen: Fen,
        document: Commitment,
    ) -> Result<MovementId, DispatchError> {
        Self::do_transfer(tag, from, to, amount_fen, document).map(|(id, _)| id)
    }

    fn claw_back(
        tag: TagKey,
        from: Holder,
        to: &T::AccountId,
        amount_fen: Fen,
        document: Commitment,
    ) -> Result<MovementId, DispatchError> {
        Self::do_claw_back(tag, from, to, amount_fen, document).map(|(id, _)| id)
    }

    fn tag(tag: TagKey) -> Option<TagDetails> {
        Tags::<T>::get(tag)
    }

    fn holding(tag: TagKey, holder: Holder) -> Holding {
        Holdings::<T>::get(tag, holder)
    }

    fn holders(tag: TagKey, limit: u32) -> Vec<Holder> {
        Holdings::<T>::iter_prefix(tag)
            .filter(|(_, holding)| holding.balance_fen > 0)
            .map(|(holder, _)| holder)
            .take(limit as usize)
            .collect()
    }

    fn set_stopped(tag: TagKey, stopped: bool) -> DispatchResult {
        Self::do_set_stopped(tag, stopped)
    }

    fn is_stopped(tag: TagKey) -> bool {
        Stopped::<T>::contains_key(tag)
    }

    fn is_flagged(programme: ProgrammeId, organisation: OrganisationId) -> bool {
        Flags::<T>::contains_key(programme, organisation)
    }
}
