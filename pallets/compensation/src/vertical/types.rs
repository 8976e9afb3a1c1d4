//! Records of vertical compensation.

use crate::{Digest, Fen};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use pallet_calendar::{Moment, Term};
use pallet_funds::{BudgetCode, ProgrammeId};
use pallet_participants::authority::OrganisationId;
use scale_info::TypeInfo;

/// Number of a transfer policy, given in order of creation from 0.
pub type PolicyId = u32;
/// Most components of one policy.
pub const COMPONENTS_MAX: u32 = 4;
/// Most factors of one component.
pub const FACTORS_MAX: u32 = 8;
/// Most holders other than finance department and county that one conclusion takes money back
/// from; what is left is owed, and taken by another.
pub const HOLDERS_MAX: u32 = 5;
/// Most counties of one policy; the province with the most has 183.
pub const COUNTIES_MAX: u32 = 200;
/// Largest coefficient of a county, in parts per billion: ten.
pub const COEFFICIENT_PPB_MAX: u64 = 10_000_000_000;
/// Grades of change of the assessed quality.
pub const GRADES: usize = 7;

/// A quantity with its unit; there are no bare numbers.
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
pub enum Quantity {
    /// Money, in fen.
    #[codec(index = 0)]
    Fen(u128),
    /// Persons.
    #[codec(index = 1)]
    Persons(u128),
    /// Area, in units of 1/300 m²; 1 mu has 200,000 and 1 ha 3,000,000.
    #[codec(index = 2)]
    AreaUnits(u128),
    /// Volume of water, in litres.
    #[codec(index = 3)]
    Litres(u128),
    /// Mass, in grams.
    #[codec(index = 4)]
    Grams(u128),
    /// Pieces, such as reserves.
    #[codec(index = 5)]
    Pieces(u128),
    /// Ratio or index, in parts per billion.
    #[codec(index = 6)]
    Ppb(u128),
}

impl Quantity {
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

    /// Its number in that unit.
    pub const fn number(self) -> u128 {
        match self {
            Self::Fen(number)
            | Self::Persons(number)
            | Self::AreaUnits(number)
            | Self::Litres(number)
            | Self::Grams(number)
            | Self::Pieces(number)
            | Self::Ppb(number) => number,
        }
    }
}

/// The unit of a [`Quantity`].
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
pub enum Unit {
    /// See [`Quantity::Fen`].
    #[codec(index = 0)]
    Fen,
    /// See [`Quantity::Persons`].
    #[codec(index = 1)]
    Persons,
    /// See [`Quantity::AreaUnits`].
    #[codec(index = 2)]
    AreaUnits,
    /// See [`Quantity::Litres`].
    #[codec(index = 3)]
    Litres,
    /// See [`Quantity::Grams`].
    #[codec(index = 4)]
    Grams,
    /// See [`Quantity::Pieces`].
    #[codec(index = 5)]
    Pieces,
    /// See [`Quantity::Ppb`].
    #[codec(index = 6)]
    Ppb,
}

/// What a component of the transfer is (财预〔2022〕59号).
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
pub enum ComponentKind {
    /// 重点补助: counties of key ecological functions.
    #[codec(index = 0)]
    Key,
    /// 禁止开发区补助: areas closed to development.
    #[codec(index = 1)]
    Prohibited,
    /// 引导性补助: guiding.
    #[codec(index = 2)]
    Guiding,
    /// 分类补偿: by element, such as forest or wetland.
    #[codec(index = 3)]
    Element,
}

/// A factor of the weighted form.
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
pub struct FactorRule {
    /// Number of the factor in the catalogue of published statistics.
    pub factor: u16,
    /// Unit that its values must have.
    pub unit: Unit,
    /// Weight in parts per billion; those of a component sum to 10⁹.
    pub weight_ppb: u64,
}

/// How a component's pool is split.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Form {
    /// 因素法: by weighted factors, see [`super::score::weighted`].
    #[codec(index = 0)]
    Weighted(BoundedVec<FactorRule, ConstU32<FACTORS_MAX>>),
    /// By the standard fiscal gap, see [`super::score::gap`]. Its two values are standard
    /// expenditure and standard revenue, in fen.
    #[codec(index = 1)]
    Gap {
        /// Whether a county with more revenue than expenditure counts as without a gap; otherwise
        /// its data are refused.
        negative_is_zero: bool,
    },
}

/// A component of a policy with its pool.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Component {
    /// What it is.
    pub kind: ComponentKind,
    /// What is split, in fen, above 0.
    pub pool_fen: Fen,
    /// How it is split.
    pub form: Form,
}

/// A policy that is to be created.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct NewPolicy {
    /// Budget year.
    pub year: u16,
    /// Budget code of the transfer.
    pub code: BudgetCode,
    /// SHA-256 of the published text of the rules.
    pub text: Digest,
    /// Its components, at least one.
    pub components: BoundedVec<Component, ConstU32<COMPONENTS_MAX>>,
    /// Organisations of the counties, offices, in ascending order, at least one.
    pub counties: BoundedVec<OrganisationId, ConstU32<COUNTIES_MAX>>,
    /// In what time after publication the money must have been remitted.
    pub remit_term: Term,
}

