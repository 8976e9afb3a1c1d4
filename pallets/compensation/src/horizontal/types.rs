//! Records of horizontal compensation.

use crate::{Commitment, Digest, Fen};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use pallet_calendar::{Moment, Term};
use pallet_funds::{BudgetCode, ProgrammeId};
use pallet_participants::authority::OrganisationId;
use scale_info::TypeInfo;

/// Number of an agreement, given in order of proposal from 0.
pub type AgreementId = u32;
/// Most parties of one agreement.
pub const PARTIES_MAX: u32 = 4;
/// Most sections of one agreement; their sets are bits of a `u16`.
pub const SECTIONS_MAX: u32 = 16;
/// Most indicators of one section.
pub const INDICATORS_MAX: u32 = 8;
/// Most steps of a ladder.
pub const STEPS_MAX: u32 = 8;
/// Most payments of one settlement.
pub const LEGS_MAX: u32 = 4;
/// Most versions of the rules of one agreement.
pub const VERSIONS_MAX: u32 = 16;
/// Highest concentration that is taken, in µg/L: 1 kg/L, more than water carries.
pub const CONCENTRATION_MAX: u64 = 1_000_000_000;
/// Best water quality class of GB 3838, and the one below its worst (劣Ⅴ类).
pub const CLASSES: core::ops::RangeInclusive<u8> = 1..=6;

/// A concentration in µg/L; 1 mg/L has 1,000.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct MicrogramsPerLitre(pub u64);

/// A pollutant that is measured.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum Indicator {
    /// 高锰酸盐指数 COD(Mn).
    #[codec(index = 0)]
    PermanganateIndex,
    /// 化学需氧量 COD(Cr).
    #[codec(index = 1)]
    ChemicalOxygenDemand,
    /// 氨氮 NH₃-N.
    #[codec(index = 2)]
    AmmoniaNitrogen,
    /// 总磷 TP.
    #[codec(index = 3)]
    TotalPhosphorus,
    /// 总氮 TN.
    #[codec(index = 4)]
    TotalNitrogen,
}

/// An indicator of a section, as agreed.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct IndicatorRule {
    /// What is measured.
    pub indicator: Indicator,
    /// Base limit C₀ (基本限值), above 0: of the weighted index; in a pool, the section's target; by
    /// classes, the mean of the year before the agreement.
    pub base: MicrogramsPerLitre,
    /// Weight in parts per billion; those of a section sum to 10⁹.
    pub weight_ppb: u64,
    /// Limits of classes I to V, ascending, where a formula goes by classes.
    pub class_limits: Option<[MicrogramsPerLitre; 5]>,
}

/// A monitored cross-border section (断面).
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Section {
    /// Index of the party upstream.
    pub upstream: u8,
    /// Index of the party downstream.
    pub downstream: u8,
    /// The stations of both sides, upstream's first; each takes half of the same sample.
    pub stations: [OrganisationId; 2],
    /// What is measured, each indicator once, in ascending order.
    pub indicators: BoundedVec<IndicatorRule, ConstU32<INDICATORS_MAX>>,
}

/// A step of a ladder of thresholds.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Step {
    /// The step holds for an index up to and including this, in parts per billion; the last step's
    /// is the largest number.
    pub up_to_ppb: u64,
    /// Index of the party that pays.
    pub payer: u8,
    /// Index of the party that is paid.
    pub payee: u8,
    /// How much, in fen; 0 is no payment.
    pub amount_fen: Fen,
}

/// Part of a party's distribution that goes to others when a section fails.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct FailureRule {
    /// Index of the section.
    pub section: u8,
    /// Index of the party that loses.
    pub from: u8,
    /// What part of its distribution, in parts per billion.
    pub share_ppb: u64,
    /// In which proportion it goes to the parties, by their indices.
    pub to: BoundedVec<u32, ConstU32<PARTIES_MAX>>,
}

