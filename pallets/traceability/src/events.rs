//! What the calls tell the outside.

use frame_support::pallet_macros::pallet_section;

/// The events of the pallet.
#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A product was registered.
        #[codec(index = 0)]
        ProductRegistered {
            /// Its GTIN.
            gtin: Gtin,
            /// Its owner.
            owner: OrganisationId,
        },
        /// An organisation may produce a product, or no longer.
        #[codec(index = 1)]
        ProducerLicensed {
            /// The product.
            gtin: Gtin,
            /// The organisation.
            organisation: OrganisationId,
            /// Whether it may.
            licensed: bool,
        },
        /// A production base was registered.
        #[codec(index = 2)]
        PlaceRegistered {
            /// Its number.
            place: PlaceId,
            /// Its owner.
            owner: OrganisationId,
            /// Its division.
            region: RegionCode,
        },
        /// A growing batch was registered.
        #[codec(index = 3)]
        BatchRegistered {
            /// The batch.
            batch: BatchId,
            /// Its product.
            gtin: Gtin,
            /// Its lot.
            lot: Lot,
            /// Its producer.
            producer: OrganisationId,
        },
        /// A farm input was used on a growing batch.
        #[codec(index = 4)]
        InputUsed {
            /// The batch.
            batch: BatchId,
            /// The farm input.
            input: FarmInputId,
            /// Earliest harvest of the product at that base.
            earliest_harvest: Moment,
        },
        /// A batch was harvested or otherwise produced.
        #[codec(index = 5)]
        BatchProduced {
            /// The batch.
            batch: BatchId,
            /// Its product.
            gtin: Gtin,
            /// Its lot.
            lot: Lot,
            /// Its producer.
            producer: OrganisationId,
            /// Base units.
            quantity: u128,
        },
        /// A laboratory tested a batch.
        #[codec(index = 6)]
        BatchTested {
            /// The batch.
            batch: BatchId,
            /// The laboratory.
            lab: OrganisationId,
            /// Whether it passed.
            passed: bool,
        },
        /// Batches were made from batches.
        #[codec(index = 7)]
        BatchesDerived {
            /// The derivation.
            derivation: DerivationId,
            /// How.
            kind: DerivationKind,
            /// Who did it.
            organisation: OrganisationId,
            /// From what.
            inputs: Vec<BatchId>,
            /// What was made.
            outputs: Vec<BatchId>,
            /// Version of the governed data that was applied.
            rule_set: u32,
        },
        /// Batches were put into a logistic unit.
        #[codec(index = 8)]
        Aggregated {
            /// The unit.
            sscc: Sscc,
            /// The batches.
            batches: Contents,
        },
        /// Batches were taken out of a logistic unit.
        #[codec(index = 9)]
        Disaggregated {
            /// The unit.
            sscc: Sscc,
            /// The batches.
            batches: Contents,
        },
        /// A batch was shipped.
        #[codec(index = 10)]
        BatchShipped {
            /// The batch.
            batch: BatchId,
            /// The sender, still its holder.
            sender: OrganisationId,
            /// Who is to receive it.
            consignee: OrganisationId,
            /// Base units.
            quantity: u128,
        },
        /// A batch was received; custody changed.
        #[codec(index = 11)]
        BatchReceived {
            /// The batch.
            batch: BatchId,
            /// The sender.
            sender: OrganisationId,
            /// The holder from here on.
            holder: OrganisationId,
            /// Base units accepted.
            quantity: u128,
            /// Base units not accepted.
            shortfall: u128,
        },
        /// A shipment ended without receipt.
        #[codec(index = 12)]
        ShipmentRejected {
            /// The batch.
            batch: BatchId,
            /// The sender, who has it again.
            sender: OrganisationId,
            /// Who refused it, or called it back.
            by: OrganisationId,
        },
        /// Units were sold to consumers.
        #[codec(index = 13)]
        BatchSold {
            /// The batch.
            batch: BatchId,
            /// Base units.
            quantity: u128,
        },
        /// Sold units came back from consumers.
        #[codec(index = 14)]
        BatchTakenBack {
            /// The batch.
            batch: BatchId,
            /// Base units.
            quantity: u128,
        },
        /// A batch was seen or handled.
        #[codec(index = 15)]
        BatchObserved {
            /// The batch.
            batch: BatchId,
            /// What was done.
            biz_step: BizStep,
        },
        /// Units were spoilt, spilt or missing.
        #[codec(index = 16)]
        LossRecorded {
            /// The batch.
            batch: BatchId,
            /// Base units.
            quantity: u128,
        },
        /// A batch was stopped.
        #[codec(index = 17)]
        BatchHeld {
            /// The batch.
            batch: BatchId,
            /// On whose authority.
            authority: HoldAuthority,
        },
        /// A batch was released.
        #[codec(index = 18)]
        BatchReleased {
            /// The batch.
            batch: BatchId,
            /// By whom.
            by: OrganisationId,
        },
        /// A recall was opened.
        #[codec(index = 19)]
        RecallOpened {
            /// The recall.
            recall: RecallId,
            /// The batch named.
            root: BatchId,
            /// Its class.
            class: RecallClass,
            /// What it reaches beside the descendants.
            scope: RecallScope,
            /// By whom.
            by: OrganisationId,
        },
        /// A recall marked a batch.
        #[codec(index = 20)]
        BatchRecalled {
            /// The batch.
            batch: BatchId,
            /// The recall.
            recall: RecallId,
        },
        /// Every batch that a recall affects is marked.
        #[codec(index = 21)]
        RecallCompleted {
            /// The recall.
            recall: RecallId,
            /// How many.
            n_affected: u32,
        },
        /// A recall was lifted; its marks are taken off.
        #[codec(index = 22)]
        RecallLifted {
            /// The recall.
            recall: RecallId,
            /// By whom.
            by: OrganisationId,
        },
        /// A lifted recall's mark was taken off a batch.
        #[codec(index = 23)]
        RecallMarkRemoved {
            /// The batch.
            batch: BatchId,
            /// The recall.
            recall: RecallId,
        },
        /// Every mark of a lifted recall is off.
        #[codec(index = 24)]
        RecallLiftCompleted {
            /// The recall.
            recall: RecallId,
        },
        /// Units were destroyed.
        #[codec(index = 25)]
        BatchDestroyed {
            /// The batch.
            batch: BatchId,
            /// Base units.
            quantity: u128,
            /// By whom.
            by: OrganisationId,
        },
        /// Governed data changed.
        #[codec(index = 26)]
        RuleSetChanged {
            /// The new version.
            version: u32,
            /// Its hash.
            hash: [u8; 32],
            /// The change.
            change: RuleChange,
        },
        /// An event in the life of a batch: the next link of its history.
        #[codec(index = 27)]
        TraceEventRecorded {
            /// The batch.
            batch: BatchId,
            /// Number of the event, from 0.
            sequence: u32,
            /// The event.
            event: TraceEvent,
            /// `SHA-256(previous ‖ SCALE(event))`.
            history: [u8; 32],
        },
        /// A producer claimed a certificate for a batch.
        #[codec(index = 28)]
        CertificateClaimed {
            /// The batch.
            batch: BatchId,
            /// The certificate.
            certificate: CertificateId,
            /// Whether the batch was made while it was suspended.
            made_while_suspended: bool,
        },
    }
}
