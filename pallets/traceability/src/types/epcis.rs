//! The event model of GS1 EPCIS 2.0 and the vocabulary of CBV 2.0.
//!
//! Enumerations hold the standard values in the order of `EPCIS-JSON-Schema.json`, so that an
//! interface maps one to one. EPCIS dimensions: what (`batch`, `quantity`, `unit`, `reference`),
//! when (`event_time`, `record_time`), where (`read_point`), why (`biz_step`, `disposition`,
//! `document`), who (`organisation`, `counterparty`).

use super::{BaseUnit, Commitment, DerivationId, Gln, Moment, RecallId, Sscc};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use pallet_participants::OrganisationId;
use scale_info::TypeInfo;

/// Type of an event. Source: EPCIS 2.0 §7.4.
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
pub enum EventType {
    /// Something happened to objects.
    #[codec(index = 0)]
    ObjectEvent,
    /// Objects were put into or taken out of a logistic unit.
    #[codec(index = 1)]
    AggregationEvent,
    /// Objects were bound to or released from a business transaction.
    #[codec(index = 2)]
    TransactionEvent,
    /// Objects were used up and others made.
    #[codec(index = 3)]
    TransformationEvent,
    /// Objects were bound to a place or device. No call of this pallet records one.
    #[codec(index = 4)]
    AssociationEvent,
}

/// How an event relates to the life of its objects. Source: EPCIS 2.0 §7.3.2.
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
pub enum Action {
    /// They were seen or changed.
    #[codec(index = 0)]
    Observe,
    /// They came into being, or were joined.
    #[codec(index = 1)]
    Add,
    /// They ceased to be, or were parted.
    #[codec(index = 2)]
    Delete,
}

/// Step of a business process. Source: CBV 2.0 §7.1; each variant is the value named in its comment.
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
#[allow(missing_docs, reason = "each variant is the standard value in its comment")]
pub enum BizStep {
    // `accepting`
    #[codec(index = 0)]
    Accepting,
    // `arriving`
    #[codec(index = 1)]
    Arriving,
    // `assembling`
    #[codec(index = 2)]
    Assembling,
    // `collecting`
    #[codec(index = 3)]
    Collecting,
    // `commissioning`
    #[codec(index = 4)]
    Commissioning,
    // `consigning`
    #[codec(index = 5)]
    Consigning,
    // `creating_class_instance`
    #[codec(index = 6)]
    CreatingClassInstance,
    // `cycle_counting`
    #[codec(index = 7)]
    CycleCounting,
    // `decommissioning`
    #[codec(index = 8)]
    Decommissioning,
    // `departing`
    #[codec(index = 9)]
    Departing,
    // `destroying`
    #[codec(index = 10)]
    Destroying,
    // `disassembling`
    #[codec(index = 11)]
    Disassembling,
    // `dispensing`
    #[codec(index = 12)]
    Dispensing,
    // `encoding`
    #[codec(index = 13)]
    Encoding,
    // `entering_exiting`
    #[codec(index = 14)]
    EnteringExiting,
    // `holding`
    #[codec(index = 15)]
    Holding,
    // `inspecting`
    #[codec(index = 16)]
    Inspecting,
    // `installing`
    #[codec(index = 17)]
    Installing,
    // `killing`
    #[codec(index = 18)]
    Killing,
    // `loading`
    #[codec(index = 19)]
    Loading,
    // `other`
    #[codec(index = 20)]
    Other,
    // `packing`
    #[codec(index = 21)]
    Packing,
    // `picking`
    #[codec(index = 22)]
    Picking,
    // `receiving`
    #[codec(index = 23)]
    Receiving,
    // `removing`
    #[codec(index = 24)]
    Removing,
    // `repackaging`
    #[codec(index = 25)]
    Repackaging,
    // `repairing`
    #[codec(index = 26)]
    Repairing,
    // `replacing`
    #[codec(index = 27)]
    Replacing,
    // `reserving`
    #[codec(index = 28)]
    Reserving,
    // `retail_selling`
    #[codec(index = 29)]
    RetailSelling,
    // `shipping`
    #[codec(index = 30)]
    Shipping,
    // `staging_outbound`
    #[codec(index = 31)]
    StagingOutbound,
    // `stock_taking`
    #[codec(index = 32)]
    StockTaking,
    // `stocking`
    #[codec(index = 33)]
    Stocking,
    // `storing`
    #[codec(index = 34)]
    Storing,
    // `transporting`
    #[codec(index = 35)]
    Transporting,
    // `unloading`
    #[codec(index = 36)]
    Unloading,
    // `unpacking`
    #[codec(index = 37)]
    Unpacking,
    // `void_shipping`
    #[codec(index = 38)]
    VoidShipping,
    // `sensor_reporting`
    #[codec(index = 39)]
    SensorReporting,
    // `sampling`
    #[codec(index = 40)]
    Sampling,
}

