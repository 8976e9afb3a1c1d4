//! Item codes as people, labels and programs write them.

use crate::problem::Problem;
use ecoledger_client::{
    Gtin,
    digital_link::{DigitalLink, Element, ElementString, Options},
};
use std::fmt;

/// Digits of an organic code.
const ORGANIC_DIGITS: usize = 17;
/// Longest serial number, in characters.
const SERIAL_CHARS_MAX: usize = 20;

/// What a text must be.
const EXPECTED: &str =
    "code: 17 digits, (01)GTIN(21)SERIAL or a Digital Link with a serial number are expected";

fn elements_of(link: DigitalLink) -> Vec<Element> {
    std::iter::once(link.key).chain(link.qualifiers).collect()
}

/// An item code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ItemCode {
    /// A serial number of a product.
    Serial { gtin: String, serial: String },
    /// An organic code (有机码).
    Organic(String),
}

impl ItemCode {
    /// A serial number of a product.
    ///
    /// # Errors
    /// `bad-gtin`, `bad-serial`.
    pub(crate) fn serial(gtin: &str, serial: &str) -> Result<Self, Problem> {
        let gtin: Gtin = gtin.parse().map_err(|error| Problem::bad("bad-gtin", error))?;
        let is_serial = (1..=SERIAL_CHARS_MAX).contains(&serial.len())
            && serial.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
        if is_serial {
            Ok(Self::Serial { gtin: gtin.to_string(), serial: serial.into() })
        } else {
            Err(Problem::bad(
                "bad-serial",
                "serial: 1 to 20 characters of A-Z a-z 0-9 - . _ are expected",
            ))
        }
    }

    /// An organic code.
    ///
    /// # Errors
    /// `bad-code`.
    pub(crate) fn organic(digits: &str) -> Result<Self, Problem> {
        if digits.len() == ORGANIC_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self::Organic(digits.into()))
        } else {
            Err(Problem::bad("bad-code", "organic code: 17 digits are expected"))
        }
    }

    /// Reads 17 digits, `(01)GTIN(21)SERIAL`, or a Digital Link with a serial number, with or without
    /// address before its path.
    ///
    /// # Errors
    /// `bad-code`, `bad-gtin`, `bad-serial`.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim().trim_end_matches('/');
        let options = Options { permit_zero_suppressed_gtin: true, ..Options::default() };
        let read = match text.bytes().next() {
            Some(b'0'..=b'9') => return Self::organic(text),
            Some(b'(') => ElementString::parse_bracketed(text, &options).map(|it| it.elements),
            Some(b'/') => DigitalLink::parse_path(text, &options).map(elements_of),
            _ => DigitalLink::parse(text, &options).map(elements_of),
        };
        let elements =
            read.map_err(|error| Problem::bad("bad-code", format!("{EXPECTED}: {error}")))?;
        let of = |ai: &str| elements.iter().find(|(other, _)| other == ai).map(|(_, value)| value);
        match (of("01"), of("21")) {
            (Some(gtin), Some(serial)) => Self::serial(gtin, serial),
            _ => Err(Problem::bad("bad-code", EXPECTED)),
        }
    }

    /// Where its series are found in the index.
    pub(crate) fn place(&self) -> &str {
        match self {
            Self::Serial { gtin, .. } => gtin,
            Self::Organic(digits) => digits.get(..5).unwrap_or_default(),
        }
    }

    /// As it stands in a list of codes.
    pub(crate) fn in_list(&self) -> &str {
        match self {
            Self::Serial { serial, .. } => serial,
            Self::Organic(digits) => digits,
        }
    }
}

impl fmt::Display for ItemCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial { gtin, serial } => write!(f, "(01){gtin}(21){serial}"),
            Self::Organic(digits) => f.write_str(digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_gives_the_code() {
        let serial = ItemCode::serial("09506000200033", "A-2").unwrap();
        for text in [
            "(01)09506000200033(21)A-2",
            "https://id.example/01/09506000200033/21/A-2",
            "HTTPS://ID.EXAMPLE/01/09506000200033/10/LOT/21/A-2?17=261231#x",
            "/01/9506000200033/21/A-2/",
        ] {
            assert_eq!(ItemCode::parse(text).unwrap(), serial, "{text}");
        }
        assert_eq!(serial.to_string().parse_code(), serial);
        let organic = ItemCode::parse("13426123456789012").unwrap();
        assert_eq!((organic.place(), organic.in_list()), ("13426", "13426123456789012"));
    }

    trait ParseCode {
        fn parse_code(&self) -> ItemCode;
    }
    impl ParseCode for String {
        fn parse_code(&self) -> ItemCode {
            ItemCode::parse(self).unwrap()
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (text, name) in [
            ("", "bad-code"),
            ("A-2", "bad-code"),
            ("1342612345678901", "bad-code"),
            ("/01/09506000200033/10/LOT", "bad-code"),
            ("/01/09506000200034/21/A-2", "bad-code"),
            ("(01)09506000200033(21)", "bad-code"),
            ("(01)09506000200033(21)A B", "bad-code"),
            ("(01)09506000200033(21)A/B", "bad-serial"),
            ("(01)09506000200033(21)AAAAAAAAAAAAAAAAAAAAA", "bad-code"),
        ] {
            let problem = ItemCode::parse(text).unwrap_err();
            assert_eq!((problem.status.as_u16(), problem.name), (400, name), "{text}");
        }
    }
}
