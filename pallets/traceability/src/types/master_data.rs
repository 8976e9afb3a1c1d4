//! Master data: products, production bases, and the governed registers.

use super::{BaseUnit, Gln, Gtin, Moment};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use pallet_participants::{OrganisationId, RegionCode};
use scale_info::TypeInfo;

/// What one piece of a trade item holds.
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
pub struct NetContent {
    /// Unit of the content: a mass or a volume.
    pub unit: BaseUnit,
    /// Content of one piece in base units, at least 1.
    #[codec(compact)]
    pub quantity: u64,
    /// The bulk product that is packed, where the item is a pack of one.
    pub of: Option<Gtin>,
}

/// Master data of a product.
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
pub struct ProductDetails {
    /// Organisation that owns the GTIN and may produce; it licenses others.
    pub owner: OrganisationId,
    /// Unit of every quantity of the product's batches.
    pub base_unit: BaseUnit,
    /// Content of a piece; only where the base unit is [`BaseUnit::Each`].
    pub net_content: Option<NetContent>,
    /// Mass of a millilitre in milligrams, where quantities by volume must be weighed.
    pub density_mg_per_ml: Option<u32>,
    /// Class in GS1's Global Product Classification, eight digits.
    pub category: u32,
}

impl ProductDetails {
    /// The unit in which the content of the product is measured.
    pub fn content_unit(&self) -> BaseUnit {
        self.net_content.map_or(self.base_unit, |content| content.unit)
    }

    /// The content of `quantity` base units, in [`content_unit`](Self::content_unit).
    pub fn content(&self, quantity: u128) -> Option<u128> {
        match self.net_content {
            Some(content) => quantity.checked_mul(u128::from(content.quantity)),
            None => Some(quantity),
        }
    }

    /// The content of `quantity` base units measured in `unit`; volume is weighed by density.
    /// `None` where no such conversion is known.
    pub fn content_in(&self, unit: BaseUnit, quantity: u128) -> Option<u128> {
        let content = self.content(quantity)?;
        match (self.content_unit(), unit) {
            (own, wanted) if own == wanted => Some(content),
            (BaseUnit::Millilitre, BaseUnit::Milligram) => {
                content.checked_mul(u128::from(self.density_mg_per_ml?))
            }
            _ => None,
        }
    }
}

/// A production base (基地): the field, garden, pond or workshop from which batches come.
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
pub struct PlaceDetails {
    /// Organisation that runs it.
    pub owner: OrganisationId,
    /// Administrative division, GB/T 2260.
    pub region: RegionCode,
    /// Its GLN, if it has one.
    pub gln: Option<Gln>,
    /// Area in units of 1/300 m² (1 mu is 200,000), lossless for m², hectare and mu.
    #[codec(compact)]
    pub area_units: u64,
}

/// What a farm input is (农业投入品).
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
    serde::Serialize,
    serde::Deserialize,
)]
pub enum FarmInputKind {
    /// 农药
    #[codec(index = 0)]
    Pesticide,
    /// 肥料
    #[codec(index = 1)]
    Fertiliser,
    /// 饲料
    #[codec(index = 2)]
    Feed,
    /// 兽药
    #[codec(index = 3)]
    VeterinaryDrug,
    /// Anything else with an interval.
    #[codec(index = 4)]
    Other,
}

/// A farm input as licensed for one use.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct FarmInput {
    /// What it is.
    pub kind: FarmInputKind,
    /// Number in the national register, ASCII.
    pub registration: BoundedVec<u8, ConstU32<32>>,
    /// Days that must pass between use and harvest (安全间隔期).
    pub pre_harvest_days: u16,
    /// Whether it may still be used.
    pub permitted: bool,
}

impl FarmInput {
    /// The pre-harvest interval in milliseconds.
    pub fn interval_ms(&self) -> Moment {
        u64::from(self.pre_harvest_days).saturating_mul(86_400_000)
    }
}

/// From what to what a yield limit applies; a limit for the products goes before one for the
/// categories.
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
pub enum YieldScope {
    /// From one product to another.
    #[codec(index = 0)]
    Product {
        /// Product that goes in.
        input: Gtin,
        /// Product that comes out.
        output: Gtin,
    },
    /// From any product of a category to any of another.
    #[codec(index = 1)]
    Category {
        /// Category that goes in.
        input: u32,
        /// Category that comes out.
        output: u32,
    },
}

/// The most that a transformation may give.
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
    serde::Serialize,
    serde::Deserialize,
)]
pub struct YieldRule {
    /// Content units out per content unit in, in parts per billion; at most 10^15.
    #[codec(compact)]
    pub max_ppb: u64,
    /// Whether it comes beside the main products, as bran beside rice, and does not use up their
    /// share of the input.
    pub by_product: bool,
}

/// Largest yield that may be governed: a million content units out of one.
pub const MAX_YIELD_PPB: u64 = 1_000_000_000_000_000;

/// Version of the governed data under which a result was found.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct RuleSet {
    /// Counts every change of the governed data.
    pub version: u32,
    /// SHA-256 over the previous hash and the SCALE-encoded change.
    pub hash: [u8; 32],
}

/// A change of the governed data, as hashed into [`RuleSet::hash`].
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum RuleChange {
    /// A unit of measure.
    #[codec(index = 0)]
    Unit(super::UnitCode, super::UnitRule),
    /// A yield limit; `None` ends it.
    #[codec(index = 1)]
    Yield(YieldScope, Option<YieldRule>),
    /// A farm input.
    #[codec(index = 2)]
    FarmInput(super::FarmInputId, FarmInput),
    /// What a class of recall reaches.
    #[codec(index = 3)]
    RecallRule(super::RecallClass, super::RecallScope),
    /// How far event time may be ahead of block time, in milliseconds.
    #[codec(index = 4)]
    ClockSkew(Moment),
}
