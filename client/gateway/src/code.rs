//! Item codes as people, labels and programs write them.

use crate::{link::Link, problem::Problem};
use ecoledger_client::{
    Gtin, Lot,
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

/// Why a label is of no item.
pub(crate) const OTHER_LOT: &str = "this code belongs to another lot; the label may be wrong";

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

/// What stands on a label. The verifier's `code.js` reads the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) code: ItemCode,
    /// Of which lot it says that it is.
    pub(crate) lot: Option<String>,
}

impl Label {
    /// Reads 17 digits, `(01)GTIN(21)SERIAL`, or a Digital Link with a serial number, with or without
    /// address before its path; a lot may stand before the serial number.
    ///
    /// # Errors
    /// `bad-code`, `bad-gtin`, `bad-serial`.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim().trim_end_matches('/');
        let options = Options { permit_zero_suppressed_gtin: true, ..Options::default() };
        let read = match text.bytes().next() {
            Some(b'0'..=b'9') => return Ok(Self { code: ItemCode::organic(text)?, lot: None }),
            Some(b'(') => ElementString::parse_bracketed(text, &options).map(|it| it.elements),
            Some(b'/') => DigitalLink::parse_path(text, &options).map(elements_of),
            _ => DigitalLink::parse(text, &options).map(elements_of),
        };
        let elements =
            read.map_err(|error| Problem::bad("bad-code", format!("{EXPECTED}: {error}")))?;
        let of = |ai: &str| elements.iter().find(|(other, _)| other == ai).map(|(_, value)| value);
        match (of("01"), of("21")) {
            (Some(gtin), Some(serial)) => {
                Ok(Self { code: ItemCode::serial(gtin, serial)?, lot: of("10").cloned() })
            }
            _ => Err(Problem::bad("bad-code", EXPECTED)),
        }
    }

    /// Holds the lot on the label to that of the item.
    ///
    /// # Errors
    /// `not-found` if it is another.
    pub(crate) fn ensure_of(&self, lot: &Lot) -> Result<(), Problem> {
        match &self.lot {
            Some(said) if said != lot.as_str() => Err(Problem::not_found(OTHER_LOT)),
            _ => Ok(()),
        }
    }

    /// Its product page.
    pub(crate) fn page(&self) -> String {
        match &self.code {
            ItemCode::Organic(digits) => format!("/product/organic/{digits}"),
            ItemCode::Serial { gtin, serial } => {
                let link = Link {
                    gtin: gtin.clone(),
                    variant: None,
                    lot: self.lot.clone(),
                    serial: Some(serial.clone()),
                    link_type: None,
                    other_query: String::new(),
                };
                format!("/product{}", link.path())
            }
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
            assert_eq!(Label::parse(text).unwrap().code, serial, "{text}");
        }
        assert_eq!(serial.to_string().parse_code(), serial);
        let organic = Label::parse("13426123456789012").unwrap().code;
        assert_eq!((organic.place(), organic.in_list()), ("13426", "13426123456789012"));
    }

    trait ParseCode {
        fn parse_code(&self) -> ItemCode;
    }
    impl ParseCode for String {
        fn parse_code(&self) -> ItemCode {
            Label::parse(self).unwrap().code
        }
    }

    #[test]
    fn labels_are_held_to_the_item_as_browsers_do_it() {
        let cases = include_str!("../../testdata/labels.json");
        let cases: serde_json::Value = serde_json::from_str(cases).unwrap();
        let (serial, lot) = (ItemCode::serial("09506000200033", "S102-0777").unwrap(), "R-1");
        let lot: Lot = lot.parse().unwrap();
        for case in cases.as_array().unwrap() {
            let (text, is_of) = (case[0].as_str().unwrap(), case[1].as_bool().unwrap());
            let label = Label::parse(text);
            let found = label.is_ok_and(|it| it.code == serial && it.ensure_of(&lot).is_ok());
            assert_eq!(found, is_of, "{text}");
        }
    }

    #[test]
    fn labels_lead_to_pages() {
        for (text, page) in [
            ("13426123456789012", "/product/organic/13426123456789012"),
            ("(01)09506000200033(21)A-2", "/product/01/09506000200033/21/A-2"),
            ("(01)09506000200033(10)L/1(21)A-2", "/product/01/09506000200033/10/L%2F1/21/A-2"),
        ] {
            assert_eq!(Label::parse(text).unwrap().page(), page);
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
            let problem = Label::parse(text).unwrap_err();
            assert_eq!((problem.status.as_u16(), problem.name), (400, name), "{text}");
        }
    }
}
