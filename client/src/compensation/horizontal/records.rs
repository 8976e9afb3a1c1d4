//! What the chain keeps of agreements, samples and settlements.
//!
//! Parties and sections are named by their indices, as they stand in the agreement.

use crate::{
    calendar::Term,
    compensation::MicrogramsPerLitre,
    decimal::refused,
    digest::Digest,
    error::Error,
    funds::{ProgrammeId, TagKey},
    moment::Moment,
    money::{Fen, SignedFen},
    ratio::Ppb,
    traceability::{Commitment, OrganisationId},
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A pollutant that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Indicator {
    /// 高锰酸盐指数 COD(Mn).
    PermanganateIndex,
    /// 化学需氧量 COD(Cr).
    ChemicalOxygenDemand,
    /// 氨氮 NH₃-N.
    AmmoniaNitrogen,
    /// 总磷 TP.
    TotalPhosphorus,
    /// 总氮 TN.
    TotalNitrogen,
}

/// Indicators and how laboratories write them; the first name of each is the one that is shown.
const INDICATORS: [(Indicator, [&str; 3]); 5] = [
    (Indicator::PermanganateIndex, ["CODMn", "高锰酸盐指数", "PermanganateIndex"]),
    (Indicator::ChemicalOxygenDemand, ["CODCr", "化学需氧量", "ChemicalOxygenDemand"]),
    (Indicator::AmmoniaNitrogen, ["NH3-N", "氨氮", "AmmoniaNitrogen"]),
    (Indicator::TotalPhosphorus, ["TP", "总磷", "TotalPhosphorus"]),
    (Indicator::TotalNitrogen, ["TN", "总氮", "TotalNitrogen"]),
];

impl FromStr for Indicator {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = INDICATORS
            .iter()
            .find(|(_, names)| names.iter().any(|name| name.eq_ignore_ascii_case(text)));
        found
            .map(|(indicator, _)| *indicator)
            .ok_or_else(|| refused("indicator", "CODMn, CODCr, NH3-N, TP or TN is expected", text))
    }
}

impl fmt::Display for Indicator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = INDICATORS.iter().find(|(indicator, _)| indicator == self);
        f.pad(found.map_or("", |(_, [name, ..])| name))
    }
}

/// An indicator of a section, as agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorRule {
    /// What is measured.
    pub indicator: Indicator,
    /// Base limit C₀ (基本限值), above 0: of the weighted index; in a pool, the section's target; by
    /// classes, the mean of the year before the agreement.
    pub base: MicrogramsPerLitre,
    /// Its weight; those of a section sum to 1.
    pub weight_ppb: Ppb,
    /// Limits of classes I to V of GB 3838, ascending, where a formula goes by classes.
    pub class_limits: Option<[MicrogramsPerLitre; 5]>,
}

/// A monitored cross-border section (断面).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Index of the party upstream.
    pub upstream: u8,
    /// Index of the party downstream.
    pub downstream: u8,
    /// The stations of both sides, upstream's first; each takes half of the same sample.
    pub stations: [OrganisationId; 2],
    /// What is measured, 1 to 8, each indicator once, in ascending order.
    pub indicators: Vec<IndicatorRule>,
}

/// A step of a ladder of thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// It holds for an index up to and including this; the last one's is the largest number.
    pub up_to_ppb: Ppb,
    /// Index of the party that pays.
    pub payer: u8,
    /// Index of the party that is paid.
    pub payee: u8,
    /// How much; 0 is no payment.
    pub amount_fen: Fen,
}

/// Part of a party's distribution that goes to others when a section fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureRule {
    /// Index of the section.
    pub section: u8,
    /// Index of the party that loses.
    pub from: u8,
    /// What part of its distribution, at most 1.
    pub share_ppb: Ppb,
    /// In which proportion it goes to the parties, by their indices.
    pub to: Vec<u32>,
}

/// How a year's results become a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Formula {
    /// `P = k₀ · Σ kᵢ · Cᵢ / Cᵢ₀` against a ladder of thresholds.
    WeightedIndex {
        /// Index of the section.
        section: u8,
        /// Stability coefficient k₀, above 0 and at most 10.
        k0_ppb: Ppb,
        /// 1 to 8, ascending; a failed section takes the last.
        steps: Vec<Rung>,
    },
    /// So much for each class that the water is better than agreed, and so much for the change of
    /// the key pollutants; downstream pays upstream what is above 0, and is paid what is below.
    ClassAndChange {
        /// Index of the section.
        section: u8,
        /// The class for which nothing is paid, 1 to 6.
        basis_class: u8,
        /// For each class better or worse.
        class_fen: Fen,
        /// Most for classes, either way.
        class_cap_fen: Fen,
        /// For a change of the index of key pollutants by 1.0.
        change_fen: Fen,
        /// Most for the change, either way.
        change_cap_fen: Fen,
    },
    /// A pool that is paid in and distributed in agreed proportions, less what failed sections cost.
    Pool {
        /// The pool.
        pool_fen: Fen,
        /// In which proportion the parties contribute.
        contribution: Vec<u32>,
        /// In which proportion it is distributed if all sections meet their targets.
        distribution: Vec<u32>,
        /// What failed sections cost, applied in this order.
        failures: Vec<FailureRule>,
    },
}

/// A version of the rules of an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementRules {
    /// First year that they apply to.
    pub from_year: u16,
    /// Monitored sections, 1 to 16.
    pub sections: Vec<Section>,
    /// Most months of a year without a value for which the mean of the others stands, below 12.
    pub missing_months_max: u8,
    /// Most relative difference between the two halves of a sample, as part of the larger.
    pub tolerance_ppb: Ppb,
    /// Whether a major incident attributable upstream fails its section (重大污染事件).
    pub incident_fails: bool,
    /// Whether months of a natural disaster may be left out (自然灾害除外).
    pub disaster_exempts: bool,
    /// How results become payments.
    pub formula: Formula,
}

