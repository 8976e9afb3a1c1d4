//! Item codes (一品一码): series of them, what a code is worth, and what became of single items.

mod codes;
mod publish;
mod show;

use crate::{
    document::WhyArgs,
    fields::{one_of, or_dash, show},
    output::{Printer, line},
    submit::{SubmitArgs, send},
};
use clap::{ArgGroup, Args, Subcommand};
use ecoledger_client::{
    BatchId, Client, Error, Gtin,
    labels::{
        self, CodeProof, CodeScheme, FaultProof, ItemLife, NewSeries, Series, Wanted, commit_to,
        prove,
    },
};
use serde_json::json;
use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

/// What has become of an item.
const LIVES: &[(&str, &str)] = &[
    ("sold", "sold to a consumer"),
    ("returned", "came back from a consumer, to who sold it"),
    ("destroyed", "destroyed, for ever"),
];

/// Item codes. A list of codes, as `label codes` makes it, has one code a line, ascending by its bytes
/// (`LC_ALL=C sort -u`): a serial number, or an organic code of 17 digits. Its SHA-256 goes on the chain with the root of
/// the tree over it; the list is published, or each label carries its proof.
#[derive(Debug, Subcommand)]
pub(crate) enum LabelCommand {
    /// Make a list of codes that nobody can guess, from the operating system's randomness; no node is
    /// asked.
    Codes(codes::CodesArgs),
    /// Label pieces of a batch with the codes of a list: its holder.
    Series {
        /// The batch: GTIN/LOT, or its id; produced, made or packed, and counted in pieces.
        batch: BatchId,
        /// File with one code a line.
        #[arg(long, value_name = "FILE")]
        codes: PathBuf,
        /// The codes are organic codes (有机码) of one body and year, not serial numbers.
        #[arg(long)]
        organic: bool,
        /// Certificate whose mark the labels show; the batch carries it, see `batch claim`.
        #[arg(long)]
        certificate: Option<String>,
        /// Number of the licence of the brand that the labels show.
        #[arg(long)]
        licence: Option<u32>,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Give a series up before use: its labeller.
    Void {
        /// Number of the series.
        series: u32,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Freeze a series by order: market supervision.
    Freeze(OrderArgs),
    /// Release a series that was frozen by order: market supervision.
    Release(OrderArgs),
    /// Publish the list of a series at gateways, which prove its codes to whoever scans them.
    Publish(publish::PublishArgs),
    /// Print the codes of a series as QR codes on sheets of labels, PDF or SVG.
    Print(publish::PrintArgs),
    /// Make the proof that a code is in a series, from its list.
    #[command(group(ArgGroup::new("which").required(true)))]
    Prove {
        /// Number of the series.
        series: u32,
        /// The code: a serial number, (01)GTIN(21)SERIAL, or 17 digits.
        #[arg(group = "which")]
        code: Option<String>,
        /// Position of the code in the list, from 0, instead of the code itself.
        #[arg(long, group = "which")]
        index: Option<u32>,
        /// File with one code a line.
        #[arg(long, value_name = "FILE")]
        codes: PathBuf,
        /// File to write the proof to; standard output unless given.
        #[arg(long, value_name = "FILE")]
        proof: Option<PathBuf>,
    },
    /// Check a proof here and on the chain, and show what the code is worth. Fails if it is not
    /// genuine.
    Verify {
        /// File with a proof, as `label prove` writes it.
        proof: PathBuf,
    },
    /// Show the chain a fault, so that it freezes the series for good: any participant. Two proofs
    /// show one code twice, or two codes out of order; one shows a leaf that is no code.
    Report {
        /// File with a proof.
        proof: PathBuf,
        /// File with the second proof.
        other: Option<PathBuf>,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Mark an item sold, returned or destroyed: the holder of a batch that has it.
    Mark {
        /// File with the proof of its code.
        proof: PathBuf,
        /// What has become of it.
        #[arg(value_parser = one_of::<ItemLife>(LIVES))]
        life: ItemLife,
        /// The batch in which the signer's organisation has it: GTIN/LOT, or its id.
        #[arg(long)]
        batch: BatchId,
        #[command(flatten)]
        submit: SubmitArgs,
    },
    /// Show a series.
    Show {
        /// Number of the series.
        series: u32,
    },
    /// Show the series of a batch.
    Batch {
        /// The batch: GTIN/LOT, or its id.
        batch: BatchId,
    },
    /// Show what has become of an item.
    Item {
        /// Number of the series.
        series: u32,
        /// Position of its code, from 0.
        index: u32,
    },
}

/// A series and why it is frozen or released.
#[derive(Args, Debug)]
pub(crate) struct OrderArgs {
    /// Number of the series.
    series: u32,
    #[command(flatten)]
    reason: WhyArgs,
    #[command(flatten)]
    submit: SubmitArgs,
}

/// Runs what needs no node; `None` for everything else.
pub(crate) fn run_offline(command: &LabelCommand, printer: Printer) -> Option<Result<(), Error>> {
    match command {
        LabelCommand::Codes(args) => Some(codes::make(args, printer)),
        _ => None,
    }
}

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &LabelCommand,
    printer: Printer,
) -> Result<(), Error> {
    use LabelCommand as L;
    let (call, submit) = match command {
        L::Series { batch, codes, organic, certificate, licence, submit } => {
            let certificate = match certificate {
                Some(certificate) => Some(crate::cert::number_of(client, certificate).await?),
                None => None,
            };
            let new = new_series(client, batch, codes, *organic).await?;
            let new = NewSeries { certificate, licence: *licence, ..new };
            printer.progress(&format!("{} codes under root {}", new.n_codes, new.root));
            (labels::create_series(&new), submit)
        }
        L::Void { series, submit } => (labels::void_series(*series), submit),
        L::Freeze(args) => (labels::freeze_series(args.series, &args.reason.read()?), &args.submit),
        L::Release(args) => {
            (labels::release_series(args.series, &args.reason.read()?), &args.submit)
        }
        L::Report { proof, other, submit } => {
            let first = read_proof(proof)?;
            let fault = match other {
                Some(other) => FaultProof::Pair(first, read_proof(other)?),
                None => FaultProof::Malformed(first),
            };
            (labels::report_fault(&fault), submit)
        }
        L::Mark { proof, life, batch, submit } => {
            (labels::mark_item(&read_proof(proof)?, batch, *life), submit)
        }
        L::Prove { series, code, index, codes, proof } => {
            let wanted = (code.as_deref(), *index);
            let made = prove_code(client, *series, wanted, codes).await?;
            return write_proof(&made, proof.as_deref(), printer);
        }
        L::Codes(args) => return codes::make(args, printer),
        L::Publish(args) => return publish::publish(client, args, printer).await,
        L::Print(args) => return publish::print(client, args, printer).await,
        L::Verify { proof } => return show::verify(client, &read_proof(proof)?, printer).await,
        L::Show { series } => return show::series(client, *series, printer).await,
        L::Batch { batch } => return show::batch(client, batch, printer).await,
        L::Item { series, index } => return show::item(client, *series, *index, printer).await,
    };
    send(client, submit, &call, printer).await
}

fn open(file: &Path) -> Result<BufReader<File>, Error> {
    let file_error = |error| Error::Arguments(format!("codes: {}: {error}", file.display()));
    File::open(file).map(BufReader::new).map_err(file_error)
}

/// Reads a list of codes for a batch, and commits to it; neither certificate nor licence yet.
async fn new_series(
    client: &Client,
    batch: &BatchId,
    codes: &Path,
    organic: bool,
) -> Result<NewSeries, Error> {
    let height = client.height().await?;
    let found = client.batch(batch.as_str(), height).await?;
    let found = found.ok_or_else(|| Error::NotFound(format!("batch {batch}")))?;
    let gtin: Gtin = found.gtin.parse()?;
    let scheme = if organic {
        let mut first = String::new();
        // As long as the first line of a list may be.
        std::io::Read::take(open(codes)?, 64)
            .read_line(&mut first)
            .map_err(|error| Error::Arguments(format!("codes: {}: {error}", codes.display())))?;
        CodeScheme::organic_like(first.trim_end())?
    } else {
        CodeScheme::Gs1Serial
    };
    let list = commit_to(open(codes)?, &scheme, &gtin)?;
    Ok(NewSeries {
        batch: batch.clone(),
        root: list.root,
        n_codes: list.n_codes,
        scheme,
        list: list.list,
        certificate: None,
        licence: None,
    })
}

async fn series_of(client: &Client, id: u32) -> Result<Series, Error> {
    let found = client.label_series(id, None).await?;
    found.ok_or_else(|| Error::NotFound(format!("label series {id}")))
}

/// The proof of a code by the list of its series.
async fn prove_code(
    client: &Client,
    id: u32,
    (code, index): (Option<&str>, Option<u32>),
    codes: &Path,
) -> Result<CodeProof, Error> {
    let series = series_of(client, id).await?;
    let wanted = match (code, index) {
        (Some(code), _) => Wanted::Code(series.scheme.code_in_list(&series.gtin, code)?),
        (None, Some(index)) => Wanted::Index(index),
        (None, None) => return Err(Error::Arguments("give a code or --index".into())),
    };
    let found = prove(open(codes)?, &series.scheme, &series.gtin, wanted)?;
    if found.committed.root != series.root || found.committed.n_codes != series.n_codes {
        return Err(Error::Arguments(format!(
            "codes: {} is not the list of series {id}: {} codes under root {} are expected, got {} under {}",
            codes.display(),
            series.n_codes,
            series.root,
            found.committed.n_codes,
            found.committed.root
        )));
    }
    Ok(found.of_series(id))
}

fn write_proof(proof: &CodeProof, file: Option<&Path>, printer: Printer) -> Result<(), Error> {
    let Some(file) = file else {
        line(json!(proof));
        return Ok(());
    };
    fs::write(file, format!("{}\n", json!(proof)))
        .map_err(|error| Error::Arguments(format!("proof: {}: {error}", file.display())))?;
    show(
        printer,
        &json!({ "proof": file, "series": proof.series, "index": proof.index }),
        &[
            ("code", or_dash(proof.code())),
            ("series", proof.series.to_string()),
            ("position", proof.index.to_string()),
            ("proof", file.display().to_string()),
        ],
    );
    Ok(())
}

/// Largest file that is read as a proof, in bytes; one has some 1,600.
const PROOF_BYTES_MAX: u64 = 16 * 1024;

pub(crate) fn read_proof(file: &Path) -> Result<CodeProof, Error> {
    let wrong = |error: &dyn std::fmt::Display| {
        Error::Arguments(format!("proof: {}: {error}", file.display()))
    };
    let length = fs::metadata(file).map_err(|error| wrong(&error))?.len();
    if length > PROOF_BYTES_MAX {
        return Err(wrong(&format!("at most {PROOF_BYTES_MAX} bytes are expected, got {length}")));
    }
    let text = fs::read_to_string(file).map_err(|error| wrong(&error))?;
    serde_json::from_str(&text).map_err(|error| wrong(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proofs_are_read_as_they_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("proof.json");
        let gtin = "09506000200033".parse().unwrap();
        let list = "A-1\nA-2\nA-3\n";
        let made = prove(list.as_bytes(), &CodeScheme::Gs1Serial, &gtin, Wanted::Code("A-2"));
        let proof = made.unwrap().of_series(3);
        fs::write(&file, format!("{}\n", json!(proof))).unwrap();
        assert_eq!(read_proof(&file).unwrap(), proof);
        fs::write(&file, "{}").unwrap();
        let error = read_proof(&file).unwrap_err().to_string();
        assert!(error.contains("proof.json") && error.contains("series"), "{error}");
        fs::write(&file, "x".repeat(20_000)).unwrap();
        assert!(read_proof(&file).unwrap_err().to_string().contains("16384"));
    }
}
