use super::{genesis, signers, value};
use crate::{
    codec::{CodecError, NetworkCodec, ScaleCodec},
    context::{Address, ChainContext, Height, Manifest, Proposal, ProposalPart, Signature, Vote},
    limits::{
        CONSENSUS_MESSAGE_BYTES_MAX, PART_BYTES_MAX, PART_MESSAGE_BYTES_MAX, ROUND_MAX,
        STREAM_ID_BYTES_MAX, SYNC_BATCH_MAX,
    },
    peers::{PeerHeights, peer_id},
};
use bytes::Bytes;
use ecoledger_primitives::VALIDATORS_MAX;
use malachitebft_app_channel::app::{
    consensus::LivenessMsg,
    streaming::{StreamContent, StreamId, StreamMessage},
    types::{
        PeerId, ProposedValue, SignedConsensusMsg,
        codec::{Codec, HasEncodedLen},
        core::{
            ExtendedCommitCertificate, ExtendedCommitSignature, NilOrVal, PolkaCertificate,
            PolkaSignature, Round, RoundCertificate, RoundCertificateType, RoundSignature,
            SignedExtension, SignedProposal, SignedVote, ValidatorProof, Validity, VoteType,
        },
        sync::{RawDecidedValue, Request, Response, Status},
    },
};
use malachitebft_sync::{ValueRequest, ValueResponse};
use proptest::prelude::*;
use std::{collections::BTreeSet, fmt::Debug, sync::Arc};
use tokio::sync::watch;

const ADDRESS: Address = Address([0xaa; 32]);
const SIGNATURE: Signature = Signature([0xbb; 64]);

/// Encodes to exactly `expected`, and back.
fn golden<T>(message: &T, expected: &[u8])
where
    T: PartialEq + Debug,
    ScaleCodec: Codec<T, Error = CodecError>,
{
    let encoded = ScaleCodec.encode(message).unwrap();
    assert_eq!(hex::encode(&encoded), hex::encode(expected));
    assert_eq!(&ScaleCodec.decode(encoded.clone()).unwrap(), message);

    let mut longer = encoded.to_vec();
    longer.push(0);
    let refused: Result<T, _> = ScaleCodec.decode(longer.into());
    assert!(matches!(refused, Err(CodecError::Malformed(_) | CodecError::TooLong { .. })));
    let refused: Result<T, _> = ScaleCodec.decode(encoded.slice(..encoded.len() - 1));
    assert!(refused.is_err());
}

fn vote(
    kind: VoteType,
    value: NilOrVal<ecoledger_primitives::ValueId>,
) -> SignedVote<ChainContext> {
    let vote =
        Vote { kind, height: Height(0x0102), round: Round::Some(3), value, validator: ADDRESS };
    SignedVote::new(vote, SIGNATURE)
}

/// Height 0x0102 and round 3 in SCALE.
fn position() -> Vec<u8> {
    vec![2, 1, 0, 0, 3, 0, 0, 0]
}

fn precommit_bytes() -> Vec<u8> {
    [vec![1], position(), vec![1], vec![9; 32], vec![0xaa; 32], vec![0xbb; 64]].concat()
}

#[test]
fn votes_are_golden() {
    let precommit = vote(VoteType::Precommit, NilOrVal::Val(value(9).0));
    let expected = [vec![0], precommit_bytes()].concat();
    golden(&SignedConsensusMsg::<ChainContext>::Vote(precommit.clone()), &expected);
    golden(&LivenessMsg::<ChainContext>::Vote(precommit), &expected);

    let nil = vote(VoteType::Prevote, NilOrVal::Nil);
    let expected = [vec![0, 0], position(), vec![0], vec![0xaa; 32], vec![0xbb; 64]].concat();
    golden(&SignedConsensusMsg::<ChainContext>::Vote(nil), &expected);
}

#[test]
fn proposals_are_golden() {
    let proposal = |pol_round| {
        let proposal = Proposal {
            height: Height(0x0102),
            round: Round::Some(3),
            value: value(9),
            pol_round,
            proposer: ADDRESS,
        };
        SignedConsensusMsg::<ChainContext>::Proposal(SignedProposal::new(proposal, SIGNATURE))
    };
    let expected = |pol: Vec<u8>| {
        [vec![1], position(), vec![9; 32], pol, vec![0xaa; 32], vec![0xbb; 64]].concat()
    };
    golden(&proposal(Round::Nil), &expected(vec![0]));
    golden(&proposal(Round::Some(2)), &expected(vec![1, 2, 0, 0, 0]));
}

