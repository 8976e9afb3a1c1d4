//! Tests of every call, error and boundary, by topic, and of the laws over random lives.

// The helpers of the other pallets' benchmarks are not here.
#[cfg(not(feature = "runtime-benchmarks"))]
mod chain;
mod codes;
mod faults;
mod invariants;
mod items;
mod merkle;
mod random;
mod series;

use crate::{
    codes::{GS1_SERIAL, ORGANIC},
    merkle as tree,
    mock::*,
    *,
};
use frame_support::{assert_noop, assert_ok};
use pallet_traceability::{BatchId, CertificateStatus, Gtin, Stage};
use sp_runtime::DispatchError;

/// Leaves of a series, in order.
pub(crate) type Leaves = Vec<Vec<u8>>;

/// The leaf of a GS1 serial of tins.
pub(crate) fn leaf(serial: &str) -> Vec<u8> {
    let mut leaf = vec![GS1_SERIAL];
    leaf.extend_from_slice(&TIN.0);
    leaf.extend_from_slice(serial.as_bytes());
    leaf
}

/// Leaves with the serials `prefix` and 1,000 and so on.
pub(crate) fn leaves(prefix: &str, count: u32) -> Leaves {
    (1_000..1_000 + count).map(|number| leaf(&format!("{prefix}{number}"))).collect()
}

/// A series over leaves, without certificate and licence.
pub(crate) fn new_series(batch: BatchId, leaves: &Leaves) -> NewSeries {
    NewSeries {
        batch,
        root: tree::root(leaves).unwrap(),
        n_codes: leaves.len() as u32,
        scheme: CodeScheme::Gs1Serial,
        list: [2; 32],
        certificate: None,
        licence: None,
    }
}

/// Creates a series of the factory; returns its number.
pub(crate) fn create(new: NewSeries) -> SeriesId {
    let id = NextSeriesId::<Test>::get();
    assert_ok!(Labels::create_series(by(FACTORY), new));
    id
}

/// The proof of a leaf.
pub(crate) fn proof(series: SeriesId, leaves: &Leaves, index: u32) -> CodeProof {
    CodeProof {
        series,
        index,
        leaf: leaves[index as usize].clone().try_into().unwrap(),
        path: tree::path(leaves, index).unwrap().try_into().unwrap(),
    }
}

/// The series on record.
pub(crate) fn series(id: SeriesId) -> SeriesDetails {
    Series::<Test>::get(id).unwrap()
}

/// A batch of 100 tins at the factory.
pub(crate) fn tins() -> BatchId {
    TableBatches::put(1, TIN, 100)
}
