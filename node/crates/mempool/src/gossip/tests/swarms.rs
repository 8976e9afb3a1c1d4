//! Swarms on loopback.

use super::raw_peer::RawPeer;
use crate::{
    config::MempoolConfig,
    gossip::{
        GossipConfig, GossipError, GossipHandle, GossipLimits, NodeKey,
        message::{FRAME_BYTES_MAX, Message, Packer},
        node_identity, start,
    },
    mempool::{Mempool, Source},
    status::TransactionStatus,
    tests::{Flaw, ModelChain, Transaction},
};
use ecoledger_primitives::Hash;
use libp2p::Multiaddr;
use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;

/// Longest that anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Node {
    pub(super) seed: [u8; 32],
    pub(super) key: NodeKey,
    chain: Arc<ModelChain>,
    mempool: Mempool,
    permitted: watch::Sender<BTreeSet<NodeKey>>,
    shutdown: CancellationToken,
    handle: GossipHandle,
}

/// How a node differs from the usual.
#[derive(Clone)]
struct Setup {
    listen: Multiaddr,
    peers: Vec<Multiaddr>,
    permitted: BTreeSet<NodeKey>,
    genesis_hash: Hash,
    limits: GossipLimits,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            listen: "/ip4/127.0.0.1/tcp/0".parse().unwrap(),
            peers: Vec::new(),
            permitted: (1..=9).map(key).collect(),
            genesis_hash: Hash::zero(),
            limits: GossipLimits::default(),
        }
    }
}

fn seed(index: u8) -> [u8; 32] {
    [index; 32]
}

fn key(index: u8) -> NodeKey {
    node_identity(&seed(index)).0
}

impl Node {
    fn start(index: u8, setup: Setup) -> Self {
        let chain = ModelChain::new();
        let mempool = Mempool::with_admission(chain.clone(), MempoolConfig::default());
        let (permitted, permitted_receiver) = watch::channel(setup.permitted);
        let shutdown = CancellationToken::new();
        let config = GossipConfig {
            listen: setup.listen,
            peers: setup.peers,
            node_key: seed(index),
            genesis_hash: setup.genesis_hash,
            limits: setup.limits,
        };
        let handle = start(config, mempool.clone(), permitted_receiver, shutdown.clone()).unwrap();
        Self { seed: seed(index), key: key(index), chain, mempool, permitted, shutdown, handle }
    }

    /// The address that it listens on, without its identity.
    pub(super) async fn address(&self) -> Multiaddr {
        let mut addresses = self.handle.listen_addresses.clone();
        let addresses = addresses.wait_for(|addresses| !addresses.is_empty()).await.unwrap();
        addresses.first().unwrap().clone()
    }

    /// The address to dial it by.
    async fn full_address(&self) -> Multiaddr {
        self.address().await.with_p2p(self.handle.local_peer_id.parse().unwrap()).unwrap()
    }

    async fn until_connected(&self, n_peers: usize) {
        let mut peers = self.handle.peers.clone();
        let changed = peers.wait_for(|peers| peers.len() == n_peers);
        timeout(PATIENCE, changed).await.expect("peers connect or leave").unwrap();
    }

    async fn until_ready(&self, n_transactions: usize) {
        let ready = self.mempool.until(|status| status.ready == n_transactions);
        timeout(PATIENCE, ready).await.expect("transactions arrive");
    }

    async fn submit(&self, transaction: Transaction) {
        self.mempool.submit(transaction.encode(), Source::Local).await.unwrap();
    }

    async fn stop(self) {
        self.shutdown.cancel();
        timeout(PATIENCE, self.handle.task).await.expect("gossip ends").unwrap();
    }
}

/// Resolves when a counter, which cannot be awaited, satisfies the condition.
async fn until(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, wait).await.expect("the condition comes true");
}

/// Nodes 1..=n, each connected to all before it.
async fn full_mesh(n_nodes: u8) -> Vec<Node> {
    let (mut nodes, mut peers) = (Vec::<Node>::new(), Vec::new());
    for index in 1..=n_nodes {
        let node = Node::start(index, Setup { peers: peers.clone(), ..Setup::default() });
        peers.push(node.full_address().await);
        nodes.push(node);
    }
    for node in &nodes {
        node.until_connected(nodes.len() - 1).await;
    }
    nodes
}

