use super::chain::{START_MS, TestChain, certify, genesis_config, node_key, remark, validator};
use crate::{
    BuildBudget, ExecutorError, InvalidBlock, TransactionRefusal, VerifyError,
    backend::StateBackend,
    block::{Execution, timestamp},
    forgeries::{forgeries, is_prepared, preparation, prepare_genesis},
};
use codec::{DecodeAll, Encode};
use ecoledger_primitives::{Block, HeaderDigest, PreDigest, ValidatorSetDigest};
use ecoledger_runtime::{RuntimeCall, UncheckedExtrinsic, limits::BlockWeights};
use sp_keyring::Ed25519Keyring::{Alice, Bob};
use sp_runtime::{Digest, DigestItem, OpaqueExtrinsic};
use std::{sync::Arc, time::Duration};

fn invalid(chain: &TestChain, block: Block) -> InvalidBlock {
    let root = chain.head().header.state_root;
    let error = chain.verify_block(block).unwrap_err();
    assert_eq!(chain.head().header.state_root, root);
    match error {
        VerifyError::Invalid(reason) => reason,
        other => panic!("expected an invalid block, got {other}"),
    }
}

#[test]
fn a_built_block_verifies_and_commits_elsewhere() {
    let (proposer, other) = (TestChain::new(), TestChain::new());
    for round in 0..3u32 {
        let transactions = [
            proposer.sign(Alice, round, remark("a")),
            proposer.sign(Bob, round, remark(&"b".repeat(1_000))),
        ];
        let built = proposer.build(&transactions);
        assert_eq!(built.rejected, []);
        let block = built.executed.block().clone();
        let digest = HeaderDigest::of(&block.header).unwrap();
        assert_eq!(digest.pre.time_ms, START_MS + u64::from(round) * 1_000);

        let verified = other.verify_block(block.clone()).unwrap();
        assert_eq!(verified.header(), &block.header);
        assert_eq!(verified.extrinsic_hashes(), built.executed.extrinsic_hashes());

        let certificate = certify(&proposer.genesis_hash(), &block.header);
        let set = other.validator_set(block.header.number).unwrap().unwrap();
        certificate.verify(&other.genesis_hash(), &block.header, &set).unwrap();
        proposer.commit(built.executed, certificate.clone()).unwrap();
        other.commit(verified, certificate).unwrap();
        assert_eq!(proposer.head().hash, other.head().hash);
        assert_eq!(other.account_nonce(&Alice.to_account_id()).unwrap(), round + 1);
        assert_eq!(other.validator_set(block.header.number + 2).unwrap(), Some(set));
    }
    other.storage().verify_consistency().unwrap();
}

#[test]
fn commit_is_idempotent_and_told_once() {
    let chain = TestChain::new();
    let mut committed = chain.subscribe();
    let first = chain.build(&[chain.sign(Alice, 0, remark("x"))]);
    let block = first.executed.block().clone();
    let again = chain.verify_block(block.clone()).unwrap();
    let certificate = certify(&chain.genesis_hash(), &block.header);
    chain.commit(first.executed, certificate.clone()).unwrap();
    chain.commit(again, certificate).unwrap();
    let told = committed.try_recv().unwrap();
    assert_eq!(told.hash, block.header.hash());
    assert_eq!(told.extrinsic_hashes.len(), 2);
    let nonce_key =
        frame_system::Account::<ecoledger_runtime::Runtime>::hashed_key_for(Alice.to_account_id());
    assert!(told.update.changes().any(|(key, value)| key == nonce_key && value.is_some()));
    assert!(committed.try_recv().is_err());
}

#[test]
fn commit_rejects_another_certificate() {
    let chain = TestChain::new();
    let built = chain.build(&[]);
    let mut certificate = certify(&chain.genesis_hash(), built.executed.header());
    certificate.height += 1;
    let error = chain.commit(built.executed, certificate).unwrap_err();
    assert!(matches!(error, ExecutorError::Certificate { number: 1, .. }), "{error}");
    assert_eq!(chain.head().number, 0);
}

