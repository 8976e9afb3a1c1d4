//! Provenance: back to the origins, forward to what was made, and what a recall reaches.

use crate::{
    batch::base_unit,
    output::{Printer, line},
};
use clap::{Args, Subcommand};
use ecoledger_client::{Batch, Client, Error, Gtin, Lot, TraceRow};
use serde_json::json;
use std::collections::BTreeMap;

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
    /// Product: GTIN of 8, 12, 13 or 14 digits.
    gtin: Gtin,
    /// Lot of the product.
    lot: Lot,
    /// Generations to follow.
    #[arg(long, default_value_t = 32)]
    depth: u32,
    /// Most batches to show.
    #[arg(long, default_value_t = 1000)]
    limit: u32,
}

/// Rows asked for at once, within the chain's own bound on a page.
const PAGE: u32 = 100;

/// Runs the command.
pub(crate) async fn run(
    client: &Client,
    command: &TraceCommand,
    printer: Printer,
) -> Result<(), Error> {
    let height = client.height().await?;
    match command {
        TraceCommand::Back(args) => trace(client, args, Direction::Back, height, printer).await,
        TraceCommand::Forward(args) => {
            trace(client, args, Direction::Forward, height, printer).await
        }
        TraceCommand::Recall { recall } => affected(client, *recall, height, printer).await,
    }
}

enum Direction {
    Back,
    Forward,
}

async fn affected(
    client: &Client,
    recall: u32,
    height: u32,
    printer: Printer,
) -> Result<(), Error> {
    let mut rows = Vec::new();
    loop {
        let page = client.affected_by(recall, rows.len() as u32, PAGE, height).await?;
        let n_before = rows.len();
        for id in &page.batches {
            rows.push(described(client, id, height).await?);
        }
        if rows.len() == n_before || rows.len() as u32 >= page.total {
            break;
        }
    }
    printer.value(&json!(rows));
    Ok(())
}

async fn described(client: &Client, id: &str, height: u32) -> Result<Batch, Error> {
    let batch = client.batch(id, height).await?;
    batch
        .ok_or_else(|| Error::Decode(format!("the chain names batch {id} and has no record of it")))
}

async fn trace(
    client: &Client,
    args: &TraceArgs,
    direction: Direction,
    height: u32,
    printer: Printer,
) -> Result<(), Error> {
    let root = client
        .batch_by_lot(args.gtin.as_str(), args.lot.as_str(), height)
        .await?
        .ok_or_else(|| {
            Error::NotFound(format!("lot {} of product {} at height {height}", args.lot, args.gtin))
        })?;
    let mut rows: Vec<(TraceRow, Batch)> = Vec::new();
    while (rows.len() as u32) < args.limit {
        let start = rows.len() as u32;
        let limit = PAGE.min(args.limit - start);
        let page = match direction {
            Direction::Back => {
                client.trace_back(&root.id, args.depth, start, limit, height).await?
            }
            Direction::Forward => {
                client.track_forward(&root.id, args.depth, start, limit, height).await?
            }
        };
        let is_last = page.rows.is_empty();
        for row in page.rows {
            let batch = described(client, &row.batch, height).await?;
            rows.push((row, batch));
        }
        if is_last || rows.len() as u32 >= page.total {
            break;
        }
    }
    if printer.is_json() {
        let rows: Vec<_> =
            rows.iter().map(|(row, batch)| json!({ "row": row, "batch": batch })).collect();
        printer.value(&json!({ "height": height, "root": root, "rows": rows }));
    } else {
        let amounts = amounts(client, &direction, &root, &rows).await?;
        line(label(&root));
        print_tree(&root.id, &rows, &amounts, "");
    }
    Ok(())
}

/// What each row took from the older of its two batches, in the unit that people use for that.
async fn amounts(
    client: &Client,
    direction: &Direction,
    root: &Batch,
    rows: &[(TraceRow, Batch)],
) -> Result<Vec<String>, Error> {
    let batches = || rows.iter().map(|(_, batch)| batch).chain([root]);
    let mut units = BTreeMap::new();
    for batch in batches() {
        if !units.contains_key(&batch.gtin) {
            units.insert(batch.gtin.clone(), base_unit(client, batch).await?);
        }
    }
    let units: BTreeMap<_, _> =
        batches().filter_map(|batch| Some((&batch.id, units.get(&batch.gtin)?))).collect();
    let amount = |(row, batch): &(TraceRow, Batch)| {
        let older = match direction {
            Direction::Back => &batch.id,
            Direction::Forward => &row.next_to,
        };
        let unit = units.get(older).ok_or_else(|| {
            Error::Decode(format!("a row follows batch {older}, which is not in the trace"))
        })?;
        Ok(unit.show(row.quantity))
    };
    rows.iter().map(amount).collect()
}

fn label(batch: &Batch) -> String {
    let recalled = if batch.n_recalls > 0 { "  RECALLED" } else { "" };
    format!(
        "{} lot {}  {} at organisation {}{recalled}",
        batch.gtin, batch.lot, batch.stage, batch.holder
    )
}

/// Prints the rows that are next to the batch `id`, each with its own below it.
fn print_tree(id: &str, rows: &[(TraceRow, Batch)], amounts: &[String], indent: &str) {
    let next: Vec<_> = rows.iter().zip(amounts).filter(|((row, _), _)| row.next_to == id).collect();
    for (i, ((row, batch), amount)) in next.iter().enumerate() {
        let is_last = i + 1 == next.len();
        let branch = if is_last { "└─" } else { "├─" };
        line(format_args!("{indent}{branch} {} of {amount}: {}", row.kind, label(batch)));
        let deeper = format!("{indent}{}", if is_last { "   " } else { "│  " });
        print_tree(&row.batch, rows, amounts, &deeper);
    }
}
