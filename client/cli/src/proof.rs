//! Proofs that need no server.

use crate::{
    fields::{joined, or_dash, show},
    label::read_proof,
    output::Printer,
};
use clap::{Args, Subcommand};
use ecoledger_client::{
    Client, Error, Moment,
    labels::ItemLife,
    proof::{
        BUNDLE_BYTES_MAX, Bounds, Bundle, Checkpoint, Evidence, ProofStep, RecallVerdict, Scan,
        ScanError,
    },
};
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// Proofs of item codes: a code, its batch, certificates, licence and recalls, and the validators'
/// signatures in one file, which anybody verifies without a node.
#[derive(Debug, Subcommand)]
pub(crate) enum ProofCommand {
    /// Write a checkpoint: the block from which verifiers begin. It is what the node says; take it
    /// from a node that you trust, and compare it with another's.
    Checkpoint {
        /// Height of the block; the second before the last final one unless given.
        #[arg(long)]
        height: Option<u32>,
        /// File to write; standard output unless given.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Make the proof of an item code in the last final block.
    Make {
        /// The code's place in its series, as `label prove` writes it.
        code: PathBuf,
        /// Checkpoint from which it is to be verified; verifiers with a later one can do so too.
        #[arg(long, value_name = "FILE")]
        checkpoint: PathBuf,
        /// File to write, in the binary form; as JSON if its name ends so.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Verify a proof from a checkpoint, without a node, and show what it says. Fails if it does
    /// not hold.
    Verify(VerifyArgs),
    /// Compare two proofs, without a node: whether validators decided two blocks at one height, and
    /// who signed both. Fails if they did.
    Compare(CompareArgs),
}

/// What to verify, and how strictly.
#[derive(Args, Debug)]
pub(crate) struct VerifyArgs {
    /// The proof, in either form.
    proof: PathBuf,
    /// Checkpoint from which to verify.
    #[arg(long, value_name = "FILE")]
    checkpoint: PathBuf,
    /// Oldest block that is accepted, in hours.
    #[arg(long, default_value_t = 24)]
    hours: u64,
    /// Verify as of this time, RFC 3339 with an offset.
    #[arg(long, default_value = "now")]
    at: Moment,
}

/// What to compare.
#[derive(Args, Debug)]
pub(crate) struct CompareArgs {
    /// A proof, in either form and of any age.
    one: PathBuf,
    /// Another.
    other: PathBuf,
    /// Checkpoint from which both are verified.
    #[arg(long, value_name = "FILE")]
    checkpoint: PathBuf,
    /// File to write if they contradict each other: the two headers with their signatures and the
    /// validator set, as JSON.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Verify as of this time, RFC 3339 with an offset.
    #[arg(long, default_value = "now")]
    at: Moment,
}

/// Runs what needs no node; `None` for everything else.
pub(crate) fn run_offline(
    command: &ProofCommand,
    printer: Printer,
) -> Option<Result<ExitCode, Error>> {
    match command {
        ProofCommand::Verify(args) => Some(verify(args, printer).map(|()| ExitCode::SUCCESS)),
        ProofCommand::Compare(args) => Some(compare(args, printer)),
        _ => None,
    }
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &ProofCommand,
    printer: Printer,
) -> Result<(), Error> {
    match command {
        ProofCommand::Checkpoint { height, out } => {
            let checkpoint = client.checkpoint(*height).await?;
            let Some(out) = out else {
                printer.value(&json!(checkpoint));
                return Ok(());
            };
            write(out, format!("{}\n", json!(checkpoint)).as_bytes())?;
            show(
                printer,
                &json!({ "checkpoint": out, "height": checkpoint.height }),
                &[
                    ("checkpoint", out.display().to_string()),
                    ("height", checkpoint.height.to_string()),
                    ("time", checkpoint.time_ms.to_string()),
                    ("validators", checkpoint.after_next.len().to_string()),
                ],
            );
            Ok(())
        }
        ProofCommand::Make { code, checkpoint, out } => {
            let checkpoint = read_checkpoint(checkpoint)?;
            let bundle = client.prove_code(&read_proof(code)?, &checkpoint, None).await?;
            let is_json = out.extension().is_some_and(|extension| extension == "json");
            let bytes =
                if is_json { format!("{}\n", bundle.to_json()?).into() } else { bundle.to_bytes() };
            write(out, &bytes)?;
            show(
                printer,
                &json!({ "proof": out, "bytes": bytes.len() }),
                &[("proof", out.display().to_string()), ("bytes", bytes.len().to_string())],
            );
            Ok(())
        }
        ProofCommand::Verify(_) | ProofCommand::Compare(_) => Ok(()),
    }
}

fn compare(args: &CompareArgs, printer: Printer) -> Result<ExitCode, Error> {
    let checkpoint = read_checkpoint(&args.checkpoint)?;
    let bundle = |file| -> Result<_, Error> {
        Bundle::read(&read(file, PROOF_BYTES_MAX)?).map_err(Error::Proof)
    };
    let (one, other) = (bundle(&args.one)?, bundle(&args.other)?);
    let bounds = Bounds { age_max_ms: u64::MAX, ..Bounds::at(args.at) };
    let Some(evidence) = Evidence::between(&one, &other, &checkpoint, &bounds)? else {
        show(
            printer,
            &json!({ "conflict": null }),
            &[("verdict", "they do not contradict each other".into())],
        );
        return Ok(ExitCode::SUCCESS);
    };
    let conflict = evidence.check()?;
    if let Some(out) = &args.out {
        write(out, format!("{}\n", evidence.to_json()?).as_bytes())?;
    }
    let [of_one, of_other] = &conflict.values;
    let [round, other_round] = conflict.rounds;
    show(
        printer,
        &json!({ "conflict": conflict, "evidence": args.out }),
        &[
            ("verdict", "validators decided TWO blocks at one height".into()),
            ("height", conflict.height.to_string()),
            ("one", format!("{of_one} in round {round}")),
            ("other", format!("{of_other} in round {other_round}")),
            ("signed both", conflict.signed_both.join(", ")),
            ("evidence", or_dash(args.out.as_ref().map(|out| out.display().to_string()))),
        ],
    );
    Ok(ExitCode::FAILURE)
}

fn verify(args: &VerifyArgs, printer: Printer) -> Result<(), Error> {
    let checkpoint = read_checkpoint(&args.checkpoint)?;
    let bytes = read(&args.proof, PROOF_BYTES_MAX)?;
    let bounds = Bounds { age_max_ms: args.hours.saturating_mul(3_600_000), ..Bounds::at(args.at) };
    let bundle = Bundle::read(&bytes).map_err(|error| ScanError { step: ProofStep::Bundle, error });
    let scan = bundle.and_then(|bundle| bundle.scan(&checkpoint, &bounds));
    let scan = scan.map_err(|failed| Error::Proof(failed.error))?;
    let certificates = scan.certificates.iter().map(|it| {
        let now = it.now.map_or("not begun".to_owned(), |status| format!("{status:?}"));
        let made = it.when_made.map_or("not claimed".to_owned(), |status| format!("{status:?}"));
        format!("{}: {now}, when made: {made}", it.number)
    });
    let against = scan.against();
    let words: Vec<_> = against.iter().map(|objection| objection.words().1).collect();
    show(
        printer,
        &json!({ "scan": scan, "inOrder": against.is_empty(), "against": against }),
        &[
            ("verdict", verdict(&scan)),
            ("against it", or_dash((!words.is_empty()).then(|| words.join("; ")))),
            ("block", format!("{} of {}", scan.height, scan.time)),
            ("code", scan.code.clone()),
            ("batch", format!("{}/{}", scan.gtin, scan.lot)),
            ("made by", named(&scan, scan.producer)),
            ("made at", scan.produced_at.to_string()),
            ("origins", joined(&scan.origins.iter().map(|it| it.base).collect::<Vec<_>>())),
            ("certificates", joined(&certificates.collect::<Vec<_>>())),
            ("licence", or_dash(scan.licence.as_ref().map(|it| in_force(it.is_in_force)))),
            ("recalls", recalls(scan.recall)),
            ("item", scan.mark.map_or(NO_MARK.into(), |(life, at)| marked(life, at))),
        ],
    );
    Ok(())
}

/// Of an item without a mark.
const NO_MARK: &str = "whether it was sold or destroyed before is not part of the proof";

fn verdict(scan: &Scan) -> String {
    if scan.is_in_order() { "genuine, and in order" } else { "genuine, but NOT in order" }.into()
}

fn in_force(is_in_force: bool) -> &'static str {
    if is_in_force { "in force" } else { "NOT in force" }
}

fn recalls(verdict: RecallVerdict) -> String {
    match verdict {
        RecallVerdict::Clear => "none".into(),
        RecallVerdict::Recalled(1) => "RECALLED".into(),
        RecallVerdict::Recalled(n_recalls) => format!("RECALLED by {n_recalls} recalls"),
        RecallVerdict::BeingAssessed => "a recall is being assessed: do not use it yet".into(),
    }
}

fn marked(life: ItemLife, at: Moment) -> String {
    format!("{life:?} since {at}")
}

fn named(scan: &Scan, organisation: u32) -> String {
    let name = scan.names.iter().find(|(id, _)| *id == organisation);
    let name = name.map(|(_, name)| format!(", {name}")).unwrap_or_default();
    format!("organisation {organisation}{name}")
}

/// Longest proof that is read: JSON, which is longer than the binary form.
const PROOF_BYTES_MAX: u64 = 16 * BUNDLE_BYTES_MAX as u64;

/// Longest checkpoint that is read: two sets of a hundred keys.
const CHECKPOINT_BYTES_MAX: u64 = 64 * 1024;

pub(crate) fn read_checkpoint(file: &Path) -> Result<Checkpoint, Error> {
    let bytes = read(file, CHECKPOINT_BYTES_MAX)?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Error::Arguments(format!("checkpoint: {}: {error}", file.display())))
}

fn read(file: &Path, bytes_max: u64) -> Result<Vec<u8>, Error> {
    let wrong =
        |error: &dyn std::fmt::Display| Error::Arguments(format!("{}: {error}", file.display()));
    let length = fs::metadata(file).map_err(|error| wrong(&error))?.len();
    if length > bytes_max {
        return Err(wrong(&format!("at most {bytes_max} bytes are expected, got {length}")));
    }
    fs::read(file).map_err(|error| wrong(&error))
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write(file, bytes).map_err(|error| Error::Arguments(format!("{}: {error}", file.display())))
}
