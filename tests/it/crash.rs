//! Nodes that die at any moment, under load.

use ecoledger_tests::{Load, Network, Random, Terms, agreement, four_validators, long};
use eyre::{WrapErr, ensure};
use std::time::Duration;

/// Transactions a second that are offered.
const OFFERED_PER_SECOND: u32 = 260;
/// Transactions a second, deaths and returns included, below which the long form shows nothing.
const LOAD_MIN: u64 = 200;
/// Longest time from one death to the next.
const PAUSE_MAX: Duration = Duration::from_secs(3);
/// How long the chain may take to finalize transactions again with one node away.
const PROGRESS_TIMEOUT: Duration = Duration::from_secs(60);
/// Transactions that are to become final before and after each death.
const PROGRESS: u64 = 100;

#[tokio::test(flavor = "multi_thread")]
async fn killed_nodes_lose_nothing() -> eyre::Result<()> {
    let mut random = Random::seeded("killed_nodes_lose_nothing");
    let rounds = if long() { 20 } else { 3 };
    let mut network = four_validators().start().await?;
    let terms = Terms::of(&network.rpc(0).await?).await?;
    let load = Load::start(&network.urls(), OFFERED_PER_SECOND, &terms);
    load.wait_for_more(PROGRESS, PROGRESS_TIMEOUT).await.wrap_err("before any death")?;

    for round in 0..rounds {
        // The moment of a death is part of the draw, so this waits for no event.
        tokio::time::sleep(random.time_below(PAUSE_MAX)).await;
        let victim = random.below(network.len());
        network.kill(victim).await?;
        load.wait_for_more(PROGRESS, PROGRESS_TIMEOUT)
            .await
            .wrap_err_with(|| format!("round {round}: without node {victim}"))?;
        network.restart(victim).await?;
        // Half of them die once more while they catch up.
        if random.below(2) == 0 {
            network.kill(victim).await?;
            network.restart(victim).await?;
        }
        network.wait_level().await.wrap_err_with(|| format!("round {round}: node {victim}"))?;
    }
    let per_second = rate(&load);
    println!("{rounds} deaths under load: {per_second} tx/s reported final");
    // A machine that is busy with other things may carry less in the short form.
    ensure!(!long() || per_second >= LOAD_MIN, "the load was {per_second} tx/s only");

    let journal = load.stop().await?;
    println!(
        "accepted {}, final {}, out of sight {}, refused {:?}, left the pool {:?}",
        journal.accepted,
        journal.finalized.len(),
        journal.lost_sight,
        journal.refused,
        journal.left
    );
    check(&network, journal.finalized.keys().copied()).await?;

    all_at_once(&mut network, &terms, journal.finalized.keys().copied().collect()).await?;
    network.passed();
    Ok(())
}

/// All nodes die at once, twice: under load, and with what that load had reported.
async fn all_at_once(
    network: &mut Network,
    terms: &Terms,
    mut journal: Vec<ecoledger_primitives::Hash>,
) -> eyre::Result<()> {
    let load = Load::start(&network.urls(), OFFERED_PER_SECOND, terms);
    load.wait_for_more(PROGRESS, PROGRESS_TIMEOUT).await.wrap_err("before all die")?;
    let mut before = Vec::new();
    for index in network.running() {
        before.push((index, network.height(index).await?));
    }
    network.kill_all().await?;
    network.start_all().await?;
    for (index, before) in before {
        let height = network.height(index).await?;
        ensure!(height >= before, "node {index} was at {before} before all died, then at {height}");
    }
    load.wait_for_more(PROGRESS, PROGRESS_TIMEOUT).await.wrap_err("after all died")?;
    journal.extend(load.stop().await?.finalized.into_keys());
    check(network, journal.into_iter()).await
}

async fn check(
    network: &Network,
    journal: impl Iterator<Item = ecoledger_primitives::Hash> + Clone,
) -> eyre::Result<()> {
    let height = network.wait_level().await?;
    let checked = network.assert_same_chain().await?;
    ensure!(checked >= height, "only {checked} of {height} heights were compared");
    let mut nodes = Vec::new();
    for index in network.running() {
        nodes.push(network.rpc(index).await?);
    }
    agreement::verify_exactly_once(&nodes, height, journal.clone()).await?;
    println!(
        "{} transactions, each once on {} nodes, {height} heights",
        journal.count(),
        nodes.len()
    );
    Ok(())
}

fn rate(load: &Load) -> u64 {
    load.finalized() * 1000 / u64::try_from(load.elapsed().as_millis()).unwrap_or(1).max(1)
}
