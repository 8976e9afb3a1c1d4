//! Events as they become final.

use crate::output::{Printer, cell, line};
use clap::Args;
use ecoledger_client::{BatchId, BlockEvents, Client, Error, PlacedEvent};
use futures::StreamExt;
use serde_json::json;
use std::pin::pin;

/// Which events to show.
#[derive(Args, Debug)]
pub(crate) struct WatchArgs {
    /// Height to begin at; the next block unless given.
    #[arg(long)]
    from: Option<u32>,
    /// Height behind which to end; goes on for ever unless given.
    #[arg(long)]
    until: Option<u32>,
    /// Only events of this pallet, such as Traceability.
    #[arg(long)]
    pallet: Option<String>,
    /// Only events of this name, such as BatchProduced.
    #[arg(long)]
    event: Option<String>,
    /// Only events that name this batch: GTIN/LOT, or its id.
    #[arg(long)]
    batch: Option<BatchId>,
    /// Also the events that every block has.
    #[arg(long)]
    all: bool,
}

/// Events that say nothing but that a block or a transaction was there.
const ROUTINE: [&str; 2] = ["ExtrinsicSuccess", "NewAccount"];

impl WatchArgs {
    fn wants(&self, placed: &PlacedEvent) -> bool {
        let event = &placed.event;
        let is_routine = event.pallet == "System" && ROUTINE.contains(&event.name.as_str());
        let names_batch = |batch: &BatchId| event.fields.to_string().contains(batch.as_str());
        (self.all || self.pallet.is_some() || self.event.is_some() || !is_routine)
            && self.pallet.as_ref().is_none_or(|pallet| *pallet == event.pallet)
            && self.event.as_ref().is_none_or(|name| *name == event.name)
            && self.batch.as_ref().is_none_or(names_batch)
    }
}

/// Runs the command.
pub(crate) async fn run(client: &Client, args: &WatchArgs, printer: Printer) -> Result<(), Error> {
    let from = match args.from {
        Some(from) => from,
        None => client.height().await?.saturating_add(1),
    };
    if args.until.is_some_and(|until| until < from) {
        return Ok(());
    }
    let mut blocks = pin!(client.events(from));
    printer.progress(&format!("watching from height {from}"));
    while let Some(block) = blocks.next().await {
        let block = block?;
        show(&block, args, printer);
        if args.until == Some(block.height) {
            break;
        }
    }
    Ok(())
}

fn show(block: &BlockEvents, args: &WatchArgs, printer: Printer) {
    for placed in block.events.iter().filter(|placed| args.wants(placed)) {
        let event = &placed.event;
        if printer.is_json() {
            line(json!({
                "height": block.height,
                "block": block.hash,
                "transaction": placed.transaction,
                "pallet": event.pallet,
                "name": event.name,
                "fields": event.fields,
            }));
            continue;
        }
        let fields = cell(&event.fields).replace('\n', ", ");
        line(format_args!("{:>8}  {}.{}  {fields}", block.height, event.pallet, event.name));
    }
}
