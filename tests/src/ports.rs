//! Free ports for a network, also while other test programs run on the same machine.

use eyre::eyre;
use std::{
    net::{Ipv4Addr, TcpListener},
    ops::Range,
};

/// Nodes that fit into one lease.
pub const NODES_MAX: u16 = 10;
/// Leases that exist.
const LEASES: u16 = 90;
/// Consensus ports; gossip ports are 1000 above, as nodes expect.
const CONSENSUS: u16 = 21_000;
const GOSSIP: u16 = CONSENSUS + 1_000;
const RPC: u16 = CONSENSUS + 2_000;
const METRICS: u16 = CONSENSUS + 3_000;
/// One port of each lease is held as its mark. All are below the ports that systems give to
/// outgoing connections.
const MARKS: u16 = CONSENSUS + 4_000;

/// Ports that no other holder of a lease uses, until it is dropped.
#[derive(Debug)]
pub struct PortLease {
    first: u16,
    _mark: TcpListener,
}

impl PortLease {
    /// Takes a lease all of whose ports are free.
    ///
    /// # Errors
    /// When there is none.
    pub fn take() -> eyre::Result<Self> {
        // Programs that run beside each other start looking at different places.
        let start = u16::try_from(std::process::id() % u32::from(LEASES)).unwrap_or_default();
        (0..LEASES)
            .map(|step| (start + step) % LEASES)
            .find_map(|index| {
                let mark = TcpListener::bind((Ipv4Addr::LOCALHOST, MARKS + index)).ok()?;
                let lease = Self { first: index * NODES_MAX, _mark: mark };
                lease.is_free().then_some(lease)
            })
            .ok_or_else(|| eyre!("no free ports between {CONSENSUS} and {}", MARKS + LEASES))
    }

    /// Consensus port of node 0; node i has this plus i.
    pub fn consensus(&self) -> u16 {
        CONSENSUS + self.first
    }

    /// JSON-RPC port of node 0; node i has this plus i.
    pub fn rpc(&self) -> u16 {
        RPC + self.first
    }

    /// Metrics port of node 0; node i has this plus i.
    pub fn metrics(&self) -> u16 {
        METRICS + self.first
    }

    fn is_free(&self) -> bool {
        let ports = |base: u16| -> Range<u16> { base + self.first..base + self.first + NODES_MAX };
        [CONSENSUS, GOSSIP, RPC, METRICS]
            .into_iter()
            .flat_map(ports)
            .all(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok())
    }
}
