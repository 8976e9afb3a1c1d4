//! Open-loop measurement of a running network: what is committed, how late, at what cost.

use crate::{
    network::Network,
    sending::{self, LaneRecord, Sent},
    workload::{Lane, Pace},
};
use eyre::{WrapErr, eyre};
use serde::Serialize;
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

/// Microseconds of one unit of processor time in `/proc`.
const PROC_TICK_MICROS: u64 = 10_000;

/// What one run showed.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Validators of the network, all on this machine.
    pub validators: usize,
    /// Transactions sent in a second.
    pub offered_per_s: u64,
    /// Seconds of sending.
    pub seconds: u32,
    /// Transactions sent, all of which were taken and became final.
    pub sent: usize,
    /// Committed transactions a second while sending.
    pub committed_per_s: u64,
    /// Transactions sent and not yet committed after a third and two thirds of the time, and at
    /// its end: the pool does not grow where these do not.
    pub backlog: [usize; 3],
    /// Time from submission to finality, as the client sees it.
    #[serde(flatten)]
    pub latency: Latency,
    /// The same by call, where lanes differ in theirs.
    pub calls: Vec<CallLatency>,
    /// What lanes that follow each other made together.
    pub cases: Option<Cases>,
    /// Blocks that held the transactions.
    pub blocks: usize,
    /// Processor time of each node for each committed transaction.
    pub node_cpu_us_per_tx: Vec<u64>,
    /// The generator's own, for each committed transaction; signing is not in it.
    pub generator_cpu_us_per_tx: u64,
    /// Bytes that a node's database and log grew by for each committed transaction.
    pub disk_bytes_per_tx: u64,
}

impl Report {
    /// Whether the network kept up: what waited at the end is what two seconds bring.
    pub fn kept_up(&self) -> bool {
        self.backlog[2] as u64 <= 2 * self.offered_per_s
    }
}

/// Percentiles of a time.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Latency {
    /// Median.
    pub latency_p50_ms: u64,
    /// What 95 of 100 do not exceed.
    pub latency_p95_ms: u64,
}

/// Time from submission to finality of one call.
#[derive(Clone, Debug, Serialize)]
pub struct CallLatency {
    /// The call.
    pub call: &'static str,
    /// How long.
    #[serde(flatten)]
    pub latency: Latency,
}

/// Cases of which every lane has a step.
#[derive(Clone, Debug, Serialize)]
pub struct Cases {
    /// Cases begun in a second.
    pub offered_per_s: u64,
    /// Cases whose steps are all final.
    pub completed: usize,
    /// Cases completed in a second while sending.
    pub completed_per_s: u64,
    /// Time from the submission of the first step to the finality of the last.
    #[serde(flatten)]
    pub latency: Latency,
}

/// Sends lanes whose first steps take `seconds`, and reports what was seen.
///
/// # Errors
/// As [`sending::send`], and when there is nothing to send.
pub async fn run(network: &Network, lanes: Vec<Lane>, seconds: u32) -> eyre::Result<Report> {
    let pids: Vec<u32> = (0..network.len()).filter_map(|index| network.node(index).pid()).collect();
    let follows = lanes.iter().any(|lane| matches!(lane.pace, Pace::After(_)));
    let cpu_before: Vec<u64> = pids.iter().map(|pid| cpu_us(*pid)).collect::<Result<_, _>>()?;
    let own_before = cpu_us(std::process::id())?;
    let disk_before = bytes_below(network.node(0).folder())?;
    let sent = sending::send(network, lanes).await?;
    let own = cpu_us(std::process::id())? - own_before;
    let cpu_after: Vec<u64> = pids.iter().map(|pid| cpu_us(*pid)).collect::<Result<_, _>>()?;
    let disk = bytes_below(network.node(0).folder())?.saturating_sub(disk_before);

    let latencies = sent.lanes.iter().flat_map(LaneRecord::latencies).collect();
    let latency = Latency::of(latencies).ok_or_else(|| eyre!("there was nothing to send"))?;
    let begun = |at: Instant| count(sent.lanes.iter().flat_map(|lane| &lane.sent), at);
    let ended = |at: Instant| count(sent.lanes.iter().flat_map(|lane| &lane.finalized), at);
    let at = |third: u32| sent.started + Duration::from_secs(seconds.into()) * third / 3;
    let waiting = |third: u32| begun(at(third)).saturating_sub(ended(at(third)));
    let n_sent: usize = sent.lanes.iter().map(|lane| lane.sent.len()).sum();
    let each = |all: u64| all / n_sent.max(1) as u64;
    Ok(Report {
        validators: network.len(),
        offered_per_s: per_second(n_sent, seconds),
        seconds,
        sent: n_sent,
        committed_per_s: per_second(ended(at(3)), seconds),
        backlog: [waiting(1), waiting(2), waiting(3)],
        latency,
        calls: by_call(&sent),
        cases: if follows { cases(&sent, seconds) } else { None },
        blocks: sent.blocks,
        node_cpu_us_per_tx: cpu_after
            .iter()
            .zip(&cpu_before)
            .map(|(after, before)| each(after - before))
            .collect(),
        generator_cpu_us_per_tx: each(own),
        disk_bytes_per_tx: each(disk),
    })
}

