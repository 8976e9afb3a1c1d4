//! Making series, and giving them up.

use crate::{
    BatchRegister, CodeScheme, Commitment, Config, Error, Event, Fault, LabelCount, Labelled,
    MAX_CODES, MAX_SERIES_OF_BATCH, MarkCodes, Moment, NewSeries, NextSeriesId, ORGANIC_DIGITS,
    Pallet, Series, SeriesByRoot, SeriesDetails, SeriesId, SeriesOfBatch, SeriesState,
};
use frame_support::{ensure, traits::UnixTime};
use pallet_brands::Licences;
use pallet_participants::{Authority, OrganisationId, Role};
use pallet_traceability::{BaseUnit, BatchDetails, Certificates};
use sp_runtime::{DispatchError, DispatchResult};

impl<T: Config> Pallet<T> {
    /// Block time in milliseconds.
    pub(crate) fn now() -> Moment {
        u64::try_from(T::Time::now().as_millis()).unwrap_or(u64::MAX)
    }

    /// The trace node that `who` acts for.
    pub(crate) fn trace_node(who: &T::AccountId) -> Result<OrganisationId, DispatchError> {
        T::Authority::ensure_role(who, Role::TraceNode, None, None)
    }

    /// The series on record.
    pub(crate) fn series_of(id: SeriesId) -> Result<SeriesDetails, DispatchError> {
        Ok(Series::<T>::get(id).ok_or(Error::<T>::SeriesNotFound)?)
    }

    /// See [`crate::Call::create_series`].
    pub(crate) fn do_create_series(who: &T::AccountId, new: NewSeries) -> DispatchResult {
        let labeller = Self::trace_node(who)?;
        ensure!((1..=MAX_CODES).contains(&new.n_codes), Error::<T>::CountInvalid);
        ensure!(new.scheme.is_well_formed(), Error::<T>::SchemeInvalid);
        ensure!(new.root != [0; 32] && new.list != [0; 32], Error::<T>::HashMissing);
        ensure!(!SeriesByRoot::<T>::contains_key(new.root), Error::<T>::RootAlreadyUsed);
        let batch = T::Batches::batch(new.batch).ok_or(Error::<T>::BatchNotFound)?;
        let (labelled, content) = Self::check_pieces(labeller, &new, &batch)?;
        let id = NextSeriesId::<T>::get();
        let next = id.checked_add(1).ok_or(Error::<T>::NumbersExhausted)?;
        Self::check_scheme(&new)?;
        let mut made_while_suspended = false;
        if let Some(certificate) = new.certificate {
            let claim = batch
                .claims
                .iter()
                .find(|claim| claim.certificate == certificate)
                .ok_or(Error::<T>::CertificateNotCarried)?;
            made_while_suspended = claim.made_while_suspended;
            T::Certificates::draw_marks(certificate, labeller, &batch.gtin, content)?;
        }
        let mut period = 0;
        if let Some(licence) = new.licence {
            ensure!(T::Licences::has_bases(licence, &batch.origins), Error::<T>::ForeignBase);
            period = T::Licences::draw(licence, labeller, &batch.gtin, content)?;
        }
        let now = Self::now();
        Series::<T>::insert(
            id,
            SeriesDetails {
                batch: new.batch,
                gtin: batch.gtin,
                labeller,
                root: new.root,
                n_codes: new.n_codes,
                scheme: new.scheme,
                list: new.list,
                state: SeriesState::Active,
                state_since: now,
                certificate: new.certificate,
                made_while_suspended,
                licence: new.licence,
                period,
                content,
                left_before: left(&batch),
                created_at: now,
                n_sold: 0,
                n_returned: 0,
                n_destroyed: 0,
            },
        );
        NextSeriesId::<T>::put(next);
        SeriesByRoot::<T>::insert(new.root, id);
        SeriesOfBatch::<T>::insert(new.batch, id, new.n_codes);
        Labelled::<T>::insert(new.batch, labelled);
        Self::deposit_event(Event::SeriesCreated {
            series: id,
            batch: new.batch,
            labeller,
            root: new.root,
            n_codes: new.n_codes,
        });
        Ok(())
    }

    /// The codes are those that go with the certificate's mark.
    fn check_scheme(new: &NewSeries) -> DispatchResult {
        match (new.scheme, new.certificate) {
            (CodeScheme::Gs1Serial, certificate) => {
                let asked = certificate.is_some_and(T::MarkCodes::asks_for_organic_codes);
                ensure!(!asked, Error::<T>::OrganicCodesMissing);
            }
            (CodeScheme::Organic { .. }, None) => {
                return Err(Error::<T>::OrganicWithoutCertificate.into());
            }
            (CodeScheme::Organic { certifier: [a, b, c], year: [d, e] }, Some(certificate)) => {
                // All codes of the series have these five digits, and any others behind them.
                let mut code = [b'0'; ORGANIC_DIGITS];
                code.iter_mut().zip([a, b, c, d, e]).for_each(|(at, digit)| *at = digit);
                T::MarkCodes::ensure_organic_code(certificate, &code)?;
            }
        }
        Ok(())
    }

