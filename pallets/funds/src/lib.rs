//! # Funds pallet
//!
//! Money with a purpose (专款专用): held by programme and tag, passed on hop by hop, paid to its
//! final beneficiaries or given back to its source, and nothing else.
//!
//! ## Overview
//!
//! Fiscal compensation reaches those whom it is for in full; nobody on the way may keep, occupy,
//! divert or delay it (不得截留、占用、挪用或者拖欠). So it is never a free balance on the way.
//! It is on hold in an account that nobody has a key of, one for each tag, and a ledger says which
//! organisation has how much of it, and from which appropriation every fen of that came.
//!
//! Not responsible for: how much who is due (the compensation pallet and other mechanisms decide
//! that), what a payee does with its own money, and bringing money onto the chain (settlement).
//!
//! ## Terminology
//!
//! - **Programme** (项目): purposes that the same organisations manage.
//! - **Tag** (用途): one purpose of a programme, with one source. Money keeps its tag on every hop:
//!   no call changes it.
//! - **Source**: the office whose free money is appropriated, and that gets back what is not paid.
//! - **Intermediary**: an office, finance department or government, that passes money on.
//! - **Payee**: a final beneficiary, such as a village or a household's co-operative; no office.
//! - **Movement**: one hop: appropriation, transfer, payment or claw back.
//! - **Lot**: what is left of a movement with its receiver. The oldest lot leaves first.
//! - **Mechanism**: a pallet that decides what comes into its programmes and what goes back.
//!
//! ## Scenario
//!
//! 1. The finance department of Zhejiang opens a programme and a tag "forest compensation 2026"
//!    with a ceiling of 1,000,000.00 CNY, names the finance department of Jingning an intermediary
//!    and the village of Dajun a payee.
//! 2. It appropriates 600,000.00 CNY of its free money: movement 0. From here on no transfer of
//!    balances, batch, multisig, redemption or new key can reach it.
//! 3. It passes 400,000.00 CNY on to Jingning: movement 1, fen 0 to 39,999,999 of movement 0.
//! 4. Jingning pays 150,000.00 CNY to the account of an agent of Dajun: movement 2. The money is
//!    Dajun's own, and [`Pallet::follow_back`] leads to movement 0, to the fen.
//! 5. Jingning cannot pay itself, nor another office, nor under a tag that it holds nothing of.
//! 6. An auditor finds a diversion and flags Jingning: nothing leaves it but to the source, which
//!    claws back 250,000.00 CNY.
//!
//! ## Interface
//!
//! - By offices: [`Pallet::open_programme`], [`Pallet::open_tag`], [`Pallet::set_ceiling`],
//!   [`Pallet::set_part`], [`Pallet::appropriate`], [`Pallet::transfer`], [`Pallet::pay`],
//!   [`Pallet::claw_back`].
//! - By auditors: [`Pallet::flag`], [`Pallet::lift_flag`].
//! - For mechanisms: [`PurposeFunds`].
//! - View functions: [`Pallet::programme`], [`Pallet::tag`], [`Pallet::holding`],
//!   [`Pallet::part_of`], [`Pallet::flag_of`], [`Pallet::movement`], [`Pallet::draws`],
//!   [`Pallet::follow_forward`], [`Pallet::follow_back`].
//!
//! ## Design
//!
//! Holders are organisations, not keys: a key that is replaced or revoked takes nothing along. The
//! currency's hold keeps the money even from code that would transfer for the tag's account.
//!
//! A movement numbers its fen from 0. Its sources say which range of fen of which lots it moved
//! on, and a lot's fen leave in order. So following money forward and back is exact, and the sum
//! over the ends of an appropriation's way is the appropriation.
//!
//! A holder has at most [`LOTS_MAX`] lots under a tag, which bounds what one movement draws on.
//! One with that many passes money on before it receives more.
//!
//! A tag has one source, so that whatever is given back is given back to whom it came from.
//!
//! A mechanism stops a tag of whose money more is owed to the source than was found. What is there
//! or comes back to the tag is then neither passed on nor paid: the mechanism takes it first.
//!
//! A flag stops an organisation's transfers and payments and what would come to it. It never stops
//! a claw back. In a mechanism's programme, the source itself may claw back only from a flagged
//! holder, and neither passes on nor pays; otherwise the mechanism decides.
//!
//! ## What is public
//!
//! | field | public, because |
//! | --- | --- |
//! | programmes, tags, ceilings, holders, amounts | budgets and transfers are published by law |
//! | payees that are organisations | lists of beneficiaries are published by law |
//! | flags and findings | results of audits are published by law |
//! | documents | never: salted SHA-256 commitments, opened off chain |
//!
//! Invariants: see `do_try_state`.
//!
//! Sources: Regulations on Ecological Protection Compensation (生态保护补偿条例, 2024), articles
//! 13, 30 and 31; domain specification 0.7 (2 and 6) and 14.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod follow;
mod functions;
#[cfg(any(feature = "try-runtime", test))]
mod invariants;
pub mod purpose;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use purpose::PurposeFunds;
pub use types::{
    BudgetCode, CODE_BYTES_MAX, Commitment, Controller, Fen, Finding, Flag, Followed, FollowedPage,
    Holder, Holding, LOTS_MAX, MANAGERS_MAX, Movement, MovementId, MovementKind, Part,
    ProgrammeDetails, ProgrammeId, Source, TRACE_STEPS_MAX, TagDetails, TagId, TagKey,
};
pub use weights::WeightInfo;

