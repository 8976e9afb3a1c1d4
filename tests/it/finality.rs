//! How long a client waits until its transaction is final.

use ecoledger_tests::{Key, Terms, four_validators, transaction::remark};
use eyre::ensure;
use std::time::{Duration, Instant};

/// Transactions that are measured, one after the other on an idle chain.
const SAMPLES: u32 = 10;
/// Bound that holds on a machine that is busy with other things too.
const BOUND: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_chain_finalizes_at_once() -> eyre::Result<()> {
    let network = four_validators().start().await?;
    let rpc = network.rpc(0).await?;
    let terms = Terms::of(&rpc).await?;
    let key = Key::ed25519("Alice");
    let mut latencies = Vec::new();
    for nonce in 0..SAMPLES {
        let transaction = terms.nonce(nonce).sign(&key, &remark(b"how long"));
        let start = Instant::now();
        rpc.finalize(&transaction).await?;
        latencies.push(start.elapsed());
    }
    latencies.sort_unstable();
    println!(
        "idle chain of four validators, submission to finality: least {:?}, median {:?}, most {:?}",
        latencies[0],
        latencies[latencies.len() / 2],
        latencies[latencies.len() - 1]
    );
    ensure!(latencies.iter().all(|latency| *latency < BOUND), "{latencies:?}");
    network.passed();
    Ok(())
}
