//! Why calls are refused.

use frame_support::pallet_macros::pallet_section;

/// The errors of the pallet, each saying what to do.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// The number of codes is zero or above `MaxCodes`; make several series.
        #[codec(index = 0)]
        CountInvalid,
        /// Certifier or year of an organic code are not digits; copy them from the certificate.
        #[codec(index = 1)]
        SchemeInvalid,
        /// A root, list hash or commitment is all zeros; compute it.
        #[codec(index = 2)]
        HashMissing,
        /// Another series has this root, and so the same codes; make new codes.
        #[codec(index = 3)]
        RootAlreadyUsed,
        /// There is no such batch; check the number.
        #[codec(index = 4)]
        BatchNotFound,
        /// Another organisation has the batch; only its holder labels or marks.
        #[codec(index = 5)]
        NotHolder,
        /// The pieces were there before this batch, as in a part or mixture; they carry the labels
        /// of the batch in which they were made.
        #[codec(index = 6)]
        PiecesNotNew,
        /// The batch is growing, under way or used up, or has fewer pieces on hand.
        #[codec(index = 7)]
        BatchNotAvailable,
        /// The product of the batch is not registered; register it first.
        #[codec(index = 8)]
        ProductNotFound,
        /// The product is not counted in pieces, and labels go on pieces; pack it first.
        #[codec(index = 9)]
        NotInPieces,
        /// So many pieces of the batch are not left unlabelled; void a series that is not used.
        #[codec(index = 10)]
        AllLabelled,
        /// There are no numbers left.
        #[codec(index = 11)]
        NumbersExhausted,
        /// The batch has `MaxSeriesOfBatch` series; make larger ones.
        #[codec(index = 12)]
        TooManySeries,
        /// The batch does not carry the certificate; claim it first.
        #[codec(index = 13)]
        CertificateNotCarried,
        /// The batch comes from a base that the licence does not name; label without the brand.
        #[codec(index = 14)]
        ForeignBase,
        /// There is no such series; check the number.
        #[codec(index = 15)]
        SeriesNotFound,
        /// Another organisation made the series.
        #[codec(index = 16)]
        NotLabeller,
        /// The series was given up; its codes do not count.
        #[codec(index = 17)]
        SeriesVoid,
        /// An item is marked, or labelled pieces have left the labeller; void it no more.
        #[codec(index = 18)]
        SeriesUsed,
        /// The series is frozen or void.
        #[codec(index = 19)]
        SeriesNotActive,
        /// The series is not frozen by order; what is proven stays.
        #[codec(index = 20)]
        SeriesNotReleasable,
        /// The path does not lead from the leaf to the root; compute it from the published list.
        #[codec(index = 21)]
        ProofInvalid,
        /// The leaves are as they must be; there is nothing to report.
        #[codec(index = 22)]
        NoFault,
        /// The leaf is no code of the series' scheme; report it.
        #[codec(index = 23)]
        CodeMalformed,
        /// The batch is of another product, or does not come from the batch of the series.
        #[codec(index = 24)]
        OtherBatch,
        /// The item was sold already: this is a copy of its label, or a mistake; have it checked.
        #[codec(index = 25)]
        AlreadySold,
        /// The item is destroyed; a label like this is a copy.
        #[codec(index = 26)]
        AlreadyDestroyed,
        /// The item is not sold, so that it cannot come back.
        #[codec(index = 27)]
        NotSold,
        /// The ledger contradicts itself; report it.
        #[codec(index = 28)]
        Inconsistent,
        /// Another organisation sold the item; bring it back there.
        #[codec(index = 29)]
        NotSeller,
        /// As many items were sold or destroyed out of the batch as it has pieces.
        #[codec(index = 30)]
        MoreThanBatch,
        /// The labeller's licence is suspended or revoked, and its stock frozen.
        #[codec(index = 31)]
        LicenceStopped,
        /// Organic codes belong to a certificate; name it, or make GS1 serials.
        #[codec(index = 32)]
        OrganicWithoutCertificate,
        /// The certificate's scheme asks for an organic code on every item; make organic codes.
        #[codec(index = 33)]
        OrganicCodesMissing,
        /// The series is frozen: its fault, and what it drew, stay on record. Have market
        /// supervision release it if it was frozen by order.
        #[codec(index = 34)]
        SeriesFrozen,
    }
}
