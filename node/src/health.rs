//! What the node's interfaces say of its peers, and of how far it is behind them.

use ecoledger_consensus::{ConsensusHandle, Peer};
use ecoledger_executor::{Executor, ExecutorError};
use ecoledger_primitives::{BlockNumber, HeaderDigest};
use ecoledger_rpc::{NodeHealth, PeerInfo};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::{broadcast::error::RecvError, watch};
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// A head older than this may mean that the node is behind: an idle chain writes a block every
/// 10 s.
const BEHIND_AFTER: Duration = Duration::from_secs(30);
/// How often the head is looked at.
const HEAD_INTERVAL: Duration = Duration::from_secs(1);

/// The peers of consensus in the shape that JSON-RPC shows, with the roles of the head.
pub(crate) fn watch_peers(
    executor: &Executor,
    consensus: &ConsensusHandle,
) -> watch::Receiver<Vec<PeerInfo>> {
    let mut source = consensus.peers();
    let mut blocks = executor.subscribe();
    let executor = executor.clone();
    let (sender, receiver) = watch::channel(Vec::new());
    tokio::spawn(async move {
        loop {
            let peers = source.borrow_and_update().clone();
            let executor = executor.clone();
            match tokio::task::spawn_blocking(move || describe(&executor, &peers)).await {
                Ok(Ok(peers)) => {
                    sender.send_if_modified(|known| {
                        let changed = *known != peers;
                        *known = peers;
                        changed
                    });
                }
                failed => warn!(target: "ecoledger::node", ?failed, "cannot read validators"),
            }
            tokio::select! {
                changed = source.changed() => if changed.is_err() { return },
                block = blocks.recv() => if matches!(block, Err(RecvError::Closed)) { return },
            }
        }
    });
    receiver
}

fn describe(executor: &Executor, peers: &[Peer]) -> Result<Vec<PeerInfo>, ExecutorError> {
    let validators = executor.validator_nodes()?;
    let role = |peer: &Peer| match peer.node_key {
        Some(key) if validators.contains(&key) => "AUTHORITY",
        _ => "FULL",
    };
    Ok(peers
        .iter()
        .map(|peer| PeerInfo {
            peer_id: peer.peer_id.clone(),
            roles: role(peer).into(),
            best_hash: Default::default(),
            best_number: peer.height.unwrap_or(0),
        })
        .collect())
}

/// Whether consensus has halted, and whether the node is behind its peers.
pub(crate) fn watch_health(
    executor: &Executor,
    consensus: &ConsensusHandle,
    shutdown: &CancellationToken,
) -> watch::Receiver<NodeHealth> {
    let executor = executor.clone();
    let mut halted = consensus.halted();
    let heights = consensus.peer_heights();
    let shutdown = shutdown.clone();
    let look = move |syncing: bool, halted: Option<String>| {
        // The head first: what it was caught up with had been announced before.
        let head = executor.head();
        let highest_block = heights.highest();
        let time_ms = HeaderDigest::of(&head.header).map(|digest| digest.pre.time_ms);
        NodeHealth {
            halted,
            syncing: is_syncing(syncing, head.number, highest_block, time_ms.and_then(age)),
            highest_block,
        }
    };
    let (sender, receiver) = watch::channel(look(true, halted.borrow_and_update().clone()));
    tokio::spawn(async move {
        let mut heads = tokio::time::interval(HEAD_INTERVAL);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = heads.tick() => {}
                changed = halted.changed() => if changed.is_err() { return },
            }
            let halted = halted.borrow_and_update().clone();
            sender.send_if_modified(|known| {
                let health = look(known.syncing, halted);
                let changed = *known != health;
                *known = health;
                changed
            });
        }
    });
    receiver
}

/// Whether the node is catching up.
///
/// - `syncing`: whether it was, until now.
/// - `highest`: the highest height that a connected peer has announced. While none has, the head's
///   age is all there is to go by.
/// - `head_age`: how long ago the head was proposed; `None` for genesis, which has no time.
///
/// Who keeps up hears of a block shortly before it has that block itself; who catches up has to do
/// so to the last.
fn is_syncing(
    syncing: bool,
    head: BlockNumber,
    highest: Option<BlockNumber>,
    head_age: Option<Duration>,
) -> bool {
    match highest {
        Some(highest) => highest.saturating_sub(head) > u32::from(!syncing),
        None => head_age.is_none_or(|age| age > BEHIND_AFTER),
    }
}

/// How long ago `time_ms` was, in milliseconds since 1970.
fn age(time_ms: u64) -> Option<Duration> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(now.saturating_sub(Duration::from_millis(time_ms)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const YOUNG: Option<Duration> = Some(Duration::from_secs(1));
    const OLD: Option<Duration> = Some(Duration::from_secs(31));

    #[test]
    fn who_catches_up_says_so_until_level_with_the_highest_peer() {
        for head in 0..100 {
            assert!(is_syncing(true, head, Some(100), OLD), "at {head} of 100");
        }
        assert!(!is_syncing(true, 100, Some(100), OLD));
        assert!(!is_syncing(true, 101, Some(100), OLD));
    }

    #[test]
    fn who_keeps_up_may_be_one_block_behind() {
        assert!(!is_syncing(false, 99, Some(100), YOUNG));
        assert!(is_syncing(false, 98, Some(100), YOUNG));
        // A chain that stands still leaves nobody behind.
        assert!(!is_syncing(false, 100, Some(100), OLD));
    }

    #[test]
    fn who_has_heard_of_no_height_goes_by_its_own_head() {
        assert!(is_syncing(false, 0, None, None));
        assert!(is_syncing(false, 7, None, OLD));
        assert!(!is_syncing(true, 7, None, YOUNG));
    }
}
