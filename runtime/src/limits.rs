//! What a block may cost: weights, lengths, and the cost of touching the state.
//!
//! A weight's reference time is picoseconds. The limits are chosen so that a block which is full
//! by weight executes, with its state commitment, in at most 400 ms on a machine of two cores.
//! Proof size is not limited: there is no light validation of blocks.
//!
//! The weights of the SDK's pallets were measured by their authors on their reference machine;
//! the cost of state access in them comes from [`StateDbWeight`].

use frame_support::{
    dispatch::DispatchClass,
    parameter_types,
    weights::{
        RuntimeDbWeight, Weight,
        constants::{WEIGHT_REF_TIME_PER_MICROS, WEIGHT_REF_TIME_PER_MILLIS},
    },
};
use frame_system::limits;
use sp_runtime::{PerThing, Perbill};

/// Reference time of one read in microseconds: of the flat versioned index, mostly from its cache.
const READ_MICROS: u64 = 3;

/// Reference time of one write in microseconds: the share of one key in the state commitment and
/// in the write batch.
const WRITE_MICROS: u64 = 20;

/// Fixed cost of a block: hooks, header, commitment of the keys that every block writes.
const BLOCK_BASE_MILLIS: u64 = 5;

/// Fixed cost of a transaction: decoding it twice, one signature that is not yet known, the
/// extrinsics trie, and its two or three events. Extensions and call come on top.
const EXTRINSIC_BASE_MICROS: u64 = 70;

/// All that a block may take.
const BLOCK_MILLIS: u64 = 400;

/// What transactions may take of it; the rest is for hooks and mandatory work.
const NORMAL_SHARE: Perbill = Perbill::from_percent(90);

/// Largest body of a block in bytes. Below 4 MiB, the largest message of the consensus network,
/// with room for the envelope of its parts.
pub const BLOCK_LENGTH_MAX: u32 = 2 * 1024 * 1024;

/// Largest transaction in bytes, its length prefix included: a full batch of calls with their
/// documents of up to 4 KiB, and a fraction of a block, so that no one transaction fills it.
pub const TRANSACTION_LENGTH_MAX: u32 = 256 * 1024;

/// Deepest nesting of calls and of other collections in a transaction.
///
/// The native stack is finite and an overflow cannot be caught, so this is far below the SDK's
/// own bound of 256, which assumes a sandbox.
pub const TRANSACTION_DEPTH_MAX: u32 = 16;

/// Largest header in bytes: two digest items and some room.
const HEADER_LENGTH_MAX: u32 = 4 * 1024;

parameter_types! {
    /// Cost of one read and one write of the state.
    pub const StateDbWeight: RuntimeDbWeight = RuntimeDbWeight {
        read: READ_MICROS * WEIGHT_REF_TIME_PER_MICROS,
        write: WRITE_MICROS * WEIGHT_REF_TIME_PER_MICROS,
    };

    /// Weight limits of a block.
    pub BlockWeights: limits::BlockWeights = limits::BlockWeights::builder()
        .base_block(Weight::from_parts(BLOCK_BASE_MILLIS * WEIGHT_REF_TIME_PER_MILLIS, 0))
        .for_class(DispatchClass::all(), |class| {
            class.base_extrinsic =
                Weight::from_parts(EXTRINSIC_BASE_MICROS * WEIGHT_REF_TIME_PER_MICROS, 0);
        })
        .for_class(DispatchClass::Normal, |class| {
            class.max_total = Some(Weight::from_parts(NORMAL_SHARE * block_time(), u64::MAX));
        })
        .for_class(DispatchClass::Operational, |class| {
            class.max_total = Some(Weight::from_parts(block_time(), u64::MAX));
            class.reserved =
                Some(Weight::from_parts(NORMAL_SHARE.left_from_one() * block_time(), u64::MAX));
        })
        .avg_block_initialization(Perbill::from_percent(5))
        .build_or_panic();

    /// Length limits of a block.
    pub BlockLength: limits::BlockLength = limits::BlockLength::builder()
        .max_length(BLOCK_LENGTH_MAX)
        .max_header_size(HEADER_LENGTH_MAX)
        .build();
}

const fn block_time() -> u64 {
    BLOCK_MILLIS * WEIGHT_REF_TIME_PER_MILLIS
}