#[test]
fn verify_rejects_other_heights() {
    let chain = TestChain::new();
    let block = chain.build(&[]).executed.block().clone();
    chain.extend(&[]);
    let error = chain.verify_block(block).unwrap_err();
    assert!(matches!(error, VerifyError::NotNext { expected: 2, got: 1 }), "{error}");
}

#[test]
fn build_rejects_time_that_stands_still_and_strange_proposers() {
    let chain = TestChain::new();
    chain.extend(&[]);
    let pre = PreDigest { time_ms: START_MS, proposer: validator(0) };
    let error = chain.build_block(pre, std::iter::empty(), BuildBudget::default()).unwrap_err();
    assert!(matches!(error, ExecutorError::TimeNotAfterParent { .. }), "{error}");
    let pre = PreDigest { time_ms: START_MS + 1, proposer: validator(9) };
    let error = chain.build_block(pre, std::iter::empty(), BuildBudget::default()).unwrap_err();
    assert!(matches!(error, ExecutorError::UnknownProposer(2)), "{error}");
}

#[test]
fn build_leaves_out_what_is_invalid_and_keeps_the_rest() {
    let chain = TestChain::new();
    let good = chain.sign(Alice, 0, remark("good"));
    let stale = chain.sign(Alice, 0, remark("same nonce"));
    let future = chain.sign(Bob, 5, remark("later"));
    let next = chain.sign(Alice, 1, remark("next"));
    let built = chain.build(&[good.clone(), stale.clone(), future, vec![1, 2, 3], next.clone()]);
    let body: Vec<_> =
        built.executed.block().extrinsics.iter().skip(1).map(Encode::encode).collect();
    assert_eq!(body, [good.clone(), next.clone()]);
    let rejected: Vec<_> = built.rejected.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(rejected.len(), 2);
    assert!(rejected[0].contains("outdated"), "{rejected:?}");
    assert!(rejected[1].contains("decode"), "{rejected:?}");
    // What was left out left no trace: the same block without it is the same block.
    let clean = chain.build(&[good, next]);
    assert_eq!(clean.executed.header(), built.executed.header());
}

#[test]
fn build_stops_when_the_head_moves() {
    let chain = TestChain::new();
    let raw: Arc<[u8]> = chain.sign(Alice, 0, remark("x")).into();
    let offered = std::iter::once_with(|| {
        chain.extend(&[]);
        raw.clone()
    });
    let error = chain.build_block(chain.pre(), offered, BuildBudget::default()).unwrap_err();
    assert!(matches!(error, ExecutorError::HeadMoved { from: 0 }), "{error}");
    chain.extend(&[raw.to_vec()]);
}

#[test]
fn build_keeps_failed_dispatches() {
    let chain = TestChain::new();
    let filtered = RuntimeCall::System(frame_system::Call::set_storage { items: vec![] });
    chain.extend(&[chain.sign(Alice, 0, filtered)]);
    assert_eq!(chain.account_nonce(&Alice.to_account_id()).unwrap(), 1);
}

#[test]
fn build_keeps_to_its_budget() {
    let chain = TestChain::new();
    let transactions: Vec<_> =
        (0..10).map(|nonce| chain.sign(Alice, nonce, remark("0123456789"))).collect();
    let build = |budget| {
        let offered = transactions.iter().map(|raw| Arc::from(raw.as_slice()));
        let built = chain.build_block(chain.pre(), offered, budget).unwrap();
        assert_eq!(built.rejected, []);
        built.executed.extrinsic_hashes().len() - 1
    };
    let budget = BuildBudget::default();
    assert_eq!(build(budget), 10);
    assert_eq!(build(BuildBudget { transactions_max: 3, ..budget }), 3);
    let bytes_max = transactions[0].len() * 4 + 1;
    assert_eq!(build(BuildBudget { bytes_max, ..budget }), 4);
    assert_eq!(build(BuildBudget { time_max: Duration::ZERO, ..budget }), 0);
}

