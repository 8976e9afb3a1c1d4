//! Keys that sign transactions.

use crate::error::KeyError;
use blake2::{Blake2b, Digest, digest::consts::U32};
use codec::Encode;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::Hmac;
use serde::{Deserialize, Serialize};
use sha2::Sha512;
use std::{fmt, str::FromStr};
use subxt::{
    SubstrateConfig,
    tx::Signer,
    utils::{AccountId32, MultiSignature},
};
use subxt_signer::{DeriveJunction, ExposeSecret, SecretUri, bip39::Mnemonic, sr25519};
use zeroize::Zeroizing;

/// Rounds of PBKDF2 from a mnemonic to a seed. Source: BIP-39.
const MNEMONIC_ROUNDS: u32 = 2048;

/// How a key signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// RFC 8032, the institutional default.
    #[default]
    Ed25519,
    /// Schnorrkel, what browser wallets use.
    Sr25519,
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ed25519 => "ed25519",
            Self::Sr25519 => "sr25519",
        })
    }
}

/// A fresh BIP-39 mnemonic of 24 English words, 256 bits of the operating system's randomness.
///
/// # Errors
/// [`KeyError::NoRandomness`] when the operating system gives none.
pub fn generate_mnemonic() -> Result<Zeroizing<String>, KeyError> {
    let mut entropy = Zeroizing::new([0u8; 32]);
    getrandom::fill(entropy.as_mut_slice()).map_err(|_| KeyError::NoRandomness)?;
    let mnemonic =
        Mnemonic::from_entropy(entropy.as_slice()).map_err(|_| KeyError::NoRandomness)?;
    Ok(Zeroizing::new(mnemonic.to_string()))
}

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
            return Ok(Self::from_ed25519_seed(*read_seed(digits)?));
        }
        let uri = SecretUri::from_str(secret).map_err(|_| KeyError::BadSecret)?;
        let pair = sr25519::Keypair::from_uri(&uri).map_err(|_| KeyError::BadSecret)?;
        Ok(Self::Sr25519(Box::new(pair)))
    }

    /// Reads a secret as a key of `scheme`: a `0x` seed of 64 hexadecimal digits or a BIP-39
    /// mnemonic, either with a derivation path (`//hard`, and `/soft` for sr25519) and a
    /// `///password` behind it, or a path alone, which starts at the development phrase.
    ///
    /// The keys are those that Substrate's tools make of the same text.
    ///
    /// # Errors
    /// [`KeyError`] says which part is wrong.
    pub fn from_secret(scheme: Scheme, secret: &str) -> Result<Self, KeyError> {
        let uri = SecretUri::from_str(secret.trim()).map_err(|_| KeyError::BadSecret)?;
        let phrase = uri.phrase.expose_secret();
        if let Some(digits) = phrase.strip_prefix("0x") {
            // Says what is wrong with a seed before anything is derived.
            read_seed(digits)?;
        }
        match scheme {
            Scheme::Sr25519 => {
                let pair = sr25519::Keypair::from_uri(&uri).map_err(|_| KeyError::BadSecret)?;
                Ok(Self::Sr25519(Box::new(pair)))
            }
            Scheme::Ed25519 => {
                let mut seed = match phrase.strip_prefix("0x") {
                    Some(digits) => read_seed(digits)?,
                    None => {
                        let password =
                            uri.password.as_ref().map_or("", |text| text.expose_secret());
                        mnemonic_seed(phrase, password)?
                    }
                };
                for junction in &uri.junctions {
                    seed = derive_ed25519(&seed, junction)?;
                }
                Ok(Self::from_ed25519_seed(*seed))
            }
        }
    }

    /// How the key signs.
    pub fn scheme(&self) -> Scheme {
        match self {
            Self::Ed25519(_) => Scheme::Ed25519,
            Self::Sr25519(_) => Scheme::Sr25519,
        }
    }

    /// The public key, which is also the account.
    pub fn public_key(&self) -> [u8; 32] {
        match self {
            Self::Ed25519(key) => key.verifying_key().to_bytes(),
            Self::Sr25519(pair) => pair.public_key().0,
        }
    }
}

fn read_seed(digits: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let mut seed = Zeroizing::new([0u8; 32]);
    hex::decode_to_slice(digits, seed.as_mut_slice())
        .map_err(|_| KeyError::BadSeed { expected_digits: 64, got_digits: digits.len() })?;
    Ok(seed)
}

/// Substrate's way from a mnemonic to a seed: PBKDF2 over the entropy, not over the words.
fn mnemonic_seed(phrase: &str, password: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let mnemonic = Mnemonic::from_str(phrase).map_err(|_| KeyError::BadSecret)?;
    let (entropy, len) = mnemonic.to_entropy_array();
    let entropy = Zeroizing::new(entropy);
    let salt = Zeroizing::new(format!("mnemonic{password}"));
    let mut long = Zeroizing::new([0u8; 64]);
    pbkdf2::pbkdf2::<Hmac<Sha512>>(
        &entropy[..len],
        salt.as_bytes(),
        MNEMONIC_ROUNDS,
        long.as_mut_slice(),
    )
    .map_err(|_| KeyError::BadSecret)?;
    let mut seed = Zeroizing::new([0u8; 32]);
    seed.copy_from_slice(&long[..32]);
    Ok(seed)
}

/// One hard step down, as sp-core defines it: BLAKE2b-256 over ("Ed25519HDKD", seed, chain code).
fn derive_ed25519(
    seed: &[u8; 32],
    junction: &DeriveJunction,
) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    if junction.is_soft() {
        return Err(KeyError::SoftPath);
    }
    let material = Zeroizing::new(("Ed25519HDKD", seed, junction.inner()).encode());
    let mut next = Zeroizing::new([0u8; 32]);
    next.copy_from_slice(&Blake2b::<U32>::digest(material.as_slice()));
    Ok(next)
}

impl fmt::Debug for KeyPair {
    /// Shows the account and never the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
