//! How long a client waits until its transaction is final, and what it hears meanwhile.

use crate::programs::Programs;
use ecoledger_tests::{Key, Terms, four_validators, transaction::remark};
use eyre::{WrapErr, ensure, eyre};
use std::{
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::io::{AsyncBufReadExt, BufReader};

/// Transactions that are measured, one after the other on an idle chain.
const SAMPLES: u32 = 10;
/// What an idle network of four needs. A machine that is busy with other things makes most of the
/// samples slower, but not all.
const BOUND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_chain_finalizes_within_a_second() -> eyre::Result<()> {
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
    ensure!(latencies[0] < BOUND, "none of {latencies:?} is below {BOUND:?}");
    network.passed();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_without_a_quorum_is_told_so() -> eyre::Result<()> {
    let mut network = four_validators().start().await?;
    let programs = Programs::of(&network);
    network.kill(2).await?;
    network.kill(3).await?;
    let mut process = programs
        .command("bob", &["tx", "System", "remark", "remark=patience"])?
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .wrap_err("run ecoledger")?;
    let notes = process.stderr.take().ok_or_else(|| eyre!("no standard error"))?;
    let mut notes = BufReader::new(notes).lines();
    loop {
        let note = notes.next_line().await?.ok_or_else(|| eyre!("it ended without a word"))?;
        if note.contains("still waiting") {
            ensure!(note.contains("two thirds of the validators"), "{note}");
            break;
        }
    }
    network.restart(2).await?;
    let output = process.wait_with_output().await.wrap_err("wait for ecoledger")?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success() && text.contains("final at height"), "{text}");
    network.passed();
    Ok(())
}
