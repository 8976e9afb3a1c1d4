//! The mass balance of an event: what went in came out or is lost, in one unit.
//!
//! Law of `pallets/traceability`: Σ inputs = Σ outputs + loss, content by content. Pieces count by
//! their net content; where mass and volume meet, volume is weighed by the product's density.

use crate::{figures::Figures, index::Id};
use ecoledger_client::{BaseUnit, proof::RecordName, traceability::ProductDetails};
use serde::Deserialize;
use serde_json::{Value as Json, json};

/// A batch in the balance, from proven records.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) batch: Id,
    /// Record and path of the quantity.
    pub(super) quantity: (RecordName, String),
    /// The product's record and what it says.
    pub(super) product: Option<(RecordName, ProductDetails)>,
    /// Its content in the unit of the balance; `None` where records or a conversion are missing.
    pub(super) content: Option<u128>,
}

impl Line {
    /// Whether its volume is weighed in a balance of mass.
    pub(super) fn is_weighed(&self, unit: BaseUnit) -> bool {
        let own = self.product.as_ref().map(|(_, product)| product.content_unit());
        own == Some(BaseUnit::Millilitre) && unit == BaseUnit::Milligram
    }
}

/// An event's balance.
#[derive(Clone, Debug)]
pub(super) struct Balance {
    /// The derivation.
    pub(super) record: RecordName,
    pub(super) unit: BaseUnit,
    pub(super) inputs: Vec<Line>,
    pub(super) outputs: Vec<Line>,
    pub(super) loss: u128,
}

impl Balance {
    /// Reads the balance of the derivation in `record`; `gtin_of` says which product a batch is of.
    pub(super) fn read(
        figures: &Figures,
        record: &RecordName,
        gtin_of: impl Fn(Id) -> Option<String>,
    ) -> Option<Self> {
        let derivation = figures.record(record)?;
        let unit = BaseUnit::deserialize(&derivation["balance_unit"]).ok()?;
        let line = |batch: Id, quantity: (RecordName, String)| {
            let product = gtin_of(batch).map(|gtin| product_record(&gtin)).and_then(|name| {
                let details = ProductDetails::deserialize(figures.record(&name)?).ok()?;
                Some((name, details))
            });
            let units = figures.at(&quantity.0, &quantity.1).and_then(number);
            let content = product
                .as_ref()
                .zip(units)
                .and_then(|((_, product), units)| content_in(product, unit, units));
            Line { batch, quantity, product, content }
        };
        let inputs = derivation["inputs"].as_array()?.iter().enumerate();
        let inputs = inputs
            .map(|(at, input)| {
                let batch = Id::read(input["batch"].as_str()?)?;
                Some(line(batch, (record.clone(), format!("inputs.{at}.quantity"))))
            })
            .collect::<Option<_>>()?;
        let outputs = derivation["outputs"].as_array()?.iter();
        let outputs = outputs
            .map(|output| {
                let batch = Id::read(output.as_str()?)?;
                Some(line(batch, (batch_record(batch), "quantities.produced".into())))
            })
            .collect::<Option<_>>()?;
        let loss = number(&derivation["loss"])?;
        Some(Self { record: record.clone(), unit, inputs, outputs, loss })
    }

    /// The content of lines together; `None` if one is not known.
    pub(super) fn sum(lines: &[Line]) -> Option<u128> {
        lines.iter().try_fold(0u128, |sum, line| sum.checked_add(line.content?))
    }

    /// Whether it adds up; `None` if a content is not known.
    pub(super) fn adds_up(&self) -> Option<bool> {
        let made = Self::sum(&self.outputs)?.checked_add(self.loss)?;
        Some(Self::sum(&self.inputs)? == made)
    }

