//! The engine's configuration, derived from ours.

use crate::{
    limits::{
        CONSENSUS_MESSAGE_BYTES_MAX, LIVENESS_MESSAGE_BYTES_MAX, PART_MESSAGE_BYTES_MAX,
        SYNC_BATCH_MAX, SYNC_PARALLEL_MAX, SYNC_REQUESTS_MAX, SYNC_RESPONSE_BYTES_MAX,
    },
    peers::Multiaddr,
};
use ecoledger_primitives::{Hash, VALIDATORS_MAX};
use malachitebft_app_channel::app::config::{
    ConsensusConfig, GossipSubConfig, NodeConfig, P2pConfig, ProtocolNames, PubSubProtocol,
    ValuePayload, ValueSyncConfig,
};
use std::time::Duration;

/// Connections that a node accepts: two for each validator, and as many for full nodes.
const INBOUND_MAX: usize = 4 * VALIDATORS_MAX;

/// Inputs buffered for one height ahead: a proposal and two votes of each validator, over rounds.
const BUFFERED_PER_HEIGHT: usize = 4 * (2 * VALIDATORS_MAX + 1);

/// Bytes of a sync request; it names two heights.
const SYNC_REQUEST_BYTES_MAX: u64 = 1024;

/// What the engine is started with.
#[derive(Clone, Debug)]
pub(crate) struct EngineConfig {
    moniker: String,
    consensus: ConsensusConfig,
    value_sync: ValueSyncConfig,
}

impl EngineConfig {
    /// - `peers`: the addresses and identities that are admitted; nobody else is.
    pub(crate) fn new(
        moniker: String,
        genesis: &Hash,
        listen: Multiaddr,
        peers: Vec<Multiaddr>,
    ) -> Self {
        Self {
            moniker,
            consensus: ConsensusConfig {
                enabled: true,
                p2p: p2p(genesis, listen, peers),
                value_payload: ValuePayload::ProposalAndParts,
                queue_per_height_capacity: BUFFERED_PER_HEIGHT,
                ..ConsensusConfig::default()
            },
            value_sync: value_sync(),
        }
    }
}

fn p2p(genesis: &Hash, listen: Multiaddr, peers: Vec<Multiaddr>) -> P2pConfig {
    let mut p2p = P2pConfig {
        listen_addr: listen,
        persistent_peers: peers,
        persistent_peers_only: true,
        // A publisher sends to everyone it is connected to; the mesh serves those it is not.
        protocol: PubSubProtocol::GossipSub(GossipSubConfig::new(6, 12, 4, 2, false, false, true)),
        protocol_names: protocol_names(genesis),
        ..P2pConfig::default()
    };
    // Nobody is discovered: whom to know is decided on chain.
    p2p.discovery.enabled = false;
    p2p.discovery.num_inbound_peers = INBOUND_MAX;
    p2p.discovery.num_outbound_peers = INBOUND_MAX;
    // Nodes behind one address, such as those of a development network, are all admitted by key.
    p2p.discovery.max_connections_per_ip = INBOUND_MAX;
    // A restarted node must be let in at once.
    p2p.discovery.ip_throttle_duration = Duration::ZERO;
    // Dials that fail are given up after a few seconds and begun anew, so that a node that was
    // away for long is found again soon: the pauses between retries grow.
    p2p.discovery.dial_max_retries = 3;

    let mut size = p2p.pubsub_max_size;
    let mut bytes = |n: u32| {
        size.0 = u64::from(n);
        Some(size)
    };
    p2p.pubsub_max_size_per_topic.consensus = bytes(CONSENSUS_MESSAGE_BYTES_MAX);
    p2p.pubsub_max_size_per_topic.proposal_parts = bytes(PART_MESSAGE_BYTES_MAX);
    p2p.pubsub_max_size_per_topic.liveness = bytes(LIVENESS_MESSAGE_BYTES_MAX);
    p2p
}

/// Protocols carry the chain's name, so that nodes of different chains do not talk.
fn protocol_names(genesis: &Hash) -> ProtocolNames {
    let chain = hex::encode(genesis.as_bytes().get(..8).unwrap_or_default());
    let name = |protocol: &str| format!("/ecoledger/{chain}/{protocol}/1");
    ProtocolNames {
        consensus: name("consensus"),
        discovery_kad: name("kad"),
        discovery_regres: name("discovery"),
        sync: name("sync"),
        validator_proof: name("validator-proof"),
    }
}

fn value_sync() -> ValueSyncConfig {
    let mut sync = ValueSyncConfig {
        enabled: true,
        // Peers are told of each decision when it is made.
        status_update_interval: Duration::ZERO,
        request_timeout: Duration::from_secs(5),
        parallel_requests: SYNC_PARALLEL_MAX,
        batch_size: SYNC_BATCH_MAX as usize,
        max_inbound_requests_per_window: SYNC_REQUESTS_MAX,
        inbound_request_rate_limit_window: Duration::from_secs(10),
        ..ValueSyncConfig::default()
    };
    sync.max_request_size.0 = SYNC_REQUEST_BYTES_MAX;
    sync.max_response_size.0 = u64::from(SYNC_RESPONSE_BYTES_MAX);
    sync
}

impl NodeConfig for EngineConfig {
    fn moniker(&self) -> &str {
        &self.moniker
    }

    fn consensus(&self) -> &ConsensusConfig {
        &self.consensus
    }

    fn consensus_mut(&mut self) -> &mut ConsensusConfig {
        &mut self.consensus
    }

    fn value_sync(&self) -> &ValueSyncConfig {
        &self.value_sync
    }

    fn value_sync_mut(&mut self) -> &mut ValueSyncConfig {
        &mut self.value_sync
    }
}
