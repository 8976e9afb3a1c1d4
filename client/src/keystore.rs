//! Keys in files that a password opens.
//!
//! ```text
//! key         Argon2id(password, salt, memory, iterations, lanes), 32 bytes
//! header      "ecoledger keystore" | version | scheme | public key | kdf numbers | salt | nonce
//! ciphertext  XChaCha20-Poly1305(key, nonce, secret; header as associated data)
//! checksum    SHA-256(header | ciphertext)
//! ```
//!
//! The secret is the text that was imported or generated: a `0x` seed or a mnemonic with its path,
//! so that what is exported is what was put in. The checksum covers nothing secret; it tells a
//! damaged or changed file from a wrong password. Whoever changes a file and its checksum fails at
//! the tag, which binds every field of the header, and is told that the password is wrong.
//!
//! The file is JSON, readable by its owner alone, and replaced in one step: after a crash it is the
//! old one or the new one. Sources: RFC 9106 (Argon2id), draft-irtf-cfrg-xchacha-03.

use crate::{
    error::KeyError,
    signer::{KeyPair, Scheme, address},
};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use chacha20poly1305::{
    Key, KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// The one version of the format.
const VERSION: u32 = 1;
/// First bytes of the header.
const DOMAIN: &[u8] = b"ecoledger keystore";
/// Longest file that is read, in bytes; a key's takes less than one thousand.
const FILE_BYTES_MAX: u64 = 16 * 1024;
/// Longest secret, in bytes: 24 words, a path and a password.
const SECRET_BYTES_MAX: usize = 1024;
/// Most memory, iterations and lanes that a file may ask for: a hostile file is to cost no more
/// than a gibibyte and some seconds.
const KDF_MAX: Kdf = Kdf { memory_kib: 1024 * 1024, iterations: 64, lanes: 16 };

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeystoreError {
    /// The file cannot be read or written.
    #[error("{action} {}: {source}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// There is a file already; keys are never overwritten.
    #[error("{} exists; a key file is not overwritten, choose another name", .0.display())]
    Exists(PathBuf),
    /// The file is not of this format or version.
    #[error("not a key file of version {VERSION}: {0}")]
    Format(String),
    /// The file asks for more memory or time than is given.
    #[error("the key file asks for more memory or time than is safe: {0}")]
    KdfTooLarge(String),
    /// The file is not as it was written.
    #[error(
        "the key file was changed or damaged; restore it from a copy or import the secret again"
    )]
    Tampered,
    /// The password does not open the file.
    #[error("the password is wrong")]
    WrongPassword,
    /// The key in the file is not the one that it names.
    #[error("the key file holds another key than it says")]
    KeyMismatch,
    /// The secret is no key, or too long.
    #[error(transparent)]
    Secret(#[from] KeyError),
    /// The password is empty.
    #[error("the password is empty; a key file needs one")]
    PasswordEmpty,
}

/// What deriving a key from a password costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Kdf {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub iterations: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Kdf {
    /// RFC 9106 §4, second recommended option: 64 MiB, 3 passes, 4 lanes.
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, iterations: 3, lanes: 4 }
    }
}

