//! Policies, shares and dues, for people.

use super::ShareArg;
use crate::output::{Printer, line, print_record, print_table};
use ecoledger_client::{
    Client, Error, Fen, Moment,
    compensation::{
        PolicyId,
        vertical::{Allocation, AllocationStatus, ComponentKind, Form, Outcome, Policy},
    },
    traceability::OrganisationId,
};
use serde_json::json;

/// Grades from best to worst.
const GRADES: [&str; 7] = [
    "明显变好 (obviously better)",
    "一般变好 (better)",
    "轻微变好 (slightly better)",
    "基本稳定 (stable)",
    "轻微变差 (slightly worse)",
    "一般变差 (worse)",
    "明显变差 (obviously worse)",
];

pub(super) async fn read(
    client: &Client,
    id: PolicyId,
    height: Option<u32>,
) -> Result<Policy, Error> {
    client.policy(id, height).await?.ok_or_else(|| Error::NotFound(format!("policy {id}")))
}

/// The shares of all counties of a policy; `None` where there is none yet.
async fn allocations(
    client: &Client,
    id: PolicyId,
    policy: &Policy,
    height: u32,
) -> Result<Vec<(OrganisationId, Option<Allocation>)>, Error> {
    let mut found = Vec::new();
    for county in &policy.terms.counties {
        found.push((*county, client.allocation(id, *county, Some(height)).await?));
    }
    Ok(found)
}

pub(super) async fn policy(client: &Client, id: PolicyId, printer: Printer) -> Result<(), Error> {
    let height = client.height().await?;
    let policy = read(client, id, Some(height)).await?;
    let shares = allocations(client, id, &policy, height).await?;
    if printer.is_json() {
        let shares: Vec<_> = shares
            .iter()
            .map(|(county, share)| json!({ "county": county, "share": share }))
            .collect();
        printer.value(&json!({ "policy": id, "details": policy, "shares": shares }));
        return Ok(());
    }
    let components: Vec<_> =
        (0..).zip(&policy.terms.components).map(|(n, it)| component(n, it)).collect();
    print_record(&[
        ("policy", id.to_string()),
        ("finance department", format!("organisation {}", policy.treasury)),
        ("year", policy.terms.year.to_string()),
        ("budget code", policy.terms.code.clone()),
        ("text", policy.terms.text.to_string()),
        ("components", components.join("\n")),
        ("remit within", policy.terms.remit_term.to_string()),
        ("programme", policy.programme.to_string()),
        ("rules", policy.rules_hash.to_string()),
        ("data", policy.factors_hash.as_ref().map_or_else(|| "open".into(), ToString::to_string)),
        ("status", format!("{:?}", policy.status)),
    ]);
    print_table(
        &[
            "county",
            "tag",
            "share",
            "appropriated",
            "received",
            "paid out",
            "used",
            "held",
            "status",
        ],
        shares.iter().map(|(county, share)| {
            let mut row = vec![county.to_string(), format!("{}/{county}", policy.programme)];
            match share {
                Some(of) => {
                    let sums = [
                        of.share.total_fen,
                        of.appropriated_fen,
                        of.received_fen,
                        of.disbursed_fen,
                        of.share.reported_fen,
                        of.held_fen,
                    ];
                    row.extend(sums.iter().map(Fen::to_string));
                    row.push(status(of.share.status));
                }
                None => row.push("not computed".into()),
            }
            row
        }),
    );
    Ok(())
}

fn component(index: u8, component: &ecoledger_client::compensation::vertical::Component) -> String {
    let kind = match component.kind {
        ComponentKind::Key => "重点补助",
        ComponentKind::Prohibited => "禁止开发区补助",
        ComponentKind::Guiding => "引导性补助",
        ComponentKind::Element => "分类补偿",
    };
    let form = match &component.form {
        Form::Weighted(factors) => factors
            .iter()
            .map(|it| format!("factor {} in {:?} by {}", it.factor, it.unit, it.weight_ppb))
            .collect::<Vec<_>>()
            .join(", "),
        Form::Gap { negative_is_zero: false } => "fiscal gap".into(),
        Form::Gap { negative_is_zero: true } => "fiscal gap, none counts as 0".into(),
    };
    format!("{index}: {kind}, {}, {form}", component.pool_fen)
}

fn status(status: AllocationStatus) -> String {
    match status {
        AllocationStatus::Evaluated(grade) => {
            format!("evaluated: {}", GRADES.get(grade as usize).copied().unwrap_or_default())
        }
        AllocationStatus::Concluded(outcome) => match outcome {
            Outcome::Kept => "concluded: kept".into(),
            Outcome::Reward(fen) => format!("concluded: {fen} more"),
            Outcome::Deduct { due_fen, recovered_fen } => {
                format!("concluded: {due_fen} deducted, {recovered_fen} recovered")
            }
            Outcome::ClawBack(fen) => format!("concluded: {fen} taken back"),
        },
        other => format!("{other:?}").to_lowercase(),
    }
}

