//! Codes and leaves, byte for byte.

use super::*;
use codec::{Encode, MaxEncodedLen};

const ORGANIC_2026: CodeScheme = CodeScheme::Organic { certifier: *b"134", year: *b"26" };

// Computed by another program, from the layouts in the documentation.
const GOLDEN_GS1: &str = "4528a03a1459f847dbdd8c17de3feabd45c0824cb5e87bd0a18990939a6affc2";
const GOLDEN_ORGANIC: &str = "f95fe02bcd1d555b43a2427e0b9118577fcb70ddc6af54be3957c6a6ccc3bf56";
const GOLDEN_ROOT: &str = "823b30d14828fb8b0a17a5d5dc5de06cfc75f736f62dec985e306006a993917f";

fn organic(digits: &str) -> Vec<u8> {
    [&[ORGANIC], digits.as_bytes()].concat()
}

#[test]
fn leaves_are_these_bytes() {
    assert_eq!(leaf("A-1"), b"\x0006901234000016A-1");
    assert_eq!(organic("13426123456789012"), b"\x0113426123456789012");
    let hex = |hash: [u8; 32]| hash.map(|byte| format!("{byte:02x}")).concat();
    assert_eq!(hex(tree::leaf_hash(&leaf("A-1"))), GOLDEN_GS1);
    assert_eq!(hex(tree::leaf_hash(&organic("13426123456789012"))), GOLDEN_ORGANIC);
    let three = [leaf("A-1"), leaf("A-2"), leaf("A-3")];
    assert_eq!(hex(tree::root(&three).unwrap()), GOLDEN_ROOT);
}

#[test]
fn gs1_serials_have_one_to_twenty_plain_characters() {
    let admits = |serial: &str| CodeScheme::Gs1Serial.admits(&TIN.0, &leaf(serial));
    for good in ["1", "AZaz09-._", "12345678901234567890"] {
        assert!(admits(good), "{good}");
    }
    for bad in ["", "123456789012345678901", "A B", "A/B", "A%B", "茶"] {
        assert!(!admits(bad), "{bad}");
    }
    let scheme = CodeScheme::Gs1Serial;
    assert!(!scheme.admits(&TEA.0, &leaf("1")), "of another product");
    assert!(!scheme.admits(&TIN.0, &[]));
    assert!(!scheme.admits(&TIN.0, b"\x0006901234000016"));
    assert!(!scheme.admits(&TIN.0, b"\x01069012340000161"));
}

#[test]
fn organic_codes_have_seventeen_digits_of_their_certifier_and_year() {
    let admits = |digits: &str| ORGANIC_2026.admits(&TIN.0, &organic(digits));
    assert!(admits("13426123456789012"));
    for bad in [
        "1342612345678901",
        "134261234567890123",
        "13526123456789012",
        "13425123456789012",
        "1342612345678901A",
        "",
    ] {
        assert!(!admits(bad), "{bad}");
    }
    assert!(!ORGANIC_2026.admits(&TIN.0, b"\x0013426123456789012"));
    assert!(ORGANIC_2026.is_well_formed() && CodeScheme::Gs1Serial.is_well_formed());
    for (certifier, year) in [(*b"13A", *b"26"), (*b"134", *b"2 ")] {
        assert!(!CodeScheme::Organic { certifier, year }.is_well_formed());
    }
}

#[test]
fn encodings_keep_their_indices() {
    assert_eq!(CodeScheme::Gs1Serial.encode(), [0]);
    assert_eq!(ORGANIC_2026.encode(), b"\x0113426");
    assert_eq!(SeriesState::Frozen(Fault::Ordered).encode(), [1, 3]);
    assert_eq!(SeriesState::Void.encode(), [2]);
    assert_eq!(ItemLife::Destroyed.encode(), [2]);
    assert!(SeriesDetails::max_encoded_len() < 256, "{}", SeriesDetails::max_encoded_len());
}
