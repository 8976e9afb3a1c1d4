//! Item codes, and how they are written into leaves.
//!
//! ```text
//! GS1 serial   0x00 ‖ GTIN 14 digits ‖ serial 1 to 20 of A-Z a-z 0-9 - . _      16 to 35 B
//! organic      0x01 ‖ certifier 3 digits ‖ year 2 digits ‖ random 12 digits     18 B
//! ```
//!
//! Sources: GS1 General Specifications, AI 01 and 21, with the characters that GB/T 33993 carries
//! unescaped; 有机产品认证实施规则 Annex 5 (有机码).

use crate::gs1::Gtin;
use serde::{Deserialize, Serialize};

/// Longest leaf that the chain takes in, in bytes.
pub const LEAF_BYTES_MAX: usize = 64;
/// First byte of a leaf with a GS1 serial.
const GS1_SERIAL: u8 = 0;
/// First byte of a leaf with an organic code.
const ORGANIC: u8 = 1;
/// Longest serial, in characters.
const SERIAL_CHARS_MAX: usize = 20;
/// Digits of an organic code.
const ORGANIC_DIGITS: usize = 17;

/// Why a text is no item code, or does not stand where it must.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeError {
    /// No serial number.
    #[error("serial: 1 to 20 characters of A-Z a-z 0-9 - . _ are expected, got {0:?}")]
    Serial(String),
    /// No organic code.
    #[error("organic code: 17 digits are expected, got {0:?}")]
    Organic(String),
    /// An organic code of another certification body or year than the first of its list.
    #[error(
        "organic code: {expected} are expected first, as in the first code of the list, got {got:?}; make a series for each body and year"
    )]
    OtherPrefix {
        /// Digits of certifier and year.
        expected: String,
        /// What was given.
        got: String,
    },
    /// A code with another GTIN than that of the batch.
    #[error("code: the GTIN of the series is {expected}, got {got:?}")]
    OtherProduct {
        /// GTIN of the series.
        expected: Gtin,
        /// What was given.
        got: String,
    },
    /// A line of a list that is wrong.
    #[error("line {line}: {error}")]
    Line {
        /// Number of the line, from 1.
        line: u32,
        /// What is wrong with it.
        #[source]
        error: Box<CodeError>,
    },
    /// A code that stands twice.
    #[error("{0:?} stands twice; each code is for one item")]
    Twice(String),
    /// A code that stands behind a greater one.
    #[error(
        "{0:?} stands behind a greater code; codes ascend by their bytes, `LC_ALL=C sort` puts them so"
    )]
    Disordered(String),
    /// A list that is not as it was when its index was made.
    #[error("codes: the list is not the one of its index")]
    Damaged,
    /// A list without codes.
    #[error("codes: the list is empty")]
    Empty,
    /// More codes than a series may have.
    #[error("codes: a series has at most {0} codes; make several")]
    TooMany(u32),
    /// A line that is no text of at most so many bytes.
    #[error("text of at most {0} bytes of UTF-8 is expected")]
    Text(usize),
    /// The operating system has no randomness.
    #[error("the operating system gives no randomness; no code was made")]
    NoRandomness,
    /// A code that is not in the list.
    #[error("{0:?} is not in the list")]
    NotListed(String),
}

/// What the codes of a series are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CodeScheme {
    /// GTIN of the batch and a serial number.
    Gs1Serial,
    /// Organic code (有机码) of 17 digits.
    Organic {
        /// Code of the certification body: the last three digits of its approval number; of a
        /// foreign-funded one, 9 and two digits.
        certifier: String,
        /// Year, two digits.
        year: String,
    },
}

impl CodeScheme {
    /// The scheme of organic codes that begin like this one.
    ///
    /// # Errors
    /// [`CodeError::Organic`].
    pub fn organic_like(code: &str) -> Result<Self, CodeError> {
        let is_code = code.len() == ORGANIC_DIGITS && is_digits(code);
        match (is_code, code.get(..3), code.get(3..5)) {
            (true, Some(certifier), Some(year)) => {
                Ok(Self::Organic { certifier: certifier.into(), year: year.into() })
            }
            _ => Err(CodeError::Organic(code.to_owned())),
        }
    }

    /// The leaf of a code, whether or not the code is of this scheme: what stands in a list that
    /// somebody else made.
    pub(super) fn leaf(&self, gtin: &Gtin, code: &str) -> Vec<u8> {
        match self {
            Self::Gs1Serial => {
                [&[GS1_SERIAL][..], gtin.as_str().as_bytes(), code.as_bytes()].concat()
            }
            Self::Organic { .. } => [&[ORGANIC][..], code.as_bytes()].concat(),
        }
    }

