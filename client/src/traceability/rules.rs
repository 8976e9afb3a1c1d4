//! Governed data: units, yields, farm inputs, recalls and the clock; each change is a new version of
//! the rule set.

use super::{FarmInputId, PALLET, decode};
use crate::{
    call::Call,
    client::Client,
    decimal::{digits, refused, split_unit},
    digest::Digest,
    error::Error,
    gs1::Gtin,
    quantity::BaseUnit,
    ratio::Ppb,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::{fmt, str::FromStr};

/// Largest yield: a million content units out of one.
pub const YIELD_PPB_MAX: u64 = 1_000_000_000_000_000;
/// Farthest that event time may be ahead of block time, in milliseconds: a day.
pub const CLOCK_SKEW_MS_MAX: u64 = 86_400_000;

/// Code of a unit of measure, two or three capital letters or digits. Source: UN/ECE
/// Recommendation 20.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitCode(String);

impl FromStr for UnitCode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let is_letter = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        if (2..=3).contains(&text.len()) && text.bytes().all(is_letter) {
            return Ok(Self(format!("{text:<3}")));
        }
        let rule = "two or three capital letters or digits of UN/ECE Recommendation 20 are expected, such as DZN";
        Err(refused("unit", rule, text))
    }
}

impl fmt::Display for UnitCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0.trim_end())
    }
}

/// What one unit of measure is: `numerator / denominator` base units, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRule {
    /// Base unit of the same dimension.
    pub base: BaseUnit,
    /// At least 1.
    #[serde(with = "crate::integer")]
    pub numerator: u64,
    /// At least 1.
    #[serde(with = "crate::integer")]
    pub denominator: u64,
}

impl FromStr for UnitRule {
    type Err = Error;

    /// Reads `12pcs`, `453592.37mg`, or a fraction such as `1000/3mg`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let rule = "a number above 0 or a fraction of mg, ml or pcs is expected, such as 12pcs or 1000/3mg";
        let wrong = || refused("unit rule", rule, text);
        let (numerator, rest) = match text.split_once('/') {
            Some((numerator, rest)) => (Some(numerator.trim()), rest),
            None => (None, text),
        };
        let (number, unit) = split_unit(rest);
        let base = match unit {
            "mg" => BaseUnit::Milligram,
            "ml" => BaseUnit::Millilitre,
            "pcs" => BaseUnit::Each,
            _ => return Err(wrong()),
        };
        let (numerator, denominator) = match numerator {
            Some(numerator) => (numerator.parse().ok(), number.parse().ok()),
            None => {
                let (value, decimals) = digits(number).ok_or_else(wrong)?;
                (u64::try_from(value).ok(), 10u64.checked_pow(decimals))
            }
        };
        match (numerator, denominator) {
            (Some(numerator @ 1..), Some(denominator @ 1..)) => {
                Ok(Self { base, numerator, denominator })
            }
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for UnitRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.base {
            BaseUnit::Milligram => "mg",
            BaseUnit::Millilitre => "ml",
            BaseUnit::Each => "pcs",
        };
        match self.denominator {
            1 => f.pad(&format!("{}{unit}", self.numerator)),
            denominator => f.pad(&format!("{}/{denominator}{unit}", self.numerator)),
        }
    }
}

/// From what to what a yield limit applies; one for products goes before one for categories.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum YieldScope {
    /// From one product to another.
    Product {
        /// Product that goes in.
        input: Gtin,
        /// Product that comes out.
        output: Gtin,
    },
    /// From any product of a class of GS1's Global Product Classification to any of another.
    Category {
        /// Class that goes in, eight digits.
        input: u32,
        /// Class that comes out, eight digits.
        output: u32,
    },
}

/// The most that a transformation may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YieldRule {
    /// Content units out per content unit in; above 0, at most [`YIELD_PPB_MAX`].
    pub max_ppb: Ppb,
    /// Whether it comes beside the main products and does not use up their share of the input.
    pub by_product: bool,
}

/// What a farm input is (农业投入品).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FarmInputKind {
    /// 农药
    Pesticide,
    /// 肥料
    Fertiliser,
    /// 饲料
    Feed,
    /// 兽药
    VeterinaryDrug,
    /// Anything else with an interval.
    Other,
}

/// A farm input as licensed for one use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FarmInput {
    /// What it is.
    pub kind: FarmInputKind,
    /// Number in the national register, 1 to 32 visible characters of ASCII.
    #[serde(with = "crate::text")]
    pub registration: String,
    /// Days that must pass between use and harvest (安全间隔期).
    pub pre_harvest_days: u16,
    /// Whether it may still be used.
    pub permitted: bool,
}

/// Which batches a recall starts from, beside the one named; all descendants follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecallScope {
    /// None.
    Descendants,
    /// What the derivation made that made the named batch.
    SameEvent,
    /// All that was derived directly from any parent of the named batch.
    SameParents,
}

/// Version of the governed data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    /// Counts every change.
    pub version: u32,
    /// SHA-256 chain over all changes.
    pub hash: Digest,
}

fn call(name: &str, arguments: Json) -> Call {
    Call::new(PALLET, name, arguments)
}

