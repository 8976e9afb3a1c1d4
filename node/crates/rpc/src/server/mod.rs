//! Serving: one port for JSON-RPC, one for operators.

pub(crate) mod accept;
pub(crate) mod connection;
mod meter;
mod operators;

use crate::{
    config::{Cors, RpcConfig, RpcLimits},
    context::RpcContext,
    handlers::{Handlers, measured_names},
    health::Health,
    metrics::NodeMetrics,
};
use accept::{Acceptor, SILENT_MAX};
use connection::{Allowance, OriginLayer};
use jsonrpsee::{
    RpcModule,
    server::{
        BatchRequestConfig, HttpRequest, Methods, PingConfig, RandomStringIdProvider, Server,
        ServerConfig, ServerHandle,
        middleware::{
            http::{HostFilterLayer, ProxyGetRequestLayer},
            rpc::RpcServiceBuilder,
        },
        serve_with_graceful_shutdown, stop_channel,
        ws::is_upgrade_request,
    },
};
use meter::{MeterLayer, Transport};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinError, JoinSet},
};
use tower::Service;
use tower_http::cors::{AllowOrigin, Any, CorsLayer};

/// How often WebSocket clients are asked for a sign of life, and when they are given up without.
const PING_INTERVAL: Duration = Duration::from_secs(30);
const INACTIVE_LIMIT: Duration = Duration::from_secs(75);

/// Connections above the limit that are kept for as long as it takes to tell them of it.
const TURNED_AWAY_MAX: usize = 16;

/// How long calls that are under way may hold up [`RpcHandle::stop`].
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// Why the interfaces do not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address cannot be listened on.
    #[error("cannot listen on {addr}")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// The operating system's reason.
        #[source]
        source: std::io::Error,
    },
    /// Two methods have one name.
    #[error("methods conflict: {0}")]
    Methods(#[from] jsonrpsee::core::RegisterMethodError),
    /// The middleware refuses its own configuration.
    #[error("HTTP configuration: {0}")]
    Http(String),
}

