//! Stopping, on request or by force, and what is there afterwards.

use ecoledger_tests::{
    Key, Terms, agreement, four_validators,
    network::HEIGHT_TIMEOUT,
    transaction::{hash, remark},
    validators,
};
use eyre::{WrapErr, ensure};
use tokio::time::timeout;

/// Transactions of each agent that are acknowledged and not decided when their node dies.
const WAITING_EACH: u32 = 10;

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_node_keeps_its_pool() -> eyre::Result<()> {
    // One node, so that nobody else can give back what it forgets.
    let mut network = validators(1).start().await?;
    let rpc = network.rpc(0).await?;
    let terms = Terms::of(&rpc).await?;
    let bob = Key::ed25519("Bob");
    rpc.finalize(&terms.sign(&bob, &remark(b"first"))).await?;
    // These wait for the nonce before them, so no block takes them.
    for nonce in [2, 3, 4] {
        rpc.submit(&terms.nonce(nonce).sign(&bob, &remark(b"waiting"))).await.wrap_err("submit")?;
    }
    let status = network.stop(0).await?;
    ensure!(status.success(), "asked to stop, the node ended with {status}");

    network.restart(0).await?;
    let rpc = network.rpc(0).await?;
    rpc.finalize(&terms.nonce(1).sign(&bob, &remark(b"the one before"))).await?;
    let last = terms.nonce(5).sign(&bob, &remark(b"last"));
    let block = rpc.finalize(&last).await.wrap_err("the nonces before it were lost")?;
    ensure!(rpc.transactions(block).await?.contains(&last), "the block has the transaction");
    ensure!(rpc.next_nonce(&bob.account()).await.wrap_err("nonce")? == 6, "all six are final");
    network.passed();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_network_goes_on() -> eyre::Result<()> {
    let mut network = four_validators().start().await?;
    let terms = Terms::of(&network.rpc(0).await?).await?;
    let bob = Key::ed25519("Bob");
    network.rpc(0).await?.finalize(&terms.sign(&bob, &remark(b"before"))).await?;
    network.wait_level().await?;
    for index in network.running() {
        let status = network.stop(index).await?;
        ensure!(status.success(), "node {index} ended with {status}");
    }
    network.start_all().await?;
    network.rpc(1).await?.finalize(&terms.nonce(1).sign(&bob, &remark(b"after"))).await?;
    network.wait_level().await?;
    network.assert_same_chain().await?;
    network.passed();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_nodes_keep_what_they_acknowledged() -> eyre::Result<()> {
    let mut network = four_validators().start().await?;
    let terms = Terms::of(&network.rpc(0).await?).await?;
    let agents = Key::agents();
    for key in &agents {
        network.rpc(0).await?.finalize(&terms.sign(key, &remark(b"first"))).await?;
    }
    network.wait_level().await?;
    // One of four decides nothing, and there is nobody left to whom it could pass anything on.
    for index in 1..network.len() {
        network.kill(index).await?;
    }
    let rpc = network.rpc(0).await?;
    let mut acknowledged = Vec::new();
    // The highest nonce first, so that what was kept is to be put in order again.
    for nonce in (1..=WAITING_EACH).rev() {
        for key in &agents {
            let transaction = terms.nonce(nonce).sign(key, &remark(b"waiting"));
            if nonce == 1 {
                rpc.watch(&transaction).await.wrap_err("submit and watch")?;
            } else {
                rpc.submit(&transaction).await.wrap_err("submit")?;
            }
            acknowledged.push(hash(&transaction));
        }
    }
    network.kill(0).await?;
    network.start_all().await?;

    // The one after them is final only when all of them are.
    let rpc = network.rpc(1).await?;
    for key in &agents {
        let last = terms.nonce(WAITING_EACH + 1).sign(key, &remark(b"last"));
        timeout(HEIGHT_TIMEOUT, rpc.finalize(&last))
            .await
            .wrap_err("an acknowledged transaction was lost")??;
    }
    let height = network.wait_level().await?;
    network.assert_same_chain().await?;
    let mut nodes = Vec::new();
    for index in network.running() {
        nodes.push(network.rpc(index).await?);
    }
    agreement::verify_exactly_once(&nodes, height, acknowledged.iter().copied()).await?;

    // What is final is not offered again.
    network.kill(0).await?;
    network.restart(0).await?;
    let log = network.node(0).log();
    let restored: Vec<_> =
        log.lines().filter_map(|line| line.split_once("pool restored restored=")).collect();
    let restored: Vec<_> = restored.into_iter().map(|(_, count)| count.trim()).collect();
    ensure!(restored == ["0", &acknowledged.len().to_string(), "0"], "restored {restored:?}");
    network.passed();
    Ok(())
}
