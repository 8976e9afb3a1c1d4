//! One of four validators proposes what it must not. The honest three prevote nil, and the next
//! proposer's block is decided.

use super::network::{
    Network, Node, assert_agreement, node_seed, reach_all, stop_all, validator_seed,
};
use crate::{
    context::{ChainContext, Value, Vote},
    handle::{Running, prepare, stop},
    signing::ChainSigner,
    stream::{Announcement, split},
};
use codec::Encode;
use ecoledger_executor::{
    BuildBudget, Executor,
    forgeries::{Forgery, forgeries, is_prepared, preparation, prepare_genesis},
};
use ecoledger_primitives::{Block, BlockNumber, HeaderDigest, PreDigest, ValueId, value_id};
use malachitebft_app_channel::{
    AppMsg, NetworkMsg,
    app::{
        engine::util::events::{Event, RxEvent},
        types::{
            LocallyProposedValue, SignedConsensusMsg,
            core::{NilOrVal, VoteType},
        },
    },
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    sync::{
        broadcast::error::RecvError,
        mpsc::{self, Sender},
    },
    time::timeout,
};

/// The validator that is not honest.
const LIAR: u8 = 3;

/// Longest wait for the whole table; about a second for each forgery is usual.
const PATIENCE: Duration = Duration::from_secs(400);

/// A block that the liar proposed.
struct Lie {
    forgery: &'static Forgery,
    height: BlockNumber,
    round: u32,
    /// Whether validators take the bytes for the announced block of the round's proposer, and so
    /// execute it. Anything else says nothing about the value: they wait, and prevote nil.
    is_executed: bool,
}

/// What the liar said and what it heard.
#[derive(Default)]
struct Record {
    lies: Vec<Lie>,
    /// By height, round and validator.
    prevotes: BTreeMap<(BlockNumber, u32, [u8; 32]), NilOrVal<ValueId>>,
    /// Events that came faster than they were read.
    lost: u64,
}

/// A block of the next height with a time of now and no transactions.
fn honest_block(executor: &Executor, signer: &ChainSigner) -> Block {
    let parent = executor.head();
    let parent_ms = HeaderDigest::of(&parent.header).map_or(0, |digest| digest.pre.time_ms);
    let now_ms = crate::Clock::now_ms(&crate::SystemClock);
    let pre = PreDigest { time_ms: now_ms.max(parent_ms + 1), proposer: signer.address().0 };
    let built = executor.build_block(pre, std::iter::empty(), BuildBudget::default()).unwrap();
    built.executed.block().clone()
}

/// Writes down who prevotes what.
async fn listen(mut events: RxEvent<ChainContext>, record: Arc<Mutex<Record>>) {
    loop {
        match events.recv().await {
            Ok(Event::Received(SignedConsensusMsg::Vote(signed))) => {
                let Vote { kind, height, round, value, validator } = signed.message;
                if kind == VoteType::Prevote {
                    let key = (height.0, round.as_u32().unwrap(), validator.0);
                    record.lock().unwrap().prevotes.insert(key, value);
                }
            }
            Ok(_) => {}
            Err(RecvError::Lagged(lost)) => record.lock().unwrap().lost += lost,
            Err(RecvError::Closed) => return,
        }
    }
}

