//! Many calls from a file.

mod rows;

use crate::{
    keys::KeyArgs,
    output::{Printer, line, note, print_table},
};
use clap::Args;
use ecoledger_client::{
    CallCodec, Client, Error,
    bulk::{Journal, Options, Progress, RowState, run as run_rows},
};
use indicatif::{ProgressBar, ProgressStyle};
use rows::{Row, read_rows};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::{fs, path::PathBuf};

/// Most wrong rows that are told at once.
const WRONG_ROWS_MAX: usize = 20;

/// Rows to be applied.
///
/// The file is CSV with a header, or JSON Lines (`.jsonl`, `.ndjson`). A column or member is an
/// argument of the call, with dots for what is inside it (`item.Batch`) and numbers for a list
/// (`reading.0`, `reading.1`); values are written as for `tx`, quantities as 118kg, batches as
/// GTIN/LOT, times as RFC 3339 or `now`, amounts as 1234.56CNY, concentrations as 4.1mg/L. Calls with a context
/// take it from the columns `time` (now unless given), `read_point` and `document`.
///
/// All rows are checked before the first is sent. A journal beside the file binds each row to its
/// transaction, so that the same command can be given again after a kill or a lost connection and
/// no row is applied twice.
#[derive(Args, Debug)]
pub(crate) struct BulkArgs {
    /// CSV or JSON Lines.
    file: PathBuf,
    /// Call of every row, such as Traceability.produce; the column `call` unless given.
    #[arg(long)]
    call: Option<String>,
    /// Journal; the file's name with .journal behind it unless given.
    #[arg(long)]
    journal: Option<PathBuf>,
    /// Rows submitted and not yet final; a node holds 1,024 transactions of one account.
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u16).range(1..=1000))]
    window: u16,
    /// Try the rows again whose calls failed.
    #[arg(long)]
    retry_failed: bool,
    /// Check all rows and send none.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    key: KeyArgs,
}

/// Runs the command; gives whether every row was applied.
pub(crate) async fn run(client: &Client, args: &BulkArgs, printer: Printer) -> Result<bool, Error> {
    let bytes = fs::read(&args.file)
        .map_err(|error| Error::Arguments(format!("read {}: {error}", args.file.display())))?;
    let codec = client.codec().await?;
    let rows = read_rows(&args.file, &bytes, args.call.as_deref(), &codec)?;
    let calls = encode(&rows, &codec)?;
    if args.dry_run {
        let note = "every row is a call that the chain knows; whether its pallet would accept it was not asked";
        printer.value(&json!({ "rows": rows.len(), "result": note }));
        return Ok(true);
    }
    let key = args.key.load()?;
    let mut journal = Journal::open(
        &journal_path(args),
        client.genesis_hash(),
        &key.public_key(),
        &digest(&bytes, args.call.as_deref()),
        rows.len(),
    )?;
    if args.retry_failed {
        let n_freed = journal.retry_failed()?;
        printer.progress(&format!("{n_freed} failed rows are tried again"));
    }
    let bar = bar(rows.len(), printer);
    let mut tell = |progress: Progress| {
        bar.set_position((progress.applied + progress.failed) as u64);
        bar.set_message(format!("{} failed, {} under way", progress.failed, progress.open));
    };
    let options = Options { window: args.window.into() };
    let ended = run_rows(client, &key, &calls, journal, options, &mut tell).await;
    bar.finish_and_clear();
    let journal = ended.inspect_err(|_| {
        let path = journal_path(args);
        if !printer.is_json() {
            note(format_args!(
                "not every row is final; give the same command again to go on, by the journal {}",
                path.display()
            ));
        }
    })?;
    Ok(summary(&rows, journal.rows(), printer))
}

fn journal_path(args: &BulkArgs) -> PathBuf {
    args.journal.clone().unwrap_or_else(|| {
        let mut name = args.file.as_os_str().to_owned();
        name.push(".journal");
        name.into()
    })
}

/// What the journal is for: the bytes of the file, and the call that they are for.
fn digest(bytes: &[u8], call: Option<&str>) -> [u8; 32] {
    let file = Sha256::digest(bytes);
    Sha256::new_with_prefix(file).chain_update(call.unwrap_or_default()).finalize().into()
}

/// Encodes every row, or says which are wrong, before anything is sent.
fn encode(rows: &[Row], codec: &CallCodec) -> Result<Vec<Vec<u8>>, Error> {
    let mut wrong = Vec::new();
    let mut calls = Vec::with_capacity(rows.len());
    for row in rows {
        match codec.encode(&row.call) {
            Ok(call) => calls.push(call),
            Err(error) => wrong.push(format!("line {}: {error}", row.line)),
        }
    }
    if wrong.is_empty() {
        return Ok(calls);
    }
    let n_wrong = wrong.len();
    wrong.truncate(WRONG_ROWS_MAX);
    Err(Error::Arguments(format!(
        "{n_wrong} of {} rows are wrong, and none was sent:\n{}",
        rows.len(),
        wrong.join("\n")
    )))
}

fn bar(n_rows: usize, printer: Printer) -> ProgressBar {
    if printer.is_json() {
        return ProgressBar::hidden();
    }
    // Drawn on standard error, and only where that is a terminal.
    let bar = ProgressBar::new(n_rows as u64);
    let template = "{bar:40} {pos}/{len} final, {msg}  {per_sec}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}

/// Tells what became of the rows; gives whether all were applied.
fn summary(rows: &[Row], states: &[RowState], printer: Printer) -> bool {
    let failed: Vec<_> = rows
        .iter()
        .zip(states)
        .filter_map(|(row, state)| {
            let settled = state.settled.as_ref()?;
            Some((row, settled, settled.error.as_ref()?))
        })
        .collect();
    let n_applied = rows.len() - failed.len();
    if printer.is_json() {
        let failures: Vec<_> = failed
            .iter()
            .map(|(row, settled, error)| {
                json!({
                    "line": row.line,
                    "call": format!("{}.{}", row.call.pallet, row.call.name),
                    "height": settled.height,
                    "transaction": settled.hash,
                    "error": error,
                })
            })
            .collect();
        line(json!({
            "rows": rows.len(), "applied": n_applied, "failed": failed.len(), "failures": failures,
        }));
    } else {
        if !failed.is_empty() {
            let table = failed.iter().map(|(row, settled, error)| {
                vec![
                    row.line.to_string(),
                    format!("{}.{}", row.call.pallet, row.call.name),
                    settled.height.to_string(),
                    (*error).clone(),
                ]
            });
            print_table(&["line", "call", "height", "error"], table);
        }
        line(format_args!("{n_applied} of {} rows applied, {} failed", rows.len(), failed.len()));
    }
    failed.is_empty()
}
