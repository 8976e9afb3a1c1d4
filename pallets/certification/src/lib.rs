//! # Certification
//!
//! Certification bodies and their approval, schemes, applications, certificates, and the legal
//! deadlines around them. Sources: article 12 of the Opinions; 认证认可条例 (Regulations on
//! Certification and Accreditation); the rules of organic certification and of green food; ISO/IEC
//! 17065.
//!
//! ## Overview
//!
//! It is **not** responsible for who an organisation is (`pallet-participants`), for products,
//! bases and batches (`pallet-traceability`, through [`MasterData`]), for which days are worked
//! (`pallet-calendar`), for labels and single codes, and for documents: of these it holds salted
//! SHA-256 commitments only. To traceability, brands and labels it answers as their
//! [`Certificates`](pallet_traceability::Certificates).
//!
//! ## Terminology
//!
//! - *scheme* (认证制度): standard, rules, terms and limits by which a kind of certificate is given.
//! - *body* (认证机构): certification body, approved by the CNCA for schemes and categories.
//! - *certifier* (认证人员): a person who practises with one body; *head*: who signs for the body.
//! - *accreditation* (认可): recognition of a body's or laboratory's competence.
//! - *finding*: something recorded for or against a certificate, and what it demands.
//! - *duty*: a legal deadline of a body: when it started, when it is due, when it was done.
//! - *transaction certificate* (销售证): proof that so much of a batch was sold as certified.
//! - *content unit*: mg, ml or piece, as of
//!   [`ProductDetails::content`](pallet_traceability::ProductDetails::content). Certified
//!   quantities, marks and sales are counted in it, so that a bulk product and its packs share one
//!   quantity.
//!
//! ## Scenario
//!
//! 1. The CNCA approves body Lin for organic tea under number CNCA-R-2002-101 with Wu as its head;
//!    the accreditation body accredits it. Lin registers the certifiers Qian and Zhao.
//! 2. Mei's garden applies with 3 mu of tea and 450 kg for a year. Lin accepts within the term;
//!    Qian inspects the garden; laboratory Han tests the leaf: passed.
//! 3. Zhao, who did not inspect, proposes to certify 430 kg, within area times ceiling; Wu signs.
//!    The certificate is valid for a year. Marks and sales are drawn from the 430 kg.
//! 4. A shop is found to use the mark on other tea. Lin has 15 days to suspend, and suspends for
//!    two months; what Mei harvests meanwhile is marked as such for ever.
//! 5. Once cured, and no sooner than a month, Lin restores it. Had Mei not cured it in two months,
//!    the suspension would be overdue, and Lin would have to revoke.
//! 6. A laboratory finds a forbidden substance. Lin revokes within 7 days and publishes; Mei may
//!    not apply again for a year.
//!
//! ## Design
//!
//! **Status without transactions.** A certificate's record has its dates, its state, and every
//! change of its status. [`Certificate::status_at`] answers for now and for any past moment; that a
//! period is over needs no call, and neither does a suspension that has outlasted its end
//! ([`Certificate::overdue_suspension`]). Nothing is ever decided about a certificate after its
//! period.
//!
//! **Two signatures.** A decision is proposed by a certifier and signed by the head of the body:
//! two people, neither an inspector of that application (条例 Art. 22; ISO/IEC 17065 §7.6), whatever
//! keys they have by then: records name agents by their first key, and certifiers by person. All
//! conditions are checked at both signatures, since approvals and governed data may change.
//!
//! **Quantity.** A product's quantity is at most area × governed yield ceiling × period × (1 +
//! tolerance). A base stands on one live certificate of a scheme, so that no harvest is certified
//! twice. Marks drawn and sales are each within the certified quantity; a pack draws from the bulk
//! product that it names as its content. A batch of more than the certified quantity is not claimed,
//! nor are batches produced at bases that are more together.
//!
//! **Sales.** A transaction certificate is issued for a batch that carries the very certificate.
//! Sales of a batch, of all certificates together, are within the batch. Moreover no seller sells
//! goods twice as different batches, such as a batch and then its parts: a sale is counted for the
//! batch and, upward along derivations, for every batch that it was made from, there with as much as
//! went into what is sold, its loss included and rounded up; and no seller's count exceeds what a
//! batch has. So each seller's sales over a lineage are within the goods, in whatever order goods
//! are parted, mixed, made and sold. It is counted by seller, since who buys certified goods sells
//! what he makes of them under a certificate of his own. A mixture holds its parts in proportion:
//! if all of one part was sold before, nothing of the mixture is. Declared void, a sale is counted
//! back.
//!
//! **Stops do not wait.** Suspending and revoking need a finding, which has a legal term; the duty
//! to publish starts with the stop. A deadline in a year whose holidays are not known refuses an
//! application, but never a finding or a stop: its due moment is worked out when the year's table
//! is set.
//!
//! **Approval.** When a body's approval is suspended or withdrawn, it certifies no more; its
//! certificates stand, and show it ([`CertificateInfo`]). It issues no transaction certificates, but
//! declares them void. The body still suspends and revokes certificates; so may the CNCA and market
//! supervision.
//!
//! **Governed data.** Schemes and yield ceilings change by governance; every change makes a new
//! version of the rule set, and records keep the version that was applied.
//!
//! ## What is public
//!
//! Everything in state and events is public. Approvals, accreditations, certificates with products,
//! quantities and bases, suspensions and revocations are published by law. Who inspected, tested and
//! signed is known by keys of organisations; a certifier as a person only as a commitment of the
//! register of certifiers. Findings say their kind; evidence, reports, reasons, complaints and
//! documents are commitments. Of a sale: seller, buyer, batch and quantity, which the proof is made
//! for; price and contract are not on chain.
//!
//! ## Modules
//!
//! `types` what is stored and taken in; `master_data` the glue to traceability; `functions` what the
//! calls do, by topic; `genesis` schemes from the first block on; `weights`.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod errors;
mod events;
mod functions;
pub mod genesis;
pub mod master_data;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use genesis::{GenesisScheme, GenesisYieldCeiling};
pub use master_data::{BatchSummary, MasterData};
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

