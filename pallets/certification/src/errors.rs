//! Why calls are refused.

use frame_support::pallet_macros::pallet_section;

/// The errors of the pallet, each saying what to do.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// A name, standard or number is empty, not UTF-8, or has control characters; correct it.
        #[codec(index = 0)]
        TextInvalid,
        /// The commitment is all zeros; commit to the document: SHA-256 of a random salt and the
        /// document.
        #[codec(index = 1)]
        CommitmentMissing,
        /// There are no numbers left.
        #[codec(index = 2)]
        NumbersExhausted,
        /// There is no such scheme; governance sets it.
        #[codec(index = 3)]
        SchemeNotFound,
        /// The scheme takes no new applications; choose another.
        #[codec(index = 4)]
        SchemeClosed,
        /// A month, term or tolerance of the scheme is out of its range; see the fields'
        /// documentation.
        #[codec(index = 5)]
        SchemeInvalid,
        /// The yield ceiling is 0 or above 10^15; correct it.
        #[codec(index = 6)]
        CeilingInvalid,
        /// The scope names no scheme, or is not in ascending order; sort it.
        #[codec(index = 7)]
        ScopeInvalid,
        /// The period is empty, over, too far ahead, or shortens a bar; correct the dates.
        #[codec(index = 8)]
        PeriodInvalid,
        /// The number does not end in three digits, or is not that of the approval in force;
        /// correct it, or withdraw the approval first.
        #[codec(index = 9)]
        ApprovalNumberInvalid,
        /// The organisation does not hold the role of a certification body; grant it first.
        #[codec(index = 10)]
        NotACertificationBody,
        /// The key is no active agent of the body; register it there first.
        #[codec(index = 11)]
        NotOfTheBody,
        /// Another body has the code that follows from the number; check the number.
        #[codec(index = 12)]
        BodyCodeTaken,
        /// The body has no approval in force; choose another body, or wait for the CNCA.
        #[codec(index = 13)]
        BodyNotApproved,
        /// A foreign body's office may promote but not certify (条例 Art. 12); choose an approved
        /// body.
        #[codec(index = 14)]
        ForeignOfficeMayNotCertify,
        /// The body is not approved for the scheme or a product's category; choose another.
        #[codec(index = 15)]
        OutsideApproval,
        /// The body or laboratory has no accreditation in force for the scheme and category; choose
        /// another.
        #[codec(index = 16)]
        NotAccredited,
        /// Only certification bodies and laboratories are accredited; check the number.
        #[codec(index = 17)]
        NotAccreditable,
        /// The standing is that already, or was withdrawn for ever.
        #[codec(index = 18)]
        StandingUnchanged,
        /// So many changes are on record that only the end is left; end it, and start a new record.
        #[codec(index = 19)]
        TooManyChanges,
        /// The person practises with a body, and may with one only (条例 Art. 14); that body releases
        /// him first.
        #[codec(index = 20)]
        CertifierWithABody,
        /// The key is that of another certifier; give each his own.
        #[codec(index = 21)]
        AgentIsACertifier,
        /// The person may not practise; see until when.
        #[codec(index = 22)]
        PersonBarred,
        /// The caller is no certifier of the body, or is barred; have a certifier do it.
        #[codec(index = 23)]
        NotCertifier,
        /// Another body is in charge of this; only that one acts on it.
        #[codec(index = 24)]
        NotTheBody,
        /// A certification body does not certify itself; apply to another.
        #[codec(index = 25)]
        BodyIsClient,
        /// A certificate of the client was revoked; apply, or have it decided, after the lock.
        #[codec(index = 26)]
        ClientLocked,
        /// No product is named, or they are not in ascending order, each once; sort them.
        #[codec(index = 27)]
        ProductsInvalid,
        /// The quantity is 0; state how much.
        #[codec(index = 28)]
        QuantityZero,
        /// The area is 0; state on how much it is grown.
        #[codec(index = 29)]
        AreaZero,
        /// The product is not registered; register it first.
        #[codec(index = 30)]
        ProductNotFound,
        /// The client neither owns the product nor has a licence for it; ask the owner.
        #[codec(index = 31)]
        NotProducer,
        /// No base is named, they are not in ascending order, or one is not of the application.
        #[codec(index = 32)]
        BasesInvalid,
        /// The base is not registered; register it first.
        #[codec(index = 33)]
        BaseNotFound,
        /// The base belongs to another organisation; name the client's own.
        #[codec(index = 34)]
        BaseOfAnother,
        /// A product's area exceeds that of all bases; correct it.
        #[codec(index = 35)]
        AreaExceedsBases,
        /// The certificate is not the client's, of another scheme, or has ended; apply for a new
        /// one.
        #[codec(index = 36)]
        NotRenewable,
        /// There is no such application.
        #[codec(index = 37)]
        ApplicationNotFound,
        /// Another organisation applied; only that one does this.
        #[codec(index = 38)]
        NotTheClient,
        /// The application is not at the stage at which this is done; see its record.
        #[codec(index = 39)]
        WrongStage,
        /// The organisation judges itself; have another one do it.
        #[codec(index = 40)]
        NotIndependent,
        /// The inspection was before the application or is in the future; correct the time.
        #[codec(index = 41)]
        InspectionTimeInvalid,
        /// `MaxInspections` inspections are on record; decide.
        #[codec(index = 42)]
        TooManyInspections,
        /// The laboratory is the body or the client; have another test.
        #[codec(index = 43)]
        LabNotIndependent,
        /// The sample is older than the application or than one on record, or from the future.
        #[codec(index = 44)]
        SampleTimeInvalid,
        /// The product is not on the application or certificate; check the GTIN.
        #[codec(index = 45)]
        ProductNotCovered,
        /// Who inspected does not decide; have another certifier or head do it.
        #[codec(index = 46)]
        EvaluatorDecides,
        /// The certifier who proposed does not sign for the body too; two persons sign.
        #[codec(index = 47)]
        SameSigner,
        /// Only the head of the body signs for it.
        #[codec(index = 48)]
        NotHeadOfBody,
        /// A certificate has this number already; take another.
        #[codec(index = 49)]
        CertificateNumberUsed,
        /// A base of the application was not inspected; inspect it first.
        #[codec(index = 50)]
        InspectionIncomplete,
        /// The last inspection left nonconformities; have them corrected and inspect again.
        #[codec(index = 51)]
        NonconformitiesOpen,
        /// The scheme demands a test of every product; have it tested first.
        #[codec(index = 52)]
        TestMissing,
        /// The product's last test was failed; leave it out.
        #[codec(index = 53)]
        TestFailed,
        /// A product, quantity or area is beyond the application; stay within it.
        #[codec(index = 54)]
        ExceedsApplication,
        /// No yield ceiling is set for the product or its category; ask governance.
        #[codec(index = 55)]
        YieldNotGoverned,
        /// The quantity is above area times yield ceiling with tolerance; lower it.
        #[codec(index = 56)]
        YieldExceeded,
        /// The certificate would start before the inspection; date it later.
        #[codec(index = 57)]
        CertificateBeforeInspection,
        /// The certificate would start in the past; date it today or later.
        #[codec(index = 58)]
        CertificateBackdated,
        /// A base is on another live certificate of the scheme; wait for its end, or have it
        /// cancelled.
        #[codec(index = 59)]
        BaseCertifiedAlready,
        /// There is no such certificate.
        #[codec(index = 60)]
        CertificateNotFound,
        /// The certificate was revoked or cancelled, or its period is over; nothing is decided
        /// about it.
        #[codec(index = 61)]
        CertificateEnded,
        /// The certificate is not valid now; wait until it is, or use another.
        #[codec(index = 62)]
        CertificateNotValid,
        /// Another organisation holds the certificate.
        #[codec(index = 63)]
        NotHolder,
        /// The ground does not allow that consequence; see the ground.
        #[codec(index = 64)]
        ConsequenceInvalid,
        /// There is no such finding.
        #[codec(index = 65)]
        FindingNotFound,
        /// The finding is closed already.
        #[codec(index = 66)]
        FindingClosed,
        /// The finding does not demand a suspension; revoke, or record another finding.
        #[codec(index = 67)]
        FindingDemandsRevocation,
        /// The finding does not demand a revocation; suspend, or record another finding.
        #[codec(index = 68)]
        FindingDemandsSuspension,
        /// An authority decided this; only an authority undoes it.
        #[codec(index = 69)]
        AuthorityOnly,
        /// The certificate is suspended; restore or revoke it.
        #[codec(index = 70)]
        SuspendedAlready,
        /// The certificate is not suspended.
        #[codec(index = 71)]
        NotSuspended,
        /// The suspension is shorter or longer than the scheme allows; see its bounds.
        #[codec(index = 72)]
        SuspensionTermInvalid,
        /// The scheme's shortest suspension is not over; wait.
        #[codec(index = 73)]
        SuspensionTooShort,
        /// The suspension ended without cure; revoke the certificate.
        #[codec(index = 74)]
        SuspensionLapsed,
        /// A request of the holder is pending; wait until it is done.
        #[codec(index = 75)]
        RequestPending,
        /// The holder has not asked for this; have the holder ask first.
        #[codec(index = 76)]
        NotRequested,
        /// The quantity is not below what is certified; apply for a new certificate.
        #[codec(index = 77)]
        NotAReduction,
        /// More was drawn or sold than would be left; take back first.
        #[codec(index = 78)]
        QuantityInUse,
        /// There is no such duty.
        #[codec(index = 79)]
        DutyNotFound,
        /// The duty ends by another act than publishing.
        #[codec(index = 80)]
        NotADutyToPublish,
        /// The duty is done.
        #[codec(index = 81)]
        DutyDoneAlready,
        /// There is no refusal, rejection, suspension or revocation to appeal against.
        #[codec(index = 82)]
        NothingToAppeal,
        /// There is no such complaint or appeal.
        #[codec(index = 83)]
        ComplaintNotFound,
        /// The complaint or appeal is decided.
        #[codec(index = 84)]
        ComplaintDecided,
        /// Who had a part in it does not decide on it; have a colleague do it.
        #[codec(index = 85)]
        DeciderInvolved,
        /// Nobody sells to himself; name the buyer.
        #[codec(index = 86)]
        BuyerIsSeller,
        /// The buyer is unknown or not active; check the number.
        #[codec(index = 87)]
        BuyerUnknown,
        /// There is no such batch.
        #[codec(index = 88)]
        BatchNotFound,
        /// The holder of the certificate neither made nor has the batch.
        #[codec(index = 89)]
        BatchOfAnother,
        /// The batch is held or recalled, or a recall is spreading; wait, or take another.
        #[codec(index = 90)]
        BatchStopped,
        /// The batch comes from a base that is not on the certificate.
        #[codec(index = 91)]
        BaseNotCovered,
        /// The batch was made while the certificate was suspended; it is not sold as certified.
        #[codec(index = 92)]
        MadeWhileSuspended,
        /// The batch was not made while the certificate was in force.
        #[codec(index = 93)]
        MadeOutsidePeriod,
        /// More of the batch would be sold as certified than was made; lower the quantity.
        #[codec(index = 94)]
        BatchQuantityExceeded,
        /// More would be claimed, marked or sold than is certified; lower the quantity.
        #[codec(index = 95)]
        CertifiedQuantityExceeded,
        /// Goods of this scheme carry no mark.
        #[codec(index = 96)]
        SchemeWithoutMarks,
        /// More is given back than was drawn; correct the quantity.
        #[codec(index = 97)]
        ReturnedMoreThanDrawn,
        /// There is no such transaction certificate.
        #[codec(index = 98)]
        TransactionCertificateNotFound,
        /// The transaction certificate is void already.
        #[codec(index = 99)]
        TransactionCertificateVoid,
        /// The scheme has no organic codes.
        #[codec(index = 100)]
        NoOrganicCodes,
        /// The organic code is not 17 digits; copy it from the label.
        #[codec(index = 101)]
        OrganicCodeInvalid,
        /// The organic code's first three digits are not the code of the certificate's body.
        #[codec(index = 102)]
        OrganicCodeOfAnotherBody,
        /// The organic code's year is not one of the certificate's.
        #[codec(index = 103)]
        OrganicCodeYearInvalid,
        /// The ledger contradicts itself; report it.
        #[codec(index = 104)]
        Inconsistent,
        /// The batch does not carry the certificate; have its producer claim it first, or sell the
        /// batch without it.
        #[codec(index = 105)]
        NotClaimed,
        /// So much of the goods that are in the batch was sold by the same seller already, as
        /// another batch that it was made from or that was made from it; lower the quantity, or
        /// have the other transaction certificate declared void.
        #[codec(index = 106)]
        SoldInAnotherBatch,
        /// More than `MaxLineage` batches would have to be counted up to the harvests; sell the
        /// batches that it was made from.
        #[codec(index = 107)]
        LineageTooLong,
        /// The number begins with three digits that are the code of another body; number it with
        /// the code of the body that certifies.
        #[codec(index = 108)]
        CertificateNumberOfAnotherBody,
    }
}
