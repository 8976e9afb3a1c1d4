use super::{genesis, set_of, signers, value, verifier};
use crate::{
    context::{Address, ChainContext, Height, Manifest, Proposal, PublicKey, Signature, Vote},
    signing::{ChainSigner, ChainVerifier},
};
use ecoledger_primitives::{Hash, ValueId, VoteKind, ed25519_verify, vote_bytes};
use malachitebft_app_channel::{
    Signer, Verifier, VerifierExt,
    app::types::core::{
        CommitCertificate, CommitSignature, NilOrVal, Round, ThresholdParams, ValidatorProof,
        VoteExtensionScope, VoteType,
    },
};

fn vote(kind: VoteType, value: NilOrVal<ValueId>, validator: Address) -> Vote {
    Vote { kind, height: Height(3), round: Round::Some(2), value, validator }
}

fn key(signer: &ChainSigner) -> PublicKey {
    PublicKey(signer.address().0)
}

#[tokio::test]
async fn votes_sign_the_bytes_of_the_primitives() {
    let signer = &signers(1)[0];
    let id = value(9).0;
    for (kind, of_primitives) in
        [(VoteType::Prevote, VoteKind::Prevote), (VoteType::Precommit, VoteKind::Precommit)]
    {
        for (value, option) in [(NilOrVal::Nil, None), (NilOrVal::Val(id), Some(id))] {
            let signed = signer.sign_vote(vote(kind, value, signer.address())).await.unwrap();
            let bytes = vote_bytes(of_primitives, &genesis(), 3, 2, option);
            assert!(ed25519_verify(&signed.signature.0, &bytes, &signer.address().0));
            let verdict = verifier()
                .verify_signed_vote(&signed.message, &signed.signature, &key(signer))
                .await
                .unwrap();
            assert!(verdict.is_valid());
        }
    }
}

#[tokio::test]
async fn votes_count_for_one_purpose_only() {
    let signer = &signers(1)[0];
    let original = vote(VoteType::Precommit, NilOrVal::Val(value(9).0), signer.address());
    let signed = signer.sign_vote(original.clone()).await.unwrap();
    let other_chain = ChainVerifier { genesis: Hash::repeat_byte(8) };
    let rejects = |vote: Vote, verifier: ChainVerifier| async move {
        let key = PublicKey(signer.address().0);
        verifier.verify_signed_vote(&vote, &signed.signature, &key).await.unwrap().is_invalid()
    };
    assert!(!rejects(original.clone(), verifier()).await);
    assert!(rejects(original.clone(), other_chain).await);
    for changed in [
        Vote { kind: VoteType::Prevote, ..original.clone() },
        Vote { height: Height(4), ..original.clone() },
        Vote { round: Round::Some(3), ..original.clone() },
        Vote { round: Round::Nil, ..original.clone() },
        Vote { value: NilOrVal::Nil, ..original.clone() },
        Vote { value: NilOrVal::Val(value(8).0), ..original.clone() },
    ] {
        assert!(rejects(changed, verifier()).await);
    }
}

#[tokio::test]
async fn proposals_count_for_one_purpose_only() {
    let signer = &signers(1)[0];
    let original = Proposal {
        height: Height(3),
        round: Round::Some(2),
        value: value(9),
        pol_round: Round::Nil,
        proposer: signer.address(),
    };
    let signed = signer.sign_proposal(original.clone()).await.unwrap();
    let verify = |proposal: Proposal, verifier: ChainVerifier| async move {
        let key = PublicKey(signer.address().0);
        verifier
            .verify_signed_proposal(&proposal, &signed.signature, &key)
            .await
            .unwrap()
            .is_valid()
    };
    assert!(verify(original.clone(), verifier()).await);
    let other_chain = ChainVerifier { genesis: Hash::repeat_byte(8) };
    assert!(!verify(original.clone(), other_chain).await);
    for changed in [
        Proposal { height: Height(4), ..original.clone() },
        Proposal { round: Round::Some(1), ..original.clone() },
        Proposal { pol_round: Round::Some(0), ..original.clone() },
        Proposal { value: value(8), ..original.clone() },
    ] {
        assert!(!verify(changed, verifier()).await);
    }
}

#[tokio::test]
async fn proposal_bytes_are_golden() {
    let proposal = Proposal {
        height: Height(3),
        round: Round::Some(2),
        value: value(9),
        pol_round: Round::Nil,
        proposer: Address([1; 32]),
    };
    let expected = [
        b"ecoledger:pr:v1\0".to_vec(),
        vec![7; 32],
        3u64.to_be_bytes().to_vec(),
        2u32.to_be_bytes().to_vec(),
        vec![0xff; 8],
        vec![9; 32],
    ]
    .concat();
    assert_eq!(proposal.signed_bytes(&genesis()).unwrap(), expected);
    assert_eq!(Proposal { round: Round::Nil, ..proposal }.signed_bytes(&genesis()), None);
}

