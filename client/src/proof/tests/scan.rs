//! What a proof says of an item, and what it must have for that.

use super::*;

#[test]
fn a_scan_says_what_the_records_say() {
    let scan = scanned(&Facts::new());
    assert!(scan.is_in_order());
    assert_eq!((scan.height, scan.time), (1000, Moment(T0 + DAY)));
    assert_eq!(scan.code, "13426000000000003");
    assert_eq!((scan.gtin.as_str(), scan.lot.as_str()), ("09506000200033", "TIN-1"));
    assert_eq!(scan.recall, RecallVerdict::Clear);
    assert_eq!(scan.certificates[0].number, "134OP2600001");
    assert_eq!(scan.certificates[0].when_made, Some(CertificateStatus::Valid));
    assert_eq!(scan.certificates[0].now, Some(CertificateStatus::Valid));
    assert!(scan.certificates[0].is_on_label);
    assert!(scan.licence.as_ref().unwrap().is_in_force);
    assert_eq!(scan.origins[0], OriginScan { base: 0, region: Some(331_127) });
    assert_eq!(scan.origins[1], OriginScan { base: 1, region: None });
    assert_eq!(scan.names, [(1, "景宁茶叶合作社".to_owned())]);
}

/// Goods that something stands against, one by one, and all that does.
pub(super) fn objections() -> Vec<(&'static str, Facts, Vec<Objection>)> {
    let suspend = |facts: &mut Facts| {
        let status = CertificateStatus::Suspended;
        facts.certificate.changes.push(state::StatusChange { at: T0 + 1, status });
    };
    let hold = |facts: &mut Facts| {
        let authority = state::HoldAuthority::FailedTest;
        facts.batch.hold = Some(state::Hold { authority, by: 4, since: T0, reason: None });
    };
    let unlicensed = |facts: &mut Facts| facts.licence.status = LicenceStatus::Suspended;
    type Case = (&'static str, fn(&mut Facts), &'static [Objection]);
    let cases: [Case; 13] = [
        ("recalled", |it| it.batch.n_recalls = 2, &[Objection::Recalled]),
        ("being assessed", |it| it.open_recalls = vec![7], &[Objection::BeingAssessed]),
        ("on hold", hold, &[Objection::OnHold]),
        (
            "test failed",
            |it| it.batch.test.as_mut().unwrap().passed = false,
            &[Objection::TestFailed],
        ),
        (
            "batch destroyed",
            |it| it.batch.stage = state::Stage::Destroyed,
            &[Objection::BatchDestroyed],
        ),
        (
            "item destroyed",
            |it| it.mark = Some(mark(ItemLife::Destroyed)),
            &[Objection::ItemDestroyed],
        ),
        ("series void", |it| it.series.state = SeriesState::Void, &[Objection::SeriesStopped]),
        (
            "made while suspended",
            |it| {
                it.batch.claims[0].made_while_suspended = true;
                it.series.made_while_suspended = true;
            },
            &[Objection::NotCertifiedWhenMade],
        ),
        (
            "certificate suspended",
            suspend,
            &[Objection::CertificateStopped, Objection::LicenceNotInForce],
        ),
        (
            "certificate expired",
            |it| it.certificate.expires = 20_605,
            &[Objection::LabelCertificateEnded, Objection::LicenceNotInForce],
        ),
        ("licence suspended", unlicensed, &[Objection::LicenceNotInForce]),
        ("licence past", |it| it.licence.valid_until = T0 + DAY, &[Objection::LicenceNotInForce]),
        (
            "certificate not claimed",
            |it| it.batch.claims.clear(),
            &[Objection::NotCertifiedWhenMade],
        ),
    ];
    let changed = cases.into_iter().map(|(name, change, against)| {
        let mut facts = Facts::new();
        change(&mut facts);
        (name, facts, against.to_vec())
    });
    changed.collect()
}

#[test]
fn what_stands_against_an_item_is_named() {
    let mut named = Vec::new();
    for (name, facts, against) in objections() {
        let scan = scanned(&facts);
        assert_eq!(scan.against(), against, "{name}");
        assert!(!scan.is_in_order(), "{name}");
        named.extend(against);
    }
    assert!(Objection::ALL.iter().all(|it| named.contains(it)));
    let recalled = scanned(&Facts { open_recalls: vec![7], ..Facts::new() });
    assert_eq!(recalled.recall, RecallVerdict::BeingAssessed);
}

#[test]
fn browsers_say_the_same_words() {
    let texts = include_str!("../../../web/verifier/texts.js");
    for objection in Objection::ALL {
        let name = serde_json::to_value(objection).unwrap();
        let name = name.as_str().unwrap();
        let (chinese, english) = objection.words();
        for words in [chinese, english] {
            assert!(texts.contains(&format!("{name}: \"{words}\"")), "{name}: {words}");
        }
    }
}

#[test]
fn the_status_when_goods_were_made_is_that_of_their_claim() {
    use CertificateStatus::{Suspended, Valid};
    // Packed of what was made before, while the certificate was suspended, which is over since.
    let mut facts = Facts::new();
    facts.certificate.changes.extend([
        state::StatusChange { at: T0 - 1, status: Suspended },
        state::StatusChange { at: T0 + 1, status: Valid },
    ]);
    let scan = scanned(&facts);
    assert_eq!(scan.certificates[0].when_made, Some(Valid));
    assert!(scan.is_in_order());
    // Packed while it was valid, of what was made while it was suspended.
    let mut facts = Facts::new();
    facts.batch.claims[0].made_while_suspended = true;
    assert_eq!(scanned(&facts).certificates[0].when_made, Some(Suspended));
    facts.batch.claims.clear();
    assert_eq!(scanned(&facts).certificates[0].when_made, None);
}