fn frame(height: u32, transactions: &[Transaction]) -> bytes::Bytes {
    let encoded: Vec<_> = transactions.iter().map(Transaction::encode).collect();
    let mut frames = Packer::pack(height, encoded.iter().map(Vec::as_slice));
    assert_eq!(frames.len(), 1);
    frames.remove(0).frame
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_reach_everyone_in_a_full_mesh() {
    let nodes = full_mesh(4).await;
    for nonce in 0..50 {
        for (index, node) in nodes.iter().enumerate() {
            node.submit(Transaction::new(index as u8, nonce)).await;
        }
    }
    for node in &nodes {
        node.until_ready(200).await;
        assert_eq!(node.handle.metrics.misbehaviours.get(), 0);
        assert_eq!(node.handle.metrics.peers.get(), 3);
    }
    for node in nodes {
        node.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_are_passed_on_along_a_line() {
    let first = Node::start(1, Setup::default());
    let middle = Setup { peers: vec![first.full_address().await], ..Setup::default() };
    let middle = Node::start(2, middle);
    let last = Setup { peers: vec![middle.full_address().await], ..Setup::default() };
    let last = Node::start(3, last);
    middle.until_connected(2).await;
    first.submit(Transaction::new(1, 0)).await;
    last.submit(Transaction::new(2, 0)).await;
    for node in [&first, &middle, &last] {
        node.until_ready(2).await;
    }
    assert_eq!(first.handle.peers.borrow().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn late_peer_is_sent_the_pool() {
    let first = Node::start(1, Setup::default());
    for nonce in 0..500 {
        first.submit(Transaction { padding: (500, 0), ..Transaction::new(1, nonce) }).await;
    }
    let peers = vec![first.full_address().await];
    let late = Node::start(2, Setup { peers, ..Setup::default() });
    late.until_ready(500).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watcher_is_told_of_the_broadcast() {
    let nodes = full_mesh(2).await;
    let transaction = Transaction::new(1, 0);
    let (_, mut statuses) = nodes[0].mempool.submit_and_watch(transaction.encode()).await.unwrap();
    assert_eq!(statuses.next().await, Some(TransactionStatus::Ready));
    let peer = nodes[1].handle.local_peer_id.clone();
    assert_eq!(statuses.next().await, Some(TransactionStatus::Broadcast(vec![peer])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stranger_is_refused() {
    let node = Node::start(1, Setup::default());
    assert!(RawPeer::connect(seed(77), &node).await.is_none());
    until(|| node.handle.metrics.connections_refused.get() == 1).await;
    assert!(node.handle.peers.borrow().is_empty());
    assert!(RawPeer::connect(seed(2), &node).await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stranger_is_not_dialled() {
    let stranger = Node::start(77, Setup::default());
    let peers = vec![stranger.full_address().await];
    let node = Node::start(1, Setup { peers, ..Setup::default() });
    // It is dialled as soon as it is permitted.
    node.permitted.send_modify(|permitted| {
        permitted.insert(key(77));
    });
    node.until_connected(1).await;
    assert_eq!(stranger.handle.metrics.connections_refused.get(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn removal_of_a_permission_disconnects() {
    let nodes = full_mesh(3).await;
    nodes[0].permitted.send_modify(|permitted| {
        permitted.remove(&key(2));
    });
    nodes[0].until_connected(1).await;
    nodes[1].until_connected(1).await;
    assert_eq!(nodes[0].handle.peers.borrow()[0].public_key, key(3));
    // The third still passes on between the two.
    nodes[0].submit(Transaction::new(1, 0)).await;
    nodes[1].until_ready(1).await;
    nodes[0].permitted.send_modify(|permitted| {
        permitted.insert(key(2));
    });
    nodes[0].until_connected(2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn node_of_another_chain_is_disconnected() {
    let setup = Setup { genesis_hash: Hash::repeat_byte(1), ..Setup::default() };
    let node = Node::start(1, setup);
    assert!(RawPeer::connect(seed(2), &node).await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peer_that_breaks_the_protocol_is_banned_for_a_time() {
    let too_long = u32::try_from(FRAME_BYTES_MAX + 1).unwrap().to_be_bytes();
    let malformed = [&4u32.to_be_bytes()[..], &[9, 9, 9, 9]].concat();
    for bytes in [too_long.to_vec(), 0u32.to_be_bytes().to_vec(), malformed] {
        let limits = GossipLimits { ban: Duration::from_millis(200), ..GossipLimits::default() };
        let node = Node::start(1, Setup { limits, ..Setup::default() });
        let peer = RawPeer::connect(seed(2), &node).await.unwrap();
        peer.send(bytes).await;
        timeout(PATIENCE, peer.closed()).await.expect("the peer is disconnected");
        node.until_connected(0).await;
        assert_eq!(node.handle.metrics.bans.get(), 1);
        assert_eq!(node.handle.metrics.misbehaviours.get(), 1);
        assert!(RawPeer::connect(seed(2), &node).await.is_none());
        // Others are not affected, and after a time it may come back.
        assert!(RawPeer::connect(seed(3), &node).await.is_some());
        let back = async { while RawPeer::connect(seed(2), &node).await.is_none() {} };
        timeout(PATIENCE, back).await.expect("the ban ends");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn longest_frame_is_accepted() {
    let node = Node::start(1, Setup::default());
    let peer = RawPeer::connect(seed(2), &node).await.unwrap();
    let mut body = vec![1, 0, 0, 0, 0];
    // Transactions that fill the frame to its last byte.
    for nonce in 0..8 {
        let whole = FRAME_BYTES_MAX / 8 - 4 - if nonce == 7 { 5 } else { 0 };
        let transaction = Transaction { padding: (whole - 13, 0), ..Transaction::new(1, nonce) };
        body.extend(u32::try_from(whole).unwrap().to_le_bytes());
        body.extend(transaction.encode());
    }
    assert_eq!(body.len(), FRAME_BYTES_MAX);
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    peer.send([&length[..], &body].concat()).await;
    node.until_ready(8).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peer_that_sends_invalid_transactions_is_banned() {
    let limits = GossipLimits { misbehaviours_max: 3, ..GossipLimits::default() };
    let node = Node::start(1, Setup { limits, ..Setup::default() });
    let peer = RawPeer::connect(seed(2), &node).await.unwrap();
    let invalid = |nonce| Transaction { flaw: Flaw::BadProof, ..Transaction::new(1, nonce) };
    // A few are tolerated, and harm nothing beside them.
    peer.send(frame(0, &[invalid(0), invalid(1), Transaction::new(2, 0)])).await;
    node.until_ready(1).await;
    let more: Vec<_> = (2..9).map(invalid).collect();
    peer.send(frame(0, &more)).await;
    timeout(PATIENCE, peer.closed()).await.expect("the peer is disconnected");
    assert_eq!(node.handle.metrics.bans.get(), 1);
    assert!(RawPeer::connect(seed(2), &node).await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transaction_of_a_peer_that_is_ahead_waits_for_the_block() {
    let limits = GossipLimits { misbehaviours_max: 1, ..GossipLimits::default() };
    let node = Node::start(1, Setup { limits, ..Setup::default() });
    let peer = RawPeer::connect(seed(2), &node).await.unwrap();
    let young = Transaction { birth: 2, ..Transaction::new(1, 0) };
    peer.send(frame(2, &[young])).await;
    until(|| node.chain.n_validated.load(Ordering::SeqCst) == 1).await;
    node.chain.commit_to(&node.mempool, &[]);
    node.chain.commit_to(&node.mempool, &[]);
    node.until_ready(1).await;
    assert_eq!(node.handle.metrics.misbehaviours.get(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_of_a_peer_far_ahead_are_not_judged() {
    let node = Node::start(1, Setup::default());
    let peer = RawPeer::connect(seed(2), &node).await.unwrap();
    peer.send(frame(9, &[Transaction::new(1, 0)])).await;
    peer.send(frame(8, &[Transaction::new(2, 0)])).await;
    node.until_ready(1).await;
    assert_eq!(node.handle.metrics.transactions_behind.get(), 1);
    assert_eq!(node.chain.n_validated.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn known_transactions_are_not_judged_again() {
    let node = Node::start(1, Setup::default());
    let peer = RawPeer::connect(seed(2), &node).await.unwrap();
    let first = Transaction::new(1, 0);
    peer.send(frame(0, &[first])).await;
    node.until_ready(1).await;
    node.chain.commit_to(&node.mempool, &[first]);
    for _ in 0..3 {
        peer.send(frame(0, &[first])).await;
    }
    peer.send(frame(0, &[Transaction::new(2, 0)])).await;
    node.until_ready(1).await;
    assert_eq!(node.handle.metrics.transactions_known.get(), 3);
    assert_eq!(node.chain.n_validated.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn peer_above_its_rate_is_made_to_wait() {
    let limits = GossipLimits {
        transactions_per_second: 200,
        transactions_burst: 20,
        ..GossipLimits::default()
    };
    let node = Node::start(1, Setup { limits, ..Setup::default() });
    let peer = RawPeer::connect(seed(2), &node).await.unwrap();
    let started = tokio::time::Instant::now();
    let spam: Vec<_> = (0..60).map(|nonce| Transaction::new(1, nonce)).collect();
    peer.send(frame(0, &spam)).await;
    node.until_ready(60).await;
    assert!(started.elapsed() >= Duration::from_millis(190), "{:?}", started.elapsed());
    assert_eq!(node.handle.metrics.throttled.get(), 1);
    assert_eq!(node.handle.metrics.bans.get(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_peer_is_sent_the_pool_again() {
    const TRANSACTIONS: usize = 128;
    let node = Node::start(1, Setup::default());
    let mut peer = RawPeer::connect(seed(2), &node).await.unwrap();
    // The peer reads nothing, so its queue overflows.
    for index in 0..TRANSACTIONS {
        let transaction = Transaction {
            padding: (200_000, 0),
            ..Transaction::new((index % 8) as u8, (index / 8) as u32)
        };
        node.submit(transaction).await;
    }
    until(|| node.handle.metrics.transactions_dropped.get() > 0).await;
    let mut received = BTreeSet::new();
    while received.len() < TRANSACTIONS {
        let frame = timeout(PATIENCE, peer.channels.received.recv()).await.expect("more comes");
        if let Message::Transactions { transactions, .. } = Message::decode(frame.unwrap()).unwrap()
        {
            received.extend(transactions.iter().map(|raw| Transaction::decode(raw).unwrap()));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarted_peer_is_dialled_again() {
    let first = Node::start(1, Setup::default());
    let listen = first.address().await;
    let peers = vec![first.full_address().await];
    let second = Node::start(2, Setup { peers, ..Setup::default() });
    second.until_connected(1).await;
    first.stop().await;
    second.until_connected(0).await;
    second.submit(Transaction::new(1, 0)).await;
    let first = Node::start(1, Setup { listen, ..Setup::default() });
    second.until_connected(1).await;
    first.until_ready(1).await;
}

#[tokio::test]
async fn start_rejects_a_peer_without_identity() {
    let result = try_start("/ip4/127.0.0.1/tcp/0", vec!["/ip4/127.0.0.1/tcp/1".parse().unwrap()]);
    assert!(matches!(result, Err(GossipError::PeerIdMissing { .. })));
}

#[tokio::test]
async fn start_rejects_an_address_that_cannot_be_listened_on() {
    let result = try_start("/ip4/127.0.0.1/udp/1", Vec::new());
    assert!(matches!(result, Err(GossipError::Listen { .. })));
}

fn try_start(listen: &str, peers: Vec<Multiaddr>) -> Result<GossipHandle, GossipError> {
    let config = GossipConfig {
        listen: listen.parse().unwrap(),
        peers,
        node_key: seed(1),
        genesis_hash: Hash::zero(),
        limits: GossipLimits::default(),
    };
    let mempool = Mempool::with_admission(ModelChain::new(), MempoolConfig::default());
    start(config, mempool, watch::channel(BTreeSet::new()).1, CancellationToken::new())
}
