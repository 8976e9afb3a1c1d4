//! Sends lanes of transactions to a network, and notes when each was sent and became final.

use crate::{
    network::Network,
    rpc::{Rpc, hex_of},
    transaction::hash,
    workload::{Lane, Pace, Signed},
};
use ecoledger_primitives::{Hash, Header};
use eyre::{WrapErr, ensure, eyre};
use jsonrpsee::core::client::Subscription;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    task::{JoinError, JoinSet},
    time::{MissedTickBehavior, interval},
};

/// Pause between two messages of an account; what is due goes in one.
const TICK: Duration = Duration::from_millis(25);
/// Transactions of one message; nodes take 1,000 calls in one.
const MESSAGE_MAX: usize = 500;
/// How long what was sent may wait without any transaction becoming final.
const STALL_TIMEOUT: Duration = Duration::from_secs(60);

/// What became of a lane: transactions of one account are sent and become final in one order.
#[derive(Clone, Debug)]
pub struct LaneRecord {
    /// What its transactions call.
    pub call: &'static str,
    /// When each was sent.
    pub sent: Vec<Instant>,
    /// When a block that holds it was seen to be final.
    pub finalized: Vec<Instant>,
}

impl LaneRecord {
    /// From sending to finality, of each.
    pub fn latencies(&self) -> impl Iterator<Item = Duration> {
        self.sent.iter().zip(&self.finalized).map(|(sent, end)| end.duration_since(*sent))
    }
}

/// What became of all lanes.
#[derive(Clone, Debug)]
pub struct Sent {
    /// When sending began.
    pub started: Instant,
    /// The lanes, in order.
    pub lanes: Vec<LaneRecord>,
    /// Blocks that held their transactions.
    pub blocks: usize,
}

struct Seen {
    /// Lane of every transaction that is sent and not final.
    waiting: BTreeMap<Hash, usize>,
    lanes: Vec<LaneRecord>,
    blocks: usize,
    /// When the last transaction became final.
    progress: Instant,
}

type Shared = Arc<Mutex<Seen>>;

