//! Legal deadlines: setting them running, closing them, and finding the late ones.

use crate::{
    Config, Duties, Duty, DutyId, DutyKind, DutyRow, Error, Event, MAX_PAGE, NextDutyId,
    OpenDuties, Pallet,
};
use alloc::vec::Vec;
use frame_support::ensure;
use pallet_calendar::{Calendar, Moment, Term};
use pallet_participants::OrganisationId;
use pallet_traceability::Commitment;
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Sets a duty of `body` running, which must be known when due.
    ///
    /// # Errors
    /// Those of [`Calendar::due`]; [`Error::NumbersExhausted`].
    pub(crate) fn start_duty(
        body: OrganisationId,
        kind: DutyKind,
        term: Term,
    ) -> Result<DutyId, DispatchError> {
        let due = T::Calendar::due(Self::now(), term)?;
        Self::put_duty(body, kind, term, Some(due))
    }

    /// Sets a duty of `body` running that is not held up by a calendar that is not known yet.
    ///
    /// # Errors
    /// [`Error::NumbersExhausted`].
    pub(crate) fn start_urgent_duty(
        body: OrganisationId,
        kind: DutyKind,
        term: Term,
    ) -> Result<DutyId, DispatchError> {
        let due = T::Calendar::due(Self::now(), term).ok();
        Self::put_duty(body, kind, term, due)
    }

    fn put_duty(
        body: OrganisationId,
        kind: DutyKind,
        term: Term,
        due: Option<Moment>,
    ) -> Result<DutyId, DispatchError> {
        let id = Self::next_number::<_, NextDutyId<T>>()?;
        let start = Self::now();
        let duty = Duty { body, kind, start, term, due, done_at: None, document: None };
        Duties::<T>::insert(id, duty);
        OpenDuties::<T>::insert(body, id, start);
        Self::deposit_event(Event::DutyStarted { id, body, kind, due });
        Ok(id)
    }

    /// Closes a duty, if it is not closed already.
    pub(crate) fn finish_duty(id: Option<DutyId>, document: Option<Commitment>) {
        let Some(id) = id else { return };
        let Some(mut duty) = Duties::<T>::get(id).filter(|duty| duty.done_at.is_none()) else {
            return;
        };
        duty.done_at = Some(Self::now());
        duty.document = document;
        Duties::<T>::insert(id, duty);
        OpenDuties::<T>::remove(duty.body, id);
        let late = Self::duty_row(id, duty).late;
        Self::deposit_event(Event::DutyDone { id, body: duty.body, late });
    }

    /// See [`crate::Call::publish`].
    pub(crate) fn do_publish(
        who: &T::AccountId,
        id: DutyId,
        document: Commitment,
    ) -> DispatchResult {
        let duty = Duties::<T>::get(id).ok_or(Error::<T>::DutyNotFound)?;
        Self::ensure_of_body(who, duty.body)?;
        ensure!(matches!(duty.kind, DutyKind::Publish(_)), Error::<T>::NotADutyToPublish);
        ensure!(duty.done_at.is_none(), Error::<T>::DutyDoneAlready);
        Self::ensure_commitment(&document)?;
        Self::finish_duty(Some(id), Some(document));
        Ok(())
    }

    /// A duty with what follows from the time.
    pub(crate) fn duty_row(id: DutyId, duty: Duty) -> DutyRow {
        let due = duty.due.or_else(|| T::Calendar::due(duty.start, duty.term).ok());
        let at = duty.done_at.unwrap_or_else(Self::now);
        DutyRow { id, duty, due, late: due.is_some_and(|due| at >= due) }
    }

    /// See [`Pallet::open_duties`].
    pub(crate) fn duty_page(
        body: OrganisationId,
        only_late: bool,
        start_after: Option<DutyId>,
        limit: u32,
    ) -> (Vec<DutyRow>, Option<DutyId>) {
        let limit = limit.min(MAX_PAGE) as usize;
        let ids = match start_after {
            None => OpenDuties::<T>::iter_key_prefix(body),
            Some(id) => OpenDuties::<T>::iter_key_prefix_from(
                body,
                OpenDuties::<T>::hashed_key_for(body, id),
            ),
        };
        let ids: Vec<_> = ids.take(limit).collect();
        let next = ids.last().copied().filter(|_| ids.len() == limit);
        let rows = ids
            .into_iter()
            .filter_map(|id| Duties::<T>::get(id).map(|duty| Self::duty_row(id, duty)))
            .filter(|row| row.late || !only_late)
            .collect();
        (rows, next)
    }
}