/// An approval of this runtime.
pub type CertBodyApprovalOf<T> = CertBodyApproval<<T as frame_system::Config>::AccountId>;
/// A certifier of this runtime.
pub type CertifierOf<T> = Certifier<<T as frame_system::Config>::AccountId>;
/// An application of this runtime.
pub type ApplicationOf<T> = Application<<T as frame_system::Config>::AccountId>;
/// A finding of this runtime.
pub type FindingOf<T> = Finding<<T as frame_system::Config>::AccountId>;
/// A complaint of this runtime.
pub type ComplaintOf<T> = Complaint<<T as frame_system::Config>::AccountId>;

#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::UnixTime};
    use frame_system::pallet_prelude::*;
    use pallet_calendar::{Calendar, CivilDate, Moment};
    use pallet_participants::{Authority, OrganisationId};
    use pallet_traceability::{
        BatchId, CertificateId, CertificateStatus, Commitment, Gtin, PlaceId, RuleSet, SchemeId,
    };

    /// Layout of this pallet's storage.
    pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

    /// What the runtime chooses.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Block time.
        type Time: UnixTime;

        /// Who acts, and in which role.
        type Authority: Authority<Self::AccountId>;

        /// When legal terms end.
        type Calendar: Calendar;

        /// Products, bases and batches.
        type MasterData: MasterData;

        /// May change the governed data.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;

        /// Gives benchmarks agents, products, bases and batches.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
    }

    /// Bodies, certificates, and what is decided about them.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// Most products on one application or certificate.
        #[pallet::constant_name(MaxProducts)]
        fn max_products() -> u32 {
            MAX_PRODUCTS
        }

        /// Most bases on one application or certificate.
        #[pallet::constant_name(MaxBases)]
        fn max_bases() -> u32 {
            MAX_BASES
        }

        /// Most inspections of one application.
        #[pallet::constant_name(MaxInspections)]
        fn max_inspections() -> u32 {
            MAX_INSPECTIONS
        }

        /// Most batches that one transaction certificate is counted for.
        #[pallet::constant_name(MaxLineage)]
        fn max_lineage() -> u32 {
            MAX_LINEAGE
        }

        /// Most changes of one certificate's status.
        #[pallet::constant_name(MaxChanges)]
        fn max_changes() -> u32 {
            MAX_CHANGES
        }

        /// Most rows in one answer of a view function.
        #[pallet::constant_name(MaxPage)]
        fn max_page() -> u32 {
            MAX_PAGE
        }
    }

    // Keys are Twox where the chain or governance numbers them, Blake2 where others choose them.

    /// Schemes.
    #[pallet::storage]
    pub type Schemes<T: Config> = StorageMap<_, Twox64Concat, SchemeId, Scheme, OptionQuery>;

    /// The most content units that a mu bears in a year, by scheme.
    #[pallet::storage]
    pub type YieldCeilings<T: Config> =
        StorageDoubleMap<_, Twox64Concat, SchemeId, Twox64Concat, CeilingScope, u64, OptionQuery>;

    /// The rule set in force.
    #[pallet::storage]
    pub type CurrentRuleSet<T: Config> = StorageValue<_, RuleSet, ValueQuery>;

    /// Hash of every rule set, by version. Written together with [`CurrentRuleSet`].
    #[pallet::storage]
    pub type RuleSetHashes<T: Config> = StorageMap<_, Twox64Concat, u32, [u8; 32], OptionQuery>;

    /// Approvals of certification bodies; one that is withdrawn stays.
    #[pallet::storage]
    pub type Approvals<T: Config> =
        StorageMap<_, Twox64Concat, OrganisationId, CertBodyApprovalOf<T>, OptionQuery>;

    /// Who has a code in organic codes; never given to another body.
    #[pallet::storage]
    pub type BodyCodes<T: Config> =
        StorageMap<_, Twox64Concat, BodyCode, OrganisationId, OptionQuery>;

    /// Accreditations of bodies and laboratories.
    #[pallet::storage]
    pub type Accreditations<T: Config> =
        StorageMap<_, Twox64Concat, OrganisationId, Accreditation, OptionQuery>;

    /// Certifiers.
    #[pallet::storage]
    pub type Certifiers<T: Config> =
        StorageMap<_, Blake2_128Concat, PersonId, CertifierOf<T>, OptionQuery>;

    /// The certifier who practises as an agent, by the agent's first key. Written together with
    /// [`Certifiers`].
    #[pallet::storage]
    pub type CertifiersByAgent<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, PersonId, OptionQuery>;

    /// What each body has done.
    #[pallet::storage]
    pub type Tallies<T: Config> = StorageMap<_, Twox64Concat, OrganisationId, Tally, ValueQuery>;

    /// Applications.
    #[pallet::storage]
    pub type Applications<T: Config> =
        StorageMap<_, Twox64Concat, ApplicationId, ApplicationOf<T>, OptionQuery>;

    /// Number of the next application.
    #[pallet::storage]
    pub type NextApplicationId<T: Config> = StorageValue<_, ApplicationId, ValueQuery>;

    /// Certificates.
    #[pallet::storage]
    pub type Certificates<T: Config> =
        StorageMap<_, Twox64Concat, CertificateId, Certificate, OptionQuery>;

    /// Number of the next certificate.
    #[pallet::storage]
    pub type NextCertificateId<T: Config> = StorageValue<_, CertificateId, ValueQuery>;

    /// Certificates by published number. Written together with [`Certificates`].
    #[pallet::storage]
    pub type CertificateNumbers<T: Config> =
        StorageMap<_, Blake2_128Concat, CertificateNumber, CertificateId, OptionQuery>;

    /// The latest certificate of a scheme that has a base; no other that has it is live beside it.
    #[pallet::storage]
    pub type CertifiedBases<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        PlaceId,
        Twox64Concat,
        SchemeId,
        CertificateId,
        OptionQuery,
    >;

    /// First date on which a client may apply for a scheme again after a revocation.
    #[pallet::storage]
    pub type ClientLocks<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        OrganisationId,
        Twox64Concat,
        SchemeId,
        CivilDate,
        OptionQuery,
    >;

    /// Findings.
    #[pallet::storage]
    pub type Findings<T: Config> =
        StorageMap<_, Twox64Concat, FindingId, FindingOf<T>, OptionQuery>;

    /// Number of the next finding.
    #[pallet::storage]
    pub type NextFindingId<T: Config> = StorageValue<_, FindingId, ValueQuery>;

    /// Duties, done and not done.
    #[pallet::storage]
    pub type Duties<T: Config> = StorageMap<_, Twox64Concat, DutyId, Duty, OptionQuery>;

    /// Number of the next duty.
    #[pallet::storage]
    pub type NextDutyId<T: Config> = StorageValue<_, DutyId, ValueQuery>;

    /// Start of every duty that is not done, by body. Written together with [`Duties`].
    #[pallet::storage]
    pub type OpenDuties<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        OrganisationId,
        Twox64Concat,
        DutyId,
        Moment,
        OptionQuery,
    >;

    /// Complaints and appeals.
    #[pallet::storage]
    pub type Complaints<T: Config> =
        StorageMap<_, Twox64Concat, ComplaintId, ComplaintOf<T>, OptionQuery>;

    /// Number of the next complaint or appeal.
    #[pallet::storage]
    pub type NextComplaintId<T: Config> = StorageValue<_, ComplaintId, ValueQuery>;

    /// Transaction certificates.
    #[pallet::storage]
    pub type TransactionCertificates<T: Config> =
        StorageMap<_, Twox64Concat, TransactionCertificateId, TransactionCertificate, OptionQuery>;

    /// Number of the next transaction certificate.
    #[pallet::storage]
    pub type NextTransactionCertificateId<T: Config> =
        StorageValue<_, TransactionCertificateId, ValueQuery>;

    /// Content units of a batch on transaction certificates that are not void.
    // The id is a hash already: a second one would spread nothing further.
    #[pallet::storage]
    pub type SoldFromBatches<T: Config> = StorageMap<_, Identity, BatchId, u128, ValueQuery>;

    /// Content units of a batch that a seller has sold on transaction certificates that are not
    /// void: of itself, and of what was made from it.
    ///
    /// Written together with [`TransactionCertificates`]; nothing is not stored.
    #[pallet::storage]
    pub type SoldFromLineages<T: Config> =
        StorageDoubleMap<_, Identity, BatchId, Twox64Concat, OrganisationId, u128, ValueQuery>;

    /// Content units of a certified product in all batches, produced at bases, that carry the
    /// certificate by their producer's claim.
    #[pallet::storage]
    pub type Claimed<T: Config> =
        StorageDoubleMap<_, Twox64Concat, CertificateId, Blake2_128Concat, Gtin, u128, ValueQuery>;

    /// Governed data from the first block on. The default has organic products and green food as
    /// schemes 1 and 2, without yield ceilings.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Schemes, each number once.
        pub schemes: Vec<GenesisScheme>,
        /// Yield ceilings.
        pub yield_ceilings: Vec<GenesisYieldCeiling>,
        /// Binds the type to a runtime.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                schemes: genesis::default_schemes(),
                yield_ceilings: Vec::new(),
                _config: PhantomData,
            }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            Pallet::<T>::build_genesis(self);
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A certificate with its status now.
        pub fn certificate(id: CertificateId) -> Option<CertificateInfo> {
            Self::certificate_info(id)
        }

        /// The certificate with a published number, and its number on chain.
        pub fn certificate_by_number(
            number: CertificateNumber,
        ) -> Option<(CertificateId, CertificateInfo)> {
            let id = CertificateNumbers::<T>::get(number)?;
            Some((id, Self::certificate_info(id)?))
        }

        /// Status of a certificate at a moment, past or now; `None` before it started.
        pub fn certificate_status(id: CertificateId, at: Moment) -> Option<CertificateStatus> {
            Certificates::<T>::get(id)?.status_at(at)
        }

        /// An application with inspections, tests and signatures.
        pub fn application(id: ApplicationId) -> Option<ApplicationOf<T>> {
            Applications::<T>::get(id)
        }

        /// A scheme.
        pub fn scheme(id: SchemeId) -> Option<Scheme> {
            Schemes::<T>::get(id)
        }

        /// The yield ceiling for a product under a scheme, in content units for a mu and a year.
        pub fn yield_ceiling(scheme: SchemeId, gtin: Gtin) -> Option<u64> {
            let category = T::MasterData::product(&gtin)?.category;
            Self::ceiling(scheme, &gtin, category)
        }

        /// The approval of a body, and whether it is in force now.
        pub fn body(id: OrganisationId) -> Option<(CertBodyApprovalOf<T>, bool)> {
            let approval = Approvals::<T>::get(id)?;
            let in_force = approval.is_in_force(Self::now());
            Some((approval, in_force))
        }

        /// What a body has done.
        pub fn tally(body: OrganisationId) -> Tally {
            Tallies::<T>::get(body)
        }

        /// The accreditation of a body or laboratory.
        pub fn accreditation(id: OrganisationId) -> Option<Accreditation> {
            Accreditations::<T>::get(id)
        }

        /// A certifier.
        pub fn certifier(person: PersonId) -> Option<CertifierOf<T>> {
            Certifiers::<T>::get(person)
        }

        /// A finding.
        pub fn finding(id: FindingId) -> Option<FindingOf<T>> {
            Findings::<T>::get(id)
        }

        /// A duty, done or not.
        pub fn duty(id: DutyId) -> Option<DutyRow> {
            Duties::<T>::get(id).map(|duty| Self::duty_row(id, duty))
        }

        /// A page of a body's duties that are not done, in the order of storage.
        ///
        /// - `only_late`: only those whose due moment has passed.
        /// - `start_after`: the last number of the page before; `None` for the first page.
        /// - `limit`: duties looked at, at most [`MAX_PAGE`].
        ///
        /// The second part of the answer is where the next page starts, unless this is the last.
        pub fn open_duties(
            body: OrganisationId,
            only_late: bool,
            start_after: Option<DutyId>,
            limit: u32,
        ) -> (Vec<DutyRow>, Option<DutyId>) {
            Self::duty_page(body, only_late, start_after, limit)
        }

        /// A page of certificates whose suspension has outlasted its end, ascending by number.
        ///
        /// - `start`: first certificate looked at.
        /// - `limit`: certificates looked at, at most [`MAX_PAGE`].
        pub fn overdue_suspensions(start: CertificateId, limit: u32) -> Vec<CertificateId> {
            let now = Self::now();
            (start..start.saturating_add(limit.min(MAX_PAGE)))
                .filter(|id| {
                    Certificates::<T>::get(id)
                        .is_some_and(|certificate| certificate.overdue_suspension(now).is_some())
                })
                .collect()
        }

        /// A complaint or appeal.
        pub fn complaint(id: ComplaintId) -> Option<ComplaintOf<T>> {
            Complaints::<T>::get(id)
        }

        /// A transaction certificate.
        pub fn transaction_certificate(
            id: TransactionCertificateId,
        ) -> Option<TransactionCertificate> {
            TransactionCertificates::<T>::get(id)
        }

        /// Whether digits could be an organic code under a certificate: 17 digits, the body's
        /// code, a year of the certificate. `None` if there is no such certificate.
        pub fn is_organic_code_of(id: CertificateId, code: Vec<u8>) -> Option<bool> {
            Certificates::<T>::contains_key(id).then(|| Self::organic_code(id, &code).is_ok())
        }

        /// First date on which a client may apply for a scheme again; `None` if at any time.
        pub fn client_lock(client: OrganisationId, scheme: SchemeId) -> Option<CivilDate> {
            ClientLocks::<T>::get(client, scheme)
        }

        /// The rule set in force.
        pub fn rule_set() -> RuleSet {
            CurrentRuleSet::<T>::get()
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Approves a certification body, or changes its approval: CNCA.
        ///
        /// - `organisation`: holds the role `CertBody`, unless it is a foreign office.
        /// - `terms`: for a body that is approved already, with the number that it has.
        /// - `head`: an agent of the organisation.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::approve_body())]
        pub fn approve_body(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            terms: ApprovalTerms,
            head: T::AccountId,
        ) -> DispatchResult {
            Self::do_approve_body(&ensure_signed(origin)?, organisation, terms, head)
        }

        /// Suspends, reinstates or withdraws the approval of a body: CNCA.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::set_body_standing())]
        pub fn set_body_standing(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            standing: Standing,
            document: Commitment,
        ) -> DispatchResult {
            Self::do_set_body_standing(&ensure_signed(origin)?, organisation, standing, document)
        }

        /// Accredits a certification body or laboratory, or changes its accreditation:
        /// accreditation body.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::accredit())]
        pub fn accredit(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            number: Text,
            scope: Scope,
            period: Period,
        ) -> DispatchResult {
            Self::do_accredit(&ensure_signed(origin)?, organisation, number, scope, period)
        }

        /// Suspends, reinstates or withdraws an accreditation: accreditation body.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set_accreditation_standing())]
        pub fn set_accreditation_standing(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            standing: Standing,
            document: Commitment,
        ) -> DispatchResult {
            Self::do_set_accreditation_standing(
                &ensure_signed(origin)?,
                organisation,
                standing,
                document,
            )
        }

        /// Registers a certifier with the caller's body.
        ///
        /// - `person`: his commitment from the register of certifiers.
        /// - `agent`: his key, an agent of the body.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::register_certifier())]
        pub fn register_certifier(
            origin: OriginFor<T>,
            person: PersonId,
            agent: T::AccountId,
        ) -> DispatchResult {
            Self::do_register_certifier(&ensure_signed(origin)?, person, agent)
        }

        /// Ends a certifier's practice with the caller's body.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::release_certifier())]
        pub fn release_certifier(origin: OriginFor<T>, person: PersonId) -> DispatchResult {
            Self::do_release_certifier(&ensure_signed(origin)?, person)
        }

        /// Bars a person from practice before a date, and ends his practice: CNCA.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::bar_person())]
        pub fn bar_person(
            origin: OriginFor<T>,
            person: PersonId,
            until: CivilDate,
            document: Commitment,
        ) -> DispatchResult {
            Self::do_bar_person(&ensure_signed(origin)?, person, until, document)
        }

        /// Applies for a certificate, for the caller's organisation.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::apply(request.bases.len() as u32))]
        pub fn apply(origin: OriginFor<T>, request: ApplicationRequest) -> DispatchResult {
            Self::do_apply(&ensure_signed(origin)?, request)
        }

        /// Accepts an application for evaluation: its body.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::accept_application())]
        pub fn accept_application(origin: OriginFor<T>, id: ApplicationId) -> DispatchResult {
            Self::do_accept_application(&ensure_signed(origin)?, id)
        }

        /// Refuses to evaluate an application: its body.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::refuse_application())]
        pub fn refuse_application(
            origin: OriginFor<T>,
            id: ApplicationId,
            reason: Commitment,
        ) -> DispatchResult {
            Self::do_refuse_application(&ensure_signed(origin)?, id, reason)
        }

        /// Gives an application up: its client.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::withdraw_application())]
        pub fn withdraw_application(origin: OriginFor<T>, id: ApplicationId) -> DispatchResult {
            Self::do_withdraw_application(&ensure_signed(origin)?, id)
        }

        /// Records an inspection: a certifier of the body, or an agent of an inspection body.
        ///
        /// - `bases`: those that were inspected, ascending.
        /// - `n_open_nonconformities`: of the whole application, not corrected after it.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::record_inspection(bases.len() as u32))]
        pub fn record_inspection(
            origin: OriginFor<T>,
            id: ApplicationId,
            inspected_at: Moment,
            bases: BaseIds,
            n_open_nonconformities: u16,
            report: Commitment,
        ) -> DispatchResult {
            Self::do_record_inspection(
                &ensure_signed(origin)?,
                id,
                inspected_at,
                bases,
                n_open_nonconformities,
                report,
            )
        }

        /// Records a test of a product: a laboratory that is neither body nor client. It takes the
        /// place of an earlier test of the product.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::record_test())]
        pub fn record_test(
            origin: OriginFor<T>,
            id: ApplicationId,
            gtin: Gtin,
            passed: bool,
            sampled_at: Moment,
            report: Commitment,
        ) -> DispatchResult {
            Self::do_record_test(&ensure_signed(origin)?, id, gtin, passed, sampled_at, report)
        }

        /// Proposes and signs a decision: a certifier of the body who did not inspect.
        ///
        /// To certify, the client must not be locked for the scheme, now or when it is signed.
        /// Where goods carry organic codes, a number that begins with three digits begins with the
        /// body's code.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::propose_decision())]
        pub fn propose_decision(
            origin: OriginFor<T>,
            id: ApplicationId,
            outcome: Outcome,
        ) -> DispatchResult {
            Self::do_propose_decision(&ensure_signed(origin)?, id, outcome)
        }

        /// Returns a proposed decision to evaluation: the head of the body.
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::return_proposal())]
        pub fn return_proposal(origin: OriginFor<T>, id: ApplicationId) -> DispatchResult {
            Self::do_return_proposal(&ensure_signed(origin)?, id)
        }

        /// Signs a proposed decision, which takes effect: the head of the body, who neither
        /// proposed it nor inspected.
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::sign_decision())]
        pub fn sign_decision(origin: OriginFor<T>, id: ApplicationId) -> DispatchResult {
            Self::do_sign_decision(&ensure_signed(origin)?, id)
        }

        /// Records a finding for or against a certificate.
        ///
        /// - `finder`: in which capacity the caller acts.
        /// - `consequence`: what the finding demands; see [`Ground::allows`].
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::record_finding())]
        pub fn record_finding(
            origin: OriginFor<T>,
            certificate: CertificateId,
            finder: FinderKind,
            ground: Ground,
            consequence: Consequence,
            evidence: Commitment,
        ) -> DispatchResult {
            Self::do_record_finding(
                &ensure_signed(origin)?,
                certificate,
                finder,
                ground,
                consequence,
                evidence,
            )
        }

        /// Dismisses a finding that is unfounded or whose certificate has ended: the body, unless
        /// an authority found it, which then dismisses it.
        #[pallet::call_index(17)]
        #[pallet::weight(T::WeightInfo::dismiss_finding())]
        pub fn dismiss_finding(
            origin: OriginFor<T>,
            finding: FindingId,
            document: Commitment,
        ) -> DispatchResult {
            Self::do_dismiss_finding(&ensure_signed(origin)?, finding, document)
        }

        /// Suspends a certificate on a finding: the body, CNCA or market supervision.
        ///
        /// - `months`: how long at most, within the scheme's bounds.
        #[pallet::call_index(18)]
        #[pallet::weight(T::WeightInfo::suspend())]
        pub fn suspend(origin: OriginFor<T>, finding: FindingId, months: u16) -> DispatchResult {
            Self::do_suspend(&ensure_signed(origin)?, finding, months)
        }

        /// Lifts a suspension once its ground is cured: the body, or an authority if one suspended.
        #[pallet::call_index(19)]
        #[pallet::weight(T::WeightInfo::restore())]
        pub fn restore(
            origin: OriginFor<T>,
            certificate: CertificateId,
            document: Commitment,
        ) -> DispatchResult {
            Self::do_restore(&ensure_signed(origin)?, certificate, document)
        }

        /// Revokes a certificate on a finding: the body, CNCA or market supervision. The holder may
        /// not apply for the scheme again for the scheme's time.
        #[pallet::call_index(20)]
        #[pallet::weight(T::WeightInfo::revoke())]
        pub fn revoke(origin: OriginFor<T>, finding: FindingId) -> DispatchResult {
            Self::do_revoke(&ensure_signed(origin)?, finding)
        }

        /// Asks the body to cancel or reduce a certificate: its holder.
        #[pallet::call_index(21)]
        #[pallet::weight(T::WeightInfo::request_change())]
        pub fn request_change(
            origin: OriginFor<T>,
            certificate: CertificateId,
            request: ChangeRequest,
            document: Commitment,
        ) -> DispatchResult {
            Self::do_request_change(&ensure_signed(origin)?, certificate, request, document)
        }

        /// Cancels a certificate: the body at its holder's request, or CNCA or market supervision.
        #[pallet::call_index(22)]
        #[pallet::weight(T::WeightInfo::cancel())]
        pub fn cancel(
            origin: OriginFor<T>,
            certificate: CertificateId,
            document: Commitment,
        ) -> DispatchResult {
            Self::do_cancel(&ensure_signed(origin)?, certificate, document)
        }

        /// Lowers the certified quantity of a product at its holder's request: the body.
        ///
        /// - `quantity`: content units, below what is certified and at least what is drawn and what
        ///   is sold; 0 takes the product off.
        #[pallet::call_index(23)]
        #[pallet::weight(T::WeightInfo::reduce())]
        pub fn reduce(
            origin: OriginFor<T>,
            certificate: CertificateId,
            gtin: Gtin,
            quantity: u128,
        ) -> DispatchResult {
            Self::do_reduce(&ensure_signed(origin)?, certificate, gtin, quantity)
        }

        /// Records that a change of a certificate's status was published: the body.
        #[pallet::call_index(24)]
        #[pallet::weight(T::WeightInfo::publish())]
        pub fn publish(origin: OriginFor<T>, duty: DutyId, document: Commitment) -> DispatchResult {
            Self::do_publish(&ensure_signed(origin)?, duty, document)
        }

        /// Lodges a complaint or an appeal.
        #[pallet::call_index(25)]
        #[pallet::weight(T::WeightInfo::lodge())]
        pub fn lodge(
            origin: OriginFor<T>,
            kind: ComplaintKind,
            document: Commitment,
        ) -> DispatchResult {
            Self::do_lodge(&ensure_signed(origin)?, kind, document)
        }

        /// Decides on a complaint or an appeal: an agent of the body who had no part in what it is
        /// about.
        ///
        /// An appeal that is upheld lets the body restore the certificate at once, or the client
        /// apply again at once.
        #[pallet::call_index(26)]
        #[pallet::weight(T::WeightInfo::decide_complaint())]
        pub fn decide_complaint(
            origin: OriginFor<T>,
            complaint: ComplaintId,
            upheld: bool,
            document: Commitment,
        ) -> DispatchResult {
            Self::do_decide_complaint(&ensure_signed(origin)?, complaint, upheld, document)
        }

        /// Issues a transaction certificate for a sale of the holder: the body, whose approval is in
        /// force.
        ///
        /// - `batch`: carries the certificate; see the crate's documentation for what of it may be
        ///   sold. With all batches that it was made from at most `MaxLineage`, each counted once
        ///   for every way that leads to it.
        /// - `quantity`: content units of the batch, at least 1.
        #[pallet::call_index(27)]
        #[pallet::weight(Pallet::<T>::counted(
            T::WeightInfo::issue_transaction_certificate(),
            MAX_LINEAGE
        ))]
        pub fn issue_transaction_certificate(
            origin: OriginFor<T>,
            certificate: CertificateId,
            buyer: OrganisationId,
            batch: BatchId,
            quantity: u128,
        ) -> DispatchResultWithPostInfo {
            let n_counted = Self::do_issue_transaction_certificate(
                &ensure_signed(origin)?,
                certificate,
                buyer,
                batch,
                quantity,
            )?;
            Self::spent(T::WeightInfo::issue_transaction_certificate(), n_counted)
        }

        /// Declares a transaction certificate void; its quantity is free again: the body.
        #[pallet::call_index(28)]
        #[pallet::weight(Pallet::<T>::counted(
            T::WeightInfo::void_transaction_certificate(),
            MAX_LINEAGE
        ))]
        pub fn void_transaction_certificate(
            origin: OriginFor<T>,
            id: TransactionCertificateId,
            reason: Commitment,
        ) -> DispatchResultWithPostInfo {
            let n_counted =
                Self::do_void_transaction_certificate(&ensure_signed(origin)?, id, reason)?;
            Self::spent(T::WeightInfo::void_transaction_certificate(), n_counted)
        }

        /// Sets a scheme. Governance.
        #[pallet::call_index(40)]
        #[pallet::weight(T::WeightInfo::set_scheme())]
        pub fn set_scheme(origin: OriginFor<T>, id: SchemeId, scheme: Scheme) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_scheme(id, scheme)
        }

        /// Sets the most content units that a mu bears in a year under a scheme, or ends it.
        /// Governance.
        ///
        /// - `ceiling`: 1 to 10^15.
        #[pallet::call_index(41)]
        #[pallet::weight(T::WeightInfo::set_yield_ceiling())]
        pub fn set_yield_ceiling(
            origin: OriginFor<T>,
            scheme: SchemeId,
            scope: CeilingScope,
            ceiling: Option<u64>,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_yield_ceiling(scheme, scope, ceiling)
        }
    }
}
