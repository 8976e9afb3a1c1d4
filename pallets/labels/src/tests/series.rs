//! Making series, giving them up, and orders of market supervision.

use super::*;
use pallet_traceability::Bucket;

#[test]
fn create_series_works() {
    run(|| {
        let batch = tins();
        let leaves = leaves("A", 40);
        let new = NewSeries {
            certificate: Some(CERTIFICATE_ID),
            licence: Some(LICENCE_ID),
            ..new_series(batch, &leaves)
        };
        let id = create(new);
        let found = Labels::series(id).unwrap();
        assert_eq!((found.batch, found.gtin, found.labeller), (batch, TIN, FACTORY));
        assert_eq!((found.root, found.n_codes, found.list), (new.root, 40, [2; 32]));
        assert_eq!((found.state, found.state_since), (SeriesState::Active, START_MS));
        assert_eq!((found.content, found.period), (4_000_000, 2026));
        assert_eq!(found.certificate, Some(CERTIFICATE_ID));
        assert!(!found.made_while_suspended);
        assert!(has_event(Event::SeriesCreated {
            series: id,
            batch,
            labeller: FACTORY,
            root: new.root,
            n_codes: 40
        }));
        assert_eq!(TableCertificates::drawn(), 4_000_000);
        assert_eq!(TableLicences::taken(), 4_000_000);
        let (series, count) = Labels::series_of_batch(batch);
        assert_eq!(series, [(id, found)]);
        assert_eq!(count, LabelCount { n_pieces: 40, n_series: 1 });
    });
}

#[test]
fn create_series_boundary_pieces() {
    run(|| {
        let batch = tins();
        create(new_series(batch, &leaves("A", 60)));
        let more =
            |count| Labels::create_series(by(FACTORY), new_series(batch, &leaves("B", count)));
        assert_noop!(more(41), Error::<Test>::AllLabelled);
        TableBatches::change(batch, |it| it.quantities.on_hand = 39);
        assert_noop!(more(40), Error::<Test>::BatchNotAvailable);
        TableBatches::change(batch, |it| it.quantities.on_hand = 100);
        assert_ok!(more(40));
        let one = new_series(batch, &leaves("C", 1));
        assert_noop!(Labels::create_series(by(FACTORY), one), Error::<Test>::AllLabelled);
    });
}

#[test]
fn create_series_boundary_count() {
    run(|| {
        let batch = TableBatches::put(1, TIN, 2_000_000);
        let with = |n_codes| NewSeries { n_codes, ..new_series(batch, &leaves("A", 2)) };
        for n_codes in [0, MAX_CODES + 1] {
            assert_noop!(
                Labels::create_series(by(FACTORY), with(n_codes)),
                Error::<Test>::CountInvalid
            );
        }
        assert_eq!(series(create(with(MAX_CODES))).content, 100_000_000_000);
    });
}

#[test]
fn create_series_boundary_series_of_a_batch() {
    run(|| {
        let batch = TableBatches::put(1, TIN, 1_000);
        for n in 0..MAX_SERIES_OF_BATCH {
            create(new_series(batch, &leaves(&format!("A{n}-"), 1)));
        }
        assert_noop!(
            Labels::create_series(by(FACTORY), new_series(batch, &leaves("B", 1))),
            Error::<Test>::TooManySeries
        );
        assert_eq!(Labels::series_of_batch(batch).0.len(), MAX_SERIES_OF_BATCH as usize);
    });
}

