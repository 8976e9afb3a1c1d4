//! What an operator decides about consensus.

use crate::{
    clock::{Clock, SystemClock},
    peers::Multiaddr,
};
use malachitebft_app_channel::app::types::core::LinearTimeouts;
use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

/// Configuration of [`start`](crate::start).
#[derive(Clone)]
pub struct ConsensusConfig {
    /// Secret ed25519 seed of the validator; `None` for a full node, which follows and never
    /// votes. A key that is not in the validator set of a height does not vote there either.
    pub validator_key: Option<[u8; 32]>,
    /// Secret ed25519 seed of the node's identity on the network.
    pub node_key: [u8; 32],
    /// Where to accept connections: an address with TCP.
    pub listen: Multiaddr,
    /// Addresses to dial; each ends in `/p2p/<peer id>`. A peer whose key is not permitted on
    /// chain is neither dialled nor accepted, whatever is listed here.
    pub peers: Vec<Multiaddr>,
    /// Connect with the nodes in `peers` alone, not with every node that the chain permits.
    pub reserved_only: bool,
    /// Directory of the write-ahead log. Losing it may make a validator vote twice.
    pub wal_dir: PathBuf,
    /// How long an idle chain waits before it decides an empty block.
    pub heartbeat: Duration,
    /// Shortest time from one decision to the next proposal: under load a few larger blocks cost
    /// less than many small ones.
    pub block_interval_min: Duration,
    /// How far a proposed block's time may be ahead of this node's clock.
    pub clock_skew_max: Duration,
    /// How long to wait in each step of a round.
    pub timeouts: Timeouts,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// How long to wait in each step of a round; each wait grows with the round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a proposal, before prevoting nil. Covers building, sending and executing a full block
    /// on a loaded machine.
    pub propose: Duration,
    /// Growth of `propose` with each round.
    pub propose_delta: Duration,
    /// For more prevotes, or precommits, once two thirds disagree.
    pub vote: Duration,
    /// Growth of `vote` with each round.
    pub vote_delta: Duration,
    /// Before votes are sent again in a round that does not end.
    pub rebroadcast: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            propose: Duration::from_secs(3),
            propose_delta: Duration::from_secs(1),
            vote: Duration::from_secs(1),
            vote_delta: Duration::from_millis(500),
            rebroadcast: Duration::from_secs(3),
        }
    }
}

impl Timeouts {
    pub(crate) fn to_engine(self) -> LinearTimeouts {
        LinearTimeouts {
            propose: self.propose,
            propose_delta: self.propose_delta,
            prevote: self.vote,
            prevote_delta: self.vote_delta,
            precommit: self.vote,
            precommit_delta: self.vote_delta,
            rebroadcast: self.rebroadcast,
            ..LinearTimeouts::default()
        }
    }
}

impl ConsensusConfig {
    /// A full node's configuration with the usual times and no peers.
    pub fn new(node_key: [u8; 32], listen: Multiaddr, wal_dir: PathBuf) -> Self {
        Self {
            validator_key: None,
            node_key,
            listen,
            peers: Vec::new(),
            reserved_only: false,
            wal_dir,
            heartbeat: Duration::from_secs(10),
            block_interval_min: Duration::from_millis(200),
            clock_skew_max: Duration::from_secs(5),
            timeouts: Timeouts::default(),
            clock: Arc::new(SystemClock),
        }
    }
}

// Secrets stay out of logs.
impl fmt::Debug for ConsensusConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsensusConfig")
            .field("validator", &self.validator_key.is_some())
            .field("listen", &self.listen)
            .field("peers", &self.peers)
            .field("reserved_only", &self.reserved_only)
            .field("wal_dir", &self.wal_dir)
            .field("heartbeat", &self.heartbeat)
            .field("block_interval_min", &self.block_interval_min)
            .field("clock_skew_max", &self.clock_skew_max)
            .field("timeouts", &self.timeouts)
            .finish_non_exhaustive()
    }
}
