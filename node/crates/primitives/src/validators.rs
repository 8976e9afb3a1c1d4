//! Validator sets: who may vote at a height.

use alloc::vec::Vec;
use codec::{Decode, Encode, Error as CodecError, Input};
use scale_info::TypeInfo;
use sha2::{Digest, Sha256};

/// A validator's ed25519 public key; it is also its address.
pub type ValidatorId = [u8; 32];

/// Most validators that a set may have. Bounds the size of certificates and of vote traffic.
pub const VALIDATORS_MAX: usize = 100;

/// Why a list of keys is not a validator set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidatorSetError {
    /// A set needs at least one validator.
    Empty,
    /// More than [`VALIDATORS_MAX`] validators.
    TooMany,
    /// The same key twice.
    Duplicate,
}

/// The validators of one height, ascending by key, one vote each.
///
/// Encoding: SCALE `Vec<[u8; 32]>`, strictly ascending; anything else does not decode.
#[derive(Clone, Debug, PartialEq, Eq, Encode, TypeInfo)]
pub struct ValidatorSet(Vec<ValidatorId>);

impl ValidatorSet {
    /// Sorts `keys` into a set.
    ///
    /// # Errors
    /// [`ValidatorSetError`] when `keys` is empty, too long or has a duplicate.
    pub fn new(mut keys: Vec<ValidatorId>) -> Result<Self, ValidatorSetError> {
        keys.sort_unstable();
        Self::from_sorted(keys)
    }

    fn from_sorted(keys: Vec<ValidatorId>) -> Result<Self, ValidatorSetError> {
        if keys.is_empty() {
            return Err(ValidatorSetError::Empty);
        }
        if keys.len() > VALIDATORS_MAX {
            return Err(ValidatorSetError::TooMany);
        }
        if keys.windows(2).any(|pair| matches!(pair, [a, b] if a >= b)) {
            return Err(ValidatorSetError::Duplicate);
        }
        Ok(Self(keys))
    }

    /// The keys, ascending.
    pub fn keys(&self) -> &[ValidatorId] {
        &self.0
    }

    /// Whether `key` may vote.
    pub fn contains(&self, key: &ValidatorId) -> bool {
        self.0.binary_search(key).is_ok()
    }

    /// The fewest votes that exceed two thirds of the set.
    pub fn quorum(&self) -> usize {
        self.0.len() * 2 / 3 + 1
    }

    /// SHA-256 of the set's encoding, as headers carry it.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.encode()).into()
    }
}

impl Decode for ValidatorSet {
    fn decode<I: Input>(input: &mut I) -> Result<Self, CodecError> {
        let keys = sp_runtime::BoundedVec::<
            ValidatorId,
            sp_core::ConstU32<{ VALIDATORS_MAX as u32 }>,
        >::decode(input)?;
        Self::from_sorted(keys.into_inner())
            .map_err(|_| CodecError::from("validator set: empty or not strictly ascending"))
    }
}
