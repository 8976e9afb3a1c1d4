//! What the pallet stores and takes in.

mod application;
mod bodies;
mod certificate;
mod duty;
mod organic_code;
mod sale;
mod scheme;

pub use application::*;
pub use bodies::*;
pub use certificate::*;
pub use duty::*;
pub use organic_code::*;
pub use sale::*;
pub use scheme::*;

use frame_support::{BoundedVec, traits::ConstU32};
use pallet_traceability::PlaceId;

/// Most products on one application or certificate.
pub const MAX_PRODUCTS: u32 = 16;
/// Most bases on one application or certificate.
pub const MAX_BASES: u32 = 32;
/// Most inspections of one application.
pub const MAX_INSPECTIONS: u32 = 4;
/// Most schemes in one scope.
pub const MAX_SCHEMES: u32 = 16;
/// Most product categories in one scope.
pub const MAX_CATEGORIES: u32 = 32;
/// Most batches that one transaction certificate is counted for: its own, and those that it was
/// made from.
pub const MAX_LINEAGE: u32 = 128;
/// Most changes of one certificate's status; the last place is kept for its end.
pub const MAX_CHANGES: u32 = 24;
/// Most changes of the standing of one body, approval or accreditation.
pub const MAX_STANDINGS: u32 = 24;
/// Longest name, standard or number, in bytes.
pub const MAX_TEXT_BYTES: u32 = 64;
/// Most rows in one answer of a view function.
pub const MAX_PAGE: u32 = 100;
/// Area units (1/300 m²) in a mu (亩).
pub const AREA_UNITS_PER_MU: u128 = 200_000;
/// 1.0 in parts per billion.
pub const BILLION: u128 = 1_000_000_000;

/// A published name, standard or number: one line of UTF-8.
pub type Text = BoundedVec<u8, ConstU32<MAX_TEXT_BYTES>>;
/// Production bases, ascending and without repetition.
pub type BaseIds = BoundedVec<PlaceId, ConstU32<MAX_BASES>>;

/// Whether `text` is not empty, valid UTF-8, and has no control characters.
pub fn is_valid_text(text: &Text) -> bool {
    !text.is_empty()
        && core::str::from_utf8(text).is_ok_and(|text| !text.chars().any(char::is_control))
}
