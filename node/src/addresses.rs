//! Addresses of nodes, as operators give them.

use crate::testnet::GOSSIP_PORT_OFFSET;
use ecoledger_consensus::peers::node_key;
use eyre::eyre;
use libp2p::{Multiaddr, multiaddr::Protocol};
use std::net::IpAddr;

/// The address of a TCP port.
pub(crate) fn tcp_address(host: IpAddr, port: u16) -> Multiaddr {
    Multiaddr::from(host).with(Protocol::Tcp(port))
}

/// The addresses of nodes, without the empty ones.
///
/// # Errors
/// When one does not say whose it is: it could not be connected to.
pub(crate) fn named<'a>(
    what: &str,
    addresses: impl IntoIterator<Item = &'a Multiaddr>,
) -> eyre::Result<Vec<Multiaddr>> {
    addresses
        .into_iter()
        // A variable that is set to nothing is read as one empty address.
        .filter(|address| !address.is_empty())
        .map(|address| match address.iter().last() {
            Some(Protocol::P2p(peer)) if node_key(&peer).is_some() => Ok(address.clone()),
            _ => Err(eyre!(
                "{what} {address} does not end in /p2p/ and the peer id of a node, which \
                 `key inspect-node` shows there"
            )),
        })
        .collect()
}

/// The gossip address of a node with the given consensus address, by the usual distance.
///
/// # Errors
/// When there is no port at that distance.
pub(crate) fn gossip_address(address: &Multiaddr) -> eyre::Result<Multiaddr> {
    address
        .iter()
        .map(|part| match part {
            Protocol::Tcp(port) => port.checked_add(GOSSIP_PORT_OFFSET).map(Protocol::Tcp),
            other => Some(other),
        })
        .collect::<Option<_>>()
        .ok_or_else(|| {
            eyre!("{address} leaves no port for gossip; give its address by --gossip-bootnodes")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_without_a_node_are_refused_as_they_were_given() {
        // The public key of the seed of 32 ones.
        let key = [
            0x8a, 0x88, 0xe3, 0xdd, 0x74, 0x09, 0xf1, 0x95, 0xfd, 0x52, 0xdb, 0x2d, 0x3c, 0xba,
            0x5d, 0x72, 0xca, 0x67, 0x09, 0xbf, 0x1d, 0x94, 0x12, 0x1b, 0xf3, 0x74, 0x88, 0x01,
            0xb4, 0x0f, 0x6f, 0x5c,
        ];
        let id = crate::keys::peer_id(&key).unwrap();
        let good: Multiaddr = format!("/ip4/127.0.0.1/tcp/1/p2p/{id}").parse().unwrap();
        let none = Multiaddr::empty();
        assert_eq!(named("bootnode", [&good, &none]).unwrap(), std::slice::from_ref(&good));
        // A peer id of another kind: an RSA key, by its hash.
        let rsa = "/ip4/127.0.0.1/tcp/1/p2p/QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";
        for address in ["/ip4/127.0.0.1/tcp/1", rsa] {
            let bad: Multiaddr = address.parse().unwrap();
            let error = named("bootnode", [&bad]).unwrap_err().to_string();
            assert!(error.starts_with(&format!("bootnode {address} does not end")), "{error}");
        }

        let gossip = gossip_address(&good).unwrap();
        assert_eq!(gossip.to_string(), format!("/ip4/127.0.0.1/tcp/1001/p2p/{id}"));
        let high: Multiaddr = format!("/ip4/127.0.0.1/tcp/65000/p2p/{id}").parse().unwrap();
        let error = gossip_address(&high).unwrap_err().to_string();
        assert!(error.contains("/tcp/65000/") && error.contains("--gossip-bootnodes"), "{error}");
    }
}
