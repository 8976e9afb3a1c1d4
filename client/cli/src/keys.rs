//! Keys: which one signs, and the files that hold them.

use crate::output::{Printer, account, line, note, print_record};
use clap::{Args, Subcommand, ValueEnum};
use ecoledger_client::{
    Error, KeyPair, Keystore, KeystoreError, Scheme, address, generate_mnemonic,
};
use serde_json::json;
use std::{
    fs,
    io::{self, IsTerminal, Read},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// Longest secret or password that is read, in bytes.
const SECRET_BYTES_MAX: u64 = 4096;

/// Signing key.
#[derive(Args, Clone, Debug)]
pub(crate) struct KeyArgs {
    /// File that holds the key: one that `key new` made, or a plain secret (0x seed of ed25519,
    /// mnemonic or //Path of sr25519).
    #[arg(long, env = "ECOLEDGER_KEY_FILE", conflicts_with = "secret")]
    key: Option<PathBuf>,
    /// The secret itself; for development keys such as //Alice, since others see process lists.
    #[arg(long, env = "ECOLEDGER_SECRET", hide_env_values = true)]
    secret: Option<String>,
    #[command(flatten)]
    password: PasswordArgs,
}

/// Password of a key file.
#[derive(Args, Clone, Debug)]
pub(crate) struct PasswordArgs {
    /// File whose first line is the key file's password; it is asked for otherwise.
    #[arg(long, env = "ECOLEDGER_PASSWORD_FILE")]
    password_file: Option<PathBuf>,
}

impl KeyArgs {
    /// The key that signs.
    pub(crate) fn load(&self) -> Result<KeyPair, Error> {
        match (&self.key, &self.secret) {
            (Some(path), _) => {
                let text = read_text(path)?;
                if text.trim_start().starts_with('{') {
                    let store = Keystore::from_json(&text)?;
                    let password = self.password.read("password of the key file: ")?;
                    Ok(store.decrypt(&password)?)
                } else {
                    Ok(KeyPair::parse(&text)?)
                }
            }
            (None, Some(secret)) => Ok(KeyPair::parse(secret)?),
            (None, None) => {
                Err(Error::Arguments("give --key FILE or --secret to sign with".into()))
            }
        }
    }

    /// Whether a key was named at all.
    pub(crate) fn is_given(&self) -> bool {
        self.key.is_some() || self.secret.is_some()
    }
}

impl PasswordArgs {
    fn read(&self, prompt: &str) -> Result<Zeroizing<String>, Error> {
        if let Some(path) = &self.password_file {
            let text = read_text(path)?;
            return Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()));
        }
        if !io::stdin().is_terminal() {
            return Err(Error::Arguments(
                "no terminal to ask for the password; give --password-file FILE".into(),
            ));
        }
        let password = rpassword::prompt_password(prompt)
            .map_err(|error| Error::Arguments(format!("read the password: {error}")))?;
        Ok(Zeroizing::new(password))
    }

    /// The password of a new file, asked for twice.
    fn choose(&self) -> Result<Zeroizing<String>, Error> {
        let password = self.read("new password of the key file: ")?;
        if self.password_file.is_none() && *self.read("the same again: ")? != *password {
            return Err(Error::Arguments("the two passwords differ; no key was written".into()));
        }
        Ok(password)
    }
}

fn read_text(path: &Path) -> Result<Zeroizing<String>, Error> {
    let mut text = Zeroizing::new(String::new());
    fs::File::open(path)
        .and_then(|file| file.take(SECRET_BYTES_MAX).read_to_string(&mut text))
        .map_err(|error| Error::Arguments(format!("read {}: {error}", path.display())))?;
    Ok(text)
}

/// How a key signs.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SchemeName {
    /// RFC 8032, the institutional default.
    Ed25519,
    /// Schnorrkel, what browser wallets use.
    Sr25519,
}

impl From<SchemeName> for Scheme {
    fn from(name: SchemeName) -> Self {
        match name {
            SchemeName::Ed25519 => Self::Ed25519,
            SchemeName::Sr25519 => Self::Sr25519,
        }
    }
}

