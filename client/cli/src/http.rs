//! Files to and from gateways.

use ecoledger_client::Error;
use std::{fmt::Display, io::Read as _, time::Duration};

/// How long a gateway may take to be connected to.
const CONNECT_TIME_MAX: Duration = Duration::from_secs(10);
/// How long it may take to answer once it has been asked, or has what is sent.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(120);

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_recv_response(Some(ANSWER_TIME_MAX))
        .timeout_connect(Some(CONNECT_TIME_MAX))
        .build()
        .new_agent()
}

/// No answer.
fn unreachable(gateway: &str, why: impl Display) -> Error {
    Error::GatewayConnection(format!("{gateway}: {why}"))
}

/// What a refusal says.
fn refusal(gateway: &str, mut answer: ureq::http::Response<ureq::Body>) -> Error {
    let text = answer.body_mut().read_to_string().unwrap_or_default();
    let problem: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let detail = problem["detail"].as_str().map_or_else(|| text.trim().to_owned(), str::to_owned);
    Error::Gateway(format!("{gateway}: {}: {detail}", answer.status()))
}

/// Sends a file to a path at a gateway.
///
/// # Errors
/// [`Error::GatewayConnection`], [`Error::Gateway`].
pub(crate) fn put(gateway: &str, path: &str, kind: &str, body: &[u8]) -> Result<(), Error> {
    let url = format!("{gateway}{path}");
    let sent = agent().put(url).header("Content-Type", kind).send(body);
    let answer = sent.map_err(|error| unreachable(gateway, error))?;
    if answer.status().is_success() { Ok(()) } else { Err(refusal(gateway, answer)) }
}

/// Reads what is at a path of a gateway, at most `bytes_max`.
///
/// # Errors
/// [`Error::GatewayConnection`], [`Error::Gateway`].
pub(crate) fn get(gateway: &str, path: &str, bytes_max: u64) -> Result<Vec<u8>, Error> {
    let url = format!("{gateway}{path}");
    let mut answer = agent().get(url).call().map_err(|error| unreachable(gateway, error))?;
    if !answer.status().is_success() {
        return Err(refusal(gateway, answer));
    }
    let mut bytes = Vec::new();
    let body = answer.body_mut().with_config().limit(u64::MAX).reader();
    body.take(bytes_max.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| unreachable(gateway, error))?;
    if bytes.len() as u64 > bytes_max {
        return Err(Error::Gateway(format!("{gateway}: it has more than {bytes_max} bytes")));
    }
    Ok(bytes)
}