#[test]
fn proposed_values_are_golden() {
    let proposed = ProposedValue::<ChainContext> {
        height: Height(0x0102),
        round: Round::Some(3),
        valid_round: Round::Some(1),
        proposer: ADDRESS,
        value: value(9),
        validity: Validity::Invalid,
    };
    let expected = [position(), vec![1, 1, 0, 0, 0], vec![0xaa; 32], vec![9; 32], vec![0]].concat();
    golden(&proposed, &expected);
    let valid = ProposedValue { validity: Validity::Valid, valid_round: Round::Nil, ..proposed };
    let expected = [position(), vec![0], vec![0xaa; 32], vec![9; 32], vec![1]].concat();
    golden(&valid, &expected);
}

#[test]
fn certificates_are_golden() {
    let polka = PolkaCertificate::<ChainContext> {
        height: Height(0x0102),
        round: Round::Some(3),
        value_id: value(9).0,
        polka_signatures: vec![PolkaSignature::new(ADDRESS, SIGNATURE)],
    };
    let expected = [position(), vec![9; 32], vec![4], vec![0xaa; 32], vec![0xbb; 64]].concat();
    golden(&polka, &expected);
    golden(&LivenessMsg::PolkaCertificate(polka), &[vec![1], expected].concat());

    let round = RoundCertificate::<ChainContext> {
        height: Height(0x0102),
        round: Round::Some(3),
        cert_type: RoundCertificateType::Precommit,
        round_signatures: vec![RoundSignature::new(
            VoteType::Precommit,
            NilOrVal::Nil,
            ADDRESS,
            SIGNATURE,
        )],
    };
    let tail = [vec![4, 1, 0], vec![0xaa; 32], vec![0xbb; 64]].concat();
    let expected = [vec![2], position(), vec![1], tail.clone()].concat();
    golden(&LivenessMsg::SkipRoundCertificate(round.clone()), &expected);
    let skip = RoundCertificate { cert_type: RoundCertificateType::Skip, ..round };
    let expected = [vec![2], position(), vec![0], tail].concat();
    golden(&LivenessMsg::SkipRoundCertificate(skip), &expected);
}

#[test]
fn proposal_parts_are_golden() {
    let manifest = Manifest {
        height: Height(0x0102),
        round: 3,
        valid_round: None,
        value: value(9),
        length: 5,
        sender: ADDRESS,
    };
    let manifest_bytes =
        [vec![0], position(), vec![0], vec![9; 32], vec![5, 0, 0, 0], vec![0xaa; 32]].concat();
    let part = ProposalPart::Manifest(manifest, SIGNATURE);
    let part_bytes = [manifest_bytes, vec![0xbb; 64]].concat();
    golden(&part, &part_bytes);

    let stream_id = StreamId::new(vec![7, 8].into());
    let message = StreamMessage::new(stream_id.clone(), 0, StreamContent::Data(part));
    golden(&message, &[vec![8, 7, 8], vec![0; 8], part_bytes].concat());

    let data = ProposalPart::Data(vec![1, 2, 3].try_into().unwrap());
    let message = StreamMessage::new(stream_id.clone(), 1, StreamContent::Data(data));
    golden(&message, &[8, 7, 8, 1, 0, 0, 0, 0, 0, 0, 0, 1, 12, 1, 2, 3]);

    let end = StreamMessage::<ProposalPart>::new(stream_id, 2, StreamContent::Fin);
    assert_eq!(ScaleCodec.encode(&end), Err(CodecError::Invalid("an end of stream")));
}

#[test]
fn largest_part_fits_its_message() {
    let data = ProposalPart::Data(vec![0; PART_BYTES_MAX as usize].try_into().unwrap());
    let id = StreamId::new(vec![0; STREAM_ID_BYTES_MAX as usize].into());
    let message = StreamMessage::new(id, u64::MAX, StreamContent::Data(data));
    let encoded = ScaleCodec.encode(&message).unwrap();
    assert!(encoded.len() <= PART_MESSAGE_BYTES_MAX as usize);
    assert_eq!(ScaleCodec.decode(encoded), Ok(message));

    let id = StreamId::new(vec![0; STREAM_ID_BYTES_MAX as usize + 1].into());
    let data = ProposalPart::Data(vec![0].try_into().unwrap());
    assert!(ScaleCodec.encode(&StreamMessage::new(id, 1, StreamContent::Data(data))).is_err());
}