/// How many of `moments` are not after `at`.
fn count<'a>(moments: impl Iterator<Item = &'a Instant>, at: Instant) -> usize {
    moments.filter(|moment| **moment <= at).count()
}

fn per_second(count: usize, seconds: u32) -> u64 {
    count as u64 / u64::from(seconds.max(1))
}

impl Latency {
    /// Percentiles of `times`; `None` if there are none.
    pub fn of(mut times: Vec<Duration>) -> Option<Self> {
        times.sort_unstable();
        let percentile = |percent: usize| {
            let index = (times.len() * percent / 100).min(times.len().checked_sub(1)?);
            times.get(index).map(|time| time.as_millis() as u64)
        };
        Some(Self { latency_p50_ms: percentile(50)?, latency_p95_ms: percentile(95)? })
    }
}

/// Latency of each call, in the order of lanes.
fn by_call(sent: &Sent) -> Vec<CallLatency> {
    let mut calls: Vec<&'static str> = sent.lanes.iter().map(|lane| lane.call).collect();
    calls.dedup();
    calls
        .into_iter()
        .filter_map(|call| {
            let lanes = sent.lanes.iter().filter(|lane| lane.call == call);
            let latency = Latency::of(lanes.flat_map(LaneRecord::latencies).collect())?;
            Some(CallLatency { call, latency })
        })
        .collect()
}

/// What became of the cases whose steps the lanes are.
fn cases(sent: &Sent, seconds: u32) -> Option<Cases> {
    let first = sent.lanes.first()?;
    let mut ends = first.finalized.clone();
    for lane in &sent.lanes {
        for (end, finalized) in ends.iter_mut().zip(&lane.finalized) {
            *end = (*end).max(*finalized);
        }
    }
    let times = first.sent.iter().zip(&ends).map(|(sent, end)| end.duration_since(*sent));
    let sending_ends = sent.started + Duration::from_secs(seconds.into());
    Some(Cases {
        offered_per_s: per_second(ends.len(), seconds),
        completed: ends.len(),
        completed_per_s: per_second(count(ends.iter(), sending_ends), seconds),
        latency: Latency::of(times.collect())?,
    })
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

#[cfg(test)]
mod tests {
    use super::{cases, count};
    use crate::sending::{LaneRecord, Sent};
    use std::time::{Duration, Instant};

    #[test]
    fn a_case_ends_with_its_last_step() {
        let started = Instant::now();
        let at = |ms: u64| started + Duration::from_millis(ms);
        // Every 100 ms a case, whose steps take 300 ms, and 400 and 500 ms beside each other.
        let lane = |call, after: u64, took: u64| {
            let sent: Vec<_> = (0..20).map(|case| at(case * 100 + after)).collect();
            let finalized = sent.iter().map(|sent| *sent + Duration::from_millis(took)).collect();
            LaneRecord { call, sent, finalized }
        };
        let lanes =
            vec![lane("compute", 0, 300), lane("confirm", 300, 400), lane("confirm", 300, 500)];
        let sent = Sent { started, lanes, blocks: 20 };
        let cases = cases(&sent, 2).unwrap();
        assert_eq!((cases.offered_per_s, cases.completed), (10, 20));
        // The one that begins at 1,200 ms ends at 2,000 ms.
        assert_eq!(cases.completed_per_s, 13 / 2);
        assert_eq!((cases.latency.latency_p50_ms, cases.latency.latency_p95_ms), (800, 800));
        assert_eq!(count([at(1), at(2), at(3)].iter(), at(2)), 2);
    }
}
