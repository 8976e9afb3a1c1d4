//! What organisations are known by, and where and to what a capacity reaches, each checked as the
//! chain checks it.

use crate::{decimal::refused, error::Error};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Longest legal name and decentralised identifier, in bytes.
const NAME_BYTES_MAX: usize = 200;
/// Longest subject of a capacity, in bytes.
const SUBJECT_BYTES_MAX: usize = 32;

/// Characters of a unified social credit code; the value of each is its position.
const USCC_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Weights of the first 17 characters: 3^(i-1) mod 31.
const USCC_WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// Unified social credit code (统一社会信用代码) in upper case: 18 characters, the last of which
/// follows from the others.
///
/// Source: GB 32100-2015.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Uscc(String);

impl Uscc {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The check character of 17 characters; `None` when one is not of the alphabet.
fn uscc_check_character(body: &str) -> Option<char> {
    let mut sum = 0;
    for (character, weight) in body.chars().zip(USCC_WEIGHTS) {
        sum += USCC_ALPHABET.find(character)? * weight;
    }
    USCC_ALPHABET.chars().nth((31 - sum % 31) % 31)
}

impl FromStr for Uscc {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let code = text.to_ascii_uppercase();
        let rule = "18 characters of 0-9 and A-Z without I, O, S, V, Z are expected (GB 32100)";
        let wrong = || refused("uscc", rule, text);
        if code.len() != 18 || !code.is_ascii() {
            return Err(wrong());
        }
        let (body, last) = code.split_at(17);
        let expected = uscc_check_character(body).ok_or_else(wrong)?;
        if last.chars().eq([expected]) {
            return Ok(Self(code));
        }
        let rule = format!(
            "the check character must be {expected} by GB 32100; compare the business licence"
        );
        Err(refused("uscc", &rule, text))
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Administrative division (行政区划) of GB/T 2260, with all inside it; 0 is the country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Region(pub u32);

impl Region {
    /// The whole country.
    pub const COUNTRY: Self = Self(0);

    /// Whether the code has the form of GB/T 2260: a province that exists, and a county only inside
    /// a prefecture. Whether a prefecture or county exists is not looked at.
    pub fn is_well_formed(self) -> bool {
        let (province, prefecture, county) = (self.0 / 10_000, self.0 / 100 % 100, self.0 % 100);
        self == Self::COUNTRY
            || (matches!(
                province,
                11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81 | 82
            ) && (prefecture != 0 || county == 0))
    }
}

impl FromStr for Region {
    type Err = Error;

