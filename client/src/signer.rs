//! Keys that sign transactions.

use crate::error::KeyError;
use ed25519_dalek::{Signer as _, SigningKey};
use std::str::FromStr;
use subxt::{
    SubstrateConfig,
    tx::Signer,
    utils::{AccountId32, MultiSignature},
};
use subxt_signer::{SecretUri, sr25519};
use zeroize::Zeroizing;

/// A key pair of an agent.
///
/// Ed25519 is the institutional default; sr25519 is what browser wallets use.
#[derive(Clone)]
pub enum KeyPair {
    /// RFC 8032 key.
    Ed25519(Box<SigningKey>),
    /// Schnorrkel key.
    Sr25519(Box<sr25519::Keypair>),
}

impl KeyPair {
    /// The ed25519 key of a 32-byte seed.
    pub fn from_ed25519_seed(seed: [u8; 32]) -> Self {
        Self::Ed25519(Box::new(SigningKey::from_bytes(&Zeroizing::new(seed))))
    }

    /// Reads `0x` and 64 hexadecimal digits as an ed25519 seed, and anything else, such as
    /// `//Alice` or a mnemonic, as the secret of an sr25519 key.
    ///
    /// # Errors
    /// [`KeyError`] when the text is neither.
    pub fn parse(secret: &str) -> Result<Self, KeyError> {
        let secret = secret.trim();
        if let Some(digits) = secret.strip_prefix("0x") {
            let mut seed = Zeroizing::new([0u8; 32]);
            hex::decode_to_slice(digits, seed.as_mut_slice())
                .map_err(|_| KeyError::BadSeed { expected_digits: 64, got_digits: digits.len() })?;
            return Ok(Self::from_ed25519_seed(*seed));
        }
        let uri = SecretUri::from_str(secret).map_err(|_| KeyError::BadSecret)?;
        let pair = sr25519::Keypair::from_uri(&uri).map_err(|_| KeyError::BadSecret)?;
        Ok(Self::Sr25519(Box::new(pair)))
    }

    /// The public key, which is also the account.
    pub fn public_key(&self) -> [u8; 32] {
        match self {
            Self::Ed25519(key) => key.verifying_key().to_bytes(),
            Self::Sr25519(pair) => pair.public_key().0,
        }
    }
}

impl std::fmt::Debug for KeyPair {
    /// Shows the account and never the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyPair({})", AccountId32(self.public_key()))
    }
}

impl Signer<SubstrateConfig> for KeyPair {
    fn account_id(&self) -> AccountId32 {
        AccountId32(self.public_key())
    }

    fn sign(&self, payload: &[u8]) -> MultiSignature {
        match self {
            Self::Ed25519(key) => MultiSignature::Ed25519(key.sign(payload).to_bytes()),
            Self::Sr25519(pair) => MultiSignature::Sr25519(pair.sign(payload).0),
        }
    }
}

/// The SS58 address of an account, with the generic prefix 42 that the chain uses.
pub fn address(account: &[u8; 32]) -> String {
    AccountId32(*account).to_string()
}
