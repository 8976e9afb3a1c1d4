//! Concentrations and the quantities that shares are computed from, with their units.

use crate::{
    area,
    decimal::{refused, scaled, split_unit, trimmed},
    error::Error,
    money::Fen,
    ratio::Ppb,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A concentration (浓度) in µg/L; the chain takes at most 1 kg/L.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MicrogramsPerLitre(#[serde(with = "crate::integer")] pub u64);

impl MicrogramsPerLitre {
    /// What text is one.
    pub const RULE: &'static str =
        "a whole number of µg/L with its unit is expected, such as 4.1mg/L or 20ug/L";
}

impl FromStr for MicrogramsPerLitre {
    type Err = Error;

    /// Reads `4.1mg/L`, `20ug/L`; a number without a unit is refused, since a thousand lies between
    /// the two.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (number, unit) = split_unit(text);
        let per_unit = match unit.to_lowercase().as_str() {
            "mg/l" | "毫克/升" => Some(1_000),
            // The micro sign and the Greek letter.
            "ug/l" | "\u{b5}g/l" | "\u{3bc}g/l" | "微克/升" => Some(1),
            _ => None,
        };
        per_unit
            .and_then(|per_unit| scaled(number, per_unit))
            .and_then(|value| u64::try_from(value).ok())
            .map(Self)
            .ok_or_else(|| refused("concentration", Self::RULE, text))
    }
}

impl fmt::Display for MicrogramsPerLitre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} mg/L", trimmed(self.0.into(), 3)))
    }
}

/// The unit of a [`FactorQuantity`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Money, in fen.
    Fen,
    /// Persons.
    Persons,
    /// Area, in units of 1/300 m².
    AreaUnits,
    /// Volume of water, in litres.
    Litres,
    /// Mass, in grams.
    Grams,
    /// Pieces, such as reserves.
    Pieces,
    /// Ratio or index, in parts per billion.
    Ppb,
}

/// Units of counted quantities as people write them, and how much each is; areas are in
/// [`area::UNITS`], money and ratios are read by their own types.
const UNITS: [(&str, Unit, u128); 15] = [
    ("persons", Unit::Persons, 1),
    ("person", Unit::Persons, 1),
    ("人", Unit::Persons, 1),
    ("l", Unit::Litres, 1),
    ("升", Unit::Litres, 1),
    ("m3", Unit::Litres, 1_000),
    ("m³", Unit::Litres, 1_000),
    ("立方米", Unit::Litres, 1_000),
    ("g", Unit::Grams, 1),
    ("kg", Unit::Grams, 1_000),
    ("千克", Unit::Grams, 1_000),
    ("t", Unit::Grams, 1_000_000),
    ("吨", Unit::Grams, 1_000_000),
    ("pcs", Unit::Pieces, 1),
    ("个", Unit::Pieces, 1),
];

impl FromStr for Unit {
    type Err = Error;

    /// Reads the unit of a kind of quantity: `CNY`, `persons`, `mu`, `m3`, `t`, `pcs`, `ratio`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let of_area = area::UNITS.iter().any(|(name, _)| *name == text);
        match text {
            "CNY" | "yuan" | "元" => Ok(Self::Fen),
            "ratio" | "%" => Ok(Self::Ppb),
            _ if of_area => Ok(Self::AreaUnits),
            _ => {
                UNITS.iter().find(|(name, ..)| *name == text).map(|(_, unit, _)| *unit).ok_or_else(
                    || {
                        let rule =
                            "CNY, persons, mu, ha, m2, l, m3, g, kg, t, pcs or ratio is expected";
                        refused("unit", rule, text)
                    },
                )
            }
        }
    }
}

