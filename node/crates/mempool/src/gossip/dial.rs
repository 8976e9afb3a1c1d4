//! When to connect to whom: for ever, with growing pauses.

use libp2p::{Multiaddr, PeerId, multiaddr::Protocol};
use std::{collections::BTreeMap, time::Duration};
use tokio::time::Instant;

/// Pause after the first failure.
const PAUSE_MIN: Duration = Duration::from_millis(250);
/// Longest pause: how long a returning peer may be missed by those that dial it.
const PAUSE_MAX: Duration = Duration::from_secs(10);
/// A connection that lasted so long was a success; a shorter one counts as a failed attempt, so
/// that a peer that accepts and refuses at once is not dialled without pause.
const STABLE_AFTER: Duration = Duration::from_secs(5);

#[derive(Debug)]
struct Target {
    addresses: Vec<Multiaddr>,
    /// When to dial; `None` while connected or being dialled.
    due: Option<Instant>,
    pause: Duration,
    connected_at: Option<Instant>,
}

/// The peers that this node connects to by itself.
#[derive(Debug, Default)]
pub(crate) struct Dialler {
    targets: BTreeMap<PeerId, Target>,
}

impl Dialler {
    /// Groups addresses by peer. The error is the first address that does not end with the
    /// peer's identity (`/p2p/…`).
    pub(crate) fn new(
        addresses: &[Multiaddr],
        local: PeerId,
        now: Instant,
    ) -> Result<Self, Multiaddr> {
        let mut targets = BTreeMap::<PeerId, Target>::new();
        for full in addresses {
            let mut address = full.clone();
            let Some(Protocol::P2p(peer)) = address.pop() else { return Err(full.clone()) };
            if peer == local {
                continue;
            }
            let target = targets.entry(peer).or_insert_with(|| Target {
                addresses: Vec::new(),
                due: Some(now),
                pause: PAUSE_MIN,
                connected_at: None,
            });
            target.addresses.push(address);
        }
        Ok(Self { targets })
    }

    /// When the next peer is to be dialled.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        self.targets.values().filter_map(|target| target.due).min()
    }

    /// The peers to be dialled; each must be followed by one of the calls below.
    pub(crate) fn take_due(&mut self, now: Instant) -> Vec<(PeerId, Vec<Multiaddr>)> {
        let due =
            self.targets.iter_mut().filter(|(_, target)| target.due.is_some_and(|d| d <= now));
        due.map(|(peer, target)| {
            target.due = None;
            (*peer, target.addresses.clone())
        })
        .collect()
    }

    /// The peer is connected, whoever dialled.
    pub(crate) fn connected(&mut self, peer: &PeerId, now: Instant) {
        if let Some(target) = self.targets.get_mut(peer) {
            target.due = None;
            target.connected_at.get_or_insert(now);
        }
    }

    /// The peer's last connection has ended.
    pub(crate) fn disconnected(&mut self, peer: &PeerId, now: Instant) {
        if let Some(target) = self.targets.get_mut(peer) {
            let stable = target.connected_at.take().is_some_and(|at| now - at >= STABLE_AFTER);
            if stable {
                target.pause = PAUSE_MIN;
            }
            target.postpone(now);
        }
    }

    /// An attempt has failed.
    pub(crate) fn failed(&mut self, peer: &PeerId, now: Instant) {
        if let Some(target) = self.targets.get_mut(peer)
            && target.connected_at.is_none()
        {
            target.postpone(now);
        }
    }

    /// Dials those that are not connected soon, as permissions have changed.
    pub(crate) fn hurry(&mut self, now: Instant) {
        for target in self.targets.values_mut().filter(|target| target.due.is_some()) {
            target.due = Some(now);
            target.pause = PAUSE_MIN;
        }
    }
}

impl Target {
    fn postpone(&mut self, now: Instant) {
        self.due = Some(now + self.pause);
        self.pause = (self.pause * 2).min(PAUSE_MAX);
    }
}
