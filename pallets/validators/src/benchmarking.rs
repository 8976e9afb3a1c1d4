//! Benchmarks of every call and of the hooks, with sets of every size.

use super::*;
use crate::Pallet as ValidatorsPallet;
use alloc::{vec, vec::Vec};
use ecoledger_primitives::{PreDigest, is_weak_ed25519_key};
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get, Hooks};
use sp_runtime::traits::One;

/// The `index`-th of a sequence of ed25519 points, by hashing until one decompresses.
fn key(index: u32) -> [u8; 32] {
    let mut key = sp_io::hashing::blake2_256(&index.to_le_bytes());
    while is_weak_ed25519_key(&key) {
        key = sp_io::hashing::blake2_256(&key);
    }
    key
}

/// The `index`-th validator.
fn validator(index: u32) -> Validator {
    Validator { key: key(2 * index), node_key: key(2 * index + 1) }
}

/// Makes both stored sets the first `n` validators.
fn with_validators<T: Config>(n: u32) -> Result<(), BenchmarkError> {
    let mut validators = Validators::<T>::default();
    for index in 0..n {
        ValidatorsPallet::<T>::insert(&mut validators, validator(index))?;
    }
    NextValidators::<T>::put(&validators);
    AfterNextValidators::<T>::put(validators);
    Ok(())
}

/// The governance origin.
fn governance<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::GovernanceOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

/// The longest label.
fn label<T: Config>() -> BoundedVec<u8, T::MaxLabelBytes> {
    let bytes: Vec<u8> = vec![b'L'; T::MaxLabelBytes::get() as usize];
    bytes.try_into().expect("it has MaxLabelBytes bytes; qed")
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn on_block(
        v: Linear<{ T::MinValidators::get() + 1 }, { T::MaxValidators::get() }>,
    ) -> Result<(), BenchmarkError> {
        with_validators::<T>(v)?;
        ValidatorsPallet::<T>::do_remove_validator(&validator(0).key)?;
        let now = frame_system::Pallet::<T>::block_number() + One::one();
        let parent = frame_system::Pallet::<T>::parent_hash();
        let pre = PreDigest { time_ms: 1, proposer: validator(0).key };
        frame_system::Pallet::<T>::initialize(&now, &parent, &pre.to_digest());

        #[block]
        {
            ValidatorsPallet::<T>::on_initialize(now);
            ValidatorsPallet::<T>::on_finalize(now);
        }

        assert_eq!(NextValidators::<T>::get().len() as u32, v - 1);
        Ok(())
    }

    #[benchmark]
    fn add_validator(v: Linear<1, { T::MaxValidators::get() - 1 }>) -> Result<(), BenchmarkError> {
        with_validators::<T>(v)?;
        let Validator { key, node_key } = validator(v);

        #[extrinsic_call]
        _(governance::<T>()? as T::RuntimeOrigin, key, node_key);

        assert_eq!(AfterNextValidators::<T>::get().len() as u32, v + 1);
        Ok(())
    }

    #[benchmark]
    fn remove_validator(
        v: Linear<{ T::MinValidators::get() + 1 }, { T::MaxValidators::get() }>,
    ) -> Result<(), BenchmarkError> {
        with_validators::<T>(v)?;

        #[extrinsic_call]
        _(governance::<T>()? as T::RuntimeOrigin, validator(0).key);

        assert_eq!(AfterNextValidators::<T>::get().len() as u32, v - 1);
        Ok(())
    }

    #[benchmark]
    fn rotate_validator(v: Linear<1, { T::MaxValidators::get() }>) -> Result<(), BenchmarkError> {
        with_validators::<T>(v)?;

        #[extrinsic_call]
        _(governance::<T>()? as T::RuntimeOrigin, validator(0).key, validator(v).key);

        assert_ne!(NextValidators::<T>::get(), AfterNextValidators::<T>::get());
        Ok(())
    }

    #[benchmark]
    fn replace_node(v: Linear<1, { T::MaxValidators::get() }>) -> Result<(), BenchmarkError> {
        with_validators::<T>(v)?;

        #[extrinsic_call]
        _(governance::<T>()? as T::RuntimeOrigin, validator(0).key, validator(v).node_key);

        assert_ne!(NextValidators::<T>::get(), AfterNextValidators::<T>::get());
        Ok(())
    }

    #[benchmark]
    fn permit_node() -> Result<(), BenchmarkError> {
        let node_key = key(1_000_000);

        #[extrinsic_call]
        _(governance::<T>()? as T::RuntimeOrigin, node_key, label::<T>());

        assert!(PermittedNodes::<T>::contains_key(node_key));
        Ok(())
    }

    #[benchmark]
    fn forbid_node() -> Result<(), BenchmarkError> {
        let node_key = key(1_000_000);
        ValidatorsPallet::<T>::do_permit_node(node_key, label::<T>())?;

        #[extrinsic_call]
        _(governance::<T>()? as T::RuntimeOrigin, node_key);

        assert!(!PermittedNodes::<T>::contains_key(node_key));
        Ok(())
    }

    impl_benchmark_test_suite!(
        ValidatorsPallet,
        crate::mock::ExtBuilder::default().build(),
        crate::mock::Test
    );
}
