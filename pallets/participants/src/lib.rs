//! # Participants pallet
//!
//! Who may write to the ledger, for whom, and as what.
//!
//! ## Overview
//!
//! The ledger accepts transactions of agents only: keys that act for a registered organisation. An
//! organisation holds capacities, each a role in a region, for some subjects and a period. Other
//! pallets ask through [`Authority`] whether an agent may act in a role; the transaction extension
//! [`CheckParticipant`] refuses everybody else's transactions before they reach a block.
//!
//! Not responsible for: what a role allows (each pallet decides that), keys of validators and
//! nodes, money, and who the people behind the keys are. No personal data is on chain: an agent is
//! a key with, at most, a salted commitment.
//!
//! ## Terminology
//!
//! - **Organisation**: a legal person with a unified social credit code, its region of
//!   registration, and its published name.
//! - **Agent**: an account that acts for one organisation, with some of its powers. A multisig
//!   account can be an agent; the keys that sign for it are agents themselves.
//! - **Administrator**: an agent with the power to administer: it registers, limits, revokes and
//!   recovers the agents of its organisation.
//! - **Capacity**: a role held for a region and all divisions inside it, for all subjects or
//!   listed ones, from one second until another.
//! - **Granter**: governance, or the organisation whose own capacity allowed the grant.
//! - **Registrar**: an organisation with a capacity in one of the roles that may register others.
//! - **Conflict**: two roles that one organisation may not hold at once (separation of duties).
//!
//! ## Scenario
//!
//! 1. Governance registers the certification authority of the country and grants it `Cnca`.
//! 2. The authority's agent grants `CertBody` in Zhejiang to an inspection company, until the end
//!    of next year, for tea only. It could not grant it for longer than its own capacity lasts, nor
//!    `Treasury`, which the grant rules do not give it.
//! 3. The company's administrator registers a certifier's key with no power but `CertBody`.
//! 4. The company applies to trade tea as well. `TraceNode` conflicts with `CertBody`: refused.
//! 5. The certifier loses her phone. The administrator recovers her agent onto a new key; the old
//!    key can never act again, and what it signed stays attributable.
//! 6. The company is suspended: from that block on no transaction of its agents is accepted.
//!
//! ## API and design
//!
//! - [`Authority`] for pallets, [`CheckParticipant`] for the runtime, calls, and view functions.
//! - A transaction of an agent writes one key here: the agent's own record, which carries what it
//!   has used of its quota.
//! - The records of withdrawn keys stay. An account that is removed from the system pallet starts
//!   again with nonce 0, so a key that came back could have its old transactions replayed.
//! - Who may grant what, who may register, which roles conflict, and quotas are governed data.
//! - A conflict that governance adds binds the grants that follow. What was granted before it stays
//!   until it ends or is revoked; the conflict's record says from which capacity on it binds.
//! - What an organisation was granted stays valid when the granter's own capacity ends, as acts of
//!   an authority do; whoever could grant it can revoke it.
//! - No map has an empty value, because an ICS-23 proof cannot show one.
//!
//! Map: [`authority`] (what other pallets ask), [`types`] (records), [`identifiers`] (checks of
//! codes), [`extension`] (admission), `functions` (what calls do), `invariants` (what must always
//! hold), [`weights`].
//!
//! Sources: domain specification 0.3 to 0.6; GB 32100-2015; GB/T 2260; GS1 General
//! Specifications; Regulations on Certification and Accreditation, articles 9 to 14 and 36.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod authority;
pub mod extension;
mod functions;
pub mod genesis;
pub mod identifiers;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use authority::{Authority, OrganisationId, OrganisationSummary, RegionCode, Role};
pub use extension::CheckParticipant;
pub use functions::{MoveFunds, OnKeyReplaced};
pub use genesis::{GenesisAgent, GenesisCapacity, GenesisOrganisation};
pub use pallet::*;
pub use types::{
    AgentDetails, AgentInfo, AgentStatus, Capacity, CapacityId, Did, Digest, Gln, Grant, Granter,
    LegalName, OrganisationDetails, OrganisationInfo, OrganisationProfile, OrganisationStatus,
    Powers, QuotaUse, Registration, RoleSet, Seconds, Subject, Subjects, Uscc,
};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::UnixTime};
    use frame_system::pallet_prelude::*;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// What the pallet needs of the runtime.
    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Weights of the calls and of the extension.
        type WeightInfo: WeightInfo;

        /// May register, grant, suspend, close, and set the governed data.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The block's time.
        type Time: UnixTime;

        /// Told when another key takes over from an agent's; [`MoveFunds`] moves its money.
        type OnKeyReplaced: OnKeyReplaced<Self::AccountId>;

        /// Most active agents of one organisation.
        #[pallet::constant]
        type AgentsMax: Get<u32>;

        /// Most capacities of one organisation in one role that have not ended.
        #[pallet::constant]
        type CapacitiesMax: Get<u32>;

        /// Transactions a day of each agent until governance sets another number.
        #[pallet::constant]
        type DefaultDailyQuota: Get<u32>;
    }

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    // Blake2_128Concat where users choose the key, Twox64Concat for numbers given here and accounts.

    /// Number of the next organisation; the number of organisations ever registered.
    #[pallet::storage]
    pub type NextOrganisationId<T: Config> = StorageValue<_, OrganisationId, ValueQuery>;

    /// Organisations; written together with [`Profiles`] and [`OrganisationByUscc`].
    #[pallet::storage]
    pub type Organisations<T: Config> =
        StorageMap<_, Twox64Concat, OrganisationId, OrganisationDetails, OptionQuery>;

    /// Names and registration of organisations, apart because acting does not read them.
    #[pallet::storage]
    pub type Profiles<T: Config> =
        StorageMap<_, Twox64Concat, OrganisationId, OrganisationProfile, OptionQuery>;

    /// Organisation of a unified social credit code.
    #[pallet::storage]
    pub type OrganisationByUscc<T: Config> =
        StorageMap<_, Blake2_128Concat, Uscc, OrganisationId, OptionQuery>;

    /// Organisation of a Global Location Number.
    #[pallet::storage]
    pub type OrganisationByGln<T: Config> =
        StorageMap<_, Blake2_128Concat, Gln, OrganisationId, OptionQuery>;

    /// Organisation of a decentralised identifier.
    #[pallet::storage]
    pub type OrganisationByDid<T: Config> =
        StorageMap<_, Blake2_128Concat, Did, OrganisationId, OptionQuery>;

    /// Agents, active and withdrawn. The only key of this pallet that a transaction writes.
    #[pallet::storage]
    pub type Agents<T: Config> =
        StorageMap<_, Twox64Concat, T::AccountId, AgentDetails<T::AccountId>, OptionQuery>;

    // Apart from the agent's record, which every transaction writes.
    /// Of an agent with a key that took over from another, the key that it had first.
    #[pallet::storage]
    pub type FirstKeys<T: Config> =
        StorageMap<_, Twox64Concat, T::AccountId, T::AccountId, OptionQuery>;

    /// Active agents of an organisation, with the block in which each became one.
    #[pallet::storage]
    pub type AgentsByOrganisation<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        OrganisationId,
        Twox64Concat,
        T::AccountId,
        BlockNumberFor<T>,
        OptionQuery,
    >;

    /// Number of the next capacity; the number of capacities ever granted.
    #[pallet::storage]
    pub type NextCapacityId<T: Config> = StorageValue<_, CapacityId, ValueQuery>;

    /// Capacities, ended ones included.
    #[pallet::storage]
    pub type Capacities<T: Config> = StorageMap<_, Twox64Concat, CapacityId, Capacity, OptionQuery>;

    /// Every capacity that an organisation was ever granted, with its role.
    #[pallet::storage]
    pub type CapacitiesByOrganisation<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        OrganisationId,
        Twox64Concat,
        CapacityId,
        Role,
        OptionQuery,
    >;

    /// Capacities of an organisation in a role, ascending, without those that are revoked. Those
    /// that have expired leave at the next grant.
    #[pallet::storage]
    pub type CapacitiesInForce<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        OrganisationId,
        Twox64Concat,
        Role,
        BoundedVec<CapacityId, T::CapacitiesMax>,
        ValueQuery,
    >;

    /// The roles that an organisation in a role may grant to others. Governance may grant any.
    #[pallet::storage]
    pub type GrantRules<T: Config> = StorageMap<_, Twox64Concat, Role, RoleSet, ValueQuery>;

    /// The roles in which an organisation may register and suspend others in its region.
    #[pallet::storage]
    pub type RegistrarRoles<T: Config> = StorageValue<_, RoleSet, ValueQuery>;

    /// Pairs of roles that exclude each other, in both orders, with the number of the first
    /// capacity that the exclusion binds.
    #[pallet::storage]
    pub type Conflicts<T: Config> =
        StorageDoubleMap<_, Twox64Concat, Role, Twox64Concat, Role, CapacityId, OptionQuery>;

    /// Transactions a day of each agent.
    #[pallet::storage]
    pub type DailyQuota<T: Config> = StorageValue<_, u32, ValueQuery, T::DefaultDailyQuota>;

    /// Organisations, their agents and capacities, and governed data at the start.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Organisations, numbered from 0 in this order.
        pub organisations: Vec<GenesisOrganisation<T::AccountId>>,
        /// Roles that may grant, each with the roles that it may grant.
        pub grant_rules: Vec<(Role, Vec<Role>)>,
        /// Roles that may register and suspend organisations.
        pub registrar_roles: Vec<Role>,
        /// Pairs of roles that exclude each other.
        pub conflicts: Vec<(Role, Role)>,
        /// Transactions a day of each agent; `None` leaves the default.
        pub daily_quota: Option<u32>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            self.build_state();
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An organisation was registered with its first administrator.
        #[codec(index = 0)]
        OrganisationRegistered {
            /// Its number.
            organisation: OrganisationId,
            /// Its unified social credit code.
            uscc: Uscc,
            /// Its region of registration.
            region: RegionCode,
            /// Its first administrator.
            administrator: T::AccountId,
            /// Who registered it.
            registrar: Granter,
        },
        /// The registered name or region of an organisation changed.
        #[codec(index = 1)]
        RegistrationUpdated {
            /// The organisation.
            organisation: OrganisationId,
            /// Its region of registration.
            region: RegionCode,
            /// Who changed it.
            registrar: Granter,
        },
        /// An organisation's location number and decentralised identifier were set.
        #[codec(index = 2)]
        IdentifiersSet {
            /// The organisation.
            organisation: OrganisationId,
            /// Its Global Location Number.
            gln: Option<Gln>,
            /// Its decentralised identifier.
            did: Option<Did>,
        },
        /// An organisation was suspended.
        #[codec(index = 3)]
        OrganisationSuspended {
            /// The organisation.
            organisation: OrganisationId,
            /// Who suspended it.
            by: Granter,
            /// SHA-256 of the decision.
            decision: Digest,
        },
        /// A suspended organisation may act again.
        #[codec(index = 4)]
        OrganisationReinstated {
            /// The organisation.
            organisation: OrganisationId,
            /// Who reinstated it.
            by: Granter,
            /// SHA-256 of the decision.
            decision: Digest,
        },
        /// An organisation was closed for good.
        #[codec(index = 5)]
        OrganisationClosed {
            /// The organisation.
            organisation: OrganisationId,
        },
        /// An account became an agent.
        #[codec(index = 6)]
        AgentRegistered {
            /// For whom it acts.
            organisation: OrganisationId,
            /// The agent.
            agent: T::AccountId,
            /// What it may do.
            powers: Powers,
        },
        /// An agent's powers changed.
        #[codec(index = 7)]
        AgentPowersSet {
            /// For whom it acts.
            organisation: OrganisationId,
            /// The agent.
            agent: T::AccountId,
            /// What it may do.
            powers: Powers,
        },
        /// An agent's key was replaced, by itself or by recovery.
        #[codec(index = 8)]
        AgentKeyReplaced {
            /// For whom it acts.
            organisation: OrganisationId,
            /// The key that may no longer act.
            old: T::AccountId,
            /// The key that acts in its place.
            new: T::AccountId,
        },
        /// An agent's key was withdrawn.
        #[codec(index = 9)]
        AgentRevoked {
            /// For whom it acted.
            organisation: OrganisationId,
            /// The agent.
            agent: T::AccountId,
        },
        /// An organisation was granted a capacity.
        #[codec(index = 10)]
        CapacityGranted {
            /// Number of the capacity.
            capacity: CapacityId,
            /// Who holds it.
            organisation: OrganisationId,
            /// Its role.
            role: Role,
            /// Its region.
            region: RegionCode,
            /// Who granted it.
            granter: Granter,
        },
        /// A capacity was revoked by who may grant it, or given up by its holder.
        #[codec(index = 11)]
        CapacityRevoked {
            /// Number of the capacity.
            capacity: CapacityId,
            /// Who held it.
            organisation: OrganisationId,
            /// Its role.
            role: Role,
            /// By what right; `None` when the holder gave it up.
            by: Option<Granter>,
        },
        /// The roles that a role may grant were set.
        #[codec(index = 12)]
        GrantRuleSet {
            /// The granting role.
            granter: Role,
            /// What it may grant.
            grants: RoleSet,
        },
        /// The roles that may register organisations were set.
        #[codec(index = 13)]
        RegistrarRolesSet {
            /// The roles.
            roles: RoleSet,
        },
        /// Two roles exclude each other, or no longer do.
        #[codec(index = 14)]
        ConflictSet {
            /// One of them.
            a: Role,
            /// The other.
            b: Role,
            /// Whether they exclude each other.
            excluded: bool,
        },
        /// A quota of transactions was set.
        #[codec(index = 15)]
        DailyQuotaSet {
            /// For whose agents; `None` is the general quota.
            organisation: Option<OrganisationId>,
            /// Transactions a day of each agent; `None` is the general quota.
            per_day: Option<u32>,
        },
    }

    /// Why a call was refused, and what to do.
    #[pallet::error]
    pub enum Error<T> {
        /// No organisation has this number; look it up by its unified social credit code.
        #[codec(index = 0)]
        OrganisationNotFound,
        /// The organisation is suspended; have it reinstated by who suspended it.
        #[codec(index = 1)]
        OrganisationSuspended,
        /// The organisation is closed for good; register its successor under a code of its own.
        #[codec(index = 2)]
        OrganisationClosed,
        /// The organisation is not suspended, so there is nothing to reinstate.
        #[codec(index = 3)]
        OrganisationNotSuspended,
        /// The unified social credit code is wrong; compare it with the business licence.
        #[codec(index = 4)]
        UsccInvalid,
        /// An organisation with this unified social credit code is registered; use that one.
        #[codec(index = 5)]
        UsccTaken,
        /// The region is not a code of GB/T 2260; give six digits, or 0 for the country.
        #[codec(index = 6)]
        RegionInvalid,
        /// The location number is not thirteen digits with the right check digit.
        #[codec(index = 7)]
        GlnInvalid,
        /// Another organisation has this location number; use the one GS1 gave yours.
        #[codec(index = 8)]
        GlnTaken,
        /// The decentralised identifier is not of method web or key, or its syntax is wrong.
        #[codec(index = 9)]
        DidInvalid,
        /// Another organisation has this decentralised identifier; use your own.
        #[codec(index = 10)]
        DidTaken,
        /// The name is empty, not UTF-8, or has control characters or white space at an end.
        #[codec(index = 11)]
        NameInvalid,
        /// The account is no agent; an administrator of its organisation registers it.
        #[codec(index = 12)]
        AgentNotFound,
        /// The agent's key was withdrawn; register another key.
        #[codec(index = 13)]
        AgentRevoked,
        /// Another key took over from this one; use that key.
        #[codec(index = 14)]
        AgentReplaced,
        /// The account is or was an agent; keys are used once, so make a new one.
        #[codec(index = 15)]
        AccountTaken,
        /// The key is an ed25519 point of small order, for which anybody can sign; make a new one.
        #[codec(index = 16)]
        WeakKey,
        /// The organisation has as many agents as it may have; revoke one first.
        #[codec(index = 17)]
        TooManyAgents,
        /// The organisation would be left without an administrator; appoint another first.
        #[codec(index = 18)]
        LastAdministrator,
        /// The powers have a reserved bit set; use bits 0 to 55, 62 and 63.
        #[codec(index = 19)]
        PowersUnknown,
        /// The agent lacks the power; an administrator of its organisation can give it.
        #[codec(index = 20)]
        PowerMissing,
        /// The agent acts for another organisation.
        #[codec(index = 21)]
        NotOfOrganisation,
        /// Say in which role the organisation acts, or let governance make the call.
        #[codec(index = 22)]
        ActingRoleMissing,
        /// The role may not register or suspend organisations; governance sets which may.
        #[codec(index = 23)]
        RoleMayNotRegister,
        /// The role may not grant or revoke this one; governance sets which may.
        #[codec(index = 24)]
        RoleMayNotGrant,
        /// The organisation was not granted the role; ask who grants it.
        #[codec(index = 25)]
        RoleNotHeld,
        /// The organisation's capacity has not begun or has ended; have it renewed.
        #[codec(index = 26)]
        CapacityNotInForce,
        /// The organisation's capacity does not cover the region, or its own role not from above.
        #[codec(index = 27)]
        RegionNotCovered,
        /// The organisation's capacity does not include these subjects.
        #[codec(index = 28)]
        SubjectNotCovered,
        /// The period is empty or over; give an end after the start and after now.
        #[codec(index = 29)]
        PeriodInvalid,
        /// The period goes beyond the granter's own; shorten it.
        #[codec(index = 30)]
        PeriodNotCovered,
        /// A subject is empty or listed twice.
        #[codec(index = 31)]
        SubjectsInvalid,
        /// The organisation has as many capacities in the role as it may have; revoke one first.
        #[codec(index = 32)]
        TooManyCapacities,
        /// No capacity has this number.
        #[codec(index = 33)]
        CapacityNotFound,
        /// The capacity was revoked before.
        #[codec(index = 34)]
        CapacityRevoked,
        /// An organisation may not grant itself a capacity; ask governance or a higher authority.
        #[codec(index = 35)]
        SelfGrant,
        /// The organisation holds a role in that period that excludes this one; have that revoked.
        #[codec(index = 36)]
        RolesConflict,
        /// A role cannot exclude itself.
        #[codec(index = 37)]
        ConflictInvalid,
        /// Governance suspended the organisation; only governance reinstates it.
        #[codec(index = 38)]
        SuspendedByGovernance,
        /// All numbers are used up.
        #[codec(index = 39)]
        NumbersExhausted,
        /// The general quota cannot be 0: nobody could send the transaction that raises it.
        #[codec(index = 40)]
        QuotaInvalid,
        /// An organisation may not suspend itself; ask governance or another registrar.
        #[codec(index = 41)]
        SelfSuspension,
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The organisation of a unified social credit code.
        pub fn organisation_by_uscc(uscc: Uscc) -> Option<OrganisationInfo> {
            Self::view_organisation(OrganisationByUscc::<T>::get(uscc)?)
        }

        /// The organisation of a number.
        pub fn organisation_info(organisation: OrganisationId) -> Option<OrganisationInfo> {
            Self::view_organisation(organisation)
        }

        /// An agent, whether its transactions are accepted, and what is left of its quota.
        pub fn agent_info(agent: T::AccountId) -> Option<AgentInfo<T::AccountId>> {
            Self::view_agent(&agent)
        }

        /// The active agents of an organisation, in order of their accounts.
        pub fn agents_of(organisation: OrganisationId) -> Vec<T::AccountId> {
            let mut agents: Vec<_> =
                AgentsByOrganisation::<T>::iter_key_prefix(organisation).collect();
            agents.sort_unstable();
            agents
        }

        /// The capacities that an organisation holds at `at`, in Unix seconds, from the first one
        /// after `start_after`, at most 64.
        pub fn capacities_at(
            organisation: OrganisationId,
            at: Seconds,
            start_after: Option<CapacityId>,
        ) -> Vec<(CapacityId, Capacity)> {
            Self::view_capacities(organisation, at, start_after)
        }

        /// Whether an agent may act in a role now, for the region and subject if given.
        pub fn may(
            agent: T::AccountId,
            role: Role,
            region: Option<RegionCode>,
            subject: Option<Subject>,
        ) -> bool {
            let subject = subject.as_ref().map(|subject| subject.as_slice());
            <Self as Authority<T::AccountId>>::ensure_role(&agent, role, region, subject).is_ok()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers an organisation with its first agent, who gets all powers.
        ///
        /// Origin: governance; or an agent with the power to register, of an organisation that
        /// holds the role `acting_as` for the region.
        ///
        /// - `registration`: the organisation's particulars.
        /// - `administrator`: account of the first agent, which is not and never was an agent.
        /// - `commitment`: salted commitment to who holds that key.
        /// - `acting_as`: one of [`RegistrarRoles`]; without effect for governance.
        ///
        /// # Errors
        /// - [`Error::UsccInvalid`], [`Error::UsccTaken`], [`Error::NameInvalid`],
        ///   [`Error::RegionInvalid`], [`Error::GlnInvalid`], [`Error::GlnTaken`],
        ///   [`Error::DidInvalid`], [`Error::DidTaken`]: of the particulars.
        /// - [`Error::AccountTaken`], [`Error::WeakKey`]: of the administrator.
        /// - [`Error::ActingRoleMissing`], [`Error::RoleMayNotRegister`], [`Error::PowerMissing`],
        ///   [`Error::RoleNotHeld`], [`Error::CapacityNotInForce`], [`Error::RegionNotCovered`]:
        ///   of who registers.
        ///
        /// Emits [`Event::OrganisationRegistered`], [`Event::AgentRegistered`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register_organisation())]
        pub fn register_organisation(
            origin: OriginFor<T>,
            registration: Registration,
            administrator: T::AccountId,
            commitment: Option<Digest>,
            acting_as: Option<Role>,
        ) -> DispatchResult {
            let registrar = Self::ensure_registrar(origin, acting_as, registration.region)?;
            let now = Self::now();
            Self::do_register_organisation(registration, administrator, commitment, registrar, now)
                .map(|_| ())
        }

        /// Changes an organisation's published name and region, after a change of its licence.
        ///
        /// Origin: as [`Pallet::register_organisation`], for the region that it leaves and the one
        /// that it enters.
        ///
        /// # Errors
        /// - [`Error::OrganisationNotFound`], [`Error::OrganisationClosed`].
        /// - [`Error::NameInvalid`], [`Error::RegionInvalid`].
        /// - Of who registers, as [`Pallet::register_organisation`].
        ///
        /// Emits [`Event::RegistrationUpdated`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::update_registration())]
        pub fn update_registration(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            name: LegalName,
            region: RegionCode,
            acting_as: Option<Role>,
        ) -> DispatchResult {
            let left = Self::open_organisation(organisation)?.region;
            Self::ensure_registrar(origin.clone(), acting_as, left)?;
            let registrar = Self::ensure_registrar(origin, acting_as, region)?;
            Self::do_update_registration(organisation, name, region, registrar)
        }

        /// Sets an organisation's location number and decentralised identifier; `None` removes one.
        ///
        /// Origin: governance, or an administrator of the organisation.
        ///
        /// # Errors
        /// - [`Error::OrganisationNotFound`], [`Error::OrganisationClosed`].
        /// - [`Error::NotOfOrganisation`], [`Error::PowerMissing`]: of who calls.
        /// - [`Error::GlnInvalid`], [`Error::GlnTaken`], [`Error::DidInvalid`],
        ///   [`Error::DidTaken`].
        ///
        /// Emits [`Event::IdentifiersSet`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_identifiers())]
        pub fn set_identifiers(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            gln: Option<Gln>,
            did: Option<Did>,
        ) -> DispatchResult {
            Self::ensure_administrator(origin, organisation)?;
            Self::do_set_identifiers(organisation, gln, did)
        }

        /// Registers an account as an agent of an organisation.
        ///
        /// Origin: governance, or an administrator of the organisation.
        ///
        /// - `agent`: an account that is not and never was an agent.
        /// - `powers`: what it may do.
        /// - `commitment`: salted commitment to who holds the key.
        ///
        /// # Errors
        /// - [`Error::OrganisationNotFound`], [`Error::OrganisationClosed`].
        /// - [`Error::NotOfOrganisation`], [`Error::PowerMissing`]: of who calls.
        /// - [`Error::PowersUnknown`], [`Error::AccountTaken`], [`Error::WeakKey`],
        ///   [`Error::TooManyAgents`].
        ///
        /// Emits [`Event::AgentRegistered`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::register_agent())]
        pub fn register_agent(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            agent: T::AccountId,
            powers: Powers,
            commitment: Option<Digest>,
        ) -> DispatchResult {
            Self::ensure_administrator(origin, organisation)?;
            Self::do_register_agent(organisation, agent, powers, commitment)
        }

        /// Sets what an agent may do.
        ///
        /// Origin: governance, or an administrator of the agent's organisation.
        ///
        /// # Errors
        /// - [`Error::AgentNotFound`], [`Error::AgentRevoked`], [`Error::AgentReplaced`].
        /// - [`Error::NotOfOrganisation`], [`Error::PowerMissing`]: of who calls.
        /// - [`Error::PowersUnknown`], [`Error::LastAdministrator`].
        ///
        /// Emits [`Event::AgentPowersSet`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::set_agent_powers())]
        pub fn set_agent_powers(
            origin: OriginFor<T>,
            agent: T::AccountId,
            powers: Powers,
        ) -> DispatchResult {
            let organisation = Self::unwithdrawn_agent(&agent)?.organisation;
            Self::ensure_administrator(origin, organisation)?;
            Self::do_set_agent_powers(agent, powers)
        }

        /// Puts another key in the place of the caller's, which can never act again. Powers,
        /// commitment and used quota go with it.
        ///
        /// Origin: an active agent.
        ///
        /// # Errors
        /// - [`Error::AgentNotFound`], [`Error::AgentRevoked`], [`Error::AgentReplaced`],
        ///   [`Error::OrganisationSuspended`], [`Error::OrganisationClosed`]: of who calls.
        /// - [`Error::AccountTaken`], [`Error::WeakKey`]: of the new key.
        /// - What [`Config::OnKeyReplaced`] returns.
        ///
        /// Emits [`Event::AgentKeyReplaced`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::rotate_key())]
        pub fn rotate_key(origin: OriginFor<T>, new: T::AccountId) -> DispatchResult {
            let old = ensure_signed(origin)?;
            Self::active_agent(&old)?;
            Self::do_replace_key(old, new)
        }

        /// Withdraws an agent's key; it can never act again.
        ///
        /// Origin: governance, an administrator of the agent's organisation, or the agent itself.
        ///
        /// # Errors
        /// - [`Error::AgentNotFound`], [`Error::AgentRevoked`], [`Error::AgentReplaced`].
        /// - [`Error::NotOfOrganisation`], [`Error::PowerMissing`]: of who calls.
        /// - [`Error::LastAdministrator`]: only governance may revoke the last one.
        ///
        /// Emits [`Event::AgentRevoked`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::revoke_agent())]
        pub fn revoke_agent(origin: OriginFor<T>, agent: T::AccountId) -> DispatchResult {
            let organisation = Self::unwithdrawn_agent(&agent)?.organisation;
            let by_governance = Self::ensure_revokes(origin, &agent, organisation)?;
            Self::do_revoke_agent(agent, by_governance)
        }

        /// Puts a new key in the place of one that is lost or was revoked, with its powers,
        /// commitment and used quota. The old key can never act again.
        ///
        /// Origin: governance, or an administrator of the agent's organisation.
        ///
        /// # Errors
        /// - [`Error::AgentNotFound`], [`Error::AgentReplaced`], [`Error::OrganisationClosed`].
        /// - [`Error::NotOfOrganisation`], [`Error::PowerMissing`]: of who calls.
        /// - [`Error::AccountTaken`], [`Error::WeakKey`], [`Error::TooManyAgents`].
        /// - What [`Config::OnKeyReplaced`] returns.
        ///
        /// Emits [`Event::AgentKeyReplaced`].
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::recover_agent())]
        pub fn recover_agent(
            origin: OriginFor<T>,
            old: T::AccountId,
            new: T::AccountId,
        ) -> DispatchResult {
            let organisation = Self::unreplaced_agent(&old)?.organisation;
            Self::ensure_administrator(origin, organisation)?;
            Self::do_replace_key(old, new)
        }

        /// Grants an organisation a capacity.
        ///
        /// Origin: governance; or an agent that may act in `acting_as`, a role that [`GrantRules`]
        /// allows to grant this one, for another organisation. The granter's own capacity covers
        /// region, subjects and period; for its own role, the region lies strictly inside its own.
        ///
        /// # Errors
        /// - [`Error::OrganisationNotFound`], [`Error::OrganisationSuspended`],
        ///   [`Error::OrganisationClosed`]: of who is to hold it.
        /// - [`Error::RegionInvalid`], [`Error::SubjectsInvalid`], [`Error::PeriodInvalid`].
        /// - [`Error::ActingRoleMissing`], [`Error::RoleMayNotGrant`], [`Error::SelfGrant`],
        ///   [`Error::PowerMissing`], [`Error::RoleNotHeld`], [`Error::CapacityNotInForce`],
        ///   [`Error::RegionNotCovered`], [`Error::SubjectNotCovered`],
        ///   [`Error::PeriodNotCovered`]: of who grants.
        /// - [`Error::RolesConflict`], [`Error::TooManyCapacities`].
        ///
        /// Emits [`Event::CapacityGranted`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::grant_capacity())]
        pub fn grant_capacity(
            origin: OriginFor<T>,
            grant: Grant,
            acting_as: Option<Role>,
        ) -> DispatchResult {
            let now = Self::now();
            Self::check_grant(&grant, now)?;
            let granter = Self::ensure_granter(origin, acting_as, &grant, now)?;
            Self::do_grant_capacity(grant, granter, now).map(|_| ())
        }

        /// Ends a capacity from this second on. What was done under it stays.
        ///
        /// Origin: governance; an agent that may act in `acting_as`, a role that [`GrantRules`]
        /// allows to grant this one, in its region; or, without `acting_as`, an administrator of
        /// the organisation that gives it up.
        ///
        /// # Errors
        /// - [`Error::CapacityNotFound`], [`Error::CapacityRevoked`].
        /// - [`Error::RoleMayNotGrant`], [`Error::RoleNotHeld`], [`Error::CapacityNotInForce`],
        ///   [`Error::RegionNotCovered`], [`Error::PowerMissing`], [`Error::NotOfOrganisation`]:
        ///   of who revokes.
        ///
        /// Emits [`Event::CapacityRevoked`].
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::revoke_capacity())]
        pub fn revoke_capacity(
            origin: OriginFor<T>,
            capacity: CapacityId,
            acting_as: Option<Role>,
        ) -> DispatchResult {
            let details = Self::unrevoked_capacity(capacity)?;
            let by = Self::ensure_revoker(origin, acting_as, &details)?;
            Self::do_revoke_capacity(capacity, details, by);
            Ok(())
        }

        /// Suspends an organisation: none of its agents may act until it is reinstated.
        ///
        /// Origin: as [`Pallet::register_organisation`], for the organisation's region.
        ///
        /// - `decision`: SHA-256 of the decision, which stays off chain.
        ///
        /// # Errors
        /// - [`Error::OrganisationNotFound`], [`Error::OrganisationSuspended`],
        ///   [`Error::OrganisationClosed`].
        /// - Of who suspends, as [`Pallet::register_organisation`], and [`Error::SelfSuspension`].
        ///
        /// Emits [`Event::OrganisationSuspended`].
        #[pallet::call_index(10)]
        #[pallet::weight(T::WeightInfo::suspend_organisation())]
        pub fn suspend_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            decision: Digest,
            acting_as: Option<Role>,
        ) -> DispatchResult {
            let region = Self::active_organisation(organisation)?.region;
            let by = Self::ensure_registrar(origin, acting_as, region)?;
            // It could not reinstate itself: only governance could undo this.
            let own = match by {
                Granter::Governance => false,
                Granter::Capacity(id) => Capacities::<T>::get(id)
                    .is_some_and(|capacity| capacity.organisation == organisation),
            };
            ensure!(!own, Error::<T>::SelfSuspension);
            Self::do_suspend(organisation, by, decision)
        }

        /// Lets a suspended organisation act again.
        ///
        /// Origin: as [`Pallet::suspend_organisation`]; governance, if governance suspended it.
        ///
        /// # Errors
        /// - [`Error::OrganisationNotFound`], [`Error::OrganisationNotSuspended`].
        /// - [`Error::SuspendedByGovernance`].
        /// - Of who reinstates, as [`Pallet::register_organisation`].
        ///
        /// Emits [`Event::OrganisationReinstated`].
        #[pallet::call_index(11)]
        #[pallet::weight(T::WeightInfo::reinstate_organisation())]
        pub fn reinstate_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
            decision: Digest,
            acting_as: Option<Role>,
        ) -> DispatchResult {
            let region = Self::organisation_details(organisation)?.region;
            let by = Self::ensure_registrar(origin, acting_as, region)?;
            Self::do_reinstate(organisation, by, decision)
        }

        /// Closes an organisation for good. Its code, agents and capacities stay on record.
        ///
        /// Origin: governance.
        ///
        /// # Errors
        /// - [`Error::OrganisationNotFound`], [`Error::OrganisationClosed`].
        ///
        /// Emits [`Event::OrganisationClosed`].
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::close_organisation())]
        pub fn close_organisation(
            origin: OriginFor<T>,
            organisation: OrganisationId,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_close(organisation)
        }

        /// Sets which roles a role may grant, in place of those it could grant before.
        ///
        /// Origin: governance.
        ///
        /// Emits [`Event::GrantRuleSet`].
        #[pallet::call_index(13)]
        #[pallet::weight(T::WeightInfo::set_grant_rule())]
        pub fn set_grant_rule(
            origin: OriginFor<T>,
            granter: Role,
            grants: RoleSet,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_grant_rule(granter, grants);
            Ok(())
        }

        /// Sets which roles may register and suspend organisations.
        ///
        /// Origin: governance.
        ///
        /// Emits [`Event::RegistrarRolesSet`].
        #[pallet::call_index(14)]
        #[pallet::weight(T::WeightInfo::set_registrar_roles())]
        pub fn set_registrar_roles(origin: OriginFor<T>, roles: RoleSet) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            RegistrarRoles::<T>::put(&roles);
            Self::deposit_event(Event::RegistrarRolesSet { roles });
            Ok(())
        }

        /// Sets whether two roles exclude each other. What was granted before stays.
        ///
        /// Origin: governance.
        ///
        /// # Errors
        /// - [`Error::ConflictInvalid`]: the roles are the same.
        ///
        /// Emits [`Event::ConflictSet`].
        #[pallet::call_index(15)]
        #[pallet::weight(T::WeightInfo::set_conflict())]
        pub fn set_conflict(
            origin: OriginFor<T>,
            a: Role,
            b: Role,
            excluded: bool,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_conflict(a, b, excluded)
        }

        /// Sets how many transactions a day each agent may send: of one organisation, or of all
        /// that have no number of their own.
        ///
        /// Origin: governance.
        ///
        /// - `organisation`: whose agents; `None` is the general quota.
        /// - `per_day`: transactions a day, 0 lets none through; `None` is the general quota, or
        ///   the runtime's default for the general quota itself.
        ///
        /// # Errors
        /// - [`Error::OrganisationNotFound`], [`Error::QuotaInvalid`].
        ///
        /// Emits [`Event::DailyQuotaSet`].
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::set_daily_quota())]
        pub fn set_daily_quota(
            origin: OriginFor<T>,
            organisation: Option<OrganisationId>,
            per_day: Option<u32>,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_daily_quota(organisation, per_day)
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
