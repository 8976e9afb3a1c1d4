//! Measures what a block costs that is full by weight, and the parts of it: of small calls, and of
//! the heaviest, with the most inputs, outputs and descendants.
//!
//! `cargo run -p ecoledger-executor --example full_block`

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    reason = "a measurement that prints"
)]

use codec::{DecodeAll, Encode};
use ecoledger_executor::{BuildBudget, Executor, genesis};
use ecoledger_primitives::{
    AccountId, CommitCertificate, Hash, HeaderDigest, PreDigest, Signature, value_id,
};
use ecoledger_runtime::{
    Runtime, RuntimeCall, RuntimeEvent, SignedPayload, UncheckedExtrinsic, VERSION,
};
use ecoledger_storage::{StateRetention, Storage, StorageConfig};
use frame_support::{BoundedVec, traits::Get};
use frame_system::EventRecord;
use pallet_traceability::{
    BatchId, EventContext, Gtin, Lot, MAX_INPUTS, MAX_OUTPUTS, Measure, NewBatch, Part, Taken,
    TakenInputs, UnitCode,
};
use serde_json::json;
use sp_core::{Pair as _, ed25519::Pair};
use sp_io::hashing::twox_128;
use sp_runtime::generic::Era;
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Transactions offered to a block; more than fit.
const OFFERED: u32 = 6_000;
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
/// Agents of the co-operative that send transactions; each transaction of a block writes records of its own.
const AGENTS: usize = 900;
/// Products of the co-operative, GTIN-14 under the prefix that GS1 reserves for demonstrations.
const LEAF: Gtin = Gtin(*b"09506000100012");
const TEA: Gtin = Gtin(*b"09506000100029");
/// Number of times that each call is measured.
const ROUNDS: u32 = 4;
/// Recalls offered to a block, each of a batch that was parted as often as one call marks.
const RECALLS: u32 = 40;
/// Class of a recall of a batch and all that was made of it.
const DESCENDANTS: u8 = 3;

fn agent(index: usize) -> Pair {
    Pair::from_seed(&sp_io::hashing::blake2_256(&index.to_le_bytes()))
}

/// All that send: the agents of the co-operative, and market supervision at [`AGENTS`].
fn senders() -> Vec<Pair> {
    let supervision = Pair::from_string("//Alice", None).unwrap();
    (0..AGENTS).map(agent).chain([supervision]).collect()
}

fn open(dir: &Path) -> Executor {
    let mut config = genesis::preset("development").unwrap();
    let organisation = &mut config["participants"]["organisations"][CO_OPERATIVE as usize];
    let agents = organisation["agents"].as_array_mut().unwrap();
    for index in 0..AGENTS {
        agents.push(json!({ "account": AccountId::from(agent(index).public().0) }));
    }
    let text = |gtin: Gtin| String::from_utf8(gtin.0.to_vec()).unwrap();
    let product = |gtin: Gtin| {
        json!({
            "gtin": text(gtin),
            "owner": CO_OPERATIVE,
            "baseUnit": "Milligram",
            "category": 10_000_115,
        })
    };
    config["traceability"] = json!({
        "products": [product(LEAF), product(TEA)],
        "yields": [{ "input": text(LEAF), "output": text(TEA), "maxPpb": 1_000_000_000 }],
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

/// What a sender of [`senders`] calls.
type Act = (usize, RuntimeCall);

fn main() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let chain =
        Chain { proposer: open(first.path()), verifier: open(second.path()), senders: senders() };
    println!(
        "call                 txs    keys   bytes  build ms  verify ms  (cpu ms)  commit ms  cpu us/tx"
    );
    for (name, call) in [
        ("remark", remark as fn(u32) -> RuntimeCall),
        ("batch of 10 remarks", batch_of_remarks),
        ("register_batch", register_batch),
    ] {
        for round in 0..ROUNDS {
            let first = round * OFFERED;
            chain.measure(name, (first..first + OFFERED).map(|index| by_turns(index, call(index))));
        }
    }
    // Batches of which each call takes others: 16 for each transformation and merger.
    chain.prepare((0..AGENTS as u32 * MAX_INPUTS).map(|lot| by_turns(lot, produce(lot))));
    for (name, call) in
        [("transform 16 to 16", transform as fn(u32, u32) -> RuntimeCall), ("merge 16", merge)]
    {
        for round in 0..ROUNDS {
            let calls = (0..AGENTS as u32).map(|index| (index as usize, call(round, index)));
            chain.measure(name, calls);
        }
    }
    let steps: u32 = <Runtime as pallet_traceability::Config>::RecallStepsPerCall::get();
    chain.prepare((0..ROUNDS * RECALLS).map(|index| by_turns(index, produce(RECALLED + index))));
    chain.prepare(
        (0..ROUNDS * RECALLS * steps)
            .map(|index| by_turns(index, split(RECALLED + index / steps, index))),
    );
    for round in 0..ROUNDS {
        let batches = (round * RECALLS)..(round + 1) * RECALLS;
        chain.measure("recall of 512", batches.map(|index| (AGENTS, recall(RECALLED + index))));
        // A call marks what its steps reach; blocks go on with the rest, in steps of their own.
        chain.settle_recalls();
    }
    admission(&chain.proposer, &chain.senders[0]);
}

/// The agents of the co-operative send in turns.
fn by_turns(index: u32, call: RuntimeCall) -> Act {
    (index as usize % AGENTS, call)
}

fn remark(index: u32) -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::remark { remark: index.to_le_bytes().to_vec() })
}

