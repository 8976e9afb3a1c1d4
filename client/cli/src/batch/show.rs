//! A batch and its events, for people.

use super::{base_unit, quantities, read};
use crate::output::{Printer, cell, line, print_record, print_table};
use ecoledger_client::{
    Batch, BatchId, Client, Error, Moment,
    certification::CertificateStatus,
    traceability::{Claim, RecallStatus},
};
use serde::Serialize;
use serde_json::{Value, json};

pub(super) async fn show(client: &Client, id: &BatchId, printer: Printer) -> Result<(), Error> {
    let batch = read(client, id).await?;
    let status = client.recall_status(id, None).await?;
    let claims = claims(client, &batch).await?;
    if printer.is_json() {
        printer.value(&json!({ "batch": batch, "recallStatus": status, "claims": claims }));
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
    let claims: Vec<_> = claims.iter().map(Claimed::text).collect();
    rows.push(("certificates", if claims.is_empty() { "none".into() } else { claims.join("\n") }));
    rows.push(("recalls", recalls(&status)));
    print_record(&rows);
    Ok(())
}

/// A certificate that a batch carries, and how it stands.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Claimed {
    /// Number on chain.
    certificate: u32,
    /// Published number.
    number: String,
    /// Status now; `None` before it starts.
    status: Option<CertificateStatus>,
    /// Whether goods that carry it were produced while it was suspended.
    made_while_suspended: bool,
}

impl Claimed {
    /// On one line; a status that stands against the goods in capitals.
    fn text(&self) -> String {
        let status = match self.status {
            Some(CertificateStatus::Suspended) => "SUSPENDED now".to_owned(),
            Some(CertificateStatus::Revoked) => "REVOKED now".to_owned(),
            Some(status) => format!("{status:?} now"),
            None => "not begun".to_owned(),
        };
        let made = if self.made_while_suspended { ", MADE WHILE IT WAS SUSPENDED" } else { "" };
        format!("{}, number {}: {status}{made}", self.certificate, self.number)
    }
}

async fn claims(client: &Client, batch: &Batch) -> Result<Vec<Claimed>, Error> {
    let mut claimed = Vec::new();
    for Claim { certificate, made_while_suspended } in batch.claims()? {
        let found = client.certificate(certificate, None).await?;
        let found = found.ok_or_else(|| Error::NotFound(format!("certificate {certificate}")))?;
        let (number, status) = (found.certificate.number, found.status);
        claimed.push(Claimed { certificate, number, status, made_while_suspended });
    }
    Ok(claimed)
}

pub(crate) fn recalls(status: &RecallStatus) -> String {
    match status {
        RecallStatus::Clear => "none".into(),
        RecallStatus::Recalled(ids) => {
            let ids: Vec<_> = ids.iter().map(u32::to_string).collect();
            format!("RECALLED by recall {}", ids.join(", "))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_says_how_its_certificate_stands_and_when_its_goods_were_made() {
        let claimed = |status, made_while_suspended| Claimed {
            certificate: 4,
            number: "134OP2600001".into(),
            status,
            made_while_suspended,
        };
        let good = claimed(Some(CertificateStatus::Valid), false);
        assert_eq!(good.text(), "4, number 134OP2600001: Valid now");
        assert_eq!(
            json!(good),
            json!({
                "certificate": 4,
                "number": "134OP2600001",
                "status": "Valid",
                "madeWhileSuspended": false,
            })
        );
        let text = claimed(Some(CertificateStatus::Revoked), false).text();
        assert!(text.ends_with("REVOKED now"), "{text}");
        let text = claimed(Some(CertificateStatus::Suspended), true).text();
        assert!(text.ends_with("SUSPENDED now, MADE WHILE IT WAS SUSPENDED"), "{text}");
        assert!(claimed(None, false).text().ends_with("not begun"));
    }
}