    /// How much of each input went into an output, with its part of what was lost, in the unit of the
    /// balance: in proportion to the outputs' content, so that all outputs together have exactly what
    /// was taken.
    pub(super) fn shares(&self, output: usize) -> Vec<Option<u128>> {
        let before = Self::sum(self.outputs.get(..output).unwrap_or_default());
        let after = Self::sum(self.outputs.get(..=output).unwrap_or_default());
        let whole = Self::sum(&self.outputs).filter(|whole| *whole > 0);
        let share = |line: &Line| {
            // Differences of rounded sums: what one output loses by rounding, the next gains.
            let up_to = |part: u128| Some(line.content?.checked_mul(part)? / whole?);
            up_to(after?)?.checked_sub(up_to(before?)?)
        };
        self.inputs.iter().map(share).collect()
    }
}

pub(super) fn batch_record(id: Id) -> RecordName {
    RecordName::new("Traceability", "Batches", &[json!(id)])
}

pub(in crate::pages) fn product_record(gtin: &str) -> RecordName {
    RecordName::new("Traceability", "Products", &[json!(gtin)])
}

/// The content of so many base units of a product, measured in `unit`.
fn content_in(product: &ProductDetails, unit: BaseUnit, quantity: u128) -> Option<u128> {
    let content = product.content(quantity)?;
    match (product.content_unit(), unit) {
        (own, wanted) if own == wanted => Some(content),
        (BaseUnit::Millilitre, BaseUnit::Milligram) => {
            content.checked_mul(product.density_mg_per_ml?.into())
        }
        _ => None,
    }
}

/// An integer of a record: a number, or its digits.
fn number(value: &Json) -> Option<u128> {
    match value {
        Json::String(digits) => digits.parse().ok(),
        number => number.as_u64().map(u128::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(content: Option<u128>) -> Line {
        let record = RecordName::new("Traceability", "Batches", &[]);
        let batch = Id::read(&format!("0x{}", "00".repeat(16))).unwrap();
        Line { batch, quantity: (record, String::new()), product: None, content }
    }

    fn balance(inputs: &[u128], outputs: &[u128], loss: u128) -> Balance {
        let lines = |contents: &[u128]| contents.iter().map(|it| line(Some(*it))).collect();
        Balance {
            record: RecordName::new("Traceability", "Derivations", &[]),
            unit: BaseUnit::Milligram,
            inputs: lines(inputs),
            outputs: lines(outputs),
            loss,
        }
    }

    #[test]
    fn what_goes_in_comes_out_or_is_lost() {
        assert_eq!(balance(&[70, 50], &[100], 20).adds_up(), Some(true));
        assert_eq!(balance(&[70, 50], &[100], 19).adds_up(), Some(false));
        let mut unknown = balance(&[70], &[70], 0);
        unknown.outputs.push(line(None));
        assert_eq!(unknown.adds_up(), None);
    }

    #[test]
    fn shares_of_all_outputs_are_exactly_what_went_in() {
        let balance = balance(&[100, 1], &[1, 1, 1], 98);
        let shares: Vec<_> = (0..3).map(|output| balance.shares(output)).collect();
        assert_eq!(shares, [[Some(33), Some(0)], [Some(33), Some(0)], [Some(34), Some(1)]]);
    }

    #[test]
    fn pieces_count_by_content_and_volumes_by_density() {
        let product =
            |base, net: Option<(BaseUnit, u64)>, density| ProductDetails {
                owner: 1,
                base_unit: base,
                net_content: net.map(|(unit, quantity)| {
                    ecoledger_client::traceability::NetContent { unit, quantity, of: None }
                }),
                density_mg_per_ml: density,
                category: 10_000_115,
            };
        let (mg, ml, each) = (BaseUnit::Milligram, BaseUnit::Millilitre, BaseUnit::Each);
        for (product, unit, expected) in [
            (product(mg, None, None), mg, Some(4)),
            (product(each, Some((mg, 100)), None), mg, Some(400)),
            (product(each, Some((ml, 250)), Some(1_030)), mg, Some(1_030_000)),
            (product(ml, None, Some(1_030)), mg, Some(4_120)),
            (product(ml, None, None), mg, None),
            (product(mg, None, None), ml, None),
        ] {
            assert_eq!(content_in(&product, unit, 4), expected, "{product:?}");
        }
    }
}
