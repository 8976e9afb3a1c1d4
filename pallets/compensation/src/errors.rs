//! Why calls are refused.

use frame_support::pallet_macros::pallet_section;

/// The errors of the pallet, each saying what to do.
#[pallet_section]
mod errors {
    #[pallet::error]
    #[derive(PartialEq, Eq)]
    pub enum Error<T> {
        /// The amount is 0 fen. State how much.
        #[codec(index = 0)]
        AmountZero,
        /// The commitment is all zeros. Commit to the document: SHA-256 of a random salt and it.
        #[codec(index = 1)]
        CommitmentMissing,
        /// The table is beyond ±100 % or does not descend from the best grade to the worst.
        #[codec(index = 2)]
        PerformanceTableInvalid,
        /// There is no policy with this number. Look it up in the event of its creation.
        #[codec(index = 3)]
        PolicyUnknown,
        /// Another finance department's policy. Only that one can act on it.
        #[codec(index = 4)]
        NotThePolicysTreasury,
        /// The year, the term, the digest of the text, or a pool is missing or out of range.
        #[codec(index = 5)]
        PolicyTermsInvalid,
        /// The weights do not sum to 1,000,000,000 parts per billion. Correct them; nothing is
        /// scaled.
        #[codec(index = 6)]
        WeightsNotOne,
        /// Counties are none, unknown, not in ascending order, or include the finance department.
        #[codec(index = 7)]
        CountiesInvalid,
        /// The policy has no component with this index.
        #[codec(index = 8)]
        ComponentUnknown,
        /// The organisation is no county of the policy, or has no share of it yet.
        #[codec(index = 9)]
        CountyUnknown,
        /// The coefficient is above ten. Check its unit: parts per billion.
        #[codec(index = 10)]
        CoefficientInvalid,
        /// A floor is above its cap. Correct one of them.
        #[codec(index = 11)]
        BoundsInvalid,
        /// Data of this policy do not change any more. Create another policy.
        #[codec(index = 12)]
        FactorsAreFrozen,
        /// Data of a county are missing for a component, or have another number of values than the
        /// component has factors. Submit them first.
        #[codec(index = 13)]
        FactorsIncomplete,
        /// A value has another unit than its factor. Convert it; bare numbers are not taken.
        #[codec(index = 14)]
        UnitMismatch,
        /// A value has no published source: its hash is missing or its publication is not in the
        /// past. Publish the record first.
        #[codec(index = 15)]
        FactorUnpublished,
        /// Standard revenue is above standard expenditure, and the component does not say that this
        /// is no gap. Check the data.
        #[codec(index = 16)]
        NegativeGap,
        /// Data of the policy are still open. Freeze them first.
        #[codec(index = 17)]
        FactorsNotFrozen,
        /// Shares of the policy are computed already.
        #[codec(index = 18)]
        AlreadyComputed,
        /// A factor is 0 in every county, so that nothing is in proportion to it. Check the data.
        #[codec(index = 19)]
        FactorSumZero,
        /// There is something to split, and the shares of all that are not at a bound are 0.
        #[codec(index = 20)]
        NoBasis,
        /// The floors together are above the pool. Lower them or raise the pool.
        #[codec(index = 21)]
        FloorsExceedPool,
        /// The caps together are below the pool. Raise them or lower the pool.
        #[codec(index = 22)]
        CapsBelowPool,
        /// A number would leave 512 bits on the way, or 128 at its end. Use fewer or smaller
        /// values.
        #[codec(index = 23)]
        TooLarge,
        /// Nothing is computed yet. Compute it first.
        #[codec(index = 24)]
        NotComputed,
        /// Shares of the policy are published already.
        #[codec(index = 25)]
        AlreadyPublished,
        /// Shares of the policy are not published yet. Publish them first.
        #[codec(index = 26)]
        NotPublished,
        /// The share is concluded without a reward: nothing more is appropriated.
        #[codec(index = 27)]
        AlreadyConcluded,
        /// Nothing is appropriated for the county yet. Appropriate first.
        #[codec(index = 28)]
        NotAppropriated,
        /// The caller may not act for the county as finance department or government.
        #[codec(index = 29)]
        NotTheCounty,
        /// The county has received nothing that it could report on, or is evaluated already.
        #[codec(index = 30)]
        NotReceived,
        /// More use would be reported than was paid to beneficiaries.
        #[codec(index = 31)]
        UseExceedsPaid,
        /// The county has not reported use, or is evaluated already.
        #[codec(index = 32)]
        UseNotReported,
        /// The county is not evaluated, or its share is concluded already.
        #[codec(index = 33)]
        NotEvaluated,
        /// There is no agreement with this number. Look it up in the event of its proposal.
        #[codec(index = 34)]
        AgreementUnknown,
        /// Not all parties have signed the agreement. Sign it first.
        #[codec(index = 35)]
        AgreementNotInForce,
        /// The organisation, or the index, is of no party of the agreement.
        #[codec(index = 36)]
        NotAParty,
        /// The caller does not act for the common superior of the parties.
        #[codec(index = 37)]
        NotTheSuperior,
        /// Parties are fewer than two, named twice, or no governments.
        #[codec(index = 38)]
        PartiesInvalid,
        /// The superior is unknown, a party, or a government whose region does not cover all
        /// parties.
        #[codec(index = 39)]
        SuperiorNotCommon,
        /// Years, term of payment, cap, text or national station are missing or out of range.
        #[codec(index = 40)]
        AgreementTermsInvalid,
        /// The year is outside the agreement or its rules, or rules begin in a year that has
        /// samples or older rules.
        #[codec(index = 41)]
        YearMismatch,
        /// Twelve or more months may be missing, or the tolerance is above 100 %.
        #[codec(index = 42)]
        RulesInvalid,
        /// A section has no two parties, no two stations, or no indicators in ascending order; or
        /// there is no section.
        #[codec(index = 43)]
        SectionInvalid,
        /// A base limit, or a mean of the year before, is 0: nothing can be divided by it.
        #[codec(index = 44)]
        BaseZero,
        /// A concentration is above 1 kg/L. Check its unit: µg/L, a thousand for each mg/L.
        #[codec(index = 45)]
        ConcentrationOutOfRange,
        /// Limits of classes are not above 0 and ascending from class I to V.
        #[codec(index = 46)]
        ClassTableInvalid,
        /// The formula goes by classes and an indicator has no limits of classes.
        #[codec(index = 47)]
        ClassTableMissing,
        /// The basis is no class from 1 to 6.
        #[codec(index = 48)]
        ClassOutsideTable,
        /// The rules have no section with this index.
        #[codec(index = 49)]
        SectionUnknown,
        /// The ladder does not ascend to an open last step, or k₀ is 0 or above ten.
        #[codec(index = 50)]
        LadderInvalid,
        /// A party would pay itself. Name another payer or payee.
        #[codec(index = 51)]
        PayerIsPayee,
        /// Ratios are not one for each party, are all 0, or a share is above 100 %.
        #[codec(index = 52)]
        RatiosInvalid,
        /// More would be paid for a year than the agreement's cap.
        #[codec(index = 53)]
        CapExceeded,
        /// The agreement has as many versions of rules as are kept. Conclude another agreement.
        #[codec(index = 54)]
        TooManyVersions,
        /// No rules wait for signatures.
        #[codec(index = 55)]
        NothingProposed,
        /// What is proposed or computed has another digest. Look at it again before signing.
        #[codec(index = 56)]
        HashMismatch,
        /// The party has signed or confirmed this already.
        #[codec(index = 57)]
        AlreadySigned,
        /// The station is not one of the section's two. Only these take its samples.
        #[codec(index = 58)]
        StationNotInAgreement,
        /// There is no such month. Months are 1 to 12.
        #[codec(index = 59)]
        MonthInvalid,
        /// The month has not begun.
        #[codec(index = 60)]
        MonthInFuture,
        /// A value is missing or too many: give one for each indicator of the section, in its
        /// order.
        #[codec(index = 61)]
        ReadingIncomplete,
        /// The station has submitted its half of this sample already.
        #[codec(index = 62)]
        DuplicateSample,
        /// There is no sample of this month.
        #[codec(index = 63)]
        SampleUnknown,
        /// What stands for the month is agreed, decided, disputed or left out already.
        #[codec(index = 64)]
        SampleClosed,
        /// Only the agreement's national station decides.
        #[codec(index = 65)]
        NotTheNationalStation,
        /// The rules do not leave out months of disasters.
        #[codec(index = 66)]
        NoDisasterClause,
        /// The rules do not fail a section for an incident.
        #[codec(index = 67)]
        NoIncidentClause,
        /// A sample of the year is in dispute. The national station has to decide first.
        #[codec(index = 68)]
        SampleInDispute,
        /// More months are missing than the rules allow. The superior has to decide the year.
        #[codec(index = 69)]
        TooManyMonthsMissing,
        /// The year is not over.
        #[codec(index = 70)]
        YearNotOver,
        /// The settlement is in dispute. Compute it again or have the superior decide.
        #[codec(index = 71)]
        SettlementDisputed,
        /// The settlement is confirmed, decided or paid. Nothing changes it.
        #[codec(index = 72)]
        SettlementFinal,
        /// The settlement is not in dispute and could be computed.
        #[codec(index = 73)]
        NothingToDecide,
        /// The settlement is neither confirmed by all parties nor decided, or it is paid.
        #[codec(index = 74)]
        NotConfirmed,
        /// The settlement has no payment with this index.
        #[codec(index = 75)]
        LegUnknown,
        /// The caller's party neither pays nor is paid by this payment.
        #[codec(index = 76)]
        NotPayerOrPayee,
        /// More would be paid than the settlement says.
        #[codec(index = 77)]
        LegExceeded,
        /// The year is not settled and paid: its escrow stays.
        #[codec(index = 78)]
        NotSettled,
        /// What the county owes of the share is with nobody under its tag. It stays in arrears.
        #[codec(index = 79)]
        NothingToRecover,
        /// A county is no finance department or government, to which alone its share could come.
        /// Name its finance department.
        #[codec(index = 80)]
        CountyIsNoOffice,
    }
}
