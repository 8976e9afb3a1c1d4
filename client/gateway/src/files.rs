//! Where lists of codes and documents are published, and read by their digest.

use crate::{
    api::{Asked, Reply},
    app::App,
    callers::{Share, Shares},
    lists,
    peers::{Outcome, Wanted},
    problem::Problem,
    scans::Caller,
    store::{Incoming, StoreError, is_digest},
};
use axum::{
    Extension, Json,
    body::{Body, BodyDataStream, Bytes, HttpBody as _},
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use ecoledger_client::labels::Series;
use futures::StreamExt as _;
use serde::Deserialize;
use serde_json::json;
use std::{
    fs::File,
    io::{BufReader, Read as _, Write as _},
    sync::{Arc, LazyLock},
    time::Duration,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout, timeout_at},
};

/// Bytes that are read of a file at a time.
const CHUNK: u64 = 64 * 1024;

/// Bodies that come in and are checked at a time: each takes room until it is known to be right.
static UPLOADS: Semaphore = Semaphore::const_new(64);
/// Those of one address, so that a few of them leave room for others.
static UPLOADS_OF_ADDRESS: LazyLock<Arc<Shares>> = LazyLock::new(|| Shares::new(4));
/// Lists whose tree is built at a time: it keeps a processor busy for seconds, and scans have to go on.
static BUILDING: Semaphore = Semaphore::const_new(1);

/// How fast a body has to come, in bytes a second from its beginning, and how much time it is given
/// on top.
const BYTES_PER_SECOND_MIN: u64 = 4096;
const SLOW_FOR_MAX: Duration = Duration::from_secs(10);

/// Bytes that are read and dropped behind a refusal, so that who sends them gets to read it, and how
/// long that may take.
const DROPPED_MAX: usize = 8 << 20;
const DROPPING_TIME_MAX: Duration = Duration::from_secs(10);

/// Whose body is refused.
async fn refused<T>(mut chunks: BodyDataStream, problem: Problem) -> Reply<T> {
    let dropping = async {
        let mut n_bytes = 0;
        while n_bytes < DROPPED_MAX
            && let Some(Ok(chunk)) = chunks.next().await
        {
            n_bytes += chunk.len();
        }
    };
    // Who is slow does not get to read it.
    drop(timeout(DROPPING_TIME_MAX, dropping).await);
    Err(problem)
}

/// The right to send a body, from before it comes until it is kept.
struct Slot {
    _one: SemaphorePermit<'static>,
    _of_address: Option<Share>,
}

fn slot(caller: Caller) -> Result<Slot, Problem> {
    let one = UPLOADS.try_acquire().map_err(|_| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "many files are being published here; try again in a minute",
        )
    })?;
    let of_address = match caller.0 {
        Some(address) => Some(UPLOADS_OF_ADDRESS.take(address).ok_or_else(|| {
            Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-uploads",
                "this address is publishing several files; wait until one is done",
            )
        })?),
        None => None,
    };
    Ok(Slot { _one: one, _of_address: of_address })
}

/// Onto the disk first, whatever it is, and no more than `bytes_max`.
async fn receive(
    app: &Arc<App>,
    mut incoming: Incoming,
    body: Body,
    bytes_max: u64,
    what: &str,
) -> Reply<Incoming> {
    let n_bytes_said = body.size_hint().lower();
    let mut chunks = body.into_data_stream();
    let too_long = || {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too-long",
            format!("{what} has at most {bytes_max} bytes"),
        )
    };
    // What says of itself that it is too long is not begun.
    if n_bytes_said > bytes_max {
        return refused(chunks, too_long()).await;
    }
    let begun = Instant::now();
    loop {
        let due_ms = incoming.n_bytes() * 1000 / BYTES_PER_SECOND_MIN;
        let until = begun + SLOW_FOR_MAX + Duration::from_millis(due_ms);
        let Ok(chunk) = timeout_at(until, chunks.next()).await else {
            return Err(Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                "upload-too-slow",
                format!("a file must come with {BYTES_PER_SECOND_MIN} bytes a second or more"),
            ));
        };
        let Some(chunk) = chunk else { break };
        let chunk = chunk.map_err(|error| Problem::bad("unreadable-body", error))?;
        if incoming.n_bytes() + chunk.len() as u64 > bytes_max {
            return refused(chunks, too_long()).await;
        }
        let written = app.blocking(move |_| -> Result<_, StoreError> {
            incoming.write_all(&chunk)?;
            Ok(incoming)
        });
        incoming = match written.await {
            Ok(incoming) => incoming,
            Err(problem) => return refused(chunks, problem).await,
        };
    }
    Ok(incoming)
}

