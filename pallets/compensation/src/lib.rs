//! # Compensation pallet
//!
//! Ecological protection compensation (生态保护补偿): vertical transfers of finance departments to
//! counties, and horizontal agreements between the governments of a basin.
//!
//! ## Overview
//!
//! Vertical: a finance department creates a policy of one year with pools and factors, records each
//! county's published data, freezes them, and has the chain compute every county's share exactly.
//! The shares are published, appropriated and remitted as purpose-bound money; counties pay their
//! villages, report use, are graded, and are rewarded or lose some of it.
//!
//! Horizontal: governments sign an agreement with monitored sections, indicators and a formula.
//! Stations of both sides submit halves of joint monthly samples. When the year is over, the
//! settlement is a pure function of the samples and the signed rules. It is confirmed by all or
//! decided by the common superior, paid from escrow, and stays bound to its purpose on its way to
//! villages.
//!
//! Not responsible for: holding and following the money (`pallet-funds`), measuring, and deciding
//! what rules are fair. Factors come from published records; nothing is measured here.
//!
//! ## Terminology
//!
//! - **Policy** (转移支付办法), **component** (补助项), **factor** (因素), **share** (分配额).
//! - **Term to remit**: in which a published share must have reached the county.
//! - **Agreement** (补偿协议), **section** (断面), **party**, **common superior** (共同上级政府).
//! - **Sample** (联合采样): one month of one section; two halves, or the national station's value.
//! - **Leg**: one payment of a settlement, from one party to another.
//! - **Due**: what must be paid by a time; in arrears (拖欠) after it.
//!
//! ## Scenario
//!
//! 1. Zhejiang's finance department creates a policy with a pool of 10,000,000.00 CNY, by red-line
//!    area (60 %) and forest area (40 %). Weights of 60 % and 41 % are refused.
//! 2. It records the data of 26 counties with the published accounts they are from, and freezes
//!    them. Two computations of whoever give the same shares; they sum to the pool to the fen.
//! 3. It publishes, appropriates, and remits within 30 working days. Jingning county names the
//!    village of Dajun a payee and pays it through `pallet-funds`; it cannot pay an office.
//! 4. An auditor grades Jingning "slightly better": 5 % more may be appropriated.
//! 5. Zhejiang and Anhui sign an agreement: if P ≤ 1, Zhejiang pays Anhui 100,000,000.00 CNY.
//!    Stations of both submit halves of twelve samples. In May they disagree; the national station
//!    decides. P is 0.864875, and both governments confirm.
//! 6. Zhejiang pays from its escrow. Anhui passes the money on under its tag, and cannot do
//!    anything else with it.
//!
//! ## Interface
//!
//! - Governance: [`Pallet::set_performance_table`].
//! - Finance departments: [`Pallet::create_policy`], [`Pallet::submit_county`],
//!   [`Pallet::freeze_factors`], [`Pallet::compute_shares`], [`Pallet::publish_shares`],
//!   [`Pallet::appropriate`], [`Pallet::remit`], [`Pallet::conclude`].
//! - Counties: [`Pallet::report_use`]. Auditors: [`Pallet::evaluate`].
//! - Governments: [`Pallet::propose_agreement`], [`Pallet::propose_rules`],
//!   [`Pallet::sign_rules`], [`Pallet::dispute_sample`], [`Pallet::compute_settlement`],
//!   [`Pallet::confirm_settlement`], [`Pallet::dispute_settlement`], [`Pallet::pay_in`],
//!   [`Pallet::pay_settlement`], [`Pallet::return_escrow`].
//! - The common superior: [`Pallet::exempt_month`], [`Pallet::mark_incident`],
//!   [`Pallet::decide_settlement`].
//! - Stations: [`Pallet::submit_sample`], [`Pallet::decide_sample`].
//! - View functions: [`Pallet::policy`], [`Pallet::county_data`], [`Pallet::allocation`],
//!   [`Pallet::recompute_shares`], [`Pallet::agreement`], [`Pallet::agreement_rules`],
//!   [`Pallet::pending_rules`], [`Pallet::sample`], [`Pallet::settlement`],
//!   [`Pallet::recompute_settlement`], [`Pallet::due`], [`Pallet::arrears`].
//!
//! ## Design
//!
//! Law, prices and thresholds are data. A policy keeps its terms and the version of the governed
//! table; an agreement keeps every version of its rules, and a settlement the version and the digest
//! of the results that it was computed from.
//!
//! Arithmetic is exact: on integers of 512 bits, refused by name where it would leave them (see
//! `exact`). Thresholds are compared as fractions; what is published is rounded once.
//!
//! Units are in the types: a factor's value is a [`Quantity`] and must have the unit of its rule, a
//! concentration is in µg/L.
//!
//! Amounts that the money's ledger has are not copied: what is appropriated, received and disbursed
//! of a share is asked of the ledger ([`Pallet::allocation`]).
//!
//! A sample or incident that comes in after a settlement was computed puts it in dispute, until it
//! is computed again; a confirmed one does not change.
//!
//! ## What is public
//!
//! | field | public, because |
//! | --- | --- |
//! | policies, factors, shares, grades | transfers are published by law, with their computation |
//! | agreements' rules, samples, settlements | water quality and compensation are published |
//! | dues | arrears are forbidden by law and must be seen |
//! | reports, decisions | never: salted SHA-256 commitments, opened off chain |
//!
//! Invariants: see `do_try_state`.
//!
//! Sources: Regulations on Ecological Protection Compensation (生态保护补偿条例, 2024), articles 9
//! to 19, 30 and 31; 财预〔2022〕59号 (components of the transfer); domain specification 0.2, 0.3,
//! 14 and 15.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod calls;
mod errors;
mod events;
pub mod exact;
pub mod horizontal;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
pub mod types;
pub mod vertical;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use horizontal::{settlement::DecidedLegs, types::*};
pub use pallet::*;
pub use types::{Commitment, Digest, Due, DueKey, Fault, Fen};
pub use vertical::types::*;
pub use weights::WeightInfo;