#[test]
fn create_series_rejects_bad_input() {
    run(|| {
        let batch = tins();
        let good = new_series(batch, &leaves("A", 2));
        let create_by = |who, new| Labels::create_series(who, new);
        let bad = |new| create_by(by(FACTORY), new);
        let organic = |certifier, year| CodeScheme::Organic { certifier, year };
        for scheme in [organic(*b"1A3", *b"26"), organic(*b"134", *b"x6")] {
            assert_noop!(bad(NewSeries { scheme, ..good }), Error::<Test>::SchemeInvalid);
        }
        assert_noop!(bad(NewSeries { root: [0; 32], ..good }), Error::<Test>::HashMissing);
        assert_noop!(bad(NewSeries { list: [0; 32], ..good }), Error::<Test>::HashMissing);
        let unknown = NewSeries { batch: BatchId([9; 16]), ..good };
        assert_noop!(bad(unknown), Error::<Test>::BatchNotFound);
        assert_noop!(create_by(by(SHOP), good), Error::<Test>::NotHolder);
        assert_noop!(create_by(by(BANK), good), FORBIDDEN);
        assert_noop!(create_by(RuntimeOrigin::signed(STRANGER), good), FORBIDDEN);
        assert_noop!(create_by(RuntimeOrigin::root(), good), DispatchError::BadOrigin);
        let bulk = TableBatches::put(2, TEA, 100);
        assert_noop!(bad(NewSeries { batch: bulk, ..good }), Error::<Test>::NotInPieces);
        let strange = TableBatches::put(3, Gtin(*b"06901234000047"), 100);
        assert_noop!(bad(NewSeries { batch: strange, ..good }), Error::<Test>::ProductNotFound);
        let part = TableBatches::split(4, batch, FACTORY);
        assert_noop!(bad(NewSeries { batch: part, ..good }), Error::<Test>::PiecesNotNew);
        TableBatches::change(batch, |it| it.stage = Stage::InTransit);
        assert_noop!(bad(good), Error::<Test>::BatchNotAvailable);
        TableBatches::change(batch, |it| it.stage = Stage::Packed);
        TableBatches::change(batch, |it| it.n_recalls = 1);
        assert_noop!(bad(good), STOPPED);
        TableBatches::change(batch, |it| it.n_recalls = 0);
        create(good);
        let again = NewSeries { n_codes: 1, ..good };
        assert_noop!(bad(again), Error::<Test>::RootAlreadyUsed);
    });
}

#[test]
fn create_series_needs_what_it_draws_on() {
    run(|| {
        let batch = tins();
        let good = new_series(batch, &leaves("A", 2));
        let create_with = |certificate, licence| {
            Labels::create_series(by(FACTORY), NewSeries { certificate, licence, ..good })
        };
        assert_noop!(create_with(Some(6), None), Error::<Test>::CertificateNotCarried);
        TableCertificates::set(CertificateStatus::Suspended);
        assert_noop!(create_with(Some(7), None), DispatchError::Unavailable);
        TableCertificates::set(CertificateStatus::Valid);
        TableBatches::change(batch, |it| it.origins = vec![0, 1].try_into().unwrap());
        assert_noop!(create_with(None, Some(LICENCE_ID)), Error::<Test>::ForeignBase);
        TableBatches::change(batch, |it| it.origins = vec![0].try_into().unwrap());
        assert_noop!(create_with(None, Some(1)), Error::<Test>::ForeignBase);
        assert_ok!(create_with(Some(7), Some(LICENCE_ID)));
    });
}

#[test]
fn create_series_boundary_draws() {
    run(|| {
        let batch = TableBatches::put(1, TIN, 1_000);
        let with = |prefix, count| NewSeries {
            certificate: Some(CERTIFICATE_ID),
            ..new_series(batch, &leaves(prefix, count))
        };
        assert_noop!(Labels::create_series(by(FACTORY), with("A", 101)), DispatchError::Exhausted);
        create(with("A", 100));
        assert_noop!(Labels::create_series(by(FACTORY), with("B", 1)), DispatchError::Exhausted);
        let licensed = NewSeries { certificate: None, licence: Some(LICENCE_ID), ..with("C", 101) };
        assert_noop!(Labels::create_series(by(FACTORY), licensed), DispatchError::Exhausted);
    });
}

#[test]
fn goods_of_a_suspended_certificate_are_told_apart() {
    run(|| {
        let batch = tins();
        TableBatches::change(batch, |it| it.claims[0].made_while_suspended = true);
        let certificate = Some(CERTIFICATE_ID);
        let id = create(NewSeries { certificate, ..new_series(batch, &leaves("A", 2)) });
        assert!(series(id).made_while_suspended);
    });
}

