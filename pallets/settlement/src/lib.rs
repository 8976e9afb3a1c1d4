//! # Settlement pallet
//!
//! Brings money onto the chain against deposits at settlement institutions, and takes it off
//! again when they pay out.
//!
//! ## Overview
//!
//! Money is the runtime's native currency in fen (0.01 CNY). It comes into being only when a
//! settlement institution has received a deposit and issues the same amount, and ceases only when
//! an institution has paid out and confirms a redemption. Both are posted under the institution's
//! own reference of the bank transfer, which it can use once.
//!
//! Not responsible for: transfers between holders, money with a purpose, the bank transfers
//! themselves, or whether a deposit exists; the supervisor compares journal and bank statement.
//! Nor for taking money back: an issue in error is undone by its beneficiary's redemption.
//!
//! ## Terminology
//!
//! - **Institution**: an organisation with the capacity `Clearing` (结算机构), and a ceiling that
//!   the committee set.
//! - **Outstanding**: what an institution issued and has not redeemed; what it owes.
//! - **External reference**: an institution's number of a deposit or payment.
//! - **Posting**: a line of an institution's journal, found by its reference.
//! - **Redemption**: a holder's request to be paid out by one institution.
//!
//! ## Scenario
//!
//! 1. The committee sets the ceiling of Lishui Clearing at 1,000,000.00 CNY.
//! 2. Longquan Tea pays 5,000.00 CNY into Lishui Clearing's bank account. An agent of the
//!    institution issues 500,000 fen to the key of an agent of Longquan Tea, under reference
//!    `B20260801-0001`, with a commitment to the deposit slip. Were the slip booked twice, the
//!    second issue would be refused.
//! 3. Longquan Tea wants 2,000.00 CNY back. It requests a redemption, with a commitment to its
//!    bank account, and opens the commitment to the institution. 200,000 fen go on hold.
//! 4. The institution accepts, so that the request cannot be cancelled while it pays; pays; and
//!    confirms under the reference of the payment. The money is burnt.
//! 5. Had the account been wrong, the institution would have rejected the request with a reason,
//!    and the money would have been free again.
//!
//! ## Interface
//!
//! - By the governance origin: [`Pallet::set_ceiling`].
//! - By an institution's agents: [`Pallet::issue`], [`Pallet::accept_redemption`],
//!   [`Pallet::confirm_redemption`], [`Pallet::reject_redemption`] (also by governance).
//! - By holders: [`Pallet::request_redemption`], [`Pallet::cancel_redemption`].
//! - View functions: [`Pallet::institution`], [`Pallet::posting`], [`Pallet::redemption`],
//!   [`Pallet::open_redemptions`], [`Pallet::open_redemptions_of`].
//! - For the runtime: `OnKeyReplaced`, which moves money to the key that takes over from another.
//!
//! ## Design
//!
//! Beneficiaries and holders are agents of organisations ([`Authority::organisation_of`]), of
//! another organisation than the institution: nobody issues to himself. What is open stays on
//! hold in the holder's account, so that no transfer can take it.
//!
//! Requests are accepted before they are paid, because a holder who could still cancel after the
//! bank transfer would have the money twice. An institution may also confirm without accepting,
//! and pay afterwards. If it does neither, the governance origin rejects in its place.
//!
//! When another key takes over from an agent's, free money and open redemptions go with it, so that
//! nothing is released to a key that nobody holds. A holder has at most [`OPEN_REDEMPTIONS_MAX`]
//! open redemptions, which bounds that move.
//!
//! Any institution can redeem money, whoever issued it, up to what it has outstanding itself.
//!
//! The genesis may endow accounts; that money belongs to no institution and
//! [`GenesisIssuance`] remembers its sum.
//!
//! ## What is public
//!
//! | field | public, because |
//! | --- | --- |
//! | ceilings and totals of institutions | holders judge who owes them |
//! | beneficiary or holder, amount, height | balances are; conservation is provable by anyone |
//! | external reference | uniqueness; a number of the institution's books that says no more |
//! | documents, payees' bank accounts | never: salted SHA-256 commitments, opened off chain |
//! | reason of a rejection | one of a fixed list, so that no personal data gets in |
//!
//! Invariants: see `do_try_state`.
//!
//! Sources: 00-conventions §0.2 (money), §0.5 (evidence), §0.6 (`Clearing`), §0.7 (2 and 4).

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod functions;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use types::{
    Commitment, ExternalReference, Fen, GenesisInstitution, InstitutionDetails,
    OPEN_REDEMPTIONS_MAX, Posting, PostingKind, REFERENCE_BYTES_MAX, RedemptionDetails,
    RedemptionId, RedemptionStatus, RejectReason,
};
pub use weights::WeightInfo;

