//! Provenance: back to the origins, forward to what was made, and what a recall reaches.

use crate::{arguments, output::Printer};
use clap::{Args, Subcommand};
use ecoledger_client::{Client, Error};
use serde_json::{Value, json};

/// Which way to follow.
#[derive(Debug, Subcommand)]
pub(crate) enum TraceCommand {
    /// Back to the batches that it was made from.
    Back(TraceArgs),
    /// Forward to the batches that were made from it.
    Forward(TraceArgs),
    /// What a recall reaches, exactly, also while its marks are still spreading.
    Recall {
        /// Number of the recall.
        recall: u32,
    },
}

/// Where to start and how far to go.
#[derive(Args, Debug)]
pub(crate) struct TraceArgs {
    /// Product: GTIN of 14 digits.
    gtin: String,
    /// Lot of the product.
    lot: String,
    /// Generations to follow.
    #[arg(long, default_value_t = 32)]
    depth: u32,
    /// Most batches to show.
    #[arg(long, default_value_t = 1000)]
    limit: usize,
}

/// Rows asked for at once; the chain's own bound on a page is the same.
const PAGE: u32 = 100;

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &TraceCommand,
    printer: Printer,
) -> Result<(), Error> {
    let rows = match command {
        TraceCommand::Back(args) => trace(client, "trace_back", args).await?,
        TraceCommand::Forward(args) => trace(client, "track_forward", args).await?,
        TraceCommand::Recall { recall } => {
            pages(usize::MAX, async |start| {
                let arguments = [json!(recall), json!(start), json!(PAGE)];
                client.view("Traceability", "affected_by", &arguments, None).await
            })
            .await?
        }
    };
    printer.value(&Value::Array(rows));
    Ok(())
}

async fn trace(client: &Client, function: &str, args: &TraceArgs) -> Result<Vec<Value>, Error> {
    let lot = [json!(args.gtin), arguments::text(&args.lot)];
    let found = client.view("Traceability", "batch_by_lot", &lot, None).await?;
    let (id, batch) = (&found[0], &found[1]);
    if batch.is_null() {
        return Err(Error::Arguments(format!("there is no lot {} of {}", args.lot, args.gtin)));
    }
    pages(args.limit, async |start| {
        let arguments = [id.clone(), json!(args.depth), json!(start), json!(PAGE)];
        client.view("Traceability", function, &arguments, None).await
    })
    .await
}

/// Collects the rows of all pages, at most `limit`.
async fn pages(
    limit: usize,
    ask: impl AsyncFn(usize) -> Result<Value, Error>,
) -> Result<Vec<Value>, Error> {
    let mut rows = Vec::new();
    loop {
        let mut page = ask(rows.len()).await?;
        let n_before = rows.len();
        if let Some(more) = page["rows"].as_array_mut() {
            rows.append(more);
        }
        let is_last = page["more"].as_bool() != Some(true) || rows.len() == n_before;
        if is_last || rows.len() >= limit {
            rows.truncate(limit);
            return Ok(rows);
        }
    }
}
