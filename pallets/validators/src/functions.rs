//! The rules behind the calls, the hooks and the genesis.

use crate::{
    AfterNextValidators, Config, Error, NextValidators, NodeKey, Pallet, PermittedNodes, Validator,
    Validators,
};
use alloc::{collections::BTreeSet, vec::Vec};
use ecoledger_primitives::{
    PreDigest, ValidatorId, ValidatorSet, ValidatorSetDigest, is_weak_ed25519_key,
};
use frame_support::{ensure, pallet_prelude::*, traits::OnTimestampSet};

impl<T: Config> Pallet<T> {
    /// The validator sets of the height after the state's, and of the height after that.
    ///
    /// # Panics
    /// When the genesis named no validators: there is no height after it.
    pub fn validator_sets() -> (ValidatorSet, ValidatorSet) {
        (Self::set_of(&NextValidators::<T>::get()), Self::set_of(&AfterNextValidators::<T>::get()))
    }

    /// The keys of `validators` as headers commit to them.
    fn set_of(validators: &[Validator]) -> ValidatorSet {
        ValidatorSet::new(validators.iter().map(|validator| validator.key).collect()).expect(
            "unless the genesis names none, sets have 1..=VALIDATORS_MAX distinct keys; qed",
        )
    }

    /// Keys of all nodes that may connect, ascending: those of the validators of the next two
    /// heights, and those permitted in their own right.
    pub(crate) fn all_permitted_nodes() -> Vec<NodeKey> {
        let mut nodes: BTreeSet<NodeKey> = PermittedNodes::<T>::iter_keys().collect();
        nodes.extend(NextValidators::<T>::get().iter().map(|validator| validator.node_key));
        nodes.extend(AfterNextValidators::<T>::get().iter().map(|validator| validator.node_key));
        nodes.into_iter().collect()
    }

    /// Checks the proposer of the block that begins, and moves the sets on by one height.
    ///
    /// Returns the size of the larger set, for weighing.
    ///
    /// # Panics
    /// When the header's pre-runtime digest is not exactly one [`PreDigest`], or its proposer is
    /// not in the set of this height: the block is invalid.
    pub(crate) fn begin_block() -> u32 {
        let digest = frame_system::Pallet::<T>::digest();
        assert!(digest.logs.len() == 1, "a block begins with one digest item, its PreDigest");
        let pre = PreDigest::of(&digest).expect("a block begins with a well-formed PreDigest");

        let current = NextValidators::<T>::get();
        assert!(
            Self::position(&current, &pre.proposer).is_ok(),
            "the proposer is in the validator set of its height"
        );
        let next = AfterNextValidators::<T>::get();
        if next != current {
            NextValidators::<T>::put(&next);
        }
        current.len().max(next.len()) as u32
    }

    /// Commits the header to the sets of the two heights that follow.
    pub(crate) fn end_block() {
        let (next, after_next) = Self::validator_sets();
        let next_hash = next.hash();
        let after_next_hash = if next == after_next { next_hash } else { after_next.hash() };
        frame_system::Pallet::<T>::deposit_log(
            ValidatorSetDigest { next: next_hash, after_next: after_next_hash }.to_item(),
        );
    }

    /// Where `key` stands in `validators`, or else where it would.
    fn position(validators: &[Validator], key: &ValidatorId) -> Result<usize, usize> {
        validators.binary_search_by_key(key, |validator| validator.key)
    }

    /// Puts `new` among `validators`, keeping order.
    ///
    /// # Errors
    /// - [`Error::WeakKey`]: one of its keys is no ed25519 point or of small order.
    /// - [`Error::AlreadyValidator`]: its voting key is among them.
    /// - [`Error::NodeKeyTaken`]: another member's node has its node key.
    /// - [`Error::KeyHasTwoUses`]: a voting key would also be a node key.
    /// - [`Error::TooManyValidators`]: the set is full.
    pub(crate) fn insert(validators: &mut Validators<T>, new: Validator) -> DispatchResult {
        let Validator { key, node_key } = new;
        ensure!(!is_weak_ed25519_key(&key), Error::<T>::WeakKey);
        ensure!(!is_weak_ed25519_key(&node_key), Error::<T>::WeakKey);
        let Err(index) = Self::position(validators, &key) else {
            return Err(Error::<T>::AlreadyValidator.into());
        };
        let node_is_new = validators.iter().all(|validator| validator.node_key != node_key);
        ensure!(node_is_new, Error::<T>::NodeKeyTaken);
        let one_use_each = key != node_key
            && validators.iter().all(|other| other.key != node_key && other.node_key != key);
        ensure!(one_use_each, Error::<T>::KeyHasTwoUses);
        validators.try_insert(index, new).map_err(|_| Error::<T>::TooManyValidators)?;
        Ok(())
    }

    /// Takes the member with `key` out of `validators`.
    ///
    /// # Errors
    /// [`Error::NotValidator`]: it is not among them.
    fn take(validators: &mut Validators<T>, key: &ValidatorId) -> Result<Validator, DispatchError> {
        let index = Self::position(validators, key).map_err(|_| Error::<T>::NotValidator)?;
        Ok(validators.remove(index))
    }

    /// Adds a validator to the set of the height after next.
    ///
    /// # Errors
    /// Those of [`Self::insert`].
    pub(crate) fn do_add_validator(key: ValidatorId, node_key: NodeKey) -> DispatchResult {
        AfterNextValidators::<T>::try_mutate(|validators| {
            Self::insert(validators, Validator { key, node_key })
        })
    }

