use crate::peers::{Directory, Multiaddr, PeerAddressError, PeerHeights, node_key, peer_id};
use std::{collections::BTreeSet, sync::Arc};
use tokio::sync::watch;

fn address(port: u16, key: &[u8; 32]) -> Multiaddr {
    format!("/ip4/127.0.0.1/tcp/{port}/p2p/{}", peer_id(key)).parse().unwrap()
}

fn entries(directory: &Directory) -> Vec<String> {
    directory.entries().map(ToString::to_string).collect()
}

#[test]
fn identities_and_keys_convert_both_ways() {
    let key = [5; 32];
    assert_eq!(node_key(&peer_id(&key)), Some(key));
    // RFC 8032 §7.1 test 1, with the identity that libp2p gives its key.
    let key: [u8; 32] =
        hex::decode("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
            .unwrap()
            .try_into()
            .unwrap();
    assert!(peer_id(&key).to_base58().starts_with("12D3KooW"));
}

#[test]
fn permitted_nodes_are_listed_with_or_without_address() {
    let [own, near, far, stranger] = [[1; 32], [2; 32], [3; 32], [4; 32]];
    let peers = [address(1, &near), address(2, &stranger), address(3, &own)];
    let permitted = BTreeSet::from([own, near, far]);
    let directory = Directory::new(own, &peers, false, &permitted).unwrap();
    let mut expected = vec![peers[0].to_string(), format!("/p2p/{}", peer_id(&far))];
    let mut found = entries(&directory);
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn addresses_without_identity_are_refused() {
    let bare: Multiaddr = "/ip4/127.0.0.1/tcp/1".parse().unwrap();
    let error =
        Directory::new([1; 32], std::slice::from_ref(&bare), false, &BTreeSet::new()).unwrap_err();
    assert_eq!(error, PeerAddressError::NoIdentity(bare));
}

#[test]
fn entries_follow_the_permitted_nodes() {
    let [own, near, far] = [[1; 32], [2; 32], [3; 32]];
    let peers = [address(1, &near)];
    let mut directory = Directory::new(own, &peers, false, &BTreeSet::from([near])).unwrap();
    let (removed, added) = directory.update(&BTreeSet::from([far]));
    assert_eq!(removed, vec![peers[0].clone()]);
    assert_eq!(added.len(), 1);
    assert_eq!(directory.update(&BTreeSet::from([far])), (vec![], vec![]));
    let (removed, added) = directory.update(&BTreeSet::from([near, far]));
    assert_eq!((removed.len(), added), (0, vec![peers[0].clone()]));
}

#[test]
fn a_directory_of_reserved_nodes_leaves_the_others_out() {
    let [own, near, far] = [[1; 32], [2; 32], [3; 32]];
    let peers = [address(1, &near)];
    let permitted = BTreeSet::from([own, near, far]);
    let directory = Directory::new(own, &peers, true, &permitted).unwrap();
    assert_eq!(directory.entries().collect::<Vec<_>>(), peers.iter().collect::<Vec<_>>());
}

#[test]
fn heights_are_forgotten_with_the_connection() {
    let [near, far] = [[1; 32], [2; 32]];
    let (_permitted, permitted) = watch::channel(Arc::new(BTreeSet::from([near, far])));
    let heights = PeerHeights::new(permitted);
    heights.note(near, 3);
    heights.note(far, 8);
    // What has just come may be of a connection that nobody has seen yet.
    heights.retain(|node| *node == near);
    assert_eq!(heights.highest(), Some(8));
    heights.retain(|node| *node == near);
    assert_eq!((heights.highest(), heights.of(&far)), (Some(3), None));
    heights.note(near, 4);
    heights.retain(|_| true);
    heights.retain(|_| false);
    assert_eq!(heights.highest(), None);
}
