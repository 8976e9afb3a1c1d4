//! The swarm: listens, dials, lets in, disconnects.

use super::{
    GossipConfig, NodeKey,
    dial::Dialler,
    exchange::Exchange,
    keypair_of,
    links::{LinkEvent, Links, Refused},
    metrics::GossipMetrics,
    node_key_of,
    peers::{Link, PeerInfo},
};
use crate::mempool::Mempool;
use futures::StreamExt;
use libp2p::{
    Multiaddr, PeerId, StreamProtocol, Swarm, SwarmBuilder, TransportError,
    connection_limits::{self, ConnectionLimits},
    noise, ping,
    swarm::{
        ConnectionDenied, ConnectionId, DialError, ListenError, NetworkBehaviour, SwarmEvent,
        dial_opts::{DialOpts, PeerCondition},
    },
    tcp, yamux,
};
use std::{collections::BTreeSet, io, sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, mpsc, watch},
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, error, info, warn};

/// Connections that are being established at a time; each costs a key exchange.
const PENDING_MAX: u32 = 32;
/// Connections of one peer: both directions, and dead ones that a restart left behind.
const PER_PEER_MAX: u32 = 4;
/// How often a silent connection is tested; a peer is found dead within twice that.
const PING_INTERVAL: Duration = Duration::from_secs(15);
/// Nodes to be banned that wait for the swarm; more than one for each connection.
const REPORTS_MAX: usize = 256;

/// Why gossip does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GossipError {
    /// A peer's address does not say who it is.
    #[error("peer address {address} does not end with /p2p/ and the peer's identity")]
    PeerIdMissing {
        /// The address.
        address: Multiaddr,
    },
    /// The transport cannot be set up.
    #[error("cannot set up the transport: {reason}")]
    Transport {
        /// What failed.
        reason: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: Multiaddr,
        /// What failed.
        #[source]
        source: TransportError<io::Error>,
    },
}

/// Running gossip. It ends at shutdown, not when the handle is dropped.
#[derive(Debug)]
pub struct GossipHandle {
    /// This node's libp2p identity.
    pub local_peer_id: String,
    /// The connected peers and their changes.
    pub peers: watch::Receiver<Vec<PeerInfo>>,
    /// Addresses that are listened on, without the identity, and their changes.
    pub listen_addresses: watch::Receiver<Vec<Multiaddr>>,
    /// Counters.
    pub metrics: GossipMetrics,
    /// Ends once every connection is closed after shutdown.
    pub task: JoinHandle<()>,
}

#[derive(NetworkBehaviour)]
struct Stack {
    limits: connection_limits::Behaviour,
    ping: ping::Behaviour,
    // Last, so that it is asked only for connections that the others accept.
    links: Links,
}

/// Starts gossip on the current tokio runtime.
///
/// - `permitted`: ed25519 keys of the nodes that may connect.
///
/// # Errors
/// [`GossipError`]. Peers that cannot be reached are no error; they are dialled for ever.
pub fn start(
    config: GossipConfig,
    mempool: Mempool,
    mut permitted: watch::Receiver<BTreeSet<NodeKey>>,
    shutdown: CancellationToken,
) -> Result<GossipHandle, GossipError> {
    let nodes = permitted.borrow_and_update().clone();
    let mut swarm = build_swarm(&config, nodes)?;
    let local = *swarm.local_peer_id();
    let dialler = Dialler::new(&config.peers, local, Instant::now())
        .map_err(|address| GossipError::PeerIdMissing { address })?;
    swarm
        .listen_on(config.listen.clone())
        .map_err(|source| GossipError::Listen { address: config.listen, source })?;

    let (reports_sender, reports) = mpsc::channel(REPORTS_MAX);
    let metrics = GossipMetrics::default();
    let exchange =
        Arc::new(Exchange::new(mempool, metrics.clone(), config.limits, shutdown, reports_sender));
    let listen_addresses = watch::Sender::default();
    let handle_addresses = listen_addresses.subscribe();
    let peers = exchange.peers.infos();
    let service = Service {
        swarm,
        exchange,
        dialler,
        permitted,
        reports,
        listen_addresses,
        tasks: JoinSet::new(),
    };
    Ok(GossipHandle {
        local_peer_id: local.to_string(),
        peers,
        listen_addresses: handle_addresses,
        metrics,
        task: tokio::spawn(service.run()),
    })
}

