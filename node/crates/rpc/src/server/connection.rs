//! What a connection may ask: whether its page may call at all, and how much.

use crate::config::{Cors, RpcLimits};
use axum::http::{StatusCode, header::ORIGIN};
use futures::future::{Either, Ready, ready};
use jsonrpsee::server::{HttpBody, HttpRequest, HttpResponse};
use parking_lot::Mutex;
use std::{
    num::NonZeroU32,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::{Layer, Service};

/// What one connection may still ask. Cloning shares it.
#[derive(Clone, Debug)]
pub(crate) struct Allowance {
    under_way: Arc<Semaphore>,
    bucket: Option<Arc<Mutex<Bucket>>>,
}

/// Why a call is refused before it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exceeded {
    /// Too many calls of the connection are under way.
    UnderWay,
    /// Calls come too fast.
    Rate,
}

impl Allowance {
    pub(crate) fn new(limits: &RpcLimits) -> Self {
        Self {
            under_way: Arc::new(Semaphore::new(limits.calls_under_way_max as usize)),
            bucket: limits
                .calls_per_second_max
                .map(|rate| Arc::new(Mutex::new(Bucket::new(rate, Instant::now())))),
        }
    }

    /// Takes a call out of the allowance; the permit is held until it is answered.
    pub(crate) fn take(&self) -> Result<OwnedSemaphorePermit, Exceeded> {
        if let Some(bucket) = &self.bucket
            && !bucket.lock().take(Instant::now())
        {
            return Err(Exceeded::Rate);
        }
        Arc::clone(&self.under_way).try_acquire_owned().map_err(|_| Exceeded::UnderWay)
    }
}

/// A token bucket that holds one second's worth of calls.
#[derive(Debug)]
pub(crate) struct Bucket {
    interval: Duration,
    /// When the bucket would be full; each call moves it on by `interval`.
    full_at: Instant,
}

/// What the bucket holds, as time.
const BUCKET: Duration = Duration::from_secs(1);

impl Bucket {
    pub(crate) fn new(calls_per_second: NonZeroU32, now: Instant) -> Self {
        Self { interval: BUCKET / calls_per_second.get(), full_at: now }
    }

    /// Takes a call if there is one.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let full_at = self.full_at.max(now) + self.interval;
        let fits = full_at.duration_since(now) <= BUCKET;
        if fits {
            self.full_at = full_at;
        }
        fits
    }
}

/// Turns away pages that may not call.
#[derive(Clone, Debug)]
pub(crate) struct OriginLayer {
    cors: Arc<Cors>,
}

impl OriginLayer {
    pub(crate) fn new(cors: Cors) -> Self {
        Self { cors: Arc::new(cors) }
    }
}

impl<S> Layer<S> for OriginLayer {
    type Service = OriginFilter<S>;

    fn layer(&self, inner: S) -> Self::Service {
        OriginFilter { inner, cors: Arc::clone(&self.cors) }
    }
}

/// Turns away pages that may not call.
#[derive(Clone, Debug)]
pub(crate) struct OriginFilter<S> {
    inner: S,
    cors: Arc<Cors>,
}

impl<S, B> Service<HttpRequest<B>> for OriginFilter<S>
where
    S: Service<HttpRequest<B>, Response = HttpResponse>,
{
    type Response = HttpResponse;
    type Error = S::Error;
    type Future = Either<Ready<Result<HttpResponse, S::Error>>, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: HttpRequest<B>) -> Self::Future {
        // CORS alone does not keep a page from opening a WebSocket, or from sending a request
        // whose answer it then cannot read.
        let denied = request
            .headers()
            .get(ORIGIN)
            .is_some_and(|origin| !origin.to_str().is_ok_and(|origin| self.cors.allows(origin)));
        if denied {
            let mut response = HttpResponse::new(HttpBody::from("Origin is not allowed.\n"));
            *response.status_mut() = StatusCode::FORBIDDEN;
            return Either::Left(ready(Ok(response)));
        }
        Either::Right(self.inner.call(request))
    }
}
