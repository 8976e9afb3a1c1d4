//! The 17-digit organic code.

use crate::{mock::*, *};
use frame_support::{assert_err, assert_ok};

#[test]
fn a_code_is_seventeen_digits_of_its_body() {
    let parse = |text: &[u8]| OrganicCode::parse(text, *b"101");
    let code = parse(b"10126123456789012").unwrap();
    assert_eq!(code.digits(), b"10126123456789012");
    assert_eq!((code.body_code(), code.year()), (*b"101", 26));
    for short in [&b""[..], b"1012612345678901", b"101261234567890123", b"1012612345678901X"] {
        assert_eq!(parse(short), Err(OrganicCodeError::NotSeventeenDigits));
    }
    assert_eq!(parse("１01261234567890".as_bytes()), Err(OrganicCodeError::NotSeventeenDigits));
    assert_eq!(parse(b"10226123456789012"), Err(OrganicCodeError::OtherBody));
    assert_eq!(parse(b"01126123456789012"), Err(OrganicCodeError::OtherBody));
}

#[test]
fn a_code_is_checked_against_the_certificate() {
    run(|| {
        let id = certified();
        let check = |text: &[u8]| Certification::organic_code(id, text);
        assert_ok!(check(b"10126000000000000"));
        // The certificate reaches into 2027.
        assert_ok!(check(b"10127999999999999"));
        assert_err!(check(b"10125000000000000"), Error::<Test>::OrganicCodeYearInvalid);
        assert_err!(check(b"10128000000000000"), Error::<Test>::OrganicCodeYearInvalid);
        assert_err!(check(b"1012600000000000"), Error::<Test>::OrganicCodeInvalid);
        assert_err!(check(b"92326000000000000"), Error::<Test>::OrganicCodeOfAnotherBody);
        assert_err!(
            Certification::organic_code(9, b"10126000000000000"),
            Error::<Test>::CertificateNotFound
        );
        let view = |id, text: &[u8]| Certification::is_organic_code_of(id, text.to_vec());
        assert_eq!(view(id, b"10126000000000000"), Some(true));
        assert_eq!(view(id, b"10226000000000000"), Some(false));
        assert_eq!(view(9, b"10126000000000000"), None);
    });
}

#[test]
fn a_scheme_without_codes_has_none() {
    run(|| {
        let id = evaluated(GARDEN, ApplicationRequest { scheme: GREEN_FOOD, ..request() });
        let id = decided(id, certify(id, "101GF2600001"));
        assert_err!(
            Certification::organic_code(id, b"10126000000000000"),
            Error::<Test>::NoOrganicCodes
        );
    });
}

#[test]
fn a_code_needs_the_bodys_approval_on_record() {
    run(|| {
        let id = certified();
        let approval = Approvals::<Test>::take(BODY).unwrap();
        assert_err!(
            Certification::organic_code(id, b"10126000000000000"),
            Error::<Test>::BodyNotApproved
        );
        Approvals::<Test>::insert(BODY, approval);
    });
}
