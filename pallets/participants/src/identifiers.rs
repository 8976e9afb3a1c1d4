//! Checks of the identifiers that organisations are known by.

/// The 31 characters of a unified social credit code; the value of a character is its position.
const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Weights of the first 17 characters: 3^(i-1) mod 31.
const USCC_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// The characters that Bitcoin's base 58 leaves out of the ASCII alphanumerics.
const NOT_BASE58: &[u8; 4] = b"0OIl";

/// The check character that completes 17 characters to a unified social credit code; `None` when
/// one of them is not in the alphabet.
///
/// Source: GB 32100-2015.
pub fn uscc_check_character(body: &[u8; 17]) -> Option<u8> {
    let mut sum = 0u32;
    for (character, weight) in body.iter().zip(USCC_WEIGHTS) {
        sum += u32::try_from(USCC_ALPHABET.iter().position(|c| c == character)?).ok()? * weight;
    }
    USCC_ALPHABET.get(usize::try_from((31 - sum % 31) % 31).ok()?).copied()
}

/// Whether `code` is a unified social credit code (统一社会信用代码) in upper case and its check
/// character is right.
///
/// Source: GB 32100-2015.
pub fn is_valid_uscc(code: &[u8; 18]) -> bool {
    let Some((check, body)) = code.split_last() else { return false };
    <&[u8; 17]>::try_from(body).ok().and_then(uscc_check_character) == Some(*check)
}

/// Whether `gln` is thirteen digits with the right check digit.
///
/// Source: GS1 General Specifications, 7.9 (weights 1 and 3 from the left).
pub fn is_valid_gln(gln: &[u8; 13]) -> bool {
    let mut sum = 0u32;
    for (digit, weight) in gln.iter().zip([1, 3].into_iter().cycle()) {
        if !digit.is_ascii_digit() {
            return false;
        }
        sum += u32::from(digit - b'0') * weight;
    }
    sum.is_multiple_of(10)
}

/// Whether `did` has the syntax of a decentralised identifier of method `web` or `key`. What it
/// resolves to is not looked at.
///
/// Source: W3C DID Core 3.1; did:web and did:key method specifications.
pub fn is_valid_did(did: &[u8]) -> bool {
    if let Some(id) = did.strip_prefix(b"did:web:") {
        is_web_id(id)
    } else if let Some(id) = did.strip_prefix(b"did:key:z") {
        !id.is_empty() && id.iter().all(|c| c.is_ascii_alphanumeric() && !NOT_BASE58.contains(c))
    } else {
        false
    }
}

/// A host name, optionally with a percent-encoded port, then path segments after colons.
fn is_web_id(id: &[u8]) -> bool {
    let mut parts = id.split(|c| *c == b':');
    let Some(authority) = parts.next() else { return false };
    is_web_authority(authority) && parts.all(is_id_segment)
}

/// `host` or `host%3Aport`.
fn is_web_authority(authority: &[u8]) -> bool {
    let Some(at) = authority.iter().position(|c| *c == b'%') else {
        return is_host_name(authority);
    };
    let (host, port) = authority.split_at(at);
    let Some(port) = port.strip_prefix(b"%3A").or_else(|| port.strip_prefix(b"%3a")) else {
        return false;
    };
    let port = core::str::from_utf8(port).ok().filter(|p| p.bytes().all(|c| c.is_ascii_digit()));
    is_host_name(host) && port.and_then(|p| p.parse::<u16>().ok()).is_some_and(|p| p > 0)
}

/// Labels of letters, digits and inner hyphens; the last is not a number, which would make it an
/// IP address, and did:web allows none.
fn is_host_name(host: &[u8]) -> bool {
    let is_label = |label: &[u8]| {
        (1..=63).contains(&label.len())
            && label.iter().all(|c| c.is_ascii_alphanumeric() || *c == b'-')
            && label.first() != Some(&b'-')
            && label.last() != Some(&b'-')
    };
    host.split(|c| *c == b'.').all(is_label)
        && host.rsplit(|c| *c == b'.').next().is_some_and(|l| !l.iter().all(u8::is_ascii_digit))
}