fn certificate(n_signatures: usize) -> ExtendedCommitCertificate<ChainContext> {
    ExtendedCommitCertificate {
        height: Height(0x0102),
        round: Round::Some(3),
        value_id: value(9).0,
        commit_signatures: vec![
            ExtendedCommitSignature::new(ADDRESS, SIGNATURE, None);
            n_signatures
        ],
    }
}

fn response(n_values: usize, n_signatures: usize) -> Response<ChainContext> {
    let value = RawDecidedValue::new(Bytes::from_static(&[1, 2]), certificate(n_signatures));
    Response::ValueResponse(ValueResponse::new(Height(0x0102), vec![value; n_values]))
}

fn status(node: &[u8; 32], height: u32) -> Status<ChainContext> {
    Status {
        peer_id: PeerId::from_bytes(&peer_id(node).to_bytes()).unwrap(),
        tip_height: Height(height),
        history_min_height: Height(1),
    }
}

#[test]
fn sync_messages_are_golden() {
    let key = [0xcc; 32];
    let status = status(&key, 0x0102);
    let id = [vec![152, 0x00, 0x24, 0x08, 0x01, 0x12, 0x20], key.to_vec()].concat();
    golden(&status, &[id, vec![2, 1, 0, 0, 1, 0, 0, 0]].concat());

    let request = Request::<ChainContext>::ValueRequest(ValueRequest::new(Height(2)..=Height(9)));
    golden(&request, &[0, 2, 0, 0, 0, 9, 0, 0, 0]);

    let expected = [
        vec![0, 2, 1, 0, 0, 4, 8, 1, 2],
        position(),
        vec![9; 32],
        vec![4],
        vec![0xaa; 32],
        vec![0xbb; 64],
    ]
    .concat();
    golden(&response(1, 1), &expected);
    assert_eq!(ScaleCodec.encoded_len(&response(1, 1)).unwrap(), expected.len());
}

#[test]
fn validator_proofs_are_golden() {
    let proof = ValidatorProof::<ChainContext>::new(vec![0xcc; 32], vec![1, 2], SIGNATURE);
    golden(&proof, &[vec![0xcc; 32], vec![8, 1, 2], vec![0xbb; 64]].concat());
    let short = ValidatorProof::<ChainContext>::new(vec![0xcc; 31], vec![1, 2], SIGNATURE);
    assert!(ScaleCodec.encode(&short).is_err());
}

#[test]
fn lists_reject_more_than_their_bound() {
    assert!(ScaleCodec.encode(&response(1, VALIDATORS_MAX)).is_ok());
    assert!(ScaleCodec.encode(&response(1, VALIDATORS_MAX + 1)).is_err());
    assert!(ScaleCodec.encode(&response(SYNC_BATCH_MAX as usize, 1)).is_ok());
    assert!(ScaleCodec.encode(&response(SYNC_BATCH_MAX as usize + 1, 1)).is_err());
    // What a peer claims is not believed: a compact length of 2^30 - 1 values.
    let claim = [vec![0, 2, 1, 0, 0], vec![0xfe, 0xff, 0xff, 0xff]].concat();
    let refused: Result<Response<ChainContext>, _> = ScaleCodec.decode(claim.into());
    assert!(refused.is_err());
}

#[test]
fn vote_extensions_are_rejected() {
    let mut certificate = certificate(1);
    certificate.commit_signatures[0].extension =
        Some(SignedExtension::<ChainContext>::new((), SIGNATURE));
    let value = RawDecidedValue::new(Bytes::new(), certificate);
    let response =
        Response::<ChainContext>::ValueResponse(ValueResponse::new(Height(1), vec![value]));
    assert_eq!(ScaleCodec.encode(&response), Err(CodecError::Invalid("a vote extension")));
}

#[test]
fn rounds_reject_what_is_never_reached() {
    let at = |round: Round| {
        let signed = vote(VoteType::Prevote, NilOrVal::Nil);
        let vote = Vote { round, ..signed.message };
        SignedConsensusMsg::<ChainContext>::Vote(SignedVote::new(vote, SIGNATURE))
    };
    assert!(ScaleCodec.encode(&at(Round::Nil)).is_err());
    let decode = |round| {
        let bytes = ScaleCodec.encode(&at(Round::Some(round))).unwrap();
        let decoded: Result<SignedConsensusMsg<ChainContext>, _> = ScaleCodec.decode(bytes);
        decoded
    };
    assert!(decode(ROUND_MAX).is_ok());
    assert!(decode(ROUND_MAX + 1).is_err());
    assert!(decode(u32::MAX).is_err());
}

