//! Networks of nodes in one process, over loopback, with real storage, runtime and engine.

use crate::{
    ConsensusConfig, ConsensusHandle, Multiaddr, NodeKey, Timeouts,
    clock::{Clock, SystemClock},
    peers::peer_id,
    start,
};
use codec::{Compact, Decode, Encode};
use ecoledger_executor::{Executor, genesis};
use ecoledger_mempool::{Mempool, MempoolConfig, Source};
use ecoledger_primitives::{BlockNumber, Hash, Hashing, value_id};
use ecoledger_storage::{Durability, StateRetention, Storage, StorageConfig};
use ed25519_dalek::SigningKey;
use serde_json::json;
use sp_keyring::Ed25519Keyring;
use std::{net::TcpListener, path::Path, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Longest wait for anything here; far above what it takes on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(120);

const N_VALIDATORS: u8 = 4;
/// A permitted node without a vote.
const FULL_NODE: u8 = 4;
/// A node that is not permitted.
const STRANGER: u8 = 5;
const N_NODES: u8 = 6;

pub(super) fn validator_seed(index: u8) -> [u8; 32] {
    [index + 1; 32]
}

pub(super) fn node_seed(index: u8) -> [u8; 32] {
    [index + 101; 32]
}

fn public(seed: [u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(&seed).verifying_key().to_bytes()
}

fn node_key(index: u8) -> NodeKey {
    public(node_seed(index))
}

fn genesis_config() -> serde_json::Value {
    let mut config = genesis::preset("development").unwrap();
    let validators: Vec<_> = (0..N_VALIDATORS)
        .map(|index| {
            json!({
                "key": Hash::from(public(validator_seed(index))),
                "nodeKey": Hash::from(node_key(index)),
            })
        })
        .collect();
    config["validators"] = json!({ "validators": validators, "nodes": [] });
    config
}

/// Addresses of all nodes that a test may start.
pub(super) struct Network {
    addresses: Vec<Multiaddr>,
    config: serde_json::Value,
    heartbeat: Duration,
}

/// One node: its disk outlives its process.
pub(super) struct Node {
    pub(super) index: u8,
    pub(super) executor: Executor,
    pub(super) mempool: Mempool,
    pub(super) config: ConsensusConfig,
    pub(super) shutdown: CancellationToken,
    /// Absent where a test runs the engine itself.
    handle: Option<ConsensusHandle>,
    dir: TempDir,
}

impl Network {
    pub(super) fn new(heartbeat: Duration) -> Self {
        // All are bound before any is released, so that no port is given out twice.
        let listeners: Vec<_> =
            (0..N_NODES).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let addresses = listeners
            .iter()
            .map(|listener| {
                let port = listener.local_addr().unwrap().port();
                format!("/ip4/127.0.0.1/tcp/{port}").parse().unwrap()
            })
            .collect();
        Self { addresses, config: genesis_config(), heartbeat }
    }

    pub(super) fn with_genesis(mut self, change: fn(&mut serde_json::Value)) -> Self {
        change(&mut self.config);
        self
    }

    fn with_full_node(mut self) -> Self {
        let node_key = Hash::from(node_key(FULL_NODE));
        self.config["validators"]["nodes"] = json!([{ "nodeKey": node_key, "label": "follower" }]);
        self
    }

    pub(super) fn node(&self, index: u8) -> Node {
        self.node_on(index, tempfile::tempdir().unwrap())
    }

    fn node_on(&self, index: u8, dir: TempDir) -> Node {
        let config = StorageConfig {
            durability: Durability::ProcessDeath,
            ..StorageConfig::new(StateRetention::Archive)
        };
        let storage = Storage::open(&dir.path().join("db"), config).unwrap();
        let executor = Executor::open(storage, &self.config).unwrap();
        let mempool = Mempool::new(executor.clone(), MempoolConfig::default());
        let peers = (0..N_VALIDATORS).filter(|peer| *peer != index).map(|peer| {
            let id = peer_id(&node_key(peer));
            format!("{}/p2p/{id}", self.addresses[usize::from(peer)]).parse().unwrap()
        });
        let listen = self.addresses[usize::from(index)].clone();
        let mut config = ConsensusConfig::new(node_seed(index), listen, dir.path().join("wal"));
        config.validator_key = (index < N_VALIDATORS).then(|| validator_seed(index));
        config.peers = peers.collect();
        config.heartbeat = self.heartbeat;
        config.timeouts = Timeouts {
            propose: Duration::from_secs(1),
            vote: Duration::from_millis(500),
            rebroadcast: Duration::from_secs(1),
            ..Timeouts::default()
        };
        let shutdown = CancellationToken::new();
        Node { index, executor, mempool, config, shutdown, handle: None, dir }
    }
}

impl Node {
    pub(super) async fn start(mut self) -> Self {
        let (executor, mempool) = (self.executor.clone(), self.mempool.clone());
        let handle = start(self.config.clone(), executor, mempool, self.shutdown.clone());
        self.handle = Some(handle.await.unwrap());
        self
    }

    pub(super) async fn reach(&self, height: BlockNumber) {
        let mut blocks = self.executor.subscribe();
        let reached = async {
            while self.executor.head().number < height {
                let _ = blocks.recv().await;
            }
        };
        let at = || self.executor.head().number;
        timeout(PATIENCE, reached)
            .await
            .unwrap_or_else(|_| panic!("node {} is at {} not {height}", self.index, at()));
    }

    /// The height at which this node has the transaction.
    async fn find(&self, hash: &Hash) -> BlockNumber {
        let mut blocks = self.executor.subscribe();
        let found = async {
            loop {
                if let Some((number, _)) = self.executor.storage().transaction(hash).unwrap() {
                    return number;
                }
                let _ = blocks.recv().await;
            }
        };
        timeout(PATIENCE, found).await.unwrap()
    }

    pub(super) async fn submit(&self, raw: &[u8]) {
        self.mempool.submit(raw.to_vec(), Source::Gossip).await.unwrap();
    }

    /// Stops the node; its disk is returned.
    async fn stop(self) -> TempDir {
        let Self { executor, mempool, shutdown, handle, dir, .. } = self;
        shutdown.cancel();
        if let Some(handle) = handle {
            timeout(PATIENCE, handle.join()).await.unwrap().unwrap();
        }
        drop((executor, mempool));
        dir
    }
}

pub(super) async fn stop_all(nodes: Vec<Node>) {
    for node in nodes {
        node.stop().await;
    }
}

pub(super) async fn start_validators(network: &Network) -> Vec<Node> {
    let mut nodes = Vec::new();
    for index in 0..N_VALIDATORS {
        nodes.push(network.node(index).start().await);
    }
    nodes
}

pub(super) async fn reach_all(nodes: &[Node], height: BlockNumber) {
    for node in nodes {
        node.reach(height).await;
    }
}

/// Every height up to `height` has one header, a certificate that proves it, and one state.
pub(super) fn assert_agreement(nodes: &[Node], height: BlockNumber) {
    let reference = nodes[0].executor.storage();
    for number in 1..=height {
        let header = reference.header(number).unwrap().unwrap();
        for node in nodes {
            let storage = node.executor.storage();
            assert_eq!(storage.header(number).unwrap().unwrap(), header);
            let set = storage.validator_set(number).unwrap().unwrap();
            let certificate = storage.certificate(number).unwrap().unwrap();
            certificate.verify(&node.executor.genesis_hash(), &header, &set).unwrap();
            assert_eq!(certificate.value_id, value_id(&header));
        }
    }
}

/// `System::remark` by `who`, signed; extrinsic version 4, immortal.
pub(super) fn remark(executor: &Executor, who: Ed25519Keyring, nonce: u32, text: &str) -> Vec<u8> {
    let call = (0u8, 0u8, text.as_bytes()).encode();
    let extra = (0u8, Compact(nonce)).encode();
    let (spec, transaction) = versions(executor);
    let genesis = executor.genesis_hash();
    let payload = [call.clone(), extra.clone(), (spec, transaction, genesis, genesis).encode()];
    let payload = payload.concat();
    assert!(payload.len() <= 256, "longer payloads are hashed before they are signed");
    let signature = who.sign(&payload);
    let signer = [vec![0u8], who.to_raw_public().to_vec()].concat();
    let signature = [vec![0u8], signature.0.to_vec()].concat();
    [vec![0x84], signer, signature, extra, call].concat().encode()
}

fn extrinsic_hash(raw: &[u8]) -> Hash {
    <Hashing as sp_runtime::traits::Hash>::hash(raw)
}

/// Specification and transaction version of the runtime.
fn versions(executor: &Executor) -> (u32, u32) {
    type Version = (String, String, u32, u32, u32, Vec<([u8; 8], u32)>, u32);
    let answer = executor.call(executor.head().number, "Core_version", &[]).unwrap();
    let version = Version::decode(&mut answer.as_slice()).unwrap();
    (version.3, version.6)
}

#[tokio::test(flavor = "multi_thread")]
async fn four_validators_decide_a_transaction_without_a_heartbeat() {
    let network = Network::new(Duration::from_secs(3_600));
    let nodes = start_validators(&network).await;
    // The first block needs no transaction: a height that is started is decided.
    reach_all(&nodes, 1).await;

    // The heartbeat is an hour away, so what happens is due to the transaction.
    let raw = remark(&nodes[0].executor, Ed25519Keyring::Alice, 0, "hello");
    for node in &nodes {
        node.submit(&raw).await;
    }
    let hash = extrinsic_hash(&raw);
    let number = nodes[0].find(&hash).await;
    for node in &nodes {
        assert_eq!(node.find(&hash).await, number);
        timeout(PATIENCE, node.mempool.height().wait_for(|height| *height >= number))
            .await
            .unwrap()
            .unwrap();
        assert!(!node.mempool.has_ready());
        assert_eq!(node.handle.as_ref().unwrap().halted().borrow().clone(), None);
    }
    assert_agreement(&nodes, number);
    assert!(crate::encode_metrics().contains("malachitebft"));
    stop_all(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_one_validator_has_is_decided() {
    let network = Network::new(Duration::from_secs(60));
    let nodes = start_validators(&network).await;
    reach_all(&nodes, 1).await;
    // The others do not know why, but follow when they hear it at the next height.
    let raw = remark(&nodes[2].executor, Ed25519Keyring::Bob, 0, "alone");
    nodes[2].submit(&raw).await;
    nodes[0].find(&extrinsic_hash(&raw)).await;
    stop_all(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_chain_decides_with_the_heartbeat_only() {
    let heartbeat = Duration::from_secs(2);
    let network = Network::new(heartbeat);
    let nodes = start_validators(&network).await;
    reach_all(&nodes, 4).await;
    let time_ms = |number| {
        let header = nodes[0].executor.storage().header(number).unwrap().unwrap();
        ecoledger_primitives::HeaderDigest::of(&header).unwrap().pre.time_ms
    };
    for number in 2..=4 {
        let interval = time_ms(number) - time_ms(number - 1);
        // Validators start a little apart, and count from the same time.
        assert!(interval >= 1_900, "block {number} came after {interval} ms");
    }
    stop_all(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_validator_catches_up() {
    let network = Network::new(Duration::from_millis(500));
    let mut nodes = start_validators(&network).await;
    reach_all(&nodes, 2).await;
    let dir = nodes.pop().unwrap().stop().await;
    let left = nodes[0].executor.head().number;
    reach_all(&nodes, left + 3).await;
    nodes.push(network.node_on(3, dir).start().await);
    let height = nodes[0].executor.head().number + 4;
    reach_all(&nodes, height).await;
    assert_agreement(&nodes, height);
    stop_all(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_validators_resume_after_all_stopped() {
    let network = Network::new(Duration::from_millis(500));
    let nodes = start_validators(&network).await;
    reach_all(&nodes, 3).await;
    let mut dirs = Vec::new();
    for node in nodes {
        dirs.push(node.stop().await);
    }
    let mut nodes = Vec::new();
    for (index, dir) in (0..).zip(dirs) {
        nodes.push(network.node_on(index, dir).start().await);
    }
    let height = nodes.iter().map(|node| node.executor.head().number).max().unwrap();
    reach_all(&nodes, height + 3).await;
    assert_agreement(&nodes, height + 3);
    stop_all(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_node_follows_and_a_stranger_does_not() {
    let network = Network::new(Duration::from_millis(500)).with_full_node();
    let mut nodes = start_validators(&network).await;
    reach_all(&nodes, 3).await;
    let full = network.node(FULL_NODE).start().await;
    let stranger = network.node(STRANGER).start().await;
    // It has caught up, and follows what comes.
    full.reach(6).await;
    let mut peers = full.handle.as_ref().unwrap().peers();
    let announce_it = |peers: &Vec<crate::Peer>| {
        let all = peers.len() == usize::from(N_VALIDATORS);
        all && peers.iter().all(|peer| peer.height >= Some(6))
    };
    timeout(PATIENCE, peers.wait_for(announce_it)).await.unwrap().unwrap();

    assert_eq!(stranger.executor.head().number, 0);
    let of_stranger = Some(node_key(STRANGER));
    for node in &nodes {
        let peers = node.handle.as_ref().unwrap().peers();
        assert!(peers.borrow().iter().all(|peer| peer.node_key != of_stranger));
    }
    stranger.stop().await;
    nodes.push(full);
    assert_agreement(&nodes, 6);
    stop_all(nodes).await;
}

/// Waits until a lone validator has a vote in its log, and returns the log's length.
async fn logged(dir: &Path) -> u64 {
    let log = dir.join("wal").join("consensus.wal");
    let length = || std::fs::metadata(&log).map_or(0, |file| file.len());
    let mut poll = tokio::time::interval(Duration::from_millis(50));
    let written = async {
        // A timeout takes 23 bytes, a vote more than 100.
        while length() < 200 {
            poll.tick().await;
        }
    };
    timeout(PATIENCE, written).await.unwrap();
    length()
}

/// A lone validator votes nil, stops, and starts again on its log.
async fn restart_with_log(alter: impl FnOnce(&Path)) -> (Network, Node) {
    let network = Network::new(Duration::from_millis(500));
    let node = network.node(0).start().await;
    logged(node.dir.path()).await;
    let dir = node.stop().await;
    alter(&dir.path().join("wal").join("consensus.wal"));
    let node = network.node_on(0, dir).start().await;
    (network, node)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_resumes_from_its_log() {
    let (network, node) = restart_with_log(|_| {}).await;
    let mut nodes = vec![node];
    for index in 1..N_VALIDATORS {
        nodes.push(network.node(index).start().await);
    }
    reach_all(&nodes, 2).await;
    assert_agreement(&nodes, 2);
    stop_all(nodes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_halts_over_a_damaged_log_and_stays_up() {
    let (_network, node) = restart_with_log(|log| {
        let mut bytes = std::fs::read(log).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(log, bytes).unwrap();
    })
    .await;
    let handle = node.handle.unwrap();
    let mut halted = handle.halted();
    let reason = timeout(PATIENCE, halted.wait_for(Option::is_some)).await.unwrap().unwrap();
    assert!(reason.as_ref().unwrap().contains("corrupt log"), "{reason:?}");
    drop(reason);
    // It ends with the shutdown only, and says that something was wrong.
    node.shutdown.cancel();
    let error = timeout(PATIENCE, handle.join()).await.unwrap().unwrap_err();
    assert!(format!("{error:#}").contains("corrupt log"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_cut_off_before_its_header_is_made_anew() {
    let network = Network::new(Duration::from_millis(500));
    let node = network.node(0);
    let wal = node.dir.path().join("wal");
    std::fs::create_dir_all(&wal).unwrap();
    std::fs::write(wal.join("consensus.wal"), [0, 0, 0]).unwrap();
    let node = node.start().await;
    logged(node.dir.path()).await;
    node.stop().await;
}

/// A clock that is off by a fixed time.
pub(super) struct SkewedClock {
    pub(super) ahead_ms: u64,
}

impl Clock for SkewedClock {
    fn now_ms(&self) -> u64 {
        SystemClock.now_ms() + self.ahead_ms
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_validator_with_a_fast_clock_does_not_get_its_blocks_decided() {
    let network = Network::new(Duration::from_millis(500));
    let mut nodes = Vec::new();
    for index in 0..N_VALIDATORS {
        let mut node = network.node(index);
        if index == 1 {
            node.config.clock = Arc::new(SkewedClock { ahead_ms: 60_000 });
        }
        nodes.push(node.start().await);
    }
    // Each validator has its turn once in four heights.
    let height = 5;
    reach_all(&nodes, height).await;
    let fast = public(validator_seed(1));
    for number in 1..=height {
        let header = nodes[0].executor.storage().header(number).unwrap().unwrap();
        let digest = ecoledger_primitives::HeaderDigest::of(&header).unwrap();
        assert_ne!(digest.pre.proposer, fast);
    }
    assert_agreement(&nodes, height);
    stop_all(nodes).await;
}