#[test]
fn void_series_gives_draws_back() {
    run(|| {
        let batch = tins();
        let new = NewSeries {
            certificate: Some(CERTIFICATE_ID),
            licence: Some(LICENCE_ID),
            ..new_series(batch, &leaves("A", 100))
        };
        let id = create(new);
        assert_noop!(Labels::void_series(by(SHOP), id), Error::<Test>::NotLabeller);
        assert_noop!(Labels::void_series(by(BANK), id), FORBIDDEN);
        assert_noop!(Labels::void_series(by(FACTORY), 9), Error::<Test>::SeriesNotFound);
        assert_ok!(Labels::void_series(by(FACTORY), id));
        assert!(has_event(Event::SeriesVoided { series: id, by: FACTORY }));
        assert_eq!(series(id).state, SeriesState::Void);
        assert_eq!((TableCertificates::drawn(), TableLicences::taken()), (0, 0));
        assert_noop!(Labels::void_series(by(FACTORY), id), Error::<Test>::SeriesVoid);
        // The pieces may be labelled anew, with other codes.
        assert_noop!(Labels::create_series(by(FACTORY), new), Error::<Test>::RootAlreadyUsed);
        create(NewSeries { root: tree::root(&leaves("B", 100)).unwrap(), ..new });
    });
}

#[test]
fn void_series_rejects_what_is_used() {
    run(|| {
        let batch = tins();
        let codes = leaves("A", 60);
        let id = create(new_series(batch, &codes));
        let other = create(new_series(batch, &leaves("B", 20)));
        let void = || Labels::void_series(by(FACTORY), id);
        for bucket in [Bucket::Consumed, Bucket::Sold, Bucket::InTransit] {
            let shift = |from, to| {
                TableBatches::change(batch, |it| it.quantities.shift(from, to, 1).unwrap());
            };
            shift(Bucket::OnHand, bucket);
            assert_noop!(void(), Error::<Test>::SeriesUsed);
            shift(bucket, Bucket::OnHand);
        }
        // What was lost or destroyed at the labeller did not get into trade.
        TableBatches::change(batch, |it| {
            it.quantities.shift(Bucket::OnHand, Bucket::Lost, 1).unwrap();
        });
        TableBatches::change(batch, |it| it.holder = SHOP);
        assert_noop!(void(), Error::<Test>::SeriesUsed);
        TableBatches::change(batch, |it| it.holder = FACTORY);
        let life = ItemLife::Destroyed;
        assert_ok!(Labels::mark_item(by(FACTORY), proof(id, &codes, 0), batch, life));
        assert_noop!(void(), Error::<Test>::SeriesUsed);
        assert_ok!(Labels::void_series(by(FACTORY), other));
    });
}

#[test]
fn pieces_that_left_before_do_not_keep_a_series_from_being_voided() {
    run(|| {
        let batch = tins();
        TableBatches::change(batch, |it| {
            it.quantities.shift(Bucket::OnHand, Bucket::Consumed, 40).unwrap();
        });
        let id = create(new_series(batch, &leaves("A", 60)));
        assert_ok!(Labels::void_series(by(FACTORY), id));
    });
}

#[test]
fn market_supervision_freezes_and_releases() {
    run(|| {
        let id = create(new_series(tins(), &leaves("A", 2)));
        let freeze = |who, reason| Labels::freeze_series(by(who), id, reason);
        let release = |who, reason| Labels::release_series(by(who), id, reason);
        assert_noop!(freeze(SAMR_HUANGSHAN, [1; 32]), FORBIDDEN);
        assert_noop!(freeze(FACTORY, [1; 32]), FORBIDDEN);
        assert_noop!(freeze(SAMR, [0; 32]), Error::<Test>::HashMissing);
        assert_noop!(release(SAMR, [1; 32]), Error::<Test>::SeriesNotReleasable);
        assert_noop!(Labels::freeze_series(by(SAMR), 9, [1; 32]), Error::<Test>::SeriesNotFound);
        pass(5);
        assert_ok!(freeze(SAMR, [1; 32]));
        assert_eq!(series(id).state, SeriesState::Frozen(Fault::Ordered));
        assert_eq!(series(id).state_since, START_MS + 5);
        let (fault, reason) = (Fault::Ordered, Some([1; 32]));
        assert!(has_event(Event::SeriesFrozen { series: id, fault, by: SAMR, reason }));
        assert_noop!(freeze(SAMR, [1; 32]), Error::<Test>::SeriesNotActive);
        assert_noop!(release(SAMR, [0; 32]), Error::<Test>::HashMissing);
        assert_noop!(release(FACTORY, [1; 32]), FORBIDDEN);
        assert_ok!(release(SAMR, [2; 32]));
        assert!(has_event(Event::SeriesReleased { series: id, by: SAMR, reason: [2; 32] }));
        assert_eq!(series(id).state, SeriesState::Active);
        assert_ok!(Labels::void_series(by(FACTORY), id));
        assert_noop!(freeze(SAMR, [1; 32]), Error::<Test>::SeriesNotActive);
    });
}