#[test]
fn manifest_bytes_are_golden() {
    let manifest = Manifest {
        height: Height(3),
        round: 2,
        valid_round: Some(1),
        value: value(9),
        length: 1000,
        sender: Address([1; 32]),
    };
    let expected = [
        b"ecoledger:st:v1\0".to_vec(),
        vec![7; 32],
        3u32.to_le_bytes().to_vec(),
        2u32.to_le_bytes().to_vec(),
        vec![1],
        1u32.to_le_bytes().to_vec(),
        vec![9; 32],
        1000u32.to_le_bytes().to_vec(),
        vec![1; 32],
    ]
    .concat();
    assert_eq!(manifest.signed_bytes(&genesis()), expected);
}

#[tokio::test]
async fn weak_keys_verify_nothing() {
    // The neutral element signs everything under the lax rule: R = 0, s = 0.
    let mut neutral = [0u8; 32];
    neutral[0] = 1;
    let mut signature = [0u8; 64];
    signature[0] = 1;
    let vote = vote(VoteType::Prevote, NilOrVal::Nil, Address(neutral));
    let verdict = verifier()
        .verify_signed_vote(&vote, &Signature(signature), &PublicKey(neutral))
        .await
        .unwrap();
    assert!(verdict.is_invalid());

    let proof =
        ValidatorProof::<ChainContext>::new(neutral.to_vec(), vec![1], Signature(signature));
    assert!(verifier().verify_validator_proof(&proof).await.unwrap().is_invalid());
}

#[tokio::test]
async fn validator_proofs_bind_key_and_peer() {
    let signer = &signers(1)[0];
    let proof =
        signer.sign_validator_proof(signer.address().0.to_vec(), vec![5; 38]).await.unwrap();
    assert!(verifier().verify_validator_proof(&proof).await.unwrap().is_valid());
    for changed in [
        ValidatorProof::new(proof.public_key.clone(), vec![6; 38], proof.signature),
        ValidatorProof::new(vec![1; 31], proof.peer_id.clone(), proof.signature),
        ValidatorProof::new(
            signers(2)[1].address().0.to_vec(),
            proof.peer_id.clone(),
            proof.signature,
        ),
    ] {
        let same = changed == proof;
        assert_eq!(verifier().verify_validator_proof(&changed).await.unwrap().is_valid(), same);
    }
}

#[tokio::test]
async fn extensions_are_refused() {
    let signer = &signers(1)[0];
    let scope = VoteExtensionScope::<ChainContext>::new(
        Height(1),
        Round::ZERO,
        value(1).0,
        signer.address(),
    );
    assert!(signer.sign_vote_extension(scope.clone(), ()).await.is_err());
    let verdict = verifier()
        .verify_signed_vote_extension(&scope, &(), &Signature([0; 64]), &key(signer))
        .await
        .unwrap();
    assert!(verdict.is_invalid());
}

#[tokio::test]
async fn engine_and_primitives_agree_on_certificates() {
    let signers = signers(4);
    let id = value(9).0;
    let mut commit_signatures = Vec::new();
    for signer in signers.iter().take(3) {
        let vote = vote(VoteType::Precommit, NilOrVal::Val(id), signer.address());
        let signed = signer.sign_vote(vote).await.unwrap();
        commit_signatures.push(CommitSignature::new(signer.address(), signed.signature));
    }
    let certificate = CommitCertificate::<ChainContext> {
        height: Height(3),
        round: Round::Some(2),
        value_id: id,
        commit_signatures,
    };
    let verify = |certificate: CommitCertificate<ChainContext>| {
        let set = set_of(&signers);
        async move {
            let thresholds = ThresholdParams::default();
            verifier()
                .verify_commit_certificate(&ChainContext, &certificate, &set, thresholds)
                .await
                .is_ok()
        }
    };
    assert!(verify(certificate.clone()).await);
    let mut too_few = certificate.clone();
    too_few.commit_signatures.pop();
    assert!(!verify(too_few).await);
    let mut twice = certificate.clone();
    twice.commit_signatures[1] = twice.commit_signatures[0].clone();
    assert!(!verify(twice).await);
    let mut forged = certificate;
    forged.commit_signatures[0].signature.0[0] ^= 1;
    assert!(!verify(forged).await);
}