/// Files that hold keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key and write it to a file that a password opens.
    New {
        /// File to write; it must not exist.
        file: PathBuf,
        /// How the key signs.
        #[arg(long, value_enum, default_value = "ed25519")]
        scheme: SchemeName,
        /// Show the 24 words from which the key can be made again.
        #[arg(long)]
        show_mnemonic: bool,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Put a mnemonic or seed, read from standard input, into a file that a password opens.
    Import {
        /// File to write; it must not exist.
        file: PathBuf,
        /// How the key signs.
        #[arg(long, value_enum, default_value = "ed25519")]
        scheme: SchemeName,
        #[command(flatten)]
        password: PasswordArgs,
    },
    /// Show the account of a key file; needs no password.
    Show {
        /// File that `key new` or `key import` wrote.
        file: PathBuf,
    },
    /// Print the secret of a key file: whoever has it signs as you.
    Export {
        /// File that `key new` or `key import` wrote.
        file: PathBuf,
        #[command(flatten)]
        password: PasswordArgs,
    },
}

/// Runs the command.
pub(crate) fn run(command: &KeyCommand, printer: Printer) -> Result<(), Error> {
    match command {
        KeyCommand::New { file, scheme, show_mnemonic, password } => {
            refuse_existing(file)?;
            let mnemonic = generate_mnemonic()?;
            let password = password.choose()?;
            let store = Keystore::encrypt((*scheme).into(), &mnemonic, &password)?;
            store.write_new(file)?;
            let shown = show_mnemonic.then_some(mnemonic.as_str());
            show(&store, shown, printer);
            if !show_mnemonic {
                printer.progress(
                    "keep a copy of the file; `key export` shows the words behind the key",
                );
            }
        }
        KeyCommand::Import { file, scheme, password } => {
            refuse_existing(file)?;
            let secret = read_secret()?;
            let password = password.choose()?;
            let store = Keystore::encrypt((*scheme).into(), &secret, &password)?;
            store.write_new(file)?;
            show(&store, None, printer);
        }
        KeyCommand::Show { file } => show(&Keystore::read(file)?, None, printer),
        KeyCommand::Export { file, password } => {
            let store = Keystore::read(file)?;
            let password = password.read("password of the key file: ")?;
            store.decrypt(&password)?;
            let secret = store.decrypt_secret(&password)?;
            if printer.is_json() {
                line(json!({ "secret": *secret, "scheme": store.scheme() }));
            } else {
                line(secret.as_str());
            }
        }
    }
    Ok(())
}

/// Before anybody is asked for a password.
fn refuse_existing(file: &Path) -> Result<(), Error> {
    if file.exists() { Err(KeystoreError::Exists(file.into()).into()) } else { Ok(()) }
}

fn read_secret() -> Result<Zeroizing<String>, Error> {
    if io::stdin().is_terminal() {
        note("mnemonic, or 0x seed; it is not shown:");
        let secret = rpassword::read_password()
            .map_err(|error| Error::Arguments(format!("read the secret: {error}")))?;
        return Ok(Zeroizing::new(secret));
    }
    let mut secret = Zeroizing::new(String::new());
    io::stdin()
        .take(SECRET_BYTES_MAX)
        .read_to_string(&mut secret)
        .map_err(|error| Error::Arguments(format!("read standard input: {error}")))?;
    Ok(Zeroizing::new(secret.trim().to_owned()))
}

fn show(store: &Keystore, mnemonic: Option<&str>, printer: Printer) {
    let public = store.public_key();
    if printer.is_json() {
        let mut value = json!({
            "address": address(&public),
            "publicKey": format!("0x{}", hex::encode(public)),
            "scheme": store.scheme(),
        });
        if let Some(words) = mnemonic {
            value["mnemonic"] = json!(words);
        }
        line(value);
        return;
    }
    let mut rows = vec![
        ("address", address(&public)),
        ("publicKey", format!("0x{}", hex::encode(public))),
        ("scheme", store.scheme().to_string()),
    ];
    if let Some(words) = mnemonic {
        rows.push(("mnemonic", words.to_owned()));
    }
    print_record(&rows);
}

/// Shows the account of the key that signs.
pub(crate) fn show_account(key: &KeyArgs, printer: Printer) -> Result<(), Error> {
    printer.value(&account(&key.load()?));
    Ok(())
}