#[test]
fn messages_reject_more_bytes_than_their_bound() {
    let long = Bytes::from(vec![0; CONSENSUS_MESSAGE_BYTES_MAX as usize + 1]);
    let refused: Result<SignedConsensusMsg<ChainContext>, _> = ScaleCodec.decode(long);
    let limit = CONSENSUS_MESSAGE_BYTES_MAX;
    assert_eq!(refused, Err(CodecError::TooLong { got: limit as usize + 1, limit }));
}

#[test]
fn largest_certificate_fits_a_liveness_message() {
    let polka = PolkaCertificate::<ChainContext> {
        height: Height(u32::MAX),
        round: Round::Some(ROUND_MAX),
        value_id: value(9).0,
        polka_signatures: vec![PolkaSignature::new(ADDRESS, SIGNATURE); VALIDATORS_MAX],
    };
    assert!(ScaleCodec.encode(&LivenessMsg::PolkaCertificate(polka)).is_ok());
    let signature =
        RoundSignature::new(VoteType::Precommit, NilOrVal::Val(value(9).0), ADDRESS, SIGNATURE);
    let round = RoundCertificate::<ChainContext> {
        height: Height(u32::MAX),
        round: Round::Some(ROUND_MAX),
        cert_type: RoundCertificateType::Skip,
        round_signatures: vec![signature; VALIDATORS_MAX],
    };
    assert!(ScaleCodec.encode(&LivenessMsg::SkipRoundCertificate(round)).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_decode_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let bytes = Bytes::from(bytes);
        let _: Result<SignedConsensusMsg<ChainContext>, _> = ScaleCodec.decode(bytes.clone());
        let _: Result<LivenessMsg<ChainContext>, _> = ScaleCodec.decode(bytes.clone());
        let _: Result<StreamMessage<ProposalPart>, _> = ScaleCodec.decode(bytes.clone());
        let _: Result<Status<ChainContext>, _> = ScaleCodec.decode(bytes.clone());
        let _: Result<Request<ChainContext>, _> = ScaleCodec.decode(bytes.clone());
        let _: Result<Response<ChainContext>, _> = ScaleCodec.decode(bytes.clone());
        let _: Result<ValidatorProof<ChainContext>, _> = ScaleCodec.decode(bytes);
    }
}

#[test]
fn heights_that_peers_announce_are_noted() {
    let [near, far, stranger] = [[1; 32], [2; 32], [3; 32]];
    let (_permitted, permitted) = watch::channel(Arc::new(BTreeSet::from([near, far])));
    let heights = PeerHeights::new(permitted);
    let codec = NetworkCodec::new(heights.clone());
    assert_eq!(heights.highest(), None);
    // The last word counts, and a stranger has none.
    for (node, height) in [(&far, 4), (&near, 9), (&near, 7), (&stranger, 99)] {
        let message = status(node, height);
        let decoded: Status<_> = codec.decode(codec.encode(&message).unwrap()).unwrap();
        assert_eq!(decoded, message);
    }
    let bytes = codec.encode(&status(&near, 50)).unwrap();
    let cut: Result<Status<ChainContext>, _> = codec.decode(bytes.slice(..bytes.len() - 1));
    assert!(cut.is_err());
    assert_eq!(heights.highest(), Some(7));
    assert_eq!([near, far, stranger].map(|node| heights.of(&node)), [Some(7), Some(4), None]);
}

#[test]
fn signatures_do_not_depend_on_the_encoding() {
    // A signed message that was decoded has the bytes that were signed.
    let signer = &signers(1)[0];
    let manifest = Manifest {
        height: Height(1),
        round: 0,
        valid_round: None,
        value: value(1),
        length: 1,
        sender: signer.address(),
    };
    let part = ProposalPart::Manifest(manifest.clone(), signer.sign_manifest(&manifest));
    let decoded: ProposalPart = ScaleCodec.decode(ScaleCodec.encode(&part).unwrap()).unwrap();
    let ProposalPart::Manifest(decoded, signature) = decoded else { panic!("a manifest") };
    assert_eq!(decoded.signed_bytes(&genesis()), manifest.signed_bytes(&genesis()));
    assert!(super::verifier().verify_manifest(&decoded, &signature));
}