fn batch_of_remarks(index: u32) -> RuntimeCall {
    let remark = index.to_le_bytes().to_vec();
    let call = RuntimeCall::System(frame_system::Call::remark_with_event { remark });
    RuntimeCall::Utility(pallet_utility::Call::batch { calls: vec![call; 10] })
}

fn register_batch(index: u32) -> RuntimeCall {
    RuntimeCall::Traceability(pallet_traceability::Call::register_batch {
        gtin: LEAF,
        lot: lot("GROWING", index),
        place: 0,
        context: CONTEXT,
    })
}

/// A kilogram of leaf.
fn produce(index: u32) -> RuntimeCall {
    RuntimeCall::Traceability(pallet_traceability::Call::produce {
        gtin: LEAF,
        lot: lot("LEAF", index),
        quantity: grams(1_000),
        place: 0,
        context: CONTEXT,
    })
}

/// Two grams of each of the agent's sixteen batches become a gram each of sixteen others.
fn transform(round: u32, index: u32) -> RuntimeCall {
    let first = (round * AGENTS as u32 + index) * MAX_OUTPUTS;
    let outputs = (first..first + MAX_OUTPUTS)
        .map(|number| NewBatch { gtin: TEA, lot: lot("TEA", number), quantity: grams(1) })
        .collect();
    RuntimeCall::Traceability(pallet_traceability::Call::transform {
        inputs: sixteen_of(index),
        outputs: BoundedVec::truncate_from(outputs),
        loss: Some(grams(u128::from(2 * MAX_INPUTS - MAX_OUTPUTS))),
        context: CONTEXT,
    })
}

fn merge(round: u32, index: u32) -> RuntimeCall {
    RuntimeCall::Traceability(pallet_traceability::Call::merge {
        inputs: sixteen_of(index),
        lot: lot("MIXED", round * AGENTS as u32 + index),
        context: CONTEXT,
    })
}

fn sixteen_of(index: u32) -> TakenInputs {
    let first = index * MAX_INPUTS;
    let taken = |number| Taken { batch: leaf(number), quantity: grams(2) };
    BoundedVec::truncate_from((first..first + MAX_INPUTS).map(taken).collect())
}

/// Lots of leaf from this number on are recalled.
const RECALLED: u32 = 1_000_000;

/// Parts sixteen grams off a batch, as batches of one gram.
fn split(index: u32, number: u32) -> RuntimeCall {
    let first = number * MAX_OUTPUTS;
    let parts = (first..first + MAX_OUTPUTS)
        .map(|number| Part { lot: lot("PART", number), quantity: grams(1) })
        .collect();
    RuntimeCall::Traceability(pallet_traceability::Call::split {
        batch: leaf(index),
        parts: BoundedVec::truncate_from(parts),
        context: CONTEXT,
    })
}

fn recall(index: u32) -> RuntimeCall {
    RuntimeCall::Traceability(pallet_traceability::Call::recall {
        batch: leaf(index),
        class: DESCENDANTS,
        reason: [1; 32],
    })
}

fn leaf(index: u32) -> BatchId {
    BatchId::of(&LEAF, &lot("LEAF", index))
}

fn lot(kind: &str, index: u32) -> Lot {
    format!("{kind}{index:010}").into_bytes().try_into().unwrap()
}

fn grams(value: u128) -> Measure {
    Measure { value, decimals: 0, unit: UnitCode(*b"GRM") }
}

/// Every event is of the time of the first block.
const CONTEXT: EventContext =
    EventContext { event_time: TIME_MS, read_point: None, document: None };

/// Time of the first block.
const TIME_MS: u64 = 1_800_000_000_000;

/// Processor time of this thread: on a busy machine the clock says less.
fn cpu_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

/// The chain as its proposer and another validator have it.
struct Chain {
    proposer: Executor,
    verifier: Executor,
    senders: Vec<Pair>,
}

