//! Areas as people write them: mu (亩), hectares, square metres, square kilometres.

use crate::{
    decimal::{refused, scaled, split_unit, trimmed},
    error::Error,
};
use std::{fmt, str::FromStr};

/// An area in units of 1/300 m², in which square metres, hectares and mu are all whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Area {
    /// How many 1/300 m².
    pub units: u64,
}

/// Units of area and how many 1/300 m² each is.
pub(crate) const UNITS: [(&str, u64); 10] = [
    ("mu", 200_000),
    ("亩", 200_000),
    ("ha", 3_000_000),
    ("公顷", 3_000_000),
    ("m2", 300),
    ("m²", 300),
    ("平方米", 300),
    ("km2", 300_000_000),
    ("km²", 300_000_000),
    ("平方公里", 300_000_000),
];

impl FromStr for Area {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (number, unit) = split_unit(text);
        let (_, per_unit) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(|| {
            let rule = "a number from 0 on and mu, ha, m2 or km2 are expected, such as 10mu";
            refused("area", rule, text)
        })?;
        scaled(number, (*per_unit).into())
            .and_then(|units| u64::try_from(units).ok())
            .map(|units| Self { units })
            .ok_or_else(|| {
                let rule = "a decimal number of a whole number of 1/300 m² below 2^64 is expected";
                refused("area", rule, text)
            })
    }
}

impl fmt::Display for Area {
    /// In mu where it has at most two decimals, else in square metres.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.units.is_multiple_of(2_000) {
            return write!(f, "{} mu", trimmed((self.units / 2_000).into(), 2));
        }
        let whole = self.units / 300;
        match self.units % 300 {
            0 => write!(f, "{whole} m2"),
            rest => write!(f, "{whole} and {rest}/300 m2"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_exact() {
        let area = |text: &str| text.parse::<Area>().map(|area| area.units).ok();
        assert_eq!(area("10mu"), Some(2_000_000));
        assert_eq!(area("10 亩"), Some(2_000_000));
        assert_eq!(area("0.01mu"), Some(2_000));
        assert_eq!(area("1ha"), Some(3_000_000));
        assert_eq!(area("1.5 m2"), Some(450));
        assert_eq!(area("2km2"), Some(600_000_000));
        for text in ["10", "mu", "", "1.2.3mu", "0.0000001mu", "99999999999999999999mu", "-1mu"] {
            assert_eq!(area(text), None, "{text}");
        }
        assert_eq!(Area { units: 2_000_000 }.to_string(), "10 mu");
        assert_eq!(Area { units: 2_000 }.to_string(), "0.01 mu");
        assert_eq!(Area { units: 300 }.to_string(), "1 m2");
        assert_eq!(Area { units: 301 }.to_string(), "1 and 1/300 m2");
    }
}
