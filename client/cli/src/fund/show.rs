//! Programmes, balances and the way of money, for people.

use super::{LotOrTag, ProgrammeOrTag};
use crate::output::{Printer, line, print_record, print_table};
use ecoledger_client::{
    Client, Error, Fen,
    funds::{Movement, MovementId, MovementKind, ProgrammeId, Step, Tag, TagKey, Way},
};
use serde_json::json;

pub(super) async fn programme(
    client: &Client,
    id: ProgrammeId,
    printer: Printer,
) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let programme = client
        .programme(id, height)
        .await?
        .ok_or_else(|| Error::NotFound(format!("programme {id}")))?;
    let tags = client.tags(id, height).await?;
    let mut parts = client.parts(id, height).await?;
    parts.sort_by_key(|(organisation, _)| *organisation);
    let flags = client.flags(id, height).await?;
    if printer.is_json() {
        let tags: Vec<_> =
            tags.iter().map(|(key, tag)| json!({ "tag": key.tag, "details": tag })).collect();
        let parts: Vec<_> =
            parts.iter().map(|(id, part)| json!({ "organisation": id, "part": part })).collect();
        let flags: Vec<_> =
            flags.iter().map(|(id, flag)| json!({ "organisation": id, "flag": flag })).collect();
        printer.value(&json!({
            "programme": id, "details": programme, "tags": tags, "parts": parts, "flags": flags,
        }));
        return Ok(());
    }
    let managers: Vec<_> = programme.managers.iter().map(u32::to_string).collect();
    let mut rows = vec![
        ("programme", id.to_string()),
        ("budget code", programme.code.clone()),
        ("controlled by", format!("{:?}", programme.controller)),
        ("managers", managers.join(", ")),
    ];
    let parts: Vec<_> =
        parts.iter().map(|(id, part)| format!("organisation {id}: {part:?}")).collect();
    rows.push(("parts", parts.join("\n")));
    let flags: Vec<_> = flags
        .iter()
        .map(|(id, flag)| {
            let (finding, height) = (flag.finding, flag.flagged_at);
            format!("organisation {id}: {finding:?}, by {} at height {height}", flag.auditor)
        })
        .collect();
    if !flags.is_empty() {
        rows.push(("STOPPED", flags.join("\n")));
    }
    print_record(&rows);
    print_table(
        &["tag", "code", "source", "ceiling", "appropriated", "paid", "clawed back", "held"],
        tags.iter().map(|(key, tag)| tag_row(*key, tag)),
    );
    Ok(())
}

fn tag_row(key: TagKey, tag: &Tag) -> Vec<String> {
    let sums =
        [tag.ceiling_fen, tag.appropriated_fen, tag.paid_fen, tag.clawed_back_fen, tag.held_fen];
    let mut row = vec![key.to_string(), tag.code.clone(), tag.source.to_string()];
    row.extend(sums.iter().map(Fen::to_string));
    row
}

pub(super) async fn balances(
    client: &Client,
    of: ProgrammeOrTag,
    printer: Printer,
) -> Result<(), Error> {
    let height = Some(client.height().await?);
    let keys: Vec<TagKey> = match of {
        ProgrammeOrTag::Programme(id) => {
            client
                .programme(id, height)
                .await?
                .ok_or_else(|| Error::NotFound(format!("programme {id}")))?;
            client.tags(id, height).await?.into_iter().map(|(key, _)| key).collect()
        }
        ProgrammeOrTag::Tag(key) => {
            client.tag(key, height).await?.ok_or_else(|| Error::NotFound(format!("tag {key}")))?;
            vec![key]
        }
    };
    let mut found = Vec::new();
    for key in keys {
        let mut holdings = client.holdings(key, height).await?;
        holdings.sort_by_key(|(holder, _)| *holder);
        found.extend(holdings.into_iter().map(|(holder, holding)| (key, holder, holding)));
    }
    if printer.is_json() {
        let rows: Vec<_> = found
            .iter()
            .map(|(key, holder, holding)| {
                json!({ "tag": key.to_string(), "holder": holder, "holding": holding })
            })
            .collect();
        printer.value(&json!(rows));
        return Ok(());
    }
    print_table(
        &["tag", "holder", "balance", "received", "paid", "passed on", "clawed back", "lots"],
        found.iter().map(|(key, holder, holding)| {
            let sums = [
                holding.balance_fen,
                holding.received_fen,
                holding.paid_fen,
                holding.passed_on_fen,
                holding.clawed_back_fen,
            ];
            let mut row = vec![key.to_string(), holder.to_string()];
            row.extend(sums.iter().map(Fen::to_string));
            row.push(holding.lots.iter().map(u64::to_string).collect::<Vec<_>>().join(" "));
            row
        }),
    );
    Ok(())
}

