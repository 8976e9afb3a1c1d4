//! Who takes part: nodes that join, strangers, validators that come and go.

use ecoledger_tests::{
    Key, Load, Network, Rpc, Terms, four_validators, governance, transaction::remark,
};
use eyre::{WrapErr, ensure, eyre};
use jsonrpsee::rpc_params;
use serde_json::{Value, json};
use std::time::Duration;

/// Transactions a second while validators change.
const OFFERED_PER_SECOND: u32 = 60;
/// How long transactions may take to become final while validators change.
const PROGRESS_TIMEOUT: Duration = Duration::from_secs(60);

/// Submits a remark at node `index` and waits until it is final there; gives its height.
async fn tick(network: &Network, index: usize, terms: &Terms) -> eyre::Result<u32> {
    let rpc = network.rpc(index).await?;
    let key = Key::ed25519("Ferdie");
    let nonce = rpc.next_nonce(&key.account()).await.wrap_err("nonce")?;
    let transaction = terms.nonce(nonce).sign(&key, &remark(b"tick"));
    rpc.finalize(&transaction).await?;
    rpc.height().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_join_and_strangers_do_not() -> eyre::Result<()> {
    let mut network = four_validators().start().await?;
    let terms = Terms::of(&network.rpc(0).await?).await?;
    let fifth = network.add_node(false).await?;
    let stranger = network.add_node(false).await?;
    let stranger_id = network.key(stranger, "peer id").await?;

    // The stranger knows the chain's specification and every address, and still stays at genesis
    // while the others go on.
    network.restart(stranger).await?;
    let client = network.client(0).await?;
    let permit = json!({ "Validators": { "permit_node": {
        "node_key": network.key(fifth, "node key").await?,
        "label": "fifth",
    }}});
    governance::enact(&client, permit).await.wrap_err("permit the fifth node")?;
    network.restart(fifth).await?;
    let height = tick(&network, 0, &terms).await?;
    network.wait_height_of(fifth, height).await?;
    ensure!(network.height(stranger).await? == 0, "a stranger has learned a block");
    // Its own list says nothing: whom it dials it counts until the other has closed.
    for index in (0..network.len()).filter(|index| *index != stranger) {
        let peers = network.rpc(index).await?.peer_ids().await?;
        ensure!(!peers.contains(&stranger_id), "node {index} lists a stranger as its peer");
    }

    // It was not overlooked: the validators that it has dialed refused it on both ports.
    for index in 0..4 {
        wait_refused(&network, index, &stranger_id).await?;
    }

    // On the gossip port: what the stranger's own pool takes reaches nobody, and it gets nothing.
    let lonely = network.rpc(stranger).await?;
    let key = Key::ed25519("Eve");
    let alone = terms.sign(&key, &remark(b"from outside"));
    lonely.submit(&alone).await.wrap_err("submit at the stranger")?;
    let height = tick(&network, 0, &terms).await?;
    ensure!(lonely.pending().await? == 1, "the stranger's pool holds what it was not given");
    for index in (0..network.len()).filter(|index| *index != stranger) {
        let rpc = network.rpc(index).await?;
        rpc.wait_height(height).await?;
        ensure!(
            rpc.next_nonce(&key.account()).await.wrap_err("nonce")? == 0,
            "node {index} has a transaction from a stranger's node"
        );
    }

    // What the fifth node takes does reach the validators.
    tick(&network, fifth, &terms).await?;
    wait_roles(&network, fifth).await?;
    network.kill(stranger).await?;
    network.wait_level().await?;
    let checked = network.assert_same_chain().await?;
    println!("a node joined from genesis; five nodes agree on {checked} heights");

    // A node that is forbidden again loses its peers.
    let forbid = json!({ "Validators": { "forbid_node": {
        "node_key": network.key(fifth, "node key").await?,
    }}});
    governance::enact(&client, forbid).await.wrap_err("forbid the fifth node")?;
    let fifth_id = network.key(fifth, "peer id").await?;
    tick(&network, 0, &terms).await?;
    wait_without_peer(&network, 0, &fifth_id).await?;
    network.passed();
    Ok(())
}

/// Waits, block after block, until node `index` has refused connections of `stranger` for
/// consensus, and one for gossip.
async fn wait_refused(network: &Network, index: usize, stranger: &str) -> eyre::Result<()> {
    let terms = Terms::of(&network.rpc(index).await?).await?;
    for _ in 0..20 {
        let log = network.node(index).log();
        let consensus = log
            .lines()
            .any(|line| line.contains("Rejecting connection") && line.contains(stranger));
        let gossip = network.node(index).metric("gossip_connections_refused_total").await?;
        if consensus && gossip > 0 {
            return Ok(());
        }
        tick(network, index, &terms).await?;
    }
    Err(eyre!("node {index} has not refused {stranger} in 20 blocks"))
}

/// Waits, block after block, until node 0 names the full node among its peers, and all others as
/// validators.
async fn wait_roles(network: &Network, full_node: usize) -> eyre::Result<()> {
    let full_node = network.key(full_node, "peer id").await?;
    let rpc = network.rpc(0).await?;
    let terms = Terms::of(&rpc).await?;
    let mut roles = Vec::new();
    for _ in 0..20 {
        roles = rpc.peer_roles().await?;
        let is_right = |(peer, role): &(String, String)| {
            role == if *peer == full_node { "FULL" } else { "AUTHORITY" }
        };
        if roles.len() == 4 && roles.iter().all(is_right) {
            return Ok(());
        }
        tick(network, 0, &terms).await?;
    }
    Err(eyre!("node 0 lists {roles:?}, of which {full_node} is the one full node"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_joiner_says_that_it_is_behind_until_it_is_not() -> eyre::Result<()> {
    let mut network = four_validators().start().await?;
    let terms = Terms::of(&network.rpc(0).await?).await?;
    let late = network.add_node(false).await?;
    let client = network.client(0).await?;
    let permit = json!({ "Validators": { "permit_node": {
        "node_key": network.key(late, "node key").await?,
        "label": "late",
    }}});
    governance::enact(&client, permit).await.wrap_err("permit the late node")?;
    for _ in 0..20 {
        tick(&network, 0, &terms).await?;
    }
    let height = network.wait_level().await?;

    // While all others are away it cannot have caught up, however fast it is.
    network.kill_all().await?;
    network.restart(late).await?;
    let rpc = network.rpc(late).await?;
    ensure!(is_syncing(&rpc).await?, "a node at genesis says that it has caught up");
    let mut heads = rpc.finalized_heads().await.wrap_err("subscribe")?;
    network.start_all().await?;
    // Each block is an occasion to ask; the heartbeat makes some when the others have none left.
    loop {
        heads.next().await.ok_or_else(|| eyre!("no more heads"))?.wrap_err("head")?;
        if !is_syncing(&rpc).await? {
            break;
        }
    }
    let state: Value = rpc.call("system_syncState", rpc_params![]).await.wrap_err("sync state")?;
    let number = |name: &str| state[name].as_u64().unwrap_or_default();
    ensure!(number("startingBlock") == 0, "{state}");
    ensure!(number("currentBlock") >= u64::from(height), "caught up below {height}: {state}");
    ensure!(number("highestBlock") >= u64::from(height), "of {height}: {state}");
    network.passed();
    Ok(())
}

async fn is_syncing(rpc: &Rpc) -> eyre::Result<bool> {
    let health: Value = rpc.call("system_health", rpc_params![]).await.wrap_err("health")?;
    health["isSyncing"].as_bool().ok_or_else(|| eyre!("{health}"))
}

/// Waits, block after block, until node `index` does not list `peer` any more.
async fn wait_without_peer(network: &Network, index: usize, peer: &str) -> eyre::Result<()> {
    let terms = Terms::of(&network.rpc(index).await?).await?;
    for _ in 0..20 {
        if !network.rpc(index).await?.peer_ids().await?.iter().any(|known| known == peer) {
            return Ok(());
        }
        tick(network, index, &terms).await?;
    }
    Err(eyre!("node {index} still lists {peer} after 20 blocks"))
}

#[tokio::test(flavor = "multi_thread")]
async fn validators_come_and_go_under_load() -> eyre::Result<()> {
    let mut network = four_validators().start().await?;
    let rpc = network.rpc(0).await?;
    let terms = Terms::of(&rpc).await?;
    let fifth = network.add_node(true).await?;
    let validator = network.key(fifth, "validator key").await?;
    let node_key = network.key(fifth, "node key").await?;
    // The committee signs by ed25519; the load leaves those keys to it.
    let urls: Vec<_> = (0..4).map(|index| network.node(index).url()).collect();
    let load = Load::start_without(&urls, OFFERED_PER_SECOND, &terms, &["Alice", "Bob", "Charlie"]);
    load.wait_for_more(20, PROGRESS_TIMEOUT).await?;

    let client = network.client(0).await?;
    let add = json!({ "Validators": { "add_validator": {
        "key": validator, "node_key": node_key,
    }}});
    let added = governance::enact(&client, add).await.wrap_err("add a validator")?;
    network.restart(fifth).await?;
    rpc.wait_height(added.height + 2).await?;
    let before = rpc.certificate(added.height + 1).await?;
    let after = rpc.certificate(added.height + 2).await?;
    ensure!(before.validator_set.len() == 4, "{:?}", before.validator_set);
    ensure!(after.validator_set.len() == 5, "{:?}", after.validator_set);
    network.wait_level().await?;
    load.wait_for_more(100, PROGRESS_TIMEOUT).await.wrap_err("with five validators")?;
    wait_signed_by(&network, fifth, &validator).await?;

    let remove = json!({ "Validators": { "remove_validator": { "key": validator } } });
    let removed = governance::enact(&client, remove).await.wrap_err("remove a validator")?;
    rpc.wait_height(removed.height + 2).await?;
    let before = rpc.certificate(removed.height + 1).await?;
    let after = rpc.certificate(removed.height + 2).await?;
    ensure!(before.validator_set.len() == 5, "{:?}", before.validator_set);
    ensure!(after.validator_set.len() == 4, "{:?}", after.validator_set);
    load.wait_for_more(100, PROGRESS_TIMEOUT).await.wrap_err("with four validators again")?;

    let journal = load.stop().await?;
    println!("validators changed under load; {} transactions final", journal.finalized.len());
    // The removed validator's node is not permitted any more and need not follow.
    network.kill(fifth).await?;
    let height = network.wait_level().await?;
    let checked = network.assert_same_chain().await?;
    ensure!(checked >= height, "only {checked} of {height} heights were compared");
    network.passed();
    Ok(())
}

/// Waits until a certificate of node 0 bears the signature of `validator`.
async fn wait_signed_by(network: &Network, index: usize, validator: &str) -> eyre::Result<()> {
    let rpc = network.rpc(0).await?;
    let mut heads = rpc.finalized_heads().await.wrap_err("subscribe")?;
    for _ in 0..60 {
        let head = heads.next().await.ok_or_else(|| eyre!("no more heads"))?.wrap_err("head")?;
        let certificate = rpc.certificate(head.number).await?;
        if certificate.signatures.iter().any(|s| format!("{:?}", s.validator) == validator) {
            return Ok(());
        }
    }
    Err(eyre!("node {index} has signed none of 60 certificates"))
}