/// One or more of DID Core's `idchar`: letters, digits, `.`, `-`, `_` and percent-encoded bytes.
fn is_id_segment(segment: &[u8]) -> bool {
    let mut rest = segment;
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            b'%' => match after {
                [a, b, after @ ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => after,
                _ => return false,
            },
            c if c.is_ascii_alphanumeric() || b".-_".contains(c) => after,
            _ => return false,
        };
    }
    !segment.is_empty()
}

/// Whether `name` is UTF-8 text that can be shown on one line: not empty, no control characters,
/// no white space at its ends.
pub fn is_valid_name(name: &[u8]) -> bool {
    core::str::from_utf8(name).is_ok_and(|text| {
        !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of the domain specification, and codes that companies publish.
    const USCC_VALID: [&[u8; 18]; 4] = [
        b"91350100M000100Y43",
        b"91440300708461136T",
        b"91110000802100433B",
        b"9144030071526726XG",
    ];

    #[test]
    fn uscc_accepts_published_codes() {
        for code in USCC_VALID {
            assert!(is_valid_uscc(code), "{}", core::str::from_utf8(code).unwrap());
        }
    }

    #[test]
    fn uscc_rejects_every_single_substitution() {
        for code in USCC_VALID {
            for at in 0..18 {
                for character in 0..=u8::MAX {
                    let mut other = *code;
                    other[at] = character;
                    assert_eq!(is_valid_uscc(&other), character == code[at]);
                }
            }
        }
    }

    #[test]
    fn uscc_rejects_letters_outside_the_alphabet() {
        for letter in b"IOSVZ" {
            assert_eq!(uscc_check_character(&[*letter; 17]), None);
        }
    }

    #[test]
    fn gln_accepts_gs1_examples_and_no_other_check_digit() {
        // GS1 General Specifications and EPCIS 2.0 examples.
        for gln in [b"9506000134352", b"4012345000009", b"0614141000005", b"0000000000000"] {
            assert!(is_valid_gln(gln));
            for digit in b'0'..=b'9' {
                let mut other = *gln;
                other[12] = digit;
                assert_eq!(is_valid_gln(&other), digit == gln[12]);
            }
        }
        assert!(!is_valid_gln(b"950600013435A"));
        assert!(!is_valid_gln(b" 506000134352"));
    }

    #[test]
    fn did_accepts_web_and_key() {
        for did in [
            "did:web:example.com",
            "did:web:w3c-ccg.github.io",
            "did:web:w3c-ccg.github.io:user:alice",
            "did:web:example.com%3A3000:user:alice",
            "did:web:localhost",
            "did:web:xn--fiqs8s.cn:a%20b",
            "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
        ] {
            assert!(is_valid_did(did.as_bytes()), "{did}");
        }
    }

    #[test]
    fn did_rejects_bad_syntax() {
        for did in [
            "",
            "did:web:",
            "did:web:example.com:",
            "did:web:example..com",
            "did:web:-example.com",
            "did:web:example-.com",
            "did:web:127.0.0.1",
            "did:web:exa mple.com",
            "did:web:example.com%3A",
            "did:web:example.com%3A0",
            "did:web:example.com%3A70000",
            "did:web:example.com%3A+80",
            "did:web:example.com%2F80",
            "did:web:example.com/path",
            "did:web:example.com:a%2",
            "did:web:example.com:a#key",
            "did:key:z",
            "did:key:z6Mk0",
            "did:key:6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
            "did:ethr:0x00",
            "DID:web:example.com",
        ] {
            assert!(!is_valid_did(did.as_bytes()), "{did}");
        }
    }

    #[test]
    fn name_boundaries() {
        assert!(is_valid_name("丽水茶叶合作社".as_bytes()));
        assert!(is_valid_name(b"A"));
        for name in [&b""[..], b" A", b"A ", b"A\nB", b"A\0", b"\xff"] {
            assert!(!is_valid_name(name));
        }
    }
}
