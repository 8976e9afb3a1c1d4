//! Batches and how they come from one another.

use super::{
    BatchId, Commitment, DerivationId, Disposition, Gtin, Lot, MAX_INPUTS, MAX_OUTPUTS, Measure,
    Moment, Origins, Quantities, Sscc,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use pallet_participants::OrganisationId;
use scale_info::TypeInfo;

/// How far a batch has come on its way to the consumer.
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
pub enum Stage {
    /// In the field; nothing harvested.
    #[codec(index = 0)]
    Growing,
    /// Harvested or otherwise produced.
    #[codec(index = 1)]
    Harvested,
    /// In a store.
    #[codec(index = 2)]
    Stored,
    /// Made from other batches.
    #[codec(index = 3)]
    Processed,
    /// Packed for trade.
    #[codec(index = 4)]
    Packed,
    /// Between two holders.
    #[codec(index = 5)]
    InTransit,
    /// On sale.
    #[codec(index = 6)]
    Retail,
    /// Nothing left, some of it sold to consumers.
    #[codec(index = 7)]
    Sold,
    /// Nothing left, none sold, some of it gone into other batches.
    #[codec(index = 8)]
    Consumed,
    /// Nothing left, all of it destroyed or lost.
    #[codec(index = 9)]
    Destroyed,
}

impl Stage {
    /// Whether the holder has the goods and may act on them.
    pub fn is_available(self) -> bool {
        matches!(
            self,
            Self::Harvested | Self::Stored | Self::Processed | Self::Packed | Self::Retail
        )
    }
}

/// Who stopped a batch, and so who may release it.
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
pub enum HoldAuthority {
    /// Its holder, who may release it himself.
    #[codec(index = 0)]
    Holder,
    /// A test that it failed; market supervision releases it.
    #[codec(index = 1)]
    FailedTest,
    /// Market supervision, which releases it.
    #[codec(index = 2)]
    MarketSupervision,
}

/// A stop on a batch: it is neither moved, changed nor sold.
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
pub struct Hold {
    /// On whose authority.
    pub authority: HoldAuthority,
    /// Organisation that put it on.
    pub by: OrganisationId,
    /// Block time.
    pub since: Moment,
    /// Commitment to the reason.
    pub reason: Option<Commitment>,
}

/// Result of the latest test.
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
pub struct TestMark {
    /// Laboratory.
    pub lab: OrganisationId,
    /// Whether the sample conformed.
    pub passed: bool,
    /// When the sample was taken.
    pub sampled_at: Moment,
    /// Commitment to the report.
    pub report: Commitment,
}

/// Why goods are under way.
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
pub enum ShipPurpose {
    /// To a customer.
    #[codec(index = 0)]
    Delivery,
    /// Back to the batch's producer; the only way a recalled batch may go.
    #[codec(index = 1)]
    Return,
}

/// A shipment that has neither been received nor rejected. The sender stays the holder.
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
pub struct Transit {
    /// Organisation that is to receive it.
    pub consignee: OrganisationId,
    /// Why it is under way.
    pub purpose: ShipPurpose,
    /// Stage to go back to when it is rejected.
    pub stage_before: Stage,
}

/// Where a received batch is put.
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
pub enum ReceiveInto {
    /// Into a store.
    #[codec(index = 0)]
    Store,
    /// On sale.
    #[codec(index = 1)]
    Retail,
}

/// What became of goods that were shipped and not accepted.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Shortfall {
    /// They are missing or spoilt.
    #[codec(index = 0)]
    Lost,
    /// They stay with the sender as a batch of their own.
    #[codec(index = 1)]
    Returned {
        /// Lot of that batch.
        lot: Lot,
    },
}

