//! The rules of an agreement as a file that people write: JSON whose concentrations, ratios and
//! amounts are texts with their units.

use crate::arguments;
use ecoledger_client::{
    Error, Fen, Ppb,
    compensation::{
        MicrogramsPerLitre,
        horizontal::{
            AgreementRules, FailureRule, Formula, Indicator, IndicatorRule, Rung, Section,
        },
    },
    traceability::OrganisationId,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt::Display, fs, path::Path, str::FromStr};

/// A value that is written as a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Written<T>(T);

impl<T: Display> Serialize for Written<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err = Error>> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

/// The file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RulesFile {
    /// First year that the rules apply to.
    from_year: u16,
    sections: Vec<SectionFile>,
    /// Months of a year that may be missing.
    missing_months: u8,
    /// Most relative difference between the halves of a sample.
    tolerance: Written<Ppb>,
    incident_fails: bool,
    disaster_exempts: bool,
    formula: FormulaFile,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SectionFile {
    /// Index of the party upstream.
    upstream: u8,
    /// Index of the party downstream.
    downstream: u8,
    /// Organisations of the stations, upstream's first.
    stations: [OrganisationId; 2],
    indicators: Vec<IndicatorFile>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct IndicatorFile {
    indicator: Written<Indicator>,
    /// Base limit C₀.
    base: Written<MicrogramsPerLitre>,
    weight: Written<Ppb>,
    /// Limits of classes I to V.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class_limits: Option<[Written<MicrogramsPerLitre>; 5]>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
enum FormulaFile {
    WeightedIndex {
        section: u8,
        k0: Written<Ppb>,
        steps: Vec<StepFile>,
    },
    ClassAndChange {
        section: u8,
        basis_class: u8,
        class_amount: Written<Fen>,
        class_cap: Written<Fen>,
        change_amount: Written<Fen>,
        change_cap: Written<Fen>,
    },
    Pool {
        pool: Written<Fen>,
        contribution: Vec<u32>,
        distribution: Vec<u32>,
        #[serde(default)]
        failures: Vec<FailureFile>,
    },
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StepFile {
    /// Index up to which the step holds; the last has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    up_to: Option<Written<Ppb>>,
    payer: u8,
    payee: u8,
    amount: Written<Fen>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FailureFile {
    section: u8,
    from: u8,
    share: Written<Ppb>,
    to: Vec<u32>,
}

/// Reads a file of rules.
///
/// # Errors
/// What is wrong, and where in the file.
pub(super) fn read(path: &Path) -> Result<AgreementRules, Error> {
    let failed =
        |error: &dyn Display| Error::Arguments(format!("rules {}: {error}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
    let file: RulesFile = arguments::typed(&text).map_err(|error| failed(&error))?;
    Ok(file.into())
}

/// Writes rules so that [`read`] gives them back.
pub(super) fn write(rules: &AgreementRules) -> String {
    serde_json::to_string_pretty(&RulesFile::from(rules)).unwrap_or_default()
}

impl From<RulesFile> for AgreementRules {
    fn from(file: RulesFile) -> Self {
        Self {
            from_year: file.from_year,
            sections: file.sections.into_iter().map(Into::into).collect(),
            missing_months_max: file.missing_months,
            tolerance_ppb: file.tolerance.0,
            incident_fails: file.incident_fails,
            disaster_exempts: file.disaster_exempts,
            formula: file.formula.into(),
        }
    }
}

impl From<SectionFile> for Section {
    fn from(file: SectionFile) -> Self {
        let rule = |it: IndicatorFile| IndicatorRule {
            indicator: it.indicator.0,
            base: it.base.0,
            weight_ppb: it.weight.0,
            class_limits: it.class_limits.map(|limits| limits.map(|limit| limit.0)),
        };
        let mut indicators: Vec<_> = file.indicators.into_iter().map(rule).collect();
        indicators.sort_by_key(|rule| rule.indicator);
        Self {
            upstream: file.upstream,
            downstream: file.downstream,
            stations: file.stations,
            indicators,
        }
    }
}

impl From<FormulaFile> for Formula {
    fn from(file: FormulaFile) -> Self {
        match file {
            FormulaFile::WeightedIndex { section, k0, steps } => {
                let rung = |step: StepFile| Rung {
                    up_to_ppb: step.up_to.map_or(Ppb(u64::MAX), |up_to| up_to.0),
                    payer: step.payer,
                    payee: step.payee,
                    amount_fen: step.amount.0,
                };
                let steps = steps.into_iter().map(rung).collect();
                Self::WeightedIndex { section, k0_ppb: k0.0, steps }
            }
            FormulaFile::ClassAndChange {
                section,
                basis_class,
                class_amount,
                class_cap,
                change_amount,
                change_cap,
            } => Self::ClassAndChange {
                section,
                basis_class,
                class_fen: class_amount.0,
                class_cap_fen: class_cap.0,
                change_fen: change_amount.0,
                change_cap_fen: change_cap.0,
            },
            FormulaFile::Pool { pool, contribution, distribution, failures } => {
                let rule = |it: FailureFile| FailureRule {
                    section: it.section,
                    from: it.from,
                    share_ppb: it.share.0,
                    to: it.to,
                };
                let failures = failures.into_iter().map(rule).collect();
                Self::Pool { pool_fen: pool.0, contribution, distribution, failures }
            }
        }
    }
}

impl From<&AgreementRules> for RulesFile {
    fn from(rules: &AgreementRules) -> Self {
        Self {
            from_year: rules.from_year,
            sections: rules.sections.iter().map(Into::into).collect(),
            missing_months: rules.missing_months_max,
            tolerance: Written(rules.tolerance_ppb),
            incident_fails: rules.incident_fails,
            disaster_exempts: rules.disaster_exempts,
            formula: (&rules.formula).into(),
        }
    }
}

impl From<&Section> for SectionFile {
    fn from(section: &Section) -> Self {
        let rule = |it: &IndicatorRule| IndicatorFile {
            indicator: Written(it.indicator),
            base: Written(it.base),
            weight: Written(it.weight_ppb),
            class_limits: it.class_limits.map(|limits| limits.map(Written)),
        };
        Self {
            upstream: section.upstream,
            downstream: section.downstream,
            stations: section.stations,
            indicators: section.indicators.iter().map(rule).collect(),
        }
    }
}

impl From<&Formula> for FormulaFile {
    fn from(formula: &Formula) -> Self {
        match formula {
            Formula::WeightedIndex { section, k0_ppb, steps } => {
                let step = |it: &Rung| StepFile {
                    up_to: (it.up_to_ppb != Ppb(u64::MAX)).then_some(Written(it.up_to_ppb)),
                    payer: it.payer,
                    payee: it.payee,
                    amount: Written(it.amount_fen),
                };
                let steps = steps.iter().map(step).collect();
                Self::WeightedIndex { section: *section, k0: Written(*k0_ppb), steps }
            }
            Formula::ClassAndChange {
                section,
                basis_class,
                class_fen,
                class_cap_fen,
                change_fen,
                change_cap_fen,
            } => Self::ClassAndChange {
                section: *section,
                basis_class: *basis_class,
                class_amount: Written(*class_fen),
                class_cap: Written(*class_cap_fen),
                change_amount: Written(*change_fen),
                change_cap: Written(*change_cap_fen),
            },
            Formula::Pool { pool_fen, contribution, distribution, failures } => {
                let failure = |it: &FailureRule| FailureFile {
                    section: it.section,
                    from: it.from,
                    share: Written(it.share_ppb),
                    to: it.to.clone(),
                };
                Self::Pool {
                    pool: Written(*pool_fen),
                    contribution: contribution.clone(),
                    distribution: distribution.clone(),
                    failures: failures.iter().map(failure).collect(),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"{
        "fromYear": 2025,
        "sections": [{
            "upstream": 0, "downstream": 1, "stations": [15, 16],
            "indicators": [
                { "indicator": "TP", "base": "0.05 mg/L", "weight": "50%" },
                { "indicator": "CODMn", "base": "4mg/L", "weight": "0.5",
                  "classLimits": ["2mg/L", "4mg/L", "6mg/L", "10mg/L", "15mg/L"] }
            ]
        }],
        "missingMonths": 1, "tolerance": "20%", "incidentFails": true, "disasterExempts": false,
        "formula": { "weightedIndex": { "section": 0, "k0": "0.85", "steps": [
            { "upTo": "1", "payer": 1, "payee": 0, "amount": "100000000" },
            { "payer": 0, "payee": 1, "amount": "100000000.50" }
        ] } }
    }"#;

    fn read_text(text: &str) -> Result<AgreementRules, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rules.json");
        fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn rules_are_written_in_the_units_of_the_work() {
        let rules = read_text(RULES).unwrap();
        let [first, second] = rules.sections[0].indicators.as_slice() else { panic!("two") };
        // In the chain's order.
        assert_eq!(
            (first.indicator, second.indicator),
            (Indicator::PermanganateIndex, Indicator::TotalPhosphorus)
        );
        assert_eq!(second.base, MicrogramsPerLitre(50));
        let Formula::WeightedIndex { k0_ppb, steps, .. } = &rules.formula else { panic!("index") };
        assert_eq!(*k0_ppb, Ppb(850_000_000));
        assert_eq!(steps[0].up_to_ppb, Ppb(1_000_000_000));
        assert_eq!((steps[1].up_to_ppb, steps[1].amount_fen), (Ppb(u64::MAX), Fen(10_000_000_050)));
        assert_eq!(read_text(&write(&rules)).unwrap(), rules);
        let pool = Formula::Pool {
            pool_fen: Fen(1),
            contribution: vec![1, 5, 4],
            distribution: vec![3, 4, 3],
            failures: vec![FailureRule {
                section: 0,
                from: 0,
                share_ppb: Ppb(1),
                to: vec![0, 1, 1],
            }],
        };
        let classes = Formula::ClassAndChange {
            section: 0,
            basis_class: 3,
            class_fen: Fen(1),
            class_cap_fen: Fen(2),
            change_fen: Fen(3),
            change_cap_fen: Fen(4),
        };
        for formula in [pool, classes] {
            let rules = AgreementRules { formula, ..rules.clone() };
            assert_eq!(read_text(&write(&rules)).unwrap(), rules);
        }
    }

    #[test]
    fn a_slip_in_rules_is_named_with_its_place() {
        let refusal =
            |from: &str, to: &str| read_text(&RULES.replace(from, to)).unwrap_err().to_string();
        let text = refusal("4mg/L\", \"weight", "4\", \"weight");
        assert!(text.contains("concentration") && text.contains("line"), "{text}");
        assert!(text.contains("sections[0].indicators[1].base: "), "{text}");
        assert!(refusal("0.85", "eighty").contains("ratio"));
        assert!(refusal("\"0.85\"", "0.85").contains("string"));
        assert!(refusal("100000000.50", "1.005").contains("two decimals"));
        assert!(refusal("missingMonths", "missing").contains("missing"));
        assert!(refusal("TP", "pH").contains("indicator"));
    }
}
