use ecoledger_primitives::ValidatorId;
use malachitebft_app_channel::app::types::core;
use std::fmt;

/// A validator's address: its ed25519 public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, codec::Encode, codec::Decode)]
pub struct Address(pub ValidatorId);

impl Address {
    /// The address of a node that has no validator key. No validator can have it: as a key it is
    /// a point of small order, and those are refused.
    pub const NONE: Self = Self([0; 32]);
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

impl core::Address for Address {}
