//! What the calls tell the outside.

use frame_support::pallet_macros::pallet_section;

/// The events of the pallet.
#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A brand was registered.
        #[codec(index = 0)]
        BrandRegistered {
            /// Its number.
            brand: BrandId,
            /// Number of its mark.
            mark_number: MarkNumber,
            /// Kind of the mark.
            kind: MarkKind,
            /// Its owner.
            owner: OrganisationId,
        },
        /// A brand has new rules.
        #[codec(index = 1)]
        RulesAmended {
            /// The brand.
            brand: BrandId,
            /// Their version.
            version: u32,
            /// SHA-256 of the published rules.
            document: DocumentHash,
        },
        /// Another organisation runs a brand, or the owner alone.
        #[codec(index = 2)]
        OperatorSet {
            /// The brand.
            brand: BrandId,
            /// Who runs it.
            operator: Option<OrganisationId>,
        },
        /// An organisation may be licensed under a collective mark.
        #[codec(index = 3)]
        MemberAdmitted {
            /// The brand.
            brand: BrandId,
            /// The member.
            member: OrganisationId,
        },
        /// An organisation is no longer a member; its licences have ended.
        #[codec(index = 4)]
        MemberRemoved {
            /// The brand.
            brand: BrandId,
            /// Who was a member.
            member: OrganisationId,
        },
        /// A licence was applied for, or changed its status.
        #[codec(index = 5)]
        LicenceStatusChanged {
            /// The licence.
            licence: LicenceId,
            /// Its brand.
            brand: BrandId,
            /// Its licensee.
            licensee: OrganisationId,
            /// Its status.
            status: LicenceStatus,
            /// Who changed it.
            by: OrganisationId,
        },
        /// An applicant or licensee was inspected.
        #[codec(index = 6)]
        Inspected {
            /// The licence.
            licence: LicenceId,
            /// Who inspected.
            by: OrganisationId,
            /// Whether it was passed.
            passed: bool,
        },
        /// A licence lasts longer.
        #[codec(index = 7)]
        LicenceExtended {
            /// The licence.
            licence: LicenceId,
            /// First moment behind its term.
            valid_until: Moment,
            /// Fee for it, in fen.
            fee_fen: Fen,
        },
        /// A licence rests on another certificate.
        #[codec(index = 8)]
        CertificateReplaced {
            /// The licence.
            licence: LicenceId,
            /// The certificate.
            certificate: CertificateId,
        },
        /// A quota was drawn on.
        #[codec(index = 9)]
        QuotaDrawn {
            /// The licence.
            licence: LicenceId,
            /// The product.
            gtin: Gtin,
            /// The period.
            period: Period,
            /// How much, in content units.
            quantity: u128,
        },
        /// A draw was given back.
        #[codec(index = 10)]
        QuotaGivenBack {
            /// The licence.
            licence: LicenceId,
            /// The product.
            gtin: Gtin,
            /// The period.
            period: Period,
            /// How much, in content units.
            quantity: u128,
        },
        /// Labels were ordered.
        #[codec(index = 11)]
        LabelsOrdered {
            /// The order.
            order: LabelOrderId,
            /// The licence.
            licence: LicenceId,
            /// Its licensee.
            licensee: OrganisationId,
            /// The product.
            gtin: Gtin,
            /// How many.
            n_labels: u32,
        },
        /// Labels were issued to the licensee.
        #[codec(index = 12)]
        LabelsIssued {
            /// The order.
            order: LabelOrderId,
            /// Who issued them.
            by: OrganisationId,
            /// How many.
            n_labels: u32,
        },
        /// A label order was called off.
        #[codec(index = 13)]
        LabelOrderCancelled {
            /// The order.
            order: LabelOrderId,
            /// By whom.
            by: OrganisationId,
        },
        /// Labels left the licensee's stock.
        #[codec(index = 14)]
        LabelsAccounted {
            /// The order.
            order: LabelOrderId,
            /// Who accounted for them.
            by: OrganisationId,
            /// What became of them.
            fate: LabelFate,
            /// How many.
            n_labels: u32,
        },
        /// A misuse of a brand was recorded.
        #[codec(index = 15)]
        MisuseRecorded {
            /// Its number.
            misuse: MisuseId,
            /// The brand.
            brand: BrandId,
            /// Who misused it.
            offender: OrganisationId,
            /// How.
            kind: MisuseKind,
        },
        /// A licensee committed to its report of the premium of a period.
        #[codec(index = 16)]
        PremiumReported {
            /// The licence.
            licence: LicenceId,
            /// The period.
            period: Period,
            /// The commitment.
            report: Commitment,
        },
        /// Governed data changed.
        #[codec(index = 17)]
        RuleSetChanged {
            /// The new version.
            version: u32,
            /// Its hash.
            hash: [u8; 32],
            /// The change.
            change: RuleChange,
        },
    }
}