/// A key, encrypted: what a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Keystore {
    version: u32,
    scheme: Scheme,
    #[serde(with = "hex_bytes")]
    public_key: [u8; 32],
    /// For people; not read.
    address: String,
    kdf: KdfChoice,
    #[serde(with = "hex_bytes")]
    salt: [u8; 16],
    cipher: CipherName,
    #[serde(with = "hex_bytes")]
    nonce: [u8; 24],
    #[serde(with = "hex_text")]
    ciphertext: Vec<u8>,
    #[serde(with = "hex_bytes")]
    checksum: [u8; 32],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct KdfChoice {
    name: KdfName,
    memory_kib: u32,
    iterations: u32,
    lanes: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KdfName {
    Argon2id,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum CipherName {
    XChaCha20Poly1305,
}

impl Keystore {
    /// Encrypts `secret`, a seed or mnemonic as [`KeyPair::from_secret`] reads it, with `password`.
    ///
    /// # Errors
    /// [`KeystoreError::Secret`] when it is no key, [`KeystoreError::PasswordEmpty`].
    pub fn encrypt(scheme: Scheme, secret: &str, password: &str) -> Result<Self, KeystoreError> {
        let (mut salt, mut nonce) = ([0; 16], [0; 24]);
        getrandom::fill(&mut salt).map_err(|_| KeyError::NoRandomness)?;
        getrandom::fill(&mut nonce).map_err(|_| KeyError::NoRandomness)?;
        Self::encrypt_with(scheme, secret, password, Kdf::default(), salt, nonce)
    }

    fn encrypt_with(
        scheme: Scheme,
        secret: &str,
        password: &str,
        kdf: Kdf,
        salt: [u8; 16],
        nonce: [u8; 24],
    ) -> Result<Self, KeystoreError> {
        let secret = secret.trim();
        if password.is_empty() {
            return Err(KeystoreError::PasswordEmpty);
        }
        if secret.len() > SECRET_BYTES_MAX {
            return Err(KeyError::BadSecret.into());
        }
        let public_key = KeyPair::from_secret(scheme, secret)?.public_key();
        let Kdf { memory_kib, iterations, lanes } = kdf;
        let mut store = Self {
            version: VERSION,
            scheme,
            public_key,
            address: address(&public_key),
            kdf: KdfChoice { name: KdfName::Argon2id, memory_kib, iterations, lanes },
            salt,
            cipher: CipherName::XChaCha20Poly1305,
            nonce,
            ciphertext: Vec::new(),
            checksum: [0; 32],
        };
        let header = store.header();
        store.ciphertext = store
            .cipher(password)?
            .encrypt(&XNonce::from(nonce), Payload { msg: secret.as_bytes(), aad: &header })
            .map_err(|_| KeystoreError::Format("the cipher failed".into()))?;
        store.checksum = store.checksum_of();
        Ok(store)
    }

    /// Opens the key.
    ///
    /// # Errors
    /// [`KeystoreError::Tampered`], [`KeystoreError::WrongPassword`], [`KeystoreError::KdfTooLarge`],
    /// [`KeystoreError::KeyMismatch`].
    pub fn decrypt(&self, password: &str) -> Result<KeyPair, KeystoreError> {
        let secret = self.decrypt_secret(password)?;
        let key = KeyPair::from_secret(self.scheme, &secret)?;
        if key.public_key() == self.public_key { Ok(key) } else { Err(KeystoreError::KeyMismatch) }
    }

    /// Opens the secret itself, for export.
    ///
    /// # Errors
    /// As [`Keystore::decrypt`].
    pub fn decrypt_secret(&self, password: &str) -> Result<Zeroizing<String>, KeystoreError> {
        if self.checksum != self.checksum_of() {
            return Err(KeystoreError::Tampered);
        }
        let payload = Payload { msg: &self.ciphertext, aad: &self.header() };
        let plain = self
            .cipher(password)?
            .decrypt(&XNonce::from(self.nonce), payload)
            .map_err(|_| KeystoreError::WrongPassword)?;
        let plain = Zeroizing::new(plain);
        let text = std::str::from_utf8(&plain).map_err(|_| KeystoreError::KeyMismatch)?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// How the key signs.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The public key, which is also the account. Readable without the password.
    pub fn public_key(&self) -> [u8; 32] {
        self.public_key
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeystoreError::File`], [`KeystoreError::Format`].
    pub fn read(path: &Path) -> Result<Self, KeystoreError> {
        let file = |source| KeystoreError::File { action: "read", path: path.into(), source };
        let mut text = String::new();
        File::open(path)
            .map_err(file)?
            .take(FILE_BYTES_MAX)
            .read_to_string(&mut text)
            .map_err(file)?;
        Self::from_json(&text)
    }

    /// Reads the text of a key file.
    ///
    /// # Errors
    /// [`KeystoreError::Format`].
    pub fn from_json(text: &str) -> Result<Self, KeystoreError> {
        let store: Self =
            serde_json::from_str(text).map_err(|error| KeystoreError::Format(error.to_string()))?;
        if store.version != VERSION {
            return Err(KeystoreError::Format(format!("its version is {}", store.version)));
        }
        Ok(store)
    }

    /// The text of a key file.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Writes a new key file that its owner alone can read. The file is there whole or not at all.
    ///
    /// # Errors
    /// [`KeystoreError::Exists`], [`KeystoreError::File`].
    pub fn write_new(&self, path: &Path) -> Result<(), KeystoreError> {
        write_private(path, self.to_json().as_bytes())
    }

    fn header(&self) -> Vec<u8> {
        let mut header = DOMAIN.to_vec();
        header.extend(self.version.to_le_bytes());
        header.push(match self.scheme {
            Scheme::Ed25519 => 0,
            Scheme::Sr25519 => 1,
        });
        header.extend(self.public_key);
        header.extend(self.kdf.memory_kib.to_le_bytes());
        header.extend(self.kdf.iterations.to_le_bytes());
        header.extend(self.kdf.lanes.to_le_bytes());
        header.extend(self.salt);
        header.extend(self.nonce);
        header
    }

    fn checksum_of(&self) -> [u8; 32] {
        Sha256::new_with_prefix(self.header()).chain_update(&self.ciphertext).finalize().into()
    }

    fn cipher(&self, password: &str) -> Result<XChaCha20Poly1305, KeystoreError> {
        let KdfChoice { memory_kib, iterations, lanes, .. } = self.kdf;
        let is_safe = memory_kib <= KDF_MAX.memory_kib
            && iterations <= KDF_MAX.iterations
            && lanes <= KDF_MAX.lanes;
        let too_large = |why: String| KeystoreError::KdfTooLarge(why);
        if !is_safe {
            return Err(too_large(format!(
                "{memory_kib} KiB, {iterations} passes, {lanes} lanes; at most {} KiB, {} and {}",
                KDF_MAX.memory_kib, KDF_MAX.iterations, KDF_MAX.lanes
            )));
        }
        let params = Params::new(memory_kib, iterations, lanes, Some(32))
            .map_err(|error| KeystoreError::Format(error.to_string()))?;
        let mut memory = vec![Block::default(); params.block_count()];
        let mut key = Zeroizing::new([0u8; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into_with_memory(
                password.as_bytes(),
                &self.salt,
                key.as_mut_slice(),
                &mut memory,
            )
            .map_err(|error| KeystoreError::Format(error.to_string()))?;
        Ok(XChaCha20Poly1305::new(Key::from_slice(key.as_slice())))
    }
}

/// Writes a new file of mode 0600: beside it first, synced, and then linked to its name, which
/// fails where the name is taken.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), KeystoreError> {
    let failed = |action, source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => KeystoreError::Exists(path.into()),
        _ => KeystoreError::File { action, path: path.into(), source },
    };
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut random = [0u8; 8];
    getrandom::fill(&mut random).map_err(|_| KeyError::NoRandomness)?;
    let draft = folder.join(format!(".key-{}.tmp", hex::encode(random)));
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::hard_link(&draft, path)?;
        File::open(folder)?.sync_all()
    })();
    let removed = fs::remove_file(&draft);
    written.map_err(|error| failed("write", error))?;
    removed.map_err(|error| failed("remove the draft of", error))
}

mod hex_bytes {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<const N: usize, S: Serializer>(
        bytes: &[u8; N],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("0x{}", hex::encode(bytes)))
    }

    pub(super) fn deserialize<'de, const N: usize, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[u8; N], D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; N];
        text.strip_prefix("0x")
            .and_then(|digits| hex::decode_to_slice(digits, &mut bytes).ok())
            .ok_or_else(|| D::Error::custom(format!("0x and {} digits are expected", 2 * N)))?;
        Ok(bytes)
    }
}

mod hex_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("0x{}", hex::encode(bytes)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.strip_prefix("0x")
            .and_then(|digits| hex::decode(digits).ok())
            .ok_or_else(|| D::Error::custom("0x and hexadecimal digits are expected"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    const PHRASE: &str = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
    const PASSWORD: &str = "correct horse battery staple";
    /// Small, so that tests are quick.
    const KDF: Kdf = Kdf { memory_kib: 64, iterations: 2, lanes: 1 };

    fn store() -> Keystore {
        let secret = format!("{PHRASE}//Alice");
        Keystore::encrypt_with(Scheme::Ed25519, &secret, PASSWORD, KDF, [1; 16], [2; 24]).unwrap()
    }

    #[test]
    fn the_format_is_fixed() {
        assert_eq!(store().to_json(), include_str!("../testdata/keystore-v1.json"));
    }

    #[test]
    fn a_file_of_this_version_opens() {
        let store = Keystore::from_json(include_str!("../testdata/keystore-v1.json")).unwrap();
        let key = store.decrypt(PASSWORD).unwrap();
        assert_eq!(address(&key.public_key()), "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu");
        assert_eq!(*store.decrypt_secret(PASSWORD).unwrap(), format!("{PHRASE}//Alice"));
    }

    #[test]
    fn a_wrong_password_is_named() {
        let wrong = store().decrypt("correct horse battery stapler");
        assert!(matches!(wrong, Err(KeystoreError::WrongPassword)));
        assert!(matches!(store().decrypt(""), Err(KeystoreError::WrongPassword)));
        let empty = Keystore::encrypt(Scheme::Ed25519, PHRASE, "");
        assert!(matches!(empty, Err(KeystoreError::PasswordEmpty)));
    }

    #[test]
    fn a_changed_file_is_named() {
        let changes: [fn(&mut Keystore); 7] = [
            |store| store.scheme = Scheme::Sr25519,
            |store| store.public_key[0] ^= 1,
            |store| store.kdf.iterations += 1,
            |store| store.salt[0] ^= 1,
            |store| store.nonce[0] ^= 1,
            |store| store.ciphertext[0] ^= 1,
            |store| store.checksum[0] ^= 1,
        ];
        for (index, change) in changes.into_iter().enumerate() {
            let mut changed = store();
            change(&mut changed);
            let tampered = changed.decrypt(PASSWORD);
            assert!(matches!(tampered, Err(KeystoreError::Tampered)), "{index}");
            // With a new checksum the tag still tells.
            changed.checksum = changed.checksum_of();
            let refused = changed.decrypt(PASSWORD);
            let is_whole = index == 6;
            assert_eq!(refused.is_ok(), is_whole, "{index}");
        }
    }

    #[test]
    fn a_file_that_would_cost_too_much_is_refused() {
        let mut hostile = store();
        hostile.kdf.memory_kib = u32::MAX;
        hostile.checksum = hostile.checksum_of();
        assert!(matches!(hostile.decrypt(PASSWORD), Err(KeystoreError::KdfTooLarge(_))));
        let mut text = store().to_json();
        text = text.replace("\"version\": 1", "\"version\": 2");
        assert!(matches!(Keystore::from_json(&text), Err(KeystoreError::Format(_))));
        assert!(matches!(Keystore::from_json("{}"), Err(KeystoreError::Format(_))));
    }

    #[test]
    fn files_are_private_whole_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("alice.json");
        store().write_new(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Keystore::read(&path).unwrap(), store());
        assert!(matches!(store().write_new(&path), Err(KeystoreError::Exists(_))));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");
        let missing = folder.path().join("no/such/folder.json");
        assert!(matches!(store().write_new(&missing), Err(KeystoreError::File { .. })));
    }
}