/// A valid block of one transaction, to be tampered with.
fn victim(chain: &TestChain) -> Block {
    chain.build(&[chain.sign(Alice, 0, remark("victim"))]).executed.block().clone()
}

#[test]
fn verify_rejects_tampered_headers() {
    let chain = TestChain::new();
    let block = victim(&chain);
    let tampered = |change: fn(&mut Block)| {
        let mut block = block.clone();
        change(&mut block);
        invalid(&chain, block)
    };
    let reason = tampered(|block| block.header.parent_hash.0[0] ^= 1);
    assert!(matches!(reason, InvalidBlock::WrongParent { .. }), "{reason}");
    let reason = tampered(|block| block.header.state_root.0[0] ^= 1);
    assert!(matches!(reason, InvalidBlock::HeaderMismatch { field: "state root", .. }), "{reason}");
    let reason = tampered(|block| block.header.extrinsics_root.0[0] ^= 1);
    assert!(
        matches!(reason, InvalidBlock::HeaderMismatch { field: "extrinsics root", .. }),
        "{reason}"
    );
    chain.verify_block(block).unwrap();
}

#[test]
fn verify_rejects_tampered_digests() {
    let chain = TestChain::new();
    let block = victim(&chain);
    let with_logs = |change: &dyn Fn(&mut Digest)| {
        let mut block = block.clone();
        change(&mut block.header.digest);
        invalid(&chain, block)
    };
    for change in [
        &|digest: &mut Digest| digest.logs.clear() as _,
        &|digest: &mut Digest| digest.logs.reverse(),
        &|digest: &mut Digest| digest.logs.push(DigestItem::Other(vec![1])),
        &|digest: &mut Digest| digest.logs.push(digest.logs[0].clone()),
        &|digest: &mut Digest| digest.logs.truncate(1),
    ] as [&dyn Fn(&mut Digest); 5]
    {
        let reason = with_logs(change);
        assert!(matches!(reason, InvalidBlock::BadDigest), "{reason}");
    }
    let reason = with_logs(&|digest| {
        digest.logs[1] = ValidatorSetDigest { next: [1; 32], after_next: [2; 32] }.to_item();
    });
    assert!(matches!(reason, InvalidBlock::HeaderMismatch { field: "digest", .. }), "{reason}");
    let pre = HeaderDigest::of(&block.header).unwrap().pre;
    let with_pre =
        |pre: PreDigest| with_logs(&|digest| digest.logs[0] = pre.to_digest().logs[0].clone());
    let reason = with_pre(PreDigest { proposer: validator(9), ..pre });
    assert!(matches!(reason, InvalidBlock::UnknownProposer), "{reason}");
    let reason = with_pre(PreDigest { time_ms: 0, ..pre });
    assert!(matches!(reason, InvalidBlock::TimeNotAfterParent { .. }), "{reason}");
    let reason = with_pre(PreDigest { time_ms: pre.time_ms + 1, ..pre });
    assert!(matches!(reason, InvalidBlock::BadTimestamp), "{reason}");
    // The same block by another validator is another block, and not this state.
    let reason = with_pre(PreDigest { proposer: validator(1), ..pre });
    assert!(matches!(reason, InvalidBlock::HeaderMismatch { .. }), "{reason}");
}

