//! Weights of the calls.
//!
//! Estimated, not measured: [`SubstrateWeight`] counts the keys that each call reads and writes and
//! adds a flat time for its computation. Components are linear in batches named.

use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};

/// Weights of the calls of this pallet.
#[allow(missing_docs, reason = "each function is the weight of the call of that name")]
pub trait WeightInfo {
    fn register_product() -> Weight;
    fn license_producer() -> Weight;
    fn register_place() -> Weight;
    fn register_batch() -> Weight;
    fn use_input() -> Weight;
    fn produce() -> Weight;
    fn record_test() -> Weight;
    fn transform(inputs: u32, outputs: u32) -> Weight;
    fn split(parts: u32) -> Weight;
    fn merge(inputs: u32) -> Weight;
    fn pack() -> Weight;
    fn aggregate(contents: u32) -> Weight;
    fn disaggregate(contents: u32) -> Weight;
    fn ship(batches: u32) -> Weight;
    fn receive() -> Weight;
    fn receive_unit(batches: u32) -> Weight;
    fn reject(batches: u32) -> Weight;
    fn sell() -> Weight;
    fn take_back() -> Weight;
    fn observe() -> Weight;
    fn record_loss() -> Weight;
    fn hold() -> Weight;
    fn release() -> Weight;
    /// Opening or lifting a recall with so many steps.
    fn recall(steps: u32) -> Weight;
    /// One step: one derivation with its outputs, or one mark taken off.
    fn recall_step() -> Weight;
    /// Walking so many ancestors of one batch.
    fn check_recalls(ancestors: u32) -> Weight;
    fn destroy() -> Weight;
    fn set_rule() -> Weight;
}

/// Estimates from counted keys at the runtime's database weights.
pub struct SubstrateWeight<T>(PhantomData<T>);

/// Time of a call apart from its keys, in picoseconds.
const CALL: u64 = 15_000_000;
/// The same for each further batch.
const BATCH: u64 = 6_000_000;

fn estimate<D: Get<frame_support::weights::RuntimeDbWeight>>(
    reads: u64,
    writes: u64,
    batches: u64,
) -> Weight {
    // A batch record is below 1 KiB encoded.
    Weight::from_parts(
        CALL.saturating_add(BATCH.saturating_mul(batches)),
        reads.saturating_mul(1_024),
    )
    .saturating_add(D::get().reads_writes(reads, writes))
}

macro_rules! weights {
    ($db:ty) => {
        fn register_product() -> Weight {
            estimate::<$db>(4, 1, 0)
        }
        fn license_producer() -> Weight {
            estimate::<$db>(5, 1, 0)
        }
        fn register_place() -> Weight {
            estimate::<$db>(3, 2, 0)
        }
        fn register_batch() -> Weight {
            estimate::<$db>(9, 1, 1)
        }
        fn use_input() -> Weight {
            estimate::<$db>(8, 2, 1)
        }
        fn produce() -> Weight {
            estimate::<$db>(12, 1, 1)
        }
        fn record_test() -> Weight {
            estimate::<$db>(6, 1, 1)
        }
        fn transform(inputs: u32, outputs: u32) -> Weight {
            let (inputs, outputs) = (u64::from(inputs), u64::from(outputs));
            let pairs = inputs.saturating_mul(outputs).saturating_mul(2);
            let keys = inputs.saturating_add(outputs).saturating_mul(6).saturating_add(6);
            estimate::<$db>(
                keys.saturating_add(pairs),
                inputs.saturating_mul(2).saturating_add(outputs).saturating_add(1),
                inputs.saturating_add(outputs),
            )
        }
        fn split(parts: u32) -> Weight {
            let parts = u64::from(parts);
            estimate::<$db>(
                parts.saturating_mul(3).saturating_add(9),
                parts.saturating_add(3),
                parts.saturating_add(1),
            )
        }
        fn merge(inputs: u32) -> Weight {
            let inputs = u64::from(inputs);
            estimate::<$db>(
                inputs.saturating_mul(5).saturating_add(8),
                inputs.saturating_mul(2).saturating_add(2),
                inputs.saturating_add(1),
            )
        }
        fn pack() -> Weight {
            estimate::<$db>(15, 4, 2)
        }
        fn aggregate(contents: u32) -> Weight {
            let contents = u64::from(contents);
            estimate::<$db>(
                contents.saturating_mul(4).saturating_add(5),
                contents.saturating_add(1),
                contents,
            )
        }
        fn disaggregate(contents: u32) -> Weight {
            let contents = u64::from(contents);
            estimate::<$db>(
                contents.saturating_mul(3).saturating_add(5),
                contents.saturating_add(1),
                contents,
            )
        }
        fn ship(batches: u32) -> Weight {
            let batches = u64::from(batches);
            estimate::<$db>(
                batches.saturating_mul(4).saturating_add(8),
                batches.saturating_add(1),
                batches,
            )
        }
        fn receive() -> Weight {
            // The worst case makes a batch for what is returned and leaves a logistic unit.
            estimate::<$db>(14, 5, 2)
        }
        fn receive_unit(batches: u32) -> Weight {
            let batches = u64::from(batches);
            estimate::<$db>(
                batches.saturating_mul(4).saturating_add(6),
                batches.saturating_add(1),
                batches,
            )
        }
        fn reject(batches: u32) -> Weight {
            let batches = u64::from(batches);
            estimate::<$db>(
                batches.saturating_mul(3).saturating_add(6),
                batches.saturating_add(1),
                batches,
            )
        }
        fn sell() -> Weight {
            estimate::<$db>(8, 1, 1)
        }
        fn take_back() -> Weight {
            estimate::<$db>(7, 1, 1)
        }
        fn observe() -> Weight {
            estimate::<$db>(7, 1, 1)
        }
        fn record_loss() -> Weight {
            estimate::<$db>(8, 1, 1)
        }
        fn hold() -> Weight {
            estimate::<$db>(6, 1, 1)
        }
        fn release() -> Weight {
            estimate::<$db>(6, 1, 1)
        }
        fn recall(steps: u32) -> Weight {
            // Opening marks a whole derivation and reads the parents.
            estimate::<$db>(24, 4, 0).saturating_add(
                Self::recall_step().saturating_mul(u64::from(steps).saturating_add(1)),
            )
        }
        fn recall_step() -> Weight {
            let outputs = u64::from(crate::MAX_OUTPUTS);
            estimate::<$db>(
                outputs.saturating_mul(3).saturating_add(6),
                outputs.saturating_mul(3).saturating_add(2),
                outputs,
            )
        }
        fn check_recalls(ancestors: u32) -> Weight {
            let open = u64::from(crate::MAX_OPEN_RECALLS);
            let ancestors = u64::from(ancestors);
            estimate::<$db>(ancestors.saturating_mul(2).saturating_add(open), 0, 0)
        }
        fn destroy() -> Weight {
            estimate::<$db>(8, 1, 1)
        }
        fn set_rule() -> Weight {
            estimate::<$db>(3, 3, 0)
        }
    };
}

impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {
    weights!(T::DbWeight);
}

impl WeightInfo for () {
    weights!(frame_support::weights::constants::RocksDbWeight);
}
