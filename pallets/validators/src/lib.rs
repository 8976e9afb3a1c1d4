//! # Validators pallet
//!
//! Who votes on blocks, and which nodes may connect to the network.
//!
//! ## Overview
//!
//! The committee decides both by motion. A change of the validator set decided in block H acts
//! from height H+2, so that the header of every block can commit to the sets of the two heights
//! that follow it, and a client can follow the chain from headers and certificates alone.
//!
//! Not responsible for: voting power (one vote each), rewards, punishment, or the wishes of the
//! validators themselves. The accounts of this pallet are keys of machines, not participants.
//!
//! ## Terminology
//!
//! - **Validator**: a member of a set, named by the ed25519 key that it signs votes with.
//! - **Node key**: the ed25519 key by which a machine is known to its libp2p peers. Every
//!   validator has one; it is permitted as long as the validator is in a set that matters.
//! - **Permitted node**: a machine that may connect in its own right, such as a full node, under
//!   a public label that says whose it is.
//! - **Set of a height**: the validators who may propose and vote for the block of that height.
//!
//! ## Scenario
//!
//! 1. Lishui's data bureau wants to validate. The committee permits its node ("Lishui data
//!    bureau"), which connects and catches up.
//! 2. By a motion executed in block 100 the committee adds the bureau's voting key with the same
//!    node. The header of block 100 carries, as `after_next`, the hash of a set with the bureau
//!    in it; block 101 carries the same hash as `next`; from block 102 the bureau votes.
//! 3. A year later its voting key moves to new hardware: the committee rotates the key. The old
//!    key votes until the second block after the motion, the new one from there.
//! 4. The bureau leaves: its validator is removed. Its node stays connected for as long as it is
//!    permitted in its own right.
//!
//! ## Interface
//!
//! - Calls, all by the governance origin: [`Pallet::add_validator`],
//!   [`Pallet::remove_validator`], [`Pallet::rotate_validator`], [`Pallet::replace_node`],
//!   [`Pallet::permit_node`], [`Pallet::forbid_node`].
//! - View functions: [`Pallet::next_validators`], [`Pallet::after_next_validators`],
//!   [`Pallet::permitted_nodes`], [`Pallet::node_label`].
//! - For the runtime: [`Pallet::validator_sets`], and `OnTimestampSet<u64>`, which holds the
//!   timestamp of a block to the time in its header.
//!
//! ## Design
//!
//! The state after block H holds the sets of H+1 and H+2. When block H+1 begins, the set of H+1
//! judges its proposer and is forgotten, the set of H+2 takes its place, and the set of H+3
//! begins as a copy of it, which calls change. When it ends, hashes of both go into the header.
//!
//! A block panics, and so is invalid, when it does not begin with exactly one
//! [`PreDigest`](ecoledger_primitives::PreDigest), when its proposer is not in the set of its
//! height, or when its timestamp is not the time that the digest states.
//!
//! Everything here is public: validators and nodes are institutions' machines.
//!
//! Invariants: see `do_try_state`.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod functions;
pub mod types;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use types::{GenesisNode, GenesisValidator, NodeKey, Validator};
pub use weights::WeightInfo;

use frame_support::BoundedVec;

