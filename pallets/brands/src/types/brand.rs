//! Brands: a mark, who owns and runs it, and the rules for its use.

use super::{Area, Categories, DocumentHash, MarkNumber, Moment, ScopeProducts};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_participants::OrganisationId;
use pallet_traceability::{Gtin, SchemeId};
use scale_info::TypeInfo;

/// What kind of mark a brand is. Source: Trademark Law (商标法) Art. 3.
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
pub enum MarkKind {
    /// 集体商标: used by members of the organisation that owns it, and by nobody else.
    #[codec(index = 0)]
    Collective,
    /// 证明商标: certifies origin, material, making or quality of goods of others.
    #[codec(index = 1)]
    Certification,
    /// 地理标志: goods from an area whose quality comes from there.
    #[codec(index = 2)]
    GeographicalIndication,
}

/// Periods in which a quota counts.
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
pub enum PeriodRule {
    /// Calendar years in China Standard Time; the number of a period is the year.
    #[codec(index = 0)]
    CalendarYear,
    /// So many days, at least 1, from the day in China Standard Time on which the licence begins;
    /// periods are numbered from 0.
    #[codec(index = 1)]
    Days(u16),
}

/// The rules for the use of a brand (使用管理规则).
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct BrandRules {
    /// Divisions in which bases of licensees lie, each with all inside it; at least one.
    pub area: Area,
    /// Categories of products in scope.
    pub categories: Categories,
    /// Single products in scope.
    pub products: ScopeProducts,
    /// SHA-256 of the published rules.
    pub document: DocumentHash,
    /// Scheme of the certificate that every licensed product must have, if any.
    pub certificate_scheme: Option<SchemeId>,
    /// Periods of quotas.
    pub period: PeriodRule,
    /// First moment in which the mark is no longer registered; no licence lasts longer.
    pub registered_until: Moment,
}

impl BrandRules {
    /// Whether a product is in scope.
    pub fn includes(&self, gtin: &Gtin, category: u32) -> bool {
        self.products.binary_search(gtin).is_ok()
            || self.categories.binary_search(&category).is_ok()
    }

    /// Whether a division lies in the area.
    pub fn contains(&self, region: pallet_participants::RegionCode) -> bool {
        self.area.iter().any(|part| part.covers(region))
    }
}

/// A brand.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct BrandDetails {
    /// Number of the mark, unique.
    pub mark_number: MarkNumber,
    /// Kind of the mark.
    pub kind: MarkKind,
    /// Organisation that owns the mark (品牌所有人).
    pub owner: OrganisationId,
    /// Organisation that runs the brand for the owner (品牌运营方), if another does.
    pub operator: Option<OrganisationId>,
    /// Version of its rules, from 0.
    pub rules_version: u32,
    /// Block time of registration.
    pub registered_at: Moment,
    /// Members, of a collective mark.
    pub n_members: u32,
}