/// What is agreed beside the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementTerms {
    /// Organisations of the governments, 2 to 4, each once. Others name them by index.
    pub parties: Vec<OrganisationId>,
    /// Government above all parties, which decides disputes (共同上级政府).
    pub superior: OrganisationId,
    /// National station, whose value decides between the halves of a sample.
    pub national_station: OrganisationId,
    /// First year.
    pub first_year: u16,
    /// Last year.
    pub last_year: u16,
    /// Most that is paid for one year.
    pub cap_fen: Fen,
    /// In what time after confirmation or decision payment is due.
    pub pay_term: Term,
    /// Budget code of the compensation, 1 to 32 visible characters of ASCII.
    #[serde(with = "crate::text")]
    pub code: String,
    /// SHA-256 of the signed text: scope, goals, duties, breach.
    pub text: Digest,
}

/// How far an agreement has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AgreementStatus {
    /// 协商中: not all have signed.
    Negotiating,
    /// 已生效, until the end of its last year.
    InForce,
}

/// Rules that not all parties have signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingRules {
    /// The rules.
    pub rules: AgreementRules,
    /// SHA-256 of the encoded terms and rules: what is signed.
    pub hash: Digest,
    /// Set of the parties that signed, one bit each by index.
    pub signed: u8,
}

/// A compensation agreement (补偿协议).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// What was agreed beside the rules.
    pub terms: AgreementTerms,
    /// Version of the latest signed rules; 0 is none.
    pub version: u32,
    /// Last year that a sample was taken in.
    pub sampled_year: Option<u16>,
    /// The programme of its money, once in force.
    pub programme: Option<ProgrammeId>,
    /// How far it has come.
    pub status: AgreementStatus,
}

impl Agreement {
    /// The purpose of what a party pays in for a year: the year times ten, plus the party's index.
    pub fn escrow_tag(&self, year: u16, party: u8) -> Option<TagKey> {
        let tag = u32::from(year).saturating_mul(10).saturating_add(party.into());
        self.programme.map(|programme| TagKey { programme, tag })
    }
}

/// Which sample: year, index of the section, month 1 to 12.
pub type SampleKey = (u16, u8, u8);

/// One side's half of a joint sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Half {
    /// What its station measured, in the order of the section's indicators.
    pub reading: Vec<MicrogramsPerLitre>,
    /// Commitment to the laboratory's report.
    pub document: Commitment,
}

/// What stands for a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SampleStatus {
    /// One side's half is missing.
    OneHalf,
    /// Both halves agree within the tolerance: their means, half a µg/L rounded up.
    Agreed(Vec<MicrogramsPerLitre>),
    /// The halves do not agree, or a party disputes them: the national station decides.
    Disputed,
    /// The national station's value.
    Decided(Vec<MicrogramsPerLitre>),
    /// Left out because of a natural disaster.
    Exempt,
}

impl SampleStatus {
    /// The values that stand, where there are any.
    pub fn reading(&self) -> Option<&[MicrogramsPerLitre]> {
        match self {
            Self::Agreed(reading) | Self::Decided(reading) => Some(reading),
            Self::OneHalf | Self::Disputed | Self::Exempt => None,
        }
    }
}

/// A joint monthly sample (联合采样).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The halves of both sides, upstream's first.
    pub halves: [Option<Half>; 2],
    /// What stands.
    pub status: SampleStatus,
}

/// How a settlement's amounts came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trace {
    /// By the weighted index.
    WeightedIndex {
        /// P, half rounded up; the step was taken by the exact value.
        index_ppb: Ppb,
        /// Index of the step.
        step: u8,
    },
    /// By class and change.
    ClassAndChange {
        /// Class of the section.
        class: u8,
        /// Ratio of the key pollutants to the year before, half rounded up.
        ratio_ppb: Ppb,
        /// For the class, above 0 to upstream.
        class_fen: SignedFen,
        /// For the change, above 0 to upstream.
        change_fen: SignedFen,
    },
    /// By pool.
    Pool {
        /// Set of failed sections, one bit each by index.
        failed: u16,
        /// What each party contributes.
        contributions_fen: Vec<Fen>,
        /// What each party gets.
        distributions_fen: Vec<Fen>,
    },
    /// By the superior, without a formula.
    Decision,
}

/// A payment of a settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// Index of the party that pays.
    pub payer: u8,
    /// Index of the party that is paid.
    pub payee: u8,
    /// How much.
    pub amount_fen: Fen,
    /// How much of it is paid.
    pub paid_fen: Fen,
}

/// How far a settlement has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettlementStatus {
    /// 已核算: computed.
    Computed {
        /// Set of the parties that confirmed it, one bit each by index.
        confirmed: u8,
    },
    /// 争议: a party disputes it or one of its samples.
    Disputed,
    /// 已确认 by all parties.
    Confirmed,
    /// 已裁定 by the common superior, binding.
    Decided,
    /// 已支付.
    Paid,
}

/// The settlement of a year (年度清算).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Version of the rules.
    pub version: u32,
    /// SHA-256 of the encoded annual means, the means of the year before, and incidents.
    pub results_hash: Digest,
    /// How the amounts came about.
    pub trace: Trace,
    /// Who pays whom how much.
    pub legs: Vec<Leg>,
    /// How far it has come.
    pub status: SettlementStatus,
    /// When payment is due, once confirmed or decided: first moment that is late.
    pub due_at: Option<Moment>,
}
