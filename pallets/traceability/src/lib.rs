//! # Traceability
//!
//! Batches of ecological products from field to consumer, with mass balance, single custody,
//! provenance and recall. Sources: article 12 of the Opinions; GS1 EPCIS 2.0 and CBV 2.0;
//! GB/T 38155, 38158 and 38159; UN/ECE Recommendation 20.
//!
//! ## Overview
//!
//! It is **not** responsible for who an organisation is (`pallet-participants`), for issuing,
//! suspending and counting out certificates ([`Certificates`]), for brands and labels, and for
//! documents: of these it holds salted SHA-256 commitments only.
//!
//! ## Terminology
//!
//! - *product*: a GTIN with its base unit (mg, ml or piece); every quantity of its batches is an
//!   integer of that unit, converted exactly from the declared unit or refused.
//! - *batch*: one lot of a product at one holder. Its id is BLAKE2-128 of GTIN and lot.
//! - *derivation*: an event that makes batches from batches; the edges of the provenance graph.
//! - *base* (`place`): where batches are grown or produced; *origin* of a batch.
//! - *claim* (标注认证): a certificate that a batch carries.
//! - *logistic unit*: a carton or pallet with an SSCC that holds batches; one level deep.
//! - *rule set*: version of all governed data; batches, derivations and recalls keep the version
//!   that was applied, and its hash is kept for each version.
//!
//! ## Scenario
//!
//! 1. Mei's garden registers a growing batch of tea leaf, records a spraying, and harvests 120 kg
//!    once the pre-harvest interval is over.
//! 2. Laboratory Han tests a sample: passed. Mei ships to Bo's factory; Bo receives 118 kg and
//!    declares 2 kg lost.
//! 3. Bo transforms the leaf to 26 kg of tea within the governed yield, declares the loss, packs
//!    100 g tins and ships them to Ling's shop, which sells them.
//! 4. A later test finds residues: market supervision recalls the leaf. Every descendant is
//!    stopped; Ling ships her tins back, Bo destroys them.
//!
//! ## Design
//!
//! **Few keys.** Producing, shipping and receiving write one key: the batch record. A derivation
//! writes its inputs, its outputs, itself, and one index entry for each input.
//!
//! **History.** Events are FRAME events ([`Event::TraceEventRecorded`]); the batch record keeps
//! their number and a hash chain: `h(0) = 0^32`, `h(n) = SHA-256(h(n-1) ‖ SCALE(TraceEvent))`.
//! Whoever is handed a batch's events checks them against the proven record. No history is stored
//! in state.
//!
//! **Mass balance.** Units only ever shift from one place to another inside a batch
//! ([`Quantities`]), so that produced = on hand + in transit + consumed + sold + lost + destroyed.
//! In a derivation Σ inputs = Σ outputs + loss, content by content: pieces count by net content,
//! and where mass and volume meet, volume is weighed by the product's density. In a
//! transformation, moreover, no output exceeds the inputs times their governed yields; main
//! products share the input (Σ output ÷ its limit ≤ 1, up to 10^-18 for each output), by-products
//! do not. Every ingredient is a batch, so that nothing comes from nowhere. Packing needs no yield:
//! pieces times net content plus loss equals what was taken, and the item must name the bulk
//! product as its content. A split and a merge lose nothing.
//!
//! **Time.** Event times are the caller's word: never older than the batch's latest event and never
//! ahead of block time by more than the governed skew. Block time is recorded beside them.
//!
//! **Graph.** Outputs are new ids and inputs exist, so that the graph has no cycle. A batch carries
//! the union of its inputs' production bases.
//!
//! **Claims.** The producer who holds a batch claims for it a certificate that was in force when the
//! batch was made and covers producer, product and bases, and that is neither revoked nor cancelled
//! when he claims. For a derived batch, bases do not count; instead all that went into it must carry
//! a certificate of the same scheme. A batch of more than the certificate certifies is not claimed,
//! nor are all produced batches together. A derivation gives its outputs the intersection of its inputs'
//! claims: the tea from certified and uncertified leaf carries nothing. What was made while a
//! certificate was suspended keeps that mark through every derivation. Claims are never taken
//! away: whether a certificate is good now is asked of [`Certificates`], and
//! [`Pallet::batch_certificates`] answers both.
//!
//! **Custody.** One holder, who alone acts. Shipping keeps the sender as holder until the consignee
//! receives. What he does not accept is lost, or a batch of its own at the sender.
//!
//! **Stops.** A held or recalled batch is neither moved, changed nor sold. A recalled batch may go
//! back to its producer and be destroyed; sold units of it may be taken back.
//!
//! ## Recall
//!
//! A recall *R* affects the set A(R) = S(R) and all descendants of S(R), where S(R) is the root and
//! the siblings that the governed rule for its class adds ([`RecallScope`]): none; the outputs of
//! the root's own derivation; or all batches derived directly from any parent of the root when the
//! recall opened. A harvest makes one batch, so that a produced batch has no siblings.
//!
//! Marks are set breadth first: the list of affected batches is itself the queue. The opening call
//! takes a bounded number of steps; the hooks `on_initialize` and `on_idle` go on, and
//! until the last step the recall is in [`OpenRecalls`].
//!
//! *Every descendant is reached.* A marked batch goes into no further derivation, so that its
//! index of derivations is final when the queue comes to it. A descendant that was derived later
//! from a batch not yet marked is in that batch's index when the queue comes there.
//!
//! *Nothing slips through meanwhile.* While a recall is open, every action walks the ancestors of
//! its batch, at most [`MAX_ANCESTORS_CHECKED`]: if one is in S(R) or marked, the batch is
//! affected and the action is refused; if there are more, it is refused until marking is done
//! ([`Error::RecallInProgress`]). An affected batch has an unbroken chain of ancestors to S(R), so
//! that the walk cannot miss it. [`Pallet::recall_status`] answers by the same rule, and
//! [`Pallet::affected_by`] completes the queue in memory, so that both are exact at every block.
//!
//! A reader who checks a proof of a batch alone must also read [`OpenRecalls`]: when it is empty,
//! the record's `n_recalls` says all.
//!
//! The parents of a recalled batch are not affected, even where they hold the rest of the same
//! goods, as after a split: they are recalled by name.
//!
//! Lifting is on record and takes marks off by the same bounded steps; until its mark is off, a
//! batch stays stopped.
//!
//! ## What is public
//!
//! Everything in state and events is public. Of a product: owner, GTIN, units, net content,
//! density, category: public on its label. Of a base: owner, division, GLN, area: consumers ask
//! for the origin; its exact boundary stays off chain. Of a batch: product, lot, producer, holder,
//! stage, quantities, stops, recalls, test result, origins, times: needed for mass balance, for
//! recall, and by the scanning consumer; the certificates it carries and whether one was suspended
//! when it was made: certificates are published, and the label names them. Of a test: laboratory, result, time; the report is a
//! commitment. Of a change of custody: both organisations, quantity and time, because one step
//! forward and one step back is the law's demand; price, contract and vehicle are in the document
//! commitment. Consumers are never named. Reasons of holds and recalls are commitments.
//!
//! ## Modules
//!
//! `claims` what is asked of certificates; `types` what is stored and taken in; `functions` what the calls do, by topic; `weights`.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub use claims::*;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod claims;
mod errors;
mod events;
mod functions;
mod genesis;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use functions::{AffectedPage, Direction, TracePage, TraceRow};
pub use genesis::*;

