//! Open-loop measurement of a running network: what is committed, how late, at what cost.

use crate::{
    network::Network,
    rpc::{Rpc, hex_of},
    transaction::hash,
    workload::{Signed, Workload},
};
use ecoledger_primitives::Hash;
use eyre::{WrapErr, ensure, eyre};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};

/// Pause between two messages of an account; what is due goes in one.
const TICK: Duration = Duration::from_millis(25);
/// How long what was accepted may take to become final once sending has ended.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(60);
/// Microseconds of one unit of processor time in `/proc`.
const PROC_TICK_MICROS: u64 = 10_000;

/// What one run showed.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Validators of the network, all on this machine.
    pub validators: usize,
    /// Transactions sent in a second.
    pub offered_per_s: u32,
    /// Seconds of sending.
    pub seconds: u32,
    /// Transactions sent.
    pub sent: usize,
    /// Transactions that a node refused.
    pub refused: usize,
    /// Committed transactions a second while sending.
    pub committed_per_s: u64,
    /// Transactions sent and not yet committed after a third and two thirds of the time, and at
    /// its end: the pool does not grow where these do not.
    pub backlog: [usize; 3],
    /// Median time from submission to finality, as the client sees it.
    pub latency_p50_ms: u64,
    /// The same for 95 of 100.
    pub latency_p95_ms: u64,
    /// Blocks that held them.
    pub blocks: usize,
    /// Processor time of each node for each committed transaction.
    pub node_cpu_us_per_tx: Vec<u64>,
    /// The generator's own, for each transaction sent; signing is not in it.
    pub generator_cpu_us_per_tx: u64,
    /// Bytes that a node's database and log grew by for each committed transaction.
    pub disk_bytes_per_tx: u64,
}

impl Report {
    /// Whether the network kept up: nothing was refused, and what waited at the end is what two
    /// seconds bring.
    pub fn kept_up(&self) -> bool {
        self.refused == 0 && self.backlog[2] <= 2 * self.offered_per_s as usize
    }
}

#[derive(Default)]
struct Seen {
    sent: BTreeMap<Hash, Instant>,
    final_after: Vec<Duration>,
    refused: usize,
    blocks: usize,
}

type Shared = Arc<Mutex<Seen>>;

