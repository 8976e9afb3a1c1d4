//! Deliberate breaks of every law.

use super::*;

/// Breaks something in a state with a licensed series and a sold item, and expects the law's
/// sentence.
#[track_caller]
fn broken(breaking: impl FnOnce(SeriesId, BatchId), sentence: &'static str) {
    new_test_ext().execute_with(|| {
        let batch = tins();
        let codes = leaves("A", 10);
        let licence = Some(LICENCE_ID);
        let id = create(NewSeries { licence, ..new_series(batch, &codes) });
        assert_ok!(Labels::mark_item(by(FACTORY), proof(id, &codes, 2), batch, ItemLife::Sold));
        assert_ok!(Labels::do_try_state());
        breaking(id, batch);
        assert_eq!(Labels::do_try_state(), Err(sentence.into()));
    });
}

fn change(id: SeriesId, change: impl FnOnce(&mut SeriesDetails)) {
    Series::<Test>::mutate(id, |series| change(series.as_mut().unwrap()));
}

#[test]
fn broken_series_are_found() {
    broken(|id, _| NextSeriesId::<Test>::put(id), "next series is not above all series");
    broken(|id, _| change(id, |it| it.root = [9; 32]), "root names another series");
    broken(
        |id, batch| SeriesOfBatch::<Test>::insert(batch, id, 9),
        "batch does not list its series",
    );
    broken(|_, _| SeriesByRoot::<Test>::insert([9; 32], 0), "root or batch of no series");
    broken(|_, batch| SeriesOfBatch::<Test>::insert(batch, 9, 1), "root or batch of no series");
    broken(|id, _| change(id, |it| it.content = 1), "content is not that of the pieces");
    broken(
        |id, batch| {
            change(id, |it| it.n_codes = 0);
            SeriesOfBatch::<Test>::insert(batch, id, 0);
        },
        "series of no or too many codes",
    );
}

#[test]
fn broken_draws_and_counts_are_found() {
    broken(
        |_, batch| TableBatches::change(batch, |it| it.quantities.produced = 9),
        "more labels than pieces",
    );
    broken(
        |_, batch| Labelled::<Test>::mutate(batch, |count| count.n_pieces = 9),
        "count of labelled pieces is wrong",
    );
    broken(
        |_, batch| Labelled::<Test>::mutate(batch, |count| count.n_series = 2),
        "count of labelled pieces is wrong",
    );
    broken(|_, batch| Labelled::<Test>::remove(batch), "labelled pieces are not counted");
    broken(
        |_, _| {
            use pallet_brands::Licences as _;
            TableLicences::draw(LICENCE_ID, FACTORY, &TIN, 1).unwrap();
        },
        "draws on a licence are not those of its series",
    );
    broken(|id, _| change(id, |it| it.licence = None), "draw on a licence without series");
    broken(
        |id, _| change(id, |it| it.certificate = Some(CERTIFICATE_ID)),
        "draws on a certificate are not those of its series",
    );
    broken(
        |_, _| {
            use pallet_traceability::Certificates as _;
            TableCertificates::draw_marks(CERTIFICATE_ID, FACTORY, &TIN, 1).unwrap();
        },
        "draw on a certificate without series",
    );
    broken(
        |id, _| change(id, |it| it.certificate = Some(CERTIFICATE_ID + 1)),
        "labels of a certificate that the batch does not carry",
    );
    broken(
        |_, batch| TableBatches::change(batch, |it| it.origins[0] = 1),
        "labels of a licence for other bases",
    );
}

#[test]
fn broken_marks_are_found() {
    let mark = ItemMark { life: ItemLife::Sold, at: 0, by: SHOP, n_marks: 1 };
    broken(move |_, _| ItemMarks::<Test>::insert(9, 0, mark), "mark in no series");
    broken(move |id, _| ItemMarks::<Test>::insert(id, 10, mark), "mark behind the last code");
    let wrong = "counts of items are not those of their marks";
    broken(move |id, _| ItemMarks::<Test>::insert(id, 3, mark), wrong);
    broken(|id, _| change(id, |it| it.n_sold = 0), wrong);
    broken(|id, _| change(id, |it| it.n_destroyed = 1), wrong);
    broken(
        move |id, _| ItemMarks::<Test>::insert(id, 2, ItemMark { n_marks: 0, ..mark }),
        "mark that is not counted",
    );
    broken(
        |_, batch| GoneFrom::<Test>::insert(batch, 101),
        "more items are gone than the batch has pieces",
    );
    broken(|_, _| GoneFrom::<Test>::insert(BatchId([9; 16]), 1), "items gone from no batch");
    let scheme = CodeScheme::Organic { certifier: *b"134", year: *b"26" };
    broken(move |id, _| change(id, |it| it.scheme = scheme), "organic codes of no certificate");
    broken(
        |id, batch| {
            use pallet_brands::Licences as _;
            TableLicences::give_back(LICENCE_ID, &TIN, 2026, 1_000_000).unwrap();
            Labelled::<Test>::mutate(batch, |count| count.n_pieces = 0);
            change(id, |it| it.state = SeriesState::Void);
        },
        "void series with marks",
    );
}

#[test]
fn numbers_run_out() {
    run(|| {
        let new = new_series(tins(), &leaves("A", 10));
        NextSeriesId::<Test>::put(SeriesId::MAX);
        assert_noop!(Labels::create_series(by(FACTORY), new), Error::<Test>::NumbersExhausted);
        NextSeriesId::<Test>::put(0);
    });
}

#[test]
fn counts_that_contradict_each_other_are_not_acted_on() {
    new_test_ext().execute_with(|| {
        let (batch, codes) = (tins(), leaves("A", 10));
        let id = create(new_series(batch, &codes));
        Labelled::<Test>::mutate(batch, |count| count.n_pieces = 9);
        assert_noop!(Labels::void_series(by(FACTORY), id), Error::<Test>::Inconsistent);
        assert_ok!(Labels::mark_item(by(FACTORY), proof(id, &codes, 2), batch, ItemLife::Sold));
        change(id, |series| series.n_sold = 0);
        let back = Labels::mark_item(by(FACTORY), proof(id, &codes, 2), batch, ItemLife::Returned);
        assert_noop!(back, Error::<Test>::Inconsistent);
    });
}
