//! A batch and its events, for people.

use super::{base_unit, quantities, read};
use crate::output::{Printer, cell, line, print_record, print_table};
use ecoledger_client::{BatchId, Client, Error, Moment, traceability::RecallStatus};
use serde_json::{Value, json};

pub(super) async fn show(client: &Client, id: &BatchId, printer: Printer) -> Result<(), Error> {
    let batch = read(client, id).await?;
    let status = client.recall_status(id, None).await?;
    if printer.is_json() {
        printer.value(&json!({ "batch": batch, "recallStatus": status }));
        return Ok(());
    }
    let unit = base_unit(client, &batch).await?;
    let amounts = quantities(&batch)?;
    let shown = |quantity: u128| unit.show(quantity);
    let record = &batch.record;
    let moment = |name: &str| record[name].as_u64().map(|ms| Moment(ms).to_string());
    let mut rows = vec![
        ("batch", format!("{}/{}", batch.gtin, batch.lot)),
        ("id", batch.id.clone()),
        ("stage", batch.stage.clone()),
        ("producer", format!("organisation {}", batch.producer)),
        ("holder", format!("organisation {}", batch.holder)),
        ("produced", shown(amounts.produced)),
        ("on hand", shown(amounts.on_hand)),
    ];
    let others = [
        ("in transit", amounts.in_transit),
        ("consumed", amounts.consumed),
        ("sold", amounts.sold),
        ("lost", amounts.lost),
        ("destroyed", amounts.destroyed),
    ];
    rows.extend(others.into_iter().filter(|(_, n)| *n > 0).map(|(name, n)| (name, shown(n))));
    rows.push(("produced at", moment("produced_at").unwrap_or_default()));
    rows.push(("last event", moment("last_event_time").unwrap_or_default()));
    for (name, field) in [("hold", "hold"), ("test", "test"), ("transit", "transit")] {
        if !record[field].is_null() {
            rows.push((name, cell(&record[field])));
        }
    }
    rows.push(("origins", cell(&record["origins"])));
    rows.push(("recalls", recalls(&status)));
    print_record(&rows);
    Ok(())
}

pub(crate) fn recalls(status: &RecallStatus) -> String {
    match status {
        RecallStatus::Clear => "none".into(),
        RecallStatus::Recalled(ids) => {
            let ids: Vec<_> = ids.iter().map(u32::to_string).collect();
            format!("RECALLED by {}", ids.join(", "))
        }
        RecallStatus::TooManyAncestors => {
            "not known: a recall is spreading and the batch has too many ancestors".into()
        }
    }
}

pub(super) async fn history(client: &Client, id: &BatchId, printer: Printer) -> Result<(), Error> {
    let height = client.height().await?;
    let history = client.history(id, height).await?;
    if printer.is_json() {
        printer.value(&json!(history));
        return Ok(());
    }
    let unit = base_unit(client, &history.batch).await?;
    let rows = history.events.iter().map(|row| {
        let event = &row.event;
        let time = event["event_time"].as_u64().map(|ms| Moment(ms).to_string());
        let quantity: Option<u128> = match &event["quantity"] {
            Value::Number(number) => number.as_u64().map(u128::from),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        vec![
            row.sequence.to_string(),
            time.unwrap_or_default(),
            cell(&event["biz_step"]),
            cell(&event["disposition"]),
            quantity.map(|quantity| unit.show(quantity)).unwrap_or_default(),
            cell(&event["organisation"]),
            cell(&event["counterparty"]),
            cell(&event["reference"]),
            row.height.to_string(),
        ]
    });
    let header =
        ["#", "time", "step", "disposition", "quantity", "by", "with", "reference", "height"];
    print_table(&header, rows);
    let n_events = history.events.len();
    line(format_args!("{n_events} events; their hash is the one in the batch's record"));
    Ok(())
}
