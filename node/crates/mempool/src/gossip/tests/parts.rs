//! Messages, rates, dialling and the choice of peers, each alone.

use crate::gossip::{
    NodeKey,
    dial::Dialler,
    message::{
        FRAME_BYTES_TARGET, FRAME_NEIGHBOURS_MAX, FRAME_TRANSACTIONS_MAX, Message, MessageError,
        Packer, encode_neighbours,
    },
    metrics::GossipMetrics,
    node_identity, peer_id_of,
    peers::{Link, Peers},
    rate::Rate,
};
use bytes::Bytes;
use libp2p::{Multiaddr, PeerId, swarm::ConnectionId};
use proptest::prelude::*;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, mpsc},
    time::Instant,
};

/// What the receiver of a frame decodes: its length is checked and taken off.
fn unframed(mut frame: Bytes) -> Bytes {
    let length = u32::from_be_bytes(*frame.first_chunk().unwrap()) as usize;
    let body = frame.split_off(4);
    assert_eq!(body.len(), length);
    body
}

fn decode(body: &[u8]) -> Result<Message, MessageError> {
    Message::decode(Bytes::copy_from_slice(body))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        failure_persistence: None,
        rng_seed: prop::test_runner::RngSeed::Fixed(11),
        ..ProptestConfig::default()
    })]

    #[test]
    fn transactions_survive_encoding(
        height: u32,
        transactions in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..9_000), 1..40),
    ) {
        let frames = Packer::pack(height, transactions.iter().map(Vec::as_slice));
        let mut decoded = Vec::new();
        for packed in frames {
            prop_assert!(packed.frame.len() <= FRAME_BYTES_TARGET + 9_000);
            let Message::Transactions { height: got, transactions } =
                Message::decode(unframed(packed.frame)).unwrap()
            else {
                panic!("wrong kind")
            };
            prop_assert_eq!(got, height);
            prop_assert_eq!(transactions.len(), packed.n_transactions);
            decoded.extend(transactions.iter().map(|raw| raw.to_vec()));
        }
        prop_assert_eq!(decoded, transactions);
    }

    #[test]
    fn any_bytes_decode_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(Message::Neighbours(keys)) = decode(&bytes) {
            prop_assert_eq!(&unframed(encode_neighbours(&keys))[..], &bytes[..]);
        }
    }
}

#[test]
fn neighbours_survive_encoding_up_to_their_limit() {
    let keys: Vec<NodeKey> = (0..300u16)
        .map(|n| {
            let mut key = [0; 32];
            key[..2].copy_from_slice(&n.to_be_bytes());
            key
        })
        .collect();
    let body = unframed(encode_neighbours(&keys));
    assert_eq!(Message::decode(body), Ok(Message::Neighbours(keys[..FRAME_NEIGHBOURS_MAX].into())));
    assert_eq!(decode(&[2]), Ok(Message::Neighbours(Vec::new())));
}

#[test]
fn decode_rejects_malformed_messages() {
    assert_eq!(decode(&[]), Err(MessageError::Truncated));
    assert_eq!(decode(&[0]), Err(MessageError::UnknownKind));
    assert_eq!(decode(&[3, 0, 0]), Err(MessageError::UnknownKind));
    assert_eq!(decode(&[1, 0, 0, 0]), Err(MessageError::Truncated));
    assert_eq!(decode(&[1, 0, 0, 0, 0]), Err(MessageError::Empty));
    assert_eq!(decode(&[1, 0, 0, 0, 0, 0, 0, 0, 0]), Err(MessageError::Empty));
    assert_eq!(decode(&[1, 0, 0, 0, 0, 2, 0, 0, 0, 9]), Err(MessageError::Truncated));
    assert_eq!(decode(&[1, 0, 0, 0, 0, 1, 0, 0, 0, 9, 1]), Err(MessageError::Truncated));
    let mut many = vec![1, 0, 0, 0, 0];
    for _ in 0..=FRAME_TRANSACTIONS_MAX {
        many.extend([1, 0, 0, 0, 9]);
    }
    assert_eq!(decode(&many), Err(MessageError::TooMany));
    assert!(decode(&many[..many.len() - 5]).is_ok());
    assert_eq!(decode(&[2, 0]), Err(MessageError::Truncated));
    assert_eq!(decode(&[&[2][..], &[7; 64]].concat()), Err(MessageError::Unsorted));
    let too_many = [&[2][..], &vec![7; 32 * (FRAME_NEIGHBOURS_MAX + 1)]].concat();
    assert_eq!(decode(&too_many), Err(MessageError::TooMany));
}

#[test]
fn rate_allows_a_burst_and_then_its_rate() {
    let start = Instant::now();
    let mut rate = Rate::new(100, 50, start);
    assert_eq!(rate.take(50, start), Duration::ZERO);
    assert_eq!(rate.take(1, start), Duration::from_millis(10));
    assert_eq!(rate.take(9, start), Duration::from_millis(100));
    // After the debt and half of the burst have come in again.
    let later = start + Duration::from_millis(350);
    assert_eq!(rate.take(25, later), Duration::ZERO);
    assert_eq!(rate.take(1, later), Duration::from_millis(10));
    // A long pause fills it no further than its burst.
    let much_later = start + Duration::from_secs(100);
    assert_eq!(rate.take(51, much_later), Duration::from_millis(10));
}

