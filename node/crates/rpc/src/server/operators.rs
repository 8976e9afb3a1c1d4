//! The operators' port: metrics and health. It answers `GET` only and shows no secrets.

use crate::{
    health::{Health, Report},
    metrics::NodeMetrics,
};
use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use std::{sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
};
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

/// Scrapes answered at a time; each walks all metrics, and one scraper needs no more.
const SCRAPES_MAX: usize = 4;
/// Bytes of a request body; none is read.
const BODY_BYTES_MAX: usize = 1024;
/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Clone)]
struct Operators {
    metrics: Arc<NodeMetrics>,
    health: Arc<Health>,
    scrapes: Arc<Semaphore>,
}

/// Resolves once `stop` says so, or its sender is gone.
pub(super) async fn stopped(mut stop: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop as well.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Serves until `stop`.
pub(super) async fn serve(
    listener: TcpListener,
    metrics: Arc<NodeMetrics>,
    health: Arc<Health>,
    stop: watch::Receiver<bool>,
) {
    let served =
        axum::serve(listener, router(metrics, health)).with_graceful_shutdown(stopped(stop)).await;
    if let Err(error) = served {
        tracing::error!(target: "ecoledger::rpc", %error, "operators' port failed");
    }
}

fn router(metrics: Arc<NodeMetrics>, health: Arc<Health>) -> Router {
    Router::new()
        .route("/metrics", get(show_metrics))
        .route("/health", get(show_health))
        .route("/ready", get(show_ready))
        .route("/health/readiness", get(show_ready))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIMEOUT))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES_MAX))
        .with_state(Operators { metrics, health, scrapes: Arc::new(Semaphore::new(SCRAPES_MAX)) })
}

async fn show_metrics(State(state): State<Operators>) -> Response {
    const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let Ok(_permit) = Arc::clone(&state.scrapes).try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    // The sizes of the database are asked of the database, which may block.
    match tokio::task::spawn_blocking(move || state.metrics.encode()).await {
        Ok(text) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(target: "ecoledger::rpc", %error, "metrics failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn show_health(State(state): State<Operators>) -> Response {
    answer(state.health.report(), Report::is_healthy)
}

async fn show_ready(State(state): State<Operators>) -> Response {
    answer(state.health.report(), Report::is_ready)
}

fn answer(report: Report, is_good: fn(&Report) -> bool) -> Response {
    let status = if is_good(&report) { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(report)).into_response()
}
