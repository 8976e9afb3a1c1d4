//! Sending to one subscriber without ever waiting long for it.

use jsonrpsee::{
    core::SubscriptionError,
    server::{PendingSubscriptionSink, SubscriptionSink},
};
use serde::Serialize;
use serde_json::value::to_raw_value;
use std::time::Duration;

/// Why a subscription ends although its subscriber did not ask for it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SubscriptionEnd {
    /// The connection is gone, or the subscriber has unsubscribed.
    #[error("the subscriber has left")]
    Left,
    /// The subscriber does not read what it is sent.
    #[error("the subscriber is too slow; subscribe again and read faster")]
    TooSlow,
    /// The node could not make the next notification.
    #[error("{0}")]
    Failed(#[from] crate::error::RpcError),
    /// A notification is larger than any may be.
    #[error("a notification is too large; subscribe to fewer keys")]
    TooLarge,
}

/// Ends a subscription, telling the subscriber why if it is still there.
pub(crate) fn closing(result: Result<(), SubscriptionEnd>) -> Result<(), SubscriptionError> {
    match result {
        Ok(()) | Err(SubscriptionEnd::Left) => Ok(()),
        Err(end) => {
            tracing::debug!(target: "ecoledger::rpc", reason = %end, "subscription closed");
            Err(end.to_string().into())
        }
    }
}

/// An accepted subscription.
pub(crate) struct Subscriber {
    sink: SubscriptionSink,
    timeout: Duration,
}

impl Subscriber {
    /// Accepts the subscription.
    ///
    /// - `timeout`: how long a message may wait for a place in the connection's queue.
    pub(crate) async fn accept(
        pending: PendingSubscriptionSink,
        timeout: Duration,
    ) -> Result<Self, SubscriptionEnd> {
        let sink = pending.accept().await.map_err(|_| SubscriptionEnd::Left)?;
        Ok(Self { sink, timeout })
    }

    /// Sends one notification.
    pub(crate) async fn send(&self, item: &impl Serialize) -> Result<(), SubscriptionEnd> {
        use jsonrpsee::server::SendTimeoutError;

        let message = to_raw_value(item).map_err(|error| {
            SubscriptionEnd::Failed(crate::error::RpcError::internal("write JSON", &error))
        })?;
        self.sink.send_timeout(message, self.timeout).await.map_err(|error| match error {
            SendTimeoutError::Timeout(_) => SubscriptionEnd::TooSlow,
            SendTimeoutError::Closed(_) => SubscriptionEnd::Left,
        })
    }

    /// Resolves once the subscriber has left.
    pub(crate) async fn left(&self) {
        self.sink.closed().await;
    }
}