#[test]
fn dialler_waits_longer_after_each_failure_and_never_gives_up() {
    let (_, local) = node_identity(&[1; 32]);
    let (_, remote) = node_identity(&[2; 32]);
    let address: Multiaddr = format!("/ip4/127.0.0.1/tcp/1/p2p/{remote}").parse().unwrap();
    let own: Multiaddr = format!("/ip4/127.0.0.1/tcp/2/p2p/{local}").parse().unwrap();
    let peer: PeerId = remote.parse().unwrap();
    let mut now = Instant::now();
    let mut dialler = Dialler::new(&[address, own], local.parse().unwrap(), now).unwrap();
    let mut pauses = Vec::new();
    for _ in 0..9 {
        let due = dialler.take_due(now);
        assert_eq!(due.len(), 1);
        assert_eq!(due[0].0, peer);
        assert_eq!(dialler.next_due(), None);
        dialler.failed(&peer, now);
        let next = dialler.next_due().unwrap();
        pauses.push((next - now).as_millis());
        assert!(dialler.take_due(next - Duration::from_millis(1)).is_empty());
        now = next;
    }
    assert_eq!(pauses, [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
    // A short connection does not reset the pause; a stable one does.
    dialler.connected(&peer, now);
    dialler.failed(&peer, now);
    assert_eq!(dialler.next_due(), None);
    dialler.disconnected(&peer, now + Duration::from_secs(1));
    assert_eq!(dialler.next_due(), Some(now + Duration::from_secs(11)));
    dialler.connected(&peer, now);
    dialler.disconnected(&peer, now + Duration::from_secs(60));
    assert_eq!(dialler.next_due(), Some(now + Duration::from_millis(60_250)));
    dialler.hurry(now);
    assert_eq!(dialler.next_due(), Some(now));
}

#[test]
fn dialler_rejects_an_address_without_identity() {
    let local = node_identity(&[1; 32]).1.parse().unwrap();
    let address: Multiaddr = "/ip4/127.0.0.1/tcp/1".parse().unwrap();
    let result = Dialler::new(std::slice::from_ref(&address), local, Instant::now());
    assert_eq!(result.err(), Some(address));
}

/// A peer that is connected, and what it would be sent.
fn connect(peers: &Peers, index: u8, connection: usize) -> mpsc::Receiver<Bytes> {
    let (key, name) = node_identity(&[index; 32]);
    let (to_send, sent) = mpsc::channel(4);
    let link = Link {
        connection: ConnectionId::new_unchecked(connection),
        to_send,
        resync: Arc::new(Notify::new()),
        address: Multiaddr::empty(),
        dialled: false,
    };
    peers.add(key, name.parse().unwrap(), link);
    sent
}

fn key(index: u8) -> NodeKey {
    node_identity(&[index; 32]).0
}

#[test]
fn relay_leaves_out_the_sender_and_its_neighbours() {
    let peers = Peers::new(GossipMetrics::default());
    let mut sent: Vec<_> = (1..=4).map(|index| connect(&peers, index, index.into())).collect();
    let frames = || Packer::pack(0, [&b"transaction"[..]].into_iter());
    let mut received = || -> Vec<bool> { sent.iter_mut().map(|s| s.try_recv().is_ok()).collect() };

    // Until the sender says whom it is connected to, everyone is sent it.
    peers.relay(&key(1), frames);
    assert_eq!(received(), [false, true, true, true]);
    peers.set_neighbours(&key(1), vec![key(2), key(3)]);
    peers.relay(&key(1), frames);
    assert_eq!(received(), [false, false, false, true]);
    peers.set_neighbours(&key(1), vec![key(2), key(3), key(4)]);
    peers.relay(&key(1), || panic!("packed for nobody"));
    assert_eq!(received(), [false; 4]);
    assert_eq!(peers.send(&frames()).len(), 4);
    assert_eq!(received(), [true; 4]);
}

#[test]
fn the_newest_connection_is_used() {
    let peers = Peers::new(GossipMetrics::default());
    let mut first = connect(&peers, 1, 1);
    let mut second = connect(&peers, 1, 2);
    let frames = Packer::pack(0, [&b"transaction"[..]].into_iter());
    assert_eq!(peers.send(&frames), [node_identity(&[1; 32]).1]);
    assert!(first.try_recv().is_err());
    assert!(second.try_recv().is_ok());
    assert!(!peers.remove(&key(1), ConnectionId::new_unchecked(2)));
    peers.send(&frames);
    assert!(first.try_recv().is_ok());
    assert!(peers.remove(&key(1), ConnectionId::new_unchecked(1)));
    assert!(peers.send(&frames).is_empty());
    assert!(peers.infos().borrow().is_empty());
    assert!(peers.neighbours().borrow().is_empty());
}

#[test]
fn identity_contains_the_key() {
    let (key, peer) = node_identity(&[9; 32]);
    assert_eq!(peer_id_of(&key), peer);
    // Not a point of the curve.
    let mut none = [0; 32];
    none[0] = 2;
    assert_eq!(peer_id_of(&none), "");
}