/// Condition of the objects after the event. Source: CBV 2.0 §7.2; each variant is the value named
/// in its comment.
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
#[allow(missing_docs, reason = "each variant is the standard value in its comment")]
pub enum Disposition {
    // `active`
    #[codec(index = 0)]
    Active,
    // `container_closed`
    #[codec(index = 1)]
    ContainerClosed,
    // `damaged`
    #[codec(index = 2)]
    Damaged,
    // `destroyed`
    #[codec(index = 3)]
    Destroyed,
    // `dispensed`
    #[codec(index = 4)]
    Dispensed,
    // `disposed`
    #[codec(index = 5)]
    Disposed,
    // `encoded`
    #[codec(index = 6)]
    Encoded,
    // `expired`
    #[codec(index = 7)]
    Expired,
    // `in_progress`
    #[codec(index = 8)]
    InProgress,
    // `in_transit`
    #[codec(index = 9)]
    InTransit,
    // `inactive`
    #[codec(index = 10)]
    Inactive,
    // `no_pedigree_match`
    #[codec(index = 11)]
    NoPedigreeMatch,
    // `non_sellable_other`
    #[codec(index = 12)]
    NonSellableOther,
    // `partially_dispensed`
    #[codec(index = 13)]
    PartiallyDispensed,
    // `recalled`
    #[codec(index = 14)]
    Recalled,
    // `reserved`
    #[codec(index = 15)]
    Reserved,
    // `retail_sold`
    #[codec(index = 16)]
    RetailSold,
    // `returned`
    #[codec(index = 17)]
    Returned,
    // `sellable_accessible`
    #[codec(index = 18)]
    SellableAccessible,
    // `sellable_not_accessible`
    #[codec(index = 19)]
    SellableNotAccessible,
    // `stolen`
    #[codec(index = 20)]
    Stolen,
    // `unknown`
    #[codec(index = 21)]
    Unknown,
    // `available`
    #[codec(index = 22)]
    Available,
    // `completeness_verified`
    #[codec(index = 23)]
    CompletenessVerified,
    // `completeness_inferred`
    #[codec(index = 24)]
    CompletenessInferred,
    // `conformant`
    #[codec(index = 25)]
    Conformant,
    // `container_open`
    #[codec(index = 26)]
    ContainerOpen,
    // `mismatch_instance`
    #[codec(index = 27)]
    MismatchInstance,
    // `mismatch_class`
    #[codec(index = 28)]
    MismatchClass,
    // `mismatch_quantity`
    #[codec(index = 29)]
    MismatchQuantity,
    // `needs_replacement`
    #[codec(index = 30)]
    NeedsReplacement,
    // `non_conformant`
    #[codec(index = 31)]
    NonConformant,
    // `unavailable`
    #[codec(index = 32)]
    Unavailable,
}

/// What the caller says about an event.
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
pub struct EventContext {
    /// When it happened: not before the batch's latest event, and not ahead of block time by more
    /// than the governed skew.
    pub event_time: Moment,
    /// Where it was recorded.
    pub read_point: Option<Gln>,
    /// Commitment to a document about it.
    pub document: Option<Commitment>,
}

/// What an event refers to beside its batch.
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
pub enum Reference {
    /// Derivation that consumed or made the batch.
    #[codec(index = 0)]
    Derivation(DerivationId),
    /// Logistic unit.
    #[codec(index = 1)]
    LogisticUnit(Sscc),
    /// Recall.
    #[codec(index = 2)]
    Recall(RecallId),
    /// Farm input.
    #[codec(index = 3)]
    FarmInput(super::FarmInputId),
    /// Certificate.
    #[codec(index = 4)]
    Certificate(crate::CertificateId),
}

/// One event in the life of a batch, as hashed into its history.
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
pub struct TraceEvent {
    /// EPCIS event type.
    pub event_type: EventType,
    /// EPCIS action.
    pub action: Action,
    /// Why: the business step.
    pub biz_step: BizStep,
    /// Condition afterwards.
    pub disposition: Disposition,
    /// When it happened.
    pub event_time: Moment,
    /// Time of the block that recorded it.
    pub record_time: Moment,
    /// Where it was recorded.
    pub read_point: Option<Gln>,
    /// Base units concerned.
    #[codec(compact)]
    pub quantity: u128,
    /// Unit of `quantity`.
    pub unit: BaseUnit,
    /// Organisation that acted.
    pub organisation: OrganisationId,
    /// The other party, in a change of custody.
    pub counterparty: Option<OrganisationId>,
    /// What else it refers to.
    pub reference: Option<Reference>,
    /// Commitment to a document.
    pub document: Option<Commitment>,
}
