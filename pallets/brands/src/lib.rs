//! # Brands
//!
//! Regional public brands (区域公用品牌): marks, who may use them for what and how much, and the labels
//! issued for it. Sources: article 12 of the Opinions; Trademark Law (商标法) Arts. 3, 16; Measures
//! for Registration and Administration of Collective and Certification Marks
//! (集体商标、证明商标注册和管理规定).
//!
//! ## Overview
//!
//! It is **not** responsible for who an organisation is (`pallet-participants`), for products and
//! bases (`pallet-traceability`), for certificates ([`Certificates`]), for item codes (their series
//! draw on quotas through [`Licences`]), for payment of fees and penalties, and for documents: of
//! these it holds commitments.
//!
//! ## Terminology
//!
//! - *brand* (品牌): a mark in the trademark register, of kind collective (集体商标), certification
//!   (证明商标) or geographical indication (地理标志), with its owner and operator.
//! - *rules* (使用管理规则): area, scope, certificate and quota periods of a brand, in versions.
//! - *licence* (授权): the right of one organisation to use a brand for named products from named
//!   bases, up to a quota of each product in each period. A *sub-brand* (子品牌) is the licensee's
//!   own name beside the brand; there is none without its brand.
//! - *quota* (授权产量): content that may be labelled in a period, in the content unit of the
//!   product: mg, ml or pieces.
//! - *yield ceiling* (单产上限): the most that a product yields on a mu in a year; governed.
//! - *label order* (标识订单): printed labels, one for a piece.
//! - *rule set*: version of the governed data; licences keep the one that was applied.
//!
//! ## Scenario
//!
//! 1. The association of Lishui registers its collective mark, names the operating company, and
//!    admits Mei's garden as a member.
//! 2. Mei applies for 500 kg of tea in tins in a calendar year from her base. The operator
//!    inspects her; the association grants the licence, for the base yields more.
//! 3. She orders 2,000 labels for tins of 100 g; the operator issues them, and 200 kg of the quota
//!    are drawn. She uses 1,500, spoils 10, and 490 stay in stock.
//! 4. Residues are found. The operator suspends the licence: no label is issued, none in stock may
//!    be used. Mei mends matters, and it is restored.
//!
//! ## Design
//!
//! **A licence fulfils the rules when it is applied for, granted, extended or given another
//! certificate**, and keeps the version of the rules and of the governed data that were applied:
//! later changes reach it when it is touched next. What is checked: the licensee does not own or
//! run the brand, and is a member where the mark is collective; every base is its own and inside
//! the area; every product is in scope; its quota is at most Σ area of the bases × yield ceiling
//! over a period, rounded down; where a certificate is asked for, it is valid, of the scheme,
//! covers licensee, products and bases, and so much may still be marked under it. The term ends
//! before the registration of the mark.
//!
//! **One licence counts a base.** Under one brand, land counts for one licence until the end of the
//! licence's last quota period ([`Tenure`]), so that a withdrawn licence does not come back with a
//! fresh quota. A term is made longer by extension, which goes on with the same quota.
//!
//! **Quotas are drawn when labels come into being**: by labels issued on an order, or by a label
//! series through [`Licences::draw`]; a piece is labelled by one or the other. What is void or
//! destroyed unused gives its draw back to its period.
//!
//! **Status.** The record of a licence carries its status and term, so that one proof and a clock
//! say whether it is in force; where the brand asks for a certificate, together with that one's. A
//! certificate that is not valid stops the licence without a transaction: it is answered as
//! suspended until the certificate is restored or another put in its place. Every change is kept ([`StatusChanges`]), and
//! [`Pallet::licence_status_at`] answers for any past moment. No transaction happens when a term
//! ends: behind it, a granted licence is expired.
//!
//! **Suspension freezes stock.** Unless the licence is in force, nothing is ordered, issued, drawn or
//! used; labels may be accounted void or destroyed. Removal of a member revokes its licences.
//!
//! ## What is public
//!
//! | field | public, because |
//! | --- | --- |
//! | mark, kind, owner, operator, rules | the trademark register and the rules are published |
//! | members | the list of members is part of a collective mark's published rules |
//! | licensee, sub-brand, products, bases, term, status | consumers ask whether a label is genuine |
//! | quotas and what was drawn | over-issue is the fraud that everybody must be able to see |
//! | fee | the scale of fees of a public brand is published; it names no person |
//! | label orders and stock | law of stock is provable by anyone |
//! | misuse, offender, penalty | organisations only; decisions on misuse are published |
//! | inspection reports, reasons, decisions, premiums | never: salted SHA-256 commitments |
//!
//! ## Modules
//!
//! `licences` what labels ask, and what is asked of master data; `types` what is stored and taken
//! in; `functions` what the calls do, by topic; `weights`.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use licences::*;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod errors;
mod events;
mod functions;
mod licences;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;