    /// Reads six digits, or `country`.
    fn from_str(text: &str) -> Result<Self, Error> {
        if matches!(text, "country" | "0") {
            return Ok(Self::COUNTRY);
        }
        let is_code = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        let region = text.parse().ok().filter(|_| is_code).map(Self);
        region.filter(|region| region.is_well_formed()).ok_or_else(|| {
            let rule = "six digits of GB/T 2260 or `country` are expected, such as 331127";
            refused("region", rule, text)
        })
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::COUNTRY => f.pad("country"),
            Self(code) => f.pad(&format!("{code:06}")),
        }
    }
}

/// A text of one line that the chain keeps as UTF-8.
macro_rules! line {
    ($(#[$doc:meta])* $name:ident, $field:literal, $bytes_max:expr, $is_valid:expr, $rule:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(#[serde(with = "crate::text")] String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                let is_valid: fn(&str) -> bool = $is_valid;
                if (1..=$bytes_max).contains(&text.len()) && is_valid(text) {
                    return Ok(Self(text.to_owned()));
                }
                let rule = format!("{} of 1 to {} bytes is expected", $rule, $bytes_max);
                Err(refused($field, &rule, text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

line! {
    /// Legal name as it is published: one line of 1 to 200 bytes of UTF-8 without space at its ends.
    LegalName, "name", NAME_BYTES_MAX,
    |text| text.trim() == text && !text.chars().any(char::is_control),
    "one line of UTF-8 without space at its ends"
}

line! {
    /// Decentralised identifier of method `web` or `key`, 1 to 200 bytes.
    ///
    /// Source: W3C DID Core §3.1. The chain looks at the syntax of the host and of the path too.
    Did, "did", NAME_BYTES_MAX,
    |text| {
        let id = text.strip_prefix("did:web:").or_else(|| text.strip_prefix("did:key:z"));
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:%".contains(&byte);
        id.is_some_and(|id| !id.is_empty() && id.bytes().all(is_id))
    },
    "did:web:HOST or did:key:zKEY"
}

line! {
    /// To what a capacity is limited, such as a product or a scheme: 1 to 32 bytes of UTF-8.
    Subject, "subject", SUBJECT_BYTES_MAX,
    |text| !text.chars().any(char::is_control),
    "one line of UTF-8"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn codes_have_the_check_character_of_the_standard() {
        // The vector of the domain specification, and demonstration organisations.
        for text in ["91350100M000100Y43", "93331127MA2DEM025A", "N2331127MA2DEM201W"] {
            assert_eq!(text.parse::<Uscc>().unwrap().as_str(), text);
            assert_eq!(text.to_ascii_lowercase().parse::<Uscc>().unwrap().as_str(), text);
        }
        let error = "93331127MA2DEM025B".parse::<Uscc>().unwrap_err().to_string();
        assert!(error.starts_with("uscc: the check character must be A"), "{error}");
        for text in
            ["", "93331127MA2DEM025", "93331127MA2DEM025AA", "9333112SMA2DEM025A", "茶叶茶叶茶叶"]
        {
            let error = text.parse::<Uscc>().unwrap_err().to_string();
            assert!(error.starts_with("uscc: 18 characters"), "{error}");
        }
    }

    #[test]
    fn regions_have_the_form_of_the_standard() {
        for (text, code) in [("331127", 331_127), ("330000", 330_000), ("country", 0), ("0", 0)] {
            assert_eq!(text.parse::<Region>().unwrap(), Region(code));
        }
        for text in ["", "33112", "3311270", "160000", "330027", "-33112", "+33112", "Zhejiang"] {
            let error = text.parse::<Region>().unwrap_err().to_string();
            assert!(error.starts_with("region: six digits of GB/T 2260"), "{error}");
        }
        assert_eq!(Region(331_127).to_string().parse::<Region>().unwrap(), Region(331_127));
        assert_eq!(Region::COUNTRY.to_string().parse::<Region>().unwrap(), Region::COUNTRY);
        assert_eq!(json!(Region(331_127)), json!(331_127));
    }

    #[test]
    fn names_are_one_line() {
        let name: LegalName = "景宁演示茶叶专业合作社".parse().unwrap();
        assert_eq!(serde_json::from_value::<LegalName>(json!(name)).unwrap(), name);
        assert_eq!(json!("0xA".parse::<Subject>().unwrap()), json!("0x307841"));
        for text in ["", " A", "A ", "A\nB", &"A".repeat(201)] {
            let error = text.parse::<LegalName>().unwrap_err().to_string();
            assert!(error.starts_with("name: one line"), "{error}");
        }
        for text in ["", "A\tB", &"A".repeat(33)] {
            assert!(text.parse::<Subject>().is_err(), "{text}");
        }
    }

    #[test]
    fn identifiers_are_of_a_known_method() {
        for text in ["did:web:example.com", "did:web:example.com%3A3000:user", "did:key:z6MkiTBz1"]
        {
            assert!(text.parse::<Did>().is_ok(), "{text}");
        }
        for text in ["", "did:web:", "did:key:6Mk", "did:ethr:0x00", "did:web:a/b", "example.com"] {
            let error = text.parse::<Did>().unwrap_err().to_string();
            assert!(error.starts_with("did: did:web:HOST"), "{error}");
        }
    }
}