/// Starts the liar: an honest node, but that its turns to propose are answered with one forgery
/// each, until all were told.
async fn start_liar(node: &Node, told: Sender<()>) -> Arc<Mutex<Record>> {
    let Running { app, mut channels, engine, .. } =
        prepare(&node.config, node.executor.clone(), node.mempool.clone()).await.unwrap();
    let record = Arc::<Mutex<Record>>::default();
    tokio::spawn(listen(channels.events.subscribe(), record.clone()));

    let (to_app, from_engine) = mpsc::channel(16);
    let mut engine_messages = std::mem::replace(&mut channels.consensus, from_engine);
    let network = channels.network.clone();
    let executor = node.executor.clone();
    let signer = ChainSigner::new(executor.genesis_hash(), &validator_seed(LIAR));
    let lies = record.clone();
    tokio::spawn(async move {
        let mut left = forgeries();
        while let Some(message) = engine_messages.recv().await {
            let is_turn = matches!(message, AppMsg::GetValue { .. }) && is_prepared(&executor);
            let forgery = if is_turn { left.next() } else { None };
            let (height, round, reply, forgery) = match (message, forgery) {
                (AppMsg::GetValue { height, round, reply, .. }, Some(forgery)) => {
                    (height, round, reply, forgery)
                }
                (message, _) => {
                    if to_app.send(message).await.is_err() {
                        return;
                    }
                    continue;
                }
            };
            let mut block = honest_block(&executor, &signer);
            (forgery.forge)(&executor, &mut block);
            let value = Value(value_id(&block.header));
            let _ = reply.send(LocallyProposedValue::<ChainContext>::new(height, round, value));
            let round = round.as_u32().unwrap();
            let announcement = Announcement { height, round, valid_round: None, value };
            for part in split(&signer, announcement, &block.encode(), 1).unwrap() {
                let _ = network.send(NetworkMsg::PublishProposalPart(part)).await;
            }
            let own = signer.address().0;
            let is_own = PreDigest::of(&block.header.digest).is_some_and(|pre| pre.proposer == own);
            let is_executed = is_own && executor.has_own_body(&block);
            let lie = Lie { forgery, height: height.0, round, is_executed };
            lies.lock().unwrap().lies.push(lie);
            if left.clone().next().is_none() {
                let _ = told.send(()).await;
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
    record
}

#[tokio::test(flavor = "multi_thread")]
async fn every_forged_block_gets_nil_from_all_and_the_chain_goes_on() {
    assert_ne!(node_seed(LIAR), validator_seed(LIAR));
    let network = Network::new(Duration::from_millis(50)).with_genesis(prepare_genesis);
    let eager = |mut node: Node| {
        node.config.block_interval_min = Duration::ZERO;
        // Long enough that the prevotes of all are heard before the round ends.
        node.config.timeouts.vote = Duration::from_secs(1);
        // A proposal that nobody can judge is waited for.
        node.config.timeouts.propose = Duration::from_secs(2);
        node
    };
    let mut nodes = Vec::new();
    for index in 0..LIAR {
        nodes.push(eager(network.node(index)).start().await);
    }
    let liar = eager(network.node(LIAR));
    let (told, mut all_told) = mpsc::channel(1);
    let record = start_liar(&liar, told).await;
    for raw in preparation(&nodes[0].executor) {
        for node in &nodes {
            node.submit(&raw).await;
        }
    }
    timeout(PATIENCE, all_told.recv()).await.unwrap().unwrap();
    // The last lie's height is decided too, and one more.
    let height = record.lock().unwrap().lies.last().unwrap().height + 1;
    reach_all(&nodes, height).await;
    assert_agreement(&nodes, height);

    check(&record.lock().unwrap(), &nodes);
    nodes.push(liar);
    stop_all(nodes).await;
}

/// Every honest node prevoted nil on every lie, and found invalid what it could execute; the height
/// was decided in a later round with another's block.
fn check(record: &Record, nodes: &[Node]) {
    let storage = nodes[0].executor.storage();
    let genesis = nodes[0].executor.genesis_hash();
    let address = |index| ChainSigner::new(genesis, &validator_seed(index)).address().0;
    assert_eq!(record.lost, 0);
    assert_eq!(record.lies.len(), forgeries().count());
    for Lie { forgery, height, round, .. } in &record.lies {
        for index in 0..LIAR {
            let key = (*height, *round, address(index));
            let prevote = record.prevotes.get(&key);
            let name = forgery.name;
            assert_eq!(prevote, Some(&NilOrVal::Nil), "{name}: validator {index}");
        }
        let header = storage.header(*height).unwrap().unwrap();
        let proposer = HeaderDigest::of(&header).unwrap().pre.proposer;
        assert_ne!(proposer, address(LIAR), "{}", forgery.name);
        let certificate = storage.certificate(*height).unwrap().unwrap();
        assert!(certificate.round > *round, "{}", forgery.name);
    }
    let n_executed = record.lies.iter().filter(|lie| lie.is_executed).count();
    assert!(n_executed > record.lies.len() / 2);
    for node in nodes {
        let found = node.executor.metrics().snapshot().blocks_invalid;
        assert_eq!(found, n_executed as u64, "node {}", node.index);
    }
}
