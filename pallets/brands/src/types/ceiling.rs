//! Yield ceilings: the most that land gives, governed by product or category.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_traceability::Gtin;
use scale_info::TypeInfo;

/// Area units of 1/300 m² in one mu (亩).
pub const AREA_UNITS_PER_MU: u128 = 200_000;

/// Days to which a ceiling for a year is spread over periods that are given in days.
pub const DAYS_PER_YEAR: u128 = 365;

/// To what a ceiling applies; one for the product goes before one for its category.
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
pub enum CeilingScope {
    /// One product.
    #[codec(index = 0)]
    Product(Gtin),
    /// All products of a GPC brick.
    #[codec(index = 1)]
    Category(u32),
}

/// The most that a product yields on a mu in a year, in content units (mg, ml or pieces), at
/// least 1.
pub type YieldCeiling = u64;

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
pub enum RuleChange {
    /// A yield ceiling; `None` ends it.
    #[codec(index = 0)]
    YieldCeiling(CeilingScope, Option<YieldCeiling>),
}