fn build_swarm(
    config: &GossipConfig,
    permitted: BTreeSet<NodeKey>,
) -> Result<Swarm<Stack>, GossipError> {
    let transport =
        |error: &dyn std::error::Error| GossipError::Transport { reason: error.to_string() };
    let name = format!("/ecoledger/transactions/{:x}/1", config.genesis_hash);
    let protocol = StreamProtocol::try_from_owned(name).expect("it starts with a slash; qed");
    let max = Some(config.limits.connections_max);
    let limits = ConnectionLimits::default()
        .with_max_pending_incoming(Some(PENDING_MAX))
        .with_max_pending_outgoing(Some(PENDING_MAX))
        .with_max_established(max)
        .with_max_established_per_peer(Some(PER_PEER_MAX));
    let stack = Stack {
        limits: connection_limits::Behaviour::new(limits),
        ping: ping::Behaviour::new(ping::Config::new().with_interval(PING_INTERVAL)),
        links: Links::new(protocol, permitted),
    };
    let swarm = SwarmBuilder::with_existing_identity(keypair_of(&config.node_key))
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
        .map_err(|error| transport(&error))?
        .with_dns()
        .map_err(|error| transport(&error))?
        .with_behaviour(|_| stack)
        .expect("the closure cannot fail; qed")
        .build();
    Ok(swarm)
}

struct Service {
    swarm: Swarm<Stack>,
    exchange: Arc<Exchange>,
    dialler: Dialler,
    permitted: watch::Receiver<BTreeSet<NodeKey>>,
    reports: mpsc::Receiver<NodeKey>,
    listen_addresses: watch::Sender<Vec<Multiaddr>>,
    tasks: JoinSet<()>,
}

