//! The one signature rule of the chain.
//!
//! FRAME's own path verifies ed25519 by ZIP-215 and accepts high-s ECDSA. [`Signature`] has the
//! bytes and the type information of `MultiSignature`, so that every Substrate client can make
//! it, and its own rule: ed25519 strict, low-s ECDSA, sr25519; the Ethereum variant never
//! verifies. The rule is the same wherever a transaction is judged, because there is no other.

use crate::AccountId;
use codec::{Decode, DecodeWithMemTracking, Encode};
use ed25519_dalek::VerifyingKey;
use scale_info::{Type, TypeInfo};
use sp_core::{ecdsa, ed25519, sr25519};
use sp_runtime::{
    MultiSignature, MultiSigner,
    traits::{Lazy, Verify},
};

/// Verifies an ed25519 signature strictly: `s` is canonical, `R` matches byte for byte, and
/// neither `R` nor the key has small order.
///
/// Source: RFC 8032 §5.1.7, with the additional rules of ed25519-dalek's `verify_strict`.
pub fn ed25519_verify(signature: &[u8; 64], message: &[u8], key: &[u8; 32]) -> bool {
    VerifyingKey::from_bytes(key).is_ok_and(|key| {
        key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(signature)).is_ok()
    })
}

/// Whether `key` is no ed25519 point, or one of small order under which anyone can sign.
pub fn is_weak_ed25519_key(key: &[u8; 32]) -> bool {
    VerifyingKey::from_bytes(key).map_or(true, |key| key.is_weak())
}

/// Whether `key` is an ed25519 point of small order, under which a lax rule lets anyone sign.
///
/// Unlike [`is_weak_ed25519_key`] this is false for bytes that are no ed25519 point at all, as most
/// accounts of other schemes are.
pub fn is_small_order_ed25519_key(key: &[u8; 32]) -> bool {
    VerifyingKey::from_bytes(key).is_ok_and(|key| key.is_weak())
}

/// Half of the order of secp256k1's group: an ECDSA `s` above it is refused.
const SECP256K1_HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0,
];

/// Signature of a transaction, encoded as `MultiSignature`.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct Signature(pub MultiSignature);

impl TypeInfo for Signature {
    type Identity = <MultiSignature as TypeInfo>::Identity;

    fn type_info() -> Type {
        MultiSignature::type_info()
    }
}

impl Verify for Signature {
    type Signer = MultiSigner;

    fn verify<L: Lazy<[u8]>>(&self, mut message: L, signer: &AccountId) -> bool {
        let message = message.get();
        #[cfg(feature = "std")]
        {
            let digest = cache::digest(self, message, signer);
            if cache::contains(&digest) {
                return true;
            }
            let verdict = self.verify_uncached(message, signer);
            if verdict {
                cache::insert(digest);
            }
            verdict
        }
        #[cfg(not(feature = "std"))]
        self.verify_uncached(message, signer)
    }
}

impl Signature {
    fn verify_uncached(&self, message: &[u8], signer: &AccountId) -> bool {
        let account: &[u8; 32] = signer.as_ref();
        match &self.0 {
            MultiSignature::Ed25519(signature) => ed25519_verify(&signature.0, message, account),
            MultiSignature::Sr25519(signature) => sp_io::crypto::sr25519_verify(
                signature,
                message,
                &sr25519::Public::from_raw(*account),
            ),
            MultiSignature::Ecdsa(signature) => ecdsa_verify(signature, message, account),
            MultiSignature::Eth(_) => false,
        }
    }
}

impl From<ed25519::Signature> for Signature {
    fn from(signature: ed25519::Signature) -> Self {
        Self(signature.into())
    }
}

impl From<sr25519::Signature> for Signature {
    fn from(signature: sr25519::Signature) -> Self {
        Self(signature.into())
    }
}

impl From<ecdsa::Signature> for Signature {
    fn from(signature: ecdsa::Signature) -> Self {
        Self(signature.into())
    }
}

/// Recovers the key from an ECDSA signature with low `s`; the account is the key's BLAKE2b hash.
fn ecdsa_verify(signature: &ecdsa::Signature, message: &[u8], account: &[u8; 32]) -> bool {
    let Some((s, [recovery_id])) = signature.0.get(32..).map(|rest| rest.split_at(32)) else {
        return false;
    };
    // The recovery function also takes identifiers with 27 added: a second signature in other
    // bytes.
    if s > SECP256K1_HALF_ORDER.as_slice() || *recovery_id > 3 {
        return false;
    }
    let message = sp_io::hashing::blake2_256(message);
    sp_io::crypto::secp256k1_ecdsa_recover_compressed(&signature.0, &message)
        .is_ok_and(|key| &sp_io::hashing::blake2_256(&key) == account)
}

/// Remembers signatures that verified, so that a node verifies each one once: at admission, and
/// not again when the transaction comes back in a block.
#[cfg(feature = "std")]
mod cache {
    use super::Signature;
    use crate::AccountId;
    use codec::Encode;
    use lru::LruCache;
    use parking_lot::Mutex;
    use std::{num::NonZeroUsize, sync::LazyLock};

    /// Entries kept, about 100 bytes each: well above the transactions of a full pool and block.
    const ENTRIES_MAX: NonZeroUsize = match NonZeroUsize::new(65_536) {
        Some(n) => n,
        None => unreachable!(),
    };

    static VERIFIED: LazyLock<Mutex<LruCache<[u8; 32], ()>>> =
        LazyLock::new(|| Mutex::new(LruCache::new(ENTRIES_MAX)));

    /// Binds signer, signature and message; only positive verdicts are kept under it.
    pub(super) fn digest(signature: &Signature, message: &[u8], signer: &AccountId) -> [u8; 32] {
        sp_io::hashing::blake2_256(&(signer, signature, message).encode())
    }

    pub(super) fn contains(digest: &[u8; 32]) -> bool {
        VERIFIED.lock().get(digest).is_some()
    }

    pub(super) fn insert(digest: [u8; 32]) {
        VERIFIED.lock().put(digest, ());
    }
}