fn created(digest: &str, place: &str) -> Reply {
    let location = HeaderValue::from_str(place).map_err(|_| Problem::not_found(place))?;
    let body = Json(json!({ "sha256": digest }));
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], body).into_response())
}

/// A file, read as fast as it is taken; its content never changes.
fn sent(file: File, digest: &str, headers: &HeaderMap) -> Reply {
    let tag = format!("\"{digest}\"");
    let is_known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|it| it.to_str().ok())
        .is_some_and(|known| known.split(',').any(|it| it.trim() == tag));
    let n_bytes = file.metadata().map_err(StoreError::from)?.len();
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let chunks = futures::stream::try_unfold(file, |file| async move {
            let read = tokio::task::spawn_blocking(move || {
                let mut chunk = Vec::new();
                (&file).take(CHUNK).read_to_end(&mut chunk)?;
                Ok::<_, std::io::Error>((chunk, file))
            });
            let (chunk, file) = read.await.map_err(std::io::Error::other)??;
            Ok::<_, std::io::Error>((!chunk.is_empty()).then(|| (Bytes::from(chunk), file)))
        });
        let mut response = Body::from_stream(chunks).into_response();
        response.headers_mut().insert(header::CONTENT_LENGTH, n_bytes.into());
        response
    };
    let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    let tag = HeaderValue::from_str(&tag).map_err(|_| Problem::not_found(digest))?;
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

async fn series_of(app: &Arc<App>, series: &str) -> Reply<Series> {
    let series: u32 = series.parse().map_err(|_| {
        Problem::bad("bad-number", format!("series: a number is expected, got {series}"))
    })?;
    app.blocking(move |app| app.index.series(series))
        .await?
        .ok_or_else(|| Problem::not_found(format!("label series {series} is not on the chain yet")))
}

/// Says by OPTIONS what may be done where a list is published. Scripts of other origins may not: CORS
/// is not spoken here.
pub(crate) async fn put_only() -> impl IntoResponse {
    (StatusCode::NO_CONTENT, [(header::ALLOW, "PUT, OPTIONS")])
}

pub(crate) async fn publish_list(
    State(app): State<Arc<App>>,
    Path(series): Path<String>,
    Extension(caller): Extension<Caller>,
    body: Body,
) -> Reply {
    let ready = async { Ok((slot(caller)?, series_of(&app, &series).await?)) };
    let (_slot, record) = match ready.await {
        Ok(ready) => ready,
        Err(problem) => return refused(body.into_data_stream(), problem).await,
    };
    let incoming = app.blocking(|app| app.lists.incoming()).await?;
    let what = format!("a list of {} codes", record.n_codes);
    let incoming = receive(&app, incoming, body, lists::bytes_max(&record), &what).await?;
    let name = lists::name_of(&record);
    // By its digest alone, before any tree is built: there is one file that is the list.
    let digest = incoming.digest();
    if digest != name {
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "wrong-list",
            format!(
                "codes: the series has another list, with the SHA-256 {name}, got {digest}; one \
                 code a line is expected, ascending by its bytes, and a line feed behind each"
            ),
        ));
    }
    let known = record.clone();
    if !app.blocking(move |app| app.lists.has(&known)).await? {
        // It is never closed.
        let _one = BUILDING.acquire().await;
        app.blocking(move |app| app.lists.put(&record, BufReader::new(incoming.reader()?))).await?;
    }
    created(&name, &format!("/api/v1/lists/{name}"))
}

