//! What a transaction cannot cost less than: one signature, one call, its keys.

use crate::{network::Network, rpc::Rpc, workload::Lane};
use ecoledger_executor::{BuildBudget, Executor};
use ecoledger_primitives::{
    CommitCertificate, Header, HeaderDigest, PreDigest, ValidatorId, ed25519_verify, value_id,
};
use ecoledger_storage::{StateRetention, Storage, StorageConfig};
use eyre::{WrapErr, ensure, eyre};
use serde::Serialize;
use serde_json::Value;
use sp_core::{Pair, ed25519};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Signatures verified for the figure.
const SIGNATURES: u32 = 4_000;

/// Costs of the parts, measured one after the other in this process.
#[derive(Clone, Debug, Serialize)]
pub struct Parts {
    /// Verifying one ed25519 signature.
    pub verify_signature_us: u64,
    /// The other parts, by what is called.
    pub calls: BTreeMap<&'static str, CallParts>,
}

/// Costs of one call.
#[derive(Clone, Debug, Serialize)]
pub struct CallParts {
    /// Applying one call in a block, its signature known: decoding, extensions, call, events, and
    /// its share of the block's state root.
    pub apply_call_us: u64,
    /// Committing its keys, durably, as a share of one block's commit.
    pub commit_keys_us: u64,
    /// Transactions in the blocks that were measured.
    pub transactions: usize,
}

/// Measures over a chain of its own: the network's, block by block, and then the lanes, of each
/// what one block takes, in the order of the list. The network sees nothing of them.
///
/// # Errors
/// When the chain cannot be made, or refuses a block or a transaction.
pub async fn measure(network: &Network, lanes: &[Lane]) -> eyre::Result<Parts> {
    let spec = network.root().join("chain-spec.json");
    let executor = chain(&spec, &network.scratch().join("parts"))?;
    replay(&executor, &network.rpc(0).await?).await?;

    let mut calls = BTreeMap::<&'static str, (usize, Duration, Duration)>::new();
    // A later step of a case needs the earlier ones, of which a block may have taken fewer.
    let mut most = usize::MAX;
    for lane in lanes {
        let transactions: Vec<Arc<[u8]>> =
            lane.transactions.iter().take(most).map(|it| it.bytes.as_slice().into()).collect();
        // The figure for a call is to be without the signature.
        executor
            .verify_signatures(&transactions)
            .map_err(|error| eyre!("verify signatures: {error:?}"))?;
        let (count, applied, committed) = block(&executor, &transactions)?;
        ensure!(count > 0, "the chain took no transaction to {}", lane.call);
        most = most.min(count);
        let sums = calls.entry(lane.call).or_default();
        *sums = (sums.0 + count, sums.1 + applied, sums.2 + committed);
    }
    let share = |time: Duration, count: usize| time.as_micros() as u64 / count.max(1) as u64;
    let calls = calls.into_iter().map(|(call, (transactions, applied, committed))| {
        let parts = CallParts {
            apply_call_us: share(applied, transactions),
            commit_keys_us: share(committed, transactions),
            transactions,
        };
        (call, parts)
    });
    Ok(Parts { verify_signature_us: signature_us(), calls: calls.collect() })
}

/// A chain with the genesis of the specification at `spec`.
fn chain(spec: &Path, scratch: &Path) -> eyre::Result<Executor> {
    let spec: Value = serde_json::from_slice(&std::fs::read(spec).wrap_err("read specification")?)
        .wrap_err("decode specification")?;
    let config = &spec["genesis"]["runtimeGenesis"]["config"];
    let storage = Storage::open(scratch, StorageConfig::new(StateRetention::Archive))
        .wrap_err("open a database")?;
    Executor::open(storage, config).wrap_err("open a chain")
}

/// Executes and commits every block of the node behind `rpc`, as one that syncs does.
async fn replay(executor: &Executor, rpc: &Rpc) -> eyre::Result<()> {
    for height in 1..=rpc.height().await? {
        let block = rpc.block(rpc.hash(height).await?).await?;
        let executed =
            executor.verify_block(block).wrap_err_with(|| format!("execute block {height}"))?;
        let certificate = certificate(executed.header());
        executor.commit(executed, certificate)?;
    }
    Ok(())
}

fn signature_us() -> u64 {
    let pair = ed25519::Pair::from_seed(&[7; 32]);
    let message = [1u8; 200];
    let signature = pair.sign(&message).0;
    let started = Instant::now();
    for _ in 0..SIGNATURES {
        std::hint::black_box(ed25519_verify(
            std::hint::black_box(&signature),
            &message,
            &pair.public().0,
        ));
    }
    started.elapsed().as_micros() as u64 / u64::from(SIGNATURES)
}

/// Builds and commits a block; gives its transactions, and the times of both.
fn block(
    executor: &Executor,
    transactions: &[Arc<[u8]>],
) -> eyre::Result<(usize, Duration, Duration)> {
    let head = executor.head();
    let number = head.number + 1;
    let proposer: ValidatorId = *executor
        .validator_set(number)?
        .ok_or_else(|| eyre!("no validator set for height {number}"))?
        .keys()
        .first()
        .ok_or_else(|| eyre!("the set is empty"))?;
    let head_ms = HeaderDigest::of(&head.header).map_or(0, |digest| digest.pre.time_ms);
    let time_ms = crate::trace::now_ms().max(head_ms + 1);
    let budget = BuildBudget {
        bytes_max: usize::MAX,
        transactions_max: usize::MAX,
        time_max: Duration::from_secs(60),
    };
    let offered = transactions.iter().map(Arc::clone);
    let started = Instant::now();
    let built = executor.build_block(PreDigest { time_ms, proposer }, offered, budget)?;
    let applied = started.elapsed();
    ensure!(built.rejected.is_empty(), "rejected: {:?}", built.rejected.first());
    // The timestamp is a transaction too.
    let count = built.executed.extrinsic_hashes().len().saturating_sub(1);
    let certificate = certificate(built.executed.header());
    let started = Instant::now();
    executor.commit(built.executed, certificate)?;
    Ok((count, applied, started.elapsed()))
}

/// The executor checks what a certificate is for and leaves its signatures to consensus.
fn certificate(header: &Header) -> CommitCertificate {
    CommitCertificate {
        height: header.number,
        round: 0,
        value_id: value_id(header),
        signatures: Default::default(),
    }
}
