//! Stopping on request, and what is there afterwards.

use ecoledger_tests::{Key, Terms, four_validators, transaction::remark, validators};
use eyre::{WrapErr, ensure};

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
