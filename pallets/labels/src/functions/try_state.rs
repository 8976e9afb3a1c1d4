//! What must hold in storage after every call.

use crate::{
    BatchRegister, CodeScheme, Config, GoneFrom, ItemLife, ItemMarks, LabelCount, Labelled,
    MAX_CODES, NextSeriesId, Pallet, Series, SeriesByRoot, SeriesOfBatch, SeriesState,
};
use alloc::collections::BTreeMap;
use pallet_brands::{LicenceId, Licences, Period};
use pallet_traceability::{CertificateId, Certificates, Gtin};
use sp_runtime::TryRuntimeError;

macro_rules! require {
    ($condition:expr, $message:literal) => {
        if !$condition {
            return Err(TryRuntimeError::Other($message));
        }
    };
}

impl<T: Config> Pallet<T> {
    /// Checks the pallet's laws over its whole state:
    ///
    /// 1. numbers are below the next one; series, roots and batches name each other;
    /// 2. what is labelled of a batch is the sum of its series that are not void, and at most what
    ///    was produced;
    /// 3. a series' content is that of its pieces; what certificates and licences have lent is the
    ///    sum of the contents of the series that are not void, and nobody else drew on them;
    /// 4. a series shows a certificate that its batch carries, and a licence for the bases that its
    ///    batch is from; organic codes come with a certificate;
    /// 5. counts of sold, returned and destroyed items are those of their marks; a void series has
    ///    none, and no mark lies behind the last code; no batch has lost more items than it had
    ///    pieces.
    ///
    /// # Errors
    /// Says which law is broken.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let next = NextSeriesId::<T>::get();
        let mut labelled = BTreeMap::<_, LabelCount>::new();
        let mut drawn = BTreeMap::<_, u128>::new();
        let mut marked = BTreeMap::<_, u128>::new();
        let mut n_series = 0usize;
        for (id, series) in Series::<T>::iter() {
            n_series = n_series.saturating_add(1);
            require!(id < next, "next series is not above all series");
            require!(SeriesByRoot::<T>::get(series.root) == Some(id), "root names another series");
            require!(
                SeriesOfBatch::<T>::get(series.batch, id) == Some(series.n_codes),
                "batch does not list its series"
            );
            require!((1..=MAX_CODES).contains(&series.n_codes), "series of no or too many codes");
            let batch = T::Batches::batch(series.batch).ok_or("series of no batch")?;
            let product = T::Batches::product(&series.gtin).ok_or("series of no product")?;
            require!(
                batch.gtin == series.gtin
                    && product.content(series.n_codes.into()) == Some(series.content),
                "content is not that of the pieces"
            );
            let lent = if series.state == SeriesState::Void { 0 } else { series.content };
            if let Some(licence) = series.licence {
                let sum = drawn.entry((licence, series.gtin, series.period)).or_default();
                *sum = sum.saturating_add(lent);
                let from_bases = T::Licences::has_bases(licence, &batch.origins);
                require!(from_bases, "labels of a licence for other bases");
            }
            if let Some(certificate) = series.certificate {
                let sum = marked.entry(certificate).or_default();
                *sum = sum.saturating_add(lent);
                let carried = batch.claims.iter().any(|claim| {
                    claim.certificate == certificate
                        && claim.made_while_suspended == series.made_while_suspended
                });
                require!(carried, "labels of a certificate that the batch does not carry");
            }
            let count = labelled.entry(series.batch).or_default();
            count.n_series = count.n_series.saturating_add(1);
            if series.state != SeriesState::Void {
                count.n_pieces = count.n_pieces.saturating_add(series.n_codes.into());
            }
            let within = u128::from(count.n_pieces) <= batch.quantities.produced;
            require!(within, "more labels than pieces");
        }
        require!(
            SeriesByRoot::<T>::iter().count() == n_series
                && SeriesOfBatch::<T>::iter().count() == n_series,
            "root or batch of no series"
        );
        for (batch, count) in Labelled::<T>::iter() {
            require!(labelled.remove(&batch) == Some(count), "count of labelled pieces is wrong");
        }
        require!(labelled.is_empty(), "labelled pieces are not counted");
        Self::try_draws(drawn, marked)?;
        Self::try_marks()
    }

    /// Draws on licences and certificates are those of series, and there are no others.
    fn try_draws(
        drawn: BTreeMap<(LicenceId, Gtin, Period), u128>,
        marked: BTreeMap<CertificateId, u128>,
    ) -> Result<(), TryRuntimeError> {
        let total =
            |contents: &mut dyn Iterator<Item = u128>| contents.fold(0, u128::saturating_add);
        let (all_drawn, all_marked) =
            (total(&mut drawn.values().copied()), total(&mut marked.values().copied()));
        for ((licence, gtin, period), content) in drawn {
            require!(
                T::Licences::drawn(licence, &gtin, period) == content,
                "draws on a licence are not those of its series"
            );
        }
        require!(T::Licences::drawn_in_all() == all_drawn, "draw on a licence without series");
        for (certificate, content) in marked {
            require!(
                T::Certificates::drawn(certificate) == content,
                "draws on a certificate are not those of its series"
            );
        }
        require!(
            T::Certificates::drawn_in_all() == all_marked,
            "draw on a certificate without series"
        );
        Ok(())
    }

    fn try_marks() -> Result<(), TryRuntimeError> {
        let mut counts = BTreeMap::<_, [u32; 3]>::new();
        for (id, index, mark) in ItemMarks::<T>::iter() {
            let series = Series::<T>::get(id).ok_or("mark in no series")?;
            require!(index < series.n_codes, "mark behind the last code");
            require!(mark.n_marks > 0, "mark that is not counted");
            let [sold, returned, destroyed] = counts.entry(id).or_default();
            let count = match mark.life {
                ItemLife::Sold => sold,
                ItemLife::Returned => returned,
                ItemLife::Destroyed => destroyed,
            };
            *count = count.saturating_add(1);
        }
        for (id, n_gone) in GoneFrom::<T>::iter() {
            let batch = T::Batches::batch(id).ok_or("items gone from no batch")?;
            let within = u128::from(n_gone) <= batch.quantities.produced;
            require!(within, "more items are gone than the batch has pieces");
        }
        for (id, series) in Series::<T>::iter() {
            let organic = matches!(series.scheme, CodeScheme::Organic { .. });
            require!(!organic || series.certificate.is_some(), "organic codes of no certificate");
            let counted = counts.remove(&id).unwrap_or_default();
            require!(
                counted == [series.n_sold, series.n_returned, series.n_destroyed],
                "counts of items are not those of their marks"
            );
            require!(
                series.state != SeriesState::Void || counted == [0; 3],
                "void series with marks"
            );
        }
        Ok(())
    }
}