fn mark(life: ItemLife) -> state::ItemMark {
    state::ItemMark { life, at: T0 + 1, by: 3, n_marks: 1 }
}

#[test]
fn only_a_mark_that_an_item_was_destroyed_stands_against_it() {
    for (life, is_in_order) in
        [(ItemLife::Sold, true), (ItemLife::Returned, true), (ItemLife::Destroyed, false)]
    {
        let scan = scanned(&Facts { mark: Some(mark(life)), ..Facts::new() });
        assert_eq!(scan.mark, Some((life, Moment(T0 + 1))));
        assert_eq!(scan.is_in_order(), is_in_order, "{life:?}");
    }
}

#[test]
fn certificates_that_the_label_does_not_show_count_too() {
    use CertificateStatus::{Cancelled, Expired, Revoked, Suspended, Valid};
    // Whether the goods are in order by the status now: with the certificate on the label, and
    // with it carried by the batch alone.
    for (status, on_label, carried) in [
        (Valid, true, true),
        (Suspended, false, false),
        (Revoked, false, false),
        (Cancelled, false, true),
        (Expired, false, true),
    ] {
        let mut facts = Facts::new();
        match status {
            Valid => {}
            Expired => facts.certificate.expires = 20_605,
            _ => facts.certificate.changes.push(state::StatusChange { at: T0 + 1, status }),
        }
        assert_eq!(scanned(&facts).is_in_order(), on_label, "{status:?}");
        facts.series.certificate = None;
        // Its licence would stop with the certificate.
        facts.series.licence = None;
        let scan = scanned(&facts);
        assert_eq!(scan.certificates[0].now, Some(status));
        assert!(!scan.certificates[0].is_on_label);
        assert_eq!(scan.is_in_order(), carried, "{status:?}");
    }
}

#[test]
fn records_are_those_of_the_block() {
    let mut changed = Facts::new();
    changed.batch.n_recalls = 1;
    // The state has the recall, and the bundle the record from before.
    let four = four();
    let recalled = block(&changed, 12, &four);
    let bundle = bundle_of(&Facts::new(), &[recalled], &[]);
    let refused = refusal(&bundle);
    assert_eq!((refused.step, refused.error), (ProofStep::Records, ProofError::WrongRecords));
}

/// A bundle without the records of one place.
fn without(place: &state::Place) -> Bundle {
    let facts = Facts::new();
    let mut bundle = usual(&facts);
    let rows = facts.rows();
    let kept: Vec<_> = rows
        .iter()
        .map(|(key, _)| key.as_slice())
        .filter(|key| !key.starts_with(&key_prefix(place)))
        .collect();
    (bundle.records, bundle.siblings) = facts.state().prove(&kept);
    bundle
}

fn key_prefix(place: &state::Place) -> Vec<u8> {
    key(place, &[])
}

#[test]
fn what_a_scan_needs_is_named_when_it_is_missing() {
    for (place, step) in [
        (&state::SERIES, ProofStep::Item),
        (&state::BATCH, ProofStep::Story),
        (&state::CERTIFICATE, ProofStep::Story),
        (&state::LICENCE, ProofStep::Story),
        (&state::OPEN_RECALLS, ProofStep::Story),
    ] {
        let refused = refusal(&without(place));
        assert_eq!(refused.error, ProofError::RecordMissing(place.name));
        assert_eq!(refused.step, step);
    }
    // What only adorns the page may be missing.
    for place in [&state::BASE, &state::ORGANISATION] {
        let bundle = without(place);
        assert!(bundle.scan(&checkpoint(10, &four(), &four()), &bounds()).is_ok());
    }
}

#[test]
fn codes_must_be_in_the_series() {
    let with = |change: fn(&mut Bundle)| {
        let mut bundle = usual(&Facts::new());
        change(&mut bundle);
        refusal(&bundle).error
    };
    assert_eq!(with(|it| it.item = None), ProofError::NoItem);
    fn item(bundle: &mut Bundle) -> Item {
        bundle.item.take().unwrap()
    }
    assert_eq!(with(|it| it.item = Some(Item { index: 2, ..item(it) })), ProofError::NotInSeries);
    assert_eq!(
        with(|it| it.item = Some(Item { leaf: b"\x0113426000000000009".to_vec(), ..item(it) })),
        ProofError::NotInSeries
    );
    let mut facts = Facts::new();
    facts.series.scheme = state::CodeScheme::Gs1Serial;
    assert_eq!(refusal(&usual(&facts)).error, ProofError::CodeMalformed);
}

#[test]
fn records_are_read_strictly() {
    let facts = Facts::new();
    let mut rows = facts.rows();
    rows[1].1.push(0);
    let state = State(rows.clone());
    let four = four();
    let mut bundle =
        bundle_of(&facts, &[Block { state_root: state.root(), ..block(&facts, 12, &four) }], &[]);
    let keys: Vec<_> = rows.iter().map(|(key, _)| key.as_slice()).collect();
    (bundle.records, bundle.siblings) = state.prove(&keys);
    assert_eq!(refusal(&bundle).error, ProofError::RecordMalformed("batch"));
}
