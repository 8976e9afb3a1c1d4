//! How keys are laid out on disk. Integers are big-endian, so that byte order is numeric order.

use ecoledger_primitives::{BlockNumber, ValueId};

/// Reads a block number of exactly four bytes.
pub(crate) fn decode_number(bytes: &[u8]) -> Option<BlockNumber> {
    Some(BlockNumber::from_be_bytes(bytes.try_into().ok()?))
}

/// Position of one old value: the value that `key` had before block `changed_at` changed it.
///
/// ```text
/// ┌────────────────────────────┬───────┬────────────┐
/// │ key, 00 written as 00 FF   │ 00 01 │ changed_at │
/// └────────────────────────────┴───────┴────────────┘
/// ```
///
/// The escape keeps the order of keys and ends each one, so that the positions of one key lie
/// together, ascending by height, however its bytes continue in another key.
pub(crate) fn history_key(key: &[u8], changed_at: BlockNumber) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(key.len() + 10);
    let mut parts = key.split(|byte| *byte == 0);
    encoded.extend_from_slice(parts.next().unwrap_or_default());
    for part in parts {
        encoded.extend_from_slice(&[0, 0xff]);
        encoded.extend_from_slice(part);
    }
    encoded.extend_from_slice(&[0, 1]);
    encoded.extend_from_slice(&changed_at.to_be_bytes());
    encoded
}

/// Inverse of [`history_key`]; `None` for anything else.
pub(crate) fn decode_history_key(encoded: &[u8]) -> Option<(Vec<u8>, BlockNumber)> {
    let (escaped, tail) = encoded.split_at_checked(encoded.len().checked_sub(6)?)?;
    let number = decode_number(tail.strip_prefix(&[0, 1])?)?;
    let mut key = Vec::with_capacity(escaped.len());
    let mut bytes = escaped.iter();
    while let Some(&byte) = bytes.next() {
        key.push(byte);
        if byte == 0 && bytes.next() != Some(&0xff) {
            return None;
        }
    }
    Some((key, number))
}

/// The smallest key above `key`.
pub(crate) fn successor(key: &[u8]) -> Vec<u8> {
    let mut next = Vec::with_capacity(key.len() + 1);
    next.extend_from_slice(key);
    next.push(0);
    next
}

/// Position of an undecided proposal: height 4, round 4, value id 32.
pub(crate) fn undecided_key(height: BlockNumber, round: u32, value_id: &ValueId) -> [u8; 40] {
    let mut encoded = [0u8; 40];
    encoded[..4].copy_from_slice(&height.to_be_bytes());
    encoded[4..8].copy_from_slice(&round.to_be_bytes());
    encoded[8..].copy_from_slice(&value_id.0);
    encoded
}

/// Inverse of [`undecided_key`]; `None` for another length.
pub(crate) fn decode_undecided_key(encoded: &[u8]) -> Option<(BlockNumber, u32, ValueId)> {
    let encoded: &[u8; 40] = encoded.try_into().ok()?;
    let (number, rest) = encoded.split_first_chunk::<4>()?;
    let (round, id) = rest.split_first_chunk::<4>()?;
    Some((
        BlockNumber::from_be_bytes(*number),
        u32::from_be_bytes(*round),
        ValueId(id.try_into().ok()?),
    ))
}

/// Value of a transaction's index entry: number 4, index in the block 4.
pub(crate) fn encode_position(number: BlockNumber, index: u32) -> [u8; 8] {
    (u64::from(number) << 32 | u64::from(index)).to_be_bytes()
}

/// Inverse of [`encode_position`]; `None` for another length.
pub(crate) fn decode_position(encoded: &[u8]) -> Option<(BlockNumber, u32)> {
    let (number, index) = encoded.split_at_checked(4)?;
    Some((decode_number(number)?, decode_number(index)?))
}
