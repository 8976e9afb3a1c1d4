//! The 17-digit organic code.

use super::BodyCode;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// Organic code (有机码): one for every smallest sales pack, never used twice.
///
/// ```text
/// ┌───────────────────────┬───────────────────────┬─────────────────────┐
/// │ 3 digits              │ 2 digits              │ 12 digits           │
/// │ certification body    │ year of the code      │ random              │
/// └───────────────────────┴───────────────────────┴─────────────────────┘
/// ```
///
/// Source: 有机产品认证实施规则, annex on organic codes.
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
pub struct OrganicCode([u8; 17]);

/// Why text is no organic code of a body.
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
pub enum OrganicCodeError {
    /// It is not 17 ASCII digits.
    #[codec(index = 0)]
    NotSeventeenDigits,
    /// Its first three digits are not the body's code.
    #[codec(index = 1)]
    OtherBody,
}

impl OrganicCode {
    /// Reads a code that the body with `code` gave out.
    ///
    /// # Errors
    /// [`OrganicCodeError`].
    pub fn parse(text: &[u8], code: BodyCode) -> Result<Self, OrganicCodeError> {
        let digits: [u8; 17] = text.try_into().map_err(|_| OrganicCodeError::NotSeventeenDigits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(OrganicCodeError::NotSeventeenDigits);
        }
        if digits.first_chunk() != Some(&code) {
            return Err(OrganicCodeError::OtherBody);
        }
        Ok(Self(digits))
    }

    /// Its digits in ASCII.
    pub fn digits(&self) -> &[u8; 17] {
        &self.0
    }

    /// Code of the certification body.
    pub fn body_code(&self) -> BodyCode {
        let [a, b, c, ..] = self.0;
        [a, b, c]
    }

    /// Last two digits of the year of the code.
    pub fn year(&self) -> u8 {
        let [_, _, _, tens, units, ..] = self.0;
        tens.wrapping_sub(b'0').wrapping_mul(10).wrapping_add(units.wrapping_sub(b'0'))
    }
}
