//! Label orders: printed labels that a licensee orders and the brand issues.

use super::{LicenceId, Moment, Period};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_traceability::Gtin;
use scale_info::TypeInfo;

/// Whether the labels of an order are out.
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
pub enum LabelOrderStatus {
    /// The licensee ordered them.
    #[codec(index = 0)]
    Ordered,
    /// The brand issued them.
    #[codec(index = 1)]
    Issued,
    /// The licensee or the brand called the order off before issue.
    #[codec(index = 2)]
    Cancelled,
}

/// Labels ordered for one product; one label goes on one piece.
///
/// Law: what was issued is `used + void + destroyed` and what is in stock.
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
pub struct LabelOrder {
    /// Licence under which they are used.
    pub licence: LicenceId,
    /// Product on which they go.
    pub gtin: Gtin,
    /// Labels ordered, at least 1; when issued, all are.
    pub n_labels: u32,
    /// Content of one piece in content units (mg, ml or pieces).
    #[codec(compact)]
    pub content: u64,
    /// Whether they are out.
    pub status: LabelOrderStatus,
    /// Block time of that.
    pub status_since: Moment,
    /// Period whose quota they draw, from issue on.
    pub period: Period,
    /// At the licensee, unused.
    pub n_stock: u32,
    /// On pieces.
    pub n_used: u32,
    /// Spoilt before use (作废).
    pub n_void: u32,
    /// Destroyed unused (销毁).
    pub n_destroyed: u32,
}

impl LabelOrder {
    /// Labels issued.
    pub const fn n_issued(&self) -> u32 {
        match self.status {
            LabelOrderStatus::Issued => self.n_labels,
            LabelOrderStatus::Ordered | LabelOrderStatus::Cancelled => 0,
        }
    }

    /// Content of `n_labels` pieces.
    pub fn content_of(&self, n_labels: u32) -> u128 {
        u128::from(self.content).saturating_mul(u128::from(n_labels))
    }
}

/// What became of labels in stock.
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
pub enum LabelFate {
    /// They went on pieces.
    #[codec(index = 0)]
    Used,
    /// They were spoilt before use; their quota is free again.
    #[codec(index = 1)]
    Void,
    /// They were destroyed unused; their quota is free again.
    #[codec(index = 2)]
    Destroyed,
}
