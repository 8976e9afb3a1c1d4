//! Why calls are refused.

use frame_support::pallet_macros::pallet_section;

/// The errors of the pallet, each saying what to do.
#[pallet_section]
mod errors {
    #[pallet::error]
    pub enum Error<T> {
        /// The mark number is empty or has other characters than visible ASCII; copy it from the
        /// trademark register.
        #[codec(index = 0)]
        MarkNumberInvalid,
        /// The mark is registered already; use its brand.
        #[codec(index = 1)]
        MarkAlreadyRegistered,
        /// There is no such brand; check the number.
        #[codec(index = 2)]
        BrandNotFound,
        /// A list is empty, out of order or repeats itself, or a division is no such; sort it.
        #[codec(index = 3)]
        ListInvalid,
        /// A commitment or hash is all zeros; commit to the document.
        #[codec(index = 4)]
        CommitmentMissing,
        /// A quota period has no days, is not that of the licence, or has not begun; correct it.
        #[codec(index = 5)]
        PeriodInvalid,
        /// The term has no end behind its begin and behind now, or outlasts the mark's
        /// registration; correct it.
        #[codec(index = 6)]
        TermInvalid,
        /// The organisation neither owns nor runs the brand; ask one that does.
        #[codec(index = 7)]
        NotBrandParty,
        /// The organisation cannot run the brand: it owns it, or is no brand operator.
        #[codec(index = 8)]
        NotOperator,
        /// Who owns or runs a brand is not licensed under it; another organisation must apply.
        #[codec(index = 9)]
        LicenseeRunsBrand,
        /// The mark is not collective, and so has no members.
        #[codec(index = 10)]
        NotCollective,
        /// The organisation is a member already.
        #[codec(index = 11)]
        AlreadyMember,
        /// The organisation is no member, and a collective mark is used by members only; have it
        /// admitted.
        #[codec(index = 12)]
        NotMember,
        /// There is no such organisation, or it is not active; check the number.
        #[codec(index = 13)]
        OrganisationUnknown,
        /// There are no numbers left.
        #[codec(index = 14)]
        NumbersExhausted,
        /// The product was never registered; register it first.
        #[codec(index = 15)]
        ProductNotFound,
        /// The brand's rules do not include the product; leave it out.
        #[codec(index = 16)]
        ProductOutOfScope,
        /// The production base was never registered; register it first.
        #[codec(index = 17)]
        BaseNotFound,
        /// The base belongs to another organisation; name bases of the licensee.
        #[codec(index = 18)]
        BaseNotLicensees,
        /// The base lies outside the brand's area; leave it out.
        #[codec(index = 19)]
        BaseOutsideArea,
        /// Another licence of the brand counts the base, or was used in the quota period that
        /// runs; begin the term later, or extend that licence.
        #[codec(index = 20)]
        BaseTaken,
        /// A quota is zero or beyond 10^18; correct it.
        #[codec(index = 21)]
        QuotaInvalid,
        /// No yield ceiling is governed for the product or its category; ask for one.
        #[codec(index = 22)]
        CeilingNotSet,
        /// The quota is more than the bases yield in a period; ask for less.
        #[codec(index = 23)]
        QuotaExceedsYield,
        /// Less may still be marked under the certificate than the quotas; ask for less, or have
        /// the certified quantity raised.
        #[codec(index = 24)]
        QuotaExceedsCertificate,
        /// A quantity is beyond what can be counted; correct it.
        #[codec(index = 25)]
        QuantityTooLarge,
        /// The name of the sub-brand is empty, no UTF-8, or has control characters; correct it.
        #[codec(index = 26)]
        SubBrandInvalid,
        /// The brand asks for a certificate; name one.
        #[codec(index = 27)]
        CertificateMissing,
        /// The brand asks for no certificate; name none.
        #[codec(index = 28)]
        CertificateNotAsked,
        /// The certificate is unknown or of another scheme than the brand asks for; name another.
        #[codec(index = 29)]
        CertificateOfOtherScheme,
        /// The certificate is not valid now; wait until it is, or replace it.
        #[codec(index = 30)]
        CertificateNotValid,
        /// The certificate does not name the licensee, a product or a base; name another.
        #[codec(index = 31)]
        CertificateNotCovering,
        /// The organisation has `MaxOpenLicences` licences and applications under the brand;
        /// withdraw one.
        #[codec(index = 32)]
        TooManyLicences,
        /// There is no such licence; check the number.
        #[codec(index = 33)]
        LicenceNotFound,
        /// The licence is another organisation's.
        #[codec(index = 34)]
        NotLicensee,
        /// The status of the licence does not allow this; see the states of a licence.
        #[codec(index = 35)]
        StatusInvalid,
        /// The licensee does not inspect itself; have another inspect.
        #[codec(index = 36)]
        InspectorNotIndependent,
        /// A fee or penalty is beyond 10^16 fen; correct it.
        #[codec(index = 37)]
        FeeTooLarge,
        /// The licence is suspended, ended or outside its term; have it restored or extended.
        #[codec(index = 38)]
        LicenceNotInForce,
        /// The licence does not name the product; apply for one that does.
        #[codec(index = 39)]
        ProductNotLicensed,
        /// Less of the period's quota is left; label less, or wait for the next period.
        #[codec(index = 40)]
        QuotaExhausted,
        /// More is given back than was drawn; correct the quantity.
        #[codec(index = 41)]
        MoreThanDrawn,
        /// A number of labels is zero.
        #[codec(index = 42)]
        CountZero,
        /// The product is not counted in pieces, and labels go on pieces; order for a trade item.
        #[codec(index = 43)]
        NotInPieces,
        /// There is no such label order; check the number.
        #[codec(index = 44)]
        OrderNotFound,
        /// The order was issued or cancelled already.
        #[codec(index = 45)]
        OrderStatusInvalid,
        /// The licensee does not have so many labels in stock.
        #[codec(index = 46)]
        StockInsufficient,
        /// The licence is not in force, and its labels are frozen; destroy them, or have the
        /// licence restored.
        #[codec(index = 47)]
        LabelsFrozen,
        /// The premium of that period was reported already.
        #[codec(index = 48)]
        AlreadyReported,
        /// A yield ceiling is zero; end it instead.
        #[codec(index = 49)]
        CeilingZero,
        /// The ledger contradicts itself; report it.
        #[codec(index = 50)]
        Inconsistent,
    }
}
