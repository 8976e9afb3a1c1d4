//! Signing, asking first, submitting, and following to finality.

use crate::{
    keys::KeyArgs,
    output::{Printer, note, print_record},
};
use clap::Args;
use ecoledger_client::{
    Call, Client, Error, Gln, Moment, Receipt,
    traceability::{Commitment, Context},
};
use serde_json::json;
use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

/// After this long a transaction is final where enough validators are at work; who waits longer is
/// told so.
const USUALLY_FINAL_AFTER: Duration = Duration::from_secs(8);

/// Who signs, and whether it is meant.
#[derive(Args, Clone, Debug)]
pub(crate) struct SubmitArgs {
    #[command(flatten)]
    pub(crate) key: KeyArgs,
    /// Ask the node whether it would be accepted, show the call, and submit nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Signs `call` and submits it, or asks what would become of it.
pub(crate) async fn send(
    client: &Client,
    args: &SubmitArgs,
    call: &Call,
    printer: Printer,
) -> Result<(), Error> {
    if let Some(receipt) = sent(client, args, call, printer).await? {
        printer.receipt(&receipt);
    }
    Ok(())
}

/// As [`send`], and gives the receipt instead of printing it; `None` where it was only asked.
pub(crate) async fn sent(
    client: &Client,
    args: &SubmitArgs,
    call: &Call,
    printer: Printer,
) -> Result<Option<Receipt>, Error> {
    if args.dry_run {
        dry_run(client, args, call, printer).await?;
        return Ok(None);
    }
    submit(client, args, call, printer).await.map(Some)
}

async fn submit(
    client: &Client,
    args: &SubmitArgs,
    call: &Call,
    printer: Printer,
) -> Result<Receipt, Error> {
    let key = args.key.load()?;
    // Names are checked before anything is signed.
    client.codec().await?.encode(call)?;
    let submission = client.submit_call(&key, call).await?;
    printer.progress(&format!("submitted {:?}, waiting for finality", submission.hash()));
    let mut finalized = Box::pin(submission.finalized());
    match tokio::time::timeout(USUALLY_FINAL_AFTER, &mut finalized).await {
        Ok(done) => done,
        Err(_) => {
            printer.progress(&format!(
                "not final after {} s, still waiting: fewer than two thirds of the validators may \
                 be at work. Ctrl-C ends the waiting, not the transaction",
                USUALLY_FINAL_AFTER.as_secs()
            ));
            finalized.await
        }
    }
}

async fn dry_run(
    client: &Client,
    args: &SubmitArgs,
    call: &Call,
    printer: Printer,
) -> Result<(), Error> {
    let run = client.dry_run(&args.key.load()?, call).await?;
    if printer.is_json() {
        let mut value = serde_json::to_value(&run).unwrap_or_default();
        value["summary"] = run.summary();
        printer.value(&value);
    } else {
        let mut rows = vec![("call", format!("{}.{}", run.call.pallet, run.call.name))];
        let arguments = serde_json::to_string_pretty(&run.call.arguments).unwrap_or_default();
        rows.push(("arguments", arguments));
        rows.push(("height", run.height.to_string()));
        let summary = run.summary();
        rows.push(("result", summary.as_str().unwrap_or_default().to_owned()));
        rows.push(("not submitted", run.transaction.clone()));
        print_record(&rows);
    }
    run.refusal.map_or(Ok(()), Err)
}

/// When and where something happened, and what proves it.
#[derive(Args, Clone, Debug)]
pub(crate) struct ContextArgs {
    /// When it happened: `now`, or RFC 3339 with an offset, such as 2026-03-28T09:30:00+08:00.
    #[arg(long, default_value = "now")]
    time: String,
    /// GLN of the place where it was recorded.
    #[arg(long)]
    read_point: Option<Gln>,
    /// Commitment to a document about it: 0x and 64 digits.
    #[arg(long, conflicts_with = "document_file")]
    document: Option<Commitment>,
    /// Document to commit to; its salt is kept beside it in FILE.salt.
    #[arg(long, value_name = "FILE")]
    document_file: Option<PathBuf>,
}

impl ContextArgs {
    pub(crate) fn read(&self) -> Result<Context, Error> {
        let event_time: Moment = self.time.parse()?;
        let document = commitment(self.document.as_ref(), self.document_file.as_deref())?;
        Ok(Context { event_time, read_point: self.read_point.clone(), document })
    }
}

/// Why something is done, as a commitment.
#[derive(Args, Clone, Debug)]
pub(crate) struct ReasonArgs {
    /// Commitment to the reason: 0x and 64 digits.
    #[arg(long, conflicts_with = "reason_file")]
    reason: Option<Commitment>,
    /// Document with the reason; its salt is kept beside it in FILE.salt.
    #[arg(long, value_name = "FILE")]
    reason_file: Option<PathBuf>,
}

impl ReasonArgs {
    pub(crate) fn read(&self) -> Result<Option<Commitment>, Error> {
        commitment(self.reason.as_ref(), self.reason_file.as_deref())
    }