use frame_support::pallet_macros::import_section;

#[import_section(calls::calls)]
#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::UnixTime};
    use frame_system::pallet_prelude::*;
    use pallet_calendar::{Calendar, Moment};
    use pallet_funds::{LOTS_MAX, ProgrammeId, PurposeFunds};
    use pallet_participants::authority::{Authority, OrganisationId};

    /// Version of the layout of the pallet's storage.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// Most dues that one page of [`Pallet::arrears`] looks at.
    pub const PAGE_MAX: u32 = 100;

    /// What the runtime decides about this pallet.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The block's time.
        type Time: UnixTime;

        /// Knows agents, their organisations and roles.
        type Authority: Authority<Self::AccountId>;

        /// Counts days of legal terms.
        type Calendar: Calendar;

        /// Holds the money by its purpose.
        type Funds: PurposeFunds<Self::AccountId>;

        /// Who sets the table of adjustments by grade.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;

        /// Registers the parties that benchmarks need.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: benchmarking::BenchmarkHelper<Self::AccountId>;
    }

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// Version of the rule set that new policies get.
    #[pallet::storage]
    pub type CurrentRuleSet<T: Config> = StorageValue<_, u32, ValueQuery>;

    // Twox: everything is numbered by the chain.
    /// Adjustments by grade, by version.
    #[pallet::storage]
    pub type RuleSets<T: Config> = StorageMap<_, Twox64Concat, u32, PerformanceTable, OptionQuery>;

    /// The number of the next policy.
    #[pallet::storage]
    pub type NextPolicyId<T: Config> = StorageValue<_, PolicyId, ValueQuery>;

    /// Every transfer policy.
    #[pallet::storage]
    pub type Policies<T: Config> =
        StorageMap<_, Twox64Concat, PolicyId, PolicyDetails, OptionQuery>;

    /// What shares are computed from, by policy, and by component and county.
    #[pallet::storage]
    pub type Counties<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        PolicyId,
        Twox64Concat,
        (u8, OrganisationId),
        CountyData,
        OptionQuery,
    >;

    /// Shares of counties.
    #[pallet::storage]
    pub type Allocations<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        PolicyId,
        Twox64Concat,
        OrganisationId,
        Allocation,
        OptionQuery,
    >;

    /// The number of the next agreement.
    #[pallet::storage]
    pub type NextAgreementId<T: Config> = StorageValue<_, AgreementId, ValueQuery>;

    /// Every agreement.
    #[pallet::storage]
    pub type Agreements<T: Config> =
        StorageMap<_, Twox64Concat, AgreementId, AgreementDetails, OptionQuery>;

    /// Rules of agreements, by version from 1.
    #[pallet::storage]
    pub type AgreementVersions<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        AgreementId,
        Twox64Concat,
        u32,
        AgreementRules,
        OptionQuery,
    >;

    /// Rules that wait for signatures.
    #[pallet::storage]
    pub type PendingVersions<T: Config> =
        StorageMap<_, Twox64Concat, AgreementId, PendingRules, OptionQuery>;

    /// Joint samples, by year, section and month.
    #[pallet::storage]
    pub type Samples<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        AgreementId,
        Twox64Concat,
        SampleKey,
        Sample,
        OptionQuery,
    >;

    /// Sets of sections with a major incident attributable upstream, by year.
    #[pallet::storage]
    pub type Incidents<T: Config> =
        StorageDoubleMap<_, Twox64Concat, AgreementId, Twox64Concat, u16, u16, OptionQuery>;

    /// Settlements, by year.
    #[pallet::storage]
    pub type Settlements<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        AgreementId,
        Twox64Concat,
        u16,
        SettlementDetails,
        OptionQuery,
    >;

    /// What must be paid, until it is.
    #[pallet::storage]
    pub type Dues<T: Config> = StorageMap<_, Twox64Concat, DueKey, Due, OptionQuery>;

    /// The first table of adjustments.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Adjustments by grade, from best to worst, in parts per billion.
        pub performance_ppb: Vec<i64>,
        /// Binds the type to a runtime.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self { performance_ppb: DEFAULT_PERFORMANCE.to_vec(), _config: PhantomData }
        }
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let table = PerformanceTable::try_from(self.performance_ppb.as_slice())
                .expect("genesis: there is one adjustment for each of seven grades");
            Pallet::<T>::do_set_performance_table(table)
                .expect("genesis: adjustments are within ±100 % and descend");
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A transfer policy.
        pub fn policy(policy: PolicyId) -> Option<PolicyDetails> {
            Policies::<T>::get(policy)
        }

        /// The table of a rule set.
        pub fn performance_table(version: u32) -> Option<PerformanceTable> {
            RuleSets::<T>::get(version)
        }

        /// What a component is computed from in a county.
        pub fn county_data(
            policy: PolicyId,
            component: u8,
            county: OrganisationId,
        ) -> Option<CountyData> {
            Counties::<T>::get(policy, (component, county))
        }

        /// A county's share, and what the ledger says of its money.
        pub fn allocation(policy: PolicyId, county: OrganisationId) -> Option<AllocationInfo> {
            Self::allocation_info(policy, county)
        }

        /// Shares of all counties computed again, by component; `None` while data are missing or
        /// give none.
        pub fn recompute_shares(policy: PolicyId) -> Option<Vec<Vec<Fen>>> {
            Self::shares(policy, &Policies::<T>::get(policy)?).ok()
        }

        /// An agreement.
        pub fn agreement(agreement: AgreementId) -> Option<AgreementDetails> {
            Agreements::<T>::get(agreement)
        }

        /// A version of an agreement's rules.
        pub fn agreement_rules(agreement: AgreementId, version: u32) -> Option<AgreementRules> {
            AgreementVersions::<T>::get(agreement, version)
        }

        /// Rules of an agreement that wait for signatures.
        pub fn pending_rules(agreement: AgreementId) -> Option<PendingRules> {
            PendingVersions::<T>::get(agreement)
        }

        /// A joint sample.
        pub fn sample(agreement: AgreementId, year: u16, section: u8, month: u8) -> Option<Sample> {
            Samples::<T>::get(agreement, (year, section, month))
        }

        /// A settlement.
        pub fn settlement(agreement: AgreementId, year: u16) -> Option<SettlementDetails> {
            Settlements::<T>::get(agreement, year)
        }

        /// Trace and payments of a year computed again; `None` while samples are missing or in
        /// dispute.
        pub fn recompute_settlement(agreement: AgreementId, year: u16) -> Option<(Trace, Legs)> {
            let details = Agreements::<T>::get(agreement)?;
            let (_, _, trace, legs) = Self::outcome(agreement, &details, year).ok()?;
            Some((trace, legs))
        }

        /// What must be paid, if it is not.
        pub fn due(key: DueKey) -> Option<Due> {
            Dues::<T>::get(key)
        }

        /// A page of what is in arrears now, in the order of storage.
        ///
        /// - `start_after`: the second part of the answer before; `None` for the first page.
        /// - `limit`: most dues that are looked at; above [`PAGE_MAX`] it is taken as that.
        ///
        /// Answers the arrears among them, and the last due looked at unless there are no more.
        pub fn arrears(
            start_after: Option<DueKey>,
            limit: u32,
        ) -> (Vec<(DueKey, Due)>, Option<DueKey>) {
            let dues = match start_after {
                None => Dues::<T>::iter(),
                Some(key) => Dues::<T>::iter_from(Dues::<T>::hashed_key_for(key)),
            };
            let limit = limit.min(PAGE_MAX) as usize;
            let page: Vec<(DueKey, Due)> = dues.take(limit).collect();
            let last = page.last().filter(|_| page.len() == limit).map(|(key, _)| *key);
            let now = Self::now();
            (page.into_iter().filter(|(_, due)| due.due_at <= now).collect(), last)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    impl<T: Config> From<Fault> for Error<T> {
        fn from(fault: Fault) -> Self {
            match fault {
                Fault::TooLarge => Self::TooLarge,
                Fault::NoBasis => Self::NoBasis,
                Fault::BoundsInvalid => Self::BoundsInvalid,
                Fault::FloorsExceedPool => Self::FloorsExceedPool,
                Fault::CapsBelowPool => Self::CapsBelowPool,
                Fault::FactorSumZero => Self::FactorSumZero,
                Fault::NegativeGap => Self::NegativeGap,
                Fault::BaseZero => Self::BaseZero,
                Fault::ClassTableMissing => Self::ClassTableMissing,
                Fault::SectionUnknown => Self::SectionUnknown,
                Fault::StepMissing => Self::LadderInvalid,
                Fault::PartyUnknown => Self::NotAParty,
            }
        }
    }
}