/// The running interfaces. Dropping it stops them without waiting.
pub struct RpcHandle {
    rpc_addr: SocketAddr,
    metrics_addr: Option<SocketAddr>,
    server: ServerHandle,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl RpcHandle {
    /// Where JSON-RPC is served.
    pub fn rpc_addr(&self) -> SocketAddr {
        self.rpc_addr
    }

    /// Where metrics and health are served.
    pub fn metrics_addr(&self) -> Option<SocketAddr> {
        self.metrics_addr
    }

    /// Stops accepting, lets calls that are under way finish, and waits for that, but not for
    /// longer than a few seconds.
    ///
    /// # Errors
    /// [`JoinError`] when a task of the interfaces has panicked.
    pub async fn stop(mut self) -> Result<(), JoinError> {
        // Fails only if the server has stopped already.
        let _ = self.server.stop();
        if tokio::time::timeout(STOP_TIMEOUT, self.server.clone().stopped()).await.is_err() {
            tracing::warn!(target: "ecoledger::rpc", "calls are still under way, leaving them");
        }
        self.stop.send_replace(true);
        while let Some(ended) = self.tasks.join_next().await {
            match ended {
                Err(error) if !error.is_cancelled() => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for RpcHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RpcHandle")
            .field("rpc_addr", &self.rpc_addr)
            .field("metrics_addr", &self.metrics_addr)
            .finish_non_exhaustive()
    }
}

/// Starts the interfaces on the current tokio runtime.
///
/// # Errors
/// [`StartError`]; then nothing is left running.
pub async fn start(config: RpcConfig, context: RpcContext) -> Result<RpcHandle, StartError> {
    let listen = |addr| async move {
        TcpListener::bind(addr).await.map_err(|source| StartError::Listen { addr, source })
    };
    let listener = listen(config.addr).await?;
    let operators = match config.metrics_addr {
        Some(addr) => Some(listen(addr).await?),
        None => None,
    };
    let local = |listener: &TcpListener, addr| {
        listener.local_addr().map_err(|source| StartError::Listen { addr, source })
    };
    let rpc_addr = local(&listener, config.addr)?;
    let metrics_addr = match &operators {
        Some(listener) => Some(local(listener, rpc_addr)?),
        None => None,
    };

    let serves_unsafe = config.methods.serves_unsafe(rpc_addr.ip());
    let handlers = Handlers::new(context.clone(), config.limits, serves_unsafe);
    let backend = handlers.backend().clone();
    let module = handlers.into_methods()?;
    let metrics = Arc::new(NodeMetrics::new(context.clone(), backend.clone()));
    measured_names(&module, &metrics);
    let server = serve(listener, rpc_addr, module, &config, Arc::clone(&metrics))?;

    let (stop, stopped) = watch::channel(false);
    let (serving_tx, serving) = watch::channel(true);
    let mut tasks = JoinSet::new();
    let watched = server.clone();
    tasks.spawn(async move {
        watched.stopped().await;
        serving_tx.send_replace(false);
    });
    let blocks = context.executor.subscribe();
    let health = Arc::new(Health::new(context, backend, config.stalled_after, serving));
    tasks.spawn({
        let (health, stopped) = (Arc::clone(&health), stopped.clone());
        async move {
            tokio::select! {
                () = health.follow(blocks) => {}
                () = operators::stopped(stopped) => {}
            }
        }
    });
    if let Some(listener) = operators {
        tasks.spawn(operators::serve(listener, metrics, health, stopped));
    }
    tracing::info!(target: "ecoledger::rpc", %rpc_addr, ?metrics_addr, serves_unsafe, "serving");
    Ok(RpcHandle { rpc_addr, metrics_addr, server, stop, tasks })
}

fn serve(
    listener: TcpListener,
    addr: SocketAddr,
    module: RpcModule<()>,
    config: &RpcConfig,
    metrics: Arc<NodeMetrics>,
) -> Result<ServerHandle, StartError> {
    let http = |error: &dyn std::fmt::Display| StartError::Http(error.to_string());
    let limits = config.limits;
    let middleware = tower::ServiceBuilder::new()
        .layer(host_filter(addr, &config.cors).map_err(|error| http(&error))?)
        .layer(OriginLayer::new(config.cors.clone()))
        .layer(cors(config.cors.clone()))
        .layer(
            ProxyGetRequestLayer::new([("/health", "system_health")])
                .map_err(|error| http(&error))?,
        );
    let methods = Methods::from(module);
    let meter = MeterLayer::new(metrics, &methods, limits.response_bytes_max);
    let services = Server::builder()
        .set_config(server_config(&limits))
        .set_http_middleware(middleware)
        .set_rpc_middleware(RpcServiceBuilder::new().layer(meter))
        .to_service_builder();
    let slots = (limits.connections_max as usize).saturating_add(TURNED_AWAY_MAX);
    let acceptor = Acceptor::new(listener, slots, SILENT_MAX);
    let (stop, server) = stop_channel();
    tokio::spawn(async move {
        loop {
            let stream = tokio::select! {
                stream = acceptor.next() => stream,
                () = stop.clone().shutdown() => return,
            };
            let (services, methods, stopped) = (services.clone(), methods.clone(), stop.clone());
            let allowance = Allowance::new(&limits);
            let service = tower::service_fn(move |mut request: HttpRequest<_>| {
                let transport = if is_upgrade_request(&request) {
                    Transport::WebSocket
                } else {
                    Transport::Http
                };
                request.extensions_mut().insert(transport);
                request.extensions_mut().insert(allowance.clone());
                let mut service = services.clone().build(methods.clone(), stopped.clone());
                async move { service.call(request).await.map_err(std::io::Error::other) }
            });
            let connection = serve_with_graceful_shutdown(stream, service, stop.clone().shutdown());
            tokio::spawn(async move {
                if let Err(error) = connection.await {
                    tracing::debug!(target: "ecoledger::rpc", %error, "connection failed");
                }
            });
        }
    });
    Ok(server)
}

fn server_config(limits: &RpcLimits) -> ServerConfig {
    let ping = PingConfig::new().ping_interval(PING_INTERVAL).inactive_limit(INACTIVE_LIMIT);
    ServerConfig::builder()
        .max_request_body_size(limits.request_bytes_max)
        .max_response_body_size(limits.response_bytes_max)
        .max_connections(limits.connections_max)
        .max_subscriptions_per_connection(limits.subscriptions_per_connection_max)
        .set_batch_request_config(BatchRequestConfig::Limit(limits.batch_calls_max))
        .set_message_buffer_capacity(limits.buffered_messages_max.max(1))
        // Substrate's clients expect identifiers of subscriptions to be strings.
        .set_id_provider(RandomStringIdProvider::new(16))
        .enable_ws_ping(ping)
        .build()
}

/// On a loopback address only this machine's names are answered: a page elsewhere could otherwise
/// point a name of its own at it.
fn host_filter(
    addr: SocketAddr,
    cors: &Cors,
) -> Result<HostFilterLayer, impl std::fmt::Display + use<>> {
    if *cors == Cors::Any || !addr.ip().is_loopback() {
        return Ok(HostFilterLayer::disable());
    }
    let port = addr.port();
    HostFilterLayer::new([
        format!("localhost:{port}"),
        format!("127.0.0.1:{port}"),
        format!("[::1]:{port}"),
    ])
}

fn cors(cors: Cors) -> CorsLayer {
    let origin = match cors {
        Cors::Any => AllowOrigin::any(),
        listed => AllowOrigin::predicate(move |origin, _| {
            origin.to_str().is_ok_and(|origin| listed.allows(origin))
        }),
    };
    CorsLayer::new()
        .allow_origin(origin)
        .allow_methods([axum::http::Method::POST, axum::http::Method::GET])
        .allow_headers(Any)
}