pub(super) async fn shares(client: &Client, id: PolicyId, printer: Printer) -> Result<(), Error> {
    let height = client.height().await?;
    let policy = read(client, id, Some(height)).await?;
    let computed = client
        .recompute_shares(id, Some(height))
        .await?
        .ok_or_else(|| Error::NotFound(format!("complete data of policy {id} that give shares")))?;
    let recorded = allocations(client, id, &policy, height).await?;
    let mut rows = Vec::new();
    let mut differs = false;
    for (index, (county, share)) in recorded.iter().enumerate() {
        let own: Vec<Fen> =
            computed.iter().map(|shares| shares.get(index).copied().unwrap_or_default()).collect();
        let agrees = share.as_ref().map(|share| share.share.components_fen == own);
        differs |= agrees == Some(false);
        rows.push((*county, own, agrees));
    }
    if printer.is_json() {
        let rows: Vec<_> = rows
            .iter()
            .map(|(county, own, agrees)| {
                json!({ "county": county, "components_fen": own, "asRecorded": agrees })
            })
            .collect();
        printer.value(&json!({ "policy": id, "height": height, "shares": rows }));
    } else {
        let names: Vec<String> = (0..computed.len()).map(|n| format!("component {n}")).collect();
        let mut header = vec!["county"];
        header.extend(names.iter().map(String::as_str));
        header.push("as recorded");
        print_table(
            &header,
            rows.iter().map(|(county, own, agrees)| {
                let mut row = vec![county.to_string()];
                row.extend(own.iter().map(Fen::to_string));
                row.push(match agrees {
                    Some(true) => "yes".into(),
                    Some(false) => "NO".into(),
                    None => "not computed".into(),
                });
                row
            }),
        );
        for (index, (shares, component)) in
            computed.iter().zip(&policy.terms.components).enumerate()
        {
            let sum = Fen(shares.iter().fold(0, |sum: u128, fen| sum.saturating_add(fen.0)));
            line(format_args!("component {index}: {sum} of a pool of {}", component.pool_fen));
        }
    }
    if differs {
        return Err(Error::Decode(format!("shares of policy {id} are not what its data give")));
    }
    Ok(())
}

pub(super) async fn data(client: &Client, share: &ShareArg, printer: Printer) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let ShareArg { policy: id, county } = *share;
    let policy = read(client, id, height).await?;
    let mut found = Vec::new();
    for index in (0u8..).take(policy.terms.components.len()) {
        found.push((index, client.county_data(id, index, county, height).await?));
    }
    if printer.is_json() {
        let rows: Vec<_> =
            found.iter().map(|(index, data)| json!({ "component": index, "data": data })).collect();
        printer.value(&json!({ "policy": id, "county": county, "components": rows }));
        return Ok(());
    }
    print_table(
        &["component", "coefficient", "floor", "cap", "values", "sources"],
        found.iter().map(|(index, data)| {
            let Some(data) = data else {
                return vec![index.to_string(), "no data yet".into()];
            };
            let values: Vec<_> = data.values.iter().map(|it| it.quantity.to_string()).collect();
            let sources = data.values.iter().map(|it| {
                let (record, published) = (it.source.record, it.source.published_at);
                format!("record {record} of {published}, {}", it.source.hash)
            });
            vec![
                index.to_string(),
                data.coefficient_ppb.to_string(),
                data.floor_fen.to_string(),
                data.cap_fen.map_or_else(|| "none".into(), |cap| cap.to_string()),
                values.join("\n"),
                sources.collect::<Vec<_>>().join("\n"),
            ]
        }),
    );
    Ok(())
}

pub(super) async fn grades(
    client: &Client,
    version: Option<u32>,
    printer: Printer,
) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let version = match version {
        Some(version) => version,
        None => {
            let current = client.query("Compensation", "CurrentRuleSet", &[], height).await?;
            current.and_then(|it| it.as_u64()).and_then(|it| u32::try_from(it).ok()).unwrap_or(0)
        }
    };
    let table = client
        .performance_table(version, height)
        .await?
        .ok_or_else(|| Error::NotFound(format!("table of adjustments, version {version}")))?;
    if printer.is_json() {
        printer.value(&json!({ "version": version, "table": table }));
        return Ok(());
    }
    print_table(
        &["grade", "part of the share"],
        GRADES.iter().zip(table).map(|(grade, part)| vec![(*grade).to_owned(), part.to_string()]),
    );
    line(format_args!("version {version}"));
    Ok(())
}

pub(super) async fn arrears(client: &Client, all: bool, printer: Printer) -> Result<(), Error> {
    let height = client.height().await?;
    let late = client.arrears(height).await?;
    let found = if all { client.dues(Some(height)).await? } else { late.clone() };
    let is_late = |key| late.iter().any(|(late, _)| *late == key);
    if printer.is_json() {
        let rows: Vec<_> = found
            .iter()
            .map(|(key, due)| json!({ "key": key, "due": due, "late": is_late(*key) }))
            .collect();
        printer.value(&json!(rows));
        return Ok(());
    }
    print_table(
        &["for", "debtor", "creditor", "open", "late from", "late"],
        found.iter().map(|(key, due)| {
            vec![
                key.to_string(),
                format!("organisation {}", due.debtor),
                format!("organisation {}", due.creditor),
                due.open_fen.to_string(),
                Moment::to_string(&due.due_at),
                if is_late(*key) { "LATE".into() } else { String::new() },
            ]
        }),
    );
    line(format_args!("{} in arrears at height {height}", late.len()));
    Ok(())
}