    pub(crate) fn required(&self) -> Result<Commitment, Error> {
        self.read()?
            .ok_or_else(|| Error::Arguments("reason: give --reason or --reason-file".into()))
    }
}

/// The commitment that was given, or one to a file.
pub(crate) fn commitment(
    given: Option<&Commitment>,
    file: Option<&Path>,
) -> Result<Option<Commitment>, Error> {
    match (given, file) {
        (Some(given), _) => Ok(Some(given.clone())),
        (None, Some(file)) => commit_to(file).map(Some),
        (None, None) => Ok(None),
    }
}

/// Commits to a document under the salt beside it, which is made if there is none: the same
/// document has the same commitment each time, and whoever is to check it finds both together.
fn commit_to(file: &Path) -> Result<Commitment, Error> {
    let failed = |what: &Path, error: &dyn std::fmt::Display| {
        Error::Arguments(format!("{}: {error}", what.display()))
    };
    let document = fs::read(file).map_err(|error| failed(file, &error))?;
    let mut name = file.as_os_str().to_owned();
    name.push(".salt");
    let salt_file = PathBuf::from(name);
    if salt_file.exists() {
        let text = fs::read_to_string(&salt_file).map_err(|error| failed(&salt_file, &error))?;
        let salt = hex::decode(text.trim().trim_start_matches("0x"))
            .ok()
            .filter(|salt| salt.len() >= 16)
            .ok_or_else(|| failed(&salt_file, &"a salt of at least 16 bytes is expected"))?;
        return Ok(Commitment::with_salt(&salt, &document));
    }
    let (commitment, salt) = Commitment::to_document(&document)?;
    let mut options = fs::OpenOptions::new();
    options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&salt_file)
        .and_then(|mut out| {
            writeln!(out, "0x{}", hex::encode(salt))?;
            out.sync_all()
        })
        .map_err(|error| failed(&salt_file, &error))?;
    note(format_args!("salt of {} written to {}", file.display(), salt_file.display()));
    Ok(commitment)
}

/// A call of any pallet; a call without arguments may leave them out.
pub(crate) fn call_of(pallet: &str, name: &str, arguments: serde_json::Value) -> Call {
    Call::new(pallet, name, if arguments.is_null() { json!({}) } else { arguments })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_keeps_its_commitment() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("report.pdf");
        fs::write(&file, "passed").unwrap();
        let first = commit_to(&file).unwrap();
        assert_eq!(commit_to(&file).unwrap(), first);
        let salt = fs::read_to_string(folder.path().join("report.pdf.salt")).unwrap();
        let salt = hex::decode(salt.trim().trim_start_matches("0x")).unwrap();
        assert_eq!(Commitment::with_salt(&salt, b"passed"), first);
        fs::write(folder.path().join("report.pdf.salt"), "0x00").unwrap();
        assert!(commit_to(&file).is_err());
        assert!(commit_to(&folder.path().join("missing")).is_err());
    }
}
