//! What may be called: of vertical compensation from index 0, of horizontal from 20.

use frame_support::pallet_macros::pallet_section;

/// The calls of the pallet; what they do is in `vertical` and `horizontal`.
#[pallet_section]
mod calls {
    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Sets adjustments by grade for policies that are created from here on.
        ///
        /// ## Dispatch Origin
        /// `GovernanceOrigin`.
        ///
        /// ## Details
        /// - `table`: from best grade to worst, in parts per billion of the share, descending,
        ///   within ±10⁹.
        ///
        /// ## Errors
        /// - [`Error::PerformanceTableInvalid`].
        ///
        /// ## Events
        /// - [`Event::PerformanceTableSet`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set_performance_table())]
        pub fn set_performance_table(
            origin: OriginFor<T>,
            table: PerformanceTable,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_performance_table(table).map(|_| ())
        }

        /// Creates a transfer policy and opens the programme of its money.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent with the role `Treasury`.
        ///
        /// ## Details
        /// - `terms`: weights of each component sum to 10⁹; counties in ascending order.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::PolicyTermsInvalid`], [`Error::WeightsNotOne`], [`Error::CountiesInvalid`].
        ///
        /// ## Events
        /// - [`Event::PolicyCreated`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::create_policy(COUNTIES_MAX))]
        pub fn create_policy(origin: OriginFor<T>, terms: NewPolicy) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_create_policy(&agent, terms).map(|_| ())
        }

        /// Records what a component is computed from in a county; until data are frozen, again.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury`, of the policy's finance department.
        ///
        /// ## Details
        /// - `component`: index of the component.
        /// - `data`: one value for each factor, in the unit of its rule, with its published
        ///   source.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::PolicyUnknown`], [`Error::NotThePolicysTreasury`],
        ///   [`Error::FactorsAreFrozen`], [`Error::ComponentUnknown`], [`Error::CountyUnknown`],
        ///   [`Error::CoefficientInvalid`], [`Error::BoundsInvalid`],
        ///   [`Error::FactorsIncomplete`], [`Error::UnitMismatch`], [`Error::FactorUnpublished`],
        ///   [`Error::NegativeGap`].
        ///
        /// ## Events
        /// - [`Event::CountySubmitted`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::submit_county())]
        pub fn submit_county(
            origin: OriginFor<T>,
            policy: PolicyId,
            component: u8,
            county: OrganisationId,
            data: CountyData,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_submit_county(&agent, policy, component, county, data)
        }

        /// Freezes the data of a policy once they are complete.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury`, of the policy's finance department.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::PolicyUnknown`], [`Error::NotThePolicysTreasury`],
        ///   [`Error::FactorsAreFrozen`], [`Error::FactorsIncomplete`].
        ///
        /// ## Events
        /// - [`Event::FactorsFrozen`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::freeze_factors(COUNTIES_MAX))]
        pub fn freeze_factors(origin: OriginFor<T>, policy: PolicyId) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_freeze_factors(&agent, policy)
        }

        /// Computes the shares of all counties, which sum to every pool exactly.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury`, of the policy's finance department.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::PolicyUnknown`], [`Error::NotThePolicysTreasury`],
        ///   [`Error::FactorsNotFrozen`], [`Error::AlreadyComputed`], [`Error::FactorSumZero`],
        ///   [`Error::NoBasis`], [`Error::FloorsExceedPool`], [`Error::CapsBelowPool`],
        ///   [`Error::TooLarge`].
        ///
        /// ## Events
        /// - [`Event::SharesComputed`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::compute_shares(COUNTIES_MAX))]
        pub fn compute_shares(origin: OriginFor<T>, policy: PolicyId) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_compute(&agent, policy)
        }

        /// Publishes the shares, opens a tag for each county, and starts the term to remit.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury`, of the policy's finance department.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - Those of the calendar and of the funds.
        /// - [`Error::PolicyUnknown`], [`Error::NotThePolicysTreasury`], [`Error::NotComputed`],
        ///   [`Error::AlreadyPublished`].
        ///
        /// ## Events
        /// - [`Event::SharesPublished`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::publish_shares(COUNTIES_MAX))]
        pub fn publish_shares(origin: OriginFor<T>, policy: PolicyId) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_publish(&agent, policy)
        }

        /// Binds free money of the caller to a county's share.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury`, of the policy's finance department.
        ///
        /// ## Details
        /// - `amount_fen`: above 0; with what was appropriated before, within the share and its
        ///   reward.
        /// - `document`: salted SHA-256 commitment to the instruction.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - Those of the funds.
        /// - [`Error::PolicyUnknown`], [`Error::NotThePolicysTreasury`],
        ///   [`Error::CountyUnknown`], [`Error::NotPublished`], [`Error::AlreadyConcluded`].
        ///
        /// ## Events
        /// - Those of the funds.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::appropriate())]
        pub fn appropriate(
            origin: OriginFor<T>,
            policy: PolicyId,
            county: OrganisationId,
            amount_fen: Fen,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_appropriate(&agent, policy, county, amount_fen, document)
        }

        /// Remits appropriated money to the county.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury`, of the policy's finance department.
        ///
        /// ## Details
        /// - `amount_fen`: above 0, of what is appropriated and not remitted.
        /// - `document`: salted SHA-256 commitment to the instruction.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - Those of the funds.
        /// - [`Error::PolicyUnknown`], [`Error::NotThePolicysTreasury`],
        ///   [`Error::CountyUnknown`], [`Error::NotAppropriated`].
        ///
        /// ## Events
        /// - [`Event::Remitted`].
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::remit())]
        pub fn remit(
            origin: OriginFor<T>,
            policy: PolicyId,
            county: OrganisationId,
            amount_fen: Fen,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_remit(&agent, policy, county, amount_fen, document)
        }

        /// Reports what those whom the county paid have used.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury` or `GovParty`, of the county.
        ///
        /// ## Details
        /// - `amount_fen`: above 0; all reports together are within what was paid.
        /// - `document`: salted SHA-256 commitment to the report.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::PolicyUnknown`], [`Error::CountyUnknown`], [`Error::NotTheCounty`],
        ///   [`Error::AmountZero`], [`Error::CommitmentMissing`], [`Error::NotReceived`],
        ///   [`Error::UseExceedsPaid`].
        ///
        /// ## Events
        /// - [`Event::UseReported`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::report_use())]
        pub fn report_use(
            origin: OriginFor<T>,
            policy: PolicyId,
            amount_fen: Fen,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_report_use(&agent, policy, amount_fen, document)
        }

        /// Records the grade of a county's performance.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent with the role `Auditor`.
        ///
        /// ## Details
        /// - `document`: salted SHA-256 commitment to the evaluation.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::PolicyUnknown`], [`Error::CountyUnknown`], [`Error::CommitmentMissing`],
        ///   [`Error::UseNotReported`].
        ///
        /// ## Events
        /// - [`Event::Evaluated`].
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::evaluate())]
        pub fn evaluate(
            origin: OriginFor<T>,
            policy: PolicyId,
            county: OrganisationId,
            grade: Grade,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_evaluate(&agent, policy, county, grade, document)
        }

        /// Rewards or deducts by the grade, or takes back all that a flagged county has; of a
        /// concluded share, takes what is found of what the county still owes.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury`, of the policy's finance department.
        ///
        /// ## Details
        /// - A reward raises what may be appropriated. A deduction takes first what is not
        ///   appropriated, then what the finance department has, then what the county has, then
        ///   what others have that it passed money on to, [`HOLDERS_MAX`] of them at most.
        /// - From a flagged county and from those others, all is taken back; by a worse grade no
        ///   less than would be deducted.
        /// - What was found with nobody is owed by the county at once: it is in arrears, and money
        ///   under the tag is neither passed on nor paid until it is taken by this call again.
        /// - `document`: salted SHA-256 commitment to the decision.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - Those of the funds.
        /// - [`Error::PolicyUnknown`], [`Error::NotThePolicysTreasury`],
        ///   [`Error::CountyUnknown`], [`Error::CommitmentMissing`], [`Error::NotEvaluated`],
        ///   [`Error::NothingToRecover`].
        ///
        /// ## Events
        /// - [`Event::Concluded`].
        #[pallet::call_index(10)]
        // Measured with the lots of two holders; others may have as many, and all holdings are
        // looked at.
        #[pallet::weight(
            T::WeightInfo::conclude()
                .saturating_mul(u64::from(HOLDERS_MAX).saturating_add(3).div_ceil(2))
                .saturating_add(T::DbWeight::get().reads(COUNTIES_MAX.into()))
        )]
        pub fn conclude(
            origin: OriginFor<T>,
            policy: PolicyId,
            county: OrganisationId,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_conclude(&agent, policy, county, document)
        }

        /// Proposes an agreement and signs it for the caller's government.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of a party.
        ///
        /// ## Details
        /// - `terms`: parties, superior, national station, years, cap, term of payment.
        /// - `rules`: the first version; from the first year.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::NotAParty`], [`Error::PartiesInvalid`], [`Error::SuperiorNotCommon`],
        ///   [`Error::AgreementTermsInvalid`], [`Error::YearMismatch`], [`Error::RulesInvalid`],
        ///   [`Error::SectionInvalid`], [`Error::BaseZero`], [`Error::ConcentrationOutOfRange`],
        ///   [`Error::WeightsNotOne`], [`Error::ClassTableInvalid`], [`Error::SectionUnknown`],
        ///   [`Error::LadderInvalid`], [`Error::PayerIsPayee`], [`Error::ClassOutsideTable`],
        ///   [`Error::ClassTableMissing`], [`Error::RatiosInvalid`], [`Error::CapExceeded`].
        ///
        /// ## Events
        /// - [`Event::RulesProposed`].
        #[pallet::call_index(20)]
        #[pallet::weight(T::WeightInfo::propose_agreement())]
        pub fn propose_agreement(
            origin: OriginFor<T>,
            terms: AgreementTerms,
            rules: AgreementRules,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_propose_agreement(&agent, terms, rules).map(|_| ())
        }

        /// Proposes the next version of an agreement's rules and signs it.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of a party.
        ///
        /// ## Details
        /// - `rules`: from a year that has no samples; checked as those of
        ///   [`Pallet::propose_agreement`].
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - Those of rules, see [`Pallet::propose_agreement`].
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::NotAParty`],
        ///   [`Error::TooManyVersions`], [`Error::YearMismatch`].
        ///
        /// ## Events
        /// - [`Event::RulesProposed`].
        #[pallet::call_index(21)]
        #[pallet::weight(T::WeightInfo::propose_rules())]
        pub fn propose_rules(
            origin: OriginFor<T>,
            agreement: AgreementId,
            rules: AgreementRules,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_propose_rules(&agent, agreement, rules)
        }

        /// Signs proposed rules; with the last signature they hold, and the agreement is in
        /// force.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of a party.
        ///
        /// ## Details
        /// - `hash`: what the event of the proposal says.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - Those of the funds.
        /// - [`Error::AgreementUnknown`], [`Error::NotAParty`], [`Error::NothingProposed`],
        ///   [`Error::HashMismatch`], [`Error::AlreadySigned`], [`Error::YearMismatch`].
        ///
        /// ## Events
        /// - [`Event::RulesSigned`].
        #[pallet::call_index(22)]
        #[pallet::weight(T::WeightInfo::sign_rules())]
        pub fn sign_rules(
            origin: OriginFor<T>,
            agreement: AgreementId,
            hash: Digest,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_sign_rules(&agent, agreement, hash)
        }

        /// Submits one side's half of a joint sample.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `MonitorStation`, of one of the section's two
        /// stations.
        ///
        /// ## Details
        /// - `month`: 1 to 12, begun.
        /// - `reading`: µg/L, one value for each indicator, in their order.
        /// - `document`: salted SHA-256 commitment to the laboratory's report.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`],
        ///   [`Error::YearMismatch`], [`Error::SectionUnknown`], [`Error::MonthInvalid`],
        ///   [`Error::SettlementFinal`], [`Error::StationNotInAgreement`],
        ///   [`Error::CommitmentMissing`], [`Error::MonthInFuture`],
        ///   [`Error::ReadingIncomplete`], [`Error::ConcentrationOutOfRange`],
        ///   [`Error::DuplicateSample`], [`Error::SampleClosed`].
        ///
        /// ## Events
        /// - [`Event::SampleSubmitted`].
        #[pallet::call_index(23)]
        #[pallet::weight(T::WeightInfo::submit_sample())]
        pub fn submit_sample(
            origin: OriginFor<T>,
            agreement: AgreementId,
            year: u16,
            section: u8,
            month: u8,
            reading: Reading,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            let key = (year, section, month);
            Self::do_submit_sample(&agent, agreement, key, reading, document)
        }

        /// Disputes what stands for a month.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of a party.
        ///
        /// ## Details
        /// - `document`: salted SHA-256 commitment to the reasons.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`],
        ///   [`Error::YearMismatch`], [`Error::SectionUnknown`], [`Error::MonthInvalid`],
        ///   [`Error::SettlementFinal`], [`Error::NotAParty`], [`Error::CommitmentMissing`],
        ///   [`Error::SampleUnknown`], [`Error::SampleClosed`].
        ///
        /// ## Events
        /// - [`Event::SampleDisputed`].
        #[pallet::call_index(24)]
        #[pallet::weight(T::WeightInfo::dispute_sample())]
        pub fn dispute_sample(
            origin: OriginFor<T>,
            agreement: AgreementId,
            year: u16,
            section: u8,
            month: u8,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_dispute_sample(&agent, agreement, (year, section, month), document)
        }

        /// Records the national station's value for a month that is disputed or has one half.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `MonitorStation`, of the national station.
        ///
        /// ## Details
        /// - `reading`: µg/L, one value for each indicator, in their order.
        /// - `document`: salted SHA-256 commitment to its report.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`],
        ///   [`Error::YearMismatch`], [`Error::SectionUnknown`], [`Error::MonthInvalid`],
        ///   [`Error::SettlementFinal`], [`Error::NotTheNationalStation`],
        ///   [`Error::CommitmentMissing`], [`Error::ReadingIncomplete`],
        ///   [`Error::ConcentrationOutOfRange`], [`Error::SampleUnknown`],
        ///   [`Error::SampleClosed`].
        ///
        /// ## Events
        /// - [`Event::SampleSubmitted`].
        #[pallet::call_index(25)]
        #[pallet::weight(T::WeightInfo::decide_sample())]
        pub fn decide_sample(
            origin: OriginFor<T>,
            agreement: AgreementId,
            year: u16,
            section: u8,
            month: u8,
            reading: Reading,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            let key = (year, section, month);
            Self::do_decide_sample(&agent, agreement, key, reading, document)
        }

        /// Leaves a month of a section out because of a natural disaster.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of the common superior.
        ///
        /// ## Details
        /// - `document`: salted SHA-256 commitment to the decision.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`],
        ///   [`Error::YearMismatch`], [`Error::SectionUnknown`], [`Error::MonthInvalid`],
        ///   [`Error::SettlementFinal`], [`Error::NotTheSuperior`], [`Error::NoDisasterClause`],
        ///   [`Error::CommitmentMissing`].
        ///
        /// ## Events
        /// - [`Event::MonthExempted`].
        #[pallet::call_index(26)]
        #[pallet::weight(T::WeightInfo::exempt_month())]
        pub fn exempt_month(
            origin: OriginFor<T>,
            agreement: AgreementId,
            year: u16,
            section: u8,
            month: u8,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_exempt_month(&agent, agreement, (year, section, month), document)
        }

        /// Marks a major pollution incident attributable upstream, which fails the section.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of the common superior.
        ///
        /// ## Details
        /// - `document`: salted SHA-256 commitment to the finding.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`],
        ///   [`Error::YearMismatch`], [`Error::SectionUnknown`], [`Error::SettlementFinal`],
        ///   [`Error::NotTheSuperior`], [`Error::NoIncidentClause`],
        ///   [`Error::CommitmentMissing`].
        ///
        /// ## Events
        /// - [`Event::IncidentMarked`].
        #[pallet::call_index(27)]
        #[pallet::weight(T::WeightInfo::mark_incident())]
        pub fn mark_incident(
            origin: OriginFor<T>,
            agreement: AgreementId,
            year: u16,
            section: u8,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_mark_incident(&agent, agreement, year, section, document)
        }

        /// Computes the settlement of a year that is over; until it is confirmed, again.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of a party or the common superior.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::NotAParty`],
        ///   [`Error::YearMismatch`], [`Error::YearNotOver`], [`Error::SettlementFinal`],
        ///   [`Error::SampleInDispute`], [`Error::TooManyMonthsMissing`], [`Error::BaseZero`],
        ///   [`Error::TooLarge`].
        ///
        /// ## Events
        /// - [`Event::SettlementComputed`].
        #[pallet::call_index(28)]
        #[pallet::weight(T::WeightInfo::compute_settlement(SECTIONS_MAX))]
        pub fn compute_settlement(
            origin: OriginFor<T>,
            agreement: AgreementId,
            year: u16,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_compute_settlement(&agent, agreement, year)
        }

        /// Confirms a computed settlement; with the last confirmation, payment falls due.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of a party.
        ///
        /// ## Details
        /// - `results_hash`: what the event of the computation says.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - Those of the calendar.
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::NotAParty`],
        ///   [`Error::NotComputed`], [`Error::SettlementDisputed`], [`Error::SettlementFinal`],
        ///   [`Error::HashMismatch`], [`Error::AlreadySigned`].
        ///
        /// ## Events
        /// - [`Event::SettlementConfirmed`].
        #[pallet::call_index(29)]
        #[pallet::weight(T::WeightInfo::confirm_settlement())]
        pub fn confirm_settlement(
            origin: OriginFor<T>,
            agreement: AgreementId,
            year: u16,
            results_hash: Digest,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_confirm_settlement(&agent, agreement, year, results_hash)
        }

        /// Disputes a computed settlement.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of a party.
        ///
        /// ## Details
        /// - `document`: salted SHA-256 commitment to the reasons.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::NotAParty`],
        ///   [`Error::CommitmentMissing`], [`Error::NotComputed`], [`Error::SettlementFinal`],
        ///   [`Error::SettlementDisputed`].
        ///
        /// ## Events
        /// - [`Event::SettlementDisputed`].
        #[pallet::call_index(30)]
        #[pallet::weight(T::WeightInfo::dispute_settlement())]
        pub fn dispute_settlement(
            origin: OriginFor<T>,
            agreement: AgreementId,
            year: u16,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_dispute_settlement(&agent, agreement, year, document)
        }

        /// Decides a disputed year, or one with too few samples, bindingly; payment falls due.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of the common superior.
        ///
        /// ## Details
        /// - `legs`: indices of payer and payee, and fen, together within the cap; none is no
        ///   payment.
        /// - `document`: salted SHA-256 commitment to the decision.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - Those of the calendar.
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`],
        ///   [`Error::NotTheSuperior`], [`Error::CommitmentMissing`], [`Error::YearMismatch`],
        ///   [`Error::YearNotOver`], [`Error::SettlementFinal`], [`Error::NothingToDecide`],
        ///   [`Error::PayerIsPayee`], [`Error::NotAParty`], [`Error::AmountZero`],
        ///   [`Error::CapExceeded`].
        ///
        /// ## Events
        /// - [`Event::SettlementDecided`].
        #[pallet::call_index(31)]
        #[pallet::weight(T::WeightInfo::decide_settlement(SECTIONS_MAX))]
        pub fn decide_settlement(
            origin: OriginFor<T>,
            agreement: AgreementId,
            year: u16,
            legs: DecidedLegs,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_decide_settlement(&agent, agreement, year, legs, document)
        }

        /// Pays free money of the caller into its government's escrow for a year.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of a party.
        ///
        /// ## Details
        /// - `amount_fen`: above 0; with what is in it, within the agreement's cap.
        /// - `document`: salted SHA-256 commitment to the instruction.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - Those of the funds.
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::NotAParty`],
        ///   [`Error::YearMismatch`].
        ///
        /// ## Events
        /// - [`Event::PaidIn`].
        #[pallet::call_index(32)]
        #[pallet::weight(T::WeightInfo::pay_in())]
        pub fn pay_in(
            origin: OriginFor<T>,
            agreement: AgreementId,
            year: u16,
            amount_fen: Fen,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_pay_in(&agent, agreement, year, amount_fen, document)
        }

        /// Pays from the payer's escrow to the payee, where the money stays bound to its purpose.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of the party that pays or is paid.
        ///
        /// ## Details
        /// - `leg`: index of the payment.
        /// - `amount_fen`: above 0, within what is not paid of it and what is in the escrow.
        /// - `document`: salted SHA-256 commitment to the instruction.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - Those of the funds.
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::NotAParty`],
        ///   [`Error::NotComputed`], [`Error::NotConfirmed`], [`Error::LegUnknown`],
        ///   [`Error::NotPayerOrPayee`], [`Error::LegExceeded`].
        ///
        /// ## Events
        /// - [`Event::SettlementPaid`].
        #[pallet::call_index(33)]
        #[pallet::weight(T::WeightInfo::pay_settlement(LOTS_MAX))]
        pub fn pay_settlement(
            origin: OriginFor<T>,
            agreement: AgreementId,
            year: u16,
            leg: u8,
            amount_fen: Fen,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_pay_settlement(&agent, agreement, year, leg, amount_fen, document)
        }

        /// Gives the caller what is left of its government's escrow once the year is paid.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `GovParty`, of a party.
        ///
        /// ## Details
        /// - `amount_fen`: above 0, within what is in it.
        /// - `document`: salted SHA-256 commitment to the decision.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - Those of the funds.
        /// - [`Error::AgreementUnknown`], [`Error::AgreementNotInForce`], [`Error::NotAParty`],
        ///   [`Error::NotComputed`], [`Error::NotSettled`].
        ///
        /// ## Events
        /// - [`Event::EscrowReturned`].
        #[pallet::call_index(34)]
        #[pallet::weight(T::WeightInfo::return_escrow(LOTS_MAX))]
        pub fn return_escrow(
            origin: OriginFor<T>,
            agreement: AgreementId,
            year: u16,
            amount_fen: Fen,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_return_escrow(&agent, agreement, year, amount_fen, document)
        }
    }
}
