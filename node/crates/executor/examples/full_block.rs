//! Measures what a block costs that is full by weight, and the parts of it.
//!
//! `cargo run -p ecoledger-executor --example full_block`

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    reason = "a measurement that prints"
)]

use codec::Encode;
use ecoledger_executor::{BuildBudget, Executor, genesis};
use ecoledger_primitives::{
    AccountId, CommitCertificate, Hash, HeaderDigest, PreDigest, Signature, value_id,
};
use ecoledger_runtime::{RuntimeCall, SignedPayload, UncheckedExtrinsic, VERSION};
use ecoledger_storage::{StateRetention, Storage, StorageConfig};
use pallet_traceability::{EventContext, Gtin};
use serde_json::json;
use sp_core::{Pair as _, ed25519::Pair};
use sp_runtime::generic::Era;
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Transactions offered to a block; more than fit.
const OFFERED: usize = 6_000;
const PROPOSER: [u8; 32] = [
    // The public key of the seed of 32 ones.
    0x8a, 0x88, 0xe3, 0xdd, 0x74, 0x09, 0xf1, 0x95, 0xfd, 0x52, 0xdb, 0x2d, 0x3c, 0xba, 0x5d, 0x72,
    0xca, 0x67, 0x09, 0xbf, 0x1d, 0x94, 0x12, 0x1b, 0xf3, 0x74, 0x88, 0x01, 0xb4, 0x0f, 0x6f, 0x5c,
];
const NODE: [u8; 32] = [
    // The public key of the seed of 32 twos.
    0x81, 0x39, 0x77, 0x0e, 0xa8, 0x7d, 0x17, 0x5f, 0x56, 0xa3, 0x54, 0x66, 0xc3, 0x4c, 0x7e, 0xcc,
    0xcb, 0x8d, 0x8a, 0x91, 0xb4, 0xee, 0x37, 0xa2, 0x5d, 0xf6, 0x0f, 0x5b, 0x8f, 0xc9, 0xb3, 0x94,
];

/// Number of the organisation that they act for.
const CO_OPERATIVE: u32 = 1;
/// Agents that send transactions; each transaction of a block writes records of its own.
const AGENTS: usize = 900;
/// A product of the co-operative, GTIN-14 under the prefix that GS1 reserves for demonstrations.
const GTIN: &[u8; 14] = b"09506000100012";

fn agent(index: usize) -> Pair {
    Pair::from_seed(&sp_io::hashing::blake2_256(&index.to_le_bytes()))
}

fn open(dir: &Path) -> Executor {
    let mut config = genesis::preset("development").unwrap();
    let organisation = &mut config["participants"]["organisations"][CO_OPERATIVE as usize];
    let agents = organisation["agents"].as_array_mut().unwrap();
    for index in 0..AGENTS {
        agents.push(json!({ "account": AccountId::from(agent(index).public().0) }));
    }
    config["traceability"] = json!({
        "products": [{
            "gtin": std::str::from_utf8(GTIN).unwrap(),
            "owner": CO_OPERATIVE,
            "baseUnit": "Milligram",
            "category": 10_000_115,
        }],
        "places": [{ "owner": CO_OPERATIVE, "region": 331_127, "areaUnits": 3_000_000 }],
    });
    config["validators"] = json!({
        "validators": [{ "key": Hash::from(PROPOSER), "nodeKey": Hash::from(NODE) }],
    });
    let storage = Storage::open(dir, StorageConfig::new(StateRetention::Archive)).unwrap();
    Executor::open(storage, &config).unwrap()
}

fn sign(executor: &Executor, who: &Pair, nonce: u32, call: RuntimeCall) -> Arc<[u8]> {
    let genesis = executor.genesis_hash();
    let extension = (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckMortality::from(Era::Immortal),
        pallet_participants::CheckParticipant::new(),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
    );
    let implicit =
        ((), VERSION.spec_version, VERSION.transaction_version, genesis, genesis, (), (), ());
    let payload = SignedPayload::from_raw(call.clone(), extension.clone(), implicit);
    let signature: Signature = payload.using_encoded(|payload| who.sign(payload)).into();
    let address = AccountId::from(who.public().0).into();
    UncheckedExtrinsic::new_signed(call, address, signature, extension).encode().into()
}