/// How a year's results become a payment.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Formula {
    /// `P = k₀ · Σ kᵢ · Cᵢ / Cᵢ₀` against a ladder of thresholds (新安江).
    #[codec(index = 0)]
    WeightedIndex {
        /// Index of the section.
        section: u8,
        /// Stability coefficient k₀ in parts per billion.
        k0_ppb: u64,
        /// Ascending; a failed section takes the last.
        steps: BoundedVec<Step, ConstU32<STEPS_MAX>>,
    },
    /// So much for each class that the water is better than agreed, and so much for the change of
    /// the key pollutants (黄河豫鲁段); downstream pays upstream what is above 0, and is paid what is
    /// below.
    #[codec(index = 1)]
    ClassAndChange {
        /// Index of the section.
        section: u8,
        /// The class for which nothing is paid, 1 to 6.
        basis_class: u8,
        /// For each class better or worse, in fen.
        class_fen: Fen,
        /// Most for classes, either way, in fen.
        class_cap_fen: Fen,
        /// For a change of the index of key pollutants by 1.0, in fen.
        change_fen: Fen,
        /// Most for the change, either way, in fen.
        change_cap_fen: Fen,
    },
    /// A pool that is paid in and distributed in agreed proportions, less what failed sections cost
    /// (赤水河).
    #[codec(index = 2)]
    Pool {
        /// The pool, in fen.
        pool_fen: Fen,
        /// In which proportion the parties contribute.
        contribution: BoundedVec<u32, ConstU32<PARTIES_MAX>>,
        /// In which proportion it is distributed if all sections meet their targets.
        distribution: BoundedVec<u32, ConstU32<PARTIES_MAX>>,
        /// What failed sections cost, applied in this order.
        failures: BoundedVec<FailureRule, ConstU32<SECTIONS_MAX>>,
    },
}

/// A version of the rules of an agreement.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct AgreementRules {
    /// First year that they apply to.
    pub from_year: u16,
    /// Monitored sections, at least one.
    pub sections: BoundedVec<Section, ConstU32<SECTIONS_MAX>>,
    /// Most months of a year without a value for which the mean of the others stands.
    pub missing_months_max: u8,
    /// Most relative difference between the two halves of a sample, in parts per billion of the
    /// larger.
    pub tolerance_ppb: u64,
    /// Whether a major incident attributable upstream fails its section (重大污染事件).
    pub incident_fails: bool,
    /// Whether months of a natural disaster may be left out (自然灾害除外).
    pub disaster_exempts: bool,
    /// How results become payments.
    pub formula: Formula,
}

/// An agreement that is proposed.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct AgreementTerms {
    /// Organisations of the governments, each once, at least two. Others name them by index.
    pub parties: BoundedVec<OrganisationId, ConstU32<PARTIES_MAX>>,
    /// Government above all parties, which decides disputes.
    pub superior: OrganisationId,
    /// National station, whose value decides between the halves of a sample.
    pub national_station: OrganisationId,
    /// First year.
    pub first_year: u16,
    /// Last year.
    pub last_year: u16,
    /// Most that is paid for one year, in fen.
    pub cap_fen: Fen,
    /// In what time after confirmation or decision payment is due.
    pub pay_term: Term,
    /// Budget code of the compensation.
    pub code: BudgetCode,
    /// SHA-256 of the signed text: scope, goals, duties, breach.
    pub text: Digest,
}

/// How far an agreement has come.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum AgreementStatus {
    /// 协商中: not all have signed.
    #[codec(index = 0)]
    Negotiating,
    /// 已生效, until the end of its last year.
    #[codec(index = 1)]
    InForce,
}

/// Rules that not all parties have signed.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct PendingRules {
    /// The rules.
    pub rules: AgreementRules,
    /// SHA-256 of the encoded terms and rules: what is signed.
    pub hash: Digest,
    /// Set of the parties that signed, one bit each by index.
    pub signed: u8,
}

/// A compensation agreement (补偿协议).
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct AgreementDetails {
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

/// Which sample: year, index of the section, month 1 to 12.
pub type SampleKey = (u16, u8, u8);

/// Concentrations in the order of the section's indicators.
pub type Reading = BoundedVec<MicrogramsPerLitre, ConstU32<INDICATORS_MAX>>;

/// One side's half of a joint sample.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Half {
    /// What its station measured.
    pub reading: Reading,
    /// Commitment to the laboratory's report.
    pub document: Commitment,
}