use frame_system::pallet_prelude::BlockNumberFor;

/// A movement of this runtime.
pub type MovementOf<T> = Movement<<T as frame_system::Config>::AccountId, BlockNumberFor<T>>;

/// A flag of this runtime.
pub type FlagOf<T> = Flag<BlockNumberFor<T>>;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{
        PalletId,
        pallet_prelude::*,
        traits::fungible::{Inspect, Mutate, MutateHold},
    };
    use frame_system::pallet_prelude::*;
    use pallet_participants::authority::{Authority, OrganisationId};

    /// Version of the layout of the pallet's storage.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// Most movements that one page of a view function has.
    pub const PAGE_MAX: u32 = 100;

    /// What the runtime decides about this pallet.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The runtime's reasons for money to be on hold.
        type RuntimeHoldReason: From<HoldReason>;

        /// Settlement money, in fen.
        type Currency: Inspect<Self::AccountId, Balance = Fen>
            + Mutate<Self::AccountId>
            + MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// Knows agents, their organisations, and who is an office or an auditor.
        type Authority: Authority<Self::AccountId>;

        /// What the accounts of tags are derived from.
        #[pallet::constant]
        type PalletId: Get<PalletId>;

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
        /// It has a purpose, and is not paid yet.
        #[codec(index = 0)]
        Purpose,
    }

    /// The number of the next programme.
    #[pallet::storage]
    pub type NextProgrammeId<T: Config> = StorageValue<_, ProgrammeId, ValueQuery>;

    // Twox: programmes, organisations and movements are numbered by the chain, tags by offices.
    /// Every programme.
    #[pallet::storage]
    pub type Programmes<T: Config> =
        StorageMap<_, Twox64Concat, ProgrammeId, ProgrammeDetails, OptionQuery>;

    /// What organisations other than managers are in a programme.
    #[pallet::storage]
    pub type Parts<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        ProgrammeId,
        Twox64Concat,
        OrganisationId,
        Part,
        OptionQuery,
    >;

    /// Organisations that an auditor stopped, by programme.
    #[pallet::storage]
    pub type Flags<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        ProgrammeId,
        Twox64Concat,
        OrganisationId,
        FlagOf<T>,
        OptionQuery,
    >;

    /// Every purpose with its totals.
    #[pallet::storage]
    pub type Tags<T: Config> = StorageMap<_, Twox64Concat, TagKey, TagDetails, OptionQuery>;

    /// What each holder has and had under each tag.
    #[pallet::storage]
    pub type Holdings<T: Config> =
        StorageDoubleMap<_, Twox64Concat, TagKey, Twox64Concat, Holder, Holding, ValueQuery>;

    /// Purposes that a mechanism stopped: their money is neither passed on nor paid, and goes back
    /// to its source by the mechanism's calls only.
    #[pallet::storage]
    pub type Stopped<T: Config> = StorageMap<_, Twox64Concat, TagKey, (), OptionQuery>;

    /// The number of the next movement.
    #[pallet::storage]
    pub type NextMovementId<T: Config> = StorageValue<_, MovementId, ValueQuery>;

    /// Every movement of money.
    #[pallet::storage]
    pub type Movements<T: Config> =
        StorageMap<_, Twox64Concat, MovementId, MovementOf<T>, OptionQuery>;

    /// How much of the first movement's money the second moved on, in fen.
    ///
    /// The index of [`Movement::sources`] in the other direction, written together with it.
    #[pallet::storage]
    pub type Draws<T: Config> =
        StorageDoubleMap<_, Twox64Concat, MovementId, Twox64Concat, MovementId, Fen, OptionQuery>;

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A programme was opened.
        #[codec(index = 0)]
        ProgrammeOpened {
            /// Its number.
            programme: ProgrammeId,
            /// Who lets money in.
            controller: Controller,
            /// Who manages it.
            managers: BoundedVec<OrganisationId, ConstU32<MANAGERS_MAX>>,
            /// Its budget code.
            code: BudgetCode,
        },
        /// A purpose was opened.
        #[codec(index = 1)]
        TagOpened {
            /// The programme.
            programme: ProgrammeId,
            /// The purpose.
            tag: TagId,
            /// Whose money it is for.
            source: OrganisationId,
            /// Most that may be appropriated, in fen.
            ceiling_fen: Fen,
            /// Its budget code.
            code: BudgetCode,
        },
        /// The ceiling of a purpose was changed.
        #[codec(index = 2)]
        CeilingSet {
            /// The programme.
            programme: ProgrammeId,
            /// The purpose.
            tag: TagId,
            /// Most that may be appropriated, in fen.
            ceiling_fen: Fen,
        },
        /// An organisation's part in a programme was set or removed.
        #[codec(index = 3)]
        PartSet {
            /// The programme.
            programme: ProgrammeId,
            /// The organisation.
            organisation: OrganisationId,
            /// What it is from here on.
            part: Option<Part>,
            /// The manager or intermediary that said so; `None` is the mechanism.
            by: Option<OrganisationId>,
        },
        /// An auditor stopped an organisation's money.
        #[codec(index = 4)]
        Flagged {
            /// The programme.
            programme: ProgrammeId,
            /// The organisation.
            organisation: OrganisationId,
            /// The auditing organisation.
            auditor: OrganisationId,
            /// What it found.
            finding: Finding,
            /// Commitment to the audit report.
            document: Commitment,
        },
        /// An auditor let an organisation's money go on.
        #[codec(index = 5)]
        FlagLifted {
            /// The programme.
            programme: ProgrammeId,
            /// The organisation.
            organisation: OrganisationId,
            /// The auditing organisation.
            auditor: OrganisationId,
            /// Commitment to the report on rectification.
            document: Commitment,
        },
        /// Free money became purpose-bound.
        #[codec(index = 6)]
        Appropriated {
            /// The movement.
            movement: MovementId,
            /// The programme.
            programme: ProgrammeId,
            /// The purpose.
            tag: TagId,
            /// The account that it came from.
            from: T::AccountId,
            /// Who holds it.
            to: Holder,
            /// How much.
            amount_fen: Fen,
            /// Commitment to the instruction.
            document: Commitment,
        },
        /// Money was passed on with its tag.
        #[codec(index = 7)]
        Transferred {
            /// The movement.
            movement: MovementId,
            /// The programme.
            programme: ProgrammeId,
            /// The purpose.
            tag: TagId,
            /// Who had it.
            from: Holder,
            /// Who holds it.
            to: Holder,
            /// How much.
            amount_fen: Fen,
            /// Commitment to the instruction.
            document: Commitment,
        },
        /// Money reached a final beneficiary.
        #[codec(index = 8)]
        Paid {
            /// The movement.
            movement: MovementId,
            /// The programme.
            programme: ProgrammeId,
            /// The purpose.
            tag: TagId,
            /// Who had it.
            from: Holder,
            /// The beneficiary.
            payee: OrganisationId,
            /// The account that was paid.
            to: T::AccountId,
            /// How much.
            amount_fen: Fen,
            /// Commitment to the voucher.
            document: Commitment,
        },
        /// Money went back to its source.
        #[codec(index = 9)]
        ClawedBack {
            /// The movement.
            movement: MovementId,
            /// The programme.
            programme: ProgrammeId,
            /// The purpose.
            tag: TagId,
            /// Who had it.
            from: Holder,
            /// The account that got it.
            to: T::AccountId,
            /// How much.
            amount_fen: Fen,
            /// Commitment to the decision.
            document: Commitment,
        },
        /// A mechanism stopped a purpose, or let it go on.
        #[codec(index = 10)]
        StopSet {
            /// The programme.
            programme: ProgrammeId,
            /// The purpose.
            tag: TagId,
            /// Whether its money only goes back to its source.
            stopped: bool,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The amount is 0 fen. State how much.
        #[codec(index = 0)]
        AmountZero,
        /// The commitment is all zeros. Commit to the document: SHA-256 of a random salt and it.
        #[codec(index = 1)]
        CommitmentMissing,
        /// The budget code is empty or has other characters than visible ASCII. Use the code of
        /// the budget classification.
        #[codec(index = 2)]
        CodeInvalid,
        /// The caller may act neither as finance department nor as government. Use an agent with
        /// one of these roles.
        #[codec(index = 3)]
        NotAnOffice,
        /// The managers are none, too many, unknown, or one of them is named twice.
        #[codec(index = 4)]
        ManagersInvalid,
        /// There is no programme with this number. Look it up in the event of its opening.
        #[codec(index = 5)]
        ProgrammeUnknown,
        /// The caller's organisation does not manage the programme. A manager has to act; payees are
        /// also named by intermediaries.
        #[codec(index = 6)]
        NotManager,
        /// The organisation manages the programme, and is an intermediary for that reason.
        #[codec(index = 7)]
        ManagerHasPart,
        /// A mechanism decides what comes into the programme and what goes back. Use its calls.
        #[codec(index = 8)]
        ProgrammeOfMechanism,
        /// The programme has no such tag. Open it first.
        #[codec(index = 9)]
        TagUnknown,
        /// The programme has this tag already. Choose another number.
        #[codec(index = 10)]
        TagExists,
        /// The tag's money comes from another organisation. Only that one appropriates and claws
        /// back.
        #[codec(index = 11)]
        NotTheSource,
        /// More would be appropriated, net of what was clawed back, than the ceiling. Raise the
        /// ceiling first, if the budget allows.
        #[codec(index = 12)]
        CeilingExceeded,
        /// No organisation has this number. Register it first.
        #[codec(index = 13)]
        OrganisationUnknown,
        /// An intermediary has to be a finance department or a government. Name the organisation a
        /// payee if the money is for it.
        #[codec(index = 14)]
        IntermediaryIsNoOffice,
        /// A finance department or government cannot be a final beneficiary. Name it an
        /// intermediary.
        #[codec(index = 15)]
        PayeeIsOffice,
        /// The receiver is no intermediary of the programme. Have a manager name it.
        #[codec(index = 16)]
        IntermediaryUnknown,
        /// The receiver is a payee. Pay it instead of passing money on to it.
        #[codec(index = 17)]
        TransferToPayee,
        /// The account is of no payee of the programme. Have a manager name its organisation.
        #[codec(index = 18)]
        PayeeUnknown,
        /// The account is of an office that passes money on. Pay the final beneficiary, or
        /// transfer with the tag.
        #[codec(index = 19)]
        PaymentToIntermediary,
        /// The money is with this holder already.
        #[codec(index = 20)]
        SameHolder,
        /// The holder has no money under this tag. Money keeps the tag that it came with.
        #[codec(index = 21)]
        TagNotHeld,
        /// The holder has less under this tag.
        #[codec(index = 22)]
        HoldingTooSmall,
        /// The holder has as many lots under this tag as are allowed. It passes money on first.
        #[codec(index = 23)]
        TooManyLots,
        /// An auditor stopped the organisation's money in the programme. It goes on when the flag
        /// is lifted.
        #[codec(index = 24)]
        OrganisationFlagged,
        /// No auditor stopped the organisation in the programme.
        #[codec(index = 25)]
        FlagUnknown,
        /// In a mechanism's programme, the source claws back only from an organisation that an
        /// auditor flagged. Otherwise use the mechanism's calls.
        #[codec(index = 26)]
        HolderNotFlagged,
        /// There is no movement with this number.
        #[codec(index = 27)]
        MovementUnknown,
        /// More of the tag's money is owed to its source than was found, and what there is goes back
        /// first. Have the mechanism take it.
        #[codec(index = 28)]
        TagStopped,
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A programme.
        pub fn programme(programme: ProgrammeId) -> Option<ProgrammeDetails> {
            Programmes::<T>::get(programme)
        }

        /// A purpose with its totals.
        pub fn tag(programme: ProgrammeId, tag: TagId) -> Option<TagDetails> {
            Tags::<T>::get((programme, tag))
        }

        /// Whether a mechanism stopped the purpose: its money only goes back to its source.
        pub fn is_tag_stopped(programme: ProgrammeId, tag: TagId) -> bool {
            Stopped::<T>::contains_key((programme, tag))
        }

        /// What a holder has and had under a tag.
        pub fn holding(programme: ProgrammeId, tag: TagId, holder: Holder) -> Holding {
            Holdings::<T>::get((programme, tag), holder)
        }

        /// What an organisation is in a programme; managers are intermediaries.
        pub fn part_of(programme: ProgrammeId, organisation: OrganisationId) -> Option<Part> {
            Self::part(programme, organisation)
        }

        /// The auditor's stop on an organisation in a programme.
        pub fn flag_of(programme: ProgrammeId, organisation: OrganisationId) -> Option<FlagOf<T>> {
            Flags::<T>::get(programme, organisation)
        }

        /// A movement of money.
        pub fn movement(movement: MovementId) -> Option<MovementOf<T>> {
            Movements::<T>::get(movement)
        }

        /// A page of the movements that drew on a movement, with how many fen, in the order of
        /// storage.
        ///
        /// - `start_after`: the last movement of the page before; `None` for the first page.
        /// - `limit`: most movements of the page; above [`PAGE_MAX`] it is taken as that.
        pub fn draws(
            movement: MovementId,
            start_after: Option<MovementId>,
            limit: u32,
        ) -> Vec<(MovementId, Fen)> {
            let draws = match start_after {
                None => Draws::<T>::iter_prefix(movement),
                Some(last) => Draws::<T>::iter_prefix_from(
                    movement,
                    Draws::<T>::hashed_key_for(movement, last),
                ),
            };
            draws.take(limit.min(PAGE_MAX) as usize).collect()
        }

        /// A page of the way of a movement's money forward, itself first, in ascending order.
        ///
        /// Over the whole way of an appropriation, its amount is the sum of `amount_fen` of the
        /// payments and claw backs and of `remaining_fen` of all.
        ///
        /// - `start`: `next` of the page before; 0 for the first page.
        /// - `limit`: most movements of the page; above [`PAGE_MAX`] it is taken as that.
        pub fn follow_forward(movement: MovementId, start: MovementId, limit: u32) -> FollowedPage {
            Self::way_forward(movement, start, limit.min(PAGE_MAX))
        }

        /// A page of the way of a movement's money back, itself first, in descending order.
        ///
        /// Over the whole way, the movement's amount is the sum of `amount_fen` of the
        /// appropriations.
        ///
        /// - `start`: `next` of the page before; `None` for the first page.
        /// - `limit`: most movements of the page; above [`PAGE_MAX`] it is taken as that.
        pub fn follow_back(
            movement: MovementId,
            start: Option<MovementId>,
            limit: u32,
        ) -> FollowedPage {
            Self::way_back(movement, start, limit.min(PAGE_MAX))
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Opens a programme that the caller's organisation manages.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent with the role `Treasury` or `GovParty`.
        ///
        /// ## Details
        /// - `code`: budget code, 1 to 32 visible ASCII characters, public.
        ///
        /// ## Errors
        /// - [`Error::NotAnOffice`], [`Error::CodeInvalid`].
        ///
        /// ## Events
        /// - [`Event::ProgrammeOpened`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::open_programme())]
        pub fn open_programme(origin: OriginFor<T>, code: BudgetCode) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            let manager = Self::acting_office(&agent)?;
            Self::do_open_programme(Controller::Managers, &[manager], code).map(|_| ())
        }

        /// Opens a purpose, with the caller's organisation as source.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury` or `GovParty`, of a manager.
        ///
        /// ## Details
        /// - `tag`: a number that the programme does not have yet.
        /// - `code`: budget code of the purpose, 1 to 32 visible ASCII characters, public.
        /// - `ceiling_fen`: most that may be appropriated net of what is clawed back.
        ///
        /// ## Errors
        /// - [`Error::NotAnOffice`], [`Error::ProgrammeUnknown`], [`Error::NotManager`],
        ///   [`Error::ProgrammeOfMechanism`], [`Error::CodeInvalid`], [`Error::TagExists`].
        ///
        /// ## Events
        /// - [`Event::TagOpened`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::open_tag())]
        pub fn open_tag(
            origin: OriginFor<T>,
            programme: ProgrammeId,
            tag: TagId,
            code: BudgetCode,
            ceiling_fen: Fen,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            let source = Self::acting_office(&agent)?;
            let details = Self::managed(programme, source)?;
            let own = details.controller == Controller::Managers;
            ensure!(own, Error::<T>::ProgrammeOfMechanism);
            Self::do_open_tag((programme, tag), source, code, ceiling_fen)
        }

        /// Sets the most that may be appropriated under a tag of the caller's organisation.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury` or `GovParty`, of the tag's source.
        ///
        /// ## Details
        /// - `ceiling_fen`: not below what was appropriated, net of what was clawed back.
        ///
        /// ## Errors
        /// - [`Error::NotAnOffice`], [`Error::ProgrammeUnknown`],
        ///   [`Error::ProgrammeOfMechanism`], [`Error::TagUnknown`], [`Error::NotTheSource`],
        ///   [`Error::CeilingExceeded`].
        ///
        /// ## Events
        /// - [`Event::CeilingSet`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_ceiling())]
        pub fn set_ceiling(
            origin: OriginFor<T>,
            programme: ProgrammeId,
            tag: TagId,
            ceiling_fen: Fen,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            let source = Self::acting_office(&agent)?;
            Self::ensure_own_programme(programme)?;
            let details = Tags::<T>::get((programme, tag)).ok_or(Error::<T>::TagUnknown)?;
            ensure!(details.source == source, Error::<T>::NotTheSource);
            Self::do_set_ceiling((programme, tag), ceiling_fen)
        }

        /// Says what an organisation is in a programme, or that it is nothing from here on.
        ///
        /// What an organisation has, it keeps; it can pass it on to whoever has a part.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury` or `GovParty`, of a manager; for payees, also
        /// of an intermediary.
        ///
        /// ## Details
        /// - `part`: an intermediary is an office, a payee is none.
        ///
        /// ## Errors
        /// - [`Error::NotAnOffice`], [`Error::ProgrammeUnknown`], [`Error::NotManager`],
        ///   [`Error::ManagerHasPart`], [`Error::OrganisationUnknown`],
        ///   [`Error::IntermediaryIsNoOffice`], [`Error::PayeeIsOffice`].
        ///
        /// ## Events
        /// - [`Event::PartSet`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::set_part())]
        pub fn set_part(
            origin: OriginFor<T>,
            programme: ProgrammeId,
            organisation: OrganisationId,
            part: Option<Part>,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_set_part(&agent, programme, organisation, part)
        }

        /// Binds free money of the caller to a purpose; the caller's organisation holds it.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury` or `GovParty`, of the tag's source.
        ///
        /// ## Details
        /// - `amount_fen`: how much, above 0; it must be free in the caller's account.
        /// - `document`: salted SHA-256 commitment to the instruction.
        ///
        /// ## Errors
        /// - [`Error::NotAnOffice`], [`Error::ProgrammeUnknown`],
        ///   [`Error::ProgrammeOfMechanism`], [`Error::AmountZero`],
        ///   [`Error::CommitmentMissing`], [`Error::TagUnknown`], [`Error::NotTheSource`],
        ///   [`Error::OrganisationFlagged`], [`Error::TooManyLots`],
        ///   [`Error::CeilingExceeded`], and those of the currency.
        ///
        /// ## Events
        /// - [`Event::Appropriated`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::appropriate())]
        pub fn appropriate(
            origin: OriginFor<T>,
            programme: ProgrammeId,
            tag: TagId,
            amount_fen: Fen,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            let holder = Self::acting_office(&agent)?;
            Self::ensure_own_programme(programme)?;
            let to = Holder::Organisation(holder);
            Self::do_appropriate((programme, tag), &agent, to, amount_fen, document).map(|_| ())
        }

        /// Passes money of the caller's organisation on to an intermediary, with its tag.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury` or `GovParty`, of the holder.
        ///
        /// ## Details
        /// - `to`: an intermediary or manager of the programme.
        /// - `amount_fen`: how much, above 0; the oldest money leaves first.
        /// - `document`: salted SHA-256 commitment to the instruction.
        ///
        /// ## Errors
        /// - [`Error::NotAnOffice`], [`Error::AmountZero`], [`Error::CommitmentMissing`],
        ///   [`Error::TagUnknown`], [`Error::SameHolder`], [`Error::OrganisationFlagged`],
        ///   [`Error::IntermediaryUnknown`], [`Error::TransferToPayee`],
        ///   [`Error::TooManyLots`], [`Error::TagNotHeld`], [`Error::HoldingTooSmall`],
        ///   [`Error::TagStopped`];
        ///   [`Error::ProgrammeOfMechanism`] from and to the source of a mechanism's tag.
        ///
        /// ## Events
        /// - [`Event::Transferred`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::transfer(LOTS_MAX))]
        pub fn transfer(
            origin: OriginFor<T>,
            programme: ProgrammeId,
            tag: TagId,
            to: OrganisationId,
            amount_fen: Fen,
            document: Commitment,
        ) -> DispatchResultWithPostInfo {
            let agent = ensure_signed(origin)?;
            let from = Self::acting_office(&agent)?;
            Self::ensure_past_source((programme, tag), &[from, to])?;
            let (from, to) = (Holder::Organisation(from), Holder::Organisation(to));
            let (_, n_lots) = Self::do_transfer((programme, tag), from, to, amount_fen, document)?;
            Ok(Some(T::WeightInfo::transfer(n_lots)).into())
        }

        /// Pays money of the caller's organisation to a final beneficiary.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury` or `GovParty`, of the holder.
        ///
        /// ## Details
        /// - `to`: an agent's account of a payee of the programme.
        /// - `amount_fen`: how much, above 0; the oldest money leaves first.
        /// - `document`: salted SHA-256 commitment to the voucher.
        ///
        /// ## Errors
        /// - [`Error::NotAnOffice`], [`Error::AmountZero`], [`Error::CommitmentMissing`],
        ///   [`Error::TagUnknown`], [`Error::PayeeUnknown`], [`Error::PaymentToIntermediary`],
        ///   [`Error::OrganisationFlagged`], [`Error::TagNotHeld`],
        ///   [`Error::HoldingTooSmall`], [`Error::TagStopped`];
        ///   [`Error::ProgrammeOfMechanism`] for the source of a mechanism's tag.
        ///
        /// ## Events
        /// - [`Event::Paid`].
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::pay(LOTS_MAX))]
        pub fn pay(
            origin: OriginFor<T>,
            programme: ProgrammeId,
            tag: TagId,
            to: T::AccountId,
            amount_fen: Fen,
            document: Commitment,
        ) -> DispatchResultWithPostInfo {
            let agent = ensure_signed(origin)?;
            let from = Self::acting_office(&agent)?;
            Self::ensure_past_source((programme, tag), &[from])?;
            let from = Holder::Organisation(from);
            let (_, n_lots) = Self::do_pay((programme, tag), from, &to, amount_fen, document)?;
            Ok(Some(T::WeightInfo::pay(n_lots)).into())
        }

        /// Takes money that the caller's organisation appropriated back from whoever holds it.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent, with the role `Treasury` or `GovParty`, of the tag's source. The
        /// money becomes free in its account.
        ///
        /// ## Details
        /// - `from`: the holder. In a mechanism's programme, one that an auditor flagged.
        /// - `amount_fen`: how much, above 0; the oldest money leaves first.
        /// - `document`: salted SHA-256 commitment to the decision.
        ///
        /// ## Errors
        /// - [`Error::ProgrammeUnknown`], [`Error::HolderNotFlagged`], [`Error::TagStopped`],
        ///   [`Error::AmountZero`], [`Error::CommitmentMissing`], [`Error::TagUnknown`],
        ///   [`Error::NotAnOffice`], [`Error::NotTheSource`], [`Error::TagNotHeld`],
        ///   [`Error::HoldingTooSmall`].
        ///
        /// ## Events
        /// - [`Event::ClawedBack`].
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::claw_back(LOTS_MAX))]
        pub fn claw_back(
            origin: OriginFor<T>,
            programme: ProgrammeId,
            tag: TagId,
            from: OrganisationId,
            amount_fen: Fen,
            document: Commitment,
        ) -> DispatchResultWithPostInfo {
            let agent = ensure_signed(origin)?;
            let details = Programmes::<T>::get(programme).ok_or(Error::<T>::ProgrammeUnknown)?;
            let may = details.controller == Controller::Managers
                || Flags::<T>::contains_key(programme, from);
            ensure!(may, Error::<T>::HolderNotFlagged);
            // The mechanism counts what comes back against what is owed.
            Self::ensure_not_stopped((programme, tag))?;
            let from = Holder::Organisation(from);
            let (_, n_lots) =
                Self::do_claw_back((programme, tag), from, &agent, amount_fen, document)?;
            Ok(Some(T::WeightInfo::claw_back(n_lots)).into())
        }

        /// Stops an organisation's money in a programme after an audit.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent with the role `Auditor`.
        ///
        /// ## Details
        /// - `finding`: what was found.
        /// - `document`: salted SHA-256 commitment to the audit report.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::ProgrammeUnknown`], [`Error::OrganisationUnknown`],
        ///   [`Error::CommitmentMissing`], [`Error::OrganisationFlagged`].
        ///
        /// ## Events
        /// - [`Event::Flagged`].
        #[pallet::call_index(8)]
        #[pallet::weight(T::WeightInfo::flag())]
        pub fn flag(
            origin: OriginFor<T>,
            programme: ProgrammeId,
            organisation: OrganisationId,
            finding: Finding,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_flag(&agent, programme, organisation, finding, document)
        }

        /// Lets an organisation's money go on after rectification.
        ///
        /// ## Dispatch Origin
        /// Signed by an agent with the role `Auditor`.
        ///
        /// ## Details
        /// - `document`: salted SHA-256 commitment to the report on rectification.
        ///
        /// ## Errors
        /// - Those of the role check of participants.
        /// - [`Error::CommitmentMissing`], [`Error::FlagUnknown`].
        ///
        /// ## Events
        /// - [`Event::FlagLifted`].
        #[pallet::call_index(9)]
        #[pallet::weight(T::WeightInfo::lift_flag())]
        pub fn lift_flag(
            origin: OriginFor<T>,
            programme: ProgrammeId,
            organisation: OrganisationId,
            document: Commitment,
        ) -> DispatchResult {
            let agent = ensure_signed(origin)?;
            Self::do_lift_flag(&agent, programme, organisation, document)
        }
    }

    impl<T: Config> Pallet<T> {
        /// Checks that the managers, not a mechanism, let money into the programme.
        fn ensure_own_programme(programme: ProgrammeId) -> Result<(), Error<T>> {
            let details = Programmes::<T>::get(programme).ok_or(Error::<T>::ProgrammeUnknown)?;
            let own = details.controller == Controller::Managers;
            ensure!(own, Error::<T>::ProgrammeOfMechanism);
            Ok(())
        }
    }

    impl<T: Config> Pallet<T> {
        /// Checks that none of the organisations is the source of a mechanism's tag: what it has,
        /// and gets back, moves by the mechanism's calls only.
        fn ensure_past_source(
            tag: TagKey,
            organisations: &[OrganisationId],
        ) -> Result<(), Error<T>> {
            let of_mechanism = Programmes::<T>::get(tag.0)
                .is_some_and(|details| details.controller == Controller::Mechanism);
            let of_source =
                Tags::<T>::get(tag).is_some_and(|details| organisations.contains(&details.source));
            ensure!(!(of_mechanism && of_source), Error::<T>::ProgrammeOfMechanism);
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
