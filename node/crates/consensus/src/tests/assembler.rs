use super::{genesis, proposer, set_of, signers, value, verifier};
use crate::{
    assembler::{Assembled, Assembler, PartError},
    context::{Height, Manifest, ProposalPart},
    limits::{
        BLOCK_BYTES_MAX, PART_BYTES_MAX, PARTS_MAX, RESTREAM_ROUND_MIN, STREAM_AGE_MAX,
        STREAMS_MAX, STREAMS_PER_PUBLISHER_MAX, UNANNOUNCED_PARTS_MAX,
    },
    peers::peer_id,
    signing::ChainSigner,
    stream::{Announcement, split},
};
use malachitebft_app_channel::app::{
    streaming::{StreamContent, StreamId, StreamMessage},
    types::PeerId,
};
use proptest::prelude::*;
use std::time::{Duration, Instant};

type Message = StreamMessage<ProposalPart>;

fn peer(n: u8) -> PeerId {
    PeerId::from_bytes(&peer_id(&[n; 32]).to_bytes()).unwrap()
}

fn assembler(signers: &[ChainSigner]) -> Assembler {
    Assembler::new(verifier(), Height(4), [set_of(signers), set_of(signers)])
}

fn announcement(height: u32, round: u32) -> Announcement {
    Announcement { height: Height(height), round, valid_round: None, value: value(9) }
}

fn stream(signers: &[ChainSigner], height: u32, round: u32, block: &[u8]) -> Vec<Message> {
    let signer = proposer(signers, Height(height), round);
    split(signer, announcement(height, round), block, 1).unwrap()
}

fn block(length: usize) -> Vec<u8> {
    (0..length).map(|i| (i % 251) as u8).collect()
}

/// Feeds messages of one publisher; the last result.
fn feed(
    assembler: &mut Assembler,
    messages: impl IntoIterator<Item = Message>,
) -> Result<Option<Assembled>, PartError> {
    let now = Instant::now();
    let mut last = Ok(None);
    for message in messages {
        last = assembler.insert(peer(1), message, now);
    }
    last
}

fn manifest_message(signer: &ChainSigner, manifest: Manifest, id: u8) -> Message {
    let signature = signer.sign_manifest(&manifest);
    let part = ProposalPart::Manifest(manifest, signature);
    StreamMessage::new(StreamId::new(vec![id].into()), 0, StreamContent::Data(part))
}

fn data_message(id: u8, sequence: u64, length: usize) -> Message {
    let part = ProposalPart::Data(vec![0; length].try_into().unwrap());
    StreamMessage::new(StreamId::new(vec![id].into()), sequence, StreamContent::Data(part))
}

fn manifest(signer: &ChainSigner, height: u32, round: u32, length: u32) -> Manifest {
    Manifest {
        height: Height(height),
        round,
        valid_round: None,
        value: value(9),
        length,
        sender: signer.address(),
    }
}

#[test]
fn blocks_of_every_shape_come_together() {
    let signers = signers(4);
    let part = PART_BYTES_MAX as usize;
    for length in [1, part - 1, part, part + 1, 3 * part, BLOCK_BYTES_MAX as usize] {
        let block = block(length);
        let messages = stream(&signers, 5, 0, &block);
        assert_eq!(messages.len(), 1 + length.div_ceil(part));
        let assembled = feed(&mut assembler(&signers), messages).unwrap().unwrap();
        assert_eq!(assembled.block, block);
        assert_eq!(assembled.manifest.value, value(9));
    }
}

