//! An organisation, for people.

use super::OrgName;
use crate::{
    fields::{or_dash, show},
    output::{Printer, cell},
};
use ecoledger_client::{Capacity, Client, Error, Moment, participants::CapacityId};
use serde_json::{Value, json};

/// Shows an organisation with its capacities and agents.
pub(super) async fn organisation(
    client: &Client,
    name: &OrgName,
    printer: Printer,
) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let found = name.find(client, height).await?;
    let capacities = client.capacities(found.id, Moment::now().0 / 1000, height).await?;
    let agents = client.agents_of(found.id, height).await?;
    let rows = capacities.iter().map(|(id, capacity)| json!({ "id": id, "capacity": capacity }));
    let lines: Vec<_> = capacities.iter().map(|(id, capacity)| described(*id, capacity)).collect();
    show(
        printer,
        &json!({
            "organisation": found,
            "capacities": Value::Array(rows.collect()),
            "agents": agents,
        }),
        &[
            ("organisation", found.id.to_string()),
            ("name", found.name.clone()),
            ("uscc", found.uscc.clone()),
            ("region", found.region.to_string()),
            ("gln", or_dash(found.gln.as_ref())),
            ("did", or_dash(found.did.as_ref())),
            ("status", cell(&found.status)),
            ("capacities", lines.join("\n")),
            ("agents", agents.join("\n")),
            ("a day of each agent", or_dash(found.daily_quota)),
        ],
    );
    Ok(())
}

fn described(id: CapacityId, capacity: &Capacity) -> String {
    let subjects: Vec<_> = capacity.subjects.iter().map(ToString::to_string).collect();
    let subjects = match subjects.is_empty() {
        true => String::new(),
        false => format!(" for {}", subjects.join(", ")),
    };
    let until = capacity
        .valid_until
        .map(|end| format!(" until {}", Moment(end.saturating_mul(1000))))
        .unwrap_or_default();
    format!("{id}: {} in {}{subjects}{until}", capacity.role, capacity.region)
}