/// A batch: one quantity of one product, at one holder.
///
/// Complete in itself: what a scan must know is proven by this one record.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct BatchDetails {
    /// Product.
    pub gtin: Gtin,
    /// Lot of the product.
    pub lot: Lot,
    /// Organisation that made it and may recall it.
    pub producer: OrganisationId,
    /// Organisation that has it; only this one acts on it.
    pub holder: OrganisationId,
    /// How far it has come.
    pub stage: Stage,
    /// Where its units are.
    pub quantities: Quantities,
    /// Quantity as declared when it was made.
    pub declared: Measure,
    /// Stop, if there is one.
    pub hold: Option<Hold>,
    /// Recalls in force that have marked it.
    pub n_recalls: u32,
    /// Latest test.
    pub test: Option<TestMark>,
    /// Shipment under way.
    pub transit: Option<Transit>,
    /// Logistic unit that it is in.
    pub unit: Option<Sscc>,
    /// Union of the production bases of all that is in it, ascending.
    pub origins: Origins,
    /// Certificates that it carries.
    pub claims: crate::Claims,
    /// Time of harvest or making; no sample for a test is older.
    pub produced_at: Moment,
    /// Latest event time; no later event is older.
    pub last_event_time: Moment,
    /// Derivation that made it; `None` if it was produced at a base.
    pub formed_by: Option<DerivationId>,
    /// Derivations it has gone into.
    pub n_derivations: u32,
    /// Events so far.
    pub n_events: u32,
    /// SHA-256 chain over its events; see the crate's documentation.
    pub history: [u8; 32],
    /// Version of the governed data when it was made.
    pub rule_set: u32,
}

impl BatchDetails {
    /// The condition of the goods as a whole, in the words of CBV 2.0 §7.2: what this record alone
    /// says of them. A recall goes before a hold, a hold before where the goods are.
    ///
    /// While recalls are open, the marks of this record may not be complete; see the crate's
    /// documentation.
    pub fn disposition(&self) -> Disposition {
        match self.stage {
            Stage::Sold => Disposition::RetailSold,
            Stage::Consumed => Disposition::Inactive,
            Stage::Destroyed => Disposition::Destroyed,
            _ if self.n_recalls > 0 => Disposition::Recalled,
            _ if self.hold.is_some() => Disposition::NonSellableOther,
            Stage::InTransit => match self.transit {
                Some(Transit { purpose: ShipPurpose::Return, .. }) => Disposition::Returned,
                _ => Disposition::InTransit,
            },
            Stage::Retail => Disposition::SellableAccessible,
            Stage::Growing => Disposition::InProgress,
            Stage::Harvested | Stage::Stored | Stage::Processed | Stage::Packed => {
                Disposition::SellableNotAccessible
            }
        }
    }
}

/// How batches came from others.
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
pub enum DerivationKind {
    /// Other products were made, within governed yields.
    #[codec(index = 0)]
    Transformation,
    /// One batch was parted.
    #[codec(index = 1)]
    Split,
    /// Batches of one product were mixed.
    #[codec(index = 2)]
    Merge,
    /// A bulk product was packed.
    #[codec(index = 3)]
    Packing,
    /// Goods that a consignee did not accept went back to the sender.
    #[codec(index = 4)]
    Return,
}

/// What a derivation took from one batch.
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
pub struct DerivationInput {
    /// The batch.
    pub batch: BatchId,
    /// Base units taken.
    #[codec(compact)]
    pub quantity: u128,
    /// Number of this derivation among those of the batch.
    pub index: u32,
}

/// A batch that another one was made from, and how much of it went into that one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parent {
    /// The parent.
    pub batch: BatchId,
    /// Its content, in content units of its product.
    pub content: u128,
    /// What was taken of it for the other, with the other's part of what was lost, in the same
    /// unit.
    pub taken: u128,
}

/// One event that made batches from batches: the edges of the provenance graph.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Derivation {
    /// How.
    pub kind: DerivationKind,
    /// From what.
    pub inputs: BoundedVec<DerivationInput, ConstU32<MAX_INPUTS>>,
    /// What was made.
    pub outputs: BoundedVec<BatchId, ConstU32<MAX_OUTPUTS>>,
    /// Lost in the making, in content units of `balance_unit`.
    #[codec(compact)]
    pub loss: u128,
    /// Unit in which inputs equal outputs and loss.
    pub balance_unit: super::BaseUnit,
    /// When, as declared.
    pub event_time: Moment,
    /// Version of the governed data whose yields were applied.
    pub rule_set: u32,
}

/// An amount taken from a batch.
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
pub struct Taken {
    /// The batch.
    pub batch: BatchId,
    /// How much of it.
    pub quantity: Measure,
}

/// A batch to be made by a transformation.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct NewBatch {
    /// Product.
    pub gtin: Gtin,
    /// Its lot, unused so far.
    pub lot: Lot,
    /// How much.
    pub quantity: Measure,
}

/// A part of a batch that becomes a batch of its own.
#[derive(
    Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Part {
    /// Its lot, unused so far.
    pub lot: Lot,
    /// How much.
    pub quantity: Measure,
}
