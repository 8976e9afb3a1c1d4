//! The life of single items.

use crate::{
    BatchRegister, CodeAnswer, CodeProof, Config, Error, Event, GoneFrom, ItemLife, ItemMark,
    ItemMarks, Pallet, Series, SeriesDetails, SeriesState,
};
use frame_support::ensure;
use pallet_brands::Licences;
use pallet_traceability::{BatchId, Certificates};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// See [`crate::Call::mark_item`].
    pub(crate) fn do_mark_item(
        who: &T::AccountId,
        proof: CodeProof,
        batch: BatchId,
        life: ItemLife,
    ) -> DispatchResult {
        let by = Self::trace_node(who)?;
        let mut series = Self::proven(&proof)?;
        ensure!(series.scheme.admits(&series.gtin.0, &proof.leaf), Error::<T>::CodeMalformed);
        ensure!(series.state != SeriesState::Void, Error::<T>::SeriesVoid);
        let held = T::Batches::batch(batch).ok_or(Error::<T>::BatchNotFound)?;
        ensure!(held.holder == by, Error::<T>::NotHolder);
        ensure!(
            held.gtin == series.gtin && T::Batches::comes_from(batch, series.batch),
            Error::<T>::OtherBatch
        );
        let before = ItemMarks::<T>::get(proof.series, proof.index);
        Self::ensure_may_become(before.map(|mark| mark.life), life)?;
        let mut gone = GoneFrom::<T>::get(batch);
        match life {
            ItemLife::Sold => {
                ensure!(series.state == SeriesState::Active, Error::<T>::SeriesNotActive);
                T::Batches::ensure_not_stopped(batch)?;
                // A stopped licence freezes what its licensee still has, not what others bought.
                let stopped =
                    by == series.labeller && series.licence.is_some_and(T::Licences::is_stopped);
                ensure!(!stopped, Error::<T>::LicenceStopped);
            }
            // Else whoever has a copy would mark the original returned, and sell the copy.
            ItemLife::Returned => {
                ensure!(before.is_some_and(|mark| mark.by == by), Error::<T>::NotSeller);
            }
            ItemLife::Destroyed => {}
        }
        if life == ItemLife::Returned {
            gone = gone.saturating_sub(1);
        } else {
            // Nobody marks more items than he ever had.
            gone = gone
                .checked_add(1)
                .filter(|gone| u128::from(*gone) <= held.quantities.produced)
                .ok_or(Error::<T>::MoreThanBatch)?;
        }
        if let Some(mark) = before {
            let count = Self::count_of(&mut series, mark.life);
            *count = count.checked_sub(1).ok_or(Error::<T>::Inconsistent)?;
        }
        let count = Self::count_of(&mut series, life);
        *count = count.checked_add(1).ok_or(Error::<T>::Inconsistent)?;
        let n_marks = before
            .map_or(0, |mark| mark.n_marks)
            .checked_add(1)
            .ok_or(Error::<T>::NumbersExhausted)?;
        let mark = ItemMark { life, at: Self::now(), by, n_marks };
        ItemMarks::<T>::insert(proof.series, proof.index, mark);
        GoneFrom::<T>::insert(batch, gone);
        Series::<T>::insert(proof.series, series);
        Self::deposit_event(Event::ItemMarked {
            series: proof.series,
            index: proof.index,
            life,
            by,
        });
        Ok(())
    }

    /// An item is sold first and may come back; what came back may be sold again; what is
    /// destroyed stays so, and nothing is destroyed while a consumer has it.
    fn ensure_may_become(before: Option<ItemLife>, life: ItemLife) -> DispatchResult {
        let error = match (before, life) {
            (None | Some(ItemLife::Returned), ItemLife::Sold | ItemLife::Destroyed)
            | (Some(ItemLife::Sold), ItemLife::Returned) => return Ok(()),
            (Some(ItemLife::Sold), _) => Error::<T>::AlreadySold,
            (Some(ItemLife::Destroyed), _) => Error::<T>::AlreadyDestroyed,
            (None | Some(ItemLife::Returned), ItemLife::Returned) => Error::<T>::NotSold,
        };
        Err(DispatchError::from(error))
    }

    fn count_of(series: &mut SeriesDetails, life: ItemLife) -> &mut u32 {
        match life {
            ItemLife::Sold => &mut series.n_sold,
            ItemLife::Returned => &mut series.n_returned,
            ItemLife::Destroyed => &mut series.n_destroyed,
        }
    }

    /// See [`Pallet::check_code`].
    pub(crate) fn answer(proof: &CodeProof) -> CodeAnswer {
        let series = Series::<T>::get(proof.series);
        let genuine = series.is_some_and(|series| {
            proof.holds(&series.root, series.n_codes)
                && series.scheme.admits(&series.gtin.0, &proof.leaf)
        });
        let now = Self::now();
        CodeAnswer {
            genuine,
            series,
            mark: ItemMarks::<T>::get(proof.series, proof.index).filter(|_| genuine),
            certificate: series
                .and_then(|series| series.certificate)
                .and_then(|id| T::Certificates::status_at(id, now)),
            licence_in_force: series
                .and_then(|series| series.licence)
                .map(|id| T::Licences::is_in_force(id, now)),
        }
    }
}