fn main() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (proposer, verifier) = (open(first.path()), open(second.path()));
    let agents: Vec<_> = (0..AGENTS).map(agent).collect();
    println!(
        "call                 txs    keys   bytes  build ms  verify ms  (cpu ms)  commit ms  cpu us/tx"
    );
    type Call = fn(u32) -> RuntimeCall;
    let calls: [(&str, Call); 3] = [
        ("remark", |index| {
            let remark = index.to_le_bytes().to_vec();
            RuntimeCall::System(frame_system::Call::remark { remark })
        }),
        ("batch of 10 remarks", |index| {
            let remark = index.to_le_bytes().to_vec();
            let call = RuntimeCall::System(frame_system::Call::remark_with_event { remark });
            RuntimeCall::Utility(pallet_utility::Call::batch { calls: vec![call; 10] })
        }),
        ("register_batch", |index| {
            RuntimeCall::Traceability(pallet_traceability::Call::register_batch {
                gtin: Gtin(*GTIN),
                lot: format!("LOT{index}").into_bytes().try_into().unwrap(),
                place: 0,
                context: EventContext { event_time: TIME_MS, read_point: None, document: None },
            })
        }),
    ];
    for (name, call) in calls {
        for round in 0..4 {
            measure(&proposer, &verifier, &agents, name, round, call);
        }
    }
    admission(&proposer, &agents[0]);
}

/// Time of the first block.
const TIME_MS: u64 = 1_800_000_000_000;

/// Processor time of this thread: on a busy machine the clock says less.
fn cpu_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

fn measure(
    proposer: &Executor,
    verifier: &Executor,
    agents: &[Pair],
    name: &str,
    round: u32,
    call: fn(u32) -> RuntimeCall,
) {
    let starts: Vec<_> = agents
        .iter()
        .map(|agent| proposer.account_nonce(&AccountId::from(agent.public().0)).unwrap())
        .collect();
    let transactions: Vec<_> = (0..OFFERED)
        .map(|index| {
            let agent = index % agents.len();
            let nonce = starts[agent] + (index / agents.len()) as u32;
            sign(proposer, &agents[agent], nonce, call(round * OFFERED as u32 + index as u32))
        })
        .collect();
    let time_ms = HeaderDigest::of(&proposer.head().header)
        .map_or(TIME_MS, |digest| digest.pre.time_ms + 1_000);
    let pre = PreDigest { time_ms, proposer: PROPOSER };
    let budget = BuildBudget { time_max: Duration::MAX, ..BuildBudget::default() };
    let started = Instant::now();
    let built = proposer.build_block(pre, transactions.into_iter(), budget).unwrap();
    let build = started.elapsed();
    assert!(built.rejected.is_empty(), "{:?}", built.rejected.first());
    let block = built.executed.block().clone();
    let bytes: usize = block.extrinsics.iter().map(Encode::size_hint).sum();
    let n_transactions = block.extrinsics.len() - 1;
    let (started, cpu) = (Instant::now(), cpu_time());
    // In one process the signatures are known already, as they are to a node whose pool had them.
    let verified = verifier.verify_block(block.clone()).unwrap();
    let (verify, cpu) = (started.elapsed(), cpu_time() - cpu);
    let n_keys = verified.update().changes().len();
    let certificate = CommitCertificate {
        height: block.header.number,
        round: 0,
        value_id: value_id(&block.header),
        signatures: Default::default(),
    };
    let started = Instant::now();
    verifier.commit(verified, certificate.clone()).unwrap();
    let commit = started.elapsed();
    proposer.commit(built.executed, certificate).unwrap();
    println!(
        "{name:20} {n_transactions:5} {n_keys:6} {bytes:7} {:9.1} {:10.1} {:9.1} {:10.1} {:10.1}",
        build.as_secs_f64() * 1e3,
        verify.as_secs_f64() * 1e3,
        cpu.as_secs_f64() * 1e3,
        commit.as_secs_f64() * 1e3,
        cpu.as_secs_f64() * 1e6 / n_transactions as f64,
    );
}

fn admission(executor: &Executor, who: &Pair) {
    let start = executor.account_nonce(&AccountId::from(who.public().0)).unwrap();
    let transactions: Vec<_> = (0..2_000)
        .map(|index| {
            let remark = vec![0; 100];
            let call = RuntimeCall::System(frame_system::Call::remark { remark });
            sign(executor, who, start + index, call)
        })
        .collect();
    for what in ["admission, signature unknown", "admission, signature known"] {
        let started = cpu_time();
        for raw in &transactions {
            executor.validate_transaction(raw).unwrap();
        }
        let each = (cpu_time() - started) / transactions.len() as u32;
        println!("{what}: {:.1} us", each.as_secs_f64() * 1e6);
    }
}
