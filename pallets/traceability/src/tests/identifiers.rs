//! Check digits, lots, ids, measures.

use crate::{mock::*, *};
use codec::{Decode, Encode, MaxEncodedLen};

#[test]
fn check_digits_follow_gs1() {
    // Examples of the GS1 General Specifications.
    for key in ["06291041500213", "6291041500213", "376104250021234569", "09506000134352"] {
        assert!(has_valid_check_digit(key.as_bytes()), "{key}");
    }
    for key in ["06291041500214", "0629104150021X", "", "376104250021234568"] {
        assert!(!has_valid_check_digit(key.as_bytes()), "{key}");
    }
    assert!(has_valid_check_digit(b"0"));
    assert_eq!(Gtin::parse("6291041500213"), None, "thirteen digits are no GTIN-14");
    assert!(Gln::parse("6291041500213").is_some());
    assert!(Sscc::parse("376104250021234569").is_some());
}

#[test]
fn lots_have_twenty_plain_characters_at_most() {
    assert!(is_valid_lot(&lot("A")));
    assert!(is_valid_lot(&lot("AZaz09-._AZaz09-._AZ")));
    assert!(!is_valid_lot(&Lot::new()));
    for text in ["A B", "A/B", "A%B", "茶", "A&B"] {
        assert!(!is_valid_lot(&lot(text)), "{text}");
    }
    assert!(Lot::try_from(vec![b'A'; 21]).is_err());
}

#[test]
fn batch_id_is_that_of_the_label() {
    let gtin = Gtin::parse("06291041500213").unwrap();
    let expected = sp_io::hashing::blake2_128(b"06291041500213LOT-7");
    assert_eq!(BatchId::of(&gtin, b"LOT-7"), BatchId(expected));
    assert_ne!(BatchId::of(&gtin, b"LOT-7"), BatchId::of(&gtin, b"LOT-70"));
}

#[test]
fn measures_convert_exactly_or_not_at_all() {
    let pound = UnitRule { base: BaseUnit::Milligram, numerator: 45_359_237, denominator: 100 };
    let kilogram = UnitRule { base: BaseUnit::Milligram, numerator: 1_000_000, denominator: 1 };
    let unit = UnitCode::parse("KGM").unwrap();
    let value = |value, decimals| Measure { value, decimals, unit };
    assert_eq!(value(125, 1).in_base_units(&kilogram), Ok(12_500_000));
    assert_eq!(value(1, 6).in_base_units(&kilogram), Ok(1));
    assert_eq!(value(1, 7).in_base_units(&kilogram), Err(MeasureError::Inexact));
    assert_eq!(value(100, 0).in_base_units(&pound), Ok(45_359_237));
    assert_eq!(value(1, 0).in_base_units(&pound), Err(MeasureError::Inexact));
    assert_eq!(value(1_000_000_000, 9).in_base_units(&kilogram), Ok(1_000_000));
    assert_eq!(value(10_000_000_000, 10).in_base_units(&kilogram), Err(MeasureError::Inexact));
    assert_eq!(value(1_000_000_000_000, 0).in_base_units(&kilogram), Ok(MAX_QUANTITY));
    assert_eq!(value(1_000_000_000_001, 0).in_base_units(&kilogram), Err(MeasureError::TooLarge));
    assert_eq!(value(u128::MAX, 0).in_base_units(&kilogram), Err(MeasureError::TooLarge));
}

#[test]
fn unit_codes_are_two_or_three_capitals_or_digits() {
    assert_eq!(UnitCode::parse("EA"), Some(UnitCode(*b"EA ")));
    assert_eq!(UnitCode::parse("C62"), Some(UnitCode(*b"C62")));
    for text in ["", "K", "kgm", "KGMS", "K M", " KG"] {
        assert_eq!(UnitCode::parse(text), None, "{text}");
    }
}

#[test]
fn quantities_shift_and_stay_balanced() {
    let mut quantities = Quantities::new(10);
    assert_eq!(quantities.shift(Bucket::OnHand, Bucket::Sold, 11), None);
    assert_eq!(quantities, Quantities::new(10));
    assert_eq!(quantities.shift(Bucket::OnHand, Bucket::Sold, 4), Some(()));
    assert_eq!(quantities.shift(Bucket::OnHand, Bucket::OnHand, 6), Some(()));
    assert_eq!((quantities.on_hand, quantities.sold), (6, 4));
    assert!(quantities.is_balanced());
    quantities.lost = 1;
    assert!(!quantities.is_balanced());
}

#[test]
fn event_vocabulary_keeps_its_indices() {
    assert_eq!(BizStep::Accepting.encode(), [0]);
    assert_eq!(BizStep::Commissioning.encode(), [4]);
    assert_eq!(BizStep::Shipping.encode(), [30]);
    assert_eq!(BizStep::Sampling.encode(), [40]);
    assert_eq!(Disposition::Active.encode(), [0]);
    assert_eq!(Disposition::Recalled.encode(), [14]);
    assert_eq!(Disposition::Unavailable.encode(), [32]);
    assert_eq!(EventType::AssociationEvent.encode(), [4]);
    assert!(BizStep::decode(&mut &[41u8][..]).is_err());
    assert!(Disposition::decode(&mut &[33u8][..]).is_err());
}

#[test]
fn a_batch_record_stays_below_a_kilobyte() {
    assert!(BatchDetails::max_encoded_len() < 1_024, "{}", BatchDetails::max_encoded_len());
}
