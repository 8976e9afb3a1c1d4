//! Benchmarks, one for each call, with paths of the greatest length.

#![allow(clippy::float_arithmetic, reason = "in the expansion of the benchmarks macro")]

use crate::{merkle::Hash, *};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::BoundedVec;
use frame_system::RawOrigin;
use pallet_traceability::BatchId;

/// Gives benchmarks agents and a batch.
pub trait BenchmarkHelper<AccountId> {
    /// An agent of a trace node.
    fn labeller() -> AccountId;

    /// An agent of market supervision everywhere.
    fn market_supervision() -> AccountId;

    /// A new batch of so many pieces that the labeller's organisation made and has.
    fn batch(pieces: u32) -> BatchId;

    /// A batch of the labeller's organisation that comes from `batch` over as many generations as
    /// are looked at.
    fn descendant(batch: BatchId) -> BatchId;
}

type Signed<T> = RawOrigin<<T as frame_system::Config>::AccountId>;

fn labeller<T: Config>() -> Signed<T> {
    RawOrigin::Signed(T::BenchmarkHelper::labeller())
}

fn samr<T: Config>() -> Signed<T> {
    RawOrigin::Signed(T::BenchmarkHelper::market_supervision())
}

/// A tree of which only the first leaf's path is known: siblings are any hashes, the uppermost of
/// them `top`.
fn tree(leaf: &[u8], top: u8) -> (Hash, Path) {
    let mut path: Vec<Hash> = (1..PATH_MAX as u8).map(|level| [level; 32]).collect();
    path.push([top; 32]);
    let root = path
        .iter()
        .fold(merkle::leaf_hash(leaf), |node, sibling| merkle::node_hash(&node, sibling));
    (root, BoundedVec::truncate_from(path))
}

/// A series of the greatest number of codes, and the proof of its first code, which is the same in
/// all; roots differ by `top`.
fn series<T: Config>(batch: BatchId, top: u8) -> Result<CodeProof, BenchmarkError> {
    let details = T::Batches::batch(batch).ok_or(BenchmarkError::Stop("batch is there"))?;
    let mut leaf = Vec::from([codes::GS1_SERIAL]);
    leaf.extend_from_slice(&details.gtin.0);
    leaf.extend_from_slice(b"0123456789ABCDEFGHIJ");
    let (root, path) = tree(&leaf, top);
    let series = NextSeriesId::<T>::get();
    Pallet::<T>::create_series(labeller::<T>().into(), new_series(batch, root))?;
    Ok(CodeProof { series, index: 0, leaf: BoundedVec::truncate_from(leaf), path })
}

fn new_series(batch: BatchId, root: Hash) -> NewSeries {
    NewSeries {
        batch,
        root,
        n_codes: MAX_CODES,
        scheme: CodeScheme::Gs1Serial,
        list: [1; 32],
        certificate: None,
        licence: None,
    }
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn create_series() -> Result<(), BenchmarkError> {
        let batch = T::BenchmarkHelper::batch(MAX_CODES);
        let new = new_series(batch, [1; 32]);

        #[extrinsic_call]
        _(labeller::<T>(), new);

        assert!(Series::<T>::contains_key(0));
        Ok(())
    }

    #[benchmark]
    fn void_series() -> Result<(), BenchmarkError> {
        let proof = series::<T>(T::BenchmarkHelper::batch(MAX_CODES), 0)?;

        #[extrinsic_call]
        _(labeller::<T>(), proof.series);

        assert!(Series::<T>::get(proof.series).is_some_and(|it| it.state == SeriesState::Void));
        Ok(())
    }

    /// Two paths of the greatest length.
    #[benchmark]
    fn report_fault() -> Result<(), BenchmarkError> {
        let batch = T::BenchmarkHelper::batch(MAX_CODES.saturating_mul(2));
        let (first, second) = (series::<T>(batch, 0)?, series::<T>(batch, 1)?);
        let id = second.series;

        #[extrinsic_call]
        _(labeller::<T>(), FaultProof::Pair(first, second));

        assert!(Series::<T>::get(id).is_some_and(|it| it.state != SeriesState::Active));
        Ok(())
    }

    #[benchmark]
    fn mark_item() -> Result<(), BenchmarkError> {
        let batch = T::BenchmarkHelper::batch(MAX_CODES);
        let proof = series::<T>(batch, 0)?;
        let id = proof.series;
        let part = T::BenchmarkHelper::descendant(batch);

        #[extrinsic_call]
        _(labeller::<T>(), proof, part, ItemLife::Sold);

        assert!(ItemMarks::<T>::contains_key(id, 0));
        Ok(())
    }

    #[benchmark]
    fn freeze_series() -> Result<(), BenchmarkError> {
        let id = series::<T>(T::BenchmarkHelper::batch(MAX_CODES), 0)?.series;

        #[extrinsic_call]
        _(samr::<T>(), id, [1; 32]);

        assert!(Series::<T>::get(id).is_some_and(|it| it.state != SeriesState::Active));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