    /// Checks that a code is of this scheme.
    ///
    /// # Errors
    /// [`CodeError::Serial`], [`CodeError::Organic`], [`CodeError::OtherPrefix`].
    pub fn check(&self, code: &str) -> Result<(), CodeError> {
        match self {
            Self::Gs1Serial => {
                let allowed =
                    |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
                let is_serial =
                    (1..=SERIAL_CHARS_MAX).contains(&code.len()) && code.bytes().all(allowed);
                if is_serial { Ok(()) } else { Err(CodeError::Serial(code.to_owned())) }
            }
            Self::Organic { certifier, year } => {
                Self::organic_like(code)?;
                let expected = format!("{certifier}{year}");
                if code.starts_with(&expected) {
                    Ok(())
                } else {
                    Err(CodeError::OtherPrefix { expected, got: code.to_owned() })
                }
            }
        }
    }

    /// The code of this scheme as it stands in a list: of `(01)09506000200033(21)A-1`, as labels
    /// show a GTIN with a serial number, the serial number.
    ///
    /// # Errors
    /// [`CodeError::OtherProduct`].
    pub fn code_in_list<'a>(&self, gtin: &Gtin, text: &'a str) -> Result<&'a str, CodeError> {
        let Some((given, serial)) = text.strip_prefix("(01)").and_then(|it| it.split_once("(21)"))
        else {
            return Ok(text);
        };
        if given == gtin.as_str() {
            Ok(serial)
        } else {
            Err(CodeError::OtherProduct { expected: gtin.clone(), got: given.to_owned() })
        }
    }
}

/// The code in a leaf, without its GTIN where it has one; `None` if it is no text.
pub(super) fn code_of_leaf(leaf: &[u8]) -> Option<String> {
    let code = match leaf.split_first()? {
        (&GS1_SERIAL, rest) => rest.get(14..)?,
        (_, rest) => rest,
    };
    String::from_utf8(code.to_vec()).ok()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{super::tree::leaf_hash, *};

    fn organic() -> CodeScheme {
        CodeScheme::Organic { certifier: "134".into(), year: "26".into() }
    }

    /// The vectors of the pallet's tests, computed there by another program.
    #[test]
    fn leaves_are_those_of_the_pallet() {
        let tin: Gtin = "06901234000016".parse().unwrap();
        let leaf = CodeScheme::Gs1Serial.leaf(&tin, "A-1");
        assert_eq!(leaf, b"\x0006901234000016A-1");
        assert_eq!(code_of_leaf(&leaf).as_deref(), Some("A-1"));
        let golden = "4528a03a1459f847dbdd8c17de3feabd45c0824cb5e87bd0a18990939a6affc2";
        assert_eq!(hex::encode(leaf_hash(&leaf)), golden);
        let leaf = organic().leaf(&tin, "13426123456789012");
        assert_eq!(leaf, b"\x0113426123456789012");
        assert_eq!(code_of_leaf(&leaf).as_deref(), Some("13426123456789012"));
        let golden = "f95fe02bcd1d555b43a2427e0b9118577fcb70ddc6af54be3957c6a6ccc3bf56";
        assert_eq!(hex::encode(leaf_hash(&leaf)), golden);
    }

    /// The same texts as in the pallet's tests of `admits`.
    #[test]
    fn codes_are_judged_as_the_pallet_does() {
        for good in ["1", "AZaz09-._", "12345678901234567890"] {
            CodeScheme::Gs1Serial.check(good).unwrap();
        }
        for bad in ["", "123456789012345678901", "A B", "A/B", "A%B", "茶"] {
            assert_eq!(CodeScheme::Gs1Serial.check(bad), Err(CodeError::Serial(bad.into())));
        }
        organic().check("13426123456789012").unwrap();
        for bad in ["1342612345678901", "134261234567890123", "1342612345678901A", ""] {
            assert_eq!(organic().check(bad), Err(CodeError::Organic(bad.into())));
        }
        for other in ["13526123456789012", "13425123456789012"] {
            assert!(matches!(organic().check(other), Err(CodeError::OtherPrefix { .. })));
        }
        assert_eq!(CodeScheme::organic_like("13426123456789012"), Ok(organic()));
        assert!(CodeScheme::organic_like("1342六123456789").is_err());
    }

    #[test]
    fn codes_are_read_as_labels_show_them() {
        let tin: Gtin = "09506000200033".parse().unwrap();
        let read = |text| CodeScheme::Gs1Serial.code_in_list(&tin, text);
        assert_eq!(read("A-1"), Ok("A-1"));
        assert_eq!(read("(01)09506000200033(21)A-1"), Ok("A-1"));
        let error = read("(01)09506000200019(21)A-1").unwrap_err().to_string();
        assert!(error.contains("09506000200033") && error.contains("09506000200019"), "{error}");
    }
}