/// What a block cost.
struct Cost {
    n_transactions: usize,
    n_keys: usize,
    bytes: usize,
    build: Duration,
    verify: Duration,
    verify_cpu: Duration,
    commit: Duration,
}

impl Chain {
    /// Applies all calls, in as many blocks as it takes.
    fn prepare(&self, acts: impl Iterator<Item = Act>) {
        let mut left = self.sign(acts);
        while !left.is_empty() {
            let before = left.len();
            self.block(left.iter().map(|(_, _, raw)| Arc::clone(raw)));
            left.retain(|(who, nonce, _)| *nonce >= self.nonce(*who));
            assert!(left.len() < before, "{before} calls do not fit into a block");
        }
    }

    /// Blocks without transactions, until no recall is open.
    fn settle_recalls(&self) {
        let key = pallet_traceability::OpenRecalls::<Runtime>::hashed_key();
        let open = || {
            let head = self.proposer.head().number;
            let open = self.proposer.storage().state(head).unwrap().get(&key).unwrap();
            open.map_or(0, |open| Vec::<u32>::decode_all(&mut &*open).unwrap().len())
        };
        while open() > 0 {
            self.block(std::iter::empty());
        }
    }

    /// Measures a block of as many of the calls as fit.
    fn measure(&self, name: &str, acts: impl Iterator<Item = Act>) {
        let signed = self.sign(acts);
        let n_offered = signed.len();
        let cost = self.block(signed.into_iter().map(|(_, _, raw)| raw));
        let Cost { n_transactions, n_keys, bytes, .. } = cost;
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        println!(
            "{name:20} {n_transactions:5} {n_keys:6} {bytes:7} {:9.1} {:10.1} {:9.1} {:10.1} {:10.1}",
            ms(cost.build),
            ms(cost.verify),
            ms(cost.verify_cpu),
            ms(cost.commit),
            ms(cost.verify_cpu) * 1e3 / n_transactions as f64,
        );
        assert!(n_transactions < n_offered, "{n_offered} calls do not fill a block");
    }

    /// Signs the calls, each with its sender's next nonce.
    fn sign(&self, acts: impl Iterator<Item = Act>) -> Vec<(usize, u32, Arc<[u8]>)> {
        let mut nonces: Vec<_> = (0..self.senders.len()).map(|who| self.nonce(who)).collect();
        acts.map(|(who, call)| {
            let nonce = nonces[who];
            nonces[who] += 1;
            (who, nonce, sign(&self.proposer, &self.senders[who], nonce, call))
        })
        .collect()
    }

    fn nonce(&self, who: usize) -> u32 {
        self.proposer.account_nonce(&AccountId::from(self.senders[who].public().0)).unwrap()
    }

    fn block(&self, transactions: impl Iterator<Item = Arc<[u8]>>) -> Cost {
        let Self { proposer, verifier, .. } = self;
        let time_ms = HeaderDigest::of(&proposer.head().header)
            .map_or(TIME_MS, |digest| digest.pre.time_ms + 1_000);
        let pre = PreDigest { time_ms, proposer: PROPOSER };
        let budget = BuildBudget { time_max: Duration::MAX, ..BuildBudget::default() };
        let started = Instant::now();
        let built = proposer.build_block(pre, transactions, budget).unwrap();
        let build = started.elapsed();
        assert!(built.rejected.is_empty(), "{:?}", built.rejected.first());
        let block = built.executed.block().clone();
        let bytes = block.extrinsics.iter().map(Encode::size_hint).sum();
        let n_transactions = block.extrinsics.len() - 1;
        let (started, cpu) = (Instant::now(), cpu_time());
        // In one process the signatures are known already, as they are to a node whose pool had
        // them.
        let verified = verifier.verify_block(block.clone()).unwrap();
        let (verify, verify_cpu) = (started.elapsed(), cpu_time() - cpu);
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
        self.assert_all_succeeded();
        Cost { n_transactions, n_keys, bytes, build, verify, verify_cpu, commit }
    }

    /// A call that fails costs less than one that does its work.
    fn assert_all_succeeded(&self) {
        let key = [twox_128(b"System"), twox_128(b"Events")].concat();
        let storage = self.proposer.storage();
        let events = storage.state(self.proposer.head().number).unwrap().get(&key).unwrap();
        let events =
            Vec::<EventRecord<RuntimeEvent, Hash>>::decode_all(&mut &*events.unwrap()).unwrap();
        let failed = events.iter().find(|record| {
            matches!(
                record.event,
                RuntimeEvent::System(frame_system::Event::ExtrinsicFailed { .. })
            )
        });
        assert!(failed.is_none(), "{failed:?}");
    }
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
