//! A peer that sends whatever bytes a test gives it.

use super::swarms::Node;
use crate::gossip::{
    keypair_of,
    links::{Channels, LinkEvent, Links},
    node_identity,
};
use bytes::Bytes;
use ecoledger_primitives::Hash;
use futures::StreamExt;
use libp2p::{
    StreamProtocol, Swarm, SwarmBuilder, noise,
    swarm::{SwarmEvent, dial_opts::DialOpts},
    tcp, yamux,
};
use std::collections::BTreeSet;
use tokio::task::JoinHandle;

/// A connection of a raw peer, which ends when it is dropped.
pub(super) struct RawPeer {
    pub(super) channels: Channels,
    task: JoinHandle<()>,
}

impl Drop for RawPeer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn swarm(seed: [u8; 32], node: &Node) -> Swarm<Links> {
    let protocol = format!("/ecoledger/transactions/{:x}/1", Hash::zero());
    let protocol = StreamProtocol::try_from_owned(protocol).unwrap();
    SwarmBuilder::with_existing_identity(keypair_of(&seed))
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
        .unwrap()
        .with_behaviour(|_| Links::new(protocol, BTreeSet::from([node.key])))
        .unwrap()
        .build()
}

impl RawPeer {
    /// Connects to a node; `None` if the node closes the connection before it has opened a
    /// stream.
    pub(super) async fn connect(seed: [u8; 32], node: &Node) -> Option<Self> {
        let mut swarm = swarm(seed, node);
        let peer = node_identity(&node.seed).1.parse().unwrap();
        let address = node.address().await;
        swarm.dial(DialOpts::peer_id(peer).addresses(vec![address]).build()).unwrap();
        let mut channels = loop {
            match swarm.select_next_some().await {
                SwarmEvent::Behaviour(LinkEvent::Opened { channels, .. }) => break channels,
                SwarmEvent::OutgoingConnectionError { .. } => return None,
                _ => {}
            }
        };
        let task = tokio::spawn(async move {
            loop {
                swarm.select_next_some().await;
            }
        });
        // The first message of a node that lets us in says who its neighbours are.
        channels.received.recv().await?;
        Some(Self { channels, task })
    }

    /// Sends bytes as they are.
    pub(super) async fn send(&self, bytes: impl Into<Bytes>) {
        self.channels.to_send.send(bytes.into()).await.unwrap();
    }

    /// Resolves when the connection is closed.
    pub(super) async fn closed(&self) {
        self.channels.to_send.closed().await;
    }
}