/// A labeller does not get quota back, nor rid of a fault, by giving a frozen series up.
#[test]
fn void_series_rejects_what_is_frozen() {
    run(|| {
        let mut bad = leaves("A", 2);
        bad[0] = leaf("");
        let faulty = create(NewSeries {
            certificate: Some(CERTIFICATE_ID),
            licence: Some(LICENCE_ID),
            ..new_series(tins(), &bad)
        });
        assert_ok!(Labels::report_fault(by(BANK), FaultProof::Malformed(proof(faulty, &bad, 0))));
        let void = |id| Labels::void_series(by(FACTORY), id);
        assert_noop!(void(faulty), Error::<Test>::SeriesFrozen);
        assert_eq!(series(faulty).state, SeriesState::Frozen(Fault::Malformed));
        assert_eq!((TableCertificates::drawn(), TableLicences::taken()), (200_000, 200_000));
        let ordered = create(new_series(tins(), &leaves("B", 2)));
        assert_ok!(Labels::freeze_series(by(SAMR), ordered, [1; 32]));
        assert_noop!(void(ordered), Error::<Test>::SeriesFrozen);
        assert_ok!(Labels::release_series(by(SAMR), ordered, [1; 32]));
        assert_ok!(void(ordered));
    });
}

#[test]
fn organic_codes_are_of_the_certificates_body_and_years() {
    run(|| {
        TableCertificates::ask_for_organic_codes(true);
        let of = |certifier, year| {
            let scheme = CodeScheme::Organic { certifier, year };
            let leaves: Leaves = (0..2u64)
                .map(|n| {
                    let random = format!("{n:012}");
                    [&[ORGANIC], &certifier[..], &year[..], random.as_bytes()].concat()
                })
                .collect();
            let certificate = Some(CERTIFICATE_ID);
            NewSeries { scheme, certificate, ..new_series(tins(), &leaves) }
        };
        let create_with = |new| Labels::create_series(by(FACTORY), new);
        for (certifier, year) in
            [(b"135", b"26"), (b"234", b"26"), (b"134", b"25"), (b"134", b"28")]
        {
            assert_noop!(create_with(of(*certifier, *year)), OTHER_CODE);
        }
        let good = of(*b"134", *b"26");
        assert_noop!(
            create_with(NewSeries { certificate: None, ..good }),
            Error::<Test>::OrganicWithoutCertificate
        );
        assert_ok!(create_with(good));
        assert_ok!(create_with(of(*b"134", *b"27")));
        TableCertificates::ask_for_organic_codes(false);
        assert_noop!(create_with(of(*b"134", *b"27")), Error::<Test>::RootAlreadyUsed);
        let other = NewSeries { root: [3; 32], ..good };
        assert_noop!(create_with(other), OTHER_CODE);
    });
}

#[test]
fn a_certificate_with_organic_codes_takes_no_others() {
    run(|| {
        let new = new_series(tins(), &leaves("A", 2));
        let marked = NewSeries { certificate: Some(CERTIFICATE_ID), ..new };
        TableCertificates::ask_for_organic_codes(true);
        assert_noop!(
            Labels::create_series(by(FACTORY), marked),
            Error::<Test>::OrganicCodesMissing
        );
        // The same pieces without the mark.
        create(new);
        TableCertificates::ask_for_organic_codes(false);
        create(NewSeries { root: [3; 32], ..marked });
    });
}