use frame_support::pallet_macros::import_section;

#[import_section(events::events)]
#[import_section(errors::errors)]
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use frame_support::{pallet_prelude::*, traits::UnixTime};
    use frame_system::pallet_prelude::*;
    use pallet_participants::{Authority, OrganisationId, RegionCode};

    /// Layout of this pallet's storage.
    pub const STORAGE_VERSION: StorageVersion = StorageVersion::new(0);

    /// What the runtime chooses.
    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// Block time.
        type Time: UnixTime;

        /// Who acts, and in which role.
        type Authority: Authority<Self::AccountId>;

        /// Certificates that batches may carry.
        type Certificates: Certificates;

        /// May change the governed data.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Steps that [`Call::recall`] takes itself; a step follows one derivation.
        #[pallet::constant]
        type RecallStepsPerCall: Get<u32>;

        /// Steps that every block takes while a recall is open, however full it is.
        #[pallet::constant]
        type RecallStepsPerBlock: Get<u32>;

        /// Weights of the calls.
        type WeightInfo: WeightInfo;

        /// Gives benchmarks agents with roles.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: BenchmarkHelper<Self::AccountId>;
    }

    /// Batches, products, and what happened to them.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::extra_constants]
    impl<T: Config> Pallet<T> {
        /// Most batches that a derivation takes from.
        #[pallet::constant_name(MaxInputs)]
        fn max_inputs() -> u32 {
            MAX_INPUTS
        }

        /// Most batches that a derivation makes.
        #[pallet::constant_name(MaxOutputs)]
        fn max_outputs() -> u32 {
            MAX_OUTPUTS
        }

        /// Most production bases in a batch's origins.
        #[pallet::constant_name(MaxOrigins)]
        fn max_origins() -> u32 {
            MAX_ORIGINS
        }

        /// Most certificates that a batch carries.
        #[pallet::constant_name(MaxClaims)]
        fn max_claims() -> u32 {
            MAX_CLAIMS
        }

        /// Most batches in a logistic unit.
        #[pallet::constant_name(MaxContents)]
        fn max_contents() -> u32 {
            MAX_CONTENTS
        }

        /// Most recalls spreading or being lifted at one time.
        #[pallet::constant_name(MaxOpenRecalls)]
        fn max_open_recalls() -> u32 {
            MAX_OPEN_RECALLS
        }

        /// Most ancestors walked when an action is checked against open recalls.
        #[pallet::constant_name(MaxAncestorsChecked)]
        fn max_ancestors_checked() -> u32 {
            MAX_ANCESTORS_CHECKED
        }

        /// Most rows in one answer of a view function.
        #[pallet::constant_name(MaxPage)]
        fn max_page() -> u32 {
            MAX_PAGE
        }
    }

    /// Master data of products.
    // The owner chooses the key.
    #[pallet::storage]
    pub type Products<T: Config> =
        StorageMap<_, Blake2_128Concat, Gtin, ProductDetails, OptionQuery>;

    /// Organisations that may produce a product beside its owner, with the time of the licence.
    #[pallet::storage]
    pub type ProducerLicences<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        Gtin,
        Twox64Concat,
        OrganisationId,
        Moment,
        OptionQuery,
    >;

    /// Production bases.
    #[pallet::storage]
    pub type Places<T: Config> = StorageMap<_, Twox64Concat, PlaceId, PlaceDetails, OptionQuery>;

    /// Number of the next production base.
    #[pallet::storage]
    pub type NextPlaceId<T: Config> = StorageValue<_, PlaceId, ValueQuery>;

    /// Earliest harvest of a product at a base, after the farm inputs used there.
    #[pallet::storage]
    pub type EarliestHarvest<T: Config> =
        StorageDoubleMap<_, Twox64Concat, PlaceId, Blake2_128Concat, Gtin, Moment, OptionQuery>;

    /// Batches.
    // The id is a hash already: a second one would spread nothing further.
    #[pallet::storage]
    pub type Batches<T: Config> = StorageMap<_, Identity, BatchId, BatchDetails, OptionQuery>;

    /// Derivations, by the first batch that each made.
    #[pallet::storage]
    pub type Derivations<T: Config> =
        StorageMap<_, Identity, DerivationId, Derivation, OptionQuery>;

    /// Derivations that a batch has gone into, numbered from 0 to its `n_derivations`.
    ///
    /// Written together with [`Derivations`] and [`Batches`].
    #[pallet::storage]
    pub type DerivationsOf<T: Config> =
        StorageDoubleMap<_, Identity, BatchId, Twox64Concat, u32, DerivationId, OptionQuery>;

    /// Logistic units.
    #[pallet::storage]
    pub type LogisticUnits<T: Config> =
        StorageMap<_, Blake2_128Concat, Sscc, LogisticUnit, OptionQuery>;

    /// Recalls, in order of opening.
    #[pallet::storage]
    pub type Recalls<T: Config> = StorageMap<_, Twox64Concat, RecallId, RecallDetails, OptionQuery>;

    /// Number of the next recall.
    #[pallet::storage]
    pub type NextRecallId<T: Config> = StorageValue<_, RecallId, ValueQuery>;

    /// Recalls whose marks are being set or taken off. Always in state, so that its being empty can
    /// be proven.
    #[pallet::storage]
    pub type OpenRecalls<T: Config> = StorageValue<_, OpenRecallIds, ValueQuery>;

    /// Batches that a recall marked, in order of marking. Kept after the recall is lifted.
    #[pallet::storage]
    pub type Affected<T: Config> =
        StorageDoubleMap<_, Twox64Concat, RecallId, Twox64Concat, u32, BatchId, OptionQuery>;

    /// Recalls that marked a batch, with its index in [`Affected`]. Written together with it.
    #[pallet::storage]
    pub type RecallsOf<T: Config> =
        StorageDoubleMap<_, Identity, BatchId, Twox64Concat, RecallId, u32, OptionQuery>;

    /// Units of measure.
    // Governance chooses the key.
    #[pallet::storage]
    pub type Units<T: Config> = StorageMap<_, Twox64Concat, UnitCode, UnitRule, OptionQuery>;

    /// Yield limits.
    #[pallet::storage]
    pub type Yields<T: Config> =
        StorageMap<_, Blake2_128Concat, YieldScope, YieldRule, OptionQuery>;

    /// Farm inputs.
    #[pallet::storage]
    pub type FarmInputs<T: Config> =
        StorageMap<_, Twox64Concat, FarmInputId, FarmInput, OptionQuery>;

    /// What a class of recall reaches.
    #[pallet::storage]
    pub type RecallRules<T: Config> =
        StorageMap<_, Twox64Concat, RecallClass, RecallScope, OptionQuery>;

    /// How far event time may be ahead of block time, in milliseconds.
    #[pallet::storage]
    pub type ClockSkew<T: Config> = StorageValue<_, Moment, ValueQuery>;

    /// The rule set in force.
    #[pallet::storage]
    pub type CurrentRuleSet<T: Config> = StorageValue<_, RuleSet, ValueQuery>;

    /// Hash of every rule set, by version.
    #[pallet::storage]
    pub type RuleSetHashes<T: Config> = StorageMap<_, Twox64Concat, u32, [u8; 32], OptionQuery>;

    /// Governed data and master data from the first block on.
    ///
    /// The default has the usual units, the recall rules, and a skew of half a minute.
    #[pallet::genesis_config]
    pub struct GenesisConfig<T: Config> {
        /// Units of measure.
        pub units: Vec<GenesisUnit>,
        /// Recall rules.
        pub recall_rules: Vec<GenesisRecallRule>,
        /// How far event time may be ahead of block time, in milliseconds.
        pub clock_skew_ms: Moment,
        /// Products.
        pub products: Vec<GenesisProduct>,
        /// Production bases.
        pub places: Vec<GenesisPlace>,
        /// Yield limits.
        pub yields: Vec<GenesisYield>,
        /// Farm inputs.
        pub farm_inputs: Vec<GenesisFarmInput>,
        /// No data.
        #[serde(skip)]
        pub _config: core::marker::PhantomData<T>,
    }

    impl<T: Config> Default for GenesisConfig<T> {
        fn default() -> Self {
            Self {
                units: default_units(),
                recall_rules: default_recall_rules(),
                clock_skew_ms: 30_000,
                products: Vec::new(),
                places: Vec::new(),
                yields: Vec::new(),
                farm_inputs: Vec::new(),
                _config: Default::default(),
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
        /// The batch with this id.
        pub fn batch(id: BatchId) -> Option<BatchDetails> {
            Batches::<T>::get(id)
        }

        /// The id of lot `lot` of `gtin`, and the batch if there is one.
        pub fn batch_by_lot(gtin: Gtin, lot: Lot) -> (BatchId, Option<BatchDetails>) {
            let id = BatchId::of(&gtin, &lot);
            (id, Batches::<T>::get(id))
        }

        /// The product with this GTIN.
        pub fn product(gtin: Gtin) -> Option<ProductDetails> {
            Products::<T>::get(gtin)
        }

        /// The production base with this number.
        pub fn place(id: PlaceId) -> Option<PlaceDetails> {
            Places::<T>::get(id)
        }

        /// The batches that `batch` comes from, nearest first.
        ///
        /// - `depth`: generations to go back.
        /// - `start`, `limit`: rows to skip, and rows wanted, at most [`MAX_PAGE`].
        pub fn trace_back(batch: BatchId, depth: u32, start: u32, limit: u32) -> TracePage {
            Self::trace(batch, Direction::Back, depth, start, limit)
        }

        /// The batches that come from `batch`, nearest first; parameters as for `trace_back`.
        pub fn track_forward(batch: BatchId, depth: u32, start: u32, limit: u32) -> TracePage {
            Self::trace(batch, Direction::Forward, depth, start, limit)
        }

        /// The certificates that `batch` carries, with their status when it was made and now.
        pub fn batch_certificates(batch: BatchId) -> Vec<CertificateOfBatch> {
            Self::certificates_of(batch)
        }

        /// Which recalls in force affect `batch`, exactly, whether or not marks have reached it.
        pub fn recall_status(batch: BatchId) -> RecallStatus {
            Self::exact_recall_status(batch)
        }

        /// The batches that a recall affects, exactly; what is not marked yet comes last.
        pub fn affected_by(recall: RecallId, start: u32, limit: u32) -> AffectedPage {
            Self::affected_page(recall, start, limit)
        }

        /// Recalls whose marks are being set or taken off, with their details.
        pub fn open_recalls() -> Vec<(RecallId, RecallDetails)> {
            OpenRecalls::<T>::get()
                .into_iter()
                .filter_map(|id| Some((id, Recalls::<T>::get(id)?)))
                .collect()
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            let n_steps = Self::advance_open_recalls(T::RecallStepsPerBlock::get());
            T::DbWeight::get()
                .reads(1)
                .saturating_add(T::WeightInfo::recall_step().saturating_mul(u64::from(n_steps)))
        }

        fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
            let overhead = T::DbWeight::get().reads(1);
            let affordable = remaining
                .saturating_sub(overhead)
                .checked_div_per_component(&T::WeightInfo::recall_step())
                .unwrap_or(0);
            if affordable == 0 {
                return Weight::zero();
            }
            let n_steps = Self::advance_open_recalls(u32::try_from(affordable).unwrap_or(u32::MAX));
            overhead.saturating_add(T::WeightInfo::recall_step().saturating_mul(u64::from(n_steps)))
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Registers a product under the caller's organisation, which must be a trace node.
        ///
        /// - `details.owner` is ignored and set to that organisation.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::register_product())]
        pub fn register_product(
            origin: OriginFor<T>,
            gtin: Gtin,
            details: ProductDetails,
        ) -> DispatchResult {
            Self::do_register_product(&ensure_signed(origin)?, gtin, details)
        }

        /// Lets `organisation` produce the caller's product, or no longer.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::license_producer())]
        pub fn license_producer(
            origin: OriginFor<T>,
            gtin: Gtin,
            organisation: OrganisationId,
            licensed: bool,
        ) -> DispatchResult {
            Self::do_license_producer(&ensure_signed(origin)?, gtin, organisation, licensed)
        }

        /// Registers a production base of the caller's organisation in a region it may act in.
        ///
        /// - `area_units`: area in units of 1/300 m², at least 1.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::register_place())]
        pub fn register_place(
            origin: OriginFor<T>,
            region: RegionCode,
            gln: Option<Gln>,
            #[pallet::compact] area_units: u64,
        ) -> DispatchResult {
            Self::do_register_place(&ensure_signed(origin)?, region, gln, area_units)
        }

        /// Registers a growing batch at a base of the caller's organisation.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::register_batch())]
        pub fn register_batch(
            origin: OriginFor<T>,
            gtin: Gtin,
            lot: Lot,
            place: PlaceId,
            context: EventContext,
        ) -> DispatchResult {
            Self::do_register_batch(&ensure_signed(origin)?, gtin, lot, place, context)
        }

        /// Records the use of a farm input on a growing batch. Harvest of the product at that base
        /// is refused until the pre-harvest interval is over.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::use_input())]
        pub fn use_input(
            origin: OriginFor<T>,
            batch: BatchId,
            input: FarmInputId,
            context: EventContext,
        ) -> DispatchResult {
            Self::do_use_input(&ensure_signed(origin)?, batch, input, context)
        }

        /// Harvests or otherwise produces a batch: a growing one, or a new one.
        ///
        /// - `place`: a base of the caller's organisation; for a growing batch, its base.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::produce())]
        pub fn produce(
            origin: OriginFor<T>,
            gtin: Gtin,
            lot: Lot,
            quantity: Measure,
            place: PlaceId,
            context: EventContext,
        ) -> DispatchResult {
            Self::do_produce(&ensure_signed(origin)?, gtin, lot, quantity, place, context)
        }

        /// Records a laboratory's test of a batch it neither made nor holds. A failed test holds
        /// the batch.
        ///
        /// - `sampled_at`: not before the batch was made, not after the event.
        /// - `report`: commitment to the report.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::record_test())]
        pub fn record_test(
            origin: OriginFor<T>,
            batch: BatchId,
            passed: bool,
            sampled_at: Moment,
            report: Commitment,
            context: EventContext,
        ) -> DispatchResult {
            Self::do_record_test(
                &ensure_signed(origin)?,
                batch,
                passed,
                sampled_at,
                report,
                context,
            )
        }

        /// Makes batches of other products from batches, within the governed yields.
        ///
        /// - `loss`: what was lost, in a unit of the dimension in which the inputs are balanced.
        #[pallet::call_index(7)]
        #[pallet::weight(Pallet::<T>::checked(
            T::WeightInfo::transform(inputs.len() as u32, outputs.len() as u32),
            inputs.len() as u32,
        ))]
        pub fn transform(
            origin: OriginFor<T>,
            inputs: TakenInputs,
            outputs: Outputs,
            loss: Option<Measure>,
            context: EventContext,
        ) -> DispatchResultWithPostInfo {
            let spent = T::WeightInfo::transform(inputs.len() as u32, outputs.len() as u32);
            let n_inputs = inputs.len() as u32;
            Self::do_transform(&ensure_signed(origin)?, inputs, outputs, loss, context)?;
            Self::spent(spent, n_inputs)
        }

        /// Parts a batch into lots of the same product; what is not parted stays.
        #[pallet::call_index(8)]
        #[pallet::weight(Pallet::<T>::checked(T::WeightInfo::split(parts.len() as u32), 1))]
        pub fn split(
            origin: OriginFor<T>,
            batch: BatchId,
            parts: Parts,
            context: EventContext,
        ) -> DispatchResultWithPostInfo {
            let spent = T::WeightInfo::split(parts.len() as u32);
            Self::do_split(&ensure_signed(origin)?, batch, parts, context)?;
            Self::spent(spent, 1)
        }

        /// Mixes amounts of at least two batches of one product to a new batch.
        #[pallet::call_index(9)]
        #[pallet::weight(Pallet::<T>::checked(
            T::WeightInfo::merge(inputs.len() as u32), inputs.len() as u32,
        ))]
        pub fn merge(
            origin: OriginFor<T>,
            inputs: TakenInputs,
            lot: Lot,
            context: EventContext,
        ) -> DispatchResultWithPostInfo {
            let n_inputs = inputs.len() as u32;
            Self::do_merge(&ensure_signed(origin)?, inputs, lot, context)?;
            Self::spent(T::WeightInfo::merge(n_inputs), n_inputs)
        }

        /// Packs a bulk batch into pieces of a trade item that names it as its content.
        ///
        /// - `taken`: taken from the batch; equals pieces times net content plus `loss`.
        #[pallet::call_index(10)]
        #[pallet::weight(Pallet::<T>::checked(T::WeightInfo::pack(), 1))]
        pub fn pack(
            origin: OriginFor<T>,
            taken: Taken,
            item: NewBatch,
            loss: Option<Measure>,
            context: EventContext,
        ) -> DispatchResultWithPostInfo {
            Self::do_pack(&ensure_signed(origin)?, taken, item, loss, context)?;
            Self::spent(T::WeightInfo::pack(), 1)
        }

        /// Puts batches into a new logistic unit, or into one that the caller's organisation has.
        #[pallet::call_index(11)]
        #[pallet::weight(Pallet::<T>::checked(
            T::WeightInfo::aggregate(contents.len() as u32), contents.len() as u32,
        ))]
        pub fn aggregate(
            origin: OriginFor<T>,
            sscc: Sscc,
            contents: Contents,
            context: EventContext,
        ) -> DispatchResultWithPostInfo {
            let n_batches = contents.len() as u32;
            Self::do_aggregate(&ensure_signed(origin)?, sscc, contents, context)?;
            Self::spent(T::WeightInfo::aggregate(n_batches), n_batches)
        }

        /// Takes batches out of a logistic unit. An emptied unit is closed for ever.
        #[pallet::call_index(12)]
        #[pallet::weight(T::WeightInfo::disaggregate(contents.len() as u32))]
        pub fn disaggregate(
            origin: OriginFor<T>,
            sscc: Sscc,
            contents: Contents,
            context: EventContext,
        ) -> DispatchResult {
            Self::do_disaggregate(&ensure_signed(origin)?, sscc, contents, context)
        }

        /// Ships all that is on hand of a batch, or a logistic unit. To ship a part, split first.
        ///
        /// - `consignee`: a trace node; for [`ShipPurpose::Return`], the batch's producer.
        #[pallet::call_index(13)]
        #[pallet::weight(Pallet::<T>::checked(
            T::WeightInfo::ship(item.batches_max()), item.batches_max(),
        ))]
        pub fn ship(
            origin: OriginFor<T>,
            item: ShippedItem,
            consignee: OrganisationId,
            purpose: ShipPurpose,
            context: EventContext,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            let n_batches = Self::do_ship(&who, item, consignee, purpose, context)?;
            Self::spent(T::WeightInfo::ship(n_batches), n_batches)
        }

        /// Receives a shipped batch, whole or in part; it is taken out of its logistic unit.
        ///
        /// - `quantity`: accepted, at least 1 base unit and at most what was shipped.
        /// - `shortfall`: what became of the rest; given exactly when there is a rest.
        #[pallet::call_index(14)]
        #[pallet::weight(Pallet::<T>::checked(T::WeightInfo::receive(), 1))]
        pub fn receive(
            origin: OriginFor<T>,
            batch: BatchId,
            quantity: Measure,
            shortfall: Option<Shortfall>,
            into: ReceiveInto,
            context: EventContext,
        ) -> DispatchResultWithPostInfo {
            let who = ensure_signed(origin)?;
            Self::do_receive(&who, batch, quantity, shortfall, into, context)?;
            Self::spent(T::WeightInfo::receive(), 1)
        }

        /// Receives a logistic unit with all that is in it.
        #[pallet::call_index(15)]
        #[pallet::weight(Pallet::<T>::checked(
            T::WeightInfo::receive_unit(MAX_CONTENTS), MAX_CONTENTS,
        ))]
        pub fn receive_unit(
            origin: OriginFor<T>,
            sscc: Sscc,
            into: ReceiveInto,
            context: EventContext,
        ) -> DispatchResultWithPostInfo {
            let n_batches = Self::do_receive_unit(&ensure_signed(origin)?, sscc, into, context)?;
            Self::spent(T::WeightInfo::receive_unit(n_batches), n_batches)
        }

        /// Ends a shipment without receipt: the consignee refuses it, or the sender calls it back.
        /// A batch that was shipped in a unit is taken out of it; a unit goes back whole.
        #[pallet::call_index(16)]
        #[pallet::weight(T::WeightInfo::reject(item.batches_max()))]
        pub fn reject(
            origin: OriginFor<T>,
            item: ShippedItem,
            context: EventContext,
        ) -> DispatchResultWithPostInfo {
            let n_batches = Self::do_reject(&ensure_signed(origin)?, item, context)?;
            Ok(Some(T::WeightInfo::reject(n_batches)).into())
        }

        /// Sells to consumers.
        #[pallet::call_index(17)]
        #[pallet::weight(Pallet::<T>::checked(T::WeightInfo::sell(), 1))]
        pub fn sell(
            origin: OriginFor<T>,
            batch: BatchId,
            quantity: Measure,
            context: EventContext,
        ) -> DispatchResultWithPostInfo {
            Self::do_sell(&ensure_signed(origin)?, batch, quantity, context)?;
            Self::spent(T::WeightInfo::sell(), 1)
        }

        /// Takes sold units back from consumers, also of a held or recalled batch.
        #[pallet::call_index(18)]
        #[pallet::weight(T::WeightInfo::take_back())]
        pub fn take_back(
            origin: OriginFor<T>,
            batch: BatchId,
            quantity: Measure,
            context: EventContext,
        ) -> DispatchResult {
            Self::do_take_back(&ensure_signed(origin)?, batch, quantity, context)
        }

        /// Records that the holder saw or handled a batch; storing and stocking set its stage.
        ///
        /// - `biz_step`: one that changes neither quantity nor custody.
        #[pallet::call_index(19)]
        #[pallet::weight(Pallet::<T>::checked(T::WeightInfo::observe(), 1))]
        pub fn observe(
            origin: OriginFor<T>,
            batch: BatchId,
            biz_step: BizStep,
            disposition: Disposition,
            context: EventContext,
        ) -> DispatchResultWithPostInfo {
            Self::do_observe(&ensure_signed(origin)?, batch, biz_step, disposition, context)?;
            Self::spent(T::WeightInfo::observe(), 1)
        }

        /// Declares units on hand spoilt, spilt or missing.
        #[pallet::call_index(20)]
        #[pallet::weight(Pallet::<T>::checked(T::WeightInfo::record_loss(), 1))]
        pub fn record_loss(
            origin: OriginFor<T>,
            batch: BatchId,
            quantity: Measure,
            context: EventContext,
        ) -> DispatchResultWithPostInfo {
            Self::do_record_loss(&ensure_signed(origin)?, batch, quantity, context)?;
            Self::spent(T::WeightInfo::record_loss(), 1)
        }

        /// Stops a batch: its holder, or market supervision, which also takes over his stop.
        #[pallet::call_index(21)]
        #[pallet::weight(T::WeightInfo::hold())]
        pub fn hold(
            origin: OriginFor<T>,
            batch: BatchId,
            reason: Option<Commitment>,
        ) -> DispatchResult {
            Self::do_hold(&ensure_signed(origin)?, batch, reason)
        }

        /// Releases a held batch: the holder his own stop, market supervision any.
        #[pallet::call_index(22)]
        #[pallet::weight(T::WeightInfo::release())]
        pub fn release(
            origin: OriginFor<T>,
            batch: BatchId,
            reason: Option<Commitment>,
        ) -> DispatchResult {
            Self::do_release(&ensure_signed(origin)?, batch, reason)
        }

        /// Recalls a batch, the siblings that the rule for the class adds, and all descendants:
        /// its producer, or market supervision.
        #[pallet::call_index(23)]
        #[pallet::weight(T::WeightInfo::recall(T::RecallStepsPerCall::get()))]
        pub fn recall(
            origin: OriginFor<T>,
            batch: BatchId,
            class: RecallClass,
            reason: Commitment,
        ) -> DispatchResultWithPostInfo {
            let n_steps = Self::do_recall(&ensure_signed(origin)?, batch, class, reason)?;
            Ok(Some(T::WeightInfo::recall(n_steps)).into())
        }

        /// Lifts a recall: market supervision.
        #[pallet::call_index(24)]
        #[pallet::weight(T::WeightInfo::recall(T::RecallStepsPerCall::get()))]
        pub fn lift_recall(
            origin: OriginFor<T>,
            recall: RecallId,
            reason: Commitment,
        ) -> DispatchResultWithPostInfo {
            let n_steps = Self::do_lift_recall(&ensure_signed(origin)?, recall, reason)?;
            Ok(Some(T::WeightInfo::recall(n_steps)).into())
        }

        /// Destroys units on hand: the holder, unless market supervision holds the batch; market
        /// supervision, if it holds the batch or the batch is recalled.
        #[pallet::call_index(25)]
        #[pallet::weight(T::WeightInfo::destroy())]
        pub fn destroy(
            origin: OriginFor<T>,
            batch: BatchId,
            quantity: Measure,
            context: EventContext,
        ) -> DispatchResult {
            Self::do_destroy(&ensure_signed(origin)?, batch, quantity, context)
        }

        /// Claims a certificate for a batch that the caller's organisation made and holds, loose
        /// and neither stopped nor recalled.
        ///
        /// - `certificate`: in force when the batch was made; not revoked or cancelled now; covers
        ///   the producer, the product and, for a batch produced at a base, the base. For a derived
        ///   batch, every batch that went into it carries a certificate of the same scheme. Batches
        ///   beyond what it certifies are refused by whoever keeps it
        ///   ([`Certificates::count_claim`]).
        ///
        /// Source: Measures for Organic Product Certification (有机产品认证管理办法): a mark is used
        /// only within the products and scope of the certificate.
        #[pallet::call_index(26)]
        #[pallet::weight(Pallet::<T>::checked(Pallet::<T>::claiming(MAX_INPUTS), 1))]
        pub fn claim_certificate(
            origin: OriginFor<T>,
            batch: BatchId,
            certificate: CertificateId,
        ) -> DispatchResultWithPostInfo {
            let n_parents =
                Self::do_claim_certificate(&ensure_signed(origin)?, batch, certificate)?;
            Self::spent(Self::claiming(n_parents), 1)
        }

        /// Sets what a unit of measure is in base units. Governance.
        #[pallet::call_index(30)]
        #[pallet::weight(T::WeightInfo::set_rule())]
        pub fn set_unit(origin: OriginFor<T>, code: UnitCode, rule: UnitRule) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_unit(code, rule)
        }

        /// Sets a yield limit, or ends it. Governance.
        #[pallet::call_index(31)]
        #[pallet::weight(T::WeightInfo::set_rule())]
        pub fn set_yield(
            origin: OriginFor<T>,
            scope: YieldScope,
            rule: Option<YieldRule>,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_yield(scope, rule)
        }

        /// Sets a farm input. Governance, or the agricultural authority for the whole country.
        #[pallet::call_index(32)]
        #[pallet::weight(T::WeightInfo::set_rule())]
        pub fn set_farm_input(
            origin: OriginFor<T>,
            id: FarmInputId,
            input: FarmInput,
        ) -> DispatchResult {
            Self::ensure_governs_farm_inputs(origin)?;
            Self::do_set_farm_input(id, input)
        }

        /// Sets what a class of recall reaches. Governance.
        #[pallet::call_index(33)]
        #[pallet::weight(T::WeightInfo::set_rule())]
        pub fn set_recall_rule(
            origin: OriginFor<T>,
            class: RecallClass,
            scope: RecallScope,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_recall_rule(class, scope)
        }

        /// Sets how far event time may be ahead of block time, at most a day. Governance.
        #[pallet::call_index(34)]
        #[pallet::weight(T::WeightInfo::set_rule())]
        pub fn set_clock_skew(origin: OriginFor<T>, skew_ms: Moment) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_set_clock_skew(skew_ms)
        }
    }
}
