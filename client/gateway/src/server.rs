//! Starting, stopping, routes, and what one caller may ask.

use crate::{
    address::read_address,
    api,
    app::{App, Kept, Verifier},
    callers::{Shares, line},
    compensation, damage,
    documents::Documents,
    files,
    follow::{self, FollowError, Progress},
    idle::Idle,
    index::{Index, IndexError},
    link::Link,
    lists::Lists,
    pages,
    peers::{self, Peers, PeersError, Secret},
    problem::Problem,
    recalls, resolver,
    scans::{Caller, ITEMS_MAX, Scans, ScansError, Thresholds},
    store::{Room, StoreError},
};
use axum::{
    Router,
    extract::{ConnectInfo, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, put},
};
use ecoledger_client::{Client, Error, proof::Checkpoint};
use governor::{Quota, RateLimiter, clock::DefaultClock, state::keyed::DefaultKeyedStateStore};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use std::{
    fs,
    future::Future,
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    sync::{Arc, RwLock},
    time::Duration,
};
use tokio::{net::TcpListener, sync::Semaphore, sync::watch};
use tower::ServiceExt as _;
use tower_http::{cors::CorsLayer, timeout::TimeoutLayer};

/// How long a request may take to be answered.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(10);
/// How long the body of a list or document may take to come.
const UPLOAD_TIME_MAX: Duration = Duration::from_secs(600);
/// How long the head of a request may take to come.
const HEAD_TIME_MAX: Duration = Duration::from_secs(10);
/// How long nothing may move on a connection, either way: longer than an answer may take.
const IDLE_TIME_MAX: Duration = Duration::from_secs(20);
/// Longest address of a request, in bytes.
const URI_BYTES_MAX: usize = 8 * 1024;
/// Longest fields of a request, in bytes: names and values.
const FIELDS_BYTES_MAX: usize = 8 * 1024;
/// Longest head of a request that is read at all, in bytes; a longer one has a bare 431.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// Requests of one address in a burst, in seconds of its rate.
const BURST_SECONDS: u32 = 2;

/// How a gateway is run.
#[derive(Clone, Debug)]
pub struct Config {
    /// WebSocket address of the full node that it follows.
    pub node: String,
    /// Where it listens; port 0 for one that is free.
    pub listen: SocketAddr,
    /// Address under which it is reached, in links; made of `listen` unless given.
    pub public_url: Option<String>,
    /// Folder of index, lists, documents and counts.
    pub folder: PathBuf,
    /// Checkpoint from which it begins to follow; the first block, as the node has it, unless given.
    pub checkpoint: Option<Checkpoint>,
    /// Page that verifies proofs, as `scripts/verifier` makes it.
    pub verifier: Option<PathBuf>,
    /// Whether a server stands before it that appends the caller's address to `X-Forwarded-For`: the
    /// last one there is then who asks. Without such a server a caller could make addresses up.
    pub behind_proxy: bool,
    /// Header by which that server says from which division of China (GB/T 2260) the caller asks.
    pub region_header: Option<String>,
    /// When counts of scans raise a warning.
    pub thresholds: Thresholds,
    /// Addresses of other gateways, from which missing lists and documents are fetched.
    pub peers: Vec<String>,
    /// File of the secret that gateways share which give each other lists of codes; without it this
    /// one gives none and has none given.
    pub peer_secret: Option<PathBuf>,
    /// Most bytes of lists and documents together.
    pub store_bytes_max: u64,
    /// Most bytes of one document.
    pub document_bytes_max: u64,
    /// Requests a second that one address may make.
    pub requests_per_second: NonZeroU32,
    /// Connections at a time.
    pub connections_max: NonZeroU32,
    /// Connections at a time of one address; without bound behind a proxy, whose all of them are.
    pub connections_of_address_max: usize,
}

