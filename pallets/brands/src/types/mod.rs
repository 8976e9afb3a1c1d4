//! What the pallet stores and takes in.

mod brand;
mod ceiling;
mod labels;
mod licence;
mod record;

pub use brand::*;
pub use ceiling::*;
pub use labels::*;
pub use licence::*;
pub use record::*;

use frame_support::{BoundedVec, traits::ConstU32};
use pallet_traceability::PlaceId;

/// Most divisions in the area of a brand.
pub const MAX_AREA: u32 = 16;
/// Most categories in the scope of a brand.
pub const MAX_CATEGORIES: u32 = 32;
/// Most single products in the scope of a brand.
pub const MAX_SCOPE_PRODUCTS: u32 = 64;
/// Most products of one licence.
pub const MAX_PRODUCTS: u32 = 8;
/// Most production bases of one licence.
pub const MAX_BASES: u32 = 16;
/// Most licences that one organisation has applied for or has under one brand.
pub const MAX_OPEN_LICENCES: u32 = 8;
/// Longest number of a mark, in bytes.
pub const MARK_BYTES_MAX: u32 = 32;
/// Longest name of a sub-brand, in bytes of UTF-8.
pub const SUB_BRAND_BYTES_MAX: u32 = 64;
/// Most rows that one view function returns.
pub const MAX_PAGE: u32 = 200;
/// Largest quantity of a quota, in content units, as of a batch.
pub const MAX_QUOTA: u128 = pallet_traceability::MAX_QUANTITY;
/// Largest fee of a licence, in fen: 10^16 fen are 10^14 CNY.
pub const MAX_FEE_FEN: u128 = 10_000_000_000_000_000;

/// Number of a brand, given in order of registration.
pub type BrandId = u32;
/// Number of a licence, given in order of application.
pub type LicenceId = u32;
/// Number of a label order, given in order of ordering.
pub type LabelOrderId = u32;
/// Number of a recorded misuse, given in order of recording.
pub type MisuseId = u32;
/// Number of a quota period: the year, or the number of the period since the licence began.
pub type Period = u32;
/// Unix time in milliseconds.
pub type Moment = u64;
/// Money in fen (分), 0.01 CNY.
pub type Fen = u128;
/// SHA-256 over a random salt of at least 16 bytes followed by a document.
pub type Commitment = [u8; 32];
/// SHA-256 of a document that anyone may read.
pub type DocumentHash = [u8; 32];

/// Number of a mark (商标注册号), visible ASCII.
pub type MarkNumber = BoundedVec<u8, ConstU32<MARK_BYTES_MAX>>;
/// Divisions, ascending and without repetition.
pub type Area = BoundedVec<pallet_participants::RegionCode, ConstU32<MAX_AREA>>;
/// GPC bricks, ascending and without repetition.
pub type Categories = BoundedVec<u32, ConstU32<MAX_CATEGORIES>>;
/// Products, ascending and without repetition.
pub type ScopeProducts = BoundedVec<pallet_traceability::Gtin, ConstU32<MAX_SCOPE_PRODUCTS>>;
/// Products of a licence, ascending and without repetition.
pub type Products = BoundedVec<LicensedProduct, ConstU32<MAX_PRODUCTS>>;
/// Production bases, ascending and without repetition.
pub type Bases = BoundedVec<PlaceId, ConstU32<MAX_BASES>>;
/// Name of a sub-brand, UTF-8.
pub type SubBrand = BoundedVec<u8, ConstU32<SUB_BRAND_BYTES_MAX>>;
/// Licences of one organisation under one brand that may still be or come in force, ascending.
pub type OpenLicenceIds = BoundedVec<LicenceId, ConstU32<MAX_OPEN_LICENCES>>;
