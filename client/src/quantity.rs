//! Quantities as people write them, with the unit codes of UN/ECE Recommendation 20.
//!
//! No value goes through a float: the digits are kept as they were written, and a quantity that is
//! no whole number of base units is refused by the chain, never rounded here.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Most digits behind the decimal point; the chain's own bound.
pub const DECIMALS_MAX: u8 = 9;

/// Units as people write them, and their codes.
///
/// Source: UN/ECE Recommendation 20, revision 17; the Chinese names are those of GB 3100.
const UNITS: [(&str, &str); 32] = [
    ("mg", "MGM"),
    ("毫克", "MGM"),
    ("g", "GRM"),
    ("克", "GRM"),
    ("kg", "KGM"),
    ("千克", "KGM"),
    ("公斤", "KGM"),
    ("dt", "DTN"),
    ("t", "TNE"),
    ("吨", "TNE"),
    ("lb", "LBR"),
    ("oz", "ONZ"),
    ("ml", "MLT"),
    ("毫升", "MLT"),
    ("cl", "CLT"),
    ("l", "LTR"),
    ("升", "LTR"),
    ("hl", "HLT"),
    ("m3", "MTQ"),
    ("m³", "MTQ"),
    ("立方米", "MTQ"),
    ("pc", "H87"),
    ("pcs", "H87"),
    ("piece", "H87"),
    ("pieces", "H87"),
    ("ea", "EA"),
    ("each", "EA"),
    ("件", "H87"),
    ("个", "H87"),
    ("dz", "DZN"),
    ("dozen", "DZN"),
    ("打", "DZN"),
];

/// Why a text is no quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuantityError {
    /// No digits, or other characters among them.
    #[error(
        "quantity: a decimal number from 0 on and a unit are expected, such as 118kg, got {0:?}"
    )]
    Number(String),
    /// A number alone: 118 may be grams or tonnes.
    #[error("quantity: {0:?} has no unit; write one, such as {0}kg")]
    UnitMissing(String),
    /// A unit that is neither in the table nor a code.
    #[error(
        "quantity: {0:?} is no unit; use mg, g, kg, t, ml, l, m3, pcs, dozen or a UN/ECE Rec 20 code in capitals"
    )]
    UnitUnknown(String),
    /// A unit in which the chain does not keep quantities.
    #[error(
        "unit: quantities are kept in mg (mass), ml (volume) or pcs (pieces), and {0:?} is none of these; \
         declared quantities may have any unit"
    )]
    NoBaseUnit(String),
    /// More digits behind the point than the chain takes.
    #[error("quantity: at most {DECIMALS_MAX} digits behind the point are taken, got {0}")]
    Decimals(usize),
    /// Beyond 128 bits.
    #[error("quantity: {0} is too large")]
    TooLarge(String),
}

impl QuantityError {
    /// What was expected, to follow the words "expected".
    pub fn expected(&self) -> String {
        match self {
            Self::Number(_) => "a decimal number from 0 on and a unit, such as 118kg".into(),
            Self::UnitMissing(number) => format!("a unit behind the number, such as {number}kg"),
            Self::UnitUnknown(_) => {
                "a unit: mg, g, kg, t, ml, l, m3, pcs, dozen or a UN/ECE Rec 20 code in capitals"
                    .into()
            }
            Self::NoBaseUnit(_) => "mg, ml or pcs".into(),
            Self::Decimals(_) => format!("at most {DECIMALS_MAX} digits behind the point"),
            Self::TooLarge(_) => "a number below 2^128".into(),
        }
    }
}

/// A quantity as declared: `value / 10^decimals` of `unit`, so 12.5 kg is (125, 1, `KGM`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// The digits, without decimal point.
    #[serde(with = "crate::integer")]
    pub value: u128,
    /// Digits behind the decimal point, at most [`DECIMALS_MAX`].
    pub decimals: u8,
    /// Code of UN/ECE Recommendation 20: three characters, a space behind codes of two.
    pub unit: String,
}

impl Quantity {
    /// `value` whole units of the code `unit`.
    pub fn whole(value: u128, unit: &str) -> Self {
        Self { value, decimals: 0, unit: format!("{unit:<3}") }
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    /// Reads `118kg`, `16 kg`, `0.5t`, `40 pcs`, `1_000 KGM`: digits with at most one point,
    /// underscores between them if wanted, and a unit as people write it or a code of UN/ECE
    /// Recommendation 20 in capitals.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let text = text.trim();
        let is_number = |c: char| c.is_ascii_digit() || c == '.' || c == '_';
        let end = text.find(|c: char| !is_number(c)).unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let wrong = || QuantityError::Number(text.to_owned());
        let digits = number.replace('_', "");
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let is_whole = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
        let has_fraction = digits.contains('.');
        if !is_whole || fraction.contains('.') || (has_fraction && fraction.is_empty()) {
            return Err(wrong());
        }
        let decimals = u8::try_from(fraction.len())
            .ok()
            .filter(|decimals| *decimals <= DECIMALS_MAX)
            .ok_or(QuantityError::Decimals(fraction.len()))?;
        let value = format!("{whole}{fraction}")
            .parse()
            .map_err(|_| QuantityError::TooLarge(number.to_owned()))?;
        let unit = unit.trim();
        if unit.is_empty() {
            return Err(QuantityError::UnitMissing(number.to_owned()));
        }
        Ok(Self { value, decimals, unit: unit_code(unit)? })
    }
}