/// How far a policy has come.
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
pub enum PolicyStatus {
    /// Data of counties are being submitted.
    #[codec(index = 0)]
    Open,
    /// Data are complete, and do not change any more.
    #[codec(index = 1)]
    FactorsFrozen,
    /// Shares are computed.
    #[codec(index = 2)]
    Computed,
    /// Shares are published; money may be appropriated.
    #[codec(index = 3)]
    Published,
}

/// A transfer policy (转移支付办法) of one year.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct PolicyDetails {
    /// The finance department that transfers.
    pub treasury: OrganisationId,
    /// What it was created with.
    pub terms: NewPolicy,
    /// Version of the governed rules that applies to it.
    pub rule_set: u32,
    /// SHA-256 of the encoded terms and rule set: what every amount is computed by.
    pub rules_hash: Digest,
    /// SHA-256 of all encoded data of counties, once they are frozen.
    pub factors_hash: Option<Digest>,
    /// The programme of its money; its tags are the numbers of the counties' organisations.
    pub programme: ProgrammeId,
    /// How far it has come.
    pub status: PolicyStatus,
}

/// A published record that a value is taken from.
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
pub struct SourceRecord {
    /// Number of the account or catalogue entry.
    pub record: u64,
    /// SHA-256 of the record; never all zeros.
    pub hash: Digest,
    /// When it was published, in Unix time in milliseconds.
    pub published_at: Moment,
}

/// A value of one factor in one county.
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
pub struct FactorValue {
    /// The value, in the unit of the factor's rule.
    pub quantity: Quantity,
    /// Where it is published.
    pub source: SourceRecord,
}

/// What one component is computed from in one county.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct CountyData {
    /// Coefficient of the county in parts per billion, at most [`COEFFICIENT_PPB_MAX`].
    pub coefficient_ppb: u64,
    /// Least of its share, in fen.
    pub floor_fen: Fen,
    /// Most of its share, in fen; `None` is without limit.
    pub cap_fen: Option<Fen>,
    /// Values in the order of the component's factors; of the gap form, expenditure and revenue.
    pub values: BoundedVec<FactorValue, ConstU32<FACTORS_MAX>>,
}

/// Grade of change of the assessed quality (生态环境质量变化等级).
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
pub enum Grade {
    /// 明显变好.
    #[codec(index = 0)]
    ObviouslyBetter,
    /// 一般变好.
    #[codec(index = 1)]
    Better,
    /// 轻微变好.
    #[codec(index = 2)]
    SlightlyBetter,
    /// 基本稳定.
    #[codec(index = 3)]
    Stable,
    /// 轻微变差.
    #[codec(index = 4)]
    SlightlyWorse,
    /// 一般变差.
    #[codec(index = 5)]
    Worse,
    /// 明显变差.
    #[codec(index = 6)]
    ObviouslyWorse,
}

/// Adjustment of a share by grade, from best to worst, in parts per billion of the share.
pub type PerformanceTable = [i64; GRADES];

/// ±20, ±10, ±5 % and none.
pub const DEFAULT_PERFORMANCE: PerformanceTable =
    [200_000_000, 100_000_000, 50_000_000, 0, -50_000_000, -100_000_000, -200_000_000];

/// What became of an evaluated share.
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
pub enum Outcome {
    /// Nothing was adjusted.
    #[codec(index = 0)]
    Kept,
    /// 奖励: so much more may be appropriated, in fen.
    #[codec(index = 1)]
    Reward(Fen),
    /// 扣减.
    #[codec(index = 2)]
    Deduct {
        /// What was to be deducted, in fen.
        due_fen: Fen,
        /// What of it was not appropriated yet or could be taken back, in fen; the county owes the
        /// rest.
        recovered_fen: Fen,
    },
    /// 收回: the county was flagged by an auditor; all it had or had passed on was taken back, in
    /// fen.
    #[codec(index = 3)]
    ClawBack(Fen),
}

/// How far a share has come.
///
/// That some of it is disbursed (已拨付) is not said here: the ledger of its money says so.
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
pub enum AllocationStatus {
    /// 已测算.
    #[codec(index = 0)]
    Computed,
    /// 已下达: published.
    #[codec(index = 1)]
    Published,
    /// 已安排: some money is appropriated.
    #[codec(index = 2)]
    Appropriated,
    /// 已到达: some money is with the county.
    #[codec(index = 3)]
    Received,
    /// 已使用: the county reported use.
    #[codec(index = 4)]
    Used,
    /// 已评价.
    #[codec(index = 5)]
    Evaluated(Grade),
    /// 已清算.
    #[codec(index = 6)]
    Concluded(Outcome),
}

/// A county's share.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Allocation {
    /// Its shares of the components, in fen, in their order.
    pub components_fen: BoundedVec<Fen, ConstU32<COMPONENTS_MAX>>,
    /// Their sum, in fen.
    pub total_fen: Fen,
    /// How far it has come.
    pub status: AllocationStatus,
    /// What the county reported as used by those it paid, in fen.
    pub reported_fen: Fen,
}

/// A share with what the ledger says of its money.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AllocationInfo {
    /// The share.
    pub allocation: Allocation,
    /// Appropriated net of what went back, in fen.
    pub appropriated_fen: Fen,
    /// Remitted to the county, in fen.
    pub received_fen: Fen,
    /// Paid to final beneficiaries by the county or whom it passed money on to, in fen: so much of
    /// the share is disbursed (已拨付).
    pub disbursed_fen: Fen,
    /// Held by whoever, in fen.
    pub held_fen: Fen,
}