pub(super) async fn movement(
    client: &Client,
    id: MovementId,
    printer: Printer,
) -> Result<(), Error> {
    let height = client.height().await?;
    let movement = client
        .movement(id, Some(height))
        .await?
        .ok_or_else(|| Error::NotFound(format!("movement {id}")))?;
    let draws = client.draws(id, height).await?;
    if printer.is_json() {
        let draws: Vec<_> =
            draws.iter().map(|(id, fen)| json!({ "movement": id, "amount_fen": fen })).collect();
        printer.value(&json!({ "movement": id, "details": movement, "draws": draws }));
        return Ok(());
    }
    let sources: Vec<_> = movement
        .sources
        .iter()
        .map(|source| {
            let (of, amount) = (source.movement, source.amount_fen);
            format!("{amount} of movement {of}, from its fen {}", source.offset_fen.0)
        })
        .collect();
    let draws: Vec<_> =
        draws.iter().map(|(id, amount)| format!("{amount} by movement {id}")).collect();
    print_record(&[
        ("movement", id.to_string()),
        ("tag", movement.tag.to_string()),
        ("what", described(&movement.kind)),
        ("amount", movement.amount_fen.to_string()),
        ("moved on", movement.drawn_fen.to_string()),
        ("height", movement.recorded_at.to_string()),
        ("document", movement.document.to_string()),
        ("it moved on", sources.join("\n")),
        ("was moved on", draws.join("\n")),
    ]);
    Ok(())
}

fn described(kind: &MovementKind) -> String {
    match kind {
        MovementKind::Appropriation { from, to } => format!("appropriated from {from} to {to}"),
        MovementKind::Transfer { from, to } => format!("transferred from {from} to {to}"),
        MovementKind::Payment { from, payee, to } => {
            format!("paid by {from} to organisation {payee}, account {to}")
        }
        MovementKind::ClawBack { from, to } => format!("clawed back from {from} to {to}"),
    }
}

pub(super) async fn follow(
    client: &Client,
    what: LotOrTag,
    forward: bool,
    printer: Printer,
) -> Result<(), Error> {
    let height = client.height().await?;
    let way = match what {
        LotOrTag::Lot(id) if forward => client.follow_forward(id, height).await?,
        LotOrTag::Lot(id) => client.follow_back(id, height).await?,
        LotOrTag::Tag(key) => all_of(client, key, forward, height).await?,
    };
    if printer.is_json() {
        printer.value(&json!({
            "steps": way.steps,
            "truncated": way.truncated,
            "appropriated_fen": way.appropriated(),
            "paid_fen": way.paid(),
            "clawed_back_fen": way.clawed_back(),
            "held_fen": way.held(),
        }));
        return Ok(());
    }
    print_table(
        &["movement", "height", "tag", "what", "of the money followed", "still there"],
        way.steps.iter().map(|step| {
            let movement = &step.movement;
            vec![
                step.id.to_string(),
                movement.recorded_at.to_string(),
                movement.tag.to_string(),
                described(&movement.kind),
                step.amount_fen.to_string(),
                step.remaining_fen.to_string(),
            ]
        }),
    );
    line(format_args!(
        "appropriated {}, paid {}, clawed back {}, still held {}",
        way.appropriated(),
        way.paid(),
        way.clawed_back(),
        way.held()
    ));
    if way.truncated {
        line("the way has more movements than the chain goes through; its end is missing");
    }
    Ok(())
}

/// All movements under a purpose: money keeps its purpose on every hop, so that they are the whole
/// way of all of it.
async fn all_of(client: &Client, key: TagKey, forward: bool, height: u32) -> Result<Way, Error> {
    client.tag(key, Some(height)).await?.ok_or_else(|| Error::NotFound(format!("tag {key}")))?;
    let movements = client.movements(key, Some(height)).await?;
    let mut steps: Vec<Step> = movements.into_iter().map(whole).collect();
    if !forward {
        steps.reverse();
    }
    Ok(Way { steps, truncated: false })
}

fn whole((id, movement): (MovementId, Movement)) -> Step {
    let remains = match movement.kind {
        MovementKind::Appropriation { .. } | MovementKind::Transfer { .. } => {
            movement.amount_fen.0.saturating_sub(movement.drawn_fen.0)
        }
        MovementKind::Payment { .. } | MovementKind::ClawBack { .. } => 0,
    };
    Step { id, amount_fen: movement.amount_fen, remaining_fen: Fen(remains), movement }
}
