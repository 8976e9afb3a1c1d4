//! Counts and times calls, holds connections to their allowance, and refuses what no handler takes.

use super::connection::{Allowance, Exceeded};
use crate::metrics::NodeMetrics;
use ecoledger_rpc_api::code;
use jsonrpsee::{
    MethodResponse, Methods,
    core::server::{BatchResponseBuilder, MethodCallback},
    server::middleware::rpc::{Batch, BatchEntry, Notification, Request, RpcServiceT},
    types::{ErrorObject, ErrorObjectOwned},
};
use std::{collections::BTreeSet, sync::Arc, time::Instant};
use tower::Layer;

/// How a call has come. Only a WebSocket can be told something later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Http,
    WebSocket,
}

/// Wraps the service of each connection in a [`Meter`].
#[derive(Clone)]
pub(crate) struct MeterLayer {
    metrics: Arc<NodeMetrics>,
    /// Names of methods that begin or end a subscription.
    subscriptions: Arc<BTreeSet<&'static str>>,
    response_bytes_max: usize,
}

impl MeterLayer {
    pub(crate) fn new(
        metrics: Arc<NodeMetrics>,
        methods: &Methods,
        response_bytes_max: u32,
    ) -> Self {
        let is_subscription = |name: &&str| {
            matches!(
                methods.method(name),
                Some(MethodCallback::Subscription(_) | MethodCallback::Unsubscription(_))
            )
        };
        let subscriptions = Arc::new(methods.method_names().filter(is_subscription).collect());
        Self { metrics, subscriptions, response_bytes_max: response_bytes_max as usize }
    }

    /// Why a call is refused that no handler could answer rightly.
    fn refuse(&self, request: &Request<'_>) -> Option<ErrorObjectOwned> {
        let error = |code, message| Some(ErrorObject::owned(code, message, None::<()>));
        // A handler would take a name that it does not know for a parameter that is left out.
        if request.params().is_object() {
            return error(code::INVALID_PARAMS, "Parameters are a list, in order");
        }
        let is_http = request.extensions().get() == Some(&Transport::Http);
        if is_http && self.subscriptions.contains(request.method_name()) {
            return error(code::METHOD_NOT_FOUND, "Subscriptions need a WebSocket connection");
        }
        None
    }
}

impl<S> Layer<S> for MeterLayer {
    type Service = Meter<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Meter { inner, layer: self.clone() }
    }
}

/// Counts and times calls.
#[derive(Clone)]
pub(crate) struct Meter<S> {
    inner: S,
    layer: MeterLayer,
}

fn refusal(exceeded: Exceeded) -> ErrorObjectOwned {
    let (code, message) = match exceeded {
        Exceeded::Rate => (code::RATE_LIMIT, "RPC rate limit exceeded"),
        Exceeded::UnderWay => (code::BUSY, "Too many calls of this connection are under way"),
    };
    ErrorObject::owned(code, message, None::<()>)
}

impl<S> RpcServiceT for Meter<S>
where
    S: RpcServiceT<
            MethodResponse = MethodResponse,
            BatchResponse = MethodResponse,
            NotificationResponse = MethodResponse,
        > + Clone
        + Send
        + Sync
        + 'static,
{
    type MethodResponse = MethodResponse;
    type NotificationResponse = MethodResponse;
    type BatchResponse = MethodResponse;

    fn call<'a>(&self, request: Request<'a>) -> impl Future<Output = MethodResponse> + Send + 'a {
        let this = self.clone();
        async move {
            let metrics = &this.layer.metrics;
            let allowance = request.extensions().get::<Allowance>().cloned();
            let _permit = match allowance.map(|allowance| allowance.take()).transpose() {
                Ok(permit) => permit,
                Err(exceeded) => {
                    metrics.rate_limited();
                    return MethodResponse::error(request.id, refusal(exceeded));
                }
            };
            let label = metrics.call_started(request.method_name());
            let started = Instant::now();
            let response = match this.layer.refuse(&request) {
                Some(refusal) => MethodResponse::error(request.id, refusal),
                None => this.inner.call(request).await,
            };
            metrics.call_finished(label, started.elapsed(), response.is_error());
            response
        }
    }

    // Calls go through `call` one by one: the inner service would not measure them.
    fn batch<'a>(&self, batch: Batch<'a>) -> impl Future<Output = MethodResponse> + Send + 'a {
        let this = self.clone();
        async move {
            let mut responses = BatchResponseBuilder::new_with_limit(this.layer.response_bytes_max);
            let mut has_notification = false;
            for entry in batch {
                let response = match entry {
                    Ok(BatchEntry::Call(request)) => this.call(request).await,
                    Ok(BatchEntry::Notification(notification)) => {
                        has_notification = true;
                        this.notification(notification).await;
                        continue;
                    }
                    Err(invalid) => {
                        let (error, id) = invalid.into_parts();
                        MethodResponse::error(id, error)
                    }
                };
                if let Err(too_large) = responses.append(response) {
                    return too_large;
                }
            }
            if responses.is_empty() && has_notification {
                MethodResponse::notification()
            } else {
                MethodResponse::from_batch(responses.finish())
            }
        }
    }

    fn notification<'a>(
        &self,
        notification: Notification<'a>,
    ) -> impl Future<Output = MethodResponse> + Send + 'a {
        self.inner.notification(notification)
    }
}
