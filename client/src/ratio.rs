//! Ratios, weights and coefficients, which the chain keeps in parts per billion.

use crate::{
    decimal::{refused, scaled, split_unit, trimmed},
    error::Error,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// One whole in parts per billion.
const ONE: u128 = 1_000_000_000;

/// A number from 0 on in parts per billion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ppb(#[serde(with = "crate::integer")] pub u64);

impl Ppb {
    /// What text is one.
    pub const RULE: &'static str = "a number with at most nine decimals, or a percentage with at most seven, is expected, \
         such as 0.25 or 25%";
}

/// Reads `0.25` or `25%`.
fn read(text: &str) -> Option<u128> {
    let (number, unit) = split_unit(text);
    match unit {
        "" => scaled(number, ONE),
        "%" => scaled(number, ONE / 100),
        _ => None,
    }
}

impl FromStr for Ppb {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        read(text)
            .and_then(|ppb| u64::try_from(ppb).ok())
            .map(Self)
            .ok_or_else(|| refused("ratio", Self::RULE, text))
    }
}

impl fmt::Display for Ppb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&trimmed(self.0.into(), 9))
    }
}

/// A number in parts per billion that may be below 0, such as a deduction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SignedPpb(pub i64);

impl FromStr for SignedPpb {
    type Err = Error;

    /// Reads `-5%`, `0.05`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (sign, rest) = match text.trim().strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        read(rest)
            .and_then(|ppb| i64::try_from(ppb).ok())
            .map(|ppb| Self(sign * ppb))
            .ok_or_else(|| refused("ratio", Ppb::RULE, text))
    }
}

impl fmt::Display for SignedPpb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        f.pad(&format!("{sign}{}", trimmed(self.0.unsigned_abs().into(), 9)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_exact() {
        let ppb = |text: &str| text.parse::<Ppb>().map(|ppb| ppb.0).ok();
        assert_eq!(ppb("0.25"), Some(250_000_000));
        assert_eq!(ppb("25%"), Some(250_000_000));
        assert_eq!(ppb("0.864875"), Some(864_875_000));
        assert_eq!(ppb("1.2"), Some(1_200_000_000));
        assert_eq!(ppb("0.000000001"), Some(1));
        assert_eq!(ppb("0.0000001 %"), Some(1));
        for text in ["", "%", "0.0000000001", "-1", "1/3", "25 ppm", "99999999999"] {
            assert_eq!(ppb(text), None, "{text}");
        }
        assert_eq!(Ppb(864_875_000).to_string(), "0.864875");
        assert_eq!("-5%".parse::<SignedPpb>().unwrap(), SignedPpb(-50_000_000));
        assert_eq!(SignedPpb(-50_000_000).to_string(), "-0.05");
        assert!("--5%".parse::<SignedPpb>().is_err());
    }
}