pub(crate) async fn list(
    State(app): State<Arc<App>>,
    Path(digest): Path<String>,
    headers: HeaderMap,
) -> Reply {
    let digest = digest_of(&digest);
    // What else is in the folder is nobody's business.
    if !is_digest(&digest) {
        return Err(Problem::not_found("a list has the name of its SHA-256, 64 digits"));
    }
    if !app.peers.is_one(&headers) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "list-not-public",
            "lists are for gateways that have the same --peer-secret as this one, for whoever has \
             one can print labels of all its codes; /api/v1/proof proves a code",
        ));
    }
    let wanted = digest.clone();
    let file = app.blocking(move |app| app.lists.file(&wanted)).await?;
    let file = file.ok_or_else(|| Problem::not_found("a list with this digest is not here"))?;
    let mut response = sent(file, &digest, &headers)?;
    for (name, value) in [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        // A cache on the way would give it to others.
        (header::CACHE_CONTROL, "no-store"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// As files are named: 64 small digits.
fn digest_of(text: &str) -> String {
    text.trim_start_matches("0x").to_ascii_lowercase()
}

/// A digest that the chain names as one of a document.
async fn named(app: &Arc<App>, digest: &str) -> Reply<String> {
    let digest = digest_of(digest);
    if !is_digest(&digest) {
        return Err(Problem::bad("bad-digest", "SHA-256: 64 digits are expected"));
    }
    let asked = digest.clone();
    if app.blocking(move |app| app.index.names_document(&asked)).await? {
        Ok(digest)
    } else {
        Err(Problem::not_found(format!("{digest}: the chain names no document by this SHA-256")))
    }
}

pub(crate) async fn publish_document(
    State(app): State<Arc<App>>,
    Path(digest): Path<String>,
    Extension(caller): Extension<Caller>,
    body: Body,
) -> Reply {
    let ready = async { Ok((slot(caller)?, named(&app, &digest).await?)) };
    let (_slot, digest) = match ready.await {
        Ok(ready) => ready,
        Err(problem) => return refused(body.into_data_stream(), problem).await,
    };
    let incoming = app.blocking(|app| app.documents.incoming()).await?;
    let incoming = receive(&app, incoming, body, app.documents.bytes_max, "a document").await?;
    let name = digest.clone();
    app.blocking(move |app| app.documents.put(&name, incoming)).await?;
    created(&digest, &format!("/api/v1/documents/{digest}"))
}

/// Whether other gateways are not asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocumentQuery {
    #[serde(default)]
    local: bool,
}

pub(crate) async fn document(
    State(app): State<Arc<App>>,
    Path(digest): Path<String>,
    Asked(query): Asked<DocumentQuery>,
    headers: HeaderMap,
) -> Reply {
    let digest = named(&app, &digest).await?;
    let mut file = here(&app, &digest).await?;
    if file.is_none() && !query.local {
        match app.peers.fetch(Wanted::Document(digest.clone())).await {
            Outcome::Fetched => file = here(&app, &digest).await?,
            Outcome::OnItsWay => return Err(on_its_way("the document")),
            Outcome::Missing => {}
        }
    }
    let file = file.ok_or_else(|| {
        Problem::not_found(format!("{digest}: the document was not published to this gateway"))
    })?;
    let mut response = sent(file, &digest, &headers)?;
    let headers = response.headers_mut();
    // It is somebody's file: a browser saves it, and never shows it as a page of this gateway.
    for (name, value) in [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

async fn here(app: &Arc<App>, digest: &str) -> Reply<Option<File>> {
    let digest = digest.to_owned();
    app.blocking(move |app| app.documents.file(&digest)).await
}

/// Something that other gateways are asked for.
pub(crate) fn on_its_way(what: &str) -> Problem {
    Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "on-its-way",
        format!("{what} is being fetched from another gateway; ask again in a few seconds"),
    )
}
