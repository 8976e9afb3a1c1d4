use codec::{Decode, Encode};
use ecoledger_primitives::is_weak_ed25519_key;
use malachitebft_app_channel::app::types::core;
use std::fmt;

/// An ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Signature(pub [u8; 64]);

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// An ed25519 public key that is not of small order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(pub [u8; 32]);

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// Why bytes are no key or signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not 64 bytes.
    #[error("expected a signature of 64 bytes, got {got}")]
    SignatureLength {
        /// Length of the input in bytes.
        got: usize,
    },
    /// Not 32 bytes.
    #[error("expected a public key of 32 bytes, got {got}")]
    KeyLength {
        /// Length of the input in bytes.
        got: usize,
    },
    /// No point of the curve, or one of small order.
    #[error("public key is not a point of large order")]
    WeakKey,
}

/// Ed25519 as the engine sees it. Signatures are judged by
/// [`ed25519_verify`](ecoledger_primitives::ed25519_verify) and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed25519;

impl core::SigningScheme for Ed25519 {
    type DecodingError = KeyError;
    type Signature = Signature;
    type PublicKey = PublicKey;
    type PrivateKey = ed25519_dalek::SigningKey;

    fn decode_signature(bytes: &[u8]) -> Result<Signature, KeyError> {
        bytes.try_into().map(Signature).map_err(|_| KeyError::SignatureLength { got: bytes.len() })
    }

    fn encode_signature(signature: &Signature) -> Vec<u8> {
        signature.0.to_vec()
    }

    fn decode_public_key(bytes: &[u8]) -> Result<PublicKey, KeyError> {
        let key = bytes.try_into().map_err(|_| KeyError::KeyLength { got: bytes.len() })?;
        if is_weak_ed25519_key(&key) {
            return Err(KeyError::WeakKey);
        }
        Ok(PublicKey(key))
    }

    fn encode_public_key(public_key: &PublicKey) -> Vec<u8> {
        public_key.0.to_vec()
    }
}
