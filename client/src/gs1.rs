//! Names of things, checked before anything is sent: GS1 keys, lots, and the ids derived from them.
//!
//! The chain checks the same rules; to know here which field is wrong saves a transaction.

use blake2::{Blake2b, Digest, digest::consts::U16};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Why a text is no name of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// A GS1 key of the wrong length or with other characters than digits.
    #[error("{kind}: {digits} digits are expected, got {got:?}")]
    Digits {
        /// `GTIN`, `GLN` or `SSCC`.
        kind: &'static str,
        /// Lengths that the key may have, as text.
        digits: &'static str,
        /// What was given.
        got: String,
    },
    /// A GS1 key whose last digit does not follow from the others.
    #[error(
        "{kind}: the check digit of {got} must be {expected}, by GS1 modulo 10; compare the label"
    )]
    CheckDigit {
        /// `GTIN`, `GLN` or `SSCC`.
        kind: &'static str,
        /// What was given.
        got: String,
        /// The digit that would be right.
        expected: char,
    },
    /// A lot of the wrong length or with a character that labels do not carry.
    #[error("lot: 1 to 20 characters of A-Z a-z 0-9 - . _ are expected, got {0:?}")]
    Lot(String),
    /// Neither `GTIN/LOT` nor `0x` and 32 hexadecimal digits.
    #[error(
        "batch: GTIN/LOT, such as 09506000200019/LEAF-1, or 0x and 32 digits are expected, got {0:?}"
    )]
    BatchId(String),
}

impl NameError {
    /// What was expected, to follow the words "expected".
    pub fn expected(&self) -> String {
        match self {
            Self::Digits { kind, digits, .. } => format!("a {kind} of {digits} digits"),
            Self::CheckDigit { kind, expected, .. } => {
                format!("a {kind} with the check digit {expected} (GS1 modulo 10)")
            }
            Self::Lot(_) => "a lot of 1 to 20 characters of A-Z a-z 0-9 - . _".into(),
            Self::BatchId(_) => "GTIN/LOT, or 0x and 32 hexadecimal digits".into(),
        }
    }
}

/// The check digit of a GS1 key without its last digit; `None` if `body` has other characters than
/// digits.
///
/// Weights 3 and 1 alternate from the right, starting with 3. Source: GS1 General Specifications
/// §7.9.1.
pub fn check_digit(body: &str) -> Option<char> {
    let mut sum = 0u32;
    for (digit, weight) in body.chars().rev().zip([3, 1].into_iter().cycle()) {
        sum += digit.to_digit(10)? * weight;
    }
    char::from_digit((10 - sum % 10) % 10, 10)
}

fn checked(kind: &'static str, digits: &'static str, text: &str) -> Result<String, NameError> {
    let wrong = || NameError::Digits { kind, digits, got: text.to_owned() };
    let split = text.len().checked_sub(1).filter(|split| text.is_char_boundary(*split));
    let (body, last) = split.map(|split| text.split_at(split)).ok_or_else(wrong)?;
    let expected = check_digit(body).ok_or_else(wrong)?;
    match last.chars().next() {
        Some(last) if last == expected => Ok(text.to_owned()),
        Some(last) if last.is_ascii_digit() => {
            Err(NameError::CheckDigit { kind, got: text.to_owned(), expected })
        }
        _ => Err(wrong()),
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }
    };
}

name! {
    /// Global Trade Item Number (GS1 AI 01), held as 14 digits.
    ///
    /// Numbers of 8, 12 and 13 digits are read too and filled with zeros on the left, as GS1 asks.
    Gtin
}

name! {
    /// Global Location Number (GS1 AI 414), 13 digits.
    Gln
}

name! {
    /// Serial Shipping Container Code of a logistic unit (GS1 AI 00), 18 digits.
    Sscc
}

name! {
    /// Batch or lot (GS1 AI 10): 1 to 20 characters of `A-Z a-z 0-9 - . _`.
    Lot
}

name! {
    /// Identity of a batch: `0x` and 32 lower-case digits, BLAKE2b-128 of GTIN and lot.
    BatchId
}