fn with<T>(seen: &Shared, act: impl FnOnce(&mut Seen) -> T) -> T {
    act(&mut seen.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Sends `per_second` transactions a second for `seconds`, whatever comes back.
///
/// # Errors
/// When a node goes away, or accepted transactions do not become final.
pub async fn run(
    network: &Network,
    workload: &mut Workload,
    per_second: u32,
    seconds: u32,
) -> eyre::Result<Report> {
    let lists = workload.sign(per_second, seconds)?;
    let urls = network.urls();
    let seen = Shared::default();
    let observer = network.rpc(0).await?;
    let heads = observer.finalized_heads().await.wrap_err("subscribe to heads")?;
    let mut observing = tokio::spawn(observe(observer, heads, Arc::clone(&seen)));

    let pids: Vec<u32> = (0..network.len()).filter_map(|index| network.node(index).pid()).collect();
    let cpu_before: Vec<u64> = pids.iter().map(|pid| cpu_us(*pid)).collect::<Result<_, _>>()?;
    let own_before = cpu_us(std::process::id())?;
    let disk_before = bytes_below(network.node(0).folder())?;
    let pace = Pace { per_second, accounts: lists.len() };
    let started = Instant::now();
    let mut senders = JoinSet::new();
    for (index, list) in lists.into_iter().enumerate() {
        let url = urls.get(index % urls.len()).ok_or_else(|| eyre!("no node"))?;
        let rpc = Rpc::connect(url).await?;
        senders.spawn(send(rpc, list, pace, Arc::clone(&seen)));
    }
    let mut backlog = [0; 3];
    for (third, waiting) in (1u32..).zip(backlog.iter_mut()) {
        let at = started + Duration::from_secs(seconds.into()) * third / 3;
        tokio::time::sleep_until(at.into()).await;
        *waiting = with(&seen, |seen| seen.sent.len());
    }
    let in_time = with(&seen, |seen| seen.final_after.len());
    let elapsed = started.elapsed();
    while let Some(ended) = senders.join_next().await {
        ended.wrap_err("a sender")??;
    }
    let own = cpu_us(std::process::id())? - own_before;
    let drained = timeout(DRAIN_TIMEOUT, async {
        let mut ticks = interval(TICK);
        while with(&seen, |seen| !seen.sent.is_empty()) {
            tokio::select! {
                _ = ticks.tick() => {}
                ended = &mut observing => return ended.wrap_err("the observer")?,
            }
        }
        Ok(())
    });
    drained.await.wrap_err("accepted transactions are not final in time")??;
    observing.abort();

    let cpu_after: Vec<u64> = pids.iter().map(|pid| cpu_us(*pid)).collect::<Result<_, _>>()?;
    let disk = bytes_below(network.node(0).folder())?.saturating_sub(disk_before);
    let mut latencies = with(&seen, |seen| std::mem::take(&mut seen.final_after));
    latencies.sort_unstable();
    let committed = latencies.len() as u64;
    ensure!(committed > 0, "nothing was committed");
    let percentile = |percent: usize| {
        let index = (latencies.len() * percent / 100).min(latencies.len() - 1);
        latencies.get(index).map_or(0, |latency| latency.as_millis() as u64)
    };
    let (refused, blocks) = with(&seen, |seen| (seen.refused, seen.blocks));
    Ok(Report {
        validators: network.len(),
        offered_per_s: per_second,
        seconds,
        sent: latencies.len() + refused,
        refused,
        committed_per_s: (in_time as u128 * 1_000 / elapsed.as_millis().max(1)) as u64,
        backlog,
        latency_p50_ms: percentile(50),
        latency_p95_ms: percentile(95),
        blocks,
        node_cpu_us_per_tx: cpu_after
            .iter()
            .zip(&cpu_before)
            .map(|(after, before)| (after - before) / committed)
            .collect(),
        generator_cpu_us_per_tx: own / committed,
        disk_bytes_per_tx: disk / committed,
    })
}

/// How fast one account of a load sends.
#[derive(Clone, Copy)]
struct Pace {
    per_second: u32,
    accounts: usize,
}

impl Pace {
    /// Transactions that an account should have sent after `elapsed`.
    fn due(self, elapsed: Duration) -> usize {
        let all = elapsed.as_micros() * u128::from(self.per_second) / 1_000_000;
        all as usize / self.accounts.max(1)
    }
}

/// Sends what is due, every tick, in one message; answers are read beside it.
async fn send(rpc: Rpc, list: Vec<Signed>, pace: Pace, seen: Shared) -> eyre::Result<()> {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let started = Instant::now();
    let mut answers = JoinSet::new();
    let mut next = 0;
    // To the last one, though the last cycle may end a little later: a nonce that is left out
    // would stop the account's next run.
    while next < list.len() {
        ticks.tick().await;
        let due = pace.due(started.elapsed()).min(list.len());
        let batch = list.get(next..due).unwrap_or_default();
        if batch.is_empty() {
            continue;
        }
        next = due;
        let now = Instant::now();
        with(&seen, |seen| seen.sent.extend(batch.iter().map(|signed| (signed.hash, now))));
        let message: Vec<String> = batch.iter().map(|signed| hex_of(&signed.bytes)).collect();
        let hashes: Vec<Hash> = batch.iter().map(|signed| signed.hash).collect();
        let (rpc, seen) = (rpc.clone(), Arc::clone(&seen));
        answers.spawn(async move {
            let accepted = rpc.submit_all(&message).await?;
            with(&seen, |seen| {
                for (hash, accepted) in hashes.iter().zip(accepted) {
                    if !accepted && seen.sent.remove(hash).is_some() {
                        seen.refused += 1;
                    }
                }
            });
            Ok::<_, eyre::Report>(())
        });
    }
    while let Some(answer) = answers.join_next().await {
        answer.wrap_err("an answer")??;
    }
    Ok(())
}

/// Reads every final block and notes which transactions it holds.
async fn observe(
    rpc: Rpc,
    mut heads: jsonrpsee::core::client::Subscription<ecoledger_primitives::Header>,
    seen: Shared,
) -> eyre::Result<()> {
    while let Some(head) = heads.next().await {
        let transactions = rpc.transactions(head?.hash()).await?;
        let now = Instant::now();
        with(&seen, |seen| {
            let before = seen.final_after.len();
            for transaction in &transactions {
                if let Some(sent) = seen.sent.remove(&hash(transaction)) {
                    seen.final_after.push(now - sent);
                }
            }
            seen.blocks += usize::from(seen.final_after.len() > before);
        });
    }
    Err(eyre!("the subscription to heads ended"))
}

/// Processor time that a process has taken, in microseconds.
fn cpu_us(pid: u32) -> eyre::Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).wrap_err("read process times")?;
    // The name, in parentheses, may hold spaces; user and system time are fields 14 and 15.
    let fields = stat.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Ok(ticks * PROC_TICK_MICROS)
}

fn bytes_below(folder: &Path) -> eyre::Result<u64> {
    let mut total = 0;
    for entry in fs::read_dir(folder).wrap_err("read a node's folder")? {
        let entry = entry?;
        // Files come and go while the database works.
        let Ok(metadata) = entry.metadata() else { continue };
        total += if metadata.is_dir() { bytes_below(&entry.path())? } else { metadata.len() };
    }
    Ok(total)
}
