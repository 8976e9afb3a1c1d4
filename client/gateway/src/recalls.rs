//! Recalls in the read API.

use crate::{
    api::{Asked, Page, Reply, number_of, proven},
    app::App,
    problem::Problem,
};
use axum::{
    Json,
    extract::{Path, State},
    response::IntoResponse as _,
};
use ecoledger_client::proof::RecordName;
use serde_json::{Value, json};
use std::sync::Arc;

/// The record of a recall.
pub(crate) fn name(id: u32) -> RecordName {
    RecordName::new("Traceability", "Recalls", &[json!(id)])
}

/// Numbers of recalls, newest first, from the one before `before` on.
pub(crate) async fn newest(
    app: &App,
    before: Option<u32>,
    limit: usize,
) -> Result<Vec<u32>, Problem> {
    let height = app.progress().last.height;
    let next = app.client().query("Traceability", "NextRecallId", &[], Some(height)).await?;
    let next = next.as_ref().and_then(Value::as_u64).and_then(|it| u32::try_from(it).ok());
    let end = next.unwrap_or_default().min(before.unwrap_or(u32::MAX));
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    Ok((end.saturating_sub(limit)..end).rev().collect())
}

/// Recalls with their records, newest first, with one proof for all.
pub(crate) async fn list(State(app): State<Arc<App>>, Asked(page): Asked<Page>) -> Reply {
    let (before, limit) = (page.number()?, page.limit()?.min(ecoledger_client::proof::RECORDS_MAX));
    let ids = newest(&app, before, limit).await?;
    let next = ids.last().filter(|id| **id > 0).map(ToString::to_string);
    let names: Vec<_> = ids.iter().map(|id| name(*id)).collect();
    let mut answer = if names.is_empty() {
        json!({ "records": {} })
    } else {
        proven(&app, &names, None).await?
    };
    answer["next"] = json!(next);
    Ok(Json(answer).into_response())
}

/// Batches that a recall reaches, in order of marking; all of them, also while marks are being set.
pub(crate) async fn batches(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Asked(page): Asked<Page>,
) -> Reply {
    let id = number_of("recall", &id)?;
    let start = page.number()?.unwrap_or_default();
    let limit = u32::try_from(page.limit()?).unwrap_or(u32::MAX);
    let height = app.progress().last.height;
    let client = app.client();
    if client.query("Traceability", "Recalls", &name(id).key(), Some(height)).await?.is_none() {
        return Err(Problem::not_found(format!("recall {id}: it is not on the chain")));
    }
    let reached = client.affected_by(id, start, limit, height).await?;
    let shown = start.saturating_add(u32::try_from(reached.batches.len()).unwrap_or(u32::MAX));
    Ok(Json(json!({
        "height": height,
        "batches": reached.batches,
        "total": reached.total,
        "marked": reached.marked,
        "exact": reached.exact,
        "next": (shown < reached.total).then(|| shown.to_string()),
    }))
    .into_response())
}
