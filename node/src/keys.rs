//! Key files of a node, and the `key` command.
//!
//! A base path holds two secrets, each 32 bytes in hexadecimal, readable by their owner alone:
//! `node.key` names the node to its peers on both swarms, `validator.key` signs votes.

use crate::cli::{KeyCommand, Scheme};
use eyre::{WrapErr, ensure, eyre};
use sp_core::{Pair, crypto::Ss58Codec, ed25519, sr25519};
use std::{
    fs,
    io::{Read, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// File of the node key below a base path.
pub(crate) const NODE_KEY_FILE: &str = "node.key";
/// File of the validator key below a base path.
pub(crate) const VALIDATOR_KEY_FILE: &str = "validator.key";

/// A 32-byte ed25519 seed read from or written to a key file.
pub(crate) struct KeyFile {
    /// The secret.
    pub(crate) seed: [u8; 32],
}

impl KeyFile {
    /// Reads the key at `path`, which its owner alone may read: a key that others know is worth
    /// nothing.
    pub(crate) fn read(path: &Path) -> eyre::Result<Self> {
        let missing = || format!("read key {}; make one with `key generate-node`", path.display());
        let mut file = fs::File::open(path).wrap_err_with(missing)?;
        let mode = file.metadata().wrap_err_with(missing)?.permissions().mode() & 0o777;
        ensure!(
            mode & 0o077 == 0,
            "key {path} may be read by others (mode {mode:03o}); `chmod 600 {path}`, and replace \
             it if others had access",
            path = path.display()
        );
        let mut text = String::new();
        file.read_to_string(&mut text).wrap_err_with(missing)?;
        let mut seed = [0u8; 32];
        hex::decode_to_slice(text.trim().trim_start_matches("0x"), &mut seed)
            .wrap_err_with(|| format!("key {} is not 32 bytes in hexadecimal", path.display()))?;
        Ok(Self { seed })
    }

    /// Reads the key at `path`, or writes a new one there.
    pub(crate) fn read_or_generate(path: &Path) -> eyre::Result<Self> {
        if path.exists() { Self::read(path) } else { Self::generate(path) }
    }

    fn generate(path: &Path) -> eyre::Result<Self> {
        let (_, seed) = ed25519::Pair::generate();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).wrap_err_with(|| format!("create {}", folder.display()))?;
        }
        write_secret(path, &format!("{}\n", hex::encode(seed)))?;
        Ok(Self { seed })
    }

    /// The public key.
    pub(crate) fn public(&self) -> [u8; 32] {
        ed25519::Pair::from_seed(&self.seed).public().0
    }
}

/// Writes a new file that its owner alone may read.
pub(crate) fn write_secret(path: &Path, text: &str) -> eyre::Result<()> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .wrap_err_with(|| format!("create key {}", path.display()))?;
    file.write_all(text.as_bytes()).wrap_err("write key")?;
    file.sync_all().wrap_err("write key")
}

/// The libp2p peer id of a node's public key.
pub(crate) fn peer_id(node_key: &[u8; 32]) -> eyre::Result<libp2p::PeerId> {
    let key = libp2p::identity::ed25519::PublicKey::try_from_bytes(node_key)
        .wrap_err("node key is no ed25519 point")?;
    Ok(libp2p::identity::PublicKey::from(key).to_peer_id())
}

/// Runs the `key` command.
pub(crate) fn run(command: &KeyCommand) -> eyre::Result<()> {
    match command {
        KeyCommand::Generate { scheme } => {
            let phrase = match scheme {
                Scheme::Ed25519 => ed25519::Pair::generate_with_phrase(None).1,
                Scheme::Sr25519 => sr25519::Pair::generate_with_phrase(None).1,
            };
            print_account(*scheme, &phrase)
        }
        KeyCommand::Inspect { scheme, uri } if uri == "-" => {
            let mut secret = String::new();
            // A mnemonic of 24 words stays far below this.
            std::io::stdin().take(1024).read_to_string(&mut secret).wrap_err("read secret")?;
            print_account(*scheme, secret.trim())
        }
        KeyCommand::Inspect { scheme, uri } => print_account(*scheme, uri),
        KeyCommand::GenerateNode { base_path } => {
            KeyFile::read_or_generate(&base_path.join(NODE_KEY_FILE))?;
            KeyFile::read_or_generate(&base_path.join(VALIDATOR_KEY_FILE))?;
            inspect_node(base_path)
        }
        KeyCommand::InspectNode { base_path } => inspect_node(base_path),
    }
}

fn inspect_node(base_path: &Path) -> eyre::Result<()> {
    let node = KeyFile::read(&base_path.join(NODE_KEY_FILE))?.public();
    let validator = KeyFile::read(&base_path.join(VALIDATOR_KEY_FILE))?.public();
    println!("peer id:       {}", peer_id(&node)?);
    println!("node key:      0x{}", hex::encode(node));
    println!("validator key: 0x{}", hex::encode(validator));
    Ok(())
}

fn print_account(scheme: Scheme, uri: &str) -> eyre::Result<()> {
    ensure!(!uri.is_empty(), "the secret is empty");
    let (public, seed) = match scheme {
        Scheme::Ed25519 => {
            let (pair, seed) = ed25519::Pair::from_string_with_seed(uri, None)
                .map_err(|error| eyre!("not a mnemonic, 0x seed or //Path: {error:?}"))?;
            (pair.public().0, seed)
        }
        Scheme::Sr25519 => {
            let (pair, seed) = sr25519::Pair::from_string_with_seed(uri, None)
                .map_err(|error| eyre!("not a mnemonic, 0x seed or //Path: {error:?}"))?;
            (pair.public().0, seed)
        }
    };
    println!("secret:     {uri}");
    if let Some(seed) = seed {
        println!("seed:       0x{}", hex::encode(seed));
    }
    println!("public key: 0x{}", hex::encode(public));
    println!("address:    {}", sp_core::crypto::AccountId32::from(public).to_ss58check());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(VALIDATOR_KEY_FILE);
        let made = KeyFile::read_or_generate(&path).unwrap();
        assert_eq!(KeyFile::read(&path).unwrap().seed, made.seed);
        for mode in [0o644, 0o640, 0o602, 0o700 | 0o001] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = KeyFile::read_or_generate(&path).err().unwrap().to_string();
            assert!(error.contains(&format!("mode {mode:03o}")), "{error}");
            assert!(error.contains("chmod 600"), "{error}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert_eq!(KeyFile::read(&path).unwrap().seed, made.seed);
    }
}
