//! The read API, described by `openapi.json`.

use crate::{
    app::{Answer, App},
    code::LabelCode,
    index::{Direction, Id, IndexedEvent},
    map,
    problem::Problem,
    scans::{self, Counted, Day},
};
use axum::{
    Json,
    body::Bytes,
    extract::{FromRequestParts, Path, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use ecoledger_client::{BatchId, Error, proof::RecordName};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// The description of this API.
pub(crate) const OPENAPI: &str = include_str!("../openapi.json");
/// Rows of a page unless asked otherwise.
const PAGE: usize = 50;
/// Most rows of a page.
pub(crate) const PAGE_MAX: usize = 500;
/// Most records of one question.
const RECORDS_ASKED_MAX: usize = 32;
/// Most generations of a trace.
pub(crate) const DEPTH_MAX: u32 = 64;

/// An answer, or what is wrong.
pub(crate) type Reply<T = Response> = Result<T, Problem>;

/// The query, strictly read.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: serde::de::DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(Problem::bad("bad-query", rejection.body_text())),
        }
    }
}

/// What can be asked of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    pub(crate) cursor: Option<String>,
    limit: Option<usize>,
}

impl Page {
    /// A cursor that is a number.
    pub(crate) fn number(&self) -> Reply<Option<u32>> {
        self.cursor.as_deref().map(|it| it.parse().map_err(|_| bad_cursor())).transpose()
    }

    pub(crate) fn limit(&self) -> Reply<usize> {
        match self.limit.unwrap_or(PAGE) {
            limit @ 1..=PAGE_MAX => Ok(limit),
            limit => Err(Problem::bad(
                "bad-limit",
                format!("limit: 1 to {PAGE_MAX} rows are expected, got {limit}"),
            )),
        }
    }
}

pub(crate) fn bad_cursor() -> Problem {
    Problem::bad("bad-cursor", "cursor: give what the page before says as `next`, unchanged")
}

pub(crate) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

/// From which height an answer is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusQuery {
    height: Option<u32>,
}

pub(crate) async fn status(State(app): State<Arc<App>>, Asked(query): Asked<StatusQuery>) -> Reply {
    if let Some(height) = query.height {
        // Bounded by the time that a request may take.
        let mut progress = app.progress.clone();
        let reached = progress.wait_for(|it| it.last.height >= height).await.is_ok();
        if !reached {
            return Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "stopped",
                "this gateway has stopped following",
            ));
        }
    }
    let progress = app.progress();
    let n_events = app.blocking(|app| app.index.n_events()).await?;
    Ok(Json(json!({
        "genesis": progress.last.genesis,
        "height": progress.last.height,
        "time": progress.last.time_ms,
        "anchor": progress.anchor.height,
        "events": n_events,
        "trouble": progress.trouble,
        "verifier": app.verifier.as_ref().map(|it| &it.sha256),
    }))
    .into_response())
}

/// Which code, and from where it is verified.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProofQuery {
    code: String,
    checkpoint: Option<u32>,
}

pub(crate) async fn proof(
    State(app): State<Arc<App>>,
    Asked(query): Asked<ProofQuery>,
    counted: Counted,
    headers: HeaderMap,
) -> Reply {
    let answer = app.prove_label(&LabelCode::parse(&query.code)?, query.checkpoint).await?;
    counted.scan(&app, &answer);
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    Ok(if accept.contains("json") {
        Json(answer.bundle.to_json().map_err(Error::from)?).into_response()
    } else {
        let body = Bytes::from(answer.bundle.to_bytes());
        ([(header::CONTENT_TYPE, "application/octet-stream")], body).into_response()
    })
}

pub(crate) async fn scan(
    State(app): State<Arc<App>>,
    Asked(query): Asked<ProofQuery>,
    counted: Counted,
) -> Reply {
    let answer = app.prove_label(&LabelCode::parse(&query.code)?, query.checkpoint).await?;
    counted.scan(&app, &answer);
    Ok(Json(scan_json(&answer)).into_response())
}

fn scan_json(answer: &Answer) -> Value {
    let against = answer.scan.against();
    json!({
        "scan": answer.scan,
        "inOrder": against.is_empty(),
        "against": against,
        "place": answer.code,
    })
}