/// A quantity with its unit: the chain takes no bare numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FactorQuantity {
    /// Money, in fen.
    Fen(#[serde(with = "crate::integer")] u128),
    /// Persons.
    Persons(#[serde(with = "crate::integer")] u128),
    /// Area, in units of 1/300 m².
    AreaUnits(#[serde(with = "crate::integer")] u128),
    /// Volume of water, in litres.
    Litres(#[serde(with = "crate::integer")] u128),
    /// Mass, in grams.
    Grams(#[serde(with = "crate::integer")] u128),
    /// Pieces, such as reserves.
    Pieces(#[serde(with = "crate::integer")] u128),
    /// Ratio or index, in parts per billion.
    Ppb(#[serde(with = "crate::integer")] u128),
}

impl FactorQuantity {
    /// So many of a unit.
    pub const fn new(unit: Unit, number: u128) -> Self {
        match unit {
            Unit::Fen => Self::Fen(number),
            Unit::Persons => Self::Persons(number),
            Unit::AreaUnits => Self::AreaUnits(number),
            Unit::Litres => Self::Litres(number),
            Unit::Grams => Self::Grams(number),
            Unit::Pieces => Self::Pieces(number),
            Unit::Ppb => Self::Ppb(number),
        }
    }

    /// Its unit.
    pub const fn unit(self) -> Unit {
        match self {
            Self::Fen(_) => Unit::Fen,
            Self::Persons(_) => Unit::Persons,
            Self::AreaUnits(_) => Unit::AreaUnits,
            Self::Litres(_) => Unit::Litres,
            Self::Grams(_) => Unit::Grams,
            Self::Pieces(_) => Unit::Pieces,
            Self::Ppb(_) => Unit::Ppb,
        }
    }
}

impl FromStr for FactorQuantity {
    type Err = Error;

    /// Reads `1200mu`, `5000 persons`, `1234.56CNY`, `3m3`, `2t`, `7pcs`, `80%`, `0.8 ratio`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (number, name) = split_unit(text);
        let rule = "a number and CNY, persons, mu, ha, m2, l, m3, g, kg, t, pcs, % or ratio are \
                    expected, such as 1200mu, whole in fen, 1/300 m², litres, grams or 1/10⁹";
        let wrong = || refused("value", rule, text);
        if name.is_empty() {
            return Err(wrong());
        }
        if Fen::is_named(text) {
            return Ok(Self::Fen(text.parse::<Fen>()?.0));
        }
        match name {
            "%" => return Ok(Self::Ppb(text.parse::<Ppb>()?.0.into())),
            "ratio" => return Ok(Self::Ppb(number.parse::<Ppb>()?.0.into())),
            _ => {}
        }
        let of_area = area::UNITS.iter().find(|(unit, _)| *unit == name);
        let (unit, per_unit) = match of_area {
            Some((_, per_unit)) => (Unit::AreaUnits, u128::from(*per_unit)),
            None => {
                let found = UNITS.iter().find(|(unit, ..)| *unit == name);
                found.map(|(_, unit, per_unit)| (*unit, *per_unit)).ok_or_else(wrong)?
            }
        };
        scaled(number, per_unit).map(|number| Self::new(unit, number)).ok_or_else(wrong)
    }
}

impl fmt::Display for FactorQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Fen(fen) => write!(f, "{}", Fen(fen)),
            Self::Persons(number) => write!(f, "{number} persons"),
            Self::AreaUnits(units) => match u64::try_from(units) {
                Ok(units) => write!(f, "{}", area::Area { units }),
                Err(_) => write!(f, "{units} units of 1/300 m2"),
            },
            Self::Litres(litres) => write!(f, "{} m3", trimmed(litres, 3)),
            Self::Grams(grams) => write!(f, "{} kg", trimmed(grams, 3)),
            Self::Pieces(number) => write!(f, "{number} pcs"),
            Self::Ppb(ppb) => write!(f, "{} ratio", trimmed(ppb, 9)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn concentrations_have_a_unit() {
        let value = |text: &str| text.parse::<MicrogramsPerLitre>().map(|value| value.0).ok();
        assert_eq!(value("4.1mg/L"), Some(4_100));
        assert_eq!(value("4.100 mg/l"), Some(4_100));
        assert_eq!(value("20ug/L"), Some(20));
        assert_eq!(value("20µg/L"), Some(20));
        assert_eq!(value("20μg/L"), Some(20));
        assert_eq!(value("0.05毫克/升"), Some(50));
        for text in ["", "4.1", "mg/L", "0.0001mg/L", "0.5ug/L", "-1mg/L", "4 g/L"] {
            let error = text.parse::<MicrogramsPerLitre>().unwrap_err().to_string();
            assert!(error.starts_with("concentration: ") && error.contains("mg/L"), "{error}");
        }
        assert_eq!(MicrogramsPerLitre(4_100).to_string(), "4.1 mg/L");
    }

    #[test]
    fn quantities_have_a_unit() {
        let read = |text: &str| text.parse::<FactorQuantity>().ok();
        assert_eq!(read("1200mu"), Some(FactorQuantity::AreaUnits(240_000_000)));
        assert_eq!(read("5000 persons"), Some(FactorQuantity::Persons(5_000)));
        assert_eq!(read("1234.56CNY"), Some(FactorQuantity::Fen(123_456)));
        assert_eq!(read("3.5m3"), Some(FactorQuantity::Litres(3_500)));
        assert_eq!(read("2t"), Some(FactorQuantity::Grams(2_000_000)));
        assert_eq!(read("7pcs"), Some(FactorQuantity::Pieces(7)));
        assert_eq!(read("80%"), Some(FactorQuantity::Ppb(800_000_000)));
        assert_eq!(read("0.8 ratio"), Some(FactorQuantity::Ppb(800_000_000)));
        for text in ["1200", "mu", "1.5 persons", "3 miles", "", "0.0001m3", "0.8"] {
            assert_eq!(read(text), None, "{text}");
        }
        for text in ["1200 mu", "5000 persons", "1234.56 CNY", "3.5 m3", "2000 kg", "0.8 ratio"] {
            assert_eq!(read(text).unwrap().to_string(), text);
        }
        let large = FactorQuantity::Fen(1 << 60);
        assert_eq!(json!(large), json!({ "Fen": (1u64 << 60).to_string() }));
        assert_eq!(serde_json::from_value::<FactorQuantity>(json!(large)).unwrap(), large);
        assert_eq!("mu".parse::<Unit>().unwrap(), Unit::AreaUnits);
        assert!("acre".parse::<Unit>().is_err());
    }
}
