//! Legal deadlines, shown.

use crate::{
    fields::or_dash,
    output::{Printer, line, print_table},
};
use ecoledger_client::{
    Client, Error,
    certification::{DutyKind, DutyRow},
};
use serde_json::json;

const DUTY_HEADER: [&str; 7] = ["duty", "what", "since", "term", "due before", "done", "late"];

fn duty_cells(row: &DutyRow) -> Vec<String> {
    let what = match row.duty.kind {
        DutyKind::Accept(id) => format!("accept or refuse application {id}"),
        DutyKind::Decide(id) => format!("decide on application {id}"),
        DutyKind::Suspend(id) => format!("suspend on finding {id}"),
        DutyKind::Revoke(id) => format!("revoke on finding {id}"),
        DutyKind::Cancel(id) => format!("cancel certificate {id}"),
        DutyKind::Change(id) => format!("reduce certificate {id}"),
        DutyKind::Publish(id) => format!("publish the change of certificate {id}"),
        DutyKind::DecideComplaint(id) => format!("decide on complaint {id}"),
    };
    vec![
        row.id.to_string(),
        what,
        row.duty.start.to_string(),
        row.duty.term.to_string(),
        row.due.map_or_else(|| "not known yet".to_owned(), |due| due.to_string()),
        or_dash(row.duty.done_at),
        if row.late { "LATE" } else { "no" }.to_owned(),
    ]
}

/// Shows a body's duties that are not done.
pub(super) async fn show_open(
    client: &Client,
    body: u32,
    only_late: bool,
    printer: Printer,
) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let page = client.open_duties(body, only_late, after, height).await?;
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    rows.sort_by_key(|row| row.id);
    if printer.is_json() {
        printer.value(&json!(rows));
        return Ok(());
    }
    print_table(&DUTY_HEADER, rows.iter().map(duty_cells));
    let late = rows.iter().filter(|row| row.late).count();
    line(format_args!("{} duties, {late} of them late", rows.len()));
    Ok(())
}

/// Shows a duty, done or not.
pub(super) async fn show_duty(client: &Client, id: u64, printer: Printer) -> Result<(), Error> {
    let row = client.duty(id, None).await?;
    let row = row.ok_or_else(|| Error::NotFound(format!("duty {id}")))?;
    if printer.is_json() {
        printer.value(&json!(row));
    } else {
        print_table(&DUTY_HEADER, [duty_cells(&row)].into_iter());
    }
    Ok(())
}