pub(crate) async fn lots(
    State(app): State<Arc<App>>,
    Path(gtin): Path<String>,
    Asked(page): Asked<Page>,
) -> Reply {
    let gtin: ecoledger_client::Gtin =
        gtin.parse().map_err(|error| Problem::bad("bad-gtin", error))?;
    let limit = page.limit()?;
    let rows = app
        .blocking(move |app| -> Result<_, Problem> {
            let gtin = gtin.to_string();
            if app.index.lots(&gtin, None, 1)?.is_empty() {
                return Err(Problem::not_found(format!(
                    "{gtin}: no batch of this product is on the chain"
                )));
            }
            Ok(app.index.lots(&gtin, page.cursor.as_deref(), limit)?)
        })
        .await?;
    let next = (rows.len() == limit).then(|| rows.last().map(|(lot, _)| lot.clone())).flatten();
    let rows: Vec<_> =
        rows.into_iter().map(|(lot, batch)| json!({ "lot": lot, "batch": batch })).collect();
    Ok(Json(json!({ "lots": rows, "next": next })).into_response())
}

/// Kinds of things that events name.
const KINDS: &[&str] = &[
    "batch",
    "series",
    "certificate",
    "licence",
    "recall",
    "brand",
    "agreement",
    "policy",
    "programme",
];

pub(crate) async fn events(
    State(app): State<Arc<App>>,
    Path((kind, id)): Path<(String, String)>,
    Asked(page): Asked<Page>,
) -> Reply {
    let subject = subject(&kind, &id)?;
    let limit = page.limit()?;
    let after = page.cursor.as_deref().map(read_cursor).transpose()?;
    let rows = app
        .blocking(move |app| -> Result<_, Problem> {
            if app.index.events_of(&subject, None, 1)?.is_empty() {
                return Err(Problem::not_found(format!(
                    "{kind} {id}: no block that this gateway has followed names it"
                )));
            }
            Ok(app.index.events_of(&subject, after, limit)?)
        })
        .await?;
    let next = (rows.len() == limit).then(|| rows.last().map(cursor_of)).flatten();
    Ok(Json(json!({ "events": rows, "next": next })).into_response())
}

/// The subject of events in the index: a batch by GTIN-LOT or id, all else by number.
fn subject(kind: &str, id: &str) -> Reply<String> {
    if !KINDS.contains(&kind) {
        return Err(Problem::not_found(format!("{kind}: one of {} is expected", KINDS.join(", "))));
    }
    if kind == "batch" {
        let batch: BatchId = id.parse().map_err(|error| Problem::bad("bad-batch", error))?;
        return Ok(format!("batch:{batch}"));
    }
    Ok(format!("{kind}:{}", number_of(kind, id)?))
}

/// The number of a thing of this kind.
///
/// # Errors
/// `bad-number`.
pub(crate) fn number_of(kind: &str, text: &str) -> Reply<u32> {
    text.parse().map_err(|_| {
        Problem::bad("bad-number", format!("{kind}: a number is expected, got {text}"))
    })
}

pub(crate) fn cursor_of(event: &IndexedEvent) -> String {
    format!("{}-{}", event.height, event.number)
}

pub(crate) fn read_cursor(text: &str) -> Reply<(u32, u32)> {
    let (height, number) = text.split_once('-').ok_or_else(bad_cursor)?;
    match (height.parse(), number.parse()) {
        (Ok(height), Ok(number)) => Ok((height, number)),
        _ => Err(bad_cursor()),
    }
}

/// Which way, how far.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TraceQuery {
    #[serde(default)]
    direction: Direction,
    depth: Option<u32>,
    cursor: Option<String>,
    limit: Option<usize>,
}

pub(crate) async fn trace(
    State(app): State<Arc<App>>,
    Path(batch): Path<String>,
    Asked(query): Asked<TraceQuery>,
) -> Reply {
    let batch: BatchId = batch.parse().map_err(|error| Problem::bad("bad-batch", error))?;
    let limit = Page { cursor: None, limit: query.limit }.limit()?;
    let depth = query.depth.unwrap_or(DEPTH_MAX);
    if !(1..=DEPTH_MAX).contains(&depth) {
        return Err(Problem::bad(
            "bad-depth",
            format!("depth: 1 to {DEPTH_MAX} generations are expected, got {depth}"),
        ));
    }
    let from: usize = match query.cursor.as_deref() {
        Some(cursor) => cursor.parse().map_err(|_| bad_cursor())?,
        None => 0,
    };
    let id = Id::from(&batch);
    let graph = app
        .blocking(move |app| -> Result<_, Problem> {
            // Every batch that is made is named by an event.
            if app.index.events_of(&format!("batch:{id}"), None, 1)?.is_empty() {
                return Err(Problem::not_found(format!(
                    "batch {batch}: no block that this gateway has followed names it"
                )));
            }
            Ok(app.index.trace(id, query.direction, depth)?)
        })
        .await?;
    let total = graph.nodes.len().saturating_sub(1);
    let rows: Vec<_> = graph.rows().skip(from).take(limit).collect();
    let next = from.saturating_add(rows.len());
    Ok(Json(json!({
        "rows": rows,
        "total": total,
        "complete": graph.is_complete,
        "next": (next < total).then(|| next.to_string()),
    }))
    .into_response())
}