impl FromStr for Gtin {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let filled = match text.len() {
            8 | 12 | 13 => format!("{text:0>14}"),
            _ => text.to_owned(),
        };
        if filled.len() != 14 {
            let (kind, digits) = ("GTIN", "8, 12, 13 or 14");
            return Err(NameError::Digits { kind, digits, got: text.to_owned() });
        }
        checked("GTIN", "8, 12, 13 or 14", &filled).map(Self)
    }
}

impl FromStr for Gln {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if text.len() != 13 {
            return Err(NameError::Digits { kind: "GLN", digits: "13", got: text.to_owned() });
        }
        checked("GLN", "13", text).map(Self)
    }
}

impl FromStr for Sscc {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if text.len() != 18 {
            return Err(NameError::Digits { kind: "SSCC", digits: "18", got: text.to_owned() });
        }
        checked("SSCC", "18", text).map(Self)
    }
}

impl FromStr for Lot {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        if (1..=20).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::Lot(text.to_owned()))
        }
    }
}

impl BatchId {
    /// The identity of lot `lot` of product `gtin`, as anyone who reads the label computes it.
    pub fn of(gtin: &Gtin, lot: &Lot) -> Self {
        let mut hash = Blake2b::<U16>::new();
        hash.update(gtin.as_str());
        hash.update(lot.as_str());
        Self(format!("0x{}", hex::encode(hash.finalize())))
    }
}

impl FromStr for BatchId {
    type Err = NameError;

    /// Reads an id, or `GTIN/LOT`.
    fn from_str(text: &str) -> Result<Self, NameError> {
        if let Some((gtin, lot)) = text.split_once('/') {
            return Ok(Self::of(&gtin.parse()?, &lot.parse()?));
        }
        let digits = text.strip_prefix("0x").unwrap_or_default();
        if digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(NameError::BatchId(text.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_those_of_the_standard() {
        // GS1 General Specifications, figures 7.9.1-2 and 2.1.1-1.
        assert_eq!(check_digit("629104150021"), Some('3'));
        assert_eq!(check_digit("37610425002123456"), Some('9'));
        assert_eq!(check_digit("62910415002x"), None);
    }

    #[test]
    fn gtins_are_filled_and_checked() {
        assert_eq!("6291041500213".parse::<Gtin>().unwrap().as_str(), "06291041500213");
        assert_eq!("09506000200019".parse::<Gtin>().unwrap().as_str(), "09506000200019");
        assert_eq!(
            "09506000200018".parse::<Gtin>().unwrap_err(),
            NameError::CheckDigit { kind: "GTIN", got: "09506000200018".into(), expected: '9' }
        );
        for text in ["", "1", "0950600020001x", "٠٩٥٠٦٠", "950600020001", "123456789012345"] {
            assert!(text.parse::<Gtin>().is_err(), "{text}");
        }
    }

    #[test]
    fn locations_and_units_are_checked() {
        assert!("9506000100012".parse::<Gln>().is_ok());
        assert!("9506000100013".parse::<Gln>().is_err());
        assert!("950600010001".parse::<Gln>().is_err());
        assert!("376104250021234569".parse::<Sscc>().is_ok());
        assert!("376104250021234560".parse::<Sscc>().is_err());
    }

    #[test]
    fn lots_have_the_characters_of_labels() {
        assert!("LEAF-1".parse::<Lot>().is_ok());
        assert!("a.b_c-2026".parse::<Lot>().is_ok());
        for text in ["", "a b", "a/b", "茶", "123456789012345678901"] {
            assert!(text.parse::<Lot>().is_err(), "{text}");
        }
    }

    #[test]
    fn batches_are_named_by_label_or_id() {
        // Computed with Python: hashlib.blake2b(b"09506000200019LEAF-1", digest_size=16).
        let id: BatchId = "09506000200019/LEAF-1".parse().unwrap();
        assert_eq!(id.as_str(), "0x93aae2cd2055a74e9084dcc24e22a0c1");
        assert_eq!(id.as_str().parse::<BatchId>().unwrap(), id);
        assert!("0x12".parse::<BatchId>().is_err());
        assert!("LEAF-1".parse::<BatchId>().is_err());
        assert!(matches!(
            "09506000200018/LEAF-1".parse::<BatchId>(),
            Err(NameError::CheckDigit { .. })
        ));
    }
}
