//! The network behaviour: lets permitted peers in, and gives each connection its channels.

use super::{
    NodeKey,
    handler::{Failure, Handler},
    node_key_of,
};
use bytes::Bytes;
use libp2p::{
    Multiaddr, PeerId, StreamProtocol,
    core::{Endpoint, transport::PortUse},
    swarm::{
        CloseConnection, ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, ToSwarm,
    },
};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    convert::Infallible,
    task::{Context, Poll},
};
use tokio::{sync::mpsc, time::Instant};

/// Frames that wait to be written to one connection: 4 MiB at the frames' target length. Beyond,
/// the peer is slower than the network and is sent the pool again once it has caught up.
const TO_SEND_MAX: usize = 64;
/// Frames of one connection that wait to be judged; the next is left in the network.
const RECEIVED_MAX: usize = 2;

/// Why a connection is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("node is not permitted to connect")]
    NotPermitted,
    #[error("node is banned for a time")]
    Banned,
}

/// Channels of one connection.
#[derive(Debug)]
pub(crate) struct Channels {
    pub(crate) to_send: mpsc::Sender<Bytes>,
    pub(crate) received: mpsc::Receiver<Bytes>,
}

/// What happened to a connection.
#[derive(Debug)]
pub(crate) enum LinkEvent {
    /// A permitted peer is connected.
    Opened {
        key: NodeKey,
        peer: PeerId,
        connection: ConnectionId,
        address: Multiaddr,
        dialled: bool,
        channels: Channels,
    },
    /// The connection is about to be closed.
    Failed { key: NodeKey, failure: Failure },
}

/// See the module's description.
pub(crate) struct Links {
    protocol: StreamProtocol,
    permitted: BTreeSet<NodeKey>,
    /// Until when; at most one entry for each permitted node.
    banned: BTreeMap<NodeKey, Instant>,
    actions: VecDeque<ToSwarm<LinkEvent, Infallible>>,
}

impl Links {
    pub(crate) fn new(protocol: StreamProtocol, permitted: BTreeSet<NodeKey>) -> Self {
        Self { protocol, permitted, banned: BTreeMap::new(), actions: VecDeque::new() }
    }

    pub(crate) fn is_permitted(&self, key: &NodeKey) -> bool {
        self.permitted.contains(key)
    }

    /// Replaces the permitted nodes; existing connections are the caller's.
    pub(crate) fn set_permitted(&mut self, permitted: BTreeSet<NodeKey>) {
        self.banned.retain(|key, _| permitted.contains(key));
        self.permitted = permitted;
    }

    /// Refuses the node until the given time.
    pub(crate) fn ban(&mut self, key: NodeKey, until: Instant) {
        if self.permitted.contains(&key) {
            self.banned.insert(key, until);
        }
    }

    fn admit(&self, peer: &PeerId) -> Result<NodeKey, Refused> {
        let key = node_key_of(peer).filter(|key| self.permitted.contains(key));
        let key = key.ok_or(Refused::NotPermitted)?;
        match self.banned.get(&key) {
            Some(until) if Instant::now() < *until => Err(Refused::Banned),
            _ => Ok(key),
        }
    }

    fn open(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        address: &Multiaddr,
        dialled: bool,
    ) -> Result<Handler, ConnectionDenied> {
        let key = self.admit(&peer).map_err(ConnectionDenied::new)?;
        let (to_send, send_queue) = mpsc::channel(TO_SEND_MAX);
        let (receive_queue, received) = mpsc::channel(RECEIVED_MAX);
        let channels = Channels { to_send, received };
        let address = address.clone();
        self.actions.push_back(ToSwarm::GenerateEvent(LinkEvent::Opened {
            key,
            peer,
            connection,
            address,
            dialled,
            channels,
        }));
        Ok(Handler::new(self.protocol.clone(), send_queue, receive_queue))
    }
}

impl NetworkBehaviour for Links {
    type ConnectionHandler = Handler;
    type ToSwarm = LinkEvent;

    fn handle_established_inbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        address: &Multiaddr,
    ) -> Result<Handler, ConnectionDenied> {
        self.open(peer, connection, address, false)
    }

    fn handle_established_outbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        address: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Handler, ConnectionDenied> {
        self.open(peer, connection, address, true)
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(
        &mut self,
        peer_id: PeerId,
        connection: ConnectionId,
        failure: Failure,
    ) {
        self.actions.push_back(ToSwarm::CloseConnection {
            peer_id,
            connection: CloseConnection::One(connection),
        });
        if let Some(key) = node_key_of(&peer_id) {
            self.actions.push_back(ToSwarm::GenerateEvent(LinkEvent::Failed { key, failure }));
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<LinkEvent, Infallible>> {
        // The swarm polls again after every call that can add an action.
        self.actions.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}
