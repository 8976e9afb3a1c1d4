//! Marks of items, second sales, and who may mark.

use super::*;

/// A series of ten codes on ten tins, of which a part is at the shop.
fn at_shop() -> (SeriesId, Leaves, BatchId) {
    let batch = tins();
    let codes = leaves("A", 10);
    let id = create(new_series(batch, &codes));
    (id, codes, TableBatches::split(2, batch, SHOP))
}

#[test]
fn mark_item_works() {
    run(|| {
        let (id, codes, part) = at_shop();
        let mark = |life| Labels::mark_item(by(SHOP), proof(id, &codes, 3), part, life);
        assert_noop!(mark(ItemLife::Returned), Error::<Test>::NotSold);
        assert_ok!(mark(ItemLife::Sold));
        let (series_id, life) = (id, ItemLife::Sold);
        assert!(has_event(Event::ItemMarked { series: series_id, index: 3, life, by: SHOP }));
        let expected = ItemMark { life: ItemLife::Sold, at: START_MS, by: SHOP, n_marks: 1 };
        assert_eq!(Labels::item(id, 3), Some(expected));
        assert_noop!(mark(ItemLife::Sold), Error::<Test>::AlreadySold);
        assert_noop!(mark(ItemLife::Destroyed), Error::<Test>::AlreadySold);
        assert_ok!(mark(ItemLife::Returned));
        assert_noop!(mark(ItemLife::Returned), Error::<Test>::NotSold);
        assert_eq!((series(id).n_sold, series(id).n_returned), (0, 1));
        pass(1);
        assert_ok!(mark(ItemLife::Sold));
        assert_ok!(mark(ItemLife::Returned));
        assert_ok!(mark(ItemLife::Destroyed));
        let expected =
            ItemMark { life: ItemLife::Destroyed, at: START_MS + 1, by: SHOP, n_marks: 5 };
        assert_eq!(Labels::item(id, 3), Some(expected));
        for life in [ItemLife::Sold, ItemLife::Returned, ItemLife::Destroyed] {
            assert_noop!(mark(life), Error::<Test>::AlreadyDestroyed);
        }
        let found = series(id);
        assert_eq!((found.n_sold, found.n_returned, found.n_destroyed), (0, 0, 1));
    });
}

#[test]
fn a_copied_label_is_refused_at_the_second_sale() {
    run(|| {
        let (id, codes, part) = at_shop();
        let elsewhere = TableBatches::split(3, part, RIVAL);
        assert_ok!(Labels::mark_item(by(SHOP), proof(id, &codes, 0), part, ItemLife::Sold));
        assert_noop!(
            Labels::mark_item(by(RIVAL), proof(id, &codes, 0), elsewhere, ItemLife::Sold),
            Error::<Test>::AlreadySold
        );
        assert_ok!(Labels::mark_item(by(RIVAL), proof(id, &codes, 1), elsewhere, ItemLife::Sold));
        assert_eq!(series(id).n_sold, 2);
    });
}

#[test]
fn nobody_marks_what_he_does_not_have() {
    run(|| {
        let (id, codes, part) = at_shop();
        let mark =
            |who, batch| Labels::mark_item(by(who), proof(id, &codes, 0), batch, ItemLife::Sold);
        assert_noop!(mark(RIVAL, part), Error::<Test>::NotHolder);
        assert_noop!(mark(SHOP, BatchId([9; 16])), Error::<Test>::BatchNotFound);
        assert_noop!(mark(BANK, part), FORBIDDEN);
        let unrelated = TableBatches::put(5, TIN, 10);
        TableBatches::change(unrelated, |it| it.holder = RIVAL);
        assert_noop!(mark(RIVAL, unrelated), Error::<Test>::OtherBatch);
        let other_product = TableBatches::split(6, part, RIVAL);
        TableBatches::change(other_product, |it| it.gtin = TEA);
        assert_noop!(mark(RIVAL, other_product), Error::<Test>::OtherBatch);
        assert_ok!(mark(SHOP, part));
    });
}

#[test]
fn an_item_comes_back_to_its_seller() {
    run(|| {
        let (id, codes, part) = at_shop();
        let elsewhere = TableBatches::split(3, part, RIVAL);
        assert_ok!(Labels::mark_item(by(SHOP), proof(id, &codes, 0), part, ItemLife::Sold));
        let back =
            Labels::mark_item(by(RIVAL), proof(id, &codes, 0), elsewhere, ItemLife::Returned);
        assert_noop!(back, Error::<Test>::NotSeller);
        assert_ok!(Labels::mark_item(by(SHOP), proof(id, &codes, 0), part, ItemLife::Returned));
    });
}

