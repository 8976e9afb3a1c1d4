//! Why calls are refused.

use frame_support::pallet_macros::pallet_section;

/// The errors of the pallet, each saying what to do.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// The GTIN, GLN or SSCC is not digits with a right check digit; copy it from the label.
        #[codec(index = 0)]
        InvalidGs1Key,
        /// The lot is empty or has characters other than `A-Z a-z 0-9 - . _`; choose another.
        #[codec(index = 1)]
        InvalidLot,
        /// The GTIN is registered already; use its master data.
        #[codec(index = 2)]
        ProductAlreadyRegistered,
        /// The GTIN was never registered; register the product first.
        #[codec(index = 3)]
        ProductNotFound,
        /// Net content is of zero size, is itself counted in pieces, names an unknown or unsuitable
        /// bulk product, or stands at a product that is not counted in pieces; correct it.
        #[codec(index = 4)]
        InvalidNetContent,
        /// The category is not eight digits, or the density is zero; correct the master data.
        #[codec(index = 5)]
        InvalidMasterData,
        /// The organisation does not own the product; ask its owner.
        #[codec(index = 6)]
        NotProductOwner,
        /// The organisation neither owns the product nor has a licence; ask the owner for one.
        #[codec(index = 7)]
        NotLicensed,
        /// The organisation is unknown or no active trace node; check the number.
        #[codec(index = 8)]
        NotTraceNode,
        /// The production base was never registered; register it first.
        #[codec(index = 9)]
        PlaceNotFound,
        /// The base belongs to another organisation, or is not that of the growing batch.
        #[codec(index = 10)]
        WrongPlace,
        /// The area of a base is zero; give its area.
        #[codec(index = 11)]
        AreaZero,
        /// There are no numbers left for bases or recalls.
        #[codec(index = 12)]
        NumbersExhausted,
        /// Nothing has this GTIN and lot; check the label.
        #[codec(index = 13)]
        BatchNotFound,
        /// The product has this lot already; choose another lot.
        #[codec(index = 14)]
        BatchAlreadyExists,
        /// Another organisation has the batch; only its holder acts on it.
        #[codec(index = 15)]
        NotHolder,
        /// The batch is not growing; farm inputs are recorded before harvest.
        #[codec(index = 16)]
        NotGrowing,
        /// The batch is growing, under way or used up, so that this cannot be done to it.
        #[codec(index = 17)]
        BatchNotAvailable,
        /// The batch is inside a logistic unit; take it out first, or ship the unit.
        #[codec(index = 18)]
        InsideLogisticUnit,
        /// The batch is held; have it released first.
        #[codec(index = 19)]
        BatchHeld,
        /// A recall in force affects the batch; return it to its producer or destroy it.
        #[codec(index = 20)]
        BatchRecalled,
        /// A recall is spreading, and the batch has too many ancestors to be cleared at once; try
        /// again when the recall is complete.
        #[codec(index = 21)]
        RecallInProgress,
        /// The event is older than the batch's latest; correct the time.
        #[codec(index = 22)]
        EventTimeNotMonotone,
        /// The event is further ahead of block time than the governed skew; wait or correct it.
        #[codec(index = 23)]
        EventTimeInFuture,
        /// The unit is not in the governed table; use one that is.
        #[codec(index = 24)]
        UnitUnknown,
        /// The unit is of another dimension than the product's base unit.
        #[codec(index = 25)]
        UnitMismatch,
        /// The quantity is no whole number of base units, or has too many decimals.
        #[codec(index = 26)]
        QuantityInexact,
        /// The quantity is zero.
        #[codec(index = 27)]
        QuantityZero,
        /// The quantity is beyond 10^18 base units.
        #[codec(index = 28)]
        QuantityTooLarge,
        /// The batch does not have so much.
        #[codec(index = 29)]
        QuantityInsufficient,
        /// The farm input is not in the governed register.
        #[codec(index = 30)]
        FarmInputNotFound,
        /// The farm input may no longer be used.
        #[codec(index = 31)]
        FarmInputForbidden,
        /// The pre-harvest interval is not over; harvest later.
        #[codec(index = 32)]
        PreHarvestInterval,
        /// The sample was taken before the batch was made, or after the event.
        #[codec(index = 33)]
        SampleTimeInvalid,
        /// The laboratory made or holds the batch; have another test it.
        #[codec(index = 34)]
        LabNotIndependent,
        /// No batch was named; name at least one (two for a merge).
        #[codec(index = 35)]
        TooFewBatches,
        /// A batch was named twice.
        #[codec(index = 36)]
        DuplicateBatch,
        /// Outputs and loss differ from the inputs; declare the loss exactly.
        #[codec(index = 37)]
        MassNotConserved,
        /// No yield is governed from an input to any output; ask for one to be set.
        #[codec(index = 38)]
        YieldNotGoverned,
        /// The outputs exceed the inputs times the governed yields.
        #[codec(index = 39)]
        YieldExceeded,
        /// Contents cannot be compared: no net content or density is registered.
        #[codec(index = 40)]
        DimensionMismatch,
        /// Only batches of one product are merged; use a transformation.
        #[codec(index = 41)]
        ProductsDiffer,
        /// The trade item does not name the bulk product as its content.
        #[codec(index = 42)]
        NotPackOf,
        /// The batch would have more than `MaxOrigins` production bases; mix fewer.
        #[codec(index = 43)]
        TooManyOrigins,
        /// The logistic unit was never made.
        #[codec(index = 44)]
        LogisticUnitNotFound,
        /// The SSCC was used before and its unit emptied; take a new one.
        #[codec(index = 45)]
        SsccAlreadyUsed,
        /// The unit would hold more than `MaxContents` batches.
        #[codec(index = 46)]
        LogisticUnitFull,
        /// The batch is not in this logistic unit.
        #[codec(index = 47)]
        NotInLogisticUnit,
        /// The logistic unit is under way, or is not.
        #[codec(index = 48)]
        LogisticUnitInTransit,
        /// The batch or unit is not under way.
        #[codec(index = 49)]
        NotInTransit,
        /// The shipment is for another organisation.
        #[codec(index = 50)]
        NotConsignee,
        /// An organisation does not ship to itself.
        #[codec(index = 51)]
        ConsigneeIsSender,
        /// A return goes to the batch's producer.
        #[codec(index = 52)]
        NotProducer,
        /// More was received than shipped; receive at most what was shipped.
        #[codec(index = 53)]
        ReceivedMoreThanShipped,
        /// A shortfall is given exactly when less was received than shipped.
        #[codec(index = 54)]
        ShortfallInvalid,
        /// The business step changes quantity or custody; use the call for it.
        #[codec(index = 55)]
        BizStepNotObservation,
        /// The batch is held already, on the same or higher authority.
        #[codec(index = 56)]
        AlreadyHeld,
        /// The batch is not held.
        #[codec(index = 57)]
        NotHeld,
        /// Market supervision alone may do this with the batch.
        #[codec(index = 58)]
        MarketSupervisionOnly,
        /// No rule says what a recall of this class reaches; governance sets it.
        #[codec(index = 59)]
        RecallRuleNotSet,
        /// `MaxOpenRecalls` recalls are being carried out; try again in a later block.
        #[codec(index = 60)]
        TooManyOpenRecalls,
        /// There is no such recall.
        #[codec(index = 61)]
        RecallNotFound,
        /// The recall is lifted already.
        #[codec(index = 62)]
        RecallAlreadyLifted,
        /// The batch is neither recalled nor held by market supervision; its holder decides.
        #[codec(index = 63)]
        NotUnderMarketSupervision,
        /// The governed value is out of its range; see the call's documentation.
        #[codec(index = 64)]
        InvalidRule,
        /// The ledger contradicts itself; report it.
        #[codec(index = 65)]
        Inconsistent,
        /// Some of the units are under way or none was sold; take back when they are not.
        #[codec(index = 66)]
        NotSold,
        /// Another organisation made the batch; its producer claims certificates for it.
        #[codec(index = 67)]
        ClaimantNotProducer,
        /// There is no such certificate, or it was not issued yet; check the number.
        #[codec(index = 68)]
        CertificateNotFound,
        /// The certificate was not in force when the batch was made, or is revoked or cancelled;
        /// sell the batch without it.
        #[codec(index = 69)]
        CertificateNotInForce,
        /// The certificate does not name the producer, the product or a base of the batch; have
        /// it extended, or sell the batch without it.
        #[codec(index = 70)]
        CertificateNotCovering,
        /// A batch that went into this one carries no certificate of the same scheme; claim for
        /// the parents first, or sell the batch without it.
        #[codec(index = 71)]
        ParentsNotCertified,
        /// The batch carries the certificate already.
        #[codec(index = 72)]
        AlreadyClaimed,
        /// The batch would carry more than `MaxClaims` certificates; leave this one out.
        #[codec(index = 73)]
        TooManyClaims,
    }
}
