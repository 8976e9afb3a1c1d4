//! What the pallet stores and takes in.

mod item;
mod proof;
mod series;

pub use item::*;
pub use proof::*;
pub use series::*;

/// Most item codes of one series.
pub const MAX_CODES: u32 = 1_000_000;
/// Most series of one batch.
pub const MAX_SERIES_OF_BATCH: u32 = 256;
/// Longest leaf that is taken in, in bytes.
pub const LEAF_BYTES_MAX: u32 = 64;
/// Longest path: a tree of 2^20 leaves, more than [`MAX_CODES`].
pub const PATH_MAX: u32 = 20;
/// Most rows that one view function returns.
pub const MAX_PAGE: u32 = 200;

/// Number of a series, given in order of creation.
pub type SeriesId = u32;
/// Unix time in milliseconds.
pub type Moment = u64;
/// SHA-256 over a random salt of at least 16 bytes followed by a document.
pub type Commitment = [u8; 32];