/// Why a gateway does not start, or has ended.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The node cannot be asked.
    #[error(transparent)]
    Node(#[from] Error),
    /// The index cannot be used.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// Lists or documents cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Scans cannot be counted.
    #[error(transparent)]
    Scans(#[from] ScansError),
    /// Other gateways cannot be asked.
    #[error(transparent)]
    Peers(#[from] PeersError),
    /// Its own address is none.
    #[error("public URL {0}: an address is expected, such as https://trace.example")]
    PublicUrl(String),
    /// The header of regions is none, or anybody could send it.
    #[error("region header {0}: the name of a header is expected, and a proxy that sets it")]
    RegionHeader(String),
    /// Following has ended.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// A file or address cannot be used.
    #[error("{what}: {error}")]
    Io {
        /// Which.
        what: String,
        /// Why.
        error: std::io::Error,
    },
}

fn io(what: impl std::fmt::Display) -> impl FnOnce(std::io::Error) -> GatewayError {
    move |error| GatewayError::Io { what: what.to_string(), error }
}

/// Runs a gateway until `stop` resolves; `started` is told where it listens.
///
/// # Errors
/// [`GatewayError`].
pub async fn run(
    config: Config,
    started: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), GatewayError> {
    if let Some(name) = config.region_header.as_ref()
        && (!config.behind_proxy || name.parse::<HeaderName>().is_err())
    {
        return Err(GatewayError::RegionHeader(name.clone()));
    }
    let public_url = config
        .public_url
        .as_ref()
        .map(|url| read_address(url).map_err(|_| GatewayError::PublicUrl(url.clone())));
    let public_url = public_url.transpose()?;
    fs::create_dir_all(&config.folder).map_err(io(config.folder.display()))?;
    let verifier = config
        .verifier
        .as_ref()
        .map(|file| fs::read_to_string(file).map(Verifier::new).map_err(io(file.display())))
        .transpose()?;
    let client = Client::connect(&config.node).await?;
    let anchor = match &config.checkpoint {
        Some(checkpoint) => checkpoint.clone(),
        None => {
            client.wait_for_height(2).await?;
            client.checkpoint(Some(0)).await?
        }
    };
    let index = || Index::open(&config.folder.join("index.redb"), &anchor);
    let index = Arc::new(damage::opened(index, IndexError::Damaged)?);
    let kept = keep(&config, Arc::clone(&index), &anchor)?;
    let scans = Arc::clone(&kept.scans);
    let last = index.checkpoint()?;
    let client = Arc::new(RwLock::new(client));
    // Until the next block comes, the last one is proven from where the chain is followed from.
    let before = if anchor.height < last.height { anchor.clone() } else { last.clone() };
    let (progress, watched) =
        watch::channel(Progress { before, last, anchor, n_changes: 0, trouble: None });
    let following = tokio::spawn(follow::follow(Arc::clone(&client), Arc::clone(&index), progress));
    let writing = tokio::spawn(Arc::clone(&scans).keep_writing());

    let listener =
        TcpListener::bind(config.listen).await.map_err(io(format!("listen {}", config.listen)))?;
    let address = listener.local_addr().map_err(io("listen"))?;
    let public_url = public_url.unwrap_or_else(|| format!("http://{address}"));
    let region_header = config.region_header;
    let app = Arc::new(App::new(client, kept, watched, public_url, verifier, region_header));
    let gathering =
        (!config.peers.is_empty()).then(|| tokio::spawn(peers::follow(Arc::clone(&app))));
    let router = router(app, config.requests_per_second, config.behind_proxy);
    let of_address_max =
        if config.behind_proxy { usize::MAX } else { config.connections_of_address_max };
    let of_address = Shares::new(of_address_max);
    started(address);
    let ended = tokio::select! {
        () = serve(listener, router, config.connections_max.get() as usize, of_address, stop) => Ok(index.flush()?),
        ended = following => match ended {
            Ok(result) => Ok(result?),
            // It works with the index alone, whose pages are read as they are needed.
            Err(error) if error.is_panic() => Err(IndexError::Damaged(error.to_string()).into()),
            Err(error) => Err(io("follower")(std::io::Error::other(error))),
        },
    };
    writing.abort();
    gathering.inspect(tokio::task::JoinHandle::abort);
    tokio::task::spawn_blocking(move || scans.write())
        .await
        .map_err(|error| io("counts")(std::io::Error::other(error)))??;
    ended
}

/// Opens what is in the folder.
fn keep(config: &Config, index: Arc<Index>, anchor: &Checkpoint) -> Result<Kept, GatewayError> {
    let room = Room::new(config.store_bytes_max);
    let lists = Arc::new(Lists::open(&config.folder.join("lists"), Arc::clone(&room))?);
    let documents = &config.folder.join("documents");
    let documents = Arc::new(Documents::open(documents, room, config.document_bytes_max)?);
    let scans = &config.folder.join("scans.redb");
    let genesis = anchor.genesis.to_string();
    let scans = || Scans::open(scans, &genesis, config.thresholds.clone(), ITEMS_MAX);
    let scans = Arc::new(damage::opened(scans, ScansError::Damaged)?);
    let secret = config.peer_secret.as_deref().map(Secret::read).transpose()?;
    let peers = Peers::new(&config.peers, secret, &lists, &documents)?;
    Ok(Kept { index, lists, documents, scans, peers })
}

/// Accepts connections, bounded in number, and those that are slow to ask are closed.
async fn serve(
    listener: TcpListener,
    router: Router,
    connections_max: usize,
    of_address: Arc<Shares>,
    stop: impl Future<Output = ()>,
) {
    // Without TLS browsers and the servers before a gateway speak HTTP/1.1.
    let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME_MAX)
        .max_buf_size(HEAD_BYTES_MAX);
    let builder = Arc::new(builder);
    let room = Arc::new(Semaphore::new(connections_max));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &room) => accepted,
        };
        let (stream, permit) = stream;
        // Closed without a word: to say why would hold on to it.
        let Some(share) = of_address.take(peer.ip()) else { continue };
        let stream = TokioIo::new(Idle::new(stream, IDLE_TIME_MAX));
        let router = router.clone();
        let service = tower::service_fn(move |mut request: Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request.map(axum::body::Body::new))
        });
        let connection = builder
            .serve_connection_with_upgrades(stream, TowerToHyperService::new(service))
            .into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A caller that breaks off is nobody's trouble but its own.
            drop(connection.await);
            drop((permit, share));
        });
    }
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(ANSWER_TIME_MAX) => {}
    }
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> ((tokio::net::TcpStream, Option<tokio::sync::OwnedSemaphorePermit>), SocketAddr) {
    // The semaphore is never closed.
    let permit = Arc::clone(room).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return ((stream, permit), peer),
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                // Out of file handles: others must be closed first.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

type Limiter = RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock>;

fn router(app: Arc<App>, requests_per_second: NonZeroU32, behind_proxy: bool) -> Router {
    let burst =
        requests_per_second.saturating_mul(NonZeroU32::MIN.saturating_add(BURST_SECONDS - 1));
    let quota = Quota::per_second(requests_per_second).allow_burst(burst);
    let limiter: Arc<Limiter> = Arc::new(RateLimiter::keyed(quota));
    let upload = Router::new()
        .route("/api/v1/series/{series}/list", put(files::publish_list).options(files::put_only))
        .method_not_allowed_fallback(not_so)
        // Read below, where it has its fallback: two of them do not merge.
        .route("/api/v1/documents/{digest}", put(files::publish_document))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, UPLOAD_TIME_MAX));
    let read = Router::new()
        .route("/api/v1/openapi.json", get(api::openapi))
        .route("/api/v1/status", get(api::status))
        .route("/api/v1/proof", get(api::proof))
        .route("/api/v1/scan", get(api::scan))
        .route("/api/v1/products/{gtin}/lots", get(api::lots))
        .route("/api/v1/events/{kind}/{id}", get(api::events))
        .route("/api/v1/trace/{batch}", get(api::trace))
        .route("/api/v1/agreements", get(compensation::api::agreements))
        .route("/api/v1/agreements/{id}", get(compensation::api::agreement))
        .route("/api/v1/programmes/{id}/movements", get(compensation::api::movements))
        .route("/api/v1/records", get(api::records))
        .route("/api/v1/records/{kind}/{id}", get(api::record))
        .route("/api/v1/recalls", get(recalls::list))
        .route("/api/v1/recalls/{id}/batches", get(recalls::batches))
        .route("/api/v1/lists/{digest}", get(files::list))
        .route("/api/v1/documents/{digest}", get(files::document))
        .route("/api/v1/scans/{series}/{index}", get(api::scans))
        .route("/.well-known/gs1resolver", get(resolver::description))
        .route("/product/{*link}", get(pages::product))
        .route("/recalls", get(pages::recalls::list))
        .route("/recall/{id}", get(pages::recalls::one))
        .route("/certificate/{id}", get(pages::certificate::one))
        .route("/provenance/{gtin}/{lot}", get(pages::explorer))
        .route("/provenance/derivation/{id}", get(pages::derivation))
        .route("/block/{height}", get(pages::block))
        .route("/block/{height}/{transaction}", get(pages::transaction))
        .route("/compensation", get(pages::compensation::list))
        .route("/compensation/{agreement}", get(pages::compensation::show))
        .route("/verify", get(pages::verifier))
        .route("/assets/{name}", get(pages::asset))
        .route("/", get(pages::front))
        .route("/01/{*rest}", get(resolver::resolve))
        .fallback(not_there)
        .method_not_allowed_fallback(not_so)
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, ANSWER_TIME_MAX));
    let cors = CorsLayer::new()
        .allow_origin(tower_http::cors::Any)
        .allow_methods([Method::GET, Method::HEAD, Method::OPTIONS])
        .allow_headers([header::ACCEPT, header::ACCEPT_LANGUAGE])
        .expose_headers([header::LINK, header::LOCATION]);
    // A layer of CORS answers whatever OPTIONS there are, and says nothing but what scripts may do.
    let read = read.layer(cors).layer(middleware::from_fn(allowed));
    read.merge(upload)
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            let limiter = Arc::clone(&limiter);
            async move { limited(&limiter, behind_proxy, request, next).await }
        }))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), pages::told_on_a_page))
        .with_state(app)
}

