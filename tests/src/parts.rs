//! What a transaction cannot cost less than: one signature, one call, its keys.

use crate::workload::Signed;
use ecoledger_executor::{BuildBudget, Executor};
use ecoledger_primitives::{
    CommitCertificate, Header, PreDigest, ValidatorId, ed25519_verify, value_id,
};
use ecoledger_storage::{StateRetention, Storage, StorageConfig};
use eyre::{WrapErr, ensure, eyre};
use serde::Serialize;
use serde_json::Value;
use sp_core::{Pair, ed25519};
use std::{
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
    /// Applying one call in a block, its signature known: decoding, extensions, call, events, and
    /// its share of the block's state root.
    pub apply_call_us: u64,
    /// Committing its keys, durably, as a share of one block's commit.
    pub commit_keys_us: u64,
    /// Transactions in the block that was measured.
    pub transactions: usize,
}

/// Measures over a chain of its own with the genesis of the specification at `spec`.
///
/// - `preparation`: transactions that the load builds on.
/// - `load`: transactions of one account, in order.
///
/// # Errors
/// When the chain cannot be made, or refuses a transaction.
pub fn measure(
    spec: &Path,
    preparation: &[Vec<u8>],
    load: &[Signed],
    scratch: &Path,
) -> eyre::Result<Parts> {
    let spec: Value = serde_json::from_slice(&std::fs::read(spec).wrap_err("read specification")?)
        .wrap_err("decode specification")?;
    let config = &spec["genesis"]["runtimeGenesis"]["config"];
    let storage = Storage::open(scratch, StorageConfig::new(StateRetention::Archive))
        .wrap_err("open a database")?;
    let executor = Executor::open(storage, config).wrap_err("open a chain")?;
    let now_ms = crate::trace::now_ms();
    let (prepared, _, _) = block(&executor, preparation, now_ms)?;
    ensure!(prepared == preparation.len(), "the chain took {prepared} steps of preparation");

    let load: Vec<Vec<u8>> = load.iter().map(|signed| signed.bytes.clone()).collect();
    let transactions: Vec<Arc<[u8]>> = load.iter().map(|raw| raw.as_slice().into()).collect();
    // The figure for a call is to be without the signature.
    executor
        .verify_signatures(&transactions)
        .map_err(|error| eyre!("verify signatures: {error:?}"))?;
    let (count, applied, committed) = block(&executor, &load, now_ms + 1)?;
    ensure!(count > 0, "the chain took no transaction of the load");
    Ok(Parts {
        verify_signature_us: signature_us(),
        apply_call_us: applied.as_micros() as u64 / count as u64,
        commit_keys_us: committed.as_micros() as u64 / count as u64,
        transactions: count,
    })
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
    transactions: &[Vec<u8>],
    time_ms: u64,
) -> eyre::Result<(usize, Duration, Duration)> {
    let number = executor.head().number + 1;
    let proposer: ValidatorId = *executor
        .validator_set(number)?
        .ok_or_else(|| eyre!("no validator set for height {number}"))?
        .keys()
        .first()
        .ok_or_else(|| eyre!("the set is empty"))?;
    let budget = BuildBudget {
        bytes_max: usize::MAX,
        transactions_max: usize::MAX,
        time_max: Duration::from_secs(60),
    };
    let offered = transactions.iter().map(|raw| Arc::from(raw.as_slice()));
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