fn with<T>(seen: &Shared, act: impl FnOnce(&mut Seen) -> T) -> T {
    act(&mut seen.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Seen {
    fn of(lanes: &[Lane]) -> Self {
        let record =
            |lane: &Lane| LaneRecord { call: lane.call, sent: Vec::new(), finalized: Vec::new() };
        Self {
            waiting: BTreeMap::new(),
            lanes: lanes.iter().map(record).collect(),
            blocks: 0,
            progress: Instant::now(),
        }
    }

    /// Transactions of a lane that are final.
    fn finalized(&self, lane: usize) -> usize {
        self.lanes.get(lane).map_or(0, |record| record.finalized.len())
    }

    /// How many of the `len` transactions of a lane should have been sent after `elapsed`.
    fn due(&self, lane: usize, len: usize, pace: &Pace, elapsed: Duration) -> usize {
        match pace {
            Pace::Over(time) if elapsed >= *time => len,
            Pace::Over(time) => (len as u128 * elapsed.as_micros() / time.as_micros()) as usize,
            Pace::After(others) => {
                others.iter().map(|other| self.finalized(*other)).min().unwrap_or(len).min(len)
            }
            Pace::Window(most) => (self.finalized(lane) + most).min(len),
        }
    }

    /// The next transactions of a lane are sent.
    fn sent(&mut self, lane: usize, transactions: &[Signed], at: Instant) {
        let Some(record) = self.lanes.get_mut(lane) else { return };
        for signed in transactions {
            self.waiting.insert(signed.hash, lane);
            record.sent.push(at);
        }
    }

    /// A block is final.
    fn block(&mut self, transactions: &[Vec<u8>], at: Instant) {
        let mut any = false;
        for transaction in transactions {
            let Some(lane) = self.waiting.remove(&hash(transaction)) else { continue };
            let Some(record) = self.lanes.get_mut(lane) else { continue };
            record.finalized.push(at);
            any = true;
        }
        if any {
            self.blocks += 1;
            self.progress = at;
        }
    }
}

/// Sends every lane at its pace, the first to the first node, the second to the next, and so on;
/// returns once all of them are final.
///
/// # Errors
/// When a node goes away or refuses a transaction, as those of its account that follow could never
/// be applied; when nothing becomes final for a minute.
pub async fn send(network: &Network, lanes: Vec<Lane>) -> eyre::Result<Sent> {
    let urls = network.urls();
    let observer = network.rpc(0).await?;
    let heads = observer.finalized_heads().await.wrap_err("subscribe to heads")?;
    let mut connected = Vec::new();
    for index in 0..lanes.len() {
        let url = urls.get(index % urls.len().max(1)).ok_or_else(|| eyre!("no node"))?;
        connected.push(Rpc::connect(url).await?);
    }
    let seen: Shared = Arc::new(Mutex::new(Seen::of(&lanes)));
    let mut observing = tokio::spawn(observe(observer, heads, Arc::clone(&seen)));
    let started = Instant::now();
    let mut senders = JoinSet::new();
    for (index, (lane, rpc)) in lanes.into_iter().zip(connected).enumerate() {
        senders.spawn(send_lane(rpc, index, lane, started, Arc::clone(&seen)));
    }
    loop {
        tokio::select! {
            ended = senders.join_next() => match ended {
                Some(ended) => ended.wrap_err("a sender")??,
                None => break,
            },
            ended = &mut observing => ended.wrap_err("the observer")??,
        }
    }
    observing.abort();
    Ok(with(&seen, |seen| Sent {
        started,
        lanes: std::mem::take(&mut seen.lanes),
        blocks: seen.blocks,
    }))
}

/// Sends what is due, every tick, in one message; answers are read beside it. Ends once all of the
/// lane is final.
async fn send_lane(
    rpc: Rpc,
    index: usize,
    lane: Lane,
    started: Instant,
    seen: Shared,
) -> eyre::Result<()> {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let len = lane.transactions.len();
    let mut answers = JoinSet::new();
    let mut next = 0;
    loop {
        ticks.tick().await;
        while let Some(answer) = answers.try_join_next() {
            check(answer, lane.call)?;
        }
        let (due, finalized, idle) = with(&seen, |seen| {
            let due = seen.due(index, len, &lane.pace, started.elapsed());
            (due, seen.finalized(index), seen.progress.elapsed())
        });
        if finalized == len {
            break;
        }
        ensure!(
            idle < STALL_TIMEOUT,
            "nothing became final for {STALL_TIMEOUT:?}; of {len} transactions to {} {next} were \
             sent and {finalized} are final",
            lane.call
        );
        let batch = lane.transactions.get(next..due.min(next + MESSAGE_MAX)).unwrap_or_default();
        if batch.is_empty() {
            continue;
        }
        let message: Vec<String> = batch.iter().map(|signed| hex_of(&signed.bytes)).collect();
        with(&seen, |seen| seen.sent(index, batch, Instant::now()));
        next += batch.len();
        let rpc = rpc.clone();
        answers.spawn(async move { rpc.submit_all(&message).await });
    }
    while let Some(answer) = answers.join_next().await {
        check(answer, lane.call)?;
    }
    Ok(())
}

/// What a node answered to a message.
fn check(answer: Result<eyre::Result<()>, JoinError>, call: &str) -> eyre::Result<()> {
    answer.wrap_err("an answer")?.wrap_err_with(|| {
        format!("send {call}; a pool takes 1,024 of one account, so a lower rate may help")
    })
}

/// Reads every final block and notes which transactions it holds.
async fn observe(rpc: Rpc, mut heads: Subscription<Header>, seen: Shared) -> eyre::Result<()> {
    while let Some(head) = heads.next().await {
        let transactions = rpc.transactions(head?.hash()).await?;
        with(&seen, |seen| seen.block(&transactions, Instant::now()));
    }
    Err(eyre!("the subscription to heads ended"))
}

#[cfg(test)]
mod tests {
    use super::Seen;
    use crate::{
        transaction::hash,
        workload::{Lane, Pace, Signed},
    };
    use std::time::{Duration, Instant};

    fn transaction(lane: u8, place: u8) -> Signed {
        let bytes = vec![lane, place];
        Signed { hash: hash(&bytes), bytes }
    }

    fn lanes(paces: &[Pace]) -> Vec<Lane> {
        let lane = |(lane, pace): (u8, &Pace)| Lane {
            call: "test",
            pace: pace.clone(),
            transactions: (0..10).map(|place| transaction(lane, place)).collect(),
        };
        (0..).zip(paces).map(lane).collect()
    }

    #[test]
    fn a_lane_is_due_as_its_pace_says() {
        let over = Pace::Over(Duration::from_secs(5));
        let (after, window) = (Pace::After(vec![0, 2]), Pace::Window(3));
        let lanes = lanes(&[over.clone(), after.clone(), window.clone()]);
        let mut seen = Seen::of(&lanes);
        let due = |seen: &Seen, ms: u64| {
            let elapsed = Duration::from_millis(ms);
            let paces = [(0, &over), (1, &after), (2, &window)];
            paces.map(|(lane, pace)| seen.due(lane, 10, pace, elapsed))
        };
        assert_eq!(due(&seen, 0), [0, 0, 3]);
        assert_eq!(due(&seen, 2_499), [4, 0, 3]);
        assert_eq!(due(&seen, 2_500), [5, 0, 3]);
        assert_eq!(due(&seen, 60_000), [10, 0, 3]);

        let now = Instant::now();
        for (index, lane) in lanes.iter().enumerate() {
            seen.sent(index, &lane.transactions, now);
        }
        let block = [transaction(0, 0), transaction(0, 1), transaction(2, 0)].map(|it| it.bytes);
        seen.block(&block, now);
        assert_eq!(due(&seen, 0), [0, 1, 4]);
        // Of others than were sent, and once more.
        seen.block(&[vec![7]], now);
        seen.block(&block, now);
        assert_eq!((due(&seen, 0), seen.blocks), ([0, 1, 4], 1));
    }
}
