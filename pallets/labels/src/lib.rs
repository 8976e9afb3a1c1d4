//! # Labels
//!
//! One item, one code (一品一码): series of item codes, committed to by a Merkle root in one
//! transaction, and what became of single items. Sources: article 12 of the Opinions; Measures for
//! Organic Product Certification (有机产品认证管理办法); GS1 General Specifications; GB/T 33993.
//!
//! ## Overview
//!
//! It is **not** responsible for batches (`pallet-traceability`), for certificates
//! ([`Certificates`](pallet_traceability::Certificates)), for licences
//! ([`Licences`](pallet_brands::Licences)), and for the list of codes, of which it holds the root
//! and the hash.
//!
//! ## Terminology
//!
//! - *series*: up to [`MAX_CODES`] item codes for pieces of one batch.
//! - *code*: a GTIN with a serial number, or an organic code (有机码) of 17 digits; see [`codes`].
//! - *leaf*: a code as it stands in the tree; see [`merkle`].
//! - *draw*: content of the labelled pieces, taken from what a certificate or licence allows.
//! - *mark*: what has become of one item: sold, returned, destroyed.
//!
//! ## Scenario
//!
//! 1. Bo has packed 10,000 tins of certified tea and makes as many codes. One transaction creates
//!    the series: 1,000 kg are drawn from the certificate and from the licence of the brand.
//! 2. He prints code and path on each label, or serves the list. Whoever scans a tin proves with
//!    the record of the series that the code is in it.
//! 3. Ling sells a tin and marks it sold. Somebody sells a copy of it elsewhere: the second mark is
//!    refused as [`Error::AlreadySold`].
//! 4. Another series turns out to have one of Bo's codes. Anyone shows both paths, and the later
//!    series is frozen in the same block.
//!
//! ## Design
//!
//! **One key for a million items.** A series is one record with a root. Items cost a key only when
//! something is recorded of one.
//!
//! **Every piece is labelled once.** Pieces are labelled in the batch in which they came into being:
//! one that was produced, made or packed. Parts and mixtures of it carry its labels. What is labelled
//! of a batch is at most what was produced.
//!
//! **Draws.** The content of the pieces, count times net content, is drawn from the certificate,
//! which the batch must carry, and from the licence, which must name all its bases. The labeller is
//! holder of the one and licensee of the other. A series that counts may be voided while no item is
//! marked and no piece of the batch has left the labeller since; its draws go back.
//!
//! **Codes are those of the mark.** Organic codes need a certificate, and begin with the digits of
//! the body that issued it and of a year in which it is valid. A certificate whose scheme asks for
//! them takes no others.
//!
//! **Faults are proven, not claimed.** A malformed leaf takes one path, a code that stands twice or
//! out of order two; any participant may show them, and the series is frozen for good. Who
//! made it cannot void it then, nor while it is frozen by order: neither the fault nor what it drew
//! goes away. Of two series with one code the later is frozen: a published code can be
//! copied, and copying must not freeze the original. Market supervision may freeze a series by
//! order and release it again.
//!
//! **Who marks.** The holder of a batch that comes from the batch of the series: nobody can mark
//! items sold that he does not have, nor more than the pieces of his batch. Sales need an active
//! series, a batch that is neither held nor recalled, and, of the labeller, a licence that is not
//! stopped. Returned and destroyed items are marked also of a frozen series; an item comes back to
//! the organisation that sold it.
//!
//! ## What is public
//!
//! | field | public, because |
//! | --- | --- |
//! | batch, product, labeller, number of codes, certificate, licence, draws | over-labelling must be visible to all |
//! | root, hash of the list | whoever scans proves the code with them; codes are on the labels |
//! | state, fault, who proved it | whoever scans must know |
//! | marks of items: what, when, who | a copy shows as a second sale; the shop is on the receipt; buyers are never named |
//! | reasons of market supervision | never: salted SHA-256 commitments |
//!
//! ## Modules
//!
//! `merkle` the tree and its proofs; `codes` codes and leaves; `batches` what is asked of batches;
//! `marks` what is asked of certificates about codes; `types` what is stored and taken in; `functions` what the calls do, by topic; `weights`.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use batches::*;
pub use codes::CodeScheme;
pub use marks::*;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

mod batches;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
pub mod codes;
mod errors;
mod events;
mod functions;
mod marks;
pub mod merkle;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;

use frame_support::pallet_macros::import_section;