#[test]
fn verify_rejects_tampered_bodies() {
    let chain = TestChain::new();
    let block = victim(&chain);
    let with_body = |change: &dyn Fn(&mut Vec<OpaqueExtrinsic>)| {
        let mut block = block.clone();
        change(&mut block.extrinsics);
        invalid(&chain, block)
    };
    for change in [
        &|body: &mut Vec<OpaqueExtrinsic>| body.clear() as _,
        &|body: &mut Vec<OpaqueExtrinsic>| drop(body.remove(0)),
        &|body: &mut Vec<OpaqueExtrinsic>| body.reverse(),
        &|body: &mut Vec<OpaqueExtrinsic>| body[0] = opaque(&timestamp(START_MS + 1).encode()),
    ] as [&dyn Fn(&mut Vec<OpaqueExtrinsic>); 4]
    {
        let reason = with_body(change);
        assert!(matches!(reason, InvalidBlock::BadTimestamp), "{reason}");
    }
    // A second timestamp is no signed transaction.
    let reason = with_body(&|body| body.insert(1, body[0].clone()));
    assert!(matches!(reason, InvalidBlock::Transaction { index: 1, .. }), "{reason}");
    let reason = with_body(&|body| drop(body.pop()));
    assert!(matches!(reason, InvalidBlock::HeaderMismatch { .. }), "{reason}");
    // The same transaction twice.
    let reason = with_body(&|body| body.push(body[1].clone()));
    assert!(matches!(reason, InvalidBlock::Transaction { index: 2, .. }), "{reason}");
    let reason = with_body(&|body| {
        let mut raw = body[1].encode();
        *raw.last_mut().unwrap() ^= 1;
        body[1] = opaque(&raw);
    });
    assert!(reason.to_string().contains("bad signature"), "{reason}");
    let reason = with_body(&|body| body.push(OpaqueExtrinsic::from_blob(vec![0; 3 << 20])));
    assert!(matches!(reason, InvalidBlock::TooLong { .. }), "{reason}");
}

#[test]
fn verify_rejects_every_forgery_for_its_reason() {
    let mut config = genesis_config();
    prepare_genesis(&mut config);
    let chain = TestChain::with(&config);
    chain.extend(&preparation(&chain));
    while !is_prepared(&chain) {
        assert!(chain.head().number < 10, "the transactions did not have their effect");
        chain.extend(&[]);
    }
    for forgery in forgeries() {
        let mut block = chain.build(&[]).executed.block().clone();
        (forgery.forge)(&chain, &mut block);
        let reason = invalid(&chain, block).to_string();
        assert!(reason.contains(forgery.reason), "{}: {reason}", forgery.name);
    }
    chain.extend(&[chain.sign(Bob, 0, remark("honest"))]);
}

/// The runtime asserts that a block's timestamp is its digest's: a transaction that panics, in the
/// middle of a block, after it has begun to write.
#[test]
fn a_transaction_that_panics_leaves_no_trace() {
    let chain = TestChain::new();
    let pre = PreDigest { time_ms: START_MS, proposer: validator(0) };
    let header = |panics: bool| {
        let head = chain.head();
        let backend = StateBackend::for_block(chain.storage(), Some(head.number)).unwrap();
        let mut execution = Execution::begin(&backend, &head, pre).ok().unwrap();
        let mut apply = |raw: &[u8]| {
            let extrinsic = UncheckedExtrinsic::decode_all(&mut &*raw).unwrap();
            let hash = sp_io::hashing::blake2_256(raw).into();
            execution.apply(raw, hash, extrinsic).ok().unwrap()
        };
        let remark = chain.sign(Alice, 0, remark("x"));
        if panics {
            let refusal = apply(&timestamp(START_MS + 1).encode()).unwrap_err();
            assert!(matches!(refusal, TransactionRefusal::Panicked(_)), "{refusal}");
        }
        apply(&timestamp(START_MS).encode()).unwrap();
        if panics {
            let refusal = apply(&timestamp(START_MS + 1).encode()).unwrap_err();
            assert!(matches!(refusal, TransactionRefusal::Panicked(_)), "{refusal}");
        }
        apply(&remark).unwrap();
        execution.finish().ok().unwrap().header().clone()
    };
    assert_eq!(header(true), header(false));
    // The thread, the store and the chain go on.
    let built = chain.build(&[chain.sign(Alice, 0, remark("x"))]);
    assert_eq!(built.rejected, []);
}