/// Records that are served with their proof: kind, pallet, item.
const RECORDS: &[(&str, &str, &str)] = &[
    ("batch", "Traceability", "Batches"),
    ("recall", "Traceability", "Recalls"),
    ("series", "Labels", "Series"),
    ("certificate", "Certification", "Certificates"),
    ("licence", "Brands", "LicencesById"),
    ("agreement", "Compensation", "Agreements"),
    ("organisation", "Participants", "Profiles"),
];

pub(crate) async fn record(
    State(app): State<Arc<App>>,
    Path((kind, id)): Path<(String, String)>,
) -> Reply {
    let Some((_, pallet, item)) = RECORDS.iter().find(|(name, ..)| *name == kind) else {
        let names: Vec<_> = RECORDS.iter().map(|(name, ..)| *name).collect();
        return Err(Problem::not_found(format!("{kind}: one of {} is expected", names.join(", "))));
    };
    let key = if kind == "batch" {
        let batch: BatchId = id.parse().map_err(|error| Problem::bad("bad-batch", error))?;
        json!(batch)
    } else {
        json!(number_of(&kind, &id)?)
    };
    let name = RecordName::new(pallet, item, &[key]);
    Ok(Json(proven(&app, std::slice::from_ref(&name), None).await?).into_response())
}

/// Which records, and from where they are verified.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordsQuery {
    records: String,
    checkpoint: Option<u32>,
}

pub(crate) async fn records(
    State(app): State<Arc<App>>,
    Asked(query): Asked<RecordsQuery>,
) -> Reply {
    let names: Vec<RecordName> = query
        .records
        .split(' ')
        .map(|text| text.parse().map_err(|error| Problem::bad("bad-record", error)))
        .collect::<Result<_, _>>()?;
    if names.len() > RECORDS_ASKED_MAX {
        return Err(Problem::bad(
            "bad-record",
            format!("records: at most {RECORDS_ASKED_MAX} are expected, got {}", names.len()),
        ));
    }
    Ok(Json(proven(&app, &names, query.checkpoint).await?).into_response())
}

/// Records with their proof, to be verified from `checkpoint`, or from the block before.
pub(crate) async fn proven(
    app: &Arc<App>,
    names: &[RecordName],
    checkpoint: Option<u32>,
) -> Reply<Value> {
    let progress = app.progress();
    let from = app.checkpoint(checkpoint, &progress).await?;
    let height = progress.last.height;
    let found = app.client().proven_records(names, &from, &progress.before, height).await.map_err(
        |error| match error {
            Error::NotFound(_) => Problem::not_found(format!(
                "{}: it is not on the chain",
                names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
            )),
            error => error.into(),
        },
    )?;
    let records: serde_json::Map<_, _> =
        found.records.iter().map(|(name, record)| (name.to_string(), record.clone())).collect();
    Ok(json!({
        "height": height,
        "time": progress.last.time_ms,
        "records": records,
        "checkpoint": from,
        "proof": found.bundle.to_json().map_err(Error::from)?,
    }))
}

/// What this gateway counted of an item: its own word, which no proof is of.
pub(crate) async fn scans(
    State(app): State<Arc<App>>,
    Path((series, index)): Path<(String, String)>,
) -> Reply {
    let (series, index) = (number_of("series", &series)?, number_of("index", &index)?);
    let known = app.blocking(move |app| app.index.series(series)).await?;
    if known.is_none_or(|it| index >= it.n_codes) {
        return Err(Problem::not_found(format!("series {series} has no code {index}")));
    }
    let watched = app.watched(series, index).await?;
    let said = |day: Day| {
        let provinces: Vec<_> = day.provinces.iter().filter_map(map::code_of).collect();
        json!({ "day": scans::date_of(day.day), "scans": day.n_scans, "provinces": provinces })
    };
    let days: Vec<_> = watched.counts.days().iter().copied().map(said).collect();
    Ok(Json(json!({
        "series": series,
        "index": index,
        "total": watched.counts.total().map(said),
        "days": days,
        "warning": watched.warning,
        "refusedSales": watched.life.n_refused,
    }))
    .into_response())
}