/// The members of a validator set, ascending by voting key.
pub type Validators<T> = BoundedVec<Validator, <T as Config>::MaxValidators>;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use ecoledger_primitives::{VALIDATORS_MAX, ValidatorId};
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    /// Version of the layout of the pallet's storage.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    /// Heights between the block that decides a change and the first that it acts on.
    pub const CHANGE_DELAY_BLOCKS: u32 = 2;

    /// What the runtime decides about this pallet.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who may change the sets and the permitted nodes: the committee.
        type GovernanceOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// Most validators in a set; at most `ecoledger_primitives::VALIDATORS_MAX`.
        #[pallet::constant]
        type MaxValidators: Get<u32>;

        /// Fewest validators that a removal may leave; at least 1.
        #[pallet::constant]
        type MinValidators: Get<u32>;

        /// Most nodes that are permitted in their own right. Every node of the network keeps the
        /// whole list in memory.
        #[pallet::constant]
        type MaxPermittedNodes: Get<u32>;

        /// Longest label of a permitted node, in bytes.
        #[pallet::constant]
        type MaxLabelBytes: Get<u32>;

        /// Weights of the calls and hooks.
        type WeightInfo: WeightInfo;
    }

    /// The pallet.
    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// The validators of the height after this state's, ascending by key.
    ///
    /// Never empty, unless the genesis names no validators.
    #[pallet::storage]
    pub type NextValidators<T: Config> = StorageValue<_, Validators<T>, ValueQuery>;

    /// The validators of the second height after this state's, ascending by key; what calls
    /// change.
    ///
    /// Never empty, unless the genesis names no validators.
    #[pallet::storage]
    pub type AfterNextValidators<T: Config> = StorageValue<_, Validators<T>, ValueQuery>;

    // Blake2: the committee chooses keys that operators made.
    /// Label of each node that may connect in its own right: 1 to `MaxLabelBytes` bytes of UTF-8
    /// that say whose node it is.
    #[pallet::storage]
    pub type PermittedNodes<T: Config> = CountedStorageMap<
        _,
        Blake2_128Concat,
        NodeKey,
        BoundedVec<u8, T::MaxLabelBytes>,
        OptionQuery,
    >;

    /// The first two sets, and the nodes that may connect from the start.
    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Validators of heights 1 and 2, in any order; `MinValidators` to `MaxValidators`, or
        /// none: then no block can follow.
        pub validators: Vec<GenesisValidator>,
        /// Nodes permitted in their own right; at most `MaxPermittedNodes`.
        pub nodes: Vec<GenesisNode>,
        /// Binds the type to a runtime.
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let mut validators = Validators::<T>::default();
            for GenesisValidator { key, node_key } in &self.validators {
                let validator = Validator { key: key.0, node_key: node_key.0 };
                Pallet::<T>::insert(&mut validators, validator).unwrap_or_else(|error| {
                    panic!("genesis validator {key:?} with node {node_key:?}: {error:?}")
                });
            }
            // Tools build the default, empty genesis; no block can be built on it.
            if !validators.is_empty() {
                assert!(
                    validators.len() as u32 >= T::MinValidators::get(),
                    "genesis: name at least {} validator(s), got {}",
                    T::MinValidators::get(),
                    validators.len()
                );
                NextValidators::<T>::put(&validators);
                AfterNextValidators::<T>::put(validators);
            }
            for GenesisNode { node_key, label } in &self.nodes {
                BoundedVec::try_from(label.clone().into_bytes())
                    .map_err(|_| Error::<T>::LabelInvalid.into())
                    .and_then(|label| Pallet::<T>::do_permit_node(node_key.0, label))
                    .unwrap_or_else(|error| panic!("genesis node {node_key:?}: {error:?}"));
            }
        }
    }

    /// What happened.
    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A validator was added.
        #[codec(index = 0)]
        ValidatorAdded {
            /// Its voting key.
            key: ValidatorId,
            /// Its node, which may connect from this block.
            node_key: NodeKey,
            /// First height at which it votes.
            active_from: BlockNumberFor<T>,
        },
        /// A validator was removed.
        #[codec(index = 1)]
        ValidatorRemoved {
            /// Its voting key.
            key: ValidatorId,
            /// First height at which it does not vote.
            active_from: BlockNumberFor<T>,
        },
        /// A validator was given another voting key.
        #[codec(index = 2)]
        ValidatorRotated {
            /// The key that votes no more from `active_from`.
            old: ValidatorId,
            /// The key that votes from `active_from`.
            new: ValidatorId,
            /// First height of the new key.
            active_from: BlockNumberFor<T>,
        },
        /// A validator was given another node.
        #[codec(index = 3)]
        ValidatorNodeReplaced {
            /// Its voting key.
            key: ValidatorId,
            /// The node that it had; it may connect until `active_from`.
            old: NodeKey,
            /// The node that it has; it may connect from this block.
            new: NodeKey,
            /// First height of the new node.
            active_from: BlockNumberFor<T>,
        },
        /// A node may connect in its own right.
        #[codec(index = 4)]
        NodePermitted {
            /// The node.
            node_key: NodeKey,
            /// Whose node it is, UTF-8.
            label: BoundedVec<u8, T::MaxLabelBytes>,
        },
        /// A node may no longer connect in its own right.
        #[codec(index = 5)]
        NodeForbidden {
            /// The node.
            node_key: NodeKey,
        },
    }

    /// Why a call was refused.
    #[pallet::error]
    pub enum Error<T> {
        /// The key is no point of ed25519, or one under which anyone can sign. Generate another
        /// key pair.
        #[codec(index = 0)]
        WeakKey,
        /// The voting key is in the set of the height after next. Use another, or change that
        /// validator.
        #[codec(index = 1)]
        AlreadyValidator,
        /// The voting key is not in the set of the height after next. Query that set for the keys
        /// in it.
        #[codec(index = 2)]
        NotValidator,
        /// A validator's node has this node key. Give each validator a node of its own.
        #[codec(index = 3)]
        NodeKeyTaken,
        /// The same key would sign votes and identify a node. Generate a key pair for each use.
        #[codec(index = 4)]
        KeyHasTwoUses,
        /// The set has `MaxValidators` members. Remove one first.
        #[codec(index = 5)]
        TooManyValidators,
        /// The set would have fewer than `MinValidators` members. Add another first.
        #[codec(index = 6)]
        TooFewValidators,
        /// The label is empty or not UTF-8. Say whose node it is.
        #[codec(index = 7)]
        LabelInvalid,
        /// The node is permitted in its own right. Forbid it first to change its label.
        #[codec(index = 8)]
        NodeAlreadyPermitted,
        /// The node is not permitted in its own right. A validator's node goes with its validator.
        #[codec(index = 9)]
        NodeNotPermitted,
        /// `MaxPermittedNodes` nodes are permitted. Forbid one first.
        #[codec(index = 10)]
        TooManyNodes,
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The validators of the height after this state's, ascending by key.
        pub fn next_validators() -> Vec<Validator> {
            NextValidators::<T>::get().into_inner()
        }

        /// The validators of the second height after this state's, ascending by key.
        pub fn after_next_validators() -> Vec<Validator> {
            AfterNextValidators::<T>::get().into_inner()
        }

        /// Keys of all nodes that may connect, ascending: the nodes of the validators of the next
        /// two heights, and those permitted in their own right.
        pub fn permitted_nodes() -> Vec<NodeKey> {
            Self::all_permitted_nodes()
        }

        /// The label of a node that is permitted in its own right.
        pub fn node_label(node_key: NodeKey) -> Option<BoundedVec<u8, T::MaxLabelBytes>> {
            PermittedNodes::<T>::get(node_key)
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Adds a validator, who votes from the second height after this block.
        ///
        /// ## Dispatch Origin
        /// `GovernanceOrigin`.
        ///
        /// ## Details
        /// - `key`: ed25519 public key that it will sign votes with.
        /// - `node_key`: ed25519 public key of its node, which may connect from this block. It
        ///   may be permitted in its own right already.
        ///
        /// ## Errors
        /// - [`Error::WeakKey`], [`Error::AlreadyValidator`], [`Error::NodeKeyTaken`],
        ///   [`Error::KeyHasTwoUses`], [`Error::TooManyValidators`].
        ///
        /// ## Events
        /// - [`Event::ValidatorAdded`].
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::add_validator(T::MaxValidators::get()))]
        pub fn add_validator(
            origin: OriginFor<T>,
            key: ValidatorId,
            node_key: NodeKey,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_add_validator(key, node_key)?;
            let active_from = Self::active_from();
            Self::deposit_event(Event::ValidatorAdded { key, node_key, active_from });
            Ok(())
        }

        /// Removes a validator, who votes no more from the second height after this block.
        ///
        /// Its node may connect until then, and afterwards if it is permitted in its own right.
        ///
        /// ## Dispatch Origin
        /// `GovernanceOrigin`.
        ///
        /// ## Details
        /// - `key`: voting key of a member of the set of the height after next.
        ///
        /// ## Errors
        /// - [`Error::NotValidator`], [`Error::TooFewValidators`].
        ///
        /// ## Events
        /// - [`Event::ValidatorRemoved`].
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::remove_validator(T::MaxValidators::get()))]
        pub fn remove_validator(origin: OriginFor<T>, key: ValidatorId) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_remove_validator(&key)?;
            let active_from = Self::active_from();
            Self::deposit_event(Event::ValidatorRemoved { key, active_from });
            Ok(())
        }

        /// Gives a validator another voting key from the second height after this block, keeping
        /// its node.
        ///
        /// ## Dispatch Origin
        /// `GovernanceOrigin`.
        ///
        /// ## Details
        /// - `old`: voting key of a member of the set of the height after next.
        /// - `new`: the key that takes its place.
        ///
        /// ## Errors
        /// - [`Error::NotValidator`], [`Error::WeakKey`], [`Error::AlreadyValidator`],
        ///   [`Error::KeyHasTwoUses`].
        ///
        /// ## Events
        /// - [`Event::ValidatorRotated`].
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::rotate_validator(T::MaxValidators::get()))]
        pub fn rotate_validator(
            origin: OriginFor<T>,
            old: ValidatorId,
            new: ValidatorId,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_rotate_validator(&old, new)?;
            let active_from = Self::active_from();
            Self::deposit_event(Event::ValidatorRotated { old, new, active_from });
            Ok(())
        }

        /// Gives a validator another node.
        ///
        /// The new node may connect from this block, the old one until the second block after it.
        ///
        /// ## Dispatch Origin
        /// `GovernanceOrigin`.
        ///
        /// ## Details
        /// - `key`: voting key of a member of the set of the height after next.
        /// - `node_key`: ed25519 public key of the new node.
        ///
        /// ## Errors
        /// - [`Error::NotValidator`], [`Error::WeakKey`], [`Error::NodeKeyTaken`],
        ///   [`Error::KeyHasTwoUses`].
        ///
        /// ## Events
        /// - [`Event::ValidatorNodeReplaced`].
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::replace_node(T::MaxValidators::get()))]
        pub fn replace_node(
            origin: OriginFor<T>,
            key: ValidatorId,
            node_key: NodeKey,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            let old = Self::do_replace_node(&key, node_key)?;
            let active_from = Self::active_from();
            Self::deposit_event(Event::ValidatorNodeReplaced {
                key,
                old,
                new: node_key,
                active_from,
            });
            Ok(())
        }

        /// Permits a node to connect in its own right.
        ///
        /// ## Dispatch Origin
        /// `GovernanceOrigin`.
        ///
        /// ## Details
        /// - `node_key`: ed25519 public key of the node; a validator's node may be named too, and
        ///   then may stay when its validator leaves.
        /// - `label`: whose node it is, 1 to `MaxLabelBytes` bytes of UTF-8. Public: name an
        ///   institution, never a person.
        ///
        /// ## Errors
        /// - [`Error::WeakKey`], [`Error::LabelInvalid`], [`Error::NodeAlreadyPermitted`],
        ///   [`Error::TooManyNodes`].
        ///
        /// ## Events
        /// - [`Event::NodePermitted`].
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::permit_node())]
        pub fn permit_node(
            origin: OriginFor<T>,
            node_key: NodeKey,
            label: BoundedVec<u8, T::MaxLabelBytes>,
        ) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_permit_node(node_key, label.clone())?;
            Self::deposit_event(Event::NodePermitted { node_key, label });
            Ok(())
        }

        /// Withdraws a node's own permission to connect.
        ///
        /// A validator's node may go on connecting for as long as its validator is in a set.
        ///
        /// ## Dispatch Origin
        /// `GovernanceOrigin`.
        ///
        /// ## Details
        /// - `node_key`: a node that is permitted in its own right.
        ///
        /// ## Errors
        /// - [`Error::NodeNotPermitted`].
        ///
        /// ## Events
        /// - [`Event::NodeForbidden`].
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::forbid_node())]
        pub fn forbid_node(origin: OriginFor<T>, node_key: NodeKey) -> DispatchResult {
            T::GovernanceOrigin::ensure_origin(origin)?;
            Self::do_forbid_node(&node_key)?;
            Self::deposit_event(Event::NodeForbidden { node_key });
            Ok(())
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_now: BlockNumberFor<T>) -> Weight {
            T::WeightInfo::on_block(Self::begin_block())
        }

        fn on_finalize(_now: BlockNumberFor<T>) {
            Self::end_block();
        }

        fn integrity_test() {
            assert!(T::MinValidators::get() >= 1, "a set has at least one validator");
            assert!(T::MinValidators::get() <= T::MaxValidators::get(), "bounds of a set");
            assert!(
                T::MaxValidators::get() as usize <= VALIDATORS_MAX,
                "certificates are bounded by VALIDATORS_MAX"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    impl<T: Config> Pallet<T> {
        /// First height that a change decided in this block acts on.
        fn active_from() -> BlockNumberFor<T> {
            frame_system::Pallet::<T>::block_number() + CHANGE_DELAY_BLOCKS.into()
        }
    }
}