#[cfg(doc)]
use pallet_traceability::Certificates;

use frame_support::pallet_macros::import_section;

#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::UnixTime};
    use frame_system::pallet_prelude::*;
    use pallet_participants::{Authority, OrganisationId};
    use pallet_traceability::{CertificateId, Certificates, Gtin, PlaceId};

    /// Layout of this pallet's storage.
    pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

    /// What the runtime chooses.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Block time.
        type Time: UnixTime;

        /// Who acts, and in which role.
        type Authority: Authority<Self::AccountId>;

        /// May change the governed data.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Certificates that brands ask for.
        type Certificates: Certificates;

        /// Products and production bases.
        type MasterData: MasterData;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;

        /// Gives benchmarks agents, products and bases.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
    }

    /// Brands, licences and labels.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// Most divisions in the area of a brand.
        #[pallet::constant_name(MaxArea)]
        fn max_area() -> u32 {
            MAX_AREA
        }

        /// Most products of one licence.
        #[pallet::constant_name(MaxProducts)]
        fn max_products() -> u32 {
            MAX_PRODUCTS
        }

        /// Most production bases of one licence.
        #[pallet::constant_name(MaxBases)]
        fn max_bases() -> u32 {
            MAX_BASES
        }

        /// Most licences and applications of one organisation under one brand.
        #[pallet::constant_name(MaxOpenLicences)]
        fn max_open_licences() -> u32 {
            MAX_OPEN_LICENCES
        }

        /// Most rows in one answer of a view function.
        #[pallet::constant_name(MaxPage)]
        fn max_page() -> u32 {
            MAX_PAGE
        }
    }

    // Twox: the chain numbers what these maps hold.
    /// Brands.
    #[pallet::storage]
    pub type BrandsById<T: Config> =
        StorageMap<_, Twox64Concat, BrandId, BrandDetails, OptionQuery>;

    /// Number of the next brand.
    #[pallet::storage]
    pub type NextBrandId<T: Config> = StorageValue<_, BrandId, ValueQuery>;

    // Blake2: owners write the number.
    /// The brand of a mark. Written together with [`BrandsById`].
    #[pallet::storage]
    pub type BrandsByMark<T: Config> =
        StorageMap<_, Blake2_128Concat, MarkNumber, BrandId, OptionQuery>;

    /// Rules of each brand by version; all versions are kept.
    #[pallet::storage]
    pub type RulesOf<T: Config> =
        StorageDoubleMap<_, Twox64Concat, BrandId, Twox64Concat, u32, BrandRules, OptionQuery>;

    /// Members under collective marks, with the block time of admission.
    #[pallet::storage]
    pub type Members<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        BrandId,
        Twox64Concat,
        OrganisationId,
        Moment,
        OptionQuery,
    >;

    /// Licences, also after their end.
    #[pallet::storage]
    pub type LicencesById<T: Config> =
        StorageMap<_, Twox64Concat, LicenceId, LicenceDetails, OptionQuery>;

    /// Number of the next licence.
    #[pallet::storage]
    pub type NextLicenceId<T: Config> = StorageValue<_, LicenceId, ValueQuery>;

    /// Licences that may be or come in force, by brand and licensee; expired ones leave it with the
    /// next application. Written together with [`LicencesById`].
    #[pallet::storage]
    pub type OpenLicences<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        BrandId,
        Twox64Concat,
        OrganisationId,
        OpenLicenceIds,
        ValueQuery,
    >;

    /// Every change of a licence's status, numbered from 0 to its `n_changes`.
    #[pallet::storage]
    pub type StatusChanges<T: Config> =
        StorageDoubleMap<_, Twox64Concat, LicenceId, Twox64Concat, u32, StatusChange, OptionQuery>;

    /// Inspections of a licensee, numbered from 0 to the licence's `n_inspections`.
    #[pallet::storage]
    pub type Inspections<T: Config> =
        StorageDoubleMap<_, Twox64Concat, LicenceId, Twox64Concat, u32, Inspection, OptionQuery>;

    /// Until when a base is spoken for under a brand.
    #[pallet::storage]
    pub type Tenures<T: Config> =
        StorageDoubleMap<_, Twox64Concat, BrandId, Twox64Concat, PlaceId, Tenure, OptionQuery>;

    // Twox: a product is one that the licence names.
    /// What has been labelled, by licence, product and period.
    #[pallet::storage]
    pub type Usages<T: Config> = StorageNMap<
        _,
        (
            NMapKey<Twox64Concat, LicenceId>,
            NMapKey<Twox64Concat, Gtin>,
            NMapKey<Twox64Concat, Period>,
        ),
        Usage,
        ValueQuery,
    >;

    /// Commitments to reports of the premium (溢价) of a period, by licence.
    #[pallet::storage]
    pub type PremiumReports<T: Config> =
        StorageDoubleMap<_, Twox64Concat, LicenceId, Twox64Concat, Period, Commitment, OptionQuery>;

    /// Label orders.
    #[pallet::storage]
    pub type LabelOrders<T: Config> =
        StorageMap<_, Twox64Concat, LabelOrderId, LabelOrder, OptionQuery>;

    /// Number of the next label order.
    #[pallet::storage]
    pub type NextLabelOrderId<T: Config> = StorageValue<_, LabelOrderId, ValueQuery>;

    /// Recorded misuses.
    #[pallet::storage]
    pub type Misuses<T: Config> = StorageMap<_, Twox64Concat, MisuseId, Misuse, OptionQuery>;

    /// Number of the next misuse.
    #[pallet::storage]
    pub type NextMisuseId<T: Config> = StorageValue<_, MisuseId, ValueQuery>;

    // Twox: governance chooses the key.
    /// Yield ceilings.
    #[pallet::storage]
    pub type YieldCeilings<T: Config> =
        StorageMap<_, Twox64Concat, CeilingScope, YieldCeiling, OptionQuery>;

    /// The rule set in force.
    #[pallet::storage]
    pub type CurrentRuleSet<T: Config> = StorageValue<_, RuleSet, ValueQuery>;

    /// Hash of every rule set, by version.
    #[pallet::storage]
    pub type RuleSetHashes<T: Config> = StorageMap<_, Twox64Concat, u32, [u8; 32], OptionQuery>;

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The brand with this number, and its rules.
        pub fn brand(id: BrandId) -> Option<(BrandDetails, BrandRules)> {
            let brand = BrandsById::<T>::get(id)?;
            let rules = RulesOf::<T>::get(id, brand.rules_version)?;
            Some((brand, rules))
        }

        /// The brand of the mark with this number.
        pub fn brand_by_mark(mark_number: MarkNumber) -> Option<BrandId> {
            BrandsByMark::<T>::get(mark_number)
        }

        /// A version of a brand's rules.
        pub fn rules(brand: BrandId, version: u32) -> Option<BrandRules> {
            RulesOf::<T>::get(brand, version)
        }

        /// Whether an organisation is a member under a collective mark.
        pub fn is_member(brand: BrandId, organisation: OrganisationId) -> bool {
            Members::<T>::contains_key(brand, organisation)
        }

        /// The licence with this number, and its status now: suspended while it is in force and its
        /// certificate is not valid.
        pub fn licence(id: LicenceId) -> Option<(LicenceDetails, LicenceStatus)> {
            let licence = LicencesById::<T>::get(id)?;
            let now = Self::now();
            let status = Self::beside_certificate(&licence, licence.status_now(now), now);
            Some((licence, status))
        }

        /// The status of a licence at any past moment; `None` before it was applied for.
        pub fn licence_status_at(id: LicenceId, at: Moment) -> Option<LicenceStatus> {
            Self::status_at(id, at)
        }

        /// Changes of a licence's status, oldest first.
        ///
        /// - `start`, `limit`: rows to skip, and rows wanted, at most [`MAX_PAGE`].
        pub fn status_changes(id: LicenceId, start: u32, limit: u32) -> Vec<StatusChange> {
            let end = start.saturating_add(limit.min(MAX_PAGE));
            (start..end).map_while(|index| StatusChanges::<T>::get(id, index)).collect()
        }

        /// Inspections of a licensee, oldest first; parameters as for `status_changes`.
        pub fn inspections(id: LicenceId, start: u32, limit: u32) -> Vec<Inspection> {
            let end = start.saturating_add(limit.min(MAX_PAGE));
            (start..end).map_while(|index| Inspections::<T>::get(id, index)).collect()
        }

        /// Licences of an organisation under a brand that may be or come in force.
        pub fn open_licences(
            brand: BrandId,
            licensee: OrganisationId,
        ) -> Vec<(LicenceId, LicenceDetails)> {
            let now = Self::now();
            OpenLicences::<T>::get(brand, licensee)
                .into_iter()
                .filter_map(|id| Some((id, LicencesById::<T>::get(id)?)))
                .filter(|(_, licence)| licence.status_now(now).is_open())
                .collect()
        }

        /// Quota and use of a product in a period; without `period`, in the one that runs now.
        pub fn quota_use(
            id: LicenceId,
            gtin: Gtin,
            period: Option<Period>,
        ) -> Option<(Period, u128, Usage)> {
            let licence = LicencesById::<T>::get(id)?;
            let period = period.unwrap_or_else(|| licence.period_at(Self::now()));
            Some((period, licence.quota(&gtin)?, Usages::<T>::get((id, gtin, period))))
        }

        /// The label order with this number, and whether its stock is frozen.
        pub fn label_order(id: LabelOrderId) -> Option<(LabelOrder, bool)> {
            let order = LabelOrders::<T>::get(id)?;
            let licence = LicencesById::<T>::get(order.licence)?;
            Some((order, !Self::is_usable(&licence)))
        }

        /// The recorded misuse with this number.
        pub fn misuse(id: MisuseId) -> Option<Misuse> {
            Misuses::<T>::get(id)
        }

        /// The commitment to the premium report of a period.
        pub fn premium_report(id: LicenceId, period: Period) -> Option<Commitment> {
            PremiumReports::<T>::get(id, period)
        }

        /// The yield ceiling for a product or category, in content units on a mu in a year.
        pub fn yield_ceiling(scope: CeilingScope) -> Option<YieldCeiling> {
            YieldCeilings::<T>::get(scope)
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
        /// Registers a brand of the caller's organisation, which must be a brand owner in the whole
        /// area, for this mark.
        ///
        /// - `mark_number`: 1 to 32 visible ASCII characters, as in the trademark register.
        /// - `rules`: lists ascend; area and scope are not empty; the registration has not ended.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register_brand(rules.area.len() as u32))]
        pub fn register_brand(
            origin: OriginFor<T>,
            mark_number: MarkNumber,
            kind: MarkKind,
            rules: BrandRules,
        ) -> DispatchResult {
            Self::do_register_brand(&ensure_signed(origin)?, mark_number, kind, rules)
        }

        /// Gives a brand new rules: its owner. Licences keep the rules under which they were
        /// granted until they are extended or given another certificate.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::register_brand(rules.area.len() as u32))]
        pub fn amend_rules(
            origin: OriginFor<T>,
            brand: BrandId,
            rules: BrandRules,
        ) -> DispatchResult {
            Self::do_amend_rules(&ensure_signed(origin)?, brand, rules)
        }

        /// Has a brand operator run a brand, or nobody beside the owner: its owner.
        ///
        /// - `operator`: another organisation than the owner, without licences under the brand.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_operator())]
        pub fn set_operator(
            origin: OriginFor<T>,
            brand: BrandId,
            operator: Option<OrganisationId>,
        ) -> DispatchResult {
            Self::do_set_operator(&ensure_signed(origin)?, brand, operator)
        }

        /// Admits a member under a collective mark: its owner.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::admit_member())]
        pub fn admit_member(
            origin: OriginFor<T>,
            brand: BrandId,
            member: OrganisationId,
        ) -> DispatchResult {
            Self::do_admit_member(&ensure_signed(origin)?, brand, member)
        }

        /// Ends a membership and, with it, the member's licences and applications: the owner. A
        /// collective mark is not licensed outside its members.
        ///
        /// - `reason`: commitment to the decision.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::remove_member(MAX_OPEN_LICENCES))]
        pub fn remove_member(
            origin: OriginFor<T>,
            brand: BrandId,
            member: OrganisationId,
            reason: Commitment,
        ) -> DispatchResultWithPostInfo {
            let n_ended = Self::do_remove_member(&ensure_signed(origin)?, brand, member, reason)?;
            Ok(Some(T::WeightInfo::remove_member(n_ended)).into())
        }

        /// Applies for a licence: a trace node that neither owns nor runs the brand.
        ///
        /// - `asked`: what the brand's rules and the yield ceilings allow; see the crate's
        ///   documentation.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::apply(
            asked.products.len() as u32, asked.bases.len() as u32,
        ))]
        pub fn apply(origin: OriginFor<T>, brand: BrandId, asked: Application) -> DispatchResult {
            Self::do_apply(&ensure_signed(origin)?, brand, asked)
        }

        /// Records an inspection of an applicant or licensee: the owner, the operator, or an
        /// inspection body. An application that passes may be granted; if it fails a later
        /// inspection before that, another must be passed.
        ///
        /// - `report`: commitment to the report.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::inspect())]
        pub fn inspect(
            origin: OriginFor<T>,
            licence: LicenceId,
            passed: bool,
            report: Commitment,
        ) -> DispatchResult {
            Self::do_inspect(&ensure_signed(origin)?, licence, passed, report)
        }

        /// Grants an inspected application, whose term begins now at the earliest: the owner.
        ///
        /// - `fee_fen`: fee as agreed, in fen, at most 10^16; paid off chain.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::grant(MAX_PRODUCTS, MAX_BASES))]
        pub fn grant(
            origin: OriginFor<T>,
            licence: LicenceId,
            #[pallet::compact] fee_fen: Fen,
        ) -> DispatchResult {
            Self::do_grant(&ensure_signed(origin)?, licence, fee_fen)
        }

        /// Refuses an application: the owner.
        ///
        /// - `reason`: commitment to the reason.
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::end_licence())]
        pub fn refuse(
            origin: OriginFor<T>,
            licence: LicenceId,
            reason: Commitment,
        ) -> DispatchResult {
            Self::do_judge(&ensure_signed(origin)?, licence, LicenceStatus::Refused, reason)
        }

        /// Suspends a licence: the owner or operator. No label is issued, and none in stock may be
        /// used, until it is restored.
        ///
        /// - `reason`: commitment to the reason.
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::suspend())]
        pub fn suspend(
            origin: OriginFor<T>,
            licence: LicenceId,
            reason: Commitment,
        ) -> DispatchResult {
            Self::do_judge(&ensure_signed(origin)?, licence, LicenceStatus::Suspended, reason)
        }

        /// Restores a suspended licence, whose certificate must be valid: the owner or operator.
        ///
        /// - `reason`: commitment to the reason.
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::suspend())]
        pub fn restore(
            origin: OriginFor<T>,
            licence: LicenceId,
            reason: Commitment,
        ) -> DispatchResult {
            Self::do_judge(&ensure_signed(origin)?, licence, LicenceStatus::Restored, reason)
        }

        /// Revokes a licence for ever: the owner or operator.
        ///
        /// - `reason`: commitment to the reason.
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::end_licence())]
        pub fn revoke(
            origin: OriginFor<T>,
            licence: LicenceId,
            reason: Commitment,
        ) -> DispatchResult {
            Self::do_judge(&ensure_signed(origin)?, licence, LicenceStatus::Revoked, reason)
        }

        /// Gives up an application or a licence: the licensee.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::end_licence())]
        pub fn withdraw(origin: OriginFor<T>, licence: LicenceId) -> DispatchResult {
            Self::do_withdraw(&ensure_signed(origin)?, licence)
        }

        /// Makes the term of a licence in force longer, under the rules in force and with the same
        /// quotas: the owner.
        ///
        /// - `valid_until`: behind the end so far.
        /// - `fee_fen`: added to the fee, in fen.
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::grant(MAX_PRODUCTS, MAX_BASES))]
        pub fn extend(
            origin: OriginFor<T>,
            licence: LicenceId,
            valid_until: Moment,
            #[pallet::compact] fee_fen: Fen,
        ) -> DispatchResult {
            Self::do_extend(&ensure_signed(origin)?, licence, valid_until, fee_fen)
        }

        /// Rests an application or licence on another certificate, under the rules in force: the
        /// licensee.
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::apply(MAX_PRODUCTS, MAX_BASES))]
        pub fn replace_certificate(
            origin: OriginFor<T>,
            licence: LicenceId,
            certificate: CertificateId,
        ) -> DispatchResult {
            Self::do_replace_certificate(&ensure_signed(origin)?, licence, certificate)
        }

        /// Orders labels for pieces of a licensed product: the licensee, while the licence is in
        /// force.
        ///
        /// - `n_labels`: one for each piece, at least 1.
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::order_labels())]
        pub fn order_labels(
            origin: OriginFor<T>,
            licence: LicenceId,
            gtin: Gtin,
            n_labels: u32,
        ) -> DispatchResult {
            Self::do_order_labels(&ensure_signed(origin)?, licence, gtin, n_labels)
        }

        /// Issues ordered labels and draws their content from the quota of the period that runs:
        /// the owner or operator.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::issue_labels())]
        pub fn issue_labels(origin: OriginFor<T>, order: LabelOrderId) -> DispatchResult {
            Self::do_issue_labels(&ensure_signed(origin)?, order)
        }

        /// Calls off an order that was not issued: the licensee, the owner or the operator.
        #[pallet::call_index(17)]
        #[pallet::weight(T::WeightInfo::cancel_order())]
        pub fn cancel_order(origin: OriginFor<T>, order: LabelOrderId) -> DispatchResult {
            Self::do_cancel_order(&ensure_signed(origin)?, order)
        }

        /// Accounts for labels in stock: used or void, the licensee; destroyed, also the owner or
        /// operator. Labels are used only while the licence is in force; void and destroyed ones
        /// give their content back to the quota of their period.
        #[pallet::call_index(18)]
        #[pallet::weight(T::WeightInfo::account_labels())]
        pub fn account_labels(
            origin: OriginFor<T>,
            order: LabelOrderId,
            fate: LabelFate,
            n_labels: u32,
        ) -> DispatchResult {
            Self::do_account_labels(&ensure_signed(origin)?, order, fate, n_labels)
        }

        /// Records a misuse of a brand and the penalty for it: the owner, the operator, or market
        /// supervision where the offender is registered.
        ///
        /// - `licence`: licence of the offender under the brand, if it broke one.
        /// - `penalty_fen`: as decided or agreed, in fen, at most 10^16; paid off chain.
        /// - `decision`: commitment to the decision.
        #[pallet::call_index(19)]
        #[pallet::weight(T::WeightInfo::record_misuse())]
        #[allow(clippy::too_many_arguments, reason = "a record has as many parts")]
        pub fn record_misuse(
            origin: OriginFor<T>,
            brand: BrandId,
            offender: OrganisationId,
            licence: Option<LicenceId>,
            kind: MisuseKind,
            #[pallet::compact] penalty_fen: Fen,
            decision: Commitment,
        ) -> DispatchResult {
            Self::do_record_misuse(
                &ensure_signed(origin)?,
                brand,
                offender,
                licence,
                kind,
                penalty_fen,
                decision,
            )
        }

        /// Commits to a report of the premium that the brand earned in a period, once: the
        /// licensee.
        ///
        /// - `period`: one that has begun and in which the licence had its term.
        /// - `report`: commitment to the report, which is opened to the brand and to auditors.
        #[pallet::call_index(20)]
        #[pallet::weight(T::WeightInfo::report_premium())]
        pub fn report_premium(
            origin: OriginFor<T>,
            licence: LicenceId,
            period: Period,
            report: Commitment,
        ) -> DispatchResult {
            Self::do_report_premium(&ensure_signed(origin)?, licence, period, report)
        }

        /// Sets the yield ceiling of a product or category, or ends it. Governance.
        ///
        /// - `ceiling`: content units on a mu in a year, at least 1.
        #[pallet::call_index(30)]
        #[pallet::weight(T::WeightInfo::set_yield_ceiling())]
        pub fn set_yield_ceiling(
            origin: OriginFor<T>,
            scope: CeilingScope,
            ceiling: Option<YieldCeiling>,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_yield_ceiling(scope, ceiling)
        }
    }
}
