//! What the state commitment says about a key.

use alloc::borrow::Cow;
use sha2::{Digest, Sha256};

/// Key of the events of the latest block: twox128("System") ‖ twox128("Events").
///
/// Source: `frame_system::Events`.
pub const EVENTS_KEY: [u8; 32] = [
    0x26, 0xaa, 0x39, 0x4e, 0xea, 0x56, 0x30, 0xe0, 0x7c, 0x48, 0xae, 0x0c, 0x95, 0x58, 0xce, 0xf7,
    0x80, 0xd4, 0x1e, 0x5e, 0x16, 0x05, 0x67, 0x65, 0xbc, 0x84, 0x61, 0x85, 0x10, 0x72, 0xc9, 0xd7,
];

/// The value that the state tree commits to, and that a proof carries, for `key` with `value`.
///
/// It is the value itself, but for the events of a block: these can be megabytes, and the proof of
/// a key's absence carries its neighbours' values whole, so of them it is the SHA-256.
pub fn committed_value<'a>(key: &[u8], value: &'a [u8]) -> Cow<'a, [u8]> {
    if key == EVENTS_KEY {
        Cow::Owned(Sha256::digest(value).to_vec())
    } else {
        Cow::Borrowed(value)
    }
}
