//! Amounts of money as people write them: yuan with at most two decimals, kept in fen (分), 0.01
//! CNY.

use crate::{
    decimal::{refused, scaled, split_unit},
    error::Error,
    quantity::decimal,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Names of the currency; without one, an amount is in it too.
const CURRENCY: [&str; 3] = ["CNY", "yuan", "元"];

/// Money in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(#[serde(with = "crate::integer")] pub u128);

impl Fen {
    /// What text is an amount, to follow the words "expected".
    pub const RULE: &'static str =
        "yuan from 0 on with at most two decimals is expected, such as 1234.56 or 1234.56CNY";

    /// Whether a text ends with the name of the currency, so that it is in yuan and not in fen.
    pub(crate) fn is_named(text: &str) -> bool {
        let (_, unit) = split_unit(text);
        CURRENCY.iter().any(|name| unit.eq_ignore_ascii_case(name))
    }
}

impl FromStr for Fen {
    type Err = Error;

    /// Reads `1234.56`, `1234.56CNY`, `1_000 yuan`: exact to the fen, or refused.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (number, unit) = split_unit(text);
        let is_known = unit.is_empty() || Self::is_named(text);
        scaled(number, 100)
            .filter(|_| is_known)
            .map(Self)
            .ok_or_else(|| refused("amount", Self::RULE, text))
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} CNY", decimal(self.0, 2)))
    }
}

/// Money in fen that may be below 0, as what one party gets from another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignedFen(#[serde(with = "crate::integer::signed")] pub i128);

impl fmt::Display for SignedFen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        f.pad(&format!("{sign}{}", Fen(self.0.unsigned_abs())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn amounts_are_exact_to_the_fen() {
        let fen = |text: &str| text.parse::<Fen>().map(|fen| fen.0).ok();
        assert_eq!(fen("1234.56"), Some(123_456));
        assert_eq!(fen("1234.56CNY"), Some(123_456));
        assert_eq!(fen("1_000 yuan"), Some(100_000));
        assert_eq!(fen("0.01元"), Some(1));
        assert_eq!(fen("0"), Some(0));
        assert_eq!(fen("100000000"), Some(10_000_000_000));
        for text in ["", "CNY", "0.001", "1.234", "-1", "1,000", "5 USD", "5 fen", "1e3"] {
            let error = text.parse::<Fen>().unwrap_err().to_string();
            assert!(error.starts_with("amount: ") && error.contains("two decimals"), "{error}");
        }
    }

    #[test]
    fn amounts_are_shown_as_they_are_read() {
        for (fen, text) in [(0, "0.00 CNY"), (1, "0.01 CNY"), (123_456, "1234.56 CNY")] {
            assert_eq!(Fen(fen).to_string(), text);
            assert_eq!(text.parse::<Fen>().unwrap(), Fen(fen));
        }
        assert_eq!(SignedFen(-50).to_string(), "-0.50 CNY");
        assert_eq!(json!(SignedFen(-50)), json!(-50));
        let large = -(1i128 << 60);
        assert_eq!(json!(SignedFen(large)), json!(large.to_string()));
        assert_eq!(serde_json::from_value::<SignedFen>(json!(SignedFen(large))).unwrap().0, large);
        assert_eq!(serde_json::from_value::<SignedFen>(json!(-7)).unwrap().0, -7);
    }
}