fn opaque(raw: &[u8]) -> OpaqueExtrinsic {
    OpaqueExtrinsic::decode_all(&mut &*raw).unwrap()
}

#[test]
fn a_block_with_many_transactions_verifies_its_signatures_ahead() {
    let (proposer, other) = (TestChain::new(), TestChain::new());
    let transactions: Vec<_> =
        (0..200).map(|nonce| proposer.sign(Alice, nonce, remark("many"))).collect();
    let built = proposer.build(&transactions);
    assert_eq!(built.executed.extrinsic_hashes().len(), 201);
    let block = built.executed.block().clone();
    other.verify_block(block.clone()).unwrap();
    let mut forged = block;
    let mut raw = forged.extrinsics[150].encode();
    *raw.last_mut().unwrap() ^= 1;
    forged.extrinsics[150] = opaque(&raw);
    let reason = invalid(&other, forged);
    assert!(matches!(reason, InvalidBlock::Transaction { index: 150, .. }), "{reason}");
}

#[test]
fn a_full_block_is_full_for_everybody() {
    let chain = TestChain::new();
    let transactions: Vec<_> =
        (0..3_000).map(|nonce| chain.sign(Alice, nonce, remark("full"))).collect();
    let built = chain.build(&transactions);
    assert_eq!(built.rejected, []);
    let taken = built.executed.extrinsic_hashes().len() - 1;
    assert!((500..3_000).contains(&taken), "{taken}");
    let mut overfull = built.executed.block().clone();
    chain.verify_block(overfull.clone()).unwrap();
    overfull.extrinsics.push(opaque(&transactions[taken]));
    let reason = invalid(&chain, overfull);
    assert!(reason.to_string().contains("exhaust the block limits"), "{reason}");
}

#[test]
fn a_motion_changes_the_validators_two_heights_later() {
    let chain = TestChain::new();
    let proposal: RuntimeCall =
        pallet_validators::Call::add_validator { key: validator(7), node_key: node_key(7) }.into();
    let hash = sp_io::hashing::blake2_256(&proposal.encode()).into();
    let length_bound = proposal.encoded_size() as u32;
    let vote = || pallet_collective::Call::vote { proposal: hash, index: 0, approve: true };
    let propose = pallet_collective::Call::propose {
        threshold: 2,
        proposal: Box::new(proposal),
        length_bound,
    };
    let close = pallet_collective::Call::close {
        proposal_hash: hash,
        index: 0,
        proposal_weight_bound: BlockWeights::get().max_block / 2,
        length_bound,
    };
    let call = RuntimeCall::Committee;
    chain.extend(&[chain.sign(Alice, 0, call(propose)), chain.sign(Alice, 1, call(vote()))]);
    chain.extend(&[chain.sign(Bob, 0, call(vote())), chain.sign(Bob, 1, call(close))]);
    // Decided in block 2: block 3 is the old set's, block 4 the new one's.
    let size = |height| chain.validator_set(height).unwrap().unwrap().keys().len();
    assert_eq!([size(2), size(3), size(4)], [4, 4, 5]);
    let sets = HeaderDigest::of(&chain.head().header).unwrap().sets;
    assert_eq!(sets.next, chain.validator_set(3).unwrap().unwrap().hash());
    assert_eq!(sets.after_next, chain.validator_set(4).unwrap().unwrap().hash());
    assert!(chain.permitted_nodes().unwrap().contains(&node_key(7)));
    let pre = |chain: &TestChain| PreDigest { proposer: validator(7), ..chain.pre() };
    let build = |pre| chain.build_block(pre, std::iter::empty(), BuildBudget::default());
    assert!(matches!(build(pre(&chain)), Err(ExecutorError::UnknownProposer(3))));
    chain.extend(&[]);
    build(pre(&chain)).unwrap();
    chain.check_invariants(chain.head().number).unwrap();
}
