//! Files to and from gateways.

use std::{
    io::{self, Read as _, Write},
    time::Duration,
};

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

/// What a refusal says.
fn refusal(mut answer: ureq::http::Response<ureq::Body>) -> String {
    let text = answer.body_mut().read_to_string().unwrap_or_default();
    let problem: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let detail = problem["detail"].as_str().map_or_else(|| text.trim().to_owned(), str::to_owned);
    format!("{}: {detail}", answer.status())
}

/// Sends a file; says why it was refused.
pub(crate) fn put(url: &str, kind: &str, body: &[u8]) -> Result<(), String> {
    let sent = agent().put(url).header("Content-Type", kind).send(body);
    let answer = sent.map_err(|error| error.to_string())?;
    if answer.status().is_success() { Ok(()) } else { Err(refusal(answer)) }
}

/// Writes a file of at most `bytes_max` to `out`; says why there is none.
pub(crate) fn get(url: &str, bytes_max: u64, out: &mut impl Write) -> Result<(), String> {
    let mut answer = agent().get(url).call().map_err(|error| error.to_string())?;
    if !answer.status().is_success() {
        return Err(refusal(answer));
    }
    let body = answer.body_mut().with_config().limit(u64::MAX).reader();
    let copied = io::copy(&mut body.take(bytes_max + 1), out);
    match copied.map_err(|error| error.to_string())? {
        n_bytes if n_bytes > bytes_max => Err(format!("it has more than {bytes_max} bytes")),
        _ => Ok(()),
    }
}
