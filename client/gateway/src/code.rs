//! Item codes as people, labels and programs write them.

use crate::{link::Link, problem::Problem};
use ecoledger_client::{
    Gtin,
    digital_link::{DigitalLink, Element, ElementString, Options},
};
use std::fmt;

/// Digits of an organic code.
const ORGANIC_DIGITS: usize = 17;
/// Longest serial number, in characters.
const SERIAL_CHARS_MAX: usize = 20;

/// Behind which an organic code stands in an address.
const ORGANIC_PATH: &str = "/product/organic/";

/// What a text must be.
const EXPECTED: &str =
    "code: 17 digits, (01)GTIN(21)SERIAL or the address on a label with either are expected";

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

/// What a label says: a code, and the lot if it stands beside it. The verifier's `code.js` reads the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LabelCode {
    pub(crate) code: ItemCode,
    pub(crate) lot: Option<String>,
}

impl LabelCode {
    /// Reads 17 digits, in groups or not; `(01)GTIN(21)SERIAL`; or the address of an organic code or a
    /// Digital Link with a serial number, with or without what stands before its path.
    ///
    /// # Errors
    /// `bad-code`, `bad-gtin`, `bad-serial`.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim().trim_end_matches('/');
        let options = Options { permit_zero_suppressed_gtin: true, ..Options::default() };
        let read = match text.bytes().next() {
            Some(b'(') => ElementString::parse_bracketed(text, &options).map(|it| it.elements),
            _ if let Some(digits) = organic_in(text) => {
                return Ok(Self { code: ItemCode::organic(&digits)?, lot: None });
            }
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

    /// Where its page is.
    pub(crate) fn page(&self) -> String {
        match &self.code {
            ItemCode::Organic(digits) => format!("{ORGANIC_PATH}{digits}"),
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

/// What stands for an organic code: a text that begins with a digit, without its spaces; or what is
/// behind the path of organic codes in an address.
fn organic_in(text: &str) -> Option<String> {
    let path = text.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    if let Some((_, digits)) = path.split_once(ORGANIC_PATH) {
        return Some(digits.to_owned());
    }
    let compact = || text.chars().filter(|it| !it.is_whitespace()).collect::<String>();
    let is_number = text.starts_with(|it: char| it.is_ascii_digit()) && !text.contains('/');
    is_number.then(compact)
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
        let code = ItemCode::serial("09506000200033", "A-2").unwrap();
        for (text, lot) in [
            ("(01)09506000200033(21)A-2", None),
            ("(01)09506000200033(10)LOT(21)A-2", Some("LOT")),
            ("https://id.example/01/09506000200033/21/A-2", None),
            ("HTTPS://ID.EXAMPLE/01/09506000200033/10/LOT/21/A-2?17=261231#x", Some("LOT")),
            ("/01/9506000200033/10/L%2F1/21/A-2/", Some("L/1")),
        ] {
            let read = LabelCode::parse(text).unwrap();
            assert_eq!((&read.code, read.lot.as_deref()), (&code, lot), "{text}");
        }
        assert_eq!(LabelCode::parse(&code.to_string()).unwrap().code, code);
        let code = ItemCode::organic("13426123456789012").unwrap();
        assert_eq!((code.place(), code.in_list()), ("13426", "13426123456789012"));
        for text in [
            "13426123456789012",
            " 13426 1234 5678 9012 ",
            "13426\u{a0}1234\u{3000}56789012",
            "https://trace.example/product/organic/13426123456789012",
            "https://trace.example/a/product/organic/13426123456789012/?lang=en#recalls",
            "trace.example/product/organic/13426123456789012",
            "/product/organic/13426123456789012",
        ] {
            assert_eq!(
                LabelCode::parse(text).unwrap(),
                LabelCode { code: code.clone(), lot: None }
            );
        }
    }

    #[test]
    fn labels_are_held_to_the_item_as_browsers_do_it() {
        let cases = include_str!("../../testdata/labels.json");
        let cases: serde_json::Value = serde_json::from_str(cases).unwrap();
        let serial = ItemCode::serial("09506000200033", "S102-0777").unwrap();
        let organic = ItemCode::organic("13426123456789012").unwrap();
        for (kind, code) in [("serial", serial), ("organic", organic)] {
            for case in cases[kind].as_array().unwrap() {
                let (text, is_of) = (case[0].as_str().unwrap(), case[1].as_bool().unwrap());
                let is_lot = |lot: &Option<String>| lot.as_deref().is_none_or(|it| it == "R-1");
                let found = LabelCode::parse(text)
                    .is_ok_and(|label| label.code == code && is_lot(&label.lot));
                assert_eq!(found, is_of, "{text}");
            }
        }
    }

    #[test]
    fn pages_keep_the_lot() {
        for (text, page) in [
            ("(01)09506000200033(21)A-2", "/product/01/09506000200033/21/A-2"),
            ("/01/09506000200033/10/L%2F1/21/A-2", "/product/01/09506000200033/10/L%2F1/21/A-2"),
            ("13426 1234 5678 9012", "/product/organic/13426123456789012"),
        ] {
            assert_eq!(LabelCode::parse(text).unwrap().page(), page);
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (text, name) in [
            ("", "bad-code"),
            ("A-2", "bad-code"),
            ("1342612345678901", "bad-code"),
            ("13426-1234-5678-9012", "bad-code"),
            ("https://trace.example/product/organic/1342612345678901", "bad-code"),
            ("https://trace.example/product/organic/13426123456789012/x", "bad-code"),
            ("/01/09506000200033/10/LOT", "bad-code"),
            ("/01/09506000200034/21/A-2", "bad-code"),
            ("(01)09506000200033(21)", "bad-code"),
            ("(01)09506000200033(21)A B", "bad-code"),
            ("(01)09506000200033(21)A/B", "bad-serial"),
            ("(01)09506000200033(21)AAAAAAAAAAAAAAAAAAAAA", "bad-code"),
        ] {
            let problem = LabelCode::parse(text).unwrap_err();
            assert_eq!((problem.status.as_u16(), problem.name), (400, name), "{text}");
        }
    }
}
