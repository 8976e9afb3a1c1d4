//! What the calls tell the outside.

use frame_support::pallet_macros::pallet_section;

/// The events of the pallet.
#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A certification body was approved, or its approval changed.
        #[codec(index = 0)]
        BodyApproved {
            /// The body.
            body: OrganisationId,
            /// Number of its approval.
            number: Text,
            /// Its code in organic codes.
            code: BodyCode,
        },
        /// The approval of a body was suspended, reinstated or withdrawn.
        #[codec(index = 1)]
        BodyStandingChanged {
            /// The body.
            body: OrganisationId,
            /// Standing from now on.
            standing: Standing,
            /// Commitment to the decision.
            document: Commitment,
        },
        /// A body or laboratory was accredited, or its accreditation changed.
        #[codec(index = 2)]
        Accredited {
            /// The organisation.
            organisation: OrganisationId,
            /// Number of its accreditation.
            number: Text,
            /// Accreditation body.
            accreditor: OrganisationId,
        },
        /// An accreditation was suspended, reinstated or withdrawn.
        #[codec(index = 3)]
        AccreditationStandingChanged {
            /// The organisation.
            organisation: OrganisationId,
            /// Standing from now on.
            standing: Standing,
            /// Commitment to the decision.
            document: Commitment,
        },
        /// A certifier practises with a body.
        #[codec(index = 4)]
        CertifierRegistered {
            /// The person.
            person: PersonId,
            /// The body.
            body: OrganisationId,
            /// His key.
            agent: T::AccountId,
        },
        /// A certifier no longer practises with a body.
        #[codec(index = 5)]
        CertifierReleased {
            /// The person.
            person: PersonId,
            /// The body.
            body: OrganisationId,
        },
        /// A person may not practise before a date.
        #[codec(index = 6)]
        PersonBarred {
            /// The person.
            person: PersonId,
            /// First date on which he may.
            until: CivilDate,
            /// Commitment to the decision.
            document: Commitment,
        },
        /// A client applied for a certificate.
        #[codec(index = 7)]
        Applied {
            /// Its number.
            application: ApplicationId,
            /// The client.
            client: OrganisationId,
            /// The body.
            body: OrganisationId,
            /// The scheme.
            scheme: SchemeId,
        },
        /// An application was accepted for evaluation.
        #[codec(index = 8)]
        ApplicationAccepted {
            /// Its number.
            application: ApplicationId,
        },
        /// An application was not accepted.
        #[codec(index = 9)]
        ApplicationRefused {
            /// Its number.
            application: ApplicationId,
            /// Commitment to the reasons.
            reason: Commitment,
        },
        /// An application was given up.
        #[codec(index = 10)]
        ApplicationWithdrawn {
            /// Its number.
            application: ApplicationId,
        },
        /// An inspection was recorded.
        #[codec(index = 11)]
        Inspected {
            /// The application.
            application: ApplicationId,
            /// Who inspected.
            organisation: OrganisationId,
            /// Nonconformities that are not corrected.
            n_open_nonconformities: u16,
            /// Commitment to the report.
            report: Commitment,
        },
        /// A test was recorded.
        #[codec(index = 12)]
        Tested {
            /// The application.
            application: ApplicationId,
            /// The laboratory.
            lab: OrganisationId,
            /// The product.
            gtin: Gtin,
            /// Whether the sample conformed.
            passed: bool,
            /// Commitment to the report.
            report: Commitment,
        },
        /// A certifier signed a decision, which waits for the head of the body.
        #[codec(index = 13)]
        DecisionProposed {
            /// The application.
            application: ApplicationId,
            /// His key.
            certifier: T::AccountId,
            /// Whether to certify.
            certify: bool,
        },
        /// The head of the body returned a decision to evaluation.
        #[codec(index = 14)]
        ProposalReturned {
            /// The application.
            application: ApplicationId,
        },
        /// It was decided not to certify.
        #[codec(index = 15)]
        ApplicationRejected {
            /// The application.
            application: ApplicationId,
            /// Commitment to the reasons.
            reason: Commitment,
        },
        /// A certificate was issued.
        #[codec(index = 16)]
        CertificateIssued {
            /// Its number on chain.
            certificate: CertificateId,
            /// The application.
            application: ApplicationId,
            /// Its published number.
            number: CertificateNumber,
            /// Its holder.
            holder: OrganisationId,
            /// The body.
            body: OrganisationId,
            /// The scheme.
            scheme: SchemeId,
            /// Its first date.
            valid_from: CivilDate,
            /// First date after its period.
            expires: CivilDate,
        },
        /// Something was found for or against a certificate.
        #[codec(index = 17)]
        FindingRecorded {
            /// Its number.
            finding: FindingId,
            /// The certificate.
            certificate: CertificateId,
            /// Who found it.
            found_by: OrganisationId,
            /// What.
            ground: Ground,
            /// What it demands.
            consequence: Consequence,
            /// Commitment to the evidence.
            evidence: Commitment,
        },
        /// A finding was dismissed.
        #[codec(index = 18)]
        FindingDismissed {
            /// Its number.
            finding: FindingId,
            /// Commitment to the reasons.
            document: Commitment,
        },
        /// A certificate was suspended.
        #[codec(index = 19)]
        CertificateSuspended {
            /// The certificate.
            certificate: CertificateId,
            /// The finding that it rests on.
            finding: FindingId,
            /// First moment after the suspension.
            latest_end: Moment,
            /// Whether an authority ordered it.
            by_authority: bool,
        },
        /// A suspension was lifted.
        #[codec(index = 20)]
        CertificateRestored {
            /// The certificate.
            certificate: CertificateId,
            /// Commitment to the proof of cure.
            document: Commitment,
        },
        /// A certificate was revoked.
        #[codec(index = 21)]
        CertificateRevoked {
            /// The certificate.
            certificate: CertificateId,
            /// The finding that it rests on.
            finding: FindingId,
            /// First date on which the client may apply again.
            locked_until: CivilDate,
        },
        /// A holder asked for a change of a certificate.
        #[codec(index = 22)]
        ChangeRequested {
            /// The certificate.
            certificate: CertificateId,
            /// What for.
            request: ChangeRequest,
            /// Commitment to the request.
            document: Commitment,
        },
        /// A certificate was cancelled.
        #[codec(index = 23)]
        CertificateCancelled {
            /// The certificate.
            certificate: CertificateId,
            /// Commitment to the decision.
            document: Commitment,
            /// Whether an authority cancelled it.
            by_authority: bool,
        },
        /// A certified quantity was lowered.
        #[codec(index = 24)]
        CertificateReduced {
            /// The certificate.
            certificate: CertificateId,
            /// The product.
            gtin: Gtin,
            /// Content units that are certified; 0 if it was taken off.
            quantity: u128,
        },
        /// A legal deadline runs.
        #[codec(index = 25)]
        DutyStarted {
            /// Its number.
            id: DutyId,
            /// Whose duty it is.
            body: OrganisationId,
            /// What must be done.
            kind: DutyKind,
            /// First moment at which it is late, if known.
            due: Option<Moment>,
        },
        /// A duty was done or fell away.
        #[codec(index = 26)]
        DutyDone {
            /// Its number.
            id: DutyId,
            /// Whose duty it was.
            body: OrganisationId,
            /// Whether it was late.
            late: bool,
        },
        /// A complaint or appeal was lodged.
        #[codec(index = 27)]
        ComplaintLodged {
            /// Its number.
            complaint: ComplaintId,
            /// What about.
            kind: ComplaintKind,
            /// By whom.
            lodged_by: OrganisationId,
            /// Commitment to it.
            document: Commitment,
        },
        /// A complaint or appeal was decided.
        #[codec(index = 28)]
        ComplaintDecided {
            /// Its number.
            complaint: ComplaintId,
            /// Whether it was found right.
            upheld: bool,
            /// Commitment to the reasons.
            document: Commitment,
        },
        /// A sale was certified.
        #[codec(index = 29)]
        TransactionCertificateIssued {
            /// Its number.
            id: TransactionCertificateId,
            /// Certificate that it rests on.
            certificate: CertificateId,
            /// The seller.
            seller: OrganisationId,
            /// The buyer.
            buyer: OrganisationId,
            /// The batch.
            batch: BatchId,
            /// Content units.
            quantity: u128,
        },
        /// A transaction certificate was declared void.
        #[codec(index = 30)]
        TransactionCertificateVoided {
            /// Its number.
            id: TransactionCertificateId,
            /// Commitment to the reason.
            reason: Commitment,
        },
        /// The governed data changed.
        #[codec(index = 31)]
        RuleSetChanged {
            /// Version from now on.
            version: u32,
            /// Its hash.
            hash: [u8; 32],
            /// The change.
            change: RuleChange,
        },
    }
}
