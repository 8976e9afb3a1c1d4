//! Names of things: GS1 keys with their check digits, lots, and the ids derived from them.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{BoundedVec, traits::ConstU32};
use scale_info::TypeInfo;

/// Whether `digits` are ASCII digits ending in the GS1 modulo-10 check digit.
///
/// Weights 3 and 1 alternate from the right, starting with 3 at the digit before the check digit.
/// Source: GS1 General Specifications §7.9.1.
pub fn has_valid_check_digit(digits: &[u8]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = body
        .iter()
        .rev()
        .zip([3u32, 1].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')).saturating_mul(weight))
        .fold(0, u32::saturating_add);
    (10 - sum % 10) % 10 == u32::from(check.wrapping_sub(b'0'))
}

macro_rules! gs1_key {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode,
            DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
        )]
        pub struct $name(pub [u8; $length]);

        impl $name {
            /// Whether every character is a digit and the last is the check digit.
            pub fn is_valid(&self) -> bool {
                has_valid_check_digit(&self.0)
            }

            /// Reads the key from text; `None` if it is not well formed.
            pub fn parse(text: &str) -> Option<Self> {
                let key = Self(text.as_bytes().try_into().ok()?);
                key.is_valid().then_some(key)
            }
        }
    };
}

gs1_key! {
    /// Global Trade Item Number, 14 ASCII digits with leading zeros. Source: GS1 AI 01.
    Gtin, 14
}
gs1_key! {
    /// Global Location Number, 13 ASCII digits. Source: GS1 AI 414.
    Gln, 13
}
gs1_key! {
    /// Serial Shipping Container Code of a logistic unit, 18 ASCII digits. Source: GS1 AI 00.
    Sscc, 18
}

/// Batch or lot text, 1 to 20 characters of `A-Z a-z 0-9 - . _`.
///
/// The part of GS1 AI 10's character set that GB/T 33993 and web addresses carry unescaped.
pub type Lot = BoundedVec<u8, ConstU32<20>>;

/// Whether `lot` is not empty and holds only the allowed characters.
pub fn is_valid_lot(lot: &Lot) -> bool {
    !lot.is_empty()
        && lot.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}

/// Identity of a batch: BLAKE2-128 of its GTIN's 14 digits followed by its lot.
///
/// Anyone who reads the label computes it, so neither a counter nor an index of names is stored.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct BatchId(pub [u8; 16]);

impl BatchId {
    /// The identity of lot `lot` of product `gtin`.
    pub fn of(gtin: &Gtin, lot: &[u8]) -> Self {
        let mut name = Vec::with_capacity(14usize.saturating_add(lot.len()));
        name.extend_from_slice(&gtin.0);
        name.extend_from_slice(lot);
        Self(sp_io::hashing::blake2_128(&name))
    }
}

/// Identity of a derivation: the id of the first batch it made.
///
/// Every batch is made once, so that this is unique without a counter.
pub type DerivationId = BatchId;

/// Number of a production base, given in order of registration.
pub type PlaceId = u32;

/// Number of a farm input in the governed register.
pub type FarmInputId = u32;

/// Number of a recall, given in order of opening.
pub type RecallId = u32;

/// SHA-256 over a random salt of at least 16 bytes followed by a document.
///
/// The salt and the document stay off the chain: nobody can test a guess against the digest.
pub type Commitment = [u8; 32];

/// Unix time in milliseconds.
pub type Moment = u64;