#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::UnixTime};
    use frame_system::pallet_prelude::*;
    use pallet_brands::Licences;
    use pallet_participants::{Authority, OrganisationId};
    use pallet_traceability::{BatchId, Certificates};

    /// Layout of this pallet's storage.
    pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

    /// What the runtime chooses.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Block time.
        type Time: UnixTime;

        /// Who acts, and in which role.
        type Authority: Authority<Self::AccountId>;

        /// Batches whose pieces are labelled.
        type Batches: BatchRegister;

        /// Certificates on whose quantities labels draw.
        type Certificates: Certificates;

        /// Which codes the marks of certificates have.
        type MarkCodes: MarkCodes;

        /// Licences on whose quotas labels draw.
        type Licences: Licences;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;

        /// Gives benchmarks agents and a batch.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
    }

    /// Label series and item marks.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// Most codes of one series.
        #[pallet::constant_name(MaxCodes)]
        fn max_codes() -> u32 {
            MAX_CODES
        }

        /// Most series of one batch.
        #[pallet::constant_name(MaxSeriesOfBatch)]
        fn max_series_of_batch() -> u32 {
            MAX_SERIES_OF_BATCH
        }

        /// Most rows in one answer of a view function.
        #[pallet::constant_name(MaxPage)]
        fn max_page() -> u32 {
            MAX_PAGE
        }
    }

    // Twox: the chain numbers series.
    /// Label series, void ones included.
    #[pallet::storage]
    pub type Series<T: Config> = StorageMap<_, Twox64Concat, SeriesId, SeriesDetails, OptionQuery>;

    /// Number of the next series.
    #[pallet::storage]
    pub type NextSeriesId<T: Config> = StorageValue<_, SeriesId, ValueQuery>;

    // Blake2: labellers choose what they call a root.
    /// The series with a root. Written together with [`Series`].
    #[pallet::storage]
    pub type SeriesByRoot<T: Config> =
        StorageMap<_, Blake2_128Concat, [u8; 32], SeriesId, OptionQuery>;

    // The id of a batch is a hash already.
    /// Series of a batch, with their numbers of codes. Written together with [`Series`].
    #[pallet::storage]
    pub type SeriesOfBatch<T: Config> =
        StorageDoubleMap<_, Identity, BatchId, Twox64Concat, SeriesId, u32, OptionQuery>;

    /// How many pieces of a batch are labelled. Written together with [`Series`].
    #[pallet::storage]
    pub type Labelled<T: Config> = StorageMap<_, Identity, BatchId, LabelCount, ValueQuery>;

    /// Latest marks of items, by series and position of the code.
    #[pallet::storage]
    pub type ItemMarks<T: Config> =
        StorageDoubleMap<_, Twox64Concat, SeriesId, Twox64Concat, u32, ItemMark, OptionQuery>;

    /// Items marked sold or destroyed out of a batch, less those marked returned to it.
    #[pallet::storage]
    pub type GoneFrom<T: Config> = StorageMap<_, Identity, BatchId, u64, ValueQuery>;

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The series with this number.
        pub fn series(id: SeriesId) -> Option<SeriesDetails> {
            Series::<T>::get(id)
        }

        /// Series of a batch, in the order of storage, and how many of its pieces are labelled.
        pub fn series_of_batch(batch: BatchId) -> (Vec<(SeriesId, SeriesDetails)>, LabelCount) {
            let series = SeriesOfBatch::<T>::iter_key_prefix(batch)
                .take(MAX_SERIES_OF_BATCH as usize)
                .filter_map(|id| Some((id, Series::<T>::get(id)?)))
                .collect();
            (series, Labelled::<T>::get(batch))
        }

        /// The latest mark of an item.
        pub fn item(series: SeriesId, index: u32) -> Option<ItemMark> {
            ItemMarks::<T>::get(series, index)
        }

        /// What a code is worth.
        pub fn check_code(proof: CodeProof) -> CodeAnswer {
            Self::answer(&proof)
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
        /// Labels pieces of a batch that the caller's organisation holds, and draws their content
        /// from certificate and licence where given.
        ///
        /// - `new.batch`: produced, made or packed, counted in pieces, neither held nor recalled.
        /// - `new.n_codes`: at most the pieces on hand, and those not labelled yet.
        /// - `new.scheme`: organic codes for a certificate whose scheme has them, and only for such
        ///   a one: of its body, and of a year in which it is valid.
        /// - `new.certificate`: carried by the batch; the caller is its holder.
        /// - `new.licence`: the caller's, and names all bases from which the batch comes.
        #[pallet::call_index(0)]
        #[pallet::weight(
            T::WeightInfo::create_series()
                .saturating_add(T::Batches::stop_check_weight())
                // Certificate, scheme and approval, of which the codes are.
                .saturating_add(T::DbWeight::get().reads(3))
        )]
        pub fn create_series(origin: OriginFor<T>, new: NewSeries) -> DispatchResult {
            Self::do_create_series(&ensure_signed(origin)?, new)
        }

        /// Gives up a series before use, and gives its draws back: its labeller, whom no piece of
        /// the batch has left since. One that is frozen stays.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::void_series())]
        pub fn void_series(origin: OriginFor<T>, series: SeriesId) -> DispatchResult {
            Self::do_void_series(&ensure_signed(origin)?, series)
        }

        /// Shows that a leaf is malformed, or that a code stands twice or out of order, and freezes
        /// the series for good: any participant.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::report_fault())]
        pub fn report_fault(origin: OriginFor<T>, proof: FaultProof) -> DispatchResult {
            Self::do_report_fault(&ensure_signed(origin)?, proof)
        }

        /// Marks an item sold, returned or destroyed: the holder of a batch that comes from the
        /// batch of the series.
        ///
        /// - `batch`: the batch in which the caller's organisation has the item; no more items are
        ///   sold or destroyed out of it than it has pieces.
        #[pallet::call_index(3)]
        #[pallet::weight(
            T::WeightInfo::mark_item().saturating_add(T::Batches::stop_check_weight())
        )]
        pub fn mark_item(
            origin: OriginFor<T>,
            proof: CodeProof,
            batch: BatchId,
            life: ItemLife,
        ) -> DispatchResult {
            Self::do_mark_item(&ensure_signed(origin)?, proof, batch, life)
        }

        /// Freezes a series by order: market supervision where the labeller is registered.
        ///
        /// - `reason`: commitment to the reason.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::freeze_series())]
        pub fn freeze_series(
            origin: OriginFor<T>,
            series: SeriesId,
            reason: Commitment,
        ) -> DispatchResult {
            Self::do_freeze_series(&ensure_signed(origin)?, series, reason)
        }

        /// Releases a series that was frozen by order: market supervision where the labeller is
        /// registered.
        ///
        /// - `reason`: commitment to the reason.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::freeze_series())]
        pub fn release_series(
            origin: OriginFor<T>,
            series: SeriesId,
            reason: Commitment,
        ) -> DispatchResult {
            Self::do_release_series(&ensure_signed(origin)?, series, reason)
        }
    }
}