#[cfg(doc)]
use pallet_participants::authority::Authority;

use frame_system::pallet_prelude::BlockNumberFor;

/// A journal line of this runtime.
pub type PostingOf<T> = Posting<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

/// A redemption of this runtime.
pub type RedemptionDetailsOf<T> =
    RedemptionDetails<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::fungible::{Inspect, Mutate, MutateHold},
    };
    use frame_system::pallet_prelude::*;
    use pallet_participants::authority::{Authority, OrganisationId};

    /// Version of the layout of the pallet's storage.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// Most redemptions that one page of [`Pallet::open_redemptions`] has.
    pub const PAGE_MAX: u32 = 100;

    /// What the runtime decides about this pallet.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The runtime's reasons for money to be on hold.
        type RuntimeHoldReason: From<HoldReason>;

        /// Settlement money, in fen. Nothing else of the runtime mints or burns it.
        type Currency: Inspect<Self::AccountId, Balance = Fen>
            + Mutate<Self::AccountId>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// Knows agents, their organisations, and who is a settlement institution.
        type Authority: Authority<Self::AccountId>;

        /// Who sets ceilings, and rejects redemptions that an institution leaves lying.
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

    /// Why this pallet puts money on hold.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// The holder asked an institution to pay it out.
        #[codec(index = 0)]
        Redemption,
    }

    /// Money that the genesis endowed accounts with, in fen; it belongs to no institution.
    #[pallet::storage]
    pub type GenesisIssuance<T: Config> = StorageValue<_, Fen, ValueQuery>;

    // Twox: organisations are numbered by the chain.
    /// Ceiling and totals of each institution that ever had a ceiling.
    #[pallet::storage]
    pub type Institutions<T: Config> =
        StorageMap<_, Twox64Concat, OrganisationId, InstitutionDetails, OptionQuery>;

    // Blake2: institutions choose their references.
    /// The journal of each institution, by its external references.
    #[pallet::storage]
    pub type Postings<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        OrganisationId,
        Blake2_128Concat,
        ExternalReference,
        PostingOf<T>,
        OptionQuery,
    >;

    /// The number of the next redemption.
    #[pallet::storage]
    pub type NextRedemptionId<T: Config> = StorageValue<_, RedemptionId, ValueQuery>;

    // Twox: redemptions are numbered by the chain.
    /// Every redemption, also after it is closed.
    #[pallet::storage]
    pub type Redemptions<T: Config> =
        StorageMap<_, Twox64Concat, RedemptionId, RedemptionDetailsOf<T>, OptionQuery>;

    /// The amount in fen of each redemption that is requested or accepted, by institution.
    ///
    /// Written together with [`Redemptions`].
    #[pallet::storage]
    pub type OpenRedemptions<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        OrganisationId,
        Twox64Concat,
        RedemptionId,
        Fen,
        OptionQuery,
    >;

    // Blake2: accounts are chosen by their owners.
    /// The redemptions that a holder has requested and that are open, oldest first.
    ///
    /// Written together with [`Redemptions`].
    #[pallet::storage]
    pub type OpenRedemptionsByHolder<T: Config> = StorageMap<
        _,
        Blake2_128Concat,
        T::AccountId,
        BoundedVec<RedemptionId, ConstU32<OPEN_REDEMPTIONS_MAX>>,
        ValueQuery,
    >;

    /// Ceilings from the start. The currency's genesis must be built before this one.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Institutions with their ceilings, each once.
        pub institutions: Vec<GenesisInstitution>,
        /// Binds the type to a runtime.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            GenesisIssuance::<T>::put(T::Currency::total_issuance());
            for &GenesisInstitution { organisation, ceiling_fen } in &self.institutions {
                let details = InstitutionDetails { ceiling_fen, ..Default::default() };
                assert!(
                    !Institutions::<T>::contains_key(organisation),
                    "genesis: institution {organisation} is named twice"
                );
                Institutions::<T>::insert(organisation, details);
            }
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An institution may have so much outstanding.
        #[codec(index = 0)]
        CeilingSet {
            /// The institution.
            institution: OrganisationId,
            /// The ceiling before, if it had one.
            old_fen: Option<Fen>,
            /// The ceiling.
            new_fen: Fen,
        },
        /// Money was issued against a deposit.
        #[codec(index = 1)]
        Issued {
            /// The institution that has the deposit.
            institution: OrganisationId,
            /// Who received the money.
            beneficiary: T::AccountId,
            /// How much.
            amount_fen: Fen,
            /// The institution's reference of the deposit.
            external_reference: ExternalReference,
            /// Commitment to the deposit's document.
            document: Commitment,
        },
        /// A holder asked to be paid out; the money is on hold.
        #[codec(index = 2)]
        RedemptionRequested {
            /// Number of the redemption.
            id: RedemptionId,
            /// Whose money it is.
            holder: T::AccountId,
            /// The institution asked to pay.
            institution: OrganisationId,
            /// How much.
            amount_fen: Fen,
            /// Commitment to the bank account to be paid.
            payee_account: Commitment,
        },
        /// The institution is paying; the holder cannot cancel.
        #[codec(index = 3)]
        RedemptionAccepted {
            /// Number of the redemption.
            id: RedemptionId,
            /// The institution.
            institution: OrganisationId,
        },
        /// The institution has paid; the money was burnt.
        #[codec(index = 4)]
        RedemptionConfirmed {
            /// Number of the redemption.
            id: RedemptionId,
            /// Whose money it was.
            holder: T::AccountId,
            /// The institution.
            institution: OrganisationId,
            /// How much.
            amount_fen: Fen,
            /// The institution's reference of the payment.
            external_reference: ExternalReference,
        },
        /// The redemption was refused; the money is free again.
        #[codec(index = 5)]
        RedemptionRejected {
            /// Number of the redemption.
            id: RedemptionId,
            /// Whose money it is.
            holder: T::AccountId,
            /// How much.
            amount_fen: Fen,
            /// Why.
            reason: RejectReason,
            /// Whether the governance origin refused it, in the institution's place.
            by_governance: bool,
        },
        /// The holder withdrew the request; the money is free again.
        #[codec(index = 6)]
        RedemptionCancelled {
            /// Number of the redemption.
            id: RedemptionId,
            /// Whose money it is.
            holder: T::AccountId,
            /// How much.
            amount_fen: Fen,
        },
        /// Another key took over from the holder's; the redemption and its money are its.
        #[codec(index = 7)]
        RedemptionHolderReplaced {
            /// Number of the redemption.
            id: RedemptionId,
            /// The holder before.
            old: T::AccountId,
            /// The holder.
            new: T::AccountId,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The amount is 0 fen. State how much.
        #[codec(index = 0)]
        AmountZero,
        /// The commitment is all zeros. Commit to the document or account: SHA-256 of a random
        /// salt and the data.
        #[codec(index = 1)]
        CommitmentMissing,
        /// The external reference is empty or has other characters than visible ASCII. Use the
        /// number from the institution's books, without spaces.
        #[codec(index = 2)]
        ReferenceInvalid,
        /// The institution has issued or redeemed under this reference before. Look up the
        /// posting: the transfer may be booked already.
        #[codec(index = 3)]
        ReferenceUsed,
        /// No organisation has this number. Register it first.
        #[codec(index = 4)]
        OrganisationUnknown,
        /// The organisation never had a ceiling. Ask the committee to set one.
        #[codec(index = 5)]
        InstitutionUnknown,
        /// The organisation is not a settlement institution at present. Ask another.
        #[codec(index = 6)]
        InstitutionInactive,
        /// The beneficiary is no active agent of an active organisation. Have its organisation
        /// register it first.
        #[codec(index = 7)]
        BeneficiaryUnknown,
        /// The beneficiary or holder is of the institution itself. Use another institution.
        #[codec(index = 8)]
        SameOrganisation,
        /// The institution would have more outstanding than its ceiling. Redeem first, or ask the
        /// committee for a higher ceiling.
        #[codec(index = 9)]
        CeilingExceeded,
        /// The institution has less outstanding than this redemption. Reject it, so that the
        /// holder can ask another institution.
        #[codec(index = 10)]
        OutstandingExceeded,
        /// There is no redemption with this number. Look it up in the event of the request.
        #[codec(index = 11)]
        RedemptionUnknown,
        /// Another institution was asked to pay this redemption. Only that one can act on it.
        #[codec(index = 12)]
        NotTheInstitution,
        /// Another holder requested this redemption. Only that one can cancel it.
        #[codec(index = 13)]
        NotHolder,
        /// The redemption is confirmed, rejected or cancelled. Nothing is left to do.
        #[codec(index = 14)]
        RedemptionClosed,
        /// The redemption is not in its first state. Accepted ones end by confirmation or
        /// rejection.
        #[codec(index = 15)]
        RedemptionNotRequested,
        /// The holder has as many open redemptions as are allowed. Wait for one to be confirmed,
        /// or cancel one.
        #[codec(index = 16)]
        TooManyOpenRedemptions,
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Ceiling and totals of an institution.
        pub fn institution(institution: OrganisationId) -> Option<InstitutionDetails> {
            Institutions::<T>::get(institution)
        }

        /// What an institution posted under an external reference.
        pub fn posting(
            institution: OrganisationId,
            external_reference: ExternalReference,
        ) -> Option<PostingOf<T>> {
            Postings::<T>::get(institution, external_reference)
        }

        /// A redemption, open or closed.
        pub fn redemption(id: RedemptionId) -> Option<RedemptionDetailsOf<T>> {
            Redemptions::<T>::get(id)
        }

        /// A page of the open redemptions that an institution was asked to pay, in the order of
        /// storage.
        ///
        /// - `start_after`: the last id of the page before, still open or not; `None` for the
        ///   first page.
        /// - `limit`: most redemptions of the page; above [`PAGE_MAX`] it is taken as that.
        pub fn open_redemptions(
            institution: OrganisationId,
            start_after: Option<RedemptionId>,
            limit: u32,
        ) -> Vec<(RedemptionId, RedemptionDetailsOf<T>)> {
            let ids = match start_after {
                None => OpenRedemptions::<T>::iter_key_prefix(institution),
                Some(id) => OpenRedemptions::<T>::iter_key_prefix_from(
                    institution,
                    OpenRedemptions::<T>::hashed_key_for(institution, id),
                ),
            };
            ids.take(limit.min(PAGE_MAX) as usize)
                .filter_map(|id| Redemptions::<T>::get(id).map(|redemption| (id, redemption)))
                .collect()
        }

        /// The open redemptions of a holder, oldest first.
        pub fn open_redemptions_of(
            holder: T::AccountId,
        ) -> Vec<(RedemptionId, RedemptionDetailsOf<T>)> {
            OpenRedemptionsByHolder::<T>::get(holder)
                .into_iter()
                .filter_map(|id| Redemptions::<T>::get(id).map(|redemption| (id, redemption)))
                .collect()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Sets how much an institution may have outstanding.
        ///
        /// ## Dispatch Origin
        /// `GovernanceOrigin`.
        ///
        /// ## Details
        /// - `institution`: number of the organisation. To issue, it also needs the capacity
        ///   `Clearing`.
        /// - `ceiling_fen`: the ceiling, in fen. Below what is outstanding, it stops further
        ///   issues until enough is redeemed.
        ///
        /// ## Errors
        /// - [`Error::OrganisationUnknown`].
        ///
        /// ## Events
        /// - [`Event::CeilingSet`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set_ceiling())]
        pub fn set_ceiling(
            origin: OriginFor<T>,
            institution: OrganisationId,
            ceiling_fen: Fen,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            let old_fen = Self::do_set_ceiling(institution, ceiling_fen)?;
            let new_fen = ceiling_fen;
            Self::deposit_event(Event::CeilingSet { institution, old_fen, new_fen });
            Ok(())
        }

        /// Issues money against a deposit that the caller's institution has received.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent with the role `Clearing`.
        ///
        /// ## Details
        /// - `beneficiary`: an agent of another organisation.
        /// - `amount_fen`: the deposit, in fen, above 0.
        /// - `external_reference`: the institution's number of the deposit, never used before;
        ///   1 to 64 visible ASCII characters, public.
        /// - `document`: salted SHA-256 commitment to the deposit's document.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::AmountZero`], [`Error::CommitmentMissing`], [`Error::InstitutionUnknown`],
        ///   [`Error::ReferenceInvalid`], [`Error::ReferenceUsed`],
        ///   [`Error::BeneficiaryUnknown`], [`Error::SameOrganisation`],
        ///   [`Error::CeilingExceeded`].
        ///
        /// ## Events
        /// - [`Event::Issued`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::issue())]
        pub fn issue(
            origin: OriginFor<T>,
            beneficiary: T::AccountId,
            amount_fen: Fen,
            external_reference: ExternalReference,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            let institution =
                Self::do_issue(&agent, &beneficiary, amount_fen, &external_reference, document)?;
            Self::deposit_event(Event::Issued {
                institution,
                beneficiary,
                amount_fen,
                external_reference,
                document,
            });
            Ok(())
        }

        /// Asks an institution to pay out money of the caller, and puts it on hold.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent of another organisation than the institution.
        ///
        /// ## Details
        /// - `institution`: number of a settlement institution.
        /// - `amount_fen`: how much, above 0; it must be free in the caller's account.
        /// - `payee_account`: salted SHA-256 commitment to the bank account to be paid; open it
        ///   to the institution.
        ///
        /// ## Errors
        /// - Those of participants when the caller is no active agent, and of the currency when
        ///   not so much is free.
        /// - [`Error::AmountZero`], [`Error::CommitmentMissing`], [`Error::InstitutionUnknown`],
        ///   [`Error::SameOrganisation`], [`Error::InstitutionInactive`],
        ///   [`Error::TooManyOpenRedemptions`].
        ///
        /// ## Events
        /// - [`Event::RedemptionRequested`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::request_redemption())]
        pub fn request_redemption(
            origin: OriginFor<T>,
            institution: OrganisationId,
            amount_fen: Fen,
            payee_account: Commitment,
        ) -> DispatchResult {
            let holder = ensure_signed(origin)?;
            let id = Self::do_request_redemption(&holder, institution, amount_fen, payee_account)?;
            Self::deposit_event(Event::RedemptionRequested {
                id,
                holder,
                institution,
                amount_fen,
                payee_account,
            });
            Ok(())
        }

        /// Announces that the caller's institution is paying a redemption; the holder can no
        /// longer cancel it.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Clearing`, of the institution asked.
        ///
        /// ## Details
        /// - `id`: a redemption that was requested and not yet accepted.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::RedemptionUnknown`], [`Error::NotTheInstitution`],
        ///   [`Error::RedemptionNotRequested`].
        ///
        /// ## Events
        /// - [`Event::RedemptionAccepted`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::accept_redemption())]
        pub fn accept_redemption(origin: OriginFor<T>, id: RedemptionId) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            let institution = Self::do_accept_redemption(&agent, id)?;
            Self::deposit_event(Event::RedemptionAccepted { id, institution });
            Ok(())
        }

        /// Confirms that the caller's institution has paid a redemption, and burns the money.
        ///
        /// Accept before paying; or confirm first and pay then.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Clearing`, of the institution asked.
        ///
        /// ## Details
        /// - `id`: an open redemption.
        /// - `external_reference`: the institution's number of the payment, never used before;
        ///   1 to 64 visible ASCII characters, public.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::RedemptionUnknown`], [`Error::NotTheInstitution`],
        ///   [`Error::RedemptionClosed`], [`Error::ReferenceInvalid`], [`Error::ReferenceUsed`],
        ///   [`Error::OutstandingExceeded`].
        ///
        /// ## Events
        /// - [`Event::RedemptionConfirmed`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::confirm_redemption())]
        pub fn confirm_redemption(
            origin: OriginFor<T>,
            id: RedemptionId,
            external_reference: ExternalReference,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            let redemption = Self::do_confirm_redemption(&agent, id, &external_reference)?;
            Self::deposit_event(Event::RedemptionConfirmed {
                id,
                holder: redemption.holder,
                institution: redemption.institution,
                amount_fen: redemption.amount_fen,
                external_reference,
            });
            Ok(())
        }

        /// Refuses a redemption that was not paid, and frees the money.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Clearing`, of the institution asked; or
        /// `GovernanceOrigin`.
        ///
        /// ## Details
        /// - `id`: an open redemption.
        /// - `reason`: why.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::RedemptionUnknown`], [`Error::NotTheInstitution`],
        ///   [`Error::RedemptionClosed`].
        ///
        /// ## Events
        /// - [`Event::RedemptionRejected`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::reject_redemption())]
        pub fn reject_redemption(
            origin: OriginFor<T>,
            id: RedemptionId,
            reason: RejectReason,
        ) -> DispatchResult {
            let agent = match T::GovernanceOrigin::try_origin(origin) {
                Ok(_) => None,
                Err(origin) => Some(ensure_signed(origin)?),
            };
            let redemption = Self::do_reject_redemption(agent.as_ref(), id, reason)?;
            Self::deposit_event(Event::RedemptionRejected {
                id,
                holder: redemption.holder,
                amount_fen: redemption.amount_fen,
                reason,
                by_governance: agent.is_none(),
            });
            Ok(())
        }

        /// Withdraws a request of the caller that no institution has accepted, and frees the
        /// money.
        ///
        /// ## Dispatch Origin
        /// Signed by the holder.
        ///
        /// ## Details
        /// - `id`: a redemption that was requested and not yet accepted.
        ///
        /// ## Errors
        /// - [`Error::RedemptionUnknown`], [`Error::NotHolder`],
        ///   [`Error::RedemptionNotRequested`].
        ///
        /// ## Events
        /// - [`Event::RedemptionCancelled`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::cancel_redemption())]
        pub fn cancel_redemption(origin: OriginFor<T>, id: RedemptionId) -> DispatchResult {
            let holder = ensure_signed(origin)?;
            let redemption = Self::do_cancel_redemption(&holder, id)?;
            let amount_fen = redemption.amount_fen;
            Self::deposit_event(Event::RedemptionCancelled { id, holder, amount_fen });
            Ok(())
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }
}
