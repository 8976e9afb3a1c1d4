//! Publishing documents at gateways, and fetching them.

use crate::{
    fields::show,
    files::{failed, is_free, write_whole},
    http,
    output::Printer,
};
use clap::{Args, Subcommand};
use ecoledger_client::{Digest, Error, traceability::Commitment};
use ecoledger_gateway::read_address;
use serde_json::json;
use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

/// Bytes of a salt, as it stands before its document.
const SALT_BYTES: usize = 32;
/// Most bytes that are fetched unless told otherwise.
const BYTES_MAX: u64 = 64 << 20;

/// Documents that the chain names by digest or commitment.
#[derive(Debug, Subcommand)]
pub(crate) enum DocumentCommand {
    /// Publish a document that the chain names; one with a salt beside it opens its commitment.
    Publish(PublishArgs),
    /// Fetch a document by its digest or commitment, and check it.
    Fetch(FetchArgs),
}

#[derive(Args, Debug)]
pub(crate) struct PublishArgs {
    /// The document. With FILE.salt beside it, salt and document are published together.
    file: PathBuf,
    /// Address of a gateway; give several to have the document in several places.
    #[arg(long, value_name = "URL", required = true, value_parser = read_address)]
    gateway: Vec<String>,
    /// Publish it without the salt that is beside it: the chain has the document's own digest.
    #[arg(long)]
    plain: bool,
}

#[derive(Args, Debug)]
pub(crate) struct FetchArgs {
    /// Digest or commitment: 0x and 64 digits.
    digest: Digest,
    /// Address of a gateway; give several to ask one after the other.
    #[arg(long, value_name = "URL", required = true, value_parser = read_address)]
    gateway: Vec<String>,
    /// File to write.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// It is a commitment: the salt goes to FILE.salt.
    #[arg(long)]
    salted: bool,
    /// Replace files that are there.
    #[arg(long)]
    force: bool,
    /// Most bytes that are taken.
    #[arg(long, default_value_t = BYTES_MAX)]
    bytes_max: u64,
}

fn salt_file(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".salt");
    name.into()
}

/// The salt beside a document, if there is one.
fn salt_of(file: &Path) -> Result<Option<Vec<u8>>, Error> {
    let file = salt_file(file);
    if !file.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&file).map_err(|error| failed(&file, error))?;
    hex::decode(text.trim().trim_start_matches("0x"))
        .ok()
        .filter(|salt| salt.len() == SALT_BYTES)
        .map(Some)
        .ok_or_else(|| failed(&file, format_args!("a salt of {SALT_BYTES} bytes is expected")))
}

fn place(digest: &str) -> String {
    format!("/api/v1/documents/{}", digest.trim_start_matches("0x"))
}

/// Asks gateways only; no node.
pub(crate) fn run(command: &DocumentCommand, printer: Printer) -> Result<(), Error> {
    match command {
        DocumentCommand::Publish(args) => publish(args, printer),
        DocumentCommand::Fetch(args) => fetch(args, printer),
    }
}

fn publish(args: &PublishArgs, printer: Printer) -> Result<(), Error> {
    let document = fs::read(&args.file).map_err(|error| failed(&args.file, error))?;
    let salt = if args.plain { None } else { salt_of(&args.file)? };
    let is_salted = salt.is_some();
    let (digest, body) = match salt {
        Some(salt) => {
            let commitment = Commitment::with_salt(&salt, &document).to_string();
            (commitment, [salt, document].concat())
        }
        None => (Digest::of(&document).to_string(), document),
    };
    for gateway in &args.gateway {
        http::put(gateway, &place(&digest), "application/octet-stream", &body)?;
    }
    show(
        printer,
        &json!({ "digest": digest, "salted": is_salted, "gateways": args.gateway }),
        &[("digest", digest.clone()), ("published at", args.gateway.join(", "))],
    );
    Ok(())
}

fn fetch(args: &FetchArgs, printer: Printer) -> Result<(), Error> {
    let outs = [Some(args.out.clone()), args.salted.then(|| salt_file(&args.out))];
    for out in outs.iter().flatten() {
        is_free(out, args.force)?;
    }
    let mut failures = Vec::new();
    for gateway in &args.gateway {
        match fetch_from(gateway, args) {
            Ok(bytes) => {
                write(args, &bytes)?;
                let out = args.out.display().to_string();
                show(
                    printer,
                    &json!({ "digest": args.digest, "out": out, "gateway": gateway }),
                    &[("digest", args.digest.to_string()), ("written to", out.clone())],
                );
                return Ok(());
            }
            Err(error) => failures.push(error),
        }
    }
    // A gateway that answers is told before those that cannot be reached.
    let said = |error: &Error| matches!(error, Error::Gateway(_));
    let first = failures.iter().position(said).unwrap_or_default();
    Err(failures.swap_remove(first))
}

fn fetch_from(gateway: &str, args: &FetchArgs) -> Result<Vec<u8>, Error> {
    let bytes = http::get(gateway, &place(&args.digest.to_string()), args.bytes_max)?;
    let got = Digest::of(&bytes);
    if got == args.digest {
        Ok(bytes)
    } else {
        Err(Error::Gateway(format!("{gateway}: it sends another document: its SHA-256 is {got}")))
    }
}

fn write(args: &FetchArgs, bytes: &[u8]) -> Result<(), Error> {
    let document = if args.salted {
        let short = || failed(&args.out, format_args!("a salt has {SALT_BYTES} bytes"));
        let (salt, document) = bytes.split_at_checked(SALT_BYTES).ok_or_else(short)?;
        let line = format!("0x{}\n", hex::encode(salt));
        write_whole(&salt_file(&args.out), args.force, |out| Ok(out.write_all(line.as_bytes())?))?;
        document
    } else {
        bytes
    };
    write_whole(&args.out, args.force, |out| Ok(out.write_all(document)?))
}
