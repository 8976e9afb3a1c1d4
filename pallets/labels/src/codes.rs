//! Item codes, and how they are written into leaves.
//!
//! ```text
//! GS1 serial   0x00 ‖ GTIN 14 digits ‖ serial 1 to 20 of A-Z a-z 0-9 - . _      16 to 35 B
//! organic      0x01 ‖ certifier 3 digits ‖ year 2 digits ‖ random 12 digits     18 B
//! ```
//!
//! All characters are ASCII. Leaves of a series stand in ascending order of their bytes, each
//! once. Sources: GS1 General Specifications, AI 01 and 21, with the characters that GB/T 33993
//! carries unescaped; 有机产品认证实施规则 Annex 5 (有机码).

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// First byte of a leaf with a GS1 serial.
pub const GS1_SERIAL: u8 = 0;
/// First byte of a leaf with an organic code.
pub const ORGANIC: u8 = 1;
/// Longest serial, in characters.
pub const SERIAL_CHARS_MAX: usize = 20;

/// What the codes of a series are.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum CodeScheme {
    /// GTIN of the batch and a serial number.
    #[codec(index = 0)]
    Gs1Serial,
    /// Organic code (有机码) of 17 digits.
    #[codec(index = 1)]
    Organic {
        /// Code of the certification body, three ASCII digits: the last three of its approval
        /// number; of a foreign-funded one, 9 and two digits.
        certifier: [u8; 3],
        /// Year, two ASCII digits.
        year: [u8; 2],
    },
}

impl CodeScheme {
    /// Whether the scheme's own digits are digits.
    pub fn is_well_formed(&self) -> bool {
        match self {
            Self::Gs1Serial => true,
            Self::Organic { certifier, year } => {
                certifier.iter().chain(year).all(u8::is_ascii_digit)
            }
        }
    }

    /// Whether a leaf is a code of this scheme for `gtin`.
    pub fn admits(&self, gtin: &[u8; 14], leaf: &[u8]) -> bool {
        match (self, leaf.split_first()) {
            (Self::Gs1Serial, Some((&GS1_SERIAL, code))) => {
                code.strip_prefix(gtin).is_some_and(is_serial)
            }
            (Self::Organic { certifier, year }, Some((&ORGANIC, code))) => code
                .strip_prefix(certifier)
                .and_then(|rest| rest.strip_prefix(year))
                .is_some_and(|random| random.len() == 12 && random.iter().all(u8::is_ascii_digit)),
            _ => false,
        }
    }
}

fn is_serial(serial: &[u8]) -> bool {
    (1..=SERIAL_CHARS_MAX).contains(&serial.len())
        && serial
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
}
