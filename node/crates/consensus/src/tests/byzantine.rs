//! One of four validators proposes what it must not. The honest three prevote nil, and the next
//! proposer's block is decided.

use super::network::{
    Network, Node, assert_agreement, node_seed, reach_all, remark, stop_all, validator_seed,
};
use crate::{
    context::{ChainContext, Height, Value},
    handle::{Running, prepare, stop},
    signing::ChainSigner,
    stream::{Announcement, split},
};
use codec::{DecodeAll, Encode};
use ecoledger_executor::{BuildBudget, Executor};
use ecoledger_primitives::{Block, Hashing, HeaderDigest, PreDigest, value_id};
use malachitebft_app_channel::{AppMsg, NetworkMsg, app::types::LocallyProposedValue};
use sp_core::storage::StateVersion;
use sp_keyring::Ed25519Keyring;
use sp_runtime::{OpaqueExtrinsic, traits::Hash as _};
use std::time::Duration;
use tokio::sync::mpsc;

/// The validator that is not honest.
const LIAR: u8 = 3;

/// What it makes of the block that it should propose: the header that it stands by, and the body
/// that it sends.
type Forge = fn(&Executor, Block) -> Block;

/// A block of the next height with a time of now.
fn honest_block(executor: &Executor, signer: &ChainSigner) -> Block {
    let parent = executor.head();
    let parent_ms = HeaderDigest::of(&parent.header).map_or(0, |digest| digest.pre.time_ms);
    let now_ms = crate::Clock::now_ms(&crate::SystemClock);
    let pre = PreDigest { time_ms: now_ms.max(parent_ms + 1), proposer: signer.address().0 };
    let built = executor.build_block(pre, std::iter::empty(), BuildBudget::default()).unwrap();
    built.executed.block().clone()
}

/// Starts the liar: an honest node, but that its turns to propose are answered with forgeries.
async fn start_liar(node: &Node, forge: Forge) {
    let Running { app, mut channels, engine, .. } =
        prepare(&node.config, node.executor.clone(), node.mempool.clone()).await.unwrap();

    let (to_app, from_engine) = mpsc::channel(16);
    let mut engine_messages = std::mem::replace(&mut channels.consensus, from_engine);
    let network = channels.network.clone();
    let executor = node.executor.clone();
    let signer = ChainSigner::new(executor.genesis_hash(), &validator_seed(LIAR));
    tokio::spawn(async move {
        while let Some(message) = engine_messages.recv().await {
            let AppMsg::GetValue { height, round, reply, .. } = message else {
                if to_app.send(message).await.is_err() {
                    return;
                }
                continue;
            };
            let block = forge(&executor, honest_block(&executor, &signer));
            let value = Value(value_id(&block.header));
            let _ = reply.send(LocallyProposedValue::<ChainContext>::new(height, round, value));
            let round = round.as_u32().unwrap();
            let announcement = Announcement { height, round, valid_round: None, value };
            for part in split(&signer, announcement, &block.encode(), 1).unwrap() {
                let _ = network.send(NetworkMsg::PublishProposalPart(part)).await;
            }
        }
    });
    let shutdown = node.shutdown.clone();
    tokio::spawn(async move {
        tokio::select! {
            ended = app.run(&mut channels) => panic!("the liar ended: {ended:?}"),
            () = shutdown.cancelled() => stop(engine).await,
        }
    });
}

/// The honest decide heights over two turns of the liar, none of them with its block.
async fn honest_validators_refuse(forge: Forge) {
    assert_ne!(node_seed(LIAR), validator_seed(LIAR));
    let network = Network::new(Duration::from_millis(500));
    let mut nodes = Vec::new();
    for index in 0..LIAR {
        nodes.push(network.node(index).start().await);
    }
    let liar = network.node(LIAR);
    start_liar(&liar, forge).await;
    let height = 5;
    reach_all(&nodes, height).await;
    assert_agreement(&nodes, height);

    let address = ChainSigner::new(liar.executor.genesis_hash(), &validator_seed(LIAR)).address();
    let mut late_rounds = 0;
    for number in 1..=height {
        let storage = nodes[0].executor.storage();
        let header = storage.header(number).unwrap().unwrap();
        assert_ne!(HeaderDigest::of(&header).unwrap().pre.proposer, address.0);
        let certificate = storage.certificate(number).unwrap().unwrap();
        late_rounds += u32::from(certificate.round > 0);
        assert!(Height(number) <= Height(height));
    }
    // It had its turn, and the height was decided after it.
    assert!(late_rounds > 0);
    nodes.push(liar);
    stop_all(nodes).await;
}

/// Puts a transaction into the block, and its root into the header.
fn with_transaction(mut block: Block, raw: &[u8]) -> Block {
    block.extrinsics.push(OpaqueExtrinsic::decode_all(&mut &*raw).unwrap());
    let body = block.extrinsics.iter().map(Encode::encode).collect();
    block.header.extrinsics_root = Hashing::ordered_trie_root(body, StateVersion::V0);
    block
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_with_a_forged_signature_is_refused() {
    honest_validators_refuse(|executor, block| {
        let mut raw = remark(executor, Ed25519Keyring::Alice, 0, "forged");
        let last = raw.len() - 1;
        raw[last] ^= 1;
        let forged = with_transaction(block, &raw);
        assert!(executor.has_own_body(&forged));
        forged
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_with_a_strangers_transaction_is_refused() {
    honest_validators_refuse(|executor, block| {
        let raw = remark(executor, Ed25519Keyring::One, 0, "who is it");
        with_transaction(block, &raw)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_with_another_state_root_is_refused() {
    honest_validators_refuse(|_, mut block| {
        block.header.state_root.0[0] ^= 1;
        block
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_with_a_body_that_is_not_its_own_is_refused() {
    honest_validators_refuse(|executor, mut block| {
        let raw = remark(executor, Ed25519Keyring::Alice, 0, "smuggled");
        block.extrinsics.push(OpaqueExtrinsic::decode_all(&mut raw.as_slice()).unwrap());
        block
    })
    .await;
}
