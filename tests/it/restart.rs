//! Stopping on request, and what is there afterwards.

use ecoledger_tests::{Key, Terms, four_validators, transaction::remark};
use eyre::{WrapErr, ensure};

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_node_keeps_its_pool() -> eyre::Result<()> {
    let mut network = four_validators().start().await?;
    let terms = Terms::of(&network.rpc(0).await?).await?;
    let bob = Key::ed25519("Bob");
    let rpc = network.rpc(0).await?;
    rpc.finalize(&terms.sign(&bob, &remark(b"first"))).await?;

    // These wait for the nonce before them, so no block takes them.
    for nonce in [2, 3, 4] {
        rpc.submit(&terms.nonce(nonce).sign(&bob, &remark(b"waiting"))).await.wrap_err("submit")?;
    }
    ensure!(rpc.pending().await? == 3, "three transactions wait");
    let status = network.stop(0).await?;
    ensure!(status.success(), "asked to stop, the node ended with {status}");

    network.restart(0).await?;
    let rpc = network.rpc(0).await?;
    ensure!(rpc.pending().await? == 3, "three transactions wait after the restart");
    rpc.finalize(&terms.nonce(1).sign(&bob, &remark(b"the one before"))).await?;
    while rpc.next_nonce(&bob.account()).await.wrap_err("nonce")? < 5 || rpc.pending().await? > 0 {
        let height = rpc.height().await?;
        rpc.wait_height(height + 1).await?;
    }
    network.wait_level().await?;
    network.assert_same_chain().await?;

    // A whole network stops and goes on.
    for index in network.running() {
        let status = network.stop(index).await?;
        ensure!(status.success(), "node {index} ended with {status}");
    }
    network.start_all().await?;
    let rpc = network.rpc(1).await?;
    rpc.finalize(&terms.nonce(5).sign(&bob, &remark(b"again"))).await?;
    network.wait_level().await?;
    network.assert_same_chain().await?;
    network.passed();
    Ok(())
}