#[test]
fn blocks_that_are_empty_or_too_long_are_not_cut() {
    let signer = &signers(1)[0];
    assert!(split(signer, announcement(5, 0), &[], 1).is_none());
    let too_long = vec![0; BLOCK_BYTES_MAX as usize + 1];
    assert!(split(signer, announcement(5, 0), &too_long, 1).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn parts_may_come_in_any_order(order in Just((0..6usize).collect::<Vec<_>>()).prop_shuffle()) {
        let signers = signers(4);
        let block = block(5 * PART_BYTES_MAX as usize - 7);
        let messages = stream(&signers, 5, 0, &block);
        let mut assembler = assembler(&signers);
        let shuffled = order.iter().map(|i| messages[*i].clone());
        let assembled = feed(&mut assembler, shuffled).unwrap().unwrap();
        prop_assert_eq!(assembled.block, block);
    }
}

#[test]
fn parts_may_come_through_different_neighbours_of_one_publisher() {
    let signers = signers(4);
    let mut assembler = assembler(&signers);
    let mut messages = stream(&signers, 5, 0, &block(10)).into_iter();
    let now = Instant::now();
    assert_eq!(assembler.insert(peer(1), messages.next().unwrap(), now), Ok(None));
    let data = messages.next().unwrap();
    // Another publisher's part with the same stream id is another stream's.
    assert_eq!(assembler.insert(peer(2), data.clone(), now), Ok(None));
    assert!(assembler.insert(peer(1), data, now).unwrap().is_some());
}

#[test]
fn manifest_rejects_bad_signature() {
    let signers = signers(4);
    let signer = proposer(&signers, Height(5), 0);
    let sound = manifest(signer, 5, 0, 10);
    let mut forged = manifest_message(signer, sound.clone(), 1);
    if let StreamContent::Data(ProposalPart::Manifest(manifest, _)) = &mut forged.content {
        manifest.length = 11;
    }
    assert_eq!(feed(&mut assembler(&signers), [forged]), Err(PartError::BadSignature));

    let other_chain = ChainSigner::new(ecoledger_primitives::Hash::zero(), &[1; 32]);
    assert_ne!(genesis(), ecoledger_primitives::Hash::zero());
    let replayed = Manifest { sender: other_chain.address(), ..sound };
    let height =
        (5..9).find(|h| proposer(&signers, Height(*h), 0).address() == other_chain.address());
    let replayed = Manifest { height: Height(height.unwrap()), ..replayed };
    let mut assembler = Assembler::new(
        verifier(),
        Height(replayed.height.0 - 1),
        [set_of(&signers), set_of(&signers)],
    );
    let message = manifest_message(&other_chain, replayed, 1);
    assert_eq!(feed(&mut assembler, [message]), Err(PartError::BadSignature));
}

#[test]
fn manifest_rejects_wrong_height() {
    let signers = signers(4);
    for height in [0, 3, 4, 7, u32::MAX] {
        let signer = proposer(&signers, Height(height), 0);
        let message = manifest_message(signer, manifest(signer, height, 0, 10), 1);
        let error = PartError::HeightOutOfWindow { height: Height(height), committed: Height(4) };
        assert_eq!(feed(&mut assembler(&signers), [message]), Err(error));
    }
    for height in [5, 6] {
        let signer = proposer(&signers, Height(height), 0);
        let message = manifest_message(signer, manifest(signer, height, 0, 10), 1);
        assert_eq!(feed(&mut assembler(&signers), [message]), Ok(None));
    }
}

#[test]
fn manifest_rejects_wrong_round() {
    let signers = signers(4);
    let send = |assembler: &mut Assembler, height, round| {
        let signer = proposer(&signers, Height(height), round);
        feed(assembler, [manifest_message(signer, manifest(signer, height, round, 10), 1)])
    };
    let mut assembler = assembler(&signers);
    assert_eq!(send(&mut assembler, 5, 10), Ok(None));
    assert_eq!(send(&mut assembler, 5, 11), Err(PartError::RoundOutOfWindow { round: 11 }));
    assembler.enter_round(1);
    assert_eq!(send(&mut assembler, 5, 11), Err(PartError::Duplicate));
    // The round of the next height says nothing about the one after it.
    assert_eq!(send(&mut assembler, 6, 11), Err(PartError::RoundOutOfWindow { round: 11 }));
}

#[test]
fn manifest_rejects_lock_round_that_is_not_earlier() {
    let signers = signers(4);
    let signer = proposer(&signers, Height(5), 2);
    for (valid_round, expected) in
        [(2, Err(PartError::LockRound)), (3, Err(PartError::LockRound)), (1, Ok(None))]
    {
        let manifest = Manifest { valid_round: Some(valid_round), ..manifest(signer, 5, 2, 10) };
        let message = manifest_message(signer, manifest, 1);
        assert_eq!(feed(&mut assembler(&signers), [message]), expected);
    }
}

#[test]
fn manifest_rejects_senders_out_of_turn() {
    let signers = signers(4);
    let late = signers.iter().find(|s| s.address() != proposer(&signers, Height(5), 0).address());
    let late = late.unwrap();
    let message = manifest_message(late, manifest(late, 5, 0, 10), 1);
    assert_eq!(feed(&mut assembler(&signers), [message]), Err(PartError::NotProposer));

    // In a late round any validator may help others to what it is locked on, but no stranger.
    let round = RESTREAM_ROUND_MIN;
    let helper =
        signers.iter().find(|s| s.address() != proposer(&signers, Height(5), round).address());
    let helper = helper.unwrap();
    let message = manifest_message(helper, manifest(helper, 5, round, 10), 1);
    assert_eq!(feed(&mut assembler(&signers), [message]), Ok(None));
    let stranger = ChainSigner::new(genesis(), &[99; 32]);
    let message = manifest_message(&stranger, manifest(&stranger, 5, round, 10), 1);
    assert_eq!(feed(&mut assembler(&signers), [message]), Err(PartError::NotProposer));
}

#[test]
fn manifest_rejects_lengths_out_of_bounds() {
    let signers = signers(4);
    let signer = proposer(&signers, Height(5), 0);
    for length in [0, BLOCK_BYTES_MAX + 1, u32::MAX] {
        let message = manifest_message(signer, manifest(signer, 5, 0, length), 1);
        assert_eq!(feed(&mut assembler(&signers), [message]), Err(PartError::BlockLength));
    }
}

#[test]
fn manifest_rejects_a_second_value_of_a_round() {
    let signers = signers(4);
    let signer = proposer(&signers, Height(5), 0);
    let mut assembler = assembler(&signers);
    let first = manifest_message(signer, manifest(signer, 5, 0, 10), 1);
    assert_eq!(feed(&mut assembler, [first]), Ok(None));
    let second = Manifest { value: value(8), ..manifest(signer, 5, 0, 10) };
    let second = manifest_message(signer, second, 2);
    assert_eq!(feed(&mut assembler, [second]), Err(PartError::Equivocation));
    // The same value again is a repetition after parts were lost.
    let again = manifest_message(signer, manifest(signer, 5, 0, 10), 3);
    assert_eq!(feed(&mut assembler, [again]), Ok(None));
}

#[test]
fn complete_blocks_are_not_assembled_again() {
    let signers = signers(4);
    let mut assembler = assembler(&signers);
    let messages = stream(&signers, 5, 0, &block(10));
    assert!(feed(&mut assembler, messages.clone()).unwrap().is_some());
    assert_eq!(feed(&mut assembler, [messages[0].clone()]), Err(PartError::Complete));
}

#[test]
fn data_rejects_what_is_out_of_place() {
    let signers = signers(4);
    let mut assembler = assembler(&signers);
    let messages = stream(&signers, 5, 0, &block(300_000));
    let at = |message: &Message, sequence| Message { sequence, ..message.clone() };
    for misplaced in [
        at(&messages[0], 1),
        at(&messages[1], 0),
        at(&messages[1], u64::from(PARTS_MAX) + 1),
        at(&messages[1], u64::MAX),
        StreamMessage::new(messages[0].stream_id.clone(), 1, StreamContent::Fin),
    ] {
        assert_eq!(feed(&mut assembler, [misplaced]), Err(PartError::OutOfPlace));
    }
    assert_eq!(feed(&mut assembler, messages[..2].to_vec()), Ok(None));
    assert_eq!(feed(&mut assembler, [messages[1].clone()]), Err(PartError::Duplicate));
    assert_eq!(feed(&mut assembler, [messages[0].clone()]), Err(PartError::Duplicate));
    assert!(feed(&mut assembler, messages[2..].to_vec()).unwrap().is_some());
}

#[test]
fn data_rejects_wrong_length() {
    let signers = signers(4);
    let signer = proposer(&signers, Height(5), 0);
    let length = PART_BYTES_MAX + 10;
    for (sequence, bytes) in [(1, PART_BYTES_MAX - 1), (2, 9), (2, 11), (3, 1)] {
        let mut assembler = assembler(&signers);
        let first = manifest_message(signer, manifest(signer, 5, 0, length), 1);
        let data = data_message(1, sequence, bytes as usize);
        assert_eq!(
            feed(&mut assembler, [first.clone(), data.clone()]),
            Err(PartError::WrongLength)
        );
        // Whichever comes first.
        let mut assembler = self::assembler(&signers);
        assert_eq!(feed(&mut assembler, [data, first]), Err(PartError::WrongLength));
    }
}

#[test]
fn data_without_manifest_is_bounded() {
    let signers = signers(4);
    let mut assembler = assembler(&signers);
    let part = PART_BYTES_MAX as usize;
    for sequence in 1..=UNANNOUNCED_PARTS_MAX as u64 {
        assert_eq!(feed(&mut assembler, [data_message(1, sequence, part)]), Ok(None));
    }
    let beyond = data_message(1, UNANNOUNCED_PARTS_MAX as u64 + 1, part);
    assert_eq!(feed(&mut assembler, [beyond]), Err(PartError::Unannounced));
}

#[test]
fn streams_of_a_publisher_are_bounded() {
    let signers = signers(4);
    let mut assembler = assembler(&signers);
    let start = Instant::now();
    for id in 0..=STREAMS_PER_PUBLISHER_MAX as u8 {
        let now = start + Duration::from_millis(u64::from(id));
        assert_eq!(assembler.insert(peer(1), data_message(id, 1, 10), now), Ok(None));
    }
    // The oldest made room, so its first part is new again.
    let now = start + Duration::from_secs(1);
    assert_eq!(assembler.insert(peer(1), data_message(0, 1, 10), now), Ok(None));
    assert_eq!(assembler.insert(peer(1), data_message(4, 1, 10), now), Err(PartError::Duplicate));
}

#[test]
fn streams_of_all_publishers_are_bounded() {
    let signers = signers(4);
    let mut assembler = assembler(&signers);
    let now = Instant::now();
    for n in 0..STREAMS_MAX as u8 {
        assert_eq!(assembler.insert(peer(n), data_message(1, 1, 10), now), Ok(None));
    }
    // One that nobody answers for makes room, but none with a manifest.
    let later = now + Duration::from_secs(1);
    let signer = proposer(&signers, Height(5), 0);
    let first = manifest_message(signer, manifest(signer, 5, 0, PART_BYTES_MAX + 10), 2);
    assert_eq!(assembler.insert(peer(0), first.clone(), now), Ok(None));
    assert_eq!(assembler.insert(peer(200), data_message(1, 1, 10), later), Ok(None));
    assert_eq!(assembler.insert(peer(0), first, later), Err(PartError::Duplicate));
    assert_eq!(assembler.insert(peer(201), data_message(1, 1, 10), later), Ok(None));
    let again = assembler.insert(peer(200), data_message(1, 1, 10), later);
    assert_eq!(again, Err(PartError::Duplicate));
}

#[test]
fn streams_end_with_age() {
    let signers = signers(4);
    let mut assembler = assembler(&signers);
    let now = Instant::now();
    assert_eq!(assembler.insert(peer(1), data_message(1, 1, 10), now), Ok(None));
    let again = assembler.insert(peer(1), data_message(1, 1, 10), now);
    assert_eq!(again, Err(PartError::Duplicate));
    let later = now + STREAM_AGE_MAX;
    assert_eq!(assembler.insert(peer(1), data_message(1, 1, 10), later), Ok(None));
}

#[test]
fn bytes_of_all_streams_are_bounded() {
    let signers = signers(4);
    let mut assembler = assembler(&signers);
    let now = Instant::now();
    let part = PART_BYTES_MAX as usize;
    for n in 0..STREAMS_MAX as u8 {
        for sequence in 1..=4 {
            let opened = now + Duration::from_millis(u64::from(n));
            let inserted = assembler.insert(peer(n), data_message(1, sequence, part), opened);
            assert_eq!(inserted, Ok(None));
            assert!(assembler.bytes() <= crate::limits::STREAM_BYTES_MAX);
        }
    }
    assert!(assembler.bytes() > crate::limits::STREAM_BYTES_MAX - 4 * part);
}

#[test]
fn a_committed_height_frees_its_streams() {
    let signers = signers(4);
    let mut assembler = assembler(&signers);
    let messages = stream(&signers, 5, 0, &block(300_000));
    assert_eq!(feed(&mut assembler, messages[..2].to_vec()), Ok(None));
    assert_eq!(assembler.announced_height(), Some(Height(5)));
    assembler.advance(Height(5), [set_of(&signers), set_of(&signers)]);
    assert_eq!(assembler.announced_height(), None);
    let error = PartError::HeightOutOfWindow { height: Height(5), committed: Height(5) };
    assert_eq!(feed(&mut assembler, [messages[0].clone()]), Err(error));
    assert!(assembler.validators(Height(5)).is_none());
    assert!(assembler.validators(Height(7)).is_some());
    assert!(assembler.validators(Height(8)).is_none());
}