/// Says to those who ask by OPTIONS what may be done.
async fn allowed(request: Request, next: Next) -> Response {
    let is_asked = request.method() == Method::OPTIONS;
    let is_put_too = request.uri().path().starts_with("/api/v1/documents/");
    let mut response = next.run(request).await;
    if is_asked {
        let methods = if is_put_too { "GET, HEAD, PUT, OPTIONS" } else { "GET, HEAD, OPTIONS" };
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(methods));
    }
    response
}

/// Who asks: an address, or all addresses of a line, which has 2^64 of them by IPv6.
fn caller(request: &Request, behind_proxy: bool) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let forwarded = || {
        let last = request.headers().get_all("x-forwarded-for").iter().next_back()?;
        last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let address = if behind_proxy { forwarded().or(peer) } else { peer };
    address.map(line)
}

async fn limited(
    limiter: &Limiter,
    behind_proxy: bool,
    mut request: Request,
    next: Next,
) -> Response {
    let caller = caller(&request, behind_proxy);
    request.extensions_mut().insert(Caller(caller));
    if let Some(caller) = caller
        && limiter.check_key(&caller).is_err()
    {
        let mut response = Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            "this address asks too fast; ask again in a second",
        )
        .into_response();
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        // Who asks on regardless is not held on to.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        return response;
    }
    if limiter.len() > ADDRESSES_MAX {
        limiter.retain_recent();
    }
    let mut response = match too_long(&request) {
        Some(problem) => problem.into_response(),
        None => named(next.run(request).await),
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// What is wrong with a request whose head was read, but is longer than any that is needed.
fn too_long(request: &Request) -> Option<Problem> {
    let uri = request.uri().path_and_query().map_or(0, |it| it.as_str().len());
    let fields: usize =
        request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if uri > URI_BYTES_MAX {
        let detail = format!("the address: at most {URI_BYTES_MAX} bytes are expected, got {uri}");
        Some(Problem::new(StatusCode::URI_TOO_LONG, "uri-too-long", detail))
    } else if fields > FIELDS_BYTES_MAX {
        let detail =
            format!("headers: at most {FIELDS_BYTES_MAX} bytes are expected, got {fields}");
        Some(Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers-too-long", detail))
    } else {
        None
    }
}

/// A refusal of the layers below, which has a status or a text only, as a problem.
fn named(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let is_ours =
        kind.is_some_and(|it| it.starts_with("application/") || it.starts_with("text/html"));
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (name, detail) = match status {
        StatusCode::REQUEST_TIMEOUT => ("upload-too-slow", "the list took too long to come"),
        StatusCode::GATEWAY_TIMEOUT => {
            ("answer-too-slow", "the answer took too long to be made; ask again, or for less")
        }
        status if status.is_client_error() => {
            ("bad-request", "the address cannot be read: is its percent-encoding whole and UTF-8?")
        }
        _ => ("internal", "the answer cannot be made"),
    };
    Problem::new(status, name, detail).into_response()
}

/// Addresses that are remembered before those that have rested are forgotten.
const ADDRESSES_MAX: usize = 100_000;

/// Digital Links by other keys are named for what they are, and malformed ones for what is wrong.
async fn not_there(uri: Uri) -> Problem {
    let first = uri.path().split('/').nth(1).unwrap_or_default();
    if (2..=4).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_digit()) {
        return match Link::read(uri.path(), uri.query().unwrap_or_default()) {
            Ok(_) => Problem::not_found("nothing by this identifier is on the chain"),
            Err(problem) => problem,
        };
    }
    Problem::not_found("there is nothing at this address; /api/v1/openapi.json says what there is")
}

async fn not_so() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        "Allow says which methods are taken here",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_is_said_by_the_proxy_only_if_there_is_one() {
        let peer: SocketAddr = "127.0.0.1:1000".parse().unwrap();
        let request = |forwarded: &[&str]| {
            let mut request = Request::new(axum::body::Body::empty());
            request.extensions_mut().insert(ConnectInfo(peer));
            for text in forwarded {
                let value = HeaderValue::from_str(text).unwrap();
                request.headers_mut().append("x-forwarded-for", value);
            }
            request
        };
        let own = Some(peer.ip());
        let far = Some("203.0.113.7".parse().unwrap());
        for (forwarded, expected) in [
            (&["203.0.113.7"][..], far),
            (&["192.0.2.1, 203.0.113.7"], far),
            (&["192.0.2.1", "203.0.113.7"], far),
            (&["2001:db8:1:2:ffff::9"], Some("2001:db8:1:2::".parse().unwrap())),
            (&["::ffff:203.0.113.7"], far),
            (&["nonsense"], own),
            (&[], own),
        ] {
            assert_eq!(caller(&request(forwarded), true), expected, "{forwarded:?}");
            assert_eq!(caller(&request(forwarded), false), own);
        }
    }
}