/// What stands for a month.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum SampleStatus {
    /// One side's half is missing.
    #[codec(index = 0)]
    OneHalf,
    /// Both halves agree within the tolerance: their means, half a µg/L rounded up.
    #[codec(index = 1)]
    Agreed(Reading),
    /// The halves do not agree, or a party disputes them: the national station decides.
    #[codec(index = 2)]
    Disputed,
    /// The national station's value.
    #[codec(index = 3)]
    Decided(Reading),
    /// Left out because of a natural disaster.
    #[codec(index = 4)]
    Exempt,
}

/// A joint monthly sample (联合采样).
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Sample {
    /// The halves of both sides, upstream's first.
    pub halves: [Option<Half>; 2],
    /// What stands.
    pub status: SampleStatus,
}

/// An annual mean, exactly: a sum and by how many months it is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Mean {
    /// Sum of the months, in µg/L.
    pub sum: u64,
    /// Months, above 0.
    pub months: u8,
}

/// Annual means by section and indicator.
pub type Means = Vec<Vec<Mean>>;

/// How a settlement's amounts came about.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Trace {
    /// By the weighted index.
    #[codec(index = 0)]
    WeightedIndex {
        /// P in parts per billion, half rounded up; the step was taken by the exact value.
        index_ppb: u64,
        /// Index of the step.
        step: u8,
    },
    /// By class and change.
    #[codec(index = 1)]
    ClassAndChange {
        /// Class of the section.
        class: u8,
        /// Ratio of the key pollutants to the year before, in parts per billion, half rounded up.
        ratio_ppb: u64,
        /// For the class, in fen, above 0 to upstream.
        class_fen: i128,
        /// For the change, in fen, above 0 to upstream.
        change_fen: i128,
    },
    /// By pool.
    #[codec(index = 2)]
    Pool {
        /// Set of failed sections, one bit each by index.
        failed: u16,
        /// What each party contributes, in fen.
        contributions_fen: BoundedVec<Fen, ConstU32<PARTIES_MAX>>,
        /// What each party gets, in fen.
        distributions_fen: BoundedVec<Fen, ConstU32<PARTIES_MAX>>,
    },
    /// By the superior, without a formula.
    #[codec(index = 3)]
    Decision,
}

/// A payment of a settlement.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct Leg {
    /// Index of the party that pays.
    pub payer: u8,
    /// Index of the party that is paid.
    pub payee: u8,
    /// How much, in fen.
    pub amount_fen: Fen,
    /// How much of it is paid, in fen.
    pub paid_fen: Fen,
}

/// Payments of a settlement.
pub type Legs = BoundedVec<Leg, ConstU32<LEGS_MAX>>;

/// How far a settlement has come.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum SettlementStatus {
    /// 已核算: computed; a set of parties confirmed it, one bit each by index.
    #[codec(index = 0)]
    Computed {
        /// Who confirmed.
        confirmed: u8,
    },
    /// 争议: a party disputes it or one of its samples.
    #[codec(index = 1)]
    Disputed,
    /// 已确认 by all parties.
    #[codec(index = 2)]
    Confirmed,
    /// 已裁定 by the common superior, binding.
    #[codec(index = 3)]
    Decided,
    /// 已支付.
    #[codec(index = 4)]
    Paid,
}

/// The settlement of a year (年度清算).
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct SettlementDetails {
    /// Version of the rules.
    pub version: u32,
    /// SHA-256 of the encoded annual means, the means of the year before, and incidents.
    pub results_hash: Digest,
    /// How the amounts came about.
    pub trace: Trace,
    /// Who pays whom how much.
    pub legs: Legs,
    /// How far it has come.
    pub status: SettlementStatus,
    /// When payment is due, once confirmed or decided: first moment that is late.
    pub due_at: Option<Moment>,
}
