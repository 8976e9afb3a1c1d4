//! Scans: a gateway beside the network, and many who ask it for codes of one series.

use super::Chain;
use crate::{chromium::browse, gateway::Gateway};
use eyre::{WrapErr, ensure, eyre};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// Callers at a time, each on a connection of its own.
const CALLERS: u32 = 8;
/// How long each question is asked.
const SECONDS: u64 = 10;
/// Step between the codes that are asked for; no factor of the usual numbers of codes.
const STRIDE: u64 = 7_919;

/// Verifications in a browser for the median of one.
const BROWSED: &str = "101";

/// How many answers a second, and how long the slowest hundredth waited at least.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Scans {
    /// Answers a second.
    pub per_second: u64,
    /// Half of them came within this time.
    pub latency_p50_us: u64,
    /// 99 of 100 came within this time.
    pub latency_p99_us: u64,
}

/// What a gateway did.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// From the list's first byte to its acknowledgement: checked, and on the disk.
    pub publish_list_ms: u64,
    /// Proofs of codes, another one each time.
    pub with_proof: Scans,
    /// Digital Links of codes, another one each time, looked up in the list and sent on to the page: a
    /// scan as far as it goes without proof.
    pub resolved: Scans,
    /// Events of the batch, from the index.
    pub events: Scans,
    /// The proof that a product page takes, in headless Chromium.
    pub in_browser: InBrowser,
}

/// What a browser did, as `client/web/tests/verify-time.mjs` prints it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all(deserialize = "camelCase"))]
pub struct InBrowser {
    /// Bytes of the proof.
    pub bytes: usize,
    /// Reading and verifying it: the median.
    pub median_us: u64,
}

/// Starts a gateway, publishes the list of series 0 of `gtin`, and measures.
///
/// # Errors
/// When an answer has another status than it should.
pub async fn run(
    chain: &Chain<'_>,
    gtin: &str,
    lot: &str,
    serials: Vec<String>,
) -> eyre::Result<Report> {
    let folder = tempfile::tempdir()?;
    let gateway = Gateway::start(&chain.network().node(0).url(), folder.path()).await?;
    let url = gateway.url.clone();
    let height = chain.client().height().await?;
    let list: String = serials.iter().flat_map(|serial| [serial.as_str(), "\n"]).collect();
    let (gtin, lot) = (gtin.to_owned(), lot.to_owned());
    let serial = serials.first().ok_or_else(|| eyre!("there is no code"))?;
    let page = format!("{url}/product/01/{gtin}/21/{serial}?lang=en");
    let mut status = 0;
    while status != 200 {
        // Each answer waits for ten seconds at most.
        status = gateway.get(&format!("/api/v1/status?height={height}")).await?.status;
        ensure!([200, 504].contains(&status), "the gateway does not follow: {status}");
    }
    let started = Instant::now();
    gateway.publish(0, &list).await?;
    let publish_list_ms = started.elapsed().as_millis() as u64;
    let (with_proof, resolved, events) = tokio::task::spawn_blocking(move || {
        let serial = |n: u64| &serials[(n * STRIDE % serials.len() as u64) as usize];
        let proof = |n: u64| format!("{url}/api/v1/proof?code=(01){gtin}(21){}", serial(n));
        let link = |n: u64| format!("{url}/01/{gtin}/10/{lot}/21/{}", serial(n));
        let events = |_: u64| format!("{url}/api/v1/events/batch/{gtin}%2F{lot}");
        Ok::<_, eyre::Report>((ask(proof, 200)?, ask(link, 307)?, ask(events, 200)?))
    })
    .await??;
    let measured = browse(&["verify-time.mjs", &page, BROWSED], &[]).await.wrap_err("browser")?;
    let in_browser = serde_json::from_str(&measured).wrap_err("browser")?;
    Ok(Report { publish_list_ms, with_proof, resolved, events, in_browser })
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().new_agent()
}

/// The status of an answer that was read to its end.
fn get(agent: &ureq::Agent, url: &str) -> eyre::Result<u16> {
    let mut answer = agent.get(url).call()?;
    answer.body_mut().read_to_vec()?;
    Ok(answer.status().as_u16())
}

/// Asks for `SECONDS`; each answer must have this status.
fn ask(question: impl Fn(u64) -> String + Sync, expected: u16) -> eyre::Result<Scans> {
    let end = Instant::now() + Duration::from_secs(SECONDS);
    let one = |caller: u32| -> eyre::Result<Vec<u64>> {
        let (agent, mut took, mut n) = (agent(), Vec::new(), u64::from(caller));
        while Instant::now() < end {
            let url = question(n);
            let started = Instant::now();
            let status = get(&agent, &url)?;
            ensure!(status == expected, "{url}: {status}");
            took.push(started.elapsed().as_micros() as u64);
            n += u64::from(CALLERS);
        }
        Ok(took)
    };
    let mut took = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS).map(|caller| scope.spawn(move || one(caller))).collect();
        let mut all = Vec::new();
        for caller in callers {
            all.extend(caller.join().map_err(|_| eyre!("a caller ended"))??);
        }
        Ok::<_, eyre::Report>(all)
    })?;
    took.sort_unstable();
    let at = |hundredths: usize| took.get(took.len() * hundredths / 100).copied();
    Ok(Scans {
        per_second: took.len() as u64 / SECONDS,
        latency_p50_us: at(50).unwrap_or_default(),
        latency_p99_us: at(99).unwrap_or_default(),
    })
}