impl Service {
    async fn run(mut self) {
        let shutdown = self.exchange.shutdown.clone();
        self.tasks.spawn(Arc::clone(&self.exchange).send_own());
        let mut permissions_change = true;
        loop {
            let next_due = self.dialler.next_due();
            let due = async move {
                match next_due {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => break,
                event = self.swarm.select_next_some() => self.on_event(event),
                changed = self.permitted.changed(), if permissions_change => match changed {
                    Ok(()) => self.on_permissions(),
                    // The node is about to stop; the last permissions stay.
                    Err(_) => permissions_change = false,
                },
                Some(key) = self.reports.recv() => self.ban(key),
                () = due => self.dial(),
                Some(ended) = self.tasks.join_next() => {
                    if let Err(error) = ended {
                        error!(target: "ecoledger::gossip", %error, "a task of gossip failed");
                    }
                }
            }
        }
        drop(self.swarm);
        while self.tasks.join_next().await.is_some() {}
    }

    fn on_event(&mut self, event: SwarmEvent<StackEvent>) {
        match event {
            SwarmEvent::Behaviour(StackEvent::Links(event)) => self.on_link_event(event),
            SwarmEvent::Behaviour(StackEvent::Ping(event)) => self.on_ping(event),
            SwarmEvent::ConnectionClosed {
                peer_id, connection_id, num_established, cause, ..
            } => {
                self.on_closed(peer_id, connection_id, num_established, cause);
            }
            SwarmEvent::OutgoingConnectionError { peer_id, error, .. } => {
                self.on_dial_failed(peer_id, error);
            }
            SwarmEvent::IncomingConnectionError {
                send_back_addr,
                error: ListenError::Denied { cause },
                ..
            } => self.on_refused(&send_back_addr, &cause),
            SwarmEvent::NewListenAddr { address, .. } => {
                info!(target: "ecoledger::gossip", %address, "listening");
                self.listen_addresses.send_modify(|addresses| addresses.push(address));
            }
            SwarmEvent::ExpiredListenAddr { address, .. } => {
                self.listen_addresses.send_modify(|held| held.retain(|a| *a != address));
            }
            SwarmEvent::ListenerClosed { reason, .. } => {
                error!(target: "ecoledger::gossip", ?reason, "no longer listening");
            }
            SwarmEvent::ListenerError { error, .. } => {
                warn!(target: "ecoledger::gossip", %error, "cannot accept a connection");
            }
            _ => {}
        }
    }

    fn on_link_event(&mut self, event: LinkEvent) {
        match event {
            LinkEvent::Opened { key, peer, connection, address, dialled, channels } => {
                if channels.to_send.is_closed() {
                    return;
                }
                info!(target: "ecoledger::gossip", %peer, %address, dialled, "peer connected");
                self.dialler.connected(&peer, Instant::now());
                let resync = Arc::new(Notify::new());
                let link = Link {
                    connection,
                    to_send: channels.to_send.clone(),
                    resync: Arc::clone(&resync),
                    address,
                    dialled,
                };
                self.exchange.peers.add(key, peer, link);
                let exchange = &self.exchange;
                self.tasks.spawn(Arc::clone(exchange).inform(channels.to_send, resync));
                self.tasks.spawn(Arc::clone(exchange).receive(key, channels.received));
            }
            LinkEvent::Failed { key, failure } => {
                if failure.is_misbehaviour() {
                    self.exchange.on_violation(&key, &failure);
                    self.ban(key);
                }
            }
        }
    }

    fn on_ping(&mut self, event: ping::Event) {
        match event.result {
            Ok(_) | Err(ping::Failure::Unsupported) => {}
            Err(error) => {
                debug!(target: "ecoledger::gossip", peer = %event.peer, %error, "no answer");
                self.swarm.close_connection(event.connection);
            }
        }
    }

    fn on_closed(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        n_left: u32,
        cause: Option<libp2p::swarm::ConnectionError>,
    ) {
        if let Some(key) = node_key_of(&peer) {
            self.exchange.peers.remove(&key, connection);
        }
        if n_left == 0 {
            let cause = cause.map(|cause| cause.to_string());
            info!(target: "ecoledger::gossip", %peer, cause, "peer disconnected");
            self.dialler.disconnected(&peer, Instant::now());
        }
    }

    fn on_dial_failed(&mut self, peer: Option<PeerId>, error: DialError) {
        self.exchange.metrics.dials_failed.inc();
        debug!(target: "ecoledger::gossip", ?peer, %error, "cannot connect");
        if let Some(peer) = peer {
            self.dialler.failed(&peer, Instant::now());
        }
    }

    fn on_refused(&self, address: &Multiaddr, cause: &ConnectionDenied) {
        self.exchange.metrics.connections_refused.inc();
        let reason = match cause.downcast_ref::<Refused>() {
            Some(refused) => refused.to_string(),
            None => cause.to_string(),
        };
        warn!(target: "ecoledger::gossip", %address, reason, "connection refused");
    }

    fn on_permissions(&mut self) {
        let permitted = self.permitted.borrow_and_update().clone();
        self.swarm.behaviour_mut().links.set_permitted(permitted);
        let links = &self.swarm.behaviour().links;
        let is_permitted =
            |peer: &PeerId| node_key_of(peer).is_some_and(|key| links.is_permitted(&key));
        let strangers: Vec<PeerId> =
            self.swarm.connected_peers().filter(|peer| !is_permitted(peer)).copied().collect();
        self.exchange.retain_conducts(|key| links.is_permitted(key));
        for peer in strangers {
            info!(target: "ecoledger::gossip", %peer, "peer is not permitted any more");
            self.disconnect(peer);
        }
        self.dialler.hurry(Instant::now());
    }

    fn ban(&mut self, key: NodeKey) {
        let until = Instant::now() + self.exchange.limits.ban;
        self.exchange.metrics.bans.inc();
        self.swarm.behaviour_mut().links.ban(key, until);
        let peer = self.swarm.connected_peers().find(|peer| node_key_of(peer) == Some(key));
        if let Some(peer) = peer.copied() {
            warn!(target: "ecoledger::gossip", %peer, "peer banned for a time");
            self.disconnect(peer);
        }
    }

    fn disconnect(&mut self, peer: PeerId) {
        // An error says that it is not connected.
        let _ = self.swarm.disconnect_peer_id(peer);
    }

    fn dial(&mut self) {
        let now = Instant::now();
        for (peer, addresses) in self.dialler.take_due(now) {
            let permitted = node_key_of(&peer)
                .is_some_and(|key| self.swarm.behaviour().links.is_permitted(&key));
            if !permitted {
                self.dialler.failed(&peer, now);
                continue;
            }
            let options = DialOpts::peer_id(peer)
                .condition(PeerCondition::DisconnectedAndNotDialing)
                .addresses(addresses)
                .build();
            match self.swarm.dial(options) {
                Ok(()) | Err(DialError::DialPeerConditionFalse(_)) => {}
                Err(error) => {
                    debug!(target: "ecoledger::gossip", %peer, %error, "cannot dial");
                    self.dialler.failed(&peer, now);
                }
            }
        }
    }
}