/// The code of a unit as people write it, padded to three characters.
fn unit_code(unit: &str) -> Result<String, QuantityError> {
    let is_code = (2..=3).contains(&unit.len())
        && unit.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let known = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit));
    match known {
        Some((_, code)) => Ok(format!("{code:<3}")),
        None if is_code => Ok(format!("{unit:<3}")),
        None => Err(QuantityError::UnitUnknown(unit.to_owned())),
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit.trim_end();
        write!(f, "{} {unit}", decimal(self.value, self.decimals.into()))
    }
}

/// Writes `value / 10^decimals` without a float.
pub fn decimal(value: u128, decimals: usize) -> String {
    let digits = format!("{value:0>width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    if decimals == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// Unit in which the chain keeps a product's quantities.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, codec::Encode, codec::Decode, Serialize, Deserialize,
)]
pub enum BaseUnit {
    /// Mass, UN/ECE `MGM`.
    Milligram,
    /// Volume, UN/ECE `MLT`.
    Millilitre,
    /// Pieces, UN/ECE `C62`.
    Each,
}

impl BaseUnit {
    /// Writes base units in the unit that people use: kilograms, litres or pieces, exactly.
    pub fn show(self, quantity: u128) -> String {
        let (decimals, unit) = match self {
            Self::Milligram => (6, "kg"),
            Self::Millilitre => (3, "l"),
            Self::Each => return format!("{quantity} pcs"),
        };
        let text = decimal(quantity, decimals);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        format!("{text} {unit}")
    }
}

impl FromStr for BaseUnit {
    type Err = QuantityError;

    /// Reads `mg`, `ml` or `pcs`, or the chain's own names.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        match text.to_ascii_lowercase().as_str() {
            "mg" | "milligram" | "mass" => Ok(Self::Milligram),
            "ml" | "millilitre" | "volume" => Ok(Self::Millilitre),
            "pc" | "pcs" | "each" | "pieces" => Ok(Self::Each),
            _ => Err(QuantityError::NoBaseUnit(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> (u128, u8, String) {
        let quantity: Quantity = text.parse().unwrap();
        (quantity.value, quantity.decimals, quantity.unit)
    }

    #[test]
    fn people_write_quantities_in_many_ways() {
        assert_eq!(quantity("118kg"), (118, 0, "KGM".into()));
        assert_eq!(quantity("16 kg"), (16, 0, "KGM".into()));
        assert_eq!(quantity("40 pcs"), (40, 0, "H87".into()));
        assert_eq!(quantity("0.5t"), (5, 1, "TNE".into()));
        assert_eq!(quantity("12.500 KG"), (12_500, 3, "KGM".into()));
        assert_eq!(quantity("1_000 g"), (1_000, 0, "GRM".into()));
        assert_eq!(quantity("3公斤"), (3, 0, "KGM".into()));
        assert_eq!(quantity("2 EA"), (2, 0, "EA ".into()));
        assert_eq!(quantity("7 XBX"), (7, 0, "XBX".into()));
        assert_eq!(quantity("0.000000001 t"), (1, 9, "TNE".into()));
    }

    #[test]
    fn what_could_be_misread_is_refused() {
        assert_eq!("118".parse::<Quantity>(), Err(QuantityError::UnitMissing("118".into())));
        assert_eq!("3 stone".parse::<Quantity>(), Err(QuantityError::UnitUnknown("stone".into())));
        for text in ["", "kg", "-1kg", "1.kg", ".5kg", "1.2.3kg", "1,5kg"] {
            assert!(text.parse::<Quantity>().is_err(), "{text}");
        }
        assert_eq!("0.1234567890kg".parse::<Quantity>(), Err(QuantityError::Decimals(10)));
        let huge = "9".repeat(40);
        assert_eq!(format!("{huge}kg").parse::<Quantity>(), Err(QuantityError::TooLarge(huge)));
    }

    #[test]
    fn a_base_unit_is_one_of_three() {
        assert_eq!("mg".parse(), Ok(BaseUnit::Milligram));
        assert_eq!("ML".parse(), Ok(BaseUnit::Millilitre));
        assert_eq!("pcs".parse(), Ok(BaseUnit::Each));
        for unit in ["kg", "g", "dozen", ""] {
            let error = unit.parse::<BaseUnit>().unwrap_err();
            assert_eq!(error, QuantityError::NoBaseUnit(unit.into()));
            let text = error.to_string();
            assert!(text.contains("mg (mass), ml (volume) or pcs (pieces)"), "{text}");
        }
    }

    #[test]
    fn quantities_are_shown_as_they_were_written() {
        assert_eq!("12.50kg".parse::<Quantity>().unwrap().to_string(), "12.50 KGM");
        assert_eq!("2 EA".parse::<Quantity>().unwrap().to_string(), "2 EA");
        assert_eq!(BaseUnit::Milligram.show(118_000_000), "118 kg");
        assert_eq!(BaseUnit::Milligram.show(118_000_001), "118.000001 kg");
        assert_eq!(BaseUnit::Milligram.show(100_000), "0.1 kg");
        assert_eq!(BaseUnit::Millilitre.show(1_500), "1.5 l");
        assert_eq!(BaseUnit::Each.show(160), "160 pcs");
        assert_eq!(BaseUnit::Milligram.show(0), "0 kg");
        assert_eq!(BaseUnit::Milligram.show(10_000_000), "10 kg");
    }
}