#[test]
fn mark_item_boundary_pieces_of_the_batch() {
    run(|| {
        let batch = tins();
        let codes = leaves("A", 30);
        let id = create(new_series(batch, &codes));
        // Ten pieces are at the shop.
        let part = TableBatches::split(2, batch, SHOP);
        let mark = |index, life| Labels::mark_item(by(SHOP), proof(id, &codes, index), part, life);
        for index in 0..9 {
            assert_ok!(mark(index, ItemLife::Sold));
        }
        assert_ok!(mark(9, ItemLife::Destroyed));
        assert_noop!(mark(10, ItemLife::Sold), Error::<Test>::MoreThanBatch);
        assert_noop!(mark(10, ItemLife::Destroyed), Error::<Test>::MoreThanBatch);
        assert_ok!(mark(0, ItemLife::Returned));
        assert_eq!(GoneFrom::<Test>::get(part), 9);
        assert_ok!(mark(10, ItemLife::Sold));
    });
}

#[test]
fn a_stopped_licence_freezes_what_the_labeller_has() {
    run(|| {
        let batch = tins();
        let codes = leaves("A", 10);
        let licence = Some(LICENCE_ID);
        let id = create(NewSeries { licence, ..new_series(batch, &codes) });
        let part = TableBatches::split(2, batch, SHOP);
        TableLicences::stop(true);
        let mark = |who, batch, index| {
            Labels::mark_item(by(who), proof(id, &codes, index), batch, ItemLife::Sold)
        };
        assert_noop!(mark(FACTORY, batch, 0), Error::<Test>::LicenceStopped);
        assert_ok!(mark(SHOP, part, 0));
        TableLicences::stop(false);
        assert_ok!(mark(FACTORY, batch, 1));
    });
}

#[test]
fn marks_need_a_genuine_code() {
    run(|| {
        let (id, codes, part) = at_shop();
        let mut forged = proof(id, &codes, 0);
        forged.leaf = leaf("A9999").try_into().unwrap();
        let mark = |proof| Labels::mark_item(by(SHOP), proof, part, ItemLife::Sold);
        assert_noop!(mark(forged), Error::<Test>::ProofInvalid);
        let mut bad = leaves("B", 2);
        bad[0] = leaf("");
        let batch = TableBatches::put(5, TIN, 10);
        let other = create(new_series(batch, &bad));
        let of_bad = Labels::mark_item(by(FACTORY), proof(other, &bad, 0), batch, ItemLife::Sold);
        assert_noop!(of_bad, Error::<Test>::CodeMalformed);
        assert_ok!(Labels::void_series(by(FACTORY), other));
        assert_noop!(
            Labels::mark_item(by(FACTORY), proof(other, &bad, 1), batch, ItemLife::Sold),
            Error::<Test>::SeriesVoid
        );
    });
}

#[test]
fn nothing_is_sold_of_frozen_series_and_stopped_batches() {
    run(|| {
        let (id, codes, part) = at_shop();
        let mark = |index, life| Labels::mark_item(by(SHOP), proof(id, &codes, index), part, life);
        assert_ok!(mark(0, ItemLife::Sold));
        TableBatches::change(part, |it| it.n_recalls = 1);
        assert_noop!(mark(1, ItemLife::Sold), STOPPED);
        TableBatches::change(part, |it| it.n_recalls = 0);
        assert_ok!(Labels::freeze_series(by(SAMR), id, [1; 32]));
        assert_noop!(mark(1, ItemLife::Sold), Error::<Test>::SeriesNotActive);
        assert_ok!(mark(0, ItemLife::Returned));
        assert_ok!(mark(0, ItemLife::Destroyed));
        assert_ok!(mark(1, ItemLife::Destroyed));
    });
}

#[test]
fn check_code_answers() {
    run(|| {
        let batch = tins();
        let codes = leaves("A", 10);
        let new = NewSeries {
            certificate: Some(CERTIFICATE_ID),
            licence: Some(LICENCE_ID),
            ..new_series(batch, &codes)
        };
        let id = create(new);
        assert_ok!(Labels::mark_item(by(FACTORY), proof(id, &codes, 2), batch, ItemLife::Sold));
        let answer = Labels::check_code(proof(id, &codes, 2));
        assert!(answer.genuine);
        assert_eq!(answer.series, Some(series(id)));
        assert_eq!(answer.mark.map(|mark| mark.life), Some(ItemLife::Sold));
        assert_eq!(answer.certificate, Some(CertificateStatus::Valid));
        assert_eq!(answer.licence_in_force, Some(true));
        assert_eq!(Labels::check_code(proof(id, &codes, 3)).mark, None);
        let mut forged = proof(id, &codes, 2);
        forged.leaf = leaf("X").try_into().unwrap();
        let answer = Labels::check_code(forged.clone());
        assert_eq!((answer.genuine, answer.mark), (false, None));
        forged.series = 9;
        assert_eq!(Labels::check_code(forged).series, None);
    });
}
