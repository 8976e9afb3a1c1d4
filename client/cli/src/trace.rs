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

/// Rows asked for at once, within the chain's own bound on a page.
const PAGE: u32 = 100;

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &TraceCommand,
    printer: Printer,
) -> Result<(), Error> {
    match command {
        TraceCommand::Back(args) => trace(client, "trace_back", args, printer).await,
        TraceCommand::Forward(args) => trace(client, "track_forward", args, printer).await,
        TraceCommand::Recall { recall } => affected(client, *recall, printer).await,
    }
}

/// Reads pages from `ask` until `total` rows of `field`, or `limit` of them, are there.
async fn pages(
    limit: usize,
    field: &str,
    ask: impl AsyncFn(usize) -> Result<Value, Error>,
) -> Result<Vec<Value>, Error> {
    let mut rows = Vec::new();
    loop {
        let mut page = ask(rows.len()).await?;
        let n_before = rows.len();
        if let Some(more) = page[field].as_array_mut() {
            rows.append(more);
        }
        let total = page["total"].as_u64().unwrap_or_default();
        if rows.len() == n_before || rows.len() as u64 >= total || rows.len() >= limit {
            rows.truncate(limit);
            return Ok(rows);
        }
    }
}

/// What people call a batch, and where it is.
async fn describe(client: &Client, id: &Value) -> Result<Value, Error> {
    let batch = client.view("Traceability", "batch", std::slice::from_ref(id), None).await?;
    Ok(json!({
        "batch": id,
        "gtin": batch["gtin"],
        "lot": batch["lot"],
        "stage": batch["stage"],
        "holder": batch["holder"],
        "quantities": batch["quantities"],
        "recalls": batch["n_recalls"],
    }))
}

async fn affected(client: &Client, recall: u32, printer: Printer) -> Result<(), Error> {
    let ids = pages(usize::MAX, "batches", async |start| {
        let arguments = [json!(recall), json!(start), json!(PAGE)];
        client.view("Traceability", "affected_by", &arguments, None).await
    })
    .await?;
    let mut rows = Vec::new();
    for id in &ids {
        rows.push(describe(client, id).await?);
    }
    printer.value(&Value::Array(rows));
    Ok(())
}

async fn trace(
    client: &Client,
    function: &str,
    args: &TraceArgs,
    printer: Printer,
) -> Result<(), Error> {
    let lot = [json!(args.gtin), arguments::text(&args.lot)];
    let found = client.view("Traceability", "batch_by_lot", &lot, None).await?;
    let (id, batch) = (&found[0], &found[1]);
    if batch.is_null() {
        return Err(Error::Arguments(format!("there is no lot {} of {}", args.lot, args.gtin)));
    }
    let rows = pages(args.limit, "rows", async |start| {
        let arguments = [id.clone(), json!(args.depth), json!(start), json!(PAGE)];
        client.view("Traceability", function, &arguments, None).await
    })
    .await?;
    let mut nodes = Vec::new();
    for row in &rows {
        let mut node = describe(client, &row["batch"]).await?;
        for field in ["depth", "next_to", "kind", "quantity"] {
            node[field] = row[field].clone();
        }
        nodes.push(node);
    }
    let root = describe(client, id).await?;
    if printer.is_json() {
        printer.value(&json!({ "root": root, "rows": nodes }));
    } else {
        println!("{}", label(&root));
        print_tree(&root, &nodes, "");
    }
    Ok(())
}

fn label(node: &Value) -> String {
    let text = |field: &str| node[field].as_str().unwrap_or_default().to_owned();
    let recalled = if node["recalls"].as_u64().unwrap_or_default() > 0 { "  RECALLED" } else { "" };
    format!(
        "{} lot {}  {} at organisation {}{recalled}",
        text("gtin"),
        text("lot"),
        text("stage"),
        node["holder"]
    )
}

/// Prints the rows that are next to `node`, each with its own below it.
fn print_tree(node: &Value, rows: &[Value], indent: &str) {
    let next: Vec<_> = rows.iter().filter(|row| row["next_to"] == node["batch"]).collect();
    for (i, row) in next.iter().enumerate() {
        let is_last = i + 1 == next.len();
        let kind = row["kind"].as_str().unwrap_or_default();
        let branch = if is_last { "└─" } else { "├─" };
        println!("{indent}{branch} {kind} of {}: {}", row["quantity"], label(row));
        let deeper = format!("{indent}{}", if is_last { "   " } else { "│  " });
        print_tree(row, rows, &deeper);
    }
}