/// Sets what a unit of measure is; by the committee's motion. A unit never changes its base unit.
pub fn set_unit(code: &UnitCode, rule: UnitRule) -> Call {
    call("set_unit", json!({ "code": code, "rule": rule }))
}

/// Sets a yield limit, or ends it; by the committee's motion.
pub fn set_yield(scope: &YieldScope, rule: Option<YieldRule>) -> Call {
    call("set_yield", json!({ "scope": scope, "rule": rule }))
}

/// Sets a farm input: the agricultural authority of the country, or the committee by its motion.
pub fn set_farm_input(id: FarmInputId, input: &FarmInput) -> Call {
    call("set_farm_input", json!({ "id": id, "input": input }))
}

/// Sets what a class of recall reaches; by the committee's motion.
///
/// - `class`: grade of danger (召回等级), 1 to 3, 1 being the gravest.
pub fn set_recall_rule(class: u8, scope: RecallScope) -> Call {
    call("set_recall_rule", json!({ "class": class, "scope": scope }))
}

/// Sets how far event time may be ahead of block time; by the committee's motion.
///
/// - `skew_ms`: in milliseconds, at most [`CLOCK_SKEW_MS_MAX`].
pub fn set_clock_skew(skew_ms: u64) -> Call {
    call("set_clock_skew", json!({ "skew_ms": skew_ms }))
}

impl Client {
    /// The table of units, by code.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn units(&self, height: Option<u32>) -> Result<Vec<(UnitCode, UnitRule)>, Error> {
        let mut units: Vec<(UnitCode, UnitRule)> = self.rules("Units", height).await?;
        units.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        Ok(units)
    }

    /// The yield limits, those for products first.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn yields(&self, height: Option<u32>) -> Result<Vec<(YieldScope, YieldRule)>, Error> {
        let mut yields: Vec<(YieldScope, YieldRule)> = self.rules("Yields", height).await?;
        yields.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        Ok(yields)
    }

    /// The register of farm inputs, by number.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn farm_inputs(
        &self,
        height: Option<u32>,
    ) -> Result<Vec<(FarmInputId, FarmInput)>, Error> {
        let mut inputs: Vec<(FarmInputId, FarmInput)> = self.rules("FarmInputs", height).await?;
        inputs.sort_unstable_by_key(|(id, _)| *id);
        Ok(inputs)
    }

    /// What each class of recall reaches.
    ///
    /// # Errors
    /// As [`Client::entries`].
    pub async fn recall_rules(&self, height: Option<u32>) -> Result<Vec<(u8, RecallScope)>, Error> {
        let mut rules: Vec<(u8, RecallScope)> = self.rules("RecallRules", height).await?;
        rules.sort_unstable_by_key(|(class, _)| *class);
        Ok(rules)
    }

    /// How far event time may be ahead of block time, in milliseconds.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn clock_skew_ms(&self, height: Option<u32>) -> Result<u64, Error> {
        decode(self.query_or_default(PALLET, "ClockSkew", height).await?)
    }

    /// The version of the governed data in force.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn traceability_rule_set(&self, height: Option<u32>) -> Result<RuleSet, Error> {
        decode(self.query_or_default(PALLET, "CurrentRuleSet", height).await?)
    }

    /// All entries of a map with one key.
    async fn rules<K, V>(&self, item: &str, height: Option<u32>) -> Result<Vec<(K, V)>, Error>
    where
        K: serde::de::DeserializeOwned,
        V: serde::de::DeserializeOwned,
    {
        let entries = self.entries(PALLET, item, &[], usize::MAX, height).await?;
        let rows = entries.into_iter().map(|entry| {
            let [key] = decode::<[Json; 1]>(Json::Array(entry.keys))?;
            Ok((decode(key)?, decode(entry.value)?))
        });
        rows.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_exact_fractions() {
        let rule = |text: &str| text.parse::<UnitRule>().ok();
        let dozen = UnitRule { base: BaseUnit::Each, numerator: 12, denominator: 1 };
        assert_eq!(rule("12pcs"), Some(dozen));
        let pound = UnitRule { base: BaseUnit::Milligram, numerator: 45_359_237, denominator: 100 };
        assert_eq!(rule("453592.37mg"), Some(pound));
        assert_eq!(rule("45359237/100 mg"), Some(pound));
        for rule in [dozen, pound] {
            assert_eq!(rule.to_string().parse::<UnitRule>().unwrap(), rule);
        }
        for text in ["", "12", "0mg", "1/0ml", "12kg", "-1mg", "1/2/3mg", "1.5/2mg", "mg"] {
            let error = text.parse::<UnitRule>().unwrap_err().to_string();
            assert!(error.starts_with("unit rule: "), "{error}");
        }
    }

    #[test]
    fn units_have_codes() {
        assert_eq!(json!("EA".parse::<UnitCode>().unwrap()), json!("EA "));
        assert_eq!("DZN".parse::<UnitCode>().unwrap().to_string(), "DZN");
        for text in ["", "A", "dzn", "ABCD", "斤"] {
            let error = text.parse::<UnitCode>().unwrap_err().to_string();
            assert!(error.starts_with("unit: two or three"), "{error}");
        }
    }
}
