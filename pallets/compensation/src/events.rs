//! What the calls tell the outside.

use frame_support::pallet_macros::pallet_section;

/// The events of the pallet.
#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// Adjustments by grade for policies created from here on.
        #[codec(index = 0)]
        PerformanceTableSet {
            /// Version of the rule set.
            version: u32,
            /// The table.
            table: PerformanceTable,
        },
        /// A transfer policy was created.
        #[codec(index = 1)]
        PolicyCreated {
            /// Its number.
            policy: PolicyId,
            /// Its finance department.
            treasury: OrganisationId,
            /// The programme of its money.
            programme: ProgrammeId,
            /// What every amount is computed by.
            rules_hash: Digest,
        },
        /// Data of a county were recorded for a component.
        #[codec(index = 2)]
        CountySubmitted {
            /// The policy.
            policy: PolicyId,
            /// Index of the component.
            component: u8,
            /// The county.
            county: OrganisationId,
            /// SHA-256 of the encoded data.
            data_hash: Digest,
        },
        /// Data of a policy do not change any more.
        #[codec(index = 3)]
        FactorsFrozen {
            /// The policy.
            policy: PolicyId,
            /// SHA-256 of all encoded data.
            factors_hash: Digest,
        },
        /// Shares were computed.
        #[codec(index = 4)]
        SharesComputed {
            /// The policy.
            policy: PolicyId,
            /// What they were computed by.
            rules_hash: Digest,
        },
        /// Shares were published.
        #[codec(index = 5)]
        SharesPublished {
            /// The policy.
            policy: PolicyId,
            /// When they must have been remitted.
            due_at: Moment,
        },
        /// Money was remitted to a county.
        #[codec(index = 6)]
        Remitted {
            /// The policy.
            policy: PolicyId,
            /// The county.
            county: OrganisationId,
            /// How much.
            amount_fen: Fen,
            /// Whether it was due before.
            late: bool,
        },
        /// A county reported use.
        #[codec(index = 7)]
        UseReported {
            /// The policy.
            policy: PolicyId,
            /// The county.
            county: OrganisationId,
            /// How much.
            amount_fen: Fen,
            /// Commitment to the report.
            document: Commitment,
        },
        /// A county's performance was graded.
        #[codec(index = 8)]
        Evaluated {
            /// The policy.
            policy: PolicyId,
            /// The county.
            county: OrganisationId,
            /// The grade.
            grade: Grade,
            /// Commitment to the evaluation.
            document: Commitment,
        },
        /// A county's share was concluded.
        #[codec(index = 9)]
        Concluded {
            /// The policy.
            policy: PolicyId,
            /// The county.
            county: OrganisationId,
            /// What became of it.
            outcome: Outcome,
            /// Commitment to the decision.
            document: Commitment,
        },
        /// A party proposed rules and signed them.
        #[codec(index = 20)]
        RulesProposed {
            /// The agreement.
            agreement: AgreementId,
            /// Version that they become.
            version: u32,
            /// What is signed.
            hash: Digest,
            /// Index of the party.
            party: u8,
        },
        /// A party signed rules.
        #[codec(index = 21)]
        RulesSigned {
            /// The agreement.
            agreement: AgreementId,
            /// What was signed.
            hash: Digest,
            /// Index of the party.
            party: u8,
        },
        /// All parties have signed rules.
        #[codec(index = 22)]
        RulesInForce {
            /// The agreement.
            agreement: AgreementId,
            /// Their version.
            version: u32,
            /// What was signed.
            hash: Digest,
        },
        /// A station submitted its half of a sample, or the national station its value.
        #[codec(index = 23)]
        SampleSubmitted {
            /// The agreement.
            agreement: AgreementId,
            /// Year, section, month.
            key: SampleKey,
            /// The station's organisation.
            station: OrganisationId,
            /// What stands for the month.
            status: SampleStatus,
        },
        /// A party disputed what stands for a month.
        #[codec(index = 24)]
        SampleDisputed {
            /// The agreement.
            agreement: AgreementId,
            /// Year, section, month.
            key: SampleKey,
            /// Index of the party.
            party: u8,
            /// Commitment to its reasons.
            document: Commitment,
        },
        /// A month was left out because of a natural disaster.
        #[codec(index = 25)]
        MonthExempted {
            /// The agreement.
            agreement: AgreementId,
            /// Year, section, month.
            key: SampleKey,
            /// Commitment to the decision.
            document: Commitment,
        },
        /// A major incident attributable upstream was marked.
        #[codec(index = 26)]
        IncidentMarked {
            /// The agreement.
            agreement: AgreementId,
            /// The year.
            year: u16,
            /// Index of the section.
            section: u8,
            /// Commitment to the finding.
            document: Commitment,
        },
        /// A settlement was computed.
        #[codec(index = 27)]
        SettlementComputed {
            /// The agreement.
            agreement: AgreementId,
            /// The year.
            year: u16,
            /// Version of the rules.
            version: u32,
            /// SHA-256 of the results; what is confirmed.
            results_hash: Digest,
            /// How the amounts came about.
            trace: Trace,
            /// The payments.
            legs: Legs,
        },
        /// A party confirmed a settlement.
        #[codec(index = 28)]
        SettlementConfirmed {
            /// The agreement.
            agreement: AgreementId,
            /// The year.
            year: u16,
            /// Index of the party.
            party: u8,
        },
        /// A settlement is confirmed by all, or decided.
        #[codec(index = 29)]
        SettlementFellDue {
            /// The agreement.
            agreement: AgreementId,
            /// The year.
            year: u16,
            /// First moment at which payment is late.
            due_at: Moment,
        },
        /// A party disputed a settlement.
        #[codec(index = 30)]
        SettlementDisputed {
            /// The agreement.
            agreement: AgreementId,
            /// The year.
            year: u16,
            /// Index of the party.
            party: u8,
            /// Commitment to its reasons.
            document: Commitment,
        },
        /// The common superior decided.
        #[codec(index = 31)]
        SettlementDecided {
            /// The agreement.
            agreement: AgreementId,
            /// The year.
            year: u16,
            /// The payments.
            legs: Legs,
            /// Commitment to the decision.
            document: Commitment,
        },
        /// A party paid money in.
        #[codec(index = 32)]
        PaidIn {
            /// The agreement.
            agreement: AgreementId,
            /// The year.
            year: u16,
            /// Index of the party.
            party: u8,
            /// How much.
            amount_fen: Fen,
        },
        /// A payment of a settlement was made.
        #[codec(index = 33)]
        SettlementPaid {
            /// The agreement.
            agreement: AgreementId,
            /// The year.
            year: u16,
            /// Index of the payment.
            leg: u8,
            /// How much.
            amount_fen: Fen,
            /// Whether it was due before.
            late: bool,
        },
        /// What was left of a party's escrow went back to it.
        #[codec(index = 34)]
        EscrowReturned {
            /// The agreement.
            agreement: AgreementId,
            /// The year.
            year: u16,
            /// Index of the party.
            party: u8,
            /// How much.
            amount_fen: Fen,
        },
    }
}