    /// Removes a validator from the set of the height after next.
    ///
    /// # Errors
    /// - [`Error::NotValidator`]: `key` is not in that set.
    /// - [`Error::TooFewValidators`]: the set is at its minimum.
    pub(crate) fn do_remove_validator(key: &ValidatorId) -> DispatchResult {
        AfterNextValidators::<T>::try_mutate(|validators| {
            Self::take(validators, key)?;
            let enough = validators.len() as u32 >= T::MinValidators::get();
            ensure!(enough, Error::<T>::TooFewValidators);
            Ok(())
        })
    }

    /// Gives a validator another voting key, keeping its node.
    ///
    /// # Errors
    /// [`Error::NotValidator`] for `old`; those of [`Self::insert`] for `new`.
    pub(crate) fn do_rotate_validator(old: &ValidatorId, new: ValidatorId) -> DispatchResult {
        ensure!(*old != new, Error::<T>::AlreadyValidator);
        AfterNextValidators::<T>::try_mutate(|validators| {
            let Validator { node_key, .. } = Self::take(validators, old)?;
            Self::insert(validators, Validator { key: new, node_key })
        })
    }

    /// Gives a validator another node; returns the node key it had.
    ///
    /// # Errors
    /// [`Error::NotValidator`] for `key`; those of [`Self::insert`] for `node_key`.
    pub(crate) fn do_replace_node(
        key: &ValidatorId,
        node_key: NodeKey,
    ) -> Result<NodeKey, DispatchError> {
        AfterNextValidators::<T>::try_mutate(|validators| {
            let old = Self::take(validators, key)?.node_key;
            ensure!(old != node_key, Error::<T>::NodeKeyTaken);
            Self::insert(validators, Validator { key: *key, node_key })?;
            Ok(old)
        })
    }

    /// Permits a node to connect in its own right.
    ///
    /// # Errors
    /// - [`Error::WeakKey`]: `node_key` is no ed25519 point or of small order.
    /// - [`Error::LabelInvalid`]: `label` is empty or not UTF-8.
    /// - [`Error::NodeAlreadyPermitted`]: it is permitted in its own right.
    /// - [`Error::TooManyNodes`]: the list is full.
    pub(crate) fn do_permit_node(
        node_key: NodeKey,
        label: BoundedVec<u8, T::MaxLabelBytes>,
    ) -> DispatchResult {
        ensure!(!is_weak_ed25519_key(&node_key), Error::<T>::WeakKey);
        ensure!(Self::is_label(&label), Error::<T>::LabelInvalid);
        let is_new = !PermittedNodes::<T>::contains_key(node_key);
        ensure!(is_new, Error::<T>::NodeAlreadyPermitted);
        let has_room = PermittedNodes::<T>::count() < T::MaxPermittedNodes::get();
        ensure!(has_room, Error::<T>::TooManyNodes);
        PermittedNodes::<T>::insert(node_key, label);
        Ok(())
    }

    /// Withdraws a node's own permission.
    ///
    /// # Errors
    /// [`Error::NodeNotPermitted`]: it has none.
    pub(crate) fn do_forbid_node(node_key: &NodeKey) -> DispatchResult {
        ensure!(PermittedNodes::<T>::contains_key(node_key), Error::<T>::NodeNotPermitted);
        PermittedNodes::<T>::remove(node_key);
        Ok(())
    }

    /// Whether `label` can be shown: UTF-8 and not empty.
    fn is_label(label: &[u8]) -> bool {
        !label.is_empty() && core::str::from_utf8(label).is_ok()
    }
}

#[cfg(any(feature = "try-runtime", test))]
impl<T: Config> Pallet<T> {
    /// Checks what must hold after every block.
    ///
    /// 1. Either set has `MinValidators` to `MaxValidators` members, ascending by voting key; no
    ///    key is weak, none is used twice within a set, be it for voting or for a node.
    /// 2. The count of permitted nodes is that of their records and at most `MaxPermittedNodes`;
    ///    their keys are not weak, their labels are UTF-8 and not empty.
    ///
    /// # Errors
    /// The sentence that does not hold.
    pub(crate) fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
        for validators in [NextValidators::<T>::get(), AfterNextValidators::<T>::get()] {
            let len = validators.len() as u32;
            let bounds = T::MinValidators::get()..=T::MaxValidators::get();
            ensure!(bounds.contains(&len), "1: the size of a validator set is within its bounds");
            let ascending = validators
                .windows(2)
                .all(|pair| matches!(pair, [left, right] if left.key < right.key));
            ensure!(ascending, "1: validators ascend by key");
            let keys: BTreeSet<[u8; 32]> =
                validators.iter().flat_map(|v| [v.key, v.node_key]).collect();
            ensure!(keys.len() == 2 * validators.len(), "1: no key has two uses in a set");
            ensure!(!keys.iter().any(is_weak_ed25519_key), "1: no validator has a weak key");
        }
        let mut n_nodes = 0u32;
        for (node_key, label) in PermittedNodes::<T>::iter() {
            n_nodes += 1;
            ensure!(!is_weak_ed25519_key(&node_key), "2: no permitted node has a weak key");
            ensure!(Self::is_label(&label), "2: labels are UTF-8 and not empty");
        }
        ensure!(n_nodes == PermittedNodes::<T>::count(), "2: the count is that of the records");
        ensure!(n_nodes <= T::MaxPermittedNodes::get(), "2: permitted nodes are within bounds");
        Ok(())
    }
}

/// The timestamp of a block is the time that its proposer committed to.
impl<T: Config> OnTimestampSet<u64> for Pallet<T> {
    /// # Panics
    /// When `moment` is not the time of the header's [`PreDigest`]: the block is invalid.
    fn on_timestamp_set(moment: u64) {
        let pre = PreDigest::of(&frame_system::Pallet::<T>::digest());
        assert!(
            pre.is_some_and(|pre| pre.time_ms == moment),
            "the timestamp is the time of the PreDigest"
        );
    }
}