    /// The labeller has the pieces, new with this batch and not labelled before; returns how many
    /// are labelled then, and the content of the new ones.
    fn check_pieces(
        labeller: OrganisationId,
        new: &NewSeries,
        batch: &BatchDetails,
    ) -> Result<(LabelCount, u128), DispatchError> {
        ensure!(batch.holder == labeller, Error::<T>::NotHolder);
        ensure!(T::Batches::has_new_pieces(batch), Error::<T>::PiecesNotNew);
        ensure!(batch.stage.is_available(), Error::<T>::BatchNotAvailable);
        T::Batches::ensure_not_stopped(new.batch)?;
        let product = T::Batches::product(&batch.gtin).ok_or(Error::<T>::ProductNotFound)?;
        ensure!(product.base_unit == BaseUnit::Each, Error::<T>::NotInPieces);
        let mut labelled = Labelled::<T>::get(new.batch);
        ensure!(labelled.n_series < MAX_SERIES_OF_BATCH, Error::<T>::TooManySeries);
        labelled.n_series = labelled.n_series.saturating_add(1);
        labelled.n_pieces = labelled
            .n_pieces
            .checked_add(u64::from(new.n_codes))
            .filter(|n_pieces| u128::from(*n_pieces) <= batch.quantities.produced)
            .ok_or(Error::<T>::AllLabelled)?;
        let n_codes = u128::from(new.n_codes);
        ensure!(n_codes <= batch.quantities.on_hand, Error::<T>::BatchNotAvailable);
        let content = product.content(n_codes).ok_or(Error::<T>::CountInvalid)?;
        Ok((labelled, content))
    }

    /// See [`crate::Call::void_series`].
    pub(crate) fn do_void_series(who: &T::AccountId, id: SeriesId) -> DispatchResult {
        let labeller = Self::trace_node(who)?;
        let mut series = Self::series_of(id)?;
        ensure!(series.labeller == labeller, Error::<T>::NotLabeller);
        match series.state {
            SeriesState::Active => (),
            SeriesState::Frozen(_) => return Err(Error::<T>::SeriesFrozen.into()),
            SeriesState::Void => return Err(Error::<T>::SeriesVoid.into()),
        }
        let batch = T::Batches::batch(series.batch).ok_or(Error::<T>::BatchNotFound)?;
        let mut labelled = Labelled::<T>::get(series.batch);
        let n_marked = [series.n_sold, series.n_returned, series.n_destroyed];
        // No piece has left the labeller since, so that no labelled one has.
        let unused = n_marked == [0; 3]
            && batch.holder == labeller
            && batch.quantities.in_transit == 0
            && left(&batch) <= series.left_before;
        ensure!(unused, Error::<T>::SeriesUsed);
        labelled.n_pieces = labelled
            .n_pieces
            .checked_sub(u64::from(series.n_codes))
            .ok_or(Error::<T>::Inconsistent)?;
        if let Some(certificate) = series.certificate {
            T::Certificates::return_marks(certificate, &series.gtin, series.content)?;
        }
        if let Some(licence) = series.licence {
            T::Licences::give_back(licence, &series.gtin, series.period, series.content)?;
        }
        Labelled::<T>::insert(series.batch, labelled);
        series.state = SeriesState::Void;
        series.state_since = Self::now();
        Series::<T>::insert(id, series);
        Self::deposit_event(Event::SeriesVoided { series: id, by: labeller });
        Ok(())
    }

    /// See [`crate::Call::freeze_series`].
    pub(crate) fn do_freeze_series(
        who: &T::AccountId,
        id: SeriesId,
        reason: Commitment,
    ) -> DispatchResult {
        let series = Self::series_of(id)?;
        let by = Self::market_supervision(who, series.labeller)?;
        ensure!(reason != [0; 32], Error::<T>::HashMissing);
        ensure!(series.state == SeriesState::Active, Error::<T>::SeriesNotActive);
        Self::freeze(id, series, Fault::Ordered, by, Some(reason));
        Ok(())
    }

    /// See [`crate::Call::release_series`].
    pub(crate) fn do_release_series(
        who: &T::AccountId,
        id: SeriesId,
        reason: Commitment,
    ) -> DispatchResult {
        let mut series = Self::series_of(id)?;
        let by = Self::market_supervision(who, series.labeller)?;
        ensure!(reason != [0; 32], Error::<T>::HashMissing);
        // What is proven stays so.
        let ordered = series.state == SeriesState::Frozen(Fault::Ordered);
        ensure!(ordered, Error::<T>::SeriesNotReleasable);
        series.state = SeriesState::Active;
        series.state_since = Self::now();
        Series::<T>::insert(id, series);
        Self::deposit_event(Event::SeriesReleased { series: id, by, reason });
        Ok(())
    }

    /// The market supervision authority that `who` acts for, in the region of the labeller.
    fn market_supervision(
        who: &T::AccountId,
        labeller: OrganisationId,
    ) -> Result<OrganisationId, DispatchError> {
        let region = T::Authority::organisation(labeller).map(|summary| summary.region);
        T::Authority::ensure_role(who, Role::Samr, region, None)
    }

    /// Freezes a series.
    pub(crate) fn freeze(
        id: SeriesId,
        mut series: SeriesDetails,
        fault: Fault,
        by: OrganisationId,
        reason: Option<Commitment>,
    ) {
        series.state = SeriesState::Frozen(fault);
        series.state_since = Self::now();
        Series::<T>::insert(id, series);
        Self::deposit_event(Event::SeriesFrozen { series: id, fault, by, reason });
    }
}

/// Pieces of a batch that have gone into other batches or been sold.
fn left(batch: &BatchDetails) -> u128 {
    batch.quantities.consumed.saturating_add(batch.quantities.sold)
}
